"""``dondoc chain``: the plans above and below one."""

from __future__ import annotations

from tests.cli.conftest import PLAN, Terminal


def test_the_plans_that_bodies_owe_are_listed_with_how_they_stand(followed: Terminal) -> None:
    found = followed.json("chain", PLAN)
    assert found["asked"] is True
    assert {line["status"] for line in found["lines"]} <= {"overdue", "open", "received"}
    assert "Sở Tư pháp" in {line["body_name"] for line in found["lines"]}
    said = followed("chain", PLAN).output
    assert "cơ quan phải có kế hoạch" in said
    assert "Gửi chậm nhất" in said


def test_a_plan_that_is_not_there_is_an_error(followed: Terminal) -> None:
    assert "khong-co" in followed("chain", "khong-co", code=1).stderr
