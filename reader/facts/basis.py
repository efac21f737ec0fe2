"""The acts that a document stands on: the one it carries out, and the higher plan it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from reader.document import Span
from reader.draft import Doubt, Found
from reader.facts.front import Front, tidy
from reader.facts.number import ACT_NUMBER, printed_number

_ACT = (
    r"(?:quyet dinh|nghi quyet(?: lien tich)?|chi thi|nghi dinh|thong tu(?: lien tich)?|luat|bo luat|phap lenh"
    r"|ket luan|ke hoach"
    r"|chuong trinh(?: hanh dong| phoi hop)?|de an|chien luoc|cong dien|cong van|huong dan|thong bao"
    r"|quy che(?: phoi hop)?"
    r"|quy dinh|thong tri|van ban|dieu le)"
)
_PLANS = frozenset({"ke hoach", "chuong trinh", "chuong trinh hanh dong", "chuong trinh phoi hop"})
_DIRECTIVES = _PLANS | {"huong dan", "chi thi", "cong dien"}
_NUMBERED = re.compile(rf"(?<![a-z])(?P<kind>{_ACT}),? ?(?:s[o06é] ?:? ?)?(?P<number>{ACT_NUMBER})")
_NAMED = re.compile(
    r"(?<![a-z])(?P<kind>de an|chuong trinh muc tieu quoc gia|chuong trinh|chien luoc|du an|cuoc van dong"
    r"|phong trao|ke hoach)"
    r" (?P<quoted>\"[^\"]{8,300}\")"
)
_BARE = re.compile(
    r"(?<![a-z])(?P<kind>de an|chuong trinh muc tieu quoc gia|chuong trinh hanh dong quoc gia"
    r"|chien luoc(?: quoc gia)?|cuoc van dong|phong trao"
    r"|luat) (?!nay|tren|cua|theo|so |ve |giai doan|\d)(?P<name>[^.;:()\n]{8,160})"
)
_NAME_END = re.compile(
    r",? (?:giai doan|tren dia ban|trong nam|nam \d{4}|den nam|nam hoc|tai tinh|tai huyen|thoi ky|thang \d"
    r"|quy [ivx\d]|\(|va (?:ke hoach|"
    r"chi thi|nghi quyet|quyet dinh|luat)|cua (?:thu tuong|chinh phu|bo |ubnd|uy ban|tinh|ban ))"
)
_CARRIES_OUT = re.compile(
    r"(?<![a-z])(?:tiep tuc |to chuc |trien khai |thi hanh |de )?(?:thuc hien|thi hanh|trien khai|cu the hoa"
    r"|quan triet|chap hanh|can cu|theo)(?![a-z])"
)
_FRESH = re.compile(r"(?<![a-z])(?:thuc hien|trien khai|tiep tuc|thi hanh|quan triet)(?: thuc hien)?(?: theo)? ")
_OCR_PM = re.compile(r"(?P<head>\d+(?:/\d{4})?/)[QO0][ĐDPBbpd£E)]{1,2}[- ]*T[Tt]y?g")


@dataclass(frozen=True, slots=True)
class _Act:
    kind: str
    value: str
    span: Span
    at: int
    doubts: tuple[Doubt, ...]


def implements(front: Front, number: Found[str] | None = None) -> Found[str] | None:
    """The act that is carried out: its number, or the name of a Đề án where it is only named.

    From the abstract, else from the first sentence "Thực hiện …". A plan counts only where no other act is named.
    """
    title = front.title
    if title is not None:
        chosen = _chosen(_others(_acts(front, title.start, title.end), number))
        if chosen is not None:
            return Found(chosen.value, chosen.span, 1.0, chosen.doubts)
        named = _named(front, title.start, title.end)
        if named is not None:
            return named
    for sure, acts in ((0.7, _opening_acts(front)), (0.4, _directives(front))):
        chosen = _chosen(_others(acts, number))
        if chosen is not None:
            return Found(chosen.value, chosen.span, sure, chosen.doubts)
    return None


def _chosen(acts: list[_Act]) -> _Act | None:
    """The first act that is no plan, else the first plan."""
    return next((act for act in acts if act.kind not in _PLANS), acts[0] if acts else None)


def _others(acts: Iterator[_Act], number: Found[str] | None) -> list[_Act]:
    """Without the act itself: a web page repeats its number above it."""
    return [act for act in acts if number is None or act.value != number.value]


def parent(front: Front, number: Found[str] | None = None) -> Found[str] | None:
    """The higher plan: the plan or programme that the abstract or the first sentence carries out."""
    title = front.title
    in_title = _acts(front, title.start, title.end) if title is not None else iter(())
    for sure, acts in ((1.0, in_title), (0.85, _opening_acts(front)), (0.5, _directives(front))):
        found = next((act for act in _others(acts, number) if act.kind in _PLANS), None)
        if found is not None:
            return Found(found.value, found.span, sure, found.doubts)
    return None


def _directives(front: Front) -> Iterator[_Act]:
    """Of the bases ("Căn cứ …") those that order what is to be done, the nearest one first."""
    found = [act for act in _acts(front, *front.opening) if act.kind in _DIRECTIVES]
    return iter(reversed(found))


def _acts(front: Front, start: int, end: int) -> Iterator[_Act]:
    for match in _NUMBERED.finditer(front.folded.text, start, end):
        value, span = printed_number(front, *match.span("number"))
        value, doubts = _repaired(front, match, value)
        yield _Act(match["kind"], value, span, match.start(), doubts)


def _repaired(front: Front, match: re.Match[str], value: str) -> tuple[str, tuple[Doubt, ...]]:
    """The Prime Minister's decision read as "22/2023/QP- -TTg" in a scan: no other symbol ends in TTg."""
    words = front.printed(match.start("number"), min(len(front.folded.text), match.end("number") + 8))
    worn = _OCR_PM.match(words)
    if worn is None:
        return value, ()
    fixed = worn["head"] + "QĐ-TTg"
    return fixed, () if fixed == value else (Doubt.OCR,)


def _opening_acts(front: Front) -> Iterator[_Act]:
    """Acts of the sentences "Thực hiện …" before the first heading; "Căn cứ …" names only what a plan stands on."""
    text = front.folded.text
    start, end = front.opening
    for opening in _FRESH.finditer(text, start, end):
        if not front.capital(opening.start()):
            continue
        stop = re.compile(r"[;.] (?=[a-z])").search(text, opening.end(), end)
        yield from _acts(front, opening.end(), stop.start() if stop else end)


def _named(front: Front, start: int, end: int) -> Found[str] | None:
    quoted = _NAMED.search(front.folded.text, start, end)
    if quoted is not None:
        words = re.sub(r"[\"“”„«»]", "", front.printed(quoted.start(), quoted.end()))
        return Found(tidy(words), front.span(quoted.start(), quoted.end()), 0.9)
    bare = _BARE.search(front.folded.text, start, end)
    if (
        bare is None
        or not front.capital(bare.start())
        or not _CARRIES_OUT.search(front.folded.text, start, bare.start())
    ):
        return None
    cut = _NAME_END.search(front.folded.text, bare.start("name"), bare.end())
    stop = cut.start() if cut is not None else bare.end()
    if stop - bare.start("name") < 6:
        return None
    return Found(front.printed(bare.start(), stop), front.span(bare.start(), stop), 0.6)
