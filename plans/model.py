"""The words of a plan as frozen values: what was ordered, of whom, by when, on which ground.

Nothing here knows today's date, a database or a network. Vietnamese terms stand in the docstrings
because they are what the documents say; see the glossary in the README.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Relation(StrEnum):
    """Standing of a body within a plan (quan hệ): it sets the wording and which rungs exist."""

    SUBORDINATE = "subordinate"  # cấp dưới: may be told "yêu cầu"
    PEER = "peer"  # sở, UBND: "đề nghị"
    REQUESTED = "requested"  # "Đề nghị …": cannot be ordered, never escalated to the head
    SELF = "self"  # the lead unit owes it itself


class RuleKind(StrEnum):
    """How often a duty falls due."""

    ONCE = "once"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    SEMIANNUAL = "semiannual"
    ANNUAL = "annual"
    OTHER = "other"  # weekly, or a list of dates
    CONTINUOUS = "continuous"  # thường xuyên: never overdue


class Boundary(StrEnum):
    """The word in front of the date: "trước", "vào", "chậm nhất", "trong"."""

    BEFORE = "before"
    ON = "on"
    BY = "by"
    WITHIN = "within"


class BeforeReading(StrEnum):
    """How the office reads "trước ngày X": does a paper received on X count as on time?"""

    NAMED_DAY = "named_day"
    DAY_BEFORE = "day_before"


class WeekendReading(StrEnum):
    """Does a deadline on a day off roll on? By analogy with Bộ luật Dân sự 2015, Điều 148(5)."""

    NEXT_WORKING_DAY = "next_working_day"
    KEEP = "keep"


class Level(StrEnum):
    """Of the issuer: tỉnh, huyện (until 30/6/2025), xã."""

    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"


class RecipientRole(StrEnum):
    """Nhận chính, nhận qua, đồng gửi."""

    MAIN = "main"
    VIA = "via"
    COPY = "copy"


LAST_DAY_OF_MONTH = -1  # how RRULE writes it: BYMONTHDAY=31 would skip short months


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date as printed: the day, or the day and the month, may be blank or unreadable."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def exact(self) -> date | None:
        """The full date, or None where a part is blank."""
        if self.month is None or self.day is None:
            return None
        return date(self.year, self.month, self.day)

    @property
    def earliest(self) -> date:
        """The first day it can mean."""
        return date(self.year, self.month or 1, self.day or 1)

    def __str__(self) -> str:
        parts = [f"{self.year:04d}"]
        if self.month is not None:
            parts.append(f"{self.month:02d}")
            if self.day is not None:
                parts.append(f"{self.day:02d}")
        return "-".join(parts)


@dataclass(frozen=True, slots=True)
class OnceDate:
    """What a one-off deadline names: a day, a month, a quarter or a year. Exactly one precision."""

    year: int
    quarter: int | None = None
    month: int | None = None
    day: int | None = None

    def __str__(self) -> str:
        if self.quarter is not None:
            return f"{self.year:04d}-Q{self.quarter}"
        return str(PartialDate(self.year, self.month, self.day))


@dataclass(frozen=True, slots=True)
class YearDay:
    """A recurring day. ``month`` is 1-12 (semiannual, annual), 1-3 within a quarter, None monthly."""

    day: int  # 1-31, or LAST_DAY_OF_MONTH
    month: int | None = None


@dataclass(frozen=True, slots=True)
class WindowEdge:
    """One end of a data window, relative to the month of the due date: day 15, one month before."""

    day: int
    months_before: int = 0


@dataclass(frozen=True, slots=True)
class DataWindow:
    """The period whose data a report covers (mốc số liệu), both ends included. The plan's own words only."""

    start: date | WindowEdge
    end: date | WindowEdge


