"""YAML text as a tree of nodes that know where they stand, so that every problem can name its line.

Built from the parser's events and not from loaded values: a date such as 2024-02-31 stays text until its field is
read, a duplicate key is seen, an alias (which can blow a small file up to gigabytes) is refused, and depth is bounded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import yaml

from plans.errors import PlanError, Problem
from plans.text import _
from plans.yaml_words import explain

MAX_BYTES = 1_000_000  # the longest of the shipped plans has 30 kB
MAX_PROBLEMS = 500  # beyond that the file is of another kind; a full list would only fill the screen
_MAX_DEPTH = 20  # a plan needs 6; libyaml needs quadratic time for depth
_SHOWN = 60

_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster where libyaml is there
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TAB_INDENT = re.compile(r"^[ ]*\t[ \t]*\S", re.MULTILINE)
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))


@dataclass(slots=True, eq=False)
class Node:
    """A place in the file. ``step`` is this node's own part of the field path."""

    line: int
    column: int
    parent: Node | None = field(default=None, repr=False)
    step: str = ""

    @property
    def path(self) -> str:
        steps: list[str] = []
        node: Node | None = self
        while node is not None:
            steps.append(node.step)
            node = node.parent
        return "".join(reversed(steps)).removeprefix(".")


@dataclass(slots=True, eq=False)
class ScalarNode(Node):
    text: str = ""
    plain: bool = True

    @property
    def is_null(self) -> bool:
        return self.plain and self.text in _NULLS


@dataclass(slots=True, eq=False)
class SequenceNode(Node):
    items: list[Node] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class MappingNode(Node):
    entries: dict[str, tuple[ScalarNode, Node]] = field(default_factory=dict)
    pending: ScalarNode | None = None  # a key still without its value, while the tree is built


class Report:
    """Collects the problems of one file; ``finish`` raises them together."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self._noted: set[Problem] = set()

    def add(self, node: Node, message: str, hint: str, *, key: str = "") -> None:
        """Notes a problem at a node, or at its missing ``key``. Raises PlanError when there are too many."""
        path = ".".join(part for part in (node.path, key) if part)
        self.add_at(node.line, node.column, path, message, hint)

    def add_at(self, line: int, column: int, path: str, message: str, hint: str) -> None:
        """Notes a problem at a place; the same one a second time is left out."""
        problem = Problem(self.file, line, column, path, message, hint)
        if problem in self._noted:
            return
        self._noted.add(problem)
        self.problems.append(problem)
        if len(self.problems) == MAX_PROBLEMS:
            last = max(noted.line for noted in self.problems) + 1
            message, hint = _("quá nhiều lỗi, dừng ở đây"), _("Sửa các lỗi trên rồi kiểm tra lại")
            self.problems.append(Problem(self.file, last, 1, "", message, hint))
            self.finish()

    def finish(self) -> None:
        """Raises PlanError with everything noted, if anything was."""
        if self.problems:
            raise PlanError(self.problems)


def shown(text: str) -> str:
    """A value as messages quote it: one line, cut short."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


def parse_document(data: bytes, report: Report) -> MappingNode:
    """The one mapping a file consists of. Raises PlanError where there is none to go on with."""
    text = _decode(data, report)
    _check_characters(text, report)
    root = _tree(text, report)
    if root is None or (isinstance(root, ScalarNode) and root.is_null):
        report.add_at(1, 1, "", _("tệp trống"), _("Bắt đầu bằng dòng “format: 1”; mẫu đầy đủ ở plans/FORMAT.md"))
    elif not isinstance(root, MappingNode):
        report.add(
            root,
            _("tệp phải gồm các dòng “tên trường: giá trị”"),
            _("Bắt đầu bằng dòng “format: 1”, không có dấu “-” hay dấu ngoặc ở đầu; mẫu ở plans/FORMAT.md"),
        )
    else:
        return root
    raise PlanError(report.problems)


def is_agencies_file(data: bytes) -> bool:
    """Whether it lists agencies and no plan, as far as it can be read."""
    try:
        keys = parse_document(data, Report("")).entries
    except PlanError:
        return False
    return "agencies" in keys and "plan" not in keys and "duties" not in keys


def too_large(file: str, size: int) -> Problem:
    """The problem of a file over the limit; the size is known before a byte is read."""
    return Problem(
        file,
        0,
        0,
        "",
        _("tệp quá lớn: {size} MB, tối đa {limit} MB").format(
            size=f"{size / 1_000_000:.1f}".replace(".", ","), limit=MAX_BYTES // 1_000_000
        ),
        _("Kiểm tra có đúng là tệp kế hoạch YAML không; chia kế hoạch quá dài thành nhiều tệp"),
    )


def _decode(data: bytes, report: Report) -> str:
    if len(data) > MAX_BYTES:
        raise PlanError([too_large(report.file, len(data))])
    hint = _("Lưu lại tệp với bảng mã UTF-8 (Unicode), không dùng UTF-16, TCVN3 hay VNI")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        report.add_at(1, 1, "", _("tệp viết bằng UTF-16, không phải UTF-8"), hint)
        report.finish()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        at = error.start + (3 if data.startswith(b"\xef\xbb\xbf") else 0)
        start = data.rfind(b"\n", 0, at) + 1
        message = _("không phải UTF-8: byte thứ {n} của tệp (0x{byte}) không đọc được")
        column = len(data[start:at].decode("utf-8", "replace")) + 1
        message = message.format(n=at + 1, byte=f"{data[at]:02X}")
        report.add_at(data.count(b"\n", 0, at) + 1, column, "", message, hint)
        raise PlanError(report.problems) from None


