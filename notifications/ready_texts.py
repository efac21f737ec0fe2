"""The sentences that dondoc comes with, in the form in which an office writes its own: to begin from."""

from __future__ import annotations

import re
from collections.abc import Mapping

from notifications import openings, wording
from notifications.own_texts import KNOWN, PAPER, PLAN, THING, TextKey, TextKind, TextPart
from notifications.phrases import Situation
from plans.model import Relation
from plans.text import _

_SITUATIONS = {
    TextKind.REMINDER: Situation.REMINDER,
    TextKind.LAST_WORKING_DAY: Situation.LAST_WORKING_DAY,
    TextKind.TODAY: Situation.TODAY,
    TextKind.PASSED: Situation.PASSED,
    TextKind.OVERDUE: Situation.OVERDUE,
}
_NAMES = {
    "sender": "đơn vị theo dõi",
    "lead": "đơn vị theo dõi",
    "plan": PLAN,
    "report": THING,
    "paper": PAPER,
    "known": KNOWN,
    "by": "thời hạn",
    "day": "ngày hạn",
    "on": "hạn",
    "weekday": "ngày hạn",
    "today": "hôm nay",
    "left": "số ngày còn lại",
    "late": "số ngày quá hạn",
    "n": "số việc",
    "reason": "lý do",
    "document": "văn bản gia hạn",
}
_OF_KIND: Mapping[TextKind, Mapping[str, str]] = {
    TextKind.ASSIGNED: {"day": "ngày hạn gần nhất", "report": PLAN},
    TextKind.REMINDER: {"days": "số ngày còn lại"},
    TextKind.LAST_WORKING_DAY: {"days": "số ngày còn lại"},
    TextKind.TODAY: {"days": "số ngày còn lại"},
    TextKind.PASSED: {"days": "số ngày quá hạn"},
    TextKind.OVERDUE: {"days": "số ngày quá hạn"},
}
_MANY = 2  # of what has a singular and a plural, the plural is shown


def ready(key: TextKey) -> str:
    """The ready sentence with its places to be filled; "" where there is none."""
    text = _subject(key) if key.part is TextPart.SUBJECT else _opening(key)
    if key.part is TextPart.CLOSING:
        text = _("Trân trọng cảm ơn sự phối hợp của Quý cơ quan.") if key.relation is Relation.REQUESTED else ""
    return re.sub(r"\{(\w+)\}", lambda found: f"{{{_name(key, found[1])}}}", text)


def _name(key: TextKey, field: str) -> str:
    if key.part is TextPart.SUBJECT and field == "report" and key.kind in (TextKind.RETURNED, TextKind.CORRECTION):
        return PAPER if key.kind is TextKind.RETURNED else KNOWN
    if key.kind is TextKind.CORRECTION and field == "day":
        return "ngày đã nhắc"
    if key.kind is TextKind.RETURNED and field == "day" and key.part is TextPart.SUBJECT:
        return "hạn"
    return _OF_KIND.get(key.kind, {}).get(field) or _NAMES[field]


def _opening(key: TextKey) -> str:
    match key.kind:
        case TextKind.ASSIGNED:
            return openings.assigned_text(key.relation)
        case TextKind.RETURNED:
            return openings.returned_text(key.relation)
        case TextKind.EXTENDED:
            return openings.extended_text(key.relation)
        case TextKind.CORRECTION:
            return openings.correction_text(key.relation)
        case _:
            return openings.situation_text(_SITUATIONS[key.kind], key.relation, _MANY)


def _subject(key: TextKey) -> str:
    match key.kind:
        case TextKind.ASSIGNED:
            return wording.assigned_subject(key.relation, _MANY)
        case TextKind.RETURNED:
            return wording.returned_subject(key.relation)
        case TextKind.EXTENDED:
            return wording.extended_subject(key.relation)
        case TextKind.CORRECTION:
            return wording.correction_subject(key.relation)
        case _:
            return wording.situation_subject(_SITUATIONS[key.kind], key.relation, _MANY)
