"""A plan that is being written: begun, looked at as a whole, brought into the register, thrown away."""

from __future__ import annotations

import re

from fastapi import APIRouter
from sqlalchemy.engine import Connection
from starlette.datastructures import UploadFile
from starlette.responses import Response

from app.bringing import bring_in
from app.views import plan_changes
from people.rights import Right
from plans.agency_files import in_unit
from plans.errors import PlanError, PlansError, Problem
from plans.files import read_plan
from plans.model import Register
from plans.plan_text import Document, document_of, plan_text
from plans.text import _
from plans.yaml_nodes import MAX_BYTES
from tasks import plan_drafts
from tasks.errors import BadInput, RegisterError
from tasks.intake import Brought
from tasks.leads import lead_changes
from web.errors import NotFound
from web.forms import text
from web.guard import needs
from web.planform.facts import blank
from web.planform.values import fits, text_of
from web.planform.work import Work, open_work, seen, title_of
from web.routes.plans import file_answer
from web.visit import Visit

router = APIRouter()


@router.get("/ke-hoach/soan/moi")
def new_page(visit: Visit = needs(Right.PLAN)) -> Response:
    return _new(visit)


def _new(visit: Visit, *, error: str = "", problems: tuple[Problem, ...] = ()) -> Response:
    with visit.reading() as connection:
        units = plan_changes.lead_units(connection, visit.holder.units(Right.PLAN))
    status = 400 if error or problems else 200
    return visit.page("plan_new.html", status=status, units=units, error=error, problems=problems)


@router.post("/ke-hoach/soan/moi")
def begin(visit: Visit = needs(Right.PLAN)) -> Response:
    """An empty draft of the chosen lead unit."""
    lead = text(visit.form, "don-vi")
    if not lead:
        return _new(visit, error=_("Chưa chọn đơn vị theo dõi."))
    if not visit.may(Right.PLAN, lead):
        raise NotFound
    made = _begin(visit, plan_text(blank(lead)), lead, blank(lead))
    return visit.go(f"/ke-hoach/soan/{made}/van-ban")


@router.post("/ke-hoach/soan/tep")
def upload(visit: Visit = needs(Right.PLAN)) -> Response:
    """A draft from a YAML plan file, as it stands: what is wrong in it is shown beside the form."""
    given = visit.form.get("tep")
    if not isinstance(given, UploadFile) or not given.filename:
        if isinstance(given, UploadFile):
            given.file.close()
        return _new(visit, error=_("Chưa chọn tệp."))
    with given.file as opened:
        data = opened.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        return _new(visit, error=_("Tệp lớn quá 1 MB, không phải tệp kế hoạch."))
    try:
        document = document_of(data, file=given.filename[:120])
        if not fits(document):
            read_plan(data, file="", register=Register({}))
    except PlanError as error:
        return _new(visit, problems=error.problems)
    lead = _lead_of(document)
    if lead is None:
        return _new(visit, error=_("Tệp không cho biết đơn vị theo dõi (unit, lead.agency)."))
    lead = _led_now(visit, text_of(document, "plan"), lead)
    if not visit.may(Right.PLAN, lead):
        return _new(
            visit, error=_("Đơn vị theo dõi của tệp ({unit}) không thuộc phạm vi của tài khoản này.").format(unit=lead)
        )
    made = _begin(visit, data.decode(), lead, document)
    return visit.go(f"/ke-hoach/soan/{made}")


def _led_now(visit: Visit, plan_id: str, lead: str) -> str:
    """Who follows the plan up where the document names a unit that has handed it over."""
    with visit.reading() as connection:
        made = [each for each in lead_changes(connection, [plan_id]).get(plan_id, []) if each.applied_at is not None]
    return made[-1].lead if lead in {each.was for each in made} else lead


def _lead_of(document: Document) -> str | None:
    """The global id of the lead unit that a document names."""
    try:
        return in_unit(text_of(document, "unit"))(text_of(document, "lead", "agency"))
    except PlansError:
        return None


def _begin(visit: Visit, source: str, lead: str, document: Document) -> int:
    with visit.writing() as connection:
        head = plan_changes.head_of(connection, text_of(document, "plan"))
        mine = head is not None and head.lead == lead
        return plan_drafts.begin(
            connection,
            source,
            lead=lead,
            title=title_of(document),
            plan_id=head.id if head is not None and mine else None,
            base=head.version if head is not None and mine else None,
            now=visit.now,
            actor=visit.actor,
        )


@router.post("/ke-hoach/{plan_id}/sua")
def change(plan_id: str, visit: Visit = needs(Right.PLAN, "plan_id")) -> Response:
    """The draft of this plan that is being written already, else a new one of its present text."""
    with visit.writing() as connection:
        head = plan_changes.head_of(connection, plan_id)
        if head is None:
            raise NotFound
        begun = plan_changes.draft_of(connection, plan_id)
        if begun is None:
            begun = plan_drafts.begin(
                connection,
                head.source,
                lead=head.lead,
                title=head.short,
                plan_id=plan_id,
                base=head.version,
                now=visit.now,
                actor=visit.actor,
            )
    return visit.go(f"/ke-hoach/soan/{begun}")


