"""Plan files as plain documents and back: what a form changes and writes again as text.

A document is made of dictionaries, lists and texts, in the order of the file. It keeps what the form does not know;
comments are lost. Writing a document and reading it again gives the same plan.
"""

from __future__ import annotations

import json
import re
from typing import Any

from plans.known_keys import KEYS
from plans.yaml_nodes import MappingNode, Node, Report, ScalarNode, SequenceNode, parse_document

Document = dict[str, Any]  # values: str, None (left blank), list, Document

# What YAML reads as a text without quotes: it begins with a letter or digit and holds nothing that could mean more.
_PLAIN = re.compile(r"[^\W_][\w ()/.+-]*(?<! )")
_NOT_TEXT = frozenset(("null", "Null", "NULL"))
_BREAKS = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")  # breaks of lines, and what YAML refuses bare
_WIDTH = 110


def document_of(data: bytes | str, *, file: str) -> Document:
    """The document in this YAML text, whether it is a whole plan or not. Raises PlanError where it is no YAML."""
    report = Report(file)
    root = parse_document(data.encode() if isinstance(data, str) else data, report)
    report.finish()
    found = _plain(root)
    assert isinstance(found, dict)  # noqa: S101 - parse_document gives a mapping
    return found


def _plain(node: Node) -> Any:
    match node:
        case MappingNode():
            return {key: _plain(value) for key, (_key, value) in node.entries.items()}
        case SequenceNode():
            return [_plain(item) for item in node.items]
        case ScalarNode():
            return None if node.is_null else node.text
    raise TypeError(node)


def plan_text(document: Document) -> str:
    """The text of a plan file: known fields in the order of the format, short things on one line."""
    return "".join(f"{line}\n" for line in _mapping(_ordered(document, "plan"), 0))


# Which kind of mapping stands under a key: its fields are written in the order of the format.
_KINDS = {
    "agencies": "agency",
    "names": "earlier name",
    "lead": "lead",
    "reading": "reading",
    "ladder": "ladder",
    "consequence": "consequence",
    "parties": "party",
    "groups": "group",
    "members": "member",
    "targets": "target",
    "figures": "figure",
    "duties": "duty",
    "responsible": "responsible",
    "cooperating": "responsible",
    "due": "due",
    "days": "day",
    "window": "window",
    "recipients": "recipient",
}


def _ordered(document: Document, kind: str) -> Document:
    """The same with its fields in the order of the format; what the format does not know comes last."""
    order = {key: place for place, key in enumerate(KEYS.get(kind, {}))}
    keys = sorted(document, key=lambda key: order.get(key, len(order)))
    return {key: _ordered_value(document[key], _KINDS.get(key, "")) for key in keys}


def _ordered_value(value: Any, kind: str) -> Any:
    if isinstance(value, dict):
        return _ordered(value, kind)
    if isinstance(value, list):
        return [_ordered_value(item, kind) for item in value]
    return value


def _mapping(document: Document, indent: int) -> list[str]:
    lines: list[str] = []
    for key, value in document.items():
        lines += _entry(_scalar(key), value, indent)
    return lines


def _entry(key: str, value: Any, indent: int) -> list[str]:
    pad = " " * indent
    flow = _flow(value)
    if not isinstance(value, dict | list) or not value or _short(value, flow, indent + len(key)):
        return [f"{pad}{key}: {flow}".rstrip()]
    if isinstance(value, dict):
        return [f"{pad}{key}:", *_mapping(value, indent + 2)]
    return [f"{pad}{key}:", *(line for item in value for line in _item(item, indent + 2))]


def _item(value: Any, indent: int) -> list[str]:
    pad = " " * indent
    flow = _flow(value)
    if not isinstance(value, dict) or not value or _short(value, flow, indent):
        return [f"{pad}- {flow}"]
    lines = _mapping(value, indent + 2)
    return [f"{pad}- {lines[0].lstrip()}", *lines[1:]]


def _short(value: Any, flow: str, used: int) -> bool:
    """Whether it fits on the line, and is neither a list of mappings nor a mapping with a list of them."""
    inner = value.values() if isinstance(value, dict) else value
    deep = any(isinstance(item, dict | list) for item in inner)
    return not deep and used + len(flow) + 2 <= _WIDTH


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_scalar(key)}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join("~" if item is None else _flow(item) for item in value) + "]"
    return "" if value is None else _scalar(str(value))


def _scalar(text: str) -> str:
    """The text bare where YAML reads it as it stands, else in double quotes."""
    if _PLAIN.fullmatch(text) and text not in _NOT_TEXT:
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return _BREAKS.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)
