"""The letterhead of the valley's lead unit, and letters on the way that tests take with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TypeVar

from sqlalchemy.engine import Connection

from app.letters import beginning, drafting
from app.letters.drafting import Known
from letters.model import Letter as Printed
from tasks.database import reading, writing
from tasks.letter_head import Letterhead, choose_letterhead
from tasks.letter_model import Letter
from tasks.letter_store import load_letter
from tests.support import ANSWERABLE, LEAD, Valley

HEAD = Letterhead(
    issuer="Công an Thung Lũng",
    named="Công an Thung Lũng",
    short="CATL",
    unit="PC10",
    place="Thung Lũng",
    title="Phó Giám đốc",
    signer="Người Ký",
    behalf="KT. Giám đốc",
    superior="UBND Thung Lũng",
    contact="Phòng PC10, điện thoại 0000",
    parent="Bộ Công an",
)
Done = TypeVar("Done")


def write(valley: Valley, work: Callable[[Connection], Done]) -> Done:
    with writing(valley.engine) as c:
        return work(c)


def letterhead(valley: Valley, **changes: str) -> Valley:
    """The unit has said how its letters begin."""
    head = replace(HEAD, **changes)
    write(valley, lambda c: choose_letterhead(c, LEAD, head, now=valley.now, actor="test"))
    return valley


def urge(valley: Valley, occurrence_id: str = ANSWERABLE, *, everybody: bool = False, on: str = "") -> list[Letter]:
    """Drafts that urge this body, or all that are late with the same."""
    day = date.fromisoformat(on) if on else valley.now.date()
    known = Known(on=day, now=valley.now, actor="test")
    return write(valley, lambda c: beginning.begin_urging(c, occurrence_id, everybody=everybody, **known))


def give_number(valley: Valley, letter_id: int, given: str, dated: str = "") -> Letter:
    day = date.fromisoformat(dated) if dated else valley.now.date()
    return write(
        valley,
        lambda c: drafting.give_number(c, letter_id, given=given, dated=day, now=valley.now, actor="test"),
    )


def printed(valley: Valley, letter_id: int) -> Printed:
    with reading(valley.engine) as c:
        return drafting.letter_of(c, letter_id)


def stored(valley: Valley, letter_id: int) -> Letter:
    with reading(valley.engine) as c:
        return load_letter(c, letter_id)


def text_of(letter: Printed) -> str:
    """All that the letter says, annexes as well."""
    cells = [cell for annex in letter.annexes for row in annex.table.rows for cell in row]
    return "\n".join((letter.abstract, *(each.text for each in letter.body), *letter.addressees, *cells))
