"""Expressions made from the grammar are read back as what they were made of, whatever happened to the text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reader.folding import Folded
from reader.times.prefixes import Strength
from reader.times.reading import read_times
from reader.times.sentences import Years

YEARS = Years(2030, "2029-12-01")


@dataclass(frozen=True)
class Said:
    """An expression and what it means."""

    words: str
    kind: str
    due: Any
    boundary: str


BOUNDARIES = {"trước": "before", "xong trước": "before", "chậm nhất": "by", "muộn nhất": "by", "đến hết": "by"}
day = st.integers(1, 28)
month = st.integers(1, 12)
year = st.integers(2030, 2059)
lead = st.sampled_from(sorted(BOUNDARIES))
every = st.sampled_from(["hằng", "hàng"])


@st.composite
def a_date(draw: st.DrawFn) -> Said:
    """In all usual forms."""
    d, m, y, front = draw(day), draw(month), draw(year), draw(lead)
    form = draw(
        st.sampled_from(
            [
                "ngày {d}/{m}/{y}",
                "ngày {d:02d}/{m:02d}/{y}",
                "{d}-{m}-{y}",
                "ngày {d:02d}.{m}.{y}",
                "ngày {d:02d} tháng {m:02d} năm {y}",
                "ngày {d} tháng {m}/{y}",
                "17 giờ 00 ngày {d}/{m}/{y}",
            ]
        )
    )
    return Said(f"{front} {form.format(d=d, m=m, y=y)}", "once", f"{y}-{m:02d}-{d:02d}", BOUNDARIES[front])


@st.composite
def a_month_or_quarter(draw: st.DrawFn) -> Said:
    m, y = draw(month), draw(year)
    q = draw(st.integers(1, 4))
    roman = ["I", "II", "III", "IV"][q - 1]
    form, due = draw(
        st.sampled_from(
            [
                (f"tháng {m}/{y}", f"{y}-{m:02d}"),
                (f"tháng {m:02d} năm {y}", f"{y}-{m:02d}"),
                (f"quý {roman}/{y}", f"{y}-Q{q}"),
                (f"quý {q} năm {y}", f"{y}-Q{q}"),
                (f"Quý {roman} năm {y}", f"{y}-Q{q}"),
            ]
        )
    )
    front = draw(st.sampled_from(["trong", "hoàn thành trong", "xong trước", "trước"]))
    return Said(f"{front} {form}", "once", due, "before" if "trước" in front else "within")


@st.composite
def a_day_of_every_month_or_quarter(draw: st.DrawFn) -> Said:
    d, front, word = draw(day), draw(lead), draw(every)
    form, kind, due = draw(
        st.sampled_from(
            [
                (f"ngày {d:02d} {word} tháng", "monthly", {"day": d}),
                (f"ngày {d} mỗi tháng", "monthly", {"day": d}),
                (f"ngày {d} của tháng tiếp theo", "monthly", {"day": d}),
                ("ngày làm việc cuối cùng của tháng", "monthly", {"day": "last"}),
                (f"ngày {d} của tháng cuối quý", "quarterly", {"day": d, "of": "last month of quarter"}),
                (
                    f"ngày {d:02d} tháng đầu của quý tiếp theo",
                    "quarterly",
                    {"day": d, "of": "first month of next quarter"},
                ),
            ]
        )
    )
    return Said(f"{front} {form}", kind, due, BOUNDARIES[front])


@st.composite
def a_day_of_every_year(draw: st.DrawFn) -> Said:
    d, m, front, word = draw(day), draw(month), draw(lead), draw(every)
    form = draw(
        st.sampled_from([f"ngày {d}/{m} {word} năm", f"ngày {d:02d} tháng {m:02d} {word} năm", f"{d}/{m} {word} năm"])
    )
    return Said(f"{front} {form}", "annual", {"month": m, "day": d}, BOUNDARIES[front])


@st.composite
def a_term(draw: st.DrawFn) -> Said:
    n = draw(st.integers(2, 60))
    unit, key = draw(st.sampled_from([("ngày làm việc", "working_days_after"), ("ngày", "days_after")]))
    event = draw(
        st.sampled_from(["kể từ ngày ban hành", "kể từ ngày nhận được văn bản", "sau khi kết thúc đợt kiểm tra"])
    )
    front, boundary = draw(
        st.sampled_from([("trong thời hạn", "within"), ("chậm nhất", "by"), ("trong vòng", "within")])
    )
    return Said(f"{front} {n:02d} {unit} {event}", "once", {key: n, "event": Folded(event).text}, boundary)


@st.composite
def a_range(draw: st.DrawFn) -> Said:
    y, m1 = draw(year), draw(st.integers(1, 6))
    m2 = draw(st.integers(7, 12))
    d1, d2 = draw(day), draw(day)
    form = draw(
        st.sampled_from(
            [
                "từ ngày {d1}/{m1} đến ngày {d2}/{m2}/{y}",
                "từ ngày {d1:02d}/{m1:02d}/{y} đến hết ngày {d2:02d}/{m2:02d}/{y}",
                "từ {d1}/{m1}/{y} đến {d2}/{m2}/{y}",
            ]
        )
    )
    due = {"from": f"{y}-{m1:02d}-{d1:02d}", "to": f"{y}-{m2:02d}-{d2:02d}"}
    return Said(form.format(d1=d1, m1=m1, d2=d2, m2=m2, y=y), "once", due, "within")


said = st.one_of(
    a_date(), a_month_or_quarter(), a_day_of_every_month_or_quarter(), a_day_of_every_year(), a_term(), a_range()
)


def damaged(draw: Callable[[st.SearchStrategy[Any]], Any], words: str) -> str:
    """Other form of Unicode, lost marks, markdown, broken lines."""
    words = draw(st.sampled_from([str, lambda w: unicodedata.normalize("NFD", w), _without_marks]))(words)
    out = []
    for char in words:
        if char == " ":
            out.append(draw(st.sampled_from([" ", " ", " ", "\n", "  ", " \n "])))
        else:
            out.append(char)
    text = "".join(out)
    return f"**{text}**" if draw(st.booleans()) else text


def _without_marks(words: str) -> str:
    plain = unicodedata.normalize("NFD", words.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in plain if not unicodedata.combining(c))


@given(st.data(), said)
def test_what_the_grammar_makes_is_read_back(data: st.DataObject, made: Said) -> None:
    text = damaged(data.draw, f"Sở Y tế gửi danh sách {made.words} để tổng hợp.")
    folded = Folded(text)
    found = [each for each in read_times(folded.text, YEARS) if each.dated and each.strength >= Strength.LIKELY]
    assert [(f.kind.value, f.due, f.boundary and f.boundary.value) for f in found] == [
        (made.kind, made.due, made.boundary)
    ]
    span = folded.span(found[0].start, found[0].end)
    assert Folded(span.of(text)).text == Folded(made.words).text


@given(st.text(max_size=400))
def test_no_text_breaks_the_reader_of_times(text: str) -> None:
    folded = Folded(text)
    for each in read_times(folded.text, YEARS):
        assert 0 <= each.start <= each.bare <= each.end <= len(folded.text)


@given(
    st.lists(
        st.one_of(
            said.map(lambda s: s.words),
            st.sampled_from(["tháng", "quý", "năm", "ngày", "hằng", "trước", "6", "đến", ";", "(", ")"]),
        ),
        max_size=12,
    )
)
def test_no_date_is_made_up(parts: list[str]) -> None:
    """Every figure of a due date stands in the words that it was read from, or is the plan's own year."""
    folded = Folded(" ".join(parts))
    for each in read_times(folded.text, YEARS):
        words = folded.text
        for figure in _figures(each.due):
            assert figure in {int(n) for n in _numbers(words)} | {2029, 2030, 2031}


def _figures(due: Any) -> list[int]:
    if isinstance(due, str):
        return [int(due[8:10])] if len(due) == 10 else []
    if isinstance(due, dict):
        return [n for value in due.values() for n in ([value] if isinstance(value, int) else _figures(value))]
    return [n for each in due or [] for n in _figures(each)]


def _numbers(words: str) -> list[str]:
    return re.findall(r"\d+", words)
