"""Our mail server as an Apprise service: ``dondoc://…`` and ``dondocs://…`` work wherever an Apprise URL is asked for.

The URL is that of the settings, with the recipients behind it: ``dondocs://user:pass@host/a@x.vn/b@x.vn?from=…``.
Without recipients it writes to the sender's own mailbox. Importing this module loads Apprise; ``register`` is enough.
"""

from __future__ import annotations

from email.utils import make_msgid
from typing import Any
from urllib.parse import unquote, urlsplit

import apprise

from notifications.channels.base import Letter
from notifications.channels.mail_url import PLAIN_SCHEMA, TLS_SCHEMA, BadMailUrl, MailServer, mail_url, parse_mail_url
from notifications.channels.smtp import SmtpChannel
from notifications.errors import ChannelError

# Apprise's own types say that a service has no name, since the base class has none.
_NotifyBase: Any = apprise.NotifyBase
_NotificationManager: Any = apprise.NotificationManager


class NotifyDondoc(_NotifyBase):  # type: ignore[misc]
    """Sends through the kept connection of the process; Apprise only hears yes or no, the reason goes to its log."""

    service_name = "dondoc"
    service_url = "https://appriseit.com/"
    setup_url = service_url
    protocol = PLAIN_SCHEMA
    secure_protocol = TLS_SCHEMA
    request_rate_per_sec = 0  # the server's pace stands in the URL
    title_maxlen = 900
    body_maxlen = 1_000_000
    templates = ("{schema}://{host}", "{schema}://{user}:{password}@{host}")

    def __init__(self, server: MailServer, targets: list[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.server = server
        self.targets = targets or [server.sender]

    def send(self, body: str, title: str = "", **_options: Any) -> bool:
        """True when every recipient's letter was taken; one transaction each."""
        results = [self._send_to(target, title, body) for target in self.targets]
        return all(results)

    def _send_to(self, target: str, title: str, body: str) -> bool:
        message_id = make_msgid(domain="dondoc.invalid")
        letter = Letter(message_id, self.server.name, None, "", target, title, body, "")
        try:
            SmtpChannel(self.server).send(letter)
        except ChannelError as error:
            self.logger.warning("dondoc: %s", error)
            return False
        return True

    def url(self, privacy: bool = False, *_arguments: Any, **_options: Any) -> str:
        """The URL again, for Apprise to store (whole) or to show (the password hidden)."""
        start, _slash, query = mail_url(self.server, hide=privacy).partition("/?")
        recipients = "/".join(self.quote(target, safe="@") for target in self.targets)
        return f"{start}/{recipients}?{query}"

    @property
    def url_identifier(self) -> tuple[str, ...]:
        """What makes two of them the same for Apprise."""
        return (self.server.cover, self.server.user, self.server.host, str(self.server.port), self.server.sender)

    def __len__(self) -> int:
        return len(self.targets)

    @staticmethod
    def parse_url(url: str) -> dict[str, Any] | None:
        """Apprise's own settings (``tag``, ``format`` …) and ours; None if ours cannot be read."""
        results: dict[str, Any] | None = _NotifyBase.parse_url(url, verify_host=False)
        if not results:
            return None
        try:
            results["server"] = parse_mail_url(url, strict=False)
        except BadMailUrl as error:
            _NotifyBase.logger.warning("dondoc: %s", error)
            return None
        results["targets"] = [unquote(part) for part in urlsplit(url).path.split("/") if part]
        return results


def register() -> None:
    """Makes Apprise know the two schemas; once per process is enough and more does no harm."""
    manager = _NotificationManager()
    if PLAIN_SCHEMA not in manager:
        manager.add(NotifyDondoc)
