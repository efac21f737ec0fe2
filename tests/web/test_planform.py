"""The parts of the form that writes plans, without a browser."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from plans.calendar import shipped_calendar
from plans.errors import Problem
from plans.files import read_plan
from plans.model import DEFAULT_READING, Ladder
from plans.plan_text import Document, document_of, plan_text
from plans.shipped import SHIPPED_PLANS, shipped_register, shipped_text
from web.planform import bodies, due, duty, facts, hints, targets
from web.planform.bodies import Names, Where
from web.planform.duty import Chosen
from web.planform.problems import form_problem
from web.planform.values import shown_date, stored_date

TODAY = date(2024, 3, 11)


def shipped(plan_id: str) -> Document:
    return document_of(shipped_text(plan_id), file=plan_id)


@pytest.mark.parametrize("plan_id", SHIPPED_PLANS)
def test_a_shipped_plan_goes_through_every_form_unchanged(plan_id: str) -> None:
    document = shipped(plan_id)
    names = Names(document, shipped_register())
    through = facts.with_facts(document, facts.facts_values(document), new=False)
    through = targets.with_targets(through, targets.target_rows(through))
    for place, each in enumerate(document["duties"]):
        values = duty.duty_values(each) | due.due_values(each["due"])
        chosen = Chosen(
            duty.called(each, "responsible"), duty.called(each, "cooperating"), duty.recipients_of(each, names)
        )
        through, _place = duty.with_duty(through, names, place, values, chosen)
    rows = [row for group in bodies.rows_of(through, names) for row in group.rows]
    bodies.change_bodies(through, {row.key: (row.relation, row.ground) for row in rows}, set())

    old = read_plan(shipped_text(plan_id), file="x", register=shipped_register()).plan
    new = read_plan(plan_text(through), file="x", register=shipped_register()).plan

    assert new == old


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        (
            {"phrase": "annual", "boundary": "before", "day": "10", "month": "12", "quote": "trước 10/12"},
            {"kind": "annual", "quote": "trước 10/12", "boundary": "before", "day": "10", "month": "12"},
        ),
        (
            {"phrase": "monthly", "boundary": "by", "day": "cuối", "quote": "cuối tháng", "month": "5", "on": "2024"},
            {"kind": "monthly", "quote": "cuối tháng", "boundary": "by", "day": "last"},
        ),
        (
            {"phrase": "once", "boundary": "within", "on": "quý II/2024", "quote": "trong quý II"},
            {"kind": "once", "quote": "trong quý II", "boundary": "within", "on": "2024-Q2"},
        ),
        (
            {"phrase": "weekly", "boundary": "on", "weekday": "5", "quote": "thứ Sáu"},
            {"kind": "other", "quote": "thứ Sáu", "boundary": "on", "weekday": "5"},
        ),
        (
            {"phrase": "dates", "boundary": "on", "dates": "01/03/2024, 01/09/2024", "quote": "q"},
            {"kind": "other", "quote": "q", "boundary": "on", "dates": ["2024-03-01", "2024-09-01"]},
        ),
        (
            {"phrase": "semiannual", "boundary": "on", "day": "10", "month": "6", "day2": "10", "month2": "12"},
            {
                "kind": "semiannual",
                "boundary": "on",
                "days": [{"day": "10", "month": "6"}, {"day": "10", "month": "12"}],
            },
        ),
        ({"phrase": "annual", "boundary": "before", "quote": "hằng năm"}, {"kind": "annual", "quote": "hằng năm"}),
        ({"phrase": "continuous", "boundary": "before", "day": "1"}, {"kind": "continuous"}),
        ({"phrase": "none"}, {"kind": "other"}),
    ],
)
def test_a_phrase_becomes_the_rule_of_a_plan_file(typed: dict[str, str], wanted: Document) -> None:
    assert due.due_document(typed) == wanted


def test_the_preview_shows_the_next_dates_with_the_day_that_counts() -> None:
    document = {"issued": "2024-01-15"}
    picked = due.due_document(
        {"phrase": "annual", "boundary": "before", "day": "10", "month": "6", "quote": "trước ngày 10/6"}
    )

    found = due.preview(document, picked, reading=DEFAULT_READING, calendar=shipped_calendar(), today=TODAY)

    assert found.words == "trước ngày 10/06 hằng năm"
    first = found.dates[0]
    assert (first.due, first.last_day, first.late_after, first.period) == (
        date(2024, 6, 10),
        date(2024, 6, 9),
        date(2024, 6, 10),
        "2024",
    )


def test_the_preview_says_what_is_missing() -> None:
    found = due.preview(
        {"issued": "2024-01-15"},
        due.due_document({"phrase": "annual", "boundary": "before", "day": "31", "month": "2", "quote": "x"}),
        reading=DEFAULT_READING,
        calendar=shipped_calendar(),
        today=TODAY,
    )

    assert not found.dates
    assert found.problems[0].field == "duties[0].due.day"


def test_a_plan_whose_day_of_issue_is_blank_asks_for_the_first_day() -> None:
    picked = due.due_document({"phrase": "monthly", "boundary": "before", "day": "5", "quote": "x"})

    found = due.preview({"issued": "2024"}, picked, reading=DEFAULT_READING, calendar=shipped_calendar(), today=TODAY)

    assert [problem.field for problem in found.problems] == ["duties[0].due.from"]


@pytest.mark.parametrize("stored", ["2023-11-15", "2024-08", "2024", "2024-Q2"])
def test_a_date_is_shown_as_offices_write_it_and_stored_again(stored: str) -> None:
    assert stored_date(shown_date(stored)) == stored


@pytest.mark.parametrize("typed", ["abc", "31/02/2024", "quý 5/2024", "1/13/2024"])
def test_what_is_no_date_stays_as_it_was_typed(typed: str) -> None:
    assert stored_date(typed) == typed


def test_pasted_bodies_are_recognized_by_name_alias_and_unit() -> None:
    document: Document = facts.blank("son-la.cong-an-tinh")
    names = Names(document, shipped_register())
    lines = bodies.pasted_lines("1\tSở Tài chính\tIII.5\nSO TU PHAP\n\nSở Hoàn Toàn Mới\nSở Tài chính")

    added = bodies.add_bodies(document, names, lines, Where("", "Các sở", "peer", "III.1"))

    assert (len(added.known), added.fresh, added.double) == (2, ["Sở Hoàn Toàn Mới"], ["Sở Tài chính"])
    group = document["groups"][0]
    assert [member["agency"] for member in group["members"]] == ["so-tai-chinh", "so-tu-phap", "so-hoan-toan-moi"]
    assert [member["ground"] for member in group["members"]] == ["III.5", "III.1", "III.1"]
    assert document["agencies"] == [{"id": "so-hoan-toan-moi", "name": "Sở Hoàn Toàn Mới"}]


def test_a_body_that_is_taken_away_is_not_brought_along_any_more() -> None:
    document: Document = facts.blank("son-la.cong-an-tinh")
    names = Names(document, shipped_register())
    bodies.add_bodies(document, names, [("Sở Hoàn Toàn Mới", "")], Where("", "", "peer", "III.1"))

    bodies.change_bodies(document, {}, {"p:so-hoan-toan-moi"})

    assert document == facts.blank("son-la.cong-an-tinh")


def test_bodies_are_found_without_diacritics_those_of_the_unit_first() -> None:
    names = Names(facts.blank("lang-son.cong-an-tinh"), shipped_register())

    assert next(body.id for body in names.search("so tai chinh")) == "lang-son.so-tai-chinh"
    assert names.search("khong co dau") == []


@pytest.mark.parametrize(
    ("field", "path", "where"),
    [
        ("duties[1].due.on", "nhiem-vu/2", "nhiệm vụ 2 “Báo cáo”, thời hạn, ngày, tháng, quý hoặc năm"),
        ("groups[0].members[1].ground", "co-quan", "khối 1 “Các sở”, cơ quan 2 “b”, căn cứ"),
        ("targets[0].at_least", "chi-tieu", "chỉ tiêu 1, mức"),
        ("lead.section", "van-ban", "đơn vị theo dõi, mục"),
        ("duties", "nhiem-vu", "nhiệm vụ"),
        ("", "van-ban", ""),
    ],
)
def test_a_problem_says_the_field_of_the_form(field: str, path: str, where: str) -> None:
    document: dict[str, Any] = {
        "duties": [{}, {"title": "Báo cáo"}],
        "groups": [{"name": "Các sở", "members": [{}, {"agency": "b"}]}],
    }
    problem = Problem("x", 1, 1, field, "thiếu “boundary”", "Ví dụ: boundary: before")

    said = form_problem(problem, document)

    assert (said.path, said.where) == (path, where)
    assert (said.message, said.hint) == ("thiếu “từ đứng trước ngày”", "Ví dụ: before")


def test_a_hint_about_yaml_is_left_out() -> None:
    problem = Problem("x", 1, 1, "duties", "m", "Ví dụ: duties: [{id: bao-cao-nam}]")

    assert form_problem(problem, {}).hint == ""
    assert form_problem(replace(problem, hint="Xóa một dòng"), {}).hint == "Xóa một dòng"


def test_every_sentence_that_the_form_says_otherwise_is_one_of_the_checks() -> None:
    """A changed sentence of the checks would show the words of the file again."""
    root = Path(hints.__file__).parents[2]
    source = "\n".join(path.read_text("utf-8") for path in sorted((root / "plans").glob("*.py")))
    source = re.sub(r'"\s*\n\s*"', "", source)  # a text of several lines
    assert [sentence for sentence, _said in hints._SENTENCES if f'"{sentence}"' not in source] == []


@pytest.mark.parametrize(
    ("message", "hint", "said", "advised"),
    [
        (
            "kind: once mà thiếu “on”",
            "Ví dụ: on: 2023-11-15; nếu văn bản không nêu ngày thì viết kind: other",
            "chưa ghi ngày, tháng, quý hoặc năm",
            "Ví dụ: 15/11/2023; nếu văn bản không nêu ngày thì chọn mẫu “văn bản không nêu ngày”",
        ),
        (
            "“month” không dùng được với kind: monthly",
            "Bỏ trường này, hoặc đổi kind; với monthly dùng: boundary, covers, day",
            "“tháng” không dùng được với mẫu cụm từ đã chọn",
            "Để trống ô này, hoặc chọn mẫu cụm từ khác",
        ),
        (
            "cơ quan “so-x” không có trong parties hay khối nào, nên chưa rõ quan hệ",
            "Ghi trong parties, hoặc viết {agency: so-x, relation: peer, ground: III.5}",
            "cơ quan “so-x” chưa có ở bước Cơ quan, nên chưa rõ quan hệ",
            "Thêm cơ quan này ở bước Cơ quan",
        ),
        ("m", "Viết day: last, hoặc một ngày từ 1 đến 30", "m", "Ghi “cuối”, hoặc một ngày từ 1 đến 30"),
        ("m", "Trường dùng được: id, name", "m", ""),
    ],
)
def test_the_form_speaks_of_its_own_fields(message: str, hint: str, said: str, advised: str) -> None:
    found = form_problem(Problem("x", 1, 1, "duties[0].due", message, hint), {"duties": [{}]})
    assert (found.message, found.hint) == (said, advised)


def test_the_next_dates_are_shown_before_the_words_are_copied() -> None:
    picked = due.due_document({"phrase": "monthly", "boundary": "before", "day": "16"})
    shown = due.preview(
        {"issued": "2024-01-15"}, picked, reading=DEFAULT_READING, calendar=shipped_calendar(), today=TODAY
    )
    assert shown.problems == ()
    assert [each.last_day for each in shown.dates[:2]] == [date(2024, 3, 15), date(2024, 4, 15)]


LADDERS = [
    ({"ladder_before": "14, 7, 1"}, {"before": ["14", "7", "1"]}),
    ({"ladder_before": "không", "ladder_due": "false"}, {"before": "false", "due": "false"}),
    ({"ladder_check": "2", "ladder_head": "khong nhac"}, {"check": "2", "head": "false"}),
    ({}, None),
]


@pytest.mark.parametrize(("typed", "stored"), LADDERS)
def test_the_rungs_of_a_plan_are_written_where_they_differ(typed: dict[str, str], stored: Any) -> None:
    document = facts.with_facts({"ladder": {"lead": "9"}}, typed, new=False)
    assert document.get("ladder") == stored


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        (
            "{before: [14, 7], check: , overdue: [], head: false, due: no}",
            ("14, 7", "không", "không", "không", "false"),
        ),
        ("{lead: 4}", ("", "", "", "", "")),
    ],
)
def test_the_rungs_are_shown_as_they_are_typed(stored: str, shown: tuple[str, ...]) -> None:
    values = facts.facts_values(document_of(f"format: 1\nladder: {stored}\n", file=""))
    assert tuple(values[f"ladder_{key}"] for key in ("before", "check", "overdue", "head", "due")) == shown


def test_rungs_typed_in_the_form_are_the_plan_s() -> None:
    document = shipped("ba-dinh-2025")
    typed = {"ladder_before": "14, 7", "ladder_check": "không", "ladder_due": "false"}
    changed = facts.with_facts(document, facts.facts_values(document) | typed, new=False)
    plan = read_plan(plan_text(changed), file="x", register=shipped_register()).plan
    assert plan.ladder == Ladder(before=(14, 7), due=False, check=None)
