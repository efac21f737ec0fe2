"""The valley's office with its people, and a browser for each of them.

Alice is the officer of Công an Thung Lũng, Henry its head, Otto audits it, Ada administers, Finn answers for Sở Tài
chính. Sam is the officer of another unit and may see nothing of the valley.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from app.bootstrap import Dondoc
from app.settings import Settings
from people import accounts, sessions
from people.rights import Role
from people.tables import account
from plans.model import Agency
from tasks.agencies import save_agencies
from tasks.database import writing
from tests.support import FINANCE, LEAD, Valley, at
from web.app import create_app
from web.guard import COOKIE

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


def make_office(valley: Valley, settings: Settings, *, text: bytes | None = None) -> Office:
    """The valley (or that plan of it) followed since 01/02/2024, looked at on Monday 11/03/2024, 08:00."""
    valley.follow("2024-02-01 08:00", text=text)
    valley.advance("2024-03-11 08:00")
    dondoc = Dondoc(settings, valley.engine, valley.channels)
    office = Office(valley, create_app(dondoc, clock=lambda: valley.now))
    with writing(valley.engine) as c:
        save_agencies(c, [Agency(FOREIGN, "Công an Nơi Khác")])
        for login, (role, unit) in PEOPLE.items():
            account_id, _password = accounts.create(c, login=login, name=login.title(), now=valley.now, actor="test")
            accounts.give_post(c, account_id, role, unit, since=date(2024, 1, 1), now=valley.now, actor="test")
            office.ids[login] = account_id
        c.execute(account.update().values(must_change=False))
    return office


__all__ = ["FOREIGN", "PEOPLE", "Browser", "Office", "at", "make_office"]
