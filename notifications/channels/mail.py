"""A letter as the bytes of an e-mail: headers that cannot be broken out of, bodies with legal lines.

Written by hand and not with ``email.message``: that one folds long encoded names wrongly in several Python versions
(a comma of a display name ends up bare between two encoded words), and lets lines of any length pass as 8bit.
"""

from __future__ import annotations

import re
from base64 import b64encode, encodebytes
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256

from notifications.channels.base import Letter
from notifications.errors import ChannelError
from plans.calendar import local_time
from plans.text import _

LINE = 998  # bytes without the line end: RFC 5322, 2.1.1
_ADDRESS = re.compile(r"[^\s\x00-\x1f\x7f@<>()\[\]\\,;:\"]+@[^\s\x00-\x1f\x7f@<>()\[\]\\,;:\"]+")
_MESSAGE_ID = re.compile(r"<[!-;=?A-~]+@[!-;=?A-~]+>")  # visible ASCII without angle brackets
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Form:
    """What the receiving side can read beyond plain ASCII."""

    utf8_headers: bool = False  # SMTPUTF8 (RFC 6531), or a file that people read
    eight_bit: bool = False  # 8BITMIME (RFC 6152)


READABLE = Form(utf8_headers=True, eight_bit=True)


def envelope(letter: Letter, *, mailbox: str, form: Form = READABLE, written: datetime | None = None) -> bytes:
    """The letter with CRLF line ends: plain text first, HTML for those who like it.

    ``mailbox`` stands behind the sender's name in From. The same letter gives the same bytes in the same form.
    Raises ChannelError (permanent) when the letter has no usable Message-ID or address.
    """
    written = written or letter.written
    head = [
        _line("Message-ID", checked_message_id(letter.message_id)),
        *([_line("Date", format_datetime(local_time(written)))] if written else []),
        _line("From", _mailbox("From", letter.sender, checked_address(mailbox), form)),
        _line("To", _mailbox("To", letter.person, checked_address(letter.address), form)),
        *_reply_to(letter, form),
        _line("Subject", _text("Subject", letter.subject, form)),
        _line("Auto-Submitted", "auto-generated"),  # RFC 3834: holiday notices must not answer
        _line("MIME-Version", "1.0"),
    ]
    return b"".join(head) + _body(letter, form)


def is_address(address: str) -> bool:
    """Whether it can stand in a dialogue and a header without harm; not whether anybody lives there."""
    return bool(_ADDRESS.fullmatch(address)) and len(address.encode()) <= 254  # RFC 5321, 4.5.3.1.3


def checked_address(address: str) -> str:
    """The address with its domain in ASCII (IDNA). Raises ChannelError (permanent)."""
    local, _at, domain = address.rpartition("@")
    try:
        if not is_address(address):
            raise UnicodeError
        return address if domain.isascii() else f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError as error:
        said = _("Địa chỉ thư điện tử {address} không đúng dạng ten@co-quan.vn.")
        raise ChannelError(said.format(address=_one_line(address)), permanent=True) from error


def checked_message_id(message_id: str) -> str:
    """Raises ChannelError (permanent): what cannot be recognised must not be sent."""
    if not _MESSAGE_ID.fullmatch(message_id):
        raise ChannelError(_("Thư không có Message-ID hợp lệ."), permanent=True)
    return message_id


# --- Headers ----------------------------------------------------------------------------------------------------


def _line(name: str, value: str) -> bytes:
    return f"{name}: {value}\r\n".encode()


def _one_line(text: str) -> str:
    """No line end and no control character can leave its header."""
    return " ".join(_CONTROL.sub(" ", text).encode("utf-8", "replace").decode().split())


def _text(name: str, text: str, form: Form) -> str:
    text = _one_line(text)
    raw_is_fine = "=?" not in text and (text.isascii() or form.utf8_headers)
    limit = LINE - len(name) - 2 if form.utf8_headers else 76 - len(name)
    return text if raw_is_fine and len(text.encode()) <= limit else _words(name, text)


def _words(name: str, text: str) -> str:
    """RFC 2047: encoded words of at most 75 characters, cut between letters, one a line of at most 76.

    Not ``email.header``, which weighs every letter against every limit and takes ten times as long as all the rest.
    """
    words, word, room = [], b"", (76 - len(f"{name}: ") - len("=?utf-8?b??=")) // 4 * 3
    for letter in text:
        octets = letter.encode()
        if len(word) + len(octets) > room:
            words.append(word)
            word, room = b"", 45
        word += octets
    return "\r\n ".join(f"=?utf-8?b?{b64encode(each).decode()}?=" for each in (*words, word))


def _mailbox(name: str, person: str, address: str, form: Form) -> str:
    person = _one_line(person)
    if not person:
        return f"<{address}>"
    raw_is_fine = "=?" not in person and (person.isascii() or form.utf8_headers)
    if raw_is_fine and len(person.encode()) <= 300:
        quoted = person.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}"\r\n <{address}>' if len(quoted) + len(address) > 64 else f'"{quoted}" <{address}>'
    return f"{_words(name, person)}\r\n <{address}>"


def _reply_to(letter: Letter, form: Form) -> list[bytes]:
    """Left out where it cannot be written: better a letter without it than none."""
    if not letter.reply_to or not is_address(letter.reply_to):
        return []
    if not (letter.reply_to.isascii() or form.utf8_headers):
        return []
    return [_line("Reply-To", f"<{letter.reply_to}>")]


# --- Bodies -----------------------------------------------------------------------------------------------------


def _body(letter: Letter, form: Form) -> bytes:
    plain = _part("plain", letter.text, form)
    if not letter.html:
        return plain
    # Not random, so that a second attempt is the same message byte for byte.
    whole = "\0".join((letter.message_id, letter.text, letter.html)).encode("utf-8", "replace")
    boundary = "=_" + sha256(whole).hexdigest()[:32]
    between = f"--{boundary}\r\n".encode()
    head = f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n\r\n'.encode()
    return head + between + plain + between + _part("html", letter.html, form) + f"--{boundary}--\r\n".encode()


def _part(subtype: str, text: str, form: Form) -> bytes:
    lines = re.split(r"\r\n|\r|\n", _CONTROL.sub("", text).removesuffix("\n"))
    content = "".join(f"{line}\r\n" for line in lines).encode("utf-8", "replace")
    encoding = "7bit" if content.isascii() else "8bit"
    if max(map(len, content.split(b"\r\n"))) > LINE or (encoding == "8bit" and not form.eight_bit):
        content, encoding = encodebytes(content).replace(b"\n", b"\r\n"), "base64"
    head = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n'
    return head.encode() + content
