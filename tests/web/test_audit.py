"""Kiểm tra: what was missed and late, at any moment; who did what; the chain; files that open cleanly."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, text

from app import verifying
from app.sheet_files import Column, Sheet, as_csv
from app.views.audit import BODIES, YEARS, Asked, Audit
from tasks import as_of
from tasks.audit import report
from tasks.database import reading, writing
from tasks.tables import agency, audit_event, occurrence
from tests.support import ANSWERABLE, FINANCE, LEAD, PLAN, Valley, at
from tests.web.office import Browser, Office
from tests.web.test_occurrence import SCRIPT, counting

INTERIOR = f"{PLAN}/ke-hoach/so-noi-vu/once"
FRONT = f"{PLAN}/ke-hoach/mat-tran/once"
COMMUNES = f"{PLAN}/ke-hoach/cap-xa/once"


@pytest.fixture
def late(office: Office) -> Office:
    """Tài chính came late on 20/03 (typed in on 22/03), Nội vụ in time; the others are missing. Today is 25/03."""
    v = office.valley
    v.go("2024-03-15 09:00").record(INTERIOR, received="2024-03-15", number="2/BC")
    v.advance("2024-03-19 07:30")
    v.go("2024-03-22 10:00").record(ANSWERABLE, received="2024-03-20", number="7/BC", dated="2024-03-20")
    v.advance("2024-03-25 08:00")
    return office


@pytest.fixture
def alice(late: Office) -> Browser:
    return late.browser("alice")


def shown(browser: Browser, query: str = "") -> list[str]:
    page = browser.get(f"/kiem-tra?{query}").text
    return sorted(re.findall(r'<a href="/ky/(thung-lung/[^"]+)"', page))


def plain(answer: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer)))


def copies(office: Office, number: int) -> None:
    """That many more late occurrences of Sở Tài chính, a day apart."""
    with writing(office.valley.engine) as c:
        row = dict(c.execute(select(occurrence).where(occurrence.c.id == COMMUNES)).one()._mapping)
        made = []
        for n in range(number):
            day = date(2024, 2, 2) + timedelta(days=n % 40)
            made.append({**row, "id": f"{PLAN}/ke-hoach/so-tai-chinh/k{n:03}", "period": f"k{n:03}", "last_day": day})
            made[-1] |= {"due": day, "late_after": day, "next_check_at": None, "agency_id": FINANCE}
        c.execute(occurrence.insert(), made)


# -- the list --


def test_everything_missed_or_late_stands_there(alice: Browser) -> None:
    assert shown(alice) == sorted([ANSWERABLE, FRONT, COMMUNES, f"{PLAN}/ke-hoach/gia-dinh/once"])
    page = plain(alice.last)
    assert "Hoàn thành quá hạn 2 ngày" in page
    assert "7/BC" in page
    assert "4 kỳ quá hạn hoặc gửi chậm" in page


@pytest.mark.asks_the_database
@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("loai=gui-cham", 1),
        ("loai=chua-nhan", 3),
        ("nam=2024", 4),
        ("nam=2023", 0),
        ("nam=x", 4),
        ("ke-hoach=thung-lung", 4),
        ("ke-hoach=khong-co", 0),
        ("co-quan=thung-lung.so-tai-chinh", 1),
        ("trang=999999", 4),
        ("trang=0", 4),
        ("loai=%27&theo=%3B", 4),
    ],
)
def test_filters_stand_in_the_address(alice: Browser, query: str, number: int) -> None:
    assert len(shown(alice, query)) == number


def test_the_database_says_what_the_rules_say(late: Office) -> None:
    v = late.valley
    v.give_back(INTERIOR, "2024-03-26")
    v.go("2024-03-26 08:00").record(FRONT, received="2024-03-26", review=True)
    v.go("2024-03-27 08:00").give_back(FRONT, "2024-04-02")
    v.claim(FRONT)
    for day in ("2024-03-27 09:00", "2024-04-01 09:00", "2024-04-03 09:00"):
        with reading(v.engine) as c:
            told = report(c, now=at(day))
            mine = Audit(c, None, Asked(), now=at(day))
            assert sorted(x.missed.occurrence for x in mine.page(1)) == sorted(x.occurrence for x in told.missed), day
            shares = {s.key: (s.due, s.on_time, s.late, s.missing) for s in mine.shares()}
            assert shares == {r.agency: (r.due, r.on_time, r.late, r.missing) for r in told.rates}, day


def test_the_on_time_table(alice: Browser) -> None:
    page = plain(alice.get("/kiem-tra/ty-le").text)
    assert "Sở Nội vụ 1 1 0 0 100,0%" in page
    assert "Sở Tài chính 1 0 1 0 0,0%" in page
    assert "Cộng 5 1 1 3 20,0%" in page
    assert "2024 5 1 1 3 20,0%" in plain(alice.get("/kiem-tra/ty-le?theo=nam").text)
    assert "05/KH-UBND 5 1 1 3 20,0%" in plain(alice.get("/kiem-tra/ty-le?theo=ke-hoach").text)
    assert "Chưa có kỳ nào đến hạn" in plain(alice.get("/kiem-tra/ty-le?nam=2019").text)


# -- at an earlier moment --


def test_the_register_as_it_stood_right_before_and_after_a_move(alice: Browser) -> None:
    """Tài chính's paper was typed in on 22/03 at 10:00: a minute before nobody knew of it."""
    assert ANSWERABLE in shown(alice, "ngay=22/03/2024&gio=9h59&loai=chua-nhan")
    assert "Đang xem như tại 09:59 22/03/2024" in plain(alice.last)
    assert "Quá hạn 4 ngày, chưa nhận" in plain(alice.last)
    assert ANSWERABLE not in shown(alice, "ngay=22/03/2024&gio=10:00&loai=chua-nhan")
    assert ANSWERABLE in shown(alice, "ngay=22/03/2024&gio=10h00&loai=gui-cham")


