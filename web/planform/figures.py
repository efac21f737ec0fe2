"""The counts that agencies report (số liệu) as rows of a form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from plans.figure_files import AMOUNTS
from plans.model import FigureKind
from plans.plan_text import Document
from plans.text import _
from web.planform.values import list_of, slug, text_of

FIELDS = ("id", "name", "kind", "unit", "duties", "target", "cumulative", "numerator", "denominator")
_PARTS = ("target", "numerator", "denominator")
_OWN_WORD = (FigureKind.TIMES, FigureKind.COUNT)  # the other kinds say their unit themselves


@dataclass(frozen=True, slots=True)
class FigureRow:
    """``kind`` holds the unit of money too: ``amount:đồng``. ``duties``: ids with commas between them."""

    id: str
    name: str
    kind: str
    unit: str
    duties: str
    target: str
    cumulative: str
    numerator: str
    denominator: str


BLANK = FigureRow("", "", FigureKind.PEOPLE.value, "", "", "", "", "", "")


def kinds() -> list[tuple[str, str]]:
    """What can be counted, in the words of the form."""
    return [
        (FigureKind.PEOPLE.value, _("người")),
        (FigureKind.TIMES.value, _("lượt, buổi")),
        (FigureKind.HOUSEHOLDS.value, _("hộ")),
        (f"{FigureKind.AMOUNT.value}:{AMOUNTS[1]}", _("triệu đồng")),
        (f"{FigureKind.AMOUNT.value}:{AMOUNTS[0]}", _("đồng")),
        (FigureKind.PERCENT.value, _("tỷ lệ %")),
        (FigureKind.COUNT.value, _("đếm khác")),
    ]


def figure_rows(document: Document) -> list[FigureRow]:
    """What the form shows."""
    rows = []
    for each in list_of(document, "figures"):
        kind, unit = text_of(each, "kind"), text_of(each, "unit")
        if kind == FigureKind.AMOUNT:
            kind, unit = f"{kind}:{unit}", ""
        duties = ", ".join(it for it in list_of(each, "duties") if isinstance(it, str))
        cumulative = "1" if text_of(each, "cumulative") in ("true", "True", "yes") else ""
        parts = [text_of(each, name) for name in _PARTS]
        rows.append(
            FigureRow(text_of(each, "id"), text_of(each, "name"), kind, unit, duties, parts[0], cumulative, *parts[1:])
        )
    return rows


def duty_choices(document: Document, row: FigureRow) -> list[tuple[str, str]]:
    """The duties of the plan; also the several that a row has already."""
    named = [(text_of(duty, "id"), text_of(duty, "title")) for duty in list_of(document, "duties")]
    titles = {it: title or it for it, title in named if it}
    choices = list(titles.items())
    if row.duties and row.duties not in titles:
        together = "; ".join(titles.get(it, it) for it in row.duties.split(", "))
        choices.append((row.duties, together))
    if len(titles) > 1 and (every := ", ".join(titles)) != row.duties:
        choices.append((every, _("mọi nhiệm vụ")))
    return choices


def with_figures(document: Document, rows: Sequence[FigureRow]) -> Document:
    """The document with these figures; rows without a name are left out."""
    changed = {key: value for key, value in document.items() if key != "figures"}
    taken = {row.id for row in rows if row.id}
    written = []
    for row in rows:
        if not row.name:
            continue
        it = row.id or slug(row.name, taken, "so-lieu")
        taken.add(it)
        written.append(_entry(row, it))
    if written:
        changed["figures"] = written
    return changed


def _entry(row: FigureRow, it: str) -> Document:
    kind, _colon, unit = row.kind.partition(":")
    entry: Document = {"id": it, "name": row.name, "kind": kind}
    if unit or (kind in _OWN_WORD and row.unit):
        entry["unit"] = unit or row.unit
    entry["duties"] = [each.strip() for each in row.duties.split(",") if each.strip()]
    if row.cumulative:
        entry["cumulative"] = "true"
    parts = _PARTS if kind == FigureKind.PERCENT else _PARTS[:1]
    return entry | {name: value for name in parts if (value := getattr(row, name))}
