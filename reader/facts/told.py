"""An act that a text without a head of its own tells of: a report on the issuer's page, an answer to a question.

"Ngày 24/5/2017, UBND tỉnh ban hành Công văn số …". What such a text orders is what that act orders.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from reader.draft import Found
from reader.facts.front import KIND, Front
from reader.facts.names import Name
from reader.facts.number import ACT_NUMBER, has_label, printed_number
from reader.facts.signing import day_in
from reader.facts.spoken import body_at

_KINDS = rf"(?:{KIND}|cong van|van ban|luat)"
_DAY = r"ngay (?P<{}>\d{{1,2}} ?[/.-] ?\d{{1,2}} ?[/.-] ?\d{{4}}|\d{{1,2}} thang \d{{1,2}} nam \d{{4}})"
_BODY = (
    r"(?<!nha )(?:(?:bo truong,? ?-? ?chu nhiem|chu tich|pho chu tich|giam doc|bo truong) )?(?P<body>(?:uy ban"
    r"|ubnd|hdnd"
    r"|hoi dong|van phong"
    r"|bo|so|ban|thanh tra|ngan hang|tong cuc|cuc|cong an|tinh uy|thanh uy|huyen uy|hoc vien|truong|vien|phong"
    r"|thu tuong"
    r"|chinh phu|bao hiem|toa an|kho bac|lien doan|dang uy|hoi|trung tam)(?![a-z])[^.;:()\d]{0,80}?)"
)
_NUMBER = rf"{_KINDS},? (?:lien tich )?(?:so:? ?)?(?P<number>{ACT_NUMBER})"
_TOLD = (
    # Ngày 24/5/2017, UBND tỉnh ban hành Công văn số …
    rf"(?<![a-z])(?:{_DAY.format('first')},? ?)?{_BODY} (?:vua |da |moi )?(?:ban hanh|banh|co|ky|ra|gui"
    rf"|phat hanh) (?:them )?{_NUMBER}"
    rf"(?:,? {_DAY.format('second')})?",
    # Quyết định số … ngày … của UBND tỉnh ban hành / quy định
    rf"{_NUMBER}(?:,? {_DAY.format('first')})?,? (?:cua )?(?:{_BODY} )?(?:ban hanh|quy dinh|huong dan)",
    # tại Công văn số … do Ban … ban hành
    rf"(?<![a-z]){_NUMBER}(?:,? {_DAY.format('first')})? do {_BODY} ban hanh",
    # (Theo Công văn số …, ngày …)
    rf"\((?:theo|nguon:?) {_NUMBER}(?:,? {_DAY.format('first')})?",
    # Xem chi tiết tại Thông tư …; tải Công văn số … tại đây
    rf"(?<![a-z])xem (?:noi dung |toan van )?(?:chi tiet )?(?:tai )?{_NUMBER}",
    rf"(?<![a-z])(?:tai|xem|file) {_NUMBER},? (?:tai day|kem theo)",
    # Theo khoản 2 Điều 5 Thông tư … quy định như sau
    r"(?<![a-z])(?:theo|tai|can cu)(?: quy dinh tai)?(?= (?:khoan|diem|dieu|thong tu|nghi dinh|huong dan) )"
    rf"(?: (?:khoan|diem"
    rf"|dieu) \w+,?){{0,3}} (?:quy dinh [^.;:]{{0,80}} (?:ban hanh )?kem theo )?"
    rf"{_NUMBER}[^.;:]{{0,300}}? (?:nhu sau|thi|gom)(?![a-z])",
)
_MOTTO = re.compile(r"doc lap ?-? ?tu do|cong hoa xa hoi|dang cong san viet nam|kinh gui|noi nhan")
_SURE = (0.7, 0.6, 0.6, 0.7, 0.6, 0.6, 0.4)
_ANYWHERE = (3, 4, 5)
"""Patterns that are sought to the end of the text, not only in its opening."""
_FIRST = 420  # folded characters: a body that acts later only tells what another one did before
_EARLY = 1500  # folded characters in which the report names its act


@dataclass(frozen=True, slots=True)
class Told:
    """Number, day and issuer of the act that the text tells of."""

    number: Found[str]
    signed: Found[str] | None
    issuer: tuple[Name, int, int] | None


def told(front: Front) -> Told | None:
    """The act told of; None where the text has a head, or the closing, of its own."""
    title = front.title
    own_kind = title is not None and title.kind and front.capitals(title.kind_start, title.kind_start + len(title.kind))
    if own_kind or has_label(front) or _MOTTO.search(front.folded.text):
        return None
    return next(_found(front), None)


def _opens(front: Front, at: int) -> bool:
    """Whether a sentence or a paragraph begins there."""
    place = front.span(at, at).start if at else 0
    before = front.text[max(0, place - 200) : place]
    return (
        not before.strip() or before.rstrip().endswith((".", ":", "!", "?")) or "\n\n" in before[-6:].replace(" ", "")
    )


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """Made when the first text without a head comes: most have one, and they take long to make."""
    return tuple(re.compile(pattern) for pattern in _TOLD)


def _found(front: Front) -> Iterator[Told]:
    for at, (pattern, sure) in enumerate(zip(_patterns(), _SURE, strict=True)):
        limit = len(front.folded.text) if at in _ANYWHERE else _EARLY
        match = pattern.search(front.folded.text, 0, limit)
        if match is None or (at == 0 and match.start() > _FIRST):
            continue
        if at == 1 and not _opens(front, match.start()):
            continue
        value, span = printed_number(front, *match.span("number"))
        parts = match.groupdict()
        day = next((part for part in ("first", "second") if parts.get(part)), None)
        signed = day_in(front, match.start(day), match.end(day), sure) if day is not None else None
        body = None
        if parts.get("body"):
            body = body_at(front, *match.span("body"))
        yield Told(Found(value, span, sure), signed, body)
