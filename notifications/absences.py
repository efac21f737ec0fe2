"""Somebody is away for some days and another person of the same body is written to instead (người làm thay)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.engine import Connection

from notifications.contacts import Contact, ContactRole, contacts_of, look_again
from notifications.errors import BadContact
from notifications.posts import Absence, absence_of, holds
from notifications.tables import absence, contact
from plans.calendar import local_day
from plans.text import _, day_text
from tasks import trail
from tasks.database import alone


def note_absence(
    connection: Connection,
    agency_id: str,
    *,
    person: str,
    stand_in: str,
    since: date,
    until: date,
    now: datetime,
    actor: str,
) -> None:
    """From ``since`` to ``until`` the stand-in gets what is for the person, who gets nothing. Raises BadContact."""
    alone(connection, f"posts:{agency_id}")
    known = contacts_of(connection, agency_id)
    away, instead = _known(known, person), _known(known, stand_in)
    _refuse(connection, away, instead, since, until, today=local_day(now))
    row = {"agency_id": agency_id, "person": person, "role": away.role.value, "stand_in": stand_in}
    connection.execute(absence.insert().values(**row, since=since, until=until, at=now, by=actor))
    _look_again(connection, person, stand_in)
    said = {"name": away.name, "stand_in": instead.name, "role": away.role, "since": since, "until": until}
    trail.write(connection, [trail.Entry("absence_noted", agency_id=agency_id, data=said)], now=now, actor=actor)


def _known(contacts: list[Contact], person: str) -> Contact:
    found = next((each for each in contacts if each.person == person), None)
    if found is None:
        raise BadContact(_("Không còn người nhận này ở cơ quan. Xem lại danh sách rồi làm lại."))
    return found


def _refuse(connection: Connection, away: Contact, instead: Contact, since: date, until: date, *, today: date) -> None:
    """What would leave messages with nobody, or with somebody who has no say."""
    if away.role is ContactRole.STAND_IN:
        raise BadContact(_("Người làm thay vắng mặt: bỏ người đó và chọn người làm thay khác."))
    if away.person == instead.person:
        raise BadContact(_("Người vắng mặt không làm thay cho chính mình."))
    if until < since:
        raise BadContact(_("Ngày kết thúc {day} trước ngày bắt đầu.").format(day=day_text(until)))
    if until < today:
        raise BadContact(_("Những ngày này đã qua."))
    if not (holds(instead, since) and holds(instead, until)):
        raise BadContact(_("{name} không giữ vai trò trong cả những ngày này.").format(name=instead.name))
    same_days = (absence.c.since <= until) & (absence.c.until >= since) & absence.c.withdrawn_at.is_(None)
    both = absence.c.person.in_((away.person, instead.person))
    if connection.execute(select(absence.c.id).where(same_days, both).limit(1)).first():
        raise BadContact(_("Trong những ngày này đã ghi một trong hai người vắng mặt."))


def withdraw_absence(connection: Connection, agency_id: str, absence_id: int, *, now: datetime, actor: str) -> None:
    """The person is written to again from now on. Raises BadContact."""
    mine = (absence.c.id == absence_id) & (absence.c.agency_id == agency_id)
    row = connection.execute(select(absence).where(mine, absence.c.withdrawn_at.is_(None))).one_or_none()
    if row is None or row.until < local_day(now):
        raise BadContact(_("Không còn lần vắng mặt này. Xem lại trang rồi làm lại."))
    connection.execute(update(absence).where(mine).values(withdrawn_at=now))
    _look_again(connection, row.person, row.stand_in)
    names = {each.person: each.name for each in contacts_of(connection, agency_id)}
    said = {"name": names.get(row.person, ""), "stand_in": names.get(row.stand_in, "")}
    data = {**said, "since": row.since, "until": row.until}
    trail.write(connection, [trail.Entry("absence_withdrawn", agency_id=agency_id, data=data)], now=now, actor=actor)


def absences_of(connection: Connection, agency_id: str, *, today: date) -> list[Absence]:
    """What has not ended, the nearest first."""
    mine = (absence.c.agency_id == agency_id) & (absence.c.until >= today) & absence.c.withdrawn_at.is_(None)
    return [absence_of(row) for row in connection.execute(select(absence).where(mine).order_by(absence.c.since))]


def _look_again(connection: Connection, *persons: str) -> None:
    rows = connection.execute(select(contact).where(contact.c.person.in_(persons))).all()
    if rows:
        look_again(connection, rows)
