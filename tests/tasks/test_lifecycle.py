"""Every allowed and every refused move, from every state. The table is typed by hand from design.md, D9."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tasks import intake
from tasks.database import reading, writing
from tasks.errors import BadInput, ChangedMeanwhile, MoveRefused, OccurrenceUnknown, PlanNotActive, PlanStopped
from tasks.lifecycle import Move, allow, apply
from tasks.model import Occurrence, State
from tests.support import ANSWERABLE, FINANCE, HEIR, PLAN_DUTIES, Valley, plan_text

DAY = "2024-03-12 09:00"


def _open(v: Valley) -> None:
    """As it was activated."""


def _claimed(v: Valley) -> None:
    v.claim(ANSWERABLE)


def _received(v: Valley) -> None:
    v.record(ANSWERABLE, received="2024-03-12", review=True)


def _accepted(v: Valley) -> None:
    v.record(ANSWERABLE, received="2024-03-12")


def _returned(v: Valley) -> None:
    _accepted(v)
    v.give_back(ANSWERABLE)


def _waived(v: Valley) -> None:
    v.waive(ANSWERABLE)


def _transferred(v: Valley) -> None:
    v.transfer(ANSWERABLE, HEIR)


def _cancelled(v: Valley) -> None:
    """The text no longer orders it."""
    with writing(v.engine) as c:
        text = plan_text(PLAN_DUTIES.replace("so-tai-chinh, ", ""))
        intake.add_plan(c, text, file="kh.yaml", now=v.now, actor="test")


def _ended(v: Valley) -> None:
    v.end_body(FINANCE, "2024-03-15")


def _stopped(v: Valley) -> None:
    v.stop()


def _came_in_and_stopped(v: Valley) -> None:
    _received(v)
    v.stop()


REACH: dict[str, Callable[[Valley], None]] = {
    "open": _open,
    "claimed": _claimed,
    "received": _received,
    "accepted": _accepted,
    "returned": _returned,
    "waived": _waived,
    "transferred": _transferred,
    "cancelled": _cancelled,
    "cancelled, its body ends": _ended,
    "cancelled, its plan is stopped": _stopped,
    "received, its plan is stopped": _came_in_and_stopped,
}

MAKE: dict[str, Callable[[Valley], object]] = {
    "record": lambda v: v.record(ANSWERABLE, received="2024-03-12"),
    "record for review": lambda v: v.record(ANSWERABLE, received="2024-03-12", review=True),
    "claim": lambda v: v.claim(ANSWERABLE),
    "accept": lambda v: v.accept(ANSWERABLE),
    "return": lambda v: v.give_back(ANSWERABLE),
    "extend": lambda v: v.extend(ANSWERABLE, to="2024-04-15"),
    "promise": lambda v: v.promise(ANSWERABLE, "2024-03-20"),
    "hold": lambda v: v.hold(ANSWERABLE, "2024-03-20"),
    "waive": lambda v: v.waive(ANSWERABLE),
    "transfer": lambda v: v.transfer(ANSWERABLE, HEIR),
    "correct": lambda v: v.correct(ANSWERABLE, received="2024-03-11"),
    "undo": lambda v: v.undo(ANSWERABLE),
    "reopen": lambda v: v.reopen(ANSWERABLE),
    "cancel": lambda v: v.stop(),
}

# move -> {state before: state after}; what is not named is refused.
ALLOWED: dict[str, dict[str, str]] = {
    "record": {
        "open": "accepted", "claimed": "accepted", "returned": "accepted", "cancelled, its plan is stopped": "accepted",
    },
    "record for review": {
        "open": "received", "claimed": "received", "returned": "received", "cancelled, its plan is stopped": "received",
    },
    "claim": {"open": "claimed", "returned": "claimed"},
    "accept": {"received": "accepted", "received, its plan is stopped": "accepted"},
    "return": {"received": "returned", "accepted": "returned"},
    "extend": {"open": "open", "claimed": "claimed", "returned": "returned"},
    "promise": {"open": "open", "claimed": "claimed", "returned": "returned"},
    "hold": {"open": "open", "claimed": "claimed", "returned": "returned"},
    "waive": {"open": "waived", "claimed": "waived", "returned": "waived"},
    "transfer": {
        "open": "transferred", "claimed": "transferred", "returned": "transferred",
        "cancelled, its body ends": "transferred",
    },
    "correct": {
        "received": "received", "accepted": "accepted", "returned": "returned",
        "received, its plan is stopped": "received",
    },
    "undo": {"received": "open", "accepted": "open", "returned": "open", "received, its plan is stopped": "cancelled"},
    "reopen": {"accepted": "open", "waived": "open", "cancelled": "open", "cancelled, its body ends": "open"},
    # Stopping a plan cancels what is owed and leaves the rest as it is.
    "cancel": {
        "open": "cancelled",
        "claimed": "cancelled",
        "returned": "cancelled",
        "received": "received",
        "accepted": "accepted",
        "waived": "waived",
        "transferred": "transferred",
        "cancelled": "cancelled",
        "cancelled, its body ends": "cancelled",
    },
}  # fmt: skip


@pytest.mark.parametrize("move", MAKE)
@pytest.mark.parametrize("state", REACH)
def test_each_move_is_made_or_refused_as_the_table_says(valley: Valley, state: str, move: str) -> None:
    valley.follow().go(DAY)
    REACH[state](valley)
    before = valley.occurrence(ANSWERABLE)
    assert before.state == state.partition(",")[0]
    events = len(valley.events(occurrence_id=ANSWERABLE))
    if state in ALLOWED[move]:
        MAKE[move](valley)
        after = valley.occurrence(ANSWERABLE)
        assert after.state == ALLOWED[move][state]
        changed = after.state != before.state or move != "cancel"
        assert (len(valley.events(occurrence_id=ANSWERABLE)) > events) is changed, "each move leaves its audit row"
    else:
        with pytest.raises((MoveRefused, BadInput, PlanStopped, PlanNotActive)) as refusal:
            MAKE[move](valley)
        assert valley.occurrence(ANSWERABLE) == before
        assert len(valley.events(occurrence_id=ANSWERABLE)) == events
        if move not in ("correct", "undo"):
            assert isinstance(refusal.value, _refusal(move, state))


def _refusal(move: str, state: str) -> type[Exception]:
    if move == "cancel":
        return PlanNotActive
    facts = ("record", "record for review", "accept")
    return PlanStopped if "stopped" in state and move not in facts else MoveRefused


def test_a_refusal_names_the_move_and_the_state_in_words(valley: Valley) -> None:
    valley.follow().go(DAY).waive(ANSWERABLE)
    with pytest.raises(MoveRefused, match=r"chấp nhận.*Được miễn kỳ này"):
        valley.accept(ANSWERABLE)


def test_an_unknown_occurrence_is_refused(valley: Valley) -> None:
    valley.follow()
    with pytest.raises(OccurrenceUnknown, match="khong-co"):
        valley.waive("thung-lung/ke-hoach/khong-co/once")


@pytest.mark.parametrize("meanwhile", ["waive", "extend"])
def test_a_move_prepared_on_an_old_view_is_refused(valley: Valley, meanwhile: str) -> None:
    """Guarded by the state and, where the state stays, by the revision."""
    valley.follow().go(DAY)
    old = valley.occurrence(ANSWERABLE)
    MAKE[meanwhile](valley)
    with pytest.raises(ChangedMeanwhile), writing(valley.engine) as c:
        apply(c, old, Move.CLAIM, {}, state=State.CLAIMED, now=valley.now, actor="late")
    assert [row.actor for row in valley.events(occurrence_id=ANSWERABLE)] == ["test"]


def test_a_move_makes_the_next_advance_look(valley: Valley) -> None:
    valley.follow().go(DAY)
    valley.advance()
    looked: Occurrence = valley.occurrence(ANSWERABLE)
    assert looked.next_check_at is not None
    assert looked.next_check_at > valley.now
    valley.promise(ANSWERABLE, "2024-03-20")
    assert valley.occurrence(ANSWERABLE).next_check_at == valley.now


def test_no_move_leads_to_a_state_outside_its_row(valley: Valley) -> None:
    valley.follow().go(DAY)
    with pytest.raises(AssertionError), writing(valley.engine) as c:
        apply(c, valley.occurrence(ANSWERABLE), Move.WAIVE, {}, state=State.ACCEPTED, now=valley.now, actor="test")


def test_allow_asks_without_writing(valley: Valley) -> None:
    valley.follow().go(DAY)
    with reading(valley.engine) as c:
        allow(c, valley.occurrence(ANSWERABLE), Move.CLAIM, now=valley.now)
    assert valley.events("claim") == []
