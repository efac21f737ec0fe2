"""What became of one file of a stick, for whoever carries it."""

from __future__ import annotations

from dataclasses import dataclass

from plans.text import _


@dataclass(frozen=True, slots=True)
class Handled:
    """``what``: sent, failed, unknown, superseded, waiting, again (nothing was done: it had been before) or refused
    (not followed)."""

    file: str
    what: str
    detail: str = ""


def told_text(what: str) -> str:
    """What became of a message outside, in words."""
    words = {
        "sent": _("đã gửi"),
        "failed": _("không gửi được"),
        "unknown": _("chưa rõ đã đến hay chưa"),
        "superseded": _("thôi gửi, đã có thông báo mới hơn"),
        "waiting": _("chưa gửi được, lượt sau gửi lại"),
        "again": _("đã xử lý từ trước"),
        "refused": _("từ chối"),
    }
    return words.get(what, what)
