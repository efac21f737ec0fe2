"""Papers and the other moves, as a coordinator types them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.cli.conftest import PLAN, YEARLY, Terminal

FOR_ALL = f"{PLAN}/bao-cao-nam/*/2024"
DATES = " · hạn 10/12/2024 · gửi chậm nhất 09/12/2024 · tính quá hạn sau 10/12/2024"
LAW = f"{PLAN}/bao-cao-nam/so-tu-phap/2024"


def state(terminal: Terminal, occurrence: str = YEARLY) -> dict[str, Any]:
    rows: list[dict[str, Any]] = terminal.json("due", "--plan", PLAN)
    return next(row for row in rows if row["occurrence"] == occurrence)


def test_a_paper_is_recorded_and_accepted(followed: Terminal) -> None:
    said = followed(
        "record", YEARLY, "--number", "12/BC-STC", "--date", "29/11/2024", "--received", "2024-12-02"
    ).output
    assert said == f"{YEARLY}: Hoàn thành đúng hạn{DATES}\n"
    assert state(followed)["status"] == "on_time"


def test_the_day_of_receipt_decides_not_the_day_of_typing(followed: Terminal) -> None:
    followed.at(datetime(2024, 12, 20, 1, 0, tzinfo=UTC))
    followed("record", YEARLY, "--number", "1", "--received", "2024-12-10")
    followed("record", LAW, "--number", "1", "--received", "2024-12-12")
    assert (state(followed)["status"], state(followed)["days_late"]) == ("on_time", 0)
    assert (state(followed, LAW)["status"], state(followed, LAW)["days_late"]) == ("late", 2)


def test_a_pattern_stands_for_many_and_says_how_many(followed: Terminal) -> None:
    lines = followed("record", FOR_ALL, "--number", "1/BC", "--date", "2024-12-01").output.splitlines()
    assert lines[0] == f"{FOR_ALL}: 19 kỳ"
    assert len(lines) == 20


def test_all_or_nothing(followed: Terminal) -> None:
    followed("record", YEARLY, "--number", "1")
    assert "Không thể ghi nhận văn bản" in followed("record", LAW, YEARLY, "--number", "2", code=1).stderr
    assert state(followed, LAW)["status"] == "due_soon"


def test_a_pattern_takes_only_what_is_still_waited_for_and_says_what_it_leaves_out(followed: Terminal) -> None:
    followed("record", YEARLY, "--number", "1")
    lines = followed("record", FOR_ALL, "--number", "2").output.splitlines()
    assert lines[:2] == [f"{FOR_ALL}: 18 kỳ", "  bỏ qua 1 kỳ: Hoàn thành đúng hạn"]
    assert "Không có kỳ nào trong mẫu còn chờ văn bản." in followed("record", FOR_ALL, "--number", "3", code=1).stderr


def test_a_pattern_over_several_periods_needs_a_yes_and_takes_nothing_far_ahead(followed: Terminal) -> None:
    followed.at(datetime(2024, 5, 2, 1, 0, tzinfo=UTC))
    wide = f"{PLAN}/*/so-tai-chinh/*"
    refused = followed("record", wide, "--number", "1", code=2)
    assert f"{wide}: 2 kỳ" in refused.stdout
    assert "bỏ qua 1 kỳ: hạn còn xa: 09/06/2024" in refused.stdout
    assert f"  {PLAN}/bao-cao-nam/so-tai-chinh/2023 · hạn 10/12/2023" in refused.stdout
    assert "--yes" in refused.stderr
    assert state(followed, f"{PLAN}/bao-cao-nam/so-tai-chinh/2023")["status"] == "overdue"
    followed("record", wide, "--number", "1", "--yes")
    rows = followed.json("due", "--plan", PLAN, "--agency", "so-tai-chinh")
    assert [row["period"] for row in rows if row["status"] == "late"] == ["once", "2023"]


def test_a_pattern_takes_nothing_from_before_tracking_but_an_id_does(followed: Terminal) -> None:
    followed("activate", PLAN, "--from", "2024-01-01")
    said = followed("record", f"{PLAN}/*/so-tai-chinh/*", "--number", "1", "--yes").stdout
    assert "bỏ qua 2 kỳ: Trước khi theo dõi (không tính)" not in said
    assert "bỏ qua 2 kỳ: đến hạn trước khi theo dõi" in said
    followed("record", f"{PLAN}/bao-cao-nam/so-tai-chinh/2023", "--number", "2", "--received", "2023-12-08")


def test_an_occurrence_named_twice_is_moved_once(followed: Terminal) -> None:
    lines = followed("record", YEARLY, f"{PLAN}/*/so-tai-chinh/2024", "--number", "1").output.splitlines()
    assert [line for line in lines if "Hoàn thành" in line] == [f"{YEARLY}: Hoàn thành đúng hạn{DATES}"]


def test_a_secret_paper_needs_no_number_and_keeps_none(followed: Terminal) -> None:
    followed("record", YEARLY, "--secret", "--number", "9/BC-M")
    assert "9/BC-M" not in followed("due", "--format", "json").output
    assert state(followed)["status"] == "on_time"


def test_review_by_command_or_by_the_offices_choice(followed: Terminal) -> None:
    followed("record", YEARLY, "--number", "1", "--review")
    assert state(followed)["status"] == "received"
    followed("accept", YEARLY)
    assert state(followed)["status"] == "on_time"
    followed("setting", "set", "review", "yes", "--lead", "son-la.cong-an-tinh")
    followed("record", LAW, "--number", "2")
    assert state(followed, LAW)["status"] == "received"
    other = f"{PLAN}/bao-cao-nam/bo-chi-huy-quan-su-tinh/2024"
    followed("record", other, "--number", "3", "--accept")
    assert state(followed, other)["status"] == "on_time"


def test_received_by_another_body(followed: Terminal) -> None:
    followed("record", YEARLY, "--number", "1", "--by", "ubnd-tinh")
    assert "Không có cơ quan" in followed("record", LAW, "--number", "1", "--by", "nobody", code=1).stderr


def test_a_claim_pauses(followed: Terminal) -> None:
    said = followed("claim", YEARLY, "--number", "12/BC", "--date", "29/11/2024").output
    assert "Cơ quan báo đã gửi, chờ đối chiếu" in said


def test_return_and_resend(followed: Terminal) -> None:
    followed("record", YEARLY, "--number", "1")
    assert "Trả lại, chờ gửi lại đến 05/12" in followed("return", YEARLY, "--reason", "period").output
    followed("record", YEARLY, "--number", "2")
    said = followed("return", YEARLY, "--reason", "Thiếu phụ lục", "--by", "06/12/2024").output
    assert "chờ gửi lại đến 06/12" in said


def test_the_help_lists_the_reasons_in_words(followed: Terminal) -> None:
    said = followed("return", "--help").output
    assert "period         chưa đúng kỳ số liệu" in said
    assert "personal_data  có danh sách cá nhân, đề nghị thu hồi" in said


def test_a_slip_is_put_right_and_what_is_not_named_stays(followed: Terminal) -> None:
    followed.at(datetime(2024, 12, 20, 1, 0, tzinfo=UTC))
    followed("record", YEARLY, LAW, "--number", "1/BC", "--date", "2024-12-05", "--received", "2024-12-19")
    assert state(followed)["status"] == "late"
    lines = followed("correct", YEARLY, "--received", "2024-12-09").output.splitlines()
    assert lines == [f"{YEARLY}: Hoàn thành đúng hạn{DATES}"]
    assert state(followed, LAW)["status"] == "late"  # another agency's paper, although typed in with the same command
    assert "đúng hạn" in followed("correct", YEARLY, "--number", "2/BC").output


def test_one_paper_for_two_periods_is_corrected_once(followed: Terminal) -> None:
    half = f"{PLAN}/bao-cao-6-thang/so-tai-chinh/2024-H1"
    followed("record", YEARLY, half, "--number", "1/BC", "--date", "2024-12-01")
    assert len(followed("correct", YEARLY, half, "--number", "2/BC").output.splitlines()) == 2


def test_undo_makes_it_owed_again(followed: Terminal) -> None:
    followed("record", YEARLY, "--number", "1")
    assert "Sắp đến hạn" in followed("correct", YEARLY, "--undo").output


def test_extend_moves_the_dates_of_many(followed: Terminal) -> None:
    lines = followed("extend", FOR_ALL, "--to", "20/12/2024", "--document", "456/UBND-NC").output.splitlines()
    assert len(lines) == 20
    assert all("hạn 20/12/2024 · gửi chậm nhất 20/12/2024" in line for line in lines[1:])


def test_promise_hold_and_release(followed: Terminal) -> None:
    assert "Hẹn gửi 16/12 (hạn không đổi)" in followed("promise", YEARLY, "--on", "2024-12-16").output
    assert DATES in followed("hold", YEARLY, "--until", "2024-12-13").output
    assert "Sắp đến hạn" in followed("hold", YEARLY, "--release").output


def test_a_hold_that_has_passed_is_wrong_use(followed: Terminal) -> None:
    assert "Ngày tạm dừng 01/12/2024 đã qua." in followed("hold", YEARLY, "--until", "2024-12-01", code=2).stderr


def test_waive_and_reopen(followed: Terminal) -> None:
    assert "Được miễn kỳ này" in followed("waive", YEARLY, "--reason", "VB 12/UBND-NC").output
    assert "Sắp đến hạn" in followed("reopen", YEARLY).output


def test_transfer_to_a_successor(followed: Terminal) -> None:
    followed("waive", LAW, "--reason", "x")
    assert "đã có kỳ này" in followed("transfer", YEARLY, "--to", "so-tu-phap", code=1).stderr
    assert "Chuyển cơ quan kế thừa" in followed("transfer", YEARLY, "--to", "son-la.ubnd-tinh").output
    assert state(followed, f"{PLAN}/bao-cao-nam/ubnd-tinh/2024")["status"] == "due_soon"


def test_press_is_seen_before_it_is_sent(followed: Terminal) -> None:
    said = followed("press", YEARLY, "--note", "Đã trao đổi qua điện thoại.", "--preview").output
    assert said.startswith("Tiêu đề: ")
    assert "Đã trao đổi qua điện thoại." in said
    assert followed.json("outbox")["messages"] == []
    assert "Đã đưa 1 thông báo" in followed("press", YEARLY, "--note", "Đã trao đổi qua điện thoại.").output
    followed("advance")
    kinds = [message["kind"] for message in followed.json("outbox")["messages"]]
    assert "press" in kinds
