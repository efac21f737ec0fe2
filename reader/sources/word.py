"""Word documents (.docx): paragraphs with the numbering that Word prints, tables in place, text boxes.

Tracked changes read as if accepted. Headers, footers, footnotes and comments are left out: they are no orders.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from reader.document import Document
from reader.sources.errors import Reason, Refused
from reader.sources.letters import old_encoding
from reader.sources.limits import Limits
from reader.sources.word_numbering import Numbering
from reader.sources.word_package import Package, W
from reader.sources.word_styles import Look, Styles, look_of, number_of, value, whole
from reader.sources.writing import Writer

_WRAPPERS = frozenset(
    {"ins", "moveTo", "smartTag", "customXml", "sdt", "sdtContent", "hyperlink", "fldSimple", "dir", "bdo"}
)
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_DRAWN = frozenset({"drawing", "pict", "object", "AlternateContent"})
_WIDEST = 1000  # columns; Word knows 63


def read_word(data: bytes, limits: Limits) -> Document:
    """The text of a .docx. Raises Refused."""
    package = Package(data, limits)
    name, tree = package.main()
    body = tree.find(W + "body")
    if body is None:
        raise Refused(Reason.NO_TEXT)
    styles = Styles(package.beside(name, "styles.xml"))
    numbering = Numbering(package.beside(name, "numbering.xml"), styles)
    writer = Writer(limits.characters)
    _Reader(writer, styles, numbering, limits).blocks(body)
    document = writer.document()
    if encoding := old_encoding(document.text):
        raise Refused(Reason.OLD_LETTERS, encoding=encoding)
    return document


def _local(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


class _Reader:
    def __init__(self, writer: Writer, styles: Styles, numbering: Numbering, limits: Limits) -> None:
        self._writer = writer
        self._styles = styles
        self._numbering = numbering
        self._limits = limits
        self._depth = 0
        self._begun = ""  # words of a paragraph whose end was deleted
        self._boxes: list[etree._Element] = []

    def blocks(self, parent: etree._Element) -> None:
        """Everything in a body, a cell or a text box, in order."""
        for child in _unwrapped(parent):
            match _local(child):
                case "p":
                    self._paragraph(child)
                case "tbl":
                    self._table(child)

    # --- Paragraphs

    def _paragraph(self, paragraph: etree._Element) -> None:
        properties = paragraph.find(W + "pPr")
        style = value(properties, "pStyle") or self._styles.default
        outer, self._boxes = self._boxes, []
        text = "".join(self._words(paragraph, style))
        boxes, self._boxes = self._boxes, outer
        if not self._begun:
            text = self._numbered(properties, style, text)
        text = self._begun + text
        if _end_is_deleted(properties):
            self._begun = text
        else:
            self._begun = ""
            self._writer.line(text)
            self._writer.gap()
        for box in boxes:
            self.blocks(box)

    def _numbered(self, properties: etree._Element | None, style: str, text: str) -> str:
        """A numbered paragraph without words counts, and is not printed here: nothing stands under that number."""
        marker = self._numbering.marker(*number_of(properties), style)
        return marker + text if text.strip() else ""

    def _words(self, parent: etree._Element, style: str) -> Iterator[str]:
        for child in parent:
            name = _local(child)
            if name == "r":
                yield from self._run(child, style)
            elif name in _WRAPPERS:
                yield from self._words(child, style)
            elif name in ("oMath", "oMathPara"):
                yield "".join(t.text or "" for t in child.iter() if _local(t) == "t")

    def _run(self, run: etree._Element, style: str) -> Iterator[str]:
        properties = run.find(W + "rPr")
        direct = look_of(properties)
        styled = self._styles.look(value(properties, "rStyle"), style)
        look = Look(
            styled.capitals if direct.capitals is None else direct.capitals,
            styled.hidden if direct.hidden is None else direct.hidden,
        )
        if look.hidden:
            return
        for child in run:
            name = _local(child)
            if name == "t":
                yield (child.text or "").upper() if look.capitals else child.text or ""
            elif name in _SIGNS:
                yield _SIGNS[name]
            elif name == "sym":
                yield _symbol(child)
            elif name in _DRAWN:
                self._boxes.extend(_text_boxes(child))

    # --- Tables

    def _table(self, table: etree._Element) -> None:
        self._depth += 1
        if self._depth > self._limits.nesting:
            raise Refused(Reason.TOO_DEEP, limit=self._limits.nesting)
        self._begun = ""
        number = self._writer.table()
        rows = (row for row in _unwrapped(table) if _local(row) == "tr" and not _row_is_deleted(row))
        for at, row in enumerate(rows):
            self._row(number, at, row)
        self._depth -= 1

    def _row(self, table: int, at: int, row: etree._Element) -> None:
        column = _columns(value(row.find(W + "trPr"), "gridBefore"), least=0)
        for cell in _unwrapped(row):
            if _local(cell) != "tc":
                continue
            properties = cell.find(W + "tcPr")
            if not _is_continued(properties):
                with self._writer.cell(table, at, column):
                    self.blocks(cell)
                    self._begun = ""
            column += _columns(value(properties, "gridSpan"), least=1)


def _unwrapped(parent: etree._Element) -> Iterator[etree._Element]:
    """The children, those inside content controls and accepted changes included."""
    for child in parent:
        name = _local(child)
        if name in _WRAPPERS:
            yield from _unwrapped(child)
        elif name == "AlternateContent":
            for chosen in _alternative(child):
                yield from _unwrapped(chosen)
        else:
            yield child


def _alternative(element: etree._Element) -> list[etree._Element]:
    """The first form of content that is stored in several; the others say the same again."""
    return [child for child in element if _local(child) in ("Choice", "Fallback")][:1]


def _text_boxes(element: etree._Element) -> Iterator[etree._Element]:
    for child in _alternative(element) if _local(element) == "AlternateContent" else element:
        if _local(child) == "txbxContent":
            yield child
        else:
            yield from _text_boxes(child)


def _end_is_deleted(properties: etree._Element | None) -> bool:
    mark = None if properties is None else properties.find(W + "rPr")
    return mark is not None and mark.find(W + "del") is not None


def _row_is_deleted(row: etree._Element) -> bool:
    properties = row.find(W + "trPr")
    return properties is not None and properties.find(W + "del") is not None


def _is_continued(properties: etree._Element | None) -> bool:
    """Whether the cell is a further part of a merged one."""
    for name in ("vMerge", "hMerge"):
        merged = None if properties is None else properties.find(W + name)
        if merged is not None and merged.get(W + "val", "continue") == "continue":
            return True
    return False


def _columns(text: str | None, *, least: int) -> int:
    return min(max(whole(text) or least, least), _WIDEST)


def _symbol(element: etree._Element) -> str:
    """A sign of a symbol font; those that have no letter of Unicode read as a bullet."""
    try:
        code = int(element.get(W + "char", ""), 16)
    except ValueError:
        return ""
    return "•" if 0xE000 <= code <= 0xF8FF or not 32 <= code < 0xD800 else chr(code)
