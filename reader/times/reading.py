"""What a whole sentence makes of its time expressions.

A date without a year is read with the words around it: "báo cáo 06 tháng trước ngày 10/6" is a deadline of every year,
"Định kỳ hằng tháng … trước ngày 16" one of every month, "trước ngày 30/6" in a plan of 2024 is 30/6/2024.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from reader.draft import Boundary, Doubt, Due, Kind
from reader.repair import repair
from reader.times import cadence, values
from reader.times.atoms import Atom, atoms
from reader.times.expression import TimeExpression
from reader.times.grammar import Sort
from reader.times.prefixes import Prefix, Strength, alone, prefix


@dataclass(frozen=True, slots=True)
class Years:
    """The year of a document, for what is printed without one."""

    plan: int | None
    """The year the plan is for ("năm 2024"), else that of its signing."""
    signed: str | None = None
    """As far as it is printed: ``2023-11-07``, ``2023-11``, ``2023``."""
    standing: bool = False
    """A regulation that holds until it is changed: a day without a year comes every year."""
    ocr: bool = False


_WINDOW = re.compile(
    r"(?:thoi diem|ngay) (?:bao cao|chot|thong ke|lay so lieu)(?: so lieu)?[a-z ]{0,20}:? $|"
    r"(?:so lieu|moc|thoi diem|ky bao cao|chot|tinh|lay)[^.;()]{0,60}(?:tinh )?tu $|(?:so lieu|tinh)(?: tinh)? (?:den|tu)(?: het)? $"
    r"|chot so lieu(?: bao cao)?(?: la| tu| den| vao)?(?: ngay)?:? $|so lieu (?:bao cao )?(?:duoc )?(?:tinh|lay)(?: tu| den)?(?: het)? $|tinh (?:tu|den)(?: thoi diem| het)? $"
)
_HOLIDAY = re.compile(
    r"(?:nghi le|dip le|nghi tet|ky niem|ngay truyen thong|ngay thanh lap|quoc khanh|ngay quoc te)[a-z ]{0,30}\(?$"
)
_CITED = re.compile(
    r"(?:\d[\w.]*(?: ?[/-] ?[\w()&.-]+)+|luat[^.;()]{0,80}|phap lenh[^.;()]{0,60}|nghi quyet|thong bao|quyet dinh|ket luan|chi thi|cong van|to trinh)"
    r",? ?\(?(?:ky |ban hanh |de )?$"
)
_PAST = re.compile(
    r"\b(?:da|duoc (?:ban hanh|ky|phe duyet|thong qua|sua doi|cap)|co hieu luc|sinh|ban hanh (?:tu|vao)) (?:[a-z]+ ){0,3}$"
)
_CONDITION = re.compile(
    r"(?:sinh|ban hanh|phat sinh|co hieu luc|hieu luc|thanh lap|phe duyet|xay ra|ky ket|duoc (?:cap|ban hanh|ky|phe duyet)|ton tai|"
    r"tu (?:khi|sau)|chuyen tiep|vi pham)(?: [a-z]+)? ?$"
)
_SENTENCE_END = re.compile(r"[.!?] (?=[^\d\s])|[.!?]$")
_JOINT = re.compile(r"[ ,]*(?:\([^()]{0,60}\) ?)?[ ,]*(?:va|,|hoac|;)?[ ,]*(?:ngay )?")
_TOLD = re.compile(r",? [^.;]{0,80}\b(?:da|co cong van|co van ban|ban hanh|ky|vua|cong bo)\b")
_STAMP = re.compile(
    r"(?:^|[^a-z ] ?)(?:ngay|ngay (?:ban hanh|ky|hieu luc|dang|cap nhat|den|nhan|co hieu luc|van ban)|den ngay) ?: ?$"
)


@dataclass
class _Sentence:
    """The sentence being read."""

    folded: str
    start: int
    end: int
    atoms: Sequence[Atom]
    kinds: list[Kind] = field(default_factory=list)


def read_times(folded: str, years: Years, *, context: Sequence[Kind] = ()) -> tuple[TimeExpression, ...]:
    """All time expressions of a clause, in order. ``context``: how often, as the heading above says."""
    folded = repair(folded)
    found = atoms(folded)
    if not found:
        return ()
    return tuple(_in_order(folded, found, years, context))


def _in_order(folded: str, found: Sequence[Atom], years: Years, context: Sequence[Kind]) -> Iterator[TimeExpression]:
    before: list[Kind] = list(context)
    for start, end in sentences(folded):
        inside = [atom for atom in found if start <= atom.start < end]
        if not inside:
            continue
        sentence = _Sentence(folded, start, end, inside, cadence.cadence(inside))
        yield from _without_spent(list(_Reader(sentence, years, before).expressions()))
        before = sentence.kinds or before


def _without_spent(read: Sequence[TimeExpression]) -> Iterator[TimeExpression]:
    """ "Hằng năm" is no duty of its own beside the days that it repeats."""
    spent = any(each.dated and each.kind is not Kind.ONCE and each.strength >= Strength.LIKELY for each in read)
    for each in read:
        alone_every = each.due is None and each.kind is not Kind.CONTINUOUS and not each.window
        if not (spent and alone_every):
            yield each


def sentences(folded: str) -> Iterator[tuple[int, int]]:
    """Where sentences begin and end; a dot inside numbers and abbreviations does not end one."""
    start = 0
    for found in _SENTENCE_END.finditer(folded):
        if found.end() - start < 4 or _abbreviated(folded, found.start()):
            continue
        yield start, found.end()
        start = found.end()
    if start < len(folded):
        yield start, len(folded)


def _abbreviated(folded: str, dot: int) -> bool:
    word = folded[max(0, dot - 3) : dot]
    return (
        bool(re.search(r"(?:^|[ .])(?:tp|tx|tt|h|p|q|v|gs|ts|ths|so|stt|nd|kt|tm|tl|\d)$", word))
        and folded[dot : dot + 2] != "./"
    )


class _Reader:
    def __init__(self, sentence: _Sentence, years: Years, before: list[Kind]) -> None:
        self._s = sentence
        self._folded = sentence.folded
        self._years = years
        self._before = before

    def expressions(self) -> Iterator[TimeExpression]:
        previous_end = self._s.start
        chain: list[TimeExpression] = []
        for at, atom in enumerate(self._s.atoms):
            lead = prefix(self._folded, atom.start)
            if lead.start < previous_end:
                lead = Prefix(atom.start, None, Strength.NONE) if chain == [] else lead
            if chain and atom.sort is Sort.DATE and _JOINT.fullmatch(self._folded, chain[-1].end, atom.start):
                lead = Prefix(atom.start, chain[-1].boundary, chain[-1].strength)
            read = self._read(atom, lead, previous_end, at)
            previous_end = atom.end
            if read is None:
                continue
            if chain and _joined(chain[-1], read, self._folded):
                chain.append(read)
                continue
            yield from _merged(chain, self._s.kinds)
            chain = [read]
        yield from _merged(chain, self._s.kinds)

    def _read(self, atom: Atom, lead: Prefix, since: int, at: int) -> TimeExpression | None:
        boundary, strength = lead.boundary, lead.strength
        if strength < Strength.LIKELY and alone(self._folded, lead.start, atom.end):
            strength = Strength.LIKELY
        kind, due, doubts = self._value(atom, strength, since, lead)
        if kind is None:
            return None
        if atom.sort is Sort.WINDOW or self._is_window(atom, lead):
            return TimeExpression(lead.start, atom.start, atom.end, kind, due, boundary, Strength.NONE, window=True)
        strength = self._weighed(atom, lead, strength, kind, due)
        if self._years.ocr:
            doubts = (*doubts, Doubt.OCR)
        boundary = _boundary(atom, boundary, kind, self._folded[: atom.start])
        return TimeExpression(
            lead.start, atom.start, atom.end, kind, due, boundary, strength, tuple(dict.fromkeys(doubts))
        )

    # -- what it says --

    def _value(
        self, atom: Atom, strength: Strength, since: int, lead: Prefix
    ) -> tuple[Kind | None, Due, tuple[Doubt, ...]]:
        match atom.sort:
            case Sort.MONTHLY:
                return Kind.MONTHLY, values.monthly(atom), ()
            case Sort.QUARTERLY:
                return Kind.QUARTERLY, values.quarterly(atom), ()
            case Sort.WEEKLY:
                return Kind.OTHER, values.weekly(atom), ()
            case Sort.DAILY:
                return Kind.OTHER, values.daily(atom), ()
            case Sort.RELATIVE:
                return Kind.ONCE, values.relative(atom), ()
            case Sort.CONTINUOUS:
                return Kind.CONTINUOUS, None, ()
            case Sort.EVERY:
                kinds = cadence.kinds_of(atom)
                return (kinds[0] if kinds else Kind.OTHER), None, (Doubt.DAY,)
            case Sort.DATE:
                return self._date(atom, since, lead)
            case Sort.DAY:
                return self._day(atom, since, lead)
            case Sort.WINDOW:
                return Kind.ONCE, None, ()
            case Sort.HOUR:
                return None, None, ()
            case _:
                return self._period(atom, since, lead)

    def _date(self, atom: Atom, since: int, lead: Prefix) -> tuple[Kind | None, Due, tuple[Doubt, ...]]:
        month, day = atom.number("m"), atom.number("d")
        if atom.year is not None:
            text = values.day_text(atom.year, month, day)
            return (Kind.ONCE, text, ()) if text else (None, None, ())
        if values.day_text(2024, month, day) is None:
            return None, None, ()
        due = values.month_day(atom)
        if "each" in atom.groups:
            return self._yearly(since, lead) or Kind.ANNUAL, due, ()
        if kind := self._yearly(since, lead):
            return kind, due, (Doubt.CADENCE,)
        if self._years.standing or self._years.plan is None:
            return Kind.ANNUAL, due, (Doubt.CADENCE,)
        year = self._year_of(month or 0, day)
        text = values.day_text(year, month, day) if year else None
        return (Kind.ONCE, text, (Doubt.YEAR,)) if text else (None, None, ())

    def _yearly(self, since: int, lead: Prefix) -> Kind | None:
        """How often a day without a year comes again: said right in front, else by the sentence."""
        period = cadence.period_before(self._folded[since : lead.start].rstrip(" (:,-"))
        recurring = [kind for kind in (*self._s.kinds, *self._before) if kind is not Kind.OTHER]
        if any("each" in atom.groups for atom in self._s.atoms):
            recurring.append(Kind.ANNUAL)
        if period and period[0] is not Kind.MONTHLY:
            return period[0]
        half = any(a.sort is Sort.HALF for a in self._s.atoms if since - 40 <= a.start < lead.start)
        if half:
            return Kind.SEMIANNUAL
        yearly = [kind for kind in recurring if kind is not Kind.MONTHLY]
        return yearly[0] if yearly else None

    def _day(self, atom: Atom, since: int, lead: Prefix) -> tuple[Kind | None, Due, tuple[Doubt, ...]]:
        """ "trước ngày 16": of which month the words around say."""
        if lead.strength < Strength.LIKELY and lead.boundary is None and not alone(self._folded, lead.start, atom.end):
            if not any(kind is Kind.MONTHLY for kind in self._s.kinds):
                return None, None, ()
        period = cadence.period_before(self._folded[since : lead.start].rstrip(" (:,-"))
        kinds = [period[0]] if period else [*self._s.kinds, *self._before]
        days: list[dict[str, object]] = [{"day": day} for day in atom.days]
        if any(kind is Kind.MONTHLY for kind in kinds):
            return Kind.MONTHLY, days[0] if len(days) == 1 else days, (Doubt.CADENCE,)
        if any(kind is Kind.QUARTERLY for kind in kinds):
            return Kind.QUARTERLY, {**days[0], "of": "last month of quarter"}, (Doubt.CADENCE,)
        months = [a for a in self._s.atoms if a.sort is Sort.MONTHS and a.end <= atom.start and atom.start - a.end < 40]
        year = (months[-1].year if months else None) or self._years.plan
        if months and year:
            return Kind.ONCE, values.day_text(year, months[-1].months[-1], atom.days[0]), (Doubt.CADENCE,)
        return None, None, ()

    def _period(self, atom: Atom, since: int, lead: Prefix) -> tuple[Kind | None, Due, tuple[Doubt, ...]]:
        if "each" in atom.groups or (atom.sort is Sort.MONTHS and atom.year is None and self._every_year(lead)):
            if atom.sort is Sort.MONTHS:
                dues: list[dict[str, object]] = [{"month": month} for month in atom.months]
                kind = {1: Kind.ANNUAL, 2: Kind.SEMIANNUAL, 4: Kind.QUARTERLY}.get(len(dues), Kind.OTHER)
                return kind, dues[0] if len(dues) == 1 else dues, ()
            if atom.sort is Sort.QUARTERS:
                return Kind.ANNUAL, [{"quarter": q} for q in atom.quarters], ()
        if atom.sort is Sort.RANGE:
            due = values.range_due(atom, self._years.plan)
            printed = "y1" in atom.groups or "y2" in atom.groups
            return Kind.ONCE, due, () if printed else (Doubt.YEAR,)
        year = atom.year or self._year_of(atom.months[-1] if atom.sort is Sort.MONTHS and atom.months else 0, None)
        if year is None:
            return None, None, ()
        doubts = () if atom.year else (Doubt.YEAR,)
        match atom.sort:
            case Sort.MONTHS:
                return Kind.ONCE, values.once_month(atom, year), doubts
            case Sort.QUARTERS:
                return Kind.ONCE, values.once_quarter(atom, year), doubts
            case Sort.HALF:
                return Kind.ONCE, values.once_half(atom, year), doubts
            case _:
                return Kind.ONCE, values.day_text(year), ()

    def _every_year(self, lead: Prefix) -> bool:
        if any("each" in atom.groups for atom in self._s.atoms):
            return True
        said = self._folded[self._s.start : lead.start]
        return Kind.ANNUAL in self._s.kinds and bool(re.search(r"(?:hang|moi) nam", said))

    def _year_of(self, month: int, day: int | None) -> int | None:
        """The plan's own year; the next one where the month has passed when it was signed."""
        plan, signed = self._years.plan, self._years.signed
        if plan is None or not month or signed is None or len(signed) < 7 or int(signed[:4]) != plan:
            return plan
        return plan + 1 if month < int(signed[5:7]) - 1 and self._years.plan == int(signed[:4]) else plan

    # -- whether it is a deadline --

    def _is_window(self, atom: Atom, lead: Prefix) -> bool:
        said = self._folded[max(self._s.start, atom.start - 90) : atom.start]
        if _WINDOW.search(self._folded[max(self._s.start, lead.start - 90) : lead.start]) or _WINDOW.search(said):
            return atom.sort in (Sort.RANGE, Sort.DATE, Sort.DAY, Sort.MONTHLY, Sort.MONTHS)
        if atom.sort is Sort.RANGE and atom.words.startswith("tu "):
            return bool(re.search(r"(?:so lieu|tinh|moc thoi gian|ky bao cao)[^.;()]{0,40}$", said))
        return False

    def _weighed(self, atom: Atom, lead: Prefix, strength: Strength, kind: Kind, due: Due) -> Strength:
        tail = self._folded[max(0, lead.start - 80) : lead.start]
        if _CITED.search(tail) and lead.boundary is None:
            return Strength.NONE
        if atom.sort is Sort.CONTINUOUS:
            return self._continuous(atom, lead)
        if atom.sort is Sort.EVERY:
            opens = not self._folded[self._s.start : lead.start].strip(" -+*(")
            return Strength.LIKELY if opens or "dinh ky" in atom.words or strength >= Strength.LIKELY else Strength.WEAK
        if atom.sort in (Sort.MONTHLY, Sort.QUARTERLY, Sort.WEEKLY, Sort.DAILY):
            return max(strength, Strength.LIKELY)
        if "hieu luc" in self._folded[self._s.start : self._s.end] and atom.sort in (Sort.RELATIVE, Sort.DATE):
            if re.search(r"hieu luc[^.;]{0,40}$", self._folded[self._s.start : lead.start]):
                return Strength.NONE
        if atom.sort is Sort.RELATIVE:
            counted = bool(re.match(r"(?:ke|tinh) tu|tiep theo ngay sau|ngay sau", atom.groups.get("event", "")))
            days = atom.groups["unit"] in ("ngay", "ngay lam viec")
            return max(strength, Strength.LIKELY) if strength or (counted and days) else Strength.WEAK
        if atom.sort is Sort.RANGE and strength < Strength.LIKELY and "d2" in atom.groups:
            last = not re.search(r"[a-z]", atom.words) and not self._folded[atom.end :].strip(" .;")
            strength = Strength.LIKELY if self._opens(lead) or last or atom.words.startswith("tu ") else Strength.WEAK
        if atom.sort is Sort.DATE and strength is Strength.NONE and kind is not Kind.ONCE and self._s.kinds:
            strength = Strength.LIKELY
        if isinstance(due, str | dict) and kind is Kind.ONCE and self._over(due):
            return Strength.NONE
        if (
            atom.sort is Sort.DATE
            and strength is Strength.NONE
            and not self._folded[self._s.start : lead.start].strip(" -+")
        ):
            strength = Strength.LIKELY
        if strength >= Strength.LIKELY and (_CONDITION.search(tail) or _PAST.search(tail)):
            return Strength.WEAK
        if atom.sort is Sort.YEAR and strength is Strength.LIKELY and not alone(self._folded, lead.start, atom.end):
            finished = re.search(
                r"\b(?:hoan thanh|xong|so ket|tong ket|ban hanh|phe duyet|trinh)\b[^.;]{0,60}$",
                self._folded[: atom.start],
            )
            return Strength.LIKELY if finished else Strength.WEAK
        return strength

    def _opens(self, lead: Prefix) -> bool:
        return not self._folded[self._s.start : lead.start].strip(" -+•")

    def _ahead(self, due: Due) -> bool:
        """After the day of signing, where that is printed."""
        signed = self._years.signed
        return isinstance(due, str) and signed is not None and len(signed) == 10 and due > signed

    def _over(self, due: str | dict[str, object]) -> bool:
        """Told of the past: before the document was signed."""
        signed = self._years.signed
        end = due if isinstance(due, str) else due.get("to")
        if signed is None or not isinstance(end, str):
            return False
        if "Q" in end:
            end = f"{end[:4]}-{int(end[-1]) * 3:02d}"
        reach = min(len(end), len(signed))
        return end[:reach] < signed[:reach]

    def _continuous(self, atom: Atom, lead: Prefix) -> Strength:
        said = self._folded[self._s.start : atom.start]
        if alone(self._folded, lead.start, atom.end) or re.search(
            r"(?:thoi gian|tien do|thoi han)[^.;()]{0,30}: ?$", said
        ):
            return Strength.STRONG
        return Strength.WEAK


