"""Thay cơ quan: what the bodies owe, duty by duty, and what handing it over did or would do, in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.engine import Connection

from app.board import plan_name
from app.views.scope import Units, of_units
from plans.model import Agency, Plan, Register
from plans.text import sort_key
from tasks.agencies import load_plans, load_register
from tasks.leading import Led
from tasks.leads import lead_changes
from tasks.model import OWED, Occurrence
from tasks.naming import occurrence_title
from tasks.succession import Handed, Part, elsewhere, owed_by
from tasks.tables import plan as plan_table

LISTED = 1_000  # bodies that the page offers as successors


@dataclass(frozen=True, slots=True)
class PartRow:
    """One duty of one body. ``first`` and ``last``: the days by which it is to be sent."""

    part: Part
    title: str
    plan_name: str
    number: int
    overdue: int
    first: date
    last: date
    sample: bool

    @property
    def key(self) -> str:
        return "/".join(self.part)


@dataclass(frozen=True, slots=True)
class LedPlan:
    """A plan that the body follows up. ``heir`` and ``since``: whom it will go to on a day still ahead."""

    id: str
    name: str
    sample: bool
    heir: str = ""
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Old:
    """A body that is replaced. ``leads``: plans that it follows up itself; ``shared``: other units' plans name it."""

    body: Agency
    rows: tuple[PartRow, ...]
    leads: tuple[LedPlan, ...]
    shared: bool


@dataclass(frozen=True, slots=True)
class Names:
    """The bodies of these units that still live, to be chosen from; ``units``: where a new one may be put."""

    living: tuple[Agency, ...]
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One occurrence in the account of a dry or real run."""

    id: str
    title: str
    plan_name: str
    old: str
    heir: str
    last_day: date
    new_day: date | None
    joined: bool
    why: str


@dataclass(frozen=True, slots=True)
class LedLine:
    """A plan that gets another lead unit. ``steps``: what the old one owed itself; ``moved``: deadlines that the new
    one reads otherwise; ``told``: bodies that are told anew."""

    plan_id: str
    plan_name: str
    was: str
    to: str
    since: date
    at_once: bool
    steps: int
    moved: int
    told: int


@dataclass(frozen=True, slots=True)
class Account:
    """``told``: bodies that get a message with what they owe now; ``led``: plans that another unit follows up."""

    lines: tuple[Line, ...]
    kept: tuple[Line, ...]
    ended: tuple[str, ...]
    later: int
    told: tuple[str, ...]
    led: tuple[LedLine, ...]
    digest: str


def olds_of(connection: Connection, bodies: Sequence[str], units: Units, *, today: date) -> tuple[Old, ...]:
    """The bodies with what they owe in those units' plans, by a fixed number of queries."""
    register = load_register(connection)
    owed = owed_by(connection, bodies, units)
    plans = load_plans(connection, {o.plan_id for o in owed})
    grouped: dict[Part, list[Occurrence]] = defaultdict(list)
    for o in owed:
        grouped[Part(o.agency_id, o.plan_id, o.duty_id)].append(o)
    rows = [_row(part, found, plans[part.plan_id], today) for part, found in grouped.items()]
    rows.sort(key=lambda row: (sort_key(row.plan_name), sort_key(row.title)))
    led = _led(connection, bodies, units, register)
    shared = elsewhere(connection, bodies, units)
    return tuple(
        Old(register[it], tuple(r for r in rows if r.part.old == it), tuple(led[it]), it in shared) for it in bodies
    )


def _row(part: Part, found: Sequence[Occurrence], plan: Plan, today: date) -> PartRow:
    title = next((duty.title for duty in plan.duties if duty.id == part.duty_id), part.duty_id)
    days = [o.ladder_last_day for o in found]
    late = sum(o.state in OWED and o.ladder_late_after < today for o in found)
    return PartRow(part, title, plan_name(plan), len(found), late, min(days), max(days), plan.sample)


def _led(
    connection: Connection, bodies: Collection[str], units: Units, register: Register
) -> Mapping[str, list[LedPlan]]:
    """Stopped plans as well: their papers still come in, and somebody has to see them."""
    chosen = select(plan_table.c.id).where(plan_table.c.lead.in_(sorted(bodies)), of_units(units))
    plans = load_plans(connection, connection.execute(chosen).scalars())
    agreed = {
        it: each for it, several in lead_changes(connection, plans).items() for each in several if not each.applied_at
    }
    found: dict[str, list[LedPlan]] = defaultdict(list)
    for plan in sorted(plans.values(), key=lambda plan: (plan.sample, sort_key(plan_name(plan)))):
        waits = agreed.get(plan.id)
        heir, since = (register[waits.lead].name, waits.since) if waits else ("", None)
        found[plan.lead].append(LedPlan(plan.id, plan_name(plan), plan.sample, heir, since))
    return found


def names(connection: Connection, olds: Iterable[str], units: Units, *, today: date) -> Names:
    """Of the provinces in which those units follow plans, and of the old bodies."""
    leads = select(plan_table.c.lead).where(of_units(units)).distinct()
    mine = {each.partition(".")[0] for each in (*connection.execute(leads).scalars(), *olds)}
    living = [
        body
        for body in load_register(connection).agencies.values()
        if body.id.partition(".")[0] in mine and (body.until is None or body.until >= today)
    ]
    return Names(tuple(sorted(living, key=lambda body: sort_key(body.name))), tuple(sorted(mine)))


def account(connection: Connection, done: Handed) -> Account:
    """What was or would be done, in words. Within the transaction that did it."""
    register = load_register(connection)
    steps = [*done.steps, *(step for led in done.led for step in led.steps)]
    left = [*done.kept, *(each for led in done.led for each in led.kept)]
    concerned = {o.plan_id for o in (*(step.was for step in steps), *(each.was for each in left))}
    concerned |= {led.plan_id for led in done.led}
    plans = load_plans(connection, concerned)
    lines = [_line(plans, register, step.was, step.to, step.now.last_day, joined=step.joined) for step in steps]
    kept = [_line(plans, register, each.was, each.to, None, why=each.why) for each in left]
    told = sorted({register[step.to].name for step in done.steps}, key=sort_key)
    ended = tuple(register[it].name for it in done.ended)
    led_lines = tuple(_led_line(plans[led.plan_id], register, led) for led in done.led)
    return Account(tuple(lines), tuple(kept), ended, done.later, tuple(told), led_lines, done.digest)


def _led_line(plan: Plan, register: Register, led: Led) -> LedLine:
    was, to = register[led.was].name, register[led.to].name
    return LedLine(plan.id, plan_name(plan), was, to, led.since, led.at_once, len(led.steps), led.moved, led.told)


def _line(
    plans: Mapping[str, Plan],
    register: Register,
    o: Occurrence,
    to: str,
    new_day: date | None,
    *,
    joined: bool = False,
    why: str = "",
) -> Line:
    plan = plans[o.plan_id]
    duty = next((each for each in plan.duties if each.id == o.duty_id), None)
    title = occurrence_title(duty, o.period) if duty else o.duty_id
    old, heir = register[o.agency_id].name, register[to].name
    return Line(o.id, title, plan_name(plan), old, heir, o.ladder_last_day, new_day, joined, why)
