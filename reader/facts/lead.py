"""The lead unit: the body that follows the plan up, presses and reports ("theo dõi, đôn đốc")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from reader.bodies import mentions, split
from reader.draft import Body, Doubt, Found
from reader.facts.front import Front
from reader.folding import Folded
from reader.outline import Clause, Outline, Zone

_ACT = (
    r"(?:ke hoach|chi thi|quyet dinh|chuong trinh|nghi quyet|de an|phuong an|cong van|van ban|quy che|huong dan"
    r"|thong bao|ket luan"
    r"|quy dinh|cong dien|chi dao|nhiem vu)"
)
_THIS = rf"{_ACT}(?: \w+){{0,3}}? (?:nay|tren|nay tren)"
_PRESSES = re.compile(r"(?<![a-z])d[o0]n d[a-z0-9]{1,2}c(?![a-z])")
_FOLLOWS = re.compile(r"(?<![a-z])(?:theo d[o0]i|giam sat (?:viec|qua trinh|tien do)|kiem tra|nam tinh hinh)(?![a-z])")
_GATHERS = re.compile(r"(?<![a-z])tong h[o0]p(?![a-z])")
_CARRYING_OUT = re.compile(
    rf"(?<![a-z])(?:thuc hien|thi hanh|trien khai|tien do)(?:[^.;]{{0,60}}?(?P<this>{_THIS})"
    rf"|[^.;]{{0,30}}?(?P<act>{_ACT}))?"
)
_EVERYBODY = re.compile(
    r"(?<![a-z])(?:cac|nhung) (?:co quan|don vi|dia phuong|so|phong|ban|nganh|cap|xa|huyen|bo phan|to chuc|thanh vien)"
)
_STANDING = re.compile(
    r"(?<![a-z])(?:dau moi,? (?:theo doi|don doc|tong hop|giup)|(?:la|lam|dong vai tro(?: la)?) (?:(?:co quan"
    r"|don vi|bo phan|to chuc) )?(?:chu tri,? ?|dau moi,? ?|thuong tr[a-z]{1,2}c)"
    r"|(?:la|lam) (?:co quan|don vi|bo phan) (?:theo doi|don doc))"
)
_HELPS = re.compile(
    r"(?<![a-z])(?:giup|tham muu|thay mat)(?: giup| cho)? (?:viec cho )?(?:ubnd|uy ban|chu tich|ban thuong vu"
    r"|thuong truc|dang uy|ban chi dao|tinh uy|huyen uy|giam doc|bo truong|hieu truong|lanh dao)"
)
_CHAIRS_ALL = re.compile(
    rf"(?<![a-z])chu tri,? phoi h[o0]p [^.;]{{0,120}}?(?:trong (?:viec )?)?(?:to chuc"
    rf"|trien khai)(?: va)?(?: trien khai| to chuc)? th[a-z]{{2}} hien [^.;]{{0,20}}{_ACT}"
)
_JOINS = re.compile(r"[ \-+.\d)a-z]{0,6}(?:phoi hop|cung)(?: chat che)?(?: voi| cung)")
_OWN_FIELD = re.compile(
    r"(?<![a-z])(?:trong (?:toan )?nganh|trong pham vi|thuoc (?:linh vuc|pham vi|tham quyen|quyen|don vi)"
    r"|truc thuoc|tai (?:don vi|dia phuong)"
    r"|cua (?:don vi|nganh|dia phuong) minh|tren dia ban (?:quan ly|minh)|linh vuc phu trach|cap minh|theo nganh)"
)
_VERB = re.compile(
    r"(?<![a-z])(?:theo d[o0]i|d[o0]n d[a-z0-9]{1,2}c|kiem tra|giam sat|tong h[o0]p|chu tri|(?:la|lam) (?:co quan"
    r"|don vi|dau moi|bo phan|thuong)|giup|tham muu"
    r"|chiu trach nhiem|co trach nhiem|chi dao|huong dan|nam tinh hinh)(?![a-z])"
)
_NOT_SUBJECT = re.compile(
    r"(?:phoi hop(?: chat che)?(?: voi| cung)?|giup(?: viec)?(?: cho)?|tham muu(?: cho| giup)?|bao cao|gui(?: ve"
    r"| den)?|cho|cua|voi|ve|den|trinh"
    r"|va|qua|thuoc|tai|theo|do|cung|voi su|thay mat|don doc|huong dan|chi dao|doi voi cac|kiem tra) $"
)
_HEAD_OF = re.compile(
    r"(?:giam doc|chanh(?= van phong| thanh tra| toa)|truong(?= (?:cong an|phong|ban|khoa|bo phan|doan|to)(?: |$))"
    r"|thu truong|cuc truong|chi cuc truong|tong giam doc|dong chi|vien truong) "
)
_RAW = re.compile(
    r"(?:giao(?: cho| nhiem vu cho)?|phan cong|uy quyen cho) (?P<body>(?:cong an|so|phong|van phong|ban|uy ban"
    r"|ubnd|bo|cuc|chi cuc|truong|trung tam|thanh tra|hoi|doan)[^.;:,]{1,60}?) (?:la|lam|theo|don|chu|co|chiu|kiem"
    r"|giup|tham|tong|phoi)(?![a-z])"
)
_RAW_BODY = re.compile(
    r"(?:cong an|so|phong|van phong|ban|ubnd|uy ban|chi cuc|cuc|trung tam|thanh tra)(?: [a-z0-9,&-]+){1,9}$"
)
_SUPERVISES = re.compile(r"mat tran|mttq|^(?:thuong truc )?(?:hoi dong nhan dan|hdnd)")
"""They watch over the execution by law; that makes nobody the lead unit."""
_GIVEN = re.compile(r"(?<![a-z])(?:giao(?: cho| nhiem vu cho)?|phan cong|uy quyen cho|cu) ")
_SUBJECT_AFTER = re.compile(r"[:.;] ?[-*\"]* ?$|(?<![a-z])giao(?: cho)? $")
_CLOSE = 60  # folded characters between a subject and its verb: "…, là thành viên Ban Chỉ đạo, có trách nhiệm …"
_OPENS = 20
_ORDERS = re.compile(r" (?:giao|yeu cau|phan cong|chi dao|de nghi|uy quyen)(?! nhiem vu tai)")
"""Behind the name of who gives the order, not of who gets it."""
_LEAST = 2.0
_SURE = 5.0
_ZONES = (Zone.WORK, Zone.AIMS, Zone.TARGETS)


@dataclass(frozen=True, slots=True)
class _Sentence:
    clause: Clause
    start: int  # in the folded text
    end: int
    first: bool  # of its clause


def lead_unit(front: Front, outline: Outline) -> Found[Body] | None:
    """The body that the strongest such sentence names, or that the heading above names where it has no subject.

    1. Weighs every sentence by what it orders: to be the standing unit, to press, to follow, to gather.
    2. Takes the heaviest for which one body (no group) can be found; the later one of two that weigh the same.
    """
    best: tuple[float, Found[Body]] | None = None
    for sentence in _sentences(front, outline):
        weight = _weight(front.folded.text[sentence.start : sentence.end])
        if weight < _LEAST or (best is not None and weight < best[0]):
            continue
        body = _subject(front, outline, sentence)
        if body is None or body.group:
            continue
        weight -= 1.5 * body.requested + 4.0 * bool(_SUPERVISES.search(Folded(body.name).text))
        if weight < _LEAST or (best is not None and weight < best[0]):
            continue
        doubts = (Doubt.WEAK,) if weight < 3 else ()
        best = (weight, Found(body, front.span(sentence.start, sentence.end), min(1.0, weight / _SURE), doubts))
    return best[1] if best is not None else None


def _sentences(front: Front, outline: Outline) -> Iterator[_Sentence]:
    text = front.folded.text
    for clause in outline.clauses:
        if clause.zone not in _ZONES:
            continue
        start, end = front.folded.at(clause.words.start), front.folded.at(clause.words.end)
        at = start
        for stop in re.finditer(r"[.;](?= (?!\d))", text[start:end]):
            if start + stop.end() - at > 12:
                yield _Sentence(clause, at, start + stop.end(), at == start)
                at = start + stop.end()
        if at < end:
            yield _Sentence(clause, at, end, at == start)


def _weight(words: str) -> float:
    """How much the sentence makes its subject the lead unit; 0 where it orders nothing of the kind."""
    presses, follows, standing = _PRESSES.search(words), _FOLLOWS.search(words), _STANDING.search(words)
    first = min((m.end() for m in (presses, follows) if m), default=0)
    carrying = list(_CARRYING_OUT.finditer(words, first))
    this, act = (any(m[name] for m in carrying) for name in ("this", "act"))
    gathers, helps = bool(_GATHERS.search(words)), bool(_HELPS.search(words))
    weight = 0.0
    if standing:
        weight += 3 if presses or follows or gathers or this or helps else 2
    if presses:
        given = bool(_GIVEN.search(words))
        all_of_it = (follows and (gathers or act or given)) or (given and _EVERYBODY.search(words))
        weight += 3 if carrying else 2 if all_of_it else 0
        weight += 0.5 if follows and weight else 0
    elif follows and carrying:
        weight += 2.5 if this else 2.0 if act else 1.5
    if gathers and (this or (carrying and helps)):
        weight += 1
    if not weight:
        weight = 2.0 if _CHAIRS_ALL.search(words) else 0.0
    return weight + _beside(words, this=this) if weight else 0.0


def _beside(words: str, *, this: bool) -> float:
    """What strengthens or weakens such a sentence."""
    more = 1.0 * this + 0.5 * bool(_HELPS.search(words))
    more += 0.5 * bool(_PRESSES.search(words) and _EVERYBODY.search(words))
    more += 1.0 * bool(_GIVEN.search(words))
    more -= 1.0 * (" | " in words)  # a row of a table assigns one piece of work
    if not _STANDING.search(words):
        more -= 5.0 * bool(_JOINS.match(words.lstrip()))
        more -= 2.0 * bool(_OWN_FIELD.search(words))
    return more


def _subject(front: Front, outline: Outline, sentence: _Sentence) -> Body | None:
    here = _named_before_verb(front, sentence)
    if here is not None:
        return here
    if not sentence.first:
        clause_start = front.folded.at(sentence.clause.words.start)
        opening = _Sentence(sentence.clause, clause_start, sentence.start, True)
        if (body := _named_before_verb(front, opening, near=30)) is not None:
            return body
    return _from_heading(front, outline, sentence.clause)


def _named_before_verb(front: Front, sentence: _Sentence, *, near: int = 0) -> Body | None:
    """The first body that is the subject: behind "giao", at the beginning, or right before the verb.

    Not the object of another verb ("giúp UBND tỉnh …"). ``near`` bounds how far from the beginning it may stand.
    """
    text = front.folded.text
    for body in mentions(front.text, front.span(sentence.start, sentence.end)):
        body = _without_verb(front, body)
        at, end = front.folded.at(body.span.start), front.folded.at(body.span.end)
        before = text[sentence.start : at]
        if near and at - sentence.start > near:
            break
        if _ORDERS.match(text, end):
            continue
        if _NOT_SUBJECT.search(before[-30:]) or (_VERB.search(before) and not _SUBJECT_AFTER.search(before)):
            continue
        verb = _VERB.search(text, end, sentence.end)
        close = verb is not None and verb.start() - end <= _CLOSE and not re.search(r"[.;:]", text[end : verb.start()])
        if close or at - sentence.start <= _OPENS or _GIVEN.search(before[-24:]):
            return _office(front, body)
    raw = _RAW.search(text, sentence.start, sentence.end)
    if raw is None:
        return None
    group = raw["body"].startswith(("cac ", "nhung "))
    return Body(front.printed(*raw.span("body")), front.span(*raw.span("body")), group=group)


def _without_verb(front: Front, body: Body) -> Body:
    """Cut before a verb that ran on into the name where a line break was lost: "Công an xã Chủ trì …"."""
    start, end = front.folded.at(body.span.start), front.folded.at(body.span.end)
    verb = _VERB.search(front.folded.text, start + 3, end + 12)
    if verb is None or verb.start() >= end or not front.capital(verb.start()):
        return body
    stop = verb.start() - 1
    return Body(front.printed(start, stop), front.span(start, stop), body.requested, body.group)


def _from_heading(front: Front, outline: Outline, clause: Clause) -> Body | None:
    """The body of the nearest heading above that names bodies; None where that one is a group."""
    for above in (clause, *outline.ancestors(clause)):
        if above is clause and not clause.heading:
            continue
        bodies = split(front.text, above.words) or _first_mention(front, above)
        if bodies:
            return None if bodies[0].group else _office(front, bodies[0])
        raw = _RAW_BODY.search(
            front.folded.text[front.folded.at(above.words.start) : front.folded.at(above.words.end)].strip(" .:")
        )
        if raw is not None and above.heading and len(raw[0]) < 70:
            return Body(front.text[above.words.start : above.words.end].strip(" .:*_#\n"), above.words)
    return None


def _first_mention(front: Front, above: Clause) -> tuple[Body, ...]:
    """Where a heading is a sentence ("Công an tỉnh chủ trì thực hiện"): the body it begins with."""
    found = mentions(front.text, above.words)
    if found and found[0].span.start - above.words.start <= 12:
        return found[:1]
    return ()


def _office(front: Front, body: Body) -> Body:
    """The body whose head is named: "Giám đốc Sở Tư pháp" stands for Sở Tư pháp."""
    start, end = front.folded.at(body.span.start), front.folded.at(body.span.end)
    head = _HEAD_OF.match(front.folded.text, start, end)
    if head is None:
        return body
    name = front.printed(head.end(), end)
    return Body(name[:1].upper() + name[1:], front.span(head.end(), end), body.requested, body.group)
