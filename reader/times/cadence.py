"""How often: read from the words before a date ("báo cáo 06 tháng trước ngày 10/6") or from the whole sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reader.draft import Kind
from reader.times.atoms import Atom
from reader.times.grammar import Sort

_PERIOD = re.compile(
    r"(?<!\w)(?:(?P<half>0?6 thang(?: dau| cuoi)?(?: nam)?|0?6 (?:dau|cuoi) nam|nua nam|so ket 0?6 thang)"
    r"|(?P<nine>0?9 thang)"
    r"|(?P<year>(?:0?1|mot|ca|hang|moi|tong ket|tong ket cuoi"
    r"|cuoi|bao cao|ket qua) nam(?! \d{4})|nam(?= ?[(:,)]"
    r"| truoc| cham| vao| gui|$))"
    r"|(?P<quarter>(?:bao cao |hang |moi |dinh ky "
    r"|theo |tung |ket qua )quy|quy(?= ?[(:,)]| truoc"
    r"| cham| vao| gui|$)|quy (?:i{1,3}|iv|[1-4])(?!\w))"
    r"|(?P<month>(?:bao cao |hang |moi |dinh ky |theo |tung |ket qua )thang(?! \d)|thang(?= ?[(:)]| truoc| cham|$)))"
)
KIND_OF = {
    "half": Kind.SEMIANNUAL, "nine": Kind.ANNUAL, "year": Kind.ANNUAL, "quarter": Kind.QUARTERLY, "month": Kind.MONTHLY,
}  # fmt: skip
_EVERY = (
    (re.compile(r"0?6 thang|nua nam"), Kind.SEMIANNUAL),
    (re.compile(r"quy|0?3 thang"), Kind.QUARTERLY),
    (re.compile(r"(?<!6 )(?<!9 )(?<!3 )thang"), Kind.MONTHLY),
    (re.compile(r"nam|0?9 thang"), Kind.ANNUAL),
    (re.compile(r"tuan"), Kind.OTHER),
)


def period_before(words: str) -> tuple[Kind, int] | None:
    """The last period of a report that these words name, and where it stands in them."""
    last = None
    for last in _PERIOD.finditer(words):  # noqa: B007  # the last one counts
        pass
    if last is None or last.lastgroup is None:
        return None
    return KIND_OF[last.lastgroup], last.start()


_AFTER = re.compile(
    r" ?\(?(?:doi voi|cho|cua) (?:cac )?(?:bao cao|so lieu)(?: dinh ky| so ket| tong ket| thong ke| hang| hoc ky)*"
    r" (?P<every>0?6(?: \(sau\))? thang|0?9 thang|quy|thang|nam|ca nam|0?1 nam)(?! \d)"
)


def period_after(words: str) -> Kind | None:
    """Of "… đối với báo cáo 6 tháng": a period named right behind the date."""
    found = _AFTER.match(words)
    if not found:
        return None
    return next(kind for pattern, kind in _EVERY if pattern.search(found["every"].replace("(sau) ", "")))


def kinds_of(atom: Atom) -> list[Kind]:
    """Of "hằng tháng", "định kỳ 6 tháng, năm", "02 lần/năm"."""
    if atom.sort is not Sort.EVERY:
        return []
    said = atom.groups["every"]
    if "times" in atom.groups and said == "nam":
        times = atom.number("times")
        return [{1: Kind.ANNUAL, 2: Kind.SEMIANNUAL, 4: Kind.QUARTERLY}.get(times or 0, Kind.OTHER)]
    if "times" in atom.groups and atom.number("times") != 1:
        return [Kind.OTHER]
    found = [(match.start(), kind) for pattern, kind in _EVERY for match in pattern.finditer(said)]
    return list(dict.fromkeys(kind for _, kind in sorted(found, key=lambda each: each[0])))


def cadence(every: Sequence[Atom]) -> list[Kind]:
    """Of all words of a sentence that say how often."""
    return list(dict.fromkeys(kind for atom in every for kind in kinds_of(atom)))
