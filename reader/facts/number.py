"""The number and symbol of the act itself ("2316/QĐ-UBND"), never that of an act it cites.

Forms: Nghị định 30/2020/NĐ-CP, Phụ lục I, II.3; the party writes "05-KH/TU" (Hướng dẫn 36-HD/VPTW).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from reader.document import Span
from reader.draft import Doubt, Found
from reader.facts.front import CITED_KIND, KIND, Front, tidy

_PART = r"[a-z0-9&.()]"
_SYMBOL = rf"[a-z(&]{_PART}*(?: ?- ?{_PART}+)*"
_PARTY_KINDS = r"(?:kh|qd|ct|ctr|ctrhd|nq|kl|hd|tb|cv|bc|qc|qdi|da|pa|ttr|nqlt|kl|tt|cd|gm|khlt|ctrct)"
ACT_NUMBER = (
    rf"(?:(?P<party>\d{{1,4}}[a-z]? ?- ?{_PARTY_KINDS} ?/ ?[a-z][a-z0-9&.]*(?:-[a-z0-9]+)*)"
    rf"|(?P<digits>\d(?: ?\d){{0,4}}[a-z]?) ?/ ?(?:(?P<year>(?:19|20)\d\d) ?/ ?)?(?P<symbol>{_SYMBOL})"
    rf"|(?P<glued>\d{{1,4}} ?-? ?{_PARTY_KINDS} ?/ ?{_SYMBOL}))"
)
"""Folded; parts are joined by blanks that a scan or a hand left there."""
_LABEL = re.compile(
    r"(?<![a-z0-9])(?P<label>so|s6|s0|s5|se|sd|sb|sq|\$o|\$6|5o|86|56) ?(?P<mark>[:;.,])* ?"
    rf"(?:(?P<number>{ACT_NUMBER})|(?P<blank>[._… ]{{0,40}}(?:/|- ?(?={_PARTY_KINDS}/)) ?(?:(?:19"
    rf"|20)[\d.… ]{{2}} ?/ ?)?(?P<kept>{_SYMBOL}(?:/{_SYMBOL})?))|(?P<worn>[0-9lio"
    rf"|sb]{{1,5}} ?/ ?(?P<rest>{_SYMBOL})))"
)
_EMPTY_LABEL = re.compile(r"(?<![a-z])so ?:")
_BEFORE = re.compile(rf"(?<![a-z])(?P<kind>{CITED_KIND}|cua|tai|theo) ?(?:phoi hop|lien nganh)? ?$")
_ALONE = re.compile(ACT_NUMBER)
_ANNEXED = re.compile(
    rf"\( ?(?:duoc )?(?:ban hanh )?kem theo(?: theo)? (?P<kind>{KIND}"
    rf"|cong van) (?:nay )?(?:so ?:? ?)?(?P<number>{ACT_NUMBER})"
)
_METADATA = re.compile(
    rf"(?<![a-z])(?:so hieu|so,? ?/? ?ky hieu|ky hieu)(?: van ban)? ?[:|] ?(?:(?:{KIND}"
    rf"|cong van)(?: so)? ?)?(?P<number>{ACT_NUMBER})"
)
_PAGE_HEADING = re.compile(rf"[^a-z0-9]*(?:\d+\. )?(?:{KIND}|cong van) (?:so:? )?(?P<number>{ACT_NUMBER})(?=[ :]|$)")
_WORN_DIGITS = str.maketrans("lio|sb", "110158")
_RUN_ON = re.compile(r"(?<=UBND|HĐND)(?=\w).*|(?<=TTg)[A-ZĐ]\w.*")


def act_number(front: Front) -> Found[str] | None:
    """As printed, without blanks. None where it is left blank or stands nowhere."""
    label = _labelled(front)
    if label is not None and label["blank"] is None:
        return _found(front, label)
    kept = _key(label["kept"]) if label is not None else ""
    for pattern, limit, sure in ((_ANNEXED, len(front.folded.text), 0.85), (_METADATA, front.end + 1500, 0.8)):
        for match in pattern.finditer(front.folded.text, 0, limit):
            if pattern is _ANNEXED and not annex_remark(front, match.start()):
                continue
            if not kept or _key(match["number"]).endswith(kept):
                return Found(*_value(front, match, "number"), sure)
    if label is None:
        return _standing_alone(front) or _page_heading(front)
    return None


def annex_remark(front: Front, at: int) -> bool:
    """Whether "(kèm theo …)" stands under a title, not in a sentence about another annex."""
    title = front.title
    under_title = title is not None and title.end <= at <= title.end + 4
    close = front.folded.text.find(")", at, at + 400)
    alone = front.begins_line(at) and (close < 0 or front.ends_line(close + 1))
    return under_title or alone or (at >= 25 and front.capitals(at - 25, at))


def has_label(front: Front) -> bool:
    """Whether "Số: …" stands in the front, filled or blank."""
    return _labelled(front) is not None or _EMPTY_LABEL.search(front.folded.text, 0, front.end) is not None


def _labelled(front: Front) -> re.Match[str] | None:
    """The first "Số: …" of the front that is not part of a citation."""
    for found in _LABEL.finditer(front.folded.text, 0, front.end):
        damaged = found["label"] != "so"
        if found["mark"] is None and (damaged or not front.capital(found.start())):
            continue
        if found["worn"] and not (found["mark"] and re.search(r"\d", found["worn"].partition("/")[0])):
            continue
        if not _cited(front, found.start()):
            return found
    return None


def _cited(front: Front, at: int) -> bool:
    before = _BEFORE.search(front.folded.text, max(0, at - 40), at)
    if before is None:
        return False
    start, end = before.span("kind")
    return not (
        front.capitals(start, end) and front.begins_line(start) and before["kind"] not in ("cua", "tai", "theo")
    )


def _found(front: Front, match: re.Match[str]) -> Found[str]:
    doubts: tuple[Doubt, ...] = ()
    sure = 1.0
    if front.document.ocr or match["label"] != "so":
        doubts, sure = (Doubt.OCR,), 0.6
    if match["worn"]:
        value, span = _value(front, match, "worn")
        head, slash, tail = value.partition("/")
        value = head.lower().translate(_WORN_DIGITS) + slash + tail
        return Found(value, span, 0.4, (Doubt.OCR,))
    return Found(*_value(front, match, "number"), sure, doubts)


def _standing_alone(front: Front) -> Found[str] | None:
    limit = front.title.kind_start if front.title is not None else front.end
    for match in _ALONE.finditer(front.folded.text, 0, limit):
        if _cited(front, match.start()) or front.folded.text[: match.start()].endswith("so "):
            continue
        if front.begins_line(match.start()) and front.ends_line(match.end()):
            value, span = printed_number(front, match.start(), match.end())
            return Found(value, span, 0.7)
    return None


def _page_heading(front: Front) -> Found[str] | None:
    match = _PAGE_HEADING.match(front.folded.text)
    if match is None or (front.title is not None and match.start("number") >= front.title.kind_start):
        return None
    return Found(*_value(front, match, "number"), 0.7)


def _value(front: Front, match: re.Match[str], group: str) -> tuple[str, Span]:
    return printed_number(front, match.start(group), match.end(group))


def printed_number(front: Front, start: int, end: int) -> tuple[str, Span]:
    """The printed form of a number found in the folded text: without blanks, cut where running text begins."""
    end = start + _symbol_end(front, start, end)
    words = tidy(front.span(start, end).of(front.text)).replace("–", "-").replace("—", "-")
    return _RUN_ON.sub("", words.replace(" ", "")), front.span(start, end)


def _symbol_end(front: Front, start: int, end: int) -> int:
    """Length of the number: a part after a dash with blanks belongs to it only if it is printed in capitals."""
    folded = front.folded.text[start:end]
    for gap in _dashes(folded):
        part = re.match(r"[a-z0-9&.()]+", folded[gap.end() :])
        width = part.end() if part else 0
        loud = front.span(start + gap.end(), start + gap.end() + width).of(front.text)
        both = gap[0] == " - "
        if both and "-" in folded[folded.rfind("/") : gap.start()]:
            loud = ""
        enough = sum(c.isupper() for c in loud) >= 2 and (not both or loud.isupper())
        if not enough:
            folded = folded[: gap.start()]
            break
    folded = folded.rstrip(" .-")
    while folded.endswith(")") and folded.count("(") < folded.count(")"):
        folded = folded[:-1].rstrip(" .-")
    return len(folded)


def _dashes(folded: str) -> Iterator[re.Match[str]]:
    slash = folded.rfind("/")
    return (gap for gap in re.finditer(r" - | -|- ", folded) if gap.start() > slash)


def _key(symbol: str) -> str:
    return re.sub(r"[^a-z0-9]", "", symbol)
