"""Số liệu: typed, put right, imported line by line, summed, downloaded, and made fit for publication."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from tasks import figure_desk, intake, papers
from tasks.database import reading, writing
from tasks.model import State
from tasks.papers import Paper
from tests.figures import FEBRUARY, MARCH, TEXT, of, put
from tests.support import PLAN
from tests.web.office import Browser, Office
from tests.web.test_occurrence import counting

HERE = f"/ke-hoach/{PLAN}/so-lieu"
ASKED = f"nhiem-vu=bao-cao&ky={MARCH}"
FINANCE, INTERIOR, FRONT = (of(slug) for slug in ("so-tai-chinh", "so-noi-vu", "mat-tran"))
HEAD = "Cơ quan\tNgười có nhu cầu\tNgười được giới thiệu (người)\tTiền cho vay\tTỷ lệ hài lòng"


@pytest.fixture
def reporting(office: Office) -> Office:
    with writing(office.valley.engine) as c:
        intake.add_plan(c, TEXT, file="kh.yaml", now=office.valley.now, actor="test")
    return office


@pytest.fixture
def alice(reporting: Office) -> Browser:
    return reporting.browser("alice")


def standing(office: Office, occurrence_id: str) -> dict[str, Decimal | None]:
    with reading(office.valley.engine) as c:
        return {it: row.value for it, row in figure_desk.standing(c, occurrence_id).items()}


def shown(browser: Browser, path: str = f"{HERE}?{ASKED}") -> str:
    return html.unescape(browser.get(path).text)


def table(page: str) -> list[list[str]]:
    """The cells of the first table, as a reader sees them."""
    body = re.search(r'<table class="figures">(.*?)</table>', page, re.S)
    assert body
    rows = re.findall(r"<tr>(.*?)</tr>", body[1], re.S)
    return [
        [
            " ".join(re.sub(r"<[^>]+>", " ", cell).split())
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)
        ]
        for row in rows
    ]


def type_in(browser: Browser, occurrence_id: str, values: Mapping[str, str], *, status: int = 200) -> str:
    page = browser.get(f"/ky/{occurrence_id}").text
    seen = re.search(r'name="lan" value="(\d+)"', page)
    assert seen
    form = {"lan": seen[1], **{f"sl-{it}": value for it, value in values.items()}}
    return html.unescape(browser.post(f"/ky/{occurrence_id}/so-lieu", form, status=status).text)


def seed(office: Office) -> None:
    put(office.valley, FINANCE, {"nhu-cau": 12, "gioi-thieu": 9, "mo-hinh": 4, "tien": "1234.5", "hai-long": 90})
    put(office.valley, INTERIOR, {"nhu-cau": 3, "gioi-thieu": 2, "mo-hinh": 7, "tien": 0, "hai-long": 70})
    put(office.valley, of("so-tai-chinh", FEBRUARY), {"nhu-cau": 10, "gioi-thieu": 5, "mo-hinh": 4, "tien": 1300})


# -- the page --


def test_page_sums_counts_computes_shares_and_names_who_is_missing(reporting: Office, alice: Browser) -> None:
    seed(reporting)
    page = shown(alice)
    assert table(page) == [
        ["Cơ quan", "Người có nhu cầu (người)", "Người được giới thiệu (người)", "Tỷ lệ giới thiệu (%)",
         "Mô hình đã lập (mô hình)", "Tiền cho vay (triệu đồng, lũy kế)", "Tỷ lệ hài lòng (%)"],
        ["Sở Nội vụ", "3", "2", "66,7", "7", "0", "70"],
        ["Sở Tài chính", "12", "9", "75", "4", "1.234,5", "90"],
        ["Ủy ban MTTQ Việt Nam Thung Lũng", "–", "–", "–", "–", "–", "–"],
        ["Tổng cộng", "15 *", "11 *", "73,3 *", "11 *", "1.234,5 *", "không cộng"],
    ]  # fmt: skip
    assert "<b>Thiếu 1 đơn vị:</b> Ủy ban MTTQ Việt Nam Thung Lũng." in page


def test_page_compares_with_the_period_before_and_with_the_target(reporting: Office, alice: Browser) -> None:
    seed(reporting)
    page = re.sub(r"\s+", " ", shown(alice)).replace("\u00a0", " ")
    assert "15 người *" in page
    assert "+5 (+50%)" in page
    assert "Chưa đạt, còn thiếu số liệu" in page  # 73,3 of 80 %, one agency missing
    assert "Đạt chỉ tiêu (110%)" in page  # 11 of 10 models already
    assert "Sở Tài chính</a>: Tiền cho vay: lũy kế 1.234,5 triệu đồng, nhỏ hơn kỳ trước 1.300 triệu đồng" in page
    assert page.count("<svg") >= 5
    assert not re.search(r"<svg[^>]*>(?:(?!</svg>).)*style=", page)


def test_newest_period_with_figures_is_shown_first(reporting: Office, alice: Browser) -> None:
    put(reporting.valley, of("so-tai-chinh", FEBRUARY), {"nhu-cau": 10})
    assert "Số liệu: Báo cáo tháng 02/2024" in shown(alice, HERE)
    seed(reporting)
    assert "Số liệu: Báo cáo tháng 03/2024" in shown(alice, HERE)


def test_plan_without_figures_says_so(office: Office) -> None:
    assert "không khai số liệu nào" in shown(office.browser("alice"), HERE)


def test_unknown_period_is_refused_with_those_that_there_are(alice: Browser) -> None:
    assert "Không có kỳ 2031-01" in html.unescape(alice.get(f"{HERE}?nhiem-vu=bao-cao&ky=2031-01", status=400).text)


def test_queries_do_not_grow_with_agencies_and_figures(reporting: Office, alice: Browser) -> None:
    put(reporting.valley, FINANCE, {"nhu-cau": 12})
    alice.get(f"{HERE}?{ASKED}")
    with counting(reporting.valley.engine) as first:
        alice.get(f"{HERE}?{ASKED}")
    seed(reporting)
    put(reporting.valley, FRONT, {"nhu-cau": 4, "mo-hinh": 1})
    with counting(reporting.valley.engine) as second:
        alice.get(f"{HERE}?{ASKED}")
    assert len(second) == len(first)


# -- typed --


def test_figures_are_typed_on_the_page_of_the_occurrence(reporting: Office, alice: Browser) -> None:
    page = type_in(alice, FINANCE, {"nhu-cau": "1.234", "gioi-thieu": "1 000", "tien": "3,2 tỷ", "hai-long": "87,5%"})
    assert "Đã ghi số liệu" in page
    assert standing(reporting, FINANCE) == {
        "nhu-cau": Decimal(1234), "gioi-thieu": Decimal(1000), "tien": Decimal(3200), "hai-long": Decimal("87.5"),
    }  # fmt: skip
    assert "Nhập số liệu: Người có nhu cầu 1.234 người" in page


def test_every_wrong_figure_is_told_and_nothing_typed_is_lost(reporting: Office, alice: Browser) -> None:
    page = type_in(alice, FINANCE, {"nhu-cau": "12,5", "hai-long": "1.234", "tien": "7"}, status=400)
    assert "Người có nhu cầu: “12,5” không phải là số nguyên" in page
    assert "Tỷ lệ hài lòng: “1.234%” là 1234 hay 1,234 phần trăm?" in page
    assert 'name="sl-tien" value="7"' in page
    assert standing(reporting, FINANCE) == {}


def test_slip_is_put_right_and_the_old_version_stays_to_be_seen(reporting: Office, alice: Browser) -> None:
    type_in(alice, FINANCE, {"nhu-cau": "12"})
    page = type_in(alice, FINANCE, {"nhu-cau": "21"})
    assert "<s>12 người</s>" in page
    assert "Ghi sai số liệu, sửa lại: Người có nhu cầu 12 người → 21 người" in page


def test_form_that_somebody_else_has_overtaken_is_refused(reporting: Office, alice: Browser) -> None:
    alice.get(f"/ky/{FINANCE}")
    put(reporting.valley, FINANCE, {"nhu-cau": 12})
    alice.post(f"/ky/{FINANCE}/so-lieu", {"lan": "0", "sl-nhu-cau": "5"}, status=409)
    assert standing(reporting, FINANCE) == {"nhu-cau": Decimal(12)}


def test_paper_and_its_figures_are_recorded_in_one_step_or_not_at_all(reporting: Office, alice: Browser) -> None:
    page = alice.get(f"/ky/{FINANCE}").text
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    assert seen
    form = {"seen": seen[1], "number": "5/BC", "dated": "08/03/2024", "received": "11/03/2024"}
    alice.post(f"/ky/{FINANCE}/van-ban", {**form, "sl-nhu-cau": "vài"}, status=400)
    assert reporting.valley.occurrence(FINANCE).state is State.OPEN
    alice.post(f"/ky/{FINANCE}/van-ban", {**form, "sl-nhu-cau": "14", "sl-tien": ""})
    assert reporting.valley.occurrence(FINANCE).state is State.ACCEPTED
    with reading(reporting.valley.engine) as c:
        rows = figure_desk.standing(c, FINANCE)
    assert {it: row.value for it, row in rows.items()} == {"nhu-cau": Decimal(14)}
    assert rows["nhu-cau"].paper_id is not None


def test_paper_that_was_just_recorded_leads_to_its_figures(reporting: Office, alice: Browser) -> None:
    now = reporting.valley.now
    with writing(reporting.valley.engine) as c:
        for it, number in ((FINANCE, "5/BC"), (f"{PLAN}/ke-hoach/so-noi-vu/once", "6/BC")):
            came = Paper(date(2024, 3, 8), number, date(2024, 3, 7))
            papers.record(c, [it], came, review=False, now=now, actor="alice")
    page = alice.get("/van-ban-den").text
    assert page.count("#so-lieu") == 1
    assert f"/ky/{FINANCE}#so-lieu" in page


def test_occurrence_without_figures_has_no_such_card(reporting: Office, alice: Browser) -> None:
    assert 'id="so-lieu"' not in alice.get(f"/ky/{PLAN}/ke-hoach/so-tai-chinh/once").text


def test_head_sees_the_figures_and_types_none(reporting: Office) -> None:
    put(reporting.valley, FINANCE, {"nhu-cau": 12})
    henry = reporting.browser("henry")
    assert "12" in table(shown(henry))[2]
    assert "Nhập từ bảng tính" not in henry.last
    assert "12 người" in shown(henry, f"/ky/{FINANCE}")
    assert "Ghi số liệu" not in henry.last


# -- imported --


def look(browser: Browser, *lines: str, head: str = HEAD, status: int = 200) -> str:
    browser.get(f"{HERE}/nhap?{ASKED}")
    form = {"nhiem-vu": "bao-cao", "ky": MARCH, "du-lieu": "\n".join((head, *lines))}
    return html.unescape(browser.post(f"{HERE}/nhap", form, status=status).text)


def click(browser: Browser, **more: str) -> str:
    """The form of the dry run as it stands."""
    carried = re.search(r'<textarea name="du-lieu"[^>]*>(.*?)</textarea>', browser.last, re.S)
    assert carried
    form = {"nhiem-vu": "bao-cao", "ky": MARCH, "du-lieu": html.unescape(carried[1]), **more}
    status = 400 if more.get("status") else 200
    form.pop("status", None)
    return html.unescape(browser.post(f"{HERE}/nhap/ghi", form, status=status).text)


def test_dry_run_writes_nothing_and_one_click_all_that_is_right(reporting: Office, alice: Browser) -> None:
    page = look(
        alice,
        "(1)\t(2)\t(3)\t(4)\t(5)",
        "Sở Tài chính\t12\t9\t3,2 tỷ\t87,5%",
        "Sở Nội vụ\t7\t1,5\t1.234,5\t0,8",
        "Sở Lạ\t1\t1\t1\t1",
        "Tổng cộng\t20\t10\t\t",
    )
    assert "1 dòng mới, 0 dòng sửa số đã có, 0 dòng không đổi, 2 dòng chưa nhập được" in page
    assert "Người được giới thiệu: “1,5” không phải là số nguyên" in page
    assert "Không có cơ quan “Sở Lạ”" in page
    assert standing(reporting, FINANCE) == {}
    page = click(alice)
    assert "Đã ghi số liệu của 1 đơn vị." in page
    assert standing(reporting, FINANCE) == {
        "nhu-cau": Decimal(12), "gioi-thieu": Decimal(9), "tien": Decimal(3200), "hai-long": Decimal("87.5"),
    }  # fmt: skip
    assert standing(reporting, INTERIOR) == {}
    assert "không phải là số nguyên" in page


def test_figures_that_stand_are_put_right_only_where_somebody_says_so(reporting: Office, alice: Browser) -> None:
    put(reporting.valley, FINANCE, {"nhu-cau": 12, "gioi-thieu": 9})
    page = look(alice, "Sở Tài chính\t21\t9\t\t")
    assert "0 dòng mới, 1 dòng sửa số đã có" in page
    assert "12 người</s> → <b>21 người" in page
    click(alice, status="400")
    assert standing(reporting, FINANCE)["nhu-cau"] == 12
    look(alice, "Sở Tài chính\t21\t9\t\t")
    click(alice, sua="1")
    assert standing(reporting, FINANCE) == {"nhu-cau": Decimal(21), "gioi-thieu": Decimal(9)}


def test_same_figures_again_are_nothing_to_do(reporting: Office, alice: Browser) -> None:
    put(reporting.valley, FINANCE, {"nhu-cau": 12})
    assert "0 dòng mới, 0 dòng sửa số đã có, 1 dòng không đổi" in look(alice, "Sở Tài chính\t12\t\t\t")


def test_agency_in_two_lines_is_told(alice: Browser) -> None:
    assert "Sở Tài chính đã có ở dòng 2." in look(alice, "Sở Tài chính\t1\t\t\t", "so tai chinh\t2\t\t\t")


def test_agency_may_be_called_by_a_part_that_fits_only_one_who_owes(alice: Browser) -> None:
    page = look(alice, "Ủy ban MTTQ Việt Nam\t4\t\t\t", "Sở\t2\t\t\t")
    assert "Ủy ban MTTQ Việt Nam Thung Lũng" in page
    assert "1 dòng mới, 0 dòng sửa số đã có, 0 dòng không đổi, 1 dòng chưa nhập được" in page
    assert "“Sở”: chưa rõ cơ quan nào" in page


def test_table_without_headings_is_refused_with_those_that_are_wanted(alice: Browser) -> None:
    page = look(alice, "Sở Tài chính\t1", head="Một\tHai", status=400)
    assert "Không thấy dòng tiêu đề có cột “Cơ quan”" in page
    assert "Người có nhu cầu (người)" in page


def test_other_columns_are_passed_over_and_named(alice: Browser) -> None:
    page = look(alice, "1\tSở Tài chính\t12\tx", head="STT\tĐơn vị\tNgười có nhu cầu\tNgười đi đường")
    assert "Bỏ qua các cột không phải số liệu của báo cáo này: Người đi đường" in page


def test_workbook_that_was_downloaded_is_filled_in_and_taken_in_again(reporting: Office, alice: Browser) -> None:
    seed(reporting)
    book = load_workbook(io.BytesIO(alice.get(f"{HERE}.xlsx?{ASKED}").content))
    sheet = book.worksheets[0]
    titles = [cell.value for cell in sheet[1]]
    row = next(row for row in sheet.iter_rows(min_row=2) if str(row[0].value).startswith("Ủy ban"))
    for title, value in (("Người có nhu cầu (người)", 5), ("Tỷ lệ hài lòng (%)", 0.8)):
        row[titles.index(title)].value = value
    held = io.BytesIO()
    book.save(held)
    alice.get(f"{HERE}/nhap?{ASKED}")
    form = {"nhiem-vu": "bao-cao", "ky": MARCH}
    page = html.unescape(alice.post(f"{HERE}/nhap", form, files={"tep": ("so.xlsx", held.getvalue())}).text)
    assert "1 dòng mới, 0 dòng sửa số đã có, 2 dòng không đổi, 0 dòng chưa nhập được" in page
    click(alice)
    assert standing(reporting, FRONT) == {"nhu-cau": Decimal(5), "hai-long": Decimal("0.8")}


def test_cells_of_a_workbook_are_taken_as_they_are_shown(reporting: Office, alice: Browser) -> None:
    made, held = Workbook(), io.BytesIO()
    sheet = made.active
    assert sheet is not None
    sheet.append(["Cơ quan", "Tiền cho vay", "Tỷ lệ hài lòng"])
    sheet.append(["Sở Tài chính", 1234.5, 0.875])
    sheet.append(["Sở Nội vụ", 10, 0.9])
    sheet["C2"].number_format = "0.0%"
    made.save(held)
    alice.get(f"{HERE}/nhap?{ASKED}")
    form = {"nhiem-vu": "bao-cao", "ky": MARCH}
    page = html.unescape(alice.post(f"{HERE}/nhap", form, files={"tep": ("so.xlsx", held.getvalue())}).text)
    assert "Tỷ lệ hài lòng: “0,9” là 0,9% hay 90%?" in page
    page = click(alice)
    assert standing(reporting, FINANCE) == {"tien": Decimal("1234.5"), "hai-long": Decimal("87.5")}
    assert standing(reporting, INTERIOR) == {}  # what was refused is not taken for something else by the click
    assert "“0,9” là 0,9% hay 90%?" in page


def test_decimal_points_of_an_english_spreadsheet_are_not_taken_for_thousands(
    reporting: Office, alice: Browser
) -> None:
    page = look(alice, "Sở Tài chính\t1650.5", "Sở Nội vụ\t234.567", head="Cơ quan\tTiền cho vay")
    assert "“234.567” là 234567 hay 234,567?" in page
    click(alice)
    assert standing(reporting, FINANCE) == {"tien": Decimal("1650.5")}
    assert standing(reporting, INTERIOR) == {}
    assert "1 dòng mới, 0 dòng sửa số đã có, 1 dòng không đổi" in look(
        alice, "Sở Tài chính\t1650,5", "Sở Nội vụ\t234.567", head="Cơ quan\tTiền cho vay"
    )


# -- downloaded --


def test_csv_opens_in_excel_with_all_figures(reporting: Office, alice: Browser) -> None:
    seed(reporting)
    text = alice.get(f"{HERE}.csv?{ASKED}").content.decode("utf-8")
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    assert rows[2] == ["Sở Tài chính", "12", "9", "75", "4", "1234,5", "90", FINANCE]
    assert rows[4][:3] == ["Tổng cộng", "15", "11"]
    assert rows[5][:2] == ["Số đơn vị chưa có số liệu", "1"]


def test_what_is_published_hides_small_counts_and_what_gives_them_away(reporting: Office, alice: Browser) -> None:
    seed(reporting)
    text = alice.get(f"{HERE}.csv?{ASKED}&cong-bo=1").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert rows[1] == ["Sở Nội vụ", "không công bố", "không công bố", "không công bố", "7", "0", "70"]
    assert rows[2] == ["Sở Tài chính", "không công bố", "không công bố", "không công bố", "4", "1234,5", "90"]
    assert rows[4][:4] == ["Tổng cộng", "15", "11", "73,3"]
    assert FINANCE not in text


@pytest.mark.parametrize("publish", ["", "&cong-bo=1"])
@pytest.mark.parametrize(("kind", "begins"), [("xlsx", b"PK"), ("pdf", b"%PDF-"), ("docx", b"PK")])
def test_files_come_as_attachments_with_a_name(
    reporting: Office, alice: Browser, kind: str, begins: bytes, publish: str
) -> None:
    seed(reporting)
    answer = alice.get(f"{HERE}.{kind}?{ASKED}{publish}")
    assert answer.content.startswith(begins)
    name = f"so-lieu-{PLAN}-bao-cao-2024-03{'-cong-bo' if publish else ''}.{kind}"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'


def test_published_workbook_holds_no_comparison_and_no_ids(reporting: Office, alice: Browser) -> None:
    seed(reporting)
    book = load_workbook(io.BytesIO(alice.get(f"{HERE}.xlsx?{ASKED}&cong-bo=1").content))
    assert book.sheetnames == ["Số liệu"]
    cells: list[Any] = [cell for row in book.worksheets[0].iter_rows(values_only=True) for cell in row]
    assert "không công bố" in cells
    assert not any(PLAN in str(cell) for cell in cells)


# -- programs --


def test_api_tells_the_same(reporting: Office) -> None:
    from tests.web.test_rights_matrix import bearer

    seed(reporting)
    browser = reporting.browser()
    answer = browser.get(
        f"/api/v1/plans/{PLAN}/figures?duty=bao-cao&period={MARCH}", headers=bearer(reporting, "alice")
    )
    found = answer.json()
    assert found["title"] == "Báo cáo tháng 03/2024"
    totals = {each["figure"]: each for each in found["totals"]}
    assert totals["tien"]["value"] == 1234.5
    assert (totals["ty-le"]["value"], totals["hai-long"]["value"]) == (73.3, None)
    assert totals["nhu-cau"]["missing"] == ["Ủy ban MTTQ Việt Nam Thung Lũng"]
    assert totals["nhu-cau"]["before"] == 10
