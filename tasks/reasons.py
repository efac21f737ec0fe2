"""Why a deadline is the day it is, in words: the plan's expression, the reading, days off, an extension.

Pure: the page asks "vì sao là ngày này?" and gets sentences. Nothing is decided here; what cannot be explained by
today's rules (a verdict frozen under an older calendar) is said to be so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from plans.calendar import WorkingCalendar, local_day
from plans.deadlines import Slot, late_after, occurrences_between
from plans.model import (
    DEFAULT_READING,
    LAST_DAY_OF_MONTH,
    BeforeReading,
    Boundary,
    Duty,
    OnceDate,
    Plan,
    Reading,
    Recurrence,
    RuleKind,
    WeekendReading,
)
from plans.text import _, day_text, short_day, weekday_name, weekday_text
from tasks.model import OWED, Cause, Occurrence
from tasks.moves import reason_text

_YEAR = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Reasons:
    """Sentences for each of the three dates; ``resend`` where a returned paper has a day of its own."""

    due: tuple[str, ...]
    last_day: tuple[str, ...]
    late_after: tuple[str, ...]
    resend: tuple[str, ...] = ()


def why(o: Occurrence, plan: Plan, duty: Duty | None, reading: Reading, calendar: WorkingCalendar) -> Reasons:
    """Why the dates of this occurrence are what they are. ``duty`` is None where the plan no longer has it;
    ``reading`` is the plan's over the office's."""
    chosen = reading.over(DEFAULT_READING)
    slot = slot_of(o, plan, duty) if duty else None
    return Reasons(
        due=tuple(_due(o, duty, slot)),
        last_day=tuple(_last_day(o, duty, calendar)),
        late_after=tuple(_late_after(o, plan, chosen, calendar)),
        resend=tuple(_resend(o)),
    )


def slot_of(o: Occurrence, plan: Plan, duty: Duty) -> Slot | None:
    """What the plan itself says about this period, whatever was extended since; None where it no longer does."""
    last = date.max if duty.rule.on is not None else o.due + _YEAR
    slots = occurrences_between(duty.rule, issued=plan.issued, start=plan.issued.earliest, end=last)
    mine = [slot for slot in slots if slot.period == o.period]
    return next((slot for slot in mine if slot.due == o.due), mine[0] if mine else None)


def _due(o: Occurrence, duty: Duty | None, slot: Slot | None) -> Iterator[str]:
    if o.extended_by:
        yield _("Đã gia hạn đến {day} theo văn bản số {document}.").format(day=day_text(o.due), document=o.extended_by)
        if slot:
            yield _("Trước khi gia hạn, hạn theo kế hoạch là {day}.").format(day=weekday_text(slot.due))
    if duty is None or slot is None:
        yield _("Bản kế hoạch hiện nay không còn nhiệm vụ hoặc kỳ này; hạn giữ theo bản trước.")
        return
    if duty.rule.words:
        yield _("Kế hoạch viết: “{words}” (mục {section}).").format(words=duty.rule.words, section=duty.section)
    yield from _of_rule(duty.rule, slot)
    if slot.due != o.due and not o.extended_by:
        yield _("Theo bản kế hoạch hiện nay hạn là {day}; kỳ này giữ hạn của bản trước.").format(day=day_text(slot.due))
    elif o.cause is Cause.PLAN:
        yield _("Hạn đổi ngày {day} vì kế hoạch được sửa đổi.").format(day=day_text(local_day(o.changed_at)))


def _of_rule(rule: Recurrence, slot: Slot) -> Iterator[str]:
    """How the words of the plan lead to that day."""
    if rule.on is not None:
        yield _of_once(rule.on, rule.boundary, slot.due)
        return
    day, month = f"{slot.due.day:02d}", f"{slot.due.month:02d}"
    monthly = any(each.month is None for each in rule.days)
    ends_month = any(each.day == LAST_DAY_OF_MONTH for each in rule.days)
    if rule.weekday is not None:
        yield _("Hạn vào {weekday} hằng tuần.").format(weekday=weekday_name(slot.due))
    elif slot.due in rule.dates:
        yield _("Đây là một trong các ngày mà kế hoạch liệt kê.")
    elif ends_month:
        yield _("Lấy ngày cuối của tháng {month}/{year}.").format(month=month, year=slot.due.year)
    elif monthly:
        yield _("Ngày {day} hằng tháng; kỳ này là tháng {month}/{year}.").format(
            day=day, month=month, year=slot.due.year
        )
    elif rule.kind is RuleKind.QUARTERLY:
        yield _("Mỗi quý một lần; kỳ này đến hạn ngày {day}/{month}.").format(day=day, month=month)
    else:
        yield _("Ngày {day}/{month} hằng năm; kỳ này là năm {year}.").format(day=day, month=month, year=slot.due.year)
    if rule.covers_previous:
        yield _("Báo cáo về kỳ liền trước, nên hạn nằm sau khi kỳ đó kết thúc.")


def _of_once(on: OnceDate, boundary: Boundary | None, due: date) -> str:
    if on.day is not None:
        return _("Kế hoạch ghi rõ ngày này, chỉ một lần.")
    if on.month is not None:
        named = _("tháng {month}/{year}").format(month=f"{on.month:02d}", year=on.year)
    elif on.quarter is not None:
        named = _("quý {quarter}/{year}").format(quarter=("I", "II", "III", "IV")[on.quarter - 1], year=on.year)
    else:
        named = _("năm {year}").format(year=on.year)
    if boundary is Boundary.BEFORE:
        return _("“Trước {named}” là đến hết ngày {day}.").format(named=named, day=day_text(due))
    return _("Kế hoạch chỉ ghi {named}, nên lấy ngày cuối: {day}.").format(named=named, day=day_text(due))


def _last_day(o: Occurrence, duty: Duty | None, calendar: WorkingCalendar) -> Iterator[str]:
    if o.extended_by and o.last_day == o.due:
        yield _("Văn bản gia hạn cho đến hết ngày này.")
    elif o.last_day != o.due:
        yield _("“Trước ngày {due}” không kể chính ngày đó, nên gửi chậm nhất là ngày liền trước, {day}.").format(
            due=short_day(o.due), day=weekday_text(o.last_day)
        )
    elif duty and duty.rule.boundary is Boundary.BEFORE:
        yield _("Kế hoạch không nêu ngày cụ thể sau chữ “trước”, nên được gửi đến hết ngày hạn.")
    else:
        yield _("Kế hoạch không viết “trước ngày”, nên được gửi đến hết ngày hạn.")
    yield _("Cơ quan chỉ thấy ngày này; lịch nhắc đếm lùi từ ngày này.")
    if not calendar.is_working(o.last_day):
        yield _("{day} là ngày nghỉ ({name}): nhắc việc chuyển lên ngày làm việc liền trước, {moved}.").format(
            day=day_text(o.last_day),
            name=calendar.why_off(o.last_day),
            moved=weekday_text(calendar.on_or_before(o.last_day)),
        )


def _late_after(o: Occurrence, plan: Plan, reading: Reading, calendar: WorkingCalendar) -> Iterator[str]:
    base = o.due if reading.before is BeforeReading.NAMED_DAY else o.last_day
    if o.last_day != o.due:
        whose = _("kế hoạch này được chọn cách đọc riêng") if plan.reading.before else _("cách đọc chung của đơn vị")
        if reading.before is BeforeReading.NAMED_DAY:
            said = _("Văn bản nhận trong ngày {due} vẫn tính đúng hạn ({whose} đối với “trước ngày”).")
        else:
            said = _("“Trước ngày {due}” hiểu chặt: ngày {due} đã là quá hạn ({whose}).")
        yield said.format(due=short_day(o.due), whose=whose)
    else:
        yield _("Văn bản nhận đến 24 giờ của ngày hạn tính đúng hạn.")
    fresh = late_after(o.due, o.last_day, reading=reading, calendar=calendar)
    if not calendar.is_working(base) and fresh == o.late_after:
        yield from _day_off(base, reading, calendar)
    if fresh != o.late_after:
        yield _("Ngày này đã được chốt từ trước; theo lịch làm việc và cách đọc hiện nay sẽ là {day}.").format(
            day=weekday_text(fresh)
        )
    elif o.cause in (Cause.READING, Cause.CALENDAR):
        said = {
            Cause.READING: _("Tính lại ngày {day} vì đơn vị đổi cách đọc hạn."),
            Cause.CALENDAR: _("Tính lại ngày {day} vì lịch làm việc thay đổi."),
        }[o.cause]
        yield said.format(day=day_text(local_day(o.changed_at)))


def _day_off(base: date, reading: Reading, calendar: WorkingCalendar) -> Iterator[str]:
    name = calendar.why_off(base)
    if reading.weekend is WeekendReading.KEEP:
        said = _("{day} là ngày nghỉ ({name}), nhưng đơn vị chọn không chuyển hạn khi rơi vào ngày nghỉ.")
        yield said.format(day=day_text(base), name=name)
        return
    moved = calendar.on_or_after(base)
    yield _("{day} là ngày nghỉ ({name}), nên tính đến ngày làm việc kế tiếp: {moved}.").format(
        day=day_text(base), name=name, moved=weekday_text(moved)
    )
    yield _("Căn cứ: Bộ luật Dân sự 2015, Điều 148 khoản 5.")


def _resend(o: Occurrence) -> Iterator[str]:
    if o.state in OWED and o.resend_by is not None:
        if o.returned_for:
            yield _("Văn bản đã bị trả lại: {reason}.").format(reason=reason_text(o.returned_for))
        yield _("Gửi lại trong ngày này thì giữ kết quả của lần nhận đầu; lịch nhắc đếm theo ngày này.")
