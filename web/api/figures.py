"""/plans/{plan}/figures: what agencies reported in numbers (số liệu), read only."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from app.figures.as_json import document
from app.figures.gathering import reports
from app.views import figures as view
from people.rights import Right
from tasks.agencies import load_plan
from web.api.bearer import Call, needs
from web.api.fields import PRINTABLE, PlanPath, Word
from web.api.problems import unknown

router = APIRouter(tags=["plans"])
PeriodName = Annotated[str | None, Query(max_length=12, pattern=PRINTABLE, description="2024-06; else the newest.")]


class FigureOut(BaseModel):
    """What is counted."""

    id: str
    name: str
    kind: str = Field(description="people, times, households, amount, percent, count")
    unit: str
    cumulative: bool = Field(description="Counted from the beginning of the year.")
    computed: bool = Field(description="A percentage that follows from two other figures.")
    target: str | None


class AgencyFigures(BaseModel):
    """What one agency reported. ``values`` by figure; null where it did not."""

    occurrence: str
    agency: str
    agency_name: str
    state: str
    counted: bool = Field(description="Whether it goes into the totals: not while its paper is sent back.")
    values: dict[str, float | None]


class TotalOut(BaseModel):
    """A figure over all agencies; percentages are computed of their parts and never added."""

    figure: str
    value: float | None
    reporting: int
    missing: list[str] = Field(description="The agencies whose figure is still wanted.")
    complete: bool
    before: float | None = Field(description="The period before.")
    year_ago: float | None = Field(description="The same period of the year before.")
    target_percent: float | None = Field(description="Percent of the target.")
    target_met: bool | None


class RemarkOut(BaseModel):
    occurrence: str
    text: str


class FiguresOut(BaseModel):
    """The figures of one duty in one period."""

    plan: str
    duty: str
    period: str
    title: str
    figures: list[FigureOut]
    agencies: list[AgencyFigures]
    totals: list[TotalOut]
    remarks: list[RemarkOut]


@router.get("/plans/{plan_id}/figures", summary="Figures that agencies reported (số liệu), with totals")
def figures(
    plan_id: PlanPath, duty: Word = None, period: PeriodName = None, call: Call = needs(Right.SEE, "plan_id")
) -> FiguresOut:
    """Of the duty and period asked for, else of those with the newest figures. A plan without figures has no answer."""
    with call.reading() as connection:
        plan = load_plan(connection, plan_id)
        if not view.duties_of(plan):
            raise unknown()
        chosen, found, name = view.choose(connection, plan, duty or "", period or "", today=call.today)
        if name is None:
            raise unknown()
        told = reports(connection, plan, chosen, found, name)
    return FiguresOut.model_validate(document(told))
