"""Thay đơn vị theo dõi: a plan is followed up by another unit from a day on (D10, decision 0009).

``hand_lead`` does it at once where the day has come; a day that is still ahead is agreed, and ``advance`` makes it
true when it comes (``hand_leads``).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Engine, delete, select, update
from sqlalchemy.engine import Connection

from plans.calendar import local_day
from plans.model import Agency, Plan, Relation
from plans.text import _, day_text
from tasks import trail
from tasks.agencies import INTAKE, load_plan, load_register
from tasks.database import alone, locked, reading, writing
from tasks.desk_tables import plan_draft
from tasks.errors import BadInput, PlanUnknown, RegisterError
from tasks.handing import Kept, Step, give_back_joined, hand
from tasks.leads import LeadChange, lead_changes, led_since
from tasks.lifecycle import AGENCY_ENDED, hold_plans, last_cancelled
from tasks.materialise import recompute
from tasks.model import OWED, Cause, Occurrence, PlanStatus, State
from tasks.moves import announce_again
from tasks.tables import audit_event, duty, lead_change, occurrence, party
from tasks.tables import plan as plan_table

log = logging.getLogger(__name__)

FARTHEST = timedelta(days=366)  # how far ahead a hand-over may be agreed


@dataclass(frozen=True, slots=True)
class Led:
    """What handing one plan over did. ``at_once``: it has taken effect; else it waits for its day.

    ``steps`` and ``kept``: what the former unit owed itself; ``moved``: deadlines that the new unit reads otherwise;
    ``told``: bodies that are told their duties and dates anew.
    """

    plan_id: str
    was: str
    to: str
    since: date
    at_once: bool
    steps: tuple[Step, ...] = ()
    kept: tuple[Kept, ...] = ()
    moved: int = 0
    told: int = 0


def hand_lead(
    connection: Connection, plan_id: str, to: Agency, *, since: date, document: str, now: datetime, actor: str
) -> Led:
    """From that day on ``to`` follows the plan up. A day that was agreed before and is still ahead is dropped.

    1. Its officer and head get the checks, escalations and briefs; who works for it has the rights over the plan.
    2. What the former unit owed itself is handed over; the plan's past stays as it was.
    3. Deadlines are read as the new unit reads them, and every body that owes something is told anew.

    Raises PlanUnknown, BadInput.
    """
    alone(connection, INTAKE)
    hold_plans(connection, [plan_id], duties=True)
    was = connection.execute(select(plan_table.c.lead).where(plan_table.c.id == plan_id)).scalar_one_or_none()
    if was is None:
        raise PlanUnknown(plan_id)
    plan = load_plan(connection, plan_id)
    _check(plan, to, since, document, today=local_day(now))
    _drop_agreed(connection, plan_id)
    at_once = since <= local_day(now)
    values = {"plan_id": plan_id, "since": since, "was": was, "lead": to.id, "document": document.strip()}
    written = lead_change.insert().values(**values, at=now, by=actor, applied_at=now if at_once else None)
    connection.execute(written)
    _note(connection, "lead_changed" if at_once else "lead_planned", plan, to.id, since, document, now, actor)
    if not at_once:
        return Led(plan_id, was, to.id, since, False)
    return _apply(connection, plan, to, since, now=now, actor=actor)


def due_changes(connection: Connection, *, now: datetime, plan_id: str | None = None) -> list[LeadChange]:
    """The hand-overs whose day has come and that have not taken effect."""
    chosen = select(lead_change).where(lead_change.c.applied_at.is_(None), lead_change.c.since <= local_day(now))
    if plan_id is not None:
        chosen = chosen.where(lead_change.c.plan_id == plan_id)
    return [LeadChange(**row._mapping) for row in connection.execute(chosen.order_by(lead_change.c.id))]


def hand_leads(engine: Engine, *, now: datetime, plan_id: str | None = None) -> dict[str, str]:
    """Makes the hand-overs true whose day has come. One that cannot be made is named with its reason, and the others
    go on; it is tried again the next time."""
    failed = {}
    with reading(engine) as connection:
        waiting = due_changes(connection, now=now, plan_id=plan_id)
    for change in waiting:
        try:
            with writing(engine) as connection:
                take_effect(connection, change, now=now)
        except RegisterError as error:
            log.exception("cannot be handed over plan=%s", change.plan_id)
            failed[change.plan_id] = str(error)
    return failed


def take_effect(connection: Connection, change: LeadChange, *, now: datetime) -> None:
    """Makes an agreed hand-over true; a second time nothing happens. Raises BadInput where it cannot be."""
    alone(connection, INTAKE)
    hold_plans(connection, [change.plan_id], duties=True)
    mine = (lead_change.c.id == change.id) & lead_change.c.applied_at.is_(None)
    if connection.execute(update(lead_change).where(mine).values(applied_at=now)).rowcount != 1:
        return
    to = load_register(connection)[change.lead]
    plan = load_plan(connection, change.plan_id)
    _check(plan, to, change.since, change.document, today=local_day(now))
    _note(connection, "lead_changed", plan, to.id, change.since, change.document, now, change.by)
    _apply(connection, plan, to, change.since, now=now, actor=change.by)


def withdraw(connection: Connection, plan_id: str, *, now: datetime, actor: str) -> LeadChange:
    """Takes back what was agreed for a day still ahead. Raises PlanUnknown, BadInput where nothing was."""
    alone(connection, INTAKE)
    plan = load_plan(connection, plan_id)
    agreed = agreed_change(connection, plan_id)
    if agreed is None:
        raise BadInput(_("Kế hoạch {plan} không có việc thay đơn vị theo dõi nào đang chờ.").format(plan=plan_id))
    _drop_agreed(connection, plan_id)
    _note(connection, "lead_withdrawn", plan, agreed.lead, agreed.since, agreed.document, now, actor)
    return agreed


def agreed_change(connection: Connection, plan_id: str) -> LeadChange | None:
    """The hand-over of this plan whose day is still ahead."""
    found = lead_changes(connection, [plan_id]).get(plan_id, [])
    return next((each for each in found if each.applied_at is None), None)


def hand_own(connection: Connection, plan: Plan, *, now: datetime, actor: str) -> tuple[list[Step], list[Kept]]:
    """What former lead units of this plan owe themselves goes to the present one; what cannot is named."""
    made = led_since(connection, plan.id)
    if made is None:
        return [], []
    lead = load_register(connection)[plan.lead]
    o = occurrence.c
    theirs = (o.plan_id == plan.id) & (o.relation == Relation.SELF.value) & (o.agency_id != plan.lead)
    chosen = select(occurrence).where(theirs, o.before_tracking.is_(False), o.state.in_(OWED | {State.CANCELLED}))
    rows = connection.execute(locked(chosen.order_by(o.last_day, o.id), connection)).all()
    why = last_cancelled(connection, audit_event.c.plan_id == plan.id)
    steps, kept = [], []
    own = {(each.id, body.agency) for each in plan.duties for body in each.responsible}
    for each in map(Occurrence.from_row, rows):
        if each.state is State.CANCELLED and why.get(each.id, ("", None))[0] != AGENCY_ENDED:
            continue
        try:
            with connection.begin_nested():
                if (each.duty_id, each.agency_id) in own:  # it stands in the text as an ordinary body
                    given = give_back_joined(connection, each, lead, made.document, now=now, actor=actor)
                    steps += [given] if given else []
                else:
                    steps.append(hand(connection, each, lead, made.document, now=now, actor=actor))
        except RegisterError as error:
            kept.append(Kept(each, lead.id, str(error)))
    return steps, kept


def _check(plan: Plan, to: Agency, since: date, document: str, *, today: date) -> None:
    if not document.strip():
        raise BadInput(_("Ghi số, ngày văn bản giao đơn vị khác theo dõi."))
    if to.id == plan.lead:
        raise BadInput(_("{agency} đang là đơn vị theo dõi của {plan}.").format(agency=to.name, plan=plan.id))
    if to.unlisted or to.never_messaged:
        raise BadInput(_("{agency} không phải một đơn vị có thể theo dõi, đôn đốc.").format(agency=to.name))
    if to.until is not None and to.until < max(since, today):
        said = _("{agency} kết thúc hoạt động ngày {day}, không thể theo dõi từ ngày {since}.")
        raise BadInput(said.format(agency=to.name, day=day_text(to.until), since=day_text(since)))
    if to.start is not None and since < to.start:
        said = _("{agency} hoạt động từ ngày {day}, không thể theo dõi từ ngày {since}.")
        raise BadInput(said.format(agency=to.name, day=day_text(to.start), since=day_text(since)))
    if since < plan.issued.earliest:
        said = _("Ngày {day} trước ngày ban hành kế hoạch {issued}.")
        raise BadInput(said.format(day=day_text(since), issued=plan.issued))
    if since > today + FARTHEST:
        raise BadInput(_("Ngày {day} còn quá xa; định trước nhiều nhất một năm.").format(day=day_text(since)))


def _drop_agreed(connection: Connection, plan_id: str) -> None:
    agreed = (lead_change.c.plan_id == plan_id) & lead_change.c.applied_at.is_(None)
    connection.execute(delete(lead_change).where(agreed))


def _note(
    connection: Connection, kind: str, plan: Plan, to: str, since: date, document: str, now: datetime, actor: str
) -> None:
    names = load_register(connection)
    data = {
        "was": plan.lead,
        "was_name": names[plan.lead].name,
        "is": to,
        "is_name": names[to].name,
        "since": since,
        "document": document.strip(),
    }
    trail.write(connection, [trail.Entry(kind, plan.id, data=data, sample=plan.sample)], now=now, actor=actor)


def _apply(connection: Connection, plan: Plan, to: Agency, since: date, *, now: datetime, actor: str) -> Led:
    values = {"lead": to.id, "changed_at": now}
    connection.execute(update(plan_table).where(plan_table.c.id == plan.id).values(values))
    connection.execute(update(plan_draft).where(plan_draft.c.plan_id == plan.id).values(lead=to.id))
    status = connection.execute(select(plan_table.c.status).where(plan_table.c.id == plan.id)).scalar_one()
    if status != PlanStatus.ACTIVE:
        return Led(plan.id, plan.lead, to.id, since, True)
    led = load_plan(connection, plan.id)
    steps, kept = hand_own(connection, led, now=now, actor=actor)
    _stand(connection, led)
    connection.execute(update(duty).where(duty.c.plan_id == plan.id).values(next_check_at=now))
    moved = recompute(connection, now=now, cause=Cause.READING, plan_id=plan.id)
    told = _tell(connection, plan.id, now)
    return Led(plan.id, plan.lead, to.id, since, True, tuple(steps), tuple(kept), moved, told)


def _stand(connection: Connection, plan: Plan) -> None:
    """Only the lead unit owes something to itself: the relation of what it owes as another body, and of what a former
    lead unit owes as an ordinary one again, changes with the hand-over."""
    standing = {(each.id, body.agency): body.relation.value for each in plan.duties for body in each.responsible}
    of_body = {agency_id: relation for (_duty, agency_id), relation in standing.items()}
    o = occurrence.c
    concerned = (o.agency_id == plan.lead) | (o.relation == Relation.SELF.value)
    owed = (o.plan_id == plan.id) & o.state.in_(OWED) & concerned
    rows = connection.execute(select(o.id, o.duty_id, o.agency_id, o.relation).where(owed).order_by(o.id)).all()
    for row in rows:
        relation = _relation(plan, row.agency_id, standing.get((row.duty_id, row.agency_id)))
        if relation != row.relation:
            connection.execute(update(occurrence).where(o.id == row.id).values(relation=relation))
    theirs = (party.c.agency_id == plan.lead) | (party.c.relation == Relation.SELF.value)
    for row in connection.execute(select(party).where(party.c.plan_id == plan.id, theirs)).all():
        relation = _relation(plan, row.agency_id, of_body.get(row.agency_id))
        mine = (party.c.plan_id == plan.id) & (party.c.agency_id == row.agency_id)
        connection.execute(update(party).where(mine).values(relation=relation))


def _relation(plan: Plan, agency_id: str, known: str | None) -> str:
    if agency_id == plan.lead:
        return Relation.SELF.value
    return known if known is not None and known != Relation.SELF.value else Relation.PEER.value


def _tell(connection: Connection, plan_id: str, now: datetime) -> int:
    """Every body that owes something learns to whom it goes now, and whom to call."""
    o = occurrence.c
    owed = (o.plan_id == plan_id) & o.state.in_(OWED) & o.before_tracking.is_(False)
    rows = connection.execute(select(o.agency_id, o.relation).where(owed).distinct().order_by(o.agency_id)).all()
    told: dict[str, str] = {row.agency_id: row.relation for row in rows}
    for agency_id, relation in told.items():
        announce_again(connection, plan_id, agency_id, relation, now=now)
    return len(told)


def settle_own(connection: Connection, plan_id: str, *, now: datetime, actor: str) -> None:
    """After a stop: what a former lead unit owed itself when the plan was stopped goes to the present one."""
    plan = load_plan(connection, plan_id)
    steps, _kept = hand_own(connection, plan, now=now, actor=actor)
    if steps:
        _stand(connection, plan)
