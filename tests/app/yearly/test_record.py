"""The yearly record of a body: every day that was given or not counted is explained."""

from __future__ import annotations

import io

import openpyxl
import pytest

from app.yearly.printing import report_of, workbook_of
from app.yearly.record import Record, record_of
from letters.report_pdf import as_pdf
from tasks.database import reading
from tasks.errors import AgencyUnknown
from tests.letters.reading import in_order, pages, sizes
from tests.support import FINANCE, FRONT, HEIR, INTERIOR, LEAD, PLAN, Valley

FINANCE_DUTY = f"{PLAN}/ke-hoach/so-tai-chinh/once"
INTERIOR_DUTY = f"{PLAN}/ke-hoach/so-noi-vu/once"
FRONT_DUTY = f"{PLAN}/ke-hoach/mat-tran/once"


def record(valley: Valley, agency: str = FINANCE, year: int = 2024) -> Record:
    with reading(valley.engine) as c:
        return record_of(c, agency, year, frozenset({LEAD}), now=valley.now)


def only(found: Record) -> tuple[str, tuple[str, ...]]:
    [entry] = found.counted
    return entry.result, entry.why


def test_a_weekend_that_is_not_counted_is_explained(valley: Valley) -> None:
    valley.follow()
    valley.advance("2024-03-18 09:00")
    valley.record(FINANCE_DUTY, received="2024-03-18", number="12/BC")
    result, why = only(record(valley))
    assert result == "đúng hạn"
    assert why == (
        "Kế hoạch viết “trước ngày 16/03”: nhận trong ngày 16/03 vẫn tính đúng hạn.",
        "Hạn 16/03/2024 rơi vào ngày nghỉ (thứ Bảy, Chủ nhật): 2 ngày không tính, đúng hạn đến hết 18/03/2024.",
    )


def test_an_extension_names_its_document(valley: Valley) -> None:
    valley.follow()
    valley.advance("2024-03-14 09:00")
    valley.extend(FINANCE_DUTY, to="2024-03-27")
    valley.advance("2024-04-01 09:00")
    found = record(valley)
    result, why = only(found)
    assert result == "chưa nhận, quá hạn"
    assert why == ("Gia hạn từ 15/03/2024 đến 27/03/2024 theo văn bản số 77/UBND.",)
    assert found.counted[0].days == 5


def test_days_in_the_lead_units_hands_are_not_counted(valley: Valley) -> None:
    valley.follow()
    valley.go("2024-03-14 09:00").record(FINANCE_DUTY, received="2024-03-13", number="12/BC", review=True)
    valley.go("2024-03-20 09:00").give_back(FINANCE_DUTY, by="2024-03-25")
    assert only(record(valley))[0] == "đúng hạn; trả lại, chờ gửi lại"
    valley.go("2024-03-25 09:00").record(FINANCE_DUTY, received="2024-03-25", number="15/BC")
    result, why = only(record(valley))
    assert result == "đúng hạn"
    assert why[0] == (
        "Trả lại ngày 20/03/2024 (thiếu biểu, thiếu nội dung), gửi lại chậm nhất 25/03/2024. "
        "Từ ngày nhận 13/03/2024 đến ngày trả lại, 7 ngày ở đơn vị theo dõi, không tính."
    )
    assert why[1] == "Gửi lại ngày 25/03/2024, trong hạn gửi lại: giữ kết quả của lần nhận đầu."


def test_a_late_resend_adds_its_days(valley: Valley) -> None:
    valley.follow()
    valley.go("2024-03-14 09:00").record(FINANCE_DUTY, received="2024-03-14", number="12/BC")
    valley.go("2024-03-15 09:00").give_back(FINANCE_DUTY, by="2024-03-20")
    valley.go("2024-03-22 09:00").record(FINANCE_DUTY, received="2024-03-22", number="15/BC")
    result, why = only(record(valley))
    assert result == "gửi chậm 2 ngày"
    assert "Gửi lại ngày 22/03/2024, quá hạn gửi lại 2 ngày, cộng vào số ngày chậm." in why


