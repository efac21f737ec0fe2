"""Marks in the middle of a column. ReportLab sets what stands in a cell flush left, so these centre themselves."""

from __future__ import annotations

from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable

from letters import form

_THICK = 0.75
_ABOVE = 3


class Rule(Flowable):
    """A line of that length, in mm."""

    def __init__(self, length: float) -> None:
        super().__init__()
        self._length = length * mm

    def wrap(self, available: float, _height: float) -> tuple[float, float]:
        """As wide as the column."""
        self.width, self.height = available, 2 * _ABOVE
        return self.width, self.height

    def draw(self) -> None:
        left = (self.width - self._length) / 2
        self.canv.setLineWidth(_THICK)
        self.canv.line(left, _ABOVE, left + self._length, _ABOVE)


class Stamp(Flowable):
    """A word in a box: the degree of urgency."""

    def __init__(self, text: str, font: str) -> None:
        super().__init__()
        self._text, self._font = text, font

    def wrap(self, available: float, _height: float) -> tuple[float, float]:
        """As wide as the column."""
        self.width, self.height = available, 1.7 * form.STAMP
        return self.width, self.height

    def draw(self) -> None:
        box = stringWidth(self._text, self._font, form.STAMP) + 16
        self.canv.setLineWidth(_THICK)
        self.canv.rect((self.width - box) / 2, 0, box, self.height)
        self.canv.setFont(self._font, form.STAMP)
        self.canv.drawCentredString(self.width / 2, 0.5 * form.STAMP, self._text)
