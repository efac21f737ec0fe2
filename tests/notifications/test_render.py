from __future__ import annotations

import html as html_library
import re
import unicodedata
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from textwrap import dedent
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications import facts
from notifications import render as render_module
from notifications.facts import Desk, Destination, Item, Rendered, Sheet
from notifications.render import render
from plans.model import Relation, RuleKind
from plans.text import use_language
from tasks.model import State
from tests.notifications.sheets import DESK, item, office_sheet, sheet

SUB, PEER, REQUESTED, SELF = Relation.SUBORDINATE, Relation.PEER, Relation.REQUESTED, Relation.SELF
KINDS = ("digest", "assigned", "returned", "extended", "correction", "press")
LAST_LINES = (
    "Thông báo tự động, không thay thế văn bản chính thức. Nếu đã gửi, đề nghị cho biết số, ngày văn bản để đối chiếu. "
    "Liên hệ: Lò Văn Mẫn, điện thoại 0212 385 0000, pc10@congan-sonla.example"
)
OFFICE_LINES = LAST_LINES.replace(" Nếu đã gửi, đề nghị cho biết số, ngày văn bản để đối chiếu.", "")


def text_of(made: Sheet) -> str:
    return render(made).text


def golden(text: str) -> str:
    return dedent(text).lstrip("\n").replace("OFFICE_LINES", OFFICE_LINES).replace("LAST_LINES", LAST_LINES)


# -- whole messages --


def test_reminder_to_a_peer_reads_as_an_office_would_write_it() -> None:
    today = date(2024, 12, 2)
    assert text_of(sheet(today, item(today, PEER))) == golden(
        """
        Công an tỉnh Sơn La (PC10)
        Thứ Hai 02/12/2024

        Kính gửi: Sở Tư pháp

        Thực hiện KH kèm QĐ 2316/QĐ-UBND, đề nghị Quý cơ quan gửi Báo cáo năm 2024 chậm nhất thứ Hai 09/12/2024 (còn 07 ngày).

        TRONG 7 NGÀY TỚI

        1. Báo cáo năm 2024
           - Căn cứ: KH kèm QĐ 2316/QĐ-UBND, mục IV.1: “01 năm trước ngày 10/12”
           - Gửi chậm nhất: thứ Hai 09/12/2024 (còn 07 ngày)
           - Nơi nhận: Công an tỉnh Sơn La

        ----------
        LAST_LINES
        """  # noqa: E501
    )


def test_requested_body_is_asked_and_thanked() -> None:
    today = date(2024, 12, 12)
    assert text_of(sheet(today, item(today, REQUESTED, rung="overdue-1"))) == golden(
        """
        Công an tỉnh Sơn La (PC10)
        Thứ Năm 12/12/2024

        Kính gửi: Ủy ban MTTQ Việt Nam tỉnh

        Đến ngày 12/12/2024, Công an tỉnh Sơn La (PC10) chưa nhận Báo cáo năm 2024 theo KH kèm QĐ 2316/QĐ-UBND. Kính đề nghị Quý cơ quan phối hợp gửi, hoặc cho biết số, ngày văn bản nếu đã gửi.

        CHƯA NHẬN

        1. Báo cáo năm 2024
           - Căn cứ: KH kèm QĐ 2316/QĐ-UBND, mục IV.1: “01 năm trước ngày 10/12”
           - Đề nghị gửi chậm nhất: thứ Hai 09/12/2024 (đến nay chưa nhận)
           - Nơi nhận: Công an tỉnh Sơn La

        Trân trọng cảm ơn sự phối hợp của Quý cơ quan.

        ----------
        LAST_LINES
        """  # noqa: E501
    )


