"""Lead units that hand their plans over; of which plans a message speaks

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.migrations.code_points import order_by_code_points
from tasks.database import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lead_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.String(length=60), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("was", sa.String(length=130), nullable=False),
        sa.Column("lead", sa.String(length=130), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("applied_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_lead_change_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_change")),
    )
    with op.batch_alter_table("lead_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lead_change_plan_id"), ["plan_id"], unique=False)
    op.create_table(
        "message_plan",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_message_plan_message_id_message")),
        sa.PrimaryKeyConstraint("message_id", "plan_id", name=op.f("pk_message_plan")),
    )
    order_by_code_points("lead_change", "message_plan")
