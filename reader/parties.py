"""Who has to do it, with whom, and who gets it: read from the words around a time expression."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from reader.clause_text import ClauseText, Mention
from reader.draft import Body

_ORDER = re.compile(
    r"(?:yeu cau|de nghi|giao(?: nhiem vu cho| trach nhiem cho)?|phan cong|chi dao|huong dan|don doc|uy quyen|do|boi)(?: cho| cua)?(?: [a-z]{1,4}:)?[ :]*$"
)
_DIRECTING = re.compile(r"(?:chi dao|huong dan|don doc)(?: viec)? *$")
_ASKING = re.compile(r"(?:de nghi|kinh de nghi)(?: cac dong chi)? *:?$")
_OPENER = re.compile(
    r"[ -+*\"(]*(?:(?:can cu|tren co so|theo|thuc hien|de|nham|sau khi|truoc khi|khi|trong qua trinh|ngay sau|tu ket qua)\b[^,;:]{0,220}[,:] *)*"
    r"(?:(?:giao|yeu cau|de nghi|phan cong|dong thoi|ngoai ra|rieng|doi voi|trach nhiem cua|thu truong|lanh dao|cac dong chi|dong chi|ca|toan bo|cac)[ ,:]*)*"
)
_LEADS = re.compile(r",? ?(?:la co quan |la don vi |lam )?(?:chu tri|lam dau moi|dau moi|chiu trach nhiem chinh)")
_BETWEEN = re.compile(r"[ ,;/&-]*(?:va|cung|hoac|cung voi|,)?[ ,;]*(?:cac )?")
_WITH = re.compile(r"phoi hop(?: chat che)?(?: cung)?(?: voi)?[ :]*$")
_TO = re.compile(
    r"(?:gui|nop|chuyen|trinh|cung cap|bao cao|thong bao|phan anh|tong hop)(?: (?:bang van ban|ket qua|danh sach|bao cao|ho so|ban mem|san pham|day du))?"
    r"(?: (?:bao cao|trinh|gui))?(?: (?:ve|cho|den|toi|len|voi|qua|lai))?[ :]*$"
)
_VIA = re.compile(r"\(? ?(?:thong )?qua[ :]*$")
_COPY = re.compile(r"(?:dong thoi|dong|va) gui(?: cho| ve)?[ :]*$")
_NEAR = 24  # characters between "Chỉ đạo Công an xã" and the day, for the body to be the doer


@dataclass(frozen=True, slots=True)
class Parties:
    """What a clause says about who."""

    agencies: tuple[Body, ...] = ()
    cooperating: tuple[Body, ...] = ()
    recipients: tuple[Body, ...] = ()
    via: tuple[Body, ...] = ()
    above: bool = False
    """The agencies are named in a heading or sentence above, not in the words themselves."""


def run_of(text: ClauseText, first: int) -> list[Mention]:
    """The bodies of one enumeration, from the mention with that index on."""
    found = [text.mentions[first]]
    for mention in text.mentions[first + 1 :]:
        if not _BETWEEN.fullmatch(text.words, found[-1].end, mention.start):
            break
        found.append(mention)
    return found


def subject(text: ClauseText, start: int, end: int, times_end: Callable[[int], int] | None = None) -> tuple[Body, ...]:
    """The bodies at the start of a sentence: "Các sở, ngành; UBND các huyện báo cáo …"."""
    for index, mention in enumerate(text.mentions):
        if not start <= mention.start < end:
            continue
        gap = _without_times(text, start, mention.start)
        if not _OPENER.fullmatch(gap):
            return ()
        run = run_of(text, index)
        asked = bool(_ASKING.search(text.words[start : mention.start]))
        return tuple(_marked(m.body, requested=asked) for m in run if m.start < end)
    return ()


def ordered(text: ClauseText, start: int, place: int) -> tuple[Body, ...]:
    """The bodies behind the last "yêu cầu", "giao", "đề nghị" before the place; of "chỉ đạo" only if they stand right there."""
    for index in range(len(text.mentions) - 1, -1, -1):
        mention = text.mentions[index]
        if not start <= mention.start < place:
            continue
        before = text.words[start : mention.start]
        if not _ORDER.search(before):
            continue
        run = run_of(text, index)
        if _DIRECTING.search(before) and place - run[-1].end > _NEAR:
            continue
        asked = bool(_ASKING.search(before))
        return tuple(_marked(m.body, requested=asked) for m in run)
    return ()


def leading(text: ClauseText, start: int, end: int) -> tuple[Body, ...]:
    """The bodies said to preside: "do Sở Tư pháp chủ trì", "Cơ quan chủ trì: Sở Tư pháp"."""
    for index, mention in enumerate(text.mentions):
        if start <= mention.start < end:
            run = run_of(text, index)
            before = text.words[max(0, mention.start - 40) : mention.start]
            if _LEADS.match(text.words, run[-1].end) or re.search(
                r"(?:chu tri|thuc hien|tham muu|phu trach) ?: *$", before
            ):
                return tuple(m.body for m in run)
    return ()


def cooperating(text: ClauseText, start: int, end: int) -> tuple[Body, ...]:
    """The bodies behind "phối hợp với"."""
    return tuple(b for run in _runs_behind(text, start, end, _WITH) for b in run)


def recipients(text: ClauseText, start: int, end: int, place: int) -> tuple[tuple[Body, ...], tuple[Body, ...]]:
    """Who gets it, and through whom: the group nearest to the place, one in front preferred."""
    groups: list[tuple[int, tuple[Body, ...]]] = []
    via: list[Body] = []
    for index, mention in enumerate(text.mentions):
        if not start <= mention.start < end:
            continue
        before = text.words[start : mention.start]
        if _VIA.search(before):
            via += [m.body for m in run_of(text, index)]
        elif _TO.search(before) and not _COPY.search(before):
            run = run_of(text, index)
            behind = mention.start > place
            distance = mention.start - place if behind else place - run[-1].end
            groups.append((distance + (40 if behind else 0), tuple(m.body for m in run)))
    nearest = min(groups, key=lambda each: each[0])[1] if groups else ()
    return nearest, tuple(via)


def _runs_behind(text: ClauseText, start: int, end: int, word: re.Pattern[str]) -> list[tuple[Body, ...]]:
    return [
        tuple(m.body for m in run_of(text, index))
        for index, mention in enumerate(text.mentions)
        if start <= mention.start < end and word.search(text.words[start : mention.start])
    ]


def _without_times(text: ClauseText, start: int, end: int) -> str:
    words = list(text.words[start:end])
    for time in text.times:
        for at in range(max(start, time.start), min(end, time.end)):
            words[at - start] = " "
    return "".join(words).replace(" ,", "  ")


def _marked(body: Body, *, requested: bool) -> Body:
    return replace(body, requested=True) if requested and not body.requested else body


def distinct(bodies: Sequence[Body]) -> tuple[Body, ...]:
    """Each name once."""
    return tuple({body.name: body for body in reversed(bodies)}.values())[::-1]
