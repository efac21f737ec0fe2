"""Addresses: of agencies, and of each lead unit's officer, stand-in and head; several to a person, in their order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.engine import Connection, Row

from notifications.channels.names import usable_address
from notifications.errors import BadContact
from notifications.tables import contact, message
from plans.text import _, day_text
from tasks import trail
from tasks.database import insert_new


class ContactRole(StrEnum):
    """Which hat the person wears for that body."""

    AGENCY = "agency"  # the agency's contact
    OFFICER = "officer"  # cán bộ theo dõi of a lead unit
    STAND_IN = "stand_in"  # người làm thay
    HEAD = "head"  # lãnh đạo


@dataclass(frozen=True, slots=True)
class Contact:
    """One channel of a person. ``person``: the same mark on all channels of one; ``rank``: 1 is tried first.

    ``since`` and ``until``: the first and last day of the post, None where there is no such limit.
    """

    id: int
    agency_id: str
    role: ContactRole
    name: str
    phone: str | None
    channel: str
    address: str
    active: bool
    person: str
    rank: int
    since: date | None
    until: date | None


def add_contact(
    connection: Connection,
    agency_id: str,
    *,
    role: ContactRole,
    name: str,
    address: str,
    channel: str = "email",
    phone: str | None = None,
    person: str | None = None,
    rank: int | None = None,
    since: date | None = None,
    until: date | None = None,
    now: datetime,
    actor: str,
    sample: bool = False,
) -> str:
    """Registers an address and returns the mark of its person; what waited for want of one goes out with the next
    digest. Raises BadContact.

    ``person``: somebody of that body and role whose further channel this is, tried after the others unless ``rank``
    says otherwise. ``sample``: of the shipped example, so that its row in the trail may go with it.
    """
    name, address = _checked(name, since, until), usable_address(channel, address)
    key = {"agency_id": agency_id, "role": role.value, "channel": channel, "address": address}
    same = and_(*(contact.c[column] == value for column, value in key.items()))
    known = connection.execute(select(contact).where(same)).one_or_none()
    kept = known if known is not None and known.active else None
    if person is not None and (kept is None or kept.person != person):
        rank = rank or _next_rank(connection, agency_id, role, person)
    values = {
        "name": name,
        "phone": phone,
        "active": True,
        "person": person or (kept.person if kept is not None else uuid4().hex),
        "rank": rank or (kept.rank if kept is not None else 1),
        "since": since,
        "until": until,
    }
    if known is None:
        insert_new(connection, contact, [key | values])
    else:
        connection.execute(update(contact).where(same).values(values))
    said = {"role": role, "name": name, "channel": channel, **_days(since, until)}
    entry = trail.Entry("contact_added", agency_id=agency_id, data=said, sample=sample)
    trail.write(connection, [entry], now=now, actor=actor)
    return str(values["person"])


def _checked(name: str, since: date | None, until: date | None) -> str:
    name = " ".join(name.split())
    if not name:
        raise BadContact(_("Thiếu họ tên hoặc bộ phận nhận."))
    if since is not None and until is not None and until < since:
        raise BadContact(_("Ngày kết thúc {day} trước ngày bắt đầu.").format(day=day_text(until)))
    return name


def _days(since: date | None, until: date | None) -> dict[str, date]:
    return {key: day for key, day in (("since", since), ("until", until)) if day is not None}


def _next_rank(connection: Connection, agency_id: str, role: ContactRole, person: str) -> int:
    """Raises BadContact where there is no such person with that hat."""
    mine = (contact.c.person == person) & (contact.c.agency_id == agency_id) & (contact.c.role == role.value)
    last = connection.execute(select(func.max(contact.c.rank)).where(mine, contact.c.active.is_(True))).scalar()
    if last is None:
        raise BadContact(_("Không còn người nhận này ở cơ quan. Xem lại danh sách rồi làm lại."))
    return int(last) + 1


def change_contact(
    connection: Connection,
    contact_id: int,
    *,
    role: ContactRole,
    name: str,
    address: str,
    channel: str,
    phone: str | None,
    since: date | None = None,
    until: date | None = None,
    now: datetime,
    actor: str,
) -> None:
    """Puts an address right: another address is another row, because messages name the old one. The person stays,
    unless he or she now wears another hat. Name, telephone and days are told once for all channels of a person.

    Raises BadContact.
    """
    row = _used(connection, contact_id)
    look_again(connection, [row])  # the days may be others
    address = usable_address(channel, address)
    if (row.role, row.channel, row.address) != (role.value, channel, address):
        remove_contact(connection, contact_id, now=now, actor=actor)
    same_hat = row.role == role.value
    person = add_contact(
        connection,
        row.agency_id,
        role=role,
        name=name,
        address=address,
        channel=channel,
        phone=phone,
        rank=row.rank if same_hat else None,
        since=since,
        until=until,
        now=now,
        actor=actor,
    )
    if same_hat:
        told = {"name": _checked(name, since, until), "phone": phone, "since": since, "until": until}
        mine = and_(contact.c.person.in_((person, row.person)), contact.c.active.is_(True))
        connection.execute(update(contact).where(mine).values(**told, person=row.person))


def try_first(connection: Connection, contact_id: int, *, now: datetime, actor: str) -> None:
    """Messages to the person go by this channel first, by the others in the order they had. Raises BadContact."""
    row = _used(connection, contact_id)
    mine = select(contact.c.id).where(contact.c.person == row.person, contact.c.active.is_(True))
    rest = connection.execute(mine.order_by(contact.c.rank, contact.c.id)).scalars()
    for rank, each in enumerate([contact_id, *(each for each in rest if each != contact_id)], 1):
        connection.execute(update(contact).where(contact.c.id == each).values(rank=rank))
    data = {"role": row.role, "name": row.name, "channel": row.channel}
    trail.write(connection, [trail.Entry("contact_first", agency_id=row.agency_id, data=data)], now=now, actor=actor)


def _used(connection: Connection, contact_id: int) -> Row[Any]:
    row = connection.execute(select(contact).where(contact.c.id == contact_id)).one_or_none()
    if row is None or not row.active:
        raise BadContact(_("Địa chỉ này không còn dùng. Xem lại danh sách rồi làm lại."))
    return row


def remove_contact(connection: Connection, contact_id: int, *, now: datetime, actor: str) -> None:
    """Writes no longer to that address; the row stays, because messages name it. Raises BadContact."""
    row = connection.execute(select(contact).where(contact.c.id == contact_id)).one_or_none()
    if row is None:
        raise BadContact(_("Không có địa chỉ số {id}. Xem: dondoc contact list").format(id=contact_id))
    connection.execute(update(contact).where(contact.c.id == contact_id).values(active=False))
    look_again(connection, [row])
    entry = trail.Entry("contact_removed", agency_id=row.agency_id, data={"role": row.role, "name": row.name})
    trail.write(connection, [entry], now=now, actor=actor)


def look_again(connection: Connection, gone: Sequence[Row[Any]]) -> None:
    """A sender at work has reserved messages that it has looked at already: those to these addresses, or with one as
    that to reply to, are taken out of its hands, to be looked at again before they leave."""
    concerned = or_(
        *(and_(message.c.channel == each.channel, message.c.address == each.address) for each in gone),
        message.c.reply_to.in_([each.address for each in gone]),
    )
    reserved = concerned & message.c.token.is_not(None) & message.c.status.in_(("queued", "unknown"))
    connection.execute(update(message).where(reserved).values(token=None, lease_until=None))


def contacts_of(connection: Connection, agency_id: str | None = None) -> list[Contact]:
    """The active addresses, of one body or of all, whatever their days: people as they were added, each with the
    channels in their order."""
    chosen = select(contact).where(contact.c.active.is_(True)).order_by(contact.c.id)
    if agency_id is not None:
        chosen = chosen.where(contact.c.agency_id == agency_id)
    found = [contact_from(row) for row in connection.execute(chosen)]
    first: dict[str, int] = {}
    for each in found:
        first.setdefault(each.person, each.id)
    return sorted(found, key=lambda each: (each.agency_id, each.role, first[each.person], each.rank, each.id))


def contact_from(row: Row[Any]) -> Contact:
    """A row of the table."""
    return Contact(**{**row._asdict(), "role": ContactRole(row.role)})
