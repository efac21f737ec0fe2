"""The one line for telephones: within a segment in both alphabets, for every kind, and saying nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from notifications.channels.plain_letters import SEGMENT, plain
from notifications.facts import MonthLine, PageTable, Sheet, Week, WeekPage
from notifications.short_limits import UNICODE_SEGMENT, units
from notifications.short_text import render_for, short_rendered, trial_rendered
from plans.model import Relation
from tests.notifications.sheets import DESK, item, office_sheet, sheet
from tests.support import at

TODAY = date(2024, 12, 2)


def _report(relation: Relation = Relation.PEER, today: date = TODAY, **changes: object) -> Sheet:
    return sheet(today, item(today, relation, **changes))


def _two(**changes: Any) -> Sheet:
    late = item(
        TODAY,
        occurrence_id="x/y/z/2023",
        due=date(2024, 11, 20),
        last_day=date(2024, 11, 20),
        late_after=date(2024, 11, 20),
    )
    return sheet(TODAY, item(TODAY), late, **changes)


@pytest.mark.parametrize(
    ("told", "text"),
    [
        (_report(), "Sở Tư pháp: 01 việc, hạn gần nhất 09/12. ĐT 0212 385 0000"),
        (_two(), "Sở Tư pháp: 02 việc, hạn gần nhất 09/12. ĐT 0212 385 0000"),
        (_report(Relation.SUBORDINATE), "Công an xã Chiềng Xôm: 01 việc, hạn gần nhất 09/12. ĐT 0212 385 0000"),
        (_report(Relation.REQUESTED), "UB MTTQ Việt Nam tỉnh: 01 việc, hạn gần nhất 09/12. ĐT 0212 385 0000"),
        (_report(today=date(2024, 12, 9)), "Sở Tư pháp: 01 việc, hạn gần nhất 09/12. ĐT 0212 385 0000"),
        (_report(today=date(2024, 12, 12)), "Sở Tư pháp: 01 việc, hạn 09/12 đã qua. ĐT 0212 385 0000"),
        (_two(kind="assigned"), "Sở Tư pháp: 02 việc mới, hạn gần nhất 09/12. ĐT 0212 385 0000"),
        (_two(kind="press"), "Sở Tư pháp: 02 việc, hạn gần nhất 09/12. ĐT 0212 385 0000"),
        (replace(_report(), kind="returned"), "Sở Tư pháp: 01 việc cần gửi lại, hạn 09/12. ĐT 0212 385 0000"),
        (replace(_report(), kind="extended"), "Sở Tư pháp: 01 việc, hạn mới 09/12. ĐT 0212 385 0000"),
        (replace(_report(), kind="correction"), "Sở Tư pháp: đính chính 01 việc, hạn 09/12. ĐT 0212 385 0000"),
        (
            office_sheet(TODAY, check=(item(TODAY),), lead=(item(TODAY, occurrence_id="a/b/c/2024"),)),
            "Công an tỉnh Sơn La: 02 việc, hạn gần nhất 09/12. ĐT 0212 385 0000",
        ),
        (
            office_sheet(
                TODAY,
                kind="week",
                week=Week(TODAY, date(2024, 12, 8), at("2024-12-02 07:30"), due=(item(TODAY),)),
            ),
            "Báo cáo tuần: 01 việc, hạn gần nhất 09/12. ĐT 0212 385 0000",
        ),
        (
            office_sheet(
                TODAY,
                kind="month",
                month=date(2024, 11, 1),
                month_lines=(MonthLine("KH 1", "Báo cáo", "Sở Tư pháp", "chưa gửi", missing=True),),
            ),
            "Tháng 11/2024: 01 việc chậm hoặc chưa nhận. ĐT 0212 385 0000",
        ),
        (
            replace(_report(), agency_name="Ủy ban nhân dân phường Chiềng Cơi"),
            "UBND phường Chiềng Cơi: 01 việc, hạn gần nhất 09/12. ĐT 0212 385 0000",
        ),
        (office_sheet(TODAY), "Công an tỉnh Sơn La: 00 việc. ĐT 0212 385 0000"),
        (replace(_report(), sample=True), "[MẪU] Sở Tư pháp: 01 việc, hạn gần nhất 09/12. ĐT 0212 385 0000"),
        (
            replace(_report(), desk=replace(DESK, phone=None)),
            "Sở Tư pháp: 01 việc, hạn gần nhất 09/12.",
        ),
    ],
    ids=lambda told: "" if isinstance(told, str) else told.kind,
)  # fmt: skip
def test_the_line_of_each_kind(told: Sheet, text: str) -> None:
    made = short_rendered(told)
    assert made.text == text + "\n"
    assert made.subject == text


def test_the_weekly_page_is_announced_with_its_length_alone() -> None:
    rows = (("Sở Ngoại vụ", "Báo cáo mật"), ("Sở Xây dựng", "Báo cáo năm"))
    part = PageTable("overdue", "Quá hạn", "", ("Cơ quan", "Việc"), rows, "", "")
    page = WeekPage(TODAY, "Trang tuần", "CA", "Trang tuần", "", ("một dòng",), (part,), "", "abc")
    made = short_rendered(office_sheet(TODAY, kind="page", page=page))
    assert made.text == "Công an tỉnh Sơn La: trang tuần: 02 mục. ĐT 0212 385 0000\n"


NAMES = (
    "Sở Tài chính",
    "Ủy ban nhân dân phường Chiềng Cơi Bản Hẹo Phụ Mở",
    "Ngân hàng Chính sách xã hội – Chi nhánh tỉnh An Sơn, Phòng giao dịch số 2",
    "Viện kiểm sát nhân dân khu vực 10 – An Sơn",
    "X" * 200,
    "𝕏 " * 40,
    "",
)
PHONES = (None, "0212 385 0000", "0212 385 0000 (máy lẻ 12)", "+84 212 385 0000 máy lẻ 1234567", "")
KINDS = ("digest", "assigned", "returned", "extended", "correction", "press", "week", "month", "page")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("phone", PHONES)
def test_it_is_one_segment_in_both_alphabets_whatever_it_is_about(kind: str, name: str, phone: str | None) -> None:
    told = replace(
        _two(), kind=kind, agency_name=name, desk=replace(DESK, phone=phone), sample=True,
        month=date(2024, 11, 1) if kind == "month" else None,
    )  # fmt: skip
    line = short_rendered(told).text.rstrip("\n")
    assert 0 < units(line) <= UNICODE_SEGMENT
    assert "\n" not in line
    bare = plain(line)
    assert len(bare) <= SEGMENT
    assert "02 viec" in bare
    assert bare.startswith("(MAU) ")


def test_no_clause_no_title_no_other_body_and_nobodys_name() -> None:
    told = office_sheet(
        TODAY,
        check=(item(TODAY, agency_name="Sở Ngoại vụ"),),
        mine=(item(TODAY, occurrence_id="o/1/2/3", plan_short="KH 77/KH-UBND", title="Báo cáo mật"),),
        forward_for="Công an xã Chiềng Xôm",
        note="gọi ngay cho ông A",
    )
    made = short_rendered(told)
    everything = f"{made.subject} {made.text} {made.html} {made.fields}"
    for word in ("Ngoại vụ", "77/KH", "Báo cáo", "IV.1", "Chiềng Xôm", "ông A", "Trần Văn Bình", "Lò Văn Mẫn", "pc10@"):
        assert word not in everything


def test_what_a_template_is_filled_with() -> None:
    made = short_rendered(replace(_report(), agency_name="Ủy ban nhân dân phường Chiềng Cơi, thành phố An Sơn"))
    assert json.loads(made.fields or "") == {
        "co_quan": "UBND phường Chiềng Cơi",
        "so_viec": "01",
        "han": "09/12/2024",
        "noi_dung": "01 việc, hạn gần nhất 09/12",
        "dien_thoai": "0212 385 0000",
    }


def test_a_template_is_never_filled_with_nothing() -> None:
    told = office_sheet(TODAY, desk=replace(DESK, phone=None))
    assert all(json.loads(short_rendered(told).fields or "").values())


def test_only_telephones_get_it() -> None:
    told = _report()
    assert render_for("sms", "0912345678", told) == short_rendered(told)
    assert render_for("relay", "zalo:0912345678", told) == short_rendered(told)
    assert render_for("email", "a@b.vn", told).fields is None
    assert "Báo cáo năm 2024" in render_for("telegram", "77", told).text


def test_a_trial_speaks_of_no_duty() -> None:
    made = trial_rendered("08:00 09/12", TODAY)
    assert made.subject == "Tin thử của dondoc lúc 08:00 09/12. Không cần trả lời."
    assert units(made.subject) <= UNICODE_SEGMENT
