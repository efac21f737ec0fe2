"""Nhập từ sổ văn bản đến: columns found by their headings, a dry run, one click, and what is wrong given back."""

from __future__ import annotations

import html
import io
import re
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import Workbook

from app import paper_table
from app.paper_table import Row, pasted, rows_of
from tasks.errors import BadInput
from tasks.model import State
from tests.support import ANSWERABLE, PLAN
from tests.web.office import Browser, Office
from tests.web.test_occurrence import SCRIPT, counting
from tests.web.test_papers import AT, papers_of, send

HERE = f"{AT}/nhap"
HEAD = "Cơ quan ban hành\tSố/ký hiệu\tNgày văn bản\tNgày đến\tTrích yếu"
GOOD = "Sở Tài chính\t12/BC-STC\t08/03/2024\t11/03/2024\tKế hoạch triển khai"
INTERIOR = f"{PLAN}/ke-hoach/so-noi-vu/once"


@pytest.fixture
def alice(office: Office) -> Browser:
    return office.browser("alice")


def look(browser: Browser, *lines: str, head: str = HEAD, status: int = 200) -> str:
    browser.get(HERE)
    text = "\n".join((head, *lines) if head else lines)
    return html.unescape(browser.post(HERE, {"du-lieu": text}, status=status).text)


def click(browser: Browser, changes: dict[str, Any] | None = None, *, status: int = 200) -> str:
    """The form of the dry run as it stands, with these changes."""
    text = re.search(r'<textarea name="du-lieu"[^>]*>(.*?)</textarea>', browser.last, re.S)
    assert text
    form: dict[str, Any] = {"du-lieu": html.unescape(text[1])}
    for name, value in re.findall(r'name="(viec-\d+)" value="([^"]+)" checked', browser.last):
        form.setdefault(name, []).append(value)
    return html.unescape(browser.post(f"{HERE}/ghi", {**form, **(changes or {})}, status=status).text)


def book(*rows: list[Any]) -> bytes:
    made, held = Workbook(), io.BytesIO()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    made.save(held)
    return held.getvalue()


def upload(browser: Browser, data: bytes, name: str = "so.xlsx", *, status: int = 200) -> str:
    browser.get(HERE)
    return html.unescape(browser.post(HERE, {}, files={"tep": (name, data)}, status=status).text)


def test_a_dry_run_writes_nothing_and_one_click_all_that_is_right(office: Office, alice: Browser) -> None:
    page = look(alice, GOOD, "Sở Nội vụ\t7/BC-SNV\t8/3/2024\t11/3/2024\tKế hoạch", "Sở Lạ\t1/X\t8/3/2024\t11/3/2024\t")
    assert "2 dòng sẽ ghi, 0 dòng cần chọn việc, 0 dòng đã có, 1 dòng chưa ghi được" in page
    assert "Không có cơ quan “Sở Lạ”" in page
    assert papers_of(office) == []
    page = click(alice)
    assert "Đã ghi nhận 2 văn bản" in page
    assert "Dòng 4, 1/X, Sở Lạ: Không có cơ quan" in page
    assert re.search(r"<textarea[^>]*>Cơ quan ban hành\t[^<]*\nSở Lạ\t1/X\t8/3/2024\t11/3/2024\t</textarea>", page)
    assert [office.valley.occurrence(it).state for it in (ANSWERABLE, INTERIOR)] == [State.ACCEPTED] * 2
    assert "2 dòng đã có trong sổ" in _again(alice)


def _again(alice: Browser) -> str:
    look(
        alice,
        GOOD,
        "Sở Nội vụ\t7/BC-SNV\t8/3/2024\t11/3/2024\tKế hoạch",
        "UBMTTQ Việt Nam Thung Lũng\t3/MT\t8/3/2024\t11/3/2024\t",
    )
    return click(alice, {"viec-4": [f"{PLAN}/ke-hoach/mat-tran/once"]})


@pytest.mark.parametrize(
    "head",
    [
        "Ngay den\tSo den\tTac gia\tSo, ky hieu van ban\tNgay, thang van ban\tTen loai va trich yeu noi dung van ban",
        "NGÀY ĐẾN\tSố đến\tNơi gửi\tSố ký hiệu\tNgày VB\tTrích yếu",
        "Ngày nhận\tSTT\tĐơn vị gửi\tSố hiệu\tNgày ban hành\tNội dung",
    ],
)
def test_headings_are_known_in_any_spelling_and_order(office: Office, alice: Browser, head: str) -> None:
    page = look(alice, "11/03/2024\t55\tSở Tài chính\t12/BC-STC\t08/03/2024\tv/v kế hoạch triển khai", head=head)
    assert "1 dòng sẽ ghi" in page
    click(alice)
    [row] = papers_of(office)
    assert (row.number, row.dated, row.received_on) == ("12/BC-STC", date(2024, 3, 8), date(2024, 3, 11))


