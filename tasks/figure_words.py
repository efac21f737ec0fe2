"""What the trail says of figures, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from plans.text import _

Data = Mapping[str, Any]
KINDS = ("figures", "figures_corrected")


def _typed(data: Data) -> str:
    return _("Nhập số liệu: {values}").format(values="; ".join(f"{each['name']} {each['is']}" for each in _all(data)))


def _corrected(data: Data) -> str:
    nothing = _("chưa có")
    said = "; ".join(f"{each['name']} {each['was'] or nothing} → {each['is'] or nothing}" for each in _all(data))
    if data.get("why") == "paper":
        return _("Bỏ số liệu cùng văn bản ghi nhầm kỳ: {values}").format(values=said)
    return _("Ghi sai số liệu, sửa lại: {values}").format(values=said)


def _all(data: Data) -> list[Mapping[str, Any]]:
    return list(data.get("values") or ())


TOLD: Mapping[str, Callable[[Data], str]] = {"figures": _typed, "figures_corrected": _corrected}
