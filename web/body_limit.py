"""No request is larger than the largest file that is taken, whatever it says of its length, and none asks for NUL."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST = (25 << 20) + (1 << 20)  # a file of 25 MB, and the form around it


def _without_nul(scope: Scope) -> Scope:
    """PostgreSQL keeps no NUL: what is asked for with one is simply not found."""
    query = scope["query_string"].replace(b"%00", b"%EF%BF%BD")
    return {**scope, "path": scope["path"].replace("\0", "\ufffd"), "query_string": query}


class BodyLimit:
    """Stops reading where a body grows too large: nothing fills memory or disk."""

    def __init__(self, app: ASGIApp, *, most: int = MOST) -> None:
        self._app = app
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope = _without_nul(scope)
        taken = 0

        async def limited() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self._most:
                raise HTTPException(413)
            return message

        await self._app(scope, limited, send)
