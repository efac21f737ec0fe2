"""Holding all sending: one hold at a time, both its ends in the trail."""

from __future__ import annotations

from tasks import hold
from tasks.database import reading, writing
from tests.support import Valley, at


def test_it_is_held_until_it_is_released(valley: Valley) -> None:
    with writing(valley.engine) as c:
        assert hold.held(c) is None
        hold.hold(c, why=hold.RESTORED, now=at("2024-03-11 22:00"), actor="mai", data={"copy": at("2024-03-10 02:00")})
    with reading(valley.engine) as c:
        standing = hold.held(c)
    assert standing is not None
    assert (standing.why, standing.since, standing.by) == ("restored", at("2024-03-11 22:00"), "mai")
    assert standing.data == {"copy": "2024-03-10T02:00:00+07:00"}
    with writing(valley.engine) as c:
        assert hold.release(c, now=at("2024-03-12 08:00"), actor="hoa") == standing
        assert hold.held(c) is None
        assert hold.release(c, now=at("2024-03-12 08:01"), actor="hoa") is None


def test_both_ends_stand_in_the_trail_once(valley: Valley) -> None:
    with writing(valley.engine) as c:
        hold.hold(c, why=hold.BY_HAND, now=at("2024-03-11 09:00"), actor="mai", data={"reason": "sai địa chỉ"})
        hold.hold(c, why=hold.RESTORED, now=at("2024-03-11 10:00"), actor="hoa")
    with writing(valley.engine) as c:
        hold.release(c, now=at("2024-03-11 11:00"), actor="hoa")
        hold.release(c, now=at("2024-03-11 12:00"), actor="hoa")
    assert [(row.kind, row.actor, row.data) for row in valley.events()] == [
        ("sending_held", "mai", {"why": "by_hand", "reason": "sai địa chỉ"}),
        ("sending_resumed", "hoa", {"why": "by_hand", "since": "2024-03-11T09:00:00+07:00", "by": "mai"}),
    ]


def test_the_first_hold_stands_and_says_why(valley: Valley) -> None:
    with writing(valley.engine) as c:
        first = hold.hold(c, why=hold.BY_HAND, now=at("2024-03-11 09:00"), actor="mai", data={"reason": "sai địa chỉ"})
        again = hold.hold(c, why=hold.RESTORED, now=at("2024-03-11 10:00"), actor="hoa")
    assert again == first
    assert first.reason == "mai yêu cầu: sai địa chỉ"
