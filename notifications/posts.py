"""Who is written to on a day: posts held from and until, who stands in for whom, the first channel of each person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.engine import Connection, Row

from notifications.contacts import Contact, ContactRole
from notifications.ladder import Role
from notifications.tables import absence, contact, notice

COPIED = ("lead", "week")  # what the stand-in reads beside the officer


@dataclass(frozen=True, slots=True)
class Absence:
    """``person`` of that body is away, both days included; ``stand_in`` gets what ``role`` would have got."""

    id: int
    agency_id: str
    person: str
    role: ContactRole
    stand_in: str
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Posts:
    """Who stands in for whom on a day. An absence whose stand-in cannot be reached that day counts for nothing: what
    is for the one who is away is not lost for want of the other."""

    today: date
    absences: tuple[Absence, ...] = ()

    @property
    def away(self) -> frozenset[str]:
        return frozenset(each.person for each in self.absences)

    def stand_ins(self, body: str, role: ContactRole) -> frozenset[str]:
        """Who stands in for somebody of that body and role."""
        return frozenset(a.stand_in for a in self.absences if a.agency_id == body and a.role is role)


class PostBook:
    """The absences of today and later, read once, for questions about several days."""

    def __init__(self, rows: Iterable[Row[Any]]) -> None:
        self._absences: dict[int, Absence] = {}
        self._reached: dict[int, list[tuple[date | None, date | None]]] = defaultdict(list)
        for row in rows:
            self._absences[row.id] = absence_of(row)
            self._reached[row.id].append((row.post_since, row.post_until))

    def on(self, day: date) -> Posts:
        found = [
            each
            for each in self._absences.values()
            if each.since <= day <= each.until and any(_within(day, *days) for days in self._reached[each.id])
        ]
        return Posts(day, tuple(found))


def post_book(connection: Connection, *, today: date) -> PostBook:
    """Everything about absences that have not ended, by one query."""
    days = (contact.c.since.label("post_since"), contact.c.until.label("post_until"))
    reached = and_(contact.c.person == absence.c.stand_in, contact.c.active.is_(True))
    chosen = (
        select(absence, *days)
        .select_from(absence.join(contact, reached))
        .where(absence.c.until >= today, absence.c.withdrawn_at.is_(None))
        .order_by(absence.c.id)
    )
    return PostBook(connection.execute(chosen))


def posts_on(connection: Connection, day: date) -> Posts:
    return post_book(connection, today=day).on(day)


def absence_of(row: Row[Any]) -> Absence:
    return Absence(row.id, row.agency_id, row.person, ContactRole(row.role), row.stand_in, row.since, row.until)


def _within(day: date, since: date | None, until: date | None) -> bool:
    return (since is None or since <= day) and (until is None or day <= until)


def holds(one: Contact, day: date) -> bool:
    """Whether the contact holds its post that day."""
    return _within(day, one.since, one.until)


# -- in the database: the join condition between notices and contacts --


def in_post(day: date, c: Any = contact) -> ColumnElement[bool]:
    """The contact is used, and holds its post that day."""
    begun = or_(c.c.since.is_(None), c.c.since <= day)
    return and_(c.c.active.is_(True), begun, or_(c.c.until.is_(None), c.c.until >= day))


def speaks_to(posts: Posts) -> ColumnElement[bool]:
    """Which contacts a notice goes to: of each person whom it is for the first channel."""
    return and_(concerns(posts), first_channel(posts.today))


def concerns(posts: Posts) -> ColumnElement[bool]:
    """Which contacts a notice is for, by whichever channel.

    A level without an address of its own (``body`` is not the agency that owes) is reached through the lead
    unit's officer; the escalation to the lead unit and the weekly brief also go to the stand-in. Who is away gets
    nothing, and whoever stands in gets what the other would have got.
    """
    copied = and_(
        contact.c.role == ContactRole.STAND_IN.value,
        notice.c.role == Role.OFFICER.value,
        notice.c.rung.in_(COPIED),
    )
    own = or_(*(and_(contact.c.role == role.value, _meant_for(role)) for role in _MEANT), copied)
    if posts.away:
        own = and_(own, contact.c.person.not_in(sorted(posts.away)))
    instead = (and_(contact.c.person == each.stand_in, _meant_for(each.role)) for each in posts.absences)
    return and_(contact.c.agency_id == notice.c.body, in_post(posts.today), or_(own, *instead))


_MEANT = (ContactRole.AGENCY, ContactRole.OFFICER, ContactRole.HEAD)


def _meant_for(role: ContactRole) -> ColumnElement[bool]:
    own = notice.c.body == notice.c.agency_id
    match role:
        case ContactRole.AGENCY:
            return and_(notice.c.role == Role.AGENCY.value, own)
        case ContactRole.OFFICER:
            through_officer = and_(notice.c.role == Role.AGENCY.value, ~own)
            return or_(notice.c.role == Role.OFFICER.value, through_officer)
        case ContactRole.HEAD:
            return notice.c.role == Role.HEAD.value
        case ContactRole.STAND_IN:
            return false()


def first_channel(day: date) -> ColumnElement[bool]:
    """No channel of the same person comes before it."""
    before = contact.alias("before")
    earlier = or_(before.c.rank < contact.c.rank, and_(before.c.rank == contact.c.rank, before.c.id < contact.c.id))
    found = select(before.c.id).where(before.c.person == contact.c.person, in_post(day, before), earlier)
    return ~exists(found.correlate_except(before))


# -- the same for contacts that were read before --


def readers(contacts: Iterable[Contact], body: str, post: ContactRole, rung: str, posts: Posts) -> tuple[Contact, ...]:
    """Who of these will read a rung, each by the first channel: as ``speaks_to`` finds them."""
    hats = {post, ContactRole.STAND_IN} if rung in COPIED and post is ContactRole.OFFICER else {post}
    instead = posts.stand_ins(body, post)
    found = [
        each
        for each in contacts
        if each.agency_id == body
        and holds(each, posts.today)
        and ((each.role in hats and each.person not in posts.away) or each.person in instead)
    ]
    return first_channels(found)


def first_channels(contacts: Iterable[Contact]) -> tuple[Contact, ...]:
    """Of each person the channel that is tried first."""
    first: dict[str, Contact] = {}
    for each in contacts:
        known = first.get(each.person)
        if known is None or (each.rank, each.id) < (known.rank, known.id):
            first[each.person] = each
    return tuple(first.values())


def officers(contacts: Iterable[Contact], lead: str, posts: Posts) -> list[Contact]:
    """Every channel of those who answer as the officers of a lead unit that day: whom to call, to whom replies go."""
    instead = posts.stand_ins(lead, ContactRole.OFFICER)
    return [
        each
        for each in contacts
        if each.agency_id == lead
        and holds(each, posts.today)
        and ((each.role is ContactRole.OFFICER and each.person not in posts.away) or each.person in instead)
    ]
