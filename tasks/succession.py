"""Thay cơ quan: bodies end, are merged or divided, and what they still owe is handed over (D10, decision 0008).

An officer decides per duty of a plan who takes it over. ``hand_over`` does all of it in one transaction; within
``tasks.database.trying`` it is the dry run, and ``Handed.digest`` shows whether the real run did the same.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.engine import Connection

from plans.calendar import local_day
from plans.model import Agency, Register
from plans.text import _, day_text
from tasks import lifecycle, moves
from tasks.agencies import INTAKE, load_register
from tasks.bodies import register_bodies
from tasks.database import alone
from tasks.desk import stamp
from tasks.errors import BadInput, RegisterError
from tasks.lifecycle import AGENCY_ENDED, Move
from tasks.model import OWED, Occurrence, OccurrenceId, PlanStatus, State
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
    or have ended already. Parts that are not named stay where they are."""

    olds: tuple[str, ...]
    heirs: Mapping[Part, str]
    document: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One occurrence that was handed over. ``joined``: the successor owed this period itself, and owes it once."""

    was: Occurrence
    to: str
    now: Occurrence
    joined: bool
    seen: str  # the stamp of the old occurrence


@dataclass(frozen=True, slots=True)
class Kept:
    """One occurrence that could not be handed over, and why."""

    was: Occurrence
    to: str
    why: str


@dataclass(frozen=True, slots=True)
class Handed:
    """What was done. ``ended``: bodies whose last day is new; ``later``: what stays with a body until it ends."""

    ended: tuple[str, ...]
    steps: tuple[Step, ...]
    kept: tuple[Kept, ...]
    later: int

    @property
    def digest(self) -> str:
        """Two runs with the same digest did the same to the same occurrences."""
        steps = [(s.seen, s.to, s.now.id, s.now.last_day, s.now.late_after, s.joined) for s in self.steps]
        kept = [(k.was.id, k.to, k.why) for k in self.kept]
        return sha256(repr((self.ended, steps, kept, self.later)).encode()).hexdigest()[:32]


def hand_over(
    connection: Connection, order: Order, leads: Collection[str] | None, *, now: datetime, actor: str
) -> Handed:
    """Ends the old bodies where a day is given, and hands over what the order names in the plans of those lead units
    (None: of all). Each refusal is named and leaves nothing. Raises BadInput.

    1. The last day acts at once in every followed plan: what falls due after it needs a successor.
    2. A body that still lives keeps what falls due before its end.
    3. What the successor owes itself for the same period is owed once: the old one is closed in its favour.
    """
    alone(connection, INTAKE)
    register = load_register(connection)
    _check(connection, order, register, leads, now=now)
    ended = _end(connection, order, register, now=now, actor=actor)
    register = load_register(connection) if ended else register
    found = [o for o in owed_by(connection, order.olds, leads) if _part(o) in order.heirs]
    today = local_day(now)
    due = [o for o in found if _passes_on(o, register[o.agency_id], today)]
    if len(due) > MOST:
        raise BadInput(_("Mỗi lần chuyển tối đa {n} kỳ; bỏ chọn bớt nhiệm vụ.").format(n=MOST))
    lifecycle.lock(connection, [o.id for o in due])
    steps, kept = [], []
    for o in due:
        heir = register[order.heirs[_part(o)]]
        try:
            with connection.begin_nested():
                steps.append(_hand(connection, o, heir, order.document, now=now, actor=actor))
        except RegisterError as error:
            kept.append(Kept(o, heir.id, str(error)))
    return Handed(ended, tuple(steps), tuple(kept), len(found) - len(due))


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
    if not order.heirs and order.until is None:
        raise BadInput(_("Chọn ít nhất một nhiệm vụ để chuyển, hoặc ghi ngày kết thúc hoạt động."))
    for heir in {*order.heirs.values()}:
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


def _hand(connection: Connection, o: Occurrence, heir: Agency, document: str, *, now: datetime, actor: str) -> Step:
    """Raises RegisterError."""
    theirs = str(OccurrenceId(o.plan_id, o.duty_id, heir.slug, o.period))
    row = connection.execute(select(occurrence).where(occurrence.c.id == theirs)).one_or_none()
    if row is None:
        moves.transfer(connection, o.id, to=heir, document=document, now=now, actor=actor)
    else:
        _join(connection, o, Occurrence.from_row(row), heir, document, now=now, actor=actor)
    return Step(o, heir.id, lifecycle.load(connection, theirs), row is not None, stamp(o))


def _join(
    connection: Connection,
    o: Occurrence,
    theirs: Occurrence,
    heir: Agency,
    document: str,
    *,
    now: datetime,
    actor: str,
) -> None:
    """The successor owes this period itself: it owes it once, and is told of it anew. Raises BadInput."""
    if heir.until is not None and heir.until < local_day(now):
        said = _("{agency} đã kết thúc hoạt động ngày {day}.")
        raise BadInput(said.format(agency=heir.name, day=day_text(heir.until)))
    if theirs.agency_id != heir.id or theirs.state not in OWED or theirs.before_tracking:
        said = _("{agency} đã xong kỳ này của mình: ghi nhận riêng, hoặc miễn kỳ của cơ quan cũ.")
        raise BadInput(said.format(agency=heir.name))
    values = {"transferred_to": theirs.id, "muted_until": None, "muted_why": None}
    data = {"to": heir.id, "document": document, "occurrence": theirs.id, "joined": True}
    lifecycle.apply(connection, o, Move.TRANSFER, values, state=State.TRANSFERRED, data=data, now=now, actor=actor)
    moves.announce_again(connection, o.plan_id, heir.id, theirs.relation, now=now)
