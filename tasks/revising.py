"""Taking a changed plan file over into a plan that is being followed, and what the end of a body makes of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.engine import Connection, Row

from plans.calendar import local_day
from plans.model import Plan, Register, Relation
from plans.text import _
from tasks import trail
from tasks.agencies import load_plan, load_register
from tasks.database import insert_new, locked
from tasks.errors import BadInput
from tasks.leads import Own, own_of
from tasks.lifecycle import AGENCY_ENDED, PLAN_REVISED, cancel, hold_plans, last_cancelled, resume, touch_plan
from tasks.materialise import horizon, occurrence_row, owed, recompute, without_body
from tasks.model import OWED, Cause, Occurrence, PlanStatus, State
from tasks.moves import announce_again, reopen, touch_feeding
from tasks.office import office_of, working_calendar
from tasks.tables import audit_event, duty, occurrence
from tasks.tables import plan as plan_table


@dataclass(frozen=True, slots=True)
class Revised:
    """How many occurrences are new, got another deadline, or are not ordered any more."""

    made: int = 0
    moved: int = 0
    cancelled: int = 0


def revise(connection: Connection, old: Plan, new: Plan, head: Row[Any], *, now: datetime, actor: str) -> Revised:
    """Takes a changed file over into a plan that is being followed.

    1. What the new text no longer orders is cancelled, unless something came in for it already; what an earlier
       text had dropped and this one orders again is owed again.
    2. Deadlines that moved become a new revision, unless a document of the issuer has extended them or a paper was
       returned with a day of its own. Where only the plan's reading changed, agencies need not be told.
    3. New duties and bodies are followed from today.
    4. Every body concerned gets one message with its duties and dates anew.
    """
    if new.lead != old.lead or new.sample != old.sample:
        said = _("Không đổi được đơn vị theo dõi bằng tệp kế hoạch. Dùng “Thay cơ quan”, hoặc dondoc lead {plan}.")
        raise BadInput(said.format(plan=new.id))
    ordered = _ordered(connection, new, head, now)
    wanted = ordered.wanted
    mine = select(occurrence).where(occurrence.c.plan_id == new.id).order_by(occurrence.c.id)
    rows = connection.execute(locked(mine, connection)).all()
    present = {row.id: Occurrence.from_row(row) for row in rows}
    heirs = _Heirs(present.values())
    kept = {each.id for each in new.duties if each.rule.dated}
    concerned: dict[str, str] = {}
    cancelled = moved = 0
    for o in present.values():
        row = wanted.get(o.id)
        if o.state is State.CANCELLED and row is not None and not row["before_tracking"]:
            o = reopen(connection, o.id, now=now, actor=actor)
            concerned[o.agency_id] = o.relation
        if o.state not in OWED or o.before_tracking:
            continue
        if o.id in heirs and o.duty_id in kept:
            deadline = heirs.moved(o, ordered)
        elif row is None:
            why = AGENCY_ENDED if o.id in ordered.after_end else PLAN_REVISED
            cancel(connection, o, why, now=now, actor=actor)
            cancelled += 1
            continue
        else:
            _take_over(connection, o, row)
            stands = o.extended_by is not None or o.resend_by is not None
            deadline = None if stands or _days(row) == (o.due, o.last_day) else row
        if deadline is not None:
            _move_deadline(connection, o, deadline, now=now, actor=actor)
            concerned[o.agency_id] = o.relation
            moved += 1
    heirs.follow(connection, ordered)
    fresh = [row for key, row in wanted.items() if key not in present]
    insert_new(connection, occurrence, fresh)
    concerned |= {row["agency_id"]: row["relation"] for row in fresh if not row["before_tracking"]}
    _follow_duties(connection, new, now)
    recompute(connection, now=now, cause=Cause.READING, plan_id=new.id)
    for agency_id, relation in concerned.items():
        announce_again(connection, new.id, agency_id, relation, now=now)
    return Revised(len(fresh), moved, cancelled)


@dataclass(frozen=True, slots=True)
class _Ordered:
    """The rows that a plan orders: of bodies that exist on the day, and of bodies that will have ended by then."""

    wanted: Mapping[str, dict[str, Any]]
    after_end: Mapping[str, dict[str, Any]]

    def of(self, occurrence_id: str) -> dict[str, Any] | None:
        return self.wanted.get(occurrence_id) or self.after_end.get(occurrence_id)


def _ordered(connection: Connection, plan: Plan, head: Row[Any], now: datetime) -> _Ordered:
    """What falls due before today is listed only: it was not ordered, or not of this body, when its day came."""
    calendar = working_calendar(connection)
    register: Register = load_register(connection)
    reading = plan.reading.over(office_of(connection, plan.lead).reading)
    own = own_of(connection, plan.id)
    found: list[dict[str, dict[str, Any]]] = []
    for slots_of in (owed, without_body):
        rows: dict[str, dict[str, Any]] = {}
        for each in plan.duties:
            for body, slot in slots_of(plan, each, register, start=plan.issued.earliest, end=horizon(now)):
                row = occurrence_row(
                    plan,
                    each,
                    body,
                    slot,
                    reading=reading,
                    calendar=calendar,
                    tracked_from=max(local_day(now), head.active_from),
                    now=now,
                )
                rows |= {key: {**row, "id": key, "agency_id": owner} for key, owner in _owners(row, own)}
        found.append(rows)
    return _Ordered(*found)


def _owners(row: dict[str, Any], own: Own | None) -> Sequence[tuple[str, str]]:
    """Under which ids, and by whom, a row is owed: what a former lead unit of the plan had stays as it is."""
    there = own.there.get((row["duty_id"], row["period"])) if own and row["relation"] == Relation.SELF.value else None
    return there or [(row["id"], row["agency_id"])]


def _days(row: dict[str, Any]) -> tuple[Any, Any]:
    return row["due"], row["last_day"]


class _Heirs:
    """What successors took over, with the occurrence that each came from (through any number of hands)."""

    def __init__(self, present: Collection[Occurrence]) -> None:
        self._before = {o.transferred_to: o for o in present if o.transferred_to}

    def __contains__(self, occurrence_id: str) -> bool:
        return occurrence_id in self._before

    def _line(self, o: Occurrence) -> list[Occurrence]:
        """The occurrence and those it came from, the first one last."""
        line = [o]
        while line[-1].id in self._before:
            line.append(self._before[line[-1].id])
        return line

    def moved(self, o: Occurrence, ordered: _Ordered) -> dict[str, Any] | None:
        """The new deadline where the plan's own day has moved. The day that a successor was given for something
        overdue stands as long as the plan's does."""
        line = self._line(o)
        row = ordered.of(line[-1].id) or ordered.of(o.id)
        stands = o.resend_by is not None or any(each.extended_by is not None for each in line)
        if row is None or stands or _days(row) in ((line[-1].due, line[-1].last_day), (o.due, o.last_day)):
            return None
        return row

    def follow(self, connection: Connection, ordered: _Ordered) -> None:
        """What was handed over keeps the plan's day, so that the next change is seen as one."""
        for o in self._before.values():
            row = ordered.of(o.id)
            if row is not None and o.id not in self and o.extended_by is None and _days(row) != (o.due, o.last_day):
                values = {name: row[name] for name in ("due", "last_day", "late_after")}
                connection.execute(update(occurrence).where(occurrence.c.id == o.id).values(values))


