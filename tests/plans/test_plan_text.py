"""Documents of plan files: what is read, written and read again stays the same."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.errors import PlanError
from plans.files import read_plan
from plans.plan_text import document_of, plan_text
from plans.shipped import SHIPPED_PLANS, shipped_register, shipped_text

TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff\ufffe\uffff"), max_size=40)
KEYS = st.sampled_from(("plan", "title", "short", "duties", "due", "on", "off", "ladder", "note", "responsible"))
VALUES: st.SearchStrategy[Any] = st.recursive(
    TEXTS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
)


@pytest.mark.parametrize("plan_id", SHIPPED_PLANS)
def test_a_shipped_plan_written_again_is_the_same_plan(plan_id: str) -> None:
    source = shipped_text(plan_id)
    document = document_of(source, file=plan_id)
    written = plan_text(document)

    assert read_plan(written, file=plan_id, register=shipped_register()) == read_plan(
        source, file=plan_id, register=shipped_register()
    )
    assert document_of(written, file=plan_id) == document
    assert plan_text(document_of(written, file=plan_id)) == written


@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4))
def test_whatever_is_typed_is_read_as_it_was_typed(document: dict[str, Any]) -> None:
    assert document_of(plan_text(document), file="x") == document


@pytest.mark.parametrize(
    "text",
    ["null", "~", "", "on", "- a", "a: b", "#", "a #b", "*a", "&a", "!a", "%a", "@a", "'", '"', "\\", "a\nb", "\u2028"],
)
def test_what_yaml_would_take_for_something_else_stands_in_quotes(text: str) -> None:
    assert document_of(plan_text({"title": text, "x": [text]}), file="x") == {"title": text, "x": [text]}


def test_a_rung_that_is_switched_off_stays_off() -> None:
    source = shipped_text("son-la-2316-2023").decode() + "ladder: {check: off, lead: , overdue: []}\n"
    written = plan_text(document_of(source, file="x"))

    ladder = read_plan(written, file="x", register=shipped_register()).plan.ladder

    assert ladder is not None
    assert (ladder.check, ladder.lead, ladder.overdue) == (None, None, ())


def test_what_is_no_yaml_is_refused_with_its_line() -> None:
    with pytest.raises(PlanError) as refused:
        document_of("plan: [a\ntitle: b", file="x")

    assert refused.value.problems[0].line
