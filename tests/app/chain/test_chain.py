"""Plans that carry out plans: a province orders plans and reports of two districts."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine

from app.chain import LowerState, below, lower_plans, misfits, names
from app.chain.fitting import Kind
from app.chain.standing import Standing
from app.views import chain as chain_view
from plans.model import Plan
from tasks import intake
from tasks.agencies import load_plan, load_register
from tasks.database import reading, writing
from tasks.papers import Paper, record
from tests.support import at

NOW = at("2024-02-01 08:00")
PROVINCE = """\
format: 1
plan: tinh
title: Kế hoạch của tỉnh
short: KH 10/KH-UBND
number: 10/KH-UBND
issued: 2024-01-10
issuer: Ủy ban nhân dân tỉnh An Sơn
level: province
unit: an-son
lead: {agency: cong-an, section: IV, quote: "theo dõi"}
until: 2028-12-31
agencies:
  - {id: cong-an, name: Công an tỉnh An Sơn}
  - {id: huyen-dong, name: UBND huyện Đông}
  - {id: huyen-tay, name: UBND huyện Tây}
  - {id: huyen-nam, name: UBND huyện Nam}
parties:
  - {agency: huyen-dong, relation: subordinate, ground: III.1}
  - {agency: huyen-tay, relation: subordinate, ground: III.2}
  - {agency: huyen-nam, relation: subordinate, ground: III.3}
duties:
  - id: ke-hoach
    title: Kế hoạch triển khai
    section: IV.1
    responsible: [huyen-dong, huyen-tay, huyen-nam]
    due: {kind: once, on: 2024-03-15, boundary: by, quote: "chậm nhất ngày 15/3/2024"}
    recipients: [{agency: cong-an}]
  - id: bao-cao-nam
    title: Báo cáo năm
    section: IV.2
    responsible: [huyen-dong, huyen-tay, huyen-nam]
    due: {kind: annual, day: 10, month: 12, boundary: by, quote: "ngày 10/12 hằng năm"}
    recipients: [{agency: cong-an}]
  - id: tap-huan
    title: Tập huấn
    section: IV.3
    responsible: [huyen-dong]
    due: {kind: annual, day: 1, month: 6, boundary: by, quote: "ngày 01/6 hằng năm"}
    recipients: [{agency: cong-an}]
"""


def district(
    name: str = "Đông",
    *,
    collected: str = "01/12",
    own: str = "09/12",
    issued: str = "2024-03-10",
    until: str = "2028-12-31",
    parent: str = "10/KH-UBND ngày 10/01/2024 của UBND tỉnh An Sơn",
    yearly: bool = True,
) -> str:
    reports = f"""\
  - id: bao-cao-nam
    title: Báo cáo năm
    section: III.1
    responsible: [phong]
    due: {{kind: annual, {_on(collected)}, boundary: by, quote: "hằng năm"}}
    recipients: [{{agency: cong-an-huyen}}]
  - id: bao-cao-tinh
    title: Báo cáo tỉnh
    section: III.2
    responsible: [cong-an-huyen]
    due: {{kind: annual, {_on(own)}, boundary: by, quote: "hằng năm"}}
    recipients: [{{agency: cong-an-huyen}}]
"""
    other = """\
  - id: danh-sach
    title: Danh sách
    section: III.1
    responsible: [phong]
    due: {kind: monthly, day: 5, boundary: by, quote: "hằng tháng"}
    recipients: [{agency: cong-an-huyen}]
"""
    slug = {"Đông": "huyen-dong", "Tây": "huyen-tay", "Nam": "huyen-nam"}[name]
    return f"""\
format: 1
plan: kh-{slug}
title: Kế hoạch của huyện {name}
short: KH 77/KH-UBND
number: 77/KH-UBND
parent: {parent}
issued: {issued}
issuer: Ủy ban nhân dân huyện {name}
level: district
unit: {slug}
lead: {{agency: cong-an-huyen, section: IV, quote: "theo dõi"}}
until: {until}
agencies:
  - {{id: cong-an-huyen, name: Công an huyện {name}}}
  - {{id: phong, name: Phòng Nội vụ}}
parties:
  - {{agency: phong, relation: subordinate, ground: III}}
  - {{agency: cong-an-huyen, relation: self, ground: III}}
