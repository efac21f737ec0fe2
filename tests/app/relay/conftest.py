"""A closed network and a machine outside it, each with a register of its own, and a stick between them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from app.relay.handled import Handled
from app.relay.receipts import read_receipts
from app.relay.sending import send_folder
from notifications import deciding
from notifications.channels.relay import RelayChannel
from notifications.tables import attempt
from tasks.database import reading, writing
from tests.support import FINANCE, Recorder, Registers, Valley, at, blank_sqlite, engine, registers, valley

__all__ = ["blank_sqlite", "engine", "registers", "valley"]

KEY = b"k" * 32
REMINDED = "2024-03-08 07:30"  # the reminder seven days before 15/3/2024


@dataclass
class Border:
    """``stick``: what is carried; ``outbox``: the folder inside."""

    inside: Valley
    outside: Engine
    outbox: Path
    stick: Path
    mail: Recorder = field(default_factory=Recorder)
    key_outside: bytes = KEY
    mail_name: str = "email"

    @property
    def channels(self) -> Mapping[str, Any]:
        return {self.mail_name: self.mail, "sms": self.mail}

    def carry_out(self) -> None:
        shutil.copytree(self.outbox, self.stick, dirs_exist_ok=True)

    def send(self, moment: str = "2024-03-08 09:00") -> list[Handled]:
        return send_folder(self.outside, self.channels, self.stick, self.key_outside, moment=lambda: at(moment))

    def receipts(self, moment: str = "2024-03-08 14:00") -> list[Handled]:
        return read_receipts(self.inside.engine, self.stick, KEY, self.outbox, now=at(moment), actor="lan")

    def resend(self, moment: str) -> None:
        row = self.message
        with writing(self.inside.engine) as c:
            deciding.resend(c, row.id, now=at(moment), actor="lan")
        self.inside.deliver(moment)

    @property
    def message(self) -> Any:
        return self.inside.messages()[-1]

    def attempts(self) -> list[str]:
        chosen = select(attempt.c.outcome).where(attempt.c.message_id == self.message.id).order_by(attempt.c.id)
        with reading(self.inside.engine) as c:
            return list(c.execute(chosen).scalars())

    def files(self) -> list[str]:
        return sorted(path.name[:9] for path in self.stick.iterdir())


@pytest.fixture
def border(valley: Valley, registers: Registers, tmp_path: Path) -> Iterator[Border]:
    """Finance is reached through the relay alone; its reminder lies in the outbox."""
    outbox = tmp_path / "chuyen-ra"
    valley.channels = {"relay": RelayChannel(outbox, lambda: KEY)}
    valley.follow(contacts=False).contact(FINANCE, "agency", "email:van-thu@tai-chinh.example", channel="relay")
    valley.run("2024-02-01 08:10")
    for path in outbox.iterdir():
        path.unlink()  # the first letter, of its duties, is of no concern here
    valley.run(REMINDED)
    stick = tmp_path / "usb"
    stick.mkdir()
    with registers() as outside:
        yield Border(valley, outside, outbox, stick)
