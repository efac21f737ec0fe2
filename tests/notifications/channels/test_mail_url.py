"""The URL of a mail server: what it says, what is refused, and that its password is never shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.channels.mail_url import BadMailUrl, Cover, MailServer, mail_url, parse_mail_url


def test_a_url_with_everything() -> None:
    url = (
        "dondoc://doc%40tinh.vn:m%E1%BA%ADt%2F%3A%40@mx.tinh.vn:2525/?from=doc@tinh.vn&name=C%C3%B4ng%20an&starttls=yes"
        "&bounce=tra-lai@tinh.vn&verify=no&ca=/etc/ssl/tinh.pem&ehlo=may1.tinh.vn&pace=60"
    )
    assert parse_mail_url(url) == MailServer(
        host="mx.tinh.vn",
        port=2525,
        cover=Cover.STARTTLS,
        sender="doc@tinh.vn",
        name="Công an",
        bounce="tra-lai@tinh.vn",
        user="doc@tinh.vn",
        password="mật/:@",
        verify=False,
        ca=Path("/etc/ssl/tinh.pem"),
        ehlo="may1.tinh.vn",
        pace=60,
    )


@pytest.mark.parametrize(
    ("url", "cover", "port"),
    [
        ("dondocs://mx.vn/?from=a@b.vn", Cover.TLS, 465),
        ("dondoc://mx.vn/?from=a@b.vn", Cover.STARTTLS, 587),
        ("dondoc://mx.vn?from=a@b.vn", Cover.STARTTLS, 587),
        ("dondoc://mx.vn/?from=a@b.vn&starttls=no", Cover.NONE, 25),
        ("dondoc://[::1]:1025/?from=a@b.vn&starttls=no", Cover.NONE, 1025),
    ],
)
def test_the_cover_gives_the_port(url: str, cover: Cover, port: int) -> None:
    server = parse_mail_url(url)
    assert (server.cover, server.port, server.verify, server.pace) == (cover, port, True, 0)


def test_a_user_that_is_an_address_is_the_sender() -> None:
    assert parse_mail_url("dondocs://doc%40tinh.vn:x@mx.vn").sender == "doc@tinh.vn"
    assert parse_mail_url("dondocs://doc@tinh.vn:x@mx.vn").sender == "doc@tinh.vn"


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("", "dondocs://"),
        ("smtp://mx.vn/?from=a@b.vn", "dondocs://"),
        ("dondoc:///?from=a@b.vn", "dondocs://"),
        ("dondoc://mx.vn:99999/?from=a@b.vn", "cổng"),
        ("dondoc://doc:very/secret@mx.vn/?from=a@b.vn", "cổng"),
        ("dondoc://mx.vn/", "from"),
        ("dondoc://doc:x@mx.vn/", "from"),
        ("dondoc://mx.vn/?from=tên@b.vn", "from"),
        ("dondoc://mx.vn/?from=a@b.vn%0d%0aBcc:c@d.vn", "from"),
        ("dondoc://mx.vn/?from=a@b.vn&bounce=x", "bounce"),
        ("dondoc://:secret@mx.vn/?from=a@b.vn", "tên đăng nhập"),
        ("dondoc://doc:se%00cret@mx.vn/?from=a@b.vn", "điều khiển"),
        ("dondoc://mx.vn/?from=a@b.vn&starttls=maybe", "starttls"),
        ("dondocs://mx.vn/?from=a@b.vn&starttls=yes", "starttls"),
        ("dondocs://mx.vn/?from=a@b.vn&verify=x", "verify"),
        ("dondocs://mx.vn/?from=a@b.vn&pace=1", "pace"),
        ("dondocs://mx.vn/?from=a@b.vn&pace=-5", "pace"),
        ("dondocs://mx.vn/?from=a@b.vn&pace=many", "pace"),
        ("dondocs://mx.vn/?from=a@b.vn&ehlo=a%20b", "ehlo"),
        ("dondocs://mx.vn/?from=a@b.vn&form=a@b.vn", "form.*from"),
    ],
)
def test_a_url_that_is_wrong_says_what_and_never_itself(url: str, why: str) -> None:
    with pytest.raises(BadMailUrl, match=why) as refused:
        parse_mail_url(url)
    assert "secret" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_what_is_shown_hides_the_password() -> None:
    server = parse_mail_url("dondoc://doc:secret@mx.vn/?from=a@b.vn&name=C%C3%B4ng%20an")
    assert "secret" not in mail_url(server) + repr(server) + server.address
    assert mail_url(server).startswith("dondoc://doc:***@mx.vn:587/?from=")


WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1, max_size=20)


@given(user=WORDS, password=WORDS, name=WORDS, cover=st.sampled_from(Cover), pace=st.sampled_from([0, 2, 60]))
def test_a_url_written_and_read_again_is_the_same_server(
    user: str, password: str, name: str, cover: Cover, pace: int
) -> None:
    server = MailServer(
        host="mx.vn", port=2525, cover=cover, sender="a@b.vn", name=name, user=user, password=password, pace=pace
    )
    assert parse_mail_url(mail_url(server, hide=False)) == server
