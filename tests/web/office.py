"""The valley's office with its people, and a browser for each of them.

Alice is the officer of Công an Thung Lũng, Henry its head, Otto audits it, Ada administers, Finn answers for Sở Tài
chính. Sam is the officer of another unit and may see nothing of the valley.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import Engine
from starlette.routing import Mount

from app.bootstrap import Dondoc
from app.settings import Settings
from people import accounts, sessions
from people.rights import Role
from people.tables import account
from plans.model import Agency
from tasks.agencies import save_agencies
from tasks.database import make_engine, writing
from tests.support import FINANCE, LEAD, Valley, at
from web.api import PER_MINUTE, PREFIX
from web.api.throttle import Throttle
from web.app import create_app
from web.guard import COOKIE
from web.readings_jobs import jobs_of
from web.visit import unwatched

FOREIGN = "noi-khac.cong-an"
PEOPLE = {
    "alice": (Role.COORDINATOR, LEAD),
    "henry": (Role.HEAD, LEAD),
    "otto": (Role.AUDITOR, LEAD),
    "ada": (Role.ADMINISTRATOR, None),
    "finn": (Role.AGENCY, FINANCE),
    "sam": (Role.COORDINATOR, FOREIGN),
}


@dataclass
class Office:
    """A followed plan, six people, and the clock of ``valley``."""

    valley: Valley
    app: FastAPI
    ids: dict[str, int] = field(default_factory=dict)

    def browser(self, login: str | None = None) -> Browser:
        """A browser in which that person is signed in already; None: nobody."""
        made = Browser(TestClient(self.app, follow_redirects=False, raise_server_exceptions=True))
        if login is not None:
            with writing(self.valley.engine) as c:
                held = sessions.open_session(c, self.ids[login], address="testclient", now=self.valley.now)
            made.client.cookies.set(COOKIE, held)
        return made


@dataclass
class Browser:
    """Follows redirects like a browser, and fills in the token of the page when it posts."""

    client: TestClient
    last: str = ""

    def get(self, path: str, *, status: int = 200, **extra: Any) -> Response:
        answer = self.client.get(path, follow_redirects=True, **extra)
        assert answer.status_code == status, (answer.status_code, answer.text[:2000])
        self.last = answer.text
        return answer

    def post(self, path: str, data: dict[str, Any] | None = None, *, status: int = 200, **extra: Any) -> Response:
        answer = self.client.post(path, data={"csrf": self.csrf(), **(data or {})}, follow_redirects=True, **extra)
        assert answer.status_code == status, (answer.status_code, answer.text[:2000])
        self.last = answer.text
        return answer

    def csrf(self) -> str:
        """The token of a page of this session."""
        found = re.search(r'name="csrf" value="([^"]+)"', self.last)
        if found is None:
            self.last = self.client.get("/mat-khau", follow_redirects=True).text
            found = re.search(r'name="csrf" value="([^"]+)"', self.last)
        assert found, self.last[:500]
        return found[1]


def furnished(valley: Valley, *, text: bytes | None = None) -> dict[str, int]:
    """The valley (or that plan of it) followed since 01/02/2024, on Monday 11/03/2024, 08:00, and its people. Returns
    the accounts."""
    valley.follow("2024-02-01 08:00", text=text)
    valley.advance("2024-03-11 08:00")
    ids = {}
    with writing(valley.engine) as c:
        save_agencies(c, [Agency(FOREIGN, "Công an Nơi Khác")])
        for login, (role, unit) in PEOPLE.items():
            account_id, _password = accounts.create(c, login=login, name=login.title(), now=valley.now, actor="test")
            accounts.give_post(c, account_id, role, unit, since=date(2024, 1, 1), now=valley.now, actor="test")
            ids[login] = account_id
        c.execute(account.update().values(must_change=False))
    return ids


def furnished_copy(blank: Path, target: Path, *, text: bytes | None = None) -> dict[str, int]:
    """The same in a file of its own; ``blank`` is an empty register."""
    shutil.copyfile(blank, target)
    engine = make_engine(f"sqlite:///{target}", durable=False)
    try:
        return furnished(Valley(engine), text=text)
    finally:
        engine.dispose()


def office_on(engine: Engine, ids: dict[str, int], settings: Settings) -> Office:
    """The office on a copy of what ``furnished`` made.

    One application serves all tests of a process, one after the other, since compiling its templates takes longer
    than most tests: only what stands behind it is exchanged.
    """
    valley = Valley(engine).go("2024-03-11 08:00")
    dondoc, clock = Dondoc(settings, engine, valley.channels), (lambda: valley.now)
    if not _applications:
        _applications.append(create_app(dondoc, clock=clock))
    [app] = _applications
    behind = replace(app.state.office, dondoc=dondoc, clock=clock, scheduling=unwatched)
    for each in (app, api_of(app)):
        each.state.office = behind
    api_of(app).state.throttle = Throttle(PER_MINUTE)
    app.state.readings = jobs_of(dondoc, clock)
    return Office(valley, app, ids)


_applications: list[FastAPI] = []


def api_of(app: FastAPI) -> FastAPI:
    """What is mounted at /api/v1."""
    mounted = next(route for route in app.routes if isinstance(route, Mount) and route.path == PREFIX)
    assert isinstance(mounted.app, FastAPI)
    return mounted.app


__all__ = ["FOREIGN", "PEOPLE", "Browser", "Office", "api_of", "at", "furnished", "furnished_copy", "office_on"]
