"""A letter as the register keeps it: its kind and state, how it is called, and what can be wrong with a move of it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from plans.model import Relation
from plans.text import _, day_text
from tasks.errors import RegisterError


class LetterKind(StrEnum):
    """The same kinds as in ``letters.model``; a test holds them together."""

    ASSIGNING = "assigning"
    URGING = "urging"
    REPORT = "report"
    EXTENSION = "extension"
    CORRECTION = "correction"


class LetterState(StrEnum):
    DRAFT = "draft"  # dự thảo: no number yet
    NUMBERED = "numbered"  # the registry gave its number and date
    VOID = "void"  # does not count; stays readable


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter without its text. ``turn``: which urging letter it is, None where none is counted."""

    id: int
    lead: str
    plan_id: str
    kind: LetterKind
    relation: Relation
    duty_id: str | None
    period: str | None
    agency_id: str | None
    corrects: int | None
    state: LetterState
    revision: int
    turn: int | None
    number: str | None
    symbol: str | None
    dated: date | None
    sent_on: date | None
    void_reason: str | None
    sample: bool
    at: datetime
    by: str
    changed_at: datetime
    changed_by: str

    @classmethod
    def from_row(cls, row: Any) -> Letter:
        values = {name: getattr(row, name) for name in _NAMES}
        values["kind"] = LetterKind(values["kind"])
        values["relation"] = Relation(values["relation"])
        values["state"] = LetterState(values["state"])
        return cls(**values)

    @property
    def reference(self) -> str:
        """``41/CAT-PC10``; "" for a letter that never got a number."""
        return f"{self.number}/{self.symbol}" if self.number else ""

    @property
    def title(self) -> str:
        """``Công văn đôn đốc (lần 2)``."""
        return letter_title(self.kind, self.relation, self.turn)


_NAMES = tuple(field.name for field in fields(Letter))


def letter_title(kind: LetterKind, relation: Relation, turn: int | None = None) -> str:
    """How a letter is called. A body that is only requested gets no "đôn đốc"."""
    if kind is LetterKind.URGING and relation is Relation.REQUESTED:
        return _("Công văn đề nghị phối hợp")
    if kind is LetterKind.URGING and turn and turn > 1:
        return _("Công văn đôn đốc (lần {n})").format(n=turn)
    return kind_text(kind)


def kind_text(kind: LetterKind) -> str:
    return {
        LetterKind.ASSIGNING: _("Công văn giao việc"),
        LetterKind.URGING: _("Công văn đôn đốc"),
        LetterKind.REPORT: _("Báo cáo cấp trên"),
        LetterKind.EXTENSION: _("Công văn gia hạn"),
        LetterKind.CORRECTION: _("Công văn đính chính"),
    }[kind]


def state_text(state: LetterState) -> str:
    return {
        LetterState.DRAFT: _("Dự thảo"),
        LetterState.NUMBERED: _("Đã ban hành"),
        LetterState.VOID: _("Đã hủy"),
    }[state]


class LetterUnknown(RegisterError):
    def __init__(self, letter_id: object) -> None:
        super().__init__(_("Không có công văn số thứ tự {id}. Xem: dondoc letter list").format(id=letter_id))


class LetterRefused(RegisterError):
    """The letter is not in a state from which this move leads on."""

    def __init__(self, state: LetterState, move: str) -> None:
        said = _("Không thể {move}: công văn này ở trạng thái “{state}”.")
        super().__init__(said.format(move=move, state=state_text(state)))


class LetterChanged(RegisterError):
    """Somebody else has saved the same letter between reading and writing."""

    def __init__(self) -> None:
        super().__init__(_("Công văn này vừa được người khác thay đổi. Xem lại rồi làm lại."))


class NumberTaken(RegisterError):
    """Another letter of this body and year bears the number."""

    def __init__(self, other: Letter) -> None:
        said = _("Số {number} năm {year} đã ghi cho {title} ngày {day}.")
        year = other.dated.year if other.dated else ""
        day = day_text(other.dated) if other.dated else "–"
        super().__init__(said.format(number=other.reference, year=year, title=other.title, day=day))
        self.other = other.id


class LetterheadMissing(RegisterError):
    """The office has not said how its letters begin and who signs: nothing of it is guessed."""

    def __init__(self, lead: str, name: str, missing: tuple[str, ...] = ()) -> None:
        said = _("Chưa có phần đầu văn bản của {unit}: điền phần đầu văn bản trước (Cài đặt > Đơn vị).")
        if missing:
            said = _("Phần đầu văn bản của {unit} còn thiếu: {missing} (Cài đặt > Đơn vị).")
        super().__init__(said.format(unit=name, missing=", ".join(missing)))
        self.lead = lead
