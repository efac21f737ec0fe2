"""Making the occurrences of active plans, and computing their deadlines anew when a reading changes."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.engine import Connection, Row
from sqlalchemy.exc import SQLAlchemyError

from plans.calendar import MORNING as START_OF_WORK
from plans.calendar import WorkingCalendar, local_day, moment
from plans.deadlines import Slot, late_after, occurrences_between
from plans.model import Duty, Party, Plan, Reading, Register, Relation
from tasks import trail
from tasks.agencies import BodiesByUnit, load_plan, plan_at_hand
from tasks.database import BATCH, for_update, insert_new, locked
from tasks.leads import Own, lead_changes, own_of
from tasks.lifecycle import hold_plans
from tasks.model import OWED, Cause, OccurrenceId, PlanStatus, State
from tasks.office import Office, office_of, offices_of, working_calendar
from tasks.tables import duty as duty_table
from tasks.tables import occurrence
from tasks.tables import plan as plan_table

log = logging.getLogger(__name__)

RETRY_AFTER = timedelta(hours=1)  # for a duty whose plan could not be read


def horizon(now: datetime) -> date:
    """Recurring duties are made to the end of next year (D2)."""
    return date(local_day(now).year + 1, 12, 31)


@dataclass(frozen=True, slots=True)
class Made:
    """One batch: how many duties were looked at, how many occurrences are new, which duties failed and why."""

    duties: int
    occurrences: int
    failed: dict[str, str] = field(default_factory=dict)


def materialise_due(connection: Connection, *, now: datetime, plan_id: str | None = None) -> Made:
    """Makes the occurrences of up to 500 duties whose moment has come.

    The next moment of a duty is the first of January, when the horizon moves on by a year. A plan that cannot be
    read does not stop the others: its duties are named in ``failed`` and tried again an hour later.
    """
    in_order = (duty_table.c.next_check_at, duty_table.c.plan_id)  # few plans in a batch: each of them is held
    chosen = select(duty_table).where(duty_table.c.next_check_at <= now).order_by(*in_order)
    if plan_id is not None:
        chosen = chosen.where(duty_table.c.plan_id == plan_id)
    duties = connection.execute(for_update(chosen.limit(BATCH), connection)).all()
    if not duties:
        return Made(0, 0)
    hold_plans(connection, {row.plan_id for row in duties})
    batch = _Maker(connection, now).look_at(duties)
    made = insert_new(connection, occurrence, batch.rows)
    if made:
        grown = {row["plan_id"] for row in batch.rows}
        connection.execute(update(plan_table).where(plan_table.c.id.in_(grown)).values(changed_at=now))
    key = (duty_table.c.plan_id == bindparam("of_plan")) & (duty_table.c.id == bindparam("duty_id"))
    looked_at = update(duty_table).where(key)
    looked_at = looked_at.values(made_to=bindparam("to"), next_check_at=bindparam("next"))
    connection.execute(looked_at, batch.checks)
    return Made(len(duties), made, batch.failed)


@dataclass(frozen=True, slots=True)
class _Batch:
    """What is to be written for up to 500 duties: new occurrences, and when each duty is looked at again."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    checks: list[dict[str, Any]] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


