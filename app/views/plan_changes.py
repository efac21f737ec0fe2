"""What the form for plans asks the register: which units, what the plan is now, what a new text would do to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.engine import Connection

from app.views.plan_differences import Differences, differences
from app.views.scope import Units
from notifications.contacts import ContactRole, contacts_of
from notifications.posts import holds
from plans.model import Agency, Plan, Register, Relation
from plans.plan_parties import register_with
from plans.shipped import shipped_register
from plans.text import _, sort_key
from tasks.agencies import load_plans, load_register
from tasks.database import trying as trial
from tasks.desk_tables import plan_draft
from tasks.errors import BadInput
from tasks.model import OWED
from tasks.tables import occurrence
from tasks.tables import plan as plan_table

__all__ = [
    "Unit",
    "changes",
    "check_own_bodies",
    "draft_of",
    "head_of",
    "lead_units",
    "owed",
    "trial",
    "unreachable",
]


@dataclass(frozen=True, slots=True)
class Unit:
    id: str
    name: str


def lead_units(connection: Connection, units: Units) -> list[Unit]:
    """The lead units for which a person may write plans, by name."""
    if units is None:
        units = frozenset(connection.execute(select(plan_table.c.lead).distinct()).scalars())
    known = register_with(load_register(connection), shipped_register().agencies.values())
    found = [Unit(unit, known[unit].name) for unit in units if unit in known]
    return sorted(found, key=lambda unit: sort_key(unit.name))


def head_of(connection: Connection, plan_id: str) -> Row[Any] | None:
    """The plan's row; None where the register has no such plan."""
    return connection.execute(select(plan_table).where(plan_table.c.id == plan_id)).one_or_none()


def draft_of(connection: Connection, plan_id: str) -> int | None:
    """The oldest draft that changes this plan."""
    mine = select(plan_draft.c.id).where(plan_draft.c.plan_id == plan_id).order_by(plan_draft.c.id)
    return connection.execute(mine.limit(1)).scalar_one_or_none()


def changes(connection: Connection, new: Plan, register: Register) -> Differences | None:
    """What differs from the text in the register; None where it holds no such plan."""
    old = load_plans(connection, [new.id]).get(new.id)
    return None if old is None else differences(old, new, register)


def check_own_bodies(connection: Connection, bodies: Sequence[Agency], unit: str) -> None:
    """A plan may bring bodies of its own unit only, and no end of a body that the register knows otherwise: other
    plans go by it. Raises BadInput.
    """
    known = load_register(connection)
    for body in bodies:
        if not body.id.startswith(f"{unit}."):
            raise BadInput(_("Kế hoạch chỉ được thêm cơ quan của đơn vị {unit}.").format(unit=unit))
        if body.until is not None and body.id in known and known[body.id].until != body.until:
            said = _("Ngày kết thúc của {name} khác danh mục. Sửa ở trang Cơ quan, không sửa trong kế hoạch.")
            raise BadInput(said.format(name=body.name))


def owed(connection: Connection, plan_id: str) -> int:
    """How many occurrences are still owed and would be closed by stopping."""
    mine = (occurrence.c.plan_id == plan_id) & occurrence.c.state.in_(OWED) & occurrence.c.before_tracking.is_(False)
    return int(connection.execute(select(func.count()).select_from(occurrence).where(mine)).scalar_one())


def unreachable(connection: Connection, plan: Plan, *, today: date) -> list[Unit]:
    """Bodies with a dated duty that live, may be written to, have an address of their own, and have none here."""
    register = load_register(connection)
    known = contacts_of(connection)
    reachable = {each.agency_id for each in known if each.role is ContactRole.AGENCY and holds(each, today)}
    missing = set()
    for duty in plan.duties:
        for party in duty.responsible if duty.rule.dated else ():
            body = register[party.agency]
            ended = body.until is not None and body.until < today
            through_lead = body.unlisted or party.relation is Relation.SELF
            if not (ended or through_lead or body.never_messaged or body.id in reachable):
                missing.add(body.id)
    return sorted((Unit(it, register[it].name) for it in missing), key=lambda unit: sort_key(unit.name))
