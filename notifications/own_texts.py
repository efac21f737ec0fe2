"""Texts of the office's own: what a lead unit says instead of the sentences that dondoc comes with.

A text is chosen by situation, relation and part (subject, opening, closing). It holds words in braces, such as
``{nội dung}``, that are filled on the day of sending; ``text_check`` says what may stand in it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from notifications.facts import Item, Sheet
from notifications.headline import headline, nearest, plans_of
from notifications.lines import SUBJECT_LIMIT, shortened
from notifications.phrases import (
    Situation,
    by_when,
    day_month,
    days_over,
    deadline,
    paper_name,
    received_paper,
    sentence,
    situation_of,
    thing,
)
from plans.model import Relation
from plans.text import N_, _, day_text, two_digits, weekday_text

SETTING = "texts"  # the name under which they lie among the office's settings


class TextKind(StrEnum):
    """In which situation the text is said."""

    ASSIGNED = "assigned"
    REMINDER = "reminder"
    LAST_WORKING_DAY = "last_working_day"
    TODAY = "today"
    PASSED = "passed"
    OVERDUE = "overdue"
    RETURNED = "returned"
    EXTENDED = "extended"
    CORRECTION = "correction"


class TextPart(StrEnum):
    SUBJECT = "subject"
    OPENING = "opening"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class TextKey:
    """Which text; as a setting and in addresses ``overdue.peer.opening``."""

    kind: TextKind
    relation: Relation
    part: TextPart

    def __str__(self) -> str:
        return f"{self.kind}.{self.relation}.{self.part}"

    @classmethod
    def of(cls, said: str) -> TextKey:
        """Raises ValueError where there is no such text."""
        kind, relation, part = said.split(".")
        return cls(TextKind(kind), Relation(relation), TextPart(part))


ALL = tuple(TextKey(kind, relation, part) for kind in TextKind for relation in Relation for part in TextPart)

_KIND_WORDS = {
    TextKind.ASSIGNED: N_("Giao việc, khi bắt đầu theo dõi"),
    TextKind.REMINDER: N_("Nhắc trước hạn"),
    TextKind.LAST_WORKING_DAY: N_("Ngày làm việc cuối trước hạn rơi vào ngày nghỉ"),
    TextKind.TODAY: N_("Nhắc đúng ngày hạn"),
    TextKind.PASSED: N_("Đã qua ngày hạn, chưa tính là quá hạn"),
    TextKind.OVERDUE: N_("Nhắc quá hạn"),
    TextKind.RETURNED: N_("Trả lại, đề nghị bổ sung"),
    TextKind.EXTENDED: N_("Gia hạn"),
    TextKind.CORRECTION: N_("Đính chính thông báo đã gửi"),
}
_PART_WORDS = {
    TextPart.SUBJECT: N_("Tiêu đề thư"),
    TextPart.OPENING: N_("Câu mở đầu"),
    TextPart.CLOSING: N_("Lời kết"),
}


def kind_word(kind: TextKind) -> str:
    return _(_KIND_WORDS[kind])


def part_word(part: TextPart) -> str:
    return _(_PART_WORDS[part])


# What stands in braces. It is the same in every language of the program: a text is kept as it was typed.
THING, PLAN, PAPER, KNOWN = "nội dung", "kế hoạch", "văn bản", "điều cần đính chính"
_ALWAYS = ("đơn vị theo dõi", PLAN, "cơ quan", "hôm nay")
_OF_KIND = {
    TextKind.ASSIGNED: ("số việc", "ngày hạn gần nhất"),
    TextKind.RETURNED: (THING, PAPER, "lý do", "ngày hạn", "hạn"),
    TextKind.EXTENDED: (THING, "ngày hạn", "hạn", "văn bản gia hạn"),
    TextKind.CORRECTION: (THING, KNOWN, "ngày đã nhắc"),
}
_AHEAD = (THING, "ngày hạn", "hạn", "thời hạn", "số ngày còn lại")
_BEHIND = (THING, "ngày hạn", "hạn", "thời hạn", "số ngày quá hạn")


def fields_of(kind: TextKind) -> tuple[str, ...]:
    """What may stand in braces in a text of that kind."""
    ahead = kind in (TextKind.REMINDER, TextKind.LAST_WORKING_DAY, TextKind.TODAY)
    return (*_OF_KIND.get(kind, _AHEAD if ahead else _BEHIND), *_ALWAYS)


def subject(sheet: Sheet) -> str | None:
    """The office's own subject for what the sheet says first; None where it has none."""
    found = _chosen(sheet, sheet.mine, TextPart.SUBJECT)
    if found is None:
        return None
    text, values = found
    full = filled(text, values)
    if len(full) > SUBJECT_LIMIT - 10 and THING in values:
        room = max(40, len(values[THING]) - (len(full) - SUBJECT_LIMIT + 10))
        full = filled(text, {**values, THING: shortened(values[THING], room)})
    return sentence(full)


