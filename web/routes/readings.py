"""Đọc văn bản: a document is uploaded, read, reviewed as a whole, and becomes a plan."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.datastructures import UploadFile
from starlette.responses import FileResponse, Response

from app import reading as review
from app.filestore import MOST_BYTES, FileStore, FileTooBig
from app.views import plan_changes
from people.rights import Right
from plans.errors import PlanError, PlansError
from plans.text import _, _n
from tasks import reading_store, readings
from tasks.errors import RegisterError
from tasks.reading_store import Source
from web import said
from web.errors import NotFound
from web.forms import text, texts
from web.guard import needs
from web.readings_desk import AT, ONE, Desk, open_desk
from web.readings_forms import seen
from web.readings_jobs import Job, Jobs
from web.routes.plan_drafts import said_of
from web.visit import Visit

router = APIRouter()
LISTED = 50  # documents under review that one page shows
PATIENCE = 3.0  # seconds; most files are read by then, and nobody sees the page that waits


def jobs_at(visit: Visit) -> Jobs:
    """What this installation is reading."""
    found: Jobs = visit.request.app.state.readings
    return found


@router.get(AT)
def upload_page(visit: Visit = needs(Right.PLAN)) -> Response:
    return _new(visit)


def _new(visit: Visit, error: str = "") -> Response:
    units, jobs = visit.holder.units(Right.PLAN), jobs_at(visit)
    failed = [job for job in jobs.failed() if visit.may(Right.PLAN, job.lead)]
    for job in failed:
        job.told = True
    with visit.reading() as connection:
        return visit.page(
            "reading_new.html",
            status=400 if error else 200,
            units=plan_changes.lead_units(connection, units),
            listed=reading_store.listed(connection, units, most=LISTED + 1),
            most_listed=LISTED,
            running=[job for job in jobs.running() if visit.may(Right.PLAN, job.lead)],
            failed=[(job, _why(job)) for job in failed],
            error=error,
            at=AT,
            most=MOST_BYTES >> 20,
        )


@router.post(AT)
def upload(visit: Visit = needs(Right.PLAN)) -> Response:
    """Has the file read; whoever sent it waits on a page of its own where that takes long."""
    lead = text(visit.form, "don-vi")
    if not lead:
        return _new(visit, _("Chưa chọn đơn vị theo dõi."))
    if not visit.may(Right.PLAN, lead):
        raise NotFound
    try:
        name, data = _file(visit)
        job = _begin(visit, lead, name, data)
    except RegisterError as error:
        return _new(visit, str(error))
    job.done.wait(PATIENCE)
    return _result(visit, job) if job.done.is_set() else visit.go(f"{AT}/cho/{job.key}")


def _file(visit: Visit) -> tuple[str, bytes]:
    """Raises RegisterError where there is none, or it is too big."""
    given = visit.form.get("tep")
    if not isinstance(given, UploadFile):
        raise RegisterError(_("Chưa chọn tệp."))
    with given.file as opened:
        if not given.filename:
            raise RegisterError(_("Chưa chọn tệp."))
        data = opened.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise FileTooBig
    return given.filename[:200], data


def _begin(visit: Visit, lead: str, name: str, data: bytes) -> Job:
    now, actor = visit.now, visit.actor
    return jobs_at(visit).begin(lambda folder: folder.put(data, name, lead=lead, actor=actor, at=now))


def _why(job: Job) -> str:
    """Why it could not be read, in words."""
    if isinstance(job.error, (RegisterError, PlansError)):
        return str(job.error)
    return _("Lỗi của hệ thống; quản trị xem nhật ký máy.")


def _result(visit: Visit, job: Job) -> Response:
    """What became of it. Raises what nobody expected."""
    job.told = True
    if isinstance(job.error, (RegisterError, PlansError)):
        return _new(visit, str(job.error))
    if job.error is not None:
        raise job.error
    return visit.go(f"{AT}/{job.reading_id}")


@router.get(AT + "/cho/{held}")
def waiting_page(held: str, visit: Visit = needs(Right.PLAN)) -> Response:
    """Asks again by itself until the file is read; without script too."""
    job = jobs_at(visit).find(held)
    if job is None or not visit.may(Right.PLAN, job.lead):
        return _on(
            visit, AT, _("Không còn lượt đọc này. Nếu văn bản không có trong danh sách dưới đây, tải tệp lên lại.")
        )
    if not job.done.is_set():
        return visit.page("reading_wait.html", job=job, at=AT)
    if visit.partial:
        return _moved(f"{AT}/cho/{held}")
    return _result(visit, job)


def _on(visit: Visit, path: str, words: str) -> Response:
    """To another page, also where only a part of this one was asked for."""
    if not visit.partial:
        return visit.go(path, words, kind="error")
    answer = _moved(path)
    said.keep(visit, answer, words, "error")
    return answer


def _moved(path: str) -> Response:
    """For htmx: the browser opens that page."""
    return Response(headers={"HX-Redirect": path})


@router.get(ONE)
def review_page(reading_id: int, visit: Visit = needs(Right.PLAN, "reading_id")) -> Response:
    return show(visit, open_desk(visit, reading_id))


def show(visit: Visit, desk: Desk, error: str = "", *, wanted: str = "") -> Response:
    """The document with the proposed duties; ``wanted``: the one that is shown at once."""
    status = 400 if error else 200
    again = {"ticked": texts(visit.form, "viec"), "typed": {n: text(visit.form, n) for n in ("giao", "ly-do")}}
    values = {"desk": desk, "step": "nhiem-vu", "error": error, "wanted": wanted, **again}
    return visit.page("reading_items.html", status=status, **values)


@router.post(ONE + "/nhan")
def accept_clear(reading_id: int, visit: Visit = needs(Right.PLAN, "reading_id")) -> Response:
    """All proposals about which nothing is doubtful."""
    desk = open_desk(visit, reading_id)
    try:
        with visit.writing() as connection:
            readings.accept(connection, reading_id, desk.clear, seen=seen(visit.form), now=visit.now, actor=visit.actor)
    except RegisterError as error:
        return show(visit, open_desk(visit, reading_id), str(error))
    count = len(desk.clear)
    return visit.go(desk.base, _n("Đã đưa {n} đề xuất vào kế hoạch.", count).format(n=count))


@router.post(ONE + "/lap")
def make_plan(reading_id: int, visit: Visit = needs(Right.PLAN, "reading_id")) -> Response:
    """The accepted proposals become a plan that is not yet followed."""
    try:
        with visit.writing() as connection:
            made = review.make_plan(connection, reading_id, seen=seen(visit.form), now=visit.now, actor=visit.actor)
    except (RegisterError, PlansError) as error:
        return show(visit, open_desk(visit, reading_id), _said(error))
    return visit.go(f"/ke-hoach/{made.plan.id}", said_of(made))


def _said(error: Exception) -> str:
    """Without lines of a file that nobody has written."""
    if isinstance(error, PlanError):
        return " ".join(f"{each.message}. {each.hint}".strip() for each in error.problems)
    return str(error)


@router.post(ONE + "/xoa")
def throw_away(reading_id: int, visit: Visit = needs(Right.PLAN, "reading_id")) -> Response:
    files = FileStore(visit.dondoc.settings.home)
    try:
        with visit.writing() as connection:
            gone = readings.discard(connection, reading_id, seen=seen(visit.form), now=visit.now, actor=visit.actor)
    except RegisterError as error:
        return show(visit, open_desk(visit, reading_id), str(error))
    if gone is not None:
        files.remove(gone)
    return visit.go(AT, _("Đã xóa văn bản và các đề xuất."))


@router.get(ONE + "/tep")
def original(reading_id: int, visit: Visit = needs(Right.PLAN, "reading_id")) -> Response:
    """The file as it was uploaded."""
    with visit.reading() as connection:
        source = reading_store.source(connection, reading_store.load(connection, reading_id).document_id)
    return _handed(visit, source)


@router.get("/ke-hoach/{plan_id}/van-ban")
def of_plan(plan_id: str, visit: Visit = needs(Right.SEE, "plan_id")) -> Response:
    """The document that the plan was made of, to be looked at; ``cau``: the words of a duty, to be shown at once."""
    desk = open_desk(visit, _of_plan(visit, plan_id))
    found = desk.saying(visit.query.get("cau", "")[:400])
    return show(visit, desk, wanted=f"item-{found.id}" if found is not None else "")


@router.get("/ke-hoach/{plan_id}/van-ban/tep")
def original_of_plan(plan_id: str, visit: Visit = needs(Right.SEE, "plan_id")) -> Response:
    reading_id = _of_plan(visit, plan_id)
    with visit.reading() as connection:
        source = reading_store.source(connection, reading_store.load(connection, reading_id).document_id)
    return _handed(visit, source)


def _of_plan(visit: Visit, plan_id: str) -> int:
    """Raises NotFound where the plan was written by hand."""
    with visit.reading() as connection:
        found = reading_store.of_plan(connection, plan_id)
    if found is None:
        raise NotFound
    return found.id


def _handed(visit: Visit, source: Source) -> Response:
    """As attachment, of a type that no browser opens by itself."""
    path = FileStore(visit.dondoc.settings.home).path(source.hash)
    if not path.exists():
        raise NotFound
    return FileResponse(path, media_type="application/octet-stream", filename=source.name)
