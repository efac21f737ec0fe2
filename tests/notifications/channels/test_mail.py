"""The bytes of an e-mail: readable on the other side, legal on the way, and nothing gets out of its header."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.channels.mail import READABLE, Form, checked_address, envelope, is_address
from notifications.errors import ChannelError
from tests.notifications.channels.letters import ALPHA, content, letter

FORMS = [Form(), Form(eight_bit=True), Form(utf8_headers=True), READABLE]
BOX = "doc@tinh.example"
LONG = "Báo cáo kết quả thực hiện kế hoạch phòng, chống tội phạm " * 20


def read(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=default)


def header(raw: bytes, name: str) -> str:
    """Unfolded, not yet decoded."""
    head = raw.partition(b"\r\n\r\n")[0].decode().replace("\r\n ", " ")
    (found,) = [line for line in head.split("\r\n") if line.startswith(f"{name}: ")]
    return found.removeprefix(f"{name}: ")


def decoded(text: str) -> str:
    """By the older reader, which leaves the text as it came."""
    return str(make_header(decode_header(text)))


@pytest.mark.parametrize("form", FORMS, ids=str)
@pytest.mark.parametrize(
    "subject",
    [
        "Đến hạn hôm nay 09/12: Báo cáo năm 2024",
        "KH 01/KH-UBND",
        LONG.strip(),
        "ư" * 300,
        "=?utf-8?q?bẫy?=",
        "=?x?=",
        "",
    ],
    ids=["Vietnamese", "ASCII", "long", "one word", "encoded look-alike", "ASCII look-alike", "empty"],
)
def test_a_subject_reads_as_it_was_written(subject: str, form: Form) -> None:
    raw = envelope(letter(subject=subject), mailbox=BOX, form=form)
    assert read(raw)["Subject"] == subject


@pytest.mark.parametrize("form", FORMS, ids=str)
@pytest.mark.parametrize(
    "name",
    ["Công an tỉnh Sơn La (PC10)", 'Phòng "Một cửa", Sở A', "Van phong, tang 2", "A \\ B", "x" * 400, LONG.strip()],
    ids=["brackets", "quotes and comma", "ASCII comma", "backslash", "long ASCII", "long"],
)
def test_a_name_reads_as_it_was_written_and_stays_one_name(name: str, form: Form) -> None:
    raw = envelope(letter(sender=name, person=name), mailbox=BOX, form=form)
    for field, address in (("From", BOX), ("To", ALPHA)):
        found = getaddresses([header(raw, field)])
        assert [spec for _name, spec in found] == [address]
        assert decoded(found[0][0]) == name


def test_without_a_name_the_address_stands_alone() -> None:
    raw = envelope(letter(person=" "), mailbox=BOX)
    assert f"To: <{ALPHA}>\r\n".encode() in raw


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_ascii_headers_unless_the_other_side_reads_more(form: Form) -> None:
    head = envelope(letter(), mailbox=BOX, form=form).partition(b"\r\n\r\n")[0]
    assert head.isascii() is not form.utf8_headers


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_the_bodies_read_as_they_were_written(form: Form) -> None:
    text = "Kính gửi,\r\n.\r\n..hai chấm\r\n\r\n\tthụt vào\rdòng khác\nhết"
    mail = read(envelope(letter(text=text, html=f"<p>{LONG}</p>"), mailbox=BOX, form=form))
    plain, html = mail.iter_parts()
    # The last line end belongs to the boundary after it (RFC 2046, 5.1.1).
    assert content(plain).rstrip() == "Kính gửi,\n.\n..hai chấm\n\n\tthụt vào\ndòng khác\nhết"
    assert content(html).rstrip() == f"<p>{LONG}</p>"


def test_a_line_too_long_for_the_way_is_encoded() -> None:
    raw = envelope(letter(text="dài " * 400), mailbox=BOX, form=READABLE)
    plain = next(iter(read(raw).iter_parts()))
    assert plain["Content-Transfer-Encoding"] == "base64"
    assert content(plain) == "dài " * 400 + "\n"


def test_a_letter_without_html_has_one_body() -> None:
    mail = read(envelope(letter(html=""), mailbox=BOX))
    assert mail.get_content_type() == "text/plain"
    assert content(mail) == letter().text + "\n"


def test_the_same_letter_gives_the_same_bytes() -> None:
    on = datetime(2024, 12, 9, 0, 30, tzinfo=UTC)
    assert len({envelope(letter(), mailbox=BOX, written=on) for _ in range(3)}) == 1


ANY_TEXT = st.text(st.characters(), max_size=200)


@given(name=ANY_TEXT, subject=ANY_TEXT, text=ANY_TEXT, html=ANY_TEXT, reply=ANY_TEXT, form=st.sampled_from(FORMS))
def test_nothing_gets_out_of_its_place(name: str, subject: str, text: str, html: str, reply: str, form: Form) -> None:
    raw = envelope(
        letter(sender=name, person=name, subject=subject, text=text, html=html, reply_to=reply), mailbox=BOX, form=form
    )
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)|\x00", raw), (
        "only CRLF: a bare line end could smuggle a second letter in"
    )
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    head = raw.partition(b"\r\n\r\n")[0]
    names = re.findall(rb"^([^ \t\r\n:]+):", head, re.MULTILINE)
    wanted = [b"Message-ID", b"From", b"To", b"Reply-To", b"Subject", b"Auto-Submitted", b"MIME-Version"]
    assert [each for each in names if each != b"Reply-To"] == [
        *(each for each in wanted if each != b"Reply-To"),
        b"Content-Type",
        *([b"Content-Transfer-Encoding"] if not html else []),
    ]
    if not form.utf8_headers:
        assert head.isascii()
        assert max(map(len, head.split(b"\r\n"))) <= 78 or (name + subject).isascii()
    if not form.eight_bit and not form.utf8_headers:
        assert raw.isascii()


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=120))
def test_any_subject_comes_back(subject: str) -> None:
    wanted = " ".join(subject.split())
    raw = envelope(letter(subject=subject), mailbox=BOX, form=Form())
    assert decoded(header(raw, "Subject")) == wanted


@pytest.mark.parametrize(
    "evil", ["a\r\nBcc: z@u.example", "a\nBcc: z@u.example", "a\r\n\r\nbody", "a\u2028b\x0bc\x85d"]
)
def test_a_line_end_in_a_header_becomes_a_space(evil: str) -> None:
    mail = read(envelope(letter(subject=evil, sender=evil, person=evil, reply_to=evil), mailbox=BOX))
    assert (mail["Bcc"], mail["Reply-To"]) == (None, None)
    assert mail["Subject"] == " ".join(evil.split())


def test_a_reply_address_that_is_none_is_left_out() -> None:
    for reply in (None, "", "tgram://token/1", "a@b.vn, c@d.vn", "Tên <a@b.vn>"):
        assert read(envelope(letter(reply_to=reply), mailbox=BOX))["Reply-To"] is None


@pytest.mark.parametrize("address", ["a@b.vn", "a.b+c@b.vn", "phòng@b.vn", "o'hara@b.vn", "root@localhost"])
def test_an_address_is_one(address: str) -> None:
    assert is_address(address)


@pytest.mark.parametrize(
    "address", ["", "a", "a@", "@b.vn", "a@b@c.vn", "a b@c.vn", "a@c.vn>", "<a@c.vn", "a\x00@c.vn", "a@" + "c" * 260]
)
def test_an_address_is_none(address: str) -> None:
    with pytest.raises(ChannelError) as refused:
        checked_address(address)
    assert refused.value.permanent


@pytest.mark.parametrize("message_id", ["", "x@y", "<x>", "<x@y> ", "<x y@z>", "<x@y>\n", "<x@y><z@z>"])
def test_a_message_id_is_needed(message_id: str) -> None:
    with pytest.raises(ChannelError, match="Message-ID"):
        envelope(letter(message_id=message_id), mailbox=BOX)
