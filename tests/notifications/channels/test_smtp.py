"""E-mail to a real SMTP server: what arrives, over how many connections, with TLS and a log-in."""

from __future__ import annotations

import hashlib
import hmac
import socket
from base64 import b64decode, b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from aiosmtpd.smtp import SMTP

from notifications.channels import smtp
from notifications.channels.pace import Pace
from notifications.channels.smtp import KeptConnection, SmtpChannel, check, kept_connection
from notifications.errors import ChannelError
from tests.notifications.channels import letters
from tests.notifications.channels.hostile import HostileServer, at
from tests.notifications.channels.letters import ALPHA, content, letter, url
from tests.notifications.channels.mailbox import PASSWORD, USER, Certificates, MailBox, OnAnyPort, let_in

Start = Callable[..., OnAnyPort]
Connect = Callable[..., SmtpChannel]
IN_CLEAR = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # aiosmtpd's, rightly
LOGIN = f"{USER}:{quote(PASSWORD, safe='')}"


# --- What arrives -----------------------------------------------------------------------------------------------


def test_a_letter_arrives_as_it_was_written(serve: Start, box: MailBox) -> None:
    to = letters.server(serve().port)
    on = datetime(2024, 12, 9, 0, 30, tzinfo=UTC)
    SmtpChannel(to, clock=lambda: on).send(letter(7))
    (taken,) = box.taken
    assert (taken.sender, taken.recipients) == ("doc@tinh.example", [ALPHA])
    mail = taken.mail
    assert mail["Message-ID"] == "<7@dondoc.invalid>"
    assert mail["Date"] == "Mon, 09 Dec 2024 07:30:00 +0700"
    assert mail["From"] == '"Công an tỉnh Sơn La (PC10)" <doc@tinh.example>'
    assert mail["To"] == f"Phòng Alpha <{ALPHA}>"
    assert mail["Reply-To"] == "can-bo@u.example"
    assert mail["Subject"] == letter().subject
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    plain, html = (content(part).rstrip("\n") for part in mail.iter_parts())
    assert (plain, html) == (letter().text, letter().html)


def test_undeliverable_mail_comes_back_to_the_bounce_address(serve: Start, box: MailBox, connect: Connect) -> None:
    connect(serve().port, bounce="tra-lai@tinh.example").send(letter())
    (taken,) = box.taken
    assert taken.sender == "tra-lai@tinh.example"
    assert taken.mail["From"].addresses[0].addr_spec == "doc@tinh.example"


def test_the_name_of_the_settings_stands_in_for_a_missing_one(serve: Start, box: MailBox, connect: Connect) -> None:
    connect(serve().port, name=quote("Văn phòng")).send(letter(sender=""))
    assert box.taken[0].mail["From"].addresses[0].display_name == "Văn phòng"


def test_a_server_with_8bitmime_gets_readable_bytes(serve: Start, box: MailBox, connect: Connect) -> None:
    connect(serve().port).send(letter())
    assert "Kính gửi Phòng Alpha".encode() in box.taken[0].content
    assert "BODY=8BITMIME" in box.taken[0].options


def test_a_server_without_8bitmime_gets_ascii(serve: Start, box: MailBox, connect: Connect) -> None:
    box.offers_nothing = True
    connect(serve().port).send(letter())
    assert box.taken[0].content.isascii()
    assert box.taken[0].options == []
    assert content(next(iter(box.taken[0].mail.iter_parts()))).rstrip("\n") == letter().text


def test_an_address_with_diacritics_goes_where_it_is_understood(serve: Start, box: MailBox, connect: Connect) -> None:
    connect(serve().port).send(letter(address="phòng@u.example"))
    assert box.taken[0].recipients == ["phòng@u.example"]
    assert "SMTPUTF8" in box.taken[0].options


