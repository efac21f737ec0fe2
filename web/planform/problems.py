"""What is wrong with a document, said of the fields of the form instead of the lines of a file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from plans.errors import PlanError, Problem
from plans.files import read_plan
from plans.model import Agency, Plan, Register
from plans.plan_text import Document
from plans.text import _
from web.planform.hints import in_form
from web.planform.values import list_of, text_of

_STEP = re.compile(
    r"(?P<list>duties|targets|figures|parties|groups|agencies|members|responsible|cooperating|recipients)\[(?P<n>\d+)\]"
)
_EXAMPLE = re.compile(r"^(Ví dụ|Example): (?P<key>[a-z_]+): (?P<value>.*)$")
_QUOTED = re.compile(r"“([a-z_]+)”")


@dataclass(frozen=True, slots=True)
class FormProblem:
    """``path``: the page of the form where it is put right (its last part); ``where``: which field, in words."""

    path: str
    where: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Checked:
    """The plan with the bodies that it brings along, or what is wrong."""

    plan: Plan | None
    bodies: tuple[Agency, ...]
    problems: tuple[FormProblem, ...]


def check(text: str, document: Document, register: Register) -> Checked:
    """Reads the text with the checks that every plan file goes through."""
    try:
        found = read_plan(text, file="", register=register)
        return Checked(found.plan, found.agencies, ())
    except PlanError as error:
        return Checked(None, (), tuple(form_problem(problem, document) for problem in error.problems))


def form_problem(problem: Problem, document: Document) -> FormProblem:
    """The problem of a file as one of the form."""
    words: list[str] = []
    path = "van-ban"
    entry: Any = document
    for step in problem.field.split("."):
        if found := _STEP.fullmatch(step):
            place = int(found["n"])
            entry = _item(entry, found["list"], place)
            words.append(_place(found["list"], place, entry))
            path = _path(found["list"], place, path)
        else:
            entry = entry.get(step) if isinstance(entry, dict) else None
            path = path if words else _PATHS.get(step, path)  # a figure has ``duties`` too
            words.append(field_word(step))
    return FormProblem(path, ", ".join(word for word in words if word), _said(problem.message), _hint(problem.hint))


_PATHS = {
    "duties": "nhiem-vu",
    "targets": "chi-tieu",
    "figures": "chi-tieu",
    "parties": "co-quan",
    "groups": "co-quan",
    "agencies": "co-quan",
}


def _path(name: str, place: int, path: str) -> str:
    if name == "duties" and path != "chi-tieu":  # a figure names duties as well
        return f"nhiem-vu/{place + 1}"
    return _PATHS.get(name, path)


def _item(entry: Any, name: str, place: int) -> Any:
    items = list_of(entry, name) if isinstance(entry, dict) else []
    return items[place] if place < len(items) else None


def _place(name: str, place: int, entry: Any) -> str:
    title = text_of(entry, "title") or text_of(entry, "name") or text_of(entry, "text") or text_of(entry, "agency")
    title = title or (entry if isinstance(entry, str) else "")
    kind = {
        "duties": _("nhiệm vụ {n}"),
        "targets": _("chỉ tiêu {n}"),
        "figures": _("số liệu {n}"),
        "groups": _("khối {n}"),
        "parties": _("cơ quan {n}"),
        "members": _("cơ quan {n}"),
        "agencies": _("cơ quan mới {n}"),
        "responsible": _("chủ trì {n}"),
        "cooperating": _("phối hợp {n}"),
        "recipients": _("nơi nhận {n}"),
    }[name].format(n=place + 1)
    return f"{kind} “{title}”" if title else kind


def field_word(key: str) -> str:
    """A field of the format as the form calls it."""
    words = {
        "plan": _("mã kế hoạch"),
        "title": _("tên"),
        "short": _("gọi tắt"),
        "number": _("số"),
        "issued": _("ngày ban hành"),
        "issuer": _("cơ quan ban hành"),
        "level": _("cấp"),
        "implements": _("văn bản được triển khai"),
        "parent": _("kế hoạch cấp trên"),
        "unit": _("đơn vị"),
        "lead": _("đơn vị theo dõi"),
        "agency": _("cơ quan"),
        "section": _("mục"),
        "quote": _("cụm từ trong văn bản"),
        "reads": _("đọc là"),
        "until": _("đến ngày"),
        "from": _("từ ngày"),
        "reading": _("cách tính hạn"),
        "consequence": _("chế tài"),
        "note": _("ghi chú"),
        "parties": _("cơ quan nêu riêng"),
        "groups": _("khối cơ quan"),
        "members": _("cơ quan trong khối"),
        "agencies": _("cơ quan mới"),
        "relation": _("quan hệ"),
        "ground": _("căn cứ"),
        "targets": _("chỉ tiêu"),
        "figures": _("số liệu"),
        "target": _("phục vụ chỉ tiêu"),
        "cumulative": _("lũy kế"),
        "numerator": _("tử số"),
        "denominator": _("mẫu số"),
        "text": _("nội dung"),
        "at_least": _("mức"),
        "at_most": _("mức"),
        "below": _("mức"),
        "duties": _("nhiệm vụ"),
        "id": _("mã"),
        "name": _("tên"),
        "action": _("việc phải làm"),
        "product": _("sản phẩm"),
        "responsible": _("chủ trì"),
        "cooperating": _("phối hợp"),
        "recipients": _("nơi nhận"),
        "due": _("thời hạn"),
        "feeds": _("gộp vào"),
        "kind": _("mẫu cụm từ"),
        "boundary": _("từ đứng trước ngày"),
        "on": _("ngày, tháng, quý hoặc năm"),
        "day": _("ngày"),
        "month": _("tháng"),
        "days": _("hai ngày trong năm"),
        "weekday": _("thứ"),
        "dates": _("các ngày"),
        "period": _("tên kỳ"),
        "covers": _("kỳ số liệu"),
        "window": _("mốc số liệu"),
        "months_before": _("lùi mấy tháng"),
        "role": _("vai trò"),
        "detail": _("bộ phận nhận"),
        "ladder": _("lịch nhắc"),
        "before": _("nhắc trước hạn"),
        "check": _("cán bộ kiểm tra"),
        "overdue": _("nhắc quá hạn"),
        "head": _("xin ý kiến lãnh đạo"),
    }
    return words.get(key, key)


def _said(message: str) -> str:
    message = in_form(message) or message
    return _QUOTED.sub(lambda found: f"“{field_word(found[1])}”", message)


def _hint(hint: str) -> str:
    """The hint, where it helps somebody who sees no file."""
    if (said := in_form(hint)) is not None:
        return said
    if found := _EXAMPLE.match(hint):
        value = found["value"].strip('"')
        return "" if value[:1] in "[{" else _("Ví dụ: {example}").format(example=value)
    return "" if "{agency" in hint else _said(hint).replace("[", "").replace("]", "")  # lists are typed without
