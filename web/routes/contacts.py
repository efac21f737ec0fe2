"""The people of a body: which channel is tried first, who is away and who stands in."""

from __future__ import annotations

from fastapi import APIRouter
from sqlalchemy.engine import Connection
from starlette.responses import Response

from notifications.absences import note_absence, withdraw_absence
from notifications.contacts import contacts_of, try_first
from notifications.errors import BadContact
from people.rights import Right
from plans.text import _
from web.errors import NotFound
from web.forms import needed_day, text
from web.guard import needs
from web.routes.bodies import AT, held_contact, roles_for, work_on_contacts
from web.visit import Visit

router = APIRouter()


@router.post(AT + "/dia-chi/{contact_id}/truoc")
def first(agency_id: str, contact_id: str, visit: Visit = needs(Right.BODIES, "agency_id")) -> Response:
    def work(connection: Connection) -> None:
        held = held_contact(connection, visit, agency_id, contact_id)
        try_first(connection, held.id, now=visit.now, actor=visit.actor)

    return work_on_contacts(visit, agency_id, work, _("Từ nay gửi cách này trước."), contact_id)


@router.post(AT + "/vang")
def away(agency_id: str, visit: Visit = needs(Right.BODIES, "agency_id")) -> Response:
    """Both must be people of that body whom this officer may name."""

    def work(connection: Connection) -> None:
        person, stand_in = text(visit.form, "vang"), text(visit.form, "thay")
        _named(connection, visit, agency_id, person, stand_in)
        note_absence(
            connection,
            agency_id,
            person=person,
            stand_in=stand_in,
            since=needed_day(visit.form, "tu", _("ngày bắt đầu vắng mặt")),
            until=needed_day(visit.form, "den", _("ngày cuối vắng mặt")),
            now=visit.now,
            actor=visit.actor,
        )

    return work_on_contacts(visit, agency_id, work, _("Đã ghi vắng mặt; thông báo gửi cho người làm thay."))


def _named(connection: Connection, visit: Visit, agency_id: str, *people: str) -> None:
    mine = roles_for(visit, agency_id)
    known = {each.person for each in contacts_of(connection, agency_id) if each.role in mine}
    if not known.issuperset(people):
        raise BadContact(_("Không còn người nhận này ở cơ quan. Xem lại danh sách rồi làm lại."))


@router.post(AT + "/vang/{absence_id}/bo")
def back(agency_id: str, absence_id: str, visit: Visit = needs(Right.BODIES, "agency_id")) -> Response:
    if not absence_id.isascii() or not absence_id.isdecimal() or len(absence_id) > 9:
        raise NotFound

    def work(connection: Connection) -> None:
        withdraw_absence(connection, agency_id, int(absence_id), now=visit.now, actor=visit.actor)

    return work_on_contacts(visit, agency_id, work, _("Đã bỏ lần vắng mặt này."))
