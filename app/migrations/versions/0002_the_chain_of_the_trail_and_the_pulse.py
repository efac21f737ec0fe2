"""The chain of the trail, and the pulse

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.migrations.code_points import order_by_code_points
from tasks.database import UtcDateTime
from tasks.seal_form import GENESIS, hash_v1  # fixed for ever

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "pulse",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("data", DOCUMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_pulse")),
    )
    op.create_table(
        "audit_seal",
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_audit_seal_event_id_audit_event")),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_audit_seal")),
        sa.UniqueConstraint("event_id", name=op.f("uq_audit_seal_event_id")),
    )
    _seal_what_is_there()
    _forbid_changes()
    order_by_code_points(
        "agency", "plan", "duty", "party", "occurrence", "paper", "answer", "audit_event", "audit_seal", "pulse",
        "setting", "calendar_day", "contact", "notice", "message", "message_notice", "attempt",
    )  # fmt: skip


def _seal_what_is_there() -> None:
    """The trail that a 0001 register already has, in the order of its numbers."""
    connection = op.get_bind()
    event = sa.table(
        "audit_event",
        sa.column("id", sa.Integer()),
        sa.column("at", UtcDateTime()),
        sa.column("actor", sa.Text()),
        sa.column("kind", sa.String()),
        sa.column("plan_id", sa.String()),
        sa.column("occurrence_id", sa.String()),
        sa.column("agency_id", sa.String()),
        sa.column("data", DOCUMENT),
        sa.column("sample", sa.Boolean()),
    )
    seal = sa.table("audit_seal", sa.column("place"), sa.column("event_id"), sa.column("hash"))
    real = sa.select(event).where(event.c.sample.is_(False)).order_by(event.c.id).limit(500)
    place, last, done = 0, GENESIS, 0
    while rows := connection.execute(real.where(event.c.id > done)).all():
        seals = []
        for row in rows:
            place, last, done = place + 1, hash_v1(last, row._asdict()), row.id
            seals.append({"place": place, "event_id": row.id, "hash": last})
        connection.execute(seal.insert(), seals)


def _forbid_changes() -> None:
    """A seal is written once."""
    if op.get_context().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_seal_no_{verb.lower()} BEFORE {verb} ON audit_seal "
                "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION audit_seal_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'the audit trail is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_seal_append_only BEFORE UPDATE OR DELETE ON audit_seal "
        "FOR EACH ROW EXECUTE FUNCTION audit_seal_append_only()"
    )
    op.execute(
        "CREATE TRIGGER audit_seal_no_truncate BEFORE TRUNCATE ON audit_seal "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_seal_append_only()"
    )
