"""/me and /plans: who asks, and what is followed."""

from __future__ import annotations

from fastapi import APIRouter

from app.views import api
from people.rights import Right
from tasks import audit
from tasks.model import PlanStatus
from web.api.answers import DutyOut, Listing, Me, MissedOut, PlanOut, PlanWithDuties, RateOut, ReportOut
from web.api.bearer import Call, needs
from web.api.fields import Limit, Offset, PlanPath, SinceDay, UntilDay
from web.api.problems import unknown

router = APIRouter(tags=["plans"])


@router.get("/me", summary="The account behind the token")
def me(call: Call = needs(Right.ACCOUNT)) -> Me:
    units = call.units(Right.SEE)
    roles = [post.role.value for post in call.holder.posts]
    seen = sorted(units) if units is not None else None
    return Me(login=call.holder.login, name=call.holder.name, roles=roles, units=seen)


@router.get("/plans", summary="Plans (kế hoạch)")
def plans(
    status: PlanStatus | None = None, limit: Limit = 50, offset: Offset = 0, call: Call = needs(Right.SEE)
) -> Listing[PlanOut]:
    with call.reading() as connection:
        found = api.plans(connection, call.units(Right.SEE), status=status, limit=limit, offset=offset)
    return Listing[PlanOut](
        items=[PlanOut.of(row) for row in found.items], total=found.total, limit=limit, offset=offset
    )


@router.get("/plans/{plan_id}", summary="One plan with its duties (nhiệm vụ)")
def plan(plan_id: PlanPath, call: Call = needs(Right.SEE, "plan_id")) -> PlanWithDuties:
    with call.reading() as connection:
        row = api.plan(connection, plan_id)
    if row is None:
        raise unknown()
    duties = [DutyOut.of(duty) for duty in row.plan.duties]
    return PlanWithDuties(**PlanOut.of(row).model_dump(), duties=duties)


@router.get("/plans/{plan_id}/audit", summary="What was missed or late, and how punctual everybody was (kiểm tra)")
def report(
    plan_id: PlanPath, since: SinceDay = None, until: UntilDay = None, call: Call = needs(Right.AUDIT, "plan_id")
) -> ReportOut:
    """Derived from dates alone; the days are of the due date."""
    with call.reading() as connection:
        found = audit.report(connection, now=call.now, plan_id=plan_id, start=since, end=until, include_sample=True)
    missed = [MissedOut.model_validate(each, from_attributes=True) for each in found.missed]
    return ReportOut(missed=missed, rates=[RateOut.model_validate(each, from_attributes=True) for each in found.rates])
