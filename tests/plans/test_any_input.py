"""Whatever comes in, nothing but a PlanError comes out."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plans.agency_files import read_agencies
from plans.errors import PlanError
from plans.shipped import shipped_text
from tests.plans.examples import PLAN, problems_of


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=300), st.text(max_size=300)))
def test_arbitrary_bytes_raise_nothing_but_plan_errors(data: bytes | str) -> None:
    if isinstance(data, str):
        data = data.encode("utf-8", "surrogatepass")
    assert problems_of(data)
    with pytest.raises(PlanError):
        read_agencies(data, file="x")


ODD_VALUES = [
    "~",
    "[]",
    "{}",
    "[[]]",
    "[~]",
    "{a:",
    "b}",
    "-1",
    "0",
    "31",
    "13",
    "last",
    "2024-02-31",
    "2024-Q5",
    "2024-13",
    "*x",
    "&x",
    "'y",
    "!!int",
    "true",
    "'",
    '"',
    ".",
    "..",
    "a.b.c",
    "so-nganh",
    "son-la.so-tu-phap",
    "son-la.",
    "once",
    "monthly",
    "other",
    "1e9",
    "inf",
    "nan",
    "[1,1]",
    "{day:31}",
    "{day:",
    "2024-01-01",
    "<<",
    "|",
    ">",
    "?",
    "-",
    ":",
    "#",
    "%",
    "@",
]
VALUES = st.one_of(st.sampled_from(["", "\x00", "\ud7ff", "9" * 400, "quý V/2024", *ODD_VALUES]), st.text(max_size=12))
BASES = [PLAN.splitlines(), shipped_text("bac-giang-2024").decode().splitlines()[:140]]


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A valid plan with some values replaced, lines dropped, repeated or moved."""
    lines = list(draw(st.sampled_from(BASES)))
    for _round in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(["value", "value", "value", "flow", "drop", "repeat", "indent"])):
            case "value" if ": " in lines[at]:
                lines[at] = lines[at].split(": ")[0] + ": " + draw(VALUES)
            case "flow" if "{" in lines[at]:
                head, *parts = lines[at].split(", ")
                parts = [draw(VALUES) if draw(st.integers(0, 3)) == 0 else part for part in parts]
                lines[at] = ", ".join([head, *parts])
            case "drop":
                del lines[at]
            case "repeat":
                lines.insert(at, lines[at])
            case "indent":
                lines[at] = "  " + lines[at]
        lines = lines or ["a: b"]
    return "\n".join(lines)


@settings(max_examples=250, deadline=None)
@given(mutated())
def test_mutated_plans_raise_nothing_but_plan_errors(text: str) -> None:
    for problem in problems_of(text.encode("utf-8", "replace")):
        assert problem.message
        assert problem.hint
        assert 1 <= problem.line <= text.count("\n") + 2
        assert unicodedata.is_normalized("NFC", problem.message) or not unicodedata.is_normalized("NFC", text)
