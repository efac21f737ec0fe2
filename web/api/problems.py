"""Errors as problem+json (RFC 9457): one shape for everything, from an unknown address to our own fault."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from notifications.errors import NotificationsError
from plans.errors import PlansError
from plans.text import _
from tasks.errors import (
    ChangedMeanwhile,
    MoveRefused,
    OccurrenceUnknown,
    PlanStopped,
    PlanUnknown,
    RegisterError,
)
from tasks.paper_desk import AlreadyRecorded, PaperUnknown

MEDIA = "application/problem+json"


class FieldError(BaseModel):
    """One value that cannot be."""

    field: str = Field(description="Where: body.received_on, query.limit …")
    message: str


class Problem(BaseModel):
    """What went wrong."""

    type: str = Field(description="For programs: urn:dondoc:problem:…")
    title: str
    status: int
    detail: str | None = Field(default=None, description="A Vietnamese sentence for people.")
    errors: list[FieldError] | None = None
    paper: int | None = Field(default=None, description="already-recorded: the paper that stands in the register.")


class Refused(Exception):
    """A request that is answered with a problem. ``kind``: the last part of its type."""

    def __init__(
        self, status: int, kind: str, detail: str, *, headers: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(detail)
        self.status, self.kind, self.detail, self.headers, self.more = status, kind, detail, headers, more


def unknown() -> Refused:
    """There is no such thing, or it belongs to another unit: the answer is the same."""
    return Refused(404, "unknown", _("Không có nội dung này, hoặc không thuộc đơn vị của tài khoản."))


_SAID = {
    400: "The body could not be read.",
    401: "No token, or one that is unknown, revoked or over.",
    403: "The account may not do this, or the token reads only.",
    404: "There is no such thing, or it belongs to another unit.",
    405: "The address does not take this method.",
    409: "The state of the occurrence does not allow this move, or the paper is recorded already.",
    412: "The occurrence has changed since its ETag was read.",
    413: "The request is larger than 1 MB.",
    422: "A value cannot be; `errors` or `detail` say which.",
    429: "Too many requests of this token; Retry-After says when to go on.",
    500: "Our own fault.",
}
OF_EVERY_ROUTE: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": _SAID[status]} for status in (400, 401, 403, 404, 405, 413, 422, 429, 500)
}
OF_MOVES: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": _SAID[status]} for status in (409, 412)
}


def explain(api: FastAPI) -> None:
    """Registers the handlers."""
    api.add_exception_handler(Refused, _refused)
    for kind in (RegisterError, NotificationsError, PlansError):
        api.add_exception_handler(kind, _domain)
    api.add_exception_handler(HTTPException, http)
    api.add_exception_handler(RequestValidationError, _invalid)
    api.add_exception_handler(Exception, _fault)


def as_problems(described: dict[str, Any]) -> dict[str, Any]:
    """The description with the media type that errors really have; FastAPI's own shape of them goes."""
    for path in described["paths"].values():
        for operation in path.values():
            for status, answer in operation["responses"].items():
                if status >= "4" and "application/json" in answer.get("content", {}):
                    answer["content"] = {MEDIA: answer["content"].pop("application/json")}
    for ours_not in ("HTTPValidationError", "ValidationError"):
        described["components"]["schemas"].pop(ours_not, None)
    return described


def _answer(
    status: int, kind: str, detail: str | None, *, headers: Mapping[str, str] | None = None, **more: Any
) -> Response:
    said = {
        "type": f"urn:dondoc:problem:{kind}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **more,
    }
    text = json.dumps({key: value for key, value in said.items() if value is not None}, ensure_ascii=False)
    # what a caller typed may hold halves of characters, which no encoding can write
    return Response(text.encode("utf-8", "replace"), status_code=status, media_type=MEDIA, headers=dict(headers or {}))


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)  # noqa: S101 - registered for this class alone
    return _answer(error.status, error.kind, error.detail, headers=error.headers, **error.more)


async def _domain(_request: Request, error: Exception) -> Response:
    match error:
        case AlreadyRecorded():
            return _answer(409, "already-recorded", str(error), paper=error.paper_id)
        case MoveRefused() | PlanStopped():
            return _answer(409, "move-refused", str(error))
        case ChangedMeanwhile():
            return _answer(409, "changed-meanwhile", str(error))
        case OccurrenceUnknown() | PlanUnknown() | PaperUnknown():
            return _answer(404, "unknown", str(error))
        case _:
            return _answer(422, "bad-input", str(error))


async def http(_request: Request, error: Exception) -> Response:
    """What the framework refuses: unknown addresses, methods."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class alone
    kind = HTTPStatus(error.status_code).phrase.lower().replace(" ", "-")
    return _answer(error.status_code, kind, None, headers=error.headers)


async def _invalid(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class alone
    errors = [{"field": ".".join(map(str, each["loc"])), "message": each["msg"]} for each in error.errors()]
    return _answer(422, "invalid", _("Dữ liệu gửi lên chưa đúng."), errors=errors)


async def _fault(_request: Request, _error: Exception) -> Response:
    return _answer(500, "fault", _("Lỗi của hệ thống; người quản trị xem nhật ký."))
