"""Kỳ: one occurrence with everything that belongs to it. Its moves stand in ``occurrence_moves``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from fastapi import APIRouter
from sqlalchemy.engine import Connection
from starlette.responses import Response

from app.state_table_choices import feeding
from app.views import figures, letters, occurrence
from app.views.occurrences import ALL, Filters
from app.views.reading import has_document
from notifications.errors import NotificationsError
from people.rights import Right
from tasks import desk
from tasks.errors import ChangedMeanwhile, MoveRefused, RegisterError
from tasks.moves import ReturnReason, reason_text
from web.forms import text
from web.guard import needs
from web.rendering import path_part
from web.visit import Visit

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Failed:
    """A form that could not be worked on: which one, what is wrong, and what was typed."""

    form: str = ""
    text: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)


@router.get("/ky/{occurrence_id:path}")
def occurrence_page(occurrence_id: str, visit: Visit = needs(Right.SEE, "occurrence_id")) -> Response:
    return show(visit, occurrence_id)


def show(visit: Visit, occurrence_id: str, failed: Failed | None = None, *, status: int = 200) -> Response:
    """The page, with what was typed where a form failed."""
    with visit.reading() as connection:
        page = occurrence.load(connection, occurrence_id, now=visit.now)
        in_document = has_document(connection, page.o.plan_id)
        fed = feeding(connection, page.o, now=visit.now)
        reported = figures.of_occurrence(connection, page.o)
        written = letters.of_occurrence(connection, occurrence_id)
    return visit.page(
        "occurrence.html",
        status=status,
        page=page,
        in_document=in_document,
        feeding=fed,
        may_export=visit.may(Right.EXPORT, page.lead.id) and visit.may(Right.AUDIT, page.lead.id),
        figures=reported,
        letters=written,
        same_period=Filters(plan=page.o.plan_id, duty=page.o.duty_id, period=page.o.period, status=ALL).query(),
        failed=failed or Failed(),
        may_work=visit.may(Right.WORK, page.lead.id),
        may_direct=visit.may(Right.DIRECT, page.lead.id),
        reasons=[(reason.value, reason_text(reason)) for reason in ReturnReason],
    )


def work_on(
    visit: Visit,
    occurrence_id: str,
    form: str,
    work: Callable[[Connection], object],
    said: str,
    *,
    guarded: bool = True,
) -> Response:
    """Does it in one transaction and goes back to the page; what is refused is said there, nothing typed is lost.

    Who said it in passing, on the overview (``ve`` in the form), goes on there.
    ``guarded``: the page has to be as new as the register (D9: every move is guarded by what was seen).
    """
    try:
        with visit.writing() as connection:
            if guarded:
                desk.unchanged(connection, occurrence_id, text(visit.form, "seen"))
            work(connection)
    except (RegisterError, NotificationsError) as error:
        return failed(visit, occurrence_id, form, error)
    back = "/tong-quan" if text(visit.form, "ve") == "tong-quan" else f"/ky/{path_part(occurrence_id)}"
    return visit.go(back, said)


def failed(visit: Visit, occurrence_id: str, form: str, error: Exception) -> Response:
    """The page again, with the error on top and the form open."""
    typed = {key: value for key, value in visit.form.items() if isinstance(value, str)}
    status = 409 if isinstance(error, ChangedMeanwhile | MoveRefused) else 400
    return show(visit, occurrence_id, Failed(form, str(error), typed), status=status)
