"""How long a page of the dashboard takes, and how many statements it needs, with 25,000 open occurrences."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator
from datetime import date
from math import ceil
from statistics import quantiles

from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from sqlalchemy import Engine, func, select

from app.bootstrap import Dondoc
from app.settings import Settings
from benchmarks import world
from benchmarks.context import Bench
from benchmarks.databases import register, settle, watched
from benchmarks.figures import Bar, Figure
from notifications import planner
from people import accounts, sessions
from people.rights import Role
from people.tables import account
from tasks.database import reading, writing
from tasks.model import OWED
from tasks.tables import occurrence
from web.app import create_app
from web.guard import COOKIE
from web.routes import ROUTERS
from web.serve import spare_pauses

TITLE = "The dashboard with 25,000 open occurrences"
HOW = (
    "A year of plans of one lead unit, half of it overdue, looked at by its officer in the middle of a morning. Every "
    "page of the dashboard that needs nothing in its address, the page of an occurrence, of a plan and of a body, and "
    "a search, are asked for again and again through the application itself, without a network. The slowest 5 % count. "
    "The statements are compared with a register of two plans."
)
_BEGIN, _MORNING, _NOW = (world.at(each) for each in ("2024-01-02 07:30", "2024-06-18 07:30", "2024-06-18 10:00"))
_OPEN = {"full": 25_000, "quick": 5_000, "tiny": 60}
_ASKED = {"full": 40, "quick": 10, "tiny": 2}
_BODIES = {"full": 100, "quick": 50, "tiny": 1}
_RULES = (world.MONTHLY, world.QUARTERLY, world.HALF_YEARLY, world.YEARLY)
_UNIT, _FEW = 1, 2
_SKIPPED = ("/", "/dang-nhap")
_LEAD = f"{world.unit_id(_UNIT)}.cong-an-tinh"


def measure(bench: Bench) -> Iterator[Figure]:
    size = bench.size.name
    with register(bench.database) as engine:
        per_plan = _follow(engine, range(1, _FEW + 1), _BODIES[size]) / _FEW
        browser = _browser(engine, bench)
        few = {page: _statements(browser, engine, page) for page in _pages(browser, engine)}
        _follow(engine, range(_FEW + 1, 1 + max(_FEW, ceil(_OPEN[size] / per_plan))), _BODIES[size])
        settle(engine)
        bench.say(f"{_open(engine):,} open occurrences, {len(few)} pages")
        spare_pauses()  # as the dashboard's own process does
        rounds = [{page: _slow(browser, page, _ASKED[size]) for page in few} for _turn in range(bench.size.rounds)]
        grown = max(_statements(browser, engine, page) / few[page] for page in few)
    yield Figure(
        "slowest", "the slowest page, 95 of 100 requests", "ms", tuple(max(x.values()) for x in rounds), Bar(300)
    )
    for page in few:
        name = re.sub(r"[^a-z0-9]+", "_", page)
        yield Figure(f"page{name}", f"`{page}`", "ms", tuple(each[page] for each in rounds))
    yield Figure("statements", "statements of a page, against two plans, at most", "times", (grown,))


def _follow(engine: Engine, numbers: Iterable[int], bodies: int) -> int:
    """Plans of one lead unit, followed since the beginning of the year; returns how many occurrences are open."""
    for number in numbers:
        with writing(engine) as connection:
            text = world.plan_text(number, bodies=bodies, rules=_RULES, unit=_UNIT)
            world.bring_in(connection, text, now=_BEGIN)
    planner.advance(engine, now=_BEGIN)
    planner.advance(engine, now=_MORNING)
    world.all_told(engine)
    return _open(engine)


def _open(engine: Engine) -> int:
    with reading(engine) as connection:
        owed = select(func.count()).select_from(occurrence).where(occurrence.c.state.in_(OWED))
        return int(connection.execute(owed).scalar_one())


def _browser(engine: Engine, bench: Bench) -> TestClient:
    """In which the unit's officer is signed in."""
    dondoc = Dondoc(Settings(home=bench.folder), engine, {})
    browser = TestClient(create_app(dondoc, clock=lambda: _NOW), follow_redirects=False)
    with writing(engine) as connection:
        person, _password = accounts.create(connection, login="an", name="An", now=_BEGIN, actor="bench")
        connection.execute(account.update().values(must_change=False))
        post = {"since": date(2024, 1, 1), "now": _BEGIN, "actor": "bench"}
        accounts.give_post(connection, person, Role.COORDINATOR, _LEAD, **post)  # type: ignore[arg-type]
        held = sessions.open_session(connection, person, address="bench", now=_NOW)
    browser.cookies.set(COOKIE, held)
    return browser


def _pages(browser: TestClient, engine: Engine) -> list[str]:
    """Every page of the officer's that needs nothing in its address, and one of each that does."""
    with reading(engine) as connection:
        o = connection.execute(select(occurrence).order_by(occurrence.c.id).limit(1)).one()
    routes = [each for router in ROUTERS for each in router.routes if isinstance(each, APIRoute)]
    plain = [each.path for each in routes if "GET" in (each.methods or ())]
    named = [f"/ky/{o.id}", f"/ke-hoach/{o.plan_id}", f"/co-quan/{o.agency_id}", "/tim?q=co+quan+so+7"]
    wanted = [path for path in dict.fromkeys(plain) if "{" not in path and path not in _SKIPPED] + named
    return [path for path in wanted if _is_page(browser, path)]


def _is_page(browser: TestClient, path: str) -> bool:
    answer = browser.get(path)
    return answer.status_code == 200 and answer.headers["content-type"].startswith("text/html")


def _statements(browser: TestClient, engine: Engine, page: str) -> int:
    browser.get(page)  # the first one reads the plans
    with watched(engine) as work:
        browser.get(page)
    return work.statements


def _slow(browser: TestClient, page: str, times: int) -> float:
    """Milliseconds of the slowest of 20 requests, roughly: the 95th hundredth."""
    browser.get(page)
    found = []
    for _turn in range(times):
        began = time.perf_counter()
        answer = browser.get(page)
        found.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200:
            raise RuntimeError(f"{page}: {answer.status_code}")
    return quantiles(found, n=20, method="inclusive")[-1]
