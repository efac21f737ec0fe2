"""/audit: the trail, who did what when."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from app.views import api
from people.rights import Right
from web.api.answers import TrailOut, TrailPage
from web.api.bearer import Call, needs
from web.api.fields import Key, Limit, SinceDay, UntilDay, Word

router = APIRouter(tags=["audit"])
After = Annotated[int, Query(ge=0, le=2**31 - 1, description="Only rows with a greater number.")]


@router.get("/audit", summary="The audit trail (ai làm gì, lúc nào), oldest first")
def audit(
    plan: Word = None,
    occurrence: Key = None,
    kind: Word = None,
    since: SinceDay = None,
    until: UntilDay = None,
    after: After = 0,
    limit: Limit = 50,
    call: Call = needs(Right.AUDIT),
) -> TrailPage:
    with call.reading() as connection:
        rows = api.trail(
            connection,
            call.units(Right.AUDIT),
            plan_id=plan,
            occurrence_id=occurrence,
            kind=kind,
            start=since,
            end=until,
            after=after,
            limit=limit,
        )
    items = [TrailOut.model_validate(row, from_attributes=True) for row in rows]
    return TrailPage(items=items, next=rows[-1].id if len(rows) == limit else None)