def test_headings_may_stand_below_a_title_and_above_a_numbering() -> None:
    title = [["SỔ ĐĂNG KÝ VĂN BẢN ĐẾN", "", "", ""], [], ["Nơi gửi", "Số/ký hiệu", "Ngày đến", "Ngày ký"]]
    rows = rows_of([*title, ["(1)", "(2)", "(3)", "(4)"], ["Sở A", "1/X", "1/3/2024", ""], ["", "", "", ""]])
    assert rows == [Row(5, "Sở A", "1/X", "", "1/3/2024", "")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Dán các dòng"),
        (HEAD, "Không có dòng nào"),
        ("Sở Tài chính\t12/BC\t8/3/2024\t11/3/2024", "Không thấy cột: Cơ quan ban hành, Số/ký hiệu, Ngày đến"),
        ("Cơ quan\tSố/ký hiệu\nSở Tài chính\t12", "Không thấy cột: Ngày đến"),
        (HEAD + ("\n" + GOOD) * 501, "tối đa 500 dòng"),
    ],
)
def test_what_is_no_table_is_said(office: Office, alice: Browser, text: str, said: str) -> None:
    alice.get(HERE)
    assert said in html.unescape(alice.post(HERE, {"du-lieu": text}, status=400).text)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("\t12/BC\t8/3/2024\t11/3/2024\t", "Thiếu cơ quan"),
        ("Sở\t12/BC\t8/3/2024\t11/3/2024\t", "chưa rõ cơ quan nào"),
        ("Sở Tài\t12/BC\t8/3/2024\t11/3/2024\t", "chưa rõ cơ quan nào"),  # a beginning is not enough here
        ("Sở Tài chính\t\t8/3/2024\t11/3/2024\t", "Thiếu số văn bản"),
        ("Sở Tài chính\t12/BC\t\t11/3/2024\t", "Thiếu ngày văn bản"),
        ("Sở Tài chính\t12/BC\t8/3/2024\t\t", "Thiếu ngày đến"),
        ("Sở Tài chính\t12/BC\t32/3/2024\t11/3/2024\t", "không phải ngày"),
        ("Sở Tài chính\t12/BC\t8/3/2024\t12/3/2024\t", "ở tương lai"),
        ("Sở Tài chính\t12/BC\t11/3/2024\t8/3/2024\t", "sau ngày nhận"),
        (f"Sở Tài chính\t{'9' * 61}\t8/3/2024\t11/3/2024\t", "dài quá 60"),
        ("Sở Mới\t12/BC\t8/3/2024\t11/3/2024\t", "Không có cơ quan “Sở Mới”"),
    ],
)
def test_a_wrong_line_says_why(office: Office, alice: Browser, line: str, said: str) -> None:
    page = look(alice, line, GOOD)
    assert said in page
    assert "1 dòng sẽ ghi" in page
    assert "Đã ghi nhận 1 văn bản" in click(alice)


@pytest.mark.parametrize("typed", ["STC", "so tai chinh", "Sở Tài chính tỉnh Thung Lũng", "SỞ TÀI CHÍNH"])
def test_bodies_as_registers_write_them(office: Office, alice: Browser, typed: str) -> None:
    assert "1 dòng sẽ ghi" in look(alice, GOOD.replace("Sở Tài chính", typed, 1))


def test_excel_days_and_numbers(office: Office, alice: Browser) -> None:
    head = ["Cơ quan ban hành", "Số/ký hiệu", "Ngày văn bản", "Ngày đến", "Trích yếu"]
    data = book(
        ["SỔ VĂN BẢN ĐẾN"],
        head,
        ["Sở Tài chính", 12, datetime(2024, 3, 8, 9, 30), 45362, None],  # noqa: DTZ001 - Excel knows no zones
        ["Sở Nội vụ", "7/BC", "08/03/2024", date(2024, 3, 11), "x"],
    )
    assert "2 dòng sẽ ghi" in upload(alice, data)
    click(alice)
    assert [(row.number, row.dated, row.received_on) for row in papers_of(office)] == [
        ("12", date(2024, 3, 8), date(2024, 3, 11)),
        ("7/BC", date(2024, 3, 8), date(2024, 3, 11)),
    ]


