"""Công văn: the list, one letter with its text and its files, and where letters begin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from fastapi import APIRouter
from sqlalchemy.engine import Connection
from starlette.datastructures import FormData
from starlette.responses import Response

from app.letters import beginning, drafting
from app.letters.drafting import Known
from app.letters.printing import TYPES, file_name, printed
from app.views import letter, letters
from app.views.letters import Filters
from letters.model import Urgency
from people.rights import Right
from plans.text import _, _n
from tasks.errors import BadInput, RegisterError
from tasks.letter_model import Letter, LetterChanged, LetterKind, LetterRefused, LetterState
from tasks.letter_store import load_letter
from web.errors import NotFound
from web.forms import text
from web.guard import needs
from web.rendering import path_part
from web.routes.occurrence import failed as occurrence_failed
from web.routes.plans import number
from web.visit import Visit

router = APIRouter()
AT = "/cong-van"
ONE = AT + "/{letter_id:int}"


@dataclass(frozen=True, slots=True)
class Failed:
    """A form that could not be worked on: which one, what is wrong, and what was typed."""

    form: str = ""
    text: str = ""
    typed: dict[str, str] = field(default_factory=dict)
    chosen: tuple[str, ...] = ()


@router.get(AT)
def list_page(visit: Visit = needs(Right.SEE)) -> Response:
    form = FormData(list(visit.query.items()))
    kind, state = text(form, "loai"), text(form, "tinh-trang")
    filters = Filters(
        plan=text(form, "ke-hoach")[:60],
        kind=LetterKind(kind) if kind in set(LetterKind) else None,
        state=LetterState(state) if state in set(LetterState) else None,
        number=text(form, "so")[:60],
        page=number(text(form, "trang")) or 1,
    )
    with visit.reading() as connection:
        found = letters.listing(connection, visit.holder.units(Right.SEE), filters)
    return visit.page("letters.html", found=found, filters=filters)


@router.get(ONE)
def letter_page(letter_id: int, visit: Visit = needs(Right.SEE, "letter_id")) -> Response:
    return show(visit, letter_id)


def show(visit: Visit, letter_id: int, failed: Failed | None = None, *, status: int = 200) -> Response:
    """The page, with what was typed where a form failed."""
    with visit.reading() as connection:
        page = letter.page(connection, letter_id)
    return visit.page(
        "letter.html",
        status=status,
        page=page,
        failed=failed or Failed(),
        may_work=visit.may(Right.WORK, page.lead),
        urgencies=list(Urgency),
        base=f"{AT}/{letter_id}",
    )


def refused(visit: Visit, letter_id: int, form: str, error: Exception) -> Response:
    """The page again, with the error on top and everything that was typed."""
    typed = {key: value for key, value in visit.form.items() if isinstance(value, str)}
    chosen = tuple(value for value in visit.form.getlist("ky") if isinstance(value, str))
    status = 409 if isinstance(error, LetterChanged | LetterRefused) else 400
    return show(visit, letter_id, Failed(form, str(error), typed, chosen), status=status)


@router.get(ONE + "/tep/{form}")
def file(letter_id: int, form: str, visit: Visit = needs(Right.SEE, "letter_id")) -> Response:
    """The letter as .docx or .pdf; a draft as a draft."""
    if form not in TYPES:
        raise NotFound
    with visit.reading() as connection:
        stored, text_of = load_letter(connection, letter_id), drafting.letter_of(connection, letter_id)
    held = {
        "Content-Disposition": f'attachment; filename="{file_name(stored, form)}"',
        "X-Content-Type-Options": "nosniff",
    }
    return Response(printed(text_of, form), media_type=TYPES[form], headers=held)


# -- where letters begin --


@router.post("/ke-hoach/{plan_id}/cong-van")
def begin_for_plan(plan_id: str, visit: Visit = needs(Right.WORK, "plan_id")) -> Response:
    """Giao việc to all bodies of the plan, or a report on it."""
    what = text(visit.form, "loai")

    def begin(connection: Connection) -> list[Letter]:
        known = Known(on=visit.today, now=visit.now, actor=visit.actor)
        match what:
            case "giao-viec":
                return beginning.begin_assigning(connection, plan_id, **known)
            case "bao-cao":
                return [beginning.begin_report(connection, plan_id, **known)]
        raise BadInput(_("Chọn loại công văn."))

    return _begun(visit, begin, lambda error: visit.go(f"/ke-hoach/{plan_id}", str(error), kind="error"))


@router.post("/ky/{occurrence_id:path}/cong-van")
def begin_for_occurrence(occurrence_id: str, visit: Visit = needs(Right.WORK, "occurrence_id")) -> Response:
    """Đôn đốc of one body or of all that are late with the same; giao việc or gia hạn of one body."""
    what = text(visit.form, "loai")

    def begin(connection: Connection) -> list[Letter]:
        known = Known(on=visit.today, now=visit.now, actor=visit.actor)
        match what:
            case "don-doc" | "don-doc-tat-ca":
                everybody = what == "don-doc-tat-ca"
                return beginning.begin_urging(connection, occurrence_id, everybody=everybody, **known)
            case "gia-han":
                return [beginning.begin_extension(connection, occurrence_id, **known)]
            case "giao-viec":
                return beginning.begin_assigning_to(connection, occurrence_id, **known)
        raise BadInput(_("Chọn loại công văn."))

    return _begun(visit, begin, lambda error: occurrence_failed(visit, occurrence_id, "cong-van", error))


@router.post(ONE + "/dinh-chinh")
def begin_correction(letter_id: int, visit: Visit = needs(Right.WORK, "letter_id")) -> Response:
    def begin(connection: Connection) -> list[Letter]:
        known = Known(on=visit.today, now=visit.now, actor=visit.actor)
        return [beginning.begin_correction(connection, letter_id, **known)]

    return _begun(visit, begin, lambda error: refused(visit, letter_id, "dinh-chinh", error))


def _begun(
    visit: Visit, begin: Callable[[Connection], list[Letter]], fail: Callable[[RegisterError], Response]
) -> Response:
    """To the draft; where several were made, to their list."""
    try:
        with visit.writing() as connection:
            made = begin(connection)
    except RegisterError as error:
        return fail(error)
    if len(made) == 1:
        return visit.go(f"{AT}/{made[0].id}", _("Đã soạn dự thảo. Xem lại, in, trình ký, rồi ghi số và ngày."))
    said = _n("Đã soạn {n} dự thảo, mỗi loại cơ quan một công văn.", len(made)).format(n=len(made))
    query = Filters(plan=made[0].plan_id, state=LetterState.DRAFT).query()
    return visit.go(f"{AT}?{query}", said)


def base_of(letter_id: int) -> str:
    return f"{AT}/{path_part(str(letter_id))}"
