"""The values of the register: states, identities, and one occurrence as the rules see it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row

from plans.model import Relation
from plans.text import _
from tasks.errors import BadInput


class PlanStatus(StrEnum):
    DRAFT = "draft"
    ACTIVE = "active"
    STOPPED = "stopped"


class State(StrEnum):
    """Stored state of an occurrence. Due soon, overdue, on time and late are derived, never stored (D9)."""

    OPEN = "open"
    CLAIMED = "claimed"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    WAIVED = "waived"
    TRANSFERRED = "transferred"
    CANCELLED = "cancelled"


OWED = frozenset({State.OPEN, State.CLAIMED, State.RETURNED})  # the agency still owes something
CLOSED = frozenset({State.ACCEPTED, State.WAIVED, State.TRANSFERRED, State.CANCELLED})


class Cause(StrEnum):
    """Why a deadline was computed anew; each is a revision of the occurrence."""

    FIRST = "first"
    EXTENDED = "extended"
    RETURNED = "returned"
    READING = "reading"
    CALENDAR = "calendar"
    PLAN = "plan"
    REOPENED = "reopened"
    CORRECTED = "corrected"
    START = "start"


@dataclass(frozen=True, slots=True)
class OccurrenceId:
    """``son-la-2316-2023/bao-cao-nam/so-tai-chinh/2024``: plan, duty, agency slug, period."""

    plan: str
    duty: str
    agency: str
    period: str

    def __str__(self) -> str:
        return f"{self.plan}/{self.duty}/{self.agency}/{self.period}"

    @classmethod
    def parse(cls, text: str) -> OccurrenceId:
        """Raises BadInput where the text has not four parts."""
        parts = text.strip().split("/")
        if len(parts) != 4 or not all(parts):
            raise BadInput(_("Mã kỳ gồm bốn phần: kế-hoạch/nhiệm-vụ/cơ-quan/kỳ; nhận được “{text}”.").format(text=text))
        return cls(*parts)


def id_of_successor(o: Occurrence, to: str) -> str:
    """The identity of what a successor owes in the same period. Bodies of two provinces may bear one slug."""
    at = OccurrenceId.parse(o.id)
    slug = to.rsplit(".", 1)[-1]
    if slug == at.agency and to != o.agency_id:
        slug = to.replace(".", "-")
    return str(OccurrenceId(at.plan, at.duty, slug, at.period))


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One duty of one agency in one period: the thing that is open, handed in, accepted, late, missed."""

    id: str
    plan_id: str
    duty_id: str
    agency_id: str
    period: str
    due: date
    last_day: date
    late_after: date
    window_from: date | None
    window_to: date | None
    relation: Relation
    state: State
    before_tracking: bool
    sample: bool
    tracked_from: date
    revision: int
    cause: Cause
    changed_at: datetime
    announce: str | None  # the message that tells of this revision
    extended_by: str | None  # the issuer's document
    resend_by: date | None
    returned_for: str | None
    muted_until: date | None
    muted_why: str | None
    claimed: str | None  # number and date the agency gave
    first_received: date | None
    received_on: date | None
    number: str | None
    noted_at: datetime | None  # when the paper was typed in
    days_late: int | None  # frozen with the verdict
    missed_at: datetime | None
    missed_noticed_at: datetime | None
    transferred_to: str | None
    next_check_at: datetime | None

    @classmethod
    def from_row(cls, row: Any) -> Occurrence:
        """From a row of the occurrence table, or whatever has its columns as attributes."""
        if isinstance(row, Row):  # one by one its columns cost more than all that is done with them
            known = row._asdict()
            values = {name: known[name] for name in _NAMES}
        else:
            values = {name: getattr(row, name) for name in _NAMES}
        values["relation"] = Relation(values["relation"])
        values["state"] = State(values["state"])
        values["cause"] = Cause(values["cause"])
        return cls(**values)

    @property
    def agency_slug(self) -> str:
        return self.agency_id.rsplit(".", 1)[-1]

    @property
    def ladder_last_day(self) -> date:
        """The last day that reminders count down to: the resend day after a return, also where the agency claims
        to have sent the paper again."""
        return self.resend_by if self.state in OWED and self.resend_by else self.last_day

    @property
    def ladder_late_after(self) -> date:
        return self.resend_by if self.state in OWED and self.resend_by else self.late_after


_NAMES = tuple(field.name for field in fields(Occurrence))
