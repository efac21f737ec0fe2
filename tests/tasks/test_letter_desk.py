"""Letters in the register: drafts, numbers, what counts as "lần n", sending, voiding, and their trail."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest
from sqlalchemy import select

from tasks import history, letter_desk
from tasks.database import reading
from tasks.errors import BadInput, RegisterError
from tasks.letter_desk import bare_number
from tasks.letter_head import Letterhead, behalf_of, document_of, letterhead_of
from tasks.letter_model import (
    LetterChanged,
    LetterheadMissing,
    LetterRefused,
    LetterState,
    LetterUnknown,
    NumberTaken,
)
from tasks.letter_store import letters_of_occurrence, letters_of_plan, load_letter, urged
from tasks.letter_tables import letter_occurrence
from tests.letterhead import HEAD, give_number, letterhead, printed, stored, urge, write
from tests.support import ANSWERABLE, LEAD, PLAN, Valley

INTERIOR_OWES = f"{PLAN}/ke-hoach/so-noi-vu/once"
LEVEL_OWES = f"{PLAN}/ke-hoach/cap-xa/once"


@pytest.fixture
def late(valley: Valley) -> Valley:
    """Monday 25/03/2024: the plan of 16/3 is overdue, and the office has its letterhead."""
    valley.follow().advance("2024-03-25 08:00")
    return letterhead(valley)


# -- the letterhead --


def test_a_letterhead_is_never_guessed(valley: Valley) -> None:
    valley.follow().advance("2024-03-25 08:00")
    with pytest.raises(LetterheadMissing, match="Chưa có phần đầu văn bản của Công an Thung Lũng: điền phần đầu"):
        urge(valley)
    assert write(letterhead(valley), lambda c: letterhead_of(c, LEAD)) == HEAD


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"place": ""}, "Còn thiếu: Địa danh"),
        ({"short": "C A"}, "viết liền"),
        ({"unit": "PC10/2"}, "viết liền"),
        ({"issuer": "x" * 201}, "dài quá 200"),
        ({"behalf": "Giám đốc"}, "Quyền hạn ký viết như"),
        ({"behalf": "KT."}, "Quyền hạn ký viết như"),
    ],
)
def test_a_letterhead_that_cannot_be_right_is_refused(valley: Valley, changes: dict[str, str], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        letterhead(valley, **changes)


def test_several_authorities_stand_one_above_the_other() -> None:
    assert behalf_of("TM. Ủy ban nhân dân; kt. Chủ tịch") == (("TM.", "Ủy ban nhân dân"), ("KT.", "Chủ tịch"))
    assert behalf_of("") == ()


def test_an_empty_letterhead_takes_it_away(late: Valley) -> None:
    letterhead(late, **dict.fromkeys(document_of(HEAD), ""))
    with pytest.raises(LetterheadMissing):
        write(late, lambda c: letterhead_of(c, LEAD))
    assert document_of(Letterhead(**{**document_of(HEAD), "place": "  Thung   Lũng "}))["place"] == "Thung Lũng"


# -- numbers --


@pytest.mark.parametrize(
    ("given", "bare"), [("41", "41"), ("041", "41"), ("5", "05"), (" 41 / catl-pc10 ", "41"), ("12a", "12a")]
)
def test_a_number_is_kept_as_it_is_printed(given: str, bare: str) -> None:
    assert bare_number(given, "CATL-PC10") == bare


@pytest.mark.parametrize("given", ["", "0", "x", "41/UBND-NC", "41/", "1234567", "4 1", "-1"])
def test_what_is_no_number_of_this_symbol_is_refused(given: str) -> None:
    if given == "41/":
        with pytest.raises(BadInput, match="Ký hiệu"):
            bare_number(given, "CATL-PC10")
        return
    with pytest.raises(BadInput):
        bare_number(given, "CATL-PC10")


def test_a_draft_counts_for_nothing_and_a_numbered_letter_stays_as_it_was(late: Valley) -> None:
    [draft] = urge(late)
    assert (draft.state, draft.turn, draft.reference) == (LetterState.DRAFT, 1, "")
    [second] = urge(late)
    assert second.turn == 1
    numbered = give_number(late, draft.id, "41/CATL-PC10")
    assert (numbered.state, numbered.reference, numbered.dated) == (
        LetterState.NUMBERED,
        "41/CATL-PC10",
        date(2024, 3, 25),
    )
    before = printed(late, draft.id)
    late.go("2024-04-02 08:00").record(ANSWERABLE, received="2024-04-01", number="9/BC")
    letterhead(late, issuer="Tên Khác")
    assert printed(late, draft.id) == before
    assert (before.number, before.date) == ("41", date(2024, 3, 25))


def test_only_numbered_letters_that_are_not_void_make_the_next_one_lan_n(late: Valley) -> None:
    [first] = urge(late)
    give_number(late, first.id, "41")
    [second] = urge(late)
    assert second.turn == 2
    assert second.title == "Công văn đôn đốc (lần 2)"
    give_number(late, second.id, "57")
    write(late, lambda c: letter_desk.void(c, first.id, reason="ghi nhầm", now=late.now, actor="test"))
    [third] = urge(late)
    assert third.turn == 2
    with reading(late.engine) as c:
        assert [each.number for each in urged(c, [ANSWERABLE])[ANSWERABLE]] == ["57"]


def test_bodies_urged_unequally_often_are_told_the_number_that_is_true_for_all(late: Valley) -> None:
    [alone] = urge(late, INTERIOR_OWES)
    give_number(late, alone.id, "41")
    subordinates = urge(late, INTERIOR_OWES, everybody=True)[0]
    with reading(late.engine) as c:
        ids = set(
            c.execute(
                select(letter_occurrence.c.occurrence_id).where(letter_occurrence.c.letter_id == subordinates.id)
            ).scalars()
        )
    assert ids == {INTERIOR_OWES, LEVEL_OWES}
    assert subordinates.turn == 1


def test_a_requested_body_is_never_counted(late: Valley) -> None:
    front = f"{PLAN}/ke-hoach/mat-tran/once"
    [letter] = urge(late, front)
    assert (letter.turn, letter.title) == (None, "Công văn đề nghị phối hợp")
    give_number(late, letter.id, "41")
    [again] = urge(late, front)
    assert again.turn is None
    assert "lần" not in printed(late, again.id).abstract
    with reading(late.engine) as c:
        assert urged(c, [front]) == {}


def test_a_turn_that_is_not_true_any_more_is_not_numbered(late: Valley) -> None:
    [first], [second] = urge(late), urge(late)
    give_number(late, first.id, "41")
    with pytest.raises(BadInput, match="bản này ghi lần 1, nay là lần 2"):
        give_number(late, second.id, "42")


def test_one_number_is_given_once_a_year_and_again_where_the_first_letter_is_void(late: Valley) -> None:
    [first] = urge(late)
    give_number(late, first.id, "41")
    [other] = urge(late, INTERIOR_OWES)
    with pytest.raises(NumberTaken, match=r"Số 41/CATL-PC10 năm 2024 đã ghi cho Công văn đôn đốc ngày 25/03/2024"):
        give_number(late, other.id, "041")
    write(late, lambda c: letter_desk.void(c, first.id, reason="nhầm", now=late.now, actor="test"))
    assert give_number(late, other.id, "41").number == "41"
    late.go("2025-01-06 08:00")
    [next_year] = urge(late)
    assert give_number(late, next_year.id, "41").dated == date(2025, 1, 6)


@pytest.mark.parametrize("dated", ["2024-03-26", "2024-03-24"])
def test_a_letter_is_dated_between_its_figures_and_today(late: Valley, dated: str) -> None:
    [draft] = urge(late)
    with pytest.raises(BadInput, match="Ngày công văn"):
        give_number(late, draft.id, "41", dated)


def test_a_slip_in_the_number_is_put_right_until_the_letter_is_sent(late: Valley) -> None:
    [draft] = urge(late)
    give_number(late, draft.id, "14")
    assert give_number(late, draft.id, "41").number == "41"
    write(late, lambda c: letter_desk.mark_sent(c, draft.id, on=date(2024, 3, 25), now=late.now, actor="test"))
    with pytest.raises(BadInput, match="đã gửi"):
        give_number(late, draft.id, "42")
    [_first, slip] = late.events("letter_numbered", ANSWERABLE)
    assert history.event_text(slip.kind, slip.data) == (
        "Sửa số, ngày đã ghi: công văn đôn đốc số 41/CATL-PC10 ngày 25/03/2024; trước ghi số 14/CATL-PC10 ngày "
        "25/03/2024"
    )


# -- sent, void --


def test_it_is_sent_after_its_date_and_not_in_the_future(late: Valley) -> None:
    [draft] = urge(late)
    with pytest.raises(LetterRefused, match="Dự thảo"):
        write(late, lambda c: letter_desk.mark_sent(c, draft.id, on=date(2024, 3, 25), now=late.now, actor="test"))
    give_number(late, draft.id, "41")
    for day in (date(2024, 3, 24), date(2024, 3, 26)):
        with pytest.raises(BadInput, match="Ngày gửi"):
            write(late, partial(letter_desk.mark_sent, letter_id=draft.id, on=day, now=late.now, actor="test"))
    sent = write(late, lambda c: letter_desk.mark_sent(c, draft.id, on=date(2024, 3, 25), now=late.now, actor="t"))
    assert sent.sent_on == date(2024, 3, 25)


def test_a_void_letter_stays_readable_with_its_reason_and_is_moved_no_more(late: Valley) -> None:
    [draft] = urge(late)
    give_number(late, draft.id, "41")
    before = printed(late, draft.id)
    with pytest.raises(BadInput, match="lý do"):
        write(late, lambda c: letter_desk.void(c, draft.id, reason="  ", now=late.now, actor="test"))
    gone = write(late, lambda c: letter_desk.void(c, draft.id, reason="sai tên", now=late.now, actor="test"))
    assert (gone.state, gone.void_reason, printed(late, draft.id)) == (LetterState.VOID, "sai tên", before)
    with pytest.raises(LetterRefused, match="Đã hủy"):
        write(late, lambda c: letter_desk.void(c, draft.id, reason="x", now=late.now, actor="test"))
    with pytest.raises(LetterRefused, match="Đã hủy"):
        write(late, lambda c: letter_desk.mark_sent(c, draft.id, on=date(2024, 3, 25), now=late.now, actor="test"))


def test_every_move_is_told_in_the_history_of_each_occurrence(late: Valley) -> None:
    subordinates = urge(late, INTERIOR_OWES, everybody=True)[0]
    give_number(late, subordinates.id, "41")
    write(late, lambda c: letter_desk.mark_sent(c, subordinates.id, on=date(2024, 3, 25), now=late.now, actor="t"))
    write(late, lambda c: letter_desk.void(c, subordinates.id, reason="thu hồi", now=late.now, actor="test"))
    for occurrence_id in (INTERIOR_OWES, LEVEL_OWES):
        events = [e for e in late.events(None, occurrence_id) if e.kind.startswith("letter")]
        assert [history.event_text(e.kind, e.data) for e in events] == [
            "Ban hành công văn đôn đốc số 41/CATL-PC10 ngày 25/03/2024",
            "Gửi công văn đôn đốc số 41/CATL-PC10 ngày 25/03/2024, ngày gửi 25/03/2024",
            "Hủy công văn đôn đốc số 41/CATL-PC10 ngày 25/03/2024: thu hồi",
        ]
        assert {e.agency_id for e in events} == {late.occurrence(occurrence_id).agency_id}
    drafted = late.events("letter_drafted")[0]
    assert (drafted.plan_id, drafted.occurrence_id) == (PLAN, None)


def test_who_saves_over_somebody_else_is_told_so(late: Valley) -> None:
    [draft] = urge(late)
    written = letter_desk.Written(LEAD, {"on": "2024-03-25"}, {"x": 1}, (ANSWERABLE,), 1)
    saved = write(late, lambda c: letter_desk.change(c, draft.id, written, revision=1, now=late.now, actor="a"))
    assert saved.revision == 2
    with pytest.raises(LetterChanged):
        write(late, lambda c: letter_desk.change(c, draft.id, written, revision=1, now=late.now, actor="b"))


def test_what_is_refused_leaves_nothing_behind(late: Valley) -> None:
    [draft] = urge(late)
    before = stored(late, draft.id)
    with pytest.raises(RegisterError):
        give_number(late, draft.id, "x")
    assert stored(late, draft.id) == before
    assert late.events("letter_numbered") == []


def test_letters_are_found_by_plan_and_by_occurrence(late: Valley) -> None:
    made = urge(late, everybody=True)
    with reading(late.engine) as c:
        assert [each.id for each in letters_of_plan(c, PLAN)] == [each.id for each in reversed(made)]
        assert [each.relation.value for each in letters_of_occurrence(c, ANSWERABLE)] == ["peer"]
        assert urged(c, []) == {}
        with pytest.raises(LetterUnknown):
            load_letter(c, 999)


def test_the_head_is_told_which_letters_there_are_and_that_one_waits_to_be_signed(late: Valley) -> None:
    [first] = urge(late)
    give_number(late, first.id, "41")
    before = [each for each in late.run("2024-03-25 09:00") if each.address == "head@cong-an.example"]
    assert "Đã có công văn đôn đốc: số 41/CATL-PC10 ngày 25/03/2024." in before[0].text
    assert "chờ ký" not in before[0].text
    urge(late)
    after = [each for each in late.run("2024-04-01 09:00") if each.address == "head@cong-an.example"]
    assert "Dự thảo công văn đôn đốc đã soạn, chờ ký." in after[0].text
