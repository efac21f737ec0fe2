"""Thay cơ quan: bodies end, are merged or divided, and what they still owe is handed over (D10, decision 0008).

An officer decides per duty of a plan who takes it over. ``hand_over`` does all of it in one transaction; within
``tasks.database.trying`` it is the dry run, and ``Handed.digest`` shows whether the real run did the same.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.engine import Connection

from plans.calendar import local_day
from plans.model import Agency, Register, Relation
from plans.text import _, day_text
from tasks import lifecycle
from tasks.agencies import INTAKE, load_register
from tasks.bodies import register_bodies
from tasks.database import alone
from tasks.errors import BadInput, PlanUnknown, RegisterError
from tasks.handing import Kept, Step, hand
from tasks.leading import Led, hand_lead
from tasks.lifecycle import AGENCY_ENDED
from tasks.model import OWED, Occurrence, PlanStatus, State
from tasks.tables import audit_event, occurrence, party
from tasks.tables import plan as plan_table

MOST = 500  # occurrences that are handed over at once


class Part(NamedTuple):
    """One duty of one body in one plan: what is decided about as a whole."""

    old: str
    plan_id: str
    duty_id: str


@dataclass(frozen=True, slots=True)
class Order:
    """Who takes over which part, by which document. ``until``: the last day of the old bodies, None where they go on
    or have ended already. Parts that are not named stay where they are.

    ``leads``: which plans are followed up by whom ``since`` a day (None: the day after ``until``, else today)."""

    olds: tuple[str, ...]
    heirs: Mapping[Part, str]
    document: str
    until: date | None = None
    leads: Mapping[str, str] = field(default_factory=dict)
    since: date | None = None

    def led_from(self, today: date) -> date:
        """The first day of the new lead units."""
        return self.since or (self.until + timedelta(days=1) if self.until else today)


@dataclass(frozen=True, slots=True)
class Handed:
    """What was done. ``ended``: bodies whose last day is new; ``later``: what stays with a body until it ends;
    ``led``: plans that another unit follows up."""

    ended: tuple[str, ...]
    steps: tuple[Step, ...]
    kept: tuple[Kept, ...]
    later: int
    led: tuple[Led, ...] = ()

    @property
    def digest(self) -> str:
        """Two runs with the same digest did the same to the same occurrences."""
        led = [(each.plan_id, each.was, each.to, each.since, each.at_once, each.moved, each.told) for each in self.led]
        every = [*self.steps, *(step for each in self.led for step in each.steps)]
        steps = [(s.seen, s.to, s.now.id, s.now.last_day, s.now.late_after, s.joined) for s in every]
        kept = [(k.was.id, k.to, k.why) for k in (*self.kept, *(kept for each in self.led for kept in each.kept))]
        return sha256(repr((self.ended, steps, kept, self.later, led)).encode()).hexdigest()[:32]


def hand_over(
    connection: Connection, order: Order, leads: Collection[str] | None, *, now: datetime, actor: str
) -> Handed:
    """Ends the old bodies where a day is given, and hands over what the order names in the plans of those lead units
    (None: of all). Each refusal is named and leaves nothing. Raises BadInput.

    1. The last day acts at once in every followed plan: what falls due after it needs a successor.
    2. A body that still lives keeps what falls due before its end.
    3. What the successor owes itself for the same period is owed once: the old one is closed in its favour.
    4. Plans that the old bodies follow up get another lead unit, with all that the old one owed itself there.
    """
    alone(connection, INTAKE)
    register = load_register(connection)
    _check(connection, order, register, leads, now=now)
    ended = _end(connection, order, register, now=now, actor=actor)
    register = load_register(connection) if ended else register
    today = local_day(now)
    led = _hand_leads(connection, order, register, now=now, actor=actor)
    found = [o for o in owed_by(connection, order.olds, leads) if _part(o) in order.heirs and not _goes_along(o, order)]
    due = [o for o in found if _passes_on(o, register[o.agency_id], today)]
    if len(due) > MOST:
        raise BadInput(_("Mỗi lần chuyển tối đa {n} kỳ; bỏ chọn bớt nhiệm vụ.").format(n=MOST))
    lifecycle.lock(connection, [o.id for o in due])
    steps, kept = [], []
    for o in due:
        heir = register[order.heirs[_part(o)]]
        try:
            with connection.begin_nested():
                steps.append(hand(connection, o, heir, order.document, now=now, actor=actor))
        except RegisterError as error:
            kept.append(Kept(o, heir.id, str(error)))
    return Handed(ended, tuple(steps), tuple(kept), len(found) - len(due), led)


def _hand_leads(
    connection: Connection, order: Order, register: Register, *, now: datetime, actor: str
) -> tuple[Led, ...]:
    since = order.led_from(local_day(now))
    return tuple(
        hand_lead(connection, plan_id, register[to], since=since, document=order.document, now=now, actor=actor)
        for plan_id, to in sorted(order.leads.items())
    )


def _goes_along(o: Occurrence, order: Order) -> bool:
    """What a lead unit owes itself goes to whoever follows the plan up after it, on that day."""
    return o.relation is Relation.SELF and o.plan_id in order.leads


def owed_by(connection: Connection, bodies: Collection[str], leads: Collection[str] | None) -> list[Occurrence]:
    """What these bodies owe in the followed plans of those lead units, and what nobody owes since they ended."""
    o = occurrence.c
    mine: ColumnElement[bool] = true() if leads is None else plan_table.c.lead.in_(sorted(leads))
    chosen = (
        select(occurrence)
        .join(plan_table, plan_table.c.id == o.plan_id)
        .where(plan_table.c.status == PlanStatus.ACTIVE.value, mine, o.agency_id.in_(sorted(bodies)))
        .where(o.before_tracking.is_(False), o.state.in_(OWED | {State.CANCELLED}))
        .order_by(o.last_day, o.id)
    )
    found = [Occurrence.from_row(row) for row in connection.execute(chosen)]
    closed = [each.id for each in found if each.state is State.CANCELLED]
    why = lifecycle.last_cancelled(connection, audit_event.c.occurrence_id.in_(closed)) if closed else {}
    return [o for o in found if o.state is not State.CANCELLED or why.get(o.id, ("", None))[0] == AGENCY_ENDED]


def _part(o: Occurrence) -> Part:
    return Part(o.agency_id, o.plan_id, o.duty_id)


def _passes_on(o: Occurrence, old: Agency, today: date) -> bool:
    """A body whose end is still ahead keeps what falls due before it; what falls due later was cancelled."""
    return old.until is None or old.until < today or o.state is State.CANCELLED


def _check(
    connection: Connection, order: Order, register: Register, leads: Collection[str] | None, *, now: datetime
) -> None:
    if not order.document.strip():
        raise BadInput(_("Ghi số, ngày văn bản làm căn cứ thay cơ quan."))
    if not order.heirs and order.until is None and not order.leads:
        raise BadInput(_("Chọn ít nhất một nhiệm vụ để chuyển, hoặc ghi ngày kết thúc hoạt động."))
    _check_leads(connection, order, leads, now=now)
    for heir in {*order.heirs.values(), *order.leads.values()}:
        if heir in order.olds:
            said = _("{agency} là cơ quan được thay, không thể kế thừa.")
            raise BadInput(said.format(agency=register[heir].name))
    if order.until is None:
        return
    for old in order.olds:
        start = register[old].start
        if start is not None and order.until < start:
            said = _("Ngày kết thúc {day} trước ngày bắt đầu hoạt động của {agency}.")
            raise BadInput(said.format(day=day_text(order.until), agency=register[old].name))
        if old in elsewhere(connection, order.olds, leads) and register[old].until != order.until:
            said = _(
                "{agency} còn có việc trong kế hoạch của đơn vị theo dõi khác, nên ngày kết thúc do người quản trị ghi "
                "cho toàn hệ thống. Để trống ngày kết thúc để chuyển riêng việc của đơn vị mình."
            )
            raise BadInput(said.format(agency=register[old].name))


def _check_leads(connection: Connection, order: Order, leads: Collection[str] | None, *, now: datetime) -> None:
    """Only plans that the old bodies lead, and that these units may hand over. Raises PlanUnknown, BadInput."""
    mine: ColumnElement[bool] = true() if leads is None else plan_table.c.lead.in_(sorted(leads))
    led = select(plan_table.c.id).where(plan_table.c.lead.in_(sorted(order.olds)), mine)
    known = frozenset(connection.execute(led).scalars()) if order.leads else frozenset()
    for plan_id in sorted(order.leads):
        if plan_id not in known:
            raise PlanUnknown(plan_id)
    if order.leads and order.until is not None and order.led_from(local_day(now)) > order.until + timedelta(days=1):
        raise BadInput(_("Đơn vị mới theo dõi ngay sau ngày đơn vị cũ kết thúc: giữa hai ngày không để trống."))


def elsewhere(connection: Connection, bodies: Collection[str], leads: Collection[str] | None) -> frozenset[str]:
    """Which of these bodies stand in followed plans of other lead units: their end is not one office's word."""
    if leads is None:
        return frozenset()
    chosen = (
        select(party.c.agency_id)
        .join(plan_table, plan_table.c.id == party.c.plan_id)
        .where(plan_table.c.status == PlanStatus.ACTIVE.value, plan_table.c.lead.not_in(sorted(leads)))
        .where(party.c.agency_id.in_(sorted(bodies)))
    )
    return frozenset(connection.execute(chosen.distinct()).scalars())


def _end(connection: Connection, order: Order, register: Register, *, now: datetime, actor: str) -> tuple[str, ...]:
    """Writes the last day; a single successor is kept as the proposal for what comes later."""
    if order.until is None:
        return ()
    heirs = {old: {heir for part, heir in order.heirs.items() if part.old == old} for old in order.olds}
    changed = []
    for old in order.olds:
        body = register[old]
        only = next(iter(heirs[old])) if len(heirs[old]) == 1 else body.successor
        if body.until != order.until:
            changed.append(replace(body, until=order.until, successor=only))
    register_bodies(connection, changed, now=now, actor=actor)
    return tuple(body.id for body in changed)