def test_digest_groups_everything_open_by_urgency() -> None:
    today = date(2024, 12, 12)
    monthly = {
        "occurrence_id": "bac-giang-2024/bao-cao-thang/so-tu-phap/2024-12",
        "plan_short": "KH thực hiện Đề án THNCĐ năm 2024",
        "section": "IV.2",
        "quote": "trước ngày 16",
        "title": "Báo cáo tháng 12/2024",
        "due": date(2024, 12, 16),
        "last_day": date(2024, 12, 15),
        "late_after": date(2024, 12, 16),
        "window_from": date(2024, 11, 15),
        "window_to": date(2024, 12, 14),
        "destinations": (
            Destination("UBND tỉnh", "main"),
            Destination("Công an tỉnh", "via", "Phòng PC10"),
            Destination("Sở Nội vụ", "copy"),
        ),
        "rung": None,
    }
    back = {
        "title": "Báo cáo 6 tháng đầu năm 2024",
        "state": State.RETURNED,
        "last_day": date(2024, 12, 13),
        "resend_by": date(2024, 12, 13),
        "late_after": date(2024, 12, 13),
        "returned_for": "thiếu biểu, thiếu nội dung",
        "number": "123/BC-STP",
        "received_on": date(2024, 12, 9),
        "rung": "before-1",
    }
    year = {"due": date(2024, 12, 31), "last_day": date(2024, 12, 31), "late_after": date(2024, 12, 31), "rung": None}
    budget = {**year, "title": "Bố trí kinh phí năm 2024", "product": None, "quote": None, "destinations": ()}
    claimed = {"title": "Kế hoạch triển khai", "state": State.CLAIMED, "claimed": "05/KH-STP", "rung": None}
    made = sheet(
        today,
        item(today, PEER, **monthly),
        item(today, PEER, **back),
        item(today, PEER, **budget, extended_by="512/UBND-NC"),
        item(today, PEER, **claimed),
        item(today, PEER, rung="overdue-1", promised=date(2024, 12, 18)),
    )
    body = text_of(made).partition("nếu đã gửi.\n\n")[2].partition("----------")[0]
    assert body == golden(
        """
        QUÁ HẠN

        1. Báo cáo năm 2024
           - Căn cứ: KH kèm QĐ 2316/QĐ-UBND, mục IV.1: “01 năm trước ngày 10/12”
           - Gửi chậm nhất: thứ Hai 09/12/2024 (quá hạn 02 ngày)
           - Nơi nhận: Công an tỉnh Sơn La
           - Tình trạng: Hẹn gửi 18/12/2024 (hạn không đổi)

        TRONG 7 NGÀY TỚI

        2. Báo cáo 6 tháng đầu năm 2024
           - Căn cứ: KH kèm QĐ 2316/QĐ-UBND, mục IV.1: “01 năm trước ngày 10/12”
           - Gửi lại trước: 17h00 thứ Sáu 13/12/2024 (còn 01 ngày)
           - Nơi nhận: Công an tỉnh Sơn La
           - Văn bản đã nhận: số 123/BC-STP, nhận ngày 09/12/2024
           - Tình trạng: Đề nghị bổ sung vì thiếu biểu, thiếu nội dung

        3. Báo cáo tháng 12/2024
           - Căn cứ: KH thực hiện Đề án THNCĐ năm 2024, mục IV.2: “trước ngày 16”
           - Gửi chậm nhất: Chủ nhật 15/12/2024 (còn 03 ngày)
           - Số liệu: từ 15/11/2024 đến 14/12/2024
           - Nơi nhận: UBND tỉnh; gửi qua Công an tỉnh (Phòng PC10); đồng gửi Sở Nội vụ

        SẮP TỚI

        4. Bố trí kinh phí năm 2024
           - Căn cứ: KH kèm QĐ 2316/QĐ-UBND, mục IV.1
           - Hoàn thành chậm nhất: thứ Ba 31/12/2024 (còn 19 ngày)
           - Tình trạng: Thời hạn được điều chỉnh theo VB số 512/UBND-NC

        ĐÃ BÁO GỬI, CHỜ ĐỐI CHIẾU

        5. Kế hoạch triển khai
           - Căn cứ: KH kèm QĐ 2316/QĐ-UBND, mục IV.1: “01 năm trước ngày 10/12”
           - Gửi chậm nhất: thứ Hai 09/12/2024
           - Nơi nhận: Công an tỉnh Sơn La
           - Tình trạng: Đã báo gửi: 05/KH-STP; đang đối chiếu

        """
    )


