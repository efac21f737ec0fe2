"""One command, one session: the installation opened, the clock read once, who is at the keyboard."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

import click
from sqlalchemy import Engine, select
from sqlalchemy.engine import Connection

from app.bootstrap import Dondoc, actor, bootstrap, clock
from app.bringing import bring_in
from app.sample import SAMPLE
from app.standstill import Standstill
from cli import output
from plans.calendar import local_day
from plans.shipped import SHIPPED_PLANS, shipped_text
from plans.text import _, _n
from tasks import database, papers
from tasks.errors import OccurrenceUnknown
from tasks.intake import Brought
from tasks.tables import plan as plan_table


@dataclass(frozen=True, slots=True)
class Session:
    """What every command needs."""

    dondoc: Dondoc
    now: datetime
    actor: str

    @property
    def engine(self) -> Engine:
        return self.dondoc.engine

    @property
    def today(self) -> date:
        return local_day(self.now)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """All of a command or nothing of it; what it says is printed once it is written down."""
        with output.after_commit(), database.writing(self.engine) as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with database.reading(self.engine) as connection:
            yield connection

    @contextmanager
    def trying(self) -> Iterator[Connection]:
        """A transaction whose changes are seen inside and gone afterwards."""
        with database.trying(self.engine) as connection:
            yield connection

    def say_standstill(self) -> Standstill | None:
        """Says beside the result why nothing is sent just now, where that is so."""
        found = self.dondoc.standstill(now=self.now)
        if found is not None:
            output.warn(found.text)
        return found

    def past(self, at: datetime | None) -> datetime:
        """The moment asked for, else now. The live register is never asked about the future."""
        if at is None:
            return self.now
        if at > self.now:
            said = _("Thời điểm --now còn ở tương lai. Muốn xem trước việc sẽ gửi, dùng: dondoc simulate")
            raise click.ClickException(said)
        return at


@contextmanager
def session() -> Iterator[Session]:
    """Opens the installation that the settings describe and closes it afterwards."""
    dondoc = bootstrap()
    try:
        yield Session(dondoc, clock(), actor())
    finally:
        dondoc.close()


def bring_in_shipped(connection: Connection, plan_id: str, *, now: datetime, actor: str) -> Brought:
    """A shipped plan with the bodies of its unit. Raises KeyError for another id."""
    return bring_in(connection, shipped_text(plan_id), file=f"{plan_id}.yaml", now=now, actor=actor)


def is_shipped(plan_id: str | None) -> bool:
    return plan_id in SHIPPED_PLANS


def expand(connection: Connection, patterns: Sequence[str]) -> list[str]:
    """The occurrences meant, each once; says how many a pattern stands for. Raises OccurrenceUnknown."""
    found: dict[str, None] = {}
    for pattern in patterns:
        ids = papers.matching(connection, pattern)
        if not ids:
            raise OccurrenceUnknown(pattern)
        if "*" in pattern:
            output.say(_n("{pattern}: {n} kỳ", len(ids)).format(pattern=pattern, n=len(ids)))
        found |= dict.fromkeys(ids)
    return list(found)


def labelled(plan_or_report: str) -> str:
    """The shipped sample says everywhere that it is one."""
    sample = plan_or_report.split("/")[0] == SAMPLE
    return _("MẪU · {name}").format(name=plan_or_report) if sample else plan_or_report


def has_plans(connection: Connection) -> bool:
    """False on a home where nothing was ever started or brought in."""
    return connection.execute(select(plan_table.c.id).limit(1)).first() is not None
