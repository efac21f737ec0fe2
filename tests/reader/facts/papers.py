"""Documents in our own words for the tests of facts: invented places, numbers and bodies."""

from __future__ import annotations

import re
import unicodedata

from reader.document import Document
from reader.draft import Facts, Found
from reader.facts import read_facts
from reader.outline import outline

HEAD = """ỦY BAN NHÂN DÂN
TỈNH SƠN LA
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc

Số: 145/KH-UBND
Sơn La, ngày 05 tháng 3 năm 2024

KẾ HOẠCH
Trồng cây xanh ven các tuyến đường năm 2024

"""
BODY = """I. MỤC ĐÍCH, YÊU CẦU
1. Làm cho đường làng sạch, mát.
II. TỔ CHỨC THỰC HIỆN
1. Các xã trồng cây trước ngày 30/6/2024.
"""


def facts(text: str, *, ocr: bool = False) -> Facts:
    """What the reader says about a text."""
    document = Document(text, ocr=ocr)
    return read_facts(document, outline(document))


def value(found: Found[str] | None) -> str | None:
    """The value alone."""
    return found.value if found is not None else None


def bare(text: str) -> str:
    """Without diacritics."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in plain if not unicodedata.combining(c))


def flat(text: str) -> str:
    """Without line breaks."""
    return re.sub(r"\s+", " ", text)


def head(number: str = "Số: 145/KH-UBND", date: str = "Sơn La, ngày 05 tháng 3 năm 2024", title: str = "") -> str:
    """The usual head with another number, date or title."""
    text = HEAD.replace("Số: 145/KH-UBND", number).replace("Sơn La, ngày 05 tháng 3 năm 2024", date)
    return text.replace("Trồng cây xanh ven các tuyến đường năm 2024", title) if title else text