def test_an_address_with_diacritics_is_permanent_where_it_is_not(serve: Start, box: MailBox, connect: Connect) -> None:
    channel = connect(serve(enable_SMTPUTF8=False).port)
    with pytest.raises(ChannelError, match=r"không nhận địa chỉ có dấu: phòng@u\.example") as refused:
        channel.send(letter(address="phòng@u.example"))
    assert refused.value.permanent
    channel.send(letter(2))
    assert box.by_id == {"<2@dondoc.invalid>": 1}


def test_a_domain_with_diacritics_is_written_in_ascii(serve: Start, box: MailBox, connect: Connect) -> None:
    connect(serve().port).send(letter(address="a@münchen.example"))
    assert box.taken[0].recipients == ["a@xn--mnchen-3ya.example"]
    assert "SMTPUTF8" not in box.taken[0].options


@pytest.mark.parametrize(
    "address", ["a@u.example>\r\nRCPT TO:<b@u.example", "a@u.example\nb", "a b@u.example", "", "@u.example", "a@", "a"]
)
def test_an_address_that_is_none_never_reaches_the_server(
    address: str, serve: Start, box: MailBox, connect: Connect
) -> None:
    channel = connect(serve().port)
    with pytest.raises(ChannelError) as refused:
        channel.send(letter(address=address))
    assert refused.value.permanent
    assert (box.taken, channel.connection.opened) == ([], 0)


def test_a_letter_without_a_message_id_is_permanent(serve: Start, box: MailBox, connect: Connect) -> None:
    with pytest.raises(ChannelError, match="Message-ID") as refused:
        connect(serve().port).send(letter(message_id="<x@y>\r\nBcc: z@u.example"))
    assert (refused.value.permanent, box.taken) == (True, [])


def test_a_letter_that_is_too_big_is_permanent(serve: Start, box: MailBox, connect: Connect) -> None:
    channel = connect(serve(data_size_limit=1000).port)
    with pytest.raises(ChannelError, match="552") as refused:
        channel.send(letter(text="dài " * 500))
    assert (refused.value.permanent, box.taken) == (True, [])


# --- How we introduce ourselves ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("told", "said"), [({}, "[127.0.0.1]"), ({"ehlo": "may1.tinh.example"}, "may1.tinh.example")])
def test_we_introduce_ourselves_without_looking_up_a_name(
    told: dict[str, str], said: str, serve: Start, box: MailBox, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = serve().port

    def never(name: str = "") -> str:
        raise AssertionError("looked up")

    monkeypatch.setattr(socket, "getfqdn", never)
    connect(port, **told).send(letter())
    assert box.said == [said]


# --- The kept connection ----------------------------------------------------------------------------------------


def test_fifty_letters_go_over_one_connection(serve: Start, box: MailBox, connect: Connect) -> None:
    channel = connect(serve().port)
    for number in range(50):
        channel.send(letter(number))
    assert box.by_id == {f"<{number}@dondoc.invalid>": 1 for number in range(50)}
    assert (len(box.sessions), channel.connection.opened) == (1, 1)


def test_threads_share_the_connection_and_lose_nothing(serve: Start, box: MailBox, connect: Connect) -> None:
    channel = connect(serve().port)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(channel.send, map(letter, range(60))))
    assert box.by_id == {f"<{number}@dondoc.invalid>": 1 for number in range(60)}
    assert len(box.sessions) == 1


def test_channels_to_the_same_server_share_its_connection(serve: Start, box: MailBox) -> None:
    to = letters.server(serve().port)
    for number in range(3):
        SmtpChannel(to).send(letter(number))
    assert len(box.sessions) == 1
    assert kept_connection(to).opened == 1


def test_an_idle_connection_that_the_server_closed_is_opened_again(
    serve: Start, box: MailBox, connect: Connect
) -> None:
    controller = serve()
    channel = connect(controller.port)
    channel.send(letter(1))
    smtpd = controller.smtpd
    assert isinstance(smtpd, SMTP)
    assert smtpd.transport is not None
    controller.loop.call_soon_threadsafe(smtpd.transport.close)
    channel.send(letter(2))
    assert box.by_id == {"<1@dondoc.invalid>": 1, "<2@dondoc.invalid>": 1}
    assert channel.connection.opened == 2


