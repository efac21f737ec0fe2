"""The duties of a plan that is being written, with the picker of deadlines that shows the next dates."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter
from starlette.responses import Response

from app.rule_words import WEEKDAYS, boundary_word
from people.rights import Right
from plans.model import Boundary, RecipientRole
from plans.plan_text import Document
from plans.text import _
from tasks.errors import BadInput
from tasks.office import office_of, working_calendar
from web.errors import NotFound
from web.forms import lines as typed_lines
from web.forms import text
from web.guard import needs
from web.planform import due, duty
from web.planform.duty import Chosen, RecipientRow
from web.planform.problems import FormProblem, form_problem
from web.planform.values import list_of, text_of
from web.planform.work import Work, keep, open_work
from web.routes.plan_draft_parts import LONGEST, column, typed
from web.visit import Visit

router = APIRouter()
NAMES = (*duty.NAMES, *due.NAMES)
NEW = "moi"


@router.get("/ke-hoach/soan/{draft_id:int}/nhiem-vu")
def duties_page(draft_id: int, visit: Visit = needs(Right.PLAN, "draft_id")) -> Response:
    work = open_work(visit, draft_id)
    duties = [each for each in list_of(work.document, "duties") if isinstance(each, dict)]
    previews = _previews(visit, work, [due.due_document(due.due_values(each.get("due"))) for each in duties])
    called = [_names(work, each) for each in duties]
    return visit.page(
        "plan_draft_duties.html", work=work, step="nhiem-vu", duties=list(zip(duties, previews, called, strict=True))
    )


def _names(work: Work, each: Document) -> str:
    options = {option.key: option.name for option in duty.options(work.document, work.names, each)}
    return ", ".join(options.get(key, key) for key in duty.called(each, "responsible"))


@router.get("/ke-hoach/soan/{draft_id:int}/nhiem-vu/{place}")
def duty_page(draft_id: int, place: str, visit: Visit = needs(Right.PLAN, "draft_id")) -> Response:
    work = open_work(visit, draft_id)
    at = _place(work, place)
    old = {} if at is None else list_of(work.document, "duties")[at]
    values = duty.duty_values(old) | due.due_values(old.get("due"))
    if at is None:
        values["phrase"] = values["phrase"] or "annual"
        values["boundary"] = values["boundary"] or "before"
    chosen = Chosen(
        duty.called(old, "responsible"), duty.called(old, "cooperating"), duty.recipients_of(old, work.names)
    )
    return _duty(visit, work, at, values, chosen)


def _place(work: Work, place: str) -> int | None:
    """Which duty, counted from 0; None for a new one. Raises NotFound."""
    if place == NEW:
        return None
    there = len(list_of(work.document, "duties"))
    if place.isascii() and place.isdecimal() and len(place) < 5 and 1 <= int(place) <= there:
        return int(place) - 1
    raise NotFound


def _duty(
    visit: Visit, work: Work, at: int | None, values: dict[str, str], chosen: Chosen, error: str = ""
) -> Response:
    duties = list_of(work.document, "duties")
    old = {} if at is None else duties[at]
    lead = text_of(work.document, "lead", "agency")
    names = work.names
    prefix = f"nhiem-vu/{at + 1}" if at is not None else "-"
    return visit.page(
        "plan_draft_duty.html",
        status=400 if error else 200,
        work=work,
        step="nhiem-vu",
        place=NEW if at is None else at + 1,
        number=len(duties) + 1 if at is None else at + 1,
        values=values,
        chosen=chosen,
        blank=RecipientRow("", "main", ""),
        options=duty.options(work.document, names, old),
        known=names.of_unit(),
        feeding=[each for each in duties if lead in duty.called(each, "responsible") and each is not old],
        phrases=due.PHRASES,
        boundaries=[(boundary.value, boundary_word(boundary)) for boundary in Boundary],
        weekdays=WEEKDAYS,
        roles=list(RecipientRole),
        preview=_previews(visit, work, [due.due_document(values)])[0],
        problems=[problem for problem in work.checked.problems if problem.path == prefix],
        error=error,
    )


Shown = tuple[due.Preview, list[str]]


def _previews(visit: Visit, work: Work, picked: Sequence[Document]) -> list[Shown]:
    """Of each deadline the next dates, and what is wrong with it in the words of the form."""
    with visit.reading() as connection:
        reading = office_of(connection, work.draft.lead).reading
        calendar = working_calendar(connection)
    if work.plan is not None:
        reading = work.plan.reading.over(reading)
    found = [due.preview(work.document, each, reading=reading, calendar=calendar, today=visit.today) for each in picked]
    return [(each, [_said(form_problem(problem, {})) for problem in each.problems]) for each in found]


def _said(problem: FormProblem) -> str:
    return f"{problem.message}. {problem.hint}".strip()


@router.post("/ke-hoach/soan/{draft_id:int}/nhiem-vu/{place}")
def save_duty(draft_id: int, place: str, visit: Visit = needs(Right.PLAN, "draft_id")) -> Response:
    """Keeps the duty, or only shows its next dates (``lam=xem``)."""
    work = open_work(visit, draft_id)
    at = _place(work, place)
    values = {name: text(visit.form, name) for name in NAMES} | {"note": typed_lines(visit.form, "note")}
    chosen = _chosen(visit)
    doing = text(visit.form, "lam")
    if doing == "xem":
        return _duty(visit, work, at, values, chosen)
    try:
        values = typed(visit.form, NAMES)
        if any(len(row.name) > LONGEST or len(row.detail) > LONGEST for row in chosen.recipients):
            raise BadInput(_("Một ô dài quá {n} ký tự.").format(n=LONGEST))
        changed, at_last = duty.with_duty(work.document, work.names, at, values, chosen)
        keep(visit, work, changed)
    except BadInput as error:
        return _duty(visit, work, at, values, chosen, str(error))
    base = f"/ke-hoach/soan/{draft_id}/nhiem-vu"
    after = {"them": f"{base}/{NEW}", "tiep": base}.get(doing, f"{base}/{at_last + 1}")
    return visit.go(after, _("Đã lưu nhiệm vụ."))


def _chosen(visit: Visit) -> Chosen:
    columns = (column(visit.form, name) for name in ("noi-nhan", "vai-tro", "bo-phan"))
    rows = [RecipientRow(*values) for values in zip(*columns, strict=False)]
    return Chosen(column(visit.form, "chu-tri"), column(visit.form, "phoi-hop"), [row for row in rows if row.name])


@router.post("/ke-hoach/soan/{draft_id:int}/nhiem-vu/{place}/{what}")
def change_order(draft_id: int, place: str, what: str, visit: Visit = needs(Right.PLAN, "draft_id")) -> Response:
    """Takes a duty away, or moves it up or down."""
    work = open_work(visit, draft_id)
    at = _place(work, place)
    if at is None or what not in ("xoa", "len", "xuong"):
        raise NotFound
    if what == "xoa":
        changed = duty.without_duty(work.document, at)
    else:
        changed = duty.moved_duty(work.document, at, -1 if what == "len" else 1)
    keep(visit, work, changed)
    said = _("Đã bỏ nhiệm vụ khỏi bản soạn.") if what == "xoa" else _("Đã lưu bản soạn.")
    return visit.go(f"/ke-hoach/soan/{draft_id}/nhiem-vu", said)
