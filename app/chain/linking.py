"""Which plan names which as the one that it carries out: by the number in its words and the place of the issuer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.engine import Connection

from plans.model import Agency, Plan
from plans.text import fold
from tasks.agencies import load_plans
from tasks.tables import plan as plan_table

_EMPTY = frozenset({"cua", "so", "kh", "ke", "hoach", "qd", "quyet", "dinh"})


@dataclass(frozen=True, slots=True)
class Above:
    """What a plan carries out: in its own words, and the plan of the register where there is one."""

    text: str
    plan: Plan | None = None


def above(connection: Connection, plan: Plan) -> tuple[Above, ...]:
    """What it carries out and the plan above it, in this order."""
    found = [Above(plan.implements)] if plan.implements else []
    if plan.parent:
        known = (each for each in _others(connection, plan) if names(plan.parent, each))
        found.append(Above(plan.parent, next(known, None)))
    return tuple(found)


def below(connection: Connection, plan: Plan) -> tuple[Plan, ...]:
    """The plans of the register that name this one as the plan above them, of whatever unit."""
    if not plan.number:
        return ()
    return tuple(each for each in _others(connection, plan, naming=plan.number) if names(each.parent, plan))


def _others(connection: Connection, plan: Plan, naming: str | None = None) -> list[Plan]:
    """The other plans, the sample apart from the real ones; ``naming``: only those whose text holds that."""
    chosen = select(plan_table.c.id).where(plan_table.c.sample.is_(plan.sample), plan_table.c.id != plan.id)
    if naming is not None:
        chosen = chosen.where(plan_table.c.source.contains(naming, autoescape=True))
    return list(load_plans(connection, connection.execute(chosen).scalars()).values())


def names(words: str | None, plan: Plan) -> bool:
    """Whether these words name the plan: its number as whole words, and the place of its issuer where they name one."""
    if not words or not plan.number:
        return False
    said, number = f" {fold(words)} ", fold(plan.number)
    if f" {number} " not in said:
        return False
    rest = said.replace(f" {number} ", " ").split(" ngay ")[0].split()
    issuer = _plain(plan.issuer).split()
    return all(word in issuer for word in _plain(" ".join(rest)).split() if word not in _EMPTY)


def issued_by(plan: Plan, body: Agency) -> bool:
    """Whether that body has issued the plan: by its name, or one that it is also called by."""
    issuer = _plain(plan.issuer)
    return any(issuer == _plain(name) for name in _called(body))


def _called(body: Agency) -> Iterable[str]:
    yield body.name
    yield from body.aliases
    yield from (past.name for past in body.names)


def _plain(name: str) -> str:
    return fold(name).replace("uy ban nhan dan", "ubnd").replace("hoi dong nhan dan", "hdnd")
