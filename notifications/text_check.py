"""What may stand in a text of the office's own, so that every message can be made from it and none is out of tone.

The tone is that of the ready sentences: a subordinate is told, a peer is asked, a body that is only requested is
asked politely and never told off; "phê bình" is a matter of a numbered letter, and only where the plan itself says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from notifications.errors import BadText
from notifications.own_texts import KNOWN, PAPER, PLAN, THING, TextKey, TextKind, TextPart, fields_of
from notifications.text_examples import examples
from plans.model import Relation
from plans.text import _

_MOST = {TextPart.SUBJECT: 140, TextPart.OPENING: 800, TextPart.CLOSING: 300}  # characters
_BRACES = re.compile(r"\{([^{}]*)\}")
_SCOLDING = ("phê bình", "kiểm điểm", "xử lý trách nhiệm", "kỷ luật")
_ORDERING = ("yêu cầu",)
_PRESSING = ("đôn đốc", "quá hạn", "chậm trễ", "khẩn trương")
# "theo yêu cầu của kế hoạch" orders nobody
_NO_ORDER = re.compile(r"(?:theo|đáp ứng|các) yêu cầu")


def checked(key: TextKey, text: str) -> str:
    """The text as it is kept. Raises BadText, which says all that is wrong with it."""
    tidy = " ".join(unicodedata.normalize("NFC", text).split())
    wrong = list(_wrong(key, tidy))
    if wrong:
        raise BadText(" ".join(wrong))
    return tidy


def _wrong(key: TextKey, text: str) -> Iterator[str]:
    if not text:
        yield _("Chưa viết lời nào.")
        return
    if len(text) > _MOST[key.part]:
        yield _("Dài {n} ký tự, tối đa {most}.").format(n=len(text), most=_MOST[key.part])
    if any(not (char.isprintable()) for char in text):
        yield _("Có ký tự không in được.")
    yield from brace_problems(text, fields_of(key.kind))
    needed = must_name(key)
    if needed and not set(needed) & named_in(text):
        said = _("Phải có {needed}, để người nhận biết nói về việc gì.")
        yield said.replace("{needed}", listed(needed, _(" hoặc ")))
    yield from tone_problems(key.relation, text)


def named_in(text: str) -> set[str]:
    """The names in braces."""
    return {found.strip() for found in _BRACES.findall(text)}


def brace_problems(text: str, known: tuple[str, ...]) -> Iterator[str]:
    """What is wrong with the places to be filled: braces without a partner, names that nothing is filled in for."""
    used = [found.strip() for found in _BRACES.findall(text)]
    rest = _BRACES.sub("", text)
    if "{" in rest or "}" in rest:
        yield _("Dấu ngoặc nhọn không thành cặp.")
    for name in dict.fromkeys(used):
        if name not in known:
            said = _("Không có chỗ điền {name}. Dùng được: {known}.")
            yield said.replace("{name}", f"{{{name}}}").replace("{known}", listed(known))


def must_name(key: TextKey) -> tuple[str, ...]:
    """One of these has to stand in it: without it nobody knows what the message is about."""
    if key.part is TextPart.CLOSING:
        return ()
    return {
        TextKind.ASSIGNED: (PLAN,),
        TextKind.RETURNED: (THING, PAPER),
        TextKind.CORRECTION: (KNOWN, THING),
    }.get(key.kind, (THING,))


def listed(names: tuple[str, ...], between: str = ", ") -> str:
    """``{nội dung}, {ngày hạn}``"""
    return between.join(f"{{{name}}}" for name in names)


def tone_problems(relation: Relation, text: str) -> Iterator[str]:
    """Words that may not be said to a body that stands so."""
    said = _NO_ORDER.sub("", text.lower())
    refused = list(_SCOLDING)
    if relation in (Relation.PEER, Relation.REQUESTED):
        refused += _ORDERING
    if relation is Relation.REQUESTED:
        refused += _PRESSING
    found = [words for words in refused if words in said]
    if any(words in _SCOLDING for words in found):
        yield _(
            "Thông báo tự động không nêu “{words}”: việc đó chỉ ghi trong công văn, khi chính kế hoạch có quy định."
        ).format(words="”, “".join(words for words in found if words in _SCOLDING))
    if any(words in _ORDERING for words in found):
        yield _("Với cơ quan ngang cấp hoặc được đề nghị phối hợp, viết “đề nghị”, không viết “yêu cầu”.")
    if any(words in _PRESSING for words in found):
        yield _("Với cơ quan chỉ được đề nghị phối hợp, không viết “{words}”.").format(
            words="”, “".join(words for words in found if words in _PRESSING)
        )


def tried(key: TextKey, text: str) -> None:
    """Makes the message of every case that the text is for. Raises BadText where one cannot be made."""
    from notifications.render import render  # knows the templates, which know this module's neighbours

    for sheet in examples(key, text):
        made = render(sheet)
        if not made.subject.strip() or "{" in made.subject:
            raise BadText(_("Không lập được thông báo từ lời này."))
