"""Short names of duties, as they stand in lists and in the subjects of messages: what is to be done, without when and
for whom. The sentence itself stays with the duty."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from tasks.reading_model import Item

MOST = 80  # characters, as many as a plan file's title shows (plans/FORMAT.md)
_LEAST = 12  # a name shorter than this says nothing: then the words stay as they are
_BRACKETED = re.compile(r"\s*\((?:[^()]*\d[^()]*|[^()]*)(?:\)|$)")
_OFTEN = re.compile(
    r"^(?:định kỳ|thường xuyên|(?:vào\s+)?(?:hằng|hàng|mỗi)\s+(?:ngày|tuần|tháng|quý|năm)|trước|chậm nhất|vào)[\s,:;]+",
    re.IGNORECASE,
)
_GROUND = re.compile(r"^(?:trên cơ sở|căn cứ(?: vào)?|sau khi)\s[^,;]*[,;]\s*", re.IGNORECASE)
_SENT = re.compile(r"[\s,;]+(?:và\s+)?(?:gửi|báo cáo về)\s")
_ENDS = " ,;:.(-–"
_LOOSE = re.compile(r"(?:\s+(?:xong|và|về|trong|để|theo|của|cho|tới|đến|trước|vào|,))+$")


def short_name(words: str, when: str = "") -> str:
    """Of the words of a duty; ``when``: its time expression."""
    line = " ".join(words.replace("*", "").split()).strip(_ENDS)
    name = _BRACKETED.sub("", line)
    spoken = " ".join(when.replace("*", "").split())
    if spoken and spoken in name:
        name = name.replace(spoken, " ", 1).replace(" ,", ",")
    name = _leading(" ".join(name.split()))
    sent = _SENT.search(name, _LEAST)
    name = _LOOSE.sub("", (name[: sent.start()] if sent else name).strip(_ENDS)).strip(_ENDS)
    if len(name) < _LEAST:
        name = line
    return cut(name[:1].upper() + name[1:]) or "…"


def _leading(name: str) -> str:
    """Without how often and on what ground."""
    while True:
        shorter = _GROUND.sub("", _OFTEN.sub("", name.strip(_ENDS)))
        if shorter == name or len(shorter) < _LEAST:
            return name
        name = shorter


def cut(name: str, most: int = MOST) -> str:
    """At a word."""
    return name if len(name) <= most else name[: most - 2].rsplit(" ", 1)[0].strip(_ENDS) + " …"


def told_apart(items: Iterable[Item], text: str) -> tuple[Item, ...]:
    """Duties of the same name get their time expression with it: two reports of a year are not the same."""
    items = tuple(items)
    often = Counter(item.title for item in items)
    return tuple(_with_time(item, text) if often[item.title] > 1 and item.time else item for item in items)


def _with_time(item: Item, text: str) -> Item:
    when = " ".join(item.time.of(text).replace("*", "").split()) if item.time else ""
    if not when or len(when) > MOST // 2:
        return item
    return replace(item, title=f"{cut(item.title, MOST - len(when) - 3)} ({when})")
