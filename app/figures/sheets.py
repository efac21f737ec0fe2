"""The table of figures as lists that Excel opens, and as a printed page: for the office, or fit for publication."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from app.figures import comparing
from app.figures.gathering import Reports
from app.figures.reported import Reported, Total
from app.figures.suppression import Hidden, hidden
from app.sheet_files import Cell, Column, Sheet
from letters.report import Align, Block, Heading, Report, Table, Text
from plans.figure_numbers import number_text, unit_word
from plans.model import Figure, FigureKind
from plans.text import _, _n, day_text

OCCURRENCE = "dondoc:kỳ"  # the column that an import knows an agency by, in every language


def hidden_of(told: Reports) -> Hidden:
    """What of this period's table is not published."""
    rows = [line.given if line.counts else {} for line in told.lines]
    return hidden(told.figures, rows)


def heading_of(figure: Figure) -> str:
    """``Người được tiếp nhận (người, lũy kế)``: an import knows it again."""
    unit = unit_word(figure)
    return f"{figure.name} ({unit}, {_('lũy kế')})" if figure.cumulative else f"{figure.name} ({unit})"


def list_of(told: Reports, *, publish: bool) -> Sheet:
    """Agencies down, figures across, totals last. The office's own can be filled in and imported again."""
    columns = [Column(_("Cơ quan"), 44), *(Column(heading_of(figure), 18) for figure in told.figures)]
    if not publish:
        columns.append(Column(OCCURRENCE, 40))
    return Sheet(_("Số liệu"), columns, _rows(told, publish))


def _rows(told: Reports, publish: bool) -> Iterator[Sequence[Cell]]:
    away = hidden_of(told) if publish else Hidden()
    for place, line in enumerate(told.lines):
        cells = [_cell(line, figure, (place, figure.id) in away.cells) for figure in told.figures]
        yield [line.agency, *cells] if publish else [line.agency, *cells, line.occurrence_id]
    blank: list[Cell] = [] if publish else [None]
    totals = [
        not_published() if each.figure.id in away.totals else _number(each.now.value) for each in told.comparisons
    ]
    yield [total_word(), *totals, *blank]
    if any(each.now.missing for each in told.comparisons):
        yield [missing_word(), *(len(each.now.missing) for each in told.comparisons), *blank]


def _cell(line: Reported, figure: Figure, away: bool) -> Cell:
    return not_published() if away else _number(line.value(figure))


def _number(value: Decimal | None) -> Cell:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def total_word() -> str:
    return _("Tổng cộng")


def missing_word() -> str:
    return _("Số đơn vị chưa có số liệu")


def not_published() -> str:
    """What stands for a small count."""
    return _("không công bố")


def comparison_of(told: Reports) -> Sheet:
    """The second sheet of the office's workbook."""
    columns = [Column(title, 22) for title in _comparison_head(told)]
    return Sheet(_("So sánh"), columns, _comparison_rows(told))


def _comparison_head(told: Reports) -> tuple[str, ...]:
    """Only what there is to compare with."""
    head = [_("Số liệu"), told.period.title]
    for title in (told.before, told.year_ago):
        if title:
            head += [title, _("Tăng, giảm so với {period}").format(period=title)]
    if any(each.reached for each in told.comparisons):
        head += [_("Chỉ tiêu"), _("Kết quả")]
    return tuple(head)


def _comparison_rows(told: Reports) -> list[tuple[str, ...]]:
    found = []
    targets = any(each.reached for each in told.comparisons)
    for each in told.comparisons:
        row = [each.figure.name, comparing.total_text(each.now)]
        for title, total, change in (
            (told.before, each.before, each.since_before),
            (told.year_ago, each.year_ago, each.since_year_ago),
        ):
            if title:
                row += [comparing.total_text(total), comparing.change_text(change, each.figure) or "–"]
        if targets:
            reached = each.reached
            row += [comparing.target_short(reached.target) if reached else "–", comparing.reached_text(reached) or "–"]
        found.append(tuple(row))
    return found


def page_of(told: Reports, *, plan_name: str, head: tuple[str, ...], footer: str, publish: bool) -> Report:
    """The same on paper, with the comparison; what is published holds the table alone."""
    subtitle = "\n".join(filter(None, (told.period.title, plan_name, _window(told))))
    blocks: list[Block] = [_table(told, publish)]
    blocks += [Text(text, small=True) for text in _notes(told, publish)]
    if not publish:
        blocks += [Heading(_("So sánh"), 2), _comparison(told)]
        if told.remarks:
            blocks.append(Heading(_("Cần xem lại"), 2))
            blocks += [Text(f"{each.agency}: {each.text}") for each in told.remarks]
    wide = len(told.figures) > 4 or len(_comparison_head(told)) > 5
    return Report(_("TỔNG HỢP SỐ LIỆU"), subtitle, head, tuple(blocks), footer, landscape=wide)


def _window(told: Reports) -> str:
    if told.period.window is None:
        return ""
    start, end = told.period.window
    return _("Số liệu từ {start} đến {end}").format(start=day_text(start), end=day_text(end))


def _table(told: Reports, publish: bool) -> Table:
    away = hidden_of(told) if publish else Hidden()
    rows = [
        (
            line.agency,
            *(
                not_published() if (place, figure.id) in away.cells else _text(line.value(figure))
                for figure in told.figures
            ),
        )
        for place, line in enumerate(told.lines)
    ]
    totals = (not_published() if each.figure.id in away.totals else _total(each.now) for each in told.comparisons)
    rows.append((total_word(), *totals))
    head = (_("Cơ quan"), *(heading_of(figure) for figure in told.figures))
    align = _right(len(told.figures))
    return Table(head, tuple(rows), align=align, bold=frozenset({len(rows) - 1}), small=len(told.figures) > 5)


def _text(value: Decimal | None) -> str:
    return number_text(value) if value is not None else "–"


def _total(total: Total) -> str:
    if total.value is None:
        plain = total.figure.kind is FigureKind.PERCENT and not total.figure.computed and total.reporting
        return _("không cộng") if plain else "–"
    return number_text(total.value) + ("" if total.complete else " *")


def _notes(told: Reports, publish: bool) -> Iterator[str]:
    missing = {name for each in told.comparisons for name in each.now.missing}
    if missing and publish:
        yield _n("* Chưa đủ: thiếu {n} đơn vị.", len(missing)).format(n=len(missing))
    elif missing:
        names = ", ".join(line.agency for line in told.lines if line.agency in missing)
        yield _n("* Chưa đủ: thiếu {n} đơn vị: {names}.", len(missing)).format(n=len(missing), names=names)
    if publish and hidden_of(told):
        yield _("“Không công bố”: số người, số hộ quá nhỏ, hoặc số có thể dùng để tính ra số đó.")


def _comparison(told: Reports) -> Table:
    head = _comparison_head(told)
    return Table(head, tuple(_comparison_rows(told)), align=_right(len(head) - 1), small=True)


def _right(columns: int) -> tuple[Align, ...]:
    """The first column left, so many others right."""
    right: Align = "right"
    return ("left", *([right] * columns))
