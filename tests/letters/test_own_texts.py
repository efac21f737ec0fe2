"""Sentences of an office's own in its letters."""

from __future__ import annotations

from dataclasses import replace

import pytest

from letters.facts import Urging
from letters.model import LetterKind
from letters.own_texts import LetterKey, LetterText, all_keys
from letters.ready_texts import example, ready
from letters.wording import wording
from plans.model import Relation
from tests.letters.sample import FACTS, OFFICE

KEYS = list(all_keys())
# what is asked of one body alone reads a little otherwise than what is asked of many
ALIKE = [key for key in KEYS if key.text is not LetterText.URGED or key.relation is Relation.REQUESTED]


def test_five_sentences_to_three_relations() -> None:
    assert len(KEYS) == 15
    assert [LetterKey.of(str(key)) for key in KEYS] == KEYS


@pytest.mark.parametrize("name", ["letter.urged", "letter.urged.self", "letter.nothing.peer", "overdue.peer.opening"])
def test_what_is_no_sentence_has_no_key(name: str) -> None:
    with pytest.raises(ValueError, match="no sentence of the letters"):
        LetterKey.of(name)


@pytest.mark.parametrize("key", ALIKE, ids=str)
def test_the_ready_sentence_typed_in_says_what_is_said_without_it(key: LetterKey) -> None:
    assert list(example(key, {str(key): ready(key)})) == list(example(key, {}))


@pytest.mark.parametrize("key", KEYS, ids=str)
def test_every_place_is_filled_in_every_letter(key: LetterKey) -> None:
    said = " ".join(f"{{{name}}}" for name in key.fields)
    for body in example(key, {str(key): f"Riêng: {said}"}):
        mine = [text for text in body if text.startswith("Riêng:")]
        assert len(mine) == 1
        assert "{" not in mine[0]


def test_the_office_s_sentence_stands_where_the_ready_one_stood_and_nothing_else_changes() -> None:
    facts = FACTS[LetterKind.URGING]
    assert isinstance(facts, Urging)
    usual = wording(facts, OFFICE, Relation.PEER)
    office = replace(OFFICE, texts={"letter.urged.peer": "Đề nghị gửi {nội dung} trước {ngày gửi}."})
    own = wording(facts, office, Relation.PEER)
    changed = [(a.text, b.text) for a, b in zip(usual.body, own.body, strict=True) if a != b]
    assert [b for _a, b in changed] == ["Đề nghị gửi Báo cáo tháng 10/2026 trước 27/11/2026."]
    assert own.annexes == usual.annexes
    assert wording(facts, office, Relation.SUBORDINATE) == wording(facts, OFFICE, Relation.SUBORDINATE)