def test_head_reads_who_is_late_what_was_said_and_which_report_waits_for_it() -> None:
    today = date(2024, 12, 17)
    facts: dict[str, dict[str, Any]] = {
        "Sở Tư pháp": {"claimed": "77/BC-STP ngày 09/12/2024", "state": State.CLAIMED},
        "Sở Nội vụ": {"needs_successor": True},
        "Sở Tài chính": {"promised": date(2024, 12, 20)},
    }
    late = tuple(
        item(today, PEER, agency_name=name, rung="head-1", feeds="Tổng hợp báo cáo năm 2024", **said)
        for name, said in facts.items()
    )
    assert text_of(office_sheet(today, direction=late)) == golden(
        """
        Công an tỉnh Sơn La (PC10)
        Thứ Ba 17/12/2024

        Kính gửi: Trần Văn Bình (Công an tỉnh Sơn La)

        Đến ngày 17/12/2024, chưa nhận Báo cáo năm 2024 của 07/30 cơ quan theo KH kèm QĐ 2316/QĐ-UBND.
        Kính đề nghị lãnh đạo cho ý kiến chỉ đạo.

        * Báo cáo năm 2024: chưa nhận 07/30 cơ quan
          Căn cứ: KH kèm QĐ 2316/QĐ-UBND, mục IV.1: “01 năm trước ngày 10/12”
          Gửi chậm nhất: thứ Hai 09/12/2024
          Phục vụ báo cáo của đơn vị: Tổng hợp báo cáo năm 2024
          1. Sở Nội vụ: quá hạn 07 ngày; cần cơ quan kế thừa
          2. Sở Tài chính: quá hạn 07 ngày; hẹn gửi 20/12/2024
          3. Sở Tư pháp: quá hạn 07 ngày; báo đã gửi: 77/BC-STP ngày 09/12/2024, chờ đối chiếu

        ----------
        OFFICE_LINES
        """
    )


def test_officer_reads_all_roles_in_one_message_under_headings() -> None:
    today = date(2024, 12, 13)
    late = (item(today, PEER, rung="check", held_until=date(2024, 12, 20)),)
    waiting = (item(today, PEER, state=State.RECEIVED, number="12/BC-STP", received_on=date(2024, 12, 9)),)
    own = item(today, SELF, title="Tập huấn", product=None, last_day=date(2024, 12, 20), late_after=date(2024, 12, 20))
    made = office_sheet(today, check=late, lead=late, review=waiting, mine=(own,), entered_to=date(2024, 12, 9))
    text = text_of(made)
    headings = re.findall(r"^== (.*) ==$", text, re.MULTILINE)
    assert headings == ["Danh sách quá hạn", "Chờ kiểm tra trước khi nhắc quá hạn", "Chờ xem", "Việc của đơn vị"]
    assert "Văn bản đến đã nhập đến ngày 09/12/2024.\n" in text
    assert "  1. Sở Tư pháp: quá hạn 03 ngày; tạm dừng nhắc đến 20/12/2024\n" in text
    assert "* Báo cáo năm 2024: 01 văn bản\n" in text
    assert "  1. Sở Tư pháp: số 12/BC-STP, nhận ngày 09/12/2024\n" in text
    assert "đơn vị hoàn thành Tập huấn chậm nhất thứ Sáu 20/12/2024 (còn 07 ngày)" in text
    assert text.count(OFFICE_LINES) == 1


def test_assigned_lists_all_duties_with_their_dates_and_no_count_of_days() -> None:
    today = date(2023, 11, 7)
    plan = item(
        today, SUB, title="Kế hoạch triển khai", quote="xong trước ngày 15/11/2023", kind=RuleKind.ONCE,
        due=date(2023, 11, 15), last_day=date(2023, 11, 14),
    )  # fmt: skip
    text = text_of(sheet(today, plan, item(today, SUB), kind="assigned"))
    assert "Theo KH kèm QĐ 2316/QĐ-UBND, đơn vị được giao 02 việc dưới đây, hạn gần nhất thứ Ba 14/11/2023." in text
    assert "1. Kế hoạch triển khai\n" in text
    assert "   - Gửi chậm nhất: thứ Ba 14/11/2023\n" in text
    assert "2. Báo cáo năm 2024\n" in text
    assert "   - Định kỳ: hằng năm; ngày trên là hạn của kỳ gần nhất\n" in text
    assert "còn " not in text


