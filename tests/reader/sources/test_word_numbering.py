"""Automatic numbering: the numbers that Word prints and stores nowhere."""

from __future__ import annotations

import pytest

from reader.sources import USUAL
from reader.sources.counting import letter, roman
from reader.sources.word import read_word
from tests.reader.sources.making import abstract, docx, item, level, num, p

PLAN = abstract(
    0,
    level(0, "upperRoman", "%1."),
    level(1, "decimal", "%2."),
    level(2, "lowerLetter", "%3)"),
    level(3, "bullet", "-"),
)


def paragraphs(body: str, numbering: str, styles: str = "") -> list[str]:
    return read_word(docx(body, numbering=numbering, styles=styles), USUAL).text.rstrip("\n").split("\n\n")


def test_the_levels_of_a_plan_count_as_printed() -> None:
    body = (
        item("MỤC ĐÍCH", 1) + item("Mục đích", 1, 1) + item("Yêu cầu", 1, 1) + item("Kịp thời", 1, 2)
        + item("Công an tỉnh", 1, 3) + item("Hiệu quả", 1, 2) + item("NHIỆM VỤ", 1) + item("Tuyên truyền", 1, 1)
        + item("Báo chí", 1, 2)
    )  # fmt: skip
    assert paragraphs(body, PLAN + num(1, 0)) == [
        "I. MỤC ĐÍCH", "1. Mục đích", "2. Yêu cầu", "a) Kịp thời", "- Công an tỉnh", "b) Hiệu quả",
        "II. NHIỆM VỤ", "1. Tuyên truyền", "a) Báo chí",
    ]  # fmt: skip


def test_a_level_can_print_the_levels_above() -> None:
    numbering = abstract(0, level(0, "decimal", "%1."), level(1, "decimal", "%1.%2."), level(2, "decimal", "%1.%2.%3"))
    body = item("a", 1) + item("b", 1, 1) + item("c", 1, 1) + item("d", 1, 2) + item("e", 1) + item("f", 1, 1)
    assert paragraphs(body, numbering + num(1, 0)) == ["1. a", "1.1. b", "1.2. c", "1.2.1 d", "2. e", "2.1. f"]


def test_roman_parts_are_printed_as_digits_where_the_level_says_so() -> None:
    numbering = abstract(0, level(0, "upperRoman", "%1."), level(1, "decimal", "%1.%2.", more="<w:isLgl/>"))
    assert paragraphs(item("a", 1) + item("b", 1) + item("c", 1, 1), numbering + num(1, 0)) == [
        "I. a", "II. b", "2.1. c",
    ]  # fmt: skip


def test_plain_paragraphs_between_do_not_stop_the_count() -> None:
    assert paragraphs(item("a", 1) + p("giữa") + item("b", 1), PLAN + num(1, 0)) == ["I. a", "giữa", "II. b"]


def test_a_number_without_words_counts_and_is_not_printed() -> None:
    assert paragraphs(item("a", 1) + item("", 1) + item("b", 1), PLAN + num(1, 0)) == ["I. a", "III. b"]


def test_two_lists_of_one_definition_count_on() -> None:
    assert paragraphs(item("a", 1) + item("b", 2), PLAN + num(1, 0) + num(2, 0)) == ["I. a", "II. b"]


def test_a_list_with_a_start_of_its_own_begins_anew_once() -> None:
    again = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    body = item("a", 1) + item("b", 1) + item("c", 2) + item("d", 2)
    assert paragraphs(body, PLAN + num(1, 0) + num(2, 0, again)) == ["I. a", "II. b", "I. c", "II. d"]


def test_a_level_may_be_redefined_for_one_list() -> None:
    own = f'<w:lvlOverride w:ilvl="0">{level(0, "decimal", "Điều %1.", start=5)}</w:lvlOverride>'
    assert paragraphs(item("Phạm vi", 1), PLAN + num(1, 0, own)) == ["Điều 5. Phạm vi"]


def test_a_level_that_never_restarts_counts_through() -> None:
    numbering = abstract(0, level(0, "upperRoman", "%1."), level(1, "decimal", "%2.", more='<w:lvlRestart w:val="0"/>'))
    body = item("A", 1) + item("a", 1, 1) + item("B", 1) + item("b", 1, 1)
    assert paragraphs(body, numbering + num(1, 0)) == ["I. A", "1. a", "II. B", "2. b"]


