"""Văn bản đến: the grid in which the officer records papers, and the list of what was recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, time

from fastapi import APIRouter
from sqlalchemy.engine import Connection
from starlette.datastructures import FormData, UploadFile
from starlette.responses import JSONResponse, Response

from app.filestore import FileStore, Staged
from app.views import paper_entry, papers
from app.views.paper_entry import Proposal, Twin
from app.views.papers import Filters
from people.rights import Right
from plans.calendar import moment
from plans.text import _, day_text
from tasks import paper_desk
from tasks.errors import BadInput, MoveRefused, RegisterError
from tasks.finding import Body, find
from tasks.paper_desk import AlreadyRecorded, Entered
from tasks.papers import Paper
from tasks.typed import read_day
from web.errors import NotFound
from web.forms import day, text, texts
from web.guard import needs
from web.visit import Visit

router = APIRouter()
AT = "/van-ban-den"
_LISTED = 1_000  # bodies that the page itself offers; the script knows them all


@dataclass(frozen=True, slots=True)
class Typed:
    """One row as it was typed."""

    agency: str = ""
    number: str = ""
    dated: str = ""
    received: str = ""
    secret: bool = False
    ids: tuple[str, ...] = ()
    add: bool = False

    @classmethod
    def of(cls, form: FormData) -> Typed:
        return cls(
            text(form, "co-quan"),
            text(form, "so"),
            text(form, "ngay"),
            text(form, "den"),
            bool(text(form, "mat")),
            tuple(texts(form, "viec")),
            text(form, "trung") == "them",
        )


class NothingChosen(BadInput):
    """No duty was ticked; the page shows which there are."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What belongs to a row: the body that is meant, its duties, the same paper if it is known."""

    body: Body | None = None
    proposals: tuple[Proposal, ...] = ()
    twin: Twin | None = None


@router.get(AT)
def entry_page(visit: Visit = needs(Right.SEE)) -> Response:
    if not visit.may(Right.WORK):
        return list_page(visit)
    typed = Typed.of(FormData(list(visit.query.items())))
    return _entry(visit, replace(typed, ids=()))


@router.post(AT)
def record(visit: Visit = needs(Right.WORK)) -> Response:
    """Records one row. The script asks for the new line only; without it the page comes again, ready for the next."""
    typed = Typed.of(visit.form)
    try:
        entered = enter(visit, typed)
    except NothingChosen as missing:
        return _refused(visit, typed, missing, status=400 if "da-xem" in visit.form else 200)
    except (AlreadyRecorded, MoveRefused) as conflict:
        return _refused(visit, typed, conflict, status=409)
    except RegisterError as error:
        return _refused(visit, typed, error, status=400)
    with visit.reading() as connection:
        line = papers.one(connection, visit.holder.units(Right.SEE), entered.paper_id, today=visit.today)
    if line is None:
        raise NotFound
    if visit.partial:
        return visit.page("paper_done.html", line=line)
    return visit.go(f"{AT}?den={day_text(line.received_on)}", recorded_text(line))


def recorded_text(line: papers.Line) -> str:
    what = "; ".join(f"{each.title}: {each.status_text}" for each in line.answers)
    number = line.number or _("mật")
    return _("Đã ghi nhận văn bản {number} của {issuer} – {what}.").format(number=number, issuer=line.issuer, what=what)


def enter(visit: Visit, typed: Typed) -> Entered:
    """Raises BadInput, AlreadyRecorded, MoveRefused; NotFound for duties of other units."""
    units = visit.holder.units(Right.WORK)
    with visit.reading() as connection:
        body = find(paper_entry.known_bodies(connection, units), typed.agency)
    came = read_paper(visit, typed)
    if not typed.ids:
        raise NothingChosen(_("Chọn việc mà văn bản này trả lời, rồi ghi nhận."))
    with uploaded(visit) as staged, visit.writing() as connection:
        if not paper_entry.all_of(connection, units, typed.ids):
            raise NotFound
        entered = paper_desk.enter(
            connection,
            body.id,
            typed.ids,
            came,
            add=typed.add,
            content=staged.content if staged else None,
            now=visit.now,
            actor=visit.actor,
        )
        if staged:
            staged.keep()
        return entered


def read_paper(visit: Visit, typed: Typed, *, received_by: str | None = None) -> Paper:
    """Raises BadInput, naming the field. Under secrecy only the day is kept (D12)."""
    if not typed.received:
        raise BadInput(_("Thiếu ngày đến."))
    received = read_day(typed.received, _("Ngày đến"), today=visit.today)
    if typed.secret:
        return Paper(received, secret=True).checked(today=visit.today)
    if not typed.number:
        raise BadInput(_("Thiếu số văn bản. Văn bản mật: đánh dấu “Mật”."))
    if len(typed.number) > 60:
        raise BadInput(_("{label}: dài quá {n} ký tự.").format(label=_("Số văn bản"), n=60))
    if not typed.dated:
        raise BadInput(_("Thiếu ngày văn bản."))
    dated = read_day(typed.dated, _("Ngày văn bản"), today=visit.today)
    return Paper(received, typed.number, dated, received_by).checked(today=visit.today)


