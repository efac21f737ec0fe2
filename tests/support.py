"""A small invented valley for the tests of the core: bodies of every kind, a plan, and a register to put them in.

Tài chính and Nội vụ are peers, the Front (Mặt trận) is only asked, the communes have no address of their own, a
family is never written to, and Công an is the lead unit.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.engine import Row

from app.database import migrate
from notifications import composer, delivery, planner
from notifications.channels.base import Letter, Taken
from notifications.contacts import ContactRole, add_contact
from notifications.delivery import DeliveryCounts
from notifications.tables import message, notice
from plans.calendar import ZONE
from tasks import intake, lifecycle, moves, papers
from tasks.agencies import load_register
from tasks.bodies import register_bodies
from tasks.database import make_engine, reading, writing
from tasks.model import Occurrence
from tasks.papers import Paper
from tasks.tables import audit_event, occurrence

if TYPE_CHECKING:
    from tests.postgresql import Databases

LEAD = "thung-lung.cong-an"
FINANCE = "thung-lung.so-tai-chinh"
INTERIOR = "thung-lung.so-noi-vu"
FRONT = "thung-lung.mat-tran"
COMMUNES = "thung-lung.cap-xa"
FAMILY = "thung-lung.gia-dinh"
HEIR = "thung-lung.so-moi"
PLAN = "thung-lung"

PLAN_TEXT = """\
format: 1
plan: thung-lung
title: Kế hoạch thử của thung lũng
short: KH 05/KH-UBND
number: 05/KH-UBND
issued: 2024-01-15
issuer: Ủy ban nhân dân Thung Lũng
level: province
unit: thung-lung
lead: {agency: cong-an, section: IV.2, quote: "theo dõi, đôn đốc"}
agencies:
  - {id: cong-an, name: Công an Thung Lũng}
  - {id: so-tai-chinh, name: Sở Tài chính}
  - {id: so-noi-vu, name: Sở Nội vụ}
  - {id: mat-tran, name: Ủy ban MTTQ Việt Nam Thung Lũng}
  - {id: cap-xa, name: Công an cấp xã, unlisted: true}
  - {id: gia-dinh, name: Gia đình, never_messaged: true}
  - {id: so-moi, name: Sở Mới}
parties:
  - {agency: so-tai-chinh, relation: peer, ground: III.1}
  - {agency: so-noi-vu, relation: subordinate, ground: III.2}
  - {agency: mat-tran, relation: requested, ground: "III.3: Đề nghị"}
  - {agency: cap-xa, relation: subordinate, ground: III.4}
  - {agency: gia-dinh, relation: peer, ground: III.5}
  - {agency: so-moi, relation: peer, ground: III.6}
duties:
"""

PLAN_DUTIES = """\
  - id: ke-hoach
    title: Kế hoạch triển khai
    section: IV.1
    responsible: [so-tai-chinh, so-noi-vu, mat-tran, cap-xa, gia-dinh]
    due: {kind: once, on: 2024-03-16, boundary: before, quote: "trước ngày 16/3/2024"}
    recipients: [{agency: cong-an}]
"""

ANSWERABLE = f"{PLAN}/ke-hoach/so-tai-chinh/once"


def at(text: str) -> datetime:
    """``at("2024-03-11 07:30")`` is that moment on the Vietnamese clock."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def plan_text(duties: str = PLAN_DUTIES, *, head: str = "") -> bytes:
    """The valley's plan with these duties; ``head`` holds further keys of the plan itself."""
    return (head + PLAN_TEXT + duties).encode()


@dataclass
class Recorder:
    """A channel that keeps every letter, or fails with the error it is given. ``taken``: what it says of them."""

    letters: list[Letter] = field(default_factory=list)
    error: Exception | None = None
    taken: Taken | None = None

    def send(self, letter: Letter) -> Taken | None:
        if self.error is not None:
            raise self.error
        self.letters.append(letter)
        return self.taken


