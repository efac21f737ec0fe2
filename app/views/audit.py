"""Kiểm tra: what was missed or came late, at any moment, and how punctual bodies, plans and years were.

The rules are those of ``tasks.audit``; here the database applies them, so that a page costs the same whatever the
number of rows. At an earlier moment the few occurrences that something happened to since are told again from the trail
(``tasks.as_of``) and the database answers for the others; a test holds that both say what the rules say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, and_, case, extract, func, literal, or_, select
from sqlalchemy.engine import Connection

from app.naming import plan_name
from app.views.occurrences import Choice
from app.views.scope import Units, occurrences_of, of_units
from plans.calendar import local_day, local_time
from plans.text import _, sort_key
from tasks import as_of
from tasks.agencies import load_plans
from tasks.audit import Missed, Punctuality, Verdict, missed_line, verdict_of
from tasks.model import OWED, Occurrence, State
from tasks.naming import occurrence_title
from tasks.status import status_text
from tasks.tables import agency, occurrence, party
from tasks.tables import plan as plan_table

PAGE = 50
CHUNK = 500  # lines of a file that are read at once
MISSING, LATE = "chua-nhan", "gui-cham"
BODIES, PLANS, YEARS = "co-quan", "ke-hoach", "nam"
_MANY = 500  # bodies in a list to choose from


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for. ``at``: an earlier moment; None stands for now."""

    plan: str = ""
    agency: str = ""
    year: int | None = None
    kind: str = ""  # MISSING, LATE, or both
    by: str = BODIES
    at: datetime | None = None
    page: int = 1

    def query(self, **changes: Any) -> str:
        """The same as an address; what is not asked for is left out."""
        chosen = replace(self, **changes)
        values: dict[str, Any] = {inside: getattr(chosen, name) for name, inside in _IN_ADDRESS.items()}
        if chosen.at is not None:
            here = local_time(chosen.at)
            values |= {"ngay": here.strftime("%d/%m/%Y"), "gio": here.strftime("%H:%M")}
        plain = {"trang": 1, "theo": BODIES}
        return urlencode({k: v for k, v in values.items() if v not in ("", None) and plain.get(k) != v})

    @property
    def plainest(self) -> bool:
        return replace(self, page=1, by=BODIES) == Asked()


