"""The figures of a plan (chỉ tiêu) as rows of a form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from plans.plan_text import Document
from web.planform.values import list_of, slug, text_of

BOUNDS = ("at_least", "at_most", "below")


@dataclass(frozen=True, slots=True)
class TargetRow:
    id: str
    section: str
    text: str
    bound: str
    value: str
    unit: str


def target_rows(document: Document) -> list[TargetRow]:
    """What the form shows."""
    rows = []
    for each in list_of(document, "targets"):
        bound = next((name for name in BOUNDS if text_of(each, name)), "at_least")
        it, section, text, unit = (text_of(each, name) for name in ("id", "section", "text", "unit"))
        rows.append(TargetRow(it, section, text, bound, text_of(each, bound).replace(".", ","), unit))
    return rows


def with_targets(document: Document, rows: Sequence[TargetRow]) -> Document:
    """The document with these figures; rows without any text are left out."""
    changed = {key: value for key, value in document.items() if key != "targets"}
    taken: set[str] = {row.id for row in rows if row.id}
    written = []
    for row in rows:
        if not any((row.section, row.text, row.value, row.unit)):
            continue
        it = row.id or slug(row.text, taken, "chi-tieu")
        taken.add(it)
        values = {"id": it, "section": row.section, "text": row.text, "unit": row.unit}
        bound = row.bound if row.bound in BOUNDS else "at_least"
        values[bound] = row.value.replace(",", ".")
        written.append({key: value for key, value in values.items() if value})
    if written:
        changed["targets"] = written
    return changed
