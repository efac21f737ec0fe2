"""A plan that another unit follows up: what changes from that day on, and what stays (decision 0009)."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from plans.model import Agency, Relation
from tasks import intake, office
from tasks.agencies import load_plan, load_register, save_agencies
from tasks.as_of import changed
from tasks.database import reading, writing
from tasks.errors import BadInput, PlanUnknown
from tasks.leading import Led, hand_lead, withdraw
from tasks.leads import lead_changes
from tasks.materialise import recompute
from tasks.model import Cause, State
from tasks.tables import occurrence, party
from tasks.tables import plan as plan_table
from tests.support import ANSWERABLE, HEIR, LEAD, PLAN, PLAN_DUTIES, Valley, at, plan_text

OTHER = "thung-lung.cong-an-moi"
AFAR = "vung-cao.cong-an"
SUMMARY = """\
  - id: tong-hop
    title: Báo cáo tổng hợp
    section: IV.3
    responsible: [cong-an]
    due: {kind: annual, day: 20, month: 3, boundary: before, quote: "trước ngày 20/3 hằng năm"}
    recipients: [{agency: so-noi-vu}]
"""
TEXT = plan_text(PLAN_DUTIES + SUMMARY)
OWN = f"{PLAN}/tong-hop/cong-an/2024"
NEW = f"{PLAN}/tong-hop/cong-an-moi/2024"


@pytest.fixture
def followed(valley: Valley) -> Valley:
    """Followed by Công an Thung Lũng, which owes a yearly report itself; another police unit has people too."""
    valley.follow(text=TEXT)
    with writing(valley.engine) as c:
        save_agencies(c, [Agency(OTHER, "Công an Mới"), Agency(AFAR, "Công an Vùng Cao")])
    for role in ("officer", "stand_in", "head"):
        valley.contact(OTHER, role)
    valley.run("2024-02-01 08:10")
    return valley.go("2024-03-01 09:00")


def lead(v: Valley, to: str = OTHER, since: str | None = None, document: str = "12/QĐ") -> Led:
    with writing(v.engine) as c:
        day = date.fromisoformat(since) if since else v.now.date()
        return hand_lead(c, PLAN, load_register(c)[to], since=day, document=document, now=v.now, actor="test")


def led_by(v: Valley) -> str:
    with reading(v.engine) as c:
        assert load_plan(c, PLAN).lead == c.execute(select(plan_table.c.lead)).scalar_one()
        return load_plan(c, PLAN).lead


def sent_to(v: Valley, moment: str) -> list[str]:
    return [letter.address for letter in v.run(moment)]


def test_from_that_day_on_the_other_unit_s_people_are_told(followed: Valley) -> None:
    lead(followed)
    assert led_by(followed) == OTHER
    checked = sent_to(followed, "2024-03-19 07:30")
    assert ("officer@cong-an-moi.example" in checked, "officer@cong-an.example" in checked) == (True, False)
    escalated = sent_to(followed, "2024-03-21 07:30")
    assert "stand-in@cong-an-moi.example" in escalated
    assert "stand-in@cong-an.example" not in escalated
    assert "head@cong-an-moi.example" in sent_to(followed, "2024-03-25 07:30")


def test_every_body_learns_to_whom_it_goes_now(followed: Valley) -> None:
    made = lead(followed)
    letters = {letter.address: letter for letter in followed.run("2024-03-01 09:10")}
    assert made.told == 6, "five bodies, and the new unit for what it owes itself; the family is never written to"
    assert "Công an Mới" in letters["agency@so-tai-chinh.example"].text
    assert "Công an Thung Lũng" not in letters["agency@so-tai-chinh.example"].text


def test_the_trail_keeps_who_led_before(followed: Valley) -> None:
    lead(followed, document="12/QĐ ngày 28/02/2024")
    [event] = followed.events("lead_changed")
    assert (event.plan_id, event.actor) == (PLAN, "test")
    assert event.data == {
        "was": LEAD,
        "was_name": "Công an Thung Lũng",
        "is": OTHER,
        "is_name": "Công an Mới",
        "since": "2024-03-01",
        "document": "12/QĐ ngày 28/02/2024",
    }


def test_messages_that_are_written_keep_their_names_and_what_waits_goes_to_the_other_unit(valley: Valley) -> None:
    v = valley.follow()
    with writing(v.engine) as c:
        save_agencies(c, [Agency(OTHER, "Công an Mới")])
    for role in ("officer", "stand_in", "head"):
        v.contact(OTHER, role)
    v.run("2024-02-01 08:10")
    v.advance("2024-03-19 07:30")
    v.compose()
    written = [(row.address, row.text) for row in v.messages() if row.address == "officer@cong-an.example"]
    lead(v)
    assert ("officer@cong-an.example", written[-1][1]) in [(x.address, x.text) for x in v.run("2024-03-19 07:40")]
    assert "officer@cong-an.example" not in sent_to(v, "2024-03-21 07:30")


def test_a_message_that_has_to_be_written_anew_leaves_it_to_the_other_unit(followed: Valley) -> None:
    followed.advance("2024-03-19 07:30")
    followed.compose()
    lead(followed)
    followed.deliver()
    assert "officer@cong-an.example" not in [x.address for x in followed.channel.letters[6:]]
    assert "officer@cong-an-moi.example" in sent_to(followed, "2024-03-19 07:40")


def test_what_nobody_has_been_told_yet_is_told_to_the_other_unit(followed: Valley) -> None:
    followed.advance("2024-03-19 07:30")
    lead(followed)
    told = sent_to(followed, "2024-03-19 07:31")
    assert "officer@cong-an-moi.example" in told
    assert "officer@cong-an.example" not in told


def test_what_the_unit_owed_itself_goes_along(followed: Valley) -> None:
    made = lead(followed)
    assert [(step.was.id, step.now.id) for step in made.steps if step.was.id == OWN] == [(OWN, NEW)]
    assert followed.occurrence(OWN).state is State.TRANSFERRED
    o = followed.occurrence(NEW)
    assert (o.state, o.relation, o.agency_id, o.last_day) == (State.OPEN, Relation.SELF, OTHER, date(2024, 3, 19))
    assert "officer@cong-an-moi.example" in sent_to(followed, "2024-03-19 07:30")


def test_later_years_are_made_for_the_other_unit_and_no_year_twice(followed: Valley) -> None:
    lead(followed)
    followed.advance("2025-01-02 07:30")
    mine = [it for it in followed.ids() if it.startswith(f"{PLAN}/tong-hop/")]
    years = {
        name: sorted(it.rsplit("/", 1)[1] for it in mine if f"/{name}/" in it) for name in ("cong-an", "cong-an-moi")
    }
    assert years == {"cong-an": ["2024", "2025"], "cong-an-moi": ["2024", "2025", "2026"]}
    assert {followed.occurrence(f"{PLAN}/tong-hop/cong-an/{year}").state for year in (2024, 2025)} == {
        State.TRANSFERRED
    }


def test_what_the_former_unit_has_done_is_not_asked_for_again(followed: Valley) -> None:
    followed.record(OWN, received="2024-03-01")
    lead(followed)
    followed.advance("2025-01-02 07:30")
    assert followed.occurrence(OWN).state is State.ACCEPTED
    assert NEW not in followed.ids()


def test_handed_back_everything_stands_as_before(followed: Valley) -> None:
    lead(followed)
    followed.go("2024-03-04 09:00")
    made = lead(followed, LEAD, document="13/QĐ")
    assert made.kept == ()
    assert led_by(followed) == LEAD
    o = followed.occurrence(OWN)
    assert (o.state, o.revision, o.cause, o.transferred_to) == (State.OPEN, 2, Cause.REOPENED, None)
    assert followed.occurrence(NEW).transferred_to == OWN
    told = sent_to(followed, "2024-03-18 07:30")
    assert "officer@cong-an.example" in told
    assert "officer@cong-an-moi.example" not in told
    with reading(followed.engine) as c:
        then = {each.id: each for each in changed(c, occurrence.c.id.in_([OWN, NEW]), at=at("2024-03-02 09:00"))}
    assert (then[OWN].state, then[NEW].state) == (State.TRANSFERRED, State.OPEN), "seen as of the day between"


def test_a_third_hand_gets_it_too_and_the_first_one_again(followed: Valley) -> None:
    lead(followed)
    lead(followed.go("2024-03-04 09:00"), HEIR)
    made = lead(followed.go("2024-03-05 09:00"), LEAD)
    assert made.kept == ()
    assert followed.occurrence(OWN).state is State.OPEN
    assert followed.occurrence(f"{PLAN}/tong-hop/so-moi/2024").transferred_to == OWN


def test_a_body_that_owed_something_as_another_one_owes_it_to_itself_now(followed: Valley) -> None:
    lead(followed, "thung-lung.so-noi-vu")
    theirs = f"{PLAN}/ke-hoach/so-noi-vu/once"
    assert followed.occurrence(theirs).relation is Relation.SELF
    lead(followed.go("2024-03-04 09:00"), LEAD)
    assert followed.occurrence(theirs).relation is Relation.SUBORDINATE
    with reading(followed.engine) as c:
        rows = c.execute(select(party.c.agency_id, party.c.relation).where(party.c.plan_id == PLAN)).tuples()
        standing = dict(rows.all())
    assert (standing["thung-lung.so-noi-vu"], standing[LEAD]) == ("subordinate", "self")


def test_what_was_taken_into_the_new_unit_s_own_part_is_owed_by_both_again(valley: Valley) -> None:
    both = SUMMARY.replace("[cong-an]", "[cong-an, so-moi]")
    v = valley.follow(text=plan_text(PLAN_DUTIES + both)).go("2024-03-01 09:00")
    theirs = f"{PLAN}/tong-hop/so-moi/2024"
    assert [step.joined for step in lead(v, HEIR).steps] == [True, True]
    assert v.occurrence(OWN).transferred_to == theirs
    lead(v.go("2024-03-04 09:00"), LEAD)
    assert (v.occurrence(OWN).state, v.occurrence(theirs).state) == (State.OPEN, State.OPEN)
    assert v.occurrence(theirs).relation is Relation.PEER


def test_a_unit_of_the_same_short_name_elsewhere(followed: Valley) -> None:
    made = lead(followed, AFAR)
    assert made.kept == ()
    o = followed.occurrence(f"{PLAN}/tong-hop/vung-cao-cong-an/2024")
    assert (o.agency_id, o.relation) == (AFAR, Relation.SELF)


def test_the_text_goes_on_naming_the_unit_of_its_day(followed: Valley) -> None:
    lead(followed)
    moved = TEXT.replace(b"2024-03-16", b"2024-03-30").replace(b"day: 20, month: 3", b"day: 25, month: 3")
    with writing(followed.engine) as c:
        brought = intake.add_plan(c, moved, file="kh.yaml", now=followed.now, actor="test")
    assert (brought.plan.lead, brought.outcome, brought.cancelled) == (OTHER, "revised", 0)
    assert led_by(followed) == OTHER
    assert followed.occurrence(ANSWERABLE).due == date(2024, 3, 30)
    assert (followed.occurrence(NEW).due, followed.occurrence(NEW).state) == (date(2024, 3, 25), State.OPEN)
    assert followed.occurrence(OWN).state is State.TRANSFERRED


def test_a_text_that_names_a_third_unit_is_refused(followed: Valley) -> None:
    lead(followed)
    foreign = TEXT.replace(b"lead: {agency: cong-an,", b"lead: {agency: la,").replace(b"[cong-an]", b"[la]")
    foreign = foreign.replace(b"recipients: [{agency: cong-an}]", b"recipients: [{agency: la}]")
    foreign = foreign.replace(b"agencies:\n", "agencies:\n  - {id: la, name: Công an Lạ}\n".encode())
    with writing(followed.engine) as c, pytest.raises(BadInput, match="Thay cơ quan"):
        intake.add_plan(c, foreign, file="kh.yaml", now=followed.now, actor="test")


def test_deadlines_are_read_as_the_other_unit_reads_them(followed: Valley) -> None:
    with writing(followed.engine) as c:
        office.choose(c, OTHER, "weekend", "keep", now=followed.now, actor="test")
        recompute(c, now=followed.now, cause=Cause.READING, lead=OTHER)
    assert followed.occurrence(ANSWERABLE).late_after == date(2024, 3, 18)
    made = lead(followed)
    assert made.moved == 5
    assert followed.occurrence(ANSWERABLE).late_after == date(2024, 3, 16)


# -- a day that is still ahead --


def test_a_day_ahead_waits_and_takes_effect_by_itself(followed: Valley) -> None:
    made = lead(followed, since="2024-03-18")
    assert not made.at_once
    assert led_by(followed) == LEAD
    followed.run("2024-03-15 07:30")
    assert led_by(followed) == LEAD
    followed.run("2024-03-18 07:30")
    assert led_by(followed) == OTHER
    assert "officer@cong-an-moi.example" in sent_to(followed, "2024-03-19 07:30")
    assert [e.kind for e in followed.events() if e.kind.startswith("lead_")] == ["lead_planned", "lead_changed"]
    followed.advance()
    assert len(followed.events("lead_changed")) == 1


def test_what_was_agreed_can_be_withdrawn_and_a_new_word_replaces_it(followed: Valley) -> None:
    lead(followed, since="2024-03-18")
    lead(followed, AFAR, since="2024-03-19")
    with writing(followed.engine) as c:
        assert withdraw(c, PLAN, now=followed.now, actor="test").lead == AFAR
        with pytest.raises(BadInput, match="không có việc thay đơn vị"):
            withdraw(c, PLAN, now=followed.now, actor="test")
    followed.advance("2024-03-20 07:30")
    assert led_by(followed) == LEAD


def test_a_unit_that_ended_meanwhile_does_not_stop_the_morning(followed: Valley) -> None:
    from notifications.planner import AdvanceIncomplete

    lead(followed, since="2024-03-18")
    followed.end_body(OTHER, "2024-03-10")
    with pytest.raises(AdvanceIncomplete, match="kết thúc hoạt động"):
        followed.advance("2024-03-18 07:30")
    assert led_by(followed) == LEAD
    assert followed.told(ANSWERABLE)["due"] == "queued", "the rest of the morning was done"


@pytest.mark.parametrize(
    ("to", "since", "document", "why"),
    [
        (OTHER, "2024-03-01", " ", "Ghi số, ngày văn bản"),
        (LEAD, "2024-03-01", "1", "đang là đơn vị theo dõi"),
        ("thung-lung.cap-xa", "2024-03-01", "1", "không phải một đơn vị"),
        ("thung-lung.gia-dinh", "2024-03-01", "1", "không phải một đơn vị"),
        (OTHER, "2024-01-14", "1", "trước ngày ban hành"),
        (OTHER, "2025-04-01", "1", "còn quá xa"),
    ],
)
def test_what_cannot_be(followed: Valley, to: str, since: str, document: str, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        lead(followed, to, since, document)
    assert led_by(followed) == LEAD


def test_an_ended_or_coming_unit_cannot_lead(followed: Valley) -> None:
    followed.end_body(OTHER, "2024-03-10")
    with pytest.raises(BadInput, match="kết thúc hoạt động ngày 10/03/2024"):
        lead(followed, since="2024-03-11")
    with writing(followed.engine) as c:
        save_agencies(c, [Agency(AFAR, "Công an Vùng Cao", start=date(2024, 4, 1))])
    with pytest.raises(BadInput, match="hoạt động từ ngày 01/04/2024"):
        lead(followed, AFAR)
    with writing(followed.engine) as c, pytest.raises(PlanUnknown):
        hand_lead(
            c, "khong-co", load_register(c)[AFAR], since=date(2024, 4, 1), document="1", now=followed.now, actor="t"
        )


# -- plans that are not followed --


def test_a_stopped_plan_is_handed_over_and_followed_again_by_the_other_unit(followed: Valley) -> None:
    followed.stop()
    lead(followed)
    assert followed.occurrence(OWN).state is State.CANCELLED
    with writing(followed.engine) as c:
        intake.activate(c, PLAN, now=followed.now, actor="test")
    assert (followed.occurrence(OWN).state, followed.occurrence(NEW).state) == (State.TRANSFERRED, State.OPEN)


def test_a_draft_is_started_by_the_other_unit(valley: Valley) -> None:
    with writing(valley.engine) as c:
        intake.add_plan(c, TEXT, file="kh.yaml", now=valley.now, actor="test")
        save_agencies(c, [Agency(OTHER, "Công an Mới")])
    lead(valley, since="2024-01-15")
    valley.follow(text=TEXT, contacts=False)
    valley.advance()
    assert NEW in valley.ids()
    assert OWN not in valley.ids()
    with reading(valley.engine) as c:
        assert [each.lead for each in lead_changes(c, [PLAN])[PLAN]] == [OTHER]
