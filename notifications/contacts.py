"""Addresses: of agencies, and of each lead unit's officer, stand-in and head."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.engine import Connection, Row

from notifications.errors import BadContact
from notifications.ladder import Role
from notifications.tables import contact, message, notice
from plans.text import _
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
    id: int
    agency_id: str
    role: ContactRole
    name: str
    phone: str | None
    channel: str
    address: str
    active: bool


_EMAIL = re.compile(r"[^@\s<>,;\"']+@[^@\s<>,;\"']+\.[^@\s<>,;\"'.]+")


def add_contact(
    connection: Connection,
    agency_id: str,
    *,
    role: ContactRole,
    name: str,
    address: str,
    channel: str = "email",
    phone: str | None = None,
    now: datetime,
    actor: str,
    sample: bool = False,
) -> None:
    """Registers an address; what waited for want of one goes out with the next digest. Raises BadContact.

    ``sample``: of the shipped example, so that its row in the trail may go with it.
    """
    name, address = " ".join(name.split()), address.strip()
    if not name:
        raise BadContact(_("Thiếu họ tên hoặc bộ phận nhận."))
    if channel == "email" and not _EMAIL.fullmatch(address):
        raise BadContact(_("Địa chỉ thư điện tử {address} không đúng dạng ten@co-quan.vn.").format(address=address))
    if channel == "url" and "://" not in address:
        raise BadContact(_("Địa chỉ {address} không phải URL của Apprise.").format(address=address))
    row = {
        "agency_id": agency_id,
        "role": role.value,
        "name": name,
        "phone": phone,
        "channel": channel,
        "address": address,
        "active": True,
    }
    if insert_new(connection, contact, [row]) == 0:
        same = and_(*(contact.c[key] == row[key] for key in ("agency_id", "role", "channel", "address")))
        connection.execute(update(contact).where(same).values(name=name, phone=phone, active=True))
    said = {"role": role, "name": name, "channel": channel}
    entry = trail.Entry("contact_added", agency_id=agency_id, data=said, sample=sample)
    trail.write(connection, [entry], now=now, actor=actor)


def change_contact(
    connection: Connection,
    contact_id: int,
    *,
    role: ContactRole,
    name: str,
    address: str,
    channel: str,
    phone: str | None,
    now: datetime,
    actor: str,
) -> None:
    """Puts an address right: another address is another row, because messages name the old one. Raises BadContact."""
    row = connection.execute(select(contact).where(contact.c.id == contact_id)).one_or_none()
    if row is None or not row.active:
        raise BadContact(_("Địa chỉ này không còn dùng. Xem lại danh sách rồi làm lại."))
    address = address.strip()
    if (row.role, row.channel, row.address) != (role.value, channel, address):
        remove_contact(connection, contact_id, now=now, actor=actor)
    add_contact(
        connection,
        row.agency_id,
        role=role,
        name=name,
        address=address,
        channel=channel,
        phone=phone,
        now=now,
        actor=actor,
    )


def remove_contact(connection: Connection, contact_id: int, *, now: datetime, actor: str) -> None:
    """Writes no longer to that address; the row stays, because messages name it. Raises BadContact."""
    row = connection.execute(select(contact).where(contact.c.id == contact_id)).one_or_none()
    if row is None:
        raise BadContact(_("Không có địa chỉ số {id}. Xem: dondoc contact list").format(id=contact_id))
    connection.execute(update(contact).where(contact.c.id == contact_id).values(active=False))
    _look_again(connection, row)
    entry = trail.Entry("contact_removed", agency_id=row.agency_id, data={"role": row.role, "name": row.name})
    trail.write(connection, [entry], now=now, actor=actor)


def _look_again(connection: Connection, gone: Row[Any]) -> None:
    """A sender at work has reserved messages that it has looked at already: those to this address, or with it as the
    one to reply to, are taken out of its hands, to be looked at again before they leave."""
    concerned = or_(
        and_(message.c.channel == gone.channel, message.c.address == gone.address),
        message.c.reply_to == gone.address,
    )
    reserved = concerned & message.c.token.is_not(None) & message.c.status.in_(("queued", "unknown"))
    connection.execute(update(message).where(reserved).values(token=None, lease_until=None))


def contacts_of(connection: Connection, agency_id: str | None = None) -> list[Contact]:
    """The active addresses, of one body or of all."""
    chosen = (
        select(contact).where(contact.c.active.is_(True)).order_by(contact.c.agency_id, contact.c.role, contact.c.id)
    )
    if agency_id is not None:
        chosen = chosen.where(contact.c.agency_id == agency_id)
    return [_contact(row) for row in connection.execute(chosen)]


def _contact(row: Row[Any]) -> Contact:
    return Contact(**{**row._mapping, "role": ContactRole(row.role)})


def speaks_to() -> ColumnElement[bool]:
    """Which contacts a notice is for: the join condition between the two tables.

    A level without an address of its own (``body`` is not the agency that owes) is reached through the lead
    unit's officer; the escalation to the lead unit and the weekly brief also go to the stand-in.
    """
    own = notice.c.body == notice.c.agency_id
    through_officer = and_(notice.c.role == Role.AGENCY.value, ~own)
    return and_(
        contact.c.agency_id == notice.c.body,
        contact.c.active.is_(True),
        or_(
            and_(contact.c.role == ContactRole.AGENCY.value, notice.c.role == Role.AGENCY.value, own),
            and_(
                contact.c.role == ContactRole.OFFICER.value,
                or_(notice.c.role == Role.OFFICER.value, through_officer),
            ),
            and_(
                contact.c.role == ContactRole.STAND_IN.value,
                notice.c.role == Role.OFFICER.value,
                notice.c.rung.in_(("lead", "week")),
            ),
            and_(contact.c.role == ContactRole.HEAD.value, notice.c.role == Role.HEAD.value),
        ),
    )
