"""Days, moments and channels as the hồ sơ prints them."""

from __future__ import annotations

from datetime import date, datetime

from notifications.channels.names import channel_word
from plans.calendar import local_time
from plans.text import day_text

NOTHING = "–"


def moment_text(at: datetime | None) -> str:
    """``07:30 09/12/2024``."""
    if at is None:
        return NOTHING
    here = local_time(at)
    return f"{here:%H:%M} {day_text(here.date())}"


def day_or_dash(day: date | None) -> str:
    return day_text(day) if day else NOTHING


def channel_text(channel: str) -> str:
    """How a message went."""
    return channel_word(channel)
