"""What was read, as the due of a plan file: days, ranges, terms from the issue, first years, windows, plain words."""

from __future__ import annotations

from typing import Any

import pytest

from plans.calendar import shipped_calendar
from plans.model import PartialDate
from reader.as_due import Terms, reckon
from reader.as_window import window
from reader.as_words import damaged, in_words
from reader.draft import Kind

KNOWN = Terms(PartialDate(2023, 11, 7), shipped_calendar())


@pytest.mark.parametrize(
    ("kind", "due", "boundary", "fields"),
    [
        (Kind.CONTINUOUS, None, None, {"kind": "continuous"}),
        (Kind.ONCE, "2023-11-15", "before", {"kind": "once", "boundary": "before", "on": "2023-11-15"}),
        (Kind.ONCE, "2024-Q2", None, {"kind": "once", "boundary": "within", "on": "2024-Q2"}),
        (Kind.ONCE, None, None, {"kind": "other"}),
        (
            Kind.ONCE,
            {"from": "2024-03", "to": "2024-05"},
            "within",
            {"kind": "once", "boundary": "within", "on": "2024-05"},
        ),
        (
            Kind.ONCE,
            {"from": "2024-Q1", "to": "2024-Q3"},
            None,
            {"kind": "once", "boundary": "within", "on": "2024-Q3"},
        ),
        (
            Kind.ONCE,
            {"from": "2024-03-01", "to": "2024-04-30"},
            "on",
            {"kind": "once", "boundary": "by", "on": "2024-04-30"},
        ),
        (Kind.MONTHLY, None, None, {"kind": "monthly"}),
        (Kind.MONTHLY, {"day": 5}, "on", {"kind": "monthly", "boundary": "on", "day": 5}),
        (Kind.MONTHLY, {"day": "last"}, "before", {"kind": "monthly", "boundary": "before", "day": "last"}),
        (Kind.MONTHLY, {"day": 31}, None, {"kind": "monthly", "boundary": "on", "day": "last"}),
        (
            Kind.QUARTERLY,
            {"day": 20, "of": "last month of quarter"},
            "before",
            {"kind": "quarterly", "boundary": "before", "month": 3, "day": 20},
        ),
        (
            Kind.QUARTERLY,
            {"day": 3, "of": "first month of next quarter"},
            "before",
            {"kind": "quarterly", "boundary": "before", "month": 1, "day": 3, "covers": "previous"},
        ),
        (
            Kind.QUARTERLY,
            {"day": 5, "of": "month 2 of quarter"},
            "on",
            {"kind": "quarterly", "boundary": "on", "month": 2, "day": 5},
        ),
        (
            Kind.QUARTERLY,
            [{"month": m, "day": 15} for m in (3, 6, 9, 12)],
            "before",
            {"kind": "quarterly", "boundary": "before", "month": 3, "day": 15},
        ),
        (
            Kind.SEMIANNUAL,
            [{"month": 6, "day": 10}, {"month": 12, "day": 10}],
            "before",
            {"kind": "semiannual", "boundary": "before", "days": [{"month": 6, "day": 10}, {"month": 12, "day": 10}]},
        ),
        (
            Kind.ANNUAL,
            {"month": 12, "day": 10},
            "before",
            {"kind": "annual", "boundary": "before", "month": 12, "day": 10},
        ),
        (Kind.ANNUAL, {"month": 2, "day": 29}, "by", {"kind": "annual", "boundary": "by", "month": 2, "day": "last"}),
        (Kind.ANNUAL, {"month": 3}, "within", {"kind": "annual", "boundary": "within", "month": 3, "day": "last"}),
        (
            Kind.OTHER,
            {"every": "week", "weekday": 5, "time": "16:00"},
            "before",
            {"kind": "other", "boundary": "before", "weekday": 5},
        ),
        (Kind.OTHER, {"every": "day", "time": "16:30"}, None, {"kind": "other"}),
    ],
)
def test_every_form_of_what_was_read_has_its_fields(
    kind: Kind, due: Any, boundary: str | None, fields: dict[str, Any]
) -> None:
    assert reckon(kind, due, boundary, KNOWN).fields == fields