def _bomb() -> bytes:
    held = io.BytesIO(book(["Cơ quan", "Số", "Ngày đến"]))
    with zipfile.ZipFile(held, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", b"<c/>" * (12 << 20))
    return held.getvalue()


def _broken() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in ("[Content_Types].xml", "xl/workbook.xml"):
            archive.writestr(name, b"<no xml")
    return held.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Tệp rỗng"),
        (b"Co quan\tSo\tNgay den", "nội dung khác"),
        (b"%PDF-1.7\n%%EOF\n", "phải là tệp Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "nội dung khác"),
        (_bomb(), "quá lớn"),
        (_broken(), "bị hỏng"),
        (book(["Cơ quan", "Số", "Ngày đến"], *([["Sở", "1", "1/3/2024"]] * 600)), "tối đa 500 dòng"),
        (book(["a", "b"]), "Không thấy cột"),
        (book(), "Không thấy cột"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_workbooks_that_are_none(office: Office, alice: Browser, data: bytes, said: str) -> None:
    assert said in upload(alice, data, status=400)


def test_twice_in_one_paste_and_known_before(office: Office, alice: Browser) -> None:
    send(alice, co_quan="Sở Nội vụ", viec=INTERIOR, so="7/BC-SNV")
    page = look(alice, GOOD, GOOD.replace("12/BC", "012 /bc"), "Sở Nội vụ\t7/bc-snv\t8/3/2024\t11/3/2024\t")
    assert "1 dòng sẽ ghi, 0 dòng cần chọn việc, 1 dòng đã có, 1 dòng chưa ghi được" in page
    assert "Trùng số với dòng 2" in page
    assert "Đã có trong sổ, nhận ngày 11/03/2024" in page


def test_what_somebody_else_recorded_meanwhile_is_given_back(office: Office, alice: Browser) -> None:
    look(alice, GOOD, "Sở Nội vụ\t7/BC-SNV\t8/3/2024\t11/3/2024\t")
    office.valley.record(ANSWERABLE, received="2024-03-11", number="99/BC", dated="2024-03-08")
    page = click(alice)
    assert "Đã ghi nhận 1 văn bản" in page
    assert "Dòng 2, 12/BC-STC, Sở Tài chính: Cơ quan này không có việc nào đang chờ" in page


def test_nothing_chosen_and_foreign_duties_are_not_recorded(office: Office, alice: Browser) -> None:
    look(alice, GOOD)
    assert "Chưa có dòng nào được chọn" in click(alice, {"viec-2": []}, status=400)
    look(alice, GOOD)
    click(alice, {"viec-2": [INTERIOR]}, status=400)
    alice.post(f"{HERE}/ghi", {"du-lieu": "x"}, status=400)
    assert papers_of(office) == []


def test_who_may_import(office: Office) -> None:
    for login in ("henry", "otto", "ada", "finn"):
        browser = office.browser(login)
        browser.get(HERE, status=403)
        browser.post(HERE, {"du-lieu": GOOD}, status=403)
        browser.post(f"{HERE}/ghi", {"du-lieu": GOOD}, status=403)
    assert "Không có cơ quan “Sở Tài chính”" in look(office.browser("sam"), GOOD)


def test_queries_do_not_grow_with_lines(office: Office, alice: Browser) -> None:
    look(alice, GOOD)
    with counting(office.valley.engine) as few:
        look(alice, GOOD)
    with counting(office.valley.engine) as many:
        look(alice, *(GOOD.replace("12/", f"{n}/") for n in range(200)))
    assert len(many) == len(few)


def test_stored_script_in_every_cell_is_text(office: Office, alice: Browser) -> None:
    page = look(alice, "\t".join([SCRIPT] * 5), GOOD.replace("Kế hoạch triển khai", SCRIPT))
    assert SCRIPT not in alice.last
    assert SCRIPT in page
    click(alice)
    assert SCRIPT not in alice.last


def test_what_is_given_back_can_be_read_again() -> None:
    rows = pasted(HEAD + '\n"Sở ""A""\nB"\t=1+1\t\t1/3/2024\t\'x')
    assert rows == [Row(2, 'Sở "A"B', "=1+1", "", "1/3/2024", "x")]
    assert pasted(paper_table.as_text(rows)) == rows
    moved = [Row(41, "a", "b", "c", "d", '"e')]
    assert pasted(paper_table.as_lines(moved)) == moved
    with pytest.raises(BadInput):
        pasted("\x00" * 200_000 + "\t")


def test_a_subject_of_another_period_leaves_the_choice_to_the_officer(office: Office, alice: Browser) -> None:
    page = look(alice, GOOD.replace("Kế hoạch triển khai", "Báo cáo tháng 02/2024"))
    assert "0 dòng sẽ ghi, 1 dòng cần chọn việc" in page
    assert "checked" not in page
    assert "Đã ghi nhận 1 văn bản" in click(alice, {"viec-2": [ANSWERABLE]})