@dataclass
class _Maker:
    """What one batch needs to know, loaded once."""

    connection: Connection
    now: datetime

    def __post_init__(self) -> None:
        self.calendar = working_calendar(self.connection)
        self._bodies = BodiesByUnit(self.connection)
        self.register = Register(self._bodies)
        self._rows: dict[str, Row[Any]] = {}
        self._offices: dict[str, Office] = {}
        self._handed_over: Collection[str] = ()
        self._heads: dict[str, tuple[Plan, Row[Any], Reading]] = {}
        self._own: dict[str, Own | None] = {}
        self._known: frozenset[str] = frozenset()

    def expect(self, plan_ids: Collection[str]) -> None:
        """Reads at once what these plans need: a batch may be of thirty plans of as many units."""
        chosen = select(plan_table).where(plan_table.c.id.in_(sorted(plan_ids)))
        self._rows = {row.id: row for row in self.connection.execute(chosen)}
        self._offices = offices_of(self.connection, {row.lead for row in self._rows.values()})
        self._handed_over = lead_changes(self.connection, plan_ids).keys()
        at_hand = (plan_at_hand(row.digest, row.lead) for row in self._rows.values())
        duties = (duty for plan in at_hand if plan is not None for duty in plan.duties)
        self._bodies.look_ahead(party.agency for duty in duties for party in duty.responsible)

    def head(self, plan_id: str) -> tuple[Plan, Row[Any], Reading]:
        if plan_id not in self._heads:
            row = self._rows[plan_id]
            plan = plan_at_hand(row.digest, row.lead) or load_plan(self.connection, plan_id)
            self._heads[plan_id] = plan, row, plan.reading.over(self._offices[row.lead].reading)
        return self._heads[plan_id]

    def own(self, plan_id: str) -> Own | None:
        if plan_id not in self._own:
            self._own[plan_id] = own_of(self.connection, plan_id) if plan_id in self._handed_over else None
        return self._own[plan_id]

    def look_at(self, duties: Sequence[Row[Any]]) -> _Batch:
        batch = _Batch()
        self.expect({row.plan_id for row in duties})
        self._known = self._made_before(duties)
        for row in duties:
            try:
                batch.rows.extend(self.rows(row))
                made_to, next_check = horizon(self.now), self.next_check(row)
            except SQLAlchemyError:
                raise
            except Exception as error:  # noted, reported by the caller, tried again
                log.exception("cannot be materialised duty=%s/%s", row.plan_id, row.id)
                batch.failed[f"{row.plan_id}/{row.id}"] = f"{type(error).__name__}: {error}"
                made_to, next_check = row.made_to, self.now + RETRY_AFTER
            batch.checks.append({"of_plan": row.plan_id, "duty_id": row.id, "to": made_to, "next": next_check})
        return batch

    def _made_before(self, duties: Iterable[Row[Any]]) -> frozenset[str]:
        """What earlier years have left: looking it up at once is cheaper than offering every row again."""
        plans = {row.plan_id for row in duties if row.made_to is not None}
        chosen = select(occurrence.c.id).where(occurrence.c.plan_id.in_(sorted(plans)))
        return frozenset(self.connection.execute(chosen).scalars()) if plans else frozenset()

    def rows(self, row: Row[Any]) -> Iterator[dict[str, Any]]:
        """The occurrences of a duty that are not there yet."""
        plan, head, reading = self.head(row.plan_id)
        if head.status != PlanStatus.ACTIVE:
            return
        duty = plan.duty(row.id)
        own = self.own(plan.id)
        shared: dict[tuple[str, date], dict[str, Any]] = {}  # many bodies owe the same slot
        whose, begin = None, ""
        for party, slot in owed(plan, duty, self.register, start=plan.issued.earliest, end=horizon(self.now)):
            if party is not whose:  # all slots of a body follow each other
                whose, begin = party, occurrence_id(plan, duty, party, slot).removesuffix(slot.period)
            key = begin + slot.period
            if key in self._known:
                continue
            tracked_from = head.active_from
            if own is not None and party.relation is Relation.SELF:
                if (duty.id, slot.period) in own.there:
                    continue  # a former lead unit had it
                tracked_from = max(tracked_from, own.since)
            fields = shared.get((slot.period, tracked_from))
            if fields is None:
                fields = shared[slot.period, tracked_from] = _of_slot(
                    plan,
                    duty,
                    slot,
                    reading=reading,
                    calendar=self.calendar,
                    tracked_from=tracked_from,
                    now=self.now,
                )
            yield {**fields, "id": key, "agency_id": party.agency, "relation": party.relation.value}

    def next_check(self, row: Row[Any]) -> datetime | None:
        plan, head, _reading = self.head(row.plan_id)
        rule = plan.duty(row.id).rule
        ends = rule.on is not None or (rule.until is not None and rule.until <= horizon(self.now))
        if head.status != PlanStatus.ACTIVE or not rule.dated or ends:
            return None
        return moment(date(horizon(self.now).year, 1, 1), START_OF_WORK)


def owed(plan: Plan, duty: Duty, register: Register, *, start: date, end: date) -> Iterator[tuple[Party, Slot]]:
    """Who owes which slot of a duty, as long as the body exists (D10). One-off duties have no horizon."""
    if not duty.rule.dated:
        return
    last = date.max if duty.rule.on is not None else end
    slots = list(occurrences_between(duty.rule, issued=plan.issued, start=start, end=last))
    for party in duty.responsible:
        body = register[party.agency]
        for slot in slots:
            if (body.start is None or body.start <= slot.due) and (body.until is None or slot.due <= body.until):
                yield party, slot


def without_body(plan: Plan, duty: Duty, register: Register, *, start: date, end: date) -> Iterator[tuple[Party, Slot]]:
    """What falls due after a body's end: "cần cơ quan kế thừa", listed, never reminded (D10)."""
    if not duty.rule.dated:
        return
    for party in duty.responsible:
        until = register[party.agency].until
        if until is not None:
            last = date.max if duty.rule.on is not None else end
            for slot in occurrences_between(duty.rule, issued=plan.issued, start=start, end=last):
                if slot.due > until:
                    yield party, slot