@contextmanager
def uploaded(visit: Visit, name: str = "tep") -> Iterator[Staged | None]:
    """The file of the form, looked at and not yet kept; None where there is none. Raises BadInput."""
    sent = visit.form.get(name)
    if not isinstance(sent, UploadFile):
        yield None
        return
    try:
        if not sent.filename:
            yield None
            return
        with FileStore(visit.dondoc.settings.home).staged(sent.file, sent.filename) as staged:
            yield staged
    finally:
        sent.file.close()


@router.get(AT + "/viec")
def duties(visit: Visit = needs(Right.WORK)) -> Response:
    """The duties of a body, as the grid shows them beside the row that is being typed."""
    typed = Typed.of(FormData(list(visit.query.items())))
    with visit.reading() as connection:
        beside = _beside(connection, visit, typed, paper_entry.known_bodies(connection, visit.holder.units(Right.WORK)))
    return visit.page("paper_duties.html", beside=beside, ids=frozenset(), shown=paper_entry.SHOWN)


@router.get(AT + "/co-quan")
def bodies(visit: Visit = needs(Right.WORK)) -> Response:
    """Every body with its names spelt out, for finding while one types."""
    with visit.reading() as connection:
        known = paper_entry.known_bodies(connection, visit.holder.units(Right.WORK))
    return JSONResponse([[each.label, list(each.forms)] for each in known])


@router.get(AT + "/danh-sach")
def list_page(visit: Visit = needs(Right.SEE)) -> Response:
    wrong: list[str] = []
    filters = _filters(visit.query, wrong)
    with visit.reading() as connection:
        found = papers.listing(connection, visit.holder.units(Right.SEE), filters, today=visit.today)
    return visit.page(
        "papers.html", found=found, filters=filters, errors=wrong, tab="danh-sach", may_work=visit.may(Right.WORK)
    )


def _refused(visit: Visit, typed: Typed, error: RegisterError, *, status: int) -> Response:
    if not visit.partial:
        return _entry(visit, typed, error, status=status)
    with visit.reading() as connection:
        twin = _twin_of(connection, visit, typed, error)
    return visit.page("paper_failed.html", status=max(400, status), error=str(error), twin=twin, typed=typed)


def _entry(visit: Visit, typed: Typed, error: RegisterError | None = None, *, status: int = 200) -> Response:
    units = visit.holder.units(Right.WORK)
    with visit.reading() as connection:
        known = paper_entry.known_bodies(connection, units)
        beside = _beside(connection, visit, typed, known)
        twin = _twin_of(connection, visit, typed, error) if error else None
        midnight = moment(visit.today, time(0, 0))
        recent = papers.just_recorded(connection, units, actor=visit.actor, since=midnight, today=visit.today)
    return visit.page(
        "paper_entry.html",
        status=status,
        typed=typed,
        beside=replace(beside, twin=twin or beside.twin),
        bodies=known[:_LISTED],
        error=str(error) if error else None,
        asks=isinstance(error, AlreadyRecorded),
        guide=isinstance(error, NothingChosen),
        recent=recent,
        ids=frozenset(typed.ids),
        shown=paper_entry.SHOWN,
        tab="ghi",
        may_work=True,
    )


def _beside(connection: Connection, visit: Visit, typed: Typed, known: tuple[Body, ...]) -> Beside:
    """As far as it can be known from what was typed so far."""
    try:
        body = find(known, typed.agency)
    except BadInput:
        return Beside()
    units = visit.holder.units(Right.WORK)
    found = paper_entry.candidates(connection, units, [body.id], today=visit.today)[body.id]
    received = _or_none(visit, typed.received) or visit.today
    proposals = paper_entry.propose(found, received=received, number=typed.number)
    dated = _or_none(visit, typed.dated)
    twin = paper_entry.twin(connection, units, body.id, typed.number, dated.year) if dated and typed.number else None
    return Beside(body, proposals, twin)


def _or_none(visit: Visit, typed: str) -> date | None:
    try:
        return read_day(typed, "", today=visit.today) if typed else None
    except BadInput:
        return None


def _twin_of(connection: Connection, visit: Visit, typed: Typed, error: RegisterError) -> Twin | None:
    if not isinstance(error, AlreadyRecorded):
        return None
    units = visit.holder.units(Right.WORK)
    titles = paper_entry.titles_of(connection, units, [error.paper_id])
    return Twin(error.paper_id, typed.number, error.received_on, tuple(titles.get(error.paper_id, ())))


def _filters(asked: Mapping[str, str], wrong: list[str]) -> Filters:
    """What the address asks for; what cannot be read is left out and said in ``wrong``."""
    form = FormData(list(asked.items()))
    page = text(form, "trang")
    return Filters(
        plan=text(form, "ke-hoach"),
        agency=text(form, "co-quan"),
        start=_day(form, "tu", _("Từ ngày"), wrong),
        end=_day(form, "den", _("Đến ngày"), wrong),
        number=text(form, "so")[:60],
        page=int(page) if page.isascii() and page.isdecimal() and len(page) < 7 else 1,
    )


def _day(form: FormData, name: str, label: str, wrong: list[str]) -> date | None:
    typed = text(form, name)
    try:
        return day(typed, label) if typed else None
    except BadInput as bad:
        wrong.append(str(bad))
        return None
