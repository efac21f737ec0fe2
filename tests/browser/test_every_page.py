"""Every page that can be opened, on a desk and on a phone: no serious finding of axe, nothing wider than the window.

A page that is added to the application is looked at here without being named.
"""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.place import DISTRICT, Place, add_axe, axe_findings, overflow
from tests.web.routing import addresses, furnish

API = "/api/"  # for programs
EVERYBODY = (None, "alice", "ada", "finn")
# Files and answers to programs whose example in ``furnish`` stands for none that is there.
NOT_OPENED = {"/tep/{paper_id}/{file_hash}", "/ky/{occurrence_id:path}/tep-bao/{file_hash}", "/ical/{held}.ics"}


def looked_at(place: Place) -> tuple[dict[str | None, list[str]], list[str]]:
    """The pages of each person, each page once, and the addresses that nobody could open."""
    values = furnish(place.office)
    asked = [each for each in addresses(place.office.app) if each.method == "GET" and not each.path.startswith(API)]
    left = {each.path: each.filled({**values, "place": "moi"}) for each in asked}
    left["/co-quan/thay"] += f"?cu={DISTRICT}"
    pages: dict[str | None, list[str]] = {}
    for login in EVERYBODY:
        asking = place.window(login).context.request
        for path, address in list(left.items()):
            answer = asking.get(address, max_redirects=0)
            if answer.status != 200 and (answer.status != 303 or "/dang-nhap" in answer.headers["location"]):
                continue
            del left[path]
            if answer.text().lstrip().startswith("<!doctype html>"):  # neither a file nor a part of a page
                pages.setdefault(login, []).append(address)
    place.close()
    return pages, sorted(set(left) - NOT_OPENED)


def findings(page: Page, address: str) -> list[str]:
    page.goto(address)
    return [f"{address}: {found}" for found in axe_findings(page) + overflow(page)]


def test_every_page_can_be_read_by_everybody(place: Place) -> None:
    pages, unopened = looked_at(place)
    found: list[str] = []
    for login, addresses_ in pages.items():
        windows = {"desk": place.window(login), "phone": place.window(login, phone=True)}
        for size, page in windows.items():
            add_axe(page)
            found += [f"{size}: {each}" for address in addresses_ for each in findings(page, address)]
        place.close()
    assert not found, "\n".join(found)
    assert sum(map(len, pages.values())) > 40
    assert unopened == []
