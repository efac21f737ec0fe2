"""``advance``: makes true what should be true at a moment (D2).

It is level-triggered and idempotent: who calls it, how often and how late never changes the result. It looks
only at rows whose ``next_check_at`` has come, in batches, so its cost grows with what is due.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.engine import Connection, Engine, Row
from sqlalchemy.exc import SQLAlchemyError

from notifications.errors import NotificationsError
from notifications.ladder import Decision, Role, Rung, Told, decide, rungs_of, unfollowed
from notifications.tables import notice
from plans.calendar import WorkingCalendar, end_of, local_day
from plans.model import Plan, Register
from plans.text import _
from tasks import trail
from tasks.agencies import BodiesByUnit, load_plan, load_plans, plan_at_hand
from tasks.database import BATCH, for_update, insert_new, writing
from tasks.leading import hand_leads
from tasks.lifecycle import entry
from tasks.materialise import materialise_due
from tasks.model import OWED, Occurrence, PlanStatus, State
from tasks.office import Office, ladder_of, office_of, offices_of, working_calendar
from tasks.status import missed
from tasks.tables import duty, occurrence, party
from tasks.tables import plan as plan_table

log = logging.getLogger(__name__)

RETRY_AFTER = timedelta(hours=1)  # for a row that could not be looked at


class AdvanceIncomplete(NotificationsError):
    """Some rows could not be looked at; everything else was done. ``failed`` names them."""

    def __init__(self, failed: dict[str, str], counts: AdvanceCounts) -> None:
        first = "; ".join(f"{name}: {why}" for name, why in list(failed.items())[:3])
        said = _("{n} dòng của sổ không rà soát được, các dòng khác đã xong: {first}")
        super().__init__(said.format(n=len(failed), first=first))
        self.failed = failed
        self.counts = counts


@dataclass(slots=True)
class AdvanceCounts:
    """What one ``advance`` did. Zero everywhere means that everything was true already."""

    materialised: int = 0
    missed: int = 0
    queued: int = 0
    skipped: int = 0


def advance(engine: Engine, *, now: datetime, plan_id: str | None = None) -> AdvanceCounts:
    """Materialises, records misses and queues the rungs that are due.

    ``plan_id`` limits it to one plan (the sample's history is made so). Raises AdvanceIncomplete at the end
    where single rows failed.
    """
    counts = AdvanceCounts()
    failed: dict[str, str] = {}
    failed |= hand_leads(engine, now=now, plan_id=plan_id)
    while True:
        with writing(engine) as connection:
            made = materialise_due(connection, now=now, plan_id=plan_id)
        counts.materialised += made.occurrences
        failed |= made.failed
        if not made.duties:
            break
    while _occurrences(engine, counts, failed, now, plan_id):
        pass
    while _parties(engine, counts, now, plan_id):
        pass
    if failed:
        raise AdvanceIncomplete(failed, counts)
    return counts


def anything_due(connection: Connection, *, now: datetime, plan_id: str | None = None) -> bool:
    """Whether rows wait to be looked at: then nothing is composed yet (D8)."""
    for table in (duty, occurrence, party):
        due = select(table.c.next_check_at).where(table.c.next_check_at <= now)
        if plan_id is not None:
            due = due.where(table.c.plan_id == plan_id)
        if connection.execute(due.limit(1)).first():
            return True
    return False


def _occurrences(
    engine: Engine, counts: AdvanceCounts, failed: dict[str, str], now: datetime, plan_id: str | None
) -> bool:
    with writing(engine) as connection:
        due = select(occurrence).where(occurrence.c.next_check_at <= now).order_by(occurrence.c.next_check_at)
        if plan_id is not None:
            due = due.where(occurrence.c.plan_id == plan_id)
        rows = connection.execute(for_update(due.limit(BATCH), connection)).all()
        if rows:
            batch = _Batch(connection, now, counts, failed)
            batch.look_at([Occurrence.from_row(row) for row in rows])
    return bool(rows)


@dataclass
class _Batch:
    """One transaction's worth of occurrences, with all that the rules need loaded once."""

    connection: Connection
    now: datetime
    counts: AdvanceCounts
    failed: dict[str, str]
    notices: list[dict[str, Any]] = field(default_factory=list)
    drops: list[dict[str, Any]] = field(default_factory=list)
    updates: list[dict[str, Any]] = field(default_factory=list)
    entries: list[trail.Entry] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context = PlanningContext(self.connection)

    def look_at(self, found: Sequence[Occurrence]) -> None:
        ledger = ledger_of(self.connection, [o.id for o in found])
        self.context.look_ahead((o.plan_id for o in found), (o.agency_id for o in found))
        for o in found:
            try:
                decision = self.context.decide(o, ledger.get(o.id, ()), now=self.now)
                self._write(o, decision)
            except SQLAlchemyError:
                raise
            except Exception as error:  # one bad row must not stop the morning: noted, reported, tried again
                log.exception("advance failed occurrence=%s", o.id)
                self.failed[o.id] = f"{type(error).__name__}: {error}"
                self.updates.append(_update(o, next_check_at=self.now + RETRY_AFTER))
        self._flush()

    def _write(self, o: Occurrence, decision: Decision) -> None:
        body_of = self.context.body_of(o)
        for new in decision.notices:
            self.notices.append(
                {
                    "subject": o.id,
                    "revision": o.revision,
                    "rung": new.rung,
                    "role": new.role.value,
                    "day": new.day,
                    "plan_id": o.plan_id,
                    "occurrence_id": o.id,
                    "body": body_of[new.role],
                    "agency_id": o.agency_id,
                    "status": "skipped" if new.skipped else "queued",
                    "reason": new.skipped,
                    "queued_at": self.now,
                    "sample": o.sample,
                }
            )
            self.counts.skipped += bool(new.skipped)
            self.counts.queued += not new.skipped
        self.drops += [{"notice_id": key, "why": why} for key, why in decision.drop.items()]
        self.counts.skipped += len(decision.drop)
        self._note_miss(o, decision)

    def _note_miss(self, o: Occurrence, decision: Decision) -> None:
        """A miss has two moments: when the last on-time day ended and when it was noticed (D9)."""
        values: dict[str, Any] = {"missed_at": o.missed_at, "missed_noticed_at": o.missed_noticed_at}
        next_check = decision.next_check_at
        moment_missed = missed(o, now=self.now)
        if moment_missed and moment_missed != o.missed_at:  # also where a deadline moved and has passed as well
            values = {"missed_at": moment_missed, "missed_noticed_at": o.missed_noticed_at or self.now}
            self.entries.append(entry(o, "missed", values))
            self.counts.missed += 1
        elif o.missed_at and moment_missed is None and o.state in OWED:
            noted = {**values, "why": o.cause}
            self.entries.append(entry(o, "miss_withdrawn", noted))
            values = {"missed_at": None, "missed_noticed_at": None}
        ends = end_of(o.ladder_late_after)
        if o.state in OWED and not o.before_tracking and self.now < ends:
            next_check = min(next_check, ends) if next_check else ends
        self.updates.append(_update(o, next_check_at=next_check, **values))

    def _flush(self) -> None:
        insert_new(self.connection, notice, self.notices)
        if self.drops:
            # spelt out: an IN list cannot be sent for many rows at once
            waiting = (notice.c.status == "queued") | (notice.c.status == "no_contact")
            dropped = update(notice).where(notice.c.id == bindparam("notice_id"), waiting)
            drops = sorted(self.drops, key=lambda drop: drop["notice_id"])  # as composing takes hold of them
            self.connection.execute(dropped.values(status="skipped", reason=bindparam("why")), drops)
        changed = update(occurrence).where(occurrence.c.id == bindparam("row_id"))
        names = ("missed_at", "missed_noticed_at", "next_check_at")
        self.connection.execute(changed.values({name: bindparam(f"new_{name}") for name in names}), self.updates)
        trail.write(self.connection, self.entries, now=self.now)


def _update(o: Occurrence, **values: Any) -> dict[str, Any]:
    kept = {"missed_at": o.missed_at, "missed_noticed_at": o.missed_noticed_at, **values}
    return {"row_id": o.id, **{f"new_{name}": value for name, value in kept.items()}}


class PlanningContext:
    """Plans, bodies, offices and the calendar, read once per transaction and kept for its length."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._read_bodies = BodiesByUnit(connection)
        self._plans: dict[str, Plan] = {}
        self._offices: dict[str, Office] = {}
        self._fed: dict[tuple[str, str], list[date]] = {}
        self._followed: dict[str, bool] = {}
        self._bodies: dict[tuple[str, str], dict[Role, str]] = {}
        self._unreachable: dict[tuple[str, str, date], dict[Role, str]] = {}
        self._rungs: dict[tuple[object, ...], tuple[Rung, ...]] = {}

    @cached_property
    def calendar(self) -> WorkingCalendar:
        return working_calendar(self.connection)

    @cached_property
    def register(self) -> Register:
        return Register(self._read_bodies)

    def expect(self, plan_ids: Iterable[str]) -> None:
        """Reads these plans, and whether they are followed, by a fixed number of queries."""
        wanted = sorted(set(plan_ids))
        self._plans |= load_plans(self.connection, wanted)
        chosen = select(plan_table.c.id, plan_table.c.status).where(plan_table.c.id.in_(wanted))
        self._followed |= {row.id: row.status == PlanStatus.ACTIVE for row in self.connection.execute(chosen)}

    def look_ahead(self, plan_ids: Iterable[str], bodies: Iterable[str]) -> None:
        """Reads what a batch needs of these plans and bodies by a few queries, and nothing besides.

        A plan whose text this process has not read before is read when it is asked for.
        """
        wanted = sorted(set(plan_ids) - self._followed.keys())
        columns = select(plan_table.c.id, plan_table.c.digest, plan_table.c.lead, plan_table.c.status)
        heads = self.connection.execute(columns.where(plan_table.c.id.in_(wanted))).all()
        at_hand = {head.id: plan_at_hand(head.digest, head.lead) for head in heads}
        self._plans |= {key: plan for key, plan in at_hand.items() if plan is not None}
        self._followed |= {head.id: head.status == PlanStatus.ACTIVE for head in heads}
        self._offices |= offices_of(self.connection, (head.lead for head in heads))
        self._read_bodies.look_ahead([*bodies, *(head.lead for head in heads)])

    def plan(self, plan_id: str) -> Plan:
        if plan_id not in self._plans:
            self._plans[plan_id] = load_plan(self.connection, plan_id)
        return self._plans[plan_id]

    def followed(self, plan_id: str) -> bool:
        """Whether the plan is followed now: of a stopped one nothing is said."""
        if plan_id not in self._followed:
            status = select(plan_table.c.status).where(plan_table.c.id == plan_id)
            self._followed[plan_id] = self.connection.execute(status).scalar_one_or_none() == PlanStatus.ACTIVE
        return self._followed[plan_id]

    def office(self, lead: str) -> Office:
        if lead not in self._offices:
            self._offices[lead] = office_of(self.connection, lead)
        return self._offices[lead]

    def rungs(self, o: Occurrence) -> tuple[Rung, ...]:
        """The rungs under the ladder in force. Empty where the plan no longer has the duty."""
        plan = self.plan(o.plan_id)
        duty = next((d for d in plan.duties if d.id == o.duty_id), None)
        if duty is None:
            return ()
        fed = self.fed_last_day(o, duty.feeds) if duty.feeds else None
        # bodies that owe the same by the same days have the same rungs
        same = (plan.id, duty.id, o.relation, o.ladder_last_day, o.ladder_late_after, fed)
        if same not in self._rungs:
            ladder = ladder_of(plan, duty, self.office(plan.lead))
            self._rungs[same] = rungs_of(o, ladder, self.calendar, feeds_last_day=fed)
        return self._rungs[same]

    def decide(self, o: Occurrence, ledger: Iterable[Told], *, now: datetime) -> Decision:
        if not self.followed(o.plan_id):
            return unfollowed(ledger)
        rungs = self.rungs(o) if o.state in OWED else ()
        return decide(o, rungs, tuple(ledger), self.calendar, unreachable=self.unreachable(o, now=now), now=now)

    def body_of(self, o: Occurrence) -> Mapping[Role, str]:
        """Whose people a rung speaks to: a level without an address is reached through the lead unit."""
        same = (o.plan_id, o.agency_id)
        if same not in self._bodies:
            lead = self.plan(o.plan_id).lead
            owner = lead if self.register[o.agency_id].unlisted else o.agency_id
            self._bodies[same] = {Role.AGENCY: owner, Role.OFFICER: lead, Role.HEAD: lead}
        return self._bodies[same]

    def unreachable(self, o: Occurrence, *, now: datetime) -> Mapping[Role, str]:
        """Roles that are never written to, and why: bodies that have ended, persons and families (D10)."""
        same = (o.plan_id, o.agency_id, local_day(now))
        if same not in self._unreachable:
            self._unreachable[same] = self._out_of_reach(o, local_day(now))
        return self._unreachable[same]

    def _out_of_reach(self, o: Occurrence, today: date) -> dict[Role, str]:
        reasons = {}
        for role, body_id in self.body_of(o).items():
            body = self.register[body_id]
            if body.until is not None and body.until < today:
                reasons[role] = "agency_ended"
        owner = self.register[o.agency_id]
        if owner.never_messaged:
            reasons[Role.AGENCY] = "never_messaged"
        elif owner.until is not None and owner.until < today:
            reasons[Role.AGENCY] = "agency_ended"
        return reasons

    def fed_last_day(self, o: Occurrence, duty_id: str) -> date | None:
        """The strict last day of the next report of the lead that this occurrence goes into."""
        key = (o.plan_id, duty_id)
        if key not in self._fed:
            chosen = select(occurrence.c.last_day).where(
                occurrence.c.plan_id == o.plan_id,
                occurrence.c.duty_id == duty_id,
                occurrence.c.state != State.CANCELLED.value,
            )
            self._fed[key] = sorted(row.last_day for row in self.connection.execute(chosen))
        return next((day for day in self._fed[key] if day >= o.last_day), None)


def ledger_of(connection: Connection, subjects: Sequence[str]) -> dict[str, list[Told]]:
    """The ledger rows of these subjects."""
    found: dict[str, list[Told]] = defaultdict(list)
    columns = select(
        notice.c.id, notice.c.subject, notice.c.revision, notice.c.rung, notice.c.role, notice.c.status, notice.c.reason
    )
    rows = connection.execute(columns.where(notice.c.subject.in_(subjects)).order_by(notice.c.id))
    for it, subject, revision, rung, role, status, reason in rows.tuples():
        found[subject].append(Told(it, revision, rung, _ROLES[role], status, reason))
    return found


_ROLES = {role.value: role for role in Role}


def party_subject(plan_id: str, agency_id: str) -> str:
    """The subject of an ``assigned`` notice."""
    return f"plan:{plan_id}:{agency_id}"


def _parties(engine: Engine, counts: AdvanceCounts, now: datetime, plan_id: str | None) -> bool:
    """Queues ``assigned`` for every body that owes something from now on."""
    with writing(engine) as connection:
        due = select(party).where(party.c.next_check_at <= now).order_by(party.c.next_check_at)
        if plan_id is not None:
            due = due.where(party.c.plan_id == plan_id)
        rows = connection.execute(for_update(due.limit(BATCH), connection)).all()
        if not rows:
            return False
        context = PlanningContext(connection)
        new = [values for row in rows if (values := _assigned(context, row, now))]
        counts.queued += insert_new(connection, notice, new)
        for row in rows:
            mine = (party.c.plan_id == row.plan_id) & (party.c.agency_id == row.agency_id)
            connection.execute(update(party).where(mine).values(next_check_at=None))
    return True


def _assigned(context: PlanningContext, row: Row[Any], now: datetime) -> dict[str, Any] | None:
    head = context.connection.execute(select(plan_table).where(plan_table.c.id == row.plan_id)).one()
    body = context.register[row.agency_id]
    ended = body.until is not None and body.until < local_day(now)
    owes = select(occurrence.c.id).where(
        occurrence.c.plan_id == row.plan_id,
        occurrence.c.agency_id == row.agency_id,
        occurrence.c.before_tracking.is_(False),
        occurrence.c.state.in_(OWED),
    )
    nothing = context.connection.execute(owes.limit(1)).first() is None
    if head.status != PlanStatus.ACTIVE or body.never_messaged or ended or nothing:
        return None
    role = Role.OFFICER if row.relation == "self" else Role.AGENCY
    return {
        "subject": party_subject(row.plan_id, row.agency_id),
        "revision": row.revision,
        "rung": "assigned",
        "role": role.value,
        "day": local_day(now),
        "plan_id": row.plan_id,
        "occurrence_id": None,
        "body": head.lead if body.unlisted else row.agency_id,
        "agency_id": row.agency_id,
        "status": "queued",
        "reason": None,
        "queued_at": now,
        "sample": head.sample,
    }
