"""Charts: bars in proportion, told apart without colour, read aloud, and without anything that the policy forbids."""

from __future__ import annotations

import re
from decimal import Decimal
from xml.etree import ElementTree

from app.figures.chart import WIDTH, Bar, Chart, Mark, chart_of, svg
from app.figures.comparing import compare
from app.figures.reported import Reported
from plans.model import Target
from tasks.model import State
from tests.figures import figure

SVG = "{http://www.w3.org/2000/svg}"
PEOPLE = figure("people", it="n")
TYPED = figure("percent", it="t")
GOAL = Target("ct", "II", "Chỉ tiêu", "người", at_least=20)


def lines(*values: int) -> list[Reported]:
    return [
        Reported(f"o{at}", f"x.{at}", f"Đơn vị {at}", State.ACCEPTED, {"n": Decimal(value), "t": Decimal(value)})
        for at, value in enumerate(values)
    ]


def drawn(chart: Chart | None) -> ElementTree.Element:
    assert chart is not None
    return ElementTree.fromstring(svg(chart, "a"))  # noqa: S314 - our own


def test_three_periods_are_bars_in_proportion_with_three_looks() -> None:
    picture = drawn(chart_of(compare(PEOPLE, lines(4, 6), lines(5), lines(20), GOAL), lines(4, 6), GOAL))
    bars = [each for each in picture.iter(f"{SVG}rect") if each.get("stroke")]
    wide = [float(str(bar.get("width"))) for bar in bars]
    assert [round(each / wide[2], 3) for each in wide] == [0.5, 0.25, 1.0]
    assert len({bar.get("fill") for bar in bars}) == 3


def test_chart_is_told_to_those_who_do_not_see_it() -> None:
    picture = drawn(chart_of(compare(PEOPLE, lines(4, 6), lines(5), [], GOAL), lines(4, 6), GOAL))
    assert picture.get("role") == "img"
    title, told = picture.find(f"{SVG}title"), picture.find(f"{SVG}desc")
    assert title is not None
    assert told is not None
    assert picture.get("aria-labelledby") == f"{title.get('id')} {told.get('id')}"
    assert title.text == "N (người)".replace("N", PEOPLE.name)
    assert told.text == "Kỳ này: 10; Kỳ trước: 5; chỉ tiêu ≥ 20 người"


def test_nothing_that_the_policy_forbids_and_nothing_that_could_break_out() -> None:
    text = svg(Chart("<script>", (Bar("</svg>&", Decimal(1), "<b>"),), Mark(Decimal(3), '"><i>')), "a")
    ElementTree.fromstring(text)  # noqa: S314 - our own
    assert not re.search(r"<(script|style|b|i)\b|\bstyle=|\bon\w+=", text)


def test_everything_stays_within_the_drawing() -> None:
    picture = drawn(
        Chart("X", (Bar("Một đơn vị có tên rất dài ở tỉnh", Decimal(5), "5"),), Mark(Decimal(9), "≥ 9 người"))
    )
    for bar in picture.iter(f"{SVG}rect"):
        assert float(str(bar.get("x", 0))) + float(str(bar.get("width"))) <= WIDTH
    words = list(picture.iter(f"{SVG}text"))
    assert all(
        float(str(each.get("x"))) + len(each.text or "") * 5 <= WIDTH for each in words if not each.get("text-anchor")
    )
    assert "…" in (words[0].text or "")


def test_nothing_is_drawn_where_there_is_nothing_to_compare() -> None:
    assert chart_of(compare(PEOPLE, lines(4), [], [], None), lines(4), None) is None
    assert chart_of(compare(PEOPLE, [], [], [], None), [], None) is None


def test_zero_everywhere_is_drawn_without_dividing_by_it() -> None:
    assert drawn(chart_of(compare(PEOPLE, lines(0), lines(0), [], None), lines(0), None)) is not None


def test_percentages_as_typed_are_drawn_by_agency_and_the_rest_is_named() -> None:
    several = lines(*range(50, 65))
    chart = chart_of(compare(TYPED, several, [], [], None), several, None)
    assert chart is not None
    assert len(chart.bars) == 12
    assert chart.bars[0].text == "50%"
    assert chart.more == "và 3 đơn vị khác"
