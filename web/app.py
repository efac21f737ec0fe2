"""Puts the dashboard together. ``dondoc up`` serves it; tests make one around their own register."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from importlib.resources import files

import js_lib_htmx
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from app.bootstrap import Dondoc, clock
from notifications.errors import NotificationsError
from notifications.reply_links import LinkOver, LinkUnknown
from plans.errors import PlansError
from plans.text import _
from tasks.errors import RegisterError
from web import routes
from web.api import PREFIX, create_api, problems
from web.body_limit import BodyLimit
from web.errors import FirstPassword, Forged, NotAllowed, NotSignedIn, WebError
from web.guard import session_of
from web.headers import SecurityHeaders
from web.readings_jobs import jobs_of
from web.rendering import Pages
from web.visit import Office, Scheduling, Visit, unwatched


def create_app(
    dondoc: Dondoc,
    *,
    clock: Callable[[], datetime] = clock,
    secure: bool = False,
    scheduling: Scheduling = unwatched,
) -> FastAPI:
    """The dashboard of that installation. ``secure``: it is reached over HTTPS, so cookies go nowhere else.

    ``scheduling``: says what is wrong with Prefect (``app.scheduling.Watch``); by default nobody looks.
    """
    # without redirects of its own: they would repeat the Host of the request
    app = FastAPI(title="dondoc", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.state.office = Office(dondoc, clock, Pages(), secure, scheduling)
    app.state.readings = jobs_of(dondoc, clock)
    app.add_middleware(BodyLimit)
    app.add_middleware(SecurityHeaders, secure=secure)
    app.mount("/static/htmx", StaticFiles(directory=str(files(js_lib_htmx).joinpath("static/htmx"))), name="htmx")
    app.mount("/static", StaticFiles(directory=str(files("web").joinpath("static"))), name="static")
    app.mount(PREFIX, create_api(app.state.office), name="api")
    for router in routes.ROUTERS:
        app.include_router(router)
    _explain_errors(app)
    return app


def _explain_errors(app: FastAPI) -> None:
    """Every error is a page that says what is wrong and what to do."""

    async def web_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, WebError)  # noqa: S101 - registered for this class alone
        if isinstance(error, NotSignedIn):
            return RedirectResponse(f"/dang-nhap?toi={request.url.path}", status_code=303)
        if isinstance(error, FirstPassword):
            return RedirectResponse("/mat-khau", status_code=303)
        return _error_page(request, error.status, _text(error))

    async def refused(request: Request, error: Exception) -> Response:
        return _error_page(request, 400, str(error))

    async def http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class alone
        if request.url.path.startswith(f"{PREFIX}/"):  # a line break in it: the mount of the API does not match
            return await problems.http(request, error)
        return _error_page(request, error.status_code, _of_status(error.status_code))

    async def invalid(request: Request, _error: Exception) -> Response:
        return _error_page(request, 404, _of_status(404))

    async def link_refused(request: Request, error: Exception) -> Response:
        return _error_page(request, 404 if isinstance(error, LinkUnknown) else 410, str(error))

    app.add_exception_handler(WebError, web_error)
    for gone in (LinkUnknown, LinkOver):
        app.add_exception_handler(gone, link_refused)
    for kind in (RegisterError, NotificationsError, PlansError):
        app.add_exception_handler(kind, refused)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(RequestValidationError, invalid)


def _error_page(request: Request, status: int, text: str) -> Response:
    visit = Visit(request, session_of(request))
    return visit.page("error.html", status=status, text=text, code=status)


def _text(error: WebError) -> str:
    if isinstance(error, NotAllowed):
        return _("Tài khoản này không có quyền làm việc đó.")
    if isinstance(error, Forged):
        return _("Biểu mẫu đã cũ hoặc không phải của phiên làm việc này. Mở lại trang rồi làm lại.")
    return _of_status(error.status)


def _of_status(status: int) -> str:
    if status == 404:
        return _("Không có trang này, hoặc nội dung không thuộc đơn vị của tài khoản đang dùng.")
    if status == 405:
        return _("Trang này không nhận yêu cầu như vậy.")
    if status == 413:
        return _("Nội dung gửi lên quá lớn: mỗi lần gửi được một tệp tối đa 25 MB.")
    return _("Yêu cầu không thực hiện được.")
