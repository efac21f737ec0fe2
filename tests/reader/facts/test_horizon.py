"""The last day of the period that a document is made for."""

from __future__ import annotations

import pytest

from tests.reader.facts.papers import BODY, facts, head, value


@pytest.mark.parametrize(
    ("title", "horizon"),
    [
        ("Trồng cây xanh năm 2024", "2024-12-31"),
        ("Trồng cây xanh giai đoạn 2024 - 2027", "2027-12-31"),
        ("Trồng cây xanh giai đoạn 2024-2027, tầm nhìn đến năm 2040", "2027-12-31"),
        ("Trồng cây xanh đến năm 2030, tầm nhìn đến năm 2045", "2030-12-31"),
        ("Trồng cây xanh 6 tháng đầu năm 2024", "2024-06-30"),
        ("Trồng cây xanh 6 tháng cuối năm 2024", "2024-12-31"),
        ("Trồng cây xanh quý II/2024", "2024-06-30"),
        ("Trồng cây xanh tháng 11/2024", "2024-11-30"),
        ("Trồng cây xanh tháng 02 năm 2028", "2028-02-29"),
        ("Thực hiện Đề án “Vườn ươm, giai đoạn 2021 - 2025” năm 2024", "2024-12-31"),
        ("Thực hiện Đề án “Vườn ươm giai đoạn 2021 - 2025”", "2025-12-31"),
        ("Thực hiện Quyết định số 22/2023/QĐ-TTg ngày 18 tháng 8 năm 2023 của Thủ tướng Chính phủ", None),
        ("Thực hiện Luật Lâm nghiệp năm 2017", None),
        ("Giáo dục nhà trường năm học 2024 - 2025", None),
        ("Tổng kết công tác trồng cây giai đoạn 2016 - 2020", None),
        ("Trồng cây xanh ven đường", None),
    ],
)
def test_period_of_the_abstract_sets_the_last_day(title: str, horizon: str | None) -> None:
    assert value(facts(head(title=title) + BODY).horizon) == horizon


@pytest.mark.parametrize(
    ("words", "horizon"),
    [
        ("Thời gian thực hiện: từ tháng 4/2024 đến hết ngày 31/10/2025.", "2025-10-31"),
        ("Kế hoạch này được thực hiện từ nay đến hết năm 2026.", "2026-12-31"),
    ],
)
def test_sentence_on_the_time_of_performance_sets_the_last_day(words: str, horizon: str) -> None:
    text = head(title="Trồng cây xanh ven đường") + BODY + f"3. {words}\n"
    assert value(facts(text).horizon) == horizon


def test_period_of_the_bases_is_the_weakest_sign() -> None:
    text = (
        head(title="Trồng cây xanh ven đường") + "Căn cứ Quy chế phối hợp về cây xanh giai đoạn 2024 - 2029;\n" + BODY
    )
    found = facts(text).horizon
    assert found is not None
    assert found.value == "2029-12-31"
    assert found.sure <= 0.5


def test_period_that_was_over_at_signing_belongs_to_something_else() -> None:
    text = head(title="Trồng cây xanh ven đường") + "Căn cứ kết quả trồng cây giai đoạn 2016 - 2020;\n" + BODY
    assert facts(text).horizon is None


def test_period_of_the_targets_counts_where_nothing_else_is_said() -> None:
    text = (
        head(title="Trồng cây xanh ven đường")
        + "I. MỤC TIÊU\na) Mục tiêu giai đoạn 2026 - 2030:\n- Mỗi xã có vườn cây.\n"
        + BODY
    )
    assert value(facts(text).horizon) == "2030-12-31"