@pytest.fixture(scope="session")
def blank_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty register, to be copied: migrating for every test would take most of the time."""
    return make_blank(tmp_path_factory.mktemp("blank"))


def make_blank(folder: Path) -> Path:
    path = folder / "blank.db"
    engine = make_engine(f"sqlite:///{path}", durable=False)
    migrate(engine)
    engine.dispose()  # the last connection to close leaves everything in the one file
    return path


@contextmanager
def opened(blank: Path, target: Path) -> Iterator[Engine]:
    """An engine on a copy of the empty register; the copy is gone afterwards."""
    shutil.copyfile(blank, target)
    made = make_engine(f"sqlite:///{target}", durable=False)
    try:
        yield made
    finally:
        made.dispose()
        for each in (target, target.with_name(f"{target.name}-wal"), target.with_name(f"{target.name}-shm")):
            each.unlink(missing_ok=True)


def chosen_databases(said: str) -> tuple[str, ...]:
    """``DONDOC_TEST_DATABASES=sqlite,postgresql``: on which databases the tests run; ``all``: every case on both."""
    if said == "all":
        return ("sqlite", "postgresql")
    chosen = tuple(name.strip() for name in said.split(",") if name.strip())
    if not chosen or not {"sqlite", "postgresql"}.issuperset(chosen):
        raise pytest.UsageError(f"DONDOC_TEST_DATABASES={said}: write sqlite, postgresql, both with a comma, or all")
    return chosen


DATABASES = chosen_databases(os.environ.get("DONDOC_TEST_DATABASES", "sqlite,postgresql"))
Registers = Callable[[], AbstractContextManager[Engine]]


@pytest.fixture(params=DATABASES)
def registers(request: pytest.FixtureRequest, tmp_path: Path) -> Registers:
    """Empty registers on each database that dondoc supports: ``with registers() as engine``, as many as are needed."""
    if request.param == "sqlite":
        blank, made = request.getfixturevalue("blank_sqlite"), iter(range(1_000_000))
        return lambda: opened(blank, tmp_path / f"register{next(made)}.db")
    databases = request.getfixturevalue("postgresql")
    return lambda: connected(databases)


@contextmanager
def connected(databases: Databases) -> Iterator[Engine]:
    """An engine on an empty register of the PostgreSQL server."""
    with databases.empty() as url:
        made = make_engine(url)
        try:
            yield made
        finally:
            made.dispose()


@pytest.fixture
def engine(registers: Registers) -> Iterator[Engine]:
    """An empty register on each database that dondoc supports."""
    with registers() as made:
        yield made


@pytest.fixture
def valley(engine: Engine) -> Valley:
    """The valley's register; nothing is followed yet."""
    return Valley(engine)


