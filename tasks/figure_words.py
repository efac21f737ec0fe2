"""What the trail says of figures, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from plans.figure_numbers import value_text
from plans.model import Figure, FigureKind
from plans.text import _

Data = Mapping[str, Any]
KINDS = ("figures", "figures_corrected")


def _typed(data: Data) -> str:
    said = "; ".join(f"{each['name']} {_words(each, 'is')}" for each in _all(data))
    return _("Nhập số liệu: {values}").format(values=said)


def _corrected(data: Data) -> str:
    said = "; ".join(f"{each['name']} {_words(each, 'was')} → {_words(each, 'is')}" for each in _all(data))
    if data.get("why") == "paper":
        return _("Bỏ số liệu cùng văn bản ghi nhầm kỳ: {values}").format(values=said)
    return _("Ghi sai số liệu, sửa lại: {values}").format(values=said)


def _words(each: Data, version: str) -> str:
    """The number with its unit."""
    if each[version] is None:
        return _("chưa có")
    figure = Figure(each["figure"], each["name"], FigureKind(each["kind"]), (), unit=each["unit"])
    return value_text(Decimal(each[version]), figure)


def _all(data: Data) -> list[Mapping[str, Any]]:
    return list(data.get("values") or ())


TOLD: Mapping[str, Callable[[Data], str]] = {"figures": _typed, "figures_corrected": _corrected}
