"""``dondoc letter``: from a draft to a sent letter, files, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.conftest import PLAN, YEARLY, Terminal

HEAD = (
    "issuer=Công an tỉnh", "named=Công an tỉnh Sơn La", "short=CAT", "unit=PC10", "place=Sơn La",
    "title=Phó Giám đốc", "superior=UBND tỉnh Sơn La",
)  # fmt: skip
LEAD = ("--lead", "son-la.cong-an-tinh")
LATE = datetime(2024, 12, 16, 1, 0, tzinfo=UTC)  # thứ Hai 16/12/2024, 08:00 in Vietnam


@pytest.fixture
def late(followed: Terminal) -> Terminal:
    """The yearly report of 10/12 is overdue, and the office has its letterhead."""
    followed.at(LATE)
    followed("advance")
    followed("setting", "set", "letterhead", *HEAD, *LEAD)
    return followed


def test_the_letterhead_is_set_field_by_field_and_shown(late: Terminal) -> None:
    late("setting", "set", "letterhead", "signer=Người Ký", "behalf=KT. Giám đốc", *LEAD)
    [shown] = late.json("setting", "show", *LEAD)
    assert shown["letterhead"]["signer"] == "Người Ký"
    assert shown["letterhead"]["place"] == "Sơn La"
    assert "place=Sơn La" in late("setting", "show", *LEAD).output
    assert "Không hiểu “plaze=x”" in late("setting", "set", "letterhead", "plaze=x", *LEAD, code=1).stderr
    assert "nêu --lead" in late("setting", "set", "letterhead", "place=x", code=1).stderr
    late("setting", "set", "letterhead", "default", *LEAD)
    assert "điền phần đầu văn bản trước" in late("letter", "draft", "urging", YEARLY, code=1).stderr


def test_from_a_draft_to_a_sent_letter(late: Terminal, tmp_path: Path) -> None:
    assert late("letter", "draft", "urging", YEARLY).output == ("1: Công văn đôn đốc · Báo cáo năm 2024: Dự thảo\n")
    assert late("letter", "number", 1, "--number", "41", "--date", "16/12/2024").output == (
        "1: Công văn đôn đốc · Báo cáo năm 2024, số 41/CAT-PC10 ngày 16/12/2024: Đã ban hành\n"
    )
    assert "Đã gửi 16/12/2024" in late("letter", "sent", 1).output
    assert "Công văn đôn đốc (lần 2)" in late("letter", "draft", "urging", YEARLY).output
    found = late.json("letter", "list")
    assert [(each["letter"], each["state"], each["number"], each["turn"]) for each in found] == [
        (2, "draft", None, 2),
        (1, "numbered", "41/CAT-PC10", 1),
    ]
    assert "41/CAT-PC10" in late("letter", "list", "--state", "numbered", "--plan", PLAN).output
    assert late.json("letter", "list", "--kind", "report") == []
    file = tmp_path / "cong-van.pdf"
    assert "Đã ghi" in late("letter", "save", 1, "--to", file).output
    assert file.read_bytes().startswith(b"%PDF-")
    word = tmp_path / "cong-van.docx"
    late("letter", "save", 1, "--to", word)
    assert word.read_bytes().startswith(b"PK")
    assert "Đã hủy" in late("letter", "void", 1, "--reason", "thu hồi").output


def test_all_kinds_can_be_drafted(late: Terminal) -> None:
    assert "Công văn đôn đốc" in late("letter", "draft", "urging", YEARLY, "--all").output
    assert "Công văn giao việc" in late("letter", "draft", "assigning", PLAN).output
    assert "Sở Tài chính" in late("letter", "draft", "assigning", YEARLY).output
    assert "Báo cáo cấp trên" in late("letter", "draft", "report", PLAN).output
    assert "Công văn gia hạn" in late("letter", "draft", "extension", YEARLY).output
    late("letter", "number", 1, "--number", "41", "--date", "2024-12-16")
    assert "Công văn đính chính" in late("letter", "draft", "correction", 1).output


def test_what_cannot_be_is_refused_in_one_line(late: Terminal) -> None:
    assert "Không có công văn" in late("letter", "number", 9, "--number", "1", "--date", "2024-12-16", code=1).stderr
    assert "số thứ tự" in late("letter", "draft", "correction", "x", code=1).stderr
    assert "phía trước" in late("letter", "draft", "urging", YEARLY, "--on", "2025-01-01", code=1).stderr
    late("letter", "draft", "report", PLAN, "--all", code=2)
    late("letter", "draft", "urging", YEARLY)
    assert "viết bằng chữ số" in late("letter", "number", 1, "--number", "x", "--date", "2024-12-16", code=1).stderr
    late("letter", "save", 1, "--to", "x.txt", code=2)
