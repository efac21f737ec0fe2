"""The JSON API under /api/v1, for programs: bearer tokens, never cookies; every error is problem+json (RFC 9457)."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from web.api import audit, figures, moves, occurrences, papers, plans, problems
from web.api.throttle import Throttle
from web.body_limit import BodyLimit
from web.visit import Office

PREFIX = "/api/v1"
LARGEST = 1 << 20  # bytes of a request: the API takes no files
PER_MINUTE = 600  # requests of one token

_ABOUT = """
Plans (kế hoạch), occurrences (kỳ), papers (văn bản đến), moves and the audit trail of dondoc.

* **Token** (mã truy cập): made on the page "Tài khoản của tôi", sent as `Authorization: Bearer dondoc_…`. It acts with
  the rights of its account, or reads only. What belongs to another unit is answered like what does not exist: 404.
* **Errors** are `application/problem+json`; `detail` is a Vietnamese sentence for people, `type` is for programs.
* **Pages**: `limit` and `offset`; the audit trail goes on from the last number with `after`.
* **Changes**: every move is guarded by the state of the occurrence (409). With `If-Match` and the `ETag` of the
  occurrence it is also guarded by what was seen (412).
* Dates are `YYYY-MM-DD` in Vietnam, moments are UTC.
"""


def create_api(office: Office) -> FastAPI:
    """To be mounted at ``PREFIX``. It shares the register and the clock of the dashboard, and no session with it."""
    api = FastAPI(
        title="dondoc",
        version="1",
        description=_ABOUT.strip(),
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        responses=problems.OF_EVERY_ROUTE,
    )
    api.state.office = office
    api.state.throttle = Throttle(PER_MINUTE)
    api.add_middleware(BodyLimit, most=LARGEST)
    for module in (figures, plans, moves, occurrences, papers, audit):
        api.include_router(module.router)
    problems.explain(api)
    described = api.openapi

    def openapi() -> dict[str, Any]:
        return problems.as_problems(described())

    api.openapi = openapi  # type: ignore[method-assign]
    return api
