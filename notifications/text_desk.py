"""Where an office keeps, changes and drops texts of its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.engine import Connection

from notifications.own_texts import SETTING, TextKey
from notifications.text_check import checked, tried
from plans.text import language
from tasks.office import choose
from tasks.tables import setting

Texts = Mapping[str, Mapping[str, str]]  # by key, then by language


def texts_of(connection: Connection, scope: str) -> Texts:
    """The texts chosen for exactly that lead unit, or for the whole installation ("")."""
    mine = select(setting.c.value).where(setting.c.scope == scope, setting.c.name == SETTING)
    found: Texts | None = connection.execute(mine).scalar_one_or_none()
    return found or {}


def save_text(connection: Connection, scope: str, key: TextKey, text: str, *, now: datetime, actor: str) -> None:
    """From now on messages say that, in the language in use. Raises BadText; then nothing is changed."""
    tidy = checked(key, text)
    tried(key, tidy)
    keep(connection, scope, str(key), tidy, now=now, actor=actor)


def drop_text(connection: Connection, scope: str, key: TextKey, *, now: datetime, actor: str) -> None:
    """Messages say the ready sentence again, in the language in use."""
    keep(connection, scope, str(key), None, now=now, actor=actor)


def keep(
    connection: Connection, scope: str, name: str, text: str | None, *, spoken: str = "", now: datetime, actor: str
) -> None:
    """Keeps a text that was looked at already; None drops it. ``spoken``: in which language; "" for the one in use."""
    known = {each: dict(texts) for each, texts in texts_of(connection, scope).items()}
    known.setdefault(name, {}).pop(spoken or language(), None)
    if text is not None:
        known[name][spoken or language()] = text
    left = {each: texts for each, texts in known.items() if texts}
    choose(connection, scope, SETTING, left or None, now=now, actor=actor)
