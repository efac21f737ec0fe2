"""What the checks of a plan file advise, said in words of the form: who fills a form in sees no file."""

from __future__ import annotations

import re
from functools import cache

from plans.text import N_, _, language

# The sentence of the file, and the one of the form ("" where nothing can be done in the form about it).
_SENTENCES = (
    # what is wrong
    (N_("đơn vị theo dõi luôn là self"), N_("quan hệ này chỉ có thể là “đơn vị theo dõi”")),
    (N_("chỉ đơn vị theo dõi mới là self"), N_("chỉ đơn vị theo dõi mới có quan hệ “đơn vị theo dõi”")),
    (N_("khối không thể là self"), N_("cả khối không thể là “đơn vị theo dõi”")),
    (N_("kind: once mà thiếu “on”"), N_("chưa ghi ngày, tháng, quý hoặc năm")),
    (N_("“{key}” không dùng được với kind: {kind}"), N_("“{key}” không dùng được với mẫu cụm từ đã chọn")),
    (
        N_("cơ quan “{id}” không có trong parties hay khối nào, nên chưa rõ quan hệ"),
        N_("cơ quan “{id}” chưa có ở bước Cơ quan, nên chưa rõ quan hệ"),
    ),
    (N_("cơ quan “{id}” đã có trong parties"), N_("cơ quan “{id}” đã được nêu riêng")),
    (N_("cơ quan “{id}” có hai lần trong responsible"), N_("cơ quan “{id}” có hai lần trong phần chủ trì")),
    (N_("phải gồm các trường “tên: giá trị”"), N_("chưa ghi đủ các ô")),
    # what to do
    (N_("Trường dùng được: {options}"), ""),
    (N_("Viết format: {n}"), ""),
    (N_("Viết mã {id}"), N_("Chọn cơ quan trong danh sách")),
    (N_("Của đơn vị khác thì viết cả mã đơn vị: {id}"), N_("Chọn cơ quan trong danh sách")),
    (N_("Viết from không muộn hơn until"), N_("“Từ ngày” không muộn hơn “đến ngày”")),
    (N_("Viết from không muộn hơn to"), N_("Ngày đầu của mốc số liệu không muộn hơn ngày cuối")),
    (
        N_("Viết đúng một trong: at_least (từ … trở lên), at_most (không quá …), below (dưới …)"),
        N_("Ghi một trong ba: từ … trở lên, không quá …, dưới …"),
    ),
    (N_("Kiểm tra năm của until và issued"), N_("Kiểm tra năm của ngày ban hành và ngày cuối thực hiện")),
    (N_("Nhiệm vụ của đơn vị theo dõi: {options}"), N_("Chọn một nhiệm vụ do đơn vị theo dõi thực hiện")),
    (
        N_("Thêm relation: subordinate, peer hoặc requested, hoặc ghi cơ quan này trong parties"),
        N_("Chọn quan hệ của cơ quan này ở bước Cơ quan"),
    ),
    (
        N_("Thêm cơ quan này vào tệp cơ quan, hoặc vào agencies của kế hoạch"),
        N_("Thêm cơ quan này ở bước Cơ quan"),
    ),
    (
        N_("Ghi trong parties, hoặc viết {{agency: {id}, relation: peer, ground: III.5}}"),
        N_("Thêm cơ quan này ở bước Cơ quan"),
    ),
    (N_("Viết subordinate, peer hoặc requested"), N_("Chọn cấp dưới, ngang cấp hoặc đề nghị phối hợp")),
    (N_("Viết relation: self, hoặc bỏ trường này"), N_("Bỏ cơ quan này khỏi danh sách: đơn vị theo dõi đã rõ quan hệ")),
    (N_("Ghi từng cơ quan: {agency: so-tai-chinh, ground: III.5}"), N_("Ghi từng cơ quan, kèm mục làm căn cứ")),
    (
        N_("Thêm cơ quan đó vào danh sách agencies, hoặc bỏ dòng này"),
        N_("Thêm cơ quan đó ở bước Cơ quan, hoặc bỏ dòng này"),
    ),
    (N_("Đặt mã khác cho khối, ví dụ khoi-{id}"), N_("Đặt tên khác cho khối")),
    (
        N_("Ví dụ: on: 2023-11-15; nếu văn bản không nêu ngày thì viết kind: other"),
        N_("Ví dụ: 15/11/2023; nếu văn bản không nêu ngày thì chọn mẫu “văn bản không nêu ngày”"),
    ),
    (N_("Ví dụ: day: 10, hoặc day: last"), N_("Ví dụ: 10, hoặc ghi “cuối” nếu là ngày cuối tháng")),
    (
        N_("Bỏ trường này, hoặc đổi kind; với {kind} dùng: {options}"),
        N_("Để trống ô này, hoặc chọn mẫu cụm từ khác"),
    ),
    (
        N_("Viết before (trước), on (vào), by (chậm nhất) hoặc within (trong)"),
        N_("Chọn “trước”, “vào”, “chậm nhất” hoặc “trong”"),
    ),
    (
        N_("Viết day: last nếu là ngày cuối tháng, hoặc một ngày từ 1 đến 28"),
        N_("Ghi “cuối” nếu là ngày cuối tháng, hoặc một ngày từ 1 đến 28"),
    ),
    (N_("Viết day: last, hoặc một ngày từ 1 đến {longest}"), N_("Ghi “cuối”, hoặc một ngày từ 1 đến {longest}")),
    (
        N_("Thêm ngày (on, day, dates …); nếu văn bản không nêu ngày thì bỏ trường này"),
        N_("Ghi ngày; nếu văn bản không nêu ngày thì để trống ô này"),
    ),
    (
        N_("Viết ngày đầu tiên có thể đến hạn, ví dụ from: {year}-01-01"),
        N_("Ghi ở ô “từ ngày” ngày đầu tiên có thể đến hạn, ví dụ 01/01/{year}"),
    ),
    (
        N_("Viết năm-tháng-ngày hoặc ngày/tháng/năm: 2023-11-15 hoặc 15/11/2023"),
        N_("Ghi ngày/tháng/năm, ví dụ 15/11/2023"),
    ),
    (N_("Viết một trong: {options}"), N_("Chọn một mục trong danh sách của ô này")),
    # figures
    (N_("loại “{kind}” đã có đơn vị tính"), N_("loại này đã có đơn vị tính")),
    (N_("Bỏ dòng unit"), N_("Để trống ô đơn vị tính")),
    (N_("Ví dụ: unit: mô hình"), N_("Ví dụ: mô hình")),
    (N_("Dùng kind: {kind}"), N_("Chọn loại đó trong danh sách")),
    (
        N_("Nối chỉ tiêu “%” với số liệu kind: percent, chỉ tiêu khác với số đếm"),
        N_("Nối chỉ tiêu “%” với tỷ lệ, chỉ tiêu khác với số đếm"),
    ),
    (N_("Dùng kind: percent, hoặc bỏ dòng này"), N_("Chọn loại “tỷ lệ %”, hoặc để trống tử số, mẫu số")),
    (N_("Thêm dòng {key}, hoặc bỏ cả hai"), N_("Chọn cả tử số và mẫu số, hoặc để trống cả hai")),
    (N_("Lấy số đếm được làm tử số, mẫu số"), N_("Chọn số đếm được làm tử số, mẫu số")),
    (N_("Thêm các nhiệm vụ đó vào duties của “{id}”"), N_("Chọn cùng báo cáo cho cả hai số liệu")),
    (N_("Bỏ dòng cumulative của tỷ lệ này"), N_("Chọn “trong kỳ” cho tỷ lệ này")),
)


def in_form(sentence: str) -> str | None:
    """The sentence as the form says it, "" where the form has nothing to say; None where it needs no change."""
    for pattern, said in _patterns(language()):
        if found := pattern.fullmatch(sentence):
            return _(said).format(**found.groupdict()) if said else ""
    return None


@cache
def _patterns(_language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Of the language in which the checks speak now."""
    return tuple((re.compile(_pattern(_(sentence))), said) for sentence, said in _SENTENCES)


def _pattern(sentence: str) -> str:
    if "{{" not in sentence and re.search(r"\{[a-z]+: ", sentence):  # braces that are no place for a value
        return re.escape(sentence)
    plain = sentence.replace("{{", "\x00").replace("}}", "\x01")
    parts = re.split(r"\{([a-z]+)\}", plain)
    escaped = [re.escape(part.replace("\x00", "{").replace("\x01", "}")) for part in parts[::2]]
    groups = [f"(?P<{name}>.*)" for name in parts[1::2]]
    return "".join(text + group for text, group in zip(escaped, [*groups, ""], strict=True))
