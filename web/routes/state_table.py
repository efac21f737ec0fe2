"""Biểu tình hình gửi báo cáo: one duty and period over all bodies, on the screen and as files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import IO
from urllib.parse import urlencode

from fastapi import APIRouter
from sqlalchemy.engine import Connection
from starlette.datastructures import FormData
from starlette.responses import Response, StreamingResponse

from app import state_table
from app.filestore import FileStore
from app.sheet_files import XLSX_TYPE, as_xlsx
from app.state_table import StateTable
from app.state_table_choices import Choice, choices, nearest
from app.state_table_files import as_report, as_sheets, totals
from app.state_table_zip import as_zip
from letters.report_docx import as_docx
from people.rights import Right
from plans.text import _
from tasks.agencies import load_plan
from tasks.errors import BadInput
from web.errors import NotFound
from web.forms import day_or_none, text
from web.guard import needs
from web.visit import Visit

router = APIRouter()
AT = "/ke-hoach/{plan_id}/tinh-hinh"
DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ZIP_TYPE = "application/zip"
SHOWN = 300  # lines on the screen; the files have all of them
_PIECE = 64 << 10


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for. ``day``: as the register stood at the end of it."""

    duty: str
    period: str
    day: date | None

    @property
    def value(self) -> str:
        return f"{self.duty}/{self.period}"

    def query(self) -> str:
        """The same as an address."""
        day = f"{self.day:%d/%m/%Y}" if self.day else ""
        values = {"nhiem-vu": self.duty, "ky": self.period, "ngay": day}
        return urlencode({key: value for key, value in values.items() if value})


@router.get(AT)
def page(plan_id: str, visit: Visit = needs(Right.SEE, "plan_id")) -> Response:
    """The table on the screen, with the day to choose and the files to take away."""
    wrong = ""
    with visit.reading() as connection:
        plan = load_plan(connection, plan_id)
        offered = choices(connection, plan)
        try:
            asked = _asked(visit, offered)
        except BadInput as error:
            wrong, asked = str(error), _asked(visit, offered, day=False)
        table = _table(connection, visit, plan_id, asked)
    return visit.page(
        "state_table.html",
        plan=plan,
        offered=offered,
        asked=asked,
        table=table,
        error=wrong,
        totals=list(totals(table)) if table else [],
        most=SHOWN,
        may_export=visit.may(Right.EXPORT, plan.lead),
    )


@router.get(AT + ".docx")
def docx(plan_id: str, visit: Visit = needs(Right.EXPORT, "plan_id")) -> Response:
    table = _wanted(visit, plan_id)
    data = as_docx(as_report(table))
    return Response(data, media_type=DOCX_TYPE, headers=named(f"tinh-hinh-{table.name}", "docx"))


@router.get(AT + ".xlsx")
def xlsx(plan_id: str, visit: Visit = needs(Right.EXPORT, "plan_id")) -> Response:
    table = _wanted(visit, plan_id)
    return sent(as_xlsx(as_sheets(table)), XLSX_TYPE, f"tinh-hinh-{table.name}", "xlsx")


@router.get(AT + ".zip")
def papers(plan_id: str, visit: Visit = needs(Right.EXPORT, "plan_id")) -> Response:
    """The table with the papers of the period."""
    table = _wanted(visit, plan_id)
    file = as_zip(table, FileStore(visit.dondoc.settings.home))
    return sent(file, ZIP_TYPE, f"tinh-hinh-{table.name}", "zip")


def _wanted(visit: Visit, plan_id: str) -> StateTable:
    """Raises NotFound, BadInput."""
    with visit.reading() as connection:
        offered = choices(connection, load_plan(connection, plan_id))
        table = _table(connection, visit, plan_id, _asked(visit, offered))
    if table is None:
        raise NotFound
    return table


def _table(connection: Connection, visit: Visit, plan_id: str, asked: Asked) -> StateTable | None:
    if not asked.duty:
        return None
    return state_table.load(connection, plan_id, asked.duty, asked.period, now=visit.now, day=asked.day)


def _asked(visit: Visit, offered: tuple[Choice, ...], *, day: bool = True) -> Asked:
    """Raises BadInput for a day that is none or is still to come."""
    form = FormData(list(visit.query.items()))
    duty, period = text(form, "nhiem-vu"), text(form, "ky")
    if both := text(form, "bao-cao"):
        duty, _slash, period = both.partition("/")
    if not duty and (first := nearest(offered, visit.today)):
        duty, period = first.duty_id, first.period
    chosen = day_or_none(form, "ngay", _("Tính đến hết ngày")) if day else None
    if chosen is not None and chosen > visit.today:
        raise BadInput(_("Ngày {day} còn ở tương lai.").format(day=f"{chosen:%d/%m/%Y}"))
    return Asked(duty, period, chosen if chosen != visit.today else None)


# -- files --


def sent(file: IO[bytes], media_type: str, name: str, ending: str) -> Response:
    """A file piece by piece; closed at its end."""

    def pieces() -> Iterator[bytes]:
        with file:
            while piece := file.read(_PIECE):
                yield piece

    return StreamingResponse(pieces(), media_type=media_type, headers=named(name, ending))


def named(name: str, ending: str) -> dict[str, str]:
    """``name`` is made of ids: plain letters, digits and dashes."""
    return {"Content-Disposition": f'attachment; filename="{name}.{ending}"', "X-Content-Type-Options": "nosniff"}
