"""From what an expression says to the JSON form of a due date."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence

from reader.draft import Due
from reader.times.atoms import Atom, quarter

_HALVES = {
    ("6", "dau"): (1, 6),
    ("6", "cuoi"): (7, 12),
    ("9", "dau"): (1, 9),
    ("3", "dau"): (1, 3),
    ("3", "cuoi"): (10, 12),
}


def day_text(year: int, month: int | None = None, day: int | None = None) -> str | None:
    """``2023-11-15``, ``2023-11`` or ``2023``; None where there is no such day."""
    if month is None:
        return f"{year:04d}"
    if not 1 <= month <= 12:
        return None
    if day is None:
        return f"{year:04d}-{month:02d}"
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    return f"{year:04d}-{month:02d}-{day:02d}"


def month_day(atom: Atom) -> dict[str, object]:
    """``{"month": 6, "day": 10}``."""
    return {"month": atom.number("m"), "day": atom.number("d")}


def once_month(atom: Atom, year: int) -> Due:
    """Of "tháng 11/2024", "tháng 3, 4 năm 2024"."""
    months = atom.months
    if not months:
        return None
    first, last = day_text(year, months[0]), day_text(year, months[-1])
    return first if len(months) == 1 else {"from": first, "to": last}


def once_quarter(atom: Atom, year: int) -> Due:
    """Of "quý II/2024", "quý II, III/2024"."""
    quarters = atom.quarters
    if not quarters:
        return None
    if len(quarters) == 1:
        return f"{year:04d}-Q{quarters[0]}"
    return {"from": f"{year:04d}-Q{quarters[0]}", "to": f"{year:04d}-Q{quarters[-1]}"}


def once_half(atom: Atom, year: int) -> Due:
    """Of "6 tháng đầu năm 2024"."""
    span = _HALVES.get((atom.groups["months"].lstrip("0"), atom.groups["half"]))
    return {"from": day_text(year, span[0]), "to": day_text(year, span[1])} if span else None


def range_due(atom: Atom, year: int | None) -> Due:
    """Of "từ ngày … đến ngày …", "từ tháng … đến tháng …", "quý I - quý III/2025"."""
    to_year = atom.number("y2") or atom.number("y1") or year
    if to_year is None:
        return None
    from_year = atom.number("y1") or to_year
    if "q2" in atom.groups:
        first, last = quarter(atom.groups["q1"]), quarter(atom.groups["q2"])
        return {"from": f"{from_year:04d}-Q{first}", "to": f"{to_year:04d}-Q{last}"} if first and last else None
    if "m2" not in atom.groups:
        return {"from": f"{from_year:04d}", "to": f"{to_year:04d}"}
    m2, d2 = atom.number("m2"), atom.number("d2")
    m1 = atom.number("m1") or m2
    if atom.number("y1") is None and m1 is not None and m2 is not None and m1 > m2:
        if atom.number("y2") is None:
            to_year += 1
        else:
            from_year -= 1
    begin, end = day_text(from_year, m1, atom.number("d1")), day_text(to_year, m2, d2)
    return {"from": begin, "to": end} if begin and end else None


def monthly(atom: Atom) -> Due:
    """Of "ngày 05 hằng tháng", "ngày 10 và 25 hằng tháng", "ngày cuối tháng"."""
    if "last" in atom.groups:
        return {"day": "last"}
    if "first" in atom.groups:
        return {"day": 1}
    days: Sequence[dict[str, object]] = [{"day": day} for day in atom.days]
    return days[0] if len(days) == 1 else list(days) or None


def quarterly(atom: Atom) -> Due:
    """Of "ngày 20 của tháng cuối quý", "ngày 03 tháng đầu quý sau"."""
    which = atom.groups.get("which", "cuoi")
    place = (
        "last month" if which.startswith("cuoi") else "first month" if which.startswith("dau") else f"month {which[4:]}"
    )
    later = any(word in atom.words for word in ("sau", "tiep theo", "ke tiep", "lien ke"))
    of = f"{place} of {'next ' if later else ''}quarter"
    if "last" in atom.groups:
        return {"day": "last", "of": of}
    days: list[dict[str, object]] = [{"day": day, "of": of} for day in atom.days]
    return days[0] if len(days) == 1 else days or None


def weekly(atom: Atom) -> Due:
    """Of "thứ Sáu hằng tuần", "16 giờ 00 thứ Sáu hằng tuần"."""
    due: dict[str, object] = {"every": "week", "weekday": atom.weekday}
    return due | {"time": atom.time} if atom.time else due


def daily(atom: Atom) -> Due:
    """Of "16 giờ 30 hằng ngày"."""
    return {"every": "day", "time": atom.time}


def relative(atom: Atom) -> Due:
    """Of "trong 10 ngày làm việc kể từ ngày …", "trước khi khai mạc 05 ngày"."""
    count, unit = atom.number("n"), atom.groups["unit"]
    event = atom.groups.get("event") or atom.groups.get("before") or ""
    if count is None or (unit == "thang" and re.match(r"tu (?:ngay )?\d", event)):  # a window of so many months
        return None
    before = "before" in atom.groups or "ahead" in atom.groups or event.startswith("truoc")
    if unit == "tuan":
        count, unit = count * 7, "ngay"
    name = {"ngay lam viec": "working_days", "ngay": "days", "gio": "hours", "thang": "months"}[unit]
    return {f"{name}_{'before' if before else 'after'}": count, "event": event.strip()}
