"""What happened, in order: moves and remarks of the trail, messages, letters, and how it stood at that moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

from app.dossier.model import Case, Dossier, Sent
from plans.calendar import end_of, local_day, moment
from plans.text import _, day_text
from tasks.as_of import CHANGING, stood
from tasks.letter_model import Letter, LetterState
from tasks.status import status_text


@dataclass(frozen=True, slots=True)
class Step:
    """``at`` is a moment, or the begin of the day where only that is known (``dated``). ``status``: how it stood."""

    at: datetime
    dated: bool
    text: str
    by: str
    status: str = ""


class _Heard(NamedTuple):
    """A row of the trail as ``tasks.as_of`` hears it."""

    at: datetime
    kind: str
    data: Any


def steps(case: Case, dossier: Dossier) -> list[Step]:
    """Oldest first; what happened on one day without an hour stands before the rest of it."""
    heard = [_Heard(e.at, e.kind, e.facts["data"]) for e in case.events if e.kind in CHANGING]
    found = [*_of_trail(case, heard), *_of_messages(case, dossier, heard), *_of_letters(case, dossier, heard)]
    return sorted(found, key=lambda step: (step.at, not step.dated))


def _of_trail(case: Case, heard: Sequence[_Heard]) -> Iterator[Step]:
    for event in case.events:
        row = _("dòng {n}").format(n=event.id)
        yield Step(event.at, False, f"{event.text} [{row}]", event.by, status_at(case, heard, event.at))


def _of_messages(case: Case, dossier: Dossier, heard: Sequence[_Heard]) -> Iterator[Step]:
    for told in case.told:
        sent = dossier.messages[told.message]
        at = sent.settled_at or sent.created_at
        said = _("Thông báo số {n} ({rung}) tới {person}: {fate}").format(
            n=sent.id, rung=told.rung, person=sent.person, fate=fate_text(sent)
        )
        yield Step(at, False, said, _("hệ thống"), status_at(case, heard, at))


def fate_text(sent: Sent) -> str:
    """What became of a message, with the reason where it did not leave."""
    last = sent.attempts[-1] if sent.attempts else None
    return f"{sent.fate} ({last.detail})" if sent.status != "sent" and last and last.detail else sent.fate


def _of_letters(case: Case, dossier: Dossier, heard: Sequence[_Heard]) -> Iterator[Step]:
    for it in case.letters:
        numbered = dossier.letters[it]
        letter = numbered.letter
        if letter.dated is None:
            continue
        said = letter_text(letter)
        at = end_of(letter.dated) - timedelta(microseconds=1)
        yield Step(moment(letter.dated, time(0)), True, said, numbered.by, status_at(case, heard, at))


def letter_text(letter: Letter) -> str:
    """``Công văn đôn đốc (lần 2) số 57/CAT-PC10 ngày 19/12/2024, gửi ngày 20/12/2024``; a void one says so."""
    day = day_text(letter.dated) if letter.dated else "–"
    said = _("{title} số {number} ngày {day}").format(title=letter.title, number=letter.reference, day=day)
    if letter.sent_on:
        said += ", " + _("gửi ngày {day}").format(day=day_text(letter.sent_on))
    if letter.state is LetterState.VOID:
        said += " " + _("(đã hủy: {reason})").format(reason=letter.void_reason or "–")
    return said


def status_at(case: Case, heard: Sequence[_Heard], at: datetime) -> str:
    """How it stood then, by what had been written down; "" before it was followed."""
    day = local_day(at)
    if day < case.o.tracked_from:
        return ""
    return status_text(stood(case.o, list(heard), at=at), today=day)  # type: ignore[arg-type]  # a row by its fields
