"""The chain of a plan as its page shows it: what it carries out, the plans below it, and what does not fit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.engine import Connection

from app.board import plan_name
from app.chain import LowerState, Misfit, Standing, above, lower_plans, misfits
from app.chain.fitting import Kind
from app.chain.linking import issued_by
from app.chain.standing import Lower
from app.views.scope import Units, of_units
from plans.model import Plan, Register
from plans.text import _, _n, day_text
from tasks.naming import occurrence_title
from tasks.tables import plan as plan_table


@dataclass(frozen=True, slots=True)
class Link:
    """Another document; ``id`` where it is a plan that this person may see."""

    text: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """The plan that one body owes. ``status``: the badge, as of an occurrence."""

    body: str
    body_name: str
    text: str
    status: str
    last_day: date | None
    plan: Link | None
    occurrence: str | None
    misfits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """``against``: what of this plan does not fit the one above it."""

    above: tuple[Link, ...]
    against: tuple[str, ...]
    asked: bool
    summary: str
    lines: tuple[Line, ...]
    others: tuple[Link, ...]


def load(connection: Connection, units: Units, plan: Plan, register: Register, *, today: date) -> Chain:
    """By a fixed number of queries. Plans of other units are named and not linked."""
    upper = above(connection, plan)
    standing = lower_plans(connection, plan, register, today=today)
    named = [*(each.plan for each in upper), *(each.plan for each in standing.lower), *standing.others]
    seen = _visible(connection, units, [each for each in named if each is not None])
    return Chain(
        tuple(Link(each.text, each.plan.id if each.plan and each.plan.id in seen else None) for each in upper),
        tuple(said for each in upper if each.plan for said in _against(each.plan, plan, register, today)),
        standing.asked,
        _summary(standing),
        tuple(_line(each, seen) for each in standing.lower),
        tuple(_link(each, seen) for each in standing.others),
    )


def _visible(connection: Connection, units: Units, plans: Iterable[Plan]) -> frozenset[str]:
    ids = {each.id for each in plans}
    chosen = select(plan_table.c.id).where(plan_table.c.id.in_(ids), of_units(units))
    return frozenset(connection.execute(chosen).scalars()) if ids else frozenset()


def _link(plan: Plan, seen: frozenset[str]) -> Link:
    return Link(f"{plan_name(plan)} · {plan.title}", plan.id if plan.id in seen else None)


def _against(upper: Plan, plan: Plan, register: Register, today: date) -> Iterable[str]:
    """For the body that has issued this plan and owes something above."""
    owing = {party.agency for duty in upper.duties for party in duty.responsible}
    body = next((each for each in sorted(owing) if issued_by(plan, register[each])), None)
    if body is None:
        return ()
    found = misfits(upper, plan, body, start=date(today.year, 1, 1), end=date(today.year + 1, 12, 31))
    return map(misfit_text, found)


_WORDS = (
    LowerState.MISSING,
    LowerState.PAPER,
    LowerState.REGISTERED,
    LowerState.FOLLOWED,
    LowerState.WAITING,
    LowerState.BEFORE,
)


def _summary(standing: Standing) -> str:
    """``19 cơ quan phải có kế hoạch: 12 đang theo dõi, 02 chưa có``"""
    numbers = Counter(each.state for each in standing.lower)
    misfit = sum(bool(each.misfits) for each in standing.lower)
    late = sum(each.days_late > 0 and each.state is not LowerState.MISSING for each in standing.lower)
    parts = [f"{numbers[state]} {_state_word(state)}" for state in _WORDS if numbers[state]]
    if late:
        parts.append(_("{n} ban hành muộn").format(n=late))
    if misfit:
        parts.append(_("{n} có hạn không khớp").format(n=misfit))
    whole = _n("{n} cơ quan phải có kế hoạch", len(standing.lower)).format(n=len(standing.lower))
    return f"{whole}: {', '.join(parts)}" if parts else whole


def _state_word(state: LowerState) -> str:
    return {
        LowerState.FOLLOWED: _("đang theo dõi"),
        LowerState.REGISTERED: _("đã vào sổ, chưa theo dõi"),
        LowerState.PAPER: _("đã nhận văn bản, chưa vào sổ"),
        LowerState.WAITING: _("chưa đến hạn"),
        LowerState.BEFORE: _("hạn trước khi theo dõi"),
        LowerState.MISSING: _("chưa có"),
    }[state]


_BADGES = {
    LowerState.FOLLOWED: "on-time",
    LowerState.REGISTERED: "received",
    LowerState.PAPER: "received",
    LowerState.WAITING: "open",
    LowerState.BEFORE: "before-tracking",
    LowerState.MISSING: "overdue",
}


def _line(lower: Lower, seen: frozenset[str]) -> Line:
    text = _state_word(lower.state)
    if lower.days_late:
        missing = lower.state is LowerState.MISSING
        late = _n("quá hạn {n} ngày", lower.days_late) if missing else _n("muộn {n} ngày", lower.days_late)
        text = f"{text}, {late.format(n=lower.days_late)}"
    return Line(
        lower.body,
        lower.name,
        text,
        _BADGES[lower.state],
        lower.last_day,
        _link(lower.plan, seen) if lower.plan else None,
        lower.occurrence,
        tuple(map(misfit_text, lower.misfits)),
    )


def misfit_text(misfit: Misfit) -> str:
    """One sentence; the duty is called as the higher plan calls it."""
    title = occurrence_title(misfit.upper, misfit.period) if misfit.upper and misfit.period else ""
    given = day_text(misfit.given) if misfit.given else ""
    wanted = day_text(misfit.wanted) if misfit.wanted else ""
    match misfit.kind:
        case Kind.TOO_LATE:
            said = _("{title}: phải gửi lên chậm nhất {wanted}, mà cấp dưới thu đến {given}.")
        case Kind.OWN_TOO_LATE:
            said = _("{title}: hạn {wanted}, mà kế hoạch cấp dưới gửi lên ngày {given}.")
        case Kind.NOTHING:
            title = misfit.upper.title if misfit.upper else ""
            said = _("“{title}”: kế hoạch cấp dưới không giao cơ quan nào báo cáo cùng kỳ.")
        case _ends_before:
            said = _("Kế hoạch cấp dưới kết thúc {given}, trước kế hoạch cấp trên ({wanted}).")
    return said.format(title=title, given=given, wanted=wanted)
