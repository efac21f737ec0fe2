"""The tables of people, in the same metadata as the register."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, Text

from tasks.database import UtcDateTime
from tasks.tables import metadata

account = Table(
    "account",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("login", String(60), nullable=False, unique=True),  # lower case
    Column("name", Text, nullable=False),
    Column("password", Text, nullable=False),  # argon2id, with its salt and parameters
    Column("must_change", Boolean, nullable=False),  # the first password is known to whoever made it
    Column("active", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("password_at", UtcDateTime, nullable=False),
)

# Who holds which post, from when to when. Rights come from posts alone.
post = Table(
    "post",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account_id", ForeignKey("account.id"), nullable=False, index=True),
    Column("role", String(16), nullable=False),  # people.rights.Role
    Column("unit", String(130)),  # the lead unit or agency; NULL where the role is for the whole installation
    Column("since", Date, nullable=False),
    Column("until", Date),  # the last day
)

sign_in = Table(
    "sign_in",
    metadata,
    Column("token", String(64), primary_key=True),  # SHA-256 of what the browser holds
    Column("account_id", ForeignKey("account.id"), nullable=False, index=True),
    Column("csrf", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("address", Text, nullable=False),
)

# Refused sign-ins, kept for a day: what the throttle counts.
refused_sign_in = Table(
    "refused_sign_in",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("login", String(60), nullable=False),
    Column("address", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_refused_sign_in_login_at", "login", "at"),
    Index("ix_refused_sign_in_address_at", "address", "at"),
)

# Long-lived tokens: of a program that uses the API, or of a calendar that reads a feed.
token = Table(
    "token",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(10), nullable=False),  # api, feed
    Column("hash", String(64), nullable=False, unique=True),  # SHA-256
    Column("name", Text, nullable=False),
    Column("account_id", ForeignKey("account.id"), nullable=False),  # whose rights it has, who made it
    Column("agency_id", String(130)),  # whose calendar a feed shows
    Column("read_only", Boolean, nullable=False, default=False),  # sees what the account sees and changes nothing
    Column("created_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    Column("expires_on", Date),
    Column("revoked_at", UtcDateTime),
)
