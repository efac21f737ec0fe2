"""Of which plans a message speaks: a digest lists all that its reader has open, of whichever lead unit."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, false, select
from sqlalchemy.engine import Connection

from notifications.facts import Sheet
from notifications.tables import message, message_notice, message_plan, notice
from tasks.database import insert_new
from tasks.tables import plan


def note_plans(connection: Connection, sheets: Mapping[int, Sheet]) -> None:
    """Written down with each message, since its text is kept as it was sent and a plan may change hands."""
    rows = [{"message_id": key, "plan_id": it} for key, sheet in sheets.items() for it in sorted(sheet.plans)]
    insert_new(connection, message_plan, rows)


def speaks_of_others(units: Collection[str] | None) -> ColumnElement[bool]:
    """Whether a message speaks of plans that none of these lead units follows (None: all units are one's own).

    A message of a time before plans were written down is judged by the notices that it carried.
    """
    if units is None:
        return false()
    foreign = select(plan.c.id).where(plan.c.lead.not_in(sorted(units)))
    listed = select(message_plan.c.plan_id).where(
        message_plan.c.message_id == message.c.id, message_plan.c.plan_id.in_(foreign)
    )
    told = (
        select(message_notice.c.notice_id)
        .join(notice, notice.c.id == message_notice.c.notice_id)
        .where(message_notice.c.message_id == message.c.id, notice.c.plan_id.in_(foreign))
    )
    return listed.correlate(message).exists() | told.correlate(message).exists()