def _boundary(atom: Atom, boundary: Boundary | None, kind: Kind, said: str) -> Boundary | None:
    if kind is Kind.CONTINUOUS or atom.sort is Sort.EVERY:
        return None
    period = atom.sort in (Sort.MONTHS, Sort.QUARTERS, Sort.HALF, Sort.YEAR, Sort.RANGE)
    if period and boundary is None:
        return Boundary.WITHIN
    if atom.sort in (Sort.RANGE,) and boundary is not Boundary.BEFORE:
        return Boundary.WITHIN
    if atom.sort is Sort.RELATIVE and boundary is Boundary.BY and said.endswith("thoi han "):
        return Boundary.WITHIN
    if atom.sort is Sort.MONTHLY and (
        atom.words.startswith("tu ") or (" ngay dau" in atom.words and boundary is Boundary.WITHIN)
    ):
        return Boundary.WITHIN
    if period or atom.sort is Sort.RELATIVE:
        return boundary or Boundary.WITHIN
    if boundary is None or boundary is Boundary.WITHIN:
        return Boundary.ON
    return boundary


def _joined(one: TimeExpression, other: TimeExpression, folded: str) -> bool:
    """Days of one list: "ngày 15/3, 15/6, 15/9 và 15/12"."""
    recurring = one.kind is not Kind.ONCE and other.kind is not Kind.ONCE and not one.window and not other.window
    days = isinstance(one.due, dict) and isinstance(other.due, dict) and "month" in one.due and "month" in other.due
    return recurring and days and bool(_JOINT.fullmatch(folded, one.end, other.bare))


def _merged(chain: list[TimeExpression], kinds: Sequence[Kind]) -> Iterator[TimeExpression]:
    if len(chain) < 2:
        yield from chain
        return
    if len(chain) == len(kinds):  # "định kỳ 6 tháng, năm … trước ngày 10/6 và 10/12": each its own
        for each, kind in zip(chain, kinds, strict=True):
            yield replace(each, kind=kind, boundary=chain[0].boundary, strength=chain[0].strength)
        return
    dues: list[dict[str, object]] = [each.due for each in chain if isinstance(each.due, dict)]
    kind = {2: Kind.SEMIANNUAL, 4: Kind.QUARTERLY}.get(len(dues), chain[0].kind)
    strength = max(each.strength for each in chain)
    yield replace(chain[0], end=chain[-1].end, due=dues, kind=kind, strength=strength)
