"""The pictures of the README, made anew: ``make screenshots``.

The sample and the shipped plans as they stand on one morning, looked at in a real browser. Writes docs/images.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select

from app.bootstrap import Dondoc, bootstrap
from app.firststart import first_start
from app.sample import SAMPLE
from app.settings import Settings
from people import accounts, sessions
from people.rights import Role
from people.tables import account
from plans.calendar import ZONE
from tasks.database import reading, writing
from tasks.model import State
from tasks.tables import occurrence, plan
from tools import browser
from web.app import create_app
from web.guard import COOKIE

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
NOW = datetime(2026, 3, 10, 8, 5, tzinfo=ZONE)
LARGEST = 200_000
DESK = (1280, 800)
PHONE = (390, 844)
PAPERS = (
    ("ubnd xa dong may", "62/BC-UBND", "6/3"),
    ("ubnd phuong nui xanh", "58/BC-UBND", "25/2"),
    ("ngan hang csxh tinh mau", "107/BC-NHCS", "9/3"),
)


def main() -> int:
    program = browser.find()
    if program is None:
        print(browser.ADVICE, file=sys.stderr)
        return 1
    with (
        tempfile.TemporaryDirectory(prefix="dondoc-pictures-") as home,
        furnished(Path(home)) as (dondoc, held),
        browser.served(create_app(dondoc, clock=lambda: NOW)) as url,
        sync_playwright() as playwright,
    ):
        chromium = playwright.chromium.launch(executable_path=program, args=browser.ARGUMENTS)
        draw(chromium, url, held, late_one(dondoc))
        chromium.close()
    made = sorted(IMAGES.glob("dashboard-*.png"))
    for image in made:
        print(f"{image.name}: {image.stat().st_size / 1000:.0f} kB")
    return int(any(image.stat().st_size > LARGEST for image in made))


@contextmanager
def furnished(home: Path) -> Iterator[tuple[Dondoc, str]]:
    """A first start on that morning, and the session of an officer of every unit."""
    dondoc = bootstrap(Settings(home=home))
    try:
        first_start(dondoc, now=NOW)
        dondoc.advance(now=NOW)
        with writing(dondoc.engine) as c:
            officer, _password = accounts.create(c, login="canbo", name="Cán bộ theo dõi", now=NOW, actor="dondoc")
            for lead in sorted(set(c.execute(select(plan.c.lead)).scalars())):
                accounts.give_post(c, officer, Role.COORDINATOR, lead, now=NOW, actor="dondoc")
            c.execute(account.update().values(must_change=False))
            held = sessions.open_session(c, officer, address="127.0.0.1", now=NOW)
        yield dondoc, held
    finally:
        dondoc.close()


def late_one(dondoc: Dondoc) -> str:
    """An occurrence of the sample that nobody has answered."""
    late = select(occurrence.c.id).where(occurrence.c.plan_id == SAMPLE, occurrence.c.state == State.OPEN)
    with reading(dondoc.engine) as c:
        found = c.execute(late.where(occurrence.c.last_day < NOW.date()).order_by(occurrence.c.last_day)).scalars()
        return str(found.first())


def draw(chromium: Browser, url: str, held: str, occurrence_id: str) -> None:
    desk = window(chromium, url, held, DESK)
    desk.goto("/tong-quan")
    shoot(desk, "overview")
    desk.goto(f"/ke-hoach/{SAMPLE}#bang-theo-doi")
    shoot(desk, "matrix")
    phone = window(chromium, url, held, PHONE)
    phone.goto(f"/ky/{occurrence_id}")
    shoot(phone, "phone")
    desk.goto("/van-ban-den")
    for place, row in enumerate(PAPERS, start=1):
        type_paper(desk, *row)
        desk.locator(f"#dem[data-count='{place}']").wait_for()
    desk.keyboard.type("so tu phap tinh mau")
    desk.keyboard.press("Tab")
    desk.keyboard.type("41/BC-STP")
    desk.locator("#viec input").first.wait_for()
    shoot(desk, "papers")


def type_paper(page: Page, agency: str, number: str, dated: str) -> None:
    for each in (agency, number, dated):
        page.keyboard.type(each)
        page.keyboard.press("Enter" if each == dated else "Tab")


def window(chromium: Browser, url: str, held: str, size: tuple[int, int]) -> Page:
    viewport = {"width": size[0], "height": size[1]}
    context = chromium.new_context(
        base_url=url,
        viewport=viewport,  # type: ignore[arg-type]
        locale="vi-VN",
        timezone_id=str(ZONE),
        reduced_motion="reduce",
    )
    context.set_default_timeout(120_000)
    context.add_cookies([{"name": COOKIE, "value": held, "url": url}])
    return context.new_page()


def shoot(page: Page, name: str) -> None:
    page.screenshot(path=IMAGES / f"dashboard-{name}.png", animations="disabled", caret="hide")


if __name__ == "__main__":
    sys.exit(main())
