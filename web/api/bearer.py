"""Who may call: every address of the API names its right and of whom, as every page does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.engine import Connection

from app.views.scope import Units
from people import api_tokens
from people.rights import Holder, Right
from plans.calendar import local_day
from plans.text import _
from tasks import database
from web.api.problems import Refused, unknown
from web.api.throttle import Throttle
from web.guard import CHANGES, UNITS
from web.visit import Office

_SCHEME = HTTPBearer(auto_error=False, scheme_name="token", description="A token of the page “Tài khoản của tôi”.")


@dataclass(frozen=True, slots=True)
class Call:
    """What a route of the API works with: who asks, and at what moment."""

    office: Office
    holder: Holder
    now: datetime

    @property
    def actor(self) -> str:
        """For the audit trail."""
        return self.holder.login

    @property
    def today(self) -> date:
        return local_day(self.now)

    def units(self, right: Right) -> Units:
        return self.holder.units(right)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with database.reading(self.office.dondoc.engine) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with database.writing(self.office.dondoc.engine) as connection:
            yield connection


class Bearer:
    """A dependency of a route: the call of a program whose account holds that right. ``of``: as in ``web.guard``."""

    def __init__(self, right: Right, of: str | None = None) -> None:
        if of is not None and of not in UNITS:
            raise ValueError(f"no way to find the unit of {of}")
        self.right = right
        self.of = of

    def __call__(
        self, request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Security(_SCHEME)] = None
    ) -> Call:
        """Raises Refused: 401, 403, 404, 429."""
        office: Office = request.app.state.office
        now = office.clock()
        bearer = _known(office, given, now)
        self._slow_down(request.app.state.throttle, bearer.token_id, now)
        if bearer.holder.must_change and self.right is not Right.ACCOUNT:
            raise Refused(403, "first-password", _("Tài khoản này phải đổi mật khẩu dùng một lần trước đã."))
        if request.method in CHANGES and bearer.read_only:
            raise Refused(403, "read-only", _("Mã truy cập này chỉ được xem."))
        if not bearer.holder.may(self.right):
            raise Refused(403, "not-allowed", _("Tài khoản này không có quyền làm việc đó."))
        if self.of is not None:
            self._check_unit(office, bearer.holder, request.path_params[self.of])
        return Call(office, bearer.holder, now)

    def _check_unit(self, office: Office, holder: Holder, value: str) -> None:
        with database.reading(office.dondoc.engine) as connection:
            units = UNITS[self.of or ""](connection, value)
        if not any(holder.may(self.right, unit) for unit in units):
            raise unknown()

    @staticmethod
    def _slow_down(throttle: Throttle, token_id: int, now: datetime) -> None:
        seconds = throttle.wait(token_id, now)
        if seconds:
            said = _("Quá nhiều yêu cầu; thử lại sau {n} giây.").format(n=seconds)
            raise Refused(429, "too-many-requests", said, headers={"Retry-After": str(seconds)})


def needs(right: Right, of: str | None = None) -> Any:
    """``call: Call = needs(Right.SEE, "plan_id")`` in the parameters of a route."""
    return Depends(Bearer(right, of))


def _known(office: Office, given: HTTPAuthorizationCredentials | None, now: datetime) -> api_tokens.Bearer:
    bearer = None
    if given is not None:
        with database.reading(office.dondoc.engine) as connection:
            bearer = api_tokens.bearer(connection, given.credentials, now=now)
    if bearer is None:
        said = _("Thiếu mã truy cập, hoặc mã không đúng, đã thu hồi, đã hết hạn.")
        raise Refused(401, "no-token", said, headers={"WWW-Authenticate": "Bearer"})
    if bearer.stale:
        with database.writing(office.dondoc.engine) as connection:
            api_tokens.touch(connection, bearer.token_id, now=now)
    return bearer
