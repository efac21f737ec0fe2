"""What is doubtful, in words for who reviews: what the machine has assumed, and what to look at."""

from __future__ import annotations

from plans.text import _
from reader.draft import Doubt
from tasks.reading_model import Fact, Item


def item_doubts(item: Item) -> list[str]:
    """Of a proposed duty. That nobody is named is said once, by whoever asks for the bodies."""
    said = {
        Doubt.UNREADABLE: _("Câu này có chữ mờ hoặc để trống: đối chiếu với bản giấy."),
        Doubt.OCR: _("Chữ nhận dạng từ bản quét: đối chiếu ngày, tháng với bản giấy."),
        Doubt.YEAR: _("Câu này không ghi năm, máy lấy năm theo kế hoạch: xem năm có đúng không."),
        Doubt.CADENCE: _("Câu này không ghi rõ bao lâu một lần, máy hiểu theo các câu bên cạnh: xem lại thời hạn."),
        Doubt.AGENCY: _("Câu này không nêu cơ quan, máy lấy theo đề mục ở trên: xem có đúng không."),
        Doubt.WEAK: _("Có thể câu này không giao việc có thời hạn: đọc lại trong văn bản."),
        Doubt.DAY: _("Câu này không nêu ngày: vẫn ghi vào kế hoạch nhưng không tính hạn."),
    }
    named = [Doubt(each) for each in item.doubts if item.agencies or each != Doubt.AGENCY]
    return [said[doubt] for doubt in named]


def fact_doubts(name: str, fact: Fact) -> list[str]:
    """Of what the document says about itself."""
    said = {
        Doubt.UNREADABLE: _("Chỗ này mờ hoặc để trống: đối chiếu với bản giấy, ghi cho đủ."),
        Doubt.OCR: _("Chữ nhận dạng từ bản quét: đối chiếu với bản giấy."),
        Doubt.YEAR: _("Chỗ này không ghi năm: đối chiếu với bản giấy."),
    }
    unsure = _("Văn bản không giao rõ đơn vị theo dõi, máy chọn đơn vị này: xem có đúng không.")
    other = unsure if name == "lead" else _("Máy chưa chắc chỗ này: đối chiếu với văn bản.")
    return list(dict.fromkeys(said.get(Doubt(each), other) for each in fact.doubts))
