"""Which file of which paper: what is handed out."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.engine import Connection

from tasks.desk_tables import paper_file, stored_file


@dataclass(frozen=True, slots=True)
class Handed:
    """How the file is called, and of which kind it was found to be."""

    name: str
    kind: str


def find(connection: Connection, paper_id: int, file_hash: str) -> Handed | None:
    """None where the paper has no such file."""
    chosen = (
        select(paper_file.c.name, stored_file.c.kind)
        .join(stored_file, stored_file.c.hash == paper_file.c.hash)
        .where(paper_file.c.paper_id == paper_id, paper_file.c.hash == file_hash)
    )
    row = connection.execute(chosen).one_or_none()
    return Handed(row.name, row.kind) if row else None