@dataclass(frozen=True, slots=True)
class Recurrence:
    """When a duty falls due, stored as the words of the plan, never as a computed chain.

    ``on`` belongs to ``once``; ``days`` to monthly … annual; ``dates`` or ``weekday`` (1 = Monday) to
    ``other``. All empty: the text names no day, so the duty is listed and makes no occurrence.
    ``reads`` says how a damaged ``quote`` reads (a scan without diacritics).
    ``start`` and ``until`` bound the due dates, both included. ``period`` names the period of a one-off
    report ("2024", "2024-H1"); ``covers_previous`` says that a recurring one reports on the period before.
    """

    kind: RuleKind
    quote: str | None = None
    boundary: Boundary | None = None
    on: OnceDate | None = None
    days: tuple[YearDay, ...] = ()
    dates: tuple[date, ...] = ()
    weekday: int | None = None
    start: date | None = None
    until: date | None = None
    window: DataWindow | None = None
    period: str | None = None
    covers_previous: bool = False
    reads: str | None = None

    @property
    def words(self) -> str | None:
        """The plan's time expression as people are to see it."""
        return self.reads or self.quote

    @property
    def dated(self) -> bool:
        """Whether it makes occurrences at all."""
        return bool(self.on or self.days or self.dates or self.weekday)


@dataclass(frozen=True, slots=True)
class Name:
    """One official name of a body and the days on which it bore it."""

    name: str
    start: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Agency:
    """A body that owes, follows or receives something (cơ quan, đơn vị). ``id`` is ``<unit>.<slug>``."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    names: tuple[Name, ...] = ()  # earlier names, oldest first
    start: date | None = None
    until: date | None = None  # last day it exists
    successor: str | None = None  # agency id: only a suggestion, a person decides
    unlisted: bool = False  # a level, not a body ("Công an cấp xã"): reached through the lead unit
    never_messaged: bool = False  # persons and families: listed, never written to
    note: str | None = None

    @property
    def slug(self) -> str:
        return self.id.rsplit(".", 1)[-1]

    def name_on(self, day: date) -> str:
        """The name it bore on that day: old documents keep old names."""
        for old in self.names:
            if (old.start is None or old.start <= day) and old.until is not None and day <= old.until:
                return old.name
        return self.name


@dataclass(frozen=True, slots=True)
class Party:
    """A body within a plan or duty: how it stands there and the words that say so."""

    agency: str
    relation: Relation
    ground: str
    inferred: bool = False  # the sentence names nobody; the lead unit was taken


@dataclass(frozen=True, slots=True)
class Group:
    """A collective name of the plan ("các sở, ngành tỉnh") and who stood behind it on the day of issue."""

    id: str
    name: str
    members: tuple[Party, ...]


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where a product is to be sent."""

    agency: str
    role: RecipientRole = RecipientRole.MAIN
    detail: str | None = None  # "Phòng Cảnh sát thi hành án hình sự và hỗ trợ tư pháp"


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs of one duty (lịch nhắc), as distances from the deadline.

    ``before`` counts calendar days before the strict last day; ``due`` is the last day itself; the rest
    counts working days after the last day that is on time. An empty tuple or None switches a rung off.
    """

    before: tuple[int, ...] = (7, 1)
    due: bool = True
    check: int | None = 1
    overdue: tuple[int, ...] = (2, 5)
    lead: int | None = 3
    head: tuple[int, ...] = (5, 10)


DEFAULT_LADDER = Ladder()
FREQUENT_LADDER = Ladder(before=(1,), due=False)  # monthly and more often: one reminder is enough


@dataclass(frozen=True, slots=True)
class Reading:
    """How the deadlines of an office or plan are read; None leaves the choice to the level above."""

    before: BeforeReading | None = None
    weekend: WeekendReading | None = None

    def over(self, base: Reading) -> Reading:
        """This reading where it says something, ``base`` elsewhere."""
        return Reading(self.before or base.before, self.weekend or base.weekend)


DEFAULT_READING = Reading(BeforeReading.NAMED_DAY, WeekendReading.NEXT_WORKING_DAY)


@dataclass(frozen=True, slots=True)
class Consequence:
    """What the plan itself threatens ("phê bình …"); without it no letter may."""

    section: str
    quote: str


@dataclass(frozen=True, slots=True)
class Target:
    """A figure to be reported against (chỉ tiêu). Exactly one bound; ``unit`` is "%", "người" …"""

    id: str
    section: str
    text: str
    unit: str
    at_least: float | None = None
    at_most: float | None = None
    below: float | None = None


class FigureKind(StrEnum):
    """What a figure counts. The kinds are never added to each other, and percentages not even to themselves."""

    PEOPLE = "people"  # người
    TIMES = "times"  # lượt, lần, buổi
    HOUSEHOLDS = "households"  # hộ
    AMOUNT = "amount"  # đồng, triệu đồng
    PERCENT = "percent"
    COUNT = "count"  # of something else, in its own word: mô hình, lớp


@dataclass(frozen=True, slots=True)
class Figure:
    """A count that agencies report per period (số liệu), never about one person (D12).

    ``unit`` is given for amounts, counts and times; ``numerator`` and ``denominator`` are figures of the same plan, of
    which a percentage is computed. ``cumulative``: each report counts from the beginning of the year (lũy kế).
    """

    id: str
    name: str
    kind: FigureKind
    duties: tuple[str, ...]  # whose reports bring it
    unit: str | None = None
    target: str | None = None  # the Target it serves
    cumulative: bool = False
    numerator: str | None = None
    denominator: str | None = None

    @property
    def computed(self) -> bool:
        """Whether nobody types it: it follows from two others."""
        return self.numerator is not None and self.denominator is not None

    @property
    def personal(self) -> bool:
        """Whether small counts of it could point to somebody."""
        return self.kind in (FigureKind.PEOPLE, FigureKind.HOUSEHOLDS)


@dataclass(frozen=True, slots=True)
class Duty:
    """What the plan orders (nhiệm vụ)."""

    id: str
    title: str
    section: str
    rule: Recurrence
    responsible: tuple[Party, ...]  # chủ trì, groups resolved to their members
    cooperating: tuple[Party, ...] = ()  # phối hợp: never late
    action: str | None = None  # what is to be done, in our own words
    product: str | None = None
    recipients: tuple[Recipient, ...] = ()
    feeds: str | None = None  # the lead unit's own report that this one goes into
    no_file: bool = False  # personal data inside (Mẫu số 01): never uploaded (D12)
    ladder: Ladder | None = None
    consequence: Consequence | None = None
    collective: tuple[str, ...] = ()  # the names the plan itself uses: "Các sở, ngành tỉnh"
    note: str | None = None

    @property
    def effective_ladder(self) -> Ladder:
        """The duty's own ladder, else the usual one of its kind; plan and office settings come between."""
        if self.ladder is not None:
            return self.ladder
        return FREQUENT_LADDER if frequent(self.rule) else DEFAULT_LADDER


