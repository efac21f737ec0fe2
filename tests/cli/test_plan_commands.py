"""Plans in, followed, out, and listed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from app.bootstrap import Dondoc, bootstrap
from app.firststart import first_start
from tests.cli.conftest import MONDAY, PLAN, PlanWriter, Terminal


def plan_of(terminal: Terminal, plan_id: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = terminal.json("plans")
    return next(line for line in found if line["plan"] == plan_id)


def test_a_fresh_home_says_what_to_do(anywhere: Terminal) -> None:
    assert "dondoc up" in anywhere("plans").output
    assert anywhere.json("plans") == []


def test_a_plan_comes_in_as_a_draft_then_is_followed(anywhere: Terminal, write_plan: PlanWriter) -> None:
    assert "Đã nạp nho (KH nhỏ), chưa theo dõi" in anywhere("add", write_plan()).output
    assert plan_of(anywhere, "nho")["status"] == "draft"
    said = anywhere("activate", "nho", "--from", "06/01/2024").output
    assert "Đang theo dõi nho từ 06/01/2024: 2 kỳ." in said
    assert "Hạn gần nhất: Báo cáo năm, gửi chậm nhất thứ Bảy 14/12/2024." in said
    assert "Chưa có địa chỉ: cán bộ theo dõi, lãnh đạo của thu.cong-an-tinh" in said
    line = plan_of(anywhere, "nho")
    assert (line["status"], line["active_from"], line["open"], line["overdue"]) == ("active", "2024-01-06", 2, 0)
    assert line["without_contact"] == ["thu.so-a"]


def test_the_same_file_again_changes_nothing_and_a_changed_one_is_taken_over(
    anywhere: Terminal, write_plan: PlanWriter
) -> None:
    path = write_plan()
    anywhere("add", path)
    assert "nội dung không đổi" in anywhere("add", path).output
    anywhere("activate", "nho")
    path.write_text(path.read_text("utf-8").replace("day: 15", "day: 20").replace("15/12", "20/12"), "utf-8")
    assert "đổi hạn 2 kỳ" in anywhere("add", path).output
    assert {row["due"] for row in anywhere.json("due", "--plan", "nho")} == {"2024-12-20", "2025-12-20"}


def test_a_wrong_file_brings_nothing_in_not_even_the_right_one_before_it(
    anywhere: Terminal, write_plan: PlanWriter
) -> None:
    good = write_plan()
    bad = write_plan("sai.yaml", plan="sai", duties="  []\n")
    assert f"{bad}:" in anywhere("add", good, bad, code=1).stderr
    assert anywhere.json("plans") == []


def test_a_shipped_plan_comes_in_by_its_id_with_its_own_bodies_only(anywhere: Terminal) -> None:
    anywhere("add", PLAN)
    assert plan_of(anywhere, PLAN)["number"] == "2316/QĐ-UBND"
    rows = anywhere.json("due", "--agency", "so-tai-chinh", "--to", "2024-12-31")
    assert {row["agency"] for row in rows} == {"son-la.so-tai-chinh"}


def test_activating_a_shipped_plan_brings_it_in(anywhere: Terminal) -> None:
    anywhere.at(datetime(2023, 11, 7, 1, 0, tzinfo=UTC))
    anywhere("activate", PLAN)
    assert plan_of(anywhere, PLAN)["status_text"] == "đang theo dõi từ 07/11/2023"


def test_a_plan_cannot_be_followed_from_before_it_was_issued(anywhere: Terminal) -> None:
    assert "trước ngày ban hành" in anywhere("activate", PLAN, "--from", "2023-11-06", code=1).stderr
    assert anywhere.json("plans") == []


def test_removing_deletes_a_draft_and_stops_what_was_followed(followed: Terminal, write_plan: PlanWriter) -> None:
    followed("add", write_plan())
    assert "Đã xóa nho" in followed("remove", "nho").output
    assert "lịch sử giữ nguyên" in followed("remove", PLAN).output
    [line] = followed.json("plans")
    assert (line["plan"], line["status"], line["stopped_on"]) == (PLAN, "stopped", "2024-12-02")
    assert "chưa được theo dõi" in followed("remove", PLAN, code=1).stderr


def test_a_stopped_plan_is_followed_again(followed: Terminal) -> None:
    followed("remove", PLAN)
    assert "Xem trước, chưa ghi gì. Theo dõi lại" in followed("activate", PLAN, "--preview").output
    assert plan_of(followed, PLAN)["status_text"] == "đã dừng từ 02/12/2024"
    said = followed("activate", PLAN).output
    assert "Theo dõi lại son-la-2316-2023 từ 02/12/2024: mở lại" in said
    assert plan_of(followed, PLAN)["status"] == "active"


def test_the_start_of_a_followed_plan_is_put_right_and_what_changes_is_said(followed: Terminal) -> None:
    said = followed("activate", PLAN, "--from", "2024-01-01").output
    assert "Sửa ngày bắt đầu theo dõi son-la-2316-2023: 07/11/2023 thành 01/01/2024." in said
    assert "38 kỳ thành “trước khi theo dõi”" in said
    back = followed("activate", PLAN, "--from", "2023-11-07", "--preview").output
    assert "38 kỳ được tính từ nay, trong đó 38 kỳ đã quá hạn" in back
    assert plan_of(followed, PLAN)["active_from"] == "2024-01-01"
    assert "đang được theo dõi rồi" in followed("activate", PLAN, code=1).stderr


def test_ended_bodies_and_missing_addresses_are_told(followed: Terminal) -> None:
    followed.at(datetime(2025, 9, 1, 1, 0, tzinfo=UTC))
    said = followed("plans").output
    assert "Cần cơ quan kế thừa" in said
    assert "Chưa có địa chỉ: " in said
    line = plan_of(followed, PLAN)
    assert "son-la.so-tai-chinh" not in line["without_contact"]
    assert line["posts_missing"] == []
    ended = {body["agency"] for body in line["needs_successor"]}
    assert "son-la.ubnd-huyen-bac-yen" in ended
    assert not ended & set(line["without_contact"])


def test_the_table_fits(followed: Terminal) -> None:
    assert max(map(len, followed("plans").output.splitlines())) <= 100


@pytest.fixture
def sampled(run: Terminal, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setattr("app.firststart.SHIPPED_PLANS", ())
    dondoc: Dondoc = bootstrap()
    first_start(dondoc, now=MONDAY)
    dondoc.close()
    return run


def test_the_sample_is_labelled_and_goes_without_a_trace(sampled: Terminal) -> None:
    assert "MẪU · " in sampled("plans").output
    assert plan_of(sampled, "mau")["sample"] is True
    assert "MẪU · " in sampled("due", "--plan", "mau").output
    assert sampled.json("audit")["missed"] == []
    assert sampled.json("audit", "--plan", "mau")["missed"]
    assert "MẪU · mau/" in sampled("audit", "--plan", "mau").output
    assert "MẪU · mau" in sampled("simulate", "mau", "--from", "2024-12-02", "--to", "2024-12-20").output
    assert "MẪU · mau/" in sampled("outbox").output
    assert "Đã xóa mau" in sampled("remove", "mau").output
    assert sampled.json("plans") == []
    assert sampled.json("outbox")["messages"] == []
