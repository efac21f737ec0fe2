"""The two steps by hand, and what was and will be sent, and why not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from app.settings import Settings
from notifications.tables import message
from tasks.database import make_engine, reading, writing
from tasks.tables import audit_event
from tests.cli.conftest import MONDAY, PLAN, YEARLY, Terminal

EVENING = datetime(2024, 12, 1, 13, 0, tzinfo=UTC)  # Chủ nhật 01/12/2024, 20:00
OTHER = f"{PLAN}/bao-cao-nam/so-tu-phap/2024"


def coming(terminal: Terminal, *arguments: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = terminal.json("outbox", *arguments)["coming"]
    return found


def test_advance_then_deliver_writes_readable_files(followed: Terminal, dondoc_home: Path) -> None:
    said = followed("advance").output
    assert said.startswith("Đã rà soát đến 08:00 02/12/2024: ")
    messages = followed.json("outbox")["messages"]
    assert messages
    assert {message["status"] for message in messages} == {"queued"}
    assert f"Đã gửi {len(messages)}, " in followed("deliver").output
    assert len(list((dondoc_home / "outbox").glob("*.eml"))) == len(messages)
    assert {message["status"] for message in followed.json("outbox")["messages"]} == {"sent"}
    assert "Đã gửi 0, " in followed("deliver").output


def test_a_second_advance_finds_nothing_to_do(followed: Terminal) -> None:
    followed("advance")
    said = followed("advance").output
    assert "kỳ mới 0, quá hạn mới 0, nhắc việc 0, bỏ qua 0." in said
    assert "Đã soạn 0 thông báo." in said


def test_a_day_in_the_past_can_be_replayed(followed: Terminal) -> None:
    assert "Đã rà soát đến 07:30 13/11/2023" in followed("advance", "--now", "2023-11-13").output
    rungs = {line["rung"] for line in followed.json("outbox", "--from", "2023-11-01")["waiting"]}
    assert "before-1" in rungs


def test_outside_working_hours_things_wait(followed: Terminal) -> None:
    followed.at(EVENING)
    assert "Ngoài giờ làm việc: thông báo được soạn và gửi từ 07:30 02/12/2024." in followed("advance").output
    assert "Gửi lại được từ 07:30 02/12/2024" in followed("deliver").output
    found = followed.json("outbox")
    assert found["messages"] == []
    assert found["waiting"]


def test_papers_that_come_overnight_take_back_what_waited(followed: Terminal) -> None:
    followed.at(EVENING)
    followed("advance")
    followed("record", f"{PLAN}/ke-hoach-trien-khai/*/once", "--number", "1", "--received", "2023-11-14")
    followed("advance")
    skipped = followed.json("outbox", "--from", "2023-11-01")["skipped"]
    assert {"received"} == {
        line["reason"] for line in skipped
        if line["rung"] == "head-2" and line["report"] == f"{PLAN}/ke-hoach-trien-khai/once"
    }  # fmt: skip


def test_what_waits_says_for_whom_and_why(followed: Terminal) -> None:
    followed("advance")
    waiting = followed.json("outbox")["waiting"]
    assert {line["reason"] for line in waiting} == {"no_contact"}
    assert {line["why"] for line in waiting} == {"chưa có địa chỉ"}
    assert "Đang chờ" in followed("outbox").output


def test_what_is_skipped_says_why_in_words(followed: Terminal) -> None:
    followed("advance")
    skipped = followed.json("outbox", "--from", "2023-11-01")["skipped"]
    reasons = {line["reason"]: line["why"] for line in skipped}
    assert reasons["superseded"] == "đã có nhắc mới hơn"
    assert reasons["before_activation"] == "trước khi theo dõi"
    assert "Không gửi, và vì sao" in followed("outbox", "--from", "2023-11-01").output


def test_coming_rungs_are_those_of_the_ladder(followed: Terminal) -> None:
    followed("advance")
    lines = [c for c in coming(followed, "--to", "2024-12-31") if c["report"] == f"{PLAN}/bao-cao-nam/2024"]
    days = {(c["rung"], c["day"]) for c in lines}
    assert days == {
        ("before-1", "2024-12-06"), ("due", "2024-12-09"), ("check", "2024-12-11"), ("overdue-1", "2024-12-12"),
        ("lead", "2024-12-13"), ("overdue-2", "2024-12-17"), ("head-1", "2024-12-17"), ("head-2", "2024-12-24"),
    }  # fmt: skip
    against = {c["why_not"]: len(c["agencies"]) for c in lines if c["rung"] == "due"}
    assert against == {None: 1, "chưa có địa chỉ": 18}
    assert {c["why_not"] for c in lines if c["role"] != "agency"} == {None}


def test_a_hold_shows_beside_the_coming_rungs(followed: Terminal) -> None:
    followed("hold", YEARLY, "--until", "2024-12-09")
    lines = coming(followed, "--to", "2024-12-12")
    held = [c["rung"] for c in lines if "Sở Tài chính" in c["agencies"] and c["why_not"] == "tạm dừng nhắc đến 09/12"]
    assert held == ["before-1", "due"]


def test_nothing_comes_for_what_was_received(followed: Terminal) -> None:
    followed("record", f"{PLAN}/bao-cao-nam/*/2024", "--number", "1")
    assert not [c for c in coming(followed) if c["report"].endswith("bao-cao-nam/2024")]


def test_a_new_plan_shows_its_first_messages(followed: Terminal) -> None:
    followed.at(EVENING)
    followed("activate", "bac-giang-2024")
    first = [c for c in coming(followed) if c["rung"] == "assigned" and c["report"] == "bac-giang-2024"]
    assert [c["day"] for c in first] == ["2024-12-02"]


def test_one_message_is_shown_as_it_was_sent(followed: Terminal) -> None:
    followed("advance")
    followed("deliver")
    message = followed.json("outbox")["messages"][0]
    said = followed("outbox", "show", message["id"]).output
    assert f"Tiêu đề: {message['subject']}" in said
    assert "Tình trạng: đã gửi 08:00 02/12/2024" in said
    assert "Lần gửi: 08:00 02/12/2024 đã gửi" in said
    assert "Thông báo tự động, không thay thế văn bản chính thức." in said


def test_only_one_plan(followed: Terminal) -> None:
    followed("activate", "bac-giang-2024")
    followed.at(MONDAY)
    found = followed.json("outbox", "--plan", PLAN, "--to", "2024-12-31")
    assert {c["report"].split("/")[0] for c in found["coming"]} == {PLAN}
    assert "Không có kế hoạch" in followed("outbox", "--plan", "x", code=1).stderr


def test_the_table_fits(followed: Terminal) -> None:
    followed("advance")
    said = followed("outbox", "--from", "2023-11-01", "--to", "2025-12-31").output
    assert max(map(len, said.splitlines())) <= 100


# --- What the officer decides ------------------------------------------------------------------------------------


@pytest.fixture
def unclear(followed: Terminal) -> tuple[Terminal, int]:
    """One composed message whose fate is unknown and that was repeated already."""
    followed("advance")
    number = followed.json("outbox")["messages"][0]["id"]
    _set(number, status="unknown", detail="mất kết nối", next_try_at=None, tries=2)
    return followed, number


@contextmanager
def _register() -> Iterator[Engine]:
    """Whichever database the settings of this test name."""
    engine = make_engine(Settings().url)
    try:
        yield engine
    finally:
        engine.dispose()


def _set(number: int, **values: Any) -> None:
    with _register() as engine, writing(engine) as c:
        c.execute(update(message).where(message.c.id == number).values(**values))


def _message(terminal: Terminal, number: int) -> dict[str, Any]:
    return next(found for found in terminal.json("outbox")["messages"] if found["id"] == number)


def _events() -> list[tuple[str, dict[str, Any]]]:
    chosen = select(audit_event.c.kind, audit_event.c.data).where(audit_event.c.kind.like("message_%"))
    with _register() as engine, reading(engine) as c:
        return [(row.kind, row.data) for row in c.execute(chosen.order_by(audit_event.c.id))]


def test_a_message_of_unknown_fate_is_listed_and_waits_for_the_officer(unclear: tuple[Terminal, int]) -> None:
    terminal, number = unclear
    assert "chưa rõ đã đến hay chưa (mất kết nối)" in " ".join(terminal("outbox", "show", number).output.split())
    terminal("deliver")
    assert _message(terminal, number)["status"] == "unknown"


def test_the_officer_has_it_sent_again_under_the_same_message_id(
    unclear: tuple[Terminal, int], dondoc_home: Path
) -> None:
    terminal, number = unclear
    assert f"Thông báo số {number} sẽ được gửi lại" in terminal("outbox", "resend", number).output
    terminal("deliver")
    assert _message(terminal, number)["status"] == "sent"
    [(kind, data)] = _events()
    assert (kind, data["message"], data["was"]) == ("message_resent", number, "unknown")
    [file] = [f for f in (dondoc_home / "outbox").glob("*.eml") if data["message_id"] in f.read_text("utf-8")]
    assert file.name[:-4] == data["message_id"][1:].partition("@")[0]


def test_what_failed_is_tried_again_when_the_officer_says_so(followed: Terminal) -> None:
    followed("advance")
    number = followed.json("outbox")["messages"][0]["id"]
    _set(number, status="failed", detail="550", next_try_at=None, tries=12)
    followed("outbox", "resend", number)
    followed("deliver")
    assert _message(followed, number)["status"] == "sent"


@pytest.mark.asks_the_database
@pytest.mark.parametrize(("option", "status"), [("--sent", "sent"), ("--lost", "failed")])
def test_the_officer_writes_down_what_became_of_it(option: str, status: str, unclear: tuple[Terminal, int]) -> None:
    terminal, number = unclear
    terminal("outbox", "settle", number, option)
    found = _message(terminal, number)
    assert found["status"] == status
    assert "xác nhận" in found["detail"]
    assert [(kind, data["sent"]) for kind, data in _events()] == [("message_settled", option == "--sent")]
    assert "không có gì phải xác nhận" in terminal("outbox", "settle", number, "--sent", code=1).stderr


def test_what_is_settled_or_waits_anyway_is_not_for_decision(followed: Terminal) -> None:
    followed("advance")
    number = followed.json("outbox")["messages"][0]["id"]
    assert "không cần gửi lại" in followed("outbox", "resend", number, code=1).stderr
    assert "Không có thông báo số 999" in followed("outbox", "settle", 999, "--lost", code=1).stderr
    followed("outbox", "settle", number, code=2)


def test_what_is_not_true_any_more_is_not_sent_again(followed: Terminal) -> None:
    followed("advance")
    number = next(each["id"] for each in followed.json("outbox")["messages"] if each["kind"] == "digest")
    _set(number, status="unknown", detail="mất kết nối", next_try_at=None, tries=2)
    followed("record", f"{PLAN}/*", "--number", "1", "--received", "2024-12-02", "--yes")
    assert "không còn đúng" in followed("outbox", "resend", number, code=1).stderr


def test_the_url_of_a_service_is_a_secret_and_not_shown(followed: Terminal) -> None:
    followed("advance")
    number = followed.json("outbox")["messages"][0]["id"]
    _set(number, channel="url", address="tgram://123:Token-4711/5")
    for arguments in (("outbox",), ("outbox", "--format", "json"), ("outbox", "show", number)):
        assert "4711" not in followed(*arguments).output
    assert _message(followed, number)["address"] == "tgram://…"


@pytest.mark.parametrize(
    ("detail", "words"),
    [
        ("closed", "thôi gửi, việc đã khép"),
        ("superseded", "thôi gửi, đã có thông báo mới hơn"),
        ("contact_removed", "thôi gửi, địa chỉ không còn dùng"),
    ],
)
def test_a_dropped_message_says_why(detail: str, words: str, followed: Terminal) -> None:
    followed("advance")
    number = followed.json("outbox")["messages"][0]["id"]
    _set(number, status="dropped", detail=detail, next_try_at=None)
    assert f"Tình trạng: {words}" in followed("outbox", "show", number).output
