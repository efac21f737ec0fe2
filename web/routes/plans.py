"""The list of plans, and the page of one with its matrix, its earlier texts and its file."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from app.views import letters, plan_matrix, plans
from app.views import plan as plan_page
from people.rights import Right
from tasks.model import PlanStatus
from tasks.reading_store import of_plan
from web.errors import NotFound
from web.forms import text
from web.guard import needs
from web.visit import Visit

router = APIRouter()


@router.get("/ke-hoach")
def list_page(visit: Visit = needs(Right.SEE)) -> Response:
    form = FormData(list(visit.query.items()))
    status = text(form, "tinh-trang")
    filters = plans.Filters(
        words=text(form, "q")[:200],
        status=PlanStatus(status) if status in set(PlanStatus) else None,
        page=number(text(form, "trang")) or 1,
    )
    with visit.reading() as connection:
        found = plans.listing(connection, visit.holder.units(Right.SEE), filters, today=visit.today)
    return visit.page(
        "plans.html", found=found, filters=filters, statuses=list(PlanStatus), may_plan=visit.may(Right.PLAN)
    )


@router.get("/ke-hoach/{plan_id}")
def page(plan_id: str, visit: Visit = needs(Right.SEE, "plan_id")) -> Response:
    """The plan with its matrix; htmx asks for the matrix alone."""
    form = FormData(list(visit.query.items()))
    with visit.reading() as connection:
        found = plan_page.plan_view(connection, visit.holder.units(Right.SEE), plan_id, now=visit.now)
        matrix = plan_matrix.matrix(
            connection,
            found.plan,
            found.register,
            draft=found.is_draft,
            since=found.active_from,
            duty=text(form, "nhiem-vu"),
            year=number(text(form, "nam")),
            page=number(text(form, "trang")) or 1,
            now=visit.now,
        )
        document = of_plan(connection, plan_id)
        written = letters.of_plan(connection, plan_id)
    return visit.page(
        "plan.html",
        found=found,
        matrix=matrix,
        may_plan=visit.may(Right.PLAN, found.plan.lead),
        may_work=visit.may(Right.WORK, found.plan.lead),
        letters=written,
        document=document,
    )


@router.get("/ke-hoach/{plan_id}/phien-ban/{version}")
def version_page(plan_id: str, version: str, visit: Visit = needs(Right.SEE, "plan_id")) -> Response:
    """The text of one version as a file."""
    wanted = number(version)
    with visit.reading() as connection:
        source = plan_page.version_text(connection, plan_id, wanted) if wanted else None
    if source is None:
        raise NotFound
    return file_answer(source, f"{plan_id}-v{wanted}.yaml")


def file_answer(source: str, name: str) -> Response:
    """A plan file to keep; never shown as a page."""
    held = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return Response(source.encode(), media_type="application/yaml; charset=utf-8", headers=held)


def number(typed: str) -> int | None:
    """A small whole number of an address; None for anything else."""
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 7 else None