def opening(sheet: Sheet, items: Sequence[Item]) -> str | None:
    """The office's own first sentences about these items; None where it has none."""
    return _said(sheet, items, TextPart.OPENING)


def closing(sheet: Sheet, items: Sequence[Item]) -> str | None:
    """The office's own last words; None where it has none."""
    return _said(sheet, items, TextPart.CLOSING)


def _said(sheet: Sheet, items: Sequence[Item], part: TextPart) -> str | None:
    found = _chosen(sheet, items, part)
    return None if found is None else sentence(filled(*found))


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with what stands in braces put in. Raises KeyError where a name in braces is unknown."""
    return re.sub(r"\{([^{}]*)\}", lambda found: values[found[1].strip()], text)


def _chosen(sheet: Sheet, items: Sequence[Item], part: TextPart) -> tuple[str, dict[str, str]] | None:
    if not sheet.desk.texts or not items:
        return None
    kind, first, others = _kind_of(sheet, items)
    relation = sheet.relation if kind is TextKind.ASSIGNED else first.relation
    if kind is None or (text := sheet.desk.texts.get(str(TextKey(kind, relation, part)))) is None:
        return None
    return text, _values(sheet, items, kind, first, others)


_OF_SITUATION = {
    Situation.REMINDER: TextKind.REMINDER,
    Situation.LAST_WORKING_DAY: TextKind.LAST_WORKING_DAY,
    Situation.TODAY: TextKind.TODAY,
    Situation.PASSED: TextKind.PASSED,
    Situation.OVERDUE: TextKind.OVERDUE,
}


def _kind_of(sheet: Sheet, items: Sequence[Item]) -> tuple[TextKind | None, Item, int]:
    if sheet.kind in ("assigned", "returned", "extended", "correction"):
        return TextKind(sheet.kind), items[0], len(items) - 1
    first, others = headline(items, today=sheet.today)
    return _OF_SITUATION.get(situation_of(first, today=sheet.today)), first, others


def _values(sheet: Sheet, items: Sequence[Item], kind: TextKind, first: Item, others: int) -> dict[str, str]:
    """Everything that ``fields_of`` the kind names."""
    last, today = deadline(first), sheet.today
    return {
        "đơn vị theo dõi": sheet.desk.sender,
        PLAN: plans_of(items) if kind is TextKind.ASSIGNED else first.plan_short,
        "cơ quan": first.agency_name,
        "hôm nay": day_text(today),
        THING: thing(first, others=others),
        "ngày hạn": weekday_text(last),
        "hạn": day_month(last),
        "thời hạn": by_when(first),
        "số ngày còn lại": two_digits(max(0, (last - today).days)),
        "số ngày quá hạn": two_digits(days_over(first, today=today)),
        "số việc": two_digits(len(items)),
        "ngày hạn gần nhất": weekday_text(nearest(items, today=today)),
        PAPER: received_paper(first),
        "lý do": first.returned_for or _("cần bổ sung"),
        "văn bản gia hạn": first.extended_by or "…",
        KNOWN: _known(first),
        "ngày đã nhắc": _told(first),
    }


def _known(item: Item) -> str:
    """How it really is: the paper had come, or nothing is owed any more."""
    if item.received_on is None:
        return _("{report} không còn phải gửi").format(report=item.title)
    name = paper_name(item) if item.number else _("văn bản")
    return _("đã nhận {paper} ngày {day}").format(paper=name, day=day_month(item.received_on))


def _told(item: Item) -> str:
    """When an automatic message told the body off although its paper had come."""
    return _("ngày {day}").format(day=day_month(item.told_off_on)) if item.told_off_on else _("đã gửi")
