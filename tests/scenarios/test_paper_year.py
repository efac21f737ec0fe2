"""A whole year in which no agency ever signs in: papers come by the document exchange, the officer types them all.

Every working day the machine does its round at 07:30 and the officer opens the grid in the afternoon: the body in
short, number, day, and what the grid proposes. The year ends as if every agency had reported by itself.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, select

from app.bootstrap import Dondoc
from app.settings import Settings
from notifications.tables import notice
from people import accounts, sessions
from people.rights import Role
from people.tables import account, sign_in
from plans.calendar import moment, shipped_calendar
from tasks import audit
from tasks.database import reading, writing
from tasks.model import State
from tasks.tables import audit_event, occurrence
from tests.scenarios.harness import LEAD, World, plan_text
from tests.web.office import Browser
from web.app import create_app
from web.guard import COOKIE

DUTIES = """\
  - id: thang
    title: Báo cáo tháng
    section: IV.1
    responsible: [alpha, beta, mat-tran, gamma]
    due: {kind: monthly, day: 25, boundary: on, quote: "ngày 25 hằng tháng", from: 2024-01-01, until: 2024-12-31}
    recipients: [{agency: cong-an-huyen}]
  - id: nam
    title: Báo cáo năm
    section: IV.2
    responsible: [alpha, beta, gamma]
    due: {kind: annual, month: 12, day: 10, boundary: on, quote: "ngày 10/12", from: 2024-01-01, until: 2024-12-31}
    recipients: [{agency: cong-an-huyen}]
"""
TYPED = {"u.alpha": "p alpha", "u.beta": "phong be", "u.mat-tran": "mttq", "u.gamma": "gamma"}
NEVER = "ke/thang/gamma/2024-07"
LATE = {"ke/thang/alpha/2024-03": 2, "ke/thang/beta/2024-08": 9, "ke/nam/gamma/2024": 1}  # days after the last good one
SLIP = "ke/thang/mat-tran/2024-05"  # typed with a wrong day at first


@dataclass
class Officer:
    """Alice at her desk, signed in anew every day that she works."""

    world: World
    browser: Browser
    account: int
    right: int = 0
    by_hand: list[str] = field(default_factory=list)
    number: int = 0

    def morning(self) -> None:
        with writing(self.world.engine) as c:
            held = sessions.open_session(c, self.account, address="testclient", now=self.world.now)
        self.browser.client.cookies.set(COOKIE, held)
        self.browser.last = ""

    def types(self, it: str, agency: str, arrived: date) -> None:
        self.number += 1
        row = {
            "co-quan": TYPED[agency],
            "so": f"{self.number}/BC",
            "ngay": f"{arrived:%d%m}",
            "den": f"{arrived.day}/{arrived.month}",
        }
        offered = self.browser.get("/van-ban-den/viec", params=row).text
        proposed = [html.unescape(each) for each in re.findall(r'value="([^"]+)" checked', offered)]
        assert it in offered
        if proposed == [it]:
            self.right += 1
        else:
            self.by_hand.append(it)
        answer = self.browser.post("/van-ban-den", {**row, "viec": it})
        assert f"Đã ghi nhận văn bản {self.number}/BC" in html.unescape(answer.text)

    def corrects(self, it: str, received: date) -> None:
        page = self.browser.get(f"/ky/{it}").text
        found = re.search(r'name="number" value="(\d+/BC)"', html.unescape(page))
        assert found
        listed = self.browser.get(f"/van-ban-den/danh-sach?so={found[1]}").text
        [paper_id] = set(re.findall(rf'href="/van-ban-den/(\d+)">{found[1]}<', listed))
        fixed = {"so": found[1], "ngay": f"{received:%d/%m/%Y}", "den": f"{received:%d/%m/%Y}"}
        answer = self.browser.post(f"/van-ban-den/{paper_id}/sua-lai", fixed)
        assert "Đã sửa lại" in html.unescape(answer.text)


@pytest.fixture
def officer(engine: Engine, dondoc_home: Path) -> Officer:
    world = World(engine)
    world.follow(plan_text(duties=DUTIES), on="02/01/2024")
    dondoc = Dondoc(Settings(home=dondoc_home), engine, {"email": world.channel})
    app = create_app(dondoc, clock=lambda: world.now)
    with writing(engine) as c:
        known, _password = accounts.create(c, login="alice", name="Alice", now=world.now, actor="test")
        accounts.give_post(c, known, Role.COORDINATOR, LEAD, since=date(2024, 1, 1), now=world.now, actor="test")
        c.execute(account.update().values(must_change=False))
    return Officer(world, Browser(TestClient(app, follow_redirects=False)), known)


def arrivals(world: World) -> dict[date, list[tuple[str, str]]]:
    """Which paper arrives on which day: some days early, a few late, one never."""
    with reading(world.engine) as c:
        rows = c.execute(select(occurrence).order_by(occurrence.c.id)).all()
    found: dict[date, list[tuple[str, str]]] = {}
    for n, row in enumerate(rows):
        if row.id != NEVER:
            early = row.last_day - timedelta(days=1 + n % 4)
            day = row.late_after + timedelta(days=LATE[row.id]) if row.id in LATE else early
            found.setdefault(day, []).append((row.id, row.agency_id))
    return found


@pytest.mark.slow
def test_a_year_in_which_the_officer_types_everything(officer: Officer) -> None:
    world, calendar = officer.world, shipped_calendar()
    coming = arrivals(world)
    waiting: list[tuple[str, str, date]] = []
    today = date(2024, 1, 3)
    while today <= date(2025, 1, 31):
        world.now = moment(today, time(7, 30))
        world.tick()
        waiting += [(it, agency, today) for it, agency in coming.get(today, ())]
        if calendar.is_working(today) and waiting:
            world.now = moment(today, time(15, 0))
            officer.morning()
            for it, agency, arrived in waiting:
                if it == SLIP:
                    officer.types(it, agency, arrived - timedelta(days=20))
                    officer.corrects(it, arrived)
                else:
                    officer.types(it, agency, arrived)
            waiting.clear()
        today += timedelta(days=1)
    _the_register_is_true(officer)
    _nobody_else_signed_in(officer)
    _only_the_late_were_pressed(officer)


def _the_register_is_true(officer: Officer) -> None:
    with reading(officer.world.engine) as c:
        rows = {row.id: row for row in c.execute(select(occurrence))}
        report = audit.report(c, now=officer.world.now)
    assert len(rows) == 12 * 4 + 3
    assert rows.pop(NEVER).state == State.OPEN
    assert {row.state for row in rows.values()} == {State.ACCEPTED}
    assert {it: row.days_late for it, row in rows.items() if row.days_late} == LATE
    assert {line.occurrence for line in report.missed} == {NEVER, *LATE}
    assert officer.right >= 0.9 * len(rows), officer.by_hand


def _nobody_else_signed_in(officer: Officer) -> None:
    with reading(officer.world.engine) as c:
        assert set(c.execute(select(sign_in.c.account_id)).scalars()) == {officer.account}
        actors = set(c.execute(select(audit_event.c.actor).where(audit_event.c.kind == "record")).scalars())
    assert actors == {"alice"}


def _only_the_late_were_pressed(officer: Officer) -> None:
    """What was typed on the day of its arrival was in time for the round of the next morning."""
    with reading(officer.world.engine) as c:
        overdue = select(notice.c.subject).where(notice.c.rung.startswith("overdue"), notice.c.status == "composed")
        pressed = set(c.execute(overdue).scalars())
    assert pressed <= {NEVER, *LATE}
    assert {NEVER, "ke/thang/beta/2024-08"} <= pressed
