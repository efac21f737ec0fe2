"""What is noted beside an occurrence, and the message by hand: calls, answers to requests, the head's word, press."""

from __future__ import annotations

import re

from fastapi import APIRouter
from sqlalchemy.engine import Connection
from starlette.responses import FileResponse, Response

from app import bulk
from app.filestore import FileStore, media_type
from app.views import occurrence, occurrence_messages
from app.views.occurrence_notes import claim_file_of
from notifications import press as pressing
from notifications.errors import NotificationsError
from notifications.planner import PlanningContext
from people.rights import Right
from plans.text import _
from tasks import desk
from tasks.desk import DirectionKind
from tasks.errors import BadInput, RegisterError
from tasks.office import working_calendar
from web.errors import NotFound
from web.forms import lines, short, text
from web.guard import needs
from web.rendering import moment, path_part
from web.routes.occurrence import failed, work_on
from web.visit import Visit

router = APIRouter()
AT = "/ky/{occurrence_id:path}"
_HASH = re.compile(r"[0-9a-f]{64}")


@router.get(AT + "/tep-bao/{file_hash}")
def sent_along(occurrence_id: str, file_hash: str, visit: Visit = needs(Right.SEE, "occurrence_id")) -> Response:
    """A file that the agency sent with its claim, as an attachment."""
    if not _HASH.fullmatch(file_hash):
        raise NotFound
    with visit.reading() as connection:
        found = claim_file_of(connection, occurrence_id, file_hash)
    path = FileStore(visit.dondoc.settings.home).path(file_hash)
    if found is None or not path.is_file():
        raise NotFound
    name, kind = found
    return FileResponse(
        path,
        media_type=media_type(kind),
        filename=name,
        content_disposition_type="attachment",
        headers={"X-Download-Options": "noopen"},
    )


@router.post(AT + "/cuoc-goi")
def note_call(occurrence_id: str, visit: Visit = needs(Right.WORK, "occurrence_id")) -> Response:
    def work(connection: Connection) -> None:
        who, said = short(visit.form, "spoke_with", _("Người đã trao đổi")), lines(visit.form, "text")
        desk.note_call(connection, occurrence_id, spoke_with=who, text=said, now=visit.now, actor=visit.actor)

    return work_on(visit, occurrence_id, "cuoc-goi", work, _("Đã ghi cuộc gọi."), guarded=False)


@router.post(AT + "/tra-loi")
def settle(occurrence_id: str, visit: Visit = needs(Right.WORK, "occurrence_id")) -> Response:
    asked = text(visit.form, "request")

    def work(connection: Connection) -> None:
        if not asked.isdecimal() or len(asked) > 9:
            raise BadInput(_("Không có đề nghị này của cơ quan."))
        answer = lines(visit.form, "answer")
        desk.settle(connection, occurrence_id, int(asked), answer=answer, now=visit.now, actor=visit.actor)

    return work_on(visit, occurrence_id, f"tra-loi-{asked}", work, _("Đã trả lời đề nghị."), guarded=False)


@router.post(AT + "/dong-y")
def agree(occurrence_id: str, visit: Visit = needs(Right.DIRECT, "occurrence_id")) -> Response:
    return _direct(visit, occurrence_id, DirectionKind.AGREED, "dong-y", _("Đã ghi đồng ý gửi."))


@router.post(AT + "/chi-dao")
def direct(occurrence_id: str, visit: Visit = needs(Right.DIRECT, "occurrence_id")) -> Response:
    return _direct(visit, occurrence_id, DirectionKind.DIRECTION, "chi-dao", _("Đã ghi ý kiến chỉ đạo."))


def _direct(visit: Visit, occurrence_id: str, kind: DirectionKind, form: str, said: str) -> Response:
    def work(connection: Connection) -> None:
        words = lines(visit.form, "text")
        desk.direct(connection, occurrence_id, kind=kind, text=words, now=visit.now, actor=visit.actor)

    return work_on(visit, occurrence_id, form, work, said, guarded=False)


@router.post(AT + "/nhac/xem")
def preview_press(occurrence_id: str, visit: Visit = needs(Right.WORK, "occurrence_id")) -> Response:
    """The message exactly as it would leave now; nothing is written."""
    try:
        note = checked_note(visit)
        with visit.reading() as connection:
            desk.unchanged(connection, occurrence_id, text(visit.form, "seen"))
        [message] = pressing.preview(visit.engine, [occurrence_id], note=note, now=visit.now)
    except (RegisterError, NotificationsError) as error:
        return failed(visit, occurrence_id, "nhac", error)
    with visit.reading() as connection:
        page = occurrence.load(connection, occurrence_id, now=visit.now)
        readers = occurrence_messages.readers_of(PlanningContext(connection), [page.o], today=visit.today)[
            occurrence_id
        ]
    return visit.page("press.html", page=page, message=message, note=note or "", readers=readers, leaves=leaves(visit))


@router.post(AT + "/nhac")
def press(occurrence_id: str, visit: Visit = needs(Right.WORK, "occurrence_id")) -> Response:
    """Queues it, once however often the form is sent."""
    times = text(visit.form, "times")
    try:
        outcome = bulk.press(
            visit.engine,
            {occurrence_id: text(visit.form, "seen")},
            {occurrence_id: int(times) if times.isdecimal() and len(times) < 9 else -1},
            note=checked_note(visit),
            now=visit.now,
            actor=visit.actor,
        )
    except (RegisterError, NotificationsError) as error:
        return failed(visit, occurrence_id, "nhac", error)
    if outcome.refused:
        return failed(visit, occurrence_id, "nhac", BadInput(outcome.refused[0].why))
    return visit.go(f"/ky/{path_part(occurrence_id)}", _("Đã đưa thông báo nhắc vào hàng gửi."))


def checked_note(visit: Visit) -> str | None:
    """The officer's words. Raises BadInput where they are too long."""
    note = lines(visit.form, "note")
    if len(note) > desk.LONGEST:
        raise BadInput(_("Nội dung dài quá {n} ký tự.").format(n=desk.LONGEST))
    return note or None


def leaves(visit: Visit) -> str:
    """When what is queued now will go out."""
    with visit.reading() as connection:
        opening = working_calendar(connection).next_opening(visit.now)
    if opening == visit.now:
        return _("Thông báo đi trong vài phút tới.")
    return _("Ngoài giờ làm việc: thông báo đi lúc {moment}.").format(moment=moment(opening))