@pytest.mark.parametrize(
    ("due", "day"),
    [
        ({"days_after": 15, "event": "ngay ban hanh"}, "2023-11-22"),
        ({"working_days_after": 10, "event": "ngay ky ban hanh"}, "2023-11-21"),
        ({"months_after": 3, "event": "ngay ban hanh ke hoach nay"}, "2024-02-07"),
        ({"hours_after": 24, "event": "ban hanh"}, "2023-11-08"),
        ({"hours_after": 36, "event": "ban hanh"}, "2023-11-09"),
    ],
)
def test_a_term_from_the_issue_is_reckoned_and_said_so(due: dict[str, Any], day: str) -> None:
    found = reckon(Kind.ONCE, due, "within", KNOWN)
    assert found.fields == {"kind": "once", "boundary": "by", "on": day}
    assert len(found.doubts) == 1
    assert "ngày ban hành 07/11/2023" in found.note


@pytest.mark.parametrize(
    ("due", "terms"),
    [
        ({"days_after": 5, "event": "ket thuc hoi nghi"}, KNOWN),
        ({"days_before": 5, "event": "ngay ban hanh"}, KNOWN),
        ({"days_after": 5, "event": "ngay ban hanh"}, Terms(PartialDate(2023, 11))),
        ({"days_after": 5, "event": "ngay ban hanh"}, Terms()),
    ],
)
def test_a_term_from_anything_else_is_listed_without_a_day(due: dict[str, Any], terms: Terms) -> None:
    found = reckon(Kind.ONCE, due, "within", terms)
    assert found.fields == {"kind": "other"}
    assert found.doubts == ("Hạn tính từ một sự kiện: chưa biết ngày, nhập ngày khi đã rõ.",)


@pytest.mark.parametrize(
    ("issued", "begins"), [((2025, 11), "2025-12-01"), ((2023, 12), "2024-01-01"), ((2023,), "2024-01-01")]
)
def test_a_blank_day_of_issue_demands_a_first_day(issued: tuple[int, ...], begins: str) -> None:
    found = reckon(Kind.MONTHLY, {"day": 5}, "on", Terms(PartialDate(*issued)))
    assert found.fields["from"] == begins
    assert len(found.doubts) == 1


@pytest.mark.parametrize(
    ("month", "day", "begins"),
    [(11, 28, "2024-01-01"), (11, 29, None), (11, 7, "2024-01-01"), (11, 6, None), (6, 10, None)],
)
def test_a_yearly_day_within_three_weeks_of_the_issue_is_meant_from_the_next_year_on(
    month: int, day: int, begins: str | None
) -> None:
    found = reckon(Kind.ANNUAL, {"month": month, "day": day}, "before", KNOWN)
    assert found.fields.get("from") == begins
    assert bool(found.doubts) == (begins is not None)


def test_the_turn_of_the_year_is_no_edge() -> None:
    terms = Terms(PartialDate(2023, 12, 28))
    found = reckon(Kind.ANNUAL, {"month": 1, "day": 5}, "before", terms)
    assert found.fields["from"] == "2025-01-01", "not the one that comes after eight days"
    twice = [{"month": 1, "day": 5}, {"month": 7, "day": 5}]
    assert reckon(Kind.SEMIANNUAL, twice, "before", terms).fields["from"] == "2024-01-06", "July is still meant"


@pytest.mark.parametrize(
    ("kind", "due", "said"),
    [
        (Kind.MONTHLY, [{"day": 10}, {"day": 25}], "nhiều ngày"),
        (Kind.MONTHLY, {"day": 30}, "Ngày 30 không có trong mọi tháng"),
        (Kind.OTHER, [{"month": 3, "day": 1}, {"month": 7, "day": 1}, {"month": 11, "day": 30}], "nhiều ngày"),
    ],
)
def test_what_the_format_cannot_say_is_doubtful_and_not_dropped(kind: Kind, due: Any, said: str) -> None:
    [doubt] = reckon(kind, due, "before", KNOWN).doubts
    assert said in doubt