def test_the_last_minute_of_a_day(alice: Browser) -> None:
    assert shown(alice, "ngay=18/03/2024&gio=23h59") == []
    assert shown(alice, "ngay=17/03/2024") == []
    assert len(shown(alice, "ngay=19/03/2024&gio=00h00")) == 4
    assert shown(alice, "ngay=31/01/2024") == []


def test_before_the_plan_was_followed_there_was_nothing(late: Office) -> None:
    with reading(late.valley.engine) as c:
        assert Audit(c, None, Asked(at=at("2024-02-01 07:59")), now=late.valley.now).shares() == []


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("ngay=31/02/2024", "không phải ngày"),
        ("ngay=18/03/2024&gio=25h00", "không đúng dạng 16h00"),
        ("ngay=18/03/2024&gio=abc", "không đúng dạng 16h00"),
        ("gio=16h00", "thiếu ngày"),
        ("ngay=26/03/2099", "chưa tới"),
        ("ngay=25/03/2024&gio=08h01", "chưa tới"),
    ],
)
def test_a_moment_that_is_none_is_said(alice: Browser, query: str, said: str) -> None:
    if "2099" in query:  # without an hour: the end of that day has not come, and now is shown as that day
        query += "&gio=1h"
    assert said in plain(alice.get(f"/kiem-tra?{query}").text)
    assert said in plain(alice.get(f"/kiem-tra/qua-han.csv?{query}", status=400).text)


