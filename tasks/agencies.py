"""The agencies in the register, and the plans as read again from the text that was brought in."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.engine import Connection

from plans.errors import PlanError
from plans.files import read_plan
from plans.leads import led_by
from plans.model import Agency, Name, Plan, Register
from plans.text import fold
from tasks import trail
from tasks.database import BATCH, alone, insert_new
from tasks.errors import AgencyUnknown, PlanUnknown
from tasks.tables import agency as agency_table
from tasks.tables import plan as plan_table

INTAKE = "intake"  # what is done alone: plans, bodies, calendar and settings are brought in by one at a time


def save_agencies(connection: Connection, agencies: Iterable[Agency]) -> None:
    """Registers new agencies and brings known ones up to date."""
    alone(connection, INTAKE)
    rows = [{"id": a.id, "name": a.name, "until": a.until, "document": trail.plain(asdict(a))} for a in agencies]
    insert_new(connection, agency_table, rows)
    for row in rows:
        table = agency_table
        connection.execute(
            table.update().where(table.c.id == row["id"], table.c.document != row["document"]).values(row)
        )


def load_register(connection: Connection) -> Register:
    """Every agency, by id."""
    return Register(_read(connection))


def register_by_unit(connection: Connection) -> Register:
    """The same, read as ``BodiesByUnit``."""
    return Register(BodiesByUnit(connection))


class BodiesByUnit(Mapping[str, Agency]):
    """Every agency, read unit by unit when a body is first asked for, within the transaction.

    A morning concerns a few of a country's thousands of bodies: reading all of them for every batch would make
    ``advance`` cost more the more there are.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[str, Agency] = {}
        self._units: set[str] = set()

    def look_ahead(self, agency_ids: Iterable[str]) -> None:
        """Reads these now and together: a batch may be of a few bodies of many units."""
        unread = sorted(set(agency_ids) - self._known.keys())
        for start in range(0, len(unread), BATCH):
            self._known |= _read(self._connection, agency_table.c.id.in_(unread[start : start + BATCH]))

    def __getitem__(self, agency_id: str) -> Agency:
        unit = _unit(agency_id)
        if agency_id not in self._known and unit not in self._units:
            self._known |= _read(self._connection, _of(unit, self._connection))
            self._units.add(unit)
        return self._known[agency_id]

    def __iter__(self) -> Iterator[str]:
        return iter(_read(self._connection))

    def __len__(self) -> int:
        return len(_read(self._connection))


def _unit(agency_id: str) -> str:
    return agency_id.partition(".")[0]


def _of(unit: str, connection: Connection) -> ColumnElement[bool]:
    """The bodies of a unit. SQLite's LIKE knows no upper and lower case and so no index; its GLOB does."""
    if connection.dialect.name == "sqlite":
        return agency_table.c.id.bool_op("GLOB")(f"{unit}.*")
    return agency_table.c.id.startswith(f"{unit}.", autoescape=True)


def _read(connection: Connection, which: ColumnElement[bool] | None = None) -> dict[str, Agency]:
    chosen = select(agency_table.c.id, agency_table.c.document)
    if which is not None:
        chosen = chosen.where(which)
    return {row.id: _agency(row.document) for row in connection.execute(chosen)}


def find_agency(register: Register, wanted: str) -> Agency:
    """By id, or by a slug, name or alias that only one agency bears. Raises AgencyUnknown with the nearest id."""
    if wanted in register:
        return register[wanted]
    key = fold(wanted)
    hits = [
        a
        for a in register.agencies.values()
        if a.slug == wanted or key in {fold(a.name), *(fold(alias) for alias in a.aliases)}
    ]
    if len(hits) == 1:
        return hits[0]
    near = difflib.get_close_matches(wanted, list(register.agencies), n=1, cutoff=0.4)
    raise AgencyUnknown(wanted, ", ".join(a.id for a in hits[:4]) or (near[0] if near else None))


def load_plan(connection: Connection, plan_id: str) -> Plan:
    """The plan as it stands in the register, led by whoever follows it up now. Raises PlanUnknown."""
    columns = select(plan_table.c.digest, plan_table.c.lead).where(plan_table.c.id == plan_id)
    row = connection.execute(columns).one_or_none()
    if row is None:
        raise PlanUnknown(plan_id)
    key = (row.digest, row.lead)
    if key not in _PLANS:
        key, plan = _read_stored(connection, plan_id)  # the text may have changed since the last line
        _PLANS[key] = plan
    return _PLANS[key]


def _read_stored(connection: Connection, plan_id: str) -> tuple[tuple[str, str], Plan]:
    """The plan with the digest of its text and its lead unit. Most plans name bodies of their own unit only; for the
    others the whole register is read."""
    columns = select(plan_table.c.source, plan_table.c.lead, plan_table.c.digest).where(plan_table.c.id == plan_id)
    source, lead, digest = connection.execute(columns).one()
    try:
        named = read_plan(source, file=plan_id, register=Register(_read(connection, _of(_unit(lead), connection)))).plan
    except PlanError:
        named = read_plan(source, file=plan_id, register=load_register(connection)).plan
    return (digest, lead), led_by(named, lead)


def load_plans(connection: Connection, plan_ids: Iterable[str]) -> dict[str, Plan]:
    """Several plans by a fixed number of queries; ids that the register does not know are left out."""
    wanted = sorted(set(plan_ids))
    columns = select(plan_table.c.id, plan_table.c.digest, plan_table.c.lead).where(plan_table.c.id.in_(wanted))
    rows = connection.execute(columns).all()
    found = {row.id: _PLANS[row.digest, row.lead] for row in rows if (row.digest, row.lead) in _PLANS}
    unread = [row.id for row in rows if row.id not in found]
    if unread:
        register = load_register(connection)
        sources = select(plan_table.c.id, plan_table.c.source, plan_table.c.digest, plan_table.c.lead)
        for row in connection.execute(sources.where(plan_table.c.id.in_(unread))):
            named = read_plan(row.source.encode(), file=row.id, register=register).plan
            found[row.id] = _PLANS[row.digest, row.lead] = led_by(named, row.lead)
    return {row.id: found[row.id] for row in rows}


def plan_at_hand(digest: str, lead: str) -> Plan | None:
    """The plan with that text and lead unit, where this process has read it before."""
    return _PLANS.get((digest, lead))


# By digest of the text and lead unit, so a changed text and another lead unit are new keys.
_PLANS: dict[tuple[str, str], Plan] = {}


def _agency(document: dict[str, Any]) -> Agency:
    values = dict(document)
    values["names"] = tuple(Name(n["name"], _day(n["start"]), _day(n["until"])) for n in values["names"])
    values["aliases"] = tuple(values["aliases"])
    values["start"] = _day(values["start"])
    values["until"] = _day(values["until"])
    return Agency(**values)


@lru_cache(maxsize=4096)
def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
