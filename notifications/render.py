"""From a sheet to the words of a message: subject, plain text and HTML."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from enum import Enum
from functools import cache, lru_cache
from operator import is_
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from notifications.facts import Rendered, Sheet
from notifications.lines import nfc, one_line
from notifications.pages import page_of
from notifications.wording import subject
from plans.text import _


def render(sheet: Sheet) -> Rendered:
    """The message that a sheet makes, in the language in use. Raises jinja2.UndefinedError on a faulty template."""
    tidy: Sheet = _tidied(sheet)
    page = page_of(tidy)
    templates = _environment()
    return Rendered(
        subject=one_line(subject(tidy)),
        text=nfc(templates.get_template(f"{tidy.kind}/body.txt").render(page=page)),
        html=nfc(templates.get_template(f"{tidy.kind}/body.html").render(page=page)),
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("notifications"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=select_autoescape(["html"]),
        keep_trailing_newline=True,
        auto_reload=False,  # a release does not change while it runs
    )
    environment.globals["_"] = _  # looks the language up when it is called, so the environment can be kept
    return environment


def _tidied(value: Any) -> Any:
    """The sheet with every text made one line, so that no plan or name can forge a line or a header; the officer's
    note keeps its lines."""
    if isinstance(value, str):
        return value if isinstance(value, Enum) else _clean(value)
    if isinstance(value, tuple):
        tidy_parts = tuple(map(_tidied, value))
        return value if all(map(is_, tidy_parts, value)) else tidy_parts
    changed = {}
    for name in _field_names(type(value)):
        was = getattr(value, name)
        if was is None:
            continue
        tidy = _clean(was) if type(was) is str else _tidied(was)  # most are plain texts: a call less for each
        if tidy is not was:
            changed[name] = tidy
    if isinstance(value, Sheet) and value.note:
        changed["note"] = "\n".join(filter(None, map(one_line, value.note.splitlines())))
    return replace(value, **changed) if changed else value


@lru_cache(maxsize=20_000)
def _clean(text: str) -> str:
    """Kept, because most texts of a morning stand in many messages; the same object where nothing is to be done."""
    clean = one_line(text)
    return text if clean == text else clean


_FIELDS: dict[type, tuple[str, ...]] = {}
_WORDLESS = frozenset({"bool", "int", "date", "datetime", "None"})


def _field_names(kind: type) -> tuple[str, ...]:
    """The fields that may hold a text or something with texts; asked of dataclasses once per class and not once per
    value."""
    if kind not in _FIELDS:
        found = fields(kind) if is_dataclass(kind) else ()
        _FIELDS[kind] = tuple(field.name for field in found if not _WORDLESS.issuperset(str(field.type).split(" | ")))
    return _FIELDS[kind]
