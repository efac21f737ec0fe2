"""A reading as a JSON document and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, TypeVar

from tasks.reading_model import (
    BodyName,
    Content,
    Fact,
    GroupName,
    Heir,
    Item,
    Member,
    Named,
    Offered,
    Origin,
    Place,
    State,
    Touch,
)
from tasks.trail import plain

T = TypeVar("T")
_PLACES = ("time", "title_place", "clause", "product_place", "window_place")
_NAMED = ("agencies", "cooperating", "recipients", "via")


def to_json(content: Content) -> dict[str, Any]:
    """Plain values; places are lists of two numbers."""
    found: dict[str, Any] = plain(asdict(content))
    return found


def item_to_json(item: Item) -> dict[str, Any]:
    """One item, for the trail."""
    found: dict[str, Any] = plain(asdict(item))
    return found


def from_json(values: Mapping[str, Any]) -> Content:
    """The content that was written so."""
    return Content(
        facts={name: Fact(**{**fact, **_fact(fact)}) for name, fact in values["facts"].items()},
        items=tuple(item_from_json(item) for item in values["items"]),
        bodies=tuple(
            BodyName(**{**b, "offered": _all(Offered, b["offered"]), "heirs": _all(Heir, b["heirs"])})
            for b in values["bodies"]
        ),
        groups=tuple(GroupName(**{**g, "members": _all(Member, g["members"])}) for g in values["groups"]),
        headings=dict(values["headings"]),
        touched={part: Touch(*touch) for part, touch in values.get("touched", {}).items()},
    )


def item_from_json(values: Mapping[str, Any]) -> Item:
    """One item."""
    found: dict[str, Any] = dict(values)
    for name in _PLACES:
        found[name] = _place(found[name])
    for name in _NAMED:
        found[name] = tuple(Named(**{**each, "place": _place(each["place"])}) for each in found[name])
    found["doubts"], found["came_of"] = tuple(found["doubts"]), tuple(found["came_of"])
    found["state"], found["origin"] = State(found["state"]), Origin(found["origin"])
    return Item(**found)


def _fact(fact: Mapping[str, Any]) -> dict[str, Any]:
    return {"place": _place(fact["place"]), "doubts": tuple(fact["doubts"])}


def _place(value: Any) -> Place | None:
    return Place(*value) if value is not None else None


def _all(made: Callable[..., T], values: list[dict[str, Any]]) -> tuple[T, ...]:
    return tuple(made(**value) for value in values)
