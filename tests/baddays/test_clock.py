"""Bad days of the clock: back, forward, far forward, and ten days off. Nothing twice, nothing for ever wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from app import clock_guard, resuming
from app.bootstrap import Dondoc
from app.settings import Settings
from notifications import delivery
from notifications.channels.base import Letter
from notifications.errors import ChannelError
from tasks import pulse
from tasks.audit import report
from tasks.database import reading
from tasks.tables import metadata, occurrence
from tests.support import ANSWERABLE, Registers, Valley, at

# Working days; the machine is off from one Thursday to the Monday of the week after next.
DAYS = (
    "2024-03-08", "2024-03-11", "2024-03-12", "2024-03-13", "2024-03-14", "2024-03-15", "2024-03-18", "2024-03-19",
    "2024-03-20", "2024-03-21", "2024-03-22", "2024-03-25", "2024-03-26", "2024-04-01", "2024-04-02",
)  # fmt: skip
OFF, ON = "2024-03-14", "2024-03-25"


class _Died(BaseException):
    """The process is gone; no handler of ours runs."""


class _Deadly:
    def send(self, letter: Letter) -> None:
        raise _Died


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

    def letters_of(self, days: Sequence[str]) -> list[Letter]:
        return [letter for day in days for letter in self.work(f"{day} 07:30")]

    def dies_sending(self, moment: str) -> None:
        """Composes, and is gone with the first message in hand."""
        now = at(moment)
        self.dondoc.advance(now=now)
        self.dondoc.compose(now=now)
        with pytest.raises(_Died):
            delivery.deliver(self.engine, {"email": _Deadly()}, now=now)

    def end(self) -> dict[str, Any]:
        """What the register says of the duties, and what the trail holds; not when it was noticed."""
        with reading(self.engine) as c:
            rows = [row._asdict() for row in c.execute(select(occurrence).order_by(occurrence.c.id))]
            late = report(c, now=self.now)
        missed = {(row.kind, row.occurrence_id, row.data.get("missed_at")) for row in self.events()}
        return {
            "occurrences": [{k: v for k, v in row.items() if k != "missed_noticed_at"} for row in rows],
            "missed": [replace(line, noticed_at=None) for line in late.missed],
            "rates": late.rates,
            "trail": missed,
        }

    def ledger_keys(self) -> set[tuple[Any, ...]]:
        return {(row.subject, row.revision, row.rung, row.role, row.day) for row in self.ledger()}

    def pages_between(self, first: str, end: str) -> set[tuple[Any, ...]]:
        """The head's weekly pages of those days: after a stop only the newest one is made."""
        days = (at(f"{first} 07:30").date(), at(f"{end} 07:30").date())
        return {key for key in self.ledger_keys() if key[2] == "page" and days[0] <= key[4] < days[1]}

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


def test_ten_days_off_end_as_if_the_installation_had_always_been_on(registers: Registers, tmp_path: Path) -> None:
    with registers() as first, registers() as second:
        always, away = Office(first, tmp_path / "always"), Office(second, tmp_path / "away")
        for office in (always, away):
            office.follow()
            office.work("2024-02-01 08:10")
            for day in DAYS[: DAYS.index(OFF)]:
                office.work(f"{day} 07:30")
        said = always.letters_of(DAYS[DAYS.index(OFF) : DAYS.index(ON)])
        assert said, "otherwise nothing is compared"
        back = Counter(letter.address for letter in away.work(f"{ON} 07:30"))
        assert set(back.values()) == {1}, "no storm"
        always.work(f"{ON} 07:30")
        for office in (always, away):
            office.letters_of(DAYS[DAYS.index(ON) + 1 :])
            office.nothing_twice()
        assert away.end() == always.end()
        assert away.ledger_keys() == always.ledger_keys() - always.pages_between(OFF, ON)
        of_these_days = {row.rung for row in away.ledger() if row.reason == "superseded"}
        assert of_these_days == {"before-1", "due", "check", "overdue-1"}
        after = [letter.subject for letter in away.channel.letters[-1:]]
        assert after == [letter.subject for letter in always.channel.letters[-1:]], "and the next rung is told alike"