@pytest.mark.parametrize("on", ["2023-11-07", "2023-11", "2023-Q4", "2023"])
def test_a_deadline_that_ends_after_the_issue_is_not_doubtful(on: str) -> None:
    assert reckon(Kind.ONCE, on, "within", KNOWN).problem == ""


@pytest.mark.parametrize("on", ["2023-11-06", "2023-10", "2023-Q3", "2022"])
def test_a_deadline_that_ends_before_the_issue_cannot_be(on: str) -> None:
    assert reckon(Kind.ONCE, on, "within", KNOWN).problem == "Hạn này trước ngày ban hành 07/11/2023."
    assert reckon(Kind.ONCE, {"from": "2022", "to": on}, None, KNOWN).problem != ""


@pytest.mark.parametrize(
    ("words", "due", "fields"),
    [
        (
            "tính từ 15/11/2023 đến ngày 14/5/2024",
            {"kind": "once", "on": "2024-05-16"},
            {"from": "2023-11-15", "to": "2024-05-14"},
        ),
        (
            "từ ngày 15 tháng trước đến ngày 14 của tháng báo cáo",
            {"kind": "monthly", "day": 16},
            {"from": {"day": 15, "months_before": 1}, "to": {"day": 14}},
        ),
        ("từ ngày 01 đến hết ngày 20", {"kind": "monthly", "day": 22}, {"from": {"day": 1}, "to": {"day": 20}}),
        (
            "từ 15/12 năm trước đến 14/12",
            {"kind": "annual", "month": 12, "day": 18},
            {"from": {"day": 15, "months_before": 12}, "to": {"day": 14}},
        ),
        (
            "từ 15/12 đến 14/6",
            {"kind": "annual", "month": 6, "day": 18},
            {"from": {"day": 15, "months_before": 6}, "to": {"day": 14}},
        ),
        ("trong 6 tháng đầu năm", {"kind": "annual", "month": 6, "day": 18}, None),
        ("từ 15/5/2024 đến 14/11/2023", {"kind": "once", "on": "2024-05-16"}, None),
    ],
)
def test_the_data_that_a_report_covers(words: str, due: dict[str, Any], fields: dict[str, Any] | None) -> None:
    assert window(words, due) == fields


@pytest.mark.parametrize(
    ("due", "words"),
    [
        ({"kind": "once", "boundary": "before", "on": "2023-11-10"}, "trước ngày 10/11/2023"),
        ({"kind": "once", "boundary": "within", "on": "2024-Q3"}, "trong quý III/2024"),
        ({"kind": "once", "boundary": "within", "on": "2023-11"}, "trong tháng 11/2023"),
        ({"kind": "once", "boundary": "by", "on": "2024"}, "chậm nhất năm 2024"),
        ({"kind": "monthly", "boundary": "on", "day": 5}, "vào ngày 05 hằng tháng"),
        ({"kind": "annual", "boundary": "before", "day": 10, "month": 12}, "trước ngày 10/12 hằng năm"),
        ({"kind": "annual"}, "hằng năm"),
        ({"kind": "other", "weekday": 7}, "Chủ nhật hằng tuần"),
        ({"kind": "other", "weekday": 5}, "thứ Sáu hằng tuần"),
        ({"kind": "continuous"}, "thường xuyên"),
        ({"kind": "other"}, None),
    ],
)
def test_how_damaged_words_read(due: dict[str, Any], words: str | None) -> None:
    assert in_words(due) == words


def test_letters_without_marks_are_damaged() -> None:
    assert damaged("xay dung ke hoach va bao cao truoc ngay 10 thang 11")
    assert not damaged("xây dựng kế hoạch và báo cáo trước ngày 10 tháng 11")
    assert not damaged("15/11/2023")
