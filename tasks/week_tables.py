"""The weekly page of a lead unit's head: what was frozen, what the officer made of it, what was sent."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, Table, Text, UniqueConstraint

from tasks.database import UtcDateTime
from tasks.tables import Document, metadata

week_page = Table(
    "week_page",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("unit", ForeignKey("agency.id"), nullable=False),
    Column("week", Integer, nullable=False),  # 202647: week 47 of 2026 (ISO 8601)
    Column("frozen_at", UtcDateTime, nullable=False),  # the moment that it shows
    Column("made_at", UtcDateTime, nullable=False),  # when it was written down: later only after a stop
    Column("content", Document, nullable=False),  # how things stood; never changed
    Column("edits", Document, nullable=False),  # the officer's notes, order, what is left out and why
    Column("revision", Integer, nullable=False),  # what a form has seen: another one means that it was saved since
    Column("looked_at", UtcDateTime),
    Column("looked_by", Text),
    Column("sent_at", UtcDateTime),  # when it was fixed and handed to the outbox
    Column("printed", Document),  # the words that went out
    Column("hash", ForeignKey("stored_file.hash"), index=True),  # the .pdf; empty where the machine has no typeface
    UniqueConstraint("unit", "week"),
)
