"""Every kind of problem, with its line, its field and what to write instead."""

from __future__ import annotations

import time

import pytest

from plans.errors import PlanError, Problem
from tests.plans.broken import LINES, PROBLEMS
from tests.plans.examples import PLAN, changed, plan_of, problems_of


@pytest.mark.parametrize("name", PROBLEMS)
def test_a_problem_is_told_with_its_line_its_field_and_what_to_write_instead(name: str) -> None:
    text, field, message, hint = PROBLEMS[name]
    problems = problems_of(text)
    found = [p for p in problems if p.field == field and message in p.message and hint in p.hint]
    assert found, "\n".join(map(str, problems)) or "no problem at all"
    assert found[0].message
    assert found[0].hint
    assert found[0].line == LINES.get(name, _line_of_the_change(text)), str(found[0])
    assert found[0].column >= 1


def _line_of_the_change(text: str) -> int:
    """The first line that differs from the valid plan."""
    lines, valid = text.split("\n"), PLAN.split("\n")
    return next((n for n, (a, b) in enumerate(zip(lines, valid, strict=False), 1) if a != b), len(lines))


def test_all_problems_of_a_file_are_told_at_once_in_order_of_lines() -> None:
    text = PLAN
    for old, new in (
        ("level: province", "level: x"),
        ("day: 10}", "day: 32}"),
        ("issued: 2023-11-07", "issued: 2023-02-30"),
    ):
        text = changed(old, new, text)
    text = changed("targets:\n", 'targets:\n  - {id: "Á", section: I, text: T, unit: "%", below: 1}\n', text)
    found = [(problem.line, problem.field) for problem in problems_of(text)]
    assert found == [(5, "issued"), (7, "level"), (21, "targets[0].id"), (34, "duties[1].due.day")]


def test_a_problem_prints_as_file_line_field_message_and_hint() -> None:
    (problem,) = problems_of(changed("level: province", "level: tinh"))
    assert str(problem) == "thu.yaml:7: level: không có giá trị “tinh” — Viết một trong: province, district, commune"
    assert str(Problem("a.yaml", 0, 0, "", "không có", "Tạo tệp")) == "a.yaml: không có — Tạo tệp"


def test_an_error_prints_all_its_problems() -> None:
    with pytest.raises(PlanError) as raised:
        plan_of(changed("level: province", "level: tinh").replace("2023-11-07", "x"))
    assert str(raised.value).count("\n") == 1


def test_each_problem_is_told_once() -> None:
    for text, *_rest in PROBLEMS.values():
        problems = problems_of(text)
        assert len(set(problems)) == len(problems)


def test_the_list_stops_at_500_problems() -> None:
    problems = problems_of(PLAN + "  - {}\n" * 5000)
    assert len(problems) == 501
    assert "quá nhiều lỗi" in problems[-1].message


def test_a_file_that_is_not_utf8_says_which_byte_on_which_line() -> None:
    data = changed("issuer: UBND tỉnh", "issuer: UBND?").encode().replace(b"UBND?", b"\xd9ND")
    (problem,) = problems_of(data)
    assert (problem.line, problem.column) == (6, 9)
    assert f"byte thứ {data.index(0xD9, data.index(b'issuer')) + 1} " in problem.message
    assert "0xD9" in problem.message
    assert "UTF-8" in problem.hint


def test_utf16_is_named() -> None:
    (problem,) = problems_of(PLAN.encode("utf-16"))
    assert "UTF-16" in problem.message


@pytest.mark.parametrize(
    "text", ["[" * 900_000, "{a: " * 200_000, "- " * 400_000, "a: &a [x, *a]\n" * 60_000, "a\n" * 400_000]
)
def test_malicious_yaml_is_refused_quickly(text: str) -> None:
    start = time.process_time()
    assert problems_of(text)
    assert time.process_time() - start < 3


def test_a_bomb_of_aliases_is_refused() -> None:
    text = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n"
    assert sum("tham chiếu" in problem.message for problem in problems_of(text)) == 4
