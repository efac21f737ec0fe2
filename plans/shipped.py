"""The plans and agencies that ship with the product, as package data."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from plans.agency_files import read_agencies
from plans.files import read_plan
from plans.model import Agency, Plan, Register

SHIPPED_PLANS = ("son-la-2316-2023", "cua-lo-2023", "ba-dinh-2025", "lang-son-211-2023", "bac-giang-2024")


@cache
def shipped_register() -> Register:
    """The bodies of all shipped agencies files. Raises PlanError where a release carries a broken one."""
    found: dict[str, Agency] = {}
    for entry in sorted(files("plans").joinpath("data/agencies").iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".yaml"):
            for agency in read_agencies(entry.read_bytes(), file=entry.name, register=Register(found)):
                found[agency.id] = agency
    return Register(found)


def shipped_text(plan_id: str) -> bytes:
    """The YAML text of a shipped plan. Raises KeyError for an id that is not in SHIPPED_PLANS."""
    if plan_id not in SHIPPED_PLANS:
        raise KeyError(plan_id)
    return files("plans").joinpath(f"data/{plan_id}.yaml").read_bytes()


@cache
def shipped_plan(plan_id: str) -> Plan:
    """A shipped plan. Raises KeyError for an id that is not in SHIPPED_PLANS."""
    return read_plan(shipped_text(plan_id), file=f"{plan_id}.yaml", register=shipped_register()).plan
