"""The facts of the five real documents, against their hand-made annotation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from reader.folding import Folded
from tests.reader.facts.papers import bare, facts, flat, value

DOCUMENTS = Path(__file__).resolve().parents[4] / "shared" / "documents"
GOLD = DOCUMENTS / "gold"
NAMES = (
    "ba-dinh-kh-2025",
    "bac-giang-kh-2024",
    "cua-lo-kh-2023",
    "lang-son-211-kh-ubnd-2023-ocr",
    "son-la-2316-qd-ubnd-2023",
)

pytestmark = pytest.mark.skipif(not GOLD.is_dir(), reason="the gold annotation (../shared/documents/gold) is not here")


def document(name: str) -> tuple[str, dict[str, Any]]:
    """Text and annotation."""
    text = (DOCUMENTS / f"{name}.txt").read_text(encoding="utf-8")
    return text, yaml.safe_load((GOLD / f"{name}.yaml").read_text(encoding="utf-8"))


def same(one: str | None, two: str | None) -> bool:
    """Equal but for capitals and diacritics."""
    return Folded(one or "").text == Folded(two or "").text


@pytest.mark.parametrize("name", NAMES)
def test_facts_are_those_of_the_annotation(name: str) -> None:
    text, gold = document(name)
    found = facts(text)
    assert value(found.number) == gold["number"]
    assert value(found.signed) == str(gold["signed"])
    assert value(found.issuer) == gold["issuer"]
    assert value(found.level) == gold["level"]
    assert value(found.parent) == gold.get("parent")
    assert value(found.horizon) == (str(gold["horizon"]) if gold.get("horizon") else None)
    assert found.lead is not None
    assert same(found.lead.value.name, gold["lead_unit"]["name"])
    assert (value(found.implements) or "").split(" trên ")[0] in gold["implements"]
    figures = {
        (t["section"], f">= {t['at_least']}" if "at_least" in t else f"< {t['below']}") for t in gold.get("targets", [])
    }
    assert {(t.section, t.value) for t in found.targets} == figures


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("damage", [bare, flat], ids=["bare", "flat"])
def test_facts_stay_when_diacritics_or_line_breaks_are_lost(name: str, damage: Any) -> None:
    text, gold = document(name)
    found = facts(damage(text))
    assert same(value(found.number), gold["number"])
    assert value(found.signed) == str(gold["signed"])
    assert same(value(found.issuer), gold["issuer"])
    assert value(found.level) == gold["level"]
    assert found.lead is not None
    assert same(found.lead.value.name, gold["lead_unit"]["name"])
