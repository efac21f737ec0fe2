"""The tables of the register. The migrations in ``app/migrations`` build the same; a test proves it."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from tasks.database import UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Document = JSON().with_variant(JSONB(), "postgresql")  # JSONB can be compared

agency = Table(
    "agency",
    metadata,
    Column("id", String(130), primary_key=True),
    Column("name", Text, nullable=False),
    Column("until", Date),
    Column("document", Document, nullable=False),  # the whole Agency
)

plan = Table(
    "plan",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("status", String(10), nullable=False),
    Column("sample", Boolean, nullable=False),
    Column("lead", String(130), nullable=False),
    Column("short", Text, nullable=False),
    Column("source", Text, nullable=False),  # the file as brought in
    Column("digest", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("active_from", Date),
    Column("activated_at", UtcDateTime),
    Column("stopped_at", UtcDateTime),
    Column("changed_at", UtcDateTime, nullable=False),
)

# Who follows a plan up from a day on; empty ``applied_at``: that day is still to come.
lead_change = Table(
    "lead_change",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("plan_id", ForeignKey("plan.id"), nullable=False, index=True),
    Column("since", Date, nullable=False),
    Column("was", String(130), nullable=False),
    Column("lead", String(130), nullable=False),
    Column("document", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", Text, nullable=False),
    Column("applied_at", UtcDateTime),
)

duty = Table(
    "duty",
    metadata,
    Column("plan_id", ForeignKey("plan.id"), primary_key=True),
    Column("id", String(60), primary_key=True),
    Column("made_to", Date),  # occurrences exist up to here
    Column("next_check_at", UtcDateTime),
    Index(
        "ix_duty_next_check_at",
        "next_check_at",
        sqlite_where=text("next_check_at IS NOT NULL"),
        postgresql_where=text("next_check_at IS NOT NULL"),
    ),
)

party = Table(
    "party",
    metadata,
    Column("plan_id", ForeignKey("plan.id"), primary_key=True),
    Column("agency_id", ForeignKey("agency.id"), primary_key=True),
    Column("relation", String(12), nullable=False),
    Column("revision", Integer, nullable=False),  # one `assigned` message each
    Column("next_check_at", UtcDateTime),
    Index(
        "ix_party_next_check_at",
        "next_check_at",
        sqlite_where=text("next_check_at IS NOT NULL"),
        postgresql_where=text("next_check_at IS NOT NULL"),
    ),
)

occurrence = Table(
    "occurrence",
    metadata,
    Column("id", String(250), primary_key=True),
    Column("plan_id", String(60), nullable=False),
    Column("duty_id", String(60), nullable=False),
    Column("agency_id", ForeignKey("agency.id"), nullable=False),
    Column("period", String(12), nullable=False),
    Column("due", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("late_after", Date, nullable=False),
    Column("window_from", Date),
    Column("window_to", Date),
    Column("relation", String(12), nullable=False),
    Column("state", String(12), nullable=False),
    Column("before_tracking", Boolean, nullable=False),
    Column("sample", Boolean, nullable=False),
    Column("tracked_from", Date, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("cause", String(10), nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("announce", String(12)),
    Column("extended_by", Text),
    Column("resend_by", Date),
    Column("returned_for", Text),
    Column("muted_until", Date),
    Column("muted_why", Text),
    Column("claimed", Text),
    Column("first_received", Date),
    Column("received_on", Date),
    Column("number", Text),
    Column("noted_at", UtcDateTime),
    Column("days_late", Integer),
    Column("missed_at", UtcDateTime),
    Column("missed_noticed_at", UtcDateTime),
    Column("transferred_to", String(250)),
    Column("next_check_at", UtcDateTime),
    Index("ix_occurrence_plan_id_duty_id", "plan_id", "duty_id"),
    Index("ix_occurrence_plan_id_agency_id", "plan_id", "agency_id"),
    Index("ix_occurrence_agency_id_state", "agency_id", "state", "last_day"),
    # what `advance` reads: its cost grows with what is due, not with what exists
    Index(
        "ix_occurrence_next_check_at",
        "next_check_at",
        sqlite_where=text("next_check_at IS NOT NULL"),
        postgresql_where=text("next_check_at IS NOT NULL"),
    ),
)

paper = Table(
    "paper",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("issuer", ForeignKey("agency.id"), nullable=False),
    Column("number", Text),
    Column("dated", Date),
    Column("received_on", Date, nullable=False),
    Column("received_by", String(130)),  # which recipient of the plan got it
    Column("secret", Boolean, nullable=False),  # "đã nhận theo chế độ mật": date only
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("replaced_by", ForeignKey("paper.id")),  # a slip corrected; both versions are kept
    Column("sample", Boolean, nullable=False),
    Index("ix_paper_received_on", "received_on"),
    Index("ix_paper_issuer_dated", "issuer", "dated"),  # the same number of one issuer and year
    Index(
        "ix_paper_replaced_by",
        "replaced_by",
        sqlite_where=text("replaced_by IS NOT NULL"),
        postgresql_where=text("replaced_by IS NOT NULL"),
    ),
)

answer = Table(
    "answer",
    metadata,
    Column("paper_id", ForeignKey("paper.id"), primary_key=True),
    Column("occurrence_id", ForeignKey("occurrence.id"), primary_key=True),
    Column("verdict", String(12), nullable=False),  # received, accepted, returned, void
    Column("reason", Text),
    Index("ix_answer_occurrence_id", "occurrence_id"),
)

audit_event = Table(
    "audit_event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),  # when it was noticed or done
    Column("actor", Text, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("plan_id", String(60)),
    Column("occurrence_id", String(250)),
    Column("agency_id", String(130)),
    Column("data", Document, nullable=False),
    Column("sample", Boolean, nullable=False),
    Index("ix_audit_event_occurrence_id", "occurrence_id"),
    Index("ix_audit_event_plan_id_kind", "plan_id", "kind"),
    sqlite_autoincrement=True,
)

# The chain of the trail: one row per audit row that is not the sample's, in the order of their commits.
audit_seal = Table(
    "audit_seal",
    metadata,
    Column("place", Integer, primary_key=True, autoincrement=False),  # 1, 2, 3, … without a gap
    Column("event_id", ForeignKey("audit_event.id"), nullable=False, unique=True),
    Column("hash", String(64), nullable=False),  # of the hash before it and of the row: tasks.seal
)

# When each recurring thing was last done, and how it went: what the doctor and the guard of the clock look at.
pulse = Table(
    "pulse",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("data", Document, nullable=False),
)

setting = Table(
    "setting",
    metadata,
    Column("scope", String(130), primary_key=True),  # a lead unit, or "" for the whole installation
    Column("name", String(40), primary_key=True),
    Column("value", Document, nullable=False),
)

calendar_day = Table(
    "calendar_day",
    metadata,
    Column("day", Date, primary_key=True),
    Column("working", Boolean, nullable=False),
    Column("name", Text, nullable=False),
)