STORY: list[tuple[str, Callable[[Valley], object]]] = [
    ("2024-03-18 09:00", lambda v: v.extend(FRONT, to="2024-03-29")),
    ("2024-03-20 09:00", lambda v: v.record(INTERIOR, received="2024-03-19", number="1/BC", review=True)),
    ("2024-03-21 09:00", lambda v: v.give_back(INTERIOR, "2024-03-25")),
    ("2024-03-22 09:00", lambda v: v.record(ANSWERABLE, received="2024-03-21", number="5/BC")),
    ("2024-03-25 09:00", lambda v: v.correct(ANSWERABLE, received="2024-03-15", number="5/BC")),
    ("2024-03-26 09:00", lambda v: v.record(INTERIOR, received="2024-03-26", number="2/BC")),
    ("2024-03-27 09:00", lambda v: v.undo(INTERIOR)),
    ("2024-03-28 09:00", lambda v: v.waive(COMMUNES)),
    ("2024-03-29 09:00", lambda v: v.reopen(COMMUNES)),
    ("2024-04-01 09:00", lambda v: v.transfer(FRONT, "thung-lung.so-moi")),
    ("2024-04-02 09:00", lambda v: v.undo(ANSWERABLE)),
    ("2024-04-03 09:00", lambda v: v.stop()),
]  # fmt: skip


def test_every_day_of_a_long_story_reads_later_as_it_read_then(office: Office) -> None:
    """What the report said right after each move is what the page says of that moment at the end."""
    v = office.valley
    said: dict[datetime, tuple[list[tuple[object, ...]], dict[str, tuple[int, ...]]]] = {}
    for moment, move in STORY:
        v.advance(moment)
        move(v)
        with reading(v.engine) as c:
            told = report(c, now=v.now)
        rates: dict[str, tuple[int, ...]] = {r.agency: (r.due, r.on_time, r.late, r.missing) for r in told.rates}
        said[v.now] = ([(m.occurrence, m.due, m.late_after, m.days_late, m.status) for m in told.missed], rates)
    v.advance("2024-04-20 09:00")
    for then, (missed, rates) in said.items():
        with reading(v.engine) as c:
            found = Audit(c, frozenset({LEAD}), Asked(at=then), now=v.now)
            lines = [x.missed for x in found.every_line()]
            assert list(missed) == sorted(
                ((m.occurrence, m.due, m.late_after, m.days_late, m.status) for m in lines), key=lambda m: (m[1], m[0])
            ), then
            assert {s.key: (s.due, s.on_time, s.late, s.missing) for s in found.shares()} == rates, then
            assert found.total() == len(missed)


def test_a_rewound_deadline_is_the_old_one(office: Office) -> None:
    v = office.valley
    v.go("2024-03-18 09:00").extend(FRONT, to="2024-03-29")
    with reading(v.engine) as c:
        (then,) = as_of.changed(c, occurrence.c.id == FRONT, at=at("2024-03-18 08:59"))
    assert (then.due, then.last_day, then.late_after) == (date(2024, 3, 16), date(2024, 3, 15), date(2024, 3, 18))


# -- who sees it --


def test_each_role_sees_its_own(late: Office) -> None:
    for login in ("alice", "henry", "otto"):
        assert len(shown(late.browser(login))) == 4
        late.browser(login).get("/kiem-tra/qua-han.csv")
    sam = late.browser("sam")
    assert shown(sam) == []
    assert "Sở Tài chính" not in sam.last
    assert "Sở Tài chính" not in sam.get("/kiem-tra/ty-le").text
    assert "7/BC" not in sam.get("/kiem-tra/nhat-ky").text
    assert "7/BC" not in sam.get("/kiem-tra/nhat-ky.csv").text
    assert "Sở Tài chính" not in sam.get("/kiem-tra/qua-han.csv?ke-hoach=thung-lung").text
    for login in ("ada", "finn"):
        for path in ("", "/ty-le", "/nhat-ky", "/nguyen-ven", "/qua-han.csv", "/kiem-tra.xlsx", "/nhat-ky.xlsx"):
            late.browser(login).get(f"/kiem-tra{path}", status=403)


