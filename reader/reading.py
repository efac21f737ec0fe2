"""Reading a document: the draft of a plan."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from reader.document import Document
from reader.draft import Draft, Facts, Found
from reader.duties import DutyReader, ordered
from reader.facts import read_facts
from reader.folding import Folded
from reader.line_tables import line_tables
from reader.outline import Outline, Zone, outline
from reader.table_duties import table_duties
from reader.tables import Table, tables
from reader.times.sentences import Years

_REGULATION = re.compile(r"(?:quy che|quy dinh|quy trinh|dieu le|noi quy|nghi dinh|thong tu)(?: .{0,60})?")
_PLAN_YEAR = re.compile(r"nam ((?:19|20)\d\d)(?! ?[-–] ?\d)")


def read(document: Document) -> Draft:
    """The draft of a plan that a document holds. Never raises: what cannot be read is missing or marked doubtful."""
    clauses = outline(document)
    facts = read_facts(document, clauses)
    years = years_of(document, clauses, facts)
    found = tables(document)
    found = tuple(sorted((*found, *_apart(line_tables(document), found)), key=lambda table: table.span))
    in_tables = [*table_duties(document, clauses, found, years)]
    reader = DutyReader(document, clauses, facts, years)
    in_sentences = reader.duties(skipped=[table.span for table in found])
    return Draft(facts, ordered([*in_tables, *in_sentences]))


def _apart(found: Iterable[Table], known: Sequence[Table]) -> Iterator[Table]:
    """Those that are not already known by their bars."""
    return (table for table in found if not any(table.span.meets(other.span) for other in known))


def years_of(document: Document, clauses: Outline, facts: Facts) -> Years:
    """For which year the document speaks: the one in its title, else that of its signing."""
    signed = facts.signed.value if facts.signed else None
    plan = _title_year(facts.title) or (int(signed[:4]) if signed else None) or _any_year(document, clauses)
    return Years(plan, signed, standing=_standing(document, clauses), ocr=document.ocr)


def _standing(document: Document, clauses: Outline) -> bool:
    """Whether the document is a regulation ("QUY CHẾ", "QUY ĐỊNH"), not a plan for some years."""
    heads = (Folded(c.words.of(document.text)).text.strip(" .:") for c in clauses.clauses[:80] if c.heading)
    return any(_REGULATION.fullmatch(head) for head in heads)


def _title_year(title: Found[str] | None) -> int | None:
    found = [int(year) for year in _PLAN_YEAR.findall(Folded(title.value).text)] if title else []
    return found[-1] if found else None


def _any_year(document: Document, clauses: Outline) -> int | None:
    """The last year that a full date of the text names; else one in the head."""
    dates = re.findall(r"\d ?[/.-] ?\d{1,2} ?[/.-] ?(20\d\d)(?!\d)", document.text)
    head = " ".join(Folded(c.words.of(document.text)).text for c in clauses.zones[Zone.HEAD][:30])
    found = [int(year) for year in dates or re.findall(r"(?<![\d/])20\d\d(?![\d/])", head)]
    return max(found) if found else None
