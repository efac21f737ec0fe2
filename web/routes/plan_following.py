"""Starting to follow a plan, with everything that it would send; another start day; stopping; taking a draft out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from app import start_preview
from app.sample import remove_plan
from app.start_preview import StartPreview
from app.views import plan_changes
from people.rights import Right
from plans.model import Plan
from plans.text import _, day_text
from tasks import intake, plan_drafts
from tasks.agencies import load_plan
from tasks.errors import BadInput, PlanAlreadyActive, PlanNotActive, RegisterError
from tasks.intake import Started
from tasks.model import PlanStatus
from web.errors import NotFound
from web.forms import day, short, text
from web.guard import needs
from web.routes.plans import number
from web.visit import Visit

router = APIRouter()
AHEAD = (30, 90)  # days of messages to look at
_REASON = 500


@dataclass(frozen=True, slots=True)
class Head:
    """The plan with what its page must know of its row."""

    plan: Plan
    status: PlanStatus
    active_from: date | None
    version: int


def _head(visit: Visit, plan_id: str) -> Head:
    """Raises NotFound."""
    with visit.reading() as connection:
        row = plan_changes.head_of(connection, plan_id)
        if row is None:
            raise NotFound
        return Head(load_plan(connection, plan_id), PlanStatus(row.status), row.active_from, row.version)


@router.get("/ke-hoach/{plan_id}/bat-dau")
def start_page(plan_id: str, visit: Visit = needs(Right.PLAN, "plan_id")) -> Response:
    """The start day; with ``tu`` also what starting on that day does and sends."""
    head = _head(visit, plan_id)
    form = FormData(list(visit.query.items()))
    begins = head.active_from if head.status is PlanStatus.ACTIVE and head.active_from else visit.today
    typed = text(form, "tu")
    days = number(text(form, "so-ngay")) or AHEAD[0]
    if not typed:
        return _start(visit, head, typed=day_text(max(begins, head.plan.issued.earliest)))
    try:
        found = _preview(visit, head, day(typed, _("Ngày bắt đầu")), days if days in AHEAD else AHEAD[0])
    except RegisterError as error:
        return _start(visit, head, typed=typed, error=_said_here(error))
    return _start(visit, head, typed=day_text(found.started.start), preview=found)


def _preview(visit: Visit, head: Head, start: date, days: int) -> StartPreview:
    """A plan that is followed already sends what it sends: only what another start day changes is shown."""
    if head.status is PlanStatus.ACTIVE:
        changed = start_preview.effect(visit.engine, head.plan.id, start=start, now=visit.now, actor=visit.actor)
        return StartPreview(changed, (), start)
    return start_preview.preview(visit.engine, head.plan.id, start=start, days=days, now=visit.now, actor=visit.actor)


def _start(visit: Visit, head: Head, *, typed: str, preview: StartPreview | None = None, error: str = "") -> Response:
    with visit.reading() as connection:
        silent = plan_changes.unreachable(connection, head.plan, today=visit.today)
    return visit.page(
        "plan_start.html",
        status=400 if error else 200,
        head=head,
        plan=head.plan,
        typed=typed,
        preview=preview,
        lines=said_of(preview.started, visit.today) if preview else [],
        silent=silent,
        ahead=AHEAD,
        error=error,
    )


@router.post("/ke-hoach/{plan_id}/bat-dau")
def start(plan_id: str, visit: Visit = needs(Right.PLAN, "plan_id")) -> Response:
    """Starts, starts again, or puts the start day right, as it was looked at."""
    head = _head(visit, plan_id)
    typed = text(visit.form, "tu")
    try:
        begins = day(typed, _("Ngày bắt đầu"))
        with visit.writing() as connection:
            _unchanged(head, visit.form)
            started = intake.activate(connection, plan_id, start=begins, now=visit.now, actor=visit.actor)
    except RegisterError as error:
        return _start(visit, head, typed=typed, error=_said_here(error))
    return visit.go(f"/ke-hoach/{plan_id}", " ".join(said_of(started, visit.today)))


def _said_here(error: RegisterError) -> str:
    """The reason without the commands that a terminal would be told."""
    match error:
        case PlanAlreadyActive():
            return _("Kế hoạch đang theo dõi từ đúng ngày này rồi. Chọn ngày khác.")
        case PlanNotActive():
            return _("Kế hoạch này không được theo dõi.")
        case _other:
            return str(error)


def _unchanged(head: Head, form: FormData) -> None:
    """Raises BadInput where the plan is not any more what the page has shown."""
    if (text(form, "tinh-trang"), text(form, "phien-ban")) != (head.status.value, str(head.version)):
        raise BadInput(_("Kế hoạch vừa được người khác thay đổi. Xem lại rồi làm lại."))


def said_of(started: Started, today: date) -> list[str]:
    """What starting does or did: nothing that is put right later comes as a surprise."""
    begins, changed = day_text(started.start), started.changed
    match started.outcome:
        case "activated":
            said = [_("Theo dõi từ {day}: {n} kỳ.").format(day=begins, n=started.made)]
        case "restarted":
            text_ = _("Theo dõi lại từ {day}: mở lại {resumed} kỳ đã khép khi dừng, thêm {made} kỳ.")
            said = [text_.format(day=begins, resumed=started.resumed, made=started.made)]
        case _corrected:
            was = day_text(started.was) if started.was else "–"
            said = [_("Ngày bắt đầu theo dõi: {was} thành {day}.").format(was=was, day=begins)]
    if changed.uncounted:
        text_ = _("{n} kỳ thành “trước khi theo dõi”: không nhắc, không tính; rút {missed} lần quá hạn đã ghi.")
        said.append(text_.format(n=len(changed.uncounted), missed=changed.withdrawn))
    if changed.counted:
        late = changed.newly_late(today=today)
        text_ = _("{n} kỳ được tính từ nay, trong đó {late} kỳ đã quá hạn và chưa nhận; mốc nhắc đã qua không gửi bù.")
        said.append(text_.format(n=len(changed.counted), late=late))
    if started.told:
        said.append(_("{n} cơ quan được thông báo lại nhiệm vụ, thời hạn.").format(n=started.told))
    return said


@router.get("/ke-hoach/{plan_id}/dung")
def stop_page(plan_id: str, visit: Visit = needs(Right.PLAN, "plan_id")) -> Response:
    return _stop(visit, _head(visit, plan_id))


def _stop(visit: Visit, head: Head, error: str = "") -> Response:
    with visit.reading() as connection:
        open_ones = plan_changes.owed(connection, head.plan.id)
    return visit.page(
        "plan_stop.html",
        status=400 if error else 200,
        head=head,
        plan=head.plan,
        owed=open_ones,
        reason=text(visit.form, "ly-do"),
        error=error,
    )


@router.post("/ke-hoach/{plan_id}/dung")
def stop(plan_id: str, visit: Visit = needs(Right.PLAN, "plan_id")) -> Response:
    """Stops, with a reason for the trail. The sample goes with all that it made: see ``remove``."""
    head = _head(visit, plan_id)
    try:
        reason = short(visit.form, "ly-do", _("Lý do"), most=_REASON)
        if not reason:
            raise BadInput(_("Ghi lý do dừng theo dõi."))
        with visit.writing() as connection:
            closed = intake.stop(connection, plan_id, reason=reason, now=visit.now, actor=visit.actor)
    except RegisterError as error:
        return _stop(visit, head, _said_here(error))
    said = _("Đã dừng theo dõi, khép {n} kỳ; lịch sử giữ nguyên.").format(n=closed)
    return visit.go(f"/ke-hoach/{plan_id}", said)


@router.get("/ke-hoach/{plan_id}/xoa")
def remove_page(plan_id: str, visit: Visit = needs(Right.PLAN, "plan_id")) -> Response:
    return _remove(visit, _head(visit, plan_id))


def _remove(visit: Visit, head: Head, error: str = "") -> Response:
    return visit.page("plan_remove.html", status=400 if error else 200, head=head, plan=head.plan, error=error)


@router.post("/ke-hoach/{plan_id}/xoa")
def remove(plan_id: str, visit: Visit = needs(Right.PLAN, "plan_id")) -> Response:
    """Takes a draft out, or the sample with its history; a real plan that was followed stays for ever."""
    head = _head(visit, plan_id)
    if head.status is not PlanStatus.DRAFT and not head.plan.sample:
        return _remove(visit, head, _("Kế hoạch đã theo dõi thì không xóa, chỉ dừng theo dõi."))
    remove_plan(visit.dondoc, plan_id, now=visit.now, actor=visit.actor)
    with visit.writing() as connection:
        plan_drafts.release(connection, plan_id)
    return visit.go("/ke-hoach", _("Đã xóa {plan}.").format(plan=plan_id))
