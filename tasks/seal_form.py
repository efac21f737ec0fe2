"""What a seal is computed from, fixed for ever: a change here would break every chain there is.

The migration that sealed the first registers uses it too. Another form would be a second function beside this one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

GENESIS = sha256(b"dondoc audit trail, form 1").hexdigest()  # place 0
FACTS = ("id", "at", "actor", "kind", "plan_id", "occurrence_id", "agency_id", "data")

_quoted = json.JSONEncoder(ensure_ascii=False).encode


def canonical_v1(facts: Mapping[str, Any]) -> bytes:
    """The bytes of a row that are sealed; the same on every database and after every restore.

    JSON in UTF-8 of ``FACTS`` without spaces: keys in the order of their code points; text as it is (not normalised),
    with only ``"``, ``\\`` and control characters escaped; ``at`` in UTC with six digits after the second; numbers
    in plain decimal digits (``1e+23``, ``1.0`` and ``-0.0`` are ``100000000000000000000000``, ``1`` and ``0``), as
    JSONB gives them back. Raises ValueError for a number that is none, TypeError for what JSON has no form for.
    """
    at: datetime = facts["at"]
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    return _text_v1({name: facts[name] for name in FACTS} | {"at": moment}).encode("utf-8", "surrogatepass")


def hash_v1(previous: str, facts: Mapping[str, Any]) -> str:
    """The seal of a row that comes after the hash ``previous``."""
    return sha256(previous.encode("ascii") + canonical_v1(facts)).hexdigest()


def _text_v1(value: Any) -> str:
    match value:
        case str():
            return _quoted(value)
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return _decimal_v1(value)
        case list():
            return "[" + ",".join(map(_text_v1, value)) + "]"
        case dict():
            return "{" + ",".join([f"{_quoted(key)}:{_text_v1(value[key])}" for key in sorted(value)]) + "}"
        case _:
            raise TypeError(f"no JSON form: {type(value).__name__}")


def _decimal_v1(value: float) -> str:
    """The shortest digits that give this float again, without an exponent."""
    text = f"{Decimal(repr(value)):f}"
    if not text.lstrip("-")[0].isdigit():
        raise ValueError(f"not a number of JSON: {value!r}")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
