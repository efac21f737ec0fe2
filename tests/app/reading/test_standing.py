"""How a body stands in the plan: itself, below, asked or beside."""

from __future__ import annotations

import pytest

from app.reading.standing import Parties
from tasks.reading_model import BodyName, Content, Fact, Item, Named, State

POLICE = ("Công an tỉnh", "Công an huyện Bắc", "Công an thị xã", "Công an xã Tây", "Bộ Công an")
NAMES = (*POLICE, "Sở Tài chính")


def relation(lead: str, named: Named) -> str:
    item = Item(1, "Việc", "III.1", "other", agencies=(named,), state=State.ACCEPTED)
    bodies = tuple(BodyName(name, f"an-son.{at}") for at, name in enumerate(NAMES))
    found = Parties(Content({"lead": Fact(lead)}, (item,), bodies)).standing(named, item)
    assert found is not None
    return found.relation


@pytest.mark.parametrize(
    ("lead", "name", "said"),
    [
        ("Công an tỉnh", "Công an tỉnh", "self"),
        ("Công an tỉnh", "Công an huyện Bắc", "subordinate"),
        ("Công an tỉnh", "Công an xã Tây", "subordinate"),
        ("Công an thị xã", "Công an xã Tây", "subordinate"),
        ("Công an xã Tây", "Công an tỉnh", "peer"),
        ("Công an thị xã", "Công an huyện Bắc", "peer"),
        ("Công an tỉnh", "Bộ Công an", "peer"),
        ("Công an tỉnh", "Sở Tài chính", "peer"),
        ("Sở Tài chính", "Công an xã Tây", "peer"),
    ],
)
def test_police_below_the_police_that_leads_are_subordinate(lead: str, name: str, said: str) -> None:
    assert relation(lead, Named(name)) == said


def test_who_is_asked_stands_as_asked_even_below() -> None:
    assert relation("Công an tỉnh", Named("Sở Tài chính", requested=True)) == "requested"
    assert relation("Công an tỉnh", Named("Công an tỉnh", requested=True)) == "self"


def test_a_name_that_nobody_has_settled_stands_nowhere() -> None:
    item = Item(1, "Việc", "III.1", "other")
    assert Parties(Content({"lead": Fact("Công an tỉnh")})).standing(Named("Ai đó"), item) is None
