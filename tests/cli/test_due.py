"""``dondoc due`` and its contract."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest

from cli.output import BOM
from tests.cli.conftest import PLAN, YEARLY, PlanWriter, Terminal

CONTRACT = ["occurrence", "plan", "duty", "agency", "period", "due", "last_day", "late_after", "status", "days_late"]
EXTRA = ["agency_name", "title", "status_text", "needs_successor", "sample"]


def test_the_json_form_keeps_its_contract(followed: Terminal) -> None:
    rows = followed.json("due", "--from", "2024-12-01", "--to", "2024-12-31")
    assert len(rows) == 19
    assert list(rows[0]) == CONTRACT + EXTRA
    [mine] = [row for row in rows if row["occurrence"] == YEARLY]
    assert mine == {
        "occurrence": YEARLY, "plan": PLAN, "duty": "bao-cao-nam", "agency": "son-la.so-tai-chinh", "period": "2024",
        "due": "2024-12-10", "last_day": "2024-12-09", "late_after": "2024-12-10", "status": "due_soon", "days_late": 0,
        "agency_name": "Sở Tài chính", "title": "Báo cáo năm 2024", "status_text": "Sắp đến hạn (còn 7 ngày)",
        "needs_successor": False, "sample": False,
    }  # fmt: skip


def test_a_draft_is_computed_from_the_rule(anywhere: Terminal, write_plan: PlanWriter) -> None:
    anywhere("add", write_plan())
    rows = anywhere.json("due", "--plan", "nho")
    assert [(row["occurrence"], row["due"], row["last_day"], row["late_after"]) for row in rows] == [
        ("nho/bao-cao-nam/so-a/2024", "2024-12-15", "2024-12-14", "2024-12-16"),
        ("nho/bao-cao-nam/so-a/2025", "2025-12-15", "2025-12-14", "2025-12-15"),
    ]


def test_a_draft_is_computed_as_far_as_asked_for(anywhere: Terminal, write_plan: PlanWriter) -> None:
    anywhere("add", write_plan())
    periods = [row["period"] for row in anywhere.json("due", "--plan", "nho", "--to", "2028-12-31")]
    assert periods == ["2024", "2025", "2026", "2027", "2028"]


def test_a_shipped_plan_is_computed_without_being_brought_in(anywhere: Terminal) -> None:
    rows = anywhere.json("due", "--plan", PLAN, "--to", "2023-11-30")
    assert len(rows) == 19
    assert {(row["due"], row["last_day"]) for row in rows} == {("2023-11-15", "2023-11-14")}
    assert anywhere.json("plans") == []


def test_a_home_that_was_never_started_says_what_to_do_beside_the_result(anywhere: Terminal) -> None:
    result = anywhere("due", "--format", "json")
    assert result.stdout == "[]\n"
    assert "dondoc up" in result.stderr
    assert "dondoc add" in result.stderr


@pytest.mark.asks_the_database
@pytest.mark.parametrize("agency", ["so-tai-chinh", "son-la.so-tai-chinh", "Sở Tài chính"])
def test_one_agency_by_id_or_name(followed: Terminal, agency: str) -> None:
    rows = followed.json("due", "--plan", PLAN, "--agency", agency, "--to", "2024-12-31")
    assert [row["period"] for row in rows] == ["once", "2023", "2024-H1", "2024"]


def test_the_short_id_is_enough_within_a_plan_where_others_have_it_too(followed: Terminal) -> None:
    followed("add", "bac-giang-2024")
    assert "Có phải" in followed("due", "--agency", "so-tai-chinh", code=1).stderr
    rows = followed.json("due", "--plan", "bac-giang-2024", "--agency", "so-tai-chinh")
    assert {row["agency"] for row in rows} == {"bac-giang.so-tai-chinh"}


def test_csv_opens_in_a_spreadsheet(followed: Terminal) -> None:
    printed = followed("due", "--to", "2023-11-30", "--format", "csv").stdout
    rows = list(csv.DictReader(io.StringIO(printed.removeprefix(BOM))))
    assert printed.startswith(BOM)
    assert list(rows[0]) == CONTRACT + EXTRA
    assert len(rows) == 19


def test_the_table_has_one_block_per_report_and_fits(followed: Terminal) -> None:
    lines = followed("due", "--from", "2024-12-01", "--to", "2024-12-31").output.splitlines()
    assert lines[0] == "Báo cáo năm 2024"
    assert lines[1] == f"{PLAN}/bao-cao-nam/*/2024"
    assert lines[2] == "Hạn thứ Ba 10/12/2024; gửi chậm nhất thứ Hai 09/12/2024."
    assert lines[-1] == "19 kỳ."
    assert max(map(len, lines)) <= 100
    assert any("Sở Tài chính" in line and "so-tai-chinh" in line and "Sắp đến hạn" in line for line in lines)


def test_without_a_range_the_table_shows_what_is_at_hand_and_how_to_see_the_rest(followed: Terminal) -> None:
    followed("record", f"{PLAN}/ke-hoach-trien-khai/*/once", "--number", "1", "--received", "2023-11-14")
    printed = followed("due").output
    assert "Báo cáo năm 2024" in printed, "due within 60 days"
    assert "Báo cáo năm 2023" in printed, "overdue"
    assert "ke-hoach-trien-khai" not in printed, "done"
    assert "/2025" not in printed, "far ahead"
    last = printed.splitlines()[-1]
    assert last.endswith("Xem tất cả: dondoc due --from 15/11/2023")
    everything = followed.json("due")
    assert f"Không liệt kê {len(everything) - printed.count('so-tai-chinh') * 19} kỳ" in last
    assert followed("due", "--from", "15/11/2023").output.splitlines()[-1] == f"{len(everything)} kỳ."


def test_what_falls_due_after_a_bodys_end_is_marked(followed: Terminal) -> None:
    followed.at(datetime(2025, 9, 1, 1, 0, tzinfo=UTC))
    rows = followed.json("due", "--agency", "ubnd-huyen-bac-yen")
    assert rows
    assert all(row["needs_successor"] and row["status_text"] == "Cần cơ quan kế thừa" for row in rows)


def test_nothing_due_is_said(followed: Terminal) -> None:
    assert "Không có việc nào" in followed("due", "--from", "2030-01-01").output
