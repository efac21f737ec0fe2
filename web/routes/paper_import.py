"""Nhập từ sổ văn bản đến: a registry's rows pasted or uploaded, shown line by line, recorded by one click."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from app import paper_table
from app.paper_table import Row
from app.taking_over import Given, take_over
from app.views import paper_import
from app.views.paper_import import Fate, Line
from people.rights import Right
from plans.text import _
from tasks.errors import BadInput, RegisterError
from web.forms import texts
from web.guard import needs
from web.routes.papers import AT, uploaded
from web.visit import Visit

router = APIRouter()
HERE = AT + "/nhap"


@dataclass(frozen=True, slots=True)
class Back:
    """A line that was not recorded, and why."""

    row: Row
    why: str


@router.get(HERE)
def import_page(visit: Visit = needs(Right.WORK)) -> Response:
    return _form(visit)


@router.post(HERE)
def dry_run(visit: Visit = needs(Right.WORK)) -> Response:
    """What each line would record. Writes nothing."""
    try:
        rows = _rows(visit)
    except RegisterError as error:
        return _form(visit, str(error), pasted=_pasted(visit))
    return _dry(visit, rows)


@router.post(HERE + "/ghi")
def record(visit: Visit = needs(Right.WORK)) -> Response:
    """Records every line that is right in one transaction; the others are given back."""
    try:
        rows = paper_table.pasted(_pasted(visit))
    except BadInput as error:
        return _form(visit, str(error), pasted=_pasted(visit))
    lines = _checked(visit, rows)
    chosen = [each for line in lines if (each := _given(visit, line)) is not None]
    if not chosen:
        return _dry(visit, rows, _("Chưa có dòng nào được chọn việc để ghi nhận."))
    outcome = take_over(visit.engine, chosen, now=visit.now, actor=visit.actor)
    refused = {each.line: each.why for each in outcome.refused}
    back = _not_recorded(lines, set(outcome.done), refused)
    return visit.page(
        "paper_imported.html",
        done=len(outcome.done),
        known=sum(line.fate is Fate.KNOWN for line in lines),
        back=back,
        pasted=paper_table.as_text(each.row for each in back) if back else "",
        tab="nhap",
        may_work=True,
    )


def _rows(visit: Visit) -> list[Row]:
    """Raises BadInput, BadZip, WrongKind."""
    with uploaded(visit) as staged:
        if staged is not None:
            return paper_table.workbook(staged.part)
    if not _pasted(visit).strip():
        raise BadInput(_("Dán các dòng của sổ văn bản đến, hoặc chọn tệp Excel."))
    return paper_table.pasted(_pasted(visit))


def _pasted(visit: Visit) -> str:
    value = visit.form.get("du-lieu")
    return value if isinstance(value, str) else ""


def _checked(visit: Visit, rows: list[Row]) -> tuple[Line, ...]:
    with visit.reading() as connection:
        return paper_import.check(connection, visit.holder.units(Right.WORK), rows, today=visit.today)


def _given(visit: Visit, line: Line) -> Given | None:
    """What the form says of a line; None where nothing is to be recorded. Only duties that are offered now count:
    what somebody else has settled meanwhile, or what is another unit's, does not."""
    offered = {each.candidate.id for each in line.proposals}
    ids = [each for each in texts(visit.form, f"viec-{line.row.line}") if each in offered]
    if not ids or line.body is None or line.came is None or line.fate not in (Fate.READY, Fate.CHOOSE):
        return None
    return Given(line.row.line, line.body.id, tuple(ids), line.came)


def _not_recorded(lines: tuple[Line, ...], done: set[int], refused: dict[int, str]) -> list[Back]:
    left = [line for line in lines if line.row.line not in done and line.fate is not Fate.KNOWN]
    unchosen = _("Chưa chọn việc.")
    return [Back(line.row, refused.get(line.row.line) or line.why or unchosen) for line in left]


def _dry(visit: Visit, rows: list[Row], error: str | None = None) -> Response:
    lines = _checked(visit, rows)
    return visit.page(
        "paper_dry_run.html",
        status=400 if error else 200,
        lines=lines,
        counts={fate: sum(line.fate is fate for line in lines) for fate in Fate},
        Fate=Fate,
        pasted=paper_table.as_lines(rows),
        error=error,
        tab="nhap",
        may_work=True,
    )


def _form(visit: Visit, error: str | None = None, *, pasted: str = "") -> Response:
    return visit.page(
        "paper_import.html",
        status=400 if error else 200,
        error=error,
        pasted=pasted,
        most=paper_table.MOST_ROWS,
        tab="nhap",
        may_work=True,
    )