def test_what_is_passed_on_carries_the_greeting_of_the_level_it_is_for() -> None:
    today = date(2024, 4, 4)
    listed = item(
        today, SUB, agency_name="Công an cấp xã", title="Danh sách theo Mẫu số 01 tháng 04/2024", no_file=True,
        due=date(2024, 4, 5), last_day=date(2024, 4, 5), late_after=date(2024, 4, 5), kind=RuleKind.MONTHLY,
    )  # fmt: skip
    made = sheet(today, listed, forward_for="Công an cấp xã", desk=Desk("Công an tỉnh", "Công an tỉnh"), person="Mai")
    text = text_of(made)
    assert (
        "Kính gửi: Mai (Công an tỉnh)\n\n== Đề nghị chuyển tới: Công an cấp xã ==\n\nKính gửi: Công an cấp xã\n" in text
    )
    assert "không đính kèm thư điện tử, không tải lên hệ thống; chỉ báo số, ngày văn bản." in text
    assert text.endswith("Liên hệ: Công an tỉnh\n")


def test_note_of_the_officer_stands_before_the_request_line_by_line() -> None:
    today = date(2024, 12, 20)
    made = sheet(
        today, item(today, SUB), kind="press", note="Cần số liệu trước ngày 23/12.\r\n\r\nGửi <bản mềm> trước."
    )
    rendered = render(made)
    note = "Nội dung cán bộ theo dõi trao đổi thêm:\n  Cần số liệu trước ngày 23/12.\n  Gửi <bản mềm> trước.\n\n"
    assert f"{note}Đến ngày 20/12/2024" in rendered.text
    assert "<div>Gửi &lt;bản mềm&gt; trước.</div>" in rendered.html


@pytest.mark.parametrize(
    ("kind", "relation", "changes", "expected"),
    [
        (
            "returned", SUB, {"state": State.RETURNED, "resend_by": date(2024, 12, 13), "number": "12/BC-CAX"},
            "Công an tỉnh Sơn La (PC10) trả lại BC số 12/BC-CAX ngày 09/12/2024 (Báo cáo năm 2024 theo "
            "KH kèm QĐ 2316/QĐ-UBND). Lý do: chưa đúng kỳ số liệu. Yêu cầu đơn vị hoàn thiện, gửi lại trước 17h00 "
            "thứ Sáu 13/12/2024.",
        ),
        (
            "returned", REQUESTED, {"state": State.RETURNED, "resend_by": date(2024, 12, 13), "number": "45/BC-MTTQ"},
            "Công an tỉnh Sơn La (PC10) đã nhận BC số 45/BC-MTTQ ngày 09/12/2024 (Báo cáo năm 2024 theo "
            "KH kèm QĐ 2316/QĐ-UBND). Nội dung cần bổ sung: chưa đúng kỳ số liệu. Trân trọng đề nghị Quý cơ quan phối "
            "hợp hoàn thiện, gửi lại trước 17h00 thứ Sáu 13/12/2024.",
        ),
        (
            "extended", PEER, {"last_day": date(2024, 12, 20), "extended_by": "512/UBND-NC"},
            "Công an tỉnh Sơn La (PC10) thông báo: thời hạn gửi Báo cáo năm 2024 theo KH kèm QĐ 2316/QĐ-UBND được điều "
            "chỉnh theo VB số 512/UBND-NC. Đề nghị Quý cơ quan gửi chậm nhất thứ Sáu 20/12/2024.",
        ),
        (
            "correction", PEER, {"state": State.ACCEPTED, "number": "123/BC-STP"},
            "Công an tỉnh Sơn La (PC10) xin thông báo lại: đã nhận BC số 123/BC-STP ngày 09/12/2024 (Báo cáo năm 2024 "
            "theo KH kèm QĐ 2316/QĐ-UBND). Thông báo quá hạn đã gửi trước đây không còn giá trị. "
            "Mong Quý cơ quan thông cảm.",
        ),
        (
            "correction", SUB, {"state": State.WAIVED, "received_on": None},
            "Công an tỉnh Sơn La (PC10) đính chính: Báo cáo năm 2024 theo KH kèm QĐ 2316/QĐ-UBND không còn phải gửi. "
            "Thông báo quá hạn đã gửi trước đây không còn giá trị.",
        ),
    ],
)  # fmt: skip
def test_an_event_is_told_in_one_paragraph(
    kind: str, relation: Relation, changes: dict[str, Any], expected: str
) -> None:
    today = date(2024, 12, 10)
    facts = {"received_on": date(2024, 12, 9), "returned_for": "chưa đúng kỳ số liệu"} | changes
    assert f"\n\n{expected}\n\n" in text_of(sheet(today, item(today, relation, **facts), kind=kind))


