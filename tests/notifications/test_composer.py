"""Who gets one message and who gets two, what waits, and what is not said after all."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from notifications import composer
from notifications.composer import ComposeIncomplete
from notifications.facts import Rendered, Sheet
from notifications.sheets import kind_of
from notifications.short_text import render_for
from notifications.tables import message
from tasks import intake
from tasks.database import writing
from tasks.moves import announce_again
from tasks.tables import plan
from tests.support import ANSWERABLE, COMMUNES, FINANCE, FRONT, INTERIOR, LEAD, PLAN, PLAN_DUTIES, Valley, plan_text

INTERIOR_OCC = f"{PLAN}/ke-hoach/so-noi-vu/once"
SECOND = """\
  - id: bao-cao
    title: Báo cáo
    section: IV.2
    responsible: [so-tai-chinh, so-noi-vu, cong-an]
    due: {kind: once, on: 2024-03-18, boundary: by, quote: "ngày 18/3"}
"""


@pytest.fixture
def followed(valley: Valley) -> Valley:
    """Followed and announced; the first rungs fall due on Friday 8 March."""
    valley.follow().run("2024-02-01 08:10")
    return valley


def _sent(v: Valley, moment: str) -> list[str]:
    return sorted(letter.address for letter in v.run(moment))


@pytest.mark.parametrize(
    ("rung", "kind"), [("before-7", "digest"), ("review", "digest"), ("press-3", "press"), ("assigned", "assigned")]
)
def test_a_rung_of_the_ladder_goes_into_a_digest_and_an_event_has_its_own_message(rung: str, kind: str) -> None:
    assert kind_of(rung) == kind


@pytest.mark.parametrize(
    ("moment", "count"),
    [
        ("2024-03-08 06:59", 0), ("2024-03-08 07:30", 4), ("2024-03-08 17:29", 4), ("2024-03-08 17:30", 0),
        ("2024-03-09 09:00", 0), ("2024-03-10 09:00", 0),
    ],
)  # fmt: skip
def test_nothing_is_composed_outside_working_hours(followed: Valley, moment: str, count: int) -> None:
    followed.advance(moment)
    assert followed.compose() == count


def test_nothing_is_composed_while_something_waits_to_be_looked_at(followed: Valley) -> None:
    followed.advance("2024-03-08 07:30")
    followed.promise(INTERIOR_OCC, "2024-03-20")
    assert followed.compose() == 0
    followed.advance()
    assert followed.compose() == 3


def test_two_contacts_of_one_agency_get_one_message_each(followed: Valley) -> None:
    followed.contact(FINANCE, "agency", "second@x.example")
    assert _sent(followed, "2024-03-08 07:30").count("second@x.example") == 1
    assert followed.told(ANSWERABLE) == {"before-7": "composed"}
    assert len(followed.ledger(ANSWERABLE)) == 1


def test_one_address_of_two_agencies_gets_one_digest_for_both(valley: Valley) -> None:
    valley.follow(contacts=False)
    for body in (FINANCE, INTERIOR):
        valley.contact(body, "agency", "shared@x.example")
    assert len(valley.run("2024-02-01 08:10")) == 2, "each body's duties are announced to it"
    [letter] = valley.run("2024-03-08 07:30")
    assert letter.text.count("Kế hoạch triển khai") >= 2
    assert "Sở Tài chính" in letter.text
    assert "Sở Nội vụ" in letter.text


def test_one_address_on_two_channels_is_two_persons(followed: Valley) -> None:
    followed.contact(FINANCE, "agency", "json://127.0.0.1/x", channel="url")
    followed.run("2024-03-08 07:30")
    channels = [row.channel for row in followed.messages(message.c.channel, message.c.kind) if row.kind == "digest"]
    assert sorted(channels) == ["email", "email", "email", "email", "url"]


def test_an_officer_who_is_also_the_head_gets_one_digest(valley: Valley) -> None:
    valley.follow(contacts=False)
    for role in ("officer", "head"):
        valley.contact(LEAD, role, "one@x.example")
    valley.run("2024-02-01 08:10")
    for day in ("2024-03-08", "2024-03-15", "2024-03-19", "2024-03-20", "2024-03-21"):
        valley.run(f"{day} 07:30")
    assert _sent(valley, "2024-03-25 07:30") == ["one@x.example"], "overdue of the communes and the head's list at once"


def test_the_stand_in_hears_of_the_escalation_only(followed: Valley) -> None:
    heard = {}
    for day in ("2024-03-08", "2024-03-15", "2024-03-19", "2024-03-20", "2024-03-21", "2024-03-25"):
        heard[day] = "stand-in@cong-an.example" in _sent(followed, f"{day} 07:30")
    assert [day for day, told in heard.items() if told] == ["2024-03-21"]


def test_the_communes_are_reached_through_the_officer(valley: Valley) -> None:
    valley.follow(contacts=False)
    valley.contact(COMMUNES, "agency", "nobody-reads-this@x.example")
    valley.contact(LEAD, "officer")
    assert _sent(valley, "2024-02-01 08:10") == ["officer@cong-an.example"]


def test_what_nobody_can_be_found_for_waits_and_goes_out_once_an_address_is_there(valley: Valley) -> None:
    valley.follow(contacts=False)
    assert _sent(valley, "2024-02-01 08:10") == []
    valley.run("2024-03-08 07:30")
    assert valley.told(ANSWERABLE) == {"before-7": "no_contact"}
    valley.contact(FINANCE, "agency")
    assert _sent(valley, "2024-03-11 07:30") == ["agency@so-tai-chinh.example"] * 2  # what is owed, and the reminder
    assert valley.told(ANSWERABLE) == {"before-7": "composed"}


def test_what_arises_after_the_digest_of_the_day_waits_for_the_next_working_morning(valley: Valley) -> None:
    valley.follow(text=plan_text(PLAN_DUTIES + SECOND)).run("2024-02-01 08:10")
    occ = f"{PLAN}/bao-cao/so-tai-chinh/once"
    valley.go("2024-03-07 10:00").hold(occ, "2024-03-08")
    valley.run("2024-03-08 07:30")
    assert valley.told(occ) == {}, "held back"
    valley.run("2024-03-11 07:30")
    assert valley.told(occ) == {"before-7": "composed"}
    valley.run("2024-03-15 07:30")
    assert _sent(valley, "2024-03-15 10:00") == [], "one digest a day"


def test_a_new_digest_of_the_same_day_is_never_made(followed: Valley) -> None:
    followed.run("2024-03-08 07:30")
    followed.contact(INTERIOR, "agency", "agency@so-tai-chinh.example")
    followed.extend(INTERIOR_OCC, to="2024-03-22")
    told = followed.run("2024-03-08 10:00")
    assert sorted(letter.address for letter in told) == ["agency@so-noi-vu.example", "agency@so-tai-chinh.example"]
    kinds = [(row.kind, row.address) for row in followed.messages() if str(row.local_day) == "2024-03-08"]
    assert len(kinds) == len(set(kinds))


def test_a_claim_stops_what_was_queued_and_even_what_was_composed(followed: Valley) -> None:
    followed.advance("2024-03-08 07:30")
    followed.compose()
    followed.claim(ANSWERABLE)
    assert "agency@so-tai-chinh.example" not in [letter.address for letter in followed.run("2024-03-08 07:40")]
    assert followed.told(ANSWERABLE) == {"before-7": "queued"}
    assert _sent(followed, "2024-03-13 07:30") == []
    assert "agency@so-tai-chinh.example" in _sent(followed, "2024-03-14 07:30"), "the pause is over"
    assert followed.told(ANSWERABLE) == {"before-7": "skipped:superseded", "before-1": "composed"}


def test_a_queued_rung_is_not_sent_while_the_agency_is_muted(followed: Valley) -> None:
    followed.advance("2024-03-08 07:30")
    followed.promise(ANSWERABLE, "2024-03-12")
    assert "agency@so-tai-chinh.example" not in _sent(followed, "2024-03-08 07:40")
    assert "agency@so-tai-chinh.example" in _sent(followed, "2024-03-13 07:30")


def test_a_body_that_has_ended_gets_nothing_that_was_queued_before(followed: Valley) -> None:
    followed.advance("2024-03-20 18:00")
    followed.end_body(FINANCE, "2024-03-20")
    assert "agency@so-tai-chinh.example" not in _sent(followed, "2024-03-21 07:30")
    assert followed.told(ANSWERABLE)["overdue-1"] == "skipped:agency_ended"


def test_a_reminder_that_waited_for_an_address_is_not_sent_after_the_deadline(valley: Valley) -> None:
    valley.follow(contacts=False).run("2024-03-15 07:30")
    valley.run("2024-03-18 07:30")
    assert valley.told(ANSWERABLE)["due"] == "no_contact"
    valley.go("2024-03-19 08:00").contact(FINANCE, "agency")
    assert [row.kind for row in valley.messages() if "tai-chinh" in row.address] == []
    valley.run("2024-03-19 08:10")
    assert valley.told(ANSWERABLE)["due"] == "skipped:superseded"
    assert [row.kind for row in valley.messages() if "tai-chinh" in row.address] == ["assigned"]


def test_a_body_that_owes_nothing_any_more_is_not_told_what_it_owes(valley: Valley) -> None:
    valley.follow("2024-02-02 18:00").advance()
    valley.waive(ANSWERABLE)
    assert sorted(letter.address for letter in valley.run("2024-02-05 07:30")) == [
        "agency@mat-tran.example", "agency@so-noi-vu.example", "officer@cong-an.example"
    ]  # fmt: skip
    assert [row.reason for row in valley.ledger(f"plan:{PLAN}:{FINANCE}")] == ["closed"]


def test_a_stale_digest_is_released_into_the_next_one(followed: Valley) -> None:
    followed.advance("2024-03-08 07:30")
    followed.compose()  # and then everything stands still
    told = followed.run("2024-03-11 07:30")
    assert len(told) == 4
    assert followed.told(ANSWERABLE) == {"before-7": "composed"}
    assert [row.status for row in followed.messages() if str(row.local_day) == "2024-03-08"] == ["dropped"] * 4


def test_after_a_stop_of_any_length_the_older_rung_of_a_stale_digest_is_passed_over(followed: Valley) -> None:
    followed.advance("2024-03-08 07:30")
    followed.compose()
    assert len(followed.run("2024-03-15 07:30")) == 4
    assert followed.told(ANSWERABLE) == {
        "before-7": "skipped:superseded", "before-1": "skipped:superseded", "due": "composed"
    }  # fmt: skip


def test_a_left_over_digest_is_not_delivered_beside_the_new_one(followed: Valley) -> None:
    followed.advance("2024-03-08 07:30")
    followed.compose()
    assert followed.deliver("2024-03-11 07:20").sent == 0
    assert len(followed.run("2024-03-11 07:30")) == 4


def test_what_stands_still_for_an_occurrence_that_closed_is_dropped_and_alarms_nobody(followed: Valley) -> None:
    followed.advance("2024-03-08 07:30")
    followed.compose()
    followed.waive(ANSWERABLE)
    followed.advance()
    followed.run("2024-03-11 07:30")
    followed.run("2024-03-11 07:40")
    assert followed.told(ANSWERABLE)["before-7"].startswith("skipped")


def test_the_text_counts_days_from_the_day_of_sending(followed: Valley) -> None:
    followed.contact(FRONT, "agency", "late@x.example")
    followed.advance("2024-03-08 18:00")
    texts = [letter.text for letter in followed.run("2024-03-12 09:00") if letter.address == "agency@so-noi-vu.example"]
    assert len(texts) == 1
    assert "còn 03 ngày" in texts[0] or "còn 3 ngày" in texts[0]


def test_a_plan_file_that_dropped_a_duty_does_not_stop_the_others(followed: Valley) -> None:
    """A paper of a duty that is no longer there waits for review: nobody can say what it is."""
    followed.go("2024-03-01 09:00").record(ANSWERABLE, received="2024-03-01", review=True)
    with writing(followed.engine) as c:
        intake.add_plan(c, plan_text(SECOND), file="kh.yaml", now=followed.now, actor="test")
    followed.run("2024-03-01 09:10")
    assert followed.run("2024-03-07 07:30") is not None
    assert followed.told(ANSWERABLE)["review"] == "skipped:closed"
    assert len(followed.run("2024-03-11 07:30")) == 3


# --- One that cannot be written does not stop the others ----------------------------------------------------------


def _fails_for(name: str) -> Callable[[str, str, Sheet], Rendered]:
    def faulty(channel: str, address: str, sheet: Sheet) -> Rendered:
        if sheet.agency_name == name:
            raise ValueError("a template of ours")
        return render_for(channel, address, sheet)

    return faulty


def test_a_message_that_cannot_be_written_is_named_and_the_others_are_made(
    followed: Valley, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(composer, "render_for", _fails_for("Sở Tài chính"))
    followed.advance("2024-03-08 07:30")
    with pytest.raises(ComposeIncomplete, match="1 thông báo không soạn được") as caught:
        followed.compose()
    assert caught.value.made == 3
    [(name, why)] = caught.value.failed.items()
    assert (name, why) == (f"Văn thư {FINANCE} ({ANSWERABLE})", "ValueError: a template of ours")
    assert followed.deliver().sent == 3
    assert followed.told(ANSWERABLE) == {"before-7": "queued"}


def test_what_could_not_be_written_is_told_once_it_can_be(followed: Valley, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composer, "render_for", _fails_for("Sở Tài chính"))
    followed.advance("2024-03-08 07:30")
    with pytest.raises(ComposeIncomplete):
        followed.compose()
    monkeypatch.undo()
    assert _sent(followed, "2024-03-08 07:40") == [
        "agency@mat-tran.example", "agency@so-noi-vu.example", "agency@so-tai-chinh.example", "officer@cong-an.example"
    ]  # fmt: skip


def test_an_announcement_that_cannot_be_written_does_not_stop_the_others(
    valley: Valley, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(composer, "render_for", _fails_for("Sở Tài chính"))
    valley.follow().advance()
    with pytest.raises(ComposeIncomplete):
        valley.compose()
    assert [row.kind for row in valley.messages()] == ["assigned"] * 3


def test_a_plan_that_cannot_be_read_any_more_does_not_stop_the_others(followed: Valley) -> None:
    """Damaged in the database; its people are others than those of the first plan."""
    other = plan_text().replace(b"plan: thung-lung", b"plan: khac").replace(b"unit: thung-lung", b"unit: khac")
    with writing(followed.engine) as c:
        intake.add_plan(c, other, file="khac.yaml", now=followed.now, actor="test")
        intake.activate(c, "khac", now=followed.now, actor="test")
    followed.contact("khac.so-noi-vu", "agency", "khac@x.example")
    followed.advance("2024-03-08 07:30")
    with writing(followed.engine) as c:
        c.execute(update(plan).where(plan.c.id == "khac").values(source="format: 1\nplan: [", digest="damaged"))
    with pytest.raises(ComposeIncomplete) as caught:
        followed.compose()
    assert caught.value.made == 4
    assert "khac/ke-hoach/so-noi-vu/once" in caught.value.failed
    assert followed.told(ANSWERABLE) == {"before-7": "composed"}


def test_a_database_in_trouble_is_no_matter_of_one_message(followed: Valley, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_channel: str, _address: str, _sheet: Sheet) -> Rendered:
        raise OperationalError("SELECT 1", {}, OSError("disk I/O error"))

    monkeypatch.setattr(composer, "render_for", gone)
    followed.advance("2024-03-08 07:30")
    with pytest.raises(OperationalError):
        followed.compose()
    assert followed.told(ANSWERABLE) == {"before-7": "queued"}


def test_what_a_body_has_to_do_is_told_once_even_where_it_was_announced_twice_meanwhile(valley: Valley) -> None:
    """The first list waited for an address; then the plan brought another one."""
    valley.follow(contacts=False).run("2024-02-01 08:10")
    with writing(valley.engine) as c:
        announce_again(c, PLAN, FINANCE, "subordinate", now=valley.now)
    valley.run("2024-02-01 08:20")
    valley.contact(FINANCE, "agency")
    letters = valley.run("2024-02-01 09:00")
    assert len([letter for letter in letters if "tai-chinh" in letter.address]) == 1
    told = [(row.revision, row.status, row.reason) for row in valley.ledger(f"plan:{PLAN}:{FINANCE}")]
    assert told == [(1, "skipped", "superseded"), (2, "composed", None)]