@router.get("/ke-hoach/soan/{draft_id:int}")
def review_page(draft_id: int, visit: Visit = needs(Right.PLAN, "draft_id")) -> Response:
    return _review(visit, open_work(visit, draft_id))


def _review(visit: Visit, work: Work, *, error: str = "") -> Response:
    """What is wrong, or what it would change: tried in a transaction that is taken back."""
    head = effect = changes = None
    with visit.reading() as connection:
        wanted = work.draft.plan_id or (work.plan.id if work.plan else "")
        head = plan_changes.head_of(connection, wanted)
        if work.plan is not None and work.draft.plan_id is not None:
            changes = plan_changes.changes(connection, work.plan, work.all_bodies)
    refused = error
    if work.plan is not None and not error:
        try:
            with plan_changes.trial(visit.engine) as connection:
                effect = _bring(visit, connection, work, head.version if head else 0)
        except (RegisterError, PlansError) as wrong:
            refused = str(wrong)
    return visit.page(
        "plan_draft_review.html",
        status=400 if error else 200,
        work=work,
        step="xem-lai",
        head=head,
        changes=changes,
        effect=effect,
        refused=refused,
    )


@router.post("/ke-hoach/soan/{draft_id:int}/ghi")
def bring(draft_id: int, visit: Visit = needs(Right.PLAN, "draft_id")) -> Response:
    """Brings the text in: a new draft of the register, or the followed plan changed."""
    work = open_work(visit, draft_id)
    if work.plan is None:
        return _review(visit, work, error=_("Còn chỗ phải sửa trước khi ghi vào sổ."))
    version = text(visit.form, "phien-ban")
    try:
        with visit.writing() as connection:
            plan_drafts.discard(connection, draft_id, seen=seen(visit.form))
            made = _bring(visit, connection, work, int(version) if re.fullmatch(r"[0-9]{1,8}", version) else -1)
    except (RegisterError, PlansError) as error:
        return _review(visit, work, error=str(error))
    return visit.go(f"/ke-hoach/{made.plan.id}", said_of(made))


def _bring(visit: Visit, connection: Connection, work: Work, version: int) -> Brought:
    """Raises BadInput where it would touch what is not this unit's, or the plan has changed meanwhile."""
    plan = work.plan
    if plan is None or plan.lead != work.draft.lead:
        raise BadInput(_("Không đổi được đơn vị theo dõi trong bản soạn. Tạo bản soạn khác cho đơn vị đó."))
    head = plan_changes.head_of(connection, plan.id)
    if work.draft.plan_id is not None and plan.id != work.draft.plan_id:
        raise BadInput(_("Không đổi được mã của kế hoạch đã ghi vào sổ."))
    if head is not None and (head.lead != plan.lead or work.draft.plan_id is None):
        raise BadInput(_("Mã kế hoạch {plan} đã dùng. Đặt mã khác ở trang Văn bản.").format(plan=plan.id))
    if (head.version if head is not None else 0) != version:
        raise BadInput(_("Kế hoạch vừa được người khác thay đổi. Xem lại phần khác nhau rồi ghi."))
    plan_changes.check_own_bodies(connection, work.checked.bodies, text_of(work.document, "unit"))
    return bring_in(connection, work.draft.text.encode(), file=f"{plan.id}.yaml", now=visit.now, actor=visit.actor)


def said_of(brought: Brought) -> str:
    """What bringing in did, for the next page."""
    return {
        "added": _("Đã ghi vào sổ ở dạng nháp, chưa theo dõi."),
        "replaced": _("Đã thay bản nháp."),
        "unchanged": _("Nội dung không đổi, không làm gì."),
        "revised": _("Đã cập nhật: thêm {made} kỳ, đổi hạn {moved} kỳ, bỏ {cancelled} kỳ."),
    }[brought.outcome].format(made=brought.made, moved=brought.moved, cancelled=brought.cancelled)


@router.post("/ke-hoach/soan/{draft_id:int}/xoa")
def throw_away(draft_id: int, visit: Visit = needs(Right.PLAN, "draft_id")) -> Response:
    with visit.writing() as connection:
        draft = plan_drafts.load(connection, draft_id)
        plan_drafts.discard(connection, draft_id, seen=seen(visit.form))
    return visit.go(f"/ke-hoach/{draft.plan_id}" if draft.plan_id else "/ke-hoach", _("Đã xóa bản soạn."))


@router.get("/ke-hoach/soan/{draft_id:int}/tep")
def text_file(draft_id: int, visit: Visit = needs(Right.PLAN, "draft_id")) -> Response:
    """The text of the draft, to look at or to keep."""
    with visit.reading() as connection:
        draft = plan_drafts.load(connection, draft_id)
    return file_answer(draft.text, f"ban-soan-{draft_id}.yaml")
