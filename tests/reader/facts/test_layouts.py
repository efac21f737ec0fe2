"""Heads as they come from web pages, tables, scans and converters: their lines torn, joined or fenced."""

from __future__ import annotations

import pytest

from tests.reader.facts.papers import BODY, facts, value

TORN = """ỦY
BAN NHÂN DÂN
TỈNH KHÁNH HÒA
-------
|
CỘNG
HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
---------------
|
Số:
7397/KH-UBND
|
Khánh
Hòa, ngày 17 tháng 08
năm 2017
|
KẾ HOẠCH
DIỆT CHUỘT TRÊN ĐỒNG
RUỘNG NĂM 2018
Thực hiện Chỉ thị số
12/CT-TTg ngày 08/6/2017, UBND tỉnh ban hành Kế hoạch như sau:
"""
FENCED = """| **UỶ BAN NHÂN DÂN** <br> **THÀNH PHỐ ĐÀ NẴNG** <br> Số: 71/QĐ-UBND | \
**CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM** <br> **Độc lập - Tự do - Hạnh phúc** <br> *Đà Nẵng, ngày 30 tháng 5 năm 2026* |
| --- | --- |

**QUYẾT ĐỊNH**

**Về việc diệt chuột**

**CHỦ TỊCH ỦY BAN NHÂN DÂN THÀNH PHỐ**
"""
COLUMNS = """ỦY BAN NHÂN DÂN | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM |
Số: 41/2019/QĐ-UBND | Quảng Trị, ngày 22 tháng 10 năm 2019 |
BAN HÀNH QUY ĐỊNH DIỆT CHUỘT TRÊN ĐỊA BÀN TỈNH QUẢNG TRỊ
ỦY BAN NHÂN DÂN TỈNH QUẢNG TRỊ
"""
PAGE = """Kế hoạch 155/KH-UBND năm 2017 diệt chuột
Số hiệu: 155/KH-UBND Loại văn bản: Văn bản khác
Ngày ban hành: 26/05/2017 Ngày hiệu lực: Đang cập nhật

ỦY BAN NHÂN DÂN
TỈNH BẮC NINH
-------

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
---------------

Số: 155/KH-UBND

Bắc Ninh, ngày 26 tháng 5 năm 2017

KẾ HOẠCH

DIỆT CHUỘT TRÊN ĐỊA BÀN TỈNH BẮC NINH

"""
MINISTRY = """BỘ
Y TẾ
--------
|
Số:
67/2011/TT-BYT
|
Hà
Nội, ngày 30 tháng 12 năm 2011
|
THÔNG TƯ
VỀ DIỆT CHUỘT
Căn cứ Luật;
"""
PRIME_MINISTER = """THỦ TƯỚNG
CHÍNH PHỦ
-------
Số:
344/QĐ-TTg
Hà Nội,
ngày 15 tháng 3 năm 2022
QUYẾT ĐỊNH
VỀ
VIỆC PHÊ DUYỆT ĐỀ ÁN DIỆT CHUỘT
THỦ TƯỚNG CHÍNH PHỦ
Căn cứ Luật;
"""
PARTY = """HUYỆN ỦY YÊN LẬP
BAN TỔ CHỨC
*
Số 14-HD/BTCHU
ĐẢNG CỘNG SẢN VIỆT NAM
Yên Lập, ngày 3 tháng 9 năm 2024
HƯỚNG DẪN
kiểm điểm cuối năm
-----
"""
SCHOOL = """UBND HUYỆN PHÙ YÊN
TRƯỜNG TIỂU HỌC VÀ THCS TÂN LANG
Số: 21/KH-TH&THCS
Tân Lang, ngày 3 tháng 9 năm 2024
KẾ HOẠCH
Tổng vệ sinh trường lớp

"""
LETTER = """ỦY BAN NHÂN DÂN
THÀNH PHỐ HỒ CHÍ MINH
SỞ Y TẾ
-------
Số: 2222/SYT-NVY
V/v phòng dịch, báo cáo
Thành phố Hồ Chí Minh, ngày 11 tháng 9 năm 2015
Kính gửi: Các bệnh viện

"""


@pytest.mark.parametrize(
    ("text", "number", "signed", "issuer", "title"),
    [
        (TORN, "7397/KH-UBND", "2017-08-17", "Ủy ban nhân dân tỉnh Khánh Hòa", "DIỆT CHUỘT TRÊN ĐỒNG RUỘNG NĂM 2018"),
        (FENCED, "71/QĐ-UBND", "2026-05-30", "Ủy ban nhân dân thành phố Đà Nẵng", "Về việc diệt chuột"),
        (COLUMNS, "41/2019/QĐ-UBND", "2019-10-22", "Ủy ban nhân dân tỉnh Quảng Trị", None),
        (PAGE, "155/KH-UBND", "2017-05-26", "Ủy ban nhân dân tỉnh Bắc Ninh", "DIỆT CHUỘT TRÊN ĐỊA BÀN TỈNH BẮC NINH"),
        (MINISTRY, "67/2011/TT-BYT", "2011-12-30", "Bộ Y tế", "VỀ DIỆT CHUỘT"),
        (PRIME_MINISTER, "344/QĐ-TTg", "2022-03-15", "Thủ tướng Chính phủ", "VỀ VIỆC PHÊ DUYỆT ĐỀ ÁN DIỆT CHUỘT"),
        (PARTY, "14-HD/BTCHU", "2024-09-03", "Ban Tổ chức Huyện ủy Yên Lập", "kiểm điểm cuối năm"),
        (
            SCHOOL, "21/KH-TH&THCS", "2024-09-03", "Trường Tiểu học và THCS Tân Lang huyện Phù Yên",
            "Tổng vệ sinh trường lớp",
        ),
        (LETTER, "2222/SYT-NVY", "2015-09-11", "Sở Y tế thành phố Hồ Chí Minh", "phòng dịch, báo cáo"),
    ],
    ids=["torn", "fenced", "columns", "page", "ministry", "prime minister", "party", "school", "letter"],
)  # fmt: skip
def test_head_is_read_in_every_layout(text: str, number: str, signed: str, issuer: str, title: str | None) -> None:
    found = facts(text + BODY)
    assert (value(found.number), value(found.signed)) == (number, signed)
    assert (value(found.issuer), value(found.title)) == (issuer, title)
