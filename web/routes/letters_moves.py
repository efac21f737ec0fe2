"""What is done with a letter: saved, numbered, sent, void."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from fastapi import APIRouter
from sqlalchemy.engine import Connection
from starlette.datastructures import FormData
from starlette.responses import Response

from app.letters import drafting
from app.letters.choices import Choices, Signer
from letters.model import Urgency
from people.rights import Right
from plans.text import _
from tasks import letter_desk
from tasks.errors import BadInput, RegisterError
from tasks.letter_store import load_letter
from web.forms import day, day_or_none, lines, needed_day, short, text, texts
from web.guard import needs
from web.routes.letters import ONE, base_of, refused
from web.visit import Visit

router = APIRouter()
_LONGEST = 8_000  # characters of one field of several lines


@router.post(ONE)
def save(letter_id: int, visit: Visit = needs(Right.WORK, "letter_id")) -> Response:
    """The fields of a draft; its figures are read from the register anew."""

    def work(connection: Connection) -> None:
        seen = text(visit.form, "revision")
        drafting.save(
            connection,
            letter_id,
            choices_of(visit.form, today=visit.today),
            chosen=texts(visit.form, "ky") if text(visit.form, "chon") else None,
            revision=int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 9 else -1,
            now=visit.now,
            actor=visit.actor,
        )

    return _work_on(visit, letter_id, "luu", work, _("Đã lưu dự thảo."))


@router.post(ONE + "/so")
def give_number(letter_id: int, visit: Visit = needs(Right.WORK, "letter_id")) -> Response:
    """Number and date, as the registry gave them."""

    def work(connection: Connection) -> None:
        given = short(visit.form, "so", _("Số công văn"), most=60)
        dated = needed_day(visit.form, "ngay", _("ngày công văn"))
        drafting.give_number(connection, letter_id, given=given, dated=dated, now=visit.now, actor=visit.actor)

    return _work_on(visit, letter_id, "so", work, _("Đã ghi số, ngày: công văn được tính từ nay."))


@router.post(ONE + "/da-gui")
def mark_sent(letter_id: int, visit: Visit = needs(Right.WORK, "letter_id")) -> Response:
    def work(connection: Connection) -> None:
        on = needed_day(visit.form, "ngay", _("ngày gửi"))
        letter_desk.mark_sent(connection, letter_id, on=on, now=visit.now, actor=visit.actor)

    return _work_on(visit, letter_id, "da-gui", work, _("Đã ghi ngày gửi."))


@router.post(ONE + "/huy")
def void(letter_id: int, visit: Visit = needs(Right.WORK, "letter_id")) -> Response:
    def work(connection: Connection) -> None:
        letter_desk.void(connection, letter_id, reason=text(visit.form, "ly-do"), now=visit.now, actor=visit.actor)

    return _work_on(visit, letter_id, "huy", work, _("Đã hủy: công văn không còn được tính."))


def _work_on(visit: Visit, letter_id: int, form: str, work: Callable[[Connection], object], said: str) -> Response:
    try:
        with visit.writing() as connection:
            load_letter(connection, letter_id)
            work(connection)
    except RegisterError as error:
        return refused(visit, letter_id, form, error)
    return visit.go(base_of(letter_id), said)


def choices_of(form: FormData, *, today: date) -> Choices:
    """What the form holds. Raises BadInput, naming the field."""
    return Choices(
        on=day(text(form, "on"), _("Số liệu đến hết ngày")) if text(form, "on") else today,
        resend_by=day_or_none(form, "resend_by", _("Gửi chậm nhất")),
        addressees=_lines(form, "addressees", _("Kính gửi")),
        copies=_lines(form, "copies", _("Nơi nhận")),
        proposals=_lines(form, "proposals", _("Đề xuất, kiến nghị")),
        urgency=_urgency(form),
        signer=_signer(form),
        asked_number=short(form, "asked_number", _("Số văn bản đề nghị"), most=60),
        asked_on=day_or_none(form, "asked_on", _("Ngày văn bản đề nghị")),
        reason=short(form, "reason", _("Lý do"), most=1_000),
        said=short(form, "said", _("Nội dung đã nêu"), most=1_000),
        right=short(form, "right", _("Nội dung đúng"), most=1_000),
        abstract=short(form, "abstract", _("Trích yếu"), most=300) if text(form, "own_words") else "",
        body=_lines(form, "body", _("Lời văn")) if text(form, "own_words") else (),
    )


def _lines(form: FormData, name: str, label: str) -> tuple[str, ...]:
    typed = lines(form, name)
    if len(typed) > _LONGEST:
        raise BadInput(_("{label}: dài quá {n} ký tự.").format(label=label, n=_LONGEST))
    return tuple(row for row in typed.split("\n") if row)


def _urgency(form: FormData) -> Urgency | None:
    typed = text(form, "urgency")
    return Urgency(typed) if typed in set(Urgency) else None


def _signer(form: FormData) -> Signer | None:
    """None: whom the letterhead names."""
    title = short(form, "title", _("Chức vụ người ký"))
    name = short(form, "signer", _("Họ tên người ký"))
    behalf = short(form, "behalf", _("Quyền hạn ký"))
    if not title:
        if name or behalf:
            raise BadInput(_("Ghi chức vụ người ký."))
        return None
    return Signer(title, name, behalf)
