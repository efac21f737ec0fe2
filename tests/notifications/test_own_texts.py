"""What an office says in its own words: which texts there are, what may stand in them, and what becomes of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from notifications.errors import BadText
from notifications.own_texts import ALL, TextKey, TextKind, TextPart, fields_of
from notifications.ready_texts import ready
from notifications.render import render
from notifications.text_check import checked, tried
from notifications.text_desk import drop_text, save_text, texts_of
from notifications.text_examples import examples
from plans.text import use_language
from tasks.database import reading, writing
from tasks.office import office_of
from tasks.tables import audit_event
from tests.notifications.sheets import DESK, item, sheet
from tests.support import LEAD, Valley

OVERDUE = TextKey.of("overdue.peer.opening")
SAID = "Đến {hôm nay} {đơn vị theo dõi} chưa nhận {nội dung} theo {kế hoạch}. Đề nghị Quý cơ quan gửi."


@pytest.fixture(params=["vi", "en"])
def spoken(request: pytest.FixtureRequest) -> Iterator[str]:
    use_language(request.param)
    yield request.param
    use_language("vi")


def test_every_situation_and_relation_has_three_texts() -> None:
    assert len(ALL) == 9 * 4 * 3
    assert [TextKey.of(str(key)) for key in ALL] == list(ALL)


def test_every_ready_text_may_be_kept_as_it_is_and_makes_every_message(spoken: str) -> None:
    for key in ALL:
        if text := ready(key):
            assert checked(key, text) == text, key
            tried(key, text)


# Where the ready sentence holds nothing that a text of the office's own says a little differently (a day without its
# weekday, the report beside the paper).
ALIKE = [
    key
    for key in ALL
    if (key.part is TextPart.OPENING and key.kind not in (TextKind.RETURNED, TextKind.EXTENDED, TextKind.CORRECTION))
    or (key.part is TextPart.SUBJECT and key.kind in (TextKind.TODAY, TextKind.PASSED, TextKind.OVERDUE))
]


@pytest.mark.parametrize("key", ALIKE, ids=str)
def test_the_ready_sentence_typed_in_says_what_is_said_without_it(key: TextKey) -> None:
    for usual, own in zip(examples(key), examples(key, ready(key)), strict=True):
        assert own.desk.texts
        assert render(own) == render(usual)


def test_the_office_s_own_sentence_stands_in_the_message() -> None:
    today = date(2024, 12, 16)
    desk = replace(DESK, texts={str(OVERDUE): SAID, "overdue.peer.closing": "Trân trọng."})
    made = render(sheet(today, item(today), desk=desk))
    assert (
        "Đến 16/12/2024 Công an tỉnh Sơn La (PC10) chưa nhận Báo cáo năm 2024 theo KH kèm QĐ 2316/QĐ-UBND. "
        "Đề nghị Quý cơ quan gửi."
    ) in made.text
    assert "Trân trọng." in made.text
    assert "Đề nghị Quý cơ quan sớm gửi" not in made.text
    assert made.subject == render(sheet(today, item(today))).subject


def test_a_long_title_in_an_own_subject_gives_way_before_the_rest() -> None:
    today = date(2024, 12, 16)
    desk = replace(DESK, texts={"overdue.peer.subject": "Chưa nhận {nội dung}; hạn {hạn}"})
    long = "Báo cáo " + "kết quả thực hiện nhiệm vụ " * 10
    made = render(sheet(today, item(today, title=long, product=None), desk=desk))
    assert made.subject.endswith("…; hạn 09/12")
    assert len(made.subject) <= 150


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("overdue.peer.opening", "", "Chưa viết lời nào"),
        ("overdue.peer.opening", "Chưa nhận báo cáo.", "Phải có {nội dung}"),
        (
            "overdue.peer.opening",
            "Chưa nhận {nội dung} của {ai đó}.",
            "Không có chỗ điền {ai đó}. Dùng được: {nội dung}",
        ),
        ("overdue.peer.opening", "Chưa nhận {nội dung.", "không thành cặp"),
        ("overdue.peer.opening", "Chưa nhận {nội dung}" + "." * 800, "tối đa 800"),
        ("overdue.peer.subject", "Chưa nhận {nội dung}" + "." * 140, "tối đa 140"),
        ("overdue.peer.opening", "Yêu cầu gửi {nội dung}.", "viết “đề nghị”, không viết “yêu cầu”"),
        ("overdue.requested.opening", "Quá hạn {nội dung}, khẩn trương gửi.", "không viết “quá hạn”, “khẩn trương”"),
        ("overdue.subordinate.opening", "Sẽ bị phê bình: {nội dung}.", "không nêu “phê bình”"),
        ("assigned.peer.opening", "Có {số việc} việc.", "Phải có {kế hoạch}"),
        ("returned.peer.opening", "Trả lại.", "Phải có {nội dung} hoặc {văn bản}"),
        ("reminder.peer.opening", "Còn {số ngày quá hạn} ngày: {nội dung}", "Không có chỗ điền {số ngày quá hạn}"),
    ],
)
def test_what_cannot_be_said_is_refused_with_what_to_do(name: str, text: str, said: str) -> None:
    with pytest.raises(BadText) as caught:
        checked(TextKey.of(name), text)
    assert said in str(caught.value)


def test_a_subordinate_may_be_told_and_a_demand_may_be_spoken_of() -> None:
    assert checked(TextKey.of("overdue.subordinate.opening"), "Yêu cầu gửi ngay {nội dung}.")
    assert checked(OVERDUE, "Theo yêu cầu của {kế hoạch}, đề nghị gửi {nội dung}.")


def test_line_ends_and_separated_marks_are_put_right() -> None:
    assert checked(OVERDUE, "  Đến nay\n chưa nhận {nội dung} ") == "Đến nay chưa nhận {nội dung}"


def test_every_name_in_braces_is_filled_in_every_case() -> None:
    for key in ALL:
        everything = " ".join(f"{{{name}}}" for name in fields_of(key.kind))
        for each in examples(key, everything):
            made = render(each)
            assert "{" not in made.subject + made.text, key


def test_texts_are_kept_per_unit_and_language_and_dropped_again(valley: Valley) -> None:
    with writing(valley.engine) as c:
        save_text(c, "", OVERDUE, "Chung: {nội dung}", now=valley.now, actor="t")
        save_text(c, LEAD, OVERDUE, "Riêng: {nội dung}", now=valley.now, actor="t")
    with reading(valley.engine) as c:
        assert office_of(c, LEAD).texts[str(OVERDUE)] == {"vi": "Riêng: {nội dung}"}
        assert office_of(c, "").texts[str(OVERDUE)] == {"vi": "Chung: {nội dung}"}
    with writing(valley.engine) as c:
        drop_text(c, LEAD, OVERDUE, now=valley.now, actor="t")
    with reading(valley.engine) as c:
        assert texts_of(c, LEAD) == {}
        assert office_of(c, LEAD).texts[str(OVERDUE)] == {"vi": "Chung: {nội dung}"}
        told = list(c.execute(select(audit_event.c.agency_id).where(audit_event.c.kind == "setting")).scalars())
    assert told == [None, LEAD, LEAD]


def test_a_text_that_is_refused_changes_nothing(valley: Valley) -> None:
    with writing(valley.engine) as c:
        save_text(c, LEAD, OVERDUE, "Riêng: {nội dung}", now=valley.now, actor="t")
        with pytest.raises(BadText):
            save_text(c, LEAD, OVERDUE, "Yêu cầu {nội dung}", now=valley.now, actor="t")
        assert texts_of(c, LEAD)[str(OVERDUE)] == {"vi": "Riêng: {nội dung}"}
