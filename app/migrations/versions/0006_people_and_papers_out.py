"""Posts and channels of contacts, letters, figures, what is sent upwards, texts of the office

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.migrations.code_points import order_by_code_points
from tasks.database import UtcDateTime
from tasks.tables import Document

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _week_and_month()


def _week_and_month() -> None:
    """The weekly page of the head, months that were closed."""
    op.create_table(
        "week_page",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=130), nullable=False),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("frozen_at", UtcDateTime(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("content", Document, nullable=False),
        sa.Column("edits", Document, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("looked_at", UtcDateTime(), nullable=True),
        sa.Column("looked_by", sa.Text(), nullable=True),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("printed", Document, nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["hash"], ["stored_file.hash"], name=op.f("fk_week_page_hash_stored_file")),
        sa.ForeignKeyConstraint(["unit"], ["agency.id"], name=op.f("fk_week_page_unit_agency")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_week_page")),
        sa.UniqueConstraint("unit", "week", name=op.f("uq_week_page_unit_week")),
    )
    op.create_table(
        "closing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=130), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=False),
        sa.Column("closed_by", sa.Text(), nullable=False),
        sa.Column("content", Document, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["hash"], ["stored_file.hash"], name=op.f("fk_closing_hash_stored_file")),
        sa.ForeignKeyConstraint(["unit"], ["agency.id"], name=op.f("fk_closing_unit_agency")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closing")),
        sa.UniqueConstraint("unit", "month", name=op.f("uq_closing_unit_month")),
    )
    for table in ("week_page", "closing"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.create_index(batch_op.f(f"ix_{table}_hash"), ["hash"], unique=False)
    order_by_code_points("week_page", "closing")
