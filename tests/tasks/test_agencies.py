"""Bodies read unit by unit, and plans read again from the text that was brought in."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Engine, event

from tasks import agencies, intake
from tasks.agencies import BodiesByUnit, load_plan, load_register, register_by_unit
from tasks.database import reading, writing
from tests.support import FINANCE, LEAD, PLAN, Valley, plan_text

ELSEWHERE = "tinh-ben.so-tai-chinh"
FOREIGN = f"""\
  - id: ke-hoach
    title: Kế hoạch triển khai
    section: IV.1
    responsible: [so-tai-chinh]
    due: {{kind: once, on: 2024-03-16, boundary: before, quote: "trước ngày 16/3/2024"}}
    recipients: [{{agency: {ELSEWHERE}}}]
"""


def neighbour(engine: Engine) -> None:
    """A body of another unit, and one of a unit whose id begins like the valley's."""
    with writing(engine) as c:
        known = load_register(c)[FINANCE]
        agencies.save_agencies(c, [replace(known, id=ELSEWHERE), replace(known, id=f"{PLAN}-tren.so")])


def test_read_by_unit_every_body_is_the_same_as_in_the_whole_register(valley: Valley) -> None:
    valley.follow()
    neighbour(valley.engine)
    with reading(valley.engine) as c:
        whole, lazy = load_register(c), register_by_unit(c)
        assert {key: lazy[key] for key in whole.agencies} == dict(whole.agencies)
        assert set(lazy.agencies) == set(whole.agencies)
        assert len(lazy.agencies) == len(whole.agencies)
        assert "thung-lung.khong-co" not in lazy
        assert "khong-co.so" not in lazy


def test_a_body_of_another_unit_costs_no_reading_of_this_one(valley: Valley) -> None:
    valley.follow()
    neighbour(valley.engine)
    asked: list[str] = []
    event.listen(valley.engine, "before_cursor_execute", lambda *arguments: asked.append(str(arguments[3])))
    with reading(valley.engine) as c:
        register = register_by_unit(c)
        for body in (FINANCE, LEAD, ELSEWHERE, FINANCE):
            assert register[body].id == body
    named = [("tinh-ben" in parameters, PLAN in parameters) for parameters in asked if "." in parameters]
    assert named == [(False, True), (True, False)]


def test_bodies_of_many_units_are_read_together_and_nothing_besides(valley: Valley) -> None:
    valley.follow()
    neighbour(valley.engine)
    asked: list[str] = []
    with reading(valley.engine) as c:
        whole, known = load_register(c), BodiesByUnit(c)
        event.listen(valley.engine, "before_cursor_execute", lambda *arguments: asked.append(str(arguments[2])))
        known.look_ahead([FINANCE, ELSEWHERE, "khong-co.so"])
        known.look_ahead([FINANCE])
        assert [known[FINANCE], known[ELSEWHERE]] == [whole[FINANCE], whole[ELSEWHERE]]
        assert len(asked) == 1
        assert known[LEAD] == whole[LEAD]
        assert "khong-co.so" not in known
    assert len(asked) == 3


def test_a_plan_that_names_a_body_of_another_unit_is_read_again(valley: Valley) -> None:
    valley.follow()
    neighbour(valley.engine)
    text = plan_text(FOREIGN).replace(b"plan: thung-lung\n", b"plan: khac\n")
    with writing(valley.engine) as c:
        intake.add_plan(c, text, file="kh.yaml", now=valley.now, actor="test")
        agencies._PLANS.clear()
        assert load_plan(c, "khac").duties[0].recipients[0].agency == ELSEWHERE
