"""The moves of an occurrence: each address reads its form and calls one use case."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter
from sqlalchemy.engine import Connection
from starlette.responses import Response

from people.rights import Right
from plans.text import _, day_text
from tasks import desk, moves, papers
from tasks.agencies import find_agency, load_plan, load_register
from tasks.errors import BadInput
from tasks.model import OccurrenceId
from tasks.office import office_of
from tasks.papers import Paper
from web.forms import day_or_none, needed_day, short, text
from web.guard import needs
from web.routes.figures import put_beside
from web.routes.occurrence import work_on
from web.visit import Visit

router = APIRouter()
AT = "/ky/{occurrence_id:path}"


@router.post(AT + "/van-ban")
def record(occurrence_id: str, visit: Visit = needs(Right.WORK, "occurrence_id")) -> Response:
    def work(connection: Connection) -> None:
        plan = load_plan(connection, OccurrenceId.parse(occurrence_id).plan)
        review = office_of(connection, plan.lead).review
        came = _paper(connection, visit)
        papers.record(connection, [occurrence_id], came, review=review, now=visit.now, actor=visit.actor)
        put_beside(connection, visit, occurrence_id)

    return work_on(visit, occurrence_id, "van-ban", work, _("Đã ghi nhận văn bản."))


@router.post(AT + "/bao-da-gui")
def claim(occurrence_id: str, visit: Visit = needs(Right.WORK, "occurrence_id")) -> Response:
    def work(connection: Connection) -> None:
        number = short(visit.form, "number", _("Số văn bản"), most=60) or None
        dated = day_or_none(visit.form, "dated", _("Ngày văn bản"))
        moves.claim(connection, occurrence_id, number=number, dated=dated, now=visit.now, actor=visit.actor)

    said = _("Đã ghi cơ quan báo đã gửi; nhắc việc tạm dừng 3 ngày làm việc để đối chiếu.")
    return work_on(visit, occurrence_id, "bao-da-gui", work, said)


@router.post(AT + "/chap-nhan")
def accept(occurrence_id: str, visit: Visit = needs(Right.WORK, "occurrence_id")) -> Response:
    def work(connection: Connection) -> None:
        moves.accept(connection, occurrence_id, now=visit.now, actor=visit.actor)

    return work_on(visit, occurrence_id, "chap-nhan", work, _("Đã chấp nhận văn bản."))


@router.post(AT + "/tra-lai")
def give_back(occurrence_id: str, visit: Visit = needs(Right.WORK, "occurrence_id")) -> Response:
    def work(connection: Connection) -> None:
        reason = short(visit.form, "other", _("Lý do khác"), most=500) or text(visit.form, "reason")
        by = day_or_none(visit.form, "by", _("Gửi lại chậm nhất"))
        moves.return_(connection, occurrence_id, reason=reason[:500], by=by, now=visit.now, actor=visit.actor)

    said = _("Đã trả lại văn bản; cơ quan được thông báo kèm hạn gửi lại.")
    return work_on(visit, occurrence_id, "tra-lai", work, said)


@router.post(AT + "/gia-han")
def extend(occurrence_id: str, visit: Visit = needs(Right.WORK, "occurrence_id")) -> Response:
    """Also answers the agency's request that it came from, in the same transaction."""

    def work(connection: Connection) -> None:
        to = needed_day(visit.form, "to", _("hạn mới"))
        document = short(visit.form, "document", _("Số văn bản"))
        moves.extend(connection, [occurrence_id], to=to, document=document, now=visit.now, actor=visit.actor)
        answer = _("Gia hạn đến {day} theo văn bản số {document}.").format(day=day_text(to), document=document)
        _settle_with(connection, visit, occurrence_id, answer)

    said = _("Đã gia hạn; lịch nhắc tính lại và cơ quan được thông báo.")
    return work_on(visit, occurrence_id, "gia-han", work, said)


@router.post(AT + "/hen-gui")
def promise(occurrence_id: str, visit: Visit = needs(Right.WORK, "occurrence_id")) -> Response:
    def work(connection: Connection) -> None:
        on = needed_day(visit.form, "on", _("ngày hẹn gửi"))
        moves.promise(connection, occurrence_id, on=on, now=visit.now, actor=visit.actor)
        answer = _("Đã ghi hẹn gửi ngày {day}; hạn không đổi.").format(day=day_text(on))
        _settle_with(connection, visit, occurrence_id, answer)

    said = _("Đã ghi hẹn gửi: không nhắc đến hết ngày đó, hạn không đổi.")
    return work_on(visit, occurrence_id, "hen-gui", work, said)


