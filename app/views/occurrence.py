"""One occurrence with all that belongs to it: facts, dates and their reasons, papers, notes, messages, history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.engine import Connection

from app.board import plan_name
from app.views import occurrence_messages, occurrence_notes
from app.views.occurrence_messages import Messages
from app.views.occurrence_notes import Notes, PaperLine
from notifications import reply_links
from notifications.planner import PlanningContext
from notifications.reply_links import ReplyLink
from plans.calendar import local_day
from plans.model import DEFAULT_READING, Duty, Plan, RecipientRole, Relation
from plans.text import _, short_day, sort_key
from tasks import lifecycle
from tasks.desk import stamp
from tasks.lifecycle import MOVES
from tasks.model import OWED, Occurrence, State
from tasks.moves import RESEND_DAYS
from tasks.naming import occurrence_title
from tasks.reasons import Reasons, why
from tasks.status import Status, days_late, status_of, status_text


@dataclass(frozen=True, slots=True)
class Body:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Destination:
    """Where the product goes; ``role`` in words."""

    name: str
    role: str
    detail: str | None


@dataclass(frozen=True, slots=True)
class Ordered:
    """What the plan says. All empty where it no longer has the duty."""

    section: str = ""
    words: str | None = None
    action: str | None = None
    product: str | None = None
    consequence: str | None = None
    feeds: str | None = None
    ground: str | None = None
    no_file: bool = False
    destinations: tuple[Destination, ...] = ()


@dataclass(frozen=True, slots=True)
class OccurrencePage:
    """What the page shows. ``moves``: those that lead on from this state; rights are another question."""

    o: Occurrence
    stamp: str
    title: str
    plan_name: str
    plan_title: str
    lead: Body
    agency: Body
    relation: str
    status: Status
    status_text: str
    days_late: int | None
    remarks: tuple[str, ...]
    needs_successor: bool
    ordered: Ordered
    reasons: Reasons
    moves: frozenset[str]
    pressable: bool
    resend_by: date  # what is proposed when a paper is returned
    receivers: tuple[Body, ...]
    successors: tuple[Body, ...]
    successor: str  # the name that is proposed, or ""
    notes: Notes
    messages: Messages
    links: tuple[ReplyLink, ...]  # by which the agency may answer

    @property
    def paper(self) -> PaperLine | None:
        """The newest paper that counts: what ``correct`` puts right."""
        live = [line for line in self.notes.papers if line.counts]
        return live[-1] if live else None


def load(connection: Connection, occurrence_id: str, *, now: datetime) -> OccurrencePage:
    """Everything by a fixed number of queries. Raises OccurrenceUnknown."""
    o = lifecycle.load(connection, occurrence_id)
    context = PlanningContext(connection)
    plan = context.plan(o.plan_id)
    duty = next((each for each in plan.duties if each.id == o.duty_id), None)
    body, today = context.register[o.agency_id], local_day(now)
    reading = plan.reading.over(context.office(plan.lead).reading).over(DEFAULT_READING)
    suggested = context.register.agencies.get(body.successor or "")
    ended = body.until is not None and body.until < today and o.state in OWED
    messages = occurrence_messages.load(context, o, now=now)
    links = reply_links.of_messages(connection, {line.message_id for line in messages.sent})
    return OccurrencePage(
        o=o,
        stamp=stamp(o),
        title=occurrence_title(duty, o.period) if duty else o.duty_id,
        plan_name=plan_name(plan),
        plan_title=plan.title,
        lead=Body(plan.lead, context.register[plan.lead].name),
        agency=Body(o.agency_id, body.name),
        relation=relation_text(o.relation),
        status=status_of(o, today=today),
        status_text=status_text(o, today=today),
        days_late=days_late(o, today=today),
        remarks=tuple(_remarks(o, today)),
        needs_successor=ended,
        ordered=_ordered(context, plan, duty, o) if duty else Ordered(),
        reasons=why(o, plan, duty, reading, context.calendar),
        moves=frozenset(move.value for move, (states, _to) in MOVES.items() if o.state in states),
        pressable=o.state in OWED and not o.before_tracking,
        resend_by=context.calendar.add(today, RESEND_DAYS),
        receivers=_receivers(context, plan, duty),
        successors=_successors(context, plan, o, today) if o.state in OWED else (),
        successor=suggested.name if suggested else "",
        notes=occurrence_notes.load(connection, o),
        messages=messages,
        links=tuple(link for link in links if link.agency_id == o.agency_id),
    )


def relation_text(relation: Relation) -> str:
    """How the body stands, in words."""
    return {
        Relation.SUBORDINATE: _("cấp dưới, được giao thực hiện"),
        Relation.PEER: _("cơ quan phối hợp, được phân công trong kế hoạch"),
        Relation.REQUESTED: _("cơ quan được đề nghị phối hợp"),
        Relation.SELF: _("đơn vị theo dõi tự thực hiện"),
    }[relation]


def _remarks(o: Occurrence, today: date) -> list[str]:
    """What the status does not say: an extension, reminders at rest."""
    said = []
    if o.extended_by:
        said.append(_("Gia hạn đến {day} (VB số {document})").format(day=short_day(o.last_day), document=o.extended_by))
    if o.state in OWED and o.muted_until is not None and o.muted_until >= today and o.muted_why != "promise":
        said.append(_("Tạm dừng nhắc đến hết {day}").format(day=short_day(o.muted_until)))
    if o.state in OWED and o.state is not State.OPEN and o.muted_why == "promise" and o.muted_until:
        said.append(_("Hẹn gửi {day} (hạn không đổi)").format(day=short_day(o.muted_until)))
    if o.state is State.CLAIMED and o.claimed:
        said.append(_("Cơ quan báo: {claimed}").format(claimed=o.claimed))
    return said


def _ordered(context: PlanningContext, plan: Plan, duty: Duty, o: Occurrence) -> Ordered:
    threat = duty.consequence or plan.consequence
    roles = {
        RecipientRole.MAIN: _("nhận chính"),
        RecipientRole.VIA: _("nhận qua"),
        RecipientRole.COPY: _("đồng gửi"),
    }
    party = next((each for each in duty.responsible if each.agency == o.agency_id), None)
    return Ordered(
        section=duty.section,
        words=duty.rule.words,
        action=duty.action,
        product=duty.product,
        consequence=threat.quote if threat else None,
        feeds=occurrence_title(plan.duty(duty.feeds), o.period) if duty.feeds else None,
        ground=party.ground if party else None,
        no_file=duty.no_file,
        destinations=tuple(
            Destination(context.register[each.agency].name, roles[each.role], each.detail) for each in duty.recipients
        ),
    )


def _receivers(context: PlanningContext, plan: Plan, duty: Duty | None) -> tuple[Body, ...]:
    """Who may have got the paper: whom the plan names, and the lead unit."""
    ids = dict.fromkeys([plan.lead, *(each.agency for each in (duty.recipients if duty else ()))])
    return tuple(Body(each, context.register[each].name) for each in ids)


def _successors(context: PlanningContext, plan: Plan, o: Occurrence, today: date) -> tuple[Body, ...]:
    """Bodies of the same unit that still exist, in Vietnamese order."""
    alive = [
        Body(each.id, each.name)
        for each in context.register.agencies.values()
        if each.id.startswith(f"{plan.unit}.")
        and each.id != o.agency_id
        and not each.unlisted
        and not each.never_messaged
        and (each.until is None or each.until >= today)
    ]
    return tuple(sorted(alive, key=lambda each: sort_key(each.name)))
