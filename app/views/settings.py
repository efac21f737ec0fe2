"""What the pages of settings show: an office's choices, the people with their posts, the days of a year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.engine import Connection

from app.views.scope import Units
from notifications.contacts import Contact, ContactRole, contacts_of
from people import accounts
from people.accounts import Account
from people.rights import Post, role_name
from plans.calendar import WorkingCalendar
from plans.model import DEFAULT_LADDER, Ladder
from plans.text import fold, sort_key
from tasks.agencies import load_register
from tasks.office import Office, office_of, working_calendar
from tasks.tables import agency, calendar_day, setting
from tasks.tables import plan as plan_table

PAGE = 50
_POSTS = (ContactRole.OFFICER, ContactRole.STAND_IN, ContactRole.HEAD)


@dataclass(frozen=True, slots=True)
class Unit:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class OfficePage:
    """The choices of one scope. ``own``: the names of what it has chosen itself, the rest is the level above's."""

    unit: Unit | None  # None: what holds for every unit without a choice of its own
    office: Office
    ladder: Ladder
    own: frozenset[str]
    contacts: tuple[Contact, ...]


@dataclass(frozen=True, slots=True)
class HeldPost:
    id: int
    role: str
    unit: str
    since: date
    until: date | None
    state: str  # held, coming, past


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    login: str
    name: str
    state: str  # active, first, closed
    posts: tuple[HeldPost, ...]


@dataclass(frozen=True, slots=True)
class People:
    lines: tuple[Person, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    working: bool
    name: str
    chosen: bool  # the office's own word, not the shipped list's


@dataclass(frozen=True, slots=True)
class Year:
    year: int
    official: bool
    days: tuple[Day, ...]


def lead_units(connection: Connection, units: Units) -> list[Unit]:
    """The units whose settings may be chosen, in Vietnamese order; None: all that lead a plan."""
    wanted = select(plan_table.c.lead) if units is None else sorted(units)
    rows = connection.execute(select(agency.c.id, agency.c.name).where(agency.c.id.in_(wanted)))
    return sorted((Unit(row.id, row.name) for row in rows), key=lambda each: sort_key(each.name))


def office_page(connection: Connection, scope: str) -> OfficePage:
    """``scope``: a lead unit, or "" for the whole installation. Raises AgencyUnknown."""
    unit = Unit(scope, load_register(connection)[scope].name) if scope else None
    office = office_of(connection, scope)
    own = connection.execute(select(setting.c.name).where(setting.c.scope == scope)).scalars()
    mine = [each for each in contacts_of(connection, scope) if each.role in _POSTS] if scope else []
    mine.sort(key=lambda each: (_POSTS.index(each.role), sort_key(each.name)))
    return OfficePage(unit, office, office.ladder or DEFAULT_LADDER, frozenset(own), tuple(mine))


def people(connection: Connection, words: str, page: int, *, today: date) -> People:
    """One page of the accounts, open ones first, by name; ``words`` look at names, logins and units."""
    names = _names(connection)
    found = [_person(each, names, today) for each in accounts.all_accounts(connection)]
    tokens = fold(words).split()
    chosen = [each for each in found if all(token in _searched(each) for token in tokens)]
    chosen.sort(key=lambda each: (each.state == "closed", sort_key(each.name), each.login))
    pages = max(1, -(-len(chosen) // PAGE))
    page = min(max(1, page), pages)
    return People(tuple(chosen[(page - 1) * PAGE : page * PAGE]), len(chosen), page, pages)


def person(connection: Connection, account_id: int, *, today: date) -> Person:
    """Raises BadAccount."""
    return _person(accounts.load(connection, account_id), _names(connection), today)


def year(connection: Connection, number: int) -> Year:
    """The days of a year that are not what their weekday says."""
    calendar = working_calendar(connection)
    chosen = set(connection.execute(select(calendar_day.c.day)).scalars())
    first = date(number, 1, 1)
    days = [first + timedelta(days=n) for n in range((date(number, 12, 31) - first).days + 1)]
    special = [d for d in days if calendar.is_working(d) != (d.weekday() < 5) or d in chosen]
    named = {row.day: row.name for row in connection.execute(select(calendar_day))}
    return Year(
        number, number in calendar.official_years, tuple(_day(calendar, d, d in chosen, named) for d in special)
    )


def _day(calendar: WorkingCalendar, day: date, chosen: bool, named: dict[date, str]) -> Day:
    return Day(day, calendar.is_working(day), named.get(day) or calendar.why_off(day) or "", chosen)


def _names(connection: Connection) -> dict[str, str]:
    return {row.id: row.name for row in connection.execute(select(agency.c.id, agency.c.name))}


def _person(each: Account, names: dict[str, str], today: date) -> Person:
    state = "closed" if not each.active else "first" if each.must_change else "active"
    posts = tuple(_held(post, names, today) for post in each.posts)
    return Person(each.id, each.login, each.name, state, posts)


def _held(post: Post, names: dict[str, str], today: date) -> HeldPost:
    state = "held" if post.held_on(today) else "coming" if post.since > today else "past"
    unit = names.get(post.unit, post.unit) if post.unit else ""
    return HeldPost(post.id or 0, role_name(post.role), unit, post.since, post.until, state)


def _searched(each: Person) -> str:
    return fold(" ".join((each.login, each.name, *(f"{post.role} {post.unit}" for post in each.posts))))
