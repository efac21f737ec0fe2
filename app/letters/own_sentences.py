"""Sentences of an office's own in its letters: kept beside the texts of its messages, held to the same tone."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from contextvars import copy_context
from datetime import datetime

from sqlalchemy.engine import Connection

from letters import ready_texts
from letters.own_texts import LetterKey
from notifications.errors import BadText
from notifications.text_check import brace_problems, listed, named_in, tone_problems
from notifications.text_desk import keep
from plans.text import _, use_language
from tasks.office import office_of

LETTERS_SPEAK = "vi"  # official letters are Vietnamese whatever language the screen is in
_MOST = 800  # characters


def sentences_of(connection: Connection, lead: str) -> Mapping[str, str]:
    """The sentences that the unit, or the whole installation, has written anew."""
    kept = office_of(connection, lead).texts
    return {
        key: text[LETTERS_SPEAK] for key, text in kept.items() if key.startswith("letter.") and LETTERS_SPEAK in text
    }


def ready_sentence(key: LetterKey) -> str:
    """The sentence that dondoc comes with, in Vietnamese."""

    def say() -> str:
        use_language(LETTERS_SPEAK)
        return ready_texts.ready(key)

    return copy_context().run(say)


def example_letters(key: LetterKey, text: str) -> tuple[str, ...]:
    """The body of each invented letter in which the sentence stands; none where it cannot be made."""
    try:
        tidy = checked_sentence(key, text)
    except BadText:
        return ()

    def say() -> tuple[str, ...]:
        use_language(LETTERS_SPEAK)
        return tuple("\n\n".join(body) for body in ready_texts.example(key, {str(key): tidy}))

    return copy_context().run(say)


def save_sentence(connection: Connection, scope: str, key: LetterKey, text: str, *, now: datetime, actor: str) -> None:
    """Letters drafted or saved from now on say that. Raises BadText; then nothing is changed."""
    tidy = checked_sentence(key, text)
    keep(connection, scope, str(key), tidy, spoken=LETTERS_SPEAK, now=now, actor=actor)


def drop_sentence(connection: Connection, scope: str, key: LetterKey, *, now: datetime, actor: str) -> None:
    """Letters say the ready sentence again."""
    keep(connection, scope, str(key), None, spoken=LETTERS_SPEAK, now=now, actor=actor)


def checked_sentence(key: LetterKey, text: str) -> str:
    """The sentence as it is kept. Raises BadText, which says all that is wrong with it."""
    tidy = " ".join(unicodedata.normalize("NFC", text).split())
    if wrong := list(_wrong(key, tidy)):
        raise BadText(" ".join(wrong))
    return tidy


def _wrong(key: LetterKey, text: str) -> Iterator[str]:
    if not text:
        yield _("Chưa viết lời nào.")
        return
    if len(text) > _MOST:
        yield _("Dài {n} ký tự, tối đa {most}.").format(n=len(text), most=_MOST)
    yield from brace_problems(text, key.fields)
    missing = tuple(name for name in key.needed if name not in named_in(text))
    if missing:
        yield _("Công văn phải nêu {needed}.").replace("{needed}", listed(missing))
    yield from tone_problems(key.relation, text)