def test_a_person_who_answers_for_two_bodies_sees_which_one_owes_what() -> None:
    today = date(2024, 12, 2)
    text = text_of(sheet(today, item(today, PEER), item(today, PEER, agency_name="Sở Nội vụ")))
    assert "Kính gửi: Sở Tư pháp; Sở Nội vụ\n" in text
    assert "   - Cơ quan: Sở Nội vụ\n" in text


def test_sample_says_plainly_that_it_is_an_example() -> None:
    today = date(2024, 12, 2)
    rendered = render(sheet(today, item(today, PEER), sample=True))
    assert rendered.subject.startswith("[MẪU] ")
    for body in (rendered.text, rendered.html):
        assert "THÔNG BÁO MẪU: nội dung dùng dữ liệu mẫu" in body
    mixed = text_of(sheet(today, item(today, PEER), item(today, PEER, sample=True, title="Báo cáo B")))
    assert "THÔNG BÁO MẪU" not in mixed
    assert "[MẪU] Báo cáo B\n" in mixed


# -- what must never happen --


def all_sections(today: date, relation: Relation, **changes: Any) -> Sheet:
    one = (item(today, relation, **changes),)
    return office_sheet(today, mine=one, check=one, lead=one, review=one, direction=one)


def whole(rendered: Rendered) -> str:
    return "\n".join((rendered.subject, rendered.text, rendered.html))


@pytest.mark.parametrize("relation", Relation)
@pytest.mark.parametrize("state", State)
def test_the_offices_own_last_day_is_shown_to_nobody(relation: Relation, state: State) -> None:
    secret = date(2031, 7, 23)
    for today in (date(2024, 12, 2), date(2024, 12, 9), date(2031, 7, 30)):
        facts = {"late_after": secret, "state": state, "status_text": "Đến hạn 23/07/2031, chưa nhận"}
        made = [sheet(today, item(today, relation, **facts), kind=kind) for kind in KINDS]
        for each in (*made, all_sections(today, relation, **facts)):
            said = whole(render(each))
            assert "2031" not in said.replace(f"{today:%d/%m/%Y}", "")
            assert "23/07" not in said
            assert "23/7" not in said


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("state", State)
def test_requested_bodies_are_never_ordered_or_told_off(kind: str, state: State) -> None:
    for today in (date(2024, 12, 2), date(2024, 12, 6), date(2024, 12, 9), date(2024, 12, 10), date(2025, 2, 1)):
        facts = {
            "state": state, "returned_for": "thiếu biểu, thiếu nội dung", "extended_by": "512/UBND-NC",
            "claimed": "45/BC-MTTQ", "resend_by": date(2024, 12, 13), "received_on": date(2024, 12, 8),
            "last_working_day": today == date(2024, 12, 6), "no_file": True,
        }  # fmt: skip
        said = whole(render(sheet(today, item(today, REQUESTED, **facts), kind=kind))).lower()
        for word in ("yêu cầu", "đôn đốc", "phê bình", "quá hạn", "trả lại"):
            assert word not in said


@pytest.mark.parametrize("relation", Relation)
def test_no_automatic_message_calls_itself_a_numbered_urging(relation: Relation) -> None:
    today = date(2024, 12, 20)
    for made in (sheet(today, item(today, relation, rung="overdue-2")), all_sections(today, relation)):
        said = whole(render(made)).lower()
        for word in ("đôn đốc", "lần 2", "vượt cấp", "uỷ quyền", "thông điệp", "kích hoạt", "chưa thực hiện"):
            assert word not in said


