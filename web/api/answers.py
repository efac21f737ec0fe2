"""What the API says: the shapes of its answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, Field

from app.views import api
from plans.model import Duty

Item = TypeVar("Item")


class Me(BaseModel):
    """The account behind the token."""

    login: str
    name: str
    roles: list[str]
    units: list[str] | None = Field(description="The lead units that it may see; null: all of them.")


class DutyOut(BaseModel):
    """One duty (nhiệm vụ) of a plan."""

    id: str
    title: str
    section: str = Field(description="The clause of the plan that orders it.")
    kind: str = Field(description="once, monthly, quarterly, semiannual, annual, other")
    expression: str | None = Field(description="The deadline in the words of the plan.")
    agencies: list[str] = Field(description="Who owes it.")

    @classmethod
    def of(cls, duty: Duty) -> DutyOut:
        return cls(
            id=duty.id,
            title=duty.title,
            section=duty.section,
            kind=duty.rule.kind.value,
            expression=duty.rule.words,
            agencies=[each.agency for each in duty.responsible],
        )


class PlanOut(BaseModel):
    """A plan (kế hoạch)."""

    plan: str
    number: str | None
    title: str
    short: str
    issued: str = Field(description="The day of issue as far as it is known: 2023-10-30, 2023-10, 2023.")
    lead: str
    lead_name: str
    status: str = Field(description="draft, active, stopped")
    version: int
    active_from: date | None
    sample: bool

    @classmethod
    def of(cls, row: api.PlanRow, **more: Any) -> PlanOut:
        plan = row.plan
        return cls(
            plan=plan.id,
            number=plan.number,
            title=plan.title,
            short=plan.short,
            issued=str(plan.issued),
            lead=plan.lead,
            lead_name=row.lead_name,
            status=row.status,
            version=row.version,
            active_from=row.active_from,
            sample=plan.sample,
            **more,
        )


class PlanWithDuties(PlanOut):
    duties: list[DutyOut]


class OccurrenceOut(BaseModel):
    """One duty of one agency in one period (kỳ)."""

    occurrence: str
    plan: str
    duty: str
    title: str
    agency: str
    agency_name: str
    lead: str
    period: str
    due: date = Field(description="The day that the plan names.")
    last_day: date = Field(description="The strict last day: what reminders count down to.")
    late_after: date = Field(description="The last day that counts as on time.")
    state: str
    status: str
    status_text: str = Field(description="The status in Vietnamese words.")
    days_late: int | None
    received_on: date | None
    number: str | None
    extended_by: str | None
    resend_by: date | None
    muted_until: date | None
    transferred_to: str | None
    revision: int
    sample: bool
    etag: str = Field(description="For If-Match.")

    @classmethod
    def of(cls, row: api.OccurrenceRow) -> OccurrenceOut:
        o = row.o
        return cls(
            occurrence=o.id,
            plan=o.plan_id,
            duty=o.duty_id,
            title=row.title,
            agency=o.agency_id,
            agency_name=row.agency_name,
            lead=row.lead,
            period=o.period,
            due=o.due,
            last_day=o.last_day,
            late_after=o.late_after,
            state=o.state.value,
            status=row.status,
            status_text=row.status_text,
            days_late=row.days_late,
            received_on=o.received_on,
            number=o.number,
            extended_by=o.extended_by,
            resend_by=o.resend_by,
            muted_until=o.muted_until,
            transferred_to=o.transferred_to,
            revision=o.revision,
            sample=o.sample,
            etag=f'"{row.tag}"',
        )


class AnswerOut(BaseModel):
    """What a paper counts for."""

    occurrence: str
    verdict: str = Field(description="received, accepted, returned, void")
    reason: str | None


class PaperOut(BaseModel):
    """A paper that came in (văn bản đến)."""

    paper: int
    issuer: str
    issuer_name: str
    number: str | None
    dated: date | None
    received_on: date
    secret: bool
    recorded_at: datetime
    recorded_by: str
    replaced_by: int | None = Field(description="The version that put it right.")
    answers: list[AnswerOut]

    @classmethod
    def of(cls, row: api.PaperRow) -> PaperOut:
        return cls(
            paper=row.id,
            issuer=row.issuer,
            issuer_name=row.issuer_name,
            number=row.number,
            dated=row.dated,
            received_on=row.received_on,
            secret=row.secret,
            recorded_at=row.recorded_at,
            recorded_by=row.recorded_by,
            replaced_by=row.replaced_by,
            answers=[AnswerOut(occurrence=a.occurrence, verdict=a.verdict, reason=a.reason) for a in row.answers],
        )


class Recorded(BaseModel):
    """The paper, and how the occurrences stand that it answers."""

    paper: PaperOut
    occurrences: list[OccurrenceOut]


class TrailOut(BaseModel):
    """One row of the audit trail; rows are only ever added."""

    id: int
    at: datetime
    actor: str
    kind: str
    plan: str | None
    occurrence: str | None
    agency: str | None
    data: dict[str, Any]


class MissedOut(BaseModel):
    """One occurrence that came late or has not come."""

    occurrence: str
    duty: str
    agency: str
    agency_name: str
    period: str
    due: date
    late_after: date
    missed_at: datetime
    noticed_at: datetime | None
    received_on: date | None
    status: str
    days_late: int


class RateOut(BaseModel):
    """How punctual a body was."""

    agency: str
    agency_name: str
    due: int
    on_time: int
    late: int
    missing: int
    percent: float


class ReportOut(BaseModel):
    missed: list[MissedOut]
    rates: list[RateOut]


class Listing(BaseModel, Generic[Item]):
    """A page."""

    items: list[Item]
    total: int
    limit: int
    offset: int


class TrailPage(BaseModel):
    items: list[TrailOut]
    next: int | None = Field(description="To be sent as `after`; null: there is nothing more by now.")
