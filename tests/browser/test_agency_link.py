"""An agency answers on a phone, by the link of its reminder, without an account."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from notifications import delivery
from notifications.reply_links import Links
from tasks.database import writing
from tasks.model import State
from tasks.office import choose
from tests.browser.acts import states
from tests.browser.place import Place, add_axe, axe_findings, overflow
from tests.support import ANSWERABLE, LEAD


def link_of_the_reminder(place: Place) -> str:
    """What stands in the letter of the day before the last day."""
    valley = place.valley
    with writing(valley.engine) as c:
        choose(c, LEAD, "agency_side", True, now=valley.now, actor="test")
    valley.advance("2024-03-14 07:30")
    valley.compose()
    links = Links(place.url, place.office.app.state.office.dondoc.links.key)
    delivery.deliver(valley.engine, valley.channels, now=valley.now, links=links)
    letters = [each for each in valley.channel.letters if each.address == "agency@so-tai-chinh.example"]
    [link] = set(re.findall(rf"{place.url}/tra-loi/\S+", letters[-1].text))
    return str(link)


def test_an_agency_says_on_a_phone_that_it_has_sent(place: Place) -> None:
    link = link_of_the_reminder(place)
    page = place.window(phone=True)
    add_axe(page)
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kế hoạch triển khai")
    assert axe_findings(page) + overflow(page) == []
    assert states(place)[ANSWERABLE] == State.OPEN  # reading it says nothing

    page.get_by_text("Báo đã gửi (số, ngày)").tap()
    page.get_by_label("Số, ký hiệu văn bản").fill("12/BC-STC")
    page.get_by_label("Ngày văn bản").fill("13/03/2024")
    page.get_by_role("button", name="Báo đã gửi").tap()
    expect(page.locator("main")).to_contain_text("Cơ quan báo đã gửi: 12/BC-STC")
    assert axe_findings(page) + overflow(page) == []
    assert states(place)[ANSWERABLE] == State.CLAIMED

    officer = place.window("alice")
    officer.goto(f"/ky/{ANSWERABLE}")
    expect(officer.locator(".badges")).to_contain_text("Cơ quan báo đã gửi, chờ đối chiếu")
    expect(officer.get_by_text("12/BC-STC").first).to_be_visible()
