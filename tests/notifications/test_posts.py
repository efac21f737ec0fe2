"""Channels of one person in their order, days of a post, absences, and the next channel by hand."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from notifications import deciding
from notifications.absences import absences_of, note_absence, withdraw_absence
from notifications.contacts import Contact, ContactRole, add_contact, change_contact, contacts_of, try_first
from notifications.errors import BadContact, ChannelError, FateUnknown
from notifications.next_channel import (
    HOURS,
    SETTING,
    NoOtherChannel,
    hours_to_wait,
    replace_by_hand,
    replace_failed,
    worked,
)
from notifications.posts import Posts, posts_on, readers
from notifications.tables import message, message_notice, message_plan, replacement
from plans.calendar import shipped_calendar
from tasks.database import reading, writing
from tasks.office import choose
from tests.support import FINANCE, INTERIOR, LEAD, Valley, at


def channels(valley: Valley, body: str = FINANCE) -> list[tuple[str, str, int]]:
    with reading(valley.engine) as c:
        return [(each.name, each.address, each.rank) for each in contacts_of(c, body)]


def add(valley: Valley, address: str, *, body: str = FINANCE, after: str | None = None, **values: object) -> str:
    given = {"role": ContactRole.AGENCY, "name": "Chị Lan", "channel": "email", **values}
    with writing(valley.engine) as c:
        person = one(c_of(valley, body), after).person if after else None
        return add_contact(c, body, address=address, person=person, now=valley.now, actor="test", **given)  # type: ignore[arg-type]


def c_of(valley: Valley, body: str) -> list[Contact]:
    with reading(valley.engine) as c:
        return contacts_of(c, body)


def one(contacts: list[Contact], address: str) -> Contact:
    return next(each for each in contacts if each.address == address)


# -- channels --


def test_a_further_channel_of_a_person_comes_after_the_others(valley: Valley) -> None:
    valley.follow(contacts=False)
    first = add(valley, "lan@stc.example")
    assert add(valley, "lan.rieng@stc.example", after="lan@stc.example") == first
    assert add(valley, "khac@stc.example", name="Anh Minh") != first
    assert channels(valley) == [
        ("Chị Lan", "lan@stc.example", 1),
        ("Chị Lan", "lan.rieng@stc.example", 2),
        ("Anh Minh", "khac@stc.example", 1),
    ]


def test_each_person_is_written_to_by_the_first_channel_only(valley: Valley) -> None:
    valley.follow(contacts=False)
    add(valley, "lan@stc.example")
    add(valley, "lan.rieng@stc.example", after="lan@stc.example")
    add(valley, "khac@stc.example", name="Anh Minh")
    assert sorted(letter.address for letter in valley.run("2024-02-01 08:00")) == [
        "khac@stc.example",
        "lan@stc.example",
    ]


def test_another_channel_may_be_tried_first(valley: Valley) -> None:
    valley.follow(contacts=False)
    add(valley, "lan@stc.example")
    add(valley, "lan.rieng@stc.example", after="lan@stc.example")
    with writing(valley.engine) as c:
        try_first(c, one(contacts_of(c, FINANCE), "lan.rieng@stc.example").id, now=valley.now, actor="test")
    assert [address for _name, address, _rank in channels(valley)] == ["lan.rieng@stc.example", "lan@stc.example"]
    assert [letter.address for letter in valley.run("2024-02-01 08:00")] == ["lan.rieng@stc.example"]


def test_another_address_keeps_its_person_and_place(valley: Valley) -> None:
    valley.follow(contacts=False)
    first = add(valley, "lan@stc.example")
    add(valley, "lan.rieng@stc.example", after="lan@stc.example")
    with writing(valley.engine) as c:
        held = one(contacts_of(c, FINANCE), "lan@stc.example")
        change_contact(
            c, held.id, role=held.role, name="Chị Lan Anh", address="lananh@stc.example", channel="email", phone="0212",
            until=date(2024, 6, 30), now=valley.now, actor="test",
        )  # fmt: skip
    found = c_of(valley, FINANCE)
    assert [(c.name, c.address, c.rank, c.phone, c.until) for c in found] == [
        ("Chị Lan Anh", "lananh@stc.example", 1, "0212", date(2024, 6, 30)),
        ("Chị Lan Anh", "lan.rieng@stc.example", 2, "0212", date(2024, 6, 30)),
    ]
    assert {c.person for c in found} == {first}


def test_a_channel_is_added_to_nobody_who_is_not_there(valley: Valley) -> None:
    valley.follow(contacts=False)
    add(valley, "lan@stc.example")
    with writing(valley.engine) as c, pytest.raises(BadContact, match="Không còn người nhận"):
        add_contact(
            c, INTERIOR, role=ContactRole.AGENCY, name="x", address="x@snv.example",
            person=contacts_of(c, FINANCE)[0].person, now=valley.now, actor="test",
        )  # fmt: skip


# -- days --


@pytest.mark.parametrize(
    ("since", "until", "written_to"),
    [
        (None, None, True),
        (date(2024, 2, 1), date(2024, 2, 1), True),
        (date(2024, 2, 2), None, False),
        (None, date(2024, 1, 31), False),
    ],
)
def test_a_post_is_held_from_the_first_to_the_last_day(
    valley: Valley, since: date | None, until: date | None, written_to: bool
) -> None:
    valley.follow(contacts=False)
    add(valley, "lan@stc.example", since=since, until=until)
    assert bool(valley.run("2024-02-01 08:00")) is written_to


def test_a_post_ends_after_it_begins(valley: Valley) -> None:
    valley.follow(contacts=False)
    with pytest.raises(BadContact, match="trước ngày bắt đầu"):
        add(valley, "lan@stc.example", since=date(2024, 2, 2), until=date(2024, 2, 1))


# -- absences --


def away(
    valley: Valley,
    since: date,
    until: date,
    *,
    who: str = "officer@cong-an.example",
    instead: str = "stand-in@cong-an.example",
) -> None:
    with writing(valley.engine) as c:
        known = contacts_of(c, LEAD)
        marks = {"person": one(known, who).person, "stand_in": one(known, instead).person}
        note_absence(c, LEAD, **marks, since=since, until=until, now=valley.now, actor="test")


def reading_posts(valley: Valley, day: date) -> Posts:
    with reading(valley.engine) as c:
        return posts_on(c, day)


def test_readers_are_the_same_in_python_as_in_the_database(valley: Valley) -> None:
    valley.follow()
    away(valley, date(2024, 2, 5), date(2024, 2, 6))
    known = c_of(valley, LEAD)

    def who(rung: str, post: ContactRole, day: date) -> list[str]:
        found = readers(known, LEAD, post, rung, reading_posts(valley, day))
        return [each.address.partition("@")[0] for each in found]

    assert who("check", ContactRole.OFFICER, date(2024, 2, 2)) == ["officer"]
    assert who("lead", ContactRole.OFFICER, date(2024, 2, 2)) == ["officer", "stand-in"]
    assert who("check", ContactRole.OFFICER, date(2024, 2, 5)) == ["stand-in"]
    assert who("lead", ContactRole.OFFICER, date(2024, 2, 6)) == ["stand-in"]
    assert who("head-1", ContactRole.HEAD, date(2024, 2, 5)) == ["head"]
    assert who("check", ContactRole.OFFICER, date(2024, 2, 7)) == ["officer"]


def test_a_head_may_be_stood_in_for_as_well(valley: Valley) -> None:
    valley.follow()
    away(valley, date(2024, 2, 5), date(2024, 2, 6), who="head@cong-an.example")
    found = readers(c_of(valley, LEAD), LEAD, ContactRole.HEAD, "head-1", reading_posts(valley, date(2024, 2, 5)))
    assert [each.address for each in found] == ["stand-in@cong-an.example"]


@pytest.mark.parametrize(
    ("since", "until", "who", "instead", "said"),
    [
        (date(2024, 2, 6), date(2024, 2, 5), "officer", "stand-in", "trước ngày bắt đầu"),
        (date(2024, 1, 1), date(2024, 1, 31), "officer", "stand-in", "đã qua"),
        (date(2024, 2, 5), date(2024, 2, 6), "officer", "officer", "chính mình"),
        (date(2024, 2, 5), date(2024, 2, 6), "stand-in", "officer", "chọn người làm thay khác"),
    ],
)
def test_an_absence_that_would_leave_messages_with_nobody_is_refused(
    valley: Valley, since: date, until: date, who: str, instead: str, said: str
) -> None:
    valley.follow()
    with pytest.raises(BadContact, match=said):
        away(valley, since, until, who=f"{who}@cong-an.example", instead=f"{instead}@cong-an.example")


def test_nobody_is_away_twice_nor_stands_in_while_away(valley: Valley) -> None:
    valley.follow()
    away(valley, date(2024, 2, 5), date(2024, 2, 9))
    with pytest.raises(BadContact, match="đã ghi một trong hai người vắng mặt"):
        away(valley, date(2024, 2, 9), date(2024, 2, 12))
    with pytest.raises(BadContact, match="đã ghi một trong hai người vắng mặt"):
        away(valley, date(2024, 2, 7), date(2024, 2, 7), who="head@cong-an.example", instead="officer@cong-an.example")


def test_an_absence_is_withdrawn_once_and_by_its_own_body_only(valley: Valley) -> None:
    valley.follow()
    away(valley, date(2024, 2, 5), date(2024, 2, 9))
    with reading(valley.engine) as c:
        [held] = absences_of(c, LEAD, today=date(2024, 2, 1))
    for body, refused in ((FINANCE, True), (LEAD, False), (LEAD, True)):
        with writing(valley.engine) as c:
            if not refused:
                withdraw_absence(c, body, held.id, now=valley.now, actor="test")
                continue
            with pytest.raises(BadContact, match="Không còn lần vắng mặt này"):
                withdraw_absence(c, body, held.id, now=valley.now, actor="test")
    assert reading_posts(valley, date(2024, 2, 6)).absences == ()


# -- the next channel --


def test_working_hours_are_counted_within_the_days_that_are_worked() -> None:
    calendar = shipped_calendar()
    assert worked(calendar, at("2024-12-06 16:30"), at("2024-12-09 08:00")).total_seconds() == 2 * 3600
    assert worked(calendar, at("2024-12-07 09:00"), at("2024-12-08 18:00")).total_seconds() == 0
    assert worked(calendar, at("2024-12-09 07:30"), at("2024-12-09 11:30")).total_seconds() == 4 * 3600


def test_how_long_to_wait_is_a_setting(valley: Valley) -> None:
    with writing(valley.engine) as c:
        assert hours_to_wait(c) == HOURS == 4
        choose(c, "", SETTING, 2, now=valley.now, actor="test")
        assert hours_to_wait(c) == 2
        choose(c, "", SETTING, "nonsense", now=valley.now, actor="test")
        assert hours_to_wait(c) == 4


def newest(valley: Valley) -> tuple[int, str, str]:
    with reading(valley.engine) as c:
        row = c.execute(select(message).order_by(message.c.id.desc()).limit(1)).one()
    return row.id, row.address, row.status


def doubtful(valley: Valley) -> None:
    valley.follow(contacts=False)
    add(valley, "lan@stc.example")
    add(valley, "lan.rieng@stc.example", after="lan@stc.example")
    valley.channel.error = FateUnknown("lost")
    valley.run("2024-02-01 08:00")
    valley.channel.error = None


def test_what_is_unknown_goes_by_another_channel_when_the_officer_says_so_and_never_twice(valley: Valley) -> None:
    doubtful(valley)
    first, address, status = newest(valley)
    assert (address, status) == ("lan@stc.example", "unknown")
    with writing(valley.engine) as c:
        assert replace_failed(c, first, now=valley.now) == 0  # not by itself
        replace_by_hand(c, first, now=valley.now, actor="alice")
        with pytest.raises(NoOtherChannel):
            replace_by_hand(c, first, now=valley.now, actor="alice")
    valley.deliver("2024-02-01 08:10")
    assert newest(valley)[1:] == ("lan.rieng@stc.example", "sent")
    valley.deliver("2024-02-01 09:00")
    assert [letter.address for letter in valley.channel.letters] == ["lan.rieng@stc.example"]


def test_what_the_officer_found_not_to_have_arrived_is_not_sent_elsewhere_by_itself(valley: Valley) -> None:
    doubtful(valley)
    first, _address, _status = newest(valley)
    with writing(valley.engine) as c:
        deciding.settle(c, first, sent=False, now=valley.now, actor="alice")
        assert replace_failed(c, first, now=valley.now) == 0
    valley.deliver("2024-02-01 16:00")
    assert newest(valley)[0] == first


def test_a_message_that_went_elsewhere_is_not_sent_again_by_its_own_channel(valley: Valley) -> None:
    valley.follow(contacts=False)
    add(valley, "lan@stc.example")
    add(valley, "lan.rieng@stc.example", after="lan@stc.example")
    valley.channel.error = ChannelError("no such mailbox", permanent=True)
    valley.run("2024-02-01 08:00")
    with reading(valley.engine) as c:
        [row] = c.execute(select(replacement)).all()
        told = {each: c.execute(select(func.count()).where(message_notice.c.message_id == each)).scalar_one()
                for each in (row.message_id, row.instead_of)}  # fmt: skip
        plans = c.execute(select(message_plan.c.message_id)).scalars().all()
    assert set(told.values()) == {1}
    assert sorted(plans) == sorted(told)
    with writing(valley.engine) as c, pytest.raises(deciding.NotForDecision, match="đã được gửi qua cách khác"):
        deciding.resend(c, row.instead_of, now=valley.now, actor="alice")


def test_only_the_newest_hand_over_matters_and_a_closed_duty_is_not_told_elsewhere(valley: Valley) -> None:
    valley.follow()
    add(valley, "lan.rieng@stc.example", after="agency@so-tai-chinh.example", name="Văn thư")
    valley.run("2024-02-01 08:00")
    valley.channel.error = ChannelError("down")
    valley.run("2024-03-08 07:30")
    valley.record("thung-lung/ke-hoach/so-tai-chinh/once", received="2024-03-08")
    valley.channel.error = None
    before = len(valley.channel.letters)
    valley.deliver("2024-03-08 14:00")
    assert all(
        "so-tai-chinh" not in letter.address and "stc" not in letter.address
        for letter in valley.channel.letters[before:]
    )
