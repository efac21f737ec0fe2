"""The tables of the desk: what is noted beside an occurrence, and the files that came with papers."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table, Text

from tasks.database import UtcDateTime
from tasks.tables import metadata

# A telephone call: it presses, and an inspection asks for it. No personal data of persons under a plan (D12).
call_note = Table(
    "call_note",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("occurrence_id", ForeignKey("occurrence.id"), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("by", Text, nullable=False),
    Column("spoke_with", Text, nullable=False),
    Column("text", Text, nullable=False),
)

# What an agency asks for or says: extension, obstacle, not_responsible, promise. The office settles it.
request = Table(
    "request",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("occurrence_id", ForeignKey("occurrence.id"), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("wanted", Date),
    Column("text", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", Text, nullable=False),
    Column("settled_at", UtcDateTime),
    Column("settled_by", Text),
    Column("answer", Text),
    Index("ix_request_settled_at", "settled_at"),
)

# What the head says: agreement to send, or a direction.
direction = Table(
    "direction",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("plan_id", ForeignKey("plan.id"), nullable=False, index=True),
    Column("occurrence_id", ForeignKey("occurrence.id"), index=True),
    Column("kind", String(10), nullable=False),  # agreed, direction
    Column("text", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", Text, nullable=False),
)

# One row per content; the bytes lie in the files folder of the home under their hash.
stored_file = Table(
    "stored_file",
    metadata,
    Column("hash", String(64), primary_key=True),  # SHA-256
    Column("kind", String(10), nullable=False),  # pdf, docx, xlsx, png, jpeg, …
    Column("size", Integer, nullable=False),  # bytes
    Column("at", UtcDateTime, nullable=False),
)

paper_file = Table(
    "paper_file",
    metadata,
    Column("paper_id", ForeignKey("paper.id"), primary_key=True),
    Column("hash", ForeignKey("stored_file.hash"), primary_key=True),
    Column("name", Text, nullable=False),  # as it was called; never used as a path
    Column("by", Text, nullable=False),
)
