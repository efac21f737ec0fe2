"""Web pages (.html): paragraphs, lists with the numbers a browser shows, tables; nothing of the page around."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from lxml import etree, html

from reader.document import Document
from reader.sources.counting import written
from reader.sources.errors import Reason, Refused
from reader.sources.letters import old_encoding
from reader.sources.limits import Limits
from reader.sources.word_styles import whole
from reader.sources.writing import Writer

_DROPPED = frozenset((
    "head", "script", "style", "noscript", "template", "nav", "aside", "footer", "form", "button", "select", "textarea",
    "svg", "iframe", "object", "audio", "video", "canvas", "dialog", "title",
))  # fmt: skip
_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "complementary", "menu", "dialog"})
_BLOCKS = frozenset((
    "address", "article", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "li", "main", "ol", "p",
    "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
))  # fmt: skip
_FORMS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_STYLED = {
    "decimal": "decimal",
    "decimal-leading-zero": "decimalZero",
    "lower-alpha": "lowerLetter",
    "lower-latin": "lowerLetter",
    "upper-alpha": "upperLetter",
    "upper-latin": "upperLetter",
    "lower-roman": "lowerRoman",
    "upper-roman": "upperRoman",
    "none": "none",
}
_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?([\w-]+)""", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
_LIST_STYLE = re.compile(r"list-style(?:-type)?\s*:[^;]*?([a-z]+(?:-[a-z]+)*)", re.IGNORECASE)
_WIDEST = 1000  # columns and rows of one cell


def read_web_page(data: bytes, limits: Limits) -> Document:
    """The text of a page. Raises Refused."""
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = html.document_fromstring(_decoded(data).encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise Refused(Reason.NO_TEXT) from error
    writer = Writer(limits.characters)
    body = root.find("body")
    _Reader(writer, limits).page(root if body is None else body)
    document = writer.document()
    if encoding := old_encoding(document.text):
        raise Refused(Reason.OLD_LETTERS, encoding=encoding)
    return document


def _decoded(data: bytes) -> str:
    """By its mark, by what it says of itself, or as UTF-8."""
    encoding = "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif not data.startswith(codecs.BOM_UTF8) and (said := _CHARSET.search(data[:4096])):
        encoding = said[1].decode("ascii").lower()
        encoding = "utf-8" if encoding.startswith(("utf-16", "utf-32")) or not _is_text(encoding) else encoding
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise Refused(Reason.ENCODING) from error
    if text.count("\0") > len(text) // 500:
        raise Refused(Reason.BINARY)
    return text.replace("\0", "")


def _is_text(encoding: str) -> bool:
    """Whether Python knows it as an encoding of text; "base64" is none."""
    try:
        return bool("a".encode(encoding))
    except (LookupError, UnicodeError):
        return False


class _Reader:
    def __init__(self, writer: Writer, limits: Limits) -> None:
        self._writer = writer
        self._limits = limits
        self._inline: list[str] = []
        self._depth = 0
        self._marker = ""
        self._pre = False

    def page(self, body: etree._Element) -> None:
        """The main part where the page names one, else everything."""
        mains = [e for e in body.iter("main") if e.text_content().strip()] if hasattr(body, "text_content") else []
        self._element(mains[0] if len(mains) == 1 else body)
        self._flush()

    def _element(self, element: etree._Element) -> None:
        name = element.tag.lower() if isinstance(element.tag, str) else ""
        if not name or _is_dropped(element, name):
            return
        if name == "br":
            self._inline.append("\n")
            return
        block = name in _BLOCKS
        if block:
            self._flush()
        match name:
            case "ol" | "ul" | "menu" | "table":
                self._nested(element, name)
            case "pre":
                self._pre, before = True, self._pre
                self._content(element)
                self._flush()
                self._pre = before
            case _:
                self._content(element)
        if block:
            self._flush()

    def _content(self, element: etree._Element) -> None:
        self._text(element.text)
        for child in element:
            self._element(child)
            self._text(child.tail)

    def _text(self, text: str | None) -> None:
        if text:
            self._inline.append(text if self._pre else re.sub(r"[ \t\r\n\f]+", " ", text))

    def _flush(self) -> None:
        """Ends a paragraph."""
        text = "".join(self._inline)
        self._inline = []
        if text.strip():
            self._writer.line(self._marker + text.strip())
            self._marker = ""
        self._writer.gap()

    def _nested(self, element: etree._Element, name: str) -> None:
        self._depth += 1
        if self._depth > self._limits.nesting:
            raise Refused(Reason.TOO_DEEP, limit=self._limits.nesting)
        if name == "table":
            self._table(element)
        else:
            self._list(element, name)
        self._depth -= 1

    # --- Lists

    def _list(self, element: etree._Element, name: str) -> None:
        form = _form(element) if name == "ol" else "bullet"
        items = [child for child in element if child.tag == "li"]
        step = -1 if element.get("reversed") is not None else 1
        number = whole(element.get("start"))
        if number is None:
            number = len(items) if step < 0 else 1
        for child in element:
            if child.tag == "li":
                own = whole(child.get("value"))
                number = number if own is None else own
                self._marker = _marker(number, form)
                number += step
            self._element(child)
            self._flush()
            self._marker = ""
            self._text(child.tail)
            self._flush()

    # --- Tables

    def _table(self, element: etree._Element) -> None:
        table = self._writer.table()
        taken: dict[int, int] = {}  # column -> rows it is still covered from above
        for caption in element.iterchildren("caption"):
            self._element(caption)
            self._flush()
        for at, row in enumerate(_rows(element)):
            taken = self._row(table, at, row, taken)

    def _row(self, table: int, at: int, row: etree._Element, taken: dict[int, int]) -> dict[int, int]:
        column = 0
        below = {place: left - 1 for place, left in taken.items() if left > 1}
        for cell in row.iterchildren("td", "th"):
            while column in taken:
                column += 1
            if not _is_dropped(cell, "td"):
                with self._writer.cell(table, at, column):
                    self._content(cell)
                    self._flush()
            width = min(max(whole(cell.get("colspan")) or 1, 1), _WIDEST)
            height = min(max(whole(cell.get("rowspan")) or 1, 1), _WIDEST)
            if height > 1:
                below |= dict.fromkeys(range(column, column + width), height - 1)
            column += width
        return below


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from child.iterchildren("tr")


def _is_dropped(element: etree._Element, name: str) -> bool:
    return (
        name in _DROPPED
        or element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or element.get("role", "") in _ROLES
        or bool(_HIDDEN.search(element.get("style", "")))
    )


def _form(element: etree._Element) -> str:
    styled = _LIST_STYLE.search(element.get("style", ""))
    if styled and styled[1].lower() in _STYLED:
        return _STYLED[styled[1].lower()]
    return _FORMS.get(element.get("type", "1"), "decimal")


def _marker(number: int, form: str) -> str:
    if form == "bullet":
        return "- "
    text = written(number, form)
    return f"{text}. " if text else ""