def test_a_paper_typed_in_late_counts_by_its_receipt(valley: Valley) -> None:
    valley.follow()
    valley.advance("2024-03-22 09:00")
    valley.record(FINANCE_DUTY, received="2024-03-14", number="12/BC")
    result, why = only(record(valley))
    assert result == "đúng hạn"
    assert why[0] == "Ghi sổ ngày 22/03/2024, tính theo ngày nhận 14/03/2024."


def test_a_slip_of_the_officer_leaves_no_trace(valley: Valley) -> None:
    valley.follow()
    valley.advance("2024-03-20 09:00")
    valley.record(INTERIOR_DUTY, received="2024-03-20", number="7/BC")
    assert only(record(valley, INTERIOR))[0] == "gửi chậm 2 ngày"
    valley.correct(INTERIOR_DUTY, received="2024-03-14", number="7/BC")
    result, why = only(record(valley, INTERIOR))
    assert result == "đúng hạn"
    assert not [each for each in why if "sửa" in each or "20/03" in each]


def test_what_was_handed_over_stands_apart_and_with_its_heir(valley: Valley) -> None:
    valley.follow()
    valley.go("2024-03-15 08:00").transfer(FRONT_DUTY, HEIR)
    valley.advance("2024-03-20 09:00")
    was, heir = record(valley, FRONT), record(valley, HEIR)
    assert was.counted == ()
    assert [entry.result for entry in was.apart] == ["chuyển cơ quan kế thừa"]
    assert was.punctuality.due == 0
    assert heir.counted[0].why[0] == "Kế thừa từ Ủy ban MTTQ Việt Nam Thung Lũng."
    assert heir.punctuality.missing == 1


def test_waived_does_not_count_and_says_why(valley: Valley) -> None:
    valley.follow()
    valley.go("2024-03-15 08:00").waive(FINANCE_DUTY)
    [entry] = record(valley).apart
    assert entry.why[0] == "Đã miễn kỳ này: CV 3."


def test_what_fell_due_before_it_was_followed_is_only_counted_apart(valley: Valley) -> None:
    valley.follow("2024-03-20 08:00", start="2024-03-20")
    found = record(valley)
    assert (found.counted, found.before) == ((), 1)


def test_another_year_or_unit_is_empty_and_an_unknown_body_is_said(valley: Valley) -> None:
    valley.follow()
    assert record(valley, year=2023).counted == ()
    with reading(valley.engine) as c:
        assert record_of(c, FINANCE, 2024, frozenset({HEIR}), now=valley.now).counted == ()
        with pytest.raises(AgencyUnknown):
            record_of(c, "khong.co", 2024, None, now=valley.now)


def test_on_paper_the_reasons_stand_beside_the_dates(valley: Valley) -> None:
    valley.follow()
    valley.go("2024-03-14 09:00").extend(FINANCE_DUTY, to="2024-03-27")
    valley.advance("2024-04-01 09:00")
    pdf = as_pdf(report_of(record(valley)))
    assert set(sizes(pdf)) == {(297, 210)}
    told = " ".join(pages(pdf))
    assert in_order(told, "PHIẾU THEO DÕI NĂM 2024", "Sở Tài chính", "đúng hạn 0 (0%), gửi chậm 0, chưa nhận 1")
    assert in_order(told, "Kế hoạch triển khai", "27/03/2024", "theo văn bản số 77/UBND")
    assert in_order(told, "CÁN BỘ THEO DÕI", "LÃNH ĐẠO ĐƠN VỊ")


def test_the_workbook_has_a_line_for_each_with_real_dates(valley: Valley) -> None:
    valley.follow()
    valley.go("2024-03-14 09:00").record(FINANCE_DUTY, received="2024-03-14", number="=12/BC")
    with workbook_of(record(valley)) as file:
        sheet = openpyxl.load_workbook(io.BytesIO(file.read())).active
    assert sheet is not None
    head, line = ([cell.value for cell in row] for row in sheet.iter_rows())
    assert head[2] == "Hạn"
    assert str(line[4])[:10] == "2024-03-14"
    assert line[5] == "=12/BC"
    assert sheet.cell(2, 6).data_type == "s"
    assert (line[6], line[8]) == ("đúng hạn", "có")
