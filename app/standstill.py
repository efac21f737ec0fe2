"""Why nothing is sent just now, in words for runs, commands and the doctor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from app import clock_guard
from app.clock_guard import Jump, moment_text
from plans.text import _
from tasks.hold import Hold, held


@dataclass(frozen=True, slots=True)
class Standstill:
    """Sending is held, or the clock has to be confirmed; in the latter case nothing is written down either."""

    hold: Hold | None
    jump: Jump | None

    @property
    def complete(self) -> bool:
        """Whether even ``advance`` waits: under a wrong clock it would record misses for ever."""
        return self.jump is not None

    @property
    def name(self) -> str:
        """The name of the state in which a run ends."""
        return _("Chờ xác nhận ngày giờ") if self.jump else _("Tạm dừng gửi")

    @property
    def reason(self) -> str:
        """What is the matter."""
        if self.jump:
            return self.jump.text
        assert self.hold is not None  # noqa: S101 - there is no standstill without one of the two
        said = _("Tạm dừng gửi từ {since}: {why}.")
        return said.format(since=moment_text(self.hold.since), why=self.hold.reason)

    @property
    def remedy(self) -> str:
        """What to do about it."""
        if self.jump:
            return _("Sửa ngày giờ của máy nếu sai; nếu đúng, xác nhận bằng: dondoc resume")
        return _("Xác nhận gửi tiếp bằng: dondoc resume")

    @property
    def text(self) -> str:
        return f"{self.reason} {self.remedy}"


def standstill(connection: Connection, *, now: datetime) -> Standstill | None:
    """None where everything goes on."""
    found = Standstill(held(connection), clock_guard.jump(connection, now=now))
    return found if found.hold or found.jump else None
