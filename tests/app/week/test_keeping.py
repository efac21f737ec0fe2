"""The head's weekly page from Friday to Monday: frozen, looked over, sent once, kept."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Row, select

from app.filestore import FileStore
from app.week.content import Content, Edits, content_from, edits_document
from app.week.keeping import Kept, keep_pages, print_of
from notifications import weekly_page
from notifications.weekly import queue_week
from plans.calendar import shipped_calendar
from tasks import desk, week_pages
from tasks.database import reading, writing
from tasks.desk import DirectionKind
from tasks.desk_tables import stored_file
from tasks.week_tables import week_page
from tests.letters.reading import in_order, pages
from tests.support import FINANCE, LEAD, PLAN, Valley, at, plan_text

CALENDAR = shipped_calendar()
INTERIOR_DUTY = f"{PLAN}/ke-hoach/so-noi-vu/once"
FINANCE_DUTY = f"{PLAN}/ke-hoach/so-tai-chinh/once"


def keep(valley: Valley, home: Path, moment: str, *, sending: bool = True) -> Kept:
    valley.go(moment)
    return keep_pages(valley.engine, FileStore(home), sending=sending, now=valley.now)


def frozen(valley: Valley, week: int = 202412) -> tuple[Row[Any], Content]:
    with reading(valley.engine) as c:
        row = week_pages.load(c, LEAD, week)
    return row, content_from(row.content)


# -- the moments --


def test_a_week_is_frozen_on_friday_at_four() -> None:
    assert weekly_page.freezes(CALENDAR, 202412) == at("2024-03-22 16:00")
    assert weekly_page.leaves(CALENDAR, 202412) == at("2024-03-25 07:30")


def test_a_week_whose_friday_is_off_is_frozen_on_its_last_working_day() -> None:
    assert weekly_page.freezes(CALENDAR, 202406) == at("2024-02-07 16:00")  # Tết from Thursday 08/02 on
    assert weekly_page.leaves(CALENDAR, 202406) == at("2024-02-15 07:30")
    assert weekly_page.freezes(CALENDAR, 202407) == at("2024-02-16 16:00")


def test_the_newest_week_is_the_one_whose_moment_has_come() -> None:
    assert weekly_page.newest(CALENDAR, at("2024-03-22 15:59")) == 202411
    assert weekly_page.newest(CALENDAR, at("2024-03-22 16:00")) == 202412
    assert weekly_page.newest(CALENDAR, at("2024-02-14 09:00")) == 202406


def test_changes_are_told_since_the_page_before() -> None:
    assert weekly_page.before(CALENDAR, 202412) == at("2024-03-15 16:00")
    assert weekly_page.before(CALENDAR, 202407) == at("2024-02-07 16:00")


# -- frozen --


def test_it_is_frozen_once_and_not_before_its_moment(valley: Valley, tmp_path: Path) -> None:
    valley.follow()
    valley.advance("2024-03-22 15:50")
    assert keep(valley, tmp_path, "2024-03-22 15:50", sending=False) == Kept(1)  # last week's, which nobody made
    assert keep(valley, tmp_path, "2024-03-22 16:00") == Kept(1)
    assert keep(valley, tmp_path, "2024-03-22 16:10") == Kept()
    row, content = frozen(valley)
    assert row.frozen_at == at("2024-03-22 16:00")
    assert content.figures.overdue == 5
    assert [(body.name, body.days) for body in content.overdue[:2]] == [("Công an cấp xã", 4), ("Gia đình", 4)]
    assert len(valley.events("week_frozen")) == 2


def test_frozen_late_it_shows_how_things_stood_on_friday(valley: Valley, tmp_path: Path) -> None:
    """The machine was off over the weekend; a paper typed in on Monday morning came after the moment."""
    valley.follow()
    valley.advance("2024-03-22 10:00")
    valley.go("2024-03-25 07:20").record(FINANCE_DUTY, received="2024-03-25", number="9/BC")
    valley.extend(INTERIOR_DUTY, to="2024-04-10")
    assert keep(valley, tmp_path, "2024-03-25 07:25") == Kept(1)
    row, content = frozen(valley)
    assert row.frozen_at == at("2024-03-22 16:00")
    assert row.made_at == at("2024-03-25 07:25")
    assert {"Sở Tài chính", "Sở Nội vụ"} <= {body.name for body in content.overdue}
    assert content.figures.overdue == 5
    assert content.figures.received == 0
    assert content.entered_to is None
    assert content.changes == ()


def test_what_moved_in_the_week_is_told_once_for_all_bodies(valley: Valley, tmp_path: Path) -> None:
    valley.follow()
    valley.advance("2024-03-14 09:00")
    valley.go("2024-03-18 09:00").extend(FINANCE_DUTY, INTERIOR_DUTY, to="2024-03-27")
    valley.go("2024-03-19 09:00").record(INTERIOR_DUTY, received="2024-03-19", number="7/BC")
    valley.give_back(INTERIOR_DUTY, by="2024-03-26")
    keep(valley, tmp_path, "2024-03-22 16:00")
    _row, content = frozen(valley)
    assert [change.text for change in content.changes] == [
        "Gia hạn đến 27/03/2024 theo VB số 77/UBND: Kế hoạch triển khai; Sở Nội vụ, Sở Tài chính",
        "Trả lại văn bản: Kế hoạch triển khai; Sở Nội vụ",
    ]
    assert [(line.day.isoformat(), line.who) for line in content.due] == [
        ("2024-03-26", "Sở Nội vụ"),
        ("2024-03-27", "Sở Tài chính"),
    ]
    assert content.figures.received == 1


def test_who_says_that_it_has_sent_is_not_named_as_late(valley: Valley, tmp_path: Path) -> None:
    valley.follow()
    valley.advance("2024-03-20 09:00")
    valley.claim(FINANCE_DUTY)
    keep(valley, tmp_path, "2024-03-22 16:00")
    _row, content = frozen(valley)
    assert "Sở Tài chính" not in [body.name for body in content.overdue]
    assert (content.figures.overdue, content.figures.claimed) == (4, 1)


def test_a_question_to_the_head_waits_until_there_is_an_answer(valley: Valley, tmp_path: Path) -> None:
    valley.follow()
    valley.run("2024-03-25 07:30")  # head-1
    keep(valley, tmp_path, "2024-03-29 16:00", sending=False)
    _row, content = frozen(valley, 202413)
    [asked] = content.decisions
    assert asked.id == f"ky:{PLAN}/ke-hoach/once"
    assert asked.text == "Xin ý kiến chỉ đạo: chưa nhận của 04 cơ quan, quá hạn 11 ngày"  # the Front is only asked
    with writing(valley.engine) as c:
        for each in valley.ids():
            desk.direct(c, each, kind=DirectionKind.AGREED, text="", now=valley.now, actor="henry")
    keep(valley, tmp_path, "2024-04-05 16:00", sending=False)
    assert frozen(valley, 202414)[1].decisions == ()


# -- sent --


def test_on_monday_the_head_gets_one_letter_and_never_another(valley: Valley, tmp_path: Path) -> None:
    valley.follow()
    valley.advance("2024-03-15 09:00")
    keep(valley, tmp_path, "2024-03-15 16:00")
    assert keep(valley, tmp_path, "2024-03-18 07:20") == Kept()
    assert keep(valley, tmp_path, "2024-03-18 07:30") == Kept(0, 1)
    letters = valley.run()
    [letter] = [each for each in letters if each.address == "head@cong-an.example"]
    assert letter.subject.startswith("Báo cáo tuần đến 16h00 ngày 15/03/2024: quá hạn 00, đến hạn tuần này 05")
    assert "Đến hạn tuần này" in letter.text
    assert "chưa xem lại trước khi gửi" in letter.text
    assert keep(valley, tmp_path, "2024-03-18 07:40") == Kept()
    assert valley.run() == []
    assert not [each for each in valley.channel.letters if "officer" in each.address and "Báo cáo tuần" in each.subject]


def test_the_officer_keeps_the_brief_and_the_head_gets_the_page(valley: Valley, tmp_path: Path) -> None:
    valley.follow()
    valley.advance("2024-03-15 09:00")
    keep(valley, tmp_path, "2024-03-18 07:30")
    queue_week(valley.engine, now=valley.now)
    told = {letter.address: letter.subject for letter in valley.run() if "tuần" in letter.subject.lower()}
    assert told["officer@cong-an.example"].startswith("Tuần 12/2024")
    assert told["stand-in@cong-an.example"].startswith("Tuần 12/2024")
    assert told["head@cong-an.example"].startswith("Báo cáo tuần")


def test_what_the_head_is_asked_that_morning_stands_in_the_same_letter(valley: Valley, tmp_path: Path) -> None:
    """25/03/2024 is the day of ``head-1`` and a Monday: one letter, not two."""
    valley.follow()
    valley.advance("2024-03-22 09:00")
    valley.advance("2024-03-25 07:30")
    keep(valley, tmp_path, "2024-03-25 07:30")
    letters = [each for each in valley.run() if each.address == "head@cong-an.example"]
    [letter] = letters
    assert in_order(letter.text, "Xin ý kiến chỉ đạo hôm nay", "Sở Nội vụ", "BÁO CÁO TUẦN 12/2024")
    carried = {row.rung: row.status for row in valley.ledger() if row.role == "head"}
    assert carried == {"page": "composed", "head-1": "composed"}


def test_a_page_that_waited_says_on_tuesday_what_it_said_on_monday(valley: Valley, tmp_path: Path) -> None:
    valley.follow()
    valley.advance("2024-03-15 09:00")
    keep(valley, tmp_path, "2024-03-18 07:30")
    valley.advance()
    valley.compose()
    valley.go("2024-03-18 10:00").record(FINANCE_DUTY, received="2024-03-18", number="9/BC")
    letters = [each for each in valley.run("2024-03-19 08:00") if each.address == "head@cong-an.example"]
    assert [each.subject for each in letters] == [
        "Báo cáo tuần đến 16h00 ngày 15/03/2024: quá hạn 00, đến hạn tuần này 05, chờ xem 00, cần quyết định 00"
    ]


def test_a_page_that_could_not_leave_is_overtaken_by_the_next(valley: Valley, tmp_path: Path) -> None:
    """Nobody is the head for a week: what waited is not told any more once the next page is frozen."""
    valley.follow(contacts=False)
    valley.contact(FINANCE, "agency")
    valley.contact(LEAD, "officer")
    valley.advance("2024-03-15 09:00")
    keep(valley, tmp_path, "2024-03-18 07:30")
    valley.run()
    assert [row.status for row in valley.ledger(f"page:{LEAD}")] == ["no_contact"]
    keep(valley, tmp_path, "2024-03-22 16:00")
    valley.contact(LEAD, "head")
    assert "Báo cáo tuần" not in "".join(each.subject for each in valley.run("2024-03-22 16:10"))
    keep(valley, tmp_path, "2024-03-25 07:30")
    told = [each.subject for each in valley.run() if each.address == "head@cong-an.example"]
    assert len(told) == 1
    assert "22/03/2024" in told[0]


def test_after_weeks_of_silence_only_the_newest_page_is_made(valley: Valley, tmp_path: Path) -> None:
    valley.follow()
    valley.advance("2024-03-15 09:00")
    assert keep(valley, tmp_path, "2024-04-16 09:00") == Kept(1, 1)
    with reading(valley.engine) as c:
        assert c.execute(select(week_page.c.week)).scalars().all() == [202415]


def test_while_sending_is_held_pages_are_frozen_and_wait(valley: Valley, tmp_path: Path) -> None:
    valley.follow()
    valley.advance("2024-03-15 09:00")
    assert keep(valley, tmp_path, "2024-03-18 07:30", sending=False) == Kept(1)
    assert valley.ledger(f"page:{LEAD}") == []
    assert keep(valley, tmp_path, "2024-03-18 09:00") == Kept(0, 1)


def test_a_day_played_again_changes_no_page(valley: Valley, tmp_path: Path) -> None:
    valley.follow()
    valley.advance("2024-03-15 09:00")
    keep(valley, tmp_path, "2024-03-22 16:00")
    assert keep(valley, tmp_path, "2024-03-18 07:30") == Kept()


def test_the_sample_has_no_page_of_its_own(valley: Valley, tmp_path: Path) -> None:
    valley.follow(text=plan_text(head="sample: true\n"))
    valley.advance("2024-03-15 09:00")
    assert keep(valley, tmp_path, "2024-03-18 07:30") == Kept()


# -- looked over, and kept --


def test_what_left_is_kept_with_its_sheet_for_ever(valley: Valley, tmp_path: Path) -> None:
    valley.follow()
    valley.advance("2024-03-15 09:00")
    keep(valley, tmp_path, "2024-03-15 16:00")
    with writing(valley.engine) as c:
        edits = edits_document(Edits({"den-han": "Nhắc thêm bằng điện thoại."}))
        week_pages.edit(c, LEAD, 202411, seen=1, edits=edits, now=valley.now, actor="alice")
        week_pages.look(c, LEAD, 202411, now=valley.now, actor="alice")
    keep(valley, tmp_path, "2024-03-18 07:30")
    row, _content = frozen(valley, 202411)
    sheet = FileStore(tmp_path).path(row.hash).read_bytes()
    assert hashlib.sha256(sheet).hexdigest() == row.hash
    [told] = pages(sheet)
    assert in_order(told, "Nhắc thêm bằng điện thoại.", "alice đã xem lại lúc 16h00 ngày 15/03/2024")
    with reading(valley.engine) as c:
        assert c.execute(select(stored_file.c.kind)).scalar_one() == "pdf"
        assert print_of(c, row).page.parts[2].note == "Nhắc thêm bằng điện thoại."
    assert [row.kind for row in valley.events() if row.kind.startswith("week_")] == [
        "week_frozen",
        "week_edited",
        "week_looked",
        "week_sent",
    ]


def test_after_it_left_nothing_is_changed_any_more(valley: Valley, tmp_path: Path) -> None:
    valley.follow()
    valley.advance("2024-03-15 09:00")
    keep(valley, tmp_path, "2024-03-18 07:30")
    with pytest.raises(week_pages.PageSent), writing(valley.engine) as c:
        week_pages.edit(c, LEAD, 202411, seen=1, edits={}, now=valley.now, actor="alice")
    with pytest.raises(week_pages.PageSent), writing(valley.engine) as c:
        week_pages.look(c, LEAD, 202411, now=valley.now, actor="alice")


def test_of_two_officers_the_second_is_told_to_look_again(valley: Valley, tmp_path: Path) -> None:
    valley.follow()
    valley.advance("2024-03-15 09:00")
    keep(valley, tmp_path, "2024-03-15 16:00")
    first, second = (edits_document(Edits({"den-han": words})) for words in ("Một.", "Hai."))
    with writing(valley.engine) as c:
        week_pages.edit(c, LEAD, 202411, seen=1, edits=first, now=valley.now, actor="alice")
    with pytest.raises(week_pages.PageChanged), writing(valley.engine) as c:
        week_pages.edit(c, LEAD, 202411, seen=1, edits=second, now=valley.now, actor="sam")
