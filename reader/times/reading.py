"""What a whole sentence makes of its time expressions.

A date without a year is read with the words around it: "báo cáo 06 tháng trước ngày 10/6" is a deadline of every year,
"Định kỳ hằng tháng … trước ngày 16" one of every month, "trước ngày 30/6" in a plan of 2024 is 30/6/2024.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from reader.draft import Boundary, Doubt, Due, Kind
from reader.repair import repair
from reader.times import cadence, values
from reader.times.atoms import Atom, atoms
from reader.times.expression import TimeExpression
from reader.times.grammar import Sort
from reader.times.prefixes import Prefix, Strength, alone, prefix
from reader.times.sentences import Sentence, Years, sentences
from reader.times.weighing import RECURRING, Reading, is_window, weighed

_AUTUMN = 10  # from that month on plans for the next year are signed
_INSIDE = re.compile(r"\b(?:truoc(?! \w+ nam)|cham nhat)\b")
_JOINT = re.compile(r"[ ,]*(?:\([^()]{0,60}\) ?)?[ ,]*(?:va|,|hoac|;)?[ ,]*(?:ngay )?")


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
        sentence = Sentence(folded, start, end, inside, cadence.cadence(inside))
        yield from _without_spent(list(_Reader(sentence, years, before).expressions()))
        before = sentence.kinds or before


def _without_spent(read: Sequence[TimeExpression]) -> Iterator[TimeExpression]:
    """ "Hằng năm" is no duty of its own beside the days that it repeats."""
    spent = any(each.dated and each.kind is not Kind.ONCE and each.strength >= Strength.LIKELY for each in read)
    for each in read:
        alone_every = each.due is None and each.kind is not Kind.CONTINUOUS and not each.window
        if not (spent and alone_every):
            yield each


class _Reader:
    def __init__(self, sentence: Sentence, years: Years, before: list[Kind]) -> None:
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
        if atom.sort is Sort.WINDOW or is_window(atom, lead, self._s):
            return TimeExpression(lead.start, atom.start, atom.end, kind, due, boundary, Strength.NONE, window=True)
        strength = weighed(atom, Reading(lead, strength, kind, due), self._s, self._years)
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
            return self._yearly(since, lead, atom) or Kind.ANNUAL, due, ()
        if kind := self._yearly(since, lead, atom):
            return kind, due, (Doubt.CADENCE,)
        if self._years.standing or self._years.plan is None:
            return Kind.ANNUAL, due, (Doubt.CADENCE,)
        year = self._year_of(month or 0, day)
        text = values.day_text(year, month, day) if year else None
        return (Kind.ONCE, text, (Doubt.YEAR,)) if text else (None, None, ())

    def _yearly(self, since: int, lead: Prefix, atom: Atom) -> Kind | None:
        """How often a day without a year comes again: said right in front, else by the sentence."""
        period = cadence.period_before(self._folded[since : lead.start].rstrip(" (:,-"))
        recurring = [kind for kind in (*self._s.kinds, *self._before) if kind is not Kind.OTHER]
        if any("each" in atom.groups for atom in self._s.atoms):
            recurring.append(Kind.ANNUAL)
        if period and period[0] is not Kind.MONTHLY:
            return period[0]
        if (after := cadence.period_after(self._folded[atom.end :])) and after is not Kind.MONTHLY:
            return after
        half = any(a.sort is Sort.HALF for a in self._s.atoms if since - 40 <= a.start < lead.start)
        if half:
            return Kind.SEMIANNUAL
        yearly = [kind for kind in recurring if kind is not Kind.MONTHLY]
        return yearly[0] if yearly else None

    def _day(self, atom: Atom, since: int, lead: Prefix) -> tuple[Kind | None, Due, tuple[Doubt, ...]]:
        """ "trước ngày 16": of which month the words around say."""
        weak = lead.strength < Strength.LIKELY and lead.boundary is None
        if weak and Kind.MONTHLY not in self._s.kinds and not alone(self._folded, lead.start, atom.end):
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
        """The plan's own year; the next one where the month has passed when it was signed, the year of signing where a
        plan for the next year was signed long before that begins."""
        plan, signed = self._years.plan, self._years.signed
        if plan is None or not month or signed is None or len(signed) < 7 or self._years.fixed:
            return plan
        year, signed_in = int(signed[:4]), int(signed[5:7])
        if plan == year:
            return plan + 1 if month < signed_in - 1 else plan
        return year if plan == year + 1 and signed_in < month and signed_in < _AUTUMN else plan


def _boundary(atom: Atom, boundary: Boundary | None, kind: Kind, said: str) -> Boundary | None:
    if kind is Kind.CONTINUOUS or atom.sort is Sort.EVERY:
        return None
    if boundary is None and atom.sort in RECURRING and (inside := _INSIDE.search(atom.words)):
        return Boundary.BEFORE if inside.group() == "truoc" else Boundary.BY  # "Hằng tháng, trước ngày 20"
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
