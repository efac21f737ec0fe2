"""Documents made for tests, in words of our own."""

from __future__ import annotations

from reader.document import Document
from reader.draft import Draft, Duty
from reader.reading import read

HEAD = """ỦY BAN NHÂN DÂN
TỈNH AN SƠN

Số: 05/KH-UBND

An Sơn, ngày 02 tháng 10 năm 2023

KẾ HOẠCH
Thực hiện công tác thử nghiệm trên địa bàn tỉnh

I. NHIỆM VỤ

"""


def document(body: str, head: str = HEAD) -> Document:
    """A plan signed on 02/10/2023 with that text under "I. NHIỆM VỤ"."""
    return Document(head + body)


def duties_of(body: str, head: str = HEAD) -> tuple[Duty, ...]:
    """All that is proposed for it."""
    return draft_of(body, head).duties


def draft_of(body: str, head: str = HEAD) -> Draft:
    """The whole draft."""
    return read(document(body, head))


def told(duty: Duty, text: str) -> tuple[str, str, object, str | None]:
    """The time of a duty: its words on one line, how often, when, the word before the date."""
    return (
        " ".join(duty.time.of(text).replace("*", "").split()),
        duty.kind.value,
        duty.due,
        duty.boundary.value if duty.boundary else None,
    )
