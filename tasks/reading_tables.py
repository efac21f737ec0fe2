"""The tables of documents that were read and of what somebody makes of them before there is a plan."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, Text, UniqueConstraint

from tasks.database import UtcDateTime
from tasks.tables import Document, metadata

# A document as it was uploaded, and its text: never changed. The bytes lie in the files folder under their hash.
document = Table(
    "document",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("lead", String(130), nullable=False),  # the unit that uploaded it and may see it
    Column("hash", ForeignKey("stored_file.hash"), nullable=False, index=True),
    Column("name", Text, nullable=False),  # as it was called; never used as a path
    Column("format", String(10), nullable=False),  # text, docx, pdf, html, picture
    Column("text", Text, nullable=False),  # every place of a reading counts its characters
    Column("pages", Document, nullable=False),
    Column("cells", Document, nullable=False),
    Column("ocr", Boolean, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", Text, nullable=False),
    UniqueConstraint("lead", "hash"),
)

# What was read from a document and what became of it. Who saves over somebody else's saving is told so.
reading = Table(
    "reading",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("document_id", ForeignKey("document.id"), nullable=False, unique=True),
    Column("plan_id", String(60), index=True),  # the plan that was made of it
    Column("revision", Integer, nullable=False),
    Column("content", Document, nullable=False),  # a tasks.reading_model.Content
    Column("at", UtcDateTime, nullable=False),
    Column("by", Text, nullable=False),
)
