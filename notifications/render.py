"""From a sheet to the words of a message: subject, plain text and HTML."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from enum import Enum
from functools import cache
from typing import Any, TypeVar

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from notifications.facts import Rendered, Sheet
from notifications.lines import nfc, one_line
from notifications.pages import page_of
from notifications.wording import subject
from plans.text import _

T = TypeVar("T")


def render(sheet: Sheet) -> Rendered:
    """The message that a sheet makes, in the language in use. Raises jinja2.UndefinedError on a faulty template."""
    tidy = _tidied(sheet)
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
    )
    environment.globals["_"] = _  # looks the language up when it is called, so the environment can be kept
    return environment


def _tidied(value: T) -> T:
    """The sheet with every text made one line, so that no plan or name can forge a line or a header; the officer's
    note keeps its lines."""
    changed: Any = value
    if is_dataclass(value) and not isinstance(value, type):
        texts = {field.name: _tidied(getattr(value, field.name)) for field in fields(value)}
        if isinstance(value, Sheet) and value.note:
            texts["note"] = "\n".join(filter(None, map(one_line, value.note.splitlines())))
        changed = replace(value, **texts)
    elif isinstance(value, tuple):
        changed = tuple(_tidied(part) for part in value)
    elif isinstance(value, str) and not isinstance(value, Enum):
        changed = one_line(value)
    return changed  # type: ignore[no-any-return]
