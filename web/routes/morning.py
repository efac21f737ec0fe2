"""Rà soát: whom the next morning will press. Here they are held back, recorded or extended before it is said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from fastapi import APIRouter
from sqlalchemy.engine import Connection
from starlette.responses import Response

from app import bulk
from app.bulk import Outcome
from app.views import morning, occurrences
from people.rights import Right
from plans.text import _, day_text, weekday_text
from tasks import desk, moves, papers
from tasks.agencies import load_plan
from tasks.errors import BadInput, ChangedMeanwhile, MoveRefused, RegisterError
from tasks.model import OccurrenceId
from tasks.office import office_of
from tasks.papers import Paper
from web.errors import NotFound
from web.forms import day_or_none, needed_day, short, text, texts
from web.guard import needs
from web.visit import Visit

router = APIRouter()
_RUNG = re.compile(r"[a-z]{2,12}(-\d{1,3})?")


@dataclass(frozen=True, slots=True)
class Failed:
    """What is wrong, of which line, and what was typed."""

    text: str = ""
    line: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)


@router.get("/ra-soat")
def review_page(visit: Visit = needs(Right.SEE)) -> Response:
    return _show(visit)


def _show(visit: Visit, failed: Failed | None = None, *, status: int = 200) -> Response:
    page, rung = visit.query.get("trang", ""), visit.query.get("moc", "")
    rung = rung if _RUNG.fullmatch(rung) else ""
    number = int(page) if page.isdecimal() and len(page) < 5 else 1
    with visit.reading() as connection:
        seen = morning.review(connection, visit.holder.units(Right.SEE), now=visit.now, page=number, rung=rung)
    return visit.page(
        "review.html",
        status=status,
        seen=seen,
        rung=rung,
        failed=failed or Failed(),
        works=visit.may(Right.WORK),
        morning_day=weekday_text(seen.day),
    )


@router.post("/ra-soat/tam-dung")
def hold(visit: Visit = needs(Right.WORK)) -> Response:
    """One line by its own button, or all that are ticked."""
    ids = texts(visit.form, "mot") or texts(visit.form, "ky")
    try:
        until = needed_day(visit.form, "until", _("ngày tạm dừng đến"))
        moves.check_hold(until, today=visit.today)
        if not ids:
            raise BadInput(_("Chưa chọn kỳ nào."))
    except BadInput as bad:
        return _show(visit, Failed(str(bad), typed={"until": text(visit.form, "until")}), status=400)
    stamps = dict(_pair(value) for value in texts(visit.form, "tem"))
    seen = {it: stamps.get(it, "") for it in _mine(visit, ids)}
    outcome = bulk.hold(visit.engine, seen, until=until, now=visit.now, actor=visit.actor)
    done = _("Đã tạm dừng nhắc {n} kỳ đến hết {day}.").format(n=len(outcome.done), day=day_text(until))
    return visit.go("/ra-soat", " ".join((done, *_refused(outcome))), kind="warning" if outcome.refused else "done")


@router.post("/ra-soat/{occurrence_id:path}/van-ban")
def record(occurrence_id: str, visit: Visit = needs(Right.WORK, "occurrence_id")) -> Response:
    """The paper is there after all: number, date, day of receipt, in the line itself."""
    try:
        with visit.writing() as connection:
            desk.unchanged(connection, occurrence_id, text(visit.form, "seen"))
            _record(connection, visit, occurrence_id)
    except RegisterError as error:
        typed = {key: value for key, value in visit.form.items() if isinstance(value, str)}
        status = 409 if isinstance(error, ChangedMeanwhile | MoveRefused) else 400
        return _show(visit, Failed(str(error), occurrence_id, typed), status=status)
    return visit.go("/ra-soat", _("Đã ghi nhận văn bản."))


def _record(connection: Connection, visit: Visit, occurrence_id: str) -> None:
    received = needed_day(visit.form, "received", _("ngày nhận"))
    number = short(visit.form, "number", _("Số văn bản"), most=60)
    if not number:
        raise BadInput(_("Thiếu số văn bản."))
    paper = Paper(received, number, day_or_none(visit.form, "dated", _("Ngày văn bản")))
    lead = load_plan(connection, OccurrenceId.parse(occurrence_id).plan).lead
    review = office_of(connection, lead).review
    papers.record(connection, [occurrence_id], paper, review=review, now=visit.now, actor=visit.actor)


def _mine(visit: Visit, ids: list[str]) -> list[str]:
    """Raises NotFound where one of them does not exist or belongs to another unit."""
    if len(ids) > occurrences.AT_ONCE:
        raise BadInput(_("Mỗi lần làm được tối đa {n} kỳ. Lọc hẹp hơn rồi làm lại.").format(n=occurrences.AT_ONCE))
    with visit.reading() as connection:
        found = occurrences.chosen(connection, visit.holder.units(Right.WORK), ids, today=visit.today)
    if {line.id for line in found} != set(ids):
        raise NotFound
    return [line.id for line in found]


def _refused(outcome: Outcome) -> list[str]:
    if not outcome.refused:
        return []
    first = "; ".join(each.why for each in outcome.refused[:3])
    return [_("Không làm được {n} kỳ: {why}").format(n=len(outcome.refused), why=first)]


def _pair(value: str) -> tuple[str, str]:
    """``id|stamp``."""
    it, _bar, rest = value.partition("|")
    return it, rest
