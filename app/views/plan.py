"""The page of a plan: facts and source, duties by section, figures, its place among other plans, earlier texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection, Row

from app.board import plan_name
from app.rule_words import date_words, rule_words
from app.views import chain
from app.views.chain import Chain
from app.views.plans import Counts, counts_of, status_text
from app.views.scope import Units
from app.views.trail_words import row_text
from plans.calendar import local_day
from plans.deadlines import occurrences_between
from plans.model import Duty, Level, Party, Plan, RecipientRole, Register, Relation, Target
from plans.text import _, sort_key
from tasks.agencies import load_plans, load_register
from tasks.desk_tables import plan_draft, plan_version
from tasks.errors import PlanUnknown
from tasks.leads import lead_changes
from tasks.materialise import horizon
from tasks.model import PlanStatus
from tasks.tables import audit_event
from tasks.tables import plan as plan_table


@dataclass(frozen=True, slots=True)
class Body:
    """A body as the plan names it."""

    id: str
    name: str
    relation: str
    ground: str


@dataclass(frozen=True, slots=True)
class DutyView:
    id: str
    title: str
    section: str
    action: str | None
    product: str | None
    quote: str | None
    when: str
    next_day: date | None  # the strict last day of the next period, whoever owes it
    collective: tuple[str, ...]
    responsible: tuple[Body, ...]
    cooperating: tuple[Body, ...]
    recipients: tuple[str, ...]
    feeds: str | None
    no_file: bool
    consequence: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Section:
    name: str
    duties: tuple[DutyView, ...]


@dataclass(frozen=True, slots=True)
class Version:
    version: int
    at: datetime
    by: str
    current: bool


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was done to the plan."""

    at: datetime
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class LedBy:
    """One hand-over of the plan. ``ahead``: its day is still to come."""

    was: str
    to: str
    since: date
    document: str
    ahead: bool


@dataclass(frozen=True, slots=True)
class PlanView:
    """All that the page shows but the matrix."""

    plan: Plan
    name: str
    status: PlanStatus
    status_text: str
    lead: Body
    led: tuple[LedBy, ...]
    issued: str
    level: str
    active_from: date | None
    counts: Counts
    sections: tuple[Section, ...]
    targets: tuple[tuple[Target, str], ...]
    chain: Chain
    versions: tuple[Version, ...]
    events: tuple[Event, ...]
    drafts: tuple[tuple[int, datetime, str], ...]
    register: Register

    @property
    def is_draft(self) -> bool:
        return self.status is PlanStatus.DRAFT


def plan_view(connection: Connection, units: Units, plan_id: str, *, now: datetime) -> PlanView:
    """By a fixed number of queries. Raises PlanUnknown."""
    columns = [c for c in plan_table.c if c.name != "source"]
    head = connection.execute(select(*columns).where(plan_table.c.id == plan_id)).one_or_none()
    if head is None:
        raise PlanUnknown(plan_id)
    register = load_register(connection)
    plan = load_plans(connection, [plan_id])[plan_id]
    today = local_day(now)
    return PlanView(
        plan=plan,
        name=plan_name(plan),
        status=PlanStatus(head.status),
        status_text=status_text(head),
        lead=Body(plan.lead, register[plan.lead].name, "", f"{plan.lead_section}: {plan.lead_quote}"),
        led=_led(connection, plan_id, register),
        issued=date_words(plan.issued),
        level=level_text(plan.level),
        active_from=head.active_from,
        counts=counts_of(connection, [plan_id], today=today).get(plan_id, Counts()),
        sections=_sections(plan, register, today, horizon(now)),
        targets=tuple((target, target_text(target)) for target in plan.targets),
        chain=chain.load(connection, units, plan, register, today=today),
        versions=_versions(connection, head),
        events=_events(connection, plan_id),
        drafts=_drafts(connection, plan_id),
        register=register,
    )


def _led(connection: Connection, plan_id: str, register: Register) -> tuple[LedBy, ...]:
    return tuple(
        LedBy(register[each.was].name, register[each.lead].name, each.since, each.document, each.applied_at is None)
        for each in lead_changes(connection, [plan_id]).get(plan_id, [])
    )


def level_text(level: str) -> str:
    return {Level.PROVINCE: _("cấp tỉnh"), Level.DISTRICT: _("cấp huyện"), Level.COMMUNE: _("cấp xã")}[Level(level)]


def relation_text(relation: Relation) -> str:
    """How a body stands towards the lead unit."""
    return {
        Relation.SUBORDINATE: _("cấp dưới"),
        Relation.PEER: _("ngang cấp"),
        Relation.REQUESTED: _("đề nghị phối hợp"),
        Relation.SELF: _("đơn vị theo dõi"),
    }[relation]


def role_text(role: RecipientRole) -> str:
    """The role of a recipient."""
    return {
        RecipientRole.MAIN: _("nhận chính"),
        RecipientRole.VIA: _("nhận qua"),
        RecipientRole.COPY: _("đồng gửi"),
    }[role]


