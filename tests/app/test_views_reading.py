"""The text of a document with its marks: nothing of it is lost or doubled, and every mark is found again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.views.reading import Mark, Marked, Piece, lines
from reader.document import Span

TEXT = "Sở Tài chính báo cáo trước ngày 10/12.\n\nSở Nội vụ gửi\nkết quả."


def mark(words: str, kind: Marked, of: str) -> Mark:
    at = TEXT.index(words)
    return Mark(Span(at, at + len(words)), kind, of)


def test_a_sentence_is_light_and_its_time_strong() -> None:
    clause = mark("Sở Tài chính báo cáo trước ngày 10/12.", Marked.CLAUSE, "item-1")
    time = mark("trước ngày 10/12", Marked.TIME, "item-1")
    first = lines(TEXT, [clause, time])[0]
    assert [(piece.words, piece.kind) for piece in first.pieces] == [
        ("Sở Tài chính báo cáo ", Marked.CLAUSE),
        ("trước ngày 10/12", Marked.TIME),
        (".", Marked.CLAUSE),
    ]
    assert first.pieces[1] == Piece(21, "trước ngày 10/12", Marked.TIME, ("item-1",), ("item-1",))


def test_a_mark_over_a_line_break_goes_on_in_the_next_line_and_begins_once() -> None:
    found = lines(TEXT, [mark("gửi\nkết quả", Marked.TIME, "item-2")])
    assert [(line.at, [piece.words for piece in line.pieces]) for line in found[2:]] == [
        (40, ["Sở Nội vụ ", "gửi"]),
        (54, ["kết quả", "."]),
    ]
    assert found[2].pieces[1].anchors == ("item-2",)
    assert found[3].pieces[0].anchors == ()


def test_two_duties_of_one_sentence_both_mark_it() -> None:
    both = [mark("báo cáo trước", Marked.CLAUSE, "item-1"), mark("cáo", Marked.CLAUSE, "item-2")]
    found = [(piece.words, piece.of) for piece in lines(TEXT, both)[0].pieces]
    assert ("cáo", ("item-2", "item-1")) in found
    assert ("báo ", ("item-1",)) in found


def test_a_page_is_named_where_it_begins() -> None:
    assert [line.page for line in lines(TEXT, [], pages=(0, 40))] == [0, None, 1, None]


spans = st.tuples(st.integers(0, 70), st.integers(0, 70)).map(lambda pair: Span(min(pair), max(pair)))
marks = st.lists(st.builds(Mark, spans, st.sampled_from(Marked), st.sampled_from(["item-1", "item-2", "fact-so"])))


@given(st.text(alphabet="ab \n", max_size=60), marks)
def test_the_lines_are_the_text(text: str, given_marks: list[Mark]) -> None:
    found = lines(text, given_marks)
    assert "\n".join("".join(piece.words for piece in line.pieces) for line in found) == text
    for line in found:
        for piece in line.pieces:
            assert text[piece.at : piece.at + len(piece.words)] == piece.words
            covering = {m.of for m in given_marks if m.span.holds(Span(piece.at, piece.at + len(piece.words)))}
            assert set(piece.of) == covering
