"""What a letter is about, as values: the plan, what is owed, who is late, who writes. The caller gathers and counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from letters.lines import clean, day_words
from letters.model import LetterKind, Signature
from plans.model import Consequence, PartialDate, Relation
from plans.text import _


@dataclass(frozen=True, slots=True)
class Office:
    """Who writes: the head of the page, the signer, where copies go. ``unit`` is the drafting unit in the symbol."""

    issuer: str  # as printed in the head: "Công an tỉnh"
    named: str  # in running text: "Công an tỉnh Mẫu"
    short: str  # in symbols: "CAT"
    unit: str  # "PC10"
    place: str
    signature: Signature
    superior: str  # to whom it reports on the plan: "UBND tỉnh"
    contact: str = ""  # "Phòng PC10, điện thoại …"
    parent: str | None = None
    texts: Mapping[str, str] = field(default_factory=dict, hash=False)  # of its own, by letters.own_texts.LetterKey

    def symbol(self, kind: LetterKind) -> str:
        """``CAT-PC10``; of a report ``BC-CAT-PC10``."""
        bare = "-".join(part for part in (self.short, self.unit) if part)
        return f"BC-{bare}" if kind is LetterKind.REPORT else bare


@dataclass(frozen=True, slots=True)
class Document:
    """A document that is quoted: in full the first time, by kind and number after that (Nghị định 30/2020/NĐ-CP)."""

    kind: str  # "Kế hoạch", "Công văn"
    number: str | None
    issued: date | PartialDate | None
    issuer: str = ""  # empty: the office's own
    abstract: str = ""

    @property
    def full(self) -> str:
        """``Kế hoạch số 860/KH-UBND ngày 12 tháng 5 năm 2024 của Ủy ban nhân dân tỉnh Mẫu về …``"""
        parts = [self.brief]
        if self.issued is not None:
            parts.append(_as_known(self.issued))
        if self.issuer:
            parts.append(_("của {issuer}").format(issuer=self.issuer))
        if self.abstract:
            parts.append(self.abstract)
        return clean(" ".join(parts))

    @property
    def brief(self) -> str:
        """``Kế hoạch số 860/KH-UBND``; a document whose number is blank is called by its kind."""
        return _("{kind} số {number}").format(kind=self.kind, number=self.number) if self.number else self.kind


def _as_known(issued: date | PartialDate) -> str:
    """The whole day, or the month or year where that is all the document shows."""
    if isinstance(issued, date) or issued.exact is not None:
        return day_words(issued)
    month = _("tháng {month}").format(month=issued.month) if issued.month else ""
    return " ".join(part for part in (month, _("năm {year}").format(year=issued.year)) if part)


@dataclass(frozen=True, slots=True)
class Owed:
    """One thing that is owed (việc), in the plan's own words."""

    product: str  # "Báo cáo kết quả tháng 10/2026"
    clause: str  # "IV.1"
    words: str  # "trước ngày 10/12/2024"
    last_day: date | None = None  # gửi chậm nhất; None for what has no day
    period: tuple[date, date] | None = None  # mốc số liệu, both days included
    to: str = ""  # nơi nhận
    bodies: tuple[str, ...] = ()  # whose it is, where one letter goes to several


@dataclass(frozen=True, slots=True)
class Late:
    """An agency that has not sent what it owes."""

    name: str
    product: str
    last_day: date
    days: int  # calendar days late
    relation: Relation = Relation.PEER
    note: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """How far a duty has come on a day."""

    on: date
    owing: int  # agencies that owe it
    received: int
    late: tuple[Late, ...] = ()


@dataclass(frozen=True, slots=True)
class Assigning:
    """Giao việc: what the addressees owe under the plan."""

    plan: Document
    clause: str  # where the plan makes the office follow it up
    owed: tuple[Owed, ...]
    on: date | None = None  # from which day on a day is still ahead; None: all of them are


@dataclass(frozen=True, slots=True)
class Urging:
    """Đôn đốc: who has not sent one product by a day. ``turn``: only letters that the registry has numbered count.

    ``whole``: the list has all who are late, so that they may be counted against those who have sent.
    """

    plan: Document
    owed: Owed
    state: State
    turn: int
    resend_by: date
    earlier: tuple[Document, ...] = ()
    consequence: Consequence | None = None
    whole: bool = True

    @property
    def alone(self) -> bool:
        """Whether it goes to one body, which is spoken to as such."""
        return len(self.state.late) == 1


@dataclass(frozen=True, slots=True)
class Reporting:
    """Báo cáo UBND: how far the plan's products have come, what was done, what is asked of the superior."""

    plan: Document
    on: date
    states: tuple[tuple[Owed, State], ...]
    resend_by: date
    earlier: tuple[Document, ...] = ()
    proposals: tuple[str, ...] = ()
    consequence: Consequence | None = None


@dataclass(frozen=True, slots=True)
class Extending:
    """Gia hạn: the answer to a request. ``until`` None: not extended; ``by`` is the document that allows it."""

    plan: Document
    owed: Owed
    until: date | None = None
    asked: Document | None = None
    by: Document | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Correcting:
    """Đính chính: what an earlier letter said, and how it really is."""

    wrong: Document
    said: str
    right: str


Facts = Assigning | Urging | Reporting | Extending | Correcting