@pytest.mark.asks_the_database
@pytest.mark.parametrize(
    "path", ["/kiem-tra", "/kiem-tra?ngay=21/03/2024", "/kiem-tra/ty-le", "/kiem-tra/ty-le?ngay=21/03/2024",
             "/kiem-tra/nhat-ky"]
)  # fmt: skip
def test_queries_do_not_grow_with_rows(late: Office, alice: Browser, path: str) -> None:
    alice.get(path)
    with counting(late.valley.engine) as few:
        alice.get(path)
    copies(late, 120)
    with counting(late.valley.engine) as many:
        alice.get(path)
    assert len(many) == len(few)


def test_pages_hold_fifty(late: Office, alice: Browser) -> None:
    copies(late, 120)
    assert len(shown(alice)) == 50
    assert "Trang 1/3" in alice.last
    assert len(shown(alice, "trang=3")) == 24
    assert len(shown(alice, "trang=3&ngay=21/03/2024")) == 24
    every = [it for n in (1, 2, 3) for it in shown(alice, f"trang={n}&ngay=21/03/2024")]
    assert len(set(every)) == 124


# -- files --


def table(text_: str) -> list[list[str]]:
    assert text_.startswith("﻿")
    return list(csv.reader(io.StringIO(text_[1:]), delimiter=";"))


def test_csv_opens_in_excel(alice: Browser) -> None:
    answer = alice.get("/kiem-tra/qua-han.csv?loai=gui-cham")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'attachment; filename="qua-han-2024-03-25.csv"' in answer.headers["content-disposition"]
    head, row = table(answer.content.decode())
    told = dict(zip(head, row, strict=True))
    assert told["Cơ quan"] == "Sở Tài chính"
    assert told["Hạn theo kế hoạch"] == "16/03/2024"
    assert told["Ngày nhận"] == "20/03/2024"
    assert told["Số ngày quá hạn"] == "2"
    assert told["Mã kỳ"] == ANSWERABLE


def test_the_workbook_has_real_dates_and_numbers(alice: Browser) -> None:
    answer = alice.get("/kiem-tra/kiem-tra.xlsx")
    book = load_workbook(io.BytesIO(answer.content))
    missed, rates = book.worksheets
    assert missed.freeze_panes == "A2"
    assert missed.auto_filter.ref == "A1:M5"
    assert (missed.column_dimensions["B"].width or 0) > 30
    row = {cell.value: value for cell, value in zip(missed[1], missed[5], strict=True)}
    assert row["Hạn theo kế hoạch"].value == datetime(2024, 3, 16)  # noqa: DTZ001 - Excel has no zones
    assert row["Hạn theo kế hoạch"].number_format == "dd/mm/yyyy"
    assert row["Tính đến"].value == datetime(2024, 3, 25, 8, 0)  # noqa: DTZ001
    assert isinstance(row["Số ngày quá hạn"].value, int)
    assert [cell.value for cell in rates[2]][1:6] in ([1, 1, 0, 0, 100], [1, 0, 0, 1, 0], [1, 0, 1, 0, 0])


def test_files_hold_what_was_asked_for_at_that_moment(alice: Browser) -> None:
    rows = table(alice.get("/kiem-tra/qua-han.csv?ngay=22/03/2024&gio=9h59").content.decode())
    assert len(rows) == 5
    assert {row[10] for row in rows[1:]} == {"22/03/2024 09:59"}
    shares = table(alice.get("/kiem-tra/ty-le.csv?theo=nam").content.decode())
    assert shares[1] == ["2024", "5", "1", "1", "3", "20,0", "2024"]


EVIL = ['=HYPERLINK("http://x";"y")', "+1+1", "-2+3", "@SUM(1)", "\t=1", "\r=1", "＝1"]


