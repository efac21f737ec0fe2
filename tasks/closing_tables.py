"""Months that were closed ("Chốt sổ"): the figures as they stood, and the signed print."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text, UniqueConstraint

from tasks.database import UtcDateTime
from tasks.tables import Document, metadata

closing = Table(
    "closing",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("unit", ForeignKey("agency.id"), nullable=False),
    Column("month", Integer, nullable=False),  # 202611
    Column("closed_at", UtcDateTime, nullable=False),
    Column("closed_by", Text, nullable=False),
    Column("content", Document, nullable=False),  # how every occurrence of the month stood; never changed
    Column("place", Integer, nullable=False),  # rows of the audit chain before the closing
    Column("head", String(64), nullable=False),  # its hash; "" where nothing was written yet
    Column("hash", ForeignKey("stored_file.hash"), nullable=False, index=True),  # the .pdf for signature
    UniqueConstraint("unit", "month"),
)