@router.post(AT + "/tam-dung")
def hold(occurrence_id: str, visit: Visit = needs(Right.WORK, "occurrence_id")) -> Response:
    def work(connection: Connection) -> None:
        until = needed_day(visit.form, "until", _("ngày tạm dừng đến"))
        moves.hold(connection, occurrence_id, until=until, now=visit.now, actor=visit.actor)

    return work_on(visit, occurrence_id, "tam-dung", work, _("Đã tạm dừng nhắc tự động."))


@router.post(AT + "/nhac-lai")
def release(occurrence_id: str, visit: Visit = needs(Right.WORK, "occurrence_id")) -> Response:
    def work(connection: Connection) -> None:
        moves.hold(connection, occurrence_id, until=None, now=visit.now, actor=visit.actor)

    return work_on(visit, occurrence_id, "nhac-lai", work, _("Đã cho nhắc trở lại."))


@router.post(AT + "/mien")
def waive(occurrence_id: str, visit: Visit = needs(Right.WORK, "occurrence_id")) -> Response:
    def work(connection: Connection) -> None:
        reason = short(visit.form, "reason", _("Lý do"), most=500)
        moves.waive(connection, occurrence_id, reason=reason, now=visit.now, actor=visit.actor)

    return work_on(visit, occurrence_id, "mien", work, _("Đã miễn kỳ này."))


@router.post(AT + "/chuyen")
def transfer(occurrence_id: str, visit: Visit = needs(Right.WORK, "occurrence_id")) -> Response:
    def work(connection: Connection) -> None:
        wanted = short(visit.form, "to", _("Cơ quan kế thừa"))
        if not wanted:
            raise BadInput(_("Thiếu cơ quan kế thừa."))
        heir = find_agency(load_register(connection), wanted)
        document = short(visit.form, "document", _("Văn bản làm căn cứ")) or None
        moves.transfer(connection, occurrence_id, to=heir, document=document, now=visit.now, actor=visit.actor)

    said = _("Đã chuyển cho cơ quan kế thừa; cơ quan đó được thông báo.")
    return work_on(visit, occurrence_id, "chuyen", work, said)


@router.post(AT + "/sua-lai")
def correct(occurrence_id: str, visit: Visit = needs(Right.WORK, "occurrence_id")) -> Response:
    def work(connection: Connection) -> None:
        papers.correct(connection, occurrence_id, _paper(connection, visit), now=visit.now, actor=visit.actor)

    said = _("Đã sửa lại; cả hai bản đều được lưu, kết quả tính theo bản đúng.")
    return work_on(visit, occurrence_id, "sua-lai", work, said)


@router.post(AT + "/bo-ghi-nhan")
def undo(occurrence_id: str, visit: Visit = needs(Right.WORK, "occurrence_id")) -> Response:
    def work(connection: Connection) -> None:
        papers.undo(connection, occurrence_id, now=visit.now, actor=visit.actor)

    return work_on(visit, occurrence_id, "bo-ghi-nhan", work, _("Đã bỏ ghi nhận; kỳ này trở lại chưa nhận."))


@router.post(AT + "/mo-lai")
def reopen(occurrence_id: str, visit: Visit = needs(Right.WORK, "occurrence_id")) -> Response:
    def work(connection: Connection) -> None:
        moves.reopen(connection, occurrence_id, now=visit.now, actor=visit.actor)

    return work_on(visit, occurrence_id, "mo-lai", work, _("Đã mở lại; cơ quan phải gửi lại từ đầu."))


def _paper(connection: Connection, visit: Visit) -> Paper:
    """The paper of the form. Raises BadInput. Under secrecy only the day is kept (D12)."""
    received = needed_day(visit.form, "received", _("ngày nhận"))
    if text(visit.form, "secret"):
        return Paper(received, secret=True)
    number = short(visit.form, "number", _("Số văn bản"), most=60)
    if not number:
        raise BadInput(_("Thiếu số văn bản. Văn bản mật: đánh dấu “Nhận theo chế độ mật”."))
    dated: date | None = day_or_none(visit.form, "dated", _("Ngày văn bản"))
    by = text(visit.form, "by")
    receiver = find_agency(load_register(connection), by).id if by else None
    return Paper(received, number, dated, receiver)


def _settle_with(connection: Connection, visit: Visit, occurrence_id: str, answer: str) -> None:
    asked = text(visit.form, "request")
    if asked.isdecimal() and len(asked) < 10:
        desk.settle(connection, occurrence_id, int(asked), answer=answer, now=visit.now, actor=visit.actor)
