"""What somebody has to see to: who cannot be reached, what the head is asked, how the installation itself stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.engine import Connection

from app.board import plan_name, rung_label
from app.doctor import register
from app.doctor.model import Finding, Level
from app.views.morning import title_of
from app.views.scope import Units, of_units
from notifications.contacts import ContactRole
from notifications.ladder import Role
from notifications.planner import PlanningContext
from notifications.posts import in_post
from notifications.tables import contact, message, message_notice, notice, replacement, waits_as
from people.rights import Role as PersonRole
from people.tables import account, post
from plans.calendar import local_day
from plans.model import Relation
from plans.text import sort_key
from tasks.desk_tables import direction
from tasks.model import OWED, Occurrence, PlanStatus
from tasks.status import status_text
from tasks.tables import agency, occurrence, party
from tasks.tables import plan as plan_table

NAMED = 8  # bodies and questions that are named; the number tells how many there are
_RECENT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Unreached:
    """A body without an address. ``waiting``: messages that wait for one; ``officer``: it is the lead unit's own."""

    id: str
    name: str
    waiting: int
    officer: bool


@dataclass(frozen=True, slots=True)
class Reach:
    bodies: tuple[Unreached, ...]
    number: int
    failed: int  # messages of the last seven days
    unknown: int  # whose fate nobody knows


@dataclass(frozen=True, slots=True)
class Question:
    """An occurrence about which the head was asked and has said nothing since."""

    id: str
    title: str
    plan_name: str
    agency: str
    lead: str
    status_text: str
    rung: str
    asked_on: date


@dataclass(frozen=True, slots=True)
class People:
    """The accounts, for the administrator."""

    active: int
    first_password: int
    leads_without: tuple[str, ...]  # lead units for which nobody can sign in to work


def reach(connection: Connection, units: Units, *, now: datetime) -> Reach:
    """Bodies that owe something and have no address, lead units without an officer, letters that did not arrive."""
    found = without_anybody(connection, units, today=local_day(now))
    failed, unknown = _lost(connection, units, now)
    return Reach(tuple(found[:NAMED]), len(found), failed, unknown)


def without_anybody(connection: Connection, units: Units, *, today: date) -> list[Unreached]:
    """Lead units for whose officer nobody holds the post today, then bodies without an address."""
    return [*_without_officer(connection, units, today), *_without_address(connection, units, today)]


def _without_officer(connection: Connection, units: Units, today: date) -> list[Unreached]:
    officer = exists().where(
        contact.c.agency_id == plan_table.c.lead, contact.c.role == ContactRole.OFFICER.value, in_post(today)
    )
    chosen = (
        select(agency.c.id, agency.c.name)
        .join(plan_table, plan_table.c.lead == agency.c.id)
        .where(plan_table.c.status == PlanStatus.ACTIVE.value, of_units(units), ~officer)
        .distinct()
        .order_by(agency.c.id)
    )
    return [Unreached(row.id, row.name, 0, True) for row in connection.execute(chosen)]


def _without_address(connection: Connection, units: Units, today: date) -> list[Unreached]:
    """Those for whom most waits first. Bodies that are never written to are not missing anything."""
    reachable = exists().where(
        contact.c.agency_id == party.c.agency_id, contact.c.role == ContactRole.AGENCY.value, in_post(today)
    )
    owes = exists().where(
        occurrence.c.agency_id == party.c.agency_id,
        occurrence.c.state.in_(OWED),
        occurrence.c.before_tracking.is_(False),
    )
    waiting = (
        select(notice.c.body, func.count().label("number"))
        .where(waits_as("no_contact"), notice.c.role == Role.AGENCY.value)
        .group_by(notice.c.body)
        .subquery()
    )
    silent = [func.coalesce(agency.c.document[key].as_boolean(), False) for key in ("unlisted", "never_messaged")]
    number = func.coalesce(waiting.c.number, 0).label("number")
    chosen = (
        select(agency.c.id, agency.c.name, number)
        .select_from(
            party.join(plan_table, plan_table.c.id == party.c.plan_id)
            .join(agency, agency.c.id == party.c.agency_id)
            .outerjoin(waiting, waiting.c.body == party.c.agency_id)
        )
        .where(
            plan_table.c.status == PlanStatus.ACTIVE.value,
            of_units(units),
            party.c.relation != Relation.SELF.value,
            *(~each for each in silent),
            ~reachable,
            owes,
        )
        .distinct()
        .order_by(number.desc(), agency.c.id)
    )
    return [Unreached(row.id, row.name, row.number, False) for row in connection.execute(chosen)]


