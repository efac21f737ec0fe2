"""Addresses, the calendar, and the office's choices."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.cli.conftest import PLAN, YEARLY, Terminal


def contacts(terminal: Terminal) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = terminal.json("contact", "list")
    return found


def late_after(terminal: Terminal) -> str:
    rows = terminal.json("due", "--plan", PLAN, "--agency", "so-tai-chinh")
    return next(str(row["late_after"]) for row in rows if row["occurrence"] == YEARLY)


# -- contact --


def test_an_address_is_added_listed_and_removed(followed: Terminal) -> None:
    said = followed("contact", "add", "Sở Tư pháp", "--name", "Văn phòng", "--address", "vp@stp.example.vn").output
    assert said == "Đã thêm vp@stp.example.vn cho Sở Tư pháp.\n"
    [mine] = [c for c in contacts(followed) if c["agency_id"] == "son-la.so-tu-phap"]
    assert (mine["role"], mine["address"]) == ("agency", "vp@stp.example.vn")
    assert "vp@stp.example.vn" in followed("contact", "list", "--agency", "so-tu-phap").output
    followed("contact", "remove", mine["id"])
    assert "son-la.so-tu-phap" not in {c["agency_id"] for c in contacts(followed)}


def test_who_has_no_address_is_listed(followed: Terminal) -> None:
    missing = followed.json("contact", "list", "--missing")
    assert len(missing) == 18
    assert "son-la.so-tai-chinh" not in {line["agency"] for line in missing}
    assert "Sở Tư pháp" in followed("contact", "list", "--missing").output


def test_addresses_come_from_a_file(followed: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "dia-chi.csv"
    file.write_text(
        "\ufeffagency,name,address,role\nson-la.so-tu-phap,Văn thư,a@stp.example.vn,\n"
        "son-la.cong-an-tinh,Trực,b@cat.example.vn,stand_in\n",
        encoding="utf-8",
    )
    assert "Đã nạp 2 địa chỉ." in followed("contact", "import", file).output
    assert {c["role"] for c in contacts(followed)} == {"agency", "officer", "head", "stand_in"}


def test_a_file_with_wrong_lines_brings_nothing_in_and_names_them_all(followed: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "dia-chi.csv"
    file.write_text(
        "agency,name,address,role\nson-la.so-tu-phap,Văn thư,a@stp.example.vn,\nkhong-co,x,a@b.vn,\n"
        "son-la.so-tu-phap,x,no-address,\nson-la.so-tu-phap,x,a@b.vn,boss\n",
        encoding="utf-8",
    )
    said = followed("contact", "import", file, code=1).stderr
    assert [line for line in (3, 4, 5) if f"{file}:{line}: " in said] == [3, 4, 5]
    assert "son-la.so-tu-phap" not in {c["agency_id"] for c in contacts(followed)}


def test_a_dry_run_says_what_each_line_would_do_and_writes_nothing(followed: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "dia-chi.csv"
    file.write_text(
        "Cơ quan;Người nhận;Địa chỉ;Cách gửi\nSở Tư pháp;Văn thư;a@stp.example.vn;\nSở Tư pháp;Văn thư;0912345678;sms\n"
        "khong-co;x;a@b.vn;\n",
        encoding="utf-8-sig",
    )
    before = contacts(followed)
    said = followed("contact", "import", file, "--dry-run").output
    assert said.count("thêm") == 2
    assert "SAI" in said
    assert contacts(followed) == before


def test_addresses_go_out_in_the_form_in_which_they_come_in(followed: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "dia-chi.csv"
    file.write_text(
        "Cơ quan;Người nhận;Địa chỉ;Cách gửi\nSở Tư pháp;Văn thư;a@stp.example.vn;\n"
        "Sở Tư pháp;Văn thư;0912345678;sms\n",
        encoding="utf-8-sig",
    )
    followed("contact", "import", file)
    mine = [c for c in contacts(followed) if c["agency_id"] == "son-la.so-tu-phap"]
    assert [(c["channel"], c["rank"]) for c in mine] == [("email", 1), ("sms", 2)]
    assert len({c["person"] for c in mine}) == 1
    for ending in ("csv", "xlsx"):
        out = tmp_path / f"ra.{ending}"
        followed("contact", "export", out)
        assert "Đã nạp 0 địa chỉ." in followed("contact", "import", out).output
    followed("contact", "export", tmp_path / "ra.pdf", code=1)


def test_somebody_away_is_stood_in_for(followed: Terminal) -> None:
    lead = "son-la.cong-an-tinh"
    followed("contact", "add", lead, "--role", "stand_in", "--name", "Bình", "--address", "binh@cat.example.vn")
    officer = next(c for c in contacts(followed) if c["role"] == "officer")
    days = ("--from", "01/12/2030", "--to", "05/12/2030")
    said = followed("contact", "away", lead, "--person", officer["name"], "--stand-in", "binh", *days).output
    assert said == f"{officer['name']} vắng từ 01/12/2030 đến hết 05/12/2030; Bình nhận thay.\n"
    followed("contact", "away", lead, "--person", "Không ai", "--stand-in", "binh", *days, code=1)


def test_how_long_to_wait_for_the_next_channel_is_set_and_shown(followed: Terminal) -> None:
    assert "Chờ 4 giờ làm việc" in followed("contact", "wait").output
    assert "Chờ 2 giờ làm việc" in followed("contact", "wait", "2").output
    assert "Chờ 2 giờ làm việc" in followed("contact", "wait").output


def test_a_file_that_is_no_csv_of_ours(followed: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "dia-chi.csv"
    file.write_text("a;b\n1;2\n", encoding="utf-8")
    assert "Thiếu cột: Cơ quan, Người nhận, Địa chỉ" in followed("contact", "import", file, code=1).stderr
    file.write_bytes("tên".encode("utf-16"))
    assert "CSV mã UTF-8" in followed("contact", "import", file, code=1).stderr
    assert "Không tìm thấy" in followed("contact", "import", tmp_path / "khong-co.csv", code=1).stderr


# -- calendar --


def test_the_calendar_of_a_year(anywhere: Terminal) -> None:
    days = {line["day"]: line for line in anywhere.json("calendar", "list", "2024")}
    assert days["2024-02-12"]["working"] is False
    assert days["2024-05-04"]["working"] is True
    assert "thứ Bảy 04/05/2024" in anywhere("calendar", "list", "2024").output


def test_a_year_without_a_notice_says_so(anywhere: Terminal) -> None:
    assert "dự kiến" in anywhere("calendar", "list", "2035").output


def test_a_day_off_moves_the_deadline_and_back(followed: Terminal) -> None:
    said = followed("calendar", "off", "10/12/2024", "--name", "VB 1/UBND").output
    assert said.startswith("thứ Ba 10/12/2024: làm việc → nghỉ.\nNgày tính quá hạn thay đổi: 19 kỳ.")
    assert "… và 9 kỳ nữa" in said
    assert late_after(followed) == "2024-12-11"
    assert {"day": "2024-12-10", "working": False, "name": "VB 1/UBND", "changed": True} in followed.json(
        "calendar", "list", "2024"
    )
    assert "nghỉ → làm việc" in followed("calendar", "reset", "2024-12-10").output
    assert late_after(followed) == "2024-12-10"


def test_a_saturday_can_be_worked(followed: Terminal) -> None:
    assert "nghỉ → làm việc" in followed("calendar", "work", "2024-12-07", "--name", "làm bù").output
    assert "làm việc, không đổi" in followed("calendar", "work", "2024-12-06").output


# -- setting --


def test_a_reading_moves_deadlines_of_that_lead_only(followed: Terminal) -> None:
    said = followed("setting", "set", "before", "day_before", "--lead", "son-la.cong-an-tinh").output
    assert "day_before: phải nhận trước ngày X" in said
    assert late_after(followed) == "2024-12-09"
    shown = {line["lead"]: line["before"] for line in followed.json("setting", "show")}
    assert shown == {"": "named_day", "son-la.cong-an-tinh": "day_before"}
    followed("setting", "set", "before", "default", "--lead", "son-la.cong-an-tinh")
    assert late_after(followed) == "2024-12-10"


def test_a_ladder_is_written_shortly_and_moves_the_rungs(followed: Terminal) -> None:
    followed("advance")
    said = followed("setting", "set", "ladder", "before=3", "overdue=no", "head=20").output
    assert "before=3 due=yes check=1 overdue=no lead=3 head=20" in said
    found = followed.json("outbox", "--to", "2025-01-31")["coming"]
    lines = [c for c in found if c["report"] == f"{PLAN}/bao-cao-nam/2024"]
    assert {(c["rung"], c["day"]) for c in lines} == {
        ("before-3", "2024-12-06"), ("due", "2024-12-09"), ("check", "2024-12-11"), ("lead", "2024-12-13"),
        ("head-1", "2025-01-08"),
    }  # fmt: skip
    assert "mặc định" in followed("setting", "set", "ladder", "default").output


def test_the_senders_name_and_the_weekend(followed: Terminal) -> None:
    followed("setting", "set", "sender", "Công an tỉnh Sơn La", "(PC10)")
    followed("setting", "set", "weekend", "keep")
    shown = followed("setting", "show").output
    assert "Công an tỉnh Sơn La (PC10)" in shown
    assert "keep: hạn vào ngày nghỉ vẫn giữ nguyên" in shown
