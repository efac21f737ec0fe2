"""Bodies of a stretch of text: ``mentions`` inside sentences, ``split`` where the stretch consists of bodies."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from reader.bodies.grammar import Named, Names
from reader.bodies.mending import mended
from reader.bodies.toned import PARAGRAPH, Toned
from reader.bodies.words import CAP, stop
from reader.document import Span
from reader.draft import Body

_SIGNS = re.compile(r"[*_#`\u00ad\u200b-\u200d\u2060\ufeff]+")
_NUMBERING = r"(?:(?:[IVXLC]+|\d{1,2}(?:\.\d{1,2})*|[a-zđ])[.):/]+\s*|[-+•●·▪–○]\s*)?"
_ASKED = re.compile(r"(?:đề|kính|trân\strọng)\snghị(?:\svới|\scác\sđồng\schí)?\s$|đề\snghị:?\s?$", re.IGNORECASE)
_OPENING = re.compile(
    rf"\s*{_NUMBERING}(?P<words>(?:(?:trân\strọng\s|kính\s)?đề\snghị(?:\svới)?|giao(?:\sthêm|\scho|\snhiệm\svụ\scho)?|yêu\scầu|đối\svới|kính\sgửi|gửi|"
    r"(?:cơ\squan|đơn\svị|bộ\sphận)?\s?(?:chủ\strì|phối\shợp|thực\shiện|tham\smưu|đầu\smối)(?:\sthực\shiện)?(?=\s?:)|"
    r"(?P<strong>(?:phân\scông\s)?(?:trách\snhiệm|nhiệm\svụ)(?:\scụ\sthể)?\s(?:của|đối\svới|cho))|về\sphía|nơi\snhận|phân\scông(?:\scho)?|ủy\snhiệm)\s?:?\s*)?",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    rf"(?:[\s,;:/.+&•·|{PARAGRAPH}-]|\(.*?\)|\[.*?\]|<br\s*/?>|\b(?:và|cùng(?:\svới)?|với|hoặc|đồng\sthời|trân\strọng|kính|đề\snghị|giao|yêu\scầu|"
    r"của|\d{1,2}[.)]|như\skính\sgửi)(?!\w))*",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    rf"[\s,;:./{PARAGRAPH}-]*(?:(?:có|chịu)\strách\snhiệm|theo\schức\snăng|căn\scứ\schức\snăng)[^.;]*[\s:.]*$|[\s,;:./\"')\]|{PARAGRAPH}-]*$",
    re.IGNORECASE,
)
_UNKNOWN = re.compile(rf"{CAP}[^,;:.()\n{PARAGRAPH}]{{2,80}}", re.IGNORECASE)


def mentions(text: str, span: Span) -> tuple[Body, ...]:
    """Every body named in that stretch of text, in order, not overlapping, each name as long as it goes."""
    toned = _toned(text, span)
    return _bodies(text, toned, tuple(Names(toned.text).all()))


def split(text: str, span: Span) -> tuple[Body, ...]:
    """The bodies of a stretch that consists of them: a heading, a cell, a list of receivers. Empty if it does not."""
    toned = _toned(text, span)
    opening = _OPENING.match(toned.text)
    at, attached = (opening.end(), bool(opening["strong"])) if opening is not None else (0, False)
    names = Names(toned.text, lists=True)
    found: list[Named] = []
    while not _CLOSING.match(toned.text, at):
        here = names.at(at) or (_unknown(toned.text, at) if found else ())
        gap = _BETWEEN.match(toned.text, here[-1].end) if here else None
        between = gap.end() if gap is not None else at
        found.extend(here)
        if not here or (between == here[-1].end and not _CLOSING.match(toned.text, between)):
            if not (attached and found and found[-1].group):
                return ()
            found[-1] = Named(found[-1].start, len(toned.text.rstrip(" .:;\n" + PARAGRAPH)), group=True)
            break
        at = between
    return _bodies(text, toned, found)


def _toned(text: str, span: Span) -> Toned:
    return Toned(span.of(text), base=span.start, mended=mended(text, span))


def _unknown(text: str, at: int) -> tuple[Named, ...]:
    """A name that no list knows, behind a known one: "Sở Y tế; Trang thông tin điện tử"."""
    found = _UNKNOWN.match(text, at)
    if found is None or any(stop().match(text, at + word.start()) for word in re.finditer(r"\w+", found.group())):
        return ()
    return (Named(at, at + len(found.group().rstrip())),)


def _bodies(text: str, toned: Toned, found: Iterable[Named]) -> tuple[Body, ...]:
    bodies: list[Body] = []
    end, asked = 0, False
    for named in found:
        gap = toned.text[end : named.start]
        if _ASKED.search(gap):
            asked = True
        elif end == 0 or not re.fullmatch(r"(?:[\s,]|\bvà\b|\bcùng\b|\(.*?\)|;\s(?!giao|yêu))*", gap):
            asked = False
        bodies.append(_body(text, toned, named, requested=asked))
        end = named.end
    return tuple(bodies)


def _body(text: str, toned: Toned, named: Named, *, requested: bool) -> Body:
    place = toned.span(named.start, named.end)
    name = " ".join(unicodedata.normalize("NFC", _SIGNS.sub("", place.of(text))).split())
    return Body(f"{named.head} {name}" if named.head else name, place, requested, named.group)
