"""What becomes of a letter when the server refuses, hangs, drops the line or talks nonsense, at every step (D8)."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from notifications.channels.smtp import SmtpChannel, check
from notifications.errors import ChannelError, FateUnknown
from tests.notifications.channels.hostile import Deed, HostileServer, at
from tests.notifications.channels.letters import ALPHA, letter, url

Serve = Callable[..., HostileServer]
Connect = Callable[..., SmtpChannel]

DEEDS: dict[str, str | Deed] = {
    "4xx": "451 4.3.0 Thử lại sau",
    "421": "421 4.3.2 Đang tắt máy",
    "5xx": "554 5.0.0 Không nhận",
    "drop": Deed.DROP,
    "hang": Deed.HANG,
    "dribble": Deed.DRIBBLE,
    "nonsense": "chào bạn",
    "too-long": "2" * 9000,
}

# t temporary, p permanent, u unknown. Whatever comes before the final dot is known not to have arrived.
TABLE = """
step      4xx  421  5xx  drop  hang  dribble  nonsense  too-long
banner    t    t    t    t     t     t        t         t
EHLO      t    t    t    t     t     t        t         t
STARTTLS  t    t    t    t     t     t        t         t
AUTH      t    t    t    t     t     t        t         t
MAIL      t    t    t    t     t     t        t         t
RCPT      t    t    p    t     t     t        t         t
DATA      t    t    p    t     t     t        t         t
dot       t    t    p    u     u     u        u         u
"""
HEAD, *ROWS = [line.split() for line in TABLE.strip().splitlines()]
CASES = [(row[0], name, outcome) for row in ROWS for name, outcome in zip(HEAD[1:], row[1:], strict=True)]
OUTCOMES = {"t": "temporary", "p": "permanent", "u": "unknown"}


def outcome_of(channel: SmtpChannel, **changed: str) -> tuple[str, str]:
    """What became of a letter, and the reason."""
    try:
        channel.send(letter(1, **changed))
    except FateUnknown as error:
        return "unknown", str(error)
    except ChannelError as error:
        return "permanent" if error.permanent else "temporary", str(error)
    return "sent", ""


@pytest.mark.parametrize(("step", "deed", "expected"), CASES, ids=lambda value: str(value))
def test_the_fate_of_a_letter_is_told_truly(
    step: str, deed: str, expected: str, hostile: Serve, connect: Connect
) -> None:
    server = hostile(at(step, DEEDS[deed]))
    patient = deed not in ("hang", "dribble")
    told = {"starttls": "yes"} if step == "STARTTLS" else {"login": "doc:secret"}
    outcome, reason = outcome_of(connect(server.port, timeout=20.0 if patient else 0.8, **told))
    assert outcome == OUTCOMES[expected]
    assert server.received == (["<1@dondoc.invalid>"] if step == "dot" else [])
    assert f"127.0.0.1:{server.port}" in reason
    assert "secret" not in reason
    if deed in ("4xx", "421", "5xx"):
        assert str(DEEDS[deed]) in reason
    if not patient:
        assert "0.8 giây" in reason
    assert ("Không rõ thư đã được nhận hay chưa" in reason) is (expected == "u")


def test_a_port_where_nobody_listens_is_temporary(connect: Connect) -> None:
    with HostileServer() as gone:
        port = gone.port
    outcome, reason = outcome_of(connect(port))
    assert outcome == "temporary"
    assert reason == f"Không kết nối được máy chủ thư 127.0.0.1:{port}: máy chủ không mở cổng này."


def test_a_name_that_nobody_knows_is_temporary(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_question: object, **_options: object) -> None:
        raise OSError(-2, "Name or service not known")

    monkeypatch.setattr("socket.getaddrinfo", nobody)
    outcome, reason = outcome_of(connect(25, host="khong-co.invalid"))
    assert (outcome, reason) == ("temporary", "Không tìm thấy máy chủ thư khong-co.invalid (DNS).")


def test_a_name_look_up_that_hangs_is_given_up_in_time(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, hostile: Serve
) -> None:
    server = hostile()
    monkeypatch.setattr("socket.getaddrinfo", lambda *_question, **_options: server.over.wait(30) and [])
    outcome, reason = outcome_of(connect(25, timeout=0.2, host="cham.invalid"))
    assert (outcome, "0.2 giây" in reason) == ("temporary", True)


@pytest.mark.parametrize("step", ["banner", "EHLO", "dot"])
def test_the_time_out_is_for_the_whole_letter_and_not_for_each_word(
    step: str, hostile: Serve, connect: Connect
) -> None:
    # The server says something every 20 ms: a time-out per call would never come.
    server = hostile(at(step, Deed.DRIBBLE))
    began = time.monotonic()
    outcome_of(connect(server.port, timeout=0.3))
    assert time.monotonic() - began < 5


# --- In the middle of the body ----------------------------------------------------------------------------------

HUGE = ("x" * 79 + "\n") * 80_000  # more than the buffers hold: we are still writing when the line breaks


@pytest.mark.parametrize(("deed", "timeout"), [(Deed.DROP, 20.0), (Deed.HANG, 2.5)], ids=["drop", "hang"])
def test_a_line_that_breaks_before_the_final_dot_leaves_no_doubt(
    deed: Deed, timeout: float, hostile: Serve, connect: Connect
) -> None:
    server = hostile(at("body", deed))
    outcome, reason = outcome_of(connect(server.port, timeout=timeout), text=HUGE)
    assert (outcome, server.received) == ("temporary", [])
    assert "gửi nội dung" in reason


# --- What is wrong with the settings and not with the letter ----------------------------------------------------


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("answer", ["530 5.7.0 Authentication required", "538 5.7.11 Encryption required"])
def test_a_refusal_for_want_of_a_log_in_is_temporary(step: str, answer: str, hostile: Serve, connect: Connect) -> None:
    server = hostile(at(step, answer))
    outcome, reason = outcome_of(connect(server.port))
    assert (outcome, answer in reason) == ("temporary", True)


def caught(channel: SmtpChannel) -> ChannelError:
    with pytest.raises(ChannelError) as refused:
        channel.send(letter(1))
    return refused.value


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("MAIL", "550 5.1.8 Bad sender"),
        ("MAIL", "553 5.7.1 not yours"),
        ("RCPT", "553 5.7.1 <doc@tinh.example>: Sender address rejected: not owned by user doc"),
        ("RCPT", "550 5.1.8 <doc@tinh.example>: Domain not found"),
        ("RCPT", f"554 5.7.1 <{ALPHA}>: Relay access denied"),
        ("RCPT", "550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain"),
    ],
)
def test_a_sender_that_the_server_does_not_take_is_our_trouble_and_not_the_recipients(
    step: str, answer: str, hostile: Serve, connect: Connect
) -> None:
    error = caught(connect(hostile(at(step, answer)).port))
    assert (error.permanent, error.ours) == (False, True)
    assert "không cho gửi từ doc@tinh.example, kiểm tra from= trong DONDOC_MAIL_URL" in str(error)


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("MAIL", "552 5.3.4 Message too big"),
        ("RCPT", f"550 5.1.1 <{ALPHA}>: Recipient address rejected: User unknown in relay recipient table"),
        ("RCPT", "550 5.7.1 not for <relay@denied.example>"),
    ],
)
def test_a_refusal_of_the_letter_or_its_recipient_is_permanent(
    step: str, answer: str, hostile: Serve, connect: Connect
) -> None:
    error = caught(connect(hostile(at(step, answer)).port))
    assert (error.permanent, error.ours) == (True, False)


@pytest.mark.parametrize(
    ("step", "answer"), [("AUTH", "535 5.7.8 no"), ("MAIL", "530 5.7.0 log in first"), ("EHLO", "250 mx.test")]
)
def test_what_is_wrong_with_the_settings_is_said_to_be_ours(
    step: str, answer: str, hostile: Serve, connect: Connect
) -> None:
    error = caught(connect(hostile(at(step, answer)).port, login="doc:secret"))
    assert (error.permanent, error.ours) == (False, True)


def test_a_server_without_starttls_is_not_spoken_to_in_clear(hostile: Serve, connect: Connect) -> None:
    server = hostile(at("EHLO", "250 mx.test"))
    outcome, reason = outcome_of(connect(server.port, starttls="yes", login="doc:secret"))
    assert (outcome, server.steps) == ("temporary", ["banner", "EHLO"])
    assert "không có STARTTLS" in reason


@pytest.mark.parametrize("deed", ["220 go on\r\nbut this is no TLS", "220 go on"], ids=["no TLS", "hangs"])
def test_a_tls_that_cannot_be_reached_is_temporary(deed: str, hostile: Serve, connect: Connect) -> None:
    server = hostile(at("STARTTLS", deed))
    outcome, _reason = outcome_of(connect(server.port, timeout=0.4, starttls="yes"))
    assert (outcome, server.received) == ("temporary", [])


def test_a_server_that_offers_no_known_way_to_log_in_is_temporary(hostile: Serve, connect: Connect) -> None:
    server = hostile(at("EHLO", "250-mx.test\r\n250 AUTH GSSAPI"))
    outcome, reason = outcome_of(connect(server.port, login="doc:secret"))
    assert (outcome, "PLAIN, LOGIN, CRAM-MD5" in reason) == ("temporary", True)


def test_a_server_that_knows_only_helo_gets_its_letter(hostile: Serve, connect: Connect) -> None:
    greetings: list[str] = []

    def old(step: str, connection: int, number: int) -> str | None:
        if step == "EHLO":
            greetings.append(step)
            return "502 what?" if len(greetings) == 1 else "250 mx.test"
        return None

    server = hostile(old)
    assert outcome_of(connect(server.port))[0] == "sent"
    assert server.received == ["<1@dondoc.invalid>"]


# --- Reasons ----------------------------------------------------------------------------------------------------


def test_a_reason_names_the_recipient_and_nobody_else(hostile: Serve, connect: Connect) -> None:
    answer = f"550 5.1.1 <{ALPHA}> not known, ask postmaster@mx.test or head@u.example"
    outcome, reason = outcome_of(connect(hostile(at("RCPT", answer)).port))
    assert outcome == "permanent"
    assert f"550 5.1.1 <{ALPHA}> not known, ask …@… or …@…" in reason


def test_a_reason_never_holds_the_password_however_the_server_repeats_it(hostile: Serve, connect: Connect) -> None:
    def repeats(step: str, connection: int, number: int) -> str | None:
        # AGRvYwBzZWNyZXQ= is what PLAIN says: NUL doc NUL secret; c2VjcmV0 is what LOGIN says.
        return "535 5.7.8 wrong: AUTH PLAIN AGRvYwBzZWNyZXQ= c2VjcmV0 secret" if step == "AUTH" else None

    server = hostile(repeats)
    _outcome, reason = outcome_of(connect(server.port, login="doc:secret"))
    assert "535 5.7.8 wrong: AUTH PLAIN *** *** ***" in reason
    assert "DONDOC_MAIL_URL" in reason


def test_a_reason_is_one_line_of_bounded_length(hostile: Serve, connect: Connect) -> None:
    answer = "\r\n".join(f"550-\x1b[31m line {n} of many" for n in range(200)) + "\r\n550 end"
    _outcome, reason = outcome_of(connect(hostile(at("RCPT", answer)).port))
    assert len(reason) < 500
    assert reason.isprintable()


# --- After trouble ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "outcome"), [("MAIL", "temporary"), ("RCPT", "permanent"), ("DATA", "permanent"), ("dot", "permanent")]
)
def test_after_a_refusal_the_next_letter_goes_over_the_same_connection(
    step: str, outcome: str, hostile: Serve, connect: Connect
) -> None:
    refused: list[str] = []

    def once(now: str, connection: int, number: int) -> str | None:
        if now == step and not refused:
            refused.append(now)
            return "550 5.0.0 no"
        return None

    server = hostile(once)
    channel = connect(server.port)
    assert outcome_of(channel)[0] == outcome
    channel.send(letter(2))
    assert server.received[-1] == "<2@dondoc.invalid>"
    assert server.connections == 1


@pytest.mark.parametrize("how", [Deed.DROP, "421 4.4.2 idle for too long", "hm?"], ids=["drop", "421", "nonsense"])
@pytest.mark.parametrize("step", ["MAIL", "RCPT"])
def test_a_kept_connection_that_was_closed_is_opened_again(
    step: str, how: str | Deed, hostile: Serve, connect: Connect
) -> None:
    server = hostile(at(step, how, connection=1, letter=2))
    channel = connect(server.port)
    channel.send(letter(1))
    channel.send(letter(2))
    assert server.received == ["<1@dondoc.invalid>", "<2@dondoc.invalid>"]
    assert server.connections == 2


def test_a_connection_is_opened_again_only_once(hostile: Serve, connect: Connect) -> None:
    def drops(step: str, connection: int, number: int) -> Deed | None:
        return Deed.DROP if step == "MAIL" and (connection, number) != (1, 1) else None

    server = hostile(drops)
    channel = connect(server.port)
    channel.send(letter(2))
    assert outcome_of(channel)[0] == "temporary"
    assert server.connections == 2


def test_from_data_on_a_letter_is_not_tried_again_by_itself(hostile: Serve, connect: Connect) -> None:
    for step, expected in (("DATA", "temporary"), ("dot", "unknown")):
        server = hostile(at(step, Deed.DROP, connection=1, letter=2))
        channel = connect(server.port)
        channel.send(letter(2))
        assert outcome_of(channel)[0] == expected
        assert server.connections == 1


def test_a_refused_rset_is_not_the_next_letters_fault(hostile: Serve, connect: Connect) -> None:
    def stubborn(step: str, connection: int, number: int) -> str | None:
        return {("RCPT", 1): "550 no", ("RSET", 1): "550 never"}.get((step, connection))

    server = hostile(stubborn)
    channel = connect(server.port)
    assert outcome_of(channel)[0] == "permanent"
    channel.send(letter(2))
    assert (server.received, server.connections) == (["<2@dondoc.invalid>"], 2)


@pytest.mark.parametrize("step", ["banner", "AUTH"])
def test_a_server_that_is_down_is_left_alone_for_a_while(step: str, hostile: Serve, connect: Connect) -> None:
    server = hostile(at(step, "451 4.3.0 not now"))
    channel = connect(server.port, rest=600.0, login="doc:secret")
    first = outcome_of(channel)
    assert [outcome_of(channel) for _ in range(5)] == [first] * 5
    assert server.connections == 1


def test_a_server_that_hangs_costs_its_time_once(hostile: Serve, connect: Connect) -> None:
    server = hostile(at("dot", Deed.HANG))
    channel = connect(server.port, timeout=0.3, rest=600.0)
    assert outcome_of(channel)[0] == "unknown"
    outcome, reason = outcome_of(channel)
    assert (outcome, "Không rõ" in reason) == ("temporary", False)  # this one was never tried
    assert server.received == ["<1@dondoc.invalid>"]


def test_a_refused_letter_does_not_hold_up_the_others(hostile: Serve, connect: Connect) -> None:
    server = hostile(at("RCPT", "451 4.2.1 full", letter=1, connection=1))
    channel = connect(server.port, rest=600.0)
    assert outcome_of(channel)[0] == "temporary"
    server.script = lambda step, connection, number: None
    channel.send(letter(2))
    assert server.received == ["<2@dondoc.invalid>"]


# --- Asking beforehand ------------------------------------------------------------------------------------------


def test_check_says_what_is_wrong_and_sends_nothing(hostile: Serve) -> None:
    server = hostile(at("AUTH", "535 5.7.8 no"))
    said = check(url(server.port, login="doc:secret"), timeout=20.0)
    assert said is not None
    assert "không cho đăng nhập" in said
    assert "535 5.7.8 no" in said
    assert "MAIL" not in server.steps


def test_check_says_nothing_where_all_is_well_and_leaves_politely(hostile: Serve) -> None:
    server = hostile()
    assert check(url(server.port, login="doc:secret"), timeout=20.0) is None
    assert server.steps == ["banner", "EHLO", "AUTH", "QUIT"]


def test_check_gives_up_in_time(hostile: Serve) -> None:
    said = check(url(hostile(at("banner", Deed.HANG)).port), timeout=0.2)
    assert said is not None
    assert "0.2 giây" in said


def test_check_names_a_url_it_cannot_read_without_showing_it() -> None:
    said = check("smtp://doc:secret@mx.test")
    assert said is not None
    assert "dondocs://" in said
    assert "secret" not in said
