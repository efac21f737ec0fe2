"""The data that a report covers (mốc số liệu), from its words to the ``window`` of a plan file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from plans.text import fold

_FULL = re.compile(r"\b(\d{1,2}) (?:thang )?(\d{1,2}) (?:nam )?(\d{4})\b")
_MONTHLY = re.compile(
    r"\bngay (\d{1,2})(?: (?:cua )?(thang truoc|thang truoc lien ke|thang lien truoc))?\b.*?"
    r"\b(?:den|toi)(?: het)? (?:ngay )?(\d{1,2})\b(?! (?:thang )?\d)"
)
_YEARLY = re.compile(
    r"\b(\d{1,2}) (?:thang )?(\d{1,2})(?: (?:cua )?(nam truoc)\w*)?\b.*?"
    r"\b(?:den|toi)(?: het)? (?:ngay )?(\d{1,2}) (?:thang )?(\d{1,2})\b"
)


def window(words: str, due: Mapping[str, Any]) -> dict[str, Any] | None:
    """The fields, where the words name two days; None where they do not, or not in a way that the format can say."""
    said = fold(words)
    days = [f"{int(y):04d}-{int(m):02d}-{int(d):02d}" for d, m, y in _FULL.findall(said)]
    if due["kind"] == "once":
        return {"from": days[0], "to": days[1]} if len(days) == 2 and days[0] <= days[1] else None
    if days:
        return None
    if due["kind"] == "monthly" and (found := _MONTHLY.search(said)):
        first, last = int(found[1]), int(found[3])
        back = 1 if found[2] or first > last else 0
        return {"from": _edge(first, back), "to": {"day": last}}
    if due["kind"] in ("annual", "semiannual") and due.get("month") and (found := _YEARLY.search(said)):
        month = int(due["month"])
        begin = month - int(found[2]) + (12 if found[3] or int(found[2]) > int(found[5]) else 0)
        end = month - int(found[5])
        return {"from": _edge(int(found[1]), begin), "to": _edge(int(found[4]), end)} if 0 <= end <= begin else None
    return None


def _edge(day: int, back: int) -> dict[str, Any]:
    return {"day": day, "months_before": back} if back else {"day": day}
