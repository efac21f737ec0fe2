"""A test letter to somebody of one's own lead unit: does the channel work?

It goes out at once, outside working hours as well and also while sending is held: it is asked for by hand, speaks of
no duty, and goes to the office itself. It stands in the trail and nowhere in the outbox.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import Engine, Row, func, select
from sqlalchemy.engine import Connection

from app.views.scope import Units
from notifications.channels.base import Channel, Letter
from notifications.channels.names import is_short
from notifications.contacts import ContactRole
from notifications.fate import shown_address
from notifications.fates import Outcome, outcome_of, outcome_of_taking
from notifications.gather import Gatherer
from notifications.short_text import trial_rendered
from notifications.tables import contact
from plans.calendar import local_time
from plans.text import _, day_text, short_day
from tasks import trail
from tasks.database import reading, writing
from tasks.errors import BadInput
from tasks.tables import agency, audit_event
from tasks.tables import plan as plan_table

KIND = "channel_tested"
MOST, WITHIN = 5, timedelta(minutes=10)  # so that nobody floods a mailbox by a button
_OWN = (ContactRole.OFFICER.value, ContactRole.STAND_IN.value, ContactRole.HEAD.value)


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody of a lead unit who can be written to."""

    id: int
    name: str
    role: ContactRole
    address: str
    channel: str
    unit: str


def readers(connection: Connection, units: Units) -> list[Reader]:
    """Officers, stand-ins and heads of these units."""
    chosen = select(contact, agency.c.name.label("unit_name")).join(agency, agency.c.id == contact.c.agency_id)
    leads = select(plan_table.c.lead)
    chosen = chosen.where(contact.c.active.is_(True), contact.c.role.in_(_OWN), contact.c.agency_id.in_(leads))
    if units is not None:
        chosen = chosen.where(contact.c.agency_id.in_(sorted(units)))
    return [_reader(row) for row in connection.execute(chosen.order_by(agency.c.name, contact.c.role, contact.c.id))]


def _reader(row: Row[tuple[object, ...]]) -> Reader:
    shown = shown_address(row.channel, row.address)
    return Reader(row.id, row.name, ContactRole(row.role), shown, row.channel, row.unit_name)


def send_test(
    engine: Engine, channels: Mapping[str, Channel], contact_id: int, units: Units, *, now: datetime, actor: str
) -> Outcome:
    """Hands one letter over and writes down how that ended. Raises BadInput: nobody of these units, or too often."""
    with reading(engine) as connection:
        if contact_id not in {each.id for each in readers(connection, units)}:
            raise BadInput(_("Không có người nhận này trong đơn vị."))
        row = connection.execute(select(contact).where(contact.c.id == contact_id)).one()
        _not_too_often(connection, now)
        sender = Gatherer(connection, now=now).desk(row.agency_id).sender
    outcome = _hand_over(channels.get(row.channel), row.channel, _letter(row, sender, now, actor))
    said = {"person": row.name, "channel": row.channel, "outcome": outcome.name, "detail": outcome.detail}
    with writing(engine) as connection:
        trail.write(connection, [trail.Entry(KIND, agency_id=row.agency_id, data=said)], now=now, actor=actor)
    return outcome


def _not_too_often(connection: Connection, now: datetime) -> None:
    before = select(func.count()).where(audit_event.c.plan_id.is_(None), audit_event.c.kind == KIND)
    if connection.execute(before.where(audit_event.c.at > now - WITHIN)).scalar_one() >= MOST:
        said = _("Đã gửi thử {n} lần trong {minutes} phút qua. Chờ một lát rồi thử lại.")
        raise BadInput(said.format(n=MOST, minutes=int(WITHIN.total_seconds() // 60)))


def _hand_over(channel: Channel | None, name: str, letter: Letter) -> Outcome:
    if channel is None:
        return Outcome("failed", _("Cách gửi {channel} chưa được thiết lập.").format(channel=name))
    try:
        return outcome_of_taking(channel.send(letter))
    except Exception as error:  # a fault in a channel is what a test is to show
        return outcome_of(error)


def _letter(row: Row[tuple[object, ...]], sender: str, now: datetime, actor: str) -> Letter:
    here = local_time(now)
    message_id = f"<{uuid4()}@dondoc.invalid>"
    if is_short(row.channel, row.address):
        made = trial_rendered(f"{here:%H:%M} {short_day(here.date())}", here.date())
        fields = json.loads(made.fields or "{}")
        letter = Letter(message_id, sender, None, row.name, row.address, made.subject, made.text, made.html, now)
        return replace(letter, day=here.date(), fields=fields)
    subject = _("Thư thử của dondoc lúc {time} ngày {day}").format(time=f"{here:%H:%M}", day=day_text(here.date()))
    text = _("Thư này do {who} gửi để kiểm tra kênh gửi thông báo. Nhận được là kênh gửi hoạt động; không cần trả lời.")
    text = text.format(who=actor)
    body = f"<p>{html.escape(text)}</p>"
    return Letter(message_id, sender, None, row.name, row.address, subject, text, body, now, here.date())
