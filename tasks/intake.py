"""Bringing a plan in, starting and stopping to follow it, and taking a changed file over."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.engine import Connection, Row

from plans.calendar import MORNING, local_day, moment
from plans.files import PlanFile, read_plan
from plans.model import Plan, Register
from plans.text import _, day_text
from tasks import trail
from tasks.agencies import load_plan, load_register, save_agencies
from tasks.database import BATCH, insert_new
from tasks.desk_tables import call_note, direction, paper_file, request, stored_file
from tasks.errors import BadInput, PlanAlreadyActive, PlanNotActive, PlanUnknown
from tasks.lifecycle import Move, apply
from tasks.materialise import horizon, materialise_due, occurrence_row, owed, recompute
from tasks.model import OWED, Cause, Occurrence, PlanStatus, State
from tasks.moves import announce_again, reopen
from tasks.office import office_of, working_calendar
from tasks.tables import answer, audit_event, duty, occurrence, paper, party
from tasks.tables import plan as plan_table


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
    brought = read_plan(data, file=file, register=load_register(connection))
    digest = hashlib.sha256(data).hexdigest()
    head = connection.execute(select(plan_table).where(plan_table.c.id == brought.plan.id)).one_or_none()
    if head is not None and head.digest == digest:
        return Brought(brought.plan, "unchanged")
    if head is not None and head.status == PlanStatus.STOPPED:
        raise BadInput(_("Kế hoạch {plan} đã dừng theo dõi, không thay đổi được nữa.").format(plan=head.id))
    save_agencies(connection, brought.agencies)
    old = load_plan(connection, head.id) if head is not None else None
    _store(connection, brought, data, digest, head, now)
    outcome = "added" if head is None else "replaced"
    if head is not None and old is not None and head.status == PlanStatus.ACTIVE:
        result = _revise(connection, old, brought.plan, head, now=now, actor=actor)
    else:
        result = Brought(brought.plan, outcome)
    entry = trail.Entry(f"plan_{result.outcome}", brought.plan.id, data={"digest": digest}, sample=brought.plan.sample)
    trail.write(connection, [entry], now=now, actor=actor)
    return result


def _store(
    connection: Connection, brought: PlanFile, data: bytes, digest: str, head: Row[Any] | None, now: datetime
) -> None:
    plan = brought.plan
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


def activate(connection: Connection, plan_id: str, *, start: date | None = None, now: datetime, actor: str) -> int:
    """Starts to follow a plan from a day (today if left out); returns the number of occurrences made.

    What fell due before that day is listed and never reminded (D10). Touches our tables only, so it works
    while Prefect is down. Raises PlanUnknown, PlanAlreadyActive, BadInput.
    """
    head = connection.execute(select(plan_table).where(plan_table.c.id == plan_id)).one_or_none()
    if head is None:
        raise PlanUnknown(plan_id)
    if head.status == PlanStatus.ACTIVE:
        raise PlanAlreadyActive(plan_id)
    if head.status == PlanStatus.STOPPED:  # its occurrences are cancelled: it would look followed and never be
        raise BadInput(_("Kế hoạch {plan} đã dừng theo dõi, không thay đổi được nữa.").format(plan=plan_id))
    plan = load_plan(connection, plan_id)
    begins = start or local_day(now)
    if begins < plan.issued.earliest:
        raise BadInput(
            _("Ngày bắt đầu theo dõi {day} trước ngày ban hành kế hoạch {issued}.").format(
                day=day_text(begins), issued=plan.issued
            )
        )
    values = {
        "status": PlanStatus.ACTIVE.value,
        "active_from": begins,
        "activated_at": now,
        "stopped_at": None,
        "changed_at": now,
    }
    connection.execute(update(plan_table).where(plan_table.c.id == plan_id).values(values))
    tell_from = max(now, moment(begins, MORNING)) if begins > local_day(now) else now
    _list_parties(connection, plan, tell_from)
    insert_new(connection, duty, [{"plan_id": plan.id, "id": d.id, "next_check_at": now} for d in plan.duties])
    entry = trail.Entry("activated", plan.id, data={"from": begins}, sample=plan.sample)
    trail.write(connection, [entry], now=now, actor=actor)
    return materialise_due(connection, now=now, plan_id=plan.id).occurrences


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


def stop(connection: Connection, plan_id: str, *, now: datetime, actor: str) -> int:
    """Stops following a plan: what is still owed is cancelled, its history stays. Returns how many were cancelled."""
    head = connection.execute(select(plan_table).where(plan_table.c.id == plan_id)).one_or_none()
    if head is None:
        raise PlanUnknown(plan_id)
    if head.status != PlanStatus.ACTIVE:
        raise PlanNotActive(plan_id)
    values = {"status": PlanStatus.STOPPED.value, "stopped_at": now, "changed_at": now}
    connection.execute(update(plan_table).where(plan_table.c.id == plan_id).values(values))
    connection.execute(update(duty).where(duty.c.plan_id == plan_id).values(next_check_at=None))
    connection.execute(update(party).where(party.c.plan_id == plan_id).values(next_check_at=now))
    open_ones = select(occurrence).where(
        occurrence.c.plan_id == plan_id, occurrence.c.state.in_(OWED), occurrence.c.before_tracking.is_(False)
    )
    cancelled = [Occurrence.from_row(row) for row in connection.execute(open_ones)]
    for o in cancelled:
        _cancel(connection, o, "plan_stopped", now=now, actor=actor)
    entry = trail.Entry("stopped", plan_id, data={"cancelled": len(cancelled)}, sample=head.sample)
    trail.write(connection, [entry], now=now, actor=actor)
    return len(cancelled)


def delete_plan(connection: Connection, plan_id: str) -> None:
    """Takes a draft, or the sample with its whole history, out of the register. Never a real plan once followed."""
    mine = select(occurrence.c.id).where(occurrence.c.plan_id == plan_id)
    answered = select(answer.c.paper_id).where(answer.c.occurrence_id.in_(mine))
    papers = sorted({row.paper_id for row in connection.execute(answered)})
    held = select(paper_file.c.hash).where(paper_file.c.paper_id.in_(answered))
    hashes = sorted(set(connection.execute(held).scalars()))
    connection.execute(delete(answer).where(answer.c.occurrence_id.in_(mine)))
    for beside in (call_note, request):
        connection.execute(delete(beside).where(beside.c.occurrence_id.in_(mine)))
    connection.execute(delete(direction).where(direction.c.plan_id == plan_id))
    for start in range(0, len(papers), BATCH):
        chunk = papers[start : start + BATCH]
        connection.execute(delete(paper_file).where(paper_file.c.paper_id.in_(chunk)))
        connection.execute(update(paper).where(paper.c.id.in_(chunk)).values(replaced_by=None))
        connection.execute(delete(paper).where(paper.c.id.in_(chunk)))
    # contents that no paper holds any more; the bytes lie outside the register
    unheld = stored_file.c.hash.not_in(select(paper_file.c.hash))
    connection.execute(delete(stored_file).where(unheld, stored_file.c.hash.in_(hashes)))
    for table in (occurrence, party, duty):
        connection.execute(delete(table).where(table.c.plan_id == plan_id))
    connection.execute(delete(audit_event).where(audit_event.c.plan_id == plan_id, audit_event.c.sample.is_(True)))
    connection.execute(delete(plan_table).where(plan_table.c.id == plan_id))


def _cancel(connection: Connection, o: Occurrence, why: str, *, now: datetime, actor: str) -> None:
    apply(connection, o, Move.CANCEL, {}, state=State.CANCELLED, data={"why": why}, now=now, actor=actor)


def _revise(connection: Connection, old: Plan, new: Plan, head: Row[Any], *, now: datetime, actor: str) -> Brought:
    """Takes a changed file over into a plan that is being followed.

    1. What the new text no longer orders is cancelled, unless something came in for it already; what an earlier
       text had dropped and this one orders again is owed again.
    2. Deadlines that moved become a new revision, unless a document of the issuer has extended them or a paper was
       returned with a day of its own. Where only the plan's reading changed, agencies need not be told.
    3. New duties and bodies are followed from today.
    4. Every body concerned gets one message with its duties and dates anew.
    """
    if new.lead != old.lead or new.sample != old.sample:
        raise BadInput(_("Không đổi được đơn vị theo dõi của một kế hoạch đang được theo dõi."))
    wanted = _wanted(connection, new, head, now)
    rows = connection.execute(select(occurrence).where(occurrence.c.plan_id == new.id)).all()
    present = {row.id: Occurrence.from_row(row) for row in rows}
    successors = {o.transferred_to for o in present.values()}  # taken over by a body that is in no plan file
    kept = {each.id for each in new.duties if each.rule.dated}
    concerned: dict[str, str] = {}
    cancelled = moved = 0
    for o in present.values():
        row = wanted.get(o.id)
        if o.state is State.CANCELLED and row is not None and not row["before_tracking"]:
            o = reopen(connection, o.id, now=now, actor=actor)
            concerned[o.agency_id] = o.relation
        if o.state not in OWED or o.before_tracking or o.transferred_to:
            continue
        if row is None and not (o.id in successors and o.duty_id in kept):
            _cancel(connection, o, "plan_revised", now=now, actor=actor)
            cancelled += 1
        elif row is not None:
            _take_over(connection, o, row)
            stands = o.extended_by is not None or o.resend_by is not None
            if not stands and (row["due"], row["last_day"]) != (o.due, o.last_day):
                _move_deadline(connection, o, row, now=now, actor=actor)
                concerned[o.agency_id] = row["relation"]
                moved += 1
    fresh = [row for key, row in wanted.items() if key not in present]
    insert_new(connection, occurrence, fresh)
    concerned |= {row["agency_id"]: row["relation"] for row in fresh if not row["before_tracking"]}
    _follow_duties(connection, new, now)
    recompute(connection, now=now, cause=Cause.READING, plan_id=new.id)
    for agency_id, relation in concerned.items():
        announce_again(connection, new.id, agency_id, relation, now=now)
    return Brought(new, "revised", made=len(fresh), moved=moved, cancelled=cancelled)


def _wanted(connection: Connection, plan: Plan, head: Row[Any], now: datetime) -> dict[str, dict[str, Any]]:
    calendar = working_calendar(connection)
    register: Register = load_register(connection)
    reading = plan.reading.over(office_of(connection, plan.lead).reading)
    today = max(local_day(now), head.active_from)
    rows = {}
    for each in plan.duties:
        for body, slot in owed(plan, each, register, start=plan.issued.earliest, end=horizon(now)):
            row = occurrence_row(
                plan, each, body, slot, reading=reading, calendar=calendar, tracked_from=today, now=now
            )
            rows[row["id"]] = row
    return rows


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
