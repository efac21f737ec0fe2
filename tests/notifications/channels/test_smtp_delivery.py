"""From the register to a mail server and back: what the outbox says is what the server saw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, Row, select

from notifications.channels.smtp import SmtpChannel
from notifications.tables import attempt, message
from tasks.database import reading
from tests.notifications.channels.hostile import Deed, HostileServer, Script
from tests.notifications.channels.mailbox import MailBox, OnAnyPort
from tests.scenarios.harness import World, plan_text

Serve = Callable[..., HostileServer]
Connect = Callable[..., SmtpChannel]


def messages(world: World) -> list[Row[Any]]:
    with reading(world.engine) as connection:
        return list(connection.execute(select(message).order_by(message.c.id)))


def attempts(world: World) -> list[tuple[str, str | None]]:
    with reading(world.engine) as connection:
        rows = connection.execute(select(attempt).order_by(attempt.c.id))
        return [(row.outcome, row.detail) for row in rows]


@pytest.fixture
def world(engine: Engine) -> World:
    return World(engine)


def following(world: World, channel: SmtpChannel) -> World:
    """Alpha is told at once on 01/11/2024 that it owes a report: one message."""
    world.channel = channel  # type: ignore[assignment]
    return world.follow(plan_text())


def at_first(step: str, deed: str | Deed, times: int = 1) -> Script:
    """Misbehaves so many times, then no more."""
    done: list[str] = []

    def script(now: str, connection: int, number: int) -> str | Deed | None:
        if now != step or len(done) >= times:
            return None
        done.append(now)
        return deed

    return script


def test_what_is_sent_is_what_the_server_has(
    world: World, serve: Callable[..., OnAnyPort], box: MailBox, connect: Connect
) -> None:
    following(world, connect(serve().port))
    (told,) = messages(world)
    assert told.status == "sent"
    assert box.by_id == {told.message_id: 1}
    (taken,) = box.taken
    assert taken.recipients == ["alpha@u.example"]
    assert taken.mail["Subject"] == told.subject
    assert taken.mail["From"].addresses[0].display_name == told.sender
    assert taken.mail["Reply-To"] == "officer@u.example"


@pytest.mark.parametrize(
    ("step", "deed", "read"),
    [
        ("RCPT", "451 4.7.1 Greylisted", 0),
        ("dot", "451 4.3.0 Thử lại", 1),
        ("AUTH", "535 5.7.8 no", 0),
        ("DATA", Deed.DROP, 0),
    ],
)
def test_temporary_is_tried_again_later_with_the_same_message_id(
    step: str, deed: str | Deed, read: int, world: World, hostile: Serve, connect: Connect
) -> None:
    server = hostile(at_first(step, deed))
    following(world, connect(server.port, login="doc:secret"))
    (waiting,) = messages(world)
    assert (waiting.status, waiting.tries) == ("queued", 1)
    world.jump("01/11/2024", "07:39")
    assert messages(world)[0].tries == 1, "not before its time"
    world.jump("01/11/2024", "07:41")
    (sent,) = messages(world)
    assert (sent.status, sent.message_id) == ("sent", waiting.message_id)
    assert server.received == [waiting.message_id] * (read + 1)
    assert [outcome for outcome, _detail in attempts(world)] == ["failed", "sent"]
    if isinstance(deed, str):
        assert deed in str(attempts(world)[0][1])


def test_unknown_is_sent_once_more_with_the_same_message_id(world: World, hostile: Serve, connect: Connect) -> None:
    server = hostile(at_first("dot", Deed.DROP))
    following(world, connect(server.port))
    (unclear,) = messages(world)
    assert unclear.status == "unknown"
    assert "Không rõ thư đã được nhận hay chưa" in unclear.detail
    world.jump("01/11/2024", "07:41")
    (sent,) = messages(world)
    assert (sent.status, sent.message_id) == ("sent", unclear.message_id)
    assert server.received == [unclear.message_id] * 2


def test_unknown_twice_is_left_to_the_officer(world: World, hostile: Serve, connect: Connect) -> None:
    server = hostile(at_first("dot", Deed.DROP, times=99))
    following(world, connect(server.port))
    world.jump("01/11/2024", "07:41").jump("01/11/2024", "09:00").jump("04/11/2024")
    (unclear,) = messages(world)
    assert (unclear.status, unclear.next_try_at) == ("unknown", None)
    assert server.received == [unclear.message_id] * 2


def test_permanent_is_failed_and_never_tried_again(world: World, hostile: Serve, connect: Connect) -> None:
    server = hostile(at_first("RCPT", "550 5.1.1 <alpha@u.example> không có", times=99))
    following(world, connect(server.port))
    world.jump("01/11/2024", "07:41").jump("04/11/2024")
    (failed,) = messages(world)
    assert (failed.status, failed.tries, failed.next_try_at) == ("failed", 1, None)
    assert "550 5.1.1 <alpha@u.example> không có" in failed.detail
    assert server.received == []


def test_one_refused_recipient_does_not_hold_up_the_others(world: World, hostile: Serve, connect: Connect) -> None:
    server = hostile(at_first("RCPT", "550 5.1.1 no"))
    world.channel = connect(server.port)  # type: ignore[assignment]
    world.follow(plan_text("alpha, beta, mat-tran"))
    states = [row.status for row in messages(world)]
    assert sorted(states) == ["failed", "sent", "sent"]
    assert server.received == [row.message_id for row in messages(world) if row.status == "sent"]
    assert server.connections == 1
