"""The hồ sơ of one duty and of a body's year: everything is in it, and what must stay inside is not."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import update

from app.dossier import gather
from app.dossier.mask import Mask
from app.filestore import FileStore
from app.week.keeping import keep_pages
from notifications.tables import message
from tasks import acknowledge, desk, paper_desk, papers
from tasks.acknowledge import Way
from tasks.bodies import Rename, rename_body
from tasks.database import reading, writing
from tasks.desk import DirectionKind, RequestKind
from tasks.errors import OccurrenceUnknown
from tasks.letter_tables import letter
from tasks.paper_desk import Content
from tasks.papers import Paper
from tasks.seal_check import verify
from tests.app.dossier.looking import of, rows, text_of, unpacked
from tests.letterhead import give_number, letterhead, urge
from tests.letters.reading import in_order
from tests.support import ANSWERABLE, FINANCE, INTERIOR, LEAD, PLAN, PLAN_DUTIES, Valley, plan_text
from tests.web.test_occurrence import counting

INTERIOR_OWES = f"{PLAN}/ke-hoach/so-noi-vu/once"
FRONT_OWES = f"{PLAN}/ke-hoach/mat-tran/once"


@pytest.fixture
def late(valley: Valley) -> Valley:
    """Sở Tài chính was told, reminded, called and written to, and has sent nothing by Monday 25/03/2024."""
    valley.follow("2024-02-01 08:00").run("2024-02-01 08:30")
    for day in ("2024-03-08", "2024-03-15", "2024-03-19", "2024-03-20"):
        valley.run(f"{day} 07:30")
    with writing(valley.engine) as c:
        valley.go("2024-03-21 09:15")
        now = valley.now
        desk.note_call(c, ANSWERABLE, spoke_with="chị Hoa, văn thư", text="hẹn gửi trong tuần", now=now, actor="alice")
        desk.direct(c, ANSWERABLE, kind=DirectionKind.DIRECTION, text="ra công văn", now=now, actor="henry")
        number = desk.ask(
            c, ANSWERABLE, kind=RequestKind.OBSTACLE, text="thiếu biểu mẫu", now=now, actor="so-tai-chinh"
        )
        desk.settle(c, ANSWERABLE, number, answer="đã gửi biểu mẫu", now=now, actor="alice")
    valley.go("2024-03-22 10:00")
    letterhead(valley)
    [draft] = urge(valley)
    give_number(valley, draft.id, "41")
    return valley.go("2024-03-25 08:00")


def test_every_part_stands_in_the_pdf_in_the_order_in_which_an_inspection_asks(late: Valley) -> None:
    text = text_of(of(late, ANSWERABLE))
    assert in_order(
        text, "CÔNG AN THUNG LŨNG", "HỒ SƠ THEO DÕI", "Kế hoạch triển khai, Sở Tài chính", "1. Tóm tắt",
        "2. Căn cứ", "3. Thời hạn, và vì sao là ngày này", "4. Diễn biến", "5. Thông báo", "6. Công văn",
        "7. Văn bản đến", "8. Đề nghị của cơ quan, ý kiến chỉ đạo, cuộc gọi", "Phụ lục 1. Nguyên văn thông báo",
        "Phụ lục 2. Sổ kiểm tra: dòng và mã",
    )  # fmt: skip


def test_clause_ground_reading_and_the_reasons_of_each_day_are_told(late: Valley) -> None:
    text = text_of(of(late, ANSWERABLE))
    assert in_order(
        text, "05/KH-UBND: Kế hoạch thử của thung lũng", "Ủy ban nhân dân Thung Lũng, 15/01/2024", "(mục IV.1)",
        "“trước ngày 16/3/2024”", "cơ quan phối hợp, được phân công trong kế hoạch (III.1)",
        "“theo dõi, đôn đốc”, mục IV.2", "thứ Bảy 16/03/2024", "Kế hoạch viết: “trước ngày 16/3/2024” (mục IV.1).",
        "thứ Sáu 15/03/2024", "thứ Hai 18/03/2024", "16/03/2024 là ngày nghỉ (thứ Bảy)", "Bộ luật Dân sự 2015",
        "nhận đúng ngày đó là đúng hạn (cách đọc chung của đơn vị)", "tính đến ngày làm việc kế tiếp",
    )  # fmt: skip


def test_messages_stand_with_reader_channel_moment_fate_and_their_words(late: Valley) -> None:
    dossier = of(late, ANSWERABLE)
    text = text_of(dossier)
    assert [told.rung for told in dossier.cases[0].told][:3] == ["giao nhiệm vụ", "nhắc trước 7 ngày", "ngày cuối"]
    assert "agency@so-tai-chinh.example" in text
    assert "Hôm nay 15/3 đến hạn: đề nghị gửi Kế hoạch triển khai" in text
    assert "07:30 15/03/2024: đã gửi" in text
    assert in_order(text, "Phụ lục 1", "Kính gửi: Sở Tài chính", "Thông báo tự động, không thay thế văn bản chính thức")
    assert "đã có nhắc mới hơn" in text, "and what was not sent, with the reason"


def test_the_course_says_how_it_stood_at_each_moment(late: Valley) -> None:
    text = text_of(of(late, ANSWERABLE))
    assert in_order(
        text, "4. Diễn biến", "07:30 15/03/2024", "Đến hạn hôm nay", "Quá hạn khi hết ngày 18/03/2024 (24:00)",
        "Thông báo số", "(nhắc quá hạn lần 1)", "Quá hạn 2 ngày, chưa nhận", "Ghi cuộc gọi với chị Hoa, văn thư",
        "Công văn đôn đốc số 41/CATL-PC10", "Quá hạn 4 ngày, chưa nhận",
    )  # fmt: skip


def test_calls_requests_answers_directions_and_letters_are_told_in_full(late: Valley) -> None:
    text = text_of(of(late, ANSWERABLE))
    for said in (
        "hẹn gửi trong tuần",
        "thiếu biểu mẫu",
        "đã gửi biểu mẫu (alice, 21/03/2024)",
        "ra công văn",
        "Công văn đôn đốc số 41/CATL-PC10 ngày 22/03/2024",
        "đôn đốc gửi Kế hoạch triển khai theo Kế hoạch số 05/KH-UBND",
        "KT. GIÁM ĐỐC / PHÓ GIÁM ĐỐC / Người Ký",
    ):
        assert in_order(text, said), said


def test_a_draft_is_no_letter_and_a_void_one_says_so(late: Valley) -> None:
    urge(late)
    assert len(of(late, ANSWERABLE).letters) == 1


def test_the_pdf_is_the_same_for_the_same_register(late: Valley) -> None:
    assert text_of(of(late, ANSWERABLE)) == text_of(of(late, ANSWERABLE))


def test_the_hashes_are_those_of_the_chain(late: Valley, tmp_path: Path) -> None:
    dossier = of(late, ANSWERABLE)
    content = unpacked(dossier, tmp_path)
    told = rows(content)
    assert [row["row"]["kind"] for row in told] == [
        "missed", "call", "direction", "request", "request_settled", "letter_numbered",
    ]  # fmt: skip
    assert dossier.head is not None
    with reading(late.engine) as c:
        verdict = verify(c, asked=dossier.head.hash[:32])
    assert verdict.intact
    assert verdict.found is not None
    assert verdict.found.place == dossier.head.place
    text = "".join(text_of(dossier).split())
    assert dossier.head.hash in text
    assert all(row["hash"] in text for row in told)


def test_a_revised_deadline_is_told_with_its_cause_and_document(late: Valley) -> None:
    late.extend(ANSWERABLE, to="2024-04-05")
    late.record(FRONT_OWES, received="2024-03-15", number="3/BC")
    late.give_back(FRONT_OWES, by="2024-03-29")
    [moved] = of(late, ANSWERABLE).cases[0].moved
    assert (moved.was, moved.to, moved.cause, moved.document) == (
        date(2024, 3, 15), date(2024, 4, 5), "gia hạn", "77/UBND",
    )  # fmt: skip
    assert in_order(text_of(of(late, ANSWERABLE)), "Các lần đổi hạn:", "15/03/2024", "05/04/2024", "gia hạn", "77/UBND")
    [returned] = of(late, FRONT_OWES).cases[0].moved
    assert (returned.to, returned.cause) == (date(2024, 3, 29), "trả lại, gửi lại chậm nhất")


def test_a_weekly_page_that_named_the_body_is_told(late: Valley, tmp_path: Path) -> None:
    for moment in ("2024-03-22 16:00", "2024-03-25 07:30"):
        keep_pages(late.engine, FileStore(tmp_path), sending=True, now=late.go(moment).now)
    dossier = of(late.go("2024-03-25 08:00"), ANSWERABLE)
    [week] = dossier.cases[0].weeks
    assert (week.week, week.year, week.number, week.days) == (12, 2024, 1, 4)
    assert in_order(
        text_of(dossier), "Trang tuần gửi lãnh đạo có nêu cơ quan này quá hạn:", "12/2024", "16:00 22/03/2024",
        "01 kỳ quá hạn, lâu nhất 4 ngày",
    )  # fmt: skip
    assert of(late, INTERIOR_OWES).cases[0].weeks != ()
    late.record(INTERIOR_OWES, received="2024-03-20", number="1/BC")
    assert of(late, INTERIOR_OWES).cases[0].weeks == (), "it was there in time for that page"


def test_that_the_body_had_taken_note_and_what_it_was_called_is_told(late: Valley) -> None:
    with writing(late.engine) as c:
        acknowledge.acknowledge(
            c, PLAN, FINANCE, way=Way.CALL, who="chị Hoa", now=late.go("2024-03-04 08:00").now, actor="alice"
        )
        changed = Rename("Sở Tài chính Thung Lũng", since=date(2024, 3, 24), document="5/QĐ")
        rename_body(c, FINANCE, changed, None, now=late.go("2024-03-24 08:00").now, actor="alice")
    dossier = of(late.go("2024-03-25 08:00"), ANSWERABLE)
    assert dossier.cases[0].events[0].kind == "acknowledged"
    text = text_of(dossier)
    assert in_order(text, "Tên gọi, thời gian hoạt động của cơ quan", "Sở Tài chính → Sở Tài chính Thung Lũng")
    assert in_order(text, "4. Diễn biến", "08:00 04/03/2024", "chị Hoa", "07:30 08/03/2024")
    # its line in the annex of the letter of 22/03 bears the name of that day
    assert "Sở Tài chính" in dossier.cases[0].agency_names


# -- files --


def keep(v: Valley, home: Path, paper_id: int, name: str, data: bytes) -> str:
    digest = hashlib.sha256(data).hexdigest()
    path = FileStore(home).path(digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    with writing(v.engine) as c:
        paper_desk.attach(c, paper_id, Content(digest, "pdf", len(data), name), now=v.now, actor="alice")
    return digest


def test_the_zip_holds_papers_messages_letters_and_names_what_is_gone(late: Valley, tmp_path: Path) -> None:
    late.record(ANSWERABLE, received="2024-03-25", number="12/BC-STC")
    keep(late, tmp_path, 1, "báo cáo.pdf", b"%PDF-1.7 mot")
    gone = keep(late, tmp_path, 1, "mất.pdf", b"%PDF-1.7 hai")
    FileStore(tmp_path).remove(gone)
    content = unpacked(of(late, ANSWERABLE), tmp_path)
    assert content["van-ban/01-ke-hoach-trien-khai/báo cáo.pdf"] == b"%PDF-1.7 mot"
    assert content["cong-van/don-doc-41-catl-pc10-2024.pdf"].startswith(b"%PDF-")
    assert content["ho-so-theo-doi.pdf"].startswith(b"%PDF-")
    mails = [data.decode() for name, data in content.items() if name.endswith(".eml")]
    assert any("Subject: Hôm nay 15/3 đến hạn" in mail and "agency@so-tai-chinh.example" in mail for mail in mails)
    assert f"mất.pdf: tệp không còn trong kho lưu, cần khôi phục từ bản sao lưu (SHA-256 {gone})" in (
        content["DOC-TRUOC.txt"].decode()
    )


def test_a_message_by_another_way_is_a_text_file(late: Valley, tmp_path: Path) -> None:
    with writing(late.engine) as c:
        c.execute(update(message).values(channel="url", address="tgram://123:geheim/456"))
    content = unpacked(of(late, ANSWERABLE), tmp_path)
    texts = [data.decode() for name, data in content.items() if name.startswith("thong-bao/")]
    assert all(name.endswith(".txt") for name in content if name.startswith("thong-bao/"))
    assert any("Tiêu đề: Hôm nay 15/3 đến hạn" in text for text in texts)
    assert not any(b"geheim" in data for data in content.values())
    assert "geheim" not in text_of(of(late, ANSWERABLE))


# -- what stays inside --


def test_links_by_which_somebody_could_answer_and_keys_in_addresses_are_cut_out(late: Valley, tmp_path: Path) -> None:
    token = "12-AbCdEfGhIjKlMnOpQrStUvWxYz012345"
    said = f"Trả lời tại https://so.example/tra-loi/{token}\nhoặc smtp://u:geheim@mail.example; mã {token}."
    with writing(late.engine) as c:
        c.execute(update(message).values(text=message.c.text + said))
    dossier = of(late, ANSWERABLE)
    content = unpacked(dossier, tmp_path)
    for where in (text_of(dossier), *(data.decode("utf-8", "replace") for data in content.values())):
        assert token not in where
        assert "geheim" not in where
    assert "[liên kết đã lược bỏ]" in text_of(dossier)


def test_of_a_secret_paper_nothing_but_the_date_leaves_whatever_was_typed_before(late: Valley, tmp_path: Path) -> None:
    late.claim(ANSWERABLE)  # "9/BC"
    late.record(ANSWERABLE, received="2024-03-22", number="77/BC-MAT")
    with writing(late.engine) as c:
        right = Paper(date(2024, 3, 22), secret=True)
        papers.correct(c, ANSWERABLE, right, now=late.now, actor="alice")
    dossier = of(late, ANSWERABLE)
    [slip, right_one] = dossier.cases[0].papers
    assert (slip.number, slip.secret, right_one.number, right_one.secret) == (None, True, None, True)
    text, content = text_of(dossier), unpacked(dossier, tmp_path)
    for where in (text, *(data.decode("utf-8", "replace") for data in content.values())):
        assert "77/BC-MAT" not in where
        assert "9/BC" not in where
    assert in_order(text, "7. Văn bản đến", "theo chế độ mật", "22/03/2024")
    withheld = [row for row in rows(content) if row.get("withheld")]
    assert {row["row"] for row in withheld} == {None}
    assert len(withheld) == 3, "the claim, the slip, and its correction"
    assert all(row["hash"] for row in withheld), "its place in the chain can be checked all the same"


def test_a_letter_that_names_a_secret_paper_comes_without_its_number_and_without_its_file(
    late: Valley, tmp_path: Path
) -> None:
    with writing(late.engine) as c:
        stored = c.execute(letter.select()).one()
        content = json.loads(json.dumps(stored.content).replace("Theo m", "Số 77/BC-MAT: theo m"))
        c.execute(update(letter).values(content=content))
    late.record(ANSWERABLE, received="2024-03-22", number="77/BC-MAT")
    with writing(late.engine) as c:
        papers.correct(c, ANSWERABLE, Paper(date(2024, 3, 22), secret=True), now=late.now, actor="alice")
    dossier = of(late, ANSWERABLE)
    assert "77/BC-MAT" not in text_of(dossier)
    assert in_order(text_of(dossier), "6. Công văn", "Số …: theo mục IV.1")
    content = unpacked(dossier, tmp_path)
    assert not any(name.startswith("cong-van/") for name in content)
    assert "nêu văn bản theo chế độ mật, không kèm tệp" in content["DOC-TRUOC.txt"].decode()


def test_a_bare_number_under_secrecy_does_not_tear_holes_into_dates() -> None:
    mask = Mask({"12"})
    assert mask("văn bản số 12 ngày 12/12/2024, số 12/BC") == "văn bản số … ngày 12/12/2024, số 12/BC"
    assert mask.touches({"number": "12"})
    assert not mask.touches({"number": "13", "day": "2024-12-12"})


def test_no_file_of_a_duty_with_personal_data_leaves(valley: Valley, tmp_path: Path) -> None:
    valley.follow(text=plan_text(PLAN_DUTIES)).go("2024-03-11 08:00")
    valley.record(ANSWERABLE, received="2024-03-11", number="5/DS")
    keep(valley, tmp_path, 1, "danh sách.pdf", b"%PDF-1.7 x")
    with writing(valley.engine) as c:
        from tasks import intake

        closed = PLAN_DUTIES.replace("    section: IV.1\n", "    section: IV.1\n    no_file: true\n")
        intake.add_plan(c, plan_text(closed), file="kh.yaml", now=valley.now, actor="test")
    dossier = of(valley, ANSWERABLE)
    assert dossier.cases[0].papers[0].files == ()
    assert not any(name.startswith("van-ban/") for name in unpacked(dossier, tmp_path))


# -- a body and a year --


def test_the_year_of_a_body_lists_its_occurrences_and_tells_each(late: Valley) -> None:
    with reading(late.engine) as c:
        dossier = gather.of_body(c, FINANCE, 2024, None, now=late.now)
    text = text_of(dossier)
    assert in_order(text, "Sở Tài chính, năm 2024", "01 kỳ đến hạn trong năm")
    assert [case.o.id for case in dossier.cases] == [ANSWERABLE]


def test_only_the_plans_of_these_units_are_told(late: Valley) -> None:
    with reading(late.engine) as c:
        assert len(gather.of_body(c, FINANCE, 2024, frozenset({LEAD}), now=late.now).cases) == 1
        with pytest.raises(gather.NothingFollowed, match="Sở Tài chính không có kỳ nào đến hạn trong năm 2024"):
            gather.of_body(c, FINANCE, 2024, frozenset({INTERIOR}), now=late.now)
        with pytest.raises(gather.NothingFollowed):
            gather.of_body(c, FINANCE, 1999, None, now=late.now)


def test_an_unknown_occurrence_has_no_dossier(late: Valley) -> None:
    with pytest.raises(OccurrenceUnknown):
        of(late, f"{PLAN}/ke-hoach/khong-co/once")


def test_queries_do_not_grow_with_the_occurrences(valley: Valley) -> None:
    monthly = """\
  - id: bao-cao
    title: Báo cáo tháng
    section: IV.1
    responsible: [so-tai-chinh, so-noi-vu]
    due: {kind: monthly, day: 10, boundary: before, quote: "trước ngày 10 hằng tháng", until: 2024-06-30}
    recipients: [{agency: cong-an}]
"""
    valley.follow("2024-02-01 08:00", text=plan_text(monthly)).run("2024-06-25 08:00")
    with counting(valley.engine) as one, reading(valley.engine) as c:
        gather.of_occurrence(c, f"{PLAN}/bao-cao/so-tai-chinh/2024-02", now=valley.now)
    with counting(valley.engine) as five, reading(valley.engine) as c:
        found = gather.of_body(c, FINANCE, 2024, None, now=valley.now)
    assert len(found.cases) == 5
    assert len(one) == len(five)
