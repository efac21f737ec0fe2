"""How many requests a token may make: one program that runs wild does not take the office's server away."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Lock

_WINDOW = timedelta(minutes=1)
_MANY = 10_000  # tokens that are kept in mind


class Throttle:
    """Counts per minute, in the memory of this process. Thread-safe."""

    def __init__(self, per_minute: int) -> None:
        self._most = per_minute
        self._seen: dict[int, tuple[datetime, int]] = {}
        self._lock = Lock()

    def wait(self, token_id: int, now: datetime) -> int:
        """Counts one request; the seconds to wait where it is one too many, else 0."""
        with self._lock:
            began, number = self._seen.get(token_id, (now, 0))
            if now - began >= _WINDOW or now < began:
                began, number = now, 0
            if number >= self._most:
                return max(1, int((began + _WINDOW - now).total_seconds()))
            if len(self._seen) >= _MANY:
                self._seen.clear()
            self._seen[token_id] = (began, number + 1)
            return 0