def settle_ends(
    connection: Connection,
    bodies: Collection[str],
    *,
    plan_id: str | None = None,
    but: str | None = None,
    now: datetime,
    actor: str,
) -> None:
    """Makes true at once what the last days of these bodies mean for what they owe (D10).

    In every followed plan, in one, or in all ``but`` one: what falls due after the end is cancelled; where the end
    was put off or taken back, what it had cancelled is owed again if its day is still ahead, and the body is told.
    What fell due before the end stays open: it needs a successor.
    """
    chosen = select(plan_table).where(plan_table.c.status == PlanStatus.ACTIVE)
    if plan_id is not None:
        chosen = chosen.where(plan_table.c.id == plan_id)
    concerned = []
    for head in connection.execute(chosen.order_by(plan_table.c.id)).all():
        plan = load_plan(connection, head.id)
        mine = {party.agency for duty in plan.duties for party in duty.responsible} & set(bodies)
        if mine and plan.id != but:
            concerned.append((plan, head, mine))
    also = [but] if but is not None else []  # which the caller takes over next
    hold_plans(connection, [*(plan.id for plan, _head, _mine in concerned), *also], duties=True)
    for plan, head, mine in concerned:
        _settle_plan(connection, plan, head, mine, now=now, actor=actor)


def _settle_plan(
    connection: Connection, plan: Plan, head: Row[Any], bodies: Collection[str], *, now: datetime, actor: str
) -> None:
    ordered = _ordered(connection, plan, head, now)
    ours = (occurrence.c.plan_id == plan.id) & occurrence.c.agency_id.in_(sorted(bodies))
    rows = connection.execute(locked(select(occurrence).where(ours).order_by(occurrence.c.id), connection)).all()
    present = [Occurrence.from_row(row) for row in rows]
    cancelled = last_cancelled(connection, audit_event.c.plan_id == plan.id)
    concerned: dict[str, str] = {}
    for o in present:
        row = ordered.wanted.get(o.id)
        why, before = cancelled.get(o.id, (None, o.state))
        if o.state is State.CANCELLED and why == AGENCY_ENDED and row is not None and not row["before_tracking"]:
            resume(connection, o, before, silent_to=local_day(now), now=now, actor=actor)
            concerned[o.agency_id] = o.relation
        elif o.state in OWED and not o.before_tracking and o.id in ordered.after_end:
            cancel(connection, o, AGENCY_ENDED, now=now, actor=actor)
        else:
            continue
        touch_feeding(connection, o, now=now)
    there = {o.id for o in present}
    fresh = [row for key, row in ordered.wanted.items() if row["agency_id"] in bodies and key not in there]
    insert_new(connection, occurrence, fresh)
    concerned |= {row["agency_id"]: row["relation"] for row in fresh if not row["before_tracking"]}
    for agency_id, relation in concerned.items():
        announce_again(connection, plan.id, agency_id, relation, now=now)
    touch_plan(connection, plan.id, now=now)


