"""Five real plans against their annotation by hand; skipped where these lie not beside the project."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from reader.as_json import as_json
from reader.document import Document
from reader.reading import read

BESIDE = Path(__file__).resolve().parents[2].parent / "shared" / "documents"
NAMES = sorted(path.stem for path in (BESIDE / "gold").glob("*.yaml"))

pytestmark = pytest.mark.skipif(not NAMES, reason="no ../shared/documents/gold")
YEARLY = {"semiannual", "annual", "quarterly"}


def gold_of(name: str) -> dict[str, Any]:
    said: dict[str, Any] = yaml.safe_load((BESIDE / "gold" / f"{name}.yaml").read_text(encoding="utf-8"))
    return said


def proposals(name: str) -> tuple[str, list[dict[str, Any]]]:
    document = Document((BESIDE / f"{name}.txt").read_text(encoding="utf-8"))
    return document.text, as_json(read(document), document)["duties"]


def places(quote: str, text: str) -> list[tuple[int, int]]:
    return [found.span() for found in re.finditer(r"\s+".join(map(re.escape, quote.split())), text)]


def plain(due: Any) -> Any:
    """Dates of YAML as text; words such as "of the month" are not compared."""
    if isinstance(due, dict):
        return {key: plain(value) for key, value in due.items() if key not in ("of", "event")}
    return None if due is None else str(due)


def answers(duty: dict[str, Any], text: str, proposed: dict[str, Any]) -> bool:
    same_kind = duty["kind"] == proposed["kind"] or {duty["kind"], proposed["kind"]} <= YEARLY
    meets = any(proposed["start"] < end and start < proposed["end"] for start, end in places(duty["quote"], text))
    return same_kind and meets and plain(duty["due"]) == plain(proposed["due"])


@pytest.mark.parametrize("name", NAMES)
def test_every_deadline_of_the_annotation_is_proposed_as_often_as_it_stands_there(name: str) -> None:
    text, proposed = proposals(name)
    left = list(proposed)
    missed = []
    for duty in gold_of(name)["duties"]:
        if duty.get("optional"):
            continue
        found = next((each for each in left if answers(duty, text, each)), None)
        if found is None:
            missed.append((duty["section"], duty["quote"]))
        else:
            left.remove(found)
            if duty["boundary"]:
                assert found["boundary"] == duty["boundary"], duty["quote"]
    assert missed == []


@pytest.mark.parametrize("name", NAMES)
def test_no_deadline_is_proposed_that_the_annotation_does_not_know(name: str) -> None:
    text, proposed = proposals(name)
    known = gold_of(name)["duties"]
    extra = [each["quote"] for each in proposed if each["due"] and not any(answers(duty, text, each) for duty in known)]
    assert extra == []


@pytest.mark.parametrize("name", NAMES)
def test_no_trap_is_taken(name: str) -> None:
    text, proposed = proposals(name)
    taken = [
        trap["quote"]
        for trap in gold_of(name)["not_deadlines"]
        for start, end in places(trap["quote"], text)
        if any(each["due"] and each["start"] < end and start < each["end"] for each in proposed)
    ]
    assert taken == []
