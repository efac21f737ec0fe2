"""The papers that the state table counts, with their files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.engine import Connection

from plans.model import Plan
from tasks.desk_tables import paper_file, stored_file
from tasks.tables import answer, paper


@dataclass(frozen=True, slots=True)
class FileRef:
    """A file kept beside a paper."""

    hash: str
    name: str
    kind: str
    size: int


@dataclass(frozen=True, slots=True)
class PaperRef:
    """A paper that counts. A secret one bears its date alone (D12)."""

    id: int
    number: str | None
    dated: date | None
    received_on: date
    secret: bool
    files: tuple[FileRef, ...]


def papers_of(
    connection: Connection, plan: Plan, ids: Collection[str], *, at: datetime
) -> dict[str, tuple[PaperRef, ...]]:
    """The papers that count for each, oldest first, with their files. Two queries."""
    chosen = (
        select(paper, answer.c.occurrence_id)
        .join(answer, answer.c.paper_id == paper.c.id)
        .where(
            answer.c.occurrence_id.in_(sorted(ids)),
            answer.c.verdict != "void",
            paper.c.replaced_by.is_(None),
            paper.c.recorded_at <= at,
        )
        .order_by(paper.c.received_on, paper.c.id)
    )
    rows = connection.execute(chosen).all()
    closed = {duty.id for duty in plan.duties if duty.no_file}
    files = _files(connection, {row.id for row in rows if not row.secret})
    found: dict[str, list[PaperRef]] = defaultdict(list)
    for row in rows:
        kept = () if row.occurrence_id.split("/")[1] in closed else files.get(row.id, ())
        number, dated = (None, None) if row.secret else (row.number, row.dated)
        found[row.occurrence_id].append(PaperRef(row.id, number, dated, row.received_on, row.secret, tuple(kept)))
    return {key: tuple(each) for key, each in found.items()}


def _files(connection: Connection, papers: Collection[int]) -> dict[int, list[FileRef]]:
    chosen = (
        select(paper_file.c.paper_id, paper_file.c.name, stored_file.c.hash, stored_file.c.kind, stored_file.c.size)
        .join(stored_file, stored_file.c.hash == paper_file.c.hash)
        .where(paper_file.c.paper_id.in_(sorted(papers)))
        .order_by(paper_file.c.paper_id, paper_file.c.name, paper_file.c.hash)
    )
    found: dict[int, list[FileRef]] = defaultdict(list)
    for row in connection.execute(chosen):
        found[row.paper_id].append(FileRef(row.hash, row.name, row.kind, row.size))
    return found
