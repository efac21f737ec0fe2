"""The weekly page on paper: exactly one sheet, whatever the week was like."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.week import printing
from app.week.content import (
    CHANGES,
    DECISIONS,
    DUE,
    OVERDUE,
    PARTS,
    Change,
    Content,
    Decision,
    DueLine,
    Edits,
    Figures,
    LateBody,
    content_from,
    document_of,
)
from app.week.printing import Looked, page_count, printed, shared
from tests.letters.reading import in_order, pages, sizes
from tests.support import at

FRIDAY = at("2024-12-06 16:00")
EMPTY = Content(
    unit="Công an Thung Lũng", at=FRIDAY, since=at("2024-11-29 16:00"), due_to=date(2024, 12, 15), figures=Figures()
)
NORMAL = replace(
    EMPTY,
    figures=Figures(overdue=3, bodies=2, due=4, review=1, received=5, decisions=2, due_lines=1, changes=1),
    decisions=(
        Decision("ky:a/b/2024", "Báo cáo năm 2024", "Xin ý kiến chỉ đạo: chưa nhận của 02 cơ quan, quá hạn 7 ngày"),
        Decision("de-nghi:4", "Danh sách cơ sở", "Sở Nội vụ: đề nghị gia hạn đến 20/12/2024"),
    ),
    overdue=(
        LateBody("x.a", "Sở Nội vụ", 2, 7, ("Báo cáo năm 2024", "Danh sách cơ sở")),
        LateBody("x.b", "Ủy ban nhân dân xã Đồng Mây", 1, 3, ("Báo cáo năm 2024",)),
    ),
    due=(DueLine(date(2024, 12, 10), "Báo cáo tháng 12/2024", "04 cơ quan"),),
    changes=(Change(date(2024, 12, 4), "Gia hạn đến 20/12/2024 theo VB số 77/UBND: Danh sách cơ sở; Sở Mới"),),
    entered_to=date(2024, 12, 5),
    place=1234,
    head="3fa912cd88e104b7" * 4,
)
LONG = "Báo cáo kết quả thực hiện công tác tái hòa nhập cộng đồng và tạo việc làm cho người chấp hành xong án phạt tù "
FULL = replace(
    NORMAL,
    figures=Figures(overdue=900, bodies=300, claimed=40, due=800, review=70, decisions=60, due_lines=90, changes=77),
    decisions=tuple(Decision(f"ky:p/d{n}/2024", f"{LONG}{n}", LONG * 2) for n in range(60)),
    overdue=tuple(LateBody(f"x.{n}", f"Ủy ban nhân dân xã số {n}", 3, 60 - n, (LONG, LONG, LONG)) for n in range(60)),
    due=tuple(DueLine(date(2024, 12, 10), f"{LONG}{n}", "120 cơ quan") for n in range(60)),
    changes=tuple(Change(date(2024, 12, 4), f"{LONG}{n}") for n in range(60)),
)


@pytest.mark.parametrize("content", [EMPTY, NORMAL, FULL], ids=["empty", "normal", "overfull"])
@pytest.mark.parametrize("noted", [False, True])
def test_a_week_is_always_one_sheet_of_a4(content: Content, noted: bool) -> None:
    notes = dict.fromkeys(PARTS, ("Đã gọi điện từng cơ quan, hẹn gửi đầu tuần sau. " * 7)[:300]) if noted else {}
    made = printed(content, Edits(notes), None, final=True)
    assert made.pdf is not None
    assert sizes(made.pdf) == [(210, 297)]
    assert page_count(made.pdf) == 1
    [told] = pages(made.pdf)
    assert in_order(told, "CÔNG AN THUNG LŨNG", "Báo cáo tuần 49/2024", "16h00 ngày 06/12/2024")
    assert in_order(told, "Cần quyết định", "Quá hạn theo cơ quan", "Đến hạn tuần này", "Thay đổi trong tuần")


def test_what_does_not_fit_is_counted() -> None:
    made = printed(FULL, Edits(), None, final=True)
    assert made.pdf is not None
    [told] = pages(made.pdf)
    for part, total in zip(made.page.parts, (60, 300, 90, 77), strict=True):
        shown = len(part.rows)
        assert 0 < shown < 60
        assert f"Và {total - shown} mục nữa" in part.more
        assert in_order(told, f"Và {total - shown} mục nữa")


def test_no_more_would_have_fitted() -> None:
    """The sheet is filled: two rows more of the short kind run over."""
    rows = dict.fromkeys(PARTS, 60)
    made = printed(FULL, Edits(), None, final=True)
    fits = sum(len(part.rows) for part in made.page.parts)
    more = printing._set(FULL, Edits(), None, shared(rows, fits + 2), final=True)
    assert more.pdf is not None
    assert page_count(more.pdf) == 2


def test_room_is_shared_out_one_row_each_in_turn() -> None:
    lengths = {DECISIONS: 1, OVERDUE: 9, DUE: 0, CHANGES: 2}
    assert shared(lengths, 6) == {DECISIONS: 1, OVERDUE: 3, DUE: 0, CHANGES: 2}
    assert shared(lengths, 99) == lengths


def test_a_short_week_is_shown_whole_and_says_who_looked() -> None:
    made = printed(NORMAL, Edits(), Looked("Nguyễn Thị Lan", at("2024-12-06 16:40")), final=True)
    assert made.pdf is not None
    [told] = pages(made.pdf)
    assert made.page.subject == (
        "Báo cáo tuần đến 16h00 ngày 06/12/2024: quá hạn 03, đến hạn tuần này 04, chờ xem 01, cần quyết định 02"
    )
    assert [len(part.rows) for part in made.page.parts] == [2, 2, 1, 1]
    assert not any(part.more for part in made.page.parts)
    assert in_order(told, "Văn bản đến đã nhập đến ngày 05/12/2024", "Nguyễn Thị Lan đã xem lại lúc 16h40")
    assert in_order(told, "Mã đầu chuỗi", "3fa9 12cd 88e1 04b7")


def test_nobody_has_looked_is_said_otherwise_before_it_leaves() -> None:
    assert "chưa xem lại trước khi gửi" in printed(NORMAL, Edits(), None, final=True).page.looked
    assert "chưa xem lại trước khi gửi" not in printed(NORMAL, Edits(), None, final=False).page.looked


def test_the_officer_orders_leaves_out_and_notes() -> None:
    edits = Edits({OVERDUE: "Đã gọi cả hai."}, ("de-nghi:4",), {"ky:a/b/2024": "chờ họp ngày 09/12"})
    page = printed(NORMAL, edits, None, final=True).page
    decisions, overdue, *_rest = page.parts
    assert [row[0] for row in decisions.rows] == ["Danh sách cơ sở"]
    assert "để lại 01 mục" in decisions.more
    assert "chờ họp" not in decisions.more  # the reason is for the dashboard
    assert overdue.note == "Đã gọi cả hai."
    assert page.subject.endswith("cần quyết định 01")


def test_the_same_page_gives_the_same_bytes() -> None:
    assert printed(NORMAL, Edits(), None, final=True).pdf == printed(NORMAL, Edits(), None, final=True).pdf


def test_what_was_frozen_comes_back_from_its_stored_form() -> None:
    assert content_from(document_of(FULL)) == FULL
    assert content_from(document_of(EMPTY)) == EMPTY
