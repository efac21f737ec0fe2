"""What a message knows: plain values, gathered at the moment of composing, so that templates do no date arithmetic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from plans.model import Boundary, Relation, RuleKind
from tasks.model import State


@dataclass(frozen=True, slots=True)
class Destination:
    """Where the product is to be sent; ``role`` is main, via or copy."""

    name: str
    role: str
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """The lead unit's officer, as the last lines of a message name them. Any of it may be unknown."""

    lead_name: str
    sender: str  # "Công an tỉnh Sơn La (PC10)"
    officer: str | None = None
    phone: str | None = None
    address: str | None = None
    texts: Mapping[str, str] = field(default_factory=dict, hash=False)  # of the office's own, by own_texts.TextKey


@dataclass(frozen=True, slots=True)
class Item:
    """One occurrence on the day of sending.

    ``rung`` is the rung that fell due for this person today ("before-7", "due", "overdue-1", "check",
    "lead", "head-1", "review" …), or None where the item is only listed. ``days_left`` counts to the strict
    last day (0 = today, negative = past); ``days_late`` counts calendar days after the last on-time day.
    ``working_days_left`` is 0 when today is the last working day before a deadline on a day off.
    ``overdue``: the last on-time day has ended and something is still owed.
    """

    occurrence_id: str
    plan_id: str
    plan_short: str
    plan_number: str | None
    lead_name: str
    section: str
    quote: str | None
    boundary: Boundary | None
    kind: RuleKind
    title: str  # duty and period: "Báo cáo năm 2024"
    product: str | None
    agency_name: str
    relation: Relation
    due: date
    last_day: date
    late_after: date
    days_left: int
    days_late: int
    overdue: bool
    last_working_day: bool  # today is the last working day before a last day that is a day off
    window_from: date | None
    window_to: date | None
    destinations: tuple[Destination, ...]
    state: State
    status_text: str
    rung: str | None = None
    resend_by: date | None = None
    returned_for: str | None = None  # in words
    extended_by: str | None = None
    claimed: str | None = None
    promised: date | None = None
    held_until: date | None = None
    told_off_on: date | None = None  # when an automatic message said that it was overdue
    number: str | None = None
    received_on: date | None = None
    needs_successor: bool = False
    no_file: bool = False
    feeds: str | None = None  # the lead's own report that this goes into, in words
    sample: bool = False


@dataclass(frozen=True, slots=True)
class PlanCount:
    """For the officer and the head: how a report stands over all bodies of a plan."""

    plan_short: str
    title: str
    missing: int
    total: int


@dataclass(frozen=True, slots=True)
class MonthLine:
    """One missed or late duty of last month; ``how`` says when it came or how long it has been missing."""

    plan_short: str
    title: str
    agency_name: str
    how: str
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Unreached:
    """A body that messages do not reach: without an address, or by a letter whose fate is bad or unknown."""

    agency_name: str
    address: str | None = None
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class Trail:
    """How long the chain of the audit trail is, and the first digits of its head."""

    rows: int
    head: str


@dataclass(frozen=True, slots=True)
class Week:
    """The weekly brief: Monday, Sunday and the moment of composing; what is overdue, falls due by Sunday or waits
    to be looked at in the plans of the lead unit."""

    first: date
    last: date
    at: datetime
    overdue: tuple[Item, ...] = ()
    due: tuple[Item, ...] = ()
    review: tuple[Item, ...] = ()
    unreached: tuple[Unreached, ...] = ()
    trail: Trail | None = None


@dataclass(frozen=True, slots=True)
class PageTable:
    """One part of the head's weekly page, as printed. ``key``: its name in forms; ``note``: the officer's words;
    ``more``: how much did not fit; ``empty``: what stands there instead of rows."""

    key: str
    title: str
    note: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    more: str
    empty: str


@dataclass(frozen=True, slots=True)
class WeekPage:
    """The head's weekly page in words, as it goes out: ``day`` is the day on which it was frozen."""

    day: date
    subject: str
    unit: str
    title: str
    subtitle: str
    lines: tuple[str, ...]
    parts: tuple[PageTable, ...]
    looked: str
    chain: str
    sample: bool = False
    plans: tuple[str, ...] = ()  # of which it speaks


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything one message says to one person.

    ``kind``: digest, assigned, returned, extended, correction, press, month, week, page. ``mine`` are items the
    person's own bodies owe (an agency's contact; the officer for what the lead unit owes itself); ``check``, ``lead``,
    ``review`` and ``direction`` are what the officer or head has to look at, in a digest; ``direction`` also beside
    the head's weekly page.
    """

    kind: str
    today: date
    person: str
    agency_name: str  # of the person's (first) body
    relation: Relation
    desk: Desk
    mine: tuple[Item, ...] = ()
    check: tuple[Item, ...] = ()
    lead: tuple[Item, ...] = ()
    review: tuple[Item, ...] = ()
    direction: tuple[Item, ...] = ()
    counts: tuple[PlanCount, ...] = ()
    entered_to: date | None = None  # "văn bản đến đã nhập đến ngày …"
    letters: tuple[str, ...] = ()  # urging letters about what is asked of the head: "số 41/CAT-PC10 ngày 13/11/2026"
    drafted: bool = False  # such a letter waits to be signed
    forward_for: str | None = None  # a level without an address of its own: the officer passes it on
    note: str | None = None  # words of the officer in a `press`
    month: date | None = None  # the month a `month` message is about
    month_lines: tuple[MonthLine, ...] = ()
    week: Week | None = None  # what a `week` message is about
    page: WeekPage | None = None  # what a `page` message is about
    sample: bool = False

    @property
    def plans(self) -> frozenset[str]:
        """Of which plans it speaks."""
        week = (*self.week.overdue, *self.week.due, *self.week.review) if self.week else ()
        items = (*self.mine, *self.check, *self.lead, *self.review, *self.direction, *week)
        return frozenset(item.plan_id for item in items).union(self.page.plans if self.page else ())


@dataclass(frozen=True, slots=True)
class Rendered:
    """``fields``: what a provider's template is filled with, as JSON; only for the short channels (short_text)."""

    subject: str
    text: str
    html: str
    fields: str | None = None