def test_a_connection_unused_for_long_is_not_trusted(
    serve: Start, box: MailBox, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = connect(serve().port)
    channel.send(letter(1))
    monkeypatch.setattr(smtp, "_IDLE", -1.0)
    channel.send(letter(2))
    assert channel.connection.opened == 2


def test_a_closed_channel_opens_again(serve: Start, box: MailBox, connect: Connect) -> None:
    channel = connect(serve().port)
    channel.send(letter(1))
    channel.close()
    channel.close()
    channel.send(letter(2))
    assert (len(box.taken), channel.connection.opened) == (2, 2)


def test_an_unforeseen_fault_leaves_no_half_dialogue_behind(
    serve: Start, box: MailBox, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = connect(serve().port)
    channel.send(letter(1))

    class PulledOut(BaseException):
        pass

    def pull(*_given: object) -> None:
        raise PulledOut

    with monkeypatch.context() as patch:
        patch.setattr("notifications.channels.smtp_connection.SmtpConnection._pour", pull)
        with pytest.raises(PulledOut):
            channel.send(letter(2))
    channel.send(letter(3))
    assert box.by_id == {"<1@dondoc.invalid>": 1, "<3@dondoc.invalid>": 1}


def test_the_pace_of_the_url_holds_for_everybody_who_sends(serve: Start, box: MailBox) -> None:
    now, waited = [0.0], []

    def pause(seconds: float) -> None:
        waited.append(seconds)
        now[0] += seconds

    to = letters.server(serve().port, pace="3")
    kept = KeptConnection(to, pace=Pace(to.pace, clock=lambda: now[0], pause=pause))
    for number in range(7):
        SmtpChannel(to, connection=kept).send(letter(number))
    kept.close()
    assert waited == [60.0, 60.0]
    assert len(box.taken) == 7


# --- TLS and log-in ---------------------------------------------------------------------------------------------


def test_a_letter_goes_under_tls_from_the_first_byte(
    serve: Start, box: MailBox, connect: Connect, certificates: Certificates
) -> None:
    channel = connect(serve(ssl_context=certificates.context()).port, schema="dondocs", ca=str(certificates.ca))
    for number in range(3):
        channel.send(letter(number))
    assert (len(box.taken), channel.connection.opened) == (3, 1)


def test_a_letter_goes_under_starttls_after_a_log_in(
    serve: Start, box: MailBox, connect: Connect, certificates: Certificates
) -> None:
    controller = serve(
        tls_context=certificates.context(), require_starttls=True, auth_required=True, authenticator=let_in
    )
    channel = connect(controller.port, login=LOGIN, starttls="yes", ca=str(certificates.ca))
    for number in range(3):
        channel.send(letter(number))
    assert (len(box.taken), channel.connection.opened) == (3, 1)


@IN_CLEAR
@pytest.mark.parametrize("way", ["PLAIN", "LOGIN"])
def test_a_log_in_with_vietnamese_letters_works_either_way(
    way: str, serve: Start, box: MailBox, connect: Connect
) -> None:
    other = {"PLAIN": "LOGIN", "LOGIN": "PLAIN"}[way]
    controller = serve(auth_required=True, auth_require_tls=False, authenticator=let_in, auth_exclude_mechanism=[other])
    connect(controller.port, login=LOGIN).send(letter())
    assert len(box.taken) == 1


def test_cram_md5_never_says_the_password() -> None:
    heard: list[str] = []

    challenge = "PDE4OTYuNjk3MTcwOTUyQG14LnRlc3Q+"  # <1896.697170952@mx.test>

    def script(step: str, connection: int, number: int) -> str | None:
        if step == "EHLO":
            return "250-mx.test\r\n250 AUTH PLAIN CRAM-MD5"
        if step == "AUTH":
            return f"334 {challenge}"
        if step not in ("banner", "MAIL", "RCPT", "DATA", "body", "dot", "QUIT"):
            heard.append(step)
            return "235 welcome"
        return None

    with HostileServer(script) as server:
        channel = letters.channel(server.port, login="doc:secret")
        channel.send(letter())
        channel.close()
        assert server.received == ["<1@dondoc.invalid>"]
    (answer,) = heard  # upper-cased by the server, as verbs are
    proof = hmac.new(b"secret", b64decode(challenge), hashlib.md5).hexdigest()
    assert answer == b64encode(f"doc {proof}".encode()).decode().upper()


@IN_CLEAR
def test_a_wrong_password_is_temporary_and_says_what_to_look_at(serve: Start, box: MailBox, connect: Connect) -> None:
    controller = serve(auth_required=True, auth_require_tls=False, authenticator=let_in)
    with pytest.raises(ChannelError, match=r"không cho đăng nhập.*DONDOC_MAIL_URL: 535") as refused:
        connect(controller.port, login=f"{USER}:wrong").send(letter())
    assert (refused.value.permanent, box.taken) == (False, [])


@pytest.mark.parametrize("cover", ["dondocs", "dondoc"])
def test_a_certificate_that_nobody_vouches_for_is_not_trusted(
    cover: str, serve: Start, box: MailBox, connect: Connect, certificates: Certificates
) -> None:
    implicit = cover == "dondocs"
    context = certificates.context()
    controller = serve(**({"ssl_context": context} if implicit else {"tls_context": context}))
    channel = connect(controller.port, schema=cover, **({} if implicit else {"starttls": "yes"}))
    with pytest.raises(ChannelError, match=r"Chứng thư của máy chủ thư .* không tin được") as refused:
        channel.send(letter())
    assert (refused.value.permanent, box.taken) == (False, [])


def test_a_certificate_for_another_name_is_not_trusted(
    serve: Start, box: MailBox, connect: Connect, certificates: Certificates
) -> None:
    controller = serve(ssl_context=certificates.context())
    with pytest.raises(ChannelError, match="không tin được"):
        connect(controller.port, schema="dondocs", host="localhost", ca=str(certificates.ca)).send(letter())
    assert box.taken == []


def test_verification_can_be_switched_off(
    serve: Start, box: MailBox, connect: Connect, certificates: Certificates
) -> None:
    connect(serve(ssl_context=certificates.context()).port, schema="dondocs", verify="no").send(letter())
    assert len(box.taken) == 1


def test_a_ca_file_that_is_not_there_is_named(
    serve: Start, connect: Connect, certificates: Certificates, box: MailBox
) -> None:
    controller = serve(ssl_context=certificates.context())
    with pytest.raises(ChannelError, match=r"CA khong-co\.pem") as refused:
        connect(controller.port, schema="dondocs", ca="khong-co.pem").send(letter())
    assert not refused.value.permanent


def test_check_goes_through_tls_and_log_in(serve: Start, box: MailBox, certificates: Certificates) -> None:
    controller = serve(
        tls_context=certificates.context(), require_starttls=True, auth_required=True, authenticator=let_in
    )
    told = {"starttls": "yes", "ca": str(certificates.ca)}
    assert check(url(controller.port, login=LOGIN, **told), timeout=20.0) is None
    assert "đăng nhập" in str(check(url(controller.port, login=f"{USER}:wrong", **told), timeout=20.0))
    assert box.taken == []


def test_no_secret_is_ever_logged(
    connect: Connect, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("DEBUG")
    with HostileServer(at("AUTH", "535 5.7.8 no")) as server, pytest.raises(ChannelError):
        connect(server.port, login="doc:very-secret").send(letter())
    assert "very-secret" not in caplog.text + "".join(capfd.readouterr())
    assert "very-secret" not in repr(letters.server(25, login="doc:very-secret"))
