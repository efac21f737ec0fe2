"""Bad days of the mail server, from the register to the server's own count of what it has.

The server misbehaves at one step of the dialogue while the morning's messages leave, then it is well again. No letter
is lost, none is there twice unless its fate was unknown (then once more, under the same Message-ID), and what stays
unknown or was refused stands in ``dondoc outbox``. How a channel tells one failure from another is shown in
``tests/notifications/channels``; here every run has a connection of its own, as the process of a flow run has.
"""

from __future__ import annotations

import random
import socket
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from app.bootstrap import Dondoc
from app.settings import Settings
from notifications.channels import smtp_connection
from notifications.channels.smtp import REST
from notifications.delivery import DeliveryCounts
from notifications.tables import attempt, message
from tasks.database import reading
from tests.cli.conftest import Terminal
from tests.notifications.channels import letters
from tests.notifications.channels.hostile import Deed, HostileServer, Script, at
from tests.notifications.channels.mailbox import Certificates
from tests.support import Valley

Serve = Callable[..., HostileServer]

FIRST, SECOND, LATER = "2024-02-01 08:10", "2024-02-01 08:30", "2024-02-01 16:00"
PEOPLE = {
    "agency@so-tai-chinh.example",
    "agency@so-noi-vu.example",
    "agency@mat-tran.example",
    "officer@cong-an.example",  # for the communes, which have no address of their own
}
BEFORE_DATA = ("banner", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA")
IMPATIENT = 0.4  # seconds for a whole letter, where it does not matter how far it came


class Office(Valley):
    """The valley whose people are told of what they owe on 1 February, and the server that should take the letters."""

    def __init__(self, engine: Engine, home: Path, server: HostileServer, terminal: Terminal) -> None:
        super().__init__(engine)
        self.server, self.terminal = server, terminal
        self.dondoc = Dondoc(Settings(home=home), engine, {})
        self.timeout = 20.0
        self.url: dict[str, str] = {"login": "doc:secret"}
        self.follow()

    def round(self, moment: str) -> DeliveryCounts:
        """One run of the flow ``deliver``, over a connection of its own."""
        now = self.go(moment).now
        channel = letters.channel(self.server.port, timeout=self.timeout, rest=REST, **self.url)
        self.dondoc.channels = {"email": channel}
        try:
            self.dondoc.advance(now=now)
            self.dondoc.compose(now=now)
            counts = self.dondoc.deliver(now=now)
        finally:
            channel.close()
        self._register_agrees_with_server()
        return counts

    def mend(self) -> None:
        """From now on the server is well."""
        self.server.script = lambda step, connection, letter: None
        self.timeout = 20.0

    def copies(self) -> Counter[str]:
        """How many copies of their announcement each person has."""
        kept = Counter(self.server.kept)
        return Counter({row.address: kept[row.message_id] for row in self.messages() if kept[row.message_id]})

    def outbox(self) -> dict[str, dict[str, Any]]:
        """What ``dondoc outbox`` lists, by address."""
        self.terminal.at(self.now)
        return {row["address"]: row for row in self.terminal.json("outbox")["messages"]}

    def _register_agrees_with_server(self) -> None:
        kept = Counter(self.server.kept)
        with reading(self.engine) as c:
            rows = {row.message_id: row for row in c.execute(select(message))}
            unclear = Counter(c.execute(select(attempt.c.message_id).where(attempt.c.outcome == "unknown")).scalars())
        assert set(kept) <= set(rows), "the server has what the register never wrote"
        assert {row.address for row in rows.values()} == PEOPLE
        for row in rows.values():
            copies, doubts = kept[row.message_id], unclear[row.id]
            assert copies <= 1 + (doubts > 0), f"{row.address} has it {copies} times, in doubt {doubts} times"
            assert doubts <= 2, "repeated more than once"
            if row.status == "sent":
                assert copies >= 1, f"called sent and lost: {row.address}"
            elif row.status == "queued":
                assert (copies, row.next_try_at > self.now) == (0, True), row.address
            elif row.status == "failed":
                assert copies == 0, f"called failed and with {row.address}"
            else:
                assert (row.status, doubts > 0) == ("unknown", True), row.address


@pytest.fixture
def office(
    engine: Engine,
    tmp_path: Path,
    hostile: Serve,
    certificates: Certificates,
    run: Terminal,
    monkeypatch: pytest.MonkeyPatch,
) -> Office:
    monkeypatch.setenv("DONDOC_DATABASE_URL", engine.url.render_as_string(hide_password=False))
    monkeypatch.setattr(smtp_connection, "_GOODBYE", IMPATIENT)
    return Office(engine, tmp_path, hostile(cover=certificates.context()), run)


@pytest.fixture
def with_tls(certificates: Certificates) -> dict[str, str]:
    """The settings of a server that is spoken to after STARTTLS only."""
    return {"login": "doc:secret", "starttls": "yes", "ca": str(certificates.ca)}


def once_each(people: Iterable[str] = PEOPLE) -> Counter[str]:
    return Counter(people)


def nothing_left_and_all_at_the_second_try(office: Office, bad: DeliveryCounts) -> None:
    """The end of every story in which the server is known not to have got anything the first time."""
    assert (bad.sent, bad.waiting, office.server.kept) == (0, len(PEOPLE), [])
    assert {row["status"] for row in office.outbox().values()} == {"queued"}
    office.mend()
    assert office.round(SECOND).sent == len(PEOPLE)
    assert office.copies() == once_each()
    assert office.round(LATER) == DeliveryCounts()
    assert office.copies() == once_each()


def test_on_a_good_day_everybody_gets_one_letter_over_one_connection(office: Office, with_tls: dict[str, str]) -> None:
    office.url = with_tls
    assert office.round(FIRST).sent == len(PEOPLE)
    assert (office.copies(), office.server.connections) == (once_each(), 1)
    assert office.round(SECOND) == DeliveryCounts()


# --- It does not let us in ----------------------------------------------------------------------------------------


def test_a_server_that_refuses_the_connection_gets_everything_once_it_is_there(office: Office, hostile: Serve) -> None:
    with socket.socket() as nobody_listens:
        nobody_listens.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        nobody_listens.bind(("127.0.0.1", 0))
        port = nobody_listens.getsockname()[1]
        there, office.url["starttls"] = office.server, "no"
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(HostileServer, "port", port)
            down = office.round(FIRST)
        assert "máy chủ không mở cổng này" in office.outbox()["agency@so-tai-chinh.example"]["detail"]
        assert there.connections == 0
        office.server = hostile(port=port)
    nothing_left_and_all_at_the_second_try(office, down)


@pytest.mark.parametrize("step", BEFORE_DATA)
def test_a_server_that_hangs_before_the_letter_costs_one_time_out_and_loses_nothing(
    step: str, office: Office, with_tls: dict[str, str]
) -> None:
    office.server.script = at(step, Deed.HANG)
    office.url, office.timeout = with_tls, IMPATIENT
    bad = office.round(FIRST)
    assert office.server.connections <= 1, "the others were not tried after that"
    nothing_left_and_all_at_the_second_try(office, bad)


# --- It says no ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", [*BEFORE_DATA, "dot"])
def test_a_server_that_answers_4xx_gets_everything_at_the_next_try(
    step: str, office: Office, with_tls: dict[str, str]
) -> None:
    office.server.script = at(step, "451 4.3.0 Thử lại sau")
    office.url = with_tls
    nothing_left_and_all_at_the_second_try(office, office.round(FIRST))


@pytest.mark.parametrize("step", ["banner", "EHLO", "STARTTLS", "AUTH", "MAIL"])
def test_a_server_that_refuses_this_office_with_5xx_gets_everything_once_that_is_put_right(
    step: str, office: Office, with_tls: dict[str, str]
) -> None:
    office.server.script = at(step, "554 5.7.1 Không cho văn phòng này")
    office.url = with_tls
    bad = office.round(FIRST)
    assert (bad.alarm is not None) is (step in ("AUTH", "MAIL")), "a log-in or a sender of ours: the office is told"
    nothing_left_and_all_at_the_second_try(office, bad)


@pytest.mark.parametrize("step", ["RCPT", "DATA", "dot"])
def test_a_letter_that_is_refused_with_5xx_is_failed_and_said_so_and_not_tried_again(
    step: str, office: Office, with_tls: dict[str, str]
) -> None:
    office.server.script = at(step, "554 5.6.0 Không nhận thư này")
    office.url = with_tls
    assert office.round(FIRST) == DeliveryCounts(failed=len(PEOPLE))
    office.mend()
    for moment in (SECOND, LATER):
        assert office.round(moment) == DeliveryCounts()
    listed = office.outbox()
    assert set(listed) == PEOPLE
    assert {row["status"] for row in listed.values()} == {"failed"}
    assert all("554 5.6.0 Không nhận thư này" in row["detail"] for row in listed.values())
    number = listed["agency@so-tai-chinh.example"]["id"]
    office.terminal("outbox", "resend", number)
    assert office.round("2024-02-01 16:10").sent == 1, "the officer has asked the recipient, and says so"
    assert office.copies() == once_each({"agency@so-tai-chinh.example"})


# --- It hangs up --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", BEFORE_DATA)
def test_a_line_dropped_before_the_letter_leaves_nothing_in_doubt(
    step: str, office: Office, with_tls: dict[str, str]
) -> None:
    office.server.script = at(step, Deed.DROP)
    office.url = with_tls
    nothing_left_and_all_at_the_second_try(office, office.round(FIRST))


def test_a_line_dropped_before_the_final_dot_was_read_loses_nothing_and_doubles_nothing(office: Office) -> None:
    """The dot is under way by then: the sender may or may not have noticed, so it may say unknown, never sent."""
    office.server.script = at("body", Deed.DROP)
    bad = office.round(FIRST)
    assert (bad.sent, bad.failed, bad.waiting + bad.unknown, office.server.kept) == (0, 0, len(PEOPLE), [])
    office.mend()
    assert office.round(SECOND).sent == len(PEOPLE)
    assert office.copies() == once_each()


def test_a_line_dropped_after_the_final_dot_is_unknown_and_repeated_once_under_the_same_message_id(
    office: Office,
) -> None:
    office.server.script = at("dot", Deed.DROP)
    assert office.round(FIRST) == DeliveryCounts(unknown=len(PEOPLE))
    assert office.copies() == once_each()
    assert {row["status"] for row in office.outbox().values()} == {"unknown"}
    office.mend()
    assert office.round(SECOND) == DeliveryCounts(sent=len(PEOPLE))
    assert set(Counter(office.server.kept).values()) == {2}, "under the same Message-ID"
    assert office.round(LATER) == DeliveryCounts()


def test_what_is_unknown_twice_is_listed_for_the_officer_and_never_sent_by_itself(office: Office) -> None:
    office.server.script = at("dot", Deed.DROP)
    office.round(FIRST)
    assert office.round(SECOND) == DeliveryCounts(unknown=len(PEOPLE))
    office.mend()
    for moment in ("2024-02-01 08:50", LATER, "2024-02-02 07:30"):
        assert office.round(moment) == DeliveryCounts()
    listed = office.outbox()
    assert (set(listed), {row["status"] for row in listed.values()}) == (PEOPLE, {"unknown"})
    assert all("Không rõ thư đã được nhận hay chưa" in row["detail"] for row in listed.values())
    assert set(Counter(office.server.kept).values()) == {2}


def test_a_server_that_hangs_after_the_final_dot_leaves_one_letter_in_doubt_and_not_the_morning(
    office: Office,
) -> None:
    office.server.script = at("dot", Deed.HANG)
    office.timeout = 3.0  # for the whole letter: on a busy machine it takes its time to come to the dot
    assert office.round(FIRST) == DeliveryCounts(unknown=1, waiting=len(PEOPLE) - 1)
    assert len(office.server.kept) == 1
    office.mend()
    assert office.round(SECOND).sent == len(PEOPLE)
    assert sorted(Counter(office.server.kept).values()) == [1, 1, 1, 2]


@pytest.mark.parametrize(
    "deed", [Deed.DROP, Deed.HANG, "421 4.3.2 Đang tắt máy", "554 5.0.0 Không"], ids=["drop", "hang", "421", "5xx"]
)
def test_trouble_at_quit_is_no_trouble_of_the_letters(deed: Deed | str, office: Office) -> None:
    office.server.script = at("QUIT", deed)
    assert office.round(FIRST) == DeliveryCounts(sent=len(PEOPLE))
    assert "QUIT" in office.server.steps
    assert office.round(SECOND) == DeliveryCounts()
    assert office.copies() == once_each()


@pytest.mark.parametrize("deed", [Deed.DROP, "421 4.4.2 Hết giờ"], ids=["drop", "421"])
def test_a_line_dropped_after_every_letter_is_opened_again_for_the_next(deed: Deed | str, office: Office) -> None:
    office.server.script = at("MAIL", deed, letter=2)
    assert office.round(FIRST) == DeliveryCounts(sent=len(PEOPLE))
    assert (office.copies(), office.server.connections) == (once_each(), len(PEOPLE))


# --- It is slow, or down for long, or never the same --------------------------------------------------------------


def test_a_slow_server_gets_every_letter_once(office: Office, with_tls: dict[str, str]) -> None:
    office.server.script = lambda step, connection, letter: Deed.DAWDLE
    office.url = with_tls
    assert office.round(FIRST) == DeliveryCounts(sent=len(PEOPLE))
    assert office.copies() == once_each()


def test_a_server_that_is_down_all_day_gets_everything_the_next_morning(office: Office) -> None:
    office.server.script = at("banner", "421 4.3.2 Bảo trì")
    for clock in ("08:10", "08:30", "09:10", "11:20", "17:25"):
        assert office.round(f"2024-02-01 {clock}") == DeliveryCounts(waiting=len(PEOPLE))
    office.mend()
    assert office.round("2024-02-02 07:30").sent == len(PEOPLE)
    assert office.copies() == once_each()


@pytest.mark.parametrize("seed", range(5))
def test_a_server_that_does_something_else_each_time_loses_and_doubles_nothing(seed: int, office: Office) -> None:
    office.server.script = moods(random.Random(seed))
    for clock in ("08:10", "08:30", "08:50", "09:30", "10:10", "12:30", "15:00"):
        office.round(f"2024-02-01 {clock}")  # compares register and server every time
    office.mend()
    for moment in ("2024-02-02 07:30", "2024-02-02 08:00"):
        office.round(moment)
    listed = office.outbox()
    assert set(listed) == PEOPLE
    for row in listed.values():
        assert row["status"] == "sent" or (row["status"] in ("unknown", "failed") and row["detail"])


def moods(chance: random.Random) -> Script:
    steps = [*BEFORE_DATA, "body", "dot", "RSET"]
    answers: list[str | Deed] = [
        Deed.DROP, "451 4.3.0 Thử lại sau", "421 4.3.2 Đang tắt máy", "550 5.1.1 Không có",
    ]  # fmt: skip

    def script(step: str, connection: int, letter: int) -> str | Deed | None:
        if step not in steps or chance.random() > 0.15:
            return None
        if step == "body":
            return Deed.DROP
        return chance.choice(answers)

    return script
