"""The deadline that was read, as the ``due`` of a plan file (plans/FORMAT.md), with what was reckoned on the way."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta

from plans.calendar import WorkingCalendar
from plans.model import PartialDate
from plans.text import _, day_text, fold
from reader.draft import Kind

SOON = 21  # days: a yearly day that comes so soon after the issue is meant from the next year on
_REPEATED = {
    Kind.MONTHLY: "monthly", Kind.QUARTERLY: "quarterly", Kind.SEMIANNUAL: "semiannual", Kind.ANNUAL: "annual",
    Kind.OTHER: "other",
}  # fmt: skip
_ISSUE = re.compile(r"\b(?:ban hanh|ky|ke hoach nay|van ban nay|quyet dinh nay)\b")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_SHORTEST_MONTH, _LEAP_DAY = 28, (2, 29)


@dataclass(frozen=True, slots=True)
class Terms:
    """What the document says that a deadline depends on."""

    issued: PartialDate | None = None
    calendar: WorkingCalendar | None = None


@dataclass(frozen=True, slots=True)
class Reckoned:
    """``fields``: the ``due`` without ``quote``; ``note``: how a day was reckoned; ``doubts``: what to look at.

    ``problem``: why no plan can hold it as it is.
    """

    fields: dict[str, Any]
    note: str = ""
    doubts: tuple[str, ...] = ()
    problem: str = ""


def reckon(kind: Kind, due: Any, boundary: str | None, terms: Terms) -> Reckoned:
    """The fields for what was read. What the format cannot say is listed without a day, and said so."""
    if kind is Kind.CONTINUOUS:
        return Reckoned({"kind": "continuous"})
    if kind is Kind.ONCE:
        return _once(due, boundary or "within", terms)
    name = _REPEATED[kind]
    days = due if isinstance(due, list) else [due] if isinstance(due, dict) else []
    if not days:
        return Reckoned({"kind": name})
    found = _repeated(name, days)
    if not _dated(found.fields):
        return found
    found.fields["boundary"] = boundary or "on"
    return _from(found, terms)


def _dated(fields: Mapping[str, Any]) -> bool:
    return any(name in fields for name in ("on", "day", "days", "weekday", "dates"))


def _once(due: Any, boundary: str, terms: Terms) -> Reckoned:
    if isinstance(due, dict) and due.get("to"):
        end = str(due["to"])
        word = "by" if _DAY.fullmatch(end) else "within"
        return not_before(Reckoned({"kind": "once", "boundary": word, "on": end}), terms.issued)
    if isinstance(due, str):
        return not_before(Reckoned({"kind": "once", "boundary": boundary, "on": due}), terms.issued)
    if isinstance(due, dict) and (found := _after_issue(due, terms)):
        return found
    if isinstance(due, dict):
        return Reckoned({"kind": "other"}, doubts=(_("Hạn tính từ một sự kiện: chưa biết ngày, nhập ngày khi đã rõ."),))
    return Reckoned({"kind": "other"})


def not_before(found: Reckoned, issued: PartialDate | None) -> Reckoned:
    """The same, with what is wrong where a one-off deadline ends before the issue."""
    last = _last_day(str(found.fields.get("on", "")))
    if issued is None or last is None or last >= issued.earliest:
        return found
    return replace(found, problem=_("Hạn này trước ngày ban hành {day}.").format(day=day_text(issued.earliest)))


def _last_day(said: str) -> date | None:
    """Of a day, month, quarter or year."""
    if found := re.fullmatch(r"(\d{4})-Q([1-4])", said):
        return date(int(found[1]), int(found[2]) * 3, 1) + relativedelta(day=31)
    parts = [int(part) for part in said.split("-")] if re.fullmatch(r"\d{4}(-\d{2}){0,2}", said) else []
    match parts:
        case [year]:
            return date(year, 12, 31)
        case [year, month]:
            return date(year, month, 1) + relativedelta(day=31)
        case [year, month, day]:
            return date(year, month, day)
    return None


def _after_issue(due: Mapping[str, Any], terms: Terms) -> Reckoned | None:
    """A term that runs from the issue of the document, whose day is known."""
    name = next((n for n in ("working_days_after", "days_after", "months_after", "hours_after") if due.get(n)), None)
    issued = terms.issued.exact if terms.issued else None
    if name is None or issued is None or not _ISSUE.search(fold(str(due.get("event", "")))):
        return None
    count = int(due[name])
    match name:
        case "working_days_after":
            if terms.calendar is None:
                return None
            day, unit = terms.calendar.add(issued, count), "ngày làm việc"
        case "days_after":
            day, unit = issued + timedelta(days=count), "ngày"
        case "months_after":
            day, unit = issued + relativedelta(months=count), "tháng"
        case _hours:
            day, unit = issued + timedelta(hours=count + 23), "giờ"
    note = f"Tính {count} {unit} từ ngày ban hành {day_text(issued)}."  # for the plan, in the language of the document
    doubt = _("Văn bản không nêu ngày: tính từ ngày ban hành thành {day}.").format(day=day_text(day))
    return Reckoned({"kind": "once", "boundary": "by", "on": day.isoformat()}, note, (doubt,))


def _repeated(kind: str, days: Sequence[Mapping[str, Any]]) -> Reckoned:
    first = days[0]
    if "weekday" in first:
        return Reckoned({"kind": "other", "weekday": first["weekday"]})
    if "every" in first:
        return Reckoned({"kind": "other"})
    if kind == "monthly":
        return _monthly(days)
    if kind == "quarterly":
        return _quarterly(days)
    if kind == "other":
        return Reckoned({"kind": "other"}, doubts=(_several(),))
    return _yearly(kind, days)


def _several() -> str:
    return _("Văn bản nêu nhiều ngày; đã lấy ngày đầu, tách thành nhiều nhiệm vụ nếu cần.")


def _monthly(days: Sequence[Mapping[str, Any]]) -> Reckoned:
    day = days[0].get("day")
    if day is None:
        return Reckoned({"kind": "monthly"})
    doubts = [_several()] if len(days) > 1 else []
    if isinstance(day, int) and day > _SHORTEST_MONTH:
        if day < 31:
            doubts.append(_("Ngày {n} không có trong mọi tháng; đã lấy ngày cuối tháng.").format(n=day))
        day = "last"
    return Reckoned({"kind": "monthly", "day": day}, doubts=tuple(doubts))


def _quarterly(days: Sequence[Mapping[str, Any]]) -> Reckoned:
    first = days[0]
    of, month, day = str(first.get("of", "")), first.get("month"), first.get("day")
    fields: dict[str, Any] = {"kind": "quarterly"}
    if day is None:
        return Reckoned(fields)
    if isinstance(month, int):
        fields["month"] = (month - 1) % 3 + 1
    elif found := re.match(r"month ([1-3])", of):
        fields["month"] = int(found[1])
    else:
        fields["month"] = 1 if of.startswith("first") else 3
    if isinstance(day, int) and day > _SHORTEST_MONTH:
        fields["day"] = "last"
        doubts: tuple[str, ...] = (
            (_("Ngày {n} không có trong mọi tháng; đã lấy ngày cuối tháng.").format(n=day),) if day < 31 else ()
        )
    else:
        fields["day"], doubts = day, ()
    if of.endswith("next quarter"):
        fields["covers"] = "previous"
    if len(days) not in (1, 4):
        doubts = (*doubts, _several())
    return Reckoned(fields, doubts=doubts)


def _yearly(kind: str, days: Sequence[Mapping[str, Any]]) -> Reckoned:
    whole = [{"month": d["month"], "day": _in_month(d)} for d in days if d.get("month")]
    if not whole:
        return Reckoned({"kind": kind})
    halves = {(int(d["month"]) - 1) // 6 for d in whole}
    if len(whole) == 2 and len(halves) == 2:
        return Reckoned({"kind": "semiannual", "days": whole})
    return Reckoned({"kind": kind, **whole[0]}, doubts=(_several(),) if len(whole) > 1 else ())


def _in_month(day: Mapping[str, Any]) -> Any:
    """``last`` where the words name the month alone, or a day that some years lack."""
    return "last" if day.get("day") is None or (day["month"], day["day"]) == _LEAP_DAY else day["day"]


def _from(found: Reckoned, terms: Terms) -> Reckoned:
    """The first day where the day of issue is blank, or where the first yearly one would come too soon after it."""
    issued = terms.issued
    if issued is None:
        return found
    if issued.exact is None:
        begins = issued.earliest + (relativedelta(months=1) if issued.month else relativedelta(years=1))
        said = _("Văn bản không ghi đủ ngày ban hành: tính từ {day}.").format(day=day_text(begins))
        return Reckoned({**found.fields, "from": begins.isoformat()}, found.note, (*found.doubts, said))
    first = _first_yearly(found.fields, issued.exact)
    if first is None or first - issued.exact > timedelta(days=SOON):
        return found
    begins = date(first.year + 1, 1, 1) if found.fields["kind"] == "annual" else first + timedelta(days=1)
    said = _("Ngày {day} đến ngay sau ngày ban hành: tính kỳ đầu từ {begins}.")
    said = said.format(day=day_text(first), begins=day_text(begins))
    return Reckoned({**found.fields, "from": begins.isoformat()}, found.note, (*found.doubts, said))


def _first_yearly(fields: Mapping[str, Any], issued: date) -> date | None:
    if fields["kind"] not in ("annual", "semiannual"):
        return None
    days = fields.get("days") or [fields]
    coming = [d for y in (issued.year, issued.year + 1) for each in days if (d := _on(each, y)) >= issued]
    return min(coming, default=None)


def _on(day: Mapping[str, Any], year: int) -> date:
    number = 31 if day["day"] == "last" else int(day["day"])
    return date(year, int(day["month"]), 1) + relativedelta(day=number)
