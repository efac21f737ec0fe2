"""The pages of the form that writes a plan: the document, its bodies, its figures. Duties have their own module."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from people.rights import Right
from plans.model import BeforeReading, Level, Relation, WeekendReading
from plans.text import _
from tasks.errors import BadInput
from web.forms import lines as typed_lines
from web.forms import text
from web.guard import needs
from web.planform import bodies, facts, figures, targets
from web.planform.bodies import Added, Where
from web.planform.figures import FigureRow
from web.planform.targets import TargetRow
from web.planform.work import Work, keep, open_work
from web.visit import Visit

router = APIRouter()
LONGEST = 400  # characters of one line
_LONG = 4_000
RELATIONS = (Relation.PEER, Relation.SUBORDINATE, Relation.REQUESTED)


def typed(form: FormData, names: tuple[str, ...], *, long: tuple[str, ...] = ("note",)) -> dict[str, str]:
    """What was typed in these fields. Raises BadInput where it is too long."""
    values = {name: typed_lines(form, name) if name in long else text(form, name) for name in names}
    for name, value in values.items():
        most = _LONG if name in long else LONGEST
        if len(value) > most:
            raise BadInput(_("Một ô dài quá {n} ký tự.").format(n=most))
    return values


@router.get("/ke-hoach/soan/{draft_id:int}/van-ban")
def facts_page(draft_id: int, visit: Visit = needs(Right.PLAN, "draft_id")) -> Response:
    work = open_work(visit, draft_id)
    return _facts(visit, work, facts.facts_values(work.document))


def _facts(visit: Visit, work: Work, values: dict[str, str], error: str = "") -> Response:
    return visit.page(
        "plan_draft_facts.html",
        status=400 if error else 200,
        work=work,
        step="van-ban",
        values=values,
        error=error,
        levels=list(Level),
        befores=list(BeforeReading),
        weekends=list(WeekendReading),
        suggested=facts.plan_id(work.document),
    )


@router.post("/ke-hoach/soan/{draft_id:int}/van-ban")
def save_facts(draft_id: int, visit: Visit = needs(Right.PLAN, "draft_id")) -> Response:
    work = open_work(visit, draft_id)
    values = {name: text(visit.form, name) for name in facts.NAMES}
    try:
        values = typed(visit.form, facts.NAMES)
        keep(visit, work, facts.with_facts(work.document, values, new=work.draft.plan_id is None))
    except BadInput as error:
        return _facts(visit, work, values, str(error))
    return visit.go(f"/ke-hoach/soan/{draft_id}/{_after(visit, 'van-ban', 'co-quan')}", _("Đã lưu bản soạn."))


def _after(visit: Visit, here: str, following: str) -> str:
    return following if text(visit.form, "lam") == "tiep" else here


@router.get("/ke-hoach/soan/{draft_id:int}/co-quan")
def bodies_page(draft_id: int, visit: Visit = needs(Right.PLAN, "draft_id")) -> Response:
    """The bodies with a search in the register: by name, without diacritics too."""
    return _bodies(visit, open_work(visit, draft_id))


def _bodies(visit: Visit, work: Work, error: str = "") -> Response:
    words = visit.query.get("q", "")[:100]
    names = work.names
    return visit.page(
        "plan_draft_bodies.html",
        status=400 if error else 200,
        work=work,
        step="co-quan",
        groups=bodies.rows_of(work.document, names),
        words=words,
        hits=names.search(words),
        written=names.written,
        relations=RELATIONS,
        typed={name: typed_lines(visit.form, name) for name in ("dan", "khoi-moi", "khoi", "quan-he", "can-cu")},
        error=error,
    )


@router.post("/ke-hoach/soan/{draft_id:int}/co-quan")
def add_bodies(draft_id: int, visit: Visit = needs(Right.PLAN, "draft_id")) -> Response:
    """Bodies that were ticked or pasted, into a group or one by one."""
    work = open_work(visit, draft_id)
    try:
        found = _to_add(visit.form)
        where = _where(visit.form)
        added = bodies.add_bodies(work.document, work.names, found, where)
        keep(visit, work, work.document)
    except BadInput as error:
        return _bodies(visit, open_work(visit, draft_id), str(error))
    return visit.go(f"/ke-hoach/soan/{draft_id}/co-quan", _said(added), kind="warning" if added.fresh else "done")


def _to_add(form: FormData) -> list[tuple[str, str]]:
    ticked = [(value.strip(), "") for value in form.getlist("chon") if isinstance(value, str)]
    pasted = form.get("dan")
    found = ticked + bodies.pasted_lines(pasted if isinstance(pasted, str) else "")
    if not found:
        raise BadInput(_("Chưa chọn hay dán cơ quan nào."))
    if len(found) > bodies.MOST or any(len(name) > LONGEST or len(ground) > LONGEST for name, ground in found):
        raise BadInput(_("Mỗi lần thêm được tối đa {n} cơ quan, mỗi dòng một tên.").format(n=bodies.MOST))
    return [(_clean(name), _clean(ground)) for name, ground in found]


def _clean(value: str) -> str:
    return text(FormData([("x", value)]), "x")


def _where(form: FormData) -> Where:
    group, new = text(form, "khoi"), text(form, "khoi-moi")
    relation, ground = text(form, "quan-he"), text(form, "can-cu")
    if group == "moi" and not new:
        raise BadInput(_("Thiếu tên khối mới, ví dụ “Các sở, ngành tỉnh”."))
    if relation not in RELATIONS:
        raise BadInput(_("Chưa chọn quan hệ với đơn vị theo dõi."))
    if max(len(new), len(ground)) > LONGEST:
        raise BadInput(_("Một ô dài quá {n} ký tự.").format(n=LONGEST))
    return Where("" if group == "moi" else group, new if group == "moi" else "", relation, ground)


def _said(added: Added) -> str:
    said = [_("Đã thêm {n} cơ quan.").format(n=len(added.known) + len(added.fresh))]
    if added.fresh:
        names = "; ".join(added.fresh[:8])
        said.append(_("Chưa có trong danh mục, sẽ thêm mới {n}: {names}.").format(n=len(added.fresh), names=names))
    if added.double:
        said.append(_("Đã có sẵn {n}, không thêm lần nữa.").format(n=len(added.double)))
    return " ".join(said)


@router.post("/ke-hoach/soan/{draft_id:int}/co-quan/luu")
def save_bodies(draft_id: int, visit: Visit = needs(Right.PLAN, "draft_id")) -> Response:
    """Relations and clauses of the bodies that stand there; ticked ones go."""
    work = open_work(visit, draft_id)
    keys = [value for value in visit.form.getlist("ma") if isinstance(value, str)]
    relations, grounds = (column(visit.form, name) for name in ("quan-he", "can-cu"))
    gone = {value for value in visit.form.getlist("bo") if isinstance(value, str)}
    try:
        if any(len(ground) > LONGEST for ground in grounds):
            raise BadInput(_("Một ô dài quá {n} ký tự.").format(n=LONGEST))
        changed = {key: (r, g) for key, r, g in zip(keys, relations, grounds, strict=False)}
        bodies.change_bodies(work.document, changed, gone)
        keep(visit, work, work.document)
    except BadInput as error:
        return _bodies(visit, open_work(visit, draft_id), str(error))
    return visit.go(f"/ke-hoach/soan/{draft_id}/{_after(visit, 'co-quan', 'nhiem-vu')}", _("Đã lưu bản soạn."))


def column(form: FormData, name: str) -> list[str]:
    """All values of a column, blank ones too."""
    return [_clean(value) for value in form.getlist(name) if isinstance(value, str)]


@router.get("/ke-hoach/soan/{draft_id:int}/chi-tieu")
def targets_page(draft_id: int, visit: Visit = needs(Right.PLAN, "draft_id")) -> Response:
    work = open_work(visit, draft_id)
    return _targets(visit, work, targets.target_rows(work.document), figures.figure_rows(work.document))


def _targets(visit: Visit, work: Work, rows: list[TargetRow], counted: list[FigureRow], error: str = "") -> Response:
    blank = [TargetRow("", "", "", "at_least", "", "")] * 3
    several = [*counted, *[figures.BLANK] * 3]
    return visit.page(
        "plan_draft_targets.html",
        status=400 if error else 200,
        work=work,
        step="chi-tieu",
        rows=[*rows, *blank],
        figures=[(row, figures.duty_choices(work.document, row)) for row in several],
        kinds=figures.kinds(),
        known=[row for row in counted if row.id],
        error=error,
    )


@router.post("/ke-hoach/soan/{draft_id:int}/chi-tieu")
def save_targets(draft_id: int, visit: Visit = needs(Right.PLAN, "draft_id")) -> Response:
    work = open_work(visit, draft_id)
    columns = [column(visit.form, name) for name in ("id", "section", "text", "bound", "value", "unit")]
    rows = [TargetRow(*values) for values in zip(*columns, strict=False)]
    counts = [column(visit.form, f"f-{name}") for name in figures.FIELDS]
    counted = [FigureRow(*values) for values in zip(*counts, strict=False)]
    try:
        if any(len(value) > LONGEST for column in columns for value in column):
            raise BadInput(_("Một ô dài quá {n} ký tự.").format(n=LONGEST))
        if any(len(value) > _LONG for column in counts for value in column):
            raise BadInput(_("Một ô dài quá {n} ký tự.").format(n=_LONG))
        changed = targets.with_targets(work.document, rows)
        keep(visit, work, figures.with_figures(changed, counted) if "f-name" in visit.form else changed)
    except BadInput as error:
        return _targets(visit, work, rows, counted, str(error))
    return visit.go(f"/ke-hoach/soan/{draft_id}/{_after(visit, 'chi-tieu', '')}".rstrip("/"), _("Đã lưu bản soạn."))
