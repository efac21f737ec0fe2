"""Bringing a plan in, starting and stopping to follow it, and taking a changed file over."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.engine import Connection, Row

from plans.calendar import MORNING, local_day, moment
from plans.files import read_plan
from plans.model import Plan
from plans.text import _, day_text
from tasks import trail
from tasks.acknowledge_tables import acknowledgement
from tasks.agencies import INTAKE, load_plan, load_register
from tasks.bodies import register_bodies
from tasks.database import BATCH, alone, insert_new, locked
from tasks.desk_tables import call_note, claim_file, direction, paper_file, plan_version, request, stored_file
from tasks.errors import BadInput, PlanAlreadyActive, PlanNotActive, PlanStopped, PlanUnknown
from tasks.figure_tables import figure_value
from tasks.held_files import unheld
from tasks.leading import settle_own
from tasks.leads import as_followed
from tasks.letter_desk import forget_letters
from tasks.lifecycle import PLAN_STOPPED, cancel, hold_plans, last_cancelled, resume
from tasks.materialise import materialise_due
from tasks.model import OWED, Occurrence, PlanStatus, State
from tasks.moves import announce_again
from tasks.reading_tables import reading as reading_table
from tasks.revising import Revised, revise, settle_ends
from tasks.tables import answer, audit_event, duty, lead_change, occurrence, paper, party
from tasks.tables import plan as plan_table
from tasks.tracking import Retracked, Span, retrack, spans_of


@dataclass(frozen=True, slots=True)
class Brought:
    """What bringing in a file did: ``added``, ``replaced`` (a draft), ``unchanged`` or ``revised`` (an active plan)."""

    plan: Plan
    outcome: str
    made: int = 0
    moved: int = 0
    cancelled: int = 0


def add_plan(connection: Connection, data: bytes, *, file: str, now: datetime, actor: str) -> Brought:
    """Brings a plan file in, or takes a changed one over. Raises PlanError (every problem), BadInput."""
    alone(connection, INTAKE)
    brought = read_plan(data, file=file, register=load_register(connection))
    digest = hashlib.sha256(data).hexdigest()
    head = connection.execute(select(plan_table).where(plan_table.c.id == brought.plan.id)).one_or_none()
    if head is not None and head.digest == digest:
        return Brought(brought.plan, "unchanged")
    if head is not None and head.status == PlanStatus.STOPPED:
        raise PlanStopped(head.id, _("thay đổi nội dung"))
    old = load_plan(connection, head.id) if head is not None else None
    plan = as_followed(connection, brought.plan)
    register_bodies(connection, brought.agencies, keep_ends=True, but=plan.id, now=now, actor=actor)
    hold_plans(connection, [plan.id], duties=True)  # only now: a body's new end takes hold of other plans with this one
    _store(connection, plan, data, digest, head, now, actor)
    if head is not None and old is not None and head.status == PlanStatus.ACTIVE:
        made: Revised = revise(connection, old, plan, head, now=now, actor=actor)
        result = Brought(plan, "revised", made.made, made.moved, made.cancelled)
    else:
        result = Brought(plan, "added" if head is None else "replaced")
    entry = trail.Entry(f"plan_{result.outcome}", brought.plan.id, data={"digest": digest}, sample=brought.plan.sample)
    trail.write(connection, [entry], now=now, actor=actor)
    return result


def _store(
    connection: Connection,
    plan: Plan,
    data: bytes,
    digest: str,
    head: Row[Any] | None,
    now: datetime,
    actor: str,
) -> None:
    values = {
        "sample": plan.sample,
        "lead": plan.lead,
        "short": plan.short,
        "source": data.decode(),
        "digest": digest,
        "changed_at": now,
        "version": 1 if head is None else head.version + 1,
    }
    if head is None:
        connection.execute(plan_table.insert().values(id=plan.id, status=PlanStatus.DRAFT.value, **values))
    else:
        connection.execute(update(plan_table).where(plan_table.c.id == plan.id).values(values))
        # a text from before versions were kept is not lost when it is replaced
        insert_new(connection, plan_version, [_version(plan.id, dict(head._mapping), head.changed_at, "")])
    insert_new(connection, plan_version, [_version(plan.id, values, now, actor)])


def _version(plan_id: str, text: Mapping[str, Any], at: datetime, by: str) -> dict[str, Any]:
    kept = {name: text[name] for name in ("version", "source", "digest")}
    return {"plan_id": plan_id, **kept, "at": at, "by": by}


@dataclass(frozen=True, slots=True)
class Started:
    """What starting did: ``activated``, ``restarted`` (after a stop) or ``start_corrected``.

    ``made``: new occurrences; ``resumed``: those that the stop had cancelled; ``told``: bodies that get a message.
    """

    outcome: str
    start: date
    was: date | None = None
    made: int = 0
    resumed: int = 0
    told: int = 0
    changed: Retracked = field(default_factory=Retracked)


def activate(connection: Connection, plan_id: str, *, start: date | None = None, now: datetime, actor: str) -> Started:
    """Starts to follow a plan from a day (today if left out), starts a stopped one again, or puts the start day of
    a followed one right.

    What fell due before that day is listed and never reminded (D10). Touches our tables only, so it works
    while Prefect is down. Raises PlanUnknown, BadInput, PlanAlreadyActive (followed, and no other day is given).
    """
    alone(connection, INTAKE)
    hold_plans(connection, [plan_id], duties=True)
    head = connection.execute(select(plan_table).where(plan_table.c.id == plan_id)).one_or_none()
    if head is None:
        raise PlanUnknown(plan_id)
    plan = load_plan(connection, plan_id)
    if head.status == PlanStatus.ACTIVE and start in (None, head.active_from):
        raise PlanAlreadyActive(plan_id)
    begins = start or local_day(now)
    if begins < plan.issued.earliest:
        raise BadInput(
            _("Ngày bắt đầu theo dõi {day} trước ngày ban hành kế hoạch {issued}.").format(
                day=day_text(begins), issued=plan.issued
            )
        )
    values = {"status": PlanStatus.ACTIVE.value, "active_from": begins, "stopped_at": None, "changed_at": now}
    if head.status != PlanStatus.ACTIVE:
        values["activated_at"] = now
    connection.execute(update(plan_table).where(plan_table.c.id == plan_id).values(values))
    match head.status:
        case PlanStatus.ACTIVE:
            return _correct_start(connection, plan, head.active_from, begins, now=now, actor=actor)
        case PlanStatus.STOPPED:
            return _restart(connection, plan, begins, now=now, actor=actor)
        case _draft:
            return _start(connection, plan, begins, now=now, actor=actor)


def _start(connection: Connection, plan: Plan, begins: date, *, now: datetime, actor: str) -> Started:
    _list_parties(connection, plan, _told_at(begins, now))
    insert_new(connection, duty, [{"plan_id": plan.id, "id": d.id, "next_check_at": now} for d in plan.duties])
    _note(connection, plan, "activated", {"from": begins}, now=now, actor=actor)
    return Started("activated", begins, made=materialise_due(connection, now=now, plan_id=plan.id).occurrences)


def _restart(connection: Connection, plan: Plan, begins: date, *, now: datetime, actor: str) -> Started:
    """Follows a stopped plan again (decision 0007).

    1. What the stop cancelled stands as it stood before; what was cancelled for another reason stays so.
    2. What is missing is made; what falls due after a body's end is cancelled.
    3. What fell due while the plan was stopped and before the new start is "before tracking".
    4. No rung up to today or the start speaks; the bodies are told anew where there was a gap.
    """
    was = spans_of(connection, plan.id)
    _note(connection, plan, "restarted", {"from": begins}, now=now, actor=actor)
    silent_to = max(begins, local_day(now))
    resumed = 0
    cancelled = last_cancelled(connection, audit_event.c.plan_id == plan.id)
    closed = (occurrence.c.plan_id == plan.id) & (occurrence.c.state == State.CANCELLED.value)
    for row in connection.execute(locked(select(occurrence).where(closed).order_by(occurrence.c.id), connection)).all():
        why, before = cancelled.get(row.id, (None, State.OPEN))
        if why == PLAN_STOPPED:
            resume(connection, Occurrence.from_row(row), before, silent_to=silent_to, now=now, actor=actor)
            resumed += 1
    connection.execute(update(duty).where(duty.c.plan_id == plan.id).values(next_check_at=now))
    made = materialise_due(connection, now=now, plan_id=plan.id).occurrences
    changed = retrack(connection, plan.id, was, start=silent_to, silent_to=silent_to, now=now, actor=actor)
    bodies = {body.agency for each in plan.duties for body in each.responsible}
    settle_ends(connection, bodies, plan_id=plan.id, now=now, actor=actor)
    settle_own(connection, plan.id, now=now, actor=actor)
    connection.execute(update(party).where(_waiting_parties(plan)).values(next_check_at=_told_at(begins, now)))
    told = _tell_anew(connection, plan, None, begins, now) if _gap(was[-1], begins) else 0
    return Started("restarted", begins, was[-1].start, made, resumed, told, changed)


def _correct_start(
    connection: Connection, plan: Plan, was: date, begins: date, *, now: datetime, actor: str
) -> Started:
    """Puts the start day right, both ways; nothing that happened is erased (decision 0007).

    Bodies for which something begins to count are told anew, all of them where the plan begins on a day to come.
    """
    spans = spans_of(connection, plan.id)
    _note(connection, plan, "start_corrected", {"was": was, "is": begins}, now=now, actor=actor)
    silent_to = max(begins, local_day(now))
    changed = retrack(connection, plan.id, spans, start=begins, silent_to=silent_to, now=now, actor=actor)
    connection.execute(update(party).where(_waiting_parties(plan)).values(next_check_at=_told_at(begins, now)))
    concerned = {o.agency_id for o in changed.counted if o.state in OWED}
    told = _tell_anew(connection, plan, None if begins > local_day(now) else concerned, begins, now)
    return Started("start_corrected", begins, was, told=told, changed=changed)


def _gap(before: Span, begins: date) -> bool:
    """Whether something is new to the bodies: days without following, or so few of it that nobody was told."""
    return before.stop is not None and (before.stop < begins or before.stop <= before.start)


def _waiting_parties(plan: Plan) -> ColumnElement[bool]:
    return (party.c.plan_id == plan.id) & party.c.next_check_at.is_not(None)


def _told_at(begins: date, now: datetime) -> datetime:
    return max(now, moment(begins, MORNING)) if begins > local_day(now) else now


def _tell_anew(connection: Connection, plan: Plan, bodies: Collection[str] | None, begins: date, now: datetime) -> int:
    """One more ``assigned`` message for these bodies (None: for all of the plan) that was not waiting anyway."""
    rows = connection.execute(select(party).where(party.c.plan_id == plan.id)).all()
    at = _told_at(begins, now)
    told = 0
    for row in rows:
        if (bodies is None or row.agency_id in bodies) and row.next_check_at is None:
            announce_again(connection, plan.id, row.agency_id, row.relation, now=at)
            told += 1
    return told


def _note(connection: Connection, plan: Plan, kind: str, data: dict[str, date], *, now: datetime, actor: str) -> None:
    trail.write(connection, [trail.Entry(kind, plan.id, data=data, sample=plan.sample)], now=now, actor=actor)


def _list_parties(connection: Connection, plan: Plan, tell_from: datetime) -> None:
    rows: dict[str, dict[str, Any]] = {}
    for each in plan.duties:
        for body in each.responsible if each.rule.dated else ():
            rows.setdefault(
                body.agency,
                {
                    "plan_id": plan.id,
                    "agency_id": body.agency,
                    "relation": body.relation.value,
                    "revision": 1,
                    "next_check_at": tell_from,
                },
            )
    insert_new(connection, party, list(rows.values()))


def stop(connection: Connection, plan_id: str, *, reason: str = "", now: datetime, actor: str) -> int:
    """Stops following a plan: what is still owed is cancelled, its history stays. Returns how many were cancelled.

    ``reason`` is kept in the trail. Papers may still be recorded, nothing is sent any more; ``activate`` starts it
    again.
    """
    alone(connection, INTAKE)
    hold_plans(connection, [plan_id], duties=True)
    head = connection.execute(select(plan_table).where(plan_table.c.id == plan_id)).one_or_none()
    if head is None:
        raise PlanUnknown(plan_id)
    if head.status != PlanStatus.ACTIVE:
        raise PlanNotActive(plan_id)
    values = {"status": PlanStatus.STOPPED.value, "stopped_at": now, "changed_at": now}
    connection.execute(update(plan_table).where(plan_table.c.id == plan_id).values(values))
    connection.execute(update(duty).where(duty.c.plan_id == plan_id).values(next_check_at=None))
    connection.execute(update(party).where(party.c.plan_id == plan_id).values(next_check_at=None))
    open_ones = select(occurrence).where(
        occurrence.c.plan_id == plan_id, occurrence.c.state.in_(OWED), occurrence.c.before_tracking.is_(False)
    )
    rows = connection.execute(locked(open_ones.order_by(occurrence.c.id), connection)).all()
    cancelled = [Occurrence.from_row(row) for row in rows]
    for o in cancelled:
        cancel(connection, o, PLAN_STOPPED, now=now, actor=actor)
    came_in = (occurrence.c.plan_id == plan_id) & occurrence.c.state.in_((State.RECEIVED, State.ACCEPTED))
    connection.execute(update(occurrence).where(came_in).values(next_check_at=now))  # what waits to be said is dropped
    noted = {"cancelled": len(cancelled)} | ({"reason": reason} if reason else {})
    entry = trail.Entry("stopped", plan_id, data=noted, sample=head.sample)
    trail.write(connection, [entry], now=now, actor=actor)
    return len(cancelled)


def delete_plan(connection: Connection, plan_id: str) -> None:
    """Takes a draft, or the sample with its whole history, out of the register. Never a real plan once followed."""
    mine = select(occurrence.c.id).where(occurrence.c.plan_id == plan_id)
    answered = select(answer.c.paper_id).where(answer.c.occurrence_id.in_(mine))
    papers = sorted({row.paper_id for row in connection.execute(answered)})
    held = select(paper_file.c.hash).where(paper_file.c.paper_id.in_(answered))
    sent = select(claim_file.c.hash).where(claim_file.c.occurrence_id.in_(mine))
    hashes = sorted({*connection.execute(held).scalars(), *connection.execute(sent).scalars()})
    forget_letters(connection, plan_id)
    connection.execute(delete(answer).where(answer.c.occurrence_id.in_(mine)))
    for beside in (call_note, request, claim_file, figure_value):
        connection.execute(delete(beside).where(beside.c.occurrence_id.in_(mine)))
    connection.execute(delete(direction).where(direction.c.plan_id == plan_id))
    for start in range(0, len(papers), BATCH):
        chunk = papers[start : start + BATCH]
        connection.execute(delete(paper_file).where(paper_file.c.paper_id.in_(chunk)))
        connection.execute(update(paper).where(paper.c.id.in_(chunk)).values(replaced_by=None))
        connection.execute(delete(paper).where(paper.c.id.in_(chunk)))
    # contents that no paper holds any more; the bytes lie outside the register
    connection.execute(delete(stored_file).where(unheld(), stored_file.c.hash.in_(hashes)))
    connection.execute(update(reading_table).where(reading_table.c.plan_id == plan_id).values(plan_id=None))
    for table in (acknowledgement, occurrence, party, duty, plan_version, lead_change):
        connection.execute(delete(table).where(table.c.plan_id == plan_id))
    connection.execute(delete(audit_event).where(audit_event.c.plan_id == plan_id, audit_event.c.sample.is_(True)))
    connection.execute(delete(plan_table).where(plan_table.c.id == plan_id))
