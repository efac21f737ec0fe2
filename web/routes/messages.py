"""Thông báo: what was sent and what became of it, what waits, what was not sent; one message, as sent."""

from __future__ import annotations

import re
from collections.abc import Collection

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from app.views import messages
from app.views.messages import SKIPPED, WAITING, Asked
from notifications import deciding
from notifications.errors import NotificationsError
from notifications.next_channel import replace_by_hand
from people.rights import Right
from plans.text import _
from tasks.errors import BadInput
from web.errors import NotFound
from web.forms import day, text
from web.guard import needs
from web.visit import Visit

router = APIRouter()


@router.get("/thong-bao")
def list_page(visit: Visit = needs(Right.SEE)) -> Response:
    wrong: list[str] = []
    asked = _asked(visit, wrong)
    with visit.reading() as connection:
        units = visit.holder.units(Right.SEE)
        found, counts = messages.listing(connection, units, asked), messages.counts(connection, units)
    return visit.page(
        "messages.html", asked=asked, errors=wrong, found=found, counts=counts, statuses=messages.statuses(),
        kinds=messages.kinds(),
    )  # fmt: skip


@router.get("/thong-bao/dang-cho")
def waiting_page(visit: Visit = needs(Right.SEE)) -> Response:
    return _untold(visit, WAITING, "dang-cho")


@router.get("/thong-bao/khong-gui")
def skipped_page(visit: Visit = needs(Right.SEE)) -> Response:
    return _untold(visit, SKIPPED, "khong-gui")


def _untold(visit: Visit, states: Collection[str], tab: str) -> Response:
    wrong: list[str] = []
    asked = _asked(visit, wrong)
    with visit.reading() as connection:
        found = messages.untold(connection, visit.holder.units(Right.SEE), asked, states)
    return visit.page(
        "messages_untold.html", asked=asked, errors=wrong, found=found, tab=tab, reasons=messages.reasons()
    )


@router.get("/thong-bao/{message_id}")
def message_page(message_id: str, visit: Visit = needs(Right.SEE, "message_id")) -> Response:
    return _message(visit, message_id)


@router.post("/thong-bao/{message_id}/gui-lai")
def resend(message_id: str, visit: Visit = needs(Right.WORK, "message_id")) -> Response:
    """A message of unknown fate again word for word, or one that failed tried again."""
    try:
        with visit.writing() as connection:
            deciding.resend(connection, int(message_id), now=visit.now, actor=visit.actor)
    except NotificationsError as error:
        return _message(visit, message_id, str(error))
    return visit.go(f"/thong-bao/{message_id}", _("Thông báo sẽ được gửi lại ở lượt gửi tới, trong giờ làm việc."))


@router.post("/thong-bao/{message_id}/cach-khac")
def other_channel(message_id: str, visit: Visit = needs(Right.WORK, "message_id")) -> Response:
    """What failed, or whose fate is unknown, by the next channel of its reader: the officer's decision (D8)."""
    try:
        with visit.writing() as connection:
            replace_by_hand(connection, int(message_id), now=visit.now, actor=visit.actor)
    except NotificationsError as error:
        return _message(visit, message_id, str(error))
    return visit.go(f"/thong-bao/{message_id}", _("Thông báo sẽ được gửi qua cách khác, trong giờ làm việc."))


@router.post("/thong-bao/{message_id}/xac-nhan")
def settle(message_id: str, visit: Visit = needs(Right.WORK, "message_id")) -> Response:
    """What the officer found out about a message of unknown fate."""
    arrived = {"den": True, "khong": False}.get(text(visit.form, "ket-qua"))
    if arrived is None:
        return _message(visit, message_id, _("Chọn: đã đến, hoặc không đến."))
    try:
        with visit.writing() as connection:
            deciding.settle(connection, int(message_id), sent=arrived, now=visit.now, actor=visit.actor)
    except NotificationsError as error:
        return _message(visit, message_id, str(error))
    said = _("Đã ghi: thông báo đã đến.") if arrived else _("Đã ghi: thông báo không đến.")
    return visit.go(f"/thong-bao/{message_id}", said)


def _message(visit: Visit, message_id: str, error: str | None = None) -> Response:
    try:
        with visit.reading() as connection:
            units = visit.holder.units(Right.SEE)
            found = messages.message_of(connection, int(message_id), units, today=visit.today)
    except LookupError:
        raise NotFound from None
    works = any(visit.may(Right.WORK, lead) for lead in found.leads)
    return visit.page("message.html", status=409 if error else 200, m=found, works=works, error=error)


def _asked(visit: Visit, wrong: list[str]) -> Asked:
    """What cannot be read is left out and said in ``wrong``."""
    form = FormData(list(visit.query.items()))
    status, kind, reason, page = (text(form, name) for name in ("tinh-trang", "loai", "ly-do", "trang"))
    days = {}
    for name, label in (("tu", _("Từ ngày")), ("den", _("Đến ngày"))):
        try:
            days[name] = day(text(form, name), label) if text(form, name) else None
        except BadInput as bad:
            wrong.append(str(bad))
    return Asked(
        status=status if status in messages.STATUSES else "",
        kind=kind if kind in messages.KINDS else "",
        plan=text(form, "ke-hoach"),
        reason=reason if reason in messages.REASONS else "",
        words=text(form, "q")[:200],
        start=days.get("tu"),
        end=days.get("den"),
        page=max(1, int(page)) if re.fullmatch(r"\d{1,6}", page, re.ASCII) else 1,
    )