_IN_ADDRESS = {
    "plan": "ke-hoach",
    "agency": "co-quan",
    "year": "nam",
    "kind": "loai",
    "by": "theo",
    "page": "trang",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One missed or late occurrence in words."""

    missed: Missed
    title: str
    plan_name: str
    status_text: str
    number: str | None
    extended_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share(Punctuality):
    """How punctual a body, a plan or a year was."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Choices:
    """``agencies`` is empty where there would be too many: a plan has to be chosen first."""

    plans: tuple[Choice, ...]
    agencies: tuple[Choice, ...]
    years: tuple[int, ...]


class Audit:
    """The audit of some units at one moment, with the filters of ``asked``."""

    def __init__(self, connection: Connection, units: Units, asked: Asked, *, now: datetime) -> None:
        self.connection = connection
        self.units = units
        self.asked = asked
        self.at = asked.at or now
        self.today = local_day(self.at)
        self._rewound = self._told_again() if asked.at is not None else []
        self._since = as_of.changed_since(self.at) if asked.at is not None else None

    # -- the lists --

    def total(self) -> int:
        """How many lines there are."""
        stored = select(func.count()).select_from(occurrence).where(self._stored(), self._missed())
        return int(self.connection.execute(stored).scalar_one()) + len(self._rewound_missed())

    def page(self, number: int, *, size: int = PAGE) -> list[Line]:
        """The lines of that page, the newest deadline first, by a fixed number of queries."""
        start = (number - 1) * size
        if not self._rewound:
            return self._lines(self._ids(limit=size, offset=start))
        ordered = sorted([*self._keys(), *(_key(o) for o in self._rewound_missed())])
        return self._lines([it for _day, it in ordered[start : start + size]])

    def every_line(self) -> Iterator[Line]:
        """All of them, for a file; a few hundred at a time."""
        keys = [*self._keys(), *(_key(o) for o in self._rewound_missed())]
        ids = [it for _day, it in sorted(keys)]
        for start in range(0, len(ids), CHUNK):
            yield from self._lines(ids[start : start + CHUNK])

    def shares(self) -> list[Share]:
        """How punctual each body, plan or year was, by name; years the newest first."""
        found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        late = case((self._late(), 1), else_=0)
        came = case((occurrence.c.first_received.is_not(None), 1), else_=0)
        by = self._grouped()
        counted = (func.sum(1 - late), func.sum(late * came), func.sum(late * (1 - came)))
        chosen = select(by, *counted).where(self._stored(), or_(self._missed(whole=True), self._in_time()))
        for key, *counts in self.connection.execute(chosen.group_by(by)):
            found[str(key)] = [int(each) for each in counts]
        for o in self._rewound:
            verdict = verdict_of(o, today=self.today)
            if verdict is not None and self._asked_for(o):
                found[self._key_of(o)][verdict] += 1
        names = self._names(found)
        shares = [Share(*counts, key=key, name=names.get(key, key)) for key, counts in found.items()]
        if self.asked.by == YEARS:
            return sorted(shares, key=lambda each: each.key, reverse=True)
        return sorted(shares, key=lambda each: sort_key(each.name))

    def choices(self) -> Choices:
        """What the filters offer."""
        plans = select(plan_table.c.id, plan_table.c.short, plan_table.c.sample).where(of_units(self.units))
        within = of_units(self.units)
        if self.asked.plan:
            within &= plan_table.c.id == self.asked.plan
        theirs = select(party.c.agency_id).join(plan_table).where(within)
        bodies = select(agency.c.id, agency.c.name).where(agency.c.id.in_(theirs)).limit(_MANY + 1)
        found = [Choice(row.id, row.name) for row in self.connection.execute(bodies)]
        span = select(func.min(occurrence.c.due), func.max(occurrence.c.due)).where(
            occurrences_of(self.units), occurrence.c.before_tracking.is_(False), occurrence.c.due <= self.today
        )
        first, last = self.connection.execute(span).one()
        return Choices(
            _sorted(Choice(row.id, _marked(row)) for row in self.connection.execute(plans)),
            _sorted(iter(found)) if len(found) <= _MANY else (),
            tuple(range(last.year, first.year - 1, -1)) if first else (),
        )

    # -- the rules, as the database asks them --

    def _stored(self) -> ColumnElement[bool]:
        """What counts and is asked for, where the present is how it stood."""
        o = occurrence.c
        wanted = [occurrences_of(self.units), o.before_tracking.is_(False)]
        if self._since is not None:
            wanted += [o.id.not_in(self._since), as_of.there_at(self.at)]
        wanted.append(o.plan_id == self.asked.plan if self.asked.plan else o.sample.is_(False))
        if self.asked.agency:
            wanted.append(o.agency_id == self.asked.agency)
        if self.asked.year:
            wanted += [o.due >= date(self.asked.year, 1, 1), o.due <= date(self.asked.year, 12, 31)]
        return and_(*wanted)

    def _late(self) -> ColumnElement[bool]:
        """``tasks.status.days_late`` of more than nothing."""
        o = occurrence.c
        first = func.coalesce(o.first_received, literal(self.today)) > o.late_after
        again = o.first_received.is_not(None) & (o.resend_by < self.today) & (o.first_received < self.today)
        so_far = or_(first, func.coalesce(again, literal(False)))
        return case((o.state.in_(OWED) | o.days_late.is_(None), so_far), else_=o.days_late > 0)

    def _missed(self, *, whole: bool = False) -> ColumnElement[bool]:
        o = occurrence.c
        counted = o.state.in_(OWED | {State.RECEIVED, State.ACCEPTED})
        came = {MISSING: o.first_received.is_(None), LATE: o.first_received.is_not(None)}
        kind = came.get("" if whole else self.asked.kind)
        return and_(counted, self._late(), *([] if kind is None else [kind]))

    def _in_time(self) -> ColumnElement[bool]:
        settled = occurrence.c.state.in_((State.ACCEPTED, State.RECEIVED, State.RETURNED))
        return settled & occurrence.c.first_received.is_not(None) & ~self._late()

    def _grouped(self) -> ColumnElement[Any]:
        o = occurrence.c
        return {PLANS: o.plan_id, YEARS: extract("year", o.due)}.get(self.asked.by, o.agency_id)

    # -- the same for what was told again --

    def _told_again(self) -> list[Occurrence]:
        return as_of.changed(self.connection, occurrences_of(self.units), at=self.at)

    def _asked_for(self, o: Occurrence) -> bool:
        asked = self.asked
        plan = o.plan_id == asked.plan if asked.plan else not o.sample
        return plan and asked.agency in ("", o.agency_id) and asked.year in (None, o.due.year)

    def _rewound_missed(self) -> list[Occurrence]:
        kinds = {MISSING: (Verdict.MISSING,), LATE: (Verdict.LATE,)}
        wanted = kinds.get(self.asked.kind, (Verdict.MISSING, Verdict.LATE))
        return [o for o in self._rewound if self._asked_for(o) and verdict_of(o, today=self.today) in wanted]

    def _key_of(self, o: Occurrence) -> str:
        return {PLANS: o.plan_id, YEARS: str(o.due.year)}.get(self.asked.by, o.agency_id)

    # -- rows --

    def _keys(self) -> list[tuple[int, str]]:
        chosen = select(occurrence.c.due, occurrence.c.id).where(self._stored(), self._missed())
        return [(-row.due.toordinal(), row.id) for row in self.connection.execute(chosen)]

    def _ids(self, *, limit: int, offset: int) -> list[str]:
        chosen = select(occurrence.c.id).where(self._stored(), self._missed())
        ordered = chosen.order_by(occurrence.c.due.desc(), occurrence.c.id).limit(limit).offset(offset)
        return list(self.connection.execute(ordered).scalars())

    def _lines(self, ids: Sequence[str]) -> list[Line]:
        rows = select(occurrence, agency.c.name.label("agency_name")).join(agency)
        found = {row.id: row for row in self.connection.execute(rows.where(occurrence.c.id.in_(ids)))}
        then = {o.id: o for o in self._rewound}
        plans = load_plans(self.connection, {row.plan_id for row in found.values()})
        lines = []
        for it in ids:
            o = then.get(it) or Occurrence.from_row(found[it])
            plan = plans[o.plan_id]
            duty = next((each for each in plan.duties if each.id == o.duty_id), None)
            lines.append(
                Line(
                    missed_line(o, found[it].agency_name, now=self.at),
                    occurrence_title(duty, o.period) if duty else o.duty_id,
                    plan_name(plan),
                    status_text(o, today=self.today),
                    o.number,
                    o.extended_by if self.asked.at is None else None,
                )
            )
        return lines

    def _names(self, keys: Any) -> dict[str, str]:
        if self.asked.by == YEARS:
            return {}
        if self.asked.by == PLANS:
            return {key: plan_name(plan) for key, plan in load_plans(self.connection, keys).items()}
        chosen = select(agency.c.id, agency.c.name).where(occurrences_of_bodies(self.units))
        return {row.id: row.name for row in self.connection.execute(chosen)}


def occurrences_of_bodies(units: Units) -> ColumnElement[bool]:
    """The bodies that owe something to these units."""
    owing = select(occurrence.c.agency_id).where(occurrences_of(units))
    return agency.c.id.in_(owing)


def _key(o: Occurrence) -> tuple[int, str]:
    return -o.due.toordinal(), o.id


def _marked(row: Any) -> str:
    return _("MẪU · {name}").format(name=row.short) if row.sample else str(row.short)


def _sorted(choices: Iterator[Choice]) -> tuple[Choice, ...]:
    return tuple(sorted(choices, key=lambda each: sort_key(each.text)))
