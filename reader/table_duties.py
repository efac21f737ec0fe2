"""Duties in the rows of a table: columns for what, who, with whom, by when, and what comes out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from reader.bodies import mentions, split
from reader.columns import Column, column_of, whole_cell
from reader.document import Document, Span
from reader.draft import Body, Boundary, Doubt, Due, Duty, Found, Kind
from reader.folding import Folded
from reader.outline import Outline
from reader.tables import Table
from reader.times.expression import TimeExpression
from reader.times.prefixes import Strength
from reader.times.reading import read_times
from reader.times.sentences import Years

_BREAK_MOST = 500  # characters between two parts of one table: the end of a page, a line over all columns
_NAME_MOST = 120  # characters of a cell that can be a name
_KEY = re.compile(r"(?P<lead>chu tri|don vi chu tri|co quan chu tri|thuc hien)|(?P<with>phoi hop)")
_BY = re.compile(r"hoan thanh|han\b|thoi han|truoc|cham nhat|ket thuc")


@dataclass
class _Shape:
    columns: list[Column]
    header: int
    heads: list[str] = field(default_factory=list)

    def of(self, row: Sequence[Span], column: Column) -> Span | None:
        for place, kind in enumerate(self.columns):
            if kind is column and place < len(row) and row[place].end > row[place].start:
                return row[place]
        return None


def table_duties(document: Document, outline: Outline, tables: Sequence[Table], years: Years) -> Iterator[Duty]:
    """The duties of the tables; none where no column tells of time."""
    before: _Shape | None = None
    end = 0
    for table in tables:
        near = table.span.start - end < _BREAK_MOST
        shape = _shape(document.text, table, before if near else None)
        before, end = shape, table.span.end
        if not {Column.TIME, Column.END} & set(shape.columns):
            continue
        reader = _Rows(document.text, shape, years, _section(outline, table))
        for row in table.rows[shape.header + 1 :]:
            yield from reader.duties(row)


def _section(outline: Outline, table: Table) -> str:
    above = [c for c in outline.clauses if c.span.start < table.span.start and c.label and "|" not in c.label]
    return above[-1].label if above else ""


def _shape(text: str, table: Table, before: _Shape | None = None) -> _Shape:
    """By its header; without one, as the table before it that it goes on with; else by what stands in the cells."""
    best: _Shape | None = None
    for at, row in enumerate(table.rows[:4]):
        heads = [Folded(span.of(text)).text.strip(" *:.") for span in row]
        columns = [column_of(head) for head in heads]
        known = sum(column is not Column.OTHER for column in columns)
        if (
            {Column.TIME, Column.END} & set(columns)
            and known >= 2
            and (best is None or known > sum(c is not Column.OTHER for c in best.columns))
        ):
            best = _Shape(_single(columns), at, heads)
    if best is None and before is not None and before.heads and len(before.columns) == max(map(len, table.rows)):
        return _Shape(before.columns, -1, before.heads)
    return best or _by_content(text, table)


def _single(columns: list[Column]) -> list[Column]:
    """A kind of column counts once, but there may be several for the bodies that work together."""
    seen: set[Column] = set()
    kept = []
    for column in columns:
        kept.append(Column.OTHER if column in seen and column is not Column.WITH else column)
        seen.add(column)
    if Column.WORK not in seen and Column.OTHER in kept:
        kept[kept.index(Column.OTHER)] = Column.WORK
    return kept


def _by_content(text: str, table: Table) -> _Shape:
    """Without a header: the column of dates, the column of bodies, and the longest for what is to be done."""
    width = max(len(row) for row in table.rows)
    columns = [Column.OTHER] * width
    scores: list[tuple[float, float, float]] = []
    for place in range(width):
        cells = [row[place] for row in table.rows if place < len(row) and row[place].end > row[place].start]
        count = max(1, len(cells))
        dated = sum(bool(whole_cell(Folded(c.of(text)).text.strip(), Years(None))) for c in cells)
        bodies = sum(bool(split(text, c)) for c in cells)
        scores.append((dated / count, bodies / count, sum(c.end - c.start for c in cells) / count))
    for kind, key in ((Column.TIME, 0), (Column.LEAD, 1), (Column.WORK, 2)):
        free = [p for p in range(width) if columns[p] is Column.OTHER and (key == 2 or scores[p][key] >= 0.5)]
        if free:
            columns[max(free, key=lambda p: scores[p][key])] = kind
    return _Shape(columns, -1)


class _Rows:
    def __init__(self, text: str, shape: _Shape, years: Years, section: str) -> None:
        self._text = text
        self._shape = shape
        self._years = years
        self._section = section
        self._lead: tuple[Body, ...] = ()
        self._work: Span | None = None

    def duties(self, row: Sequence[Span]) -> Iterator[Duty]:
        work = self._shape.of(row, Column.WORK)
        lead, together = self._who(row)
        self._lead, self._work = lead or self._lead, work or self._work
        for times, cell, folded in self._times(row):
            for time in times:
                yield self._duty(row, time, cell, folded, lead or self._lead, together)

    def _who(self, row: Sequence[Span]) -> tuple[tuple[Body, ...], tuple[Body, ...]]:
        cell = self._shape.of(row, Column.LEAD)
        beside = [row[p] for p, kind in enumerate(self._shape.columns) if kind is Column.WITH and p < len(row)]
        together = tuple(body for span in beside for body in _bodies(self._text, span))
        if cell is None:
            return (), together
        words = Folded(cell.of(self._text), base=cell.start)
        keys = list(_KEY.finditer(words.text))
        with_ = next((key for key in keys if key["with"]), None)
        if with_ is None:
            return _bodies(self._text, cell), together
        cut = words.span(with_.start(), with_.end())
        lead = _bodies(self._text, Span(cell.start, cut.start))
        return lead, together or _bodies(self._text, Span(cut.end, cell.end))

    def _times(self, row: Sequence[Span]) -> Iterator[tuple[Sequence[TimeExpression], Span, Folded]]:
        begin, end = self._shape.of(row, Column.BEGIN), self._shape.of(row, Column.END)
        if end is not None:
            yield from self._between(begin, end)
        for column in (Column.TIME, Column.WORK):
            cell = self._shape.of(row, column)
            if cell is None:
                continue
            folded = Folded(cell.of(self._text), base=cell.start)
            whole = whole_cell(folded.text.strip(" .;"), self._years) if column is Column.TIME else None
            if whole and Doubt.YEAR in whole.doubts and self._head(column) in ("thang", "quy"):
                continue  # a row for every month
            if whole:
                by = _BY.search(self._head(column)) and whole.boundary is Boundary.ON
                yield (
                    [replace(whole, boundary=Boundary.BY if by else whole.boundary, end=len(folded.text))],
                    cell,
                    folded,
                )
                continue
            least = Strength.LIKELY if column is Column.WORK else Strength.NONE
            found = [t for t in read_times(folded.text, self._years) if not t.window and t.strength >= least]
            if column is Column.TIME:
                found = [t for t in found if t.dated or t.kind is Kind.CONTINUOUS or Doubt.DAY in t.doubts]
            yield found, cell, folded

    def _head(self, column: Column) -> str:
        return next((h for h, c in zip(self._shape.heads, self._shape.columns, strict=False) if c is column), "")

    def _between(self, begin: Span | None, end: Span) -> Iterator[tuple[Sequence[TimeExpression], Span, Folded]]:
        last = whole_cell(Folded(end.of(self._text)).text.strip(), self._years)
        if last is None:
            return
        first = whole_cell(Folded(begin.of(self._text)).text.strip(), self._years) if begin else None
        cell = Span(begin.start if begin and first else end.start, end.end)
        folded = Folded(cell.of(self._text), base=cell.start)
        due: Due = {"from": first.due, "to": last.due} if first else last.due
        boundary = Boundary.WITHIN if first else Boundary.BY
        yield [replace(last, due=due, boundary=boundary, end=len(folded.text))], cell, folded

    def _duty(
        self,
        row: Sequence[Span],
        time: TimeExpression,
        cell: Span,
        folded: Folded,
        lead: tuple[Body, ...],
        together: tuple[Body, ...],
    ) -> Duty:
        work = self._work or cell
        product, recipient = self._shape.of(row, Column.PRODUCT), self._shape.of(row, Column.RECIPIENT)
        doubts = [*time.doubts, *([] if lead else [Doubt.AGENCY])]
        return Duty(
            title=Found(" ".join(work.of(self._text).split())[:240], work),
            kind=time.kind,
            due=time.due,
            boundary=time.boundary,
            time=folded.span(time.start, time.end),
            agencies=lead,
            cooperating=together,
            recipients=_bodies(self._text, recipient) if recipient else (),
            section=self._section,
            clause=Span(min(s.start for s in row), max(s.end for s in row)),
            product=Found(" ".join(product.of(self._text).split())[:200], product, 0.9) if product else None,
            sure=0.9 if not doubts else 0.75,
            doubts=tuple(dict.fromkeys(doubts)),
        )


def _bodies(text: str, span: Span) -> tuple[Body, ...]:
    """Of a cell that holds bodies; what the words of bodies do not know is taken as written."""
    if found := split(text, span) or mentions(text, span):
        return found
    parts = [part for part in re.finditer(r"[^;\n]+", span.of(text)) if re.search(r"[^\W\d]{2}", part.group())]
    if not parts or span.end - span.start > _NAME_MOST:
        return ()
    trimmed = [
        (part.start() + len(part.group()) - len(part.group().lstrip(" -+*:.")), part.group().strip(" -+*:."))
        for part in parts
    ]
    return tuple(
        Body(name, Span(span.start + at, span.start + at + len(name)), group=True) for at, name in trimmed if name
    )
