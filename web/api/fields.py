"""The kinds of values that programs send, each with its bounds: nothing reaches the register that it cannot hold."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

_ISO = re.compile(r"(?:20\d\d)-\d\d-\d\d", re.ASCII)
_ISO_SCHEMA = {"type": "string", "format": "date", "pattern": r"^20[0-9]{2}-[0-9]{2}-[0-9]{2}$"}
PRINTABLE = r"^[^\u0000-\u001f\u007f]*$"
WORD = r"^[A-Za-z0-9._-]+$"


def _iso(value: Any) -> date:
    """Only YYYY-MM-DD of this century: no number of seconds, and no year in which calendars end."""
    if not isinstance(value, str) or not _ISO.fullmatch(value):
        raise ValueError("a day as YYYY-MM-DD, 2000 to 2099")
    return date.fromisoformat(value)


def _tidy(value: str) -> str:
    return " ".join(unicodedata.normalize("NFC", value).split())


Day = Annotated[date, BeforeValidator(_iso), WithJsonSchema(_ISO_SCHEMA)]
Text = Annotated[str, Field(min_length=1, max_length=500, pattern=PRINTABLE), AfterValidator(_tidy)]
Short = Annotated[str, Field(min_length=1, max_length=60, pattern=PRINTABLE), AfterValidator(_tidy)]
OccurrenceRef = Annotated[str, Field(min_length=7, max_length=250, pattern=r"^[^\u0000-\u001f\u007f]+$")]

PlanPath = Annotated[str, Path(max_length=60, description="son-la-2316-2023")]
OccurrencePath = Annotated[
    str,
    Path(max_length=250, description="son-la-2316-2023/bao-cao-nam/so-tai-chinh/2024; its slashes may stay or be %2F"),
]
PaperPath = Annotated[int, Path(ge=1, le=999_999_999)]

Limit = Annotated[int, Query(ge=1, le=200, description="How many rows at most.")]
Offset = Annotated[int, Query(ge=0, le=10_000_000, description="How many rows to pass over.")]
Word = Annotated[str | None, Query(max_length=130, pattern=WORD)]
Key = Annotated[str | None, Query(min_length=1, max_length=250, pattern=PRINTABLE)]
SinceDay = Annotated[Day | None, Query(alias="from")]
UntilDay = Annotated[Day | None, Query(alias="to")]


class Body(BaseModel):
    """Nothing but the fields that are known: a slip of the pen is told, not passed over."""

    model_config = ConfigDict(extra="forbid", strict=True)
