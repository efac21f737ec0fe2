"""Bad days of the clock: back, forward, far forward, and ten days off. Nothing twice, nothing for ever wrong."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from app import clock_guard, resuming
from app.bootstrap import Dondoc
from app.settings import Settings
from notifications.channels.base import Letter
from tasks import pulse
from tasks.audit import report
from tasks.database import reading
from tasks.tables import metadata
from tests.support import ANSWERABLE, Valley, at


class Office(Valley):
    """The valley behind the guard of the clock."""

    def __init__(self, engine: Engine, home: Path) -> None:
        super().__init__(engine)
        self.dondoc = Dondoc(Settings(home=home), engine, self.channels)

    def work(self, moment: str) -> list[Letter]:
        """What the flow ``deliver`` does; returns the letters that left."""
        now, before = at(moment), len(self.channel.letters)
        self.now = now
        self.dondoc.advance(now=now)
        self.dondoc.compose(now=now)
        self.dondoc.deliver(now=now)
        return self.channel.letters[before:]

    def seen(self) -> datetime | None:
        with reading(self.engine) as c:
            beat = pulse.last(c, clock_guard.PULSE)
        return beat.at if beat else None

    def everything(self) -> dict[str, list[Any]]:
        with reading(self.engine) as c:
            return {table.name: list(map(tuple, c.execute(select(table)))) for table in metadata.sorted_tables}

    def nothing_twice(self) -> None:
        assert max(Counter(letter.message_id for letter in self.channel.letters).values()) == 1
        told = Counter((row.subject, row.revision, row.rung, row.role) for row in self.ledger())
        assert max(told.values()) == 1


@pytest.fixture
def office(engine: Engine, tmp_path: Path) -> Office:
    """The report is due 15/03 (Friday), reminded from 08/03 on."""
    made = Office(engine, tmp_path / "home")
    made.follow()
    made.work("2024-02-01 08:10")
    made.work("2024-03-08 07:30")
    return made


def test_an_hour_back_sends_nothing_twice_and_is_told(office: Office) -> None:
    office.work("2024-03-14 09:00")
    assert office.work("2024-03-14 08:00") == []
    office.nothing_twice()
    with reading(office.engine) as c:
        assert clock_guard.behind(c, now=at("2024-03-14 08:00")).total_seconds() == 3600
    assert office.seen() == at("2024-03-14 09:00"), "never backwards"
    assert office.work("2024-03-15 07:30"), "the last day's reminder leaves as ever"


def test_a_day_forward_and_back_again_sends_nothing_twice(office: Office) -> None:
    told = office.work("2024-03-14 07:30")
    ahead = office.work("2024-03-15 07:30")
    assert told
    assert ahead
    assert office.work("2024-03-14 10:00") == []
    assert office.work("2024-03-15 07:30") == []
    office.nothing_twice()
    assert office.work("2024-03-19 07:30"), "the officer's check"


def test_two_years_forward_nothing_happens_until_the_clock_is_put_right(office: Office) -> None:
    before = office.everything()
    assert office.work("2026-03-14 07:30") == []
    assert office.dondoc.tell_month(month=at("2026-02-01 00:00").date(), now=at("2026-03-14 07:30")) == 0
    assert office.everything() == before
    halt = office.dondoc.standstill(now=at("2026-03-14 07:30"))
    assert halt is not None
    assert halt.complete
    assert "07:30 14/03/2026" in halt.text
    assert "07:30 08/03/2024" in halt.text
    assert "dondoc resume" in halt.text
    assert office.work("2024-03-14 07:30"), "put right, work goes on without a word from anybody"


def test_two_years_forward_confirmed_work_goes_on_from_there(office: Office) -> None:
    now = at("2026-03-16 07:30")
    _held, jump = resuming.resume(office.dondoc, now=now, actor="mai")
    assert jump is not None
    assert (jump.seen, jump.now) == (at("2024-03-08 07:30"), now)
    office.work("2026-03-16 07:30")
    missed = office.occurrence(ANSWERABLE)
    assert missed.missed_noticed_at == now
    assert [row.data for row in office.events("clock_confirmed")] == [
        {"seen": "2024-03-08T00:30:00+00:00", "now": "2026-03-16T07:30:00+07:00"}
    ]
    assert office.dondoc.standstill(now=now) is None


def test_sixty_one_days_back_has_to_be_confirmed_as_well(office: Office) -> None:
    assert office.dondoc.standstill(now=at("2024-01-08 07:30")) is None
    assert office.dondoc.standstill(now=at("2024-01-08 07:29")) is not None


def test_sixty_days_off_need_no_confirmation(office: Office) -> None:
    assert office.dondoc.standstill(now=at("2024-05-07 07:30")) is None
    assert office.dondoc.standstill(now=at("2024-05-07 07:31")) is not None


def test_a_first_start_needs_no_confirmation(engine: Engine, tmp_path: Path) -> None:
    office = Office(engine, tmp_path)
    assert office.dondoc.standstill(now=at("2030-01-01 08:00")) is None
    office.work("2030-01-01 08:00")
    assert office.seen() == at("2030-01-01 08:00")


def test_ten_days_off_give_each_person_one_digest_and_the_same_audit(office: Office) -> None:
    letters = office.work("2024-03-25 07:30")
    people = Counter(letter.address for letter in letters)
    assert max(people.values()) == 1, people
    assert "so-tai-chinh" in " ".join(people)
    missed = office.occurrence(ANSWERABLE)
    assert missed.missed_at is not None
    assert missed.missed_at < at("2024-03-25 07:30")
    assert missed.missed_noticed_at == at("2024-03-25 07:30")
    office.nothing_twice()
    with reading(office.engine) as c:
        late = report(c, now=at("2024-03-25 07:30"))
    assert late.missed
    assert all(line.noticed_at and line.missed_at < line.noticed_at for line in late.missed)


def test_a_hold_keeps_all_messages_and_lets_one_digest_a_person_go(office: Office) -> None:
    resuming.pause(office.dondoc, reason="sai địa chỉ", now=at("2024-03-11 08:00"), actor="mai")
    for day in ("12", "13", "14", "15", "18", "19", "20"):
        assert office.work(f"2024-03-{day} 07:30") == []
    assert office.messages().__len__() == len(office.channel.letters), "nothing was composed to grow old"
    halt = office.dondoc.standstill(now=at("2024-03-20 08:00"))
    assert halt is not None
    ahead = resuming.outlook(office.dondoc, halt, now=at("2024-03-20 08:00"))
    resuming.resume(office.dondoc, now=at("2024-03-20 08:00"), actor="mai")
    letters = office.work("2024-03-20 08:10")
    people = Counter(letter.address for letter in letters)
    assert max(people.values()) == 1, people
    assert (sum(ahead.messages.values()), ahead.people) == (len(letters), len(people)), "it was told before"
    office.nothing_twice()
