"""Everything that an office may say in its own words: texts of messages, and sentences of official letters."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.engine import Connection

from app.letters import own_sentences
from letters.own_texts import LetterKey, all_keys
from notifications import text_desk
from notifications.own_texts import ALL, TextKey, fields_of
from notifications.ready_texts import ready
from notifications.render import render
from notifications.text_check import checked
from notifications.text_examples import examples
from plans.text import language

Key = TextKey | LetterKey


def every_key() -> tuple[Key, ...]:
    return (*ALL, *all_keys())


def key_of(name: str) -> Key:
    """Raises ValueError where there is no such text."""
    return LetterKey.of(name) if name.startswith("letter.") else TextKey.of(name)


def ready_of(key: Key) -> str:
    """What dondoc says by itself; "" where that is nothing."""
    return own_sentences.ready_sentence(key) if isinstance(key, LetterKey) else ready(key)


def fields_in(key: Key) -> tuple[str, ...]:
    """What may stand in braces."""
    return key.fields if isinstance(key, LetterKey) else fields_of(key.kind)


def own_of(connection: Connection, scope: str, key: Key) -> str | None:
    """What exactly that unit, or the whole installation (""), has written."""
    spoken = own_sentences.LETTERS_SPEAK if isinstance(key, LetterKey) else language()
    return text_desk.texts_of(connection, scope).get(str(key), {}).get(spoken)


def looked_at(key: Key, text: str) -> str:
    """The text as it would be kept. Raises BadText."""
    return own_sentences.checked_sentence(key, text) if isinstance(key, LetterKey) else checked(key, text)


def save(connection: Connection, scope: str, key: Key, text: str, *, now: datetime, actor: str) -> None:
    """Said from now on. Raises BadText; then nothing is changed."""
    if isinstance(key, LetterKey):
        own_sentences.save_sentence(connection, scope, key, text, now=now, actor=actor)
    else:
        text_desk.save_text(connection, scope, key, text, now=now, actor=actor)


def drop(connection: Connection, scope: str, key: Key, *, now: datetime, actor: str) -> None:
    """The ready words are said again."""
    if isinstance(key, LetterKey):
        own_sentences.drop_sentence(connection, scope, key, now=now, actor=actor)
    else:
        text_desk.drop_text(connection, scope, key, now=now, actor=actor)


def example(key: Key, text: str | None) -> str:
    """One message or letter with it; None: with the ready words. Raises BadText."""
    if isinstance(key, LetterKey):
        return next(iter(own_sentences.example_letters(key, text or ready_of(key))), "")
    made = render(next(examples(key, None if text is None else looked_at(key, text))))
    return f"{made.subject}\n\n{made.text}"
