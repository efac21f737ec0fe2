"""Our mail server as an Apprise service: the same URL, with the recipients behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import apprise
import pytest

from notifications.channels import smtp
from notifications.channels.apprise_url import AppriseChannel
from notifications.channels.plugin import NotifyDondoc, register
from notifications.errors import ChannelError
from tests.notifications.channels.hostile import HostileServer, at
from tests.notifications.channels.letters import letter, url
from tests.notifications.channels.mailbox import MailBox, OnAnyPort


@pytest.fixture(autouse=True)
def registered() -> Iterator[None]:
    register()
    register()
    yield
    smtp.close_kept_connections()


def service(address: str) -> NotifyDondoc:
    made = apprise.Apprise.instantiate(address)
    assert isinstance(made, NotifyDondoc)
    return made


def with_recipients(port: int, *recipients: str, **told: str) -> str:
    return url(port, **told).replace("/?", f"/{'/'.join(recipients)}?")


def test_a_message_goes_to_each_recipient_by_itself(serve: Callable[..., OnAnyPort], box: MailBox) -> None:
    to = with_recipients(serve().port, "a@u.example", "b@u.example")
    assert service(to).notify(title="Nhắc việc", body="Kính gửi\nHết") is True
    assert [taken.recipients for taken in box.taken] == [["a@u.example"], ["b@u.example"]]
    assert {taken.mail["Subject"] for taken in box.taken} == {"Nhắc việc"}
    assert len(box.by_id) == 2
    assert len(box.sessions) == 1


def test_apprise_itself_takes_the_url(serve: Callable[..., OnAnyPort], box: MailBox) -> None:
    all_services = apprise.Apprise()
    assert all_services.add(with_recipients(serve().port, "a@u.example") + "&format=text", tag="doc")
    assert all_services.notify(title="Nhắc", body="việc", tag="doc") is True
    assert len(box.taken) == 1


def test_without_recipients_it_writes_to_itself(serve: Callable[..., OnAnyPort], box: MailBox) -> None:
    assert service(url(serve().port)).notify(title="Thử", body="thử") is True
    assert box.taken[0].recipients == ["doc@tinh.example"]


def test_one_refused_recipient_is_a_no_and_its_reason_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with HostileServer(at("RCPT", "550 5.1.1 nobody", letter=1, connection=1)) as server:
        to = with_recipients(server.port, "a@u.example", login="doc:secret")
        assert service(to).notify(title="Nhắc", body="việc") is False
        assert server.received == []
        smtp.close_kept_connections()
    assert "550 5.1.1 nobody" in caplog.text
    assert "secret" not in caplog.text


def test_an_unreadable_url_is_no_service(caplog: pytest.LogCaptureFixture) -> None:
    assert apprise.Apprise.instantiate("dondoc://doc:very-secret@mx.vn/?pace=x&from=a@b.vn") is None
    assert "very-secret" not in caplog.text


def test_what_is_shown_hides_the_password_and_what_is_stored_holds_it() -> None:
    made = service("dondocs://doc:very-secret@mx.vn/a@u.example?from=a@b.vn&pace=30")
    assert "very-secret" not in made.url(privacy=True)
    again = service(made.url())
    assert (again.server, again.targets) == (made.server, ["a@u.example"])


def test_a_contacts_address_may_be_such_a_url(serve: Callable[..., OnAnyPort], box: MailBox) -> None:
    AppriseChannel().send(letter(address=with_recipients(serve().port, "a@u.example")))
    assert box.taken[0].recipients == ["a@u.example"]


def test_a_service_that_does_not_take_it_is_an_error_of_the_channel() -> None:
    with HostileServer(at("MAIL", "550 no")) as server, pytest.raises(ChannelError):
        AppriseChannel().send(letter(address=with_recipients(server.port, "a@u.example")))
