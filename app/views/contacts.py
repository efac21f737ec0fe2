"""The people of a body as its page shows them: each with the channels in their order, the days of the post, who is
away and who stands in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.engine import Connection

from notifications.absences import absences_of
from notifications.contacts import Contact, ContactRole
from notifications.posts import Absence, holds
from plans.text import _, day_text


@dataclass(frozen=True, slots=True)
class Away:
    """Days on which somebody is away. ``other``: who stands in, or for whom."""

    id: int
    since: date
    until: date
    other: str
    now: bool


@dataclass(frozen=True, slots=True)
class Person:
    """One person of a body. ``holds``: whether the post is held today; ``away`` and ``stands_in``: now or later."""

    mark: str
    name: str
    role: ContactRole
    phone: str | None
    since: date | None
    until: date | None
    holds: bool
    channels: tuple[Contact, ...]
    away: tuple[Away, ...]
    stands_in: tuple[Away, ...]


def people_of(
    connection: Connection, agency_id: str, contacts: Iterable[Contact], *, today: date
) -> tuple[Person, ...]:
    """The given contacts of that body, one entry for each person, by one query."""
    channels: dict[str, list[Contact]] = {}
    for each in contacts:
        channels.setdefault(each.person, []).append(each)
    names = {mark: mine[0].name for mark, mine in channels.items()}
    absences = absences_of(connection, agency_id, today=today)
    found = (_person(mark, mine, absences, names, today) for mark, mine in channels.items())
    return tuple(sorted(found, key=lambda each: _ORDER.index(each.role)))


_ORDER = (ContactRole.OFFICER, ContactRole.STAND_IN, ContactRole.HEAD, ContactRole.AGENCY)


def _person(
    mark: str, channels: list[Contact], absences: Iterable[Absence], names: dict[str, str], today: date
) -> Person:
    first = channels[0]
    return Person(
        mark,
        first.name,
        first.role,
        next((each.phone for each in channels if each.phone), None),
        first.since,
        first.until,
        holds(first, today),
        tuple(channels),
        tuple(_away(each, names.get(each.stand_in, ""), today) for each in absences if each.person == mark),
        tuple(_away(each, names.get(each.person, ""), today) for each in absences if each.stand_in == mark),
    )


def _away(absence: Absence, other: str, today: date) -> Away:
    return Away(absence.id, absence.since, absence.until, other, absence.since <= today)


def post_days(person: Person) -> str:
    """From when to when the post is held, in words; "" without such limits."""
    since, until = person.since, person.until
    if since is not None and until is not None:
        return _("từ {since} đến hết {until}").format(since=day_text(since), until=day_text(until))
    if since is not None:
        return _("từ ngày {day}").format(day=day_text(since))
    return _("đến hết ngày {day}").format(day=day_text(until)) if until is not None else ""
