"""plans/FORMAT.md says all that the loader knows, and its examples are read without a problem."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Any

import pytest
import yaml

from plans.files import read_agencies, read_plan
from plans.known_keys import KEYS
from plans.model import Register, Relation

TEXT = files("plans").joinpath("FORMAT.md").read_text(encoding="utf-8")
AGENCIES_EXAMPLE, PLAN_EXAMPLE = re.findall(r"^```yaml\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


def documented() -> dict[str, dict[str, tuple[bool, str]]]:
    """By kind of mapping: each field of its table, whether it must be there, and its example."""
    found: dict[str, dict[str, tuple[bool, str]]] = {}
    for section in re.split(r"^## ", TEXT, flags=re.MULTILINE)[1:]:
        rows = re.findall(r"^\| `(\w+)` \| (yes)? ?\| .* \| `(.*)` \|$", section, re.MULTILINE)
        if rows:
            kind = section.splitlines()[0].split(" — ")[0]
            found[kind] = {key: (must == "yes", example) for key, must, example in rows}
    return found


@pytest.mark.parametrize("kind", KEYS)
def test_every_field_known_to_the_loader_is_documented_and_no_other(kind: str) -> None:
    assert set(documented()[kind]) == set(KEYS[kind])


def test_the_page_documents_no_mapping_that_the_loader_does_not_know() -> None:
    assert set(documented()) == set(KEYS)


@pytest.mark.parametrize("kind", KEYS)
def test_the_page_says_which_fields_must_be_there(kind: str) -> None:
    assert {k: must for k, (must, _) in documented()[kind].items()} == {k: v.required for k, v in KEYS[kind].items()}


@pytest.mark.parametrize("kind", KEYS)
def test_every_field_has_an_example_of_itself(kind: str) -> None:
    for key, (_, example) in documented()[kind].items():
        assert example.startswith(f"{key}: "), key
        assert "…" in example or key in as_text(example)


def test_the_complete_examples_are_read_without_a_problem() -> None:
    agencies = read_agencies(AGENCIES_EXAMPLE, file="agencies.yaml")
    register = Register({agency.id: agency for agency in agencies})
    brought = read_plan(PLAN_EXAMPLE, file="plan.yaml", register=register)
    assert len(brought.plan.duties) == 8
    assert [agency.id for agency in brought.agencies] == ["tinh-mau.doan-luat-su"]
    assert brought.plan.duty("tong-hop").responsible[0].relation is Relation.SELF


def test_the_complete_examples_use_every_field() -> None:
    used: dict[str, set[str]] = {kind: set() for kind in KEYS}
    for name, example in (("agencies", AGENCIES_EXAMPLE), ("plan", PLAN_EXAMPLE)):
        note_keys(as_text(example), name, used)
    missing = {(kind, key) for kind, keys in KEYS.items() for key in keys if key not in used[kind]}
    assert missing == set()


def as_text(example: str) -> Any:
    """Plain YAML 1.1 would read the key ``on`` as true; the format reads everything as text."""
    return yaml.load(example, Loader=yaml.BaseLoader)  # noqa: S506  # makes strings only


CHILDREN = {
    ("agencies", "agencies"): "agency",
    ("plan", "agencies"): "agency",
    ("agency", "names"): "earlier name",
    ("plan", "parties"): "party",
    ("plan", "groups"): "group",
    ("group", "members"): "member",
    ("plan", "targets"): "target",
    ("plan", "figures"): "figure",
    ("plan", "duties"): "duty",
    ("duty", "recipients"): "recipient",
    ("due", "days"): "day",
    ("window", "from"): "window edge",
    ("window", "to"): "window edge",
}


def note_keys(value: Any, kind: str, used: dict[str, set[str]]) -> None:
    for key, child in value.items():
        used[kind].add(key)
        below = CHILDREN.get((kind, key), key)
        for item in child if isinstance(child, list) else [child]:
            if isinstance(item, dict):
                note_keys(item, below, used)
