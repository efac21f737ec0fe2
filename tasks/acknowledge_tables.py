"""Who has said that what a plan orders of them is understood, and how the office learned of it."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text, UniqueConstraint

from tasks.database import UtcDateTime
from tasks.tables import metadata

# "Đã nắm": one row per list of duties that a body was told of (the revision of its party).
acknowledgement = Table(
    "acknowledgement",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("plan_id", ForeignKey("plan.id"), nullable=False),
    Column("agency_id", ForeignKey("agency.id"), nullable=False, index=True),
    Column("revision", Integer, nullable=False),
    Column("way", String(10), nullable=False),  # link, account, call
    Column("who", Text, nullable=False),  # who of the body said so; empty where the link said it
    Column("at", UtcDateTime, nullable=False),
    Column("by", Text, nullable=False),
    UniqueConstraint("plan_id", "agency_id", "revision"),
)
