"""Số liệu: the figures of a plan's reports, as a page and as files; and those of one occurrence, typed."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import IO
from urllib.parse import urlencode

from fastapi import APIRouter
from sqlalchemy.engine import Connection
from starlette.datastructures import FormData
from starlette.responses import Response

from app.board import plan_name
from app.figures.gathering import Reports, reports
from app.figures.importing import refusal
from app.figures.sheets import comparison_of, hidden_of, list_of, page_of
from app.sheet_files import CSV_TYPE, XLSX_TYPE, as_csv, as_xlsx
from app.views import figures as view
from letters.report_docx import as_docx
from letters.report_pdf import as_pdf
from people.rights import Right
from plans.figure_numbers import read_number
from plans.model import Figure, Plan
from plans.text import _, fold
from plans.values import Unreadable
from tasks import figure_desk
from tasks.agencies import load_plan, load_register
from tasks.errors import BadInput, ChangedMeanwhile
from tasks.model import OccurrenceId
from web.errors import NotFound
from web.forms import short, text
from web.guard import needs
from web.rendering import moment
from web.routes.occurrence import work_on
from web.visit import Visit

router = APIRouter()
AT = "/ke-hoach/{plan_id}/so-lieu"
_PDF_TYPE = "application/pdf"
_DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@router.get(AT)
def page(plan_id: str, visit: Visit = needs(Right.SEE, "plan_id")) -> Response:
    """One duty and period: the table, the totals, the comparison."""
    duty, period = asked(visit)
    with visit.reading() as connection:
        plan = load_plan(connection, plan_id)
        if not view.duties_of(plan):
            return visit.page("figures_none.html", plan=plan, may_plan=visit.may(Right.PLAN, plan.lead))
        found = view.load(connection, plan_id, *_known(plan, duty, period), today=visit.today)
    return visit.page(
        "figures.html",
        found=found,
        small=bool(found.reports and hidden_of(found.reports)),
        query=query_of(found),
        may_work=visit.may(Right.WORK, found.plan.lead),
        may_export=visit.may(Right.EXPORT, found.plan.lead),
    )


def asked(visit: Visit) -> tuple[str, str]:
    """Duty and period of the address."""
    form = FormData(list(visit.query.items()))
    return text(form, "nhiem-vu")[:60], text(form, "ky")[:12]


def _known(plan: Plan, duty: str, period: str) -> tuple[str, str]:
    """Another duty was chosen, or an old address is used: then its likeliest period is shown."""
    return (duty, period) if any(each.id == duty for each in view.duties_of(plan)) else ("", "")


def query_of(found: view.FiguresPage) -> str:
    """The same duty and period as part of an address."""
    period = found.reports.period.name if found.reports else ""
    return urlencode({"nhiem-vu": found.duty.id, "ky": period})


# -- files --


@router.get(AT + ".xlsx")
def workbook(plan_id: str, visit: Visit = needs(Right.EXPORT, "plan_id")) -> Response:
    told, publish = _told(visit, plan_id)
    sheets = [list_of(told, publish=publish)] + ([] if publish else [comparison_of(told)])
    with as_xlsx(sheets) as file:
        return _answer(_read(file), XLSX_TYPE, _named(told, publish, "xlsx"))


@router.get(AT + ".csv")
def table_csv(plan_id: str, visit: Visit = needs(Right.EXPORT, "plan_id")) -> Response:
    told, publish = _told(visit, plan_id)
    return _answer(b"".join(as_csv(list_of(told, publish=publish))), CSV_TYPE, _named(told, publish, "csv"))


@router.get(AT + ".pdf")
def printed(plan_id: str, visit: Visit = needs(Right.EXPORT, "plan_id")) -> Response:
    return _printed(visit, plan_id, "pdf")


@router.get(AT + ".docx")
def editable(plan_id: str, visit: Visit = needs(Right.EXPORT, "plan_id")) -> Response:
    return _printed(visit, plan_id, "docx")


def _printed(visit: Visit, plan_id: str, kind: str) -> Response:
    told, publish = _told(visit, plan_id)
    with visit.reading() as connection:
        lead = load_register(connection)[told.plan.lead].name
    footer = _("Lập lúc {at} từ sổ theo dõi").format(at=moment(visit.now))
    report = page_of(told, plan_name=plan_name(told.plan), head=(lead,), footer=footer, publish=publish)
    content, media = (as_pdf(report), _PDF_TYPE) if kind == "pdf" else (as_docx(report), _DOCX_TYPE)
    return _answer(content, media, _named(told, publish, kind))


def _told(visit: Visit, plan_id: str) -> tuple[Reports, bool]:
    """What the address asks for, and whether it is meant for publication. Raises PlanUnknown, BadInput, NotFound."""
    duty_id, period_name = asked(visit)
    with visit.reading() as connection:
        plan = load_plan(connection, plan_id)
        duty, found, period = view.choose(connection, plan, duty_id, period_name, today=visit.today)
        if period is None:
            raise NotFound
        return reports(connection, plan, duty, found, period), "cong-bo" in visit.query


def _named(told: Reports, publish: bool, suffix: str) -> str:
    name = "-".join(fold(f"{told.plan.id} {told.duty.id} {told.period.name}").split())
    return f"so-lieu-{name}{'-cong-bo' if publish else ''}.{suffix}"


def _answer(content: bytes, media: str, name: str) -> Response:
    held = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type=media, headers=held)


def _read(file: IO[bytes]) -> bytes:
    return file.read()


# -- one occurrence --


@router.post("/ky/{occurrence_id:path}/so-lieu")
def type_figures(occurrence_id: str, visit: Visit = needs(Right.WORK, "occurrence_id")) -> Response:
    """Figures typed or put right; a field that was emptied takes its figure back."""

    def work(connection: Connection) -> None:
        asked_for = figures_asked(connection, occurrence_id)
        rows = figure_desk.versions(connection, occurrence_id)
        if text(visit.form, "lan") != str(max((row.id for row in rows), default=0)):
            raise ChangedMeanwhile(occurrence_id)
        values = typed_values(visit.form, asked_for)
        if not any(value is not None for value in values.values()) and not rows:
            raise BadInput(_("Chưa nhập số liệu nào."))
        figure_desk.put(connection, occurrence_id, values, now=visit.now, actor=visit.actor)

    said = _("Đã ghi số liệu; bản trước nếu có vẫn được lưu.")
    return work_on(visit, occurrence_id, "so-lieu", work, said, guarded=False)


def figures_asked(connection: Connection, occurrence_id: str) -> tuple[Figure, ...]:
    """What the report of this occurrence brings. Raises BadInput, PlanUnknown."""
    at = OccurrenceId.parse(occurrence_id)
    return figure_desk.asked_of(load_plan(connection, at.plan), at.duty)


def typed_values(form: FormData, figures: tuple[Figure, ...]) -> Mapping[str, Decimal | None]:
    """The fields of a form; blank ones are None. Raises BadInput naming every figure that cannot be read."""
    values: dict[str, Decimal | None] = {}
    wrong = []
    for figure in figures:
        typed = short(form, f"sl-{figure.id}", figure.name, most=100)
        try:
            values[figure.id] = read_number(typed, figure) if typed else None
        except Unreadable as error:
            wrong.append(refusal(figure, error))
    if wrong:
        raise BadInput(" ".join(wrong))
    return values


def put_beside(connection: Connection, visit: Visit, occurrence_id: str) -> None:
    """The figures of the form in which a paper is recorded; blank fields say nothing. Raises BadInput."""
    values = typed_values(visit.form, figures_asked(connection, occurrence_id))
    given = {it: value for it, value in values.items() if value is not None}
    if given:
        figure_desk.put(connection, occurrence_id, given, now=visit.now, actor=visit.actor)
