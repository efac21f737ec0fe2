"""Kiểm tra: what was missed or late and how punctual everybody was, at any moment; who did what; the chain."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, time

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from app import verifying
from app.views import audit, trail
from app.views.audit import BODIES, LATE, MISSING, PLANS, YEARS, Asked, Audit
from app.views.trail_words import Group
from people.rights import Right
from plans.calendar import end_of, local_time, moment
from plans.text import _
from tasks.audit import Punctuality
from tasks.errors import BadInput
from tasks.seal_check import LONGEST, SHORTEST
from web.forms import day, text
from web.guard import needs
from web.visit import Visit

router = APIRouter()
_TIME = re.compile(r"(\d{1,2})\s*[h:gG]\s*(\d{2})?")


@router.get("/kiem-tra")
def missed_page(visit: Visit = needs(Right.SEE)) -> Response:
    wrong: list[str] = []
    asked = audit_asked(visit, wrong)
    with visit.reading() as connection:
        found = Audit(connection, visit.holder.units(Right.SEE), asked, now=visit.now)
        total = found.total()
        pages = max(1, -(-total // audit.PAGE))
        number = min(asked.page, pages)
        lines, choices = found.page(number), found.choices()
    return visit.page(
        "audit.html", asked=asked, errors=wrong, total=total, pages=pages, page=number, lines=lines, choices=choices,
        at=asked.at or visit.now, clock=_clock(asked.at),
    )  # fmt: skip


@router.get("/kiem-tra/ty-le")
def shares_page(visit: Visit = needs(Right.SEE)) -> Response:
    wrong: list[str] = []
    asked = audit_asked(visit, wrong)
    with visit.reading() as connection:
        found = Audit(connection, visit.holder.units(Right.SEE), asked, now=visit.now)
        shares, choices = found.shares(), found.choices()
    whole = Punctuality(*(sum(getattr(each, name) for each in shares) for name in ("on_time", "late", "missing")))
    return visit.page(
        "audit_shares.html", asked=asked, errors=wrong, shares=shares, whole=whole, choices=choices,
        at=asked.at or visit.now, clock=_clock(asked.at),
    )  # fmt: skip


@router.get("/kiem-tra/nhat-ky")
def trail_page(visit: Visit = needs(Right.AUDIT)) -> Response:
    wrong: list[str] = []
    asked = trail_asked(visit.query, wrong)
    with visit.reading() as connection:
        found = trail.listing(connection, visit.holder.units(Right.AUDIT), asked)
    return visit.page("audit_trail.html", asked=asked, errors=wrong, found=found)


@router.get("/kiem-tra/nguyen-ven")
def chain_page(visit: Visit = needs(Right.AUDIT)) -> Response:
    return _chain(visit)


@router.post("/kiem-tra/nguyen-ven")
def verify(visit: Visit = needs(Right.AUDIT)) -> Response:
    """Computes the chain anew, within a bound of rows; shown on the page that this leads to."""
    typed = text(visit.form, "ma")
    try:
        verifying.check(visit.engine, asked=_head(typed), now=visit.now, actor=visit.actor)
    except BadInput as bad:
        return _chain(visit, str(bad), typed)
    return visit.go("/kiem-tra/nguyen-ven")


def _chain(visit: Visit, error: str | None = None, typed: str = "") -> Response:
    with visit.reading() as connection:
        last, head = verifying.last_checked(connection), verifying.newest(connection)
        name = trail.name_of(connection, last.by) if last else ""
    return visit.page(
        "audit_chain.html", status=400 if error else 200, last=last, head=head, by=name, error=error, typed=typed,
        problem=verifying.problem_text(last) if last else "", most=verifying.MOST_ROWS,
    )  # fmt: skip


def _head(typed: str) -> str | None:
    """The head as a mail prints it: groups of hexadecimal digits, whole or the first ones. Raises BadInput."""
    digits = "".join(typed.split()).rstrip("….").lower()
    if not digits:
        return None
    if not SHORTEST <= len(digits) <= LONGEST or set(digits) - set("0123456789abcdef"):
        said = _("“{text}” không phải mã đầu chuỗi: cần từ {least} đến {most} chữ số 0–9, a–f, như in trong thư.")
        raise BadInput(said.format(text=typed[:80], least=SHORTEST, most=LONGEST))
    return digits


# -- what the address asks for --


def audit_asked(visit: Visit, wrong: list[str]) -> Asked:
    """What cannot be read is left out and said in ``wrong``."""
    form = FormData(list(visit.query.items()))
    year, page = text(form, "nam"), text(form, "trang")
    kind, by = text(form, "loai"), text(form, "theo")
    return Asked(
        plan=text(form, "ke-hoach"),
        agency=text(form, "co-quan"),
        year=int(year) if re.fullmatch(r"[12]\d{3}", year, re.ASCII) else None,
        kind=kind if kind in (MISSING, LATE) else "",
        by=by if by in (PLANS, YEARS) else BODIES,
        at=_moment(form, visit.now, wrong),
        page=max(1, int(page)) if re.fullmatch(r"\d{1,6}", page, re.ASCII) else 1,
    )


def _moment(form: FormData, now: datetime, wrong: list[str]) -> datetime | None:
    """ "tại 16h00 ngày 18/12/2024"; without an hour the end of that day, as far as it has come."""
    typed, hour = text(form, "ngay"), text(form, "gio")
    if not typed and not hour:
        return None
    try:
        if not typed:
            raise BadInput(_("Xem tại thời điểm: thiếu ngày."))
        on = day(typed, _("Xem tại ngày"))
        at = moment(on, _hour(hour)) if hour else min(end_of(on), now)
        if at > now:
            raise BadInput(_("Thời điểm {text} chưa tới.").format(text=f"{hour} {typed}".strip()))
    except BadInput as bad:
        wrong.append(str(bad))
        return None
    return at


def _hour(typed: str) -> time:
    """16h00, 16:00, 16h. Raises BadInput."""
    found = _TIME.fullmatch(typed)
    try:
        if found:
            return time(int(found[1]), int(found[2] or 0))
    except ValueError:
        pass
    raise BadInput(_("Giờ “{typed}” không đúng dạng 16h00.").format(typed=typed))


def _clock(at: datetime | None) -> Mapping[str, str]:
    """The two fields of the moment as they are typed."""
    if at is None:
        return {"day": "", "hour": ""}
    here = local_time(at)
    return {"day": f"{here:%d/%m/%Y}", "hour": f"{here:%H}h{here:%M}"}


def trail_asked(query: Mapping[str, str], wrong: list[str]) -> trail.Asked:
    form = FormData(list(query.items()))
    group, before = text(form, "loai"), text(form, "truoc")
    days = {}
    for name, label in (("tu", _("Từ ngày")), ("den", _("Đến ngày"))):
        try:
            days[name] = day(text(form, name), label) if text(form, name) else None
        except BadInput as bad:
            wrong.append(str(bad))
    return trail.Asked(
        who=text(form, "nguoi")[:100],
        start=days.get("tu"),
        end=days.get("den"),
        plan=text(form, "ke-hoach"),
        group=Group(group) if group in tuple(Group) else None,
        before=int(before) if re.fullmatch(r"\d{1,15}", before, re.ASCII) else None,
    )
