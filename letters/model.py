"""An official letter as frozen values: what stands in which box of Nghị định 30/2020/NĐ-CP, Phụ lục I.

Nothing here knows today's date. A letter without number and date is a draft: the registry (văn thư) gives both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from letters.errors import RowTooLong
from plans.model import PartialDate

PORTRAIT_TEXT = 165  # mm: A4 less a left margin of 30 and a right one of 15


class LetterKind(StrEnum):
    """What the letter is for. All but the report are công văn: no kind in the title, "V/v" under the number."""

    ASSIGNING = "assigning"  # giao việc
    URGING = "urging"  # đôn đốc (lần n)
    REPORT = "report"  # báo cáo UBND
    EXTENSION = "extension"  # gia hạn
    CORRECTION = "correction"  # đính chính


class Urgency(StrEnum):
    """Độ khẩn, box 10b."""

    URGENT = "KHẨN"
    VERY_URGENT = "THƯỢNG KHẨN"
    FLASH = "HOẢ TỐC"


class Authority(StrEnum):
    """For whom the signer signs (quyền hạn của người ký, Điều 13)."""

    COLLECTIVE = "TM."  # thay mặt: for the collective
    DEPUTY = "KT."  # ký thay: a deputy for the head
    BY_ORDER = "TL."  # thừa lệnh: the head of a unit inside
    AUTHORISED = "TUQ."  # thừa uỷ quyền: in writing, for a time, never passed on


class Form(StrEnum):
    """How a paragraph of the body is printed."""

    TEXT = "text"
    PART = "part"  # I. TIÊU ĐỀ
    HEADING = "heading"  # 1. Tiêu đề
    BASIS = "basis"  # căn cứ


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of the body."""

    text: str
    form: Form = Form.TEXT


@dataclass(frozen=True, slots=True)
class Behalf:
    """One line above the title: ``TM. ỦY BAN NHÂN DÂN``, ``KT. GIÁM ĐỐC``."""

    authority: Authority
    whose: str


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs: set by the office, never guessed. ``name`` stays None until it is known."""

    title: str
    name: str | None = None
    behalf: tuple[Behalf, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines above the room for the signature, in capitals."""
        return (*(f"{one.authority} {one.whose.upper()}" for one in self.behalf), self.title.upper())


@dataclass(frozen=True, slots=True)
class Head:
    """A column of an annex: its title, and the width it would like, in mm of an A4 page."""

    text: str
    width: int
    centred: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The table of an annex. Raises RowTooLong where a row does not fit its heads."""

    heads: tuple[Head, ...]
    rows: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        for at, row in enumerate(self.rows, start=1):
            if len(row) != len(self.heads):
                raise RowTooLong(at, len(row), len(self.heads))

    @property
    def wide(self) -> bool:
        """Whether its columns want more than a portrait page has."""
        return sum(head.width for head in self.heads) > PORTRAIT_TEXT


@dataclass(frozen=True, slots=True)
class Annex:
    """A phụ lục: a page of its own with its title and one table."""

    title: str
    table: Table


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter. ``number`` is that of the registry, without the symbol; ``symbol`` what follows the stroke.

    ``issuer`` and ``parent`` are printed in capitals in the head; ``named`` is how running text calls the issuer
    ("Công an tỉnh Sơn La"), as the annex does. ``date`` may be partly known: the rest stays blank.
    """

    kind: LetterKind
    issuer: str
    named: str
    symbol: str
    place: str
    abstract: str
    body: tuple[Paragraph, ...]
    signature: Signature
    recipients: tuple[str, ...] = ()
    addressees: tuple[str, ...] = ()
    parent: str | None = None
    number: str | None = None
    date: date | PartialDate | None = None
    urgency: Urgency | None = None
    annexes: tuple[Annex, ...] = ()

    @property
    def draft(self) -> bool:
        """Whether the registry has still to give its number or its date."""
        known = self.date if isinstance(self.date, date) or self.date is None else self.date.exact
        return self.number is None or known is None

    @property
    def dispatch(self) -> bool:
        """A công văn: it bears no kind."""
        return self.kind is not LetterKind.REPORT
