"""Read, accept what is proposed, make a few listed corrections, start: the same deadlines as the plan that ships.

Compared are the pairs of agency and due date of all occurrences up to the end of 2028. Nothing of the documents stands
here but short time expressions with their section.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.engine import Connection

from app import reading as desk
from app.bringing import bring_in
from app.filestore import FileStore
from plans.calendar import ZONE
from reader.document import Document
from reader.draft import Kind
from tasks import intake, readings
from tasks.database import reading as looking
from tasks.database import writing
from tasks.reading_model import Named, State
from tasks.reading_store import Reading, load, source
from tasks.tables import occurrence
from tests.support import blank_sqlite, opened

__all__ = ["blank_sqlite"]

PROJECT = Path(__file__).resolve().parents[2]
DOCUMENTS = PROJECT.parent / "shared" / "documents"
PLANS = PROJECT / "plans" / "data"
NOW = datetime(2028, 12, 31, 9, 0, tzinfo=ZONE)
BY = "test"

pytestmark = pytest.mark.skipif(not DOCUMENTS.is_dir(), reason="the documents (../shared/documents) are not here")


@dataclass
class Desk:
    """An officer before one reading."""

    connection: Connection
    id: int

    @property
    def found(self) -> Reading:
        return load(self.connection, self.id)

    @property
    def _how(self) -> tuple[int, datetime, str]:
        return self.found.revision, NOW, BY

    def item(self, section: str, quote: str) -> int:
        """The number of the proposal of that section whose time expression has these words."""
        text = source(self.connection, self.found.document_id).text
        [number] = [
            i.id for i in self.found.content.items if i.section == section and i.time and quote in i.time.of(text)
        ]
        return number

    def ignore(self, section: str, quote: str) -> None:
        seen, now, actor = self._how
        number = self.item(section, quote)
        readings.ignore(self.connection, self.id, [number], "đã có", seen=seen, now=now, actor=actor)

    def assign(self, section: str, quote: str) -> None:
        """To the lead unit, where the sentence names nobody."""
        seen, now, actor = self._how
        lead = Named(self.found.content.facts["lead"].value)
        number = self.item(section, quote)
        readings.edit(self.connection, self.id, number, {"agencies": (lead,)}, seen=seen, now=now, actor=actor)

    def add(self, section: str, quote: str) -> None:
        """The words of the document that hold this time expression, in that section."""
        seen, now, actor = self._how
        text = source(self.connection, self.found.document_id).text
        places = [
            at for at in _found(text, quote) if desk.selected(self._document, at, at + len(quote)).section == section
        ]
        desk.add_selected(self.connection, self.id, places[0], places[0] + len(quote), seen=seen, now=now, actor=actor)

    @property
    def _document(self) -> Document:
        return desk.document_of(source(self.connection, self.found.document_id))

    def without(self, group: str, agency: str) -> None:
        seen, now, actor = self._how
        members = {m.agency for m in self.found.content.group(group).chosen}
        assert agency in members
        desk.set_group_members(self.connection, self.id, group, members - {agency}, seen=seen, now=now, actor=actor)

    def body(self, name: str, agency: str) -> None:
        seen, now, actor = self._how
        desk.choose_body(self.connection, self.id, name, agency, seen=seen, now=now, actor=actor)

    def fact(self, name: str, value: str) -> None:
        seen, now, actor = self._how
        readings.set_fact(self.connection, self.id, name, value, seen=seen, now=now, actor=actor)

    def accept_all(self) -> None:
        """Every proposal with a deadline; those without (continuous) owe nothing. Every doubt has been looked at."""
        seen, now, actor = self._how
        content = self.found.content
        waiting = [i for i in content.items if i.state == State.PROPOSED]
        wanted = [i.id for i in waiting if i.kind != Kind.CONTINUOUS]
        readings.accept(self.connection, self.id, wanted, seen=seen, now=now, actor=actor)
        for number in [i.id for i in waiting if i.kind == Kind.CONTINUOUS]:
            seen, now, actor = self._how
            readings.ignore(self.connection, self.id, [number], "không tính hạn", seen=seen, now=now, actor=actor)
        for kind, names in (
            ("fact", content.facts), ("body", [b.name for b in content.bodies]),
            ("group", [g.name for g in content.groups]),
        ):  # fmt: skip
            for name in names:
                seen, now, actor = self._how
                readings.look(self.connection, self.id, kind, name, seen=seen, now=now, actor=actor)

    def start(self) -> str:
        seen, now, actor = self._how
        plan = desk.make_plan(self.connection, self.id, seen=seen, now=now, actor=actor).plan
        intake.activate(self.connection, plan.id, start=plan.issued.earliest, now=now, actor=actor)
        return plan.id


def _found(text: str, quote: str) -> Iterator[int]:
    at = text.find(quote)
    while at >= 0:
        yield at
        at = text.find(quote, at + 1)


@dataclass(frozen=True)
class Trip:
    """A document, the unit that reads it, and what has to be put right: at most five things."""

    file: str
    lead: str
    plan: str
    corrections: tuple[Callable[[Desk], None], ...] = field(default_factory=tuple)


TRIPS = (
    Trip("son-la-2316-qd-ubnd-2023.txt", "son-la.cong-an-tinh", "son-la-2316-2023"),
    Trip(
        "cua-lo-kh-2023.txt",
        "cua-lo.cong-an-thi-xa",
        "cua-lo-2023",
        (
            # a web site that a heading names beside the body that runs it
            lambda d: d.without("Các phòng, ban, ngành", "cua-lo.trang-thong-tin-dien-tu-thi-xa"),
        ),
    ),
    Trip("ba-dinh-kh-2025.txt", "ba-dinh.cong-an-xa", "ba-dinh-2025"),
    Trip(
        "bac-giang-kh-2024.txt",
        "bac-giang.cong-an-tinh",
        "bac-giang-2024",
        (
            # "in the year 2024" says for which year the bank plans, and in these two until when money is to be found
            lambda d: d.ignore("III.10", "trong năm 2024"),
            lambda d: d.add("III.7", "trong năm 2024"),
            lambda d: d.add("III.11", "trong năm 2024"),
        ),
    ),
    Trip(
        "lang-son-211-kh-ubnd-2023-ocr.txt",
        "lang-son.cong-an-tinh",
        "lang-son-211-2023",
        (
            lambda d: d.fact("signed", "2023-11"),  # illegible in the scan; the month follows from the paper
            lambda d: d.assign("II.1", "11/2023"),
            lambda d: d.assign("II.6", "I11/2024"),
            lambda d: d.assign("II.6", "I11/2028"),
            # letters were lost in the name of the bank
            lambda d: d.body("Ngan hang Chinh sach xa hgi tinh", "lang-son.ngan-hang-chinh-sach-xa-hoi"),
        ),
    ),
)


@pytest.fixture
def registers(blank_sqlite: Path, tmp_path: Path) -> Iterator[tuple[Engine, Engine]]:
    with opened(blank_sqlite, tmp_path / "one.db") as one, opened(blank_sqlite, tmp_path / "other.db") as other:
        yield one, other


def owed(engine: Engine, plan: str) -> set[tuple[str, date]]:
    with looking(engine) as connection:
        chosen = select(occurrence.c.agency_id, occurrence.c.due).where(occurrence.c.plan_id == plan)
        rows = {(row.agency_id, row.due) for row in connection.execute(chosen)}
    assert rows, "a comparison of nothing would always hold"
    return rows


@pytest.mark.parametrize("trip", TRIPS, ids=lambda trip: trip.plan)
def test_the_plan_that_is_made_of_the_document_has_the_deadlines_of_the_shipped_one(
    trip: Trip, registers: tuple[Engine, Engine], tmp_path: Path
) -> None:
    assert len(trip.corrections) <= 5
    read, shipped = registers
    data = (DOCUMENTS / trip.file).read_bytes()
    number = desk.upload(read, FileStore(tmp_path), data, trip.file, lead=trip.lead, now=NOW, actor=BY).reading_id
    with writing(read) as connection:
        officer = Desk(connection, number)
        for correct in trip.corrections:
            correct(officer)
        officer.accept_all()
        made = officer.start()
    with writing(shipped) as connection:
        source_text = (PLANS / f"{trip.plan}.yaml").read_bytes()
        plan = bring_in(connection, source_text, file="shipped", now=NOW, actor=BY).plan
        intake.activate(connection, plan.id, start=plan.issued.earliest, now=NOW, actor=BY)
    mine, theirs = owed(read, made), owed(shipped, trip.plan)
    assert (mine - theirs, theirs - mine) == (set(), set())
