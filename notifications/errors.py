"""What can go wrong in telling people."""

from __future__ import annotations


class NotificationsError(Exception):
    """Base of all errors of this package; ``str()`` is fit for a coordinator to read."""


class BadContact(NotificationsError):
    """An address, channel or role that cannot be used."""


class BadText(NotificationsError):
    """A text of the office's own from which no message can be made, or that is out of tone."""


class ChannelError(NotificationsError):
    """A channel did not take a message.

    ``permanent``: trying again will not help. ``ours``: the message and its recipient are well, but the settings of
    this installation are not; every other message would fare the same until somebody puts them right.
    ``retry_after``: seconds for which the other side asked to be left alone.
    """

    def __init__(
        self, message: str, *, permanent: bool = False, ours: bool = False, retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.ours = ours
        self.retry_after = retry_after


class FateUnknown(ChannelError):
    """The connection was lost after the body: nobody knows whether the message arrived (D8)."""
