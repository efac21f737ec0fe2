"""Forms only from our own pages: a token per session in every form, and no request from another site.

Before sign-in there is no session, so the token is held twice: in a cookie of the browser and in the form.
"""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import FormData

from web.errors import Forged

FIELD = "csrf"
HEADER = "X-CSRF-Token"
COOKIE = "dondoc_form"


def check(request: Request, form: FormData, expected: str) -> None:
    """Raises Forged where the token of the session is not in the form or header, or another site asks."""
    _same_site(request)
    given = request.headers.get(HEADER) or form.get(FIELD)
    if not isinstance(given, str) or not secrets.compare_digest(given.encode(), expected.encode()):
        raise Forged


def check_signed_out(request: Request, form: FormData) -> None:
    """Raises Forged where cookie and form do not hold the same token."""
    check(request, form, request.cookies.get(COOKIE) or secrets.token_urlsafe())


def signed_out_token(request: Request) -> str:
    """The token for forms before sign-in: the browser's, else a new one."""
    return request.cookies.get(COOKIE) or secrets.token_urlsafe(32)


def _same_site(request: Request) -> None:
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise Forged
    origin = request.headers.get("Origin")
    if origin and origin != "null" and urlsplit(origin).netloc != request.headers.get("Host"):
        raise Forged
