"""``dondoc lead``: another unit follows a plan up."""

from __future__ import annotations

from typing import Any

from tests.cli.conftest import PLAN, Terminal

ORDER = ("lead", PLAN, "--to", "so-tu-phap", "--document", "12/QĐ ngày 01/12/2024")


def lead_of(terminal: Terminal) -> str:
    found: list[dict[str, Any]] = terminal.json("plans")
    return str(next(line["lead"] for line in found if line["plan"] == PLAN))


def test_a_preview_changes_nothing_and_the_real_run_says_the_same(followed: Terminal) -> None:
    before = lead_of(followed)
    shown = followed(*ORDER, "--preview").output
    assert shown.startswith("Xem trước, chưa ghi gì. ")
    assert lead_of(followed) == before
    said = followed(*ORDER).output
    assert f"Xem trước, chưa ghi gì. {said}" == shown
    assert "→ Sở Tư pháp, theo dõi từ ngày" in said
    assert "cơ quan được báo lại nhiệm vụ, thời hạn" in said
    assert lead_of(followed) == "son-la.so-tu-phap"


def test_a_day_ahead_waits_and_is_cancelled(followed: Terminal) -> None:
    before = lead_of(followed)
    assert "đến ngày 01/01/2025 mới chuyển" in followed(*ORDER, "--from", "01/01/2025").output
    assert lead_of(followed) == before
    assert "đã hủy việc giao từ ngày 01/01/2025" in followed("lead", PLAN, "--cancel").output
    assert "không có việc thay đơn vị theo dõi nào" in followed("lead", PLAN, "--cancel", code=1).stderr


def test_a_successor_and_a_document_are_needed(followed: Terminal) -> None:
    assert "Thiếu --to" in followed("lead", PLAN, "--to", "so-tu-phap", code=2).stderr
    assert (
        "đang là đơn vị theo dõi" in followed("lead", PLAN, "--to", lead_of(followed), "--document", "1", code=1).stderr
    )
