"""What a document proposes: facts with their places, duties, bodies of the register, groups, new bodies."""

from __future__ import annotations

from datetime import date

import pytest

from app.reading.proposing import day_of, meant, proposals
from plans.model import Agency, Register
from reader.document import Document
from tasks.reading_model import Content, Fact, Place, State
from tests.app.reading.papers import DISTRICTS, LEAD, PAPER, REGISTER, UNIT


@pytest.fixture(scope="module")
def content() -> Content:
    return proposals(Document(PAPER), register=REGISTER, lead=LEAD)


def test_facts_stand_with_their_places(content: Content) -> None:
    said = {name: fact.value for name, fact in content.facts.items()}
    assert said["number"] == "05/KH-UBND"
    assert said["signed"] == "2023-10-02"
    assert said["level"] == "province"
    assert said["lead"] == "Công an tỉnh"
    assert said["lead_section"] == "III.2"
    assert (said["unit"], said["plan"], said["short"]) == (UNIT, "an-son-05-2023", "KH 05/KH-UBND")
    number = content.facts["number"].place
    assert number is not None
    assert number.of(PAPER) == "05/KH-UBND"


def test_duties_are_undecided_and_quote_the_text(content: Content) -> None:
    by_quote = {item.time.of(PAPER): item for item in content.items if item.time}
    assert set(by_quote) >= {"trước ngày 20/12/2024", "trước ngày 15/3/2024", "trước ngày 30/10/2023"}
    assert {item.state for item in content.items} == {State.PROPOSED}
    assert [item.id for item in content.items] == list(range(1, len(content.items) + 1))
    plan = by_quote["trước ngày 30/10/2023"]
    assert (plan.section, plan.kind, plan.due, plan.boundary) == ("III.1", "once", "2023-10-30", "before")
    assert [named.group for named in plan.agencies] == [True, True]


def test_names_are_those_of_the_register_and_new_ones_are_proposed(content: Content) -> None:
    assert content.body("Công an tỉnh").agency == LEAD
    assert content.body("Sở Tài chính").agency == f"{UNIT}.so-tai-chinh"
    new = content.body("Sở Thử nghiệm")
    assert (new.agency, new.is_new) == (f"{UNIT}.so-thu-nghiem", True)


def test_groups_hold_the_bodies_that_the_document_itself_names(content: Content) -> None:
    departments = content.group("Các sở, ban, ngành tỉnh")
    assert [(m.agency.partition(".")[2], m.ground) for m in departments.members] == [
        ("so-tai-chinh", "II.2; III.1"),
        ("so-noi-vu", "II.3; III.1"),
        ("so-thu-nghiem", "II.4; III.1"),
    ]
    assert [m.agency for m in content.group("UBND các huyện, thành phố").members] == DISTRICTS


def test_of_a_whole_country_only_those_are_looked_at_that_the_text_can_mean() -> None:
    others = {
        f"{unit}.{at}": Agency(f"{unit}.{at}", name)
        for unit in ("dong-ha", "tay-ha")
        for at, name in enumerate(("Sở Tài chính", "Sở Y tế", "Bộ Công an", "Bộ Quốc phòng"))
    }
    text = f"{PAPER}\nGửi Bộ Công an; Sở Tài chính tỉnh Đông Hà."
    found = meant(Register({**REGISTER.agencies, **others}), UNIT, text)
    assert found.agencies.keys() - REGISTER.agencies.keys() == {"dong-ha.0", "dong-ha.2", "tay-ha.2"}
    assert found.agencies.keys() >= REGISTER.agencies.keys()


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2023-11-07", date(2023, 11, 7)),
        ("2023-11", date(2023, 11, 28)),
        ("2023", date(2023, 12, 31)),
        ("2023-02-30", date(2100, 12, 31)),
        ("", date(2100, 12, 31)),
    ],
)
def test_bodies_are_asked_for_as_of_the_day_of_issue(said: str, day: date) -> None:
    assert day_of({"signed": Fact(said, Place(0, 1))}) == day


def test_a_document_that_says_nothing_proposes_nothing_and_does_not_fail() -> None:
    content = proposals(Document("Không có gì."), register=REGISTER, lead=LEAD)
    assert content.items == ()
    assert set(content.facts) >= {"unit", "plan", "short"}
