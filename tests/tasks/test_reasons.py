"""Why a deadline is the day it is: the occurrences worked by hand in the design, and each way a date can move."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from plans.calendar import shipped_calendar
from plans.deadlines import occurrences_between
from plans.model import (
    DEFAULT_READING,
    BeforeReading,
    Boundary,
    OnceDate,
    Plan,
    Reading,
    Recurrence,
    RuleKind,
    WeekendReading,
)
from plans.shipped import shipped_plan
from tasks.materialise import occurrence_row
from tasks.model import Cause, Occurrence, State
from tasks.reasons import Reasons, slot_of, why
from tests.support import at

CALENDAR = shipped_calendar()
STRICT = Reading(BeforeReading.DAY_BEFORE, WeekendReading.NEXT_WORKING_DAY)
KEEP = Reading(BeforeReading.NAMED_DAY, WeekendReading.KEEP)


class _Row:
    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values

    def __getattr__(self, name: str) -> Any:
        return self._values.get(name)


def made(name: str, reading: Reading = DEFAULT_READING) -> tuple[Occurrence, Plan]:
    """The occurrence as the register would make it from the shipped plan."""
    plan_id, duty_id, slug, period = name.split("/")
    plan = shipped_plan(plan_id)
    duty = plan.duty(duty_id)
    party = next(p for p in duty.responsible if p.agency.endswith(f".{slug}"))
    slots = occurrences_between(duty.rule, issued=plan.issued, start=plan.issued.earliest, end=date(2026, 12, 31))
    slot = next(s for s in slots if s.period == period)
    values = occurrence_row(
        plan,
        duty,
        party,
        slot,
        reading=reading,
        calendar=CALENDAR,
        tracked_from=plan.issued.earliest,
        now=at("2024-01-02 08:00"),
    )
    return Occurrence.from_row(_Row(values)), plan


def reasons(name: str, reading: Reading = DEFAULT_READING, **changes: Any) -> Reasons:
    o, plan = made(name, reading)
    return why(replace(o, **changes), plan, plan.duty(o.duty_id), reading, CALENDAR)


def said(sentences: tuple[str, ...]) -> str:
    return " ".join(sentences)


SON_LA = "son-la-2316-2023/bao-cao-nam/so-tai-chinh/2024"

# occurrence | due, last_day, late_after | what the last one owes its day to, None: no day off is in the way
BY_HAND = [
    (SON_LA, "2024-12-10", "2024-12-09", "2024-12-10", None),
    ("son-la-2316-2023/bao-cao-nam/so-tai-chinh/2023", "2023-12-10", "2023-12-09", "2023-12-11", "Chủ nhật"),
    ("son-la-2316-2023/bao-cao-6-thang/so-tai-chinh/2024-H1", "2024-06-10", "2024-06-09", "2024-06-10", None),
    ("son-la-2316-2023/ke-hoach-trien-khai/so-tai-chinh/once", "2023-11-15", "2023-11-14", "2023-11-15", None),
    ("cua-lo-2023/ke-hoach-trien-khai/phong-tai-chinh/once", "2023-11-28", "2023-11-27", "2023-11-28", None),
    ("cua-lo-2023/bao-cao-nam/phong-tai-chinh/2024", "2024-11-25", "2024-11-24", "2024-11-25", None),
    (
        "cua-lo-2023/danh-sach-hang-thang/cong-an-phuong-nghi-thu/2024-05",
        "2024-05-05",
        "2024-05-05",
        "2024-05-06",
        "Chủ nhật",
    ),
    ("bac-giang-2024/bao-cao-thang/so-tu-phap/2024-02", "2024-02-16", "2024-02-15", "2024-02-16", None),
    ("bac-giang-2024/bao-cao-thang/so-tu-phap/2024-03", "2024-03-16", "2024-03-15", "2024-03-18", "thứ Bảy"),
    ("bac-giang-2024/bao-cao-nam/so-tu-phap/2024", "2024-11-16", "2024-11-15", "2024-11-18", "thứ Bảy"),
    ("bac-giang-2024/so-ket-nam/ubnd-huyen-hiep-hoa/once", "2024-11-30", "2024-11-30", "2024-12-02", "thứ Bảy"),
]


@pytest.mark.parametrize(("name", "due", "last_day", "late_after", "off"), BY_HAND)
def test_the_occurrences_of_the_design_are_explained(
    name: str, due: str, last_day: str, late_after: str, off: str | None
) -> None:
    o, plan = made(name)
    assert [d.isoformat() for d in (o.due, o.last_day, o.late_after)] == [due, last_day, late_after]
    found = why(o, plan, plan.duty(o.duty_id), DEFAULT_READING, CALENDAR)
    words = plan.duty(o.duty_id).rule.words
    assert words
    assert words in found.due[0]
    assert ("không kể chính ngày đó" in said(found.last_day)) == (o.last_day != o.due)
    assert ("vẫn tính đúng hạn" in said(found.late_after)) == (o.last_day != o.due)
    assert ("Điều 148" in said(found.late_after)) == (off is not None)
    if off:
        assert f"{o.due:%d/%m/%Y} là ngày nghỉ ({off})" in said(found.late_after)
        assert f"{o.late_after:%d/%m/%Y}" in said(found.late_after)
    assert not found.resend


def test_a_last_day_on_a_day_off_says_when_the_reminder_comes() -> None:
    found = reasons("son-la-2316-2023/bao-cao-nam/so-tai-chinh/2023")
    assert "09/12/2023 là ngày nghỉ (thứ Bảy)" in said(found.last_day)
    assert "thứ Sáu 08/12/2023" in said(found.last_day)


def test_a_holiday_is_named() -> None:
    o, plan = made("bac-giang-2024/bao-cao-thang/so-tu-phap/2024-02")
    tet = replace(o, due=date(2024, 2, 12), last_day=date(2024, 2, 11), late_after=date(2024, 2, 15))
    found = why(tet, plan, plan.duty(o.duty_id), DEFAULT_READING, CALENDAR)
    assert "12/02/2024 là ngày nghỉ (Tết" in said(found.late_after)
    assert "thứ Năm 15/02/2024" in said(found.late_after)


def test_the_strict_reading_says_that_the_named_day_is_late() -> None:
    found = reasons(SON_LA, STRICT)
    assert "ngày 10/12 đã là quá hạn" in said(found.late_after)
    assert "Điều 148" not in said(found.late_after)


def test_a_plan_with_a_reading_of_its_own_says_so() -> None:
    o, plan = made(SON_LA, STRICT)
    assert "cách đọc chung" in said(why(o, plan, plan.duty(o.duty_id), STRICT, CALENDAR).late_after)
    own = replace(plan, reading=STRICT)
    assert "cách đọc riêng" in said(why(o, own, own.duty(o.duty_id), STRICT, CALENDAR).late_after)


def test_an_office_that_keeps_days_off_is_told_that_it_does() -> None:
    found = reasons("bac-giang-2024/bao-cao-thang/so-tu-phap/2024-03", KEEP)
    assert "không chuyển hạn" in said(found.late_after)
    assert "Điều 148" not in said(found.late_after)


def test_an_extension_names_its_document_and_the_old_day() -> None:
    moved = date(2024, 12, 21)
    found = reasons(SON_LA, due=moved, last_day=moved, late_after=date(2024, 12, 23), extended_by="456/UBND-NC")
    assert "21/12/2024 theo văn bản số 456/UBND-NC" in found.due[0]
    assert "thứ Ba 10/12/2024" in found.due[1]
    assert "Văn bản gia hạn" in found.last_day[0]
    assert "21/12/2024 là ngày nghỉ (thứ Bảy)" in said(found.late_after)
    assert "thứ Hai 23/12/2024" in said(found.late_after)


def test_a_day_off_added_by_the_office_is_in_the_reason_and_so_is_the_recomputing() -> None:
    o, plan = made(SON_LA)
    storm = CALENDAR.with_changes({date(2024, 12, 10): "bão"}, [])
    moved = replace(
        o, late_after=date(2024, 12, 11), cause=Cause.CALENDAR, revision=2, changed_at=at("2024-12-08 09:00")
    )
    found = said(why(moved, plan, plan.duty(o.duty_id), DEFAULT_READING, storm).late_after)
    assert "10/12/2024 là ngày nghỉ (bão)" in found
    assert "Tính lại ngày 08/12/2024 vì lịch làm việc thay đổi" in found


def test_a_reading_that_changed_is_named() -> None:
    found = reasons(SON_LA, STRICT, cause=Cause.READING, changed_at=at("2024-05-01 09:00"))
    assert "01/05/2024 vì đơn vị đổi cách đọc" in said(found.late_after)


def test_what_was_frozen_under_another_reading_is_said_to_be_frozen() -> None:
    """Accepted before the office changed its reading: the verdict keeps its day (D4)."""
    o, plan = made(SON_LA)
    found = why(replace(o, state=State.ACCEPTED), plan, plan.duty(o.duty_id), STRICT, CALENDAR)
    assert "đã được chốt" in said(found.late_after)
    assert "thứ Hai 09/12/2024" in said(found.late_after)


def test_a_month_without_a_day_is_its_last_day() -> None:
    o, plan = made(SON_LA)
    duty = plan.duty("bao-cao-nam")
    month = replace(duty, rule=Recurrence(RuleKind.ONCE, boundary=Boundary.ON, on=OnceDate(2024, month=11)))
    there = replace(o, period="once", due=date(2024, 11, 30), last_day=date(2024, 11, 30))
    assert "chỉ ghi tháng 11/2024" in said(why(there, plan, month, DEFAULT_READING, CALENDAR).due)
    before = replace(duty, rule=Recurrence(RuleKind.ONCE, boundary=Boundary.BEFORE, on=OnceDate(2024, month=8)))
    there = replace(o, period="once", due=date(2024, 7, 31), last_day=date(2024, 7, 31))
    found = why(there, plan, before, DEFAULT_READING, CALENDAR)
    assert "“Trước tháng 08/2024” là đến hết ngày 31/07/2024" in said(found.due)
    assert "không nêu ngày cụ thể" in said(found.last_day)


def test_a_returned_paper_has_a_day_of_its_own() -> None:
    found = reasons(SON_LA, state=State.RETURNED, resend_by=date(2024, 12, 13), returned_for="period")
    assert "chưa đúng kỳ số liệu" in said(found.resend)
    assert not reasons(SON_LA, state=State.ACCEPTED, resend_by=date(2024, 12, 13)).resend


def test_a_revised_plan_is_named_and_a_duty_that_is_gone_does_no_harm() -> None:
    o, plan = made(SON_LA)
    assert "kế hoạch được sửa đổi" in said(reasons(SON_LA, cause=Cause.PLAN).due)
    assert "không còn nhiệm vụ" in said(why(o, plan, None, DEFAULT_READING, CALENDAR).due)
    late = replace(o, due=date(2024, 12, 12), last_day=date(2024, 12, 11))
    assert "giữ hạn của bản trước" in said(why(late, plan, plan.duty(o.duty_id), DEFAULT_READING, CALENDAR).due)


def test_the_slot_of_an_extended_occurrence_is_the_plan_s() -> None:
    o, plan = made(SON_LA)
    far = replace(o, due=date(2025, 2, 1), last_day=date(2025, 2, 1))
    found = slot_of(far, plan, plan.duty(o.duty_id))
    assert found is not None
    assert found.due == date(2024, 12, 10)
