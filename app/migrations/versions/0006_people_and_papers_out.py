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
    _letters()
    _contacts_and_posts()
    _week_and_month()
    _figures()
    _channels()
    with op.batch_alter_table("occurrence", schema=None) as batch_op:
        batch_op.create_index("ix_occurrence_plan_id_agency_id", ["plan_id", "agency_id"], unique=False)


def _figures() -> None:
    """What agencies reported, with every version of it."""
    op.create_table(
        "figure_value",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("occurrence_id", sa.String(length=250), nullable=False),
        sa.Column("figure_id", sa.String(length=60), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("paper_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("replaced_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["occurrence_id"], ["occurrence.id"], name=op.f("fk_figure_value_occurrence_id_occurrence")
        ),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_figure_value_paper_id_paper")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_value")),
    )
    with op.batch_alter_table("figure_value", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_figure_value_paper_id"), ["paper_id"], unique=False)
        batch_op.create_index("ix_figure_value_occurrence_id", ["occurrence_id", "figure_id"], unique=False)
        batch_op.create_index(
            "uq_figure_value_standing",
            ["occurrence_id", "figure_id"],
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )
    order_by_code_points("figure_value")


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


def _contacts_and_posts() -> None:
    """Channels of a person in order, days of a post, who stands in, what went by the next channel, "Đã nắm"."""
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.add_column(sa.Column("person", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("rank", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("since", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("until", sa.Date(), nullable=True))
    op.execute("UPDATE contact SET person = CAST(id AS VARCHAR(36)), rank = 1")  # each address was a person's own
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.alter_column("person", existing_type=sa.String(length=36), nullable=False)
        batch_op.alter_column("rank", existing_type=sa.Integer(), nullable=False)
        batch_op.create_index(batch_op.f("ix_contact_person"), ["person"], unique=False)
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.String(length=130), nullable=False),
        sa.Column("person", sa.String(length=36), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("stand_in", sa.String(length=36), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_absence_agency_id_agency")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_absence_agency_id"), ["agency_id"], unique=False)
    op.create_table(
        "replacement",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("instead_of", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_replacement_message_id_message")),
        sa.ForeignKeyConstraint(["instead_of"], ["message.id"], name=op.f("fk_replacement_instead_of_message")),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_replacement")),
        sa.UniqueConstraint("instead_of", name=op.f("uq_replacement_instead_of")),
    )
    op.create_table(
        "acknowledgement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.String(length=60), nullable=False),
        sa.Column("agency_id", sa.String(length=130), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_acknowledgement_plan_id_plan")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_acknowledgement_agency_id_agency")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acknowledgement")),
        sa.UniqueConstraint(
            "plan_id", "agency_id", "revision", name=op.f("uq_acknowledgement_plan_id_agency_id_revision")
        ),
    )
    with op.batch_alter_table("acknowledgement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_acknowledgement_agency_id"), ["agency_id"], unique=False)
    order_by_code_points("contact", "absence", "replacement", "acknowledgement")


def _letters() -> None:
    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lead", sa.String(length=130), nullable=False),
        sa.Column("plan_id", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("relation", sa.String(length=12), nullable=False),
        sa.Column("duty_id", sa.String(length=60), nullable=True),
        sa.Column("period", sa.String(length=12), nullable=True),
        sa.Column("agency_id", sa.String(length=130), nullable=True),
        sa.Column("corrects", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("choices", Document, nullable=False),
        sa.Column("content", Document, nullable=False),
        sa.Column("turn", sa.Integer(), nullable=True),
        sa.Column("series", sa.String(length=10), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("number_key", sa.String(length=20), nullable=True),
        sa.Column("symbol", sa.Text(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=True),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["corrects"], ["letter.id"], name=op.f("fk_letter_corrects_letter")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_letter_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index("ix_letter_plan_id_kind", ["plan_id", "kind"], unique=False)
        batch_op.create_index("ix_letter_lead_state", ["lead", "state"], unique=False)
        batch_op.create_index("ix_letter_corrects", ["corrects"], unique=False)
        batch_op.create_index(
            "uq_letter_lead_series_year_number_key",
            ["lead", "series", "year", "number_key"],
            unique=True,
            sqlite_where=sa.text("state = 'numbered'"),
            postgresql_where=sa.text("state = 'numbered'"),
        )
    op.create_table(
        "letter_occurrence",
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("occurrence_id", sa.String(length=250), nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_letter_occurrence_letter_id_letter")),
        sa.ForeignKeyConstraint(
            ["occurrence_id"], ["occurrence.id"], name=op.f("fk_letter_occurrence_occurrence_id_occurrence")
        ),
        sa.PrimaryKeyConstraint("letter_id", "occurrence_id", name=op.f("pk_letter_occurrence")),
    )
    with op.batch_alter_table("letter_occurrence", schema=None) as batch_op:
        batch_op.create_index("ix_letter_occurrence_occurrence_id", ["occurrence_id"], unique=False)
    order_by_code_points("letter", "letter_occurrence")


def _channels() -> None:
    """What a provider's template is filled with, tokens of providers, what the machine outside has sent on."""
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("fields", sa.Text(), nullable=True))
    op.create_table(
        "channel_token",
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("access", sa.Text(), nullable=False),
        sa.Column("refresh", sa.Text(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.Column("refreshed_at", UtcDateTime(), nullable=True),
        sa.Column("claim", sa.String(length=36), nullable=True),
        sa.Column("claimed_until", UtcDateTime(), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_channel_token")),
    )
    op.create_table(
        "relay_carried",
        sa.Column("message_id", sa.String(length=120), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("message_id", "attempt", name=op.f("pk_relay_carried")),
    )
    order_by_code_points("message", "channel_token", "relay_carried")
