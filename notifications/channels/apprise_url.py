"""Every other service, by its Apprise URL: one recipient at a time, a fresh object each.

Apprise answers True, False or None for all its targets together and gives no reason, so anything but True is a
temporary failure. The total time is bounded, because a service may hang.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong

from notifications.channels.base import Letter
from notifications.errors import ChannelError, FateUnknown

TIMEOUT = 60.0  # seconds for one message


class AppriseChannel:
    """The letter's address is the Apprise URL of the recipient (``tgram://…``, ``json://…``)."""

    def __init__(self, timeout: float = TIMEOUT) -> None:
        self.timeout = timeout

    def send(self, letter: Letter) -> None:
        pool = ThreadPoolExecutor(max_workers=1)
        try:
            taken = pool.submit(_notify, letter).result(timeout=self.timeout)
        except TookTooLong as error:
            raise FateUnknown(f"no answer within {self.timeout:.0f} s") from error
        finally:
            pool.shutdown(wait=False)
        if taken is not True:
            raise ChannelError("the service did not take the message")


def _notify(letter: Letter) -> bool | None:
    import apprise  # here, because most processes never send this way and it is slow to load

    from notifications.channels import plugin

    plugin.register()
    service = apprise.Apprise()
    if not service.add(letter.address):
        raise ChannelError("not an Apprise address", permanent=True)
    taken: bool | None = service.notify(title=letter.subject, body=letter.text, body_format=apprise.NotifyFormat.TEXT)
    return taken
