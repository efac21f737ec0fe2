"""Whose bytes lie in the files folder: a content that nothing refers to any more is taken out."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, delete, select
from sqlalchemy.engine import Connection

from tasks.closing_tables import closing
from tasks.desk_tables import claim_file, paper_file, stored_file
from tasks.reading_tables import document
from tasks.week_tables import week_page

HOLDERS = (paper_file, claim_file, document, week_page, closing)


def unheld() -> ColumnElement[bool]:
    """The rows of ``stored_file`` that nothing refers to."""
    return and_(*(stored_file.c.hash.not_in(select(each.c.hash).where(each.c.hash.is_not(None))) for each in HOLDERS))


def drop_unheld(connection: Connection, file_hash: str) -> bool:
    """Takes the row of those bytes out where nothing holds them any more; True where it did."""
    gone = connection.execute(delete(stored_file).where(stored_file.c.hash == file_hash, unheld()))
    return gone.rowcount == 1
