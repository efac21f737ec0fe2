"""A date that stands nowhere in the document cannot be produced."""

from __future__ import annotations

from typing import Any

import pytest

from tasks.errors import BadInput
from tasks.reading_model import Item, Place
from tasks.stands import refuse_unwritten

TEXT = (
    "Kế hoạch năm 2024. Gửi báo cáo trước ngày 15/4/2024 và ngày 10 tháng 12; vào quý II, quý III/2025; tháng 8/2024. "
    "Ngày 05 hằng tháng; ngày 20 của tháng cuối quý; thứ Sáu hằng tuần; ngày cuối tháng. "
    "Trong 10 ngày làm việc kể từ ngày ký. Hết quý IV/2024. Quy IlI/2026."
)


def item(rule: dict[str, Any] | None, quote: str | None) -> Item:
    time = Place(TEXT.index(quote), TEXT.index(quote) + len(quote)) if quote else None
    return Item(1, "Việc", "I", "once", rule=rule, time=time)


@pytest.mark.parametrize(
    ("quote", "rule"),
    [
        ("trước ngày 15/4/2024", {"kind": "once", "on": "2024-04-15"}),
        ("trước ngày 15/4/2024", {"kind": "once", "on": "15/04/2024"}),
        ("trước ngày 15/4/2024", {"kind": "once", "on": "2024-04"}),
        ("ngày 10 tháng 12", {"kind": "annual", "day": 10, "month": 12}),
        ("ngày 10 tháng 12", {"kind": "other", "dates": ["2024-12-10", "2025-12-10"]}),
        ("vào quý II, quý III/2025", {"kind": "once", "on": "2025-Q2"}),
        ("vào quý II, quý III/2025", {"kind": "once", "on": "2025-Q3"}),
        ("vào quý II, quý III/2025", {"kind": "once", "on": "2025-06-30"}),
        ("tháng 8/2024", {"kind": "once", "on": "2024-08-31"}),
        ("tháng 8/2024", {"kind": "once", "on": "2024"}),
        ("Ngày 05 hằng tháng", {"kind": "monthly", "day": 5}),
        ("ngày cuối tháng", {"kind": "monthly", "day": "last"}),
        ("ngày 20 của tháng cuối quý", {"kind": "quarterly", "day": 20, "month": 3}),
        ("thứ Sáu hằng tuần", {"kind": "other", "weekday": 5}),
        ("Trong 10 ngày làm việc", {"kind": "once", "on": "2024-01-29"}),
        ("Quy IlI/2026", {"kind": "once", "on": "2026-Q3"}),
        (None, {"kind": "continuous"}),
        (None, {"kind": "annual"}),
        (None, None),
    ],
)
def test_what_the_words_say_can_be_set(quote: str | None, rule: dict[str, Any] | None) -> None:
    refuse_unwritten(item(rule, quote), TEXT)


@pytest.mark.parametrize(
    ("quote", "rule", "what"),
    [
        ("trước ngày 15/4/2024", {"kind": "once", "on": "2024-04-16"}, "2024-04-16"),
        ("trước ngày 15/4/2024", {"kind": "once", "on": "2024-05-15"}, "2024-05-15"),
        ("trước ngày 15/4/2024", {"kind": "once", "on": "2023-04-15"}, "2023-04-15"),
        ("trước ngày 15/4/2024", {"kind": "once", "on": "2024-05"}, "2024-05"),
        ("trước ngày 15/4/2024", {"kind": "once", "on": "2030"}, "2030"),
        ("vào quý II, quý III/2025", {"kind": "once", "on": "2025-Q4"}, "2025-Q4"),
        ("vào quý II, quý III/2025", {"kind": "once", "on": "2025-06-29"}, "2025-06-29"),
        ("ngày 10 tháng 12", {"kind": "annual", "day": 11, "month": 12}, "11/12"),
        ("ngày 10 tháng 12", {"kind": "annual", "day": 10, "month": 11}, "10/11"),
        ("ngày 10 tháng 12", {"kind": "semiannual", "days": [{"day": 10, "month": 6}, {"day": 9, "month": 12}]}, "9"),
        ("Ngày 05 hằng tháng", {"kind": "monthly", "day": 6}, "6"),
        ("thứ Sáu hằng tuần", {"kind": "other", "weekday": 4}, "thứ Năm"),
        ("ngày 10 tháng 12", {"kind": "other", "dates": ["2024-12-10", "2024-06-30"]}, "2024-06-30"),
    ],
)
def test_another_day_is_refused_and_named(quote: str, rule: dict[str, Any], what: str) -> None:
    with pytest.raises(BadInput, match=f"Văn bản không nêu “{what}”"):
        refuse_unwritten(item(rule, quote), TEXT)


def test_a_day_needs_its_words() -> None:
    with pytest.raises(BadInput, match="Chọn cụm từ"):
        refuse_unwritten(item({"kind": "monthly", "day": 5}, None), TEXT)


@pytest.mark.parametrize(
    "rule",
    [{"day": "mai"}, {"day": 5, "month": "x"}, {"weekday": 8}, {"weekday": "x"}, {"days": 5}, {"days": ["5"]},
     {"dates": 5}, {"day": [5]}],
)  # fmt: skip
def test_what_no_day_can_be_is_refused(rule: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match="không phải ngày"):
        refuse_unwritten(item({"kind": "annual", **rule}, "tháng 8/2024"), TEXT)


@pytest.mark.parametrize("on", ["mai", "2024-13-45-1", "5"])
def test_what_is_no_day_is_refused(on: str) -> None:
    with pytest.raises(BadInput, match="không phải ngày"):
        refuse_unwritten(item({"kind": "once", "on": on}, "tháng 8/2024"), TEXT)
