"""Chốt sổ: figures fixed, printed and kept; what is done afterwards shows as a difference."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest

from app.closing.figures import month_of
from app.closing.keeping import close, differences
from app.closing.printing import report_of
from app.filestore import FileStore
from letters.report_pdf import as_pdf
from tasks import closings, desk
from tasks.closings import AlreadyClosed, CannotClose
from tasks.database import reading, writing
from tasks.seal import head
from tests.letters.reading import in_order, pages
from tests.support import FINANCE, HEIR, LEAD, PLAN, Valley, plan_text

MARCH = date(2024, 3, 1)
FINANCE_DUTY, INTERIOR_DUTY, FRONT_DUTY, COMMUNES_DUTY, FAMILY_DUTY = (
    f"{PLAN}/ke-hoach/{slug}/once" for slug in ("so-tai-chinh", "so-noi-vu", "mat-tran", "cap-xa", "gia-dinh")
)


@pytest.fixture
def march(valley: Valley) -> Valley:
    """Finance in time, Nội vụ late, the Front handed over, the communes given more time, the family missing."""
    valley.follow()
    valley.run("2024-03-14 08:00")
    valley.record(FINANCE_DUTY, received="2024-03-14", number="12/BC")
    valley.go("2024-03-15 08:00").extend(COMMUNES_DUTY, to="2024-03-29")
    valley.transfer(FRONT_DUTY, HEIR)
    for day in ("2024-03-19", "2024-03-20", "2024-03-21", "2024-03-25"):
        valley.run(f"{day} 07:30")
    valley.go("2024-03-26 09:00").record(INTERIOR_DUTY, received="2024-03-26", number="7/BC")
    with writing(valley.engine) as c:
        known = {"spoke_with": "Văn phòng", "text": "hẹn gửi", "now": valley.now, "actor": "alice"}
        desk.note_call(c, FAMILY_DUTY, **known)  # type: ignore[arg-type]
    valley.advance("2024-04-02 08:00")
    return valley


def closed(valley: Valley, home: Path) -> str:
    return close(valley.engine, FileStore(home), LEAD, MARCH, signers=("Alice", "Henry"), now=valley.now, actor="alice")


def changed(valley: Valley) -> list[tuple[str, str, str]]:
    with reading(valley.engine) as c:
        found = differences(c, closings.load(c, LEAD, 202403), now=valley.now)
    return [(each.agency, each.was, each.now) for each in found]


def test_every_occurrence_of_the_month_stands_once(march: Valley) -> None:
    with reading(march.engine) as c:
        month = month_of(c, LEAD, MARCH, now=march.now)
    assert {line.id.split("/")[2]: line.standing for line in month.lines} == {
        "so-tai-chinh": "on_time",
        "so-noi-vu": "late",
        "mat-tran": "transferred",
        "so-moi": "missing",
        "cap-xa": "missing",
        "gia-dinh": "missing",
    }
    total = month.total
    assert (total.due, total.on_time, total.late, total.missing, total.open) == (5, 1, 1, 3, 0)
    assert (total.extended, total.transferred) == (1, 1)


def test_who_was_pressed_is_counted_by_what_arrived(march: Valley) -> None:
    with reading(march.engine) as c:
        month = month_of(c, LEAD, MARCH, now=march.now)
    pressed = {each.agency: (each.reminders, each.by_hand, each.calls, each.letters) for each in month.pressed}
    assert pressed["Sở Nội vụ"] == (2, 0, 0, 0)
    assert pressed["Gia đình"] == (0, 0, 1, 0)
    assert "Sở Tài chính" not in pressed


def test_the_print_says_all_of_it_and_leaves_room_to_sign(march: Valley, tmp_path: Path) -> None:
    with reading(march.engine) as c:
        newest = head(c)
    file_hash = closed(march, tmp_path)
    pdf = FileStore(tmp_path).path(file_hash).read_bytes()
    assert hashlib.sha256(pdf).hexdigest() == file_hash
    told = " ".join(pages(pdf))
    assert in_order(told, "CHỐT SỔ THEO DÕI THÁNG 03/2024", "Chốt lúc 08h00 ngày 02/04/2024")
    assert in_order(told, "đúng hạn 1, gửi chậm 1, chưa nhận 3")
    assert newest is not None
    assert in_order(told, f"{newest.place} dòng lúc chốt", " ".join(newest.hash[i : i + 4] for i in range(0, 32, 4)))
    assert in_order(told, "Gia hạn từ 15/03/2024 đến 29/03/2024", "Sở Mới")
    assert in_order(told, "CÁN BỘ THEO DÕI", "LÃNH ĐẠO ĐƠN VỊ", "Alice", "Henry")


def test_closing_is_entered_in_the_trail_with_the_hash_of_the_print(march: Valley, tmp_path: Path) -> None:
    file_hash = closed(march, tmp_path)
    [event] = march.events("month_closed")
    assert event.agency_id == LEAD
    assert event.actor == "alice"
    assert (event.data["month"], event.data["hash"], event.data["due"]) == (202403, file_hash, 6)
    with reading(march.engine) as c:
        row = closings.load(c, LEAD, 202403)
        newest = head(c)
    assert newest is not None
    assert row.place == newest.place - 1


def test_what_is_done_after_the_closing_is_a_difference(march: Valley, tmp_path: Path) -> None:
    closed(march, tmp_path)
    assert changed(march) == []
    march.go("2024-04-03 10:00").record(FAMILY_DUTY, received="2024-04-03", number="3/GĐ")
    march.correct(INTERIOR_DUTY, received="2024-03-15", number="7/BC")
    march.extend(f"{PLAN}/ke-hoach/so-moi/once", to="2024-04-20")
    assert changed(march) == [
        ("Gia đình", "chưa nhận, quá hạn", "gửi chậm 16 ngày (nhận 03/04/2024, số 3/GĐ)"),
        ("Sở Mới", "chưa nhận, quá hạn", "hạn 20/04/2024; còn trong hạn"),
        ("Sở Nội vụ", "gửi chậm 8 ngày (nhận 26/03/2024, số 7/BC)", "đúng hạn (nhận 15/03/2024, số 7/BC)"),
    ]


def test_days_that_pass_are_no_difference(march: Valley, tmp_path: Path) -> None:
    closed(march, tmp_path)
    march.advance("2024-06-01 08:00")
    assert changed(march) == []


def test_a_difference_names_who_did_what_and_when(march: Valley, tmp_path: Path) -> None:
    closed(march, tmp_path)
    march.go("2024-04-03 10:00").record(FAMILY_DUTY, received="2024-04-03", number="3/GĐ")
    with reading(march.engine) as c:
        [found] = differences(c, closings.load(c, LEAD, 202403), now=march.now)
    assert found.at == march.now
    assert found.by == "test"
    assert found.what.startswith("Ghi nhận văn bản số 3/GĐ")


def test_a_month_is_closed_once(march: Valley, tmp_path: Path) -> None:
    first = closed(march, tmp_path)
    march.go("2024-04-05 08:00")
    with pytest.raises(AlreadyClosed, match="08:00 ngày 02/04/2024"):
        closed(march, tmp_path)
    with reading(march.engine) as c:
        assert closings.load(c, LEAD, 202403).hash == first


def test_a_month_that_is_not_over_cannot_be_closed(march: Valley, tmp_path: Path) -> None:
    march.go("2024-03-31 23:00")
    with pytest.raises(CannotClose, match="31/03/2024"):
        closed(march, tmp_path)


def test_a_month_without_anything_cannot_be_closed(march: Valley, tmp_path: Path) -> None:
    files = FileStore(tmp_path)
    with pytest.raises(CannotClose, match="không có kỳ nào"):
        close(march.engine, files, LEAD, date(2024, 2, 1), signers=("", ""), now=march.now, actor="alice")


def test_the_sample_is_never_closed(valley: Valley, tmp_path: Path) -> None:
    valley.follow(text=plan_text(head="sample: true\n"))
    valley.advance("2024-04-02 08:00")
    with pytest.raises(CannotClose, match="MẪU"):
        closed(valley, tmp_path)
    with reading(valley.engine) as c:
        preview = report_of(month_of(c, LEAD, MARCH, now=valley.now), closed_by="–", preview=True)
    told = " ".join(pages(as_pdf(preview)))
    assert in_order(told, "MẪU", "Bản xem trước", "chưa chốt")
    assert "LÃNH ĐẠO" not in told


def test_what_fell_due_before_it_was_followed_is_not_in_it(valley: Valley) -> None:
    valley.follow("2024-03-20 08:00", start="2024-03-20")
    valley.advance("2024-04-02 08:00")
    with reading(valley.engine) as c:
        assert month_of(c, LEAD, MARCH, now=valley.now).lines == ()


def test_a_slip_put_right_in_the_month_is_listed(march: Valley) -> None:
    march.go("2024-03-27 09:00").correct(INTERIOR_DUTY, received="2024-03-25", number="7/BC")
    with reading(march.engine) as c:
        [event] = month_of(c, LEAD, MARCH, now=march.go("2024-04-02 08:00").now).put_right
    assert event.agency == "Sở Nội vụ"
    assert event.text.startswith("Ghi sai, sửa lại")


def test_another_units_month_is_its_own(march: Valley) -> None:
    with reading(march.engine) as c:
        assert month_of(c, FINANCE, MARCH, now=march.now).lines == ()