def frequent(rule: Recurrence) -> bool:
    """Monthly or more often."""
    return rule.kind is RuleKind.MONTHLY or rule.weekday is not None


@dataclass(frozen=True, slots=True)
class Plan:
    """One issued document (kế hoạch) and everything it orders."""

    id: str
    title: str
    short: str  # how messages call it: "KH kèm QĐ 2316/QĐ-UBND"
    issuer: str
    issued: PartialDate
    level: str  # a Level
    lead: str  # agency id of the lead unit
    lead_section: str
    lead_quote: str
    duties: tuple[Duty, ...]
    parties: tuple[Party, ...] = ()
    groups: tuple[Group, ...] = ()
    targets: tuple[Target, ...] = ()
    figures: tuple[Figure, ...] = ()
    number: str | None = None
    implements: str | None = None
    parent: str | None = None
    until: date | None = None
    reading: Reading = field(default_factory=Reading)
    ladder: Ladder | None = None
    consequence: Consequence | None = None
    sample: bool = False
    note: str | None = None

    @property
    def unit(self) -> str:
        return self.lead.rsplit(".", 1)[0]

    def figures_of(self, duty_id: str) -> tuple[Figure, ...]:
        """What the reports of that duty bring, in the order of the plan."""
        return tuple(figure for figure in self.figures if duty_id in figure.duties)

    def duty(self, duty_id: str) -> Duty:
        """Raises KeyError where the plan has no such duty."""
        for duty in self.duties:
            if duty.id == duty_id:
                return duty
        raise KeyError(duty_id)


@dataclass(frozen=True, slots=True)
class Register:
    """The agencies known to a reader of plan files, by global id."""

    agencies: Mapping[str, Agency]

    def __contains__(self, agency_id: object) -> bool:
        return agency_id in self.agencies

    def __getitem__(self, agency_id: str) -> Agency:
        return self.agencies[agency_id]
