"""Putting duties together: a time expression, the words it belongs to, and who stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import pairwise

from reader.bodies import split
from reader.clause_text import ClauseText
from reader.document import Document, Span
from reader.draft import Doubt, Due, Duty, Facts, Found, Kind
from reader.folding import Folded
from reader.markers import Rank
from reader.outline import Clause, Outline, Zone
from reader.owners import KEYED, SILENT, Owners
from reader.parties import Parties
from reader.times import cadence
from reader.times.atoms import atoms
from reader.times.expression import TimeExpression
from reader.times.prefixes import Strength, alone
from reader.times.reading import read_times
from reader.times.sentences import Years

_SURE = {Strength.STRONG: 0.95, Strength.LIKELY: 0.8, Strength.WEAK: 0.4, Strength.NONE: 0.1}
_HEADING_MOST = 200  # characters; a longer paragraph is no heading of others
_MANY = 300  # time expressions in one paragraph: no plan; whom they concern is left to people
_TITLE_MOST = 240  # characters; a longer sentence is cut at a word
_YEAR_LINE = re.compile(r"[ *_]*(?:trong |giai doan |lo trinh |nhiem vu |ke hoach )?nam (?P<year>20\d\d)[ :.*_]*")
_YEAR_LINE_MOST = 40  # characters
_LISTED = (Rank.DASH, Rank.PLUS)
_PRODUCT = re.compile(
    r"ke hoach(?: (?:cu the|trien khai|thuc hien|hanh dong))*"
    r"|bao cao(?: (?:ket qua|tinh hinh|so ket|tong ket"
    r"|nhanh|chuyen de))*|danh sach"
    r"|to trinh|du thao [a-z ]{3,30}|quyet dinh|cong van"
    r"|van ban(?: (?:huong dan|phoi hop|chi dao))?"
    r"|huong dan|de an|du toan|bien ban"
)


class DutyReader:
    """Reads the duties of one document."""

    def __init__(self, document: Document, outline: Outline, facts: Facts, years: Years) -> None:
        self._document = document
        self._outline = outline
        self._facts = facts
        self._years = years
        self._texts: dict[int, ClauseText] = {}
        self._foldeds: dict[int, Folded] = {}
        self._owners = Owners(document.text, outline, self.text_of)

    def duties(self, skipped: Sequence[Span] = ()) -> Iterator[Duty]:
        """In the order of the text; clauses within ``skipped`` (tables) are left out."""
        for clause in self._outline.clauses:
            if clause.zone in SILENT or any(span.holds(clause.span) for span in skipped):
                continue
            yield from self._of(clause)

    def within(self, span: Span) -> Duty | None:
        """The duty in words that a person has selected, also where its time is too weak to be proposed."""
        for clause in self._outline.clauses:
            if clause.span.meets(span):
                text = self.text_of(clause)
                for time in text.times:
                    if not time.window and span.holds(text.span(time.start, time.end)):
                        return self._duty(text, time)
        return None

    def _folded(self, clause: Clause) -> Folded:
        if clause.index not in self._foldeds:
            self._foldeds[clause.index] = Folded(clause.words.of(self._document.text), base=clause.words.start)
        return self._foldeds[clause.index]

    def text_of(self, clause: Clause) -> ClauseText:
        """The clause with its time expressions."""
        if clause.index not in self._texts:
            folded = self._folded(clause)
            standing = any(above.rank is Rank.ARTICLE for above in (clause, *self._outline.ancestors(clause)))
            years = replace(self._years, standing=self._years.standing or standing)
            if year := self._year_above(clause):
                years = replace(years, plan=year, fixed=True, standing=False)
            times = read_times(folded.text, years, context=self._kinds_above(clause))
            self._texts[clause.index] = ClauseText(self._document.text, clause, times, folded)
        return self._texts[clause.index]

    def _of(self, clause: Clause) -> Iterator[Duty]:
        text = self.text_of(clause)
        for time in text.times:
            if time.window or time.strength < Strength.LIKELY or not self._counts(text, time):
                continue
            yield self._duty(text, time)

    def _counts(self, text: ClauseText, time: TimeExpression) -> bool:
        """A date among aims and targets is a goal unless the words in front leave no doubt; a heading is no order."""
        clause = text.clause
        if clause.index in self._year_lines:
            return False
        if (
            Doubt.YEAR in time.doubts
            and time.start == time.bare
            and not text.words.replace(text.words[time.start : time.end], "").strip(" .:")
        ):
            return False  # a line that says only "Tháng 9" is the heading of what follows
        if clause.zone is Zone.HEAD:
            return time.strength is Strength.STRONG and time.dated and not clause.heading and len(text.words) > 40
        if clause.zone in (Zone.AIMS, Zone.TARGETS):
            return (
                time.strength is Strength.STRONG
                and time.dated
                and not re.search(r"\bnam \d{4}$", text.words[time.bare : time.end])
            )
        if clause.heading and not alone(text.words, time.start, time.end):
            sentence = clause.rank >= Rank.NUMBER and len(text.words) > 40 and time.dated
            return sentence or (time.strength is Strength.STRONG and text.words[: time.start].rstrip().endswith("("))
        return True

    @cached_property
    def _year_lines(self) -> dict[int, int]:
        """The lines that say only a year and stand over others: "1. Năm 2025", "Năm 2025:"."""
        found: dict[int, int] = {}
        for clause, following in pairwise(self._outline.clauses):
            if clause.words.end - clause.words.start > _YEAR_LINE_MOST or clause.zone in SILENT:
                continue
            said = _YEAR_LINE.fullmatch(self._folded(clause).text)
            below = following.parent == clause.index or (clause.rank is Rank.PLAIN and following.rank in _LISTED)
            if said and below:
                found[clause.index] = int(said["year"])
        return found

    def _year_above(self, clause: Clause) -> int | None:
        """The year that stands as a heading over the clause, or as a line over the list to which it belongs."""
        if not self._year_lines:
            return None
        above = {each.index for each in self._outline.ancestors(clause)}
        for index in reversed([each for each in self._year_lines if each < clause.index]):
            line = self._outline.clauses[index]
            beside = line.rank is Rank.PLAIN and line.parent == clause.parent and clause.rank in _LISTED
            if index in above or beside:
                return self._year_lines[index]
        return None

    def _kinds_above(self, clause: Clause) -> tuple[Kind, ...]:
        for above in self._outline.ancestors(clause):
            words = self._folded(above).text
            leads = (above.heading or words.rstrip().endswith(":")) and len(words) < _HEADING_MOST
            if leads and (kinds := cadence.cadence(atoms(words))):
                return tuple(kinds)
        return ()

    # -- one duty --

    def _duty(self, text: ClauseText, time: TimeExpression) -> Duty:
        crowded = len(text.times) > _MANY
        who = Parties() if crowded else self._owners.parties(text, time)
        title = self._title(text, time)
        doubts = [*time.doubts, *([Doubt.WEAK] if crowded else [])]
        if not who.agencies or who.addressed:
            doubts.append(Doubt.AGENCY)
        start, end = text.sentence_at(time.start)
        window = next(
            (t for t in text.times if t.window and start <= t.start < end and abs(t.start - time.start) < 300), None
        )
        sure = _SURE[time.strength] - 0.1 * bool(doubts) - 0.1 * who.above
        return Duty(
            title=title,
            kind=time.kind,
            due=_in_its_words(text, time),
            boundary=time.boundary,
            time=text.span(time.start, time.end),
            agencies=who.agencies,
            cooperating=who.cooperating,
            recipients=who.recipients,
            via=who.via,
            section=text.clause.label,
            clause=text.clause.span,
            product=self._product(text, time),
            window=Found(text.original(window.start, window.end), text.span(window.start, window.end))
            if window
            else None,
            sure=round(max(0.05, sure), 2),
            doubts=tuple(dict.fromkeys(doubts)),
        )

    def _title(self, text: ClauseText, time: TimeExpression) -> Found[str]:
        start, end = text.part_at(time.start)
        if _bare(text.words[start : time.start] + text.words[time.end : end]):
            start, end = text.sentence_at(time.start)
            if _bare(text.words[start : time.start] + text.words[time.end : end]):
                return self._title_above(text, time)
        words = text.original(start, end)
        if len(words) > _TITLE_MOST:
            words = words[:_TITLE_MOST].rsplit(" ", 1)[0] + " …"
        return Found(words, text.span(start, end))

    def _title_above(self, text: ClauseText, time: TimeExpression) -> Found[str]:
        """A line that holds only the time: what is to be done stands before it, or in the heading above."""
        for other in self._owners.before(text.clause):
            words = self._folded(other).text
            if len(words) > 12 and not KEYED.match(words) and not split(self._document.text, other.words):
                return Found(" ".join(other.words.of(self._document.text).split())[:_TITLE_MOST], other.words)
        return Found(text.original(0, len(text.words))[:_TITLE_MOST], text.clause.words)

    def _product(self, text: ClauseText, time: TimeExpression) -> Found[str] | None:
        start, end = text.part_at(time.start)
        found = [m for m in _PRODUCT.finditer(text.words, start, end) if not m.end() > time.start >= m.start()]
        if not found:
            return None
        nearest = min(found, key=lambda m: abs(m.start() - time.start))
        return Found(text.original(nearest.start(), nearest.end()), text.span(nearest.start(), nearest.end()), 0.6)


def _in_its_words(text: ClauseText, time: TimeExpression) -> Due:
    """The due date, its event as the document writes it: "kể từ ngày ban hành"."""
    if not isinstance(time.due, dict) or not isinstance(time.due.get("event"), str):
        return time.due
    event = str(time.due["event"])
    at = text.words.find(event, time.start, time.end) if event else -1
    return time.due if at < 0 else {**time.due, "event": text.original(at, at + len(event))}


def _bare(words: str) -> bool:
    """Whether nothing but a label stands around a time expression."""
    return len(re.sub(r"[\W\d]|thoi gian|thuc hien|hoan thanh|thoi han|tien do|han|nop|bao cao|gui", "", words)) < 10


def ordered(duties: Sequence[Duty]) -> tuple[Duty, ...]:
    """In the order of the text, each place once."""
    kept: dict[tuple[int, int], Duty] = {}
    for duty in sorted(duties, key=lambda each: each.time):
        kept.setdefault((duty.time.start, duty.time.end), duty)
    return tuple(kept.values())
