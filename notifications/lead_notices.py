"""What waits for the people of a lead unit after the plan was handed to another one (decision 0009)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import Connection, Row

from notifications.gather import Gatherer
from notifications.tables import notice
from tasks.database import locked
from tasks.tables import plan


def follow_leads(connection: Connection) -> None:
    """What waits for a lead unit's people is for those who follow the plan up now.

    A message that is written keeps its names. What a unit owes itself, and its own briefs, stay its own: there the
    body spoken to is the one that owes.
    """
    lead = select(plan.c.lead).where(plan.c.id == notice.c.plan_id).scalar_subquery()
    waiting = notice.c.status.in_(("queued", "no_contact"))
    elsewhere = waiting & (notice.c.body != notice.c.agency_id) & (notice.c.body != lead)
    if connection.dialect.name == "postgresql":
        held = select(notice.c.id).where(elsewhere).order_by(notice.c.id)
        connection.execute(locked(held, connection)).all()
    connection.execute(update(notice).where(elsewhere).values(body=lead))


def led_elsewhere(known: Gatherer, told: Row[Any]) -> bool:
    """Whether another unit's people are to read this now: a message that has to be written anew leaves it to them."""
    return bool(told.body != told.agency_id and known.context.plan(told.plan_id).lead != told.body)
