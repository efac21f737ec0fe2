"""Letters and mail servers' URLs for the tests of the channels."""

from __future__ import annotations

from email.message import EmailMessage, Message

from notifications.channels.base import Letter
from notifications.channels.mail_url import MailServer, parse_mail_url
from notifications.channels.smtp import KeptConnection, SmtpChannel

ALPHA = "alpha@u.example"


def letter(number: int = 1, **changed: str | None) -> Letter:
    """A reminder to Alpha; its Message-ID is ``<number@dondoc.invalid>``."""
    values: dict[str, str | None] = {
        "message_id": f"<{number}@dondoc.invalid>",
        "sender": "Công an tỉnh Sơn La (PC10)",
        "reply_to": "can-bo@u.example",
        "person": "Phòng Alpha",
        "address": ALPHA,
        "subject": "Nhắc thời hạn: đề nghị gửi Báo cáo năm 2024 chậm nhất thứ Hai 09/12/2024",
        "text": "Kính gửi Phòng Alpha,\n\n.Dòng này bắt đầu bằng dấu chấm.\nTrân trọng.",
        "html": "<p>Kính gửi Phòng Alpha,</p>",
    }
    return Letter(**{**values, **changed})  # type: ignore[arg-type]


def content(part: Message) -> str:
    """The text of a part, line ends as in the letter."""
    assert isinstance(part, EmailMessage)
    return str(part.get_content()).replace("\r\n", "\n")


def url(port: int, *, schema: str = "dondoc", login: str = "", host: str = "127.0.0.1", **told: str) -> str:
    """Of a server on this machine; in clear unless the settings say otherwise."""
    settings = {"from": "doc@tinh.example", **({"starttls": "no"} if schema == "dondoc" else {}), **told}
    query = "&".join(f"{key}={value}" for key, value in settings.items())
    return f"{schema}://{login}{login and '@'}{host}:{port}/?{query}"


def server(port: int, **told: str) -> MailServer:
    return parse_mail_url(url(port, **told))


def channel(port: int, *, timeout: float = 20.0, rest: float = 0.0, **told: str) -> SmtpChannel:
    """With a connection of its own, so that tests do not share one."""
    to = server(port, **told)
    return SmtpChannel(to, connection=KeptConnection(to), timeout=timeout, rest=rest)
