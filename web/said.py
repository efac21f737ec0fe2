"""What the next page says once: kept in a short-lived cookie, written as text by the template."""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from starlette.responses import Response

    from web.visit import Visit

Kind = Literal["done", "warning", "error"]
COOKIE = "dondoc_said"
_LONGEST = 1_500  # characters; a cookie holds 4 kB


def keep(visit: Visit, answer: Response, text: str, kind: Kind) -> None:
    packed = base64.urlsafe_b64encode(json.dumps([kind, text[:_LONGEST]]).encode()).decode()
    answer.set_cookie(COOKIE, packed, max_age=60, httponly=True, samesite="lax", secure=visit.office.secure)


def read(visit: Visit) -> tuple[Kind, str] | None:
    """What was kept; None where there is nothing, or something that we did not write."""
    try:
        kind, text = json.loads(base64.urlsafe_b64decode(visit.request.cookies.get(COOKIE, "")))
    except (ValueError, binascii.Error, TypeError):
        return None
    return (kind, text) if kind in ("done", "warning", "error") and isinstance(text, str) else None


def clear(visit: Visit, answer: Response) -> None:
    if COOKIE in visit.request.cookies:
        answer.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=visit.office.secure)
