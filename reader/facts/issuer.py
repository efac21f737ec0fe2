"""Who issued the act: from the head, the title of the head of a body, the first sentence, the symbol, the signature."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from reader.document import Span
from reader.draft import Found
from reader.facts.front import KIND, Front
from reader.facts.names import Name, level, name_of, of_committee, placed
from reader.facts.number import annex_remark
from reader.facts.places import CITIES, leading_province, province
from reader.facts.signing import place_before
from reader.facts.spoken import body_at
from reader.facts.told import Told
from reader.folding import Folded

_MOTTO = re.compile(
    r"(?<![a-z])(?:c[a-z]ng h[a-z]{1,2} x[a-z] h[a-z]{1,2} ch[a-z] ngh[a-z]{1,2} vi[a-z]t nam"
    r"|dang c[a-z]ng san viet nam"
    r"|[a-z0-9]{2,4} l[a-z0-9]{1,4} ?- ?t[a-z]{1,2} d[a-z0-9] ?- ?h[a-z]{2,4} ph[a-z]{2,3})(?![a-z])"
)
_START = (
    r"(?:uy ban nhan dan|ubnd|hoi dong nhan dan|hdnd|cong an|so [a-z]|bo [a-z]|van phong|thu tuong|chinh phu"
    r"|uy ban|tinh uy"
    r"|thanh uy|huyen uy|quan uy|thi uy|dang uy|dang bo|dang doan|ban [a-z]|phong [a-z]|truong |dai hoc|hoc vien"
    r"|cuc |chi cuc|tong cuc"
    r"|vien |benh vien|trung tam|hoi [a-z]|lien doan|lien minh|tinh doan|huyen doan|thanh doan|doan |bao hiem|ngan hang"
    r"|kho bac|toa an|mat tran|kiem toan|thanh tra|chi bo|cong ty|tong cong ty|tap doan|thuong truc|chi nhanh|quoc hoi)"
)
_STARTS = re.compile(_START)
_INSIDE = re.compile(
    r"(?<= )(?:(?<!bo )cong an (?:tinh|thanh pho|huyen|xa|phuong|quan|thi)|so (?:tu phap|tai chinh|noi vu|y te"
    r"|cong thuong"
    r"|xay dung|giao|ke hoach|khoa hoc|lao dong|nong nghiep|tai nguyen|thong tin|van hoa|du lich|ngoai vu|dan toc)"
    r"|truong (?:mam"
    r"|tieu|thcs|thpt|trung|dai|cao|pho)|phong giao duc|tinh uy|huyen uy|thanh uy|dang uy|dang doan|ban chi dao"
    r"|bao hiem xa hoi)"
)
_HEAD_OF = r"(?:chu tich|giam doc|bo truong|hieu truong|truong ban|tong giam doc|cuc truong|chanh van phong)"
_LEADER = re.compile(
    rf"(?<![a-z])(?:{_HEAD_OF} (?P<body>(?:uy ban|ubnd|so|cong an|bo|truong|ban"
    rf"|trung tam) ?[^.;:]{{0,120}}?))(?= can cu | quyet dinh|$)"
)
_ACTS = (
    r"(?:ban hanh|xay dung|yeu cau|de nghi|thong bao|huong dan|quyet dinh|trien khai|to chuc|chi thi|co y kien"
    r"|bao cao|lap ke"
    r"|phat dong|dieu chinh|giao|chi dao|phe duyet|lap)"
)
_SENTENCE = re.compile(
    rf"(?<![a-z])(?P<body>(?:uy ban nhan dan|ubnd|hdnd|cong an|so|bo|ban thuong vu|ban chap hanh|thuong truc"
    rf"|dang uy|huyen uy"
    rf"|tinh uy|thanh uy|van phong|phong|truong|ban|bao hiem xa hoi|hoi|trung tam|chi cuc|cuc|ngan hang"
    rf"|thu tuong chinh phu"
    rf") ?(?:[^.;:,()|\d]{{0,90}}?)) (?:cap )?{_ACTS}(?![a-z])"
)
_COMMITTEE = re.compile(
    r"(?<![a-z])t/?m\.? ?(?P<body>(?:uy ban nhan dan|ubnd|ban thuong vu|ban chap hanh|dang uy)[a-z ]{0,40})"
)
_UNDER_COMMITTEE = re.compile(r" (?:kt|q|tl|tuq)\.?(?![a-z])| (?:pho )?(?:chu tich|bi thu)| uy vien| thuong truc")
_OWNED = re.compile(
    r"(?:\( ?(?:ban hanh )?kem theo|ky hieu ?:)[^()]{4,90}? cua (?:chu tich "
    r"|giam doc )?(?P<body>(?:uy ban nhan dan|ubnd|so|bo|cong an|chinh phu|thu tuong|ban thuong vu|ban chap hanh"
    r"|dang uy|tinh uy|huyen uy)[^.,;:()]{0,60})"
)
_BY_SYMBOL = {"ubnd": "Ủy ban nhân dân", "hdnd": "Hội đồng nhân dân", "cat": "Công an"}
_SELF = re.compile(
    r"(?<![a-z])(?:uy ban nhan dan|ubnd|hdnd) (?P<level>tinh|thanh pho|huyen|quan|thi xa|xa|phuong|thi tran"
    r"|dac khu)(?![a-z])"
)
_OF_A_PROVINCE = re.compile(r"(?:so|tinh uy|thanh uy|tinh doan)\b")
_HEAD_MOST = 900
_BELOW_HEAD = re.compile(
    r"(?<![a-z0-9])[s$5][o06e] ?[:.]? ?[\d._ -]{0,20}[/-]|kinh gui|(?<!-) ng[a-z0-9]{1,2}y [^a-z]{0,8}th[a-z]{2,3}g "
)


def issuer(
    front: Front, number: Found[str] | None, signed: Found[str] | None, act: Told | None = None
) -> tuple[Found[str] | None, Found[str] | None]:
    """The full official name as far as it can be derived, and the level it stands on."""
    place = place_before(front, signed.span) if signed is not None else ""
    for candidates, sure in (
        (_of_the_act(front, act), 0.7), (_in_head(front), 1.0),
        (_leader(front), 0.9), (_owner(front), 0.9), (_in_sentence(front), 0.9),
        (_signing(front), 0.7), (_by_symbol(front, number), 0.6),
    ):  # fmt: skip
        for name, span in candidates:
            full = _complete(front, name, place)
            its_level = level(full)
            found = None if full.level and not full.place and its_level == "other" else full
            if found is not None:
                return Found(found.official, span, sure), Found(its_level, span, sure)
    return None, None


def _complete(front: Front, name: Name, place: str) -> Name:
    """With the place of the line of place and date, else the one the text speaks of: only where the level fits."""
    place = re.sub(r"^(?:tp\.?|tx\.?|tt\.?|thị xã|thị trấn|thành phố|huyện|xã|phường) ", "", place, flags=re.IGNORECASE)
    known = (province(place) or leading_province(place)) if place else None
    if name.place or not (name.level or _OF_A_PROVINCE.match(name.key)):
        return name
    if name.level in ("tinh", "thanh pho", "tp", ""):
        if known is not None and (name.level or place):
            return placed(name, level=name.level or _province_word(known), place=known)
        return _spoken_of(front, name) if name.level else name
    return placed(name, level=name.level, place=place) if place and known is None else _spoken_of(front, name)


def _spoken_of(front: Front, name: Name) -> Name:
    """The place that the abstract and the first sentences name with that level word: "trên địa bàn huyện …"."""
    level = "(?:thanh pho|tp\\.?)" if name.level in ("thanh pho", "tp") else name.level
    named = re.compile(rf"(?<![a-z]){level} (?P<place>[a-z][^.,;:()|]{{1,40}})")
    counts: dict[str, int] = {}
    for found in named.finditer(front.folded.text, 0, front.opening[1]):
        words = front.printed(*found.span("place"))
        place = leading_province(words) or (name_of(f"UBND {name.level} {words}").place if words[:1].isupper() else "")
        if place:
            counts[place] = counts.get(place, 0) + 1
    if not counts:
        return name
    return placed(name, level=name.level, place=max(counts, key=lambda word: counts[word]))


def _province_word(name: str) -> str:
    """Named "thành phố" before 2026 already; the three promoted in 2026 are "tỉnh" unless the text says otherwise."""
    folded = Folded(name).text
    return "thanh pho" if folded in CITIES - {"dong nai", "quang ninh", "bac ninh"} else "tinh"


def _in_head(front: Front) -> Iterator[tuple[Name, Span]]:
    """The last body named above number, motto and kind; the ones before it say where it belongs."""
    bodies: list[tuple[Name, Span]] = []
    for words, span in _head_bodies(front):
        bodies.append((name_of(words), span))
    if not bodies:
        return
    name, span = bodies[-1]
    for above, _span in reversed(bodies[:-1]):
        name = of_committee(name, above)
        name = placed(name, level=above.level, place=above.place)
    yield _levelled(front, name), span


def _of_the_act(front: Front, act: Told | None) -> Iterator[tuple[Name, Span]]:
    """Who is told to have issued it."""
    if act is not None and act.issuer is not None:
        name, start, end = act.issuer
        yield name, front.span(start, end)


def _head_end(front: Front) -> int:
    text = front.folded.text
    ends = [_HEAD_MOST, front.end]
    if front.title is not None:
        ends.append(front.title.kind_start)
    for label in _BELOW_HEAD.finditer(text, 0, _HEAD_MOST):
        if not re.search(rf"(?:{KIND}|cong van) $", text[max(0, label.start() - 40) : label.start()]):
            ends.append(label.start())
            break
    return max(0, min(ends))


def _head_bodies(front: Front) -> Iterator[tuple[str, Span]]:
    """Lines that begin with the word for a body begin a new one, others go on with the last."""
    current: list[tuple[int, int]] = []
    for start, end in _mended(front, list(_head_pieces(front))):
        if not front.capitals(start, end):
            continue
        cuts = [start] if _STARTS.match(front.folded.text, start, end) else []
        if not re.match(r"van phong|ban |uy ban kiem|doan ", front.folded.text[start:end]):
            cuts += [m.start() for m in _INSIDE.finditer(front.folded.text, start + 1, end)]
        edges = [*dict.fromkeys([start, *cuts]), end]
        for a, b in itertools.pairwise(edges):
            if a in cuts and not _continues(front, current):
                if current:
                    yield _joined(front, current)
                current = [(a, b)]
            elif current:
                current.append((a, b))
    if current:
        yield _joined(front, current)


def _mended(front: Front, pieces: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """A word for a body that a line break parts ("ỦY", "BAN NHÂN DÂN") put together again."""
    text = front.folded.text
    at = 0
    while at < len(pieces):
        start, end = pieces[at]
        if at + 1 < len(pieces):
            first, second = text[start:end].strip(), text[slice(*pieces[at + 1])]
            joined = f"{first} {second}"
            parted = not _STARTS.match(first) and _STARTS.match(joined) and "|" not in text[end : pieces[at + 1][0]]
            if parted or joined.startswith(("thu tuong chinh", "van phong chinh")):
                end = pieces[at + 1][1]
                at += 1
        yield start, end
        at += 1


def _continues(front: Front, current: list[tuple[int, int]]) -> bool:
    """Whether this line goes on with the name above: "… LAO ĐỘNG -" / "THƯƠNG BINH …" starts nothing of its own."""
    if not current:
        return False
    above = front.folded.text[current[-1][0] : current[-1][1]].rstrip()
    return above.endswith(("-", ",", " va", " cua"))


def _joined(front: Front, pieces: list[tuple[int, int]]) -> tuple[str, Span]:
    words = " ".join(front.printed(a, b).strip(" -|:.") for a, b in pieces)
    return words, front.span(pieces[0][0], pieces[-1][1])


def _head_pieces(front: Front) -> Iterator[tuple[int, int]]:
    """Lines of the head, also of two columns side by side: motto, rules and table bars part them."""
    end = _head_end(front)
    text = front.folded.text
    breaks = [(m.start(), m.end()) for m in _MOTTO.finditer(text, 0, end + 60)]
    breaks += [(m.start(), m.end()) for m in re.finditer(r"\||<br ?/?>|-{3,}|={3,}|\.{4,}|\d+(?:/\d+)?$", text[:end])]
    for gap in re.finditer(r"\n|\t|[ \u00a0]{2,}", front.text[: front.span(end, end).start]):
        at = front.folded.at(gap.start())
        breaks.append((at, at + 1 if text[at : at + 1] == " " else at))
    start = 0
    for a, b in [*sorted(breaks), (end, end)]:
        if a > start and text[start : min(a, end)].strip(" -*|.:"):
            lead = len(text[start:a]) - len(text[start:a].lstrip(" -*|.:"))
            yield start + lead, min(a, end)
        start = max(start, b)


def _leader(front: Front) -> Iterator[tuple[Name, Span]]:
    """The head of a body between the abstract of a decision and its bases: "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH"."""
    start = front.title.end if front.title is not None else 0
    for found in _LEADER.finditer(front.folded.text, start, start + 300):
        if front.capitals(found.start(), found.start("body") + 8):
            end = _line_end(front, found.start("body"), found.end("body"))
            yield name_of(front.printed(found.start("body"), end)), front.span(found.start("body"), end)


def _line_end(front: Front, start: int, end: int) -> int:
    """Where capitals end."""
    for word in re.finditer(r"[a-z]{2,}", front.folded.text[start:end]):
        if not front.capitals(start + word.start(), start + word.end()):
            return start + word.start()
    return end


def _in_sentence(front: Front) -> Iterator[tuple[Name, Span]]:
    """The subject of the sentence "… UBND thị xã … ban hành kế hoạch …" before the first heading."""
    for found in _SENTENCE.finditer(front.folded.text, *front.opening):
        before = front.folded.text[max(0, found.start() - 24) : found.start()]
        if re.search(
            r"(?:cua|tai|do|gui|voi|va|qua|nghi|theo|cac|chi dao cua|duoc|de) (?:chu tich |giam doc |bo truong )?$",
            before,
        ):
            continue
        if not front.capital(found.start()):
            continue
        spoken = body_at(front, *found.span("body"))
        if spoken is not None and (spoken[0].level or spoken[0].place or level(spoken[0]) != "other"):
            yield spoken[0], front.span(spoken[1], spoken[2])


def _owner(front: Front) -> Iterator[tuple[Name, Span]]:
    for found in _OWNED.finditer(front.folded.text):
        if found[0][0] == "(" and not annex_remark(front, found.start()):
            continue
        yield name_of(front.printed(*found.span("body"))), front.span(*found.span("body"))


def _signing(front: Front) -> Iterator[tuple[Name, Span]]:
    for found in _COMMITTEE.finditer(front.folded.text, front.end):
        if front.capital(found.start()):
            end = _line_end(front, found.start("body"), found.end("body"))
            if title := _UNDER_COMMITTEE.search(front.folded.text, found.start("body"), end):
                end = title.start()
            yield (
                _levelled(front, name_of(front.printed(found.start("body"), end))),
                front.span(found.start("body"), end),
            )


def _by_symbol(front: Front, number: Found[str] | None) -> Iterator[tuple[Name, Span]]:
    """The issuer part of the symbol: UBND, CAT; the level from how the text speaks of its own committee."""
    symbol = Folded(number.value).text if number is not None else ""
    for key, words in _BY_SYMBOL.items():
        if number is not None and re.search(rf"(?<![a-z]){key}(?![a-z])", symbol):
            yield _levelled(front, Name(words, Folded(words).text, "tinh" if key == "cat" else "", "")), number.span


def _levelled(front: Front, name: Name) -> Name:
    """With the level word that the text uses most for a people's committee, where its own words have none."""
    if name.level or name.key not in ("uy ban nhan dan", "hoi dong nhan dan"):
        return name
    counts: dict[str, int] = {}
    for found in _SELF.finditer(front.folded.text):
        counts[found["level"]] = counts.get(found["level"], 0) + 1
    if not counts:
        return name
    return Name(name.words, name.key, max(counts, key=lambda word: counts[word]), "")