def test_markup_in_a_plan_stays_text() -> None:
    today = date(2024, 12, 2)
    evil = "<script>alert(1)</script> & <b>đậm</b>"
    facts = {"title": evil, "quote": evil, "section": evil, "plan_short": evil, "agency_name": evil, "claimed": evil}
    places = (Destination(evil, "main", evil),)
    for made in (
        sheet(today, item(today, PEER, **facts, destinations=places), desk=Desk(evil, evil, evil, evil, evil)),
        all_sections(today, PEER, **facts, feeds=evil),
    ):
        html = render(made).html
        assert "<script" not in html
        assert "<b>" not in html
        assert html_library.escape(evil) in html


def test_line_ends_in_a_plan_forge_neither_header_nor_line() -> None:
    today = date(2024, 12, 2)
    title = "Báo cáo\r\nBcc: ai@day.example\n\nKính gửi: Giám đốc"
    rendered = render(sheet(today, item(today, PEER, title=title), desk=replace(DESK, sender="Công an\ntỉnh")))
    assert rendered.subject == (
        "Nhắc thời hạn: đề nghị gửi Báo cáo Bcc: ai@day.example Kính gửi: Giám đốc chậm nhất thứ Hai 09/12/2024"
    )
    assert rendered.text.startswith("Công an tỉnh\n")
    assert rendered.text.count("\nKính gửi:") == 1


def test_no_links_no_images_no_scripts_no_style_sheets() -> None:
    today = date(2024, 12, 12)
    for made in (sheet(today, item(today, PEER)), all_sections(today, PEER)):
        html = render(made).html
        assert not re.search(r"<(a|img|script|style|link|form|iframe)\b|https?:|url\(", html)
        assert '<html lang="vi">' in html


