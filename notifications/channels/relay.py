"""The way out of a closed network: each letter becomes one signed file in a folder, which a person carries out.

The machine outside sends it by the channel that the address names (``email:…``, ``sms:…``) and writes a receipt, which
is carried back in (app/relay). Until then the letter is on its way and not sent.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from notifications.channels.base import Letter, Taken
from notifications.channels.relay_files import Carried, moment_text, write_message
from notifications.errors import ChannelError
from plans.calendar import end_of
from plans.text import _


class RelayChannel:
    """``key``: loaded at the first letter; ``days``: how many days after its own a letter may still be sent outside."""

    def __init__(self, folder: Path, key: Callable[[], bytes], *, days: int = 3) -> None:
        self._folder, self._key, self._days = folder, key, days

    def send(self, letter: Letter) -> Taken:
        """Raises ChannelError (ours): the folder cannot be written."""
        channel, _colon, address = letter.address.partition(":")
        if letter.day is None:
            raise ChannelError(_("Thông báo không rõ của ngày nào; không chuyển ra ngoài."), permanent=True)
        last = letter.day + timedelta(days=self._days)
        carried = Carried(
            letter.message_id, letter.attempt, letter.kind, channel, address, letter.person, letter.sender,
            letter.reply_to, letter.subject, letter.text, letter.html, dict(letter.fields),
            moment_text(letter.written) if letter.written else "", moment_text(end_of(last)),
        )  # fmt: skip
        try:
            path = write_message(self._folder, self._key(), carried)
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else str(error)
            said = _("Không ghi được tệp chuyển ra ngoài ({folder}): {why}").format(folder=self._folder, why=why)
            raise ChannelError(said, ours=True) from error
        return Taken(_("Tệp {name}, chờ mang ra ngoài.").format(name=path.name), on_its_way=True)
