"""One request in bounded time, and what may be concluded from how far it came."""

from __future__ import annotations

import pytest

from notifications.channels.http_call import Answer, Call, call, raise_for_status
from notifications.errors import ChannelError, FateUnknown
from tests.notifications.channels.mailbox import Certificates
from tests.notifications.channels.provider import Says, nobody, provider

SECRET = "Khoa-4711"


def _call(url: str) -> Call:
    return Call("Dịch vụ", f"{url}/bot{SECRET}/x?key={SECRET}", b"{}", {"X-Key": SECRET})


def test_an_answer_comes_with_its_status_and_what_it_asks_us_to_wait() -> None:
    with provider(Says({"ok": True}, 429, {"Retry-After": "7"})) as there:
        answer = call(_call(there.url))
    assert (answer.status, answer.document(), answer.retry_after) == (429, {"ok": True}, 7.0)
    [asked] = there.asked
    assert (asked.method, asked.path, asked.body) == ("POST", f"/bot{SECRET}/x?key={SECRET}", b"{}")


def test_nobody_there_is_a_temporary_failure() -> None:
    with pytest.raises(ChannelError, match="không mở cổng") as caught:
        call(_call(nobody()))
    assert type(caught.value) is ChannelError
    assert not caught.value.permanent


@pytest.mark.parametrize("says", [Says(drops=True), Says(hangs=True)], ids=["drops", "hangs"])
def test_a_line_lost_after_the_request_leaves_the_fate_unknown(says: Says) -> None:
    with provider(says) as there, pytest.raises(FateUnknown):
        call(_call(there.url), timeout=0.5)
    assert len(there.asked) == 1


@pytest.mark.parametrize("url", ["ftp://127.0.0.1", "http://127.0.0.1:bad", "keine-adresse"])
def test_an_address_that_is_none_is_no_reason_to_doubt(url: str) -> None:
    with pytest.raises(ChannelError) as caught:
        call(_call(url), timeout=5)
    assert type(caught.value) is ChannelError


def test_a_redirect_is_not_followed_since_it_would_take_the_key_along() -> None:
    with provider(Says()) as elsewhere, provider(Says(status=302, headers={"Location": elsewhere.url})) as there:
        answer = call(_call(there.url))
    assert answer.status == 302
    assert elsewhere.asked == []


def test_a_certificate_that_nobody_vouches_for_stops_it_before_anything_is_told(certificates: Certificates) -> None:
    says = r"chứng thư số của 127\.0\.0\.1"
    tls = certificates.context()
    with provider(Says({"ok": True}), tls=tls) as there, pytest.raises(ChannelError, match=says) as caught:
        call(_call(there.url))
    assert (type(caught.value), caught.value.ours, there.asked) == (ChannelError, True, [])


def test_a_certificate_that_the_system_knows_is_spoken_to(
    certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.ca))
    with provider(Says({"ok": True}), tls=certificates.context()) as there:
        assert call(_call(there.url)).document() == {"ok": True}


@pytest.mark.parametrize("url", ["nobody", "drops", "bad"])
def test_no_error_holds_the_key(url: str) -> None:
    with provider(Says(drops=True)) as there, pytest.raises(ChannelError) as caught:
        call(_call({"nobody": nobody(), "drops": there.url, "bad": "http://127.0.0.1:bad"}[url]), timeout=5)
    assert SECRET not in f"{caught.value} {caught.value.__cause__} {caught.value.__dict__}"
    assert SECRET not in repr(_call("http://x.example")).replace("url=", "").partition("headers")[2]


@pytest.mark.parametrize(
    ("status", "kind", "ours"),
    [
        (503, ChannelError, False),
        (429, ChannelError, False),
        (500, FateUnknown, False),
        (502, FateUnknown, False),
        (504, FateUnknown, False),
        (401, ChannelError, True),
        (403, ChannelError, True),
        (404, ChannelError, True),
        (302, ChannelError, True),
    ],
)
def test_what_a_bare_status_says(status: int, kind: type[ChannelError], ours: bool) -> None:
    with pytest.raises(ChannelError) as caught:
        raise_for_status(_call("http://x.example"), Answer(status, b""))
    assert (type(caught.value), caught.value.ours, caught.value.permanent) == (kind, ours, False)


def test_success_says_nothing() -> None:
    raise_for_status(_call("http://x.example"), Answer(204, b""))
