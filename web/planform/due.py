"""The phrase picker: a deadline as the parts of a sentence, as the ``due`` of a plan file, and its next dates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from app.rule_words import rule_words
from plans.calendar import WorkingCalendar
from plans.deadlines import late_after, occurrences_between
from plans.errors import PlanError, Problem
from plans.files import read_plan
from plans.model import Agency, Reading, Register
from plans.plan_text import Document, plan_text
from plans.text import N_, _
from web.planform.values import Typed, list_of, put, put_pair, shown_date, stored_date, text_of

SHOWN = 4  # next dates
_YEARS = 3  # how far ahead they are looked for

# What one picks first, in the order of the list.
PHRASES = {
    "annual": N_("… ngày … tháng … hằng năm"),
    "semiannual": N_("… 6 tháng một lần (hai ngày trong năm)"),
    "quarterly": N_("… hằng quý"),
    "monthly": N_("… ngày … hằng tháng"),
    "weekly": N_("… hằng tuần"),
    "once": N_("… một ngày, tháng, quý hoặc năm (một lần)"),
    "dates": N_("… vào những ngày đã định"),
    "continuous": N_("thường xuyên (không tính hạn)"),
    "none": N_("văn bản không nêu ngày, không nêu chu kỳ"),
}
DATED = frozenset(("annual", "semiannual", "quarterly", "monthly"))
PARTS = ("phrase", "boundary", "on", "day", "month", "day2", "month2", "weekday", "dates")
REST = ("from", "until", "period", "covers", "quote", "reads")
WINDOW = tuple(f"window_{edge}{part}" for edge in ("from", "to") for part in ("", "_day", "_back"))
NAMES = (*PARTS, *REST, *WINDOW)


def due_document(typed: Typed) -> Document:
    """The ``due`` that was picked; what does not belong to the phrase is left out."""
    phrase = typed.get("phrase", "")
    kind = {"weekly": "other", "dates": "other", "none": "other"}.get(phrase, phrase)
    due: Document = {"kind": kind} if kind else {}
    for key in ("quote", "reads"):
        put(due, key, typed.get(key, ""))
    if phrase in ("continuous", "none", ""):
        return due
    put(due, "boundary", typed.get("boundary", "") if _names_a_day(phrase, typed) else "")
    _DAYS[phrase](due, typed)
    if phrase == "once":
        put(due, "period", typed.get("period", ""))
        window = {key: stored_date(typed.get(f"window_{key}", "")) for key in ("from", "to")}
        put_pair(due, "window", window)
        return due
    for key in ("from", "until"):
        put(due, key, stored_date(typed.get(key, "")))
    put(due, "covers", "previous" if typed.get("covers") else "")
    put_pair(due, "window", {key: _edge(typed, key) for key in ("from", "to")})
    return due


def _names_a_day(phrase: str, typed: Typed) -> bool:
    return phrase not in DATED or bool(typed.get("day") or typed.get("month"))


def _once(due: Document, typed: Typed) -> None:
    put(due, "on", stored_date(typed.get("on", "")))


def _weekly(due: Document, typed: Typed) -> None:
    put(due, "weekday", typed.get("weekday", ""))


def _dates(due: Document, typed: Typed) -> None:
    days = [stored_date(day) for day in typed.get("dates", "").replace(";", " ").replace(",", " ").split()]
    if days:
        due["dates"] = days


def _monthly(due: Document, typed: Typed) -> None:
    put(due, "day", _day(typed.get("day", "")))


def _yearly(due: Document, typed: Typed) -> None:
    put(due, "day", _day(typed.get("day", "")))
    put(due, "month", typed.get("month", ""))


def _semiannual(due: Document, typed: Typed) -> None:
    if not (typed.get("day2") or typed.get("month2")):
        _yearly(due, typed)
        return
    pairs = ((typed.get("day", ""), typed.get("month", "")), (typed.get("day2", ""), typed.get("month2", "")))
    due["days"] = [{"day": _day(day), "month": month} for day, month in pairs]


_DAYS = {
    "once": _once,
    "weekly": _weekly,
    "dates": _dates,
    "monthly": _monthly,
    "quarterly": _yearly,
    "annual": _yearly,
    "semiannual": _semiannual,
}


def _day(typed: str) -> str:
    """A day of the month; "cuối" stands for its last one."""
    return "last" if typed.casefold() in ("cuối", "cuối tháng", "cuoi", "last") else typed


def _edge(typed: Typed, key: str) -> Document | None:
    edge: Document = {}
    put(edge, "day", _day(typed.get(f"window_{key}_day", "")))
    back = typed.get(f"window_{key}_back", "")
    if edge:
        put(edge, "months_before", "" if back == "0" else back)
    return edge or None


def due_values(due: Any) -> dict[str, str]:
    """What the form shows for this ``due``."""
    values = dict.fromkeys(NAMES, "")
    if not isinstance(due, dict):
        return values
    kind = text_of(due, "kind")
    values["phrase"] = _phrase(due, kind)
    for key in ("boundary", "month", "weekday", "period", "quote", "reads"):
        values[key] = text_of(due, key)
    values["day"] = _day_shown(text_of(due, "day"))
    for key in ("on", "from", "until"):
        values[key] = shown_date(text_of(due, key))
    values["covers"] = "1" if text_of(due, "covers") == "previous" else ""
    values["dates"] = ", ".join(shown_date(day) for day in list_of(due, "dates") if isinstance(day, str))
    for day, suffix in zip(list_of(due, "days"), ("", "2"), strict=False):
        values[f"day{suffix}"], values[f"month{suffix}"] = _day_shown(text_of(day, "day")), text_of(day, "month")
    for key in ("from", "to"):
        values[f"window_{key}"] = shown_date(text_of(due, "window", key))
        values[f"window_{key}_day"] = _day_shown(text_of(due, "window", key, "day"))
        values[f"window_{key}_back"] = text_of(due, "window", key, "months_before")
    return values


def _phrase(due: Document, kind: str) -> str:
    if kind != "other":
        return kind
    return "weekly" if due.get("weekday") else "dates" if due.get("dates") else "none"


def _day_shown(stored: str) -> str:
    return "cuối" if stored == "last" else stored


@dataclass(frozen=True, slots=True)
class NextDate:
    due: date
    last_day: date
    late_after: date
    period: str


@dataclass(frozen=True, slots=True)
class Preview:
    """The rule in words with its next dates, or what is wrong with it."""

    words: str
    dates: tuple[NextDate, ...]
    problems: tuple[Problem, ...]


def preview(document: Document, due: Document, *, reading: Reading, calendar: WorkingCalendar, today: date) -> Preview:
    """Reads the deadline as it would be read in the plan. Its dates are known before its words are copied."""
    lead = Agency("x.x", "x")
    due = due if text_of(due, "quote") else due | {"quote": "…"}
    duty = {"id": "x", "title": "x", "section": "x", "responsible": ["x"], "due": due}
    head = dict.fromkeys(("plan", "title", "short", "issuer", "unit"), "x")
    small = {
        "format": "1",
        **head,
        "issued": text_of(document, "issued") or str(today.year),
        "level": "province",
        "lead": {"agency": "x", "section": "x", "quote": "x"},
        "duties": [duty],
    }
    put(small, "until", text_of(document, "until"))
    try:
        plan = read_plan(plan_text(small), file="", register=Register({lead.id: lead})).plan
    except PlanError as error:
        mine = tuple(problem for problem in error.problems if problem.field.startswith("duties[0].due"))
        return Preview("", (), mine or error.problems)
    rule = plan.duties[0].rule
    coming = occurrences_between(rule, issued=plan.issued, start=today, end=date(today.year + _YEARS, 12, 31))
    chosen = plan.reading.over(reading)
    past = rule.on is not None and rule.dated
    slots: Iterator[Any] = islice(coming, SHOWN) if rule.dated else iter(())
    found = tuple(
        NextDate(s.due, s.last_day, late_after(s.due, s.last_day, reading=chosen, calendar=calendar), s.period)
        for s in slots
    )
    words = rule_words(rule)
    return Preview(words if found or not past else _("{rule} (đã qua)").format(rule=words), found, ())
