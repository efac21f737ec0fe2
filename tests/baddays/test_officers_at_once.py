"""Officers, planners and senders who want the same thing at the same moment on PostgreSQL: one after the other.

Each test holds one transaction at a statement of its choice, lets the other one come, and sees that both end: nobody
waits for each other, and whoever comes second decides by what the first one has written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Engine, func, select

from notifications import delivery
from notifications.tables import message_notice, notice
from tasks import intake, materialise, moves, papers
from tasks.agencies import load_register
from tasks.database import reading, writing
from tasks.errors import MoveRefused, RegisterError
from tasks.model import State
from tasks.papers import Paper
from tasks.seal_check import verify
from tasks.tables import answer, audit_event, duty, occurrence, paper
from tasks.tables import plan as plan_table
from tests.baddays.at_once import PATIENCE, Other, gate, until_one_waits
from tests.support import ANSWERABLE, FINANCE, HEIR, INTERIOR, PLAN, Recorder, Valley, at, connected, plan_text

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from tests.postgresql import Databases

ANNOUNCED, MORNING = "2024-02-01 08:10", "2024-03-20 07:30"
NOW = at(MORNING)


# --- Two officers -------------------------------------------------------------------------------------------------


@pytest.fixture
def shared(postgresql: Databases) -> Iterator[Valley]:
    """The valley on a server, followed, with one digest sent."""
    with connected(postgresql) as engine:
        valley = Valley(engine).follow()
        valley.run(ANNOUNCED)
        valley.now = NOW
        yield valley


Act = Callable[["Connection", str], Any]
KNOWN: dict[str, Any] = {"now": NOW, "actor": "B"}
CAME = Paper(date(2024, 3, 15), "12/BC", date(2024, 3, 14))


def _record(c: Connection, which: str) -> Any:
    return papers.record(c, [which], CAME, review=False, **KNOWN)


def _review(c: Connection, which: str) -> Any:
    return papers.record(c, [which], CAME, review=True, **KNOWN)


# What has happened before, and what two officers then do at once.
ACTS: dict[str, tuple[Act | None, Act]] = {
    "record": (None, _record),
    "claim": (None, lambda c, which: moves.claim(c, which, number="9", dated=None, **KNOWN)),
    "accept": (_review, lambda c, which: moves.accept(c, which, **KNOWN)),
    "return": (_record, lambda c, which: moves.return_(c, which, reason="incomplete", by=None, **KNOWN)),
    "extend": (None, lambda c, which: moves.extend(c, [which], to=date(2024, 4, 1), document="7/UB", **KNOWN)),
    "waive": (None, lambda c, which: moves.waive(c, which, reason="CV 3", **KNOWN)),
    "undo": (_record, lambda c, which: papers.undo(c, which, **KNOWN)),
    "reopen": (_record, lambda c, which: moves.reopen(c, which, **KNOWN)),
    "transfer": (
        None,
        lambda c, which: moves.transfer(c, which, to=load_register(c)[HEIR], document=None, **KNOWN),
    ),
}


@pytest.mark.parametrize("name", ACTS)
def test_of_two_officers_who_make_the_same_move_at_once_one_wins_and_the_other_is_told(
    shared: Valley, name: str
) -> None:
    before, act = ACTS[name]
    engine = shared.engine
    if before:
        with writing(engine) as c:
            before(c, ANSWERABLE)
    told = len(shared.events())

    def second() -> Any:
        with writing(engine) as c:
            return act(c, ANSWERABLE)

    with writing(engine) as c:
        act(c, ANSWERABLE)
        other = Other(second)
        until_one_waits(engine, other)
        assert not other.done.is_set(), "the second one did not wait for the first"
    with pytest.raises(RegisterError) as refused:
        other.result()
    assert ANSWERABLE in str(refused.value)  # and then what is in the way, in words
    once = shared.events()[told:]
    assert [event.kind for event in once if event.kind == name] == [name]
    with reading(engine) as c:
        assert verify(c).intact


def test_one_paper_of_two_officers_for_two_duties_is_one_paper(shared: Valley) -> None:
    """Who comes second finds the row of the first, in whichever plan."""
    engine = shared.engine
    _bring_in(engine, "ke-hoach-hai")
    second_id = ANSWERABLE.replace(PLAN, "ke-hoach-hai", 1)

    def second() -> Any:
        with writing(engine) as c:
            return _record(c, second_id)

    with writing(engine) as c:
        _record(c, ANSWERABLE)
        other = Other(second)
        until_one_waits(engine, other)
    assert [o.state for o in other.result()] == [State.ACCEPTED]
    with reading(engine) as c:
        assert c.execute(select(func.count()).select_from(paper)).scalar_one() == 1


def _second_plan(name: str, *, until: str | None = None) -> bytes:
    text = plan_text().decode().replace(f"plan: {PLAN}\n", f"plan: {name}\n")
    ended = f", until: {until}" if until else ""
    return text.replace("name: Sở Tài chính}", f"name: Sở Tài chính{ended}}}").encode()


def _bring_in(engine: Engine, name: str) -> None:
    with writing(engine) as c:
        intake.add_plan(c, _second_plan(name), file="kh.yaml", now=at(ANNOUNCED), actor="A")
        intake.activate(c, name, now=at(ANNOUNCED), actor="A")


def test_two_officers_who_put_one_paper_right_from_two_plans_wait_for_each_other_in_one_order(shared: Valley) -> None:
    """Each begins with the plan in which the other one ends."""
    engine = shared.engine
    _bring_in(engine, "an-dau")  # comes before thung-lung
    ids = [ANSWERABLE, ANSWERABLE.replace(PLAN, "an-dau", 1)]
    with writing(engine) as c:
        papers.record(c, ids, CAME, review=False, **KNOWN)

    def correct(which: str, number: str) -> Any:
        with writing(engine) as c:
            came = Paper(date(2024, 3, 14), number, date(2024, 3, 14))
            return papers.correct(c, which, came, now=NOW, actor=number)

    with gate(engine, "INSERT INTO paper") as held:
        first = Other(lambda: correct(ids[0], "13/BC"))
        assert held.reached.wait(PATIENCE)
        second = Other(lambda: correct(ids[1], "14/BC"))
        until_one_waits(engine, second)
        held.open()
        assert len(first.result()) == len(second.result()) == 2
    for each in ids:
        assert shared.occurrence(each).number == "14/BC"
    with reading(engine) as c:
        live = select(answer.c.paper_id).where(answer.c.verdict != "void").distinct()
        assert len(c.execute(live).all()) == 1
        assert verify(c).intact


# --- Plans --------------------------------------------------------------------------------------------------------


def test_two_officers_who_bring_in_the_same_plan_at_once_bring_it_in_once(postgresql: Databases) -> None:
    with connected(postgresql) as engine:

        def bring() -> str:
            with writing(engine) as c:
                return intake.add_plan(c, plan_text(), file="kh.yaml", now=NOW, actor="B").outcome

        with writing(engine) as c:
            assert intake.add_plan(c, plan_text(), file="kh.yaml", now=NOW, actor="A").outcome == "added"
            other = Other(bring)
            until_one_waits(engine, other)
        assert other.result() == "unchanged"
        with reading(engine) as c:
            assert c.execute(select(func.count()).select_from(plan_table)).scalar_one() == 1
            assert [row.actor for row in c.execute(select(audit_event))] == ["A"]
            assert verify(c).intact


def test_two_officers_who_start_the_same_plan_at_once_start_it_once(postgresql: Databases) -> None:
    with connected(postgresql) as engine:
        with writing(engine) as c:
            intake.add_plan(c, plan_text(), file="kh.yaml", now=NOW, actor="A")

        def start() -> Any:
            with writing(engine) as c:
                return intake.activate(c, PLAN, now=NOW, actor="B")

        with writing(engine) as c:
            intake.activate(c, PLAN, now=NOW, actor="A")
            other = Other(start)
            until_one_waits(engine, other)
        with pytest.raises(RegisterError, match=PLAN):
            other.result()


def test_a_plan_that_ends_a_body_and_a_paper_for_both_plans_at_once(shared: Valley) -> None:
    """The plan that is brought in changes another one as well; the paper answers duties of both."""
    engine = shared.engine
    _bring_in(engine, "an-dau")

    def bring() -> str:
        with writing(engine) as c:
            text = _second_plan(PLAN, until="2024-03-10")
            return intake.add_plan(c, text, file="kh.yaml", now=NOW, actor="A").outcome

    def record() -> Any:
        with writing(engine) as c:
            ids = [ANSWERABLE.replace("so-tai-chinh", "so-noi-vu"), ANSWERABLE.replace(PLAN, "an-dau", 1)]
            return papers.record(c, ids, CAME, review=False, **KNOWN)

    with gate(engine, "UPDATE plan SET") as held:
        first = Other(bring)
        assert held.reached.wait(PATIENCE)
        second = Other(record)
        until_one_waits(engine, second)
        held.open()
        assert first.result() == "revised"
        with pytest.raises(MoveRefused, match="an-dau/ke-hoach/so-tai-chinh"):  # it has ended by then
            second.result()
    with reading(engine) as c:
        assert verify(c).intact


def test_an_officer_who_stops_a_plan_while_its_occurrences_are_made(shared: Valley) -> None:
    """On the first of January the planner makes a year's occurrences, and somebody works with the plan."""
    engine = shared.engine
    with writing(engine) as c:
        c.execute(duty.update().values(next_check_at=NOW))
        c.execute(occurrence.delete().where(occurrence.c.agency_id == INTERIOR))

    def make() -> int:
        with writing(engine) as c:
            return materialise.materialise_due(c, now=NOW).occurrences

    def stop() -> int:
        with writing(engine) as c:
            return intake.stop(c, PLAN, now=NOW, actor="B")

    with gate(engine, "INSERT INTO occurrence") as held:
        planning = Other(make)
        assert held.reached.wait(PATIENCE)
        stopping = Other(stop)
        until_one_waits(engine, stopping)
        held.open()
        assert planning.result() == 1
        assert stopping.result() == 5  # also what was just made
    assert {shared.occurrence(each).state for each in shared.ids()} == {State.CANCELLED}