def test_no_cell_becomes_a_formula(late: Office, alice: Browser) -> None:
    for evil in EVIL:
        with writing(late.valley.engine) as c:
            c.execute(agency.update().where(agency.c.id == FINANCE).values(name=evil))
            c.execute(occurrence.update().where(occurrence.c.id == ANSWERABLE).values(number=evil))
        _head, row = table(alice.get("/kiem-tra/qua-han.csv?loai=gui-cham").content.decode())
        assert row[2] == f"'{evil}"
        assert row[6] == f"'{evil}"
        book = load_workbook(io.BytesIO(alice.get("/kiem-tra/kiem-tra.xlsx?loai=gui-cham").content))
        cell = book.worksheets[0]["C2"]
        assert cell.data_type == "s"
        assert cell.quotePrefix
        assert not any(c.data_type == "f" for sheet in book for line in sheet for c in line)


def test_a_csv_goes_out_in_pieces() -> None:
    read: list[int] = []

    def rows() -> object:
        for n in range(1000):
            read.append(n)
            yield [n, None]

    pieces = as_csv(Sheet("x", [Column("a"), Column("b")], rows()))  # type: ignore[arg-type]
    next(pieces), next(pieces)
    assert len(read) < 500
    assert len(b"".join(pieces).splitlines()) > 700


# -- the trail --


def test_who_did_what_when(late: Office, alice: Browser) -> None:
    page = plain(alice.get("/kiem-tra/nhat-ky").text)
    assert "10:00 22/03/2024" in page
    assert "Ghi nhận văn bản số 7/BC ngày 20/03/2024, nhận ngày 20/03/2024: quá hạn 2 ngày" in page
    assert "Bắt đầu theo dõi kế hoạch từ ngày 01/02/2024" in plain(alice.get("/kiem-tra/nhat-ky?loai=ke-hoach").text)
    assert "Ghi nhận văn bản" not in plain(alice.get("/kiem-tra/nhat-ky?loai=ke-hoach&ke-hoach=thung-lung").text)
    assert "7/BC" in alice.get("/kiem-tra/nhat-ky?nguoi=test&tu=22/03/2024&den=22/03/2024").text
    assert "7/BC" not in alice.get("/kiem-tra/nhat-ky?nguoi=henry").text
    assert "7/BC" not in alice.get("/kiem-tra/nhat-ky?den=21/03/2024").text
    assert "Quá hạn khi hết ngày 18/03/2024" in plain(alice.get("/kiem-tra/nhat-ky?nguoi=he+thong").text)
    assert "không phải ngày" in plain(alice.get("/kiem-tra/nhat-ky?tu=xx").text)
    alice.get("/kiem-tra/nhat-ky.csv?tu=xx", status=400)
    rows = table(alice.get("/kiem-tra/nhat-ky.csv?loai=van-ban").content.decode())
    assert rows[1][3].startswith("Ghi nhận văn bản số 7/BC")
    book = load_workbook(io.BytesIO(alice.get("/kiem-tra/nhat-ky.xlsx?loai=van-ban").content))
    assert book.active is not None
    assert book.active["A2"].value == datetime(2024, 3, 22, 10, 0)  # noqa: DTZ001


def test_every_kind_that_the_trail_of_a_test_run_holds_has_words(late: Office, alice: Browser) -> None:
    page = alice.get("/kiem-tra/nhat-ky").text
    with reading(late.valley.engine) as c:
        kinds = set(c.execute(select(audit_event.c.kind)).scalars())
    for kind in kinds:
        assert f">{kind}<" not in page


def test_the_trail_goes_on_to_older_rows(late: Office, alice: Browser) -> None:
    with writing(late.valley.engine) as c:
        rows = [
            {"at": late.valley.now, "actor": "test", "kind": "call", "plan_id": PLAN, "occurrence_id": ANSWERABLE,
             "agency_id": FINANCE, "data": {"spoke_with": f"người {n}", "text": "t"}, "sample": True}
            for n in range(60)
        ]  # fmt: skip
        c.execute(audit_event.insert(), rows)
    first = plain(alice.get("/kiem-tra/nhat-ky").text)
    assert "người 59" in first
    assert "người 9:" not in first
    found = re.search(r'rel="next" href="([^"]+)"', alice.last)
    assert found
    assert "người 9:" in plain(alice.get(html.unescape(found[1])).text)


