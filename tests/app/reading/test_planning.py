"""From an uploaded document to a draft plan: what blocks, what the plan says, what is tied to what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.engine import Connection

from app.filestore import FileStore, FileTooBig
from app.reading import (
    NotReady,
    SecretDocument,
    add_selected,
    choose_body,
    due_of,
    make_plan,
    member_choices,
    plan_of,
    set_group_members,
    unresolved,
    upload,
)
from plans.errors import PlanError
from plans.model import Duty, Relation
from reader.sources import SourceError
from tasks import intake, readings
from tasks.agencies import load_plan, save_agencies
from tasks.database import reading as looking
from tasks.database import writing
from tasks.errors import BadInput
from tasks.reading_model import Content, Fact, Item, Named, Place, State
from tasks.reading_store import ReadingChanged, ReadingStarted, load, of_plan, source
from tasks.reading_tables import document
from tests.app.reading.papers import BODIES, DISTRICTS, LEAD, PAPER, UNIT
from tests.support import PLAN, at, plan_text

NOW = at("2023-10-05 09:00")
NAME = "Kế hoạch 05.txt"


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path)


@pytest.fixture
def c(engine: Engine, files: FileStore) -> Iterator[Connection]:
    with writing(engine) as connection:
        save_agencies(connection, BODIES)
    found = upload(engine, files, PAPER.encode(), NAME, lead=LEAD, now=NOW, actor="alice")
    assert (found.reading_id, found.existed) == (1, False)
    with writing(engine) as connection:
        yield connection


def by(c: Connection) -> dict[str, Any]:
    return {"seen": load(c, 1).revision, "now": NOW, "actor": "alice"}


def item(c: Connection, quote: str) -> Item:
    return next(i for i in load(c, 1).content.items if i.time and quote in i.time.of(PAPER))


def decide(c: Connection) -> Content:
    """Everything accepted and looked at."""
    readings.accept(c, 1, [i.id for i in load(c, 1).content.items], **by(c))
    content = load(c, 1).content
    for kind, names in (("fact", list(content.facts)), ("body", [b.name for b in content.bodies]),
                        ("group", [g.name for g in content.groups])):  # fmt: skip
        for name in names:
            readings.look(c, 1, kind, name, **by(c))
    return load(c, 1).content


def made(c: Connection) -> dict[str, Duty]:
    """The duties of the plan by the first words of what they quote."""
    plan = make_plan(c, 1, **by(c)).plan
    return {str(duty.rule.quote): duty for duty in load_plan(c, plan.id).duties}


def test_the_file_is_kept_as_it_is_and_the_same_one_leads_to_its_reading(
    engine: Engine, files: FileStore, c: Connection
) -> None:
    kept = source(c, load(c, 1).document_id)
    assert files.path(kept.hash).read_bytes() == PAPER.encode()
    assert (kept.name, kept.format, kept.text, kept.size) == (NAME, "text", PAPER, len(PAPER.encode()))
    c.commit()
    again = upload(engine, files, PAPER.encode(), "khác.txt", lead=LEAD, now=NOW, actor="bob")
    assert (again.reading_id, again.existed) == (1, True)
    other = upload(engine, files, PAPER.encode(), NAME, lead=f"{UNIT}.so-noi-vu", now=NOW, actor="bob")
    assert (other.reading_id, other.existed) == (2, False)


def test_letters_that_no_database_keeps_do_not_move_the_places(engine: Engine, files: FileStore) -> None:
    text = PAPER.replace("Nâng cao", "Nâng\ufffecao")
    found = upload(engine, files, text.encode(), "kh.txt", lead=LEAD, now=NOW, actor="alice")
    with looking(engine) as connection:
        reading = load(connection, found.reading_id)
        assert len(source(connection, reading.document_id).text) == len(text)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", SourceError),
        (b"\x00\x01\x02\x03" * 50, SourceError),
        ("UBND\nMẬT\nKẾ HOẠCH\n1. Gửi báo cáo trước ngày 15/3/2024.".encode(), SecretDocument),
        (b"x" * ((25 << 20) + 1), FileTooBig),
    ],
)
def test_what_cannot_or_must_not_be_kept_leaves_nothing(
    engine: Engine, tmp_path: Path, data: bytes, error: type[Exception]
) -> None:
    with pytest.raises(error):
        upload(engine, FileStore(tmp_path), data, "kh.txt", lead=LEAD, now=NOW, actor="alice")
    with looking(engine) as connection:
        assert connection.execute(select(document)).first() is None
    assert [path for path in tmp_path.rglob("*") if path.is_file() and "files" in path.parts] == []


def test_nothing_is_made_before_everything_was_looked_at(c: Connection) -> None:
    with pytest.raises(NotReady) as refused:
        make_plan(c, 1, **by(c))
    places = {each.where for each in refused.value.open}
    assert places >= {f"item-{i.id}" for i in load(c, 1).content.items}
    assert "items" in places, "not one duty was accepted"
    assert str(refused.value).startswith("Chưa lập được kế hoạch: còn")
    decide(c)
    assert unresolved(load(c, 1).content, PAPER) == []


def test_each_thing_that_blocks_is_named_with_its_place(c: Connection) -> None:
    content = decide(c)
    first = content.items[0]

    def blocked(changed: Content) -> list[tuple[str, str]]:
        return [(each.where, each.sentence) for each in unresolved(changed, PAPER)]

    def with_first(**changes: Any) -> Content:
        return replace(content, items=(replace(first, **changes), *content.items[1:]))

    where = f"item-{first.id}"
    assert blocked(with_first(state=State.PROPOSED)) == [(where, "Chưa quyết định: đưa vào kế hoạch hay bỏ qua.")]
    assert blocked(with_first(state=State.IGNORED)) == []
    assert blocked(with_first(agencies=())) == [(where, "Cần phân công: chưa có cơ quan thực hiện.")]
    assert blocked(with_first(doubts=("weak",), looked=False)) == [
        (where, "Có thể câu này không giao việc có thời hạn: đọc lại trong văn bản.")
    ]
    facts = {name: fact for name, fact in content.facts.items() if name != "level"}
    assert blocked(replace(content, facts=facts)) == [
        ("fact-level", "Chưa có cấp ban hành: văn bản không nêu hoặc không đọc được.")
    ]
    early = {**content.facts, "horizon": Fact("2023-09-30", looked=True)}
    assert blocked(replace(content, facts=early)) == [("fact-horizon", "Ngày này trước ngày ban hành.")]
    past = {"kind": "once", "on": "2023-10-01", "boundary": "by"}
    assert blocked(with_first(rule=past)) == [(where, "Hạn này trước ngày ban hành 02/10/2023.")]
    facts = {**content.facts, "signed": replace(content.facts["signed"], doubts=("unreadable",), looked=False)}
    assert [place for place, _said in blocked(replace(content, facts=facts))] == ["fact-signed"]
    at_new = next(n for n, body in enumerate(content.bodies) if body.is_new)
    bodies = tuple(replace(b, looked=False) for b in content.bodies)
    assert (f"body-{at_new}", "Danh mục chưa có cơ quan này: chọn cơ quan đã có hoặc xác nhận thêm mới.") in blocked(
        replace(content, bodies=bodies)
    )
    bodies = tuple(replace(b, agency=None, is_new=False) if b.is_new else b for b in content.bodies)
    assert blocked(replace(content, bodies=bodies)) == [
        (f"body-{at_new}", "Chưa chọn cơ quan trong danh mục cho tên này.")
    ]
    groups = (replace(content.groups[0], looked=False), *content.groups[1:])
    assert blocked(replace(content, groups=groups)) == [
        ("group-0", "Xem lại danh sách cơ quan đề xuất cho tên chung này.")
    ]
    empty = replace(content.groups[0], members=tuple(replace(m, chosen=False) for m in content.groups[0].members))
    assert blocked(replace(content, groups=(empty, *content.groups[1:]))) == [
        ("group-0", "Tên chung này chưa có cơ quan nào được chọn.")
    ]


def test_an_ended_or_ambiguous_body_is_looked_at_first(c: Connection) -> None:
    content = decide(c)
    for changes, said in (({"ended": True}, "kết thúc hoạt động"), ({"ambiguous": True}, "Nhiều cơ quan")):
        bodies = tuple(replace(b, looked=b.name != "Sở Tài chính", **changes) for b in content.bodies)  # type: ignore[arg-type]
        [still] = unresolved(replace(content, bodies=bodies), PAPER)
        assert still.what == "Sở Tài chính"
        assert said in still.sentence


def test_the_plan_says_what_was_decided(c: Connection) -> None:
    decide(c)
    duties = made(c)
    plan = load_plan(c, "an-son-05-2023")
    assert (plan.number, str(plan.issued), plan.lead, plan.lead_section) == ("05/KH-UBND", "2023-10-02", LEAD, "III.2")
    assert plan.lead_quote.startswith("Giao Công an tỉnh theo dõi, đôn đốc")
    everyone = duties["trước ngày 30/10/2023"]
    assert [party.agency for party in everyone.responsible] == [
        f"{UNIT}.so-tai-chinh", f"{UNIT}.so-noi-vu", f"{UNIT}.so-thu-nghiem", *DISTRICTS,
    ]  # fmt: skip
    assert {party.relation for party in everyone.responsible} == {Relation.PEER}
    assert everyone.collective == ("Các sở, ban, ngành tỉnh", "UBND các huyện, thành phố")
    assert [(r.agency, r.role.value) for r in everyone.recipients] == [(LEAD, "main")]
    own = duties["trước ngày 20/12/2024"]
    assert [(party.agency, party.relation) for party in own.responsible] == [(LEAD, Relation.SELF)]
    monthly = next(duty for duty in duties.values() if duty.rule.kind.value == "monthly")
    assert monthly.no_file, "a list of persons is never uploaded"
    assert not own.no_file


def test_the_draft_is_tied_to_its_document_and_starts_like_any_other(c: Connection) -> None:
    decide(c)
    plan = make_plan(c, 1, **by(c)).plan
    tied = of_plan(c, plan.id)
    assert tied is not None
    assert (tied.id, tied.plan_id) == (1, plan.id)
    with pytest.raises(ReadingStarted):
        make_plan(c, 1, **by(c))
    assert intake.activate(c, plan.id, now=NOW, actor="alice").made > 0


def test_nobody_makes_a_plan_that_another_unit_is_to_follow_up(c: Connection) -> None:
    choose_body(c, 1, "Công an tỉnh", f"{UNIT}.so-noi-vu", **by(c))
    content = decide(c)
    assert unresolved(content, PAPER) == []
    assert [each.where for each in unresolved(content, PAPER, lead=LEAD)] == ["fact-lead"]
    with pytest.raises(NotReady, match=r"an-son\.so-noi-vu"):
        make_plan(c, 1, **by(c))


def test_a_plan_of_that_id_is_not_changed_unawares(c: Connection) -> None:
    decide(c)
    intake.add_plan(c, plan_text(), file="kh.yaml", now=NOW, actor="test")
    readings.set_fact(c, 1, "plan", PLAN, **by(c))
    with pytest.raises(NotReady, match="Đã có kế hoạch mang mã thung-lung") as refused:
        make_plan(c, 1, **by(c))
    assert [each.where for each in refused.value.open] == ["fact-plan"]


def test_who_has_not_seen_the_last_decision_makes_no_plan(c: Connection) -> None:
    decide(c)
    with pytest.raises(ReadingChanged):
        make_plan(c, 1, seen=load(c, 1).revision - 1, now=NOW, actor="bob")


def test_a_requested_body_stands_as_requested(c: Connection) -> None:
    number = item(c, "trước ngày 15/3/2024").id
    asked = (Named("Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh", requested=True),)
    readings.edit(c, 1, number, {"agencies": asked}, **by(c))
    decide(c)
    [party] = made(c)["trước ngày 15/3/2024"].responsible
    assert (party.agency, party.relation, party.ground) == (f"{UNIT}.mttq", Relation.REQUESTED, "II.2: Đề nghị")


def test_a_body_named_twice_owes_once(c: Connection) -> None:
    number = item(c, "trước ngày 30/10/2023").id
    who = (
        Named("Sở Tài chính"),
        *item(c, "trước ngày 30/10/2023").agencies,
        Named("STC", agency=f"{UNIT}.so-tai-chinh"),
    )
    readings.edit(c, 1, number, {"agencies": who}, **by(c))
    decide(c)
    owing = [party.agency for party in made(c)["trước ngày 30/10/2023"].responsible]
    assert len(owing) == len(set(owing)) == 6


def test_a_day_set_by_hand_comes_into_the_plan_with_its_words(c: Connection) -> None:
    chosen = item(c, "trước ngày 15/3/2024")
    rule = {"kind": "once", "on": "2024-03-15", "boundary": "by"}
    readings.edit(c, 1, chosen.id, {"rule": rule}, **by(c))
    decide(c)
    [duty] = [d for d in made(c).values() if d.rule.boundary is not None and d.rule.boundary.value == "by"]
    assert (str(duty.rule.on), duty.rule.quote) == ("2024-03-15", "trước ngày 15/3/2024")


def test_selected_words_become_a_duty_with_the_date_that_they_name(c: Connection) -> None:
    start = PAPER.index("xây dựng kế hoạch, gửi")
    end = PAPER.index("30/10/2023") + len("30/10/2023")
    found, number = add_selected(c, 1, start, end, title="Kế hoạch của ngành", **by(c))
    added = found.content.item(number)
    assert (added.title, added.section, added.kind, added.due) == ("Kế hoạch của ngành", "III.1", "once", "2023-10-30")
    assert added.time is not None
    assert added.time.of(PAPER) == "trước ngày 30/10/2023"
    assert added.clause == Place(start, end)


def test_selected_words_without_a_date_are_listed_without_one(c: Connection) -> None:
    start = PAPER.index("tham mưu khen thưởng")
    found, number = add_selected(c, 1, start, start + 20, **by(c))
    added = found.content.item(number)
    assert (added.title, added.due, added.time) == ("Tham mưu khen thưởng", None, None)
    assert due_of(added, found.content, PAPER).fields == {"kind": "other"}
    with pytest.raises(BadInput, match="ngày không nằm trong văn bản"):
        readings.edit(c, 1, number, {"rule": {"kind": "once", "on": "2024-01-15"}}, **by(c))


@pytest.mark.parametrize(("start", "end"), [(5, 5), (-4, 0), (10**6, 10**6 + 5), (9, 3)])
def test_what_selects_nothing_is_refused(c: Connection, start: int, end: int) -> None:
    with pytest.raises(BadInput):
        add_selected(c, 1, start, end, **by(c))


def test_members_that_may_be_counted_in_are_the_bodies_of_that_day(c: Connection) -> None:
    offered = member_choices(c, load(c, 1), "UBND các huyện, thành phố")
    assert [m.agency for m in offered if m.chosen] == DISTRICTS
    others = {m.agency for m in offered if not m.chosen}
    assert f"{UNIT}.so-noi-vu" in others
    assert f"{UNIT}.ubnd-huyen-cu" not in others, "it ended before"
    content = set_group_members(c, 1, "UBND các huyện, thành phố", [f"{UNIT}.so-noi-vu"], **by(c)).content
    assert [m.agency for m in content.group("UBND các huyện, thành phố").chosen] == [f"{UNIT}.so-noi-vu"]


def test_a_new_body_comes_in_with_the_plan_under_the_id_that_was_chosen(c: Connection) -> None:
    choose_body(c, 1, "Sở Thử nghiệm", f"{UNIT}.so-thi-diem", new=True, called="Sở Thí điểm", **by(c))
    decide(c)
    assert "name: Sở Thí điểm" in plan_of(load(c, 1).content, PAPER)
    assert f"{UNIT}.so-thi-diem" in {party.agency for duty in made(c).values() for party in duty.responsible}


def test_an_unfinished_reading_can_be_looked_at_as_a_plan_file(c: Connection) -> None:
    written = plan_of(load(c, 1).content, PAPER)
    assert "plan: an-son-05-2023" in written
    assert "duties" not in written, "nothing was accepted"


def test_what_the_format_does_not_take_is_told_and_nothing_is_made(c: Connection) -> None:
    chosen = item(c, "vào ngày 05 hằng tháng")
    rule = {"kind": "monthly", "day": 5}
    readings.edit(c, 1, chosen.id, {"rule": rule}, **by(c))
    decide(c)
    with pytest.raises(PlanError, match="boundary"):
        make_plan(c, 1, **by(c))
    assert load(c, 1).plan_id is None
