"""What the head of a column says that the column holds, and what a cell says that holds a time and nothing else."""

from __future__ import annotations

import re
from enum import StrEnum

from reader.draft import Boundary, Kind
from reader.times.expression import TimeExpression
from reader.times.prefixes import Strength
from reader.times.reading import read_times
from reader.times.sentences import Years
from reader.times.values import day_text


class Column(StrEnum):
    """What a column holds."""

    WORK = "work"
    LEAD = "lead"
    WITH = "with"
    TIME = "time"
    BEGIN = "begin"
    END = "end"
    PRODUCT = "product"
    RECIPIENT = "recipient"
    NUMBER = "number"
    OTHER = "other"


_HEADS = (
    (Column.NUMBER, re.compile(r"(?:stt|tt|so tt|so thu tu|#)$")),
    (Column.BEGIN, re.compile(r"(?:thoi gian |ngay )?(?:bat dau|tu ngay|khoi dong)")),
    (Column.END, re.compile(r"(?:thoi gian |ngay )?(?:ket thuc|den ngay)")),
    (Column.WITH, re.compile(r".*phoi hop")),
    (
        Column.TIME,
        re.compile(
            r".*(?:thoi gian|thoi han|tien do|han hoan thanh"
            r"|hoan thanh|thoi diem|han nop|han gui|lo trinh"
            r"|nam thuc hien|^nam$|^thang$|^ngay$|ky bao cao)"
        ),
    ),
    (
        Column.RECIPIENT,
        re.compile(
            r".*(?:noi nhan|cap trinh|cap phe duyet|cap co tham quyen"
            r"|noi gui|don vi nhan|co quan nhan|trinh cap"
            r"|cap ban hanh)"
        ),
    ),
    (Column.PRODUCT, re.compile(r".*(?:san pham|dau ra|ket qua|hinh thuc van ban)")),
    (
        Column.LEAD,
        re.compile(
            r".*(?:chu tri|don vi|co quan|thuc hien|phu trach|trach nhiem|phan cong|tham muu|nguoi|bo phan|dau moi)"
        ),
    ),
    (
        Column.WORK,
        re.compile(r".*(?:noi dung|nhiem vu|cong viec|hoat dong|ten|cong tac|dau viec|van de|muc tieu|giai phap)"),
    ),
)
_HEAD_MOST = 90  # characters
_YEARS_ONLY = re.compile(r"((?:19|20)\d\d)(?: ?[-–] ?((?:19|20)\d\d))?")


def column_of(head: str) -> Column:
    """By its head, folded."""
    if not head or len(head) > _HEAD_MOST:
        return Column.OTHER
    return next((column for column, pattern in _HEADS if pattern.match(head)), Column.OTHER)


def whole_cell(words: str, years: Years) -> TimeExpression | None:
    """A cell that holds a time and nothing else: also "2026" and "2022-2030"."""
    if found := _YEARS_ONLY.fullmatch(words):
        first, last = found.groups()
        due = {"from": first, "to": last} if last else day_text(int(first))
        return TimeExpression(0, 0, len(words), Kind.ONCE, due, Boundary.WITHIN, Strength.LIKELY)
    read = read_times(words, years)
    if len(read) == 1 and read[0].start == 0 and read[0].end >= len(words) - 1 and not read[0].window:
        return read[0]
    return None
