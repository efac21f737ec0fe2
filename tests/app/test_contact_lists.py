"""The lists about people, on each database: who cannot be reached, who is to be called, what is handed over."""

from __future__ import annotations

from typing import Any

import pytest

from app import handover
from app.views import contacts_unreached
from app.views.contacts_silent import SilentPage, silent, silent_page
from notifications.errors import ChannelError
from tasks.acknowledge import Way, acknowledge, acknowledged
from tasks.database import reading, writing
from tasks.office import working_calendar
from tests.support import FINANCE, INTERIOR, LEAD, PLAN, Valley, blank_sqlite, engine, registers, valley

__all__ = ["blank_sqlite", "engine", "registers", "valley"]


def called(valley: Valley) -> list[str]:
    with reading(valley.engine) as c:
        found = silent(c, frozenset({LEAD}), working_calendar(c), today=valley.now.date())
    return [each.agency for each in found]


def test_silence_is_counted_in_full_working_days_and_ends_with_any_word(valley: Valley) -> None:
    valley.follow("2024-03-11 08:00")
    valley.run()
    assert called(valley.go("2024-03-14 17:00")) == []
    assert called(valley.go("2024-03-15 08:00")) == ["Sở Nội vụ", "Sở Tài chính", "Ủy ban MTTQ Việt Nam Thung Lũng"]
    valley.record(f"{PLAN}/ke-hoach/so-tai-chinh/once", received="2024-03-15")
    with writing(valley.engine) as c:
        assert acknowledge(c, PLAN, INTERIOR, way=Way.CALL, who="Anh Minh", now=valley.now, actor="test")
        assert not acknowledge(c, PLAN, INTERIOR, way=Way.LINK, now=valley.now, actor="test")
        assert acknowledged(c, {(PLAN, INTERIOR), (PLAN, FINANCE)}) == {(PLAN, INTERIOR): valley.now}
    assert called(valley) == ["Ủy ban MTTQ Việt Nam Thung Lũng"]


def test_another_unit_has_nobody_to_call(valley: Valley) -> None:
    valley.follow("2024-03-11 08:00")
    valley.run()
    valley.go("2024-03-20 08:00")
    with reading(valley.engine) as c:
        other = frozenset({"noi-khac.cong-an"})
        assert silent(c, other, working_calendar(c), today=valley.now.date()) == ()
        assert contacts_unreached.load(c, other, now=valley.now).total == 0


def test_the_newest_failure_of_an_address_is_named_until_something_arrives(valley: Valley) -> None:
    valley.follow("2024-03-11 08:00")
    valley.channel.error = ChannelError("550", permanent=True)
    valley.run()
    valley.run("2024-03-14 07:30")
    with reading(valley.engine) as c:
        found = contacts_unreached.load(c, frozenset({LEAD}), now=valley.now).failing
    assert len(found) == len({each.address for each in found})
    assert {each.at.date().isoformat() for each in found if each.body == FINANCE} == {"2024-03-14"}
    valley.channel.error = None
    valley.run("2024-03-20 07:30")
    with reading(valley.engine) as c:
        later = contacts_unreached.load(c, None, now=valley.now).failing
    assert FINANCE in {each.body for each in found}
    assert FINANCE not in {each.body for each in later}


def test_the_hand_over_names_every_part_of_the_desk(valley: Valley) -> None:
    valley.follow("2024-03-11 08:00")
    valley.run()
    valley.claim(f"{PLAN}/ke-hoach/so-noi-vu/once")
    valley.go("2024-03-20 08:00")
    with reading(valley.engine) as c:
        found = handover.gather(c, LEAD, now=valley.now)
    lines = {each.title: [line.cells for line in each.lines] for each in found.sections}
    assert len(lines) == 14
    assert lines["Quá hạn, chưa nhận"] == [("15/03/2024", "05/KH-UBND", "Kế hoạch triển khai", "5")]
    assert lines["Cơ quan báo đã gửi, chờ đối chiếu"] == [("Sở Nội vụ", "05/KH-UBND", "Kế hoạch triển khai", "9/BC")]
    assert {cells[1] for cells in lines["Người nhận thông báo của đơn vị"]} == {
        "cán bộ theo dõi", "người làm thay", "lãnh đạo",
    }  # fmt: skip
    assert found.place > 0


def test_the_list_is_read_a_page_at_a_time_and_goes_to_the_page_of_the_one_looked_for(
    valley: Valley, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.views.contacts_silent.PAGE", 2)
    valley.follow("2024-03-11 08:00")
    valley.run()
    valley.go("2024-03-15 08:00")
    with reading(valley.engine) as c:
        everyone = silent(c, frozenset({LEAD}), working_calendar(c), today=valley.now.date())

        def page(**asked: Any) -> SilentPage:
            return silent_page(c, frozenset({LEAD}), working_calendar(c), today=valley.now.date(), **asked)

        first, second = page(), page(page=2)
        assert (first.number, first.pages, first.plans) == (3, 2, ((PLAN, everyone[0].plan_name),))
        assert (*first.lines, *second.lines) == everyone
        assert page(page=99) == page(shown=everyone[2].key) == second
        assert page(plan_id="another").lines == ()
        [one] = silent(c, None, working_calendar(c), today=valley.now.date(), plan_id=PLAN, body=INTERIOR)
        assert one == next(each for each in everyone if each.agency_id == INTERIOR)
