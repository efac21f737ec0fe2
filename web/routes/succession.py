"""Thay cơ quan: who takes over what a body still owes, looked at first, then done exactly so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from sqlalchemy.engine import Connection
from starlette.datastructures import FormData
from starlette.responses import Response

from app.views import bodies as bodies_view
from app.views import succession as view
from people.rights import Right
from plans.model import Agency
from plans.text import _, day_text, fold
from tasks import finding
from tasks.bodies import add_body as add_body_to_register
from tasks.database import trying
from tasks.errors import AgencyUnknown, BadInput, RegisterError
from tasks.leading import withdraw
from tasks.succession import Handed, Order, Part, hand_over
from web.errors import NotFound
from web.forms import day_or_none, short, text, texts
from web.guard import needs
from web.planform.values import slug
from web.visit import Visit

router = APIRouter()
AT = "/co-quan/thay"
_AT_ONCE = 20  # bodies that are replaced together


@dataclass(frozen=True, slots=True)
class Typed:
    """The form as it was typed. ``chosen``: keys of parts; ``own``: their successors where not the common one;
    ``plans``: which plans get another lead unit, ``since`` a day."""

    olds: tuple[str, ...]
    heir: str = ""
    until: str = ""
    document: str = ""
    chosen: frozenset[str] | None = None
    own: tuple[tuple[str, str], ...] = ()
    plans: frozenset[str] | None = None
    since: str = ""

    @classmethod
    def of(cls, form: FormData) -> Typed:
        own = [(name[4:], text(form, name)) for name in form if name.startswith("den:")]
        return cls(
            tuple(dict.fromkeys(texts(form, "cu"))),
            text(form, "ke-thua")[:200],
            text(form, "ngay")[:20],
            text(form, "van-ban")[:300],
            frozenset(texts(form, "viec")),
            tuple((key, typed[:200]) for key, typed in own if typed),
            frozenset(texts(form, "ke-hoach")),
            text(form, "tu-ngay")[:20],
        )

    def heir_of(self, key: str) -> str:
        return dict(self.own).get(key, "")


def _admit(visit: Visit, olds: tuple[str, ...]) -> tuple[str, ...]:
    """Only bodies that have to do with the plans for which this person may replace them. Raises NotFound."""
    units = visit.holder.units(Right.BODIES)
    with visit.reading() as connection:
        if not olds or len(olds) > _AT_ONCE or not bodies_view.belong(connection, olds, units):
            raise NotFound
    return olds


@router.get(AT)
def form_page(visit: Visit = needs(Right.BODIES)) -> Response:
    asked = visit.request.query_params
    typed = Typed(tuple(dict.fromkeys(asked.getlist("cu"))), asked.get("ke-thua", "")[:200])
    if not typed.olds:
        return visit.go("/co-quan", _("Chọn cơ quan được thay trong danh sách."), kind="warning")
    _admit(visit, typed.olds)
    return _form(visit, typed)


def _form(visit: Visit, typed: Typed, error: str = "") -> Response:
    units = visit.holder.units(Right.BODIES)
    with visit.reading() as connection:
        olds = view.olds_of(connection, typed.olds, units, today=visit.today)
        names = view.names(connection, typed.olds, units, today=visit.today)
    heir = typed.heir or _proposed(olds, names)
    return visit.page(
        "succession.html",
        status=400 if error else 200,
        olds=olds,
        names=names,
        listed=names.living[: view.LISTED],
        typed=typed,
        heir=heir,
        error=error,
    )


def _proposed(olds: tuple[view.Old, ...], names: view.Names) -> str:
    """The successor that the register proposes, where all bodies have the same."""
    known = {body.id: body.name for body in names.living}
    proposed = {old.body.successor for old in olds}
    return known.get(proposed.pop() or "", "") if len(proposed) == 1 else ""


@router.post(AT)
def replace_bodies(visit: Visit = needs(Right.BODIES)) -> Response:
    """``buoc=xem``: the dry run; ``buoc=lam``: the same for good, unless something has changed since."""
    typed = Typed.of(visit.form)
    _admit(visit, typed.olds)
    try:
        order = _order(visit, typed)
        seen = text(visit.form, "da-xem") if text(visit.form, "buoc") == "lam" else ""
        if seen:
            return _carry_out(visit, typed, order, seen)
        return _dry_run(visit, typed, order)
    except RegisterError as error:
        return _form(visit, typed, str(error))


def _run(visit: Visit, connection: Connection, order: Order) -> Handed:
    return hand_over(connection, order, visit.holder.units(Right.BODIES), now=visit.now, actor=visit.actor)


def _dry_run(visit: Visit, typed: Typed, order: Order, warning: str = "") -> Response:
    with trying(visit.engine) as connection:
        seen = view.account(connection, _run(visit, connection, order))
    return visit.page(
        "succession_dry_run.html",
        status=409 if warning else 200,
        typed=typed,
        order=order,
        seen=seen,
        warning=warning,
    )


class _Changed(Exception):
    """The register is not any more what the dry run has seen."""


def _carry_out(visit: Visit, typed: Typed, order: Order, seen: str) -> Response:
    try:
        with visit.writing() as connection:
            done = _run(visit, connection, order)
            if done.digest != seen:
                raise _Changed
    except _Changed:
        return _dry_run(visit, typed, order, _("Sổ theo dõi vừa thay đổi. Xem lại bản chạy thử này rồi làm lại."))
    steps = len(done.steps) + sum(len(led.steps) for led in done.led)
    said = _("Đã chuyển {n} kỳ cho cơ quan kế thừa.").format(n=steps)
    if done.ended:
        said = _("Đã ghi ngày kết thúc {day}.").format(day=day_text(order.until or visit.today)) + " " + said
    for led in done.led:
        text_of = _("Đã giao theo dõi kế hoạch {plan}.")
        if not led.at_once:
            text_of = _("Kế hoạch {plan} sẽ chuyển đơn vị theo dõi ngày {day}.")
        said += " " + text_of.format(plan=led.plan_id, day=day_text(led.since))
    kept = len(done.kept) + sum(len(led.kept) for led in done.led)
    if kept:
        said += " " + _("{n} kỳ không chuyển được.").format(n=kept)
    # whoever handed a plan over may have no right over its bodies any more
    target = f"/co-quan/{typed.olds[0]}" if len(typed.olds) == 1 and not done.led else "/co-quan"
    return visit.go(target, said, kind="warning" if kept else "done")


def _order(visit: Visit, typed: Typed) -> Order:
    """Raises BadInput, AgencyUnknown."""
    units = visit.holder.units(Right.BODIES)
    with visit.reading() as connection:
        olds = view.olds_of(connection, typed.olds, units, today=visit.today)
        rows = [row for old in olds for row in old.rows]
        led = frozenset(plan.id for old in olds for plan in old.leads)
        known = finding.bodies(view.names(connection, typed.olds, units, today=visit.today).living)
    until = day_or_none(visit.form, "ngay", _("Ngày kết thúc"))
    document = short(visit.form, "van-ban", _("Văn bản làm căn cứ"))
    heirs: dict[Part, str] = {}
    for row in rows:
        if typed.chosen and row.key in typed.chosen:
            wanted = typed.heir_of(row.key) or typed.heir
            if not wanted:
                raise BadInput(_("Chọn cơ quan kế thừa cho “{duty}”.").format(duty=row.title))
            heirs[row.part] = _found(known, wanted)
    leads = _leads(typed, led, known)
    since = day_or_none(visit.form, "tu-ngay", _("Theo dõi từ ngày")) if leads else None
    return Order(typed.olds, heirs, document, until, leads, since)


def _leads(typed: Typed, led: frozenset[str], known: tuple[finding.Body, ...]) -> dict[str, str]:
    """The plans that were ticked, all of them to the common successor. Raises BadInput, AgencyUnknown."""
    chosen = sorted((typed.plans or frozenset()) & led)
    if chosen and not typed.heir:
        raise BadInput(_("Chọn đơn vị kế thừa để theo dõi kế hoạch."))
    return {plan_id: _found(known, typed.heir) for plan_id in chosen}


def _found(known: tuple[finding.Body, ...], typed: str) -> str:
    """The body that is meant. Raises AgencyUnknown, BadInput naming those that could be."""
    if not finding.suggest(known, typed) and not any(typed in (body.id, body.label) for body in known):
        raise AgencyUnknown(typed)
    return finding.find(known, typed).id


@router.post("/ke-hoach/{plan_id}/huy-thay-don-vi")
def withdraw_lead(plan_id: str, visit: Visit = needs(Right.BODIES, "plan_id")) -> Response:
    """Takes back a hand-over of the plan that was agreed for a day still ahead."""
    try:
        with visit.writing() as connection:
            agreed = withdraw(connection, plan_id, now=visit.now, actor=visit.actor)
    except RegisterError as error:
        return visit.go(f"/ke-hoach/{plan_id}", str(error), kind="error")
    said = _("Đã hủy việc giao đơn vị khác theo dõi từ ngày {day}.").format(day=day_text(agreed.since))
    return visit.go(f"/ke-hoach/{plan_id}", said)


@router.post("/co-quan/them")
def add_body(visit: Visit = needs(Right.BODIES)) -> Response:
    """A successor that the register does not know yet: a new body of one of the office's provinces."""
    typed = Typed.of(visit.form)
    _admit(visit, typed.olds)
    units = visit.holder.units(Right.BODIES)
    try:
        name = short(visit.form, "ten", _("Tên cơ quan"))
        start = day_or_none(visit.form, "tu", _("Hoạt động từ"))
        if not name:
            raise BadInput(_("Ghi tên cơ quan mới."))
        with visit.writing() as connection:
            where = view.names(connection, typed.olds, units, today=visit.today).units
            province = text(visit.form, "don-vi")
            if province not in where:
                raise BadInput(_("Chọn địa bàn của cơ quan mới."))
            _register(connection, province, name, start, visit)
    except RegisterError as error:
        return _form(visit, typed, str(error))
    return _form(visit, Typed(typed.olds, name))


def _register(connection: Connection, province: str, name: str, start: date | None, visit: Visit) -> None:
    """Raises BadInput where that name is taken."""
    known = bodies_view.of_province(connection, province)
    if any(fold(name) in {fold(body.name), *map(fold, body.aliases)} for body in known):
        raise BadInput(_("Danh mục đã có cơ quan tên “{name}”.").format(name=name))
    new = f"{province}.{slug(name, {body.slug for body in known}, 'co-quan')}"
    add_body_to_register(connection, Agency(new, name, start=start), now=visit.now, actor=visit.actor)
