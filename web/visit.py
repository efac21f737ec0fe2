"""One request: who asks, at what moment, and the tools that a page needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from fastapi import Request
from sqlalchemy import Engine
from sqlalchemy.engine import Connection
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from app.bootstrap import Dondoc
from app.doctor.model import Finding
from people.rights import Holder, Right
from people.sessions import Session
from plans.calendar import local_day
from tasks import database
from web import said
from web.rendering import Pages

Scheduling = Callable[[datetime], Sequence[Finding]]


def unwatched(_now: datetime) -> Sequence[Finding]:
    """Nobody looks."""
    return ()


@dataclass(frozen=True, slots=True)
class Office:
    """What the application was made of; lives on ``app.state``."""

    dondoc: Dondoc
    clock: Callable[[], datetime]
    pages: Pages
    secure: bool  # cookies over HTTPS only
    scheduling: Scheduling = unwatched  # what is wrong with Prefect, as far as it is known


class Visit:
    """What a route works with. ``session`` is None only on the pages that need nobody."""

    def __init__(self, request: Request, session: Session | None, form: FormData | None = None) -> None:
        self.request = request
        self.session = session
        self.form: FormData = form if form is not None else FormData()
        self.office: Office = request.app.state.office
        self.now: datetime = self.office.clock()

    @property
    def dondoc(self) -> Dondoc:
        return self.office.dondoc

    @property
    def engine(self) -> Engine:
        return self.dondoc.engine

    @property
    def today(self) -> date:
        return local_day(self.now)

    @property
    def holder(self) -> Holder:
        """The person who is signed in."""
        if self.session is None:
            raise LookupError("this page needs nobody, so nobody is known")
        return self.session.holder

    @property
    def actor(self) -> str:
        """For the audit trail."""
        return self.holder.login

    @cached_property
    def query(self) -> Mapping[str, str]:
        return self.request.query_params

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with database.reading(self.engine) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with database.writing(self.engine) as connection:
            yield connection

    def may(self, right: Right, unit: str | None = None) -> bool:
        return self.session is not None and self.session.holder.may(right, unit)

    @property
    def partial(self) -> str | None:
        """The id of the part that htmx asks for; None where the whole page is wanted."""
        return self.request.headers.get("HX-Target") if self.request.headers.get("HX-Request") else None

    def page(self, template: str, *, status: int = 200, **values: Any) -> Response:
        """The page, or its named part for htmx: ``{% block part_<id> %}`` of the same template."""
        answer = self.office.pages.response(self, template, values, status=status)
        said.clear(self, answer)
        return answer

    def go(self, path: str, text: str | None = None, *, kind: said.Kind = "done") -> Response:
        """To another page after a form was worked on; ``text`` is said there once."""
        if not path.startswith("/") or path.startswith(("//", "/\\")):
            path = "/"  # never to another server
        answer = RedirectResponse(path, status_code=303)
        if text:
            said.keep(self, answer, text, kind)
        return answer
