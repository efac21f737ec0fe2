"""``dondoc text``: what messages say, in an office's own words."""

from __future__ import annotations

from typing import Any

from tests.cli.conftest import Terminal

KEY = "overdue.peer.opening"
SAID = "Đến {hôm nay} chưa nhận {nội dung}. Đề nghị gửi."


def own(terminal: Terminal, *more: str) -> Any:
    return next(line["own"] for line in terminal.json("text", "list", *more) if line["key"] == KEY)


def test_a_text_is_written_seen_and_dropped(followed: Terminal) -> None:
    assert own(followed) is None
    assert "chưa nhận Báo cáo năm 2026. Đề nghị gửi." in followed("text", "set", KEY, SAID, "--preview").output
    assert own(followed) is None
    followed("text", "set", KEY, SAID)
    assert own(followed) == SAID
    assert f"* {KEY}" in followed("text", "list").output
    shown = followed("text", "show", KEY).output
    assert f"Lời riêng: {SAID}" in shown
    assert "{số ngày quá hạn}" in shown
    assert "chưa nhận Báo cáo năm 2026. Đề nghị gửi." in shown
    followed("text", "reset", KEY)
    assert own(followed) is None


def test_a_text_of_one_unit_is_its_own(followed: Terminal) -> None:
    lead = followed.json("plans")[0]["lead"]
    followed("text", "set", KEY, SAID, "--lead", lead)
    assert own(followed) is None
    assert own(followed, "--lead", lead) == SAID


def test_what_cannot_be_said_and_names_that_do_not_exist_are_refused(followed: Terminal) -> None:
    assert "Phải có {nội dung}" in followed("text", "set", KEY, "Chưa nhận.", code=1).stderr
    assert "Xem tên: dondoc text list" in followed("text", "show", "overdue", code=1).stderr


def test_a_sentence_of_the_letters_is_written_and_dropped(followed: Terminal) -> None:
    key = "letter.urged.peer"
    said = "Đề nghị Quý cơ quan gửi {nội dung} trước {ngày gửi}."
    shown = followed("text", "set", key, said, "--preview").output
    assert "Đề nghị Quý cơ quan gửi Báo cáo năm 2026 trước 20/12/2026." in shown
    assert "Công văn phải nêu {ngày gửi}" in followed("text", "set", key, "Gửi {nội dung}.", code=1).stderr
    followed("text", "set", key, said)
    assert f"Lời riêng: {said}" in followed("text", "show", key).output
    followed("text", "reset", key)
    assert "Lời riêng: chưa viết" in followed("text", "show", key).output