# -- the chain --


def test_nothing_is_said_of_the_chain_before_somebody_looked(alice: Browser) -> None:
    assert "Chưa xác minh lần nào" in plain(alice.get("/kiem-tra/nguyen-ven").text)


def test_a_chain_is_checked_and_the_result_kept(late: Office, alice: Browser) -> None:
    with reading(late.valley.engine) as c:
        head = verifying.newest(c)
    assert head is not None
    page = plain(alice.post("/kiem-tra/nguyen-ven", {"ma": head.hash[:16]}).text)
    assert f"Cả {head.place} dòng đều khớp mã" in page
    assert f"là của dòng thứ {head.place}" in page
    assert "Alice xác minh lúc 08:00 25/03/2024" in plain(late.browser("otto").get("/kiem-tra/nguyen-ven").text)
    assert "KHÔNG khớp với thư" in plain(alice.post("/kiem-tra/nguyen-ven", {"ma": "0123 4567 89ab"}).text)
    assert "không phải mã" in plain(alice.post("/kiem-tra/nguyen-ven", {"ma": SCRIPT}, status=400).text)
    assert SCRIPT not in alice.last


def test_an_altered_row_is_found(late: Office, alice: Browser) -> None:
    if late.valley.engine.dialect.name != "sqlite":
        pytest.skip("the trigger is taken off in SQLite's own way")
    with writing(late.valley.engine) as c:
        for (name,) in c.execute(
            text("SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name='audit_event'")
        ).all():
            c.execute(text(f"DROP TRIGGER {name}"))
        c.execute(audit_event.update().where(audit_event.c.kind == "record").values(actor="someone"))
    page = plain(alice.post("/kiem-tra/nguyen-ven").text)
    assert "KHÔNG nguyên vẹn" in page
    assert "không khớp mã" in page


def test_a_long_chain_is_checked_in_part_and_says_so(
    late: Office, alice: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = verifying.check(late.valley.engine, most=3, now=late.valley.now, actor="alice")
    assert (done.intact, done.whole, done.rows) == (True, False, 3)
    assert "3 dòng mới nhất khớp mã" in plain(alice.get("/kiem-tra/nguyen-ven").text)


def test_two_checks_do_not_run_at_once(alice: Browser) -> None:
    with verifying._busy:
        assert "lượt xác minh khác" in plain(alice.post("/kiem-tra/nguyen-ven", status=400).text)


def test_stored_script_is_text(late: Office, alice: Browser) -> None:
    with writing(late.valley.engine) as c:
        c.execute(agency.update().where(agency.c.id == FINANCE).values(name=SCRIPT))
        values = {"number": SCRIPT, "extended_by": SCRIPT}
        c.execute(occurrence.update().where(occurrence.c.id == ANSWERABLE).values(**values))
        row = {"at": late.valley.now, "actor": SCRIPT, "kind": SCRIPT[:20], "plan_id": PLAN, "data": {}, "sample": True}
        c.execute(audit_event.insert(), [row, {**row, "kind": "press", "data": {"note": SCRIPT}}])
    for path in ("", "/ty-le", "/nhat-ky", f"/nhat-ky?nguoi={SCRIPT}", f"?ngay={SCRIPT}&co-quan={SCRIPT}"):
        assert SCRIPT not in alice.get(f"/kiem-tra{path}").text
        assert "&lt;script&gt;" in alice.last


def test_addresses_lead_back(late: Office) -> None:
    asked = Asked(plan="p", year=2024, at=at("2024-12-18 16:00"), page=2, by=YEARS)
    assert asked.query(page=1) == "ke-hoach=p&nam=2024&theo=nam&ngay=18%2F12%2F2024&gio=16%3A00"
    assert Asked(by=BODIES).query() == ""
