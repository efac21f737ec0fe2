"""How many messages a server is given in a minute."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

MINUTE = 60.0


class Pace:
    """At most ``per_minute`` messages in any 60 seconds; 0 means as fast as it goes.

    A few messages go out at once and only a long row waits. Not thread-safe: the kept connection's lock guards it.
    """

    def __init__(
        self,
        per_minute: int,
        *,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.per_minute = per_minute
        self._clock = clock
        self._pause = pause
        self._given: deque[float] = deque()

    def wait(self) -> None:
        """Returns when the next message may go, and counts it."""
        if not self.per_minute:
            return
        while len(self._given) >= self.per_minute:
            left = self._given[0] + MINUTE - self._clock()
            if left > 0:
                self._pause(left)
            else:
                self._given.popleft()
        self._given.append(self._clock())
