"""What repeats on the pages of a PDF and belongs to none of them: page numbers, running heads, headings of tables."""

from __future__ import annotations

import re
from collections import Counter

from reader.sources.pdf_layout import PageLayout, Table, Words

_ABOVE, _BELOW = 0.08, 0.065  # of the height of a page; text begins 20 mm from its edges (Nghị định 30/2020/NĐ-CP)
_NUMBER = re.compile(r"(?:trang\s*|page\s*)?[-–—\s]*\d{1,4}(?:\s*/\s*\d{1,4})?[-–—\s]*", re.IGNORECASE)
_OFTEN = 3  # pages


def drop_furniture(pages: list[PageLayout]) -> None:
    """Takes page numbers and running heads out."""
    seen = Counter(key for page in pages for key in {_key(words) for words in _in_margin(page)})
    often = {key for key, times in seen.items() if times >= max(_OFTEN, len(pages) * 0.4)}
    for page in pages:
        dropped = [w for w in _in_margin(page) if _NUMBER.fullmatch(w.text) or _key(w) in often]
        page.parts = [part for part in page.parts if not any(part is words for words in dropped)]


def _in_margin(page: PageLayout) -> list[Words]:
    low, high = page.height * _ABOVE, page.height * (1 - _BELOW)
    return [p for p in page.parts if isinstance(p, Words) and not low < p.base < high]


def _key(words: Words) -> str:
    return re.sub(r"\d+", "0", words.text)


def join_tables(pages: list[PageLayout]) -> None:
    """A table that ends a page goes on in one of the same columns that begins the next."""
    before: Table | None = None
    head: list[str] = []
    for page in pages:
        first = page.parts[0] if page.parts else None
        if isinstance(first, Table):
            if before is not None and _same_columns(before, first):
                first.goes_on = True
                _drop_head(first, head)
                _move_rest(before, first)
            else:
                head = _row_texts(first, min(first.rows))
        last = page.parts[-1] if page.parts else None
        if last is not first and isinstance(last, Table):
            head = _row_texts(last, min(last.rows))
        before = last if isinstance(last, Table) and last.rows else None


def _same_columns(one: Table, other: Table) -> bool:
    return len(one.edges) == len(other.edges) and all(
        abs(a - b) <= 3 for a, b in zip(one.edges, other.edges, strict=True)
    )


def _row_texts(table: Table, row: int) -> list[str]:
    return [" ".join(words.text for words in lines) for _, lines in sorted(table.rows.get(row, {}).items())]


def _drop_head(table: Table, head: list[str]) -> None:
    first = min(table.rows)
    if len(table.rows) > 1 and _row_texts(table, first) == head:
        del table.rows[first]


def _move_rest(before: Table, after: Table) -> None:
    """A row that the end of a page cut: its rest begins inside a sentence, and has no number of its own."""
    last, first = before.rows[max(before.rows)], after.rows[min(after.rows)]
    inside = [lines[0].text[:1].islower() for lines in first.values()]  # a sentence
    unnumbered = min(last) not in first and any(inside)
    if len(last) > 1 and first.keys() <= last.keys() and (unnumbered or all(inside)):
        for column, lines in first.items():
            last[column].extend(lines)
        del after.rows[min(after.rows)]
