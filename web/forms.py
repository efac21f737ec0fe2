"""What people type into forms, read strictly and answered kindly."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from starlette.datastructures import FormData

from plans.text import _
from tasks.errors import BadInput

_DAY = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
_YEARS = range(1945, 2101)  # a slip like 9999 is no day of an office


def text(form: FormData, name: str) -> str:
    """One line of text, NFC, without spaces around it and without control characters; "" where absent."""
    value = form.get(name)
    if not isinstance(value, str):
        return ""
    clean = unicodedata.normalize("NFC", value)
    return " ".join("".join(c if c.isprintable() else " " for c in clean).split())


def short(form: FormData, name: str, label: str, *, most: int = 200) -> str:
    """One line of at most that many characters. Raises BadInput, naming the field."""
    typed = text(form, name)
    if len(typed) > most:
        raise BadInput(_("{label}: dài quá {n} ký tự.").format(label=label, n=most))
    return typed


def lines(form: FormData, name: str) -> str:
    """Text of several lines."""
    value = form.get(name)
    if not isinstance(value, str):
        return ""
    clean = unicodedata.normalize("NFC", value).splitlines()
    return "\n".join(" ".join("".join(c if c.isprintable() else " " for c in row).split()) for row in clean).strip()


def texts(form: FormData, name: str) -> list[str]:
    """All values of a field that may come several times."""
    typed = (value.replace("\0", "").strip() for value in form.getlist(name) if isinstance(value, str))
    return [value for value in typed if value]


def day(typed: str, label: str) -> date:
    """dd/mm/yyyy, or what a date field sends. Raises BadInput, naming the field."""
    found = _DAY.fullmatch(typed)
    try:
        read = date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(typed)
        if read.year not in _YEARS:
            raise ValueError(typed)
        return read
    except ValueError:
        said = _("{label}: “{typed}” không phải ngày dạng dd/mm/yyyy.")
        raise BadInput(said.format(label=label, typed=typed)) from None


def day_or_none(form: FormData, name: str, label: str) -> date | None:
    typed = text(form, name)
    return day(typed, label) if typed else None


def needed_day(form: FormData, name: str, label: str) -> date:
    """Raises BadInput where it is missing."""
    typed = text(form, name)
    if not typed:
        raise BadInput(_("Thiếu {label}.").format(label=label))
    return day(typed, label[:1].upper() + label[1:])
