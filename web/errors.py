"""What a browser is told when something cannot be shown or done."""

from __future__ import annotations


class WebError(Exception):
    """Base of all errors of this package. ``status``: the HTTP status that it ends in."""

    status = 400


class NotSignedIn(WebError):
    """The page needs somebody who is signed in."""

    status = 401


class FirstPassword(WebError):
    """The one-time password has to be replaced before anything else."""

    status = 403


class NotAllowed(WebError):
    """The role does not allow it."""

    status = 403


class NotFound(WebError):
    """There is no such thing, or it belongs to another unit: the answer is the same, so that ids cannot be guessed."""

    status = 404


class Forged(WebError):
    """A form that this session did not hand out, or that is too old."""

    status = 403
