"""What channels have to remember: the token of a provider, and which relayed letters went out."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table, Text

from tasks.database import UtcDateTime
from tasks.tables import metadata

# A provider's tokens. Each refresh token can be used once, so one sender at a time holds the claim to do so.
# Secret: no copy of the register holds these rows (app/backup/dump).
channel_token = Table(
    "channel_token",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("seed", String(64), nullable=False),  # SHA-256 of the refresh token of the settings that it began with
    Column("access", Text, nullable=False),
    Column("refresh", Text, nullable=False),
    Column("expires_at", UtcDateTime),  # of the access token; NULL: not to be used any more
    Column("refreshed_at", UtcDateTime),  # NULL: never since the settings were read
    Column("claim", String(36)),
    Column("claimed_until", UtcDateTime),
    Column("trouble", Text),  # why the last refresh was refused
    info={"secret": True},
)

# On the machine outside a closed network: every relayed letter that was taken in hand, and what became of it.
relay_carried = Table(
    "relay_carried",
    metadata,
    Column("message_id", String(120), primary_key=True),
    Column("attempt", Integer, primary_key=True),  # the how-manieth hand-over inside
    Column("fingerprint", String(64), nullable=False),  # SHA-256 of what was signed
    Column("status", String(12), nullable=False),  # sending, waiting, sent, failed, unknown, dropped
    Column("tries", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("detail", Text),
)