duties:
""" + (reports if yearly else other)


def _on(day: str) -> str:
    number, month = map(int, day.split("/"))
    return f"day: {number}, month: {month}"


def bring(engine: Engine, text: str, *, follow: bool = True) -> Plan:
    now = NOW if text.startswith(PROVINCE[:30]) else at("2024-03-20 08:00")
    with writing(engine) as c:
        plan_id = intake.add_plan(c, text.encode(), file="kh.yaml", now=now, actor="t").plan.id
        if follow:
            intake.activate(c, plan_id, now=now, actor="t")
        return load_plan(c, plan_id)


def standing(engine: Engine, today: date = date(2024, 3, 20)) -> Standing:
    with reading(engine) as c:
        return lower_plans(c, load_plan(c, "tinh"), load_register(c), today=today)


def states(found: Standing) -> dict[str, tuple[LowerState, int]]:
    return {each.name: (each.state, each.days_late) for each in found.lower}


def test_before_the_day_every_lower_plan_is_waited_for_and_after_it_it_is_missing(engine: Engine) -> None:
    bring(engine, PROVINCE)
    waiting = standing(engine, date(2024, 3, 15))
    assert set(states(waiting).values()) == {(LowerState.WAITING, 0)}
    assert [each.name for each in waiting.lower] == ["UBND huyện Đông", "UBND huyện Nam", "UBND huyện Tây"]
    assert set(states(standing(engine)).values()) == {(LowerState.MISSING, 5)}


def test_what_fell_due_before_following_began_is_nobody_s_fault(engine: Engine) -> None:
    with writing(engine) as c:
        intake.add_plan(c, PROVINCE.encode(), file="kh.yaml", now=at("2025-02-01 08:00"), actor="t")
        intake.activate(c, "tinh", now=at("2025-02-01 08:00"), actor="t")
    bring(engine, district("Đông", issued="2024-03-19"))
    found = standing(engine, date(2025, 3, 20))
    assert states(found) == {
        "UBND huyện Đông": (LowerState.FOLLOWED, 0),
        "UBND huyện Tây": (LowerState.BEFORE, 0),
        "UBND huyện Nam": (LowerState.BEFORE, 0),
    }


def test_a_lower_plan_is_found_by_its_words_and_its_issuer(engine: Engine) -> None:
    bring(engine, PROVINCE)
    bring(engine, district("Đông"))
    bring(engine, district("Tây", issued="2024-03-19"), follow=False)
    found = standing(engine)
    assert states(found) == {
        "UBND huyện Đông": (LowerState.FOLLOWED, 0),
        "UBND huyện Tây": (LowerState.REGISTERED, 4),
        "UBND huyện Nam": (LowerState.MISSING, 5),
    }
    assert found.others == ()
    assert all(each.misfits == () for each in found.lower)


def test_a_paper_alone_counts_as_come_and_is_not_called_a_plan_of_the_register(engine: Engine) -> None:
    bring(engine, PROVINCE)
    with writing(engine) as c:
        paper = Paper(number="5/KH-UBND", dated=date(2024, 3, 17), received_on=date(2024, 3, 18))
        owed = ["tinh/ke-hoach/huyen-nam/once"]
        record(c, owed, paper, review=False, now=at("2024-03-18 09:00"), actor="t")
    assert states(standing(engine))["UBND huyện Nam"] == (LowerState.PAPER, 3)


def test_a_plan_of_another_body_that_names_it_stands_apart(engine: Engine) -> None:
    bring(engine, PROVINCE)
    text = district("Đông").replace("Ủy ban nhân dân huyện Đông", "Ủy ban nhân dân xã Hạ")
    made = bring(engine, text)
    found = standing(engine)
    assert found.others == (made,)
    assert states(found)["UBND huyện Đông"] == (LowerState.MISSING, 5)


def test_the_same_number_of_another_province_is_another_plan(engine: Engine) -> None:
    upper = bring(engine, PROVINCE)
    bring(engine, district("Đông", parent="10/KH-UBND của UBND tỉnh Hạ Lâm"))
    with reading(engine) as c:
        assert below(c, upper) == ()
    assert names("Kế hoạch số 10/KH-UBND của Ủy ban nhân dân tỉnh An Sơn", upper)
    assert names("10/KH-UBND", upper)
    assert not names("110/KH-UBND", upper)
    assert not names("10/KH-UBND-NC2", upper)


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        ({}, []),
        ({"collected": "10/12"}, [(Kind.TOO_LATE, date(2024, 12, 10), date(2024, 12, 10))]),
        ({"collected": "12/12"}, [(Kind.TOO_LATE, date(2024, 12, 10), date(2024, 12, 12))]),
        ({"collected": "09/12"}, []),
        ({"own": "10/12"}, []),
        ({"own": "11/12"}, [(Kind.OWN_TOO_LATE, date(2024, 12, 10), date(2024, 12, 11))]),
        ({"until": "2026-12-31"}, [(Kind.ENDS_BEFORE, date(2028, 12, 31), date(2026, 12, 31))]),
        ({"yearly": False}, [(Kind.NOTHING, None, None)]),
    ],
)
def test_dates_that_do_not_fit_are_named_once(
    engine: Engine, changes: dict[str, str], kinds: list[tuple[Kind, date | None, date | None]]
) -> None:
    upper = bring(engine, PROVINCE)
    lower = bring(engine, district("Đông", **changes))  # type: ignore[arg-type]
    found = misfits(upper, lower, "an-son.huyen-dong", start=date(2024, 1, 1), end=date(2026, 12, 31))
    assert [(each.kind, each.wanted, each.given) for each in found] == kinds


def test_what_does_not_fit_is_said_on_both_plans(engine: Engine) -> None:
    upper = bring(engine, PROVINCE)
    lower = bring(engine, district("Đông", collected="12/12"))
    said = "Báo cáo năm 2024: phải gửi lên chậm nhất 10/12/2024, mà cấp dưới thu đến 12/12/2024."
    with reading(engine) as c:
        register, today = load_register(c), date(2024, 3, 20)
        seen = chain_view.load(c, None, upper, register, today=today)
        of_lower = chain_view.load(c, None, lower, register, today=today)
        blind = chain_view.load(c, frozenset({"an-son.cong-an"}), upper, register, today=today)
    assert seen.lines[0].misfits == of_lower.against == (said,)
    assert seen.summary == "3 cơ quan phải có kế hoạch: 2 chưa có, 1 đang theo dõi, 1 có hạn không khớp"
    assert of_lower.above[0].id == "tinh"
    assert not of_lower.asked
    name = "77/KH-UBND · Kế hoạch của huyện Đông"
    assert seen.lines[0].plan == chain_view.Link(name, "kh-huyen-dong")
    assert blind.lines[0].plan == chain_view.Link(name)


def test_a_body_that_is_called_by_an_earlier_name_has_issued_its_plan(engine: Engine) -> None:
    bring(engine, PROVINCE.replace("name: UBND huyện Đông", "name: UBND thị xã Đông, aliases: [UBND huyện Đông]"))
    bring(engine, district("Đông"))
    assert states(standing(engine))["UBND thị xã Đông"][0] is LowerState.FOLLOWED
