"""How an occurrence counts in closed months and yearly records, as a stored word and in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from plans.text import _, _n, day_text
from tasks.audit import Verdict, verdict_of
from tasks.model import Occurrence, State

ON_TIME, LATE, MISSING, OPEN = "on_time", "late", "missing", "open"
COUNTED = (ON_TIME, LATE, MISSING, OPEN)
_VERDICTS = {Verdict.ON_TIME: ON_TIME, Verdict.LATE: LATE, Verdict.MISSING: MISSING}


def standing(o: Occurrence, today: date) -> str:
    """How it counts on that day, as a word that is stored."""
    verdict = verdict_of(o, today=today)
    if verdict is not None:
        return _VERDICTS[verdict]
    return o.state.value if o.state in (State.WAIVED, State.TRANSFERRED, State.CANCELLED) else OPEN


def standing_text(standing: str, days: int, received_on: date | None, number: str | None) -> str:
    """``gửi chậm 3 ngày (nhận 12/11/2026, số 45/BC)``."""
    words: Mapping[str, str] = {
        ON_TIME: _("đúng hạn"),
        LATE: _n("gửi chậm {n} ngày", days).format(n=days),
        MISSING: _("chưa nhận, quá hạn"),
        OPEN: _("còn trong hạn"),
        State.WAIVED.value: _("được miễn"),
        State.TRANSFERRED.value: _("chuyển cơ quan kế thừa"),
        State.CANCELLED.value: _("dừng theo dõi"),
    }
    text = words.get(standing, standing)
    if received_on is None:
        return text
    paper = _("nhận {day}").format(day=day_text(received_on))
    if number:
        paper = _("{received}, số {number}").format(received=paper, number=number)
    return f"{text} ({paper})"
