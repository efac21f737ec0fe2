"""The ``due`` of a duty: from its fields to a Recurrence, with everything that cannot be followed reported."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from plans.agency_files import check_order
from plans.deadlines import once_due, period_of
from plans.fields import Fields, parse_scalar
from plans.model import (
    LAST_DAY_OF_MONTH,
    Boundary,
    DataWindow,
    PartialDate,
    Recurrence,
    RuleKind,
    WindowEdge,
    YearDay,
)
from plans.text import _, day_text
from plans.values import Unreadable, calendar_day, days_in, once_date, period, whole_number

_EVERY_MONTH = 28  # days every month has
_MAX_MONTHS_BACK = 24

# Besides kind and quote, what each kind may say.
_FIELDS: Mapping[RuleKind, frozenset[str]] = {
    RuleKind.ONCE: frozenset(("boundary", "on", "period", "window")),
    RuleKind.MONTHLY: frozenset(("boundary", "day", "from", "until", "covers", "window")),
    RuleKind.QUARTERLY: frozenset(("boundary", "day", "month", "from", "until", "covers", "window")),
    RuleKind.SEMIANNUAL: frozenset(("boundary", "day", "month", "days", "from", "until", "covers", "window")),
    RuleKind.ANNUAL: frozenset(("boundary", "day", "month", "from", "until", "covers", "window")),
    RuleKind.OTHER: frozenset(("boundary", "weekday", "dates", "from", "until", "covers", "window")),
    RuleKind.CONTINUOUS: frozenset(),
}
_MONTHS: Mapping[RuleKind, int] = {RuleKind.QUARTERLY: 3, RuleKind.SEMIANNUAL: 12, RuleKind.ANNUAL: 12}


def read_rule(fields: Fields, *, issued: PartialDate | None, plan_until: date | None) -> Recurrence:
    """The rule in these fields; ``plan_until`` caps every recurring one."""
    kind = fields.choice("kind", RuleKind)
    if kind is None:
        return Recurrence(RuleKind.CONTINUOUS)
    _report_misplaced(fields, kind)
    start = fields.parsed("from", calendar_day)
    until = fields.parsed("until", calendar_day)
    once = kind is RuleKind.ONCE
    if not once and plan_until is not None:
        until = min(until, plan_until) if until else plan_until
    check_order(fields, start, until)
    rule = Recurrence(
        kind=kind,
        quote=fields.optional_text("quote") or None,
        reads=fields.optional_text("reads") or None,
        boundary=fields.choice("boundary", Boundary),
        on=fields.parsed("on", once_date) if once else None,
        days=_days(fields, kind),
        dates=_dates(fields) if kind is RuleKind.OTHER else (),
        weekday=fields.parsed("weekday", _between(1, 7)) if kind is RuleKind.OTHER else None,
        start=start,
        until=until,
        window=_window(fields, once),
        period=fields.parsed("period", period) if once else None,
        covers_previous=fields.parsed("covers", _covers) or False,
    )
    if fields.find("on") is None or rule.on is not None:
        _check(fields, rule, issued)
    return rule


def _report_misplaced(fields: Fields, kind: RuleKind) -> None:
    allowed = _FIELDS[kind] | {"kind", "quote", "reads"}
    for key in fields.node.entries:
        if key in allowed or key == "?" or not fields.knows(key) or fields.find(key) is None:
            continue
        message = _("“{key}” không dùng được với kind: {kind}").format(key=key, kind=kind)
        options = ", ".join(sorted(_FIELDS[kind])) or "quote"
        hint = _("Bỏ trường này, hoặc đổi kind; với {kind} dùng: {options}").format(kind=kind, options=options)
        fields.add(key, message, hint)


def _days(fields: Fields, kind: RuleKind) -> tuple[YearDay, ...]:
    if kind is not RuleKind.MONTHLY and kind not in _MONTHS:
        return ()
    if fields.find("days") is not None and "days" in _FIELDS[kind]:
        for key in ("day", "month"):
            if fields.find(key) is not None:
                fields.add(key, _("đã có “days” thì không viết “{key}”").format(key=key), _("Chỉ giữ một cách viết"))
        found = [_day(item, kind) for item in fields.children("days", "day")]
        days = tuple(day for day in found if day is not None)
        _check_periods(fields, kind, days)
        return days
    if fields.find("day") is None and fields.find("month") is None:
        return ()
    day = _day(fields, kind)
    return () if day is None else (day,)


def _day(fields: Fields, kind: RuleKind) -> YearDay | None:
    """One recurring day; None where it is wrong, which is reported."""
    day = fields.parsed("day", _day_number)
    if kind is RuleKind.MONTHLY:
        if day is not None and day > _EVERY_MONTH:
            message = _("tháng ngắn không có ngày {day}, kỳ đó sẽ bị bỏ sót").format(day=day)
            fields.add("day", message, _("Viết day: last nếu là ngày cuối tháng, hoặc một ngày từ 1 đến 28"))
            return None
        return None if day is None else YearDay(day)
    last_month = _MONTHS[kind]
    month = fields.parsed("month", _between(1, last_month))
    if fields.find("month") is None:
        wanted = _("tháng trong quý, 1 đến 3") if last_month == 3 else _("tháng, 1 đến 12")
        fields.add("month", _("thiếu “month”: {wanted}").format(wanted=wanted), _("Ví dụ: month: 3"))
    if fields.find("day") is None and not fields.demands("day"):
        fields.add("day", _("thiếu “day”"), _("Ví dụ: day: 10, hoặc day: last"))
    if day is None or month is None:
        return None
    longest = _shortest_in_quarters(month) if kind is RuleKind.QUARTERLY else days_in(month)
    if day > longest:
        message = _("không phải năm nào, quý nào tháng đó cũng có ngày {day}").format(day=day)
        fields.add("day", message, _("Viết day: last, hoặc một ngày từ 1 đến {longest}").format(longest=longest))
        return None
    return YearDay(day, month)


def _shortest_in_quarters(month: int) -> int:
    return min(days_in(month + 3 * quarter) for quarter in range(4))


def _check_periods(fields: Fields, kind: RuleKind, days: tuple[YearDay, ...]) -> None:
    """Two days in one period would make two occurrences of one name."""
    rule = Recurrence(kind)
    periods = [period_of(rule, date(2023, day.month or 1, 1)) for day in days]
    if len(set(periods)) < len(periods):
        fields.add(
            "days",
            _("hai ngày rơi vào cùng một kỳ"),
            _("Mỗi kỳ 6 tháng một ngày; nếu là hai việc thì tách thành hai nhiệm vụ"),
        )


def _dates(fields: Fields) -> tuple[date, ...]:
    example = _("Ví dụ: dates: [2024-03-01, 2024-09-01]")
    found: list[date] = []
    for item in fields.items("dates"):
        day = parse_scalar(item, calendar_day, example, fields.report)
        if day is not None and day in found:
            fields.report.add(item, _("ngày {day} đã có").format(day=day_text(day)), _("Xóa ngày trùng"))
        elif day is not None:
            found.append(day)
    return tuple(sorted(found))


def _window(fields: Fields, once: bool) -> DataWindow | None:
    window = fields.child("window", "window")
    if window is None:
        return None
    start, end = (_edge(window, key, once) for key in ("from", "to"))
    if start is None or end is None:
        return None
    if _order(start) > _order(end):
        window.add("from", _("mốc số liệu bắt đầu sau khi kết thúc"), _("Viết from không muộn hơn to"))
    return DataWindow(start, end)


def _edge(window: Fields, key: str, once: bool) -> date | WindowEdge | None:
    if once:
        return window.parsed(key, calendar_day)
    edge = window.child(key, "window edge")
    if edge is None:
        return None
    day = edge.parsed("day", _day_number)
    back = edge.parsed("months_before", _between(0, _MAX_MONTHS_BACK)) or 0
    return None if day is None else WindowEdge(day, back)


def _order(edge: date | WindowEdge) -> tuple[int, int]:
    if isinstance(edge, date):
        return edge.toordinal(), 0
    return -edge.months_before, 32 if edge.day == LAST_DAY_OF_MONTH else edge.day


def _check(fields: Fields, rule: Recurrence, issued: PartialDate | None) -> None:
    """What only the whole rule shows."""
    if rule.weekday is not None and rule.dates:
        fields.add("weekday", _("không dùng “weekday” cùng “dates”"), _("Giữ một trong hai"))
    if rule.dates and fields.find("covers") is not None:
        fields.add("covers", _("không dùng “covers” cùng “dates”"), _("Bỏ trường này: kỳ mang tên chính ngày đó"))
    if not rule.dated:
        _check_undated(fields, rule)
        return
    if fields.find("boundary") is None:
        fields.add(
            "boundary",
            _("có ngày mà thiếu “boundary”"),
            _("Viết before (trước), on (vào), by (chậm nhất) hoặc within (trong)"),
        )
    if rule.quote is None:
        fields.add("quote", _("có ngày mà thiếu “quote”"), _("Trích cụm từ chỉ thời hạn, ví dụ “trước ngày 10/12”"))
    if issued is not None:
        _check_against_issue(fields, rule, issued)


def _check_undated(fields: Fields, rule: Recurrence) -> None:
    if any(fields.find(day) is not None for day in ("on", "day", "month", "days", "dates", "weekday")):
        return  # there is a day, but it could not be read: reported already
    if rule.kind is RuleKind.ONCE:
        hint = _("Ví dụ: on: 2023-11-15; nếu văn bản không nêu ngày thì viết kind: other")
        fields.add("on", _("kind: once mà thiếu “on”"), hint)
    for key in ("boundary", "window", "from", "period", "covers"):
        if key in _FIELDS[rule.kind] and fields.find(key) is not None:
            message = _("có “{key}” mà không có ngày").format(key=key)
            fields.add(key, message, _("Thêm ngày (on, day, dates …); nếu văn bản không nêu ngày thì bỏ trường này"))


def _check_against_issue(fields: Fields, rule: Recurrence, issued: PartialDate) -> None:
    hint = _("Kiểm tra năm; kế hoạch ban hành {issued}").format(issued=issued)
    if rule.on is not None:
        _report_early(fields, "on", once_due(rule.on, rule.boundary), issued, hint)
        return
    if rule.dates:
        _report_early(fields, "dates", rule.dates[0], issued, hint)
    for key, day in (("from", rule.start), ("until", rule.until)):
        if day is not None and fields.find(key) is not None:
            _report_early(fields, key, day, issued, hint)
    if issued.exact is None and rule.start is None and not rule.dates:
        fields.add(
            "from",
            _("thiếu “from”: ngày ban hành để trống nên không biết kỳ đầu tiên"),
            _("Viết ngày đầu tiên có thể đến hạn, ví dụ from: {year}-01-01").format(year=issued.year + 1),
        )


def _report_early(fields: Fields, key: str, day: date, issued: PartialDate, hint: str) -> None:
    if day < issued.earliest:
        message = _("ngày {day} trước khi kế hoạch được ban hành").format(day=day_text(day))
        fields.add(key, message, hint)


def _day_number(text: str) -> int:
    if text == "last":
        return LAST_DAY_OF_MONTH
    try:
        return whole_number(text, 1, 31)
    except Unreadable as error:
        raise Unreadable(error.message, _("Viết ngày từ 1 đến 31, hoặc last cho ngày cuối tháng")) from None


def _covers(text: str) -> bool:
    if text not in ("current", "previous"):
        message = _("không có giá trị “{text}”").format(text=text[:60])
        raise Unreadable(message, _("Viết previous (báo cáo kỳ trước) hoặc current"))
    return text == "previous"


def _between(low: int, high: int) -> Callable[[str], int]:
    return lambda text: whole_number(text, low, high)