def test_what_was_in_hand_when_the_clock_was_put_back_is_unknown_and_the_rest_is_sent(
    engine: Engine, tmp_path: Path
) -> None:
    office = Office(engine, tmp_path)
    office.follow()
    office.dies_sending("2024-02-20 08:10")
    assert Counter(row.status for row in office.messages()) == {"sending": 1, "queued": 4}
    assert len(office.work("2024-02-02 08:10")) == 3, "their reservations and tries lay eighteen days ahead"
    told = Counter(row.status for row in office.messages())
    assert told == {"unknown": 1, "sent": 3, "dropped": 1}, "a weekly page of a week that has not been"
    assert len(office.work("2024-02-02 08:20")) == 1, "under the same Message-ID"
    office.nothing_twice()


@pytest.mark.parametrize(("moment", "unknown"), [("2024-02-01 07:40", 0), ("2024-02-01 07:39", 1)])
def test_a_lease_of_an_hour_ago_by_a_clock_put_back_runs_out_at_once(
    engine: Engine, tmp_path: Path, moment: str, unknown: int
) -> None:
    """Given at 08:10 it ends at 08:25; nobody can hold one for longer than half an hour."""
    office = Office(engine, tmp_path)
    office.follow("2024-02-01 07:00")
    office.dies_sending("2024-02-01 07:55")
    assert delivery.deliver(engine, office.channels, now=at(moment)).unknown == unknown


def test_a_retry_from_days_ahead_is_made_at_once_and_one_of_tomorrow_waits(engine: Engine, tmp_path: Path) -> None:
    office = Office(engine, tmp_path)
    office.follow()
    office.channel.error = ChannelError("450 busy")
    office.work("2024-02-20 08:10")
    office.channel.error = None
    assert office.work("2024-02-19 08:10") == [], "24 hours and ten minutes ahead"
    assert len(office.work("2024-02-07 08:10")) == 4
    assert office.work("2024-02-20 08:20") == []
    office.nothing_twice()


def test_what_fell_due_under_a_clock_that_ran_ahead_waits_for_its_day(office: Office) -> None:
    ahead = at("2024-03-19 07:30")
    office.dondoc.advance(now=ahead)
    office.dondoc.compose(now=ahead)
    assert office.told(ANSWERABLE)["check"] == "composed"
    assert office.work("2024-03-14 10:00") == [], "no officer is told to check what is not late yet"
    assert office.told(ANSWERABLE)["check"] == "queued"
    assert office.work("2024-03-18 07:30") == []
    told = office.work("2024-03-19 07:30")
    assert [letter.address.partition("@")[0] for letter in told] == ["officer"]
    assert office.told(ANSWERABLE)["check"] == "composed"
    office.nothing_twice()


def test_a_reminder_that_waited_through_a_hold_does_not_go_out_after_the_deadline(office: Office) -> None:
    now = at("2024-03-15 07:30")
    office.dondoc.advance(now=now)
    resuming.pause(office.dondoc, reason="", now=now, actor="mai")
    assert office.work("2024-03-15 07:40") == []
    assert office.told(ANSWERABLE)["due"] == "queued"
    office.work("2024-03-19 07:30")
    assert office.told(ANSWERABLE)["due"] == "skipped:superseded"
    resuming.resume(office.dondoc, now=at("2024-03-19 08:00"), actor="mai")
    letters = office.work("2024-03-19 08:10")
    assert {letter.address.partition("@")[0] for letter in letters} == {
        "officer",  # the list to check comes first
        "head",  # the weekly page
    }
    office.nothing_twice()


def test_a_digest_written_before_a_hold_is_dropped_after_the_deadline(office: Office) -> None:
    now = at("2024-03-15 07:30")
    office.dondoc.advance(now=now)
    assert office.dondoc.compose(now=now)
    resuming.pause(office.dondoc, reason="", now=now, actor="mai")
    resuming.resume(office.dondoc, now=at("2024-03-19 07:30"), actor="mai")
    letters = office.work("2024-03-19 07:30")
    assert {letter.address.partition("@")[0] for letter in letters} == {"officer", "head"}, "the weekly page"
    assert office.told(ANSWERABLE)["due"] == "skipped:superseded"


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
