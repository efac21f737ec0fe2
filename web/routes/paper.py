"""One paper: what it answers, its files, and everything with which a slip is put right."""

from __future__ import annotations

import re
from collections.abc import Callable

from fastapi import APIRouter
from sqlalchemy.engine import Connection
from starlette.responses import FileResponse, Response

from app.filestore import FileStore, media_type
from app.views import paper as view
from app.views import paper_entry, paper_files
from app.views.paper import PaperPage
from people.rights import Right
from plans.text import _
from tasks import desk, paper_desk, papers
from tasks.database import before_commit
from tasks.errors import BadInput, ChangedMeanwhile, MoveRefused, RegisterError
from tasks.papers import Paper
from web.errors import NotFound
from web.forms import text, texts
from web.guard import needs
from web.routes.papers import AT, Typed, read_paper, uploaded
from web.visit import Visit

router = APIRouter()
ONE = AT + "/{paper_id}"
_HASH = re.compile(r"[0-9a-f]{64}")


@router.get(ONE)
def paper_page(paper_id: str, visit: Visit = needs(Right.SEE, "paper_id")) -> Response:
    return _show(visit, int(paper_id))


@router.post(ONE + "/sua-lai")
def correct(paper_id: str, visit: Visit = needs(Right.WORK, "paper_id")) -> Response:
    """ "Ghi sai, sửa lại": both versions are kept, the page of the right one comes."""

    def work(connection: Connection) -> int:
        page = _load(connection, visit, int(paper_id))
        by = text(visit.form, "by")
        receiver = by if by in {each.id for each in page.receivers} else None
        came = read_paper(visit, Typed.of(visit.form), received_by=receiver)
        return paper_desk.correct_paper(connection, int(paper_id), came, now=visit.now, actor=visit.actor).paper_id

    said = _("Đã sửa lại; cả hai bản đều được lưu, kết quả tính theo bản đúng.")
    return _work_on(visit, int(paper_id), "sua-lai", work, said)


@router.post(ONE + "/them-viec")
def add_duties(paper_id: str, visit: Visit = needs(Right.WORK, "paper_id")) -> Response:
    """The same paper answers more."""

    def work(connection: Connection) -> int:
        page = _load(connection, visit, int(paper_id))
        ids = texts(visit.form, "viec")
        if not set(ids) <= {each.id for each in page.candidates}:
            raise NotFound
        if page.newest_id != page.id:
            raise BadInput(_("Bản ghi này đã được sửa hoặc đã bỏ. Mở bản mới nhất để sửa."))
        came = Paper(
            page.received_on, page.number, page.dated, page.received_by.id if page.received_by else None, page.secret
        )
        return paper_desk.enter(
            connection, page.issuer.id, ids, came, add=True, now=visit.now, actor=visit.actor
        ).paper_id

    return _work_on(visit, int(paper_id), "them-viec", work, _("Đã ghi thêm việc cho văn bản này."))


@router.post(ONE + "/bo-doi-chieu")
def undo(paper_id: str, visit: Visit = needs(Right.WORK, "paper_id")) -> Response:
    """Recorded for the wrong duty: it is owed again."""

    def work(connection: Connection) -> int:
        it, seen = text(visit.form, "ky"), text(visit.form, "seen")
        page = _load(connection, visit, int(paper_id))
        if it not in {each.occurrence_id for each in page.counting}:
            raise NotFound
        desk.unchanged(connection, it, seen)
        if paper_desk.newest(connection, it) != page.id:
            raise ChangedMeanwhile(it)
        papers.undo(connection, it, now=visit.now, actor=visit.actor)
        return page.id

    said = _("Đã bỏ đối chiếu; kỳ đó trở lại chưa nhận.")
    return _work_on(visit, int(paper_id), "bo-doi-chieu", work, said)


@router.post(ONE + "/tep")
def attach(paper_id: str, visit: Visit = needs(Right.WORK, "paper_id")) -> Response:
    number = int(paper_id)
    try:
        with uploaded(visit) as staged:
            if staged is None:
                raise BadInput(_("Chưa chọn tệp."))
            with visit.writing() as connection:
                paper_desk.attach(connection, number, staged.content, now=visit.now, actor=visit.actor)
                staged.keep()
    except RegisterError as error:
        return _show(visit, number, error, form="tep")
    return visit.go(f"{AT}/{number}", _("Đã lưu tệp."))


@router.post(ONE + "/go-tep")
def detach(paper_id: str, visit: Visit = needs(Right.WORK, "paper_id")) -> Response:
    """Takes a file out; its bytes go as well where no other paper has them."""

    def work(connection: Connection) -> int:
        file_hash = text(visit.form, "tep")
        alone = paper_desk.detach(connection, int(paper_id), file_hash, now=visit.now, actor=visit.actor)
        if alone and _HASH.fullmatch(file_hash):
            store = FileStore(visit.dondoc.settings.home)
            before_commit(connection, f"file {file_hash}", lambda _connection: store.remove(file_hash))
        return int(paper_id)

    return _work_on(visit, int(paper_id), "tep", work, _("Đã gỡ tệp khỏi hệ thống."))


@router.get("/tep/{paper_id}/{file_hash}")
def download(paper_id: str, file_hash: str, visit: Visit = needs(Right.SEE, "paper_id")) -> Response:
    """A file as an attachment, streamed; never shown inside the dashboard."""
    if not _HASH.fullmatch(file_hash):
        raise NotFound
    with visit.reading() as connection:
        found = paper_files.find(connection, int(paper_id), file_hash)
    path = FileStore(visit.dondoc.settings.home).path(file_hash)
    if found is None or not path.is_file():
        raise NotFound
    return FileResponse(
        path,
        media_type=media_type(found.kind),
        filename=found.name,
        content_disposition_type="attachment",
        headers={"X-Download-Options": "noopen"},
    )


def _load(connection: Connection, visit: Visit, paper_id: int) -> PaperPage:
    return view.load(connection, visit.holder.units(Right.SEE), paper_id, today=visit.today)


def _work_on(visit: Visit, paper_id: int, form: str, work: Callable[[Connection], int], said: str) -> Response:
    """Does it in one transaction and goes to the page of the paper that it leaves; what is refused is said there."""
    try:
        with visit.writing() as connection:
            left = work(connection)
    except RegisterError as error:
        return _show(visit, paper_id, error, form=form)
    return visit.go(f"{AT}/{left}", said)


def _show(visit: Visit, paper_id: int, error: RegisterError | None = None, *, form: str = "") -> Response:
    with visit.reading() as connection:
        page = _load(connection, visit, paper_id)
    conflict = isinstance(error, ChangedMeanwhile | MoveRefused | paper_desk.AlreadyRecorded)
    return visit.page(
        "paper.html",
        status=200 if error is None else 409 if conflict else 400,
        page=page,
        error=str(error) if error else None,
        other=error.paper_id if isinstance(error, paper_desk.AlreadyRecorded) else None,
        failed=form,
        typed=Typed.of(visit.form),
        proposals=paper_entry.propose(page.candidates, received=page.received_on, number=page.number or ""),
        may_work=any(visit.may(Right.WORK, line.lead) for line in page.answers),
        tab="danh-sach",
    )
