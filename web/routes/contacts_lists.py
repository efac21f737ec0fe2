"""Không liên lạc được, and the list to telephone: who has no working address, who has not said "Đã nắm"."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response, StreamingResponse

from app.sheet_files import CSV_TYPE, XLSX_TYPE, Cell, Column, Sheet, as_csv, as_xlsx
from app.views import contacts_unreached
from app.views.contacts_silent import Silent, duties_text, silent, silent_page
from people.rights import Right
from plans.text import _
from tasks import desk
from tasks.acknowledge import Way, acknowledge
from tasks.errors import BadInput, RegisterError
from tasks.office import working_calendar
from web.forms import lines, short, text
from web.guard import needs
from web.routes.plans import number
from web.visit import Visit

router = APIRouter()
AT = "/lien-lac"
PHONES = AT + "/goi"


@router.get(AT)
def unreached_page(visit: Visit = needs(Right.SEE)) -> Response:
    with visit.reading() as connection:
        found = contacts_unreached.load(connection, visit.holder.units(Right.SEE), now=visit.now)
    return visit.page("contact_unreached.html", found=found, may_change=visit.may(Right.BODIES))


@router.get(PHONES)
def phone_page(visit: Visit = needs(Right.SEE)) -> Response:
    return _phone_page(visit, visit.query.get("ke-hoach", ""))


def _phone_page(visit: Visit, asked: str, error: str = "", failed: str = "") -> Response:
    with visit.reading() as connection:
        calendar, units = working_calendar(connection), visit.holder.units(Right.SEE)
        page = number(visit.query.get("trang", "")) or 1
        found = silent_page(connection, units, calendar, today=visit.today, plan_id=asked, page=page, shown=failed)
    return visit.page(
        "contact_silent.html",
        status=400 if error else 200,
        found=found,
        asked=asked,
        may_change=visit.may(Right.BODIES),
        may_export=visit.may(Right.EXPORT),
        duties_text=duties_text,
        error=error,
        failed=failed,
        typed={key: value for key, value in visit.form.items() if isinstance(value, str)},
    )


def _silent(visit: Visit, right: Right, plan_id: str = "", body: str = "") -> tuple[Silent, ...]:
    with visit.reading() as connection:
        calendar = working_calendar(connection)
        return silent(connection, visit.holder.units(right), calendar, today=visit.today, plan_id=plan_id, body=body)


@router.get(PHONES + ".csv")
def phone_csv(visit: Visit = needs(Right.EXPORT)) -> Response:
    pieces = as_csv(_sheet(_silent(visit, Right.EXPORT, visit.query.get("ke-hoach", ""))))
    return StreamingResponse(pieces, media_type=CSV_TYPE, headers=named(visit, "danh-sach-goi-dien", "csv"))


@router.get(PHONES + ".xlsx")
def phone_xlsx(visit: Visit = needs(Right.EXPORT)) -> Response:
    found = _silent(visit, Right.EXPORT, visit.query.get("ke-hoach", ""))
    with as_xlsx([_sheet(found)]) as file:
        return Response(file.read(), media_type=XLSX_TYPE, headers=named(visit, "danh-sach-goi-dien", "xlsx"))


def named(visit: Visit, name: str, ending: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}-{visit.today:%Y-%m-%d}.{ending}"'}


def _sheet(found: tuple[Silent, ...]) -> Sheet:
    columns = [
        Column(_("Cơ quan"), 36),
        Column(_("Người nhận"), 30),
        Column(_("Điện thoại"), 20),
        Column(_("Kế hoạch"), 24),
        Column(_("Số việc"), 9),
        Column(_("Nhiệm vụ"), 60),
        Column(_("Hạn gần nhất"), 13),
        Column(_("Giao việc ngày"), 13),
        Column(_("Thông báo đến ngày"), 13),
        Column(_("Số cuộc gọi"), 9),
        Column(_("Cuộc gọi gần nhất"), 50),
    ]
    return Sheet(_("Danh sách gọi điện"), columns, (_row(each) for each in found))


def _row(line: Silent) -> list[Cell]:
    call = line.last_call
    return [
        line.agency,
        "; ".join(each.name for each in line.phones),
        "; ".join(each.number for each in line.phones),
        line.plan_name,
        line.duties_in_all,
        duties_text(line),
        line.first_day,
        line.assigned_on,
        line.told_on,
        line.calls,
        f"{call.spoke_with}: {call.text}" if call else "",
    ]


@router.post("/ke-hoach/{plan_id}/goi")
def note_call(plan_id: str, visit: Visit = needs(Right.WORK, "plan_id")) -> Response:
    """A call from the list stands beside the nearest thing that the body owes in the plan; with the box ticked the
    body has understood."""
    body, asked = text(visit.form, "co-quan"), text(visit.form, "loc")
    line = next(iter(_silent(visit, Right.WORK, plan_id, body)), None) if body else None
    if line is None:
        return _phone_page(visit, asked, _("Cơ quan này không còn trong danh sách gọi điện."))
    understood = bool(text(visit.form, "da-nam"))
    try:
        who, said = short(visit.form, "ai", _("Người đã trao đổi")), lines(visit.form, "noi-dung")
        if not who:
            raise BadInput(_("Ghi cuộc gọi phải có người đã trao đổi."))
        with visit.writing() as connection:
            desk.note_call(connection, line.nearest, spoke_with=who, text=said, now=visit.now, actor=visit.actor)
            if understood:
                acknowledge(connection, plan_id, body, way=Way.CALL, who=who, now=visit.now, actor=visit.actor)
    except RegisterError as error:
        return _phone_page(visit, asked, str(error), line.key)
    done = _("Đã ghi cuộc gọi; cơ quan đã nắm nhiệm vụ.") if understood else _("Đã ghi cuộc gọi.")
    return visit.go(PHONES + (f"?ke-hoach={asked}" if asked == plan_id else ""), done)
