"""Bytes are kept as long as anything refers to them."""

from __future__ import annotations

from app.schema import metadata
from tasks.desk_tables import stored_file
from tasks.held_files import HOLDERS


def test_whatever_refers_to_files_is_asked_before_they_go() -> None:
    refer = {
        table.name
        for table in metadata.sorted_tables
        for column in table.columns
        if any(key.column is stored_file.c.hash for key in column.foreign_keys)
    }
    assert (
        refer
        == {table.name for table in HOLDERS}
        == {
            "paper_file",
            "claim_file",
            "document",
            "week_page",
            "closing",
        }
    )
