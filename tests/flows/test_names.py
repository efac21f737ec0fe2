from __future__ import annotations

import pytest

from flows import names


@pytest.mark.parametrize(
    ("title", "kind", "period", "expected"),
    [
        ("Báo cáo năm", "annual", "2024", "Báo cáo năm 2024"),
        ("Kế hoạch triển khai", "once", "once", "Kế hoạch triển khai"),
        ("Danh sách", "monthly", "2024-06", "Danh sách tháng 06/2024"),
    ],
)
def test_work_is_called_with_its_period(title: str, kind: str, period: str, expected: str) -> None:
    assert names.duty_name(title, kind, [period]) == expected


def test_several_periods_on_one_day_are_all_named() -> None:
    assert names.duty_name("Báo cáo năm", "annual", ["2023", "2024"]) == "Báo cáo năm 2023, Báo cáo năm 2024"


def test_a_run_reads_plan_work_and_reason() -> None:
    name = names.run_name("2316/QĐ-UBND", "Báo cáo năm 2024", "nhắc trước 7 ngày")
    assert name == "2316/QĐ-UBND · Báo cáo năm 2024 · nhắc trước 7 ngày"
    assert names.readable(name)
    assert not names.readable("amber-nightingale")


def test_a_title_of_a_whole_clause_is_cut_at_a_word() -> None:
    name = names.run_name("01/KH", "soát " * 30, "ngày cuối")
    assert name == "01/KH · " + " ".join(["soát"] * 22) + "… · ngày cuối"


def test_deployments_of_the_sample_are_marked() -> None:
    assert names.deployment_name("son-la-2316-2023", "bao-cao-nam", sample=False) == "son-la-2316-2023.bao-cao-nam"
    assert names.deployment_name("mau", "bao-cao", sample=True) == "mau.bao-cao (MẪU)"
