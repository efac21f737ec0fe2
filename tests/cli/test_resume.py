"""``dondoc pause`` and ``dondoc resume``: what they ask, say and leave in the trail."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from app.settings import Settings
from tasks.database import make_engine, reading
from tasks.tables import audit_event
from tests.cli.conftest import MONDAY, Terminal


def words(output: str) -> str:
    return " ".join(output.split())


def sent(terminal: Terminal) -> int:
    return sum(1 for row in terminal.json("outbox")["messages"] if row["status"] == "sent")


def trail(*kinds: str) -> list[str]:
    """The events of these kinds, in their order, whichever database the settings of this test name."""
    engine = make_engine(Settings().url)
    with reading(engine) as c:
        chosen = select(audit_event.c.kind).where(audit_event.c.kind.in_(kinds)).order_by(audit_event.c.id)
        found = list(c.execute(chosen).scalars())
    engine.dispose()
    return found


def test_a_pause_wants_a_reason(run: Terminal) -> None:
    assert "--reason" in run("pause", code=2).output


def test_while_paused_the_register_goes_on_and_nothing_leaves(followed: Terminal) -> None:
    said = words(followed("pause", "--reason", "sai địa chỉ").output)
    assert "Đã tạm dừng gửi từ 08:00 02/12/2024:" in said
    assert "sai địa chỉ" in said
    assert "Gửi tiếp: dondoc resume" in said
    advanced = words(followed("advance").output)
    assert "Đã rà soát đến" in advanced
    assert "Tạm dừng gửi từ 08:00 02/12/2024" in advanced
    assert "Đã soạn" not in advanced
    assert "Tạm dừng gửi" in followed("deliver", code=1).output
    assert sent(followed) == 0


def test_a_second_pause_leaves_the_first_as_it_is(followed: Terminal) -> None:
    followed("pause", "--reason", "sai địa chỉ")
    followed.at(MONDAY + timedelta(hours=1))
    said = words(followed("pause", "--reason", "việc khác").output)
    assert "Đã tạm dừng gửi từ trước, từ 08:00 02/12/2024:" in said
    assert "việc khác" not in said


def test_resume_says_what_would_leave_and_does_nothing_unasked(followed: Terminal) -> None:
    followed("pause", "--reason", "sai địa chỉ")
    said = words(followed("resume", code=1).output)
    assert "sai địa chỉ" in said
    assert "thông báo cho 3 người, mỗi người nhiều nhất một bản tổng hợp" in said
    assert "chưa làm gì. Nếu đồng ý, chạy lại với --yes" in said
    followed("deliver", code=1)
    assert trail("sending_held", "sending_resumed") == ["sending_held"]


def test_after_resume_everybody_gets_one_digest_and_both_ends_stand_in_the_trail(followed: Terminal) -> None:
    followed("pause", "--reason", "sai địa chỉ")
    followed.at(MONDAY + timedelta(days=4))
    assert "Đã cho gửi tiếp" in followed("resume", "--yes").output
    followed("advance")
    followed("deliver")
    listed = followed.json("outbox")["messages"]
    digests = [row["address"] for row in listed if row["kind"] == "digest" and row["status"] == "sent"]
    assert digests
    assert len(digests) == len(set(digests))
    assert sent(followed) == len(listed)
    assert trail("sending_held", "sending_resumed") == ["sending_held", "sending_resumed"]


def test_where_nothing_is_held_resume_says_so(followed: Terminal) -> None:
    assert "Không có gì đang tạm dừng." in followed("resume").output


def test_a_clock_two_years_ahead_has_to_be_confirmed_and_says_what_that_would_record(followed: Terminal) -> None:
    followed("advance")
    followed.at(MONDAY + timedelta(days=730))
    assert "02/12/2024" in words(followed("advance", code=1).output)
    asked = words(followed("resume", code=1).output)
    assert "Ngày giờ của máy cần xác nhận" in asked
    assert "08:00 02/12/2026" in asked
    assert "không xóa được" in asked
    followed("deliver", code=1)
    followed("resume", "--yes")
    assert "Đã rà soát đến" in followed("advance").output
    assert trail("clock_confirmed") == ["clock_confirmed"]


def test_a_clock_put_back_by_days_is_accepted_without_a_question(followed: Terminal) -> None:
    followed("advance")
    followed.at(MONDAY - timedelta(days=3))
    said = words(followed("resume").output)
    assert "Đã nhận 08:00 29/11/2024 là đúng, thay cho 08:00 02/12/2024" in said
