"""Reading the fields of one mapping: known keys, required keys, types. Every slip goes to the report with its line."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import TypeVar

from plans.known_keys import KEYS
from plans.text import _
from plans.values import Choice, Unreadable, choice
from plans.yaml_nodes import MappingNode, Node, Report, ScalarNode, SequenceNode, shown

T = TypeVar("T")
_TRUE = frozenset(("true", "True", "TRUE", "yes", "Yes"))
_FALSE = frozenset(("false", "False", "FALSE", "no", "No", "off"))


class Fields:
    """One mapping of a known kind. Values that are missing or wrong read as None or empty, and are reported."""

    def __init__(self, node: MappingNode, kind: str, report: Report) -> None:
        self.node = node
        self.report = report
        self._kind = kind
        self._keys = KEYS[kind]
        self._report_unknown()
        for name, key in self._keys.items():
            if key.required and self.find(name) is None:
                self._report_missing(name)

    def find(self, key: str) -> Node | None:
        """The value's node; None where the key is absent or left blank."""
        self._keys[key]  # a key outside the table would escape FORMAT.md
        entry = self.node.entries.get(key)
        if entry is None or (isinstance(entry[1], ScalarNode) and entry[1].is_null):
            return None
        return entry[1]

    def knows(self, key: str) -> bool:
        """Whether the format has such a key here."""
        return key in self._keys

    def demands(self, key: str) -> bool:
        """Whether the key is always required here, so that its absence is already reported."""
        return self._keys[key].required

    def where(self, key: str) -> Node:
        """Where to point for a problem of that key: its value, else the mapping."""
        return self.find(key) or self.node

    def add(self, key: str, message: str, hint: str) -> None:
        """Reports a problem of that key."""
        node = self.find(key)
        if node is None:
            self.report.add(self.node, message, hint, key=key)
        else:
            self.report.add(node, message, hint)

    def optional_text(self, key: str) -> str | None:
        """One line of NFC text; None where absent."""
        node = self.find(key)
        return None if node is None else scalar_text(node, self._example(key), self.report)

    def long_text(self, key: str) -> str | None:
        """NFC text that may have paragraphs; None where absent or blank."""
        node = self.find(key)
        return None if node is None else scalar_text(node, self._example(key), self.report, lines=True) or None

    def text(self, key: str) -> str:
        """Text that must not be blank; "" where it is missing or wrong, which is reported."""
        node = self.find(key)
        text = self.optional_text(key)
        if node is not None and text == "":
            self.add(key, _("bỏ trống"), self._example(key))
        return text or ""

    def parsed(self, key: str, parse: Callable[[str], T]) -> T | None:
        """The value read by ``parse``; None where absent or unreadable."""
        node = self.find(key)
        return None if node is None else parse_scalar(node, parse, self._example(key), self.report)

    def choice(self, key: str, options: type[Choice]) -> Choice | None:
        return self.parsed(key, lambda text: choice(text, options))

    def flag(self, key: str, default: bool = False) -> bool:
        value = self.parsed(key, _flag)
        return default if value is None else value

    def switched_off(self, key: str) -> bool:
        """Whether the key stands there with a blank or "off": a rung that is not wanted."""
        self._keys[key]
        entry = self.node.entries.get(key)
        if entry is None or not isinstance(entry[1], ScalarNode):
            return False
        return entry[1].is_null or (entry[1].plain and entry[1].text in _FALSE)

    def child(self, key: str, kind: str) -> Fields | None:
        """A mapping inside this one."""
        node = self.find(key)
        return None if node is None else as_fields(node, kind, self.report, self._example(key))

    def items(self, key: str) -> list[Node]:
        """The items of a list; blank items are reported."""
        node = self.find(key)
        if node is None:
            return []
        if not isinstance(node, SequenceNode):
            self.add(key, _("phải là danh sách"), self._example(key))
            return []
        for item in node.items:
            if isinstance(item, ScalarNode) and item.is_null:
                self.report.add(item, _("mục trống"), self._example(key))
        return [item for item in node.items if not (isinstance(item, ScalarNode) and item.is_null)]

    def children(self, key: str, kind: str) -> list[Fields]:
        """The items of a list of mappings."""
        found = (as_fields(item, kind, self.report, self._example(key)) for item in self.items(key))
        return [fields for fields in found if fields is not None]

    def _example(self, key: str) -> str:
        return _("Ví dụ: {key}: {example}").format(key=key, example=self._keys[key].example)

    def _report_unknown(self) -> None:
        for key, (node, _value) in self.node.entries.items():
            if key in self._keys or key == "?":
                continue
            message = _("không có trường “{key}”").format(key=shown(key))
            self.report.add(node, message, suggestion(key, self._keys, _("Trường dùng được: {options}")))

    def _report_missing(self, key: str) -> None:
        entry = self.node.entries.get(key)
        if entry is not None:
            self.report.add(entry[0], _("bỏ trống"), self._example(key))
        else:
            self.report.add(self.node, _("thiếu trường “{key}”").format(key=key), self._example(key), key=key)


def as_fields(node: Node, kind: str, report: Report, example: str) -> Fields | None:
    """The node as a mapping of that kind; reported where it is none."""
    if isinstance(node, MappingNode):
        return Fields(node, kind, report)
    report.add(node, _("phải gồm các trường “tên: giá trị”"), example)
    return None


def scalar_text(node: Node, example: str, report: Report, *, lines: bool = False) -> str | None:
    """A scalar's text, NFC, trimmed, on one line unless ``lines`` (it may become the subject of a message).

    Reported where it is a list, a mapping or holds characters that nobody can read.
    """
    if not isinstance(node, ScalarNode):
        report.add(node, _("phải là một giá trị, không phải danh sách hay nhóm trường"), example)
        return None
    text = unicodedata.normalize("NFC", node.text).strip()
    if any(unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t" for char in text):
        report.add(node, _("có ký tự điều khiển"), _("Gõ lại giá trị này, không dùng mã “\\x…”"))
        return None
    return text if lines else " ".join(text.split())


def parse_scalar(node: Node, parse: Callable[[str], T], example: str, report: Report) -> T | None:
    """A scalar read by ``parse``; what it refuses is reported at the scalar's line."""
    text = scalar_text(node, example, report)
    if text is None:
        return None
    try:
        return parse(text)
    except Unreadable as error:
        report.add(node, error.message, error.hint)
        return None


def suggestion(word: str, options: Iterable[str], otherwise: str) -> str:
    """What was probably meant; else ``otherwise``, whose ``{options}`` is the list of what there is."""
    known = sorted(options)
    near = get_close_matches(shown(word), known, n=1, cutoff=0.6)
    if near:
        return _("Có phải “{near}”?").format(near=near[0])
    return otherwise.format(options=", ".join(known[:30]) or "—")


def _flag(text: str) -> bool:
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    raise Unreadable(_("“{text}” không phải là true hay false").format(text=shown(text)), _("Viết true hoặc false"))
