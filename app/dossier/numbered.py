"""The official letters that speak of these occurrences and got their number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from app.dossier.mask import Mask
from app.dossier.model import Numbered
from app.letters.frozen import freeze, thaw
from letters.errors import LettersError
from letters.model import Annex
from letters.model import Letter as Printed
from tasks.letter_model import Letter, LetterState
from tasks.letter_tables import letter, letter_occurrence

Found = tuple[dict[str, tuple[int, ...]], dict[int, tuple[Letter, Printed | None]]]


def letters_of(connection: Connection, ids: Collection[str]) -> Found:
    """By occurrence the letters' numbers in the register, oldest first, and the letters with what was printed. A draft
    is no letter; a void one stays. Two queries."""
    links = select(letter_occurrence).where(letter_occurrence.c.occurrence_id.in_(sorted(ids)))
    of: dict[str, list[int]] = defaultdict(list)
    for link in connection.execute(links):
        of[link.occurrence_id].append(link.letter_id)
    wanted = sorted({each for some in of.values() for each in some})
    chosen = select(letter).where(letter.c.id.in_(wanted), letter.c.number.is_not(None))
    rows = connection.execute(chosen.where(letter.c.state != LetterState.DRAFT.value)).all()
    found = {row.id: (Letter.from_row(row), _content(row.content)) for row in rows}

    def order(it: int) -> tuple[Any, int]:
        return found[it][0].dated or found[it][0].at.date(), it

    return {key: tuple(sorted((it for it in some if it in found), key=order)) for key, some in of.items()}, found


def _content(stored: Any) -> Printed | None:
    """What was printed, or None where it cannot be read again: the letter itself lies with the registry."""
    try:
        return thaw(Printed, stored)
    except (TypeError, ValueError, KeyError, LettersError):
        return None


def shown(letter: Letter, content: Printed | None, by: str, mask: Mask) -> Numbered:
    """The letter as the hồ sơ tells it: without numbers of secret papers."""
    if content is None or not mask.touches(freeze(content)):
        return Numbered(letter, content, by)
    body = tuple(replace(each, text=mask(each.text)) for each in content.body)
    annexes = tuple(_masked(annex, mask) for annex in content.annexes)
    return Numbered(letter, replace(content, abstract=mask(content.abstract), body=body, annexes=annexes), by, cut=True)


def _masked(annex: Annex, mask: Mask) -> Annex:
    rows = tuple(tuple(mask(cell) for cell in row) for row in annex.table.rows)
    return replace(annex, title=mask(annex.title), table=replace(annex.table, rows=rows))
