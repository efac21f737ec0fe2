"""Biểu tình hình gửi báo cáo: what stands in it, as of which day, and its files."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from app import state_table
from app.filestore import FileStore
from app.sheet_files import as_xlsx
from app.state_table import StateTable
from app.state_table_choices import choices, feeding, nearest
from app.state_table_files import as_report, as_sheets, totals
from app.state_table_lines import Kind, Line
from app.state_table_zip import as_zip
from letters.report_docx import as_docx
from tasks import moves, paper_desk, papers
from tasks.agencies import load_plan
from tasks.database import reading, writing
from tasks.paper_desk import Content
from tasks.papers import Paper
from tasks.tables import paper
from tests.letters.reading import SOFFICE, all_by_libreoffice, in_order, pages, sizes, texts
from tests.support import COMMUNES, FINANCE, FRONT, HEIR, INTERIOR, LEAD, PLAN, Valley, at, plan_text
from tests.web.test_occurrence import counting

DUTIES = """\
  - id: bao-cao-nam
    title: Báo cáo năm
    section: IV.1
    responsible: [so-tai-chinh, so-noi-vu, mat-tran, cap-xa]
    due: {kind: annual, month: 3, day: 16, boundary: before, quote: "trước ngày 16/3", from: 2024-02-01}
    recipients: [{agency: cong-an}]
    feeds: tong-hop
  - id: bao-cao-quy
    title: Báo cáo quý
    section: IV.1
    responsible: [so-tai-chinh]
    due: {kind: quarterly, month: 3, day: 10, boundary: before, quote: "trước ngày 10 tháng cuối quý", from: 2024-02-01}
    recipients: [{agency: cong-an}]
    feeds: tong-hop
  - id: tong-hop
    title: Báo cáo tổng hợp
    section: IV.2
    responsible: [cong-an]
    due: {kind: annual, month: 3, day: 29, boundary: before, quote: "trước ngày 29/3", from: 2024-02-01}
    recipients: [{agency: cong-an}]
