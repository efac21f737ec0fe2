"""``advance`` on a register: what is queued, what is noticed, and that one bad row stops nothing."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import delete, update

from notifications import planner
from notifications.ladder import Decision
from notifications.planner import AdvanceCounts, AdvanceIncomplete, PlanningContext, anything_due
from tasks import intake
from tasks.database import reading, writing
from tasks.model import Occurrence
from tasks.tables import duty, occurrence, plan
from tests.support import ANSWERABLE, FAMILY, FINANCE, PLAN, Valley, at, plan_text

COMMUNES_OCC = f"{PLAN}/ke-hoach/cap-xa/once"


def test_every_body_that_may_be_written_to_is_told_what_it_owes(valley: Valley) -> None:
    valley.follow()
    assert valley.advance() == AdvanceCounts(queued=4)
    told = {(row.agency_id.partition(".")[2], row.body.partition(".")[2], row.role) for row in valley.ledger()}
    assert told == {
        ("so-tai-chinh", "so-tai-chinh", "agency"), ("so-noi-vu", "so-noi-vu", "agency"),
        ("mat-tran", "mat-tran", "agency"), ("cap-xa", "cong-an", "agency"),
    }  # fmt: skip


def test_a_family_is_listed_and_never_written_to(valley: Valley) -> None:
    valley.follow().advance("2024-03-20 07:30")
    mine = [row for row in valley.ledger() if row.agency_id == FAMILY and row.role == "agency"]
    assert {(row.status, row.reason) for row in mine} <= {("skipped", "never_messaged"), ("skipped", "superseded")}
    assert "never_messaged" in {row.reason for row in mine}


def test_a_body_that_has_ended_is_not_written_to_but_the_officer_hears_of_it(valley: Valley) -> None:
    valley.follow().run("2024-02-01 08:10")
    valley.end_body("thung-lung.so-tai-chinh", "2024-03-16")
    valley.run("2024-03-19 07:30")
    assert valley.told(ANSWERABLE)["check"] == "composed"
    valley.run("2024-03-20 07:30")
    assert valley.told(ANSWERABLE)["overdue-1"] == "skipped:agency_ended"


def test_misses_are_noticed_once_with_both_moments(valley: Valley) -> None:
    valley.follow().advance("2024-03-18 23:59")
    assert valley.events("missed") == []
    assert valley.advance("2024-03-19 00:00").missed == 5
    assert valley.advance("2024-03-22 07:30").missed == 0
    [event] = valley.events("missed", ANSWERABLE)
    assert event.at == at("2024-03-19 00:00")
    assert event.data["missed_at"].startswith("2024-03-18T17:00")


def test_two_waiting_notices_are_passed_over_in_one_batch(valley: Valley) -> None:
    """An IN list in a statement for many rows once stopped the whole of ``advance``."""
    valley.follow(contacts=False).advance("2024-03-08 07:30")
    valley.advance("2024-03-15 07:30")
    reasons = Counter(
        (row.rung, row.reason) for row in valley.ledger() if row.role == "agency" and row.status == "skipped"
    )
    assert reasons["before-7", "superseded"] == 4


def test_one_bad_row_is_noted_and_the_others_go_on(valley: Valley, monkeypatch: pytest.MonkeyPatch) -> None:
    valley.follow()
    whole = PlanningContext.decide

    def faulty(self: PlanningContext, o: Occurrence, *args: object, **kwargs: object) -> Decision:
        if o.id == ANSWERABLE:
            raise RuntimeError("a bad row")
        return whole(self, o, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(PlanningContext, "decide", faulty)
    with pytest.raises(AdvanceIncomplete, match="a bad row") as caught:
        valley.advance("2024-03-08 07:30")
    assert list(caught.value.failed) == [ANSWERABLE]
    assert valley.told(COMMUNES_OCC) == {"before-7": "queued"}
    assert valley.occurrence(ANSWERABLE).next_check_at == at("2024-03-08 08:30"), "tried again within the hour"
    monkeypatch.undo()
    valley.advance("2024-03-08 08:30")
    assert valley.told(ANSWERABLE) == {"before-7": "queued"}


def test_it_looks_only_at_what_is_due(valley: Valley, monkeypatch: pytest.MonkeyPatch) -> None:
    valley.follow().advance("2024-02-01 08:10")
    seen: list[str] = []
    whole = planner._Batch.look_at

    def counting(self: planner._Batch, found: list[Occurrence]) -> None:
        seen.extend(o.id for o in found)
        whole(self, found)

    monkeypatch.setattr(planner._Batch, "look_at", counting)
    valley.advance("2024-02-15 07:30")
    assert seen == []
    valley.go("2024-02-15 08:00").promise(ANSWERABLE, "2024-02-20")
    valley.advance("2024-02-15 08:10")
    assert seen == [ANSWERABLE]


def test_it_can_be_kept_to_one_plan(valley: Valley) -> None:
    valley.follow()
    with writing(valley.engine) as c:
        assert anything_due(c, now=valley.now)
    assert planner.advance(valley.engine, now=valley.now, plan_id="another") == AdvanceCounts()
    assert valley.ledger() == []


def test_a_duty_still_to_be_made_counts_as_due(valley: Valley) -> None:
    valley.follow().advance()
    with reading(valley.engine) as c:
        assert not anything_due(c, now=valley.now)
    with writing(valley.engine) as c:
        c.execute(update(duty).values(next_check_at=valley.now))
        assert anything_due(c, now=valley.now)
        assert anything_due(c, now=valley.now, plan_id=PLAN)
        assert not anything_due(c, now=valley.now, plan_id="another")


def test_a_plan_that_cannot_be_read_does_not_keep_the_others_from_being_made(valley: Valley) -> None:
    whole = plan_text().decode().replace("plan: thung-lung", "plan: hong")
    valley.follow()
    with writing(valley.engine) as c:
        intake.add_plan(c, whole.encode(), file="h.yaml", now=valley.now, actor="test")
        intake.activate(c, "hong", now=valley.now, actor="test")
        c.execute(update(duty).values(next_check_at=valley.now))
        c.execute(delete(occurrence))
        c.execute(update(plan).where(plan.c.id == "hong").values(source="plan: [", digest="damaged"))
    with pytest.raises(AdvanceIncomplete, match="1 dòng của sổ không rà soát được") as caught:
        valley.advance()
    assert list(caught.value.failed) == ["hong/ke-hoach"]
    assert caught.value.counts.materialised == 5
    assert valley.compose() == 4, "the damaged one holds nobody else back"
    with writing(valley.engine) as c:
        c.execute(update(plan).where(plan.c.id == "hong").values(source=whole, digest="mended"))
    assert valley.advance("2024-02-01 09:00").materialised == 5, "tried again an hour later"


def test_a_reminder_that_waits_for_an_address_is_dropped_after_the_deadline(valley: Valley) -> None:
    valley.follow(contacts=False).run("2024-03-15 07:30")
    assert valley.told(ANSWERABLE)["due"] == "no_contact"
    valley.advance("2024-03-18 23:59")
    assert valley.told(ANSWERABLE)["due"] == "no_contact", "received today it would be in time"
    valley.advance("2024-03-19 00:00")
    assert valley.told(ANSWERABLE)["due"] == "skipped:superseded"
    valley.contact(FINANCE, "agency")
    valley.run("2024-03-19 07:30")
    assert [row.kind for row in valley.messages()] == ["assigned"]
