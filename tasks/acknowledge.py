""" "Đã nắm": a body says that it has understood what a plan orders of it, by link, by account or on the telephone."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.engine import Connection

from plans.text import _
from tasks import trail
from tasks.acknowledge_tables import acknowledgement
from tasks.database import insert_new
from tasks.errors import BadInput
from tasks.tables import party
from tasks.tables import plan as plan_table


class Way(StrEnum):
    """How the office learned of it."""

    LINK = "link"
    ACCOUNT = "account"
    CALL = "call"


def acknowledge(
    connection: Connection, plan_id: str, agency_id: str, *, way: Way, who: str = "", now: datetime, actor: str
) -> bool:
    """Writes it down for the list of duties that the body was told of last; False where it stood there already.

    ``who``: who of the body said so. Raises BadInput where the plan has nothing to do with the body.
    """
    mine = (party.c.plan_id == plan_id) & (party.c.agency_id == agency_id)
    row = connection.execute(select(party.c.revision).where(mine)).one_or_none()
    if row is None:
        raise BadInput(_("Kế hoạch không giao việc cho cơ quan này."))
    if way is Way.CALL and not who.strip():
        raise BadInput(_("Ghi cuộc gọi phải có người đã trao đổi."))
    said = {"plan_id": plan_id, "agency_id": agency_id, "revision": row.revision, "way": way.value}
    values = {**said, "who": who.strip(), "at": now, "by": actor}
    if insert_new(connection, acknowledgement, [values]) == 0:
        return False
    sample = connection.execute(select(plan_table.c.sample).where(plan_table.c.id == plan_id)).scalar_one()
    data = {"way": way, "who": who.strip(), "revision": row.revision}
    trail.write(connection, [trail.Entry("acknowledged", plan_id, None, agency_id, data, sample)], now=now, actor=actor)
    return True


def acknowledged(connection: Connection, pairs: Collection[tuple[str, str]]) -> dict[tuple[str, str], datetime]:
    """When each body (plan, body) said so of what it was told last, by one query."""
    a = acknowledgement.c
    last = (party.c.plan_id == a.plan_id) & (party.c.agency_id == a.agency_id) & (party.c.revision <= a.revision)
    chosen = (
        select(a.plan_id, a.agency_id, a.at)
        .join(party, last)
        .where(a.plan_id.in_(sorted({plan for plan, _body in pairs})))
        .where(a.agency_id.in_(sorted({body for _plan, body in pairs})))
        .order_by(a.revision)
    )
    found = {(row.plan_id, row.agency_id): row.at for row in connection.execute(chosen)}
    return {pair: at for pair, at in found.items() if pair in pairs}