def _take_over(connection: Connection, o: Occurrence, row: dict[str, Any]) -> None:
    """How the body stands and which data are covered: no deadline, so no revision."""
    values = {name: row[name] for name in ("relation", "window_from", "window_to")}
    if values != {"relation": o.relation.value, "window_from": o.window_from, "window_to": o.window_to}:
        connection.execute(update(occurrence).where(occurrence.c.id == o.id).values(values))


def _move_deadline(connection: Connection, o: Occurrence, row: dict[str, Any], *, now: datetime, actor: str) -> None:
    dates = ("due", "last_day", "late_after", "window_from", "window_to")
    values = {name: row[name] for name in dates} | {
        "revision": o.revision + 1,
        "cause": Cause.PLAN.value,
        "changed_at": now,
        "announce": None,
        "next_check_at": now,
    }
    connection.execute(update(occurrence).where(occurrence.c.id == o.id).values(values))
    data = {
        "cause": Cause.PLAN,
        "was": {"due": o.due, "late_after": o.late_after},
        "is": {"due": row["due"], "late_after": row["late_after"]},
    }
    entry = trail.Entry("revised", o.plan_id, o.id, o.agency_id, data, o.sample)
    trail.write(connection, [entry], now=now, actor=actor)


def _follow_duties(connection: Connection, plan: Plan, now: datetime) -> None:
    insert_new(connection, duty, [{"plan_id": plan.id, "id": d.id, "next_check_at": now} for d in plan.duties])
    mine = duty.c.plan_id == plan.id
    kept = [d.id for d in plan.duties]
    connection.execute(delete(duty).where(mine, duty.c.id.not_in(kept)))
    connection.execute(update(duty).where(mine).values(next_check_at=now))
