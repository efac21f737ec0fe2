"""Nhập, xuất địa chỉ: a spreadsheet of addresses, line by line what it would change, done by one click; and back."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.datastructures import UploadFile
from starlette.responses import Response

from app import contact_import, contact_table
from app.contact_import import Fate, Line
from app.contact_table import Row
from app.sheet_files import CSV_TYPE, XLSX_TYPE, Sheet, as_csv, as_xlsx
from notifications.channels.names import channel_word
from notifications.contacts import contacts_of
from notifications.errors import NotificationsError
from people.rights import Right
from plans.text import _
from tasks.agencies import load_register
from tasks.errors import BadInput, RegisterError
from tasks.finding import bodies
from web.guard import needs
from web.routes.contacts_lists import AT, named
from web.routes.papers import uploaded
from web.visit import Visit

router = APIRouter()
HERE = AT + "/nhap"
_MOST_BYTES = 2 << 20


@router.get(HERE)
def import_page(visit: Visit = needs(Right.BODIES)) -> Response:
    return _form(visit)


@router.post(HERE)
def dry_run(visit: Visit = needs(Right.BODIES)) -> Response:
    """What each line would add or change. Writes nothing."""
    try:
        return _dry(visit, _rows(visit))
    except RegisterError as error:
        return _form(visit, str(error), pasted=_pasted(visit))


@router.post(HERE + "/ghi")
def record(visit: Visit = needs(Right.BODIES)) -> Response:
    """Writes every line that is right in one transaction, judged anew: the register may have changed since."""
    try:
        rows = contact_table.pasted(_pasted(visit))
        with visit.writing() as connection:
            allowed = contact_import.allowed_for(connection, visit.holder.units(Right.BODIES))
            lines = contact_import.check(connection, rows, allowed, today=visit.today)
            done = contact_import.apply(connection, lines, now=visit.now, actor=visit.actor)
    except (RegisterError, NotificationsError) as error:
        return _form(visit, str(error), pasted=_pasted(visit))
    wrong = [line for line in lines if line.fate is Fate.WRONG]
    said = _("Đã nhập địa chỉ: thêm {added}, sửa {changed}.").format(added=done.added, changed=done.changed)
    if not wrong:
        return visit.go(AT, said)
    return _form(visit, done=said, wrong=wrong, pasted=contact_table.as_lines(line.row for line in wrong))


@router.get(AT + "/dia-chi.csv")
def addresses_csv(visit: Visit = needs(Right.BODIES)) -> Response:
    data = b"".join(as_csv(_sheet(visit)))
    return Response(data, media_type=CSV_TYPE, headers=named(visit, "dia-chi", "csv"))


@router.get(AT + "/dia-chi.xlsx")
def addresses_xlsx(visit: Visit = needs(Right.BODIES)) -> Response:
    with as_xlsx([_sheet(visit)]) as file:
        return Response(file.read(), media_type=XLSX_TYPE, headers=named(visit, "dia-chi", "xlsx"))


def _sheet(visit: Visit) -> Sheet:
    """Of the bodies in the plans of one's units, and of the units themselves."""
    with visit.reading() as connection:
        allowed = contact_import.allowed_for(connection, visit.holder.units(Right.BODIES))
        labels = {each.id: each.label for each in bodies(load_register(connection).agencies.values())}
        mine = [c for c in contacts_of(connection) if c.role in allowed.get(c.agency_id, ())]
    return contact_table.sheet_of(mine, labels)


def _rows(visit: Visit) -> list[Row]:
    """Raises BadInput, BadZip, WrongKind."""
    if (text := _csv(visit)) is not None:
        return contact_table.pasted(text)
    with uploaded(visit) as staged:
        if staged is not None:
            return contact_table.file(staged.part)
    if not _pasted(visit).strip():
        raise BadInput(_("Dán các dòng của bảng địa chỉ, hoặc chọn tệp Excel, CSV."))
    return contact_table.pasted(_pasted(visit))


def _csv(visit: Visit) -> str | None:
    """A CSV file is read as text and kept nowhere. Raises BadInput."""
    sent = visit.form.get("tep")
    if not isinstance(sent, UploadFile) or not (sent.filename or "").lower().endswith(".csv"):
        return None
    data = sent.file.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise BadInput(_("Mỗi lần nhập tối đa {n} dòng. Chia thành nhiều lần.").format(n=contact_table.MOST_ROWS))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(_("Tệp CSV phải ở mã UTF-8. Trong Excel: lưu thành “CSV UTF-8”, hoặc .xlsx.")) from error


def _pasted(visit: Visit) -> str:
    value = visit.form.get("du-lieu")
    return value if isinstance(value, str) else ""


def _dry(visit: Visit, rows: list[Row]) -> Response:
    with visit.reading() as connection:
        allowed = contact_import.allowed_for(connection, visit.holder.units(Right.BODIES))
        lines = contact_import.check(connection, rows, allowed, today=visit.today)
    return visit.page(
        "contact_dry_run.html",
        lines=lines,
        counts={fate: sum(line.fate is fate for line in lines) for fate in Fate},
        Fate=Fate,
        pasted=contact_table.as_lines(rows),
        role_word=contact_table.role_word,
        channel_word=channel_word,
    )


def _form(
    visit: Visit, error: str = "", *, pasted: str = "", done: str = "", wrong: list[Line] | None = None
) -> Response:
    return visit.page(
        "contact_import.html",
        status=400 if error else 200,
        error=error,
        pasted=pasted,
        done=done,
        wrong=wrong or [],
        most=contact_table.MOST_ROWS,
    )
