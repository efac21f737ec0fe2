"""What officers decide about a document that was read: kept with its trail, never overwritten by somebody slower."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.engine import Connection

from tasks import intake, readings, trail
from tasks.database import reading as looking
from tasks.database import writing
from tasks.desk_tables import stored_file
from tasks.errors import BadInput
from tasks.paper_desk import Content as Bytes
from tasks.reading_model import (
    BodyName,
    Content,
    Fact,
    GroupName,
    Item,
    Member,
    Named,
    Origin,
    Place,
    State,
)
from tasks.reading_store import (
    Read,
    ReadingChanged,
    ReadingStarted,
    ReadingUnknown,
    existing,
    keep,
    listed,
    load,
    of_plan,
    source,
)
from tasks.reading_tables import document, reading
from tasks.tables import audit_event
from tests.support import FINANCE, INTERIOR, LEAD, PLAN, Valley, at, plan_text

NOW = at("2024-03-11 09:00")
TEXT = "IV.1 Các phòng gửi báo cáo trước ngày 15/4/2024; Sở Tài chính cấp kinh phí trong quý II/2024."
HASH = "a" * 64
FILE = Bytes(HASH, "text", len(TEXT), "kh.txt")


def place(words: str) -> Place:
    return Place(TEXT.index(words), TEXT.index(words) + len(words))


REPORT = Item(
    1,
    "Báo cáo",
    "IV.1",
    "once",
    "2024-04-15",
    "before",
    place("trước ngày 15/4/2024"),
    agencies=(Named("Các phòng", group=True),),
    clause=place("Các phòng gửi báo cáo trước ngày 15/4/2024"),
    doubts=("year",),
)
MONEY = Item(
    2,
    "Cấp kinh phí",
    "IV.1",
    "once",
    "2024-Q2",
    "within",
    place("trong quý II/2024"),
    agencies=(Named("Sở Tài chính"),),
    clause=place("Sở Tài chính cấp kinh phí trong quý II/2024"),
)
CONTENT = Content(
    {"title": Fact("Kế hoạch thử", Place(0, 4), 0.9, ("ocr",))},
    (REPORT, MONEY),
    (BodyName("Sở Tài chính", FINANCE),),
    (GroupName("Các phòng", (Member(FINANCE, "Sở Tài chính", "III.1"), Member(INTERIOR, "Sở Nội vụ", "III.2"))),),
    {"Sở Tài chính": "III.1"},
)
READ = Read("text", TEXT, (0,), ((0, 4, 1, 2, 3),), False, CONTENT)


@pytest.fixture
def c(valley: Valley) -> Iterator[Connection]:
    """One transaction with the bodies of the valley and one document that was read: number 1."""
    with writing(valley.engine) as connection:
        intake.add_plan(connection, plan_text(), file="kh.yaml", now=NOW, actor="test")
        number, existed = keep(connection, FILE, READ, lead=LEAD, now=NOW, actor="alice")
        assert (number, existed) == (1, False)
        yield connection


def by(seen: int, actor: str = "alice") -> dict[str, Any]:
    return {"seen": seen, "now": NOW, "actor": actor}


def told(c: Connection, kind: str) -> list[dict[str, Any]]:
    return list(c.execute(select(audit_event.c.data).where(audit_event.c.kind == kind)).scalars())


def test_a_document_is_kept_as_it_came_with_what_was_read(c: Connection) -> None:
    found = load(c, 1)
    assert (found.lead, found.name, found.revision, found.plan_id, found.by) == (LEAD, "kh.txt", 1, None, "alice")
    assert found.content == CONTENT, "to JSON and back nothing is lost"
    kept = source(c, found.document_id)
    assert (kept.text, kept.hash, kept.pages, kept.cells, kept.size) == (
        TEXT,
        HASH,
        (0,),
        ((0, 4, 1, 2, 3),),
        len(TEXT),
    )
    [said] = told(c, "document_read")
    assert said == {"reading": 1, "name": "kh.txt", "sha256": HASH, "items": 2}


def test_the_same_file_leads_to_the_reading_that_exists_in_that_unit_only(c: Connection) -> None:
    assert keep(c, FILE, READ, lead=LEAD, now=NOW, actor="bob") == (1, True)
    assert existing(c, LEAD, HASH) == 1
    assert existing(c, FINANCE, HASH) is None
    assert keep(c, FILE, READ, lead=FINANCE, now=NOW, actor="carol") == (2, False)
    assert [each.id for each in listed(c, [LEAD])] == [1]
    assert [each.id for each in listed(c, None)] == [2, 1]
    assert listed(c, []) == []


def test_what_is_listed_says_how_far_the_officers_came(c: Connection) -> None:
    readings.ignore(c, 1, [2], "không giao đơn vị", **by(1))
    [line] = listed(c, [LEAD])
    assert (line.title, line.items, line.decided) == ("Kế hoạch thử", 2, 1)


def test_only_what_is_no_plan_yet_is_listed_and_no_more_than_asked_for(c: Connection) -> None:
    keep(c, FILE, READ, lead=FINANCE, now=NOW, actor="carol")
    assert [each.id for each in listed(c, None, most=1)] == [2]
    readings.started(c, 2, PLAN, **by(1))
    assert [each.id for each in listed(c, None)] == [1]


def test_accepting_means_that_the_doubts_were_looked_at(c: Connection) -> None:
    found = readings.accept(c, 1, [1], **by(1))
    item = found.content.item(1)
    assert (item.state, item.looked, found.revision) == (State.ACCEPTED, True, 2)
    [said] = told(c, "reading_item")
    assert said["move"] == "accept"
    assert said["items"] == [
        {"item": 1, "was": {"looked": False, "state": "proposed"}, "is": {"looked": True, "state": "accepted"}}
    ]


def test_ignoring_needs_a_reason_and_can_be_taken_back(c: Connection) -> None:
    with pytest.raises(BadInput, match="lý do"):
        readings.ignore(c, 1, [2], "  ", **by(1))
    found = readings.ignore(c, 1, [2], " không phải \n việc ", **by(1))
    assert (found.content.item(2).state, found.content.item(2).reason) == (State.IGNORED, "không phải việc")
    found = readings.restore(c, 1, 2, **by(2))
    assert found.content.item(2) == MONEY


def test_who_decides_on_what_somebody_else_has_changed_is_told_so(c: Connection) -> None:
    readings.accept(c, 1, [1], **by(1, "bob"))
    with pytest.raises(ReadingChanged, match="bob"):
        readings.ignore(c, 1, [1], "thừa", **by(1))
    assert load(c, 1).content.item(1).state is State.ACCEPTED


def test_two_officers_decide_on_different_proposals_at_once(c: Connection) -> None:
    readings.accept(c, 1, [1], **by(1, "bob"))
    found = readings.ignore(c, 1, [2], "thừa", **by(1))
    assert [item.state for item in found.content.items] == [State.ACCEPTED, State.IGNORED]
    assert found.revision == 3
    for items, who in (([1], "bob"), ([2], "alice"), ([2, 1], "alice")):
        with pytest.raises(ReadingChanged, match=who):
            readings.accept(c, 1, items, **by(1, "carol"))
    readings.set_group_members(c, 1, "Các phòng", [FINANCE], **by(1, "carol"))
    with pytest.raises(ReadingChanged, match="carol"):
        readings.look(c, 1, "group", "Các phòng", **by(3))


def test_a_decision_on_a_deadline_that_another_day_of_issue_has_moved_is_refused(c: Connection) -> None:
    readings.set_fact(c, 1, "signed", "2024-03-10", **by(1, "bob"))
    with pytest.raises(ReadingChanged, match="bob"):
        readings.accept(c, 1, [1], **by(1))
    readings.set_fact(c, 1, "number", "05/KH-UBND", **by(2, "bob"))
    assert readings.accept(c, 1, [1], **by(2)).content.item(1).state is State.ACCEPTED


def test_a_plan_is_made_and_a_document_thrown_away_only_of_what_the_page_has_shown(c: Connection) -> None:
    readings.accept(c, 1, [1], **by(1, "bob"))
    with pytest.raises(ReadingChanged, match="bob"):
        readings.started(c, 1, PLAN, **by(1))
    with pytest.raises(ReadingChanged, match="bob"):
        readings.discard(c, 1, **by(1))


@pytest.mark.parametrize("seen", [-1, 0, 2])
def test_a_revision_that_no_page_can_have_shown_is_refused(c: Connection, seen: int) -> None:
    with pytest.raises(ReadingChanged):
        readings.accept(c, 1, [1], **by(seen))


def test_several_that_name_nobody_are_given_to_the_same_bodies_and_others_only_on_demand(c: Connection) -> None:
    who = (Named("Sở Nội vụ", agency=INTERIOR), Named("Sở Lạ"))
    readings.edit(c, 1, 2, {"agencies": ()}, **by(1))
    content = readings.assign(c, 1, [1, 2], who, **by(2)).content
    assert [[n.name for n in item.agencies] for item in content.items] == [["Các phòng"], ["Sở Nội vụ", "Sở Lạ"]]
    assert content.body("Sở Lạ").agency is None, "to be settled like any other name"
    content = readings.assign(c, 1, [1, 2], who[:1], instead=True, **by(3)).content
    assert [[n.name for n in item.agencies] for item in content.items] == [["Sở Nội vụ"], ["Sở Nội vụ"]]
    assert [said["move"] for said in told(c, "reading_item")] == ["edit"] * 3
    with pytest.raises(BadInput, match="tên cơ quan"):
        readings.assign(c, 1, [1], (), **by(4))


def test_an_edit_keeps_before_and_after_in_the_trail(c: Connection) -> None:
    found = readings.edit(c, 1, 2, {"title": "Cấp kinh phí đợt 1", "note": "theo dự toán"}, **by(1))
    assert found.content.item(2) == replace(MONEY, title="Cấp kinh phí đợt 1", note="theo dự toán")
    [said] = told(c, "reading_item")
    assert said["items"] == [
        {
            "item": 2,
            "was": {"title": "Cấp kinh phí", "note": ""},
            "is": {"title": "Cấp kinh phí đợt 1", "note": "theo dự toán"},
        }
    ]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"title": " "}, "cần có tên"),
        ({"title": "x" * 501}, "dài quá"),
        ({"time": Place(5, 500)}, "không nằm trong văn bản"),
        ({"time": Place(4, 4)}, "không nằm trong văn bản"),
        ({"rule": {"kind": "once", "on": "2024-04-16"}}, "2024-04-16"),
    ],
)
def test_what_cannot_be_right_is_refused(c: Connection, changes: dict[str, Any], why: str) -> None:
    with pytest.raises(BadInput, match=why):
        readings.edit(c, 1, 1, changes, **by(1))
    assert load(c, 1).revision == 1


def test_a_field_that_is_not_to_be_edited_is_a_mistake_of_the_caller(c: Connection) -> None:
    with pytest.raises(KeyError):
        readings.edit(c, 1, 1, {"state": State.ACCEPTED}, **by(1))


def test_a_name_that_an_edit_brings_in_has_to_be_settled_too(c: Connection) -> None:
    who = (Named("Sở Mới"), Named("Sở Nội vụ", agency=INTERIOR), Named("các đoàn thể", group=True))
    content = readings.edit(c, 1, 2, {"agencies": who}, **by(1)).content
    assert content.body("Sở Mới").agency is None
    assert content.group("các đoàn thể").members == ()
    with pytest.raises(KeyError):
        content.body("Sở Nội vụ")  # chosen there and then


def test_one_proposal_becomes_two_side_by_side(c: Connection) -> None:
    readings.accept(c, 1, [1], **by(1))
    content = readings.split(c, 1, 1, **by(2)).content
    assert [i.id for i in content.items] == [1, 3, 2]
    assert [(i.state, i.origin, i.looked) for i in content.items[:2]] == [(State.PROPOSED, Origin.SPLIT, False)] * 2
    assert content.item(3).came_of == (1,)
    assert content.item(3).time == REPORT.time


def test_merged_proposals_are_ignored_with_a_reason_and_the_first_holds_all_bodies(c: Connection) -> None:
    content = readings.merge(c, 1, [2, 1], **by(1)).content
    kept, gone = content.item(2), content.item(1)
    assert [named.name for named in kept.agencies] == ["Sở Tài chính", "Các phòng"]
    assert (kept.origin, kept.came_of, kept.doubts, kept.state) == (Origin.MERGED, (1,), ("year",), State.PROPOSED)
    assert (gone.state, gone.reason) == (State.IGNORED, "Đã gộp vào đề xuất số 2.")


@pytest.mark.parametrize("numbers", [[1], [1, 1], []])
def test_merging_takes_two(c: Connection, numbers: list[int]) -> None:
    with pytest.raises(BadInput, match="ít nhất hai"):
        readings.merge(c, 1, numbers, **by(1))


def test_a_duty_that_was_not_proposed_stands_where_its_words_stand(c: Connection) -> None:
    item = Item(0, "Gửi báo cáo", "IV.1", "other", clause=place("gửi báo cáo"), time=place("15/4/2024"))
    found, number = readings.add(c, 1, item, **by(1))
    assert number == 3
    assert [i.id for i in found.content.items] == [1, 3, 2]
    assert found.content.item(3).origin is Origin.ADDED


def test_a_duty_without_words_of_the_document_cannot_be_added(c: Connection) -> None:
    with pytest.raises(BadInput, match="Chọn đoạn"):
        readings.add(c, 1, Item(0, "Việc khác", "IV.1", "other"), **by(1))
    with pytest.raises(BadInput, match="không nằm trong văn bản"):
        readings.add(c, 1, Item(0, "Việc khác", "IV.1", "other", clause=Place(len(TEXT), len(TEXT) + 3)), **by(1))


def test_a_fact_is_what_a_person_reads(c: Connection) -> None:
    found = readings.set_fact(c, 1, "signed", " 2024-03-10 ", **by(1))
    assert found.content.facts["signed"] == Fact("2024-03-10", looked=True, typed=True)
    [said] = told(c, "reading_fact")
    assert (said["fact"], said["was"], said["is"]) == ("signed", None, "2024-03-10")
    assert "signed" not in readings.set_fact(c, 1, "signed", "", **by(2)).content.facts
    with pytest.raises(KeyError):
        readings.set_fact(c, 1, "colour", "red", **by(3))


def test_a_lead_unit_that_somebody_types_has_to_be_found_in_the_register(c: Connection) -> None:
    content = readings.set_fact(c, 1, "lead", "Công an", **by(1)).content
    assert content.body("Công an").agency is None


@pytest.mark.parametrize(
    ("kind", "name"), [("fact", "title"), ("item", "1"), ("group", "Các phòng"), ("body", "Sở Tài chính")]
)
def test_doubts_can_be_looked_at_one_by_one(c: Connection, kind: str, name: str) -> None:
    content = readings.look(c, 1, kind, name, **by(1)).content
    looked = {
        "fact": content.facts["title"].looked,
        "item": content.item(1).looked,
        "group": content.groups[0].looked,
        "body": content.bodies[0].looked,
    }
    assert looked == {each: each == kind for each in looked}


@pytest.mark.parametrize(("kind", "name"), [("fact", "number"), ("item", "9"), ("item", "x"), ("page", "1")])
def test_what_is_not_there_cannot_be_looked_at(c: Connection, kind: str, name: str) -> None:
    with pytest.raises(BadInput):
        readings.look(c, 1, kind, name, **by(1))


def test_members_of_a_group_are_chosen_and_others_added(c: Connection) -> None:
    content = readings.set_group_members(c, 1, "Các phòng", [INTERIOR, LEAD], **by(1)).content
    group = content.group("Các phòng")
    assert [(m.agency, m.chosen) for m in group.members] == [(FINANCE, False), (INTERIOR, True), (LEAD, True)]
    assert group.looked
    [said] = told(c, "reading_group")
    assert (said["was"], said["is"]) == ([FINANCE, INTERIOR], [INTERIOR, LEAD])
    with pytest.raises(BadInput, match=r"thung-lung\.ai-do"):
        readings.set_group_members(c, 1, "Các phòng", ["thung-lung.ai-do"], **by(2))


def test_how_the_members_of_a_group_stand_to_the_lead_unit_is_chosen(c: Connection) -> None:
    content = readings.set_group_members(c, 1, "Các phòng", [FINANCE], relation="subordinate", **by(1)).content
    assert content.group("Các phòng").relation == "subordinate"
    [said] = told(c, "reading_group")
    assert said["relation"] == ["peer", "subordinate"]
    assert readings.set_group_members(c, 1, "Các phòng", [FINANCE], **by(2)).content.groups[0].relation == "subordinate"
    with pytest.raises(BadInput, match="quan hệ"):
        readings.set_group_members(c, 1, "Các phòng", [FINANCE], relation="self", **by(3))


def test_a_body_is_chosen_from_the_register_or_made_known(c: Connection) -> None:
    content = readings.choose_body(c, 1, "Sở Tài chính", INTERIOR, **by(1)).content
    assert (content.body("Sở Tài chính").agency, content.body("Sở Tài chính").looked) == (INTERIOR, True)
    assert [m.agency for m in content.group("Các phòng").members] == [INTERIOR], "once, under the chosen id"
    content = readings.choose_body(c, 1, "Sở Tài chính", "thung-lung.so-khac", new=True, **by(2)).content
    assert content.body("Sở Tài chính").is_new
    assert [m.agency for m in content.group("Các phòng").members] == ["thung-lung.so-khac"]


@pytest.mark.parametrize(
    ("agency", "new"),
    [("thung-lung.ai-do", False), (FINANCE, True), ("so-tai-chinh", True), ("Thung.Lung", True), ("a.b'; --", True)],
)
def test_an_id_that_cannot_be_is_refused(c: Connection, agency: str, new: bool) -> None:
    with pytest.raises(BadInput):
        readings.choose_body(c, 1, "Sở Tài chính", agency, new=new, **by(1))


def test_once_there_is_a_plan_nothing_more_is_decided_until_the_plan_is_gone(c: Connection) -> None:
    found = readings.started(c, 1, PLAN, **by(1))
    assert found.plan_id == PLAN
    assert of_plan(c, PLAN) == found
    assert told(c, "reading_plan") == [{"reading": 1, "name": "kh.txt", "plan": PLAN}]
    with pytest.raises(ReadingStarted, match=PLAN):
        readings.accept(c, 1, [1], **by(2))
    with pytest.raises(ReadingStarted):
        readings.discard(c, 1, **by(2))
    intake.delete_plan(c, PLAN)
    assert of_plan(c, PLAN) is None
    assert readings.accept(c, 1, [1], **by(2)).revision == 3


def test_a_document_is_thrown_away_with_its_reading_and_its_bytes_when_nobody_else_holds_them(c: Connection) -> None:
    keep(c, FILE, READ, lead=FINANCE, now=NOW, actor="carol")
    assert readings.discard(c, 1, **by(1)) is None, "the other unit still has it"
    assert readings.discard(c, 2, **by(1)) == HASH
    for table in (reading, document, stored_file):
        assert c.execute(select(table)).first() is None
    assert [said["reading"] for said in told(c, "reading_discarded")] == [1, 2]
    with pytest.raises(ReadingUnknown):
        load(c, 1)


def test_every_row_of_the_trail_belongs_to_the_unit(c: Connection) -> None:
    readings.accept(c, 1, [1], **by(1))
    readings.set_fact(c, 1, "number", "05/KH-UBND", **by(2))
    chosen = select(audit_event.c.agency_id).where(audit_event.c.kind.like("reading%"))
    assert set(c.execute(chosen).scalars()) == {LEAD}


def test_a_move_that_fails_leaves_no_row_in_the_trail(engine: Engine) -> None:
    with writing(engine) as connection:
        keep(connection, FILE, READ, lead=LEAD, now=NOW, actor="alice")
    with pytest.raises(ReadingChanged), writing(engine) as connection:
        readings.accept(connection, 1, [1], **by(7))
    with looking(engine) as connection:
        assert told(connection, "reading_item") == []
        assert trail.plain(load(connection, 1).content.item(1).state) == "proposed"