def _check_characters(text: str, report: Report) -> None:
    """What a YAML parser would refuse without a line number, or with a riddle. Raises PlanError."""
    for found in _UNPRINTABLE.finditer(text):
        code = f"U+{ord(found[0]):04X}"
        message = _("ký tự điều khiển {code} không được phép").format(code=code)
        report.add_at(*_position(text, found.start()), "", message, _("Xóa ký tự này; thường do chép từ PDF hay Word"))
        break
    for found in _TAB_INDENT.finditer(text):
        at = text.index("\t", found.start())
        report.add_at(
            *_position(text, at), "", _("thụt đầu dòng bằng phím Tab"), _("Dùng dấu cách, mỗi bậc 2 dấu cách")
        )
    report.finish()


def _position(text: str, at: int) -> tuple[int, int]:
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def _tree(text: str, report: Report) -> Node | None:
    """The root node of the only document, or None in an empty file. Raises PlanError on broken YAML."""
    builder = _Builder(report)
    try:
        for event in yaml.parse(text, Loader=_Loader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        # a bracket or quote left open is found out lines later: say where it was opened
        opened = error.context_mark if re.search("flow|quoted", error.context or "") else None
        mark = opened or error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        lines = text.splitlines()
        message, hint = explain(error.problem or "", shown(lines[line - 1]) if line <= len(lines) else "")
        report.add_at(line, column, "", message, hint)
        raise PlanError(report.problems) from None
    except yaml.YAMLError as error:
        report.add_at(1, 1, "", *explain(str(error), ""))
        raise PlanError(report.problems) from None
    return builder.root


class _Builder:
    """Puts parser events together into nodes."""

    def __init__(self, report: Report) -> None:
        self.root: Node | None = None
        self._report = report
        self._open: list[Node] = []
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        mark = event.start_mark
        if mark is None:  # never so with a parser; the type allows it
            return
        line, column = mark.line + 1, mark.column + 1
        if isinstance(event, yaml.ScalarEvent):
            self._refuse_tag(event.tag, line, column)
            plain = event.style is None or event.style == ""
            self._place(ScalarNode(line, column, text=event.value, plain=plain))
        elif isinstance(event, yaml.SequenceStartEvent | yaml.MappingStartEvent):
            self._refuse_tag(event.tag, line, column)
            node = (
                SequenceNode(line, column) if isinstance(event, yaml.SequenceStartEvent) else MappingNode(line, column)
            )
            self._place(node)
            self._open.append(node)
            if len(self._open) > _MAX_DEPTH:
                self._report.add_at(line, column, "", _("lồng quá sâu"), _("Kiểm tra dấu ngoặc và thụt đầu dòng"))
                self._report.finish()
        elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            self._open.pop()
        elif isinstance(event, yaml.AliasEvent):
            message = _("không dùng tham chiếu “*{name}”").format(name=shown(event.anchor or ""))
            self._report.add_at(line, column, "", message, _("Viết lại đầy đủ giá trị ở chỗ này"))
            self._place(ScalarNode(line, column))
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                message = _("tệp có nhiều phần, cách nhau bằng “---”")
                self._report.add_at(
                    line, column, "", message, _("Mỗi tệp một kế hoạch: chia phần sau dấu “---” ra tệp khác")
                )
                self._report.finish()

    def _refuse_tag(self, tag: str | None, line: int, column: int) -> None:
        if tag is not None and tag != "!":
            message = _("không dùng thẻ “{tag}”").format(tag=shown(tag))
            self._report.add_at(line, column, "", message, _("Bỏ thẻ bắt đầu bằng dấu “!”, chỉ viết giá trị"))

    def _place(self, node: Node) -> None:
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        node.parent = parent
        if isinstance(parent, SequenceNode):
            node.step = f"[{len(parent.items)}]"
            parent.items.append(node)
        elif isinstance(parent, MappingNode):
            if parent.pending is None:
                parent.pending = self._key(node)
            else:
                self._enter(parent, parent.pending, node)
                parent.pending = None

    def _key(self, node: Node) -> ScalarNode:
        if isinstance(node, ScalarNode):
            node.step = "." + shown(node.text)
            return node
        node.step = ".?"
        self._report.add(
            node, _("tên trường phải là chữ"), _("Viết “tên trường: giá trị”, không dùng ngoặc ở bên trái")
        )
        return ScalarNode(node.line, node.column, parent=node.parent, step=".?", text="?", plain=False)

    def _enter(self, parent: MappingNode, key: ScalarNode, value: Node) -> None:
        value.step = key.step
        first = parent.entries.get(key.text)
        if first is None:
            parent.entries[key.text] = (key, value)
        elif key.text != "?":
            message = _("trường này đã có ở dòng {line}").format(line=first[0].line)
            self._report.add(key, message, _("Giữ một trong hai, xóa cái còn lại"))
