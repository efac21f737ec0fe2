"""Charts of figures as SVG without script or style: bars that can be told apart in black and white, read aloud too.

Looks are attributes, so that the strict policy of the dashboard holds; a letter's width is estimated, as nobody can
measure it here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from app.figures.comparing import Comparison, bound_of, target_short
from app.figures.reported import Reported, Total
from plans.figure_numbers import number_text, unit_word, value_text
from plans.model import Figure, FigureKind, Target
from plans.text import _, _n

WIDTH = 340
_LABEL = 112  # for what stands left of a bar
_VALUE = 70  # for the number right of it
_ROW, _BAR, _TOP, _MARK = 26, 16, 6, 18
_LETTER = 5.7  # width of a letter of 11 units, on the average
_HALO = 'stroke="#ffffff" stroke-width="3" paint-order="stroke"'  # a line behind the letters does not cross them
_MOST = 12  # agencies in one chart


@dataclass(frozen=True, slots=True)
class Bar:
    """``look``: solid, hatched or hollow."""

    label: str
    value: Decimal
    text: str
    look: str = "solid"


@dataclass(frozen=True, slots=True)
class Mark:
    """A line across all bars: the target."""

    value: Decimal
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """``title`` says what is counted and in which unit, ``told`` everything that can be seen."""

    title: str
    bars: tuple[Bar, ...]
    mark: Mark | None = None
    more: str = ""  # what is not drawn

    @property
    def told(self) -> str:
        said = [f"{bar.label}: {bar.text}" for bar in self.bars]
        return "; ".join(said + ([_("chỉ tiêu {target}").format(target=self.mark.text)] if self.mark else []))


def chart_of(found: Comparison, lines: Sequence[Reported], target: Target | None) -> Chart | None:
    """Totals of the three periods; for percentages as typed, the agencies. None where there is nothing to compare."""
    mark = Mark(bound_of(target), target_short(target)) if target is not None else None
    if found.now.value is None:
        return _of_agencies(found.figure, lines, mark)
    totals: tuple[tuple[str, Total | None, str], ...] = (
        (_("Kỳ này"), found.now, "solid"),
        (_("Kỳ trước"), found.before, "hatched"),
        (_("Cùng kỳ năm trước"), found.year_ago, "hollow"),
    )
    bars = tuple(
        Bar(label, total.value, _short(total), look)
        for label, total, look in totals
        if total is not None and total.value is not None
    )
    return Chart(_titled(found.figure), bars, mark) if len(bars) > 1 or mark else None


def _short(total: Total) -> str:
    """Without unit, which the heading says; a percentage keeps its sign."""
    text = number_text(total.value or Decimal(0)) + ("%" if total.figure.kind is FigureKind.PERCENT else "")
    return text if total.complete else f"{text}\u00a0*"


def _of_agencies(figure: Figure, lines: Sequence[Reported], mark: Mark | None) -> Chart | None:
    values = [(line.agency, value) for line in lines if (value := line.value(figure)) is not None]
    if not values:
        return None
    bars = tuple(Bar(agency, value, value_text(value, figure)) for agency, value in values[:_MOST])
    left = len(values) - _MOST
    return Chart(_titled(figure), bars, mark, _n("và {n} đơn vị khác", left).format(n=left) if left > 0 else "")


def _titled(figure: Figure) -> str:
    return f"{figure.name} ({unit_word(figure)})"


def svg(chart: Chart, key: str) -> str:
    """The drawing; ``key`` makes its names unique within a page."""
    height = _TOP + _ROW * len(chart.bars) + (_MARK if chart.mark else 0) + (_MARK if chart.more else 0)
    most = max([bar.value for bar in chart.bars] + ([chart.mark.value] if chart.mark else []))
    scale = (WIDTH - _LABEL - _VALUE) / float(most) if most else 0.0
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'role="img" aria-labelledby="{key}-t {key}-d" font-size="11" fill="currentColor">',
        f'<title id="{key}-t">{escape(chart.title)}</title><desc id="{key}-d">{escape(chart.told)}</desc>',
        f'<defs><pattern id="{key}-h" width="5" height="5" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect width="5" height="5" fill="#ffffff"/>'
        '<line x1="0" y1="0" x2="0" y2="5" stroke="#17221e" stroke-width="2.4"/></pattern></defs>',
    ]
    places = list(enumerate(chart.bars))
    parts += [_bar(bar, place, scale, key) for place, bar in places]
    if chart.mark:
        parts.append(_mark(chart.mark, _TOP + _ROW * len(chart.bars), scale))
    parts += [_number(bar, place, scale) for place, bar in places]
    if chart.more:
        parts.append(f'<text x="{_LABEL}" y="{height - 5}">{escape(chart.more)}</text>')
    return "".join([*parts, "</svg>"])


def _bar(bar: Bar, place: int, scale: float, key: str) -> str:
    top = _TOP + _ROW * place
    fill = {"solid": "#17221e", "hatched": f"url(#{key}-h)"}.get(bar.look, "#ffffff")
    label = escape(_fitting(bar.label, _LABEL - 10))
    return (
        f'<text x="{_LABEL - 8}" y="{top + _BAR / 2 + 4:g}" text-anchor="end">{label}</text>'
        f'<rect x="{_LABEL}" y="{top}" width="{_long(bar, scale):.1f}" height="{_BAR}" fill="{fill}" stroke="#17221e"/>'
    )


def _number(bar: Bar, place: int, scale: float) -> str:
    at, middle = _LABEL + _long(bar, scale) + 6, _TOP + _ROW * place + _BAR / 2 + 4
    return f'<text x="{at:.1f}" y="{middle:g}" {_HALO}>{escape(bar.text)}</text>'


def _long(bar: Bar, scale: float) -> float:
    """Nothing is still a line."""
    return max(1.0, float(bar.value) * scale)


def _mark(mark: Mark, foot: int, scale: float) -> str:
    """Dashes with white behind them, so that they are seen on black as well; the words end within the drawing."""
    at = _LABEL + float(mark.value) * scale
    words = _("Chỉ tiêu {target}").format(target=mark.text)
    start = min(at - 4, WIDTH - len(words) * _LETTER - 4)
    line = f'<line x1="{at:.1f}" y1="0" x2="{at:.1f}" y2="{foot + 3}"'
    return (
        f'{line} stroke="#ffffff" stroke-width="4"/>'
        f'{line} stroke="#a4231b" stroke-width="1.5" stroke-dasharray="4 2.5"/>'
        f'<text x="{start:.1f}" y="{foot + 14}">{escape(words)}</text>'
    )


def _fitting(text: str, width: float) -> str:
    """Cut where it would run out of the drawing; the description holds all of it."""
    most = int(width / _LETTER)
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