"""
YEARLY = f"{PLAN}/bao-cao-nam/{{}}/2024"
OF_FINANCE, OF_INTERIOR, OF_FRONT, OF_COMMUNES = (
    YEARLY.format(each) for each in ("so-tai-chinh", "so-noi-vu", "mat-tran", "cap-xa")
)


@pytest.fixture
def desk(valley: Valley) -> Valley:
    """Followed since 01/02/2024; today is Monday 25/03/2024, a week after the reports of the year were due."""
    valley.follow("2024-02-01 08:00", text=plan_text(DUTIES))
    valley.advance("2024-03-25 08:00")
    return valley


def table_of(v: Valley, duty: str = "bao-cao-nam", period: str = "2024", day: str | None = None) -> StateTable:
    with reading(v.engine) as c:
        chosen = date.fromisoformat(day) if day else None
        found = state_table.load(c, PLAN, duty, period, now=v.now, day=chosen)
    assert found is not None
    return found


def lines_of(table: StateTable) -> dict[str, Line]:
    return {line.agency_id: line for line in table.lines}


def test_every_way_to_stand_has_its_words_and_its_place_in_the_totals(desk: Valley) -> None:
    desk.record(OF_FINANCE, received="2024-03-15", number="12/BC-STC", dated="2024-03-14")
    desk.record(OF_INTERIOR, received="2024-03-20", number="7/BC")
    desk.claim(OF_FRONT)
    table = table_of(desk)
    found = lines_of(table)
    assert [line.agency for line in table.lines] == [
        "Công an cấp xã", "Sở Nội vụ", "Sở Tài chính", "Ủy ban MTTQ Việt Nam Thung Lũng",
    ]  # fmt: skip
    assert (found[FINANCE].status, found[FINANCE].number, found[FINANCE].dated) == (
        "Đúng hạn", "12/BC-STC", date(2024, 3, 14),
    )  # fmt: skip
    assert (found[INTERIOR].status, found[INTERIOR].days_late) == ("Gửi chậm 2 ngày", 2)
    assert found[FRONT].status == "Cơ quan báo đã gửi, chờ đối chiếu; đã quá hạn 7 ngày"
    assert found[FRONT].notes == ("Cơ quan báo đã gửi: 9/BC",)
    assert found[COMMUNES].status == "Quá hạn 7 ngày, chưa nhận"
    assert {kind: n for kind, n in table.totals.items() if n} == {
        Kind.ON_TIME: 1, Kind.LATE: 1, Kind.CLAIMED: 1, Kind.OVERDUE: 1,
    }  # fmt: skip
    assert list(totals(table)) == [
        "Phải gửi: 04; đã nhận: 02; chưa nhận: 02.",
        "Đã nhận: đúng hạn 01; gửi chậm 01.",
        "Chưa nhận: quá hạn 01; báo đã gửi, chờ đối chiếu 01.",
    ]


def test_notes_name_every_extension_a_pause_a_promise_a_return_and_a_waiver(desk: Valley) -> None:
    desk.extend(OF_FINANCE, to="2024-03-28")
    desk.extend(OF_FINANCE, to="2024-04-05")
    desk.hold(OF_INTERIOR, "2024-03-27")
    desk.record(OF_FRONT, received="2024-03-15", number="3/BC")
    desk.give_back(OF_FRONT, by="2024-03-29")
    desk.waive(OF_COMMUNES)
    found = lines_of(table_of(desk))
    assert found[FINANCE].notes == ("Gia hạn đến 28/03/2024 (VB số 77/UBND)", "Gia hạn đến 05/04/2024 (VB số 77/UBND)")
    assert (found[FINANCE].status, found[FINANCE].last_day) == ("Chưa đến hạn", date(2024, 4, 5))
    assert found[INTERIOR].notes == ("Tạm dừng nhắc đến hết ngày 27/03/2024",)
    assert found[FRONT].notes == ("Trả lại: thiếu biểu, thiếu nội dung; gửi lại chậm nhất 29/03/2024",)
    assert found[FRONT].kind is Kind.RETURNED
    assert (found[COMMUNES].kind, found[COMMUNES].notes) == (Kind.WAIVED, ("CV 3",))


def test_it_can_be_seen_as_it_stood_at_the_end_of_a_day(desk: Valley) -> None:
    desk.go("2024-03-20 09:00").record(OF_FINANCE, received="2024-03-15", number="12/BC")
    desk.go("2024-03-21 09:00").extend(OF_INTERIOR, to="2024-04-05")
    desk.go("2024-03-22 09:00").hold(OF_FRONT, "2024-03-29")
    desk.go("2024-03-25 08:00")
    before = lines_of(table_of(desk, day="2024-03-19"))
    assert {line.status for line in before.values()} == {"Quá hạn 1 ngày, chưa nhận"}
    assert all(line.notes == () and line.number is None for line in before.values())
    assert before[INTERIOR].last_day == date(2024, 3, 15)
    then = table_of(desk, day="2024-03-21")
    assert then.past
    assert lines_of(then)[FINANCE].status == "Đúng hạn"
    assert lines_of(then)[FINANCE].number == "12/BC"
    assert lines_of(then)[INTERIOR].notes == ("Gia hạn đến 05/04/2024 (VB số 77/UBND)",)
    assert lines_of(then)[FRONT].notes == ()
    assert lines_of(table_of(desk))[FRONT].notes == ("Tạm dừng nhắc đến hết ngày 29/03/2024",)
    assert "Tính đến hết ngày 21/03/2024" in as_report(then).subtitle


def test_of_a_secret_paper_only_its_date_is_told(desk: Valley, tmp_path: Path) -> None:
    with writing(desk.engine) as c:
        came = Paper(date(2024, 3, 15), secret=True)
        papers.record(c, [OF_FINANCE], came, review=False, now=desk.now, actor="test")
        # an old row that still bears what must not be told
        c.execute(update(paper).values(number="99/BC-MAT", dated=date(2024, 3, 14)))
    line = lines_of(table_of(desk))[FINANCE]
    assert (line.secret, line.number, line.dated, line.notes) == (True, None, None, ("Nhận theo chế độ mật",))
    with as_zip(table_of(desk), FileStore(tmp_path)) as file:
        content = everything(file.read())
    assert "theo chế độ mật: chỉ ghi ngày nhận" in content["danh-muc-van-ban.csv"].decode("utf-8-sig")
    assert not any(b"99/BC-MAT" in data for data in content.values())
    assert not any("99/BC-MAT" in text for text in texts(content["bieu-tinh-hinh.docx"]))


def test_a_body_that_has_ended_needs_a_successor_whether_it_was_made_or_not(desk: Valley) -> None:
    desk.end_body(INTERIOR, "2024-03-20")
    found = lines_of(table_of(desk))
    assert (found[INTERIOR].kind, found[INTERIOR].status) == (Kind.SUCCESSOR, "Cần cơ quan kế thừa")
    assert found[INTERIOR].notes == ("Kết thúc hoạt động ngày 20/03/2024",)
    next_year = lines_of(table_of(desk, period="2025"))
    assert next_year[INTERIOR].kind is Kind.SUCCESSOR
    desk.transfer(OF_INTERIOR, HEIR)
    assert lines_of(table_of(desk))[INTERIOR].notes == ("Kế thừa: Sở Mới",)
    assert HEIR in lines_of(table_of(desk))


def test_the_leads_own_report_tells_what_still_has_to_come_and_how_long_it_has(desk: Valley) -> None:
    own = desk.occurrence(f"{PLAN}/tong-hop/cong-an/2024")
    with reading(desk.engine) as c:
        found = feeding(c, own, now=desk.now)
    assert found is not None
    # four bodies owe the yearly report, and Sở Tài chính the one of the first quarter as well
    assert (found.bodies, found.total, found.came, found.days_left) == (4, 5, 0, 3)
    assert found.missing[0].status == "Quá hạn 14 ngày, chưa nhận"
    assert found.last_day == date(2024, 3, 28)
    desk.record(OF_FINANCE, f"{PLAN}/bao-cao-quy/so-tai-chinh/2024-Q1", received="2024-03-25", number="5/BC")
    with reading(desk.engine) as c:
        again = feeding(c, own, now=desk.now)
    assert again is not None
    assert (again.bodies, again.came) == (3, 2)


def test_what_falls_due_after_the_leads_report_goes_into_the_next_one(desk: Valley) -> None:
    with reading(desk.engine) as c:
        plan = load_plan(c, PLAN)
        now, later = (desk.occurrence(f"{PLAN}/tong-hop/cong-an/{year}") for year in (2024, 2025))
        assert state_table.feeding_keys(c, plan, now) == {("bao-cao-nam", "2024"), ("bao-cao-quy", "2024-Q1")}
        keys = state_table.feeding_keys(c, plan, later)
    assert {("bao-cao-quy", "2024-Q2"), ("bao-cao-quy", "2024-Q3"), ("bao-cao-quy", "2024-Q4")} <= keys
    assert ("bao-cao-nam", "2025") in keys
    assert ("bao-cao-quy", "2024-Q1") not in keys


def test_a_late_day_by_extension_does_not_take_a_report_out_of_its_period(desk: Valley) -> None:
    desk.extend(OF_FINANCE, to="2024-04-20")
    with reading(desk.engine) as c:
        keys = state_table.feeding_keys(c, load_plan(c, PLAN), desk.occurrence(f"{PLAN}/tong-hop/cong-an/2024"))
    assert ("bao-cao-nam", "2024") in keys


def test_the_table_of_the_leads_report_groups_what_goes_into_it_by_deadline(desk: Valley) -> None:
    table = table_of(desk, "tong-hop")
    assert [group.title for group in table.groups] == ["Báo cáo quý I/2024", "Báo cáo năm 2024"]
    text = "\n".join(texts(as_docx(as_report(table))))
    assert "Báo cáo quý I/2024 (mục IV.1)" in text
    assert "báo cáo gửi về để xây dựng Báo cáo tổng hợp 2024" in text


def test_an_unknown_period_has_no_table(desk: Valley) -> None:
    with reading(desk.engine) as c:
        assert state_table.load(c, PLAN, "bao-cao-nam", "1999", now=desk.now) is None
        assert state_table.load(c, PLAN, "la-hoac", "2024", now=desk.now) is None


def test_the_choice_offered_first_is_what_is_due_next(desk: Valley) -> None:
    with reading(desk.engine) as c:
        offered = choices(c, load_plan(c, PLAN))
    chosen = nearest(offered, date(2024, 3, 25))
    assert chosen is not None
    assert chosen.value == "tong-hop/2024"
    assert nearest((), date(2024, 3, 25)) is None


def test_queries_do_not_grow_with_the_bodies(desk: Valley) -> None:
    with counting(desk.engine) as few, reading(desk.engine) as c:
        state_table.load(c, PLAN, "bao-cao-quy", "2024-Q1", now=desk.now)
    with counting(desk.engine) as many, reading(desk.engine) as c:
        state_table.load(c, PLAN, "bao-cao-nam", "2024", now=desk.now)
    assert len(few) == len(many)


# -- files --


def everything(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def store(desk: Valley, home: Path, name: str, data: bytes = b"%PDF-1.7 mot van ban") -> str:
    """Keeps a file beside the newest paper."""
    digest = hashlib.sha256(data).hexdigest()
    path = FileStore(home).path(digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    with writing(desk.engine) as c:
        newest = c.execute(select(paper.c.id).order_by(paper.c.id.desc())).scalars().first()
        assert newest is not None
        paper_desk.attach(c, newest, Content(digest, "pdf", len(data), name), now=desk.now, actor="test")
    return digest


def test_nothing_that_somebody_typed_becomes_a_formula_in_excel(desk: Valley) -> None:
    desk.record(OF_FINANCE, received="2024-03-15", number="=1+1")
    with as_xlsx(as_sheets(table_of(desk))) as file:
        book = load_workbook(file)
    first, sums = book.worksheets
    assert [cell.value for cell in first[1]][:4] == ["Stt", "Báo cáo, kỳ", "Cơ quan, đơn vị", "Hạn gửi"]
    cells = [cell for row in first.iter_rows(min_row=2) for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert "=1+1" in {cell.value for cell in cells}
    assert first["D2"].number_format == "dd/mm/yyyy"
    assert {row[0].value: row[1].value for row in sums.iter_rows(min_row=2)}["Phải gửi"] == 4


def test_the_zip_holds_the_papers_by_body_under_safe_names_and_says_what_is_not_there(
    desk: Valley, tmp_path: Path
) -> None:
    desk.record(OF_FINANCE, received="2024-03-15", number="12/BC")
    hashes = [store(desk, tmp_path, "../../báo cáo.pdf"), store(desk, tmp_path, "phụ lục.pdf", b"%PDF-1.7 hai")]
    desk.record(OF_INTERIOR, received="2024-03-15", number="7/BC")
    gone = store(desk, tmp_path, "mất.pdf", b"%PDF-1.7 ba")
    FileStore(tmp_path).remove(gone)
    desk.record(OF_FRONT, received="2024-03-15", number="3/BC")
    changed = store(desk, tmp_path, "đổi.pdf", b"%PDF-1.7 bon")
    FileStore(tmp_path).path(changed).write_bytes(b"khac")
    with as_zip(table_of(desk), FileStore(tmp_path)) as file:
        content = everything(file.read())
    assert sorted(content) == [
        "MANIFEST-SHA256.txt",
        "bieu-tinh-hinh.docx",
        "bieu-tinh-hinh.xlsx",
        "danh-muc-van-ban.csv",
        "van-ban/03-so-tai-chinh/báo cáo.pdf",
        "van-ban/03-so-tai-chinh/phụ lục.pdf",
        "van-ban/04-uy-ban-mttq-viet-nam-thung-lung/đổi.pdf",
    ]
    index = list(csv.reader(io.StringIO(content["danh-muc-van-ban.csv"].decode("utf-8-sig")), delimiter=";"))
    assert [row[1] for row in index[1:]] == [
        "Sở Nội vụ", "Sở Tài chính", "Sở Tài chính", "Ủy ban MTTQ Việt Nam Thung Lũng",
    ]  # fmt: skip
    assert index[1][7] == "tệp mất.pdf không còn trong kho lưu; cần khôi phục từ bản sao lưu"
    assert {row[6] for row in index[2:4]} == set(hashes)
    assert index[4][7] == "tệp trong kho lưu không còn đúng như khi nhận"
    for line in content["MANIFEST-SHA256.txt"].decode().splitlines():
        digest, name = line.split("  ", 1)
        assert hashlib.sha256(content[name]).hexdigest() == digest


def test_two_files_of_one_name_are_both_there(desk: Valley, tmp_path: Path) -> None:
    desk.record(OF_FINANCE, received="2024-03-15", number="12/BC")
    store(desk, tmp_path, "BC.pdf")
    store(desk, tmp_path, "bc.PDF", b"%PDF-1.7 hai")
    with as_zip(table_of(desk), FileStore(tmp_path)) as file:
        names = [name for name in everything(file.read()) if name.startswith("van-ban/")]
    assert sorted(name.rpartition("/")[2].lower() for name in names) == ["bc (2).pdf", "bc.pdf"]


def test_the_same_table_gives_the_same_zip(desk: Valley, tmp_path: Path) -> None:
    table = table_of(desk)
    made = []
    for _n in range(2):
        with as_zip(table, FileStore(tmp_path)) as file:
            content = everything(file.read())
            made.append({name: data for name, data in content.items() if name.endswith((".docx", ".csv"))})
    assert made[0] == made[1]


def test_a_requests_wish_stands_there_until_it_is_answered(desk: Valley) -> None:
    from tasks import desk as office_desk
    from tasks.desk import RequestKind

    with writing(desk.engine) as c:
        number = office_desk.ask(
            c,
            OF_FINANCE,
            kind=RequestKind.EXTENSION,
            text="thiếu số liệu",
            wanted=date(2024, 4, 2),
            now=desk.now,
            actor="x",
        )
    assert lines_of(table_of(desk))[FINANCE].notes == ("Đề nghị gia hạn đến 02/04/2024, chưa trả lời",)
    with writing(desk.engine) as c:
        office_desk.settle(c, OF_FINANCE, number, answer="Không", now=desk.now, actor="x")
    assert lines_of(table_of(desk))[FINANCE].notes == ()


def test_what_a_feeding_report_was_extended_by_is_seen_in_the_leads_table(desk: Valley) -> None:
    with writing(desk.engine) as c:
        moves.extend(c, [OF_FINANCE], to=date(2024, 4, 20), document="900/UBND-NC", now=desk.now, actor="test")
    lines = [line for line in table_of(desk, "tong-hop").lines if line.notes]
    assert [line.notes for line in lines] == [("Gia hạn đến 20/04/2024 (VB số 900/UBND-NC)",)]
    assert lines[0].agency_id == FINANCE
    assert LEAD not in {line.agency_id for line in table_of(desk, "tong-hop").lines}
    assert at("2024-03-25 08:00") == desk.now


@pytest.mark.skipif(SOFFICE is None, reason="no LibreOffice on this machine")
@pytest.mark.slow
def test_libreoffice_prints_the_table(desk: Valley, tmp_path: Path) -> None:
    desk.record(OF_FINANCE, received="2024-03-15", number="12/BC-STC", dated="2024-03-14")
    files = {
        "one": as_docx(as_report(table_of(desk))),
        "several": as_docx(as_report(table_of(desk, "tong-hop"))),
    }
    made = all_by_libreoffice(files, tmp_path)
    one, several = (" ".join(pages(data)) for data in made.values())
    assert in_order(
        one, "CÔNG AN THUNG LŨNG", "BIỂU TÌNH HÌNH GỬI BÁO CÁO", "Báo cáo năm 2024, KH 05/KH-UBND",
        "Stt", "Cơ quan, đơn vị", "Công an cấp xã", "Quá hạn 7 ngày, chưa nhận", "Sở Tài chính", "15/03/2024",
        "12/BC-STC, 14/03/2024", "Đúng hạn", "Phải gửi: 04; đã nhận: 01; chưa nhận: 03.", "NGƯỜI LẬP BIỂU",
    )  # fmt: skip
    assert in_order(several, "Báo cáo quý I/2024 (mục IV.1)", "Sở Tài chính", "Báo cáo năm 2024 (mục IV.1)")
    assert {size for data in made.values() for size in sizes(data)} == {(297, 210)}
