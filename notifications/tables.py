"""The tables of the outbox, in the same metadata as the register."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    literal,
    text,
)

from tasks.database import UtcDateTime
from tasks.tables import metadata

contact = Table(
    "contact",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("agency_id", ForeignKey("agency.id"), nullable=False),
    Column("role", String(10), nullable=False),  # agency, officer, stand_in, head
    Column("name", Text, nullable=False),
    Column("phone", Text),
    Column("channel", String(20), nullable=False),
    Column("address", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    # who it is: the channels of one person bear the same mark, and each message goes by the first of them
    Column("person", String(36), nullable=False, index=True, default=lambda: uuid4().hex),
    Column("rank", Integer, nullable=False, default=1),  # 1 is tried first
    Column("since", Date),  # the days on which the person holds the post; empty: no such limit
    Column("until", Date),
    UniqueConstraint("agency_id", "role", "channel", "address"),
)

# Somebody is away, and another person of the same body is written to instead (người làm thay).
absence = Table(
    "absence",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("agency_id", ForeignKey("agency.id"), nullable=False, index=True),
    Column("person", String(36), nullable=False),  # of contact
    Column("role", String(10), nullable=False),  # whose messages the stand-in gets: agency, officer, head
    Column("stand_in", String(36), nullable=False),  # of contact
    Column("since", Date, nullable=False),
    Column("until", Date, nullable=False),  # the last day
    Column("at", UtcDateTime, nullable=False),
    Column("by", Text, nullable=False),
    Column("withdrawn_at", UtcDateTime),
)

# The ledger: one row per rung that fell due, whatever became of it.
notice = Table(
    "notice",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subject", String(260), nullable=False),  # occurrence id, or plan:<id>:<agency>
    Column("revision", Integer, nullable=False),
    Column("rung", String(20), nullable=False),
    Column("role", String(10), nullable=False),
    Column("day", Date, nullable=False),  # the day on which the rung fell due
    Column("plan_id", String(60), nullable=False),
    Column("occurrence_id", String(250)),
    Column("body", String(130), nullable=False),  # the agency whose contact, officer or head is meant
    Column("agency_id", String(130), nullable=False),  # the agency that owes
    Column("status", String(12), nullable=False),  # queued, no_contact, composed, skipped
    Column("reason", String(20)),
    Column("queued_at", UtcDateTime, nullable=False),
    Column("sample", Boolean, nullable=False),
    UniqueConstraint("subject", "revision", "rung", "role"),
    Index(
        "ix_notice_waiting",
        "status",
        "id",
        sqlite_where=text("status IN ('queued', 'no_contact')"),
        postgresql_where=text("status IN ('queued', 'no_contact')"),
    ),
    Index("ix_notice_plan_id", "plan_id"),
)

message = Table(
    "message",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(12), nullable=False),  # digest, assigned, returned, extended, correction, press
    Column("key", String(400), nullable=False, unique=True),  # what makes a second one impossible
    Column("channel", String(20), nullable=False),
    Column("address", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("sender", Text, nullable=False),  # display name: "Công an tỉnh Sơn La (PC10)"
    Column("reply_to", Text),
    Column("message_id", String(120), nullable=False),
    Column("local_day", Date, nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("html", Text, nullable=False),
    Column("fields", Text),  # what a provider's template is filled with, as JSON; SMS and Zalo only
    Column("status", String(12), nullable=False),  # queued, sending, sent, relayed, failed, unknown, dropped
    Column("created_at", UtcDateTime, nullable=False),
    Column("next_try_at", UtcDateTime),
    Column("tries", Integer, nullable=False),
    Column("token", String(36)),
    Column("lease_until", UtcDateTime),
    Column("settled_at", UtcDateTime),
    Column("detail", Text),
    Column("sample", Boolean, nullable=False),
    Index(
        "ix_message_next_try_at",
        "next_try_at",
        sqlite_where=text("next_try_at IS NOT NULL"),
        postgresql_where=text("next_try_at IS NOT NULL"),
    ),
    Index(
        "ix_message_lease_until",
        "lease_until",
        sqlite_where=text("lease_until IS NOT NULL"),
        postgresql_where=text("lease_until IS NOT NULL"),
    ),
)

message_notice = Table(
    "message_notice",
    metadata,
    Column("message_id", ForeignKey("message.id"), primary_key=True),
    Column("notice_id", ForeignKey("notice.id"), primary_key=True),
    Index("ix_message_notice_notice_id", "notice_id"),
)

# A message that went by the next channel of its reader, and the one that it stands for: once at most.
replacement = Table(
    "replacement",
    metadata,
    Column("message_id", ForeignKey("message.id"), primary_key=True),
    Column("instead_of", ForeignKey("message.id"), nullable=False, unique=True),
    Column("why", String(10), nullable=False),  # failed, late, officer
)

# Of which plans a message speaks: a digest lists all that its reader has open, not only what it was written for.
message_plan = Table(
    "message_plan",
    metadata,
    Column("message_id", ForeignKey("message.id"), primary_key=True),
    Column("plan_id", String(60), primary_key=True),
)

# What an agency answers a message by: a signed link, of one message and one agency. The link itself is kept nowhere.
reply_link = Table(
    "reply_link",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("message_id", ForeignKey("message.id"), nullable=False),
    Column("agency_id", String(130), nullable=False),
    Column("until", Date, nullable=False),  # the last day on which it opens
    Column("revoked_at", UtcDateTime),
    UniqueConstraint("message_id", "agency_id"),
)

attempt = Table(
    "attempt",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("message_id", ForeignKey("message.id"), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("outcome", String(12), nullable=False),
    Column("detail", Text),
)


def waits_as(status: str) -> ColumnElement[bool]:
    """Notices that are ``queued`` or wait as ``no_contact``, found by ``ix_notice_waiting``.

    The words of the index stand in the statement too: SQLite uses a partial index only where it reads its very
    condition there, and nothing that is bound can be read.
    """
    waiting = notice.c.status.in_([literal(each, literal_execute=True) for each in ("queued", "no_contact")])
    return waiting & (notice.c.status == status)
