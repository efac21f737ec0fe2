"""The valley with thirty-two communes that owe a report, and the dashboard served to a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

from app.bootstrap import Dondoc
from app.settings import Settings
from people import sessions
from tasks.database import make_engine, writing
from tests.support import PLAN_DUTIES, PLAN_TEXT, Valley
from tests.web.office import Office
from tools.browser import served
from web.app import create_app
from web.guard import COOKIE

COMMUNES = (
    "An Bình", "An Lộc", "Bản Mạ", "Bình Minh", "Cẩm Đường", "Chiềng Pha", "Đa Phúc", "Đông Hải", "Giang Sơn",
    "Hòa An", "Hồng Phong", "Khánh Hưng", "Kim Sơn", "La Bằng", "Lạc Viên", "Mường Chà", "Mỹ Thành", "Nam Tiến",
    "Nậm Lạnh", "Ngọc Lâm", "Ô Long", "Phú Nhuận", "Quang Trung", "Sơn Hà", "Tân Lập", "Tân Phú", "Thạch Bàn",
    "Thượng Nung", "Úc Kỳ", "Vạn Ninh", "Xuân Đài", "Yên Trạch",
)  # fmt: skip
REPORT = "bao-cao"

DISTRICT = "thung-lung.huyen"
DISTRICT_BODY = "  - {id: huyen, name: UBND huyện Sông Cái}\n"
DISTRICT_PARTY = "  - {agency: huyen, relation: peer, ground: III.8}\n"
DISTRICT_DUTIES = """\
  - id: dat-dai
    title: Báo cáo đất đai
    section: IV.3
    responsible: [huyen]
    due: {kind: once, on: 2024-06-18, boundary: by, quote: "chậm nhất ngày 18/6/2024"}
    recipients: [{agency: cong-an}]
  - id: dan-cu
    title: Báo cáo dân cư
    section: IV.4
    responsible: [huyen]
    due: {kind: once, on: 2024-06-20, boundary: by, quote: "chậm nhất ngày 20/6/2024"}
    recipients: [{agency: cong-an}]
"""


def slug(number: int) -> str:
    return f"xa-{number:02d}"


def district_text() -> bytes:
    """The valley's plan, in which every commune reports as well."""
    bodies = "".join(f"  - {{id: {slug(n)}, name: UBND xã {name}}}\n" for n, name in enumerate(COMMUNES))
    members = "".join(f"      - {{agency: {slug(n)}, ground: III.7}}\n" for n in range(len(COMMUNES)))
    group = f"groups:\n  - id: cac-xa\n    name: UBND các xã\n    relation: subordinate\n    members:\n{members}"
    report = f"""\
  - id: {REPORT}
    title: Báo cáo kết quả rà soát
    section: IV.2
    responsible: [cac-xa]
    product: Báo cáo
    due: {{kind: once, on: 2024-03-16, boundary: before, quote: "trước ngày 16/3/2024"}}
    recipients: [{{agency: cong-an}}]
"""
    text = PLAN_TEXT.replace("parties:\n", f"{bodies}{DISTRICT_BODY}parties:\n{DISTRICT_PARTY}").replace(
        "duties:\n", f"{group}duties:\n"
    )
    return (text + PLAN_DUTIES + report + DISTRICT_DUTIES).encode()


# --- The browser --------------------------------------------------------------------------------------------------

DESKTOP = {"width": 1360, "height": 850}
PHONE = {"width": 390, "height": 844}
PATIENCE = 90_000  # milliseconds; only a stuck page waits that long


@dataclass
class Place:
    """An office, its address, and the windows opened on it. What goes wrong in any of them is collected."""

    valley: Valley
    office: Office
    url: str
    chromium: Chromium
    wrong: list[str] = field(default_factory=list)
    refusals: set[int] = field(default_factory=set)  # answers that the story asks for
    contexts: list[BrowserContext] = field(default_factory=list)

    def window(self, login: str | None = None, *, phone: bool = False, script: bool = True) -> Page:
        """A new browser in which that person is signed in already; None: nobody."""
        context = self.chromium.new_context(
            base_url=self.url,
            viewport=PHONE if phone else DESKTOP,  # type: ignore[arg-type]
            is_mobile=phone,
            has_touch=phone,
            java_script_enabled=script,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            reduced_motion="reduce",  # a colour on its way to another is no finding about contrast
        )
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        context.on("request", self._asked)
        context.on("response", self._answered)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.wrong.append(f"script: {error.error}"))
        if login is not None:
            with writing(self.valley.engine) as c:
                held = sessions.open_session(c, self.office.ids[login], address="127.0.0.1", now=self.valley.now)
            context.add_cookies([{"name": COOKIE, "value": held, "url": self.url}])
        return context.new_page()

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((f"{self.url}/", "data:")):
            self.wrong.append(f"asked elsewhere: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.refusals:
            self.wrong.append(f"{response.status}: {response.request.method} {response.url}")

    def _said(self, message: ConsoleMessage) -> None:
        """Whatever Chromium complains of: script, policy. Refused answers are looked at by their status."""
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.wrong.append(f"console: {message.text}")

    def close(self) -> None:
        while self.contexts:
            self.contexts.pop().close()


@contextmanager
def opened(seeded: Path, target: Path, ids: dict[str, int], home: Path, chromium: Chromium) -> Iterator[Place]:
    """A copy of the seeded register, served, on Monday 11/03/2024, 08:00."""
    shutil.copyfile(seeded, target)
    engine = make_engine(f"sqlite:///{target}", durable=False)
    try:
        valley = Valley(engine).go("2024-03-11 08:00")
        dondoc = Dondoc(Settings(home=home), engine, valley.channels)
        office = Office(valley, create_app(dondoc, clock=lambda: valley.now), ids)
        with served(office.app) as url:
            place = Place(valley, office, url, chromium)
            try:
                yield place
            finally:
                place.close()
    finally:
        engine.dispose()


# --- What holds for every page ------------------------------------------------------------------------------------


def add_axe(page: Page) -> None:
    """Before any page is opened: the policy of the pages lets nobody add a script later."""
    page.context.add_init_script(path=str(files("axe_playwright_python").joinpath("axe.min.js")))


# without fetching style sheets and media a second time: only rules that are off, or for sound, ask for them
_AXE = """async () => (await axe.run(document, {resultTypes: ["violations"], preload: false})).violations
  .filter((found) => ["serious", "critical"].includes(found.impact))
  .map((found) => `${found.id}: ${found.help}: ${found.nodes.slice(0, 3).map((node) => node.html.slice(0, 200))}`)"""
_WIDE = """() => [...document.querySelectorAll("body *")]
  .filter((each) => each.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .slice(0, 3).map((each) => each.outerHTML.slice(0, 120))"""


def axe_findings(page: Page) -> list[str]:
    """Serious and critical findings, each with up to three places."""
    found: list[str] = page.evaluate(_AXE)
    return found


def overflow(page: Page) -> list[str]:
    """What makes the page wider than its window; nothing where it can not be scrolled sideways."""
    if page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth"):
        return []
    return ["wider than the window", *page.evaluate(_WIDE)]
