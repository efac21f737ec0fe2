"""Frozen values as JSON and back: a numbered letter is printed from what was stored, not from what is true now."""

from __future__ import annotations

import types
from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from plans.model import PartialDate

Value = TypeVar("Value")


def freeze(value: Any) -> Any:
    """The value in JSON's own types."""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: freeze(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [freeze(each) for each in value]
    return value


def thaw(kind: type[Value], stored: Any) -> Value:
    """The value that was frozen. A field that was added since has its usual value; one that is gone is passed over.

    Raises TypeError, ValueError, KeyError where it is no such value.
    """
    found = _read(kind, stored)
    if not isinstance(found, kind):
        raise TypeError(f"{kind.__name__}: {type(stored).__name__}")
    return found


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(kind: Any, stored: Any) -> Any:
    if get_origin(kind) in (Union, types.UnionType):
        return _one_of(get_args(kind), stored)
    if get_origin(kind) is tuple:
        return _tuple(get_args(kind), stored)
    if kind is date:
        return date.fromisoformat(stored)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind(stored)
    if isinstance(kind, type) and is_dataclass(kind):
        known = _hints(kind)
        names = [field.name for field in fields(kind) if field.name in stored]
        return kind(**{name: _read(known[name], stored[name]) for name in names})
    if not isinstance(stored, kind):
        raise TypeError(f"{kind!r}: {stored!r}")
    return stored


def _one_of(kinds: tuple[Any, ...], stored: Any) -> Any:
    """Nothing, or a day that is known whole (text) or in part (a PartialDate)."""
    if stored is None:
        return None
    wanted = [kind for kind in kinds if kind is not type(None)]
    if date in wanted and PartialDate in wanted:
        return _read(date if isinstance(stored, str) else PartialDate, stored)
    [kind] = wanted
    return _read(kind, stored)


def _tuple(kinds: tuple[Any, ...], stored: Any) -> tuple[Any, ...]:
    if len(kinds) == 2 and kinds[1] is ...:
        return tuple(_read(kinds[0], each) for each in stored)
    return tuple(_read(kind, each) for kind, each in zip(kinds, stored, strict=True))