def _lost(connection: Connection, units: Units, now: datetime) -> tuple[int, int]:
    mine = (
        select(message_notice.c.message_id)
        .join(notice, notice.c.id == message_notice.c.notice_id)
        .join(plan_table, plan_table.c.id == notice.c.plan_id)
        .where(of_units(units))
    )
    lost = or_(
        and_(message.c.status == "failed", message.c.settled_at >= now - _RECENT),
        and_(message.c.status == "unknown", message.c.next_try_at.is_(None)),
    )
    counted = select(message.c.status, func.count()).where(lost, ~replaced(), message.c.id.in_(mine))
    counted = counted.group_by(message.c.status)
    numbers = {row[0]: int(row[1]) for row in connection.execute(counted)}
    return numbers.get("failed", 0), numbers.get("unknown", 0)


def replaced() -> ColumnElement[bool]:
    """Another message has taken its place, by the next channel."""
    return exists(select(replacement.c.message_id).where(replacement.c.instead_of == message.c.id))


def questions(connection: Connection, units: Units, *, now: datetime) -> tuple[tuple[Question, ...], int]:
    """What the head was asked and has not answered, the oldest first; and how many there are."""
    context = PlanningContext(connection)
    answered = exists().where(direction.c.occurrence_id == notice.c.occurrence_id, direction.c.at >= notice.c.queued_at)
    chosen = (
        select(
            occurrence,
            agency.c.name.label("agency_name"),
            notice.c.rung,
            notice.c.day,
            func.count().over().label("in_all"),
        )
        .select_from(
            notice.join(occurrence, occurrence.c.id == notice.c.occurrence_id)
            .join(plan_table, plan_table.c.id == notice.c.plan_id)
            .join(agency, agency.c.id == notice.c.agency_id)
        )
        .where(
            notice.c.role == Role.HEAD.value,
            notice.c.status != "skipped",
            notice.c.revision == occurrence.c.revision,
            notice.c.id.in_(_newest_to_head(units)),
            occurrence.c.state.in_(OWED),
            of_units(units),
            ~answered,
        )
        .order_by(notice.c.day, occurrence.c.id)
        .limit(NAMED)
    )
    rows = connection.execute(chosen).all()
    context.expect(row.plan_id for row in rows)
    today = local_day(now)
    found = []
    for row in rows:
        o, plan = Occurrence.from_row(row), context.plan(row.plan_id)
        words = (status_text(o, today=today), rung_label(row.rung), row.day)
        found.append(Question(o.id, title_of(context, o), plan_name(plan), row.agency_name, plan.lead, *words))
    return tuple(found), rows[0].in_all if rows else 0


def _newest_to_head(units: Units) -> Select[tuple[int]]:
    return (
        select(func.max(notice.c.id))
        .join(plan_table, plan_table.c.id == notice.c.plan_id)
        .where(notice.c.role == Role.HEAD.value, notice.c.status != "skipped", of_units(units))
        .group_by(notice.c.occurrence_id)
    )


def alarms(connection: Connection, *, now: datetime) -> list[Finding]:
    """What the register itself says of the installation: held, an odd clock, nobody looks at it."""
    looks = (
        register.look_at_hold(connection),
        register.look_at_clock(connection, now=now),
        register.look_at_planner(connection, now=now),
    )
    return [finding for found in looks for finding in found if finding.level is not Level.OK]


def more_alarms(connection: Connection, *, now: datetime) -> list[Finding]:
    """What only the administrator can mend."""
    looks = (
        register.look_at_outbox(connection, now=now),
        register.look_at_calendar(connection, now=now),
        register.look_at_backup(connection, now=now),
    )
    return [finding for found in looks for finding in found if finding.level is not Level.OK]


def people(connection: Connection, *, today: date) -> People:
    """Accounts, and the lead units that nobody can work for."""
    mine = account.c.active.is_(True)
    first = func.sum(case((account.c.must_change, 1), else_=0))
    active, unused = connection.execute(select(func.count(), first).where(mine)).one()
    works = exists().where(
        post.c.account_id == account.c.id,
        mine,
        post.c.role == PersonRole.COORDINATOR.value,
        post.c.unit == plan_table.c.lead,
        post.c.since <= today,
        or_(post.c.until.is_(None), post.c.until >= today),
    )
    chosen = (
        select(agency.c.name)
        .join(plan_table, plan_table.c.lead == agency.c.id)
        .where(plan_table.c.status == PlanStatus.ACTIVE.value, plan_table.c.sample.is_(False), ~works)
        .distinct()
    )
    names = sorted(connection.execute(chosen).scalars(), key=sort_key)
    return People(int(active), int(unused or 0), tuple(names))
