"""The tables of the desk: what is noted beside an occurrence, the files that came with papers, the texts of plans."""

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

# What an agency sent along when it said that it has sent its paper: no paper yet, the officer records that.
claim_file = Table(
    "claim_file",
    metadata,
    Column("occurrence_id", ForeignKey("occurrence.id"), primary_key=True),
    Column("hash", ForeignKey("stored_file.hash"), primary_key=True),
    Column("name", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", Text, nullable=False),
)

# Every text that a plan had, as it was brought in.
plan_version = Table(
    "plan_version",
    metadata,
    Column("plan_id", ForeignKey("plan.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("source", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", Text, nullable=False),  # "" where it was brought in before versions were kept
)

# What somebody is still writing: a plan file's text that may be incomplete. It is no plan before it is brought in.
plan_draft = Table(
    "plan_draft",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("lead", String(130), nullable=False, index=True),  # the unit that it belongs to
    Column("plan_id", String(60)),  # the plan that it will change
    Column("base", Integer),  # the version of that plan which it was begun from
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("revision", Integer, nullable=False),  # what a page has seen: another one means that it was saved since
    Column("at", UtcDateTime, nullable=False),
    Column("by", Text, nullable=False),
)