# --- Senders ------------------------------------------------------------------------------------------------------


def test_two_senders_who_find_out_at_once_that_there_is_nothing_to_tell(
    postgresql: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One reminder for two people, closed before it was sent: each sender has the letter of one of them, and the
    later one is the last who could have told it."""
    monkeypatch.setattr(delivery, "BATCH", 1)
    with connected(postgresql) as engine:
        valley = Valley(engine).follow(contacts=False)
        valley.contact(FINANCE, "agency")
        valley.run(ANNOUNCED)
        valley.contact(FINANCE, "agency", "hai@so-tai-chinh.example")
        valley.advance(MORNING)
        assert valley.compose() == 2
        valley.record(ANSWERABLE, received="2024-03-20", number="1/BC")

        def send() -> delivery.DeliveryCounts:
            return delivery.deliver(engine, {"email": Recorder()}, now=NOW)

        with gate(engine, "UPDATE message SET") as held:  # it has untied the reminder from its letter by then
            first = Other(send)
            assert held.reached.wait(PATIENCE)
            second = Other(send)
            until_one_waits(engine, second)
            held.open()
            assert [first.result().dropped, second.result().dropped] == [1, 1]
        assert valley.told(ANSWERABLE)["overdue-1"] == "skipped:closed"
        with reading(engine) as c:
            linked = select(message_notice.c.notice_id).where(message_notice.c.notice_id == notice.c.id)
            orphans = select(notice.c.id).where(notice.c.status == "composed", ~linked.exists())
            assert c.execute(orphans).all() == []
