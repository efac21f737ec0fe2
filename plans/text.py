"""Text for people: the language in use, and how dates, counts and names are written and compared.

Messages in the code are Vietnamese; ``locale/en`` holds the English second language (gettext). This module
is the lowest of all, so every package can use it.
"""

from __future__ import annotations

import gettext
import os
import re
import unicodedata
from contextvars import ContextVar
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files

LANGUAGES = ("vi", "en")
_DOMAIN = "dondoc"
_language: ContextVar[str | None] = ContextVar("language", default=None)


def N_(message: str) -> str:  # noqa: N802  # gettext's own name for "collect this text, translate it later"
    return message


_WEEKDAYS = (N_("thứ Hai"), N_("thứ Ba"), N_("thứ Tư"), N_("thứ Năm"), N_("thứ Sáu"), N_("thứ Bảy"), N_("Chủ nhật"))


def language() -> str:
    """The language in use: set by ``use_language``, else by DONDOC_LANGUAGE, else Vietnamese."""
    chosen = _language.get() or os.environ.get("DONDOC_LANGUAGE", "vi")
    return chosen if chosen in LANGUAGES else "vi"


def use_language(code: str) -> None:
    """Chooses the language of what follows in this context; an unknown code means Vietnamese."""
    _language.set(code)


@cache
def _catalogue(code: str) -> gettext.NullTranslations:
    return gettext.translation(_DOMAIN, str(files("plans").joinpath("locale")), [code], fallback=True)


def _(message: str) -> str:
    """The message in the language in use."""
    return _catalogue(language()).gettext(message)


def _n(message: str, number: int) -> str:
    """The message in the form that the language in use has for that number; Vietnamese has one form for all."""
    return _catalogue(language()).ngettext(message, message, number)


@lru_cache(maxsize=4096)  # a morning names few different days, tens of thousands of times
def day_text(day: date) -> str:
    """``09/12/2024``."""
    return f"{day:%d/%m/%Y}"


def short_day(day: date) -> str:
    """``09/12``."""
    return f"{day:%d/%m}"


def weekday_name(day: date) -> str:
    """``thứ Hai``."""
    return _(_WEEKDAYS[day.weekday()])


def weekday_text(day: date) -> str:
    """``thứ Hai 09/12/2024``."""
    return f"{weekday_name(day)} {day_text(day)}"


def two_digits(number: int) -> str:
    """Counts in official letters have two digits: ``03 việc`` (Nghị định 30/2020/NĐ-CP, Phụ lục I, for numbers)."""
    return f"{number:02d}"


def fold(text: str) -> str:
    """For matching: lower case, without diacritics, đ as d, letters and digits only, single spaces."""
    text = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D")).lower()
    text = "".join(c for c in text if not unicodedata.combining(c))
    return " ".join(re.findall(r"[a-z0-9]+", text))


_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}  # huyền hỏi ngã sắc nặng
_SHAPES = {"\u0306": 1, "\u0302": 2, "\u031b": 3}  # ă, â ê ô, ơ ư


@lru_cache(maxsize=20_000)  # names and titles are few, lists of them many
def sort_key(text: str) -> tuple[tuple[tuple[int, ...], ...], tuple[int, ...]]:
    """Vietnamese order as ICU ``vi``: a ă â … d đ e ê … o ô ơ … u ư; tones only break ties."""
    letters: list[tuple[int, ...]] = []
    tones: list[int] = []
    for char in unicodedata.normalize("NFD", unicodedata.normalize("NFC", text).lower()):
        if char in _TONES:
            tones[-1:] = [_TONES[char]]
        elif char in _SHAPES and letters:
            letters[-1] = (*letters[-1][:1], _SHAPES[char])
        elif char == "đ":
            letters.append((ord("d"), 1))
            tones.append(0)
        elif char.isalnum() or char == " ":
            letters.append((ord(char), 0))
            tones.append(0)
    return tuple(letters), tuple(tones)
