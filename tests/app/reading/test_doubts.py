"""Doubts in words that say what was assumed and what to look at."""

from __future__ import annotations

from app.reading.doubts import fact_doubts, item_doubts
from reader.draft import Doubt
from tasks.reading_model import Fact, Item, Named


def item(*doubts: Doubt, agencies: tuple[Named, ...] = (Named("Sở Tài chính"),)) -> Item:
    return Item(1, "Báo cáo", "II.1", "once", agencies=agencies, doubts=tuple(each.value for each in doubts))


def test_every_doubt_has_a_sentence_of_its_own() -> None:
    said = [sentence for doubt in Doubt for sentence in item_doubts(item(doubt))]
    assert len(set(said)) == len(list(Doubt))
    assert item_doubts(item(Doubt.YEAR)) == ["Câu này không ghi năm, máy lấy năm theo kế hoạch: xem năm có đúng không."]


def test_a_duty_that_names_nobody_is_not_told_where_its_bodies_come_from() -> None:
    assert item_doubts(item(Doubt.AGENCY, agencies=())) == []
    [said] = item_doubts(item(Doubt.AGENCY))
    assert "đề mục ở trên" in said


def test_of_a_fact_it_says_what_to_do_with_it_and_nothing_of_deadlines() -> None:
    weak = Fact("Công an xã", doubts=(Doubt.WEAK.value,))
    assert fact_doubts("lead", weak) == [
        "Văn bản không giao rõ đơn vị theo dõi, máy chọn đơn vị này: xem có đúng không."
    ]
    every = Fact("x", doubts=tuple(doubt.value for doubt in Doubt))
    assert not [said for said in fact_doubts("number", every) if "hạn" in said.replace("thời hạn", "hạn")]
    assert fact_doubts("number", Fact("05/KH-UBND")) == []
