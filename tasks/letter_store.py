"""Reading letters: one, those of an occurrence or a plan, and how often something was urged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.engine import Connection

from plans.model import Relation
from tasks.database import locked
from tasks.letter_model import Letter, LetterKind, LetterState, LetterUnknown
from tasks.letter_tables import letter, letter_occurrence

HEAD = tuple(column for column in letter.c if column.name not in ("content", "choices"))
# An urging letter that counts: numbered, not void, and not to a body that is only requested.
COUNTED = (
    (letter.c.kind == LetterKind.URGING.value)
    & (letter.c.state == LetterState.NUMBERED.value)
    & (letter.c.relation != Relation.REQUESTED.value)
)


def load_letter(connection: Connection, letter_id: int) -> Letter:
    """Held to the end of a transaction that writes. Raises LetterUnknown."""
    chosen = locked(select(*HEAD).where(letter.c.id == letter_id), connection)
    row = connection.execute(chosen).one_or_none()
    if row is None:
        raise LetterUnknown(letter_id)
    return Letter.from_row(row)


def content_of(connection: Connection, letter_id: int) -> dict[str, Any]:
    """The whole letter as it is printed, as stored. Raises LetterUnknown."""
    return _document(connection, letter_id, letter.c.content)


def choices_of(connection: Connection, letter_id: int) -> dict[str, Any]:
    """What the officer chose and typed, as stored. Raises LetterUnknown."""
    return _document(connection, letter_id, letter.c.choices)


def _document(connection: Connection, letter_id: int, column: Any) -> dict[str, Any]:
    found = connection.execute(select(column).where(letter.c.id == letter_id)).scalar_one_or_none()
    if found is None:
        raise LetterUnknown(letter_id)
    return dict(found)


def occurrences_of_letter(connection: Connection, letter_id: int) -> tuple[str, ...]:
    mine = select(letter_occurrence.c.occurrence_id).where(letter_occurrence.c.letter_id == letter_id)
    return tuple(connection.execute(mine.order_by(letter_occurrence.c.occurrence_id)).scalars())


def letters_of_occurrence(connection: Connection, occurrence_id: str) -> list[Letter]:
    """Letters that speak of this occurrence, oldest first, drafts and void ones as well."""
    theirs = select(letter_occurrence.c.letter_id).where(letter_occurrence.c.occurrence_id == occurrence_id)
    return _letters(connection, letter.c.id.in_(theirs))


def letters_of_plan(connection: Connection, plan_id: str, *, most: int = 200) -> list[Letter]:
    """The newest letters of a plan, the last written first."""
    chosen = select(*HEAD).where(letter.c.plan_id == plan_id).order_by(letter.c.id.desc()).limit(most)
    return [Letter.from_row(row) for row in connection.execute(chosen)]


def _letters(connection: Connection, which: ColumnElement[bool]) -> list[Letter]:
    rows = connection.execute(select(*HEAD).where(which).order_by(letter.c.id))
    return [Letter.from_row(row) for row in rows]


def urged(connection: Connection, ids: Collection[str]) -> dict[str, list[Letter]]:
    """The urging letters that count, by occurrence, oldest first. Occurrences that were never urged are left out."""
    found: dict[str, list[Letter]] = defaultdict(list)
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), 500):
        chosen = (
            select(*HEAD, letter_occurrence.c.occurrence_id)
            .join(letter_occurrence, letter_occurrence.c.letter_id == letter.c.id)
            .where(COUNTED, letter_occurrence.c.occurrence_id.in_(wanted[start : start + 500]))
            .order_by(letter.c.dated, letter.c.id)
        )
        for row in connection.execute(chosen):
            found[row.occurrence_id].append(Letter.from_row(row))
    return dict(found)


def urging_drafted(connection: Connection, ids: Collection[str]) -> bool:
    """Whether a letter that urges one of these has still to be signed."""
    wanted = sorted(set(ids))
    waiting = (
        (letter.c.kind == LetterKind.URGING.value)
        & (letter.c.state == LetterState.DRAFT.value)
        & (letter.c.relation != Relation.REQUESTED.value)
    )
    for start in range(0, len(wanted), 500):
        chosen = (
            select(letter.c.id)
            .join(letter_occurrence, letter_occurrence.c.letter_id == letter.c.id)
            .where(waiting, letter_occurrence.c.occurrence_id.in_(wanted[start : start + 500]))
        )
        if connection.execute(chosen.limit(1)).first() is not None:
            return True
    return False


def next_turn(ids: Sequence[str], told: dict[str, list[Letter]], *, but: int | None = None) -> int:
    """Which urging letter the next one to these is: never more than each of them has had, and one. ``but``: a letter
    that is not counted, itself."""
    counted = (sum(each.id != but for each in told.get(occurrence_id, ())) for occurrence_id in ids)
    return 1 + min(counted, default=0)