def test_a_level_restarts_only_behind_the_level_it_names() -> None:
    numbering = abstract(
        0,
        level(0, "upperRoman", "%1."),
        level(1, "decimal", "%2."),
        level(2, "lowerLetter", "%3)", more='<w:lvlRestart w:val="1"/>'),
    )
    body = item("A", 1) + item("a", 1, 1) + item("x", 1, 2) + item("b", 1, 1) + item("y", 1, 2)
    body += item("B", 1) + item("z", 1, 2)
    assert paragraphs(body, numbering + num(1, 0)) == ["I. A", "1. a", "a) x", "2. b", "b) y", "II. B", "a) z"]


def test_a_style_numbers_its_paragraphs() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="Muc"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Con"><w:basedOn w:val="Muc"/><w:pPr><w:numPr>'
        '<w:ilvl w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    body = p("a", properties='<w:pStyle w:val="Muc"/>') + p("b", properties='<w:pStyle w:val="Con"/>')
    assert paragraphs(body, PLAN + num(1, 0), styles) == ["I. a", "1. b"]


def test_a_level_may_belong_to_a_style() -> None:
    numbering = abstract(0, level(0, "upperRoman", "%1."), level(1, "decimal", "%2.", more='<w:pStyle w:val="Con"/>'))
    styles = (
        '<w:style w:type="paragraph" w:styleId="Con"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    assert paragraphs(p("b", properties='<w:pStyle w:val="Con"/>'), numbering + num(1, 0), styles) == ["1. b"]


def test_a_paragraph_can_switch_the_number_of_its_style_off() -> None:
    styles = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Muc">'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    off = '<w:numPr><w:numId w:val="0"/></w:numPr>'
    assert paragraphs(p("a") + p("b", properties=off) + p("c"), PLAN + num(1, 0), styles) == ["I. a", "b", "II. c"]


def test_a_list_may_refer_to_the_list_of_a_style() -> None:
    linked = '<w:abstractNum w:abstractNumId="7"><w:numStyleLink w:val="DanhSach"/></w:abstractNum>'
    styles = (
        '<w:style w:type="numbering" w:styleId="DanhSach">'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    assert paragraphs(item("a", 3) + item("b", 3), PLAN + linked + num(1, 0) + num(3, 7), styles) == ["I. a", "II. b"]


def test_the_former_number_of_a_tracked_change_is_not_taken() -> None:
    former = '<w:pPrChange><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr></w:pPrChange>'
    assert paragraphs(p("a", properties=former), PLAN + num(1, 0)) == ["a"]


@pytest.mark.parametrize(
    ("pattern", "printed"),
    [("-", "- a"), ("+", "+ a"), ("\uf0b7", "• a"), ("\uf02d", "- a"), ("\uf0d8", "➢ a"), ("o", "○ a"), (" ", "a")],
)
def test_a_bullet_is_the_sign_that_is_seen(pattern: str, printed: str) -> None:
    assert paragraphs(item("a", 1), abstract(0, level(0, "bullet", pattern)) + num(1, 0)) == [printed]


@pytest.mark.parametrize(
    ("form", "printed"),
    [
        ("decimalZero", "03. a"),
        ("lowerRoman", "iii. a"),
        ("upperLetter", "C. a"),
        ("hindiNumbers", "3. a"),
        ("none", ". a"),
    ],
)
def test_a_number_is_written_in_the_form_of_its_level(form: str, printed: str) -> None:
    assert paragraphs(item("a", 1), abstract(0, level(0, form, "%1.", start=3)) + num(1, 0)) == [printed]


def test_a_level_without_a_gap_touches_its_words() -> None:
    numbering = abstract(0, level(0, "decimal", "%1.", more='<w:suff w:val="nothing"/>')) + num(1, 0)
    assert paragraphs(item("a", 1), numbering) == ["1.a"]


def test_a_list_that_is_nowhere_defined_prints_nothing() -> None:
    assert paragraphs(item("a", 9), PLAN) == ["a"]


def test_letters_double_after_z_and_romans_end_below_four_thousand() -> None:
    assert [letter(n) for n in (1, 26, 27, 53)] == ["A", "Z", "AA", "AAA"]
    assert [roman(n) for n in (1, 4, 9, 14, 40, 1990, 3999, 4000, 0)] == [
        "I", "IV", "IX", "XIV", "XL", "MCMXC", "MMMCMXCIX", "4000", "0",
    ]  # fmt: skip
