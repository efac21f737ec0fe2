"""The tables of official letters: what was written, under which number, and of which occurrences it speaks."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, Text, text

from tasks.database import UtcDateTime
from tasks.tables import Document, metadata

# A letter is a draft until its number and date are typed; from then on ``content`` never changes.
letter = Table(
    "letter",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("lead", String(130), nullable=False),  # who issues it
    Column("plan_id", ForeignKey("plan.id"), nullable=False),
    Column("kind", String(12), nullable=False),  # assigning, urging, report, extension, correction
    Column("relation", String(12), nullable=False),  # of those to whom it goes
    Column("duty_id", String(60)),  # urging, extension: of which row it speaks
    Column("period", String(12)),
    Column("agency_id", String(130)),  # assigning: to this body alone
    Column("corrects", ForeignKey("letter.id")),
    Column("state", String(10), nullable=False),  # draft, numbered, void
    Column("revision", Integer, nullable=False),  # what a page has seen: another one means that it was saved since
    Column("choices", Document, nullable=False),  # what the officer chose and typed
    Column("content", Document, nullable=False),  # the whole letter as it is printed
    Column("turn", Integer),  # urging: "lần n"
    Column("series", String(10), nullable=False),  # reports are numbered apart from other letters
    Column("number", Text),  # as the registry gave it, without the symbol
    Column("number_key", String(20)),  # equal for "05" and "5"
    Column("symbol", Text),  # "CAT-PC10", at numbering
    Column("year", Integer),  # of the registry
    Column("dated", Date),
    Column("sent_on", Date),
    Column("void_reason", Text),
    Column("sample", Boolean, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", Text, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("changed_by", Text, nullable=False),
    Index("ix_letter_plan_id_kind", "plan_id", "kind"),
    Index("ix_letter_lead_state", "lead", "state"),
    Index("ix_letter_corrects", "corrects"),
    # numbers run from 01 each year and are unique per body (Nghị định 30/2020/NĐ-CP, Điều 15); of a void letter the
    # number may have been a slip, and belongs to another one
    Index(
        "uq_letter_lead_series_year_number_key",
        "lead",
        "series",
        "year",
        "number_key",
        unique=True,
        sqlite_where=text("state = 'numbered'"),
        postgresql_where=text("state = 'numbered'"),
    ),
)

letter_occurrence = Table(
    "letter_occurrence",
    metadata,
    Column("letter_id", ForeignKey("letter.id"), primary_key=True),
    Column("occurrence_id", ForeignKey("occurrence.id"), primary_key=True),
    Index("ix_letter_occurrence_occurrence_id", "occurrence_id"),
)
