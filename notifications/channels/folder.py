"""Writes every message as a readable .eml file: a first run needs no mail server, and nothing leaves the machine."""

from __future__ import annotations

import os
import re
from email.message import EmailMessage
from email.policy import SMTPUTF8
from email.utils import formataddr
from pathlib import Path

from notifications.channels.base import Letter
from notifications.errors import ChannelError

_READABLE = SMTPUTF8.clone(cte_type="8bit", linesep="\n", max_line_length=998)


class FolderChannel:
    """One file per Message-ID, so that a second attempt overwrites and never doubles."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, letter: Letter) -> None:
        name = re.sub(r"[^0-9A-Za-z-]", "", letter.message_id.partition("@")[0])
        target = self.folder / f"{name}.eml"
        scratch = target.with_suffix(".part")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with scratch.open("wb") as file:
                file.write(envelope(letter).as_bytes(policy=_READABLE))
                file.flush()
                os.fsync(file.fileno())
            scratch.replace(target)
        except OSError as error:
            raise ChannelError(f"{target}: {error.strerror}") from error


def envelope(letter: Letter) -> EmailMessage:
    """The letter as a multipart e-mail: plain text first, HTML for those who like it."""
    mail = EmailMessage(policy=_READABLE)
    mail["Message-ID"] = letter.message_id
    mail["From"] = formataddr((letter.sender, "dondoc@localhost"), charset="utf-8")
    mail["To"] = formataddr((letter.person, letter.address), charset="utf-8")
    if letter.reply_to:
        mail["Reply-To"] = letter.reply_to
    mail["Subject"] = letter.subject
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.text, cte="8bit")
    mail.add_alternative(letter.html, subtype="html", cte="8bit")
    return mail