def target_text(target: Target) -> str:
    """The bound in words."""
    for bound, words in (
        (target.at_least, _("từ {n} {unit} trở lên")),
        (target.at_most, _("không quá {n} {unit}")),
        (target.below, _("dưới {n} {unit}")),
    ):
        if bound is not None:
            return words.format(n=f"{bound:g}".replace(".", ","), unit=target.unit)
    return ""


def _sections(plan: Plan, register: Register, today: date, last: date) -> tuple[Section, ...]:
    titles = {duty.id: duty.title for duty in plan.duties}
    views = [(duty.section, _duty(plan, duty, titles, register, today, last)) for duty in plan.duties]
    return tuple(
        Section(name, tuple(view for _name, view in several)) for name, several in groupby(views, lambda pair: pair[0])
    )


def _duty(plan: Plan, duty: Duty, titles: Mapping[str, str], register: Register, today: date, last: date) -> DutyView:
    slots = occurrences_between(duty.rule, issued=plan.issued, start=today, end=last) if duty.rule.dated else iter(())
    coming = next(slots, None)
    return DutyView(
        duty.id,
        duty.title,
        duty.section,
        duty.action,
        duty.product,
        duty.rule.words,
        rule_words(duty.rule),
        coming.last_day if coming else None,
        duty.collective,
        _bodies(duty.responsible, register),
        _bodies(duty.cooperating, register),
        tuple(
            " · ".join(filter(None, (register[each.agency].name, each.detail, role_text(each.role))))
            for each in duty.recipients
        ),
        titles.get(duty.feeds or ""),
        duty.no_file,
        f"{duty.consequence.section}: {duty.consequence.quote}" if duty.consequence else None,
        duty.note,
    )


def _bodies(parties: Sequence[Party], register: Register) -> tuple[Body, ...]:
    found = (
        Body(each.agency, register[each.agency].name, relation_text(each.relation), each.ground) for each in parties
    )
    return tuple(sorted(found, key=lambda body: sort_key(body.name)))


def _versions(connection: Connection, head: Row[Any]) -> tuple[Version, ...]:
    columns = (plan_version.c.version, plan_version.c.at, plan_version.c.by)
    mine = select(*columns).where(plan_version.c.plan_id == head.id).order_by(plan_version.c.version.desc())
    rows = connection.execute(mine.limit(50)).all()
    kept = tuple(Version(row.version, row.at, row.by, row.version == head.version) for row in rows)
    return kept or (Version(head.version, head.changed_at, "", True),)


def version_text(connection: Connection, plan_id: str, version: int) -> str | None:
    """The text of that version; None where it was never kept."""
    kept = plan_version.c.source
    mine = select(kept).where(plan_version.c.plan_id == plan_id, plan_version.c.version == version)
    found = connection.execute(mine).scalar_one_or_none()
    if found is not None:
        return str(found)
    current = select(plan_table.c.source).where(plan_table.c.id == plan_id, plan_table.c.version == version)
    now = connection.execute(current).scalar_one_or_none()
    return None if now is None else str(now)


_LED = ("lead_changed", "lead_planned", "lead_withdrawn")
_EVENTS = (*_LED, "activated", "restarted", "start_corrected", "stopped", "plan_added", "plan_replaced", "plan_revised")


def _events(connection: Connection, plan_id: str) -> tuple[Event, ...]:
    mine = select(audit_event).where(audit_event.c.plan_id == plan_id, audit_event.c.kind.in_(_EVENTS))
    rows = connection.execute(mine.order_by(audit_event.c.id.desc()).limit(50))
    return tuple(Event(row.at, row.actor, _event_text(row.kind, row.data)) for row in rows)


def _event_text(kind: str, data: Mapping[str, Any]) -> str:
    def day(name: str) -> str:
        return date.fromisoformat(data[name]).strftime("%d/%m/%Y") if data.get(name) else "–"

    if kind in _LED:
        return row_text(kind, data)
    match kind:
        case "activated":
            return _("Bắt đầu theo dõi từ {day}").format(day=day("from"))
        case "restarted":
            return _("Theo dõi lại từ {day}").format(day=day("from"))
        case "start_corrected":
            return _("Sửa ngày bắt đầu theo dõi: {was} thành {day}").format(was=day("was"), day=day("is"))
        case "stopped":
            said = _("Dừng theo dõi, khép {n} kỳ").format(n=data.get("cancelled", 0))
            return f"{said}: {data['reason']}" if data.get("reason") else said
        case "plan_added":
            return _("Ghi vào sổ")
        case "plan_replaced":
            return _("Thay bản nháp")
        case _revised:
            return _("Cập nhật nội dung đang theo dõi")


def _drafts(connection: Connection, plan_id: str) -> tuple[tuple[int, datetime, str], ...]:
    mine = select(plan_draft.c.id, plan_draft.c.at, plan_draft.c.by).where(plan_draft.c.plan_id == plan_id)
    return tuple((row.id, row.at, row.by) for row in connection.execute(mine.order_by(plan_draft.c.id)))
