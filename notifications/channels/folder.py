"""Writes every message as a readable .eml file: a first run needs no mail server, and nothing leaves the machine."""

from __future__ import annotations

import os
import re
from pathlib import Path

from notifications.channels.base import Letter
from notifications.channels.mail import envelope
from notifications.errors import ChannelError

_MAILBOX = "dondoc@localhost"


class FolderChannel:
    """One file per Message-ID, so that a second attempt overwrites and never doubles."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, letter: Letter) -> None:
        target = self._path(letter.message_id)
        scratch = target.with_suffix(".part")
        mail = envelope(letter, mailbox=_MAILBOX).replace(b"\r\n", b"\n")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with scratch.open("wb") as file:
                file.write(mail)
                file.flush()
                os.fsync(file.fileno())
            scratch.replace(target)
        except OSError as error:
            raise ChannelError(f"{target}: {error.strerror}") from error

    def forget(self, message_id: str) -> None:
        """Takes a letter's file away, for the sample that goes without a trace."""
        self._path(message_id).unlink(missing_ok=True)

    def _path(self, message_id: str) -> Path:
        return self.folder / f"{re.sub(r'[^0-9A-Za-z-]', '', message_id.partition('@')[0])}.eml"