def occurrence_id(plan: Plan, duty: Duty, party: Party, slot: Slot) -> str:
    """The id of what a body owes in that slot."""
    return str(OccurrenceId(plan.id, duty.id, party.agency.rsplit(".", 1)[-1], slot.period))


def occurrence_row(
    plan: Plan,
    duty: Duty,
    party: Party,
    slot: Slot,
    *,
    reading: Reading,
    calendar: WorkingCalendar,
    tracked_from: date,
    now: datetime,
) -> dict[str, Any]:
    """One row of the occurrence table. What fell due before tracking is listed and never looked at again."""
    shared = _of_slot(plan, duty, slot, reading=reading, calendar=calendar, tracked_from=tracked_from, now=now)
    key = occurrence_id(plan, duty, party, slot)
    return {**shared, "id": key, "agency_id": party.agency, "relation": party.relation.value}


def _of_slot(
    plan: Plan,
    duty: Duty,
    slot: Slot,
    *,
    reading: Reading,
    calendar: WorkingCalendar,
    tracked_from: date,
    now: datetime,
) -> dict[str, Any]:
    """What is the same for every body that owes this slot."""
    before = slot.due < tracked_from
    return {
        "plan_id": plan.id,
        "duty_id": duty.id,
        "period": slot.period,
        "due": slot.due,
        "last_day": slot.last_day,
        "late_after": late_after(slot.due, slot.last_day, reading=reading, calendar=calendar),
        "window_from": slot.window_from,
        "window_to": slot.window_to,
        "state": State.OPEN.value,
        "before_tracking": before,
        "sample": plan.sample,
        "tracked_from": tracked_from,
        "revision": 1,
        "cause": Cause.FIRST.value,
        "changed_at": now,
        "next_check_at": None if before else now,
    }


def recompute(
    connection: Connection, *, now: datetime, cause: Cause, lead: str | None = None, plan_id: str | None = None
) -> int:
    """Computes ``late_after`` of everything still owed anew after the calendar or a reading has changed.

    A deadline that moved is a new revision; every row touched is looked at again, since rungs may have moved
    even where the deadline did not. Returns the number of deadlines that moved. An extension or a return
    stands as its document says and is not computed anew.
    """
    moved = 0
    calendar = working_calendar(connection)
    plans = select(plan_table.c.id, plan_table.c.lead).where(plan_table.c.status == PlanStatus.ACTIVE)
    if lead is not None:
        plans = plans.where(plan_table.c.lead == lead)
    if plan_id is not None:
        plans = plans.where(plan_table.c.id == plan_id)
    heads = connection.execute(plans.order_by(plan_table.c.id)).all()
    hold_plans(connection, [head.id for head in heads])
    for head in heads:
        plan = load_plan(connection, head.id)
        reading = plan.reading.over(office_of(connection, head.lead).reading)
        moved += _recompute_plan(connection, plan.id, reading, calendar, cause, now)
    return moved


def _recompute_plan(
    connection: Connection, plan_id: str, reading: Reading, calendar: WorkingCalendar, cause: Cause, now: datetime
) -> int:
    live = (occurrence.c.plan_id == plan_id) & occurrence.c.state.in_(OWED) & occurrence.c.before_tracking.is_(False)
    rows = connection.execute(locked(select(occurrence).where(live).order_by(occurrence.c.id), connection)).all()
    moved = []
    for row in rows:
        fresh = late_after(row.due, row.last_day, reading=reading, calendar=calendar)
        if row.extended_by is None and row.resend_by is None and fresh != row.late_after:
            moved.append((row, fresh))
    for row, fresh in moved:
        values = {
            "late_after": fresh,
            "revision": row.revision + 1,
            "cause": cause.value,
            "changed_at": now,
            "announce": None,
        }
        connection.execute(update(occurrence).where(occurrence.c.id == row.id).values(values))
    trail.write(connection, list(_revised(moved, cause)), now=now)
    connection.execute(update(occurrence).where(live).values(next_check_at=now))
    connection.execute(update(plan_table).where(plan_table.c.id == plan_id).values(changed_at=now))
    return len(moved)


def _revised(moved: Iterable[tuple[Row[Any], date]], cause: Cause) -> Iterator[trail.Entry]:
    for row, fresh in moved:
        data = {"cause": cause, "late_after": {"was": row.late_after, "is": fresh}}
        yield trail.Entry("revised", row.plan_id, row.id, row.agency_id, data, row.sample)