class Nesting(HTMLParser):
    """Fails on a tag that is closed in the wrong place."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("relation", Relation)
def test_every_tag_is_closed_where_it_belongs(relation: Relation) -> None:
    today = date(2024, 12, 12)
    made = [sheet(today, item(today, relation), kind=kind, note="Ghi chú") for kind in KINDS]
    for each in (*made, all_sections(today, relation)):
        nesting = Nesting()
        nesting.feed(render(each).html)
        nesting.close()
        assert nesting.open == []


@pytest.mark.parametrize("kind", KINDS)
def test_html_says_what_the_text_says(kind: str) -> None:
    today = date(2024, 12, 12)
    facts = {"returned_for": "thiếu biểu", "claimed": "12/BC-STP", "received_on": date(2024, 12, 9), "no_file": True}
    rendered = render(sheet(today, item(today, PEER, **facts), kind=kind))
    shown = html_library.unescape(re.sub(r"<[^>]*>", " ", rendered.html))
    for line in rendered.text.splitlines():
        for part in re.split(r"^ +- |: ", line):
            assert " ".join(part.strip("- ").split()) in " ".join(shown.split())


def test_a_message_can_be_made_in_the_second_language() -> None:
    today = date(2024, 12, 12)
    try:
        use_language("en")
        assert '<html lang="en">' in render(sheet(today, item(today, PEER))).html
    finally:
        use_language("vi")


def test_a_sheet_without_items_still_makes_a_message() -> None:
    for kind in KINDS:
        rendered = render(sheet(date(2024, 12, 2), kind=kind))
        assert rendered.subject
        assert "Hiện không có việc nào phải gửi." in rendered.text


# -- any sheet at all --

_DAYS = st.dates(date(2023, 1, 1), date(2029, 12, 31))
_TEXTS = st.text(max_size=60) | st.sampled_from(["{report}", "%s", "{{ x }}", "Ba\u0301o ca\u0301o", "a" * 400, ""])
_PLACES = st.builds(Destination, _TEXTS, st.sampled_from(["main", "via", "copy"]), st.none() | _TEXTS)
_COUNTS = st.integers(-5000, 5000)


def _value(name: str, annotation: str) -> st.SearchStrategy[Any]:
    known: dict[str, st.SearchStrategy[Any]] = {
        "relation": st.sampled_from(Relation), "state": st.sampled_from(State), "kind": st.sampled_from(RuleKind),
        "boundary": st.none(), "destinations": st.lists(_PLACES, max_size=3).map(tuple),
        "rung": st.sampled_from([None, "before-7", "due", "overdue-1", "head-1", "press"]),
    }  # fmt: skip
    plain = {"str": _TEXTS, "date": _DAYS, "int": _COUNTS, "bool": st.booleans()}
    strategy = known[name] if name in known else plain[annotation.removesuffix(" | None")]
    return st.none() | strategy if annotation.endswith("| None") else strategy


_ITEMS = st.builds(Item, **{field.name: _value(field.name, str(field.type)) for field in fields(Item)})
_LISTS = st.lists(_ITEMS, max_size=3).map(tuple)
_SHEETS = st.builds(
    Sheet, kind=st.sampled_from(KINDS), today=_DAYS, person=_TEXTS, agency_name=_TEXTS,
    relation=st.sampled_from(Relation),
    desk=st.builds(Desk, _TEXTS, _TEXTS, st.none() | _TEXTS, st.none() | _TEXTS, st.none() | _TEXTS),
    mine=_LISTS, check=_LISTS, lead=_LISTS, review=_LISTS, direction=_LISTS, entered_to=st.none() | _DAYS,
    forward_for=st.none() | _TEXTS, note=st.none() | st.text(max_size=80), sample=st.booleans(),
)  # fmt: skip


@given(_SHEETS)
def test_any_sheet_makes_a_clean_message(made: Sheet) -> None:
    rendered = render(made)
    assert 0 < len(rendered.subject) <= 150
    assert all(unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp") for char in rendered.subject)
    for part in (rendered.subject, rendered.text, rendered.html):
        assert unicodedata.is_normalized("NFC", part)
        part.encode()
    assert "Thông báo tự động, không thay thế văn bản chính thức." in rendered.text


@given(_SHEETS)
def test_every_open_item_stands_in_the_digest_exactly_once(made: Sheet) -> None:
    titles = tuple(replace(one, title=f"Báo cáo số-{n}-x") for n, one in enumerate(made.mine))
    text = render(replace(made, kind="digest", mine=titles)).text
    for n in range(len(titles)):
        assert len(re.findall(rf"^\d+\. (?:\[MẪU\] )?Báo cáo số-{n}-x$", text, re.MULTILINE)) == 1


def test_a_long_list_is_numbered_through_all_groups() -> None:
    today = date(2024, 12, 2)
    many = tuple(
        item(today, PEER, title=f"Báo cáo số {n}", last_day=today + timedelta(days=n), due=today + timedelta(days=n))
        for n in range(40)
    )
    numbers = re.findall(r"^(\d+)\. ", text_of(sheet(today, *many)), re.MULTILINE)
    assert numbers == [str(n) for n in range(1, 41)]


ASKED = "Nếu đã gửi, đề nghị cho biết số, ngày văn bản để đối chiếu."


@pytest.mark.parametrize(
    ("made", "asked"),
    [
        (sheet(date(2024, 12, 2), item(date(2024, 12, 2))), True),
        (sheet(date(2024, 12, 2), item(date(2024, 12, 2), Relation.SELF)), False),
        (office_sheet(date(2024, 12, 11), check=(item(date(2024, 12, 11)),)), False),
        (office_sheet(date(2024, 12, 17), direction=(item(date(2024, 12, 17)),)), False),
    ],
)
def test_only_agencies_are_asked_for_what_they_have_sent(made: Sheet, asked: bool) -> None:
    rendered = render(made)
    assert (ASKED in rendered.text, ASKED in rendered.html) == (asked, asked)


WORDLESS = {bool, int, date, datetime, type(None)}


@pytest.mark.parametrize("kind", [each for each in vars(facts).values() if is_dataclass(each)])
def test_no_field_that_may_hold_a_text_is_left_untidied(kind: type) -> None:
    held = {name for name, hint in get_type_hints(kind).items() if not {*(get_args(hint) or (hint,))} <= WORDLESS}
    assert set(render_module._field_names(kind)) == held
