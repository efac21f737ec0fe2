"""A message as a file: .eml where it went by e-mail, else .txt."""

from __future__ import annotations

from app.dossier.model import Sent
from app.dossier.words import channel_text, moment_text
from notifications.channels.base import Letter
from notifications.channels.mail import envelope
from notifications.channels.names import EMAIL
from notifications.errors import ChannelError
from plans.text import _

_MAILBOX = "dondoc@localhost"  # which account sent it is a matter of the mail server


def mail_file(sent: Sent) -> tuple[str, bytes]:
    """Name and bytes. What is held back (``shared``) is named with its heads only."""
    name = f"{sent.id:06d}"
    if sent.channel == EMAIL and not sent.shared:
        try:
            return f"{name}.eml", envelope(_letter(sent), mailbox=_MAILBOX)
        except ChannelError:
            pass  # an address or a Message-ID that no mail can have: the text is what counts
    return f"{name}.txt", _plain(sent).encode()


def _letter(sent: Sent) -> Letter:
    return Letter(
        sent.message_id, sent.sender, None, sent.person, sent.address, sent.subject, sent.text, "", sent.created_at
    )


def _plain(sent: Sent) -> str:
    heads = [
        (_("Người nhận"), f"{sent.person} ({channel_text(sent.channel)}: {sent.address})"),
        (_("Người gửi"), sent.sender),
        (_("Tiêu đề"), sent.subject),
        (_("Soạn lúc"), moment_text(sent.created_at)),
        ("Message-ID", sent.message_id),
    ]
    text = sent.text or _("Thông báo này cũng nói về kế hoạch của đơn vị khác, nên không in nguyên văn.")
    return "".join(f"{label}: {value}\r\n" for label, value in heads) + "\r\n" + text.replace("\n", "\r\n")
