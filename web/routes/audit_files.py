"""Kiểm tra as files: the missed and late, the on-time table, the trail; CSV and XLSX."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import IO

from fastapi import APIRouter
from starlette.responses import Response, StreamingResponse

from app.sheet_files import CSV_TYPE, MOST_ROWS, XLSX_TYPE, Cell, Column, Sheet, as_csv, as_xlsx
from app.views import trail
from app.views.audit import PLANS, YEARS, Asked, Audit, Line, Share
from people.rights import Right
from plans.text import _
from tasks.errors import BadInput
from web.guard import needs
from web.routes.audit import audit_asked, trail_asked
from web.visit import Visit

router = APIRouter()
_MOST_IN_BOOK = 100_000  # rows of the trail in one workbook: it is written before it goes out
_PIECE = 64 << 10


@router.get("/kiem-tra/qua-han.csv")
def missed_csv(visit: Visit = needs(Right.EXPORT)) -> Response:
    asked = _asked(visit)
    return _csv(visit, "qua-han", lambda found: _missed(found, asked))


@router.get("/kiem-tra/ty-le.csv")
def shares_csv(visit: Visit = needs(Right.EXPORT)) -> Response:
    asked = _asked(visit)
    return _csv(visit, "ty-le-dung-han", lambda found: _shares(found.shares(), asked))


@router.get("/kiem-tra/kiem-tra.xlsx")
def workbook(visit: Visit = needs(Right.EXPORT)) -> Response:
    """Both lists, each on a sheet of its own."""
    asked = _asked(visit)
    with visit.reading() as connection:
        found = Audit(connection, visit.holder.units(Right.EXPORT), asked, now=visit.now)
        file = as_xlsx([_missed(found, asked), _shares(found.shares(), asked)])
    return _xlsx(visit, "kiem-tra", file)


@router.get("/kiem-tra/nhat-ky.csv")
def trail_csv(visit: Visit = needs(Right.EXPORT)) -> Response:
    asked = _trail_asked(visit)

    def pieces() -> Iterator[bytes]:
        with visit.reading() as connection:
            yield from as_csv(_trail(trail.every_line(connection, visit.holder.units(Right.AUDIT), asked)))

    return StreamingResponse(pieces(), media_type=CSV_TYPE, headers=_named(visit, "nhat-ky", "csv"))


@router.get("/kiem-tra/nhat-ky.xlsx")
def trail_xlsx(visit: Visit = needs(Right.EXPORT)) -> Response:
    asked = _trail_asked(visit)
    with visit.reading() as connection:
        lines = trail.every_line(connection, visit.holder.units(Right.AUDIT), asked)
        file = as_xlsx([_trail(islice(lines, _MOST_IN_BOOK))])
    return _xlsx(visit, "nhat-ky", file)


# -- answers --


def _csv(visit: Visit, name: str, sheet: Callable[[Audit], Sheet]) -> Response:
    asked = _asked(visit)

    def pieces() -> Iterator[bytes]:
        """Read while it goes out, under one view of the register."""
        with visit.reading() as connection:
            yield from as_csv(sheet(Audit(connection, visit.holder.units(Right.EXPORT), asked, now=visit.now)))

    return StreamingResponse(pieces(), media_type=CSV_TYPE, headers=_named(visit, name, "csv"))


def _xlsx(visit: Visit, name: str, file: IO[bytes]) -> Response:
    def pieces() -> Iterator[bytes]:
        with file:
            while piece := file.read(_PIECE):
                yield piece

    return StreamingResponse(pieces(), media_type=XLSX_TYPE, headers=_named(visit, name, "xlsx"))


def _named(visit: Visit, name: str, ending: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}-{visit.today:%Y-%m-%d}.{ending}"'}


def _asked(visit: Visit) -> Asked:
    """A file must not quietly hold something else than was asked for. Raises BadInput."""
    wrong: list[str] = []
    asked = audit_asked(visit, wrong)
    if wrong:
        raise BadInput(" ".join(wrong))
    return asked


def _trail_asked(visit: Visit) -> trail.Asked:
    wrong: list[str] = []
    asked = trail_asked(visit.query, wrong)
    if wrong:
        raise BadInput(" ".join(wrong))
    return asked


# -- what stands in them --


def _missed(found: Audit, asked: Asked) -> Sheet:
    columns = [
        Column(_("Kế hoạch"), 22),
        Column(_("Nhiệm vụ, kỳ"), 44),
        Column(_("Cơ quan"), 36),
        Column(_("Hạn theo kế hoạch"), 13),
        Column(_("Ngày cuối tính đúng hạn"), 13),
        Column(_("Ngày nhận"), 13),
        Column(_("Số văn bản"), 18),
        Column(_("Số ngày quá hạn"), 11),
        Column(_("Tình trạng"), 30),
        Column(_("Ghi nhận quá hạn lúc"), 17),
        Column(_("Tính đến"), 17),
        Column(_("Mã kỳ"), 48),
        Column(_("Mã cơ quan"), 30),
    ]
    return Sheet(_("Quá hạn, gửi chậm"), columns, (_missed_row(line, found) for line in found.every_line()))


def _missed_row(line: Line, found: Audit) -> list[Cell]:
    m = line.missed
    return [
        line.plan_name,
        line.title,
        m.agency_name,
        m.due,
        m.late_after,
        m.received_on,
        line.number,
        m.days_late,
        line.status_text,
        m.noticed_at,
        found.at,
        m.occurrence,
        m.agency,
    ]


def _shares(shares: Iterable[Share], asked: Asked) -> Sheet:
    first = {PLANS: _("Kế hoạch"), YEARS: _("Năm")}.get(asked.by, _("Cơ quan"))
    columns = [
        Column(first, 44),
        Column(_("Đến hạn"), 11),
        Column(_("Đúng hạn"), 11),
        Column(_("Gửi chậm"), 11),
        Column(_("Chưa nhận"), 11),
        Column(_("Tỷ lệ đúng hạn (%)"), 12),
        Column(_("Mã"), 34),
    ]
    return Sheet(_("Tỷ lệ đúng hạn"), columns, (_share_row(each) for each in shares))


def _share_row(each: Share) -> list[Cell]:
    return [each.name, each.due, each.on_time, each.late, each.missing, each.percent, each.key]


def _trail(lines: Iterable[trail.Line]) -> Sheet:
    columns = [
        Column(_("Lúc"), 17),
        Column(_("Người làm"), 24),
        Column(_("Tài khoản"), 16),
        Column(_("Việc đã làm"), 60),
        Column(_("Kế hoạch"), 22),
        Column(_("Nhiệm vụ, kỳ"), 40),
        Column(_("Cơ quan"), 36),
        Column(_("Dòng số"), 10),
    ]
    return Sheet(_("Nhật ký"), columns, (_trail_row(each) for each in islice(lines, MOST_ROWS)))


def _trail_row(each: trail.Line) -> list[Cell]:
    return [each.at, each.by, each.actor, each.text, each.plan_name, each.title, each.agency, each.id]
