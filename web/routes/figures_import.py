"""Nhập số liệu từ bảng tính: an agency a line, shown line by line, written by one click."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from sqlalchemy.engine import Connection
from starlette.responses import Response

from app.figures import grid, importing
from app.figures.gathering import Period
from app.figures.grid import Grid
from app.figures.importing import Fate, Import
from app.views import figures as view
from people.rights import Right
from plans.model import Duty, Plan
from plans.text import _
from tasks.agencies import load_plan
from tasks.errors import BadInput, RegisterError
from tasks.figure_desk import asked_of
from web.forms import text
from web.guard import needs
from web.routes.figures import AT
from web.routes.papers import uploaded
from web.visit import Visit

router = APIRouter()
HERE = AT + "/nhap"


@dataclass(frozen=True, slots=True)
class Into:
    """Where the figures go."""

    plan: Plan
    duty: Duty
    periods: tuple[Period, ...]
    period: Period


@router.get(HERE)
def import_page(plan_id: str, visit: Visit = needs(Right.WORK, "plan_id")) -> Response:
    return _form(visit, plan_id, visit.query.get("nhiem-vu", "")[:60], visit.query.get("ky", "")[:12])


@router.post(HERE)
def dry_run(plan_id: str, visit: Visit = needs(Right.WORK, "plan_id")) -> Response:
    """What each line would write. Writes nothing."""
    try:
        return _dry(visit, plan_id, _grid(visit))
    except RegisterError as error:
        return _form(visit, plan_id, text(visit.form, "nhiem-vu"), text(visit.form, "ky"), str(error))


@router.post(HERE + "/ghi")
def write(plan_id: str, visit: Visit = needs(Right.WORK, "plan_id")) -> Response:
    """Writes every line that is right in one transaction; corrections only where the officer has ticked so."""
    try:
        cells = grid.pasted(_pasted(visit))
        into, found = _checked(visit, plan_id, cells)
    except RegisterError as error:
        return _form(visit, plan_id, text(visit.form, "nhiem-vu"), text(visit.form, "ky"), str(error))
    corrects = bool(text(visit.form, "sua"))
    chosen = [*found.of(Fate.NEW), *(found.of(Fate.CHANGE) if corrects else ())]
    if not chosen:
        return _dry(visit, plan_id, cells, _("Không có dòng nào để ghi. Muốn sửa số đã có, đánh dấu ô bên dưới."))
    written = importing.write(visit.engine, chosen, now=visit.now, actor=visit.actor)
    refused = dict(written.refused)
    left = [
        (line, refused.get(line.number) or line.why or _("Khác số đã có, chưa sửa."))
        for line in found.lines
        if line.number not in written.done and line.fate is not Fate.SAME
    ]
    return visit.page("figures_imported.html", into=into, done=len(written.done), left=left)


def _grid(visit: Visit) -> Grid:
    """Raises BadInput, BadZip."""
    with uploaded(visit) as staged:
        if staged is not None:
            return grid.file(staged.part)
    if not _pasted(visit).strip():
        raise BadInput(_("Dán bảng số liệu, hoặc chọn tệp Excel."))
    return grid.pasted(_pasted(visit))


def _pasted(visit: Visit) -> str:
    value = visit.form.get("du-lieu")
    return value if isinstance(value, str) else ""


def _checked(visit: Visit, plan_id: str, cells: Grid) -> tuple[Into, Import]:
    with visit.reading() as connection:
        into = _into(connection, visit, plan_id, text(visit.form, "nhiem-vu"), text(visit.form, "ky"))
        return into, importing.check(connection, into.plan, into.duty, into.periods, into.period, cells)


def _into(connection: Connection, visit: Visit, plan_id: str, duty_id: str, name: str) -> Into:
    """Raises BadInput where the plan, duty or period has no figures."""
    plan = load_plan(connection, plan_id)
    duty, periods, period = view.choose(connection, plan, duty_id, name, today=visit.today)
    if period is None:
        raise BadInput(_("Nhiệm vụ này chưa có kỳ nào."))
    return Into(plan, duty, periods, period)


def _dry(visit: Visit, plan_id: str, cells: Grid, error: str | None = None) -> Response:
    into, found = _checked(visit, plan_id, cells)
    return visit.page(
        "figures_dry_run.html",
        status=400 if error else 200,
        into=into,
        found=found,
        Fate=Fate,
        summary=importing.summary(found),
        pasted=importing.as_lines(found),
        error=error,
    )


def _form(visit: Visit, plan_id: str, duty_id: str, period: str, error: str | None = None) -> Response:
    with visit.reading() as connection:
        into = _into(connection, visit, plan_id, duty_id, period)
    return visit.page(
        "figures_import.html",
        status=400 if error else 200,
        into=into,
        asked=asked_of(into.plan, into.duty.id),
        error=error,
        pasted=_pasted(visit),
        most=grid.MOST_ROWS,
    )