class Valley:
    """Use cases on a register under a clock that the test sets by hand."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.channel = Recorder()
        self.channels: Mapping[str, Any] = {"email": self.channel, "url": self.channel}
        self.now = at("2024-01-15 07:30")

    # -- setting up --

    def follow(
        self,
        moment: str = "2024-02-01 08:00",
        *,
        text: bytes | None = None,
        start: str | None = None,
        contacts: bool = True,
    ) -> Valley:
        self.now = at(moment)
        with writing(self.engine) as c:
            intake.add_plan(c, text or plan_text(), file="kh.yaml", now=self.now, actor="test")
            intake.activate(c, PLAN, start=date.fromisoformat(start) if start else None, now=self.now, actor="test")
        if contacts:
            for body in (FINANCE, INTERIOR, FRONT, HEIR):
                self.contact(body, "agency")
            for role in ("officer", "stand_in", "head"):
                self.contact(LEAD, role)
        return self

    def contact(
        self, body: str, role: str, address: str | None = None, *, channel: str = "email", name: str | None = None
    ) -> None:
        address = address or f"{role.replace('_', '-')}@{body.partition('.')[2]}.example"
        with writing(self.engine) as c:
            add_contact(
                c,
                body,
                role=ContactRole(role),
                name=name or f"Văn thư {body}",
                address=address,
                channel=channel,
                now=self.now,
                actor="test",
            )

    def end_body(self, agency: str, until: str | None) -> None:
        with writing(self.engine) as c:
            body = load_register(c)[agency]
            ended = replace(body, until=date.fromisoformat(until) if until else None)
            register_bodies(c, [ended], now=self.now, actor="test")

    # -- the clock --

    def go(self, moment: str) -> Valley:
        self.now = at(moment)
        return self

    def advance(self, moment: str | None = None) -> planner.AdvanceCounts:
        self.now = at(moment) if moment else self.now
        return planner.advance(self.engine, now=self.now)

    def compose(self) -> int:
        return composer.compose(self.engine, now=self.now)

    def deliver(self, moment: str | None = None) -> DeliveryCounts:
        self.now = at(moment) if moment else self.now
        return delivery.deliver(self.engine, self.channels, now=self.now)

    def run(self, moment: str | None = None) -> list[Letter]:
        """What a flow does: advance, compose, deliver. Returns the letters that left."""
        self.now = at(moment) if moment else self.now
        before = len(self.channel.letters)
        self.advance()
        self.compose()
        self.deliver()
        return self.channel.letters[before:]

    # -- moves --

    def record(
        self, *ids: str, received: str, number: str | None = None, dated: str | None = None, review: bool = False
    ) -> list[Occurrence]:
        came = Paper(date.fromisoformat(received), number, date.fromisoformat(dated) if dated else None)
        with writing(self.engine) as c:
            return papers.record(c, list(ids), came, review=review, now=self.now, actor="test")

    def correct(self, occurrence_id: str, *, received: str, number: str | None = None) -> list[Occurrence]:
        with writing(self.engine) as c:
            came = Paper(date.fromisoformat(received), number)
            return papers.correct(c, occurrence_id, came, now=self.now, actor="test")

    def undo(self, occurrence_id: str) -> Occurrence:
        with writing(self.engine) as c:
            return papers.undo(c, occurrence_id, now=self.now, actor="test")

    def claim(self, occurrence_id: str) -> Occurrence:
        with writing(self.engine) as c:
            return moves.claim(c, occurrence_id, number="9/BC", dated=None, now=self.now, actor="test")

    def accept(self, occurrence_id: str) -> Occurrence:
        with writing(self.engine) as c:
            return moves.accept(c, occurrence_id, now=self.now, actor="test")

    def give_back(self, occurrence_id: str, by: str | None = None) -> Occurrence:
        with writing(self.engine) as c:
            day = date.fromisoformat(by) if by else None
            return moves.return_(c, occurrence_id, reason="incomplete", by=day, now=self.now, actor="test")

    def extend(self, *ids: str, to: str) -> list[Occurrence]:
        with writing(self.engine) as c:
            return moves.extend(c, list(ids), to=date.fromisoformat(to), document="77/UBND", now=self.now, actor="test")

    def promise(self, occurrence_id: str, on: str) -> Occurrence:
        with writing(self.engine) as c:
            return moves.promise(c, occurrence_id, on=date.fromisoformat(on), now=self.now, actor="test")

    def hold(self, occurrence_id: str, until: str | None) -> Occurrence:
        with writing(self.engine) as c:
            day = date.fromisoformat(until) if until else None
            return moves.hold(c, occurrence_id, until=day, now=self.now, actor="test")

    def waive(self, occurrence_id: str) -> Occurrence:
        with writing(self.engine) as c:
            return moves.waive(c, occurrence_id, reason="CV 3", now=self.now, actor="test")

    def reopen(self, occurrence_id: str) -> Occurrence:
        with writing(self.engine) as c:
            return moves.reopen(c, occurrence_id, now=self.now, actor="test")

    def transfer(self, occurrence_id: str, to: str) -> Occurrence:
        with writing(self.engine) as c:
            body = load_register(c)[to]
            return moves.transfer(c, occurrence_id, to=body, document=None, now=self.now, actor="test")

    def stop(self) -> int:
        with writing(self.engine) as c:
            return intake.stop(c, PLAN, now=self.now, actor="test")

    # -- looking --

    def occurrence(self, occurrence_id: str) -> Occurrence:
        with reading(self.engine) as c:
            return lifecycle.load(c, occurrence_id)

    def ids(self) -> list[str]:
        with reading(self.engine) as c:
            return [row.id for row in c.execute(select(occurrence.c.id).order_by(occurrence.c.id))]

    def ledger(self, subject: str | None = None) -> list[Row[Any]]:
        chosen = select(notice).order_by(notice.c.id)
        if subject is not None:
            chosen = chosen.where(notice.c.subject == subject)
        with reading(self.engine) as c:
            return list(c.execute(chosen))

    def told(self, subject: str) -> dict[str, str]:
        """Rung -> status, with the reason where skipped, of an occurrence's newest revision of each rung."""
        return {row.rung: f"{row.status}:{row.reason}" if row.reason else row.status for row in self.ledger(subject)}

    def messages(self, *columns: Any) -> Sequence[Row[Any]]:
        with reading(self.engine) as c:
            return c.execute(select(*(columns or (message,))).order_by(message.c.id)).all()

    def events(self, kind: str | None = None, occurrence_id: str | None = None) -> list[Row[Any]]:
        chosen = select(audit_event).order_by(audit_event.c.id)
        if kind is not None:
            chosen = chosen.where(audit_event.c.kind == kind)
        if occurrence_id is not None:
            chosen = chosen.where(audit_event.c.occurrence_id == occurrence_id)
        with reading(self.engine) as c:
            return list(c.execute(chosen))


def clock(text: str) -> time:
    return time.fromisoformat(text)
