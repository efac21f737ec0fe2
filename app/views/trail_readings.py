"""What rows of the trail say about documents that are read and decided on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.reading.unresolved import fact_label
from plans.text import N_, _, _n

Data = Mapping[str, Any]
KINDS = (
    "document_read", "reading_item", "reading_fact", "reading_body", "reading_group", "reading_plan",
    "reading_discarded",
)  # fmt: skip
_MOVES = {
    "accept": N_("{name}: đưa đề xuất số {numbers} vào kế hoạch"),
    "ignore": N_("{name}: bỏ qua đề xuất số {numbers}, lý do: {reason}"),
    "restore": N_("{name}: xem xét lại đề xuất số {numbers}"),
    "edit": N_("{name}: sửa đề xuất số {numbers}: {fields}"),
    "split": N_("{name}: tách đề xuất số {numbers}"),
    "merge": N_("{name}: gộp các đề xuất số {numbers}"),
    "add": N_("{name}: thêm nhiệm vụ số {numbers}"),
}


def _fields() -> dict[str, str]:
    """What the screen calls the fields of a proposal; those that only go with another have no name of their own."""
    return {
        "title": _("tên nhiệm vụ"), "section": _("mục"), "product": _("sản phẩm"), "note": _("ghi chú"),
        "rule": _("thời hạn"), "time": _("cụm từ chỉ thời hạn"), "agencies": _("cơ quan thực hiện"),
        "cooperating": _("cơ quan phối hợp"), "recipients": _("nơi nhận"), "via": _("nhận qua"),
    }  # fmt: skip


def _read(data: Data) -> str:
    said = _n("Đọc văn bản {name}: {n} nhiệm vụ đề xuất", data["items"])
    return said.format(name=data["name"], n=data["items"])


def _item(data: Data) -> str:
    if data["move"] == "look":
        return _looked(data, _("đề xuất số {n}").format(n=data["item"]))
    items: Sequence[Data] = data["items"]
    changed = {name for item in items for name in item["is"]}  # a database may keep them in another order
    fields = [said for name, said in _fields().items() if name in changed]
    reason = next((item["is"]["reason"] for item in items if item["is"].get("reason")), "")
    said = _MOVES[data["move"]]
    return _(said).format(
        name=data["name"],
        numbers=", ".join(str(item["item"]) for item in items),
        fields=", ".join(fields),
        reason=reason,
    )


def _fact(data: Data) -> str:
    label = fact_label(data["fact"]).lower()
    if data.get("move") == "look":
        return _looked(data, label)
    said = _("{name}: sửa {what} từ “{was}” thành “{now}”")
    return said.format(name=data["name"], what=label, was=data["was"] or "–", now=data["is"] or "–")


def _body(data: Data) -> str:
    if data.get("move") == "look":
        return _looked(data, f"“{data['body']}”")
    if data.get("move") == "drop":
        return _dropped(data, data["body"])
    text = _("{name}: “{body}” là cơ quan mới {now}") if data["new"] else _("{name}: “{body}” là cơ quan {now}")
    return text.format(name=data["name"], body=data["body"], now=data["is"])


def _group(data: Data) -> str:
    if data.get("move") == "look":
        return _looked(data, f"“{data['group']}”")
    if data.get("move") == "drop":
        return _dropped(data, data["group"])
    count = len(data["is"])
    said = _n("{name}: tên chung “{group}” gồm {n} cơ quan", count)
    told = said.format(name=data["name"], group=data["group"], n=count)
    if "relation" not in data:
        return told
    words = {"peer": _("ngang cấp"), "subordinate": _("cấp dưới"), "requested": _("đề nghị phối hợp")}
    return "; ".join((told, _("quan hệ: {relation}").format(relation=words[data["relation"][1]])))


def _looked(data: Data, what: str) -> str:
    return _("{name}: đã xem lại {what}").format(name=data["name"], what=what)


def _dropped(data: Data, words: str) -> str:
    count = len(data["items"])
    said = _n("{name}: “{words}” không phải cơ quan, bỏ khỏi {n} nhiệm vụ", count)
    return said.format(name=data["name"], words=words, n=count)


def _plan(data: Data) -> str:
    return _("Lập kế hoạch {plan} từ văn bản {name}").format(plan=data["plan"], name=data["name"])


def _discarded(data: Data) -> str:
    return _("Xóa văn bản {name} cùng phần rà soát").format(name=data["name"])


TOLD: dict[str, Callable[[Data], str]] = dict(
    zip(KINDS, (_read, _item, _fact, _body, _group, _plan, _discarded), strict=True)
)
