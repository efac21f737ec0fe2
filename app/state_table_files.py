"""The state table on paper (.docx, .pdf) and as a workbook that Excel opens cleanly."""

from __future__ import annotations

from collections.abc import Iterator

from app.sheet_files import Cell, Column, Sheet
from app.state_table import Group, StateTable
from app.state_table_lines import CAME, MISSING, Kind, Line, kind_word
from letters.report import Report, Table, Text
from plans.calendar import local_time
from plans.text import _, _n, day_text, two_digits

_WIDTHS = (11, 56, 26, 26, 38, 42, 53)


def as_report(table: StateTable) -> Report:
    """On its side; every body one row, several reports one below the other, with the totals at the end."""
    return Report(
        title=_("BIỂU TÌNH HÌNH GỬI BÁO CÁO"),
        subtitle=subtitle(table),
        head=(table.lead,),
        blocks=(_table(table), *(Text(line) for line in totals(table))),
        footer=_("Lập lúc {at} từ sổ theo dõi · {plan} · {name}").format(
            at=_moment(table), plan=table.plan_name, name=table.name
        ),
        landscape=True,
        signatures=((_("Người lập biểu"), ""), (_("Lãnh đạo đơn vị"), "")),
    )


def subtitle(table: StateTable) -> str:
    """Which report, of which plan, up to when."""
    as_of = _("Tính đến hết ngày {day}") if table.past else _("Tính đến {at}")
    said = as_of.format(day=day_text(table.day), at=_moment(table))
    return _("{title}, {plan}").format(title=table.title, plan=table.plan_short) + "\n" + said


def _moment(table: StateTable) -> str:
    here = local_time(table.at)
    return _("{hour} ngày {day}").format(hour=f"{here:%Hh%M}", day=day_text(here.date()))


def _table(table: StateTable) -> Table:
    rows: list[tuple[str, ...]] = []
    number = 0
    for group in table.groups:
        if len(table.groups) > 1:
            rows.append((group_title(group),))
        for line in group.lines:
            number += 1
            rows.append(_row(number, line))
    head = (
        _("Stt"),
        _("Cơ quan, đơn vị"),
        _("Hạn gửi"),
        _("Ngày nhận"),
        _("Số, ngày văn bản"),
        _("Tình trạng"),
        _("Ghi chú"),
    )
    return Table(head, tuple(rows), widths=_WIDTHS, align=("center", "left", "center", "center"))


def group_title(group: Group) -> str:
    """``Báo cáo năm 2024 (mục IV.1)``."""
    return (
        _("{title} (mục {section})").format(title=group.title, section=group.section) if group.section else group.title
    )


def _row(number: int, line: Line) -> tuple[str, ...]:
    return (
        two_digits(number),
        line.agency,
        day_text(line.last_day),
        day_text(line.received_on) if line.received_on else "",
        document_text(line),
        line.status,
        "; ".join(line.notes),
    )


def document_text(line: Line) -> str:
    """``12/BC-STP, 09/12/2024``; of a secret paper only that it is one."""
    if line.secret:
        return _("theo chế độ mật")
    if line.received_on is None:
        return ""
    number = line.number or _("không rõ số")
    return f"{number}, {day_text(line.dated)}" if line.dated else number


def totals(table: StateTable) -> Iterator[str]:
    """Lines below the table."""
    counted = table.totals
    asked = table.came + table.missing
    yield _n("Phải gửi: {n}; đã nhận: {came}; chưa nhận: {missing}.", asked).format(
        n=two_digits(asked), came=two_digits(table.came), missing=two_digits(table.missing)
    )
    for kinds, head in ((CAME, _("Đã nhận")), (MISSING, _("Chưa nhận"))):
        told = _told({kind: counted[kind] for kind in kinds})
        if told:
            yield f"{head}: {told}."
    rest = {kind: n for kind, n in counted.items() if kind not in (*CAME, *MISSING)}
    if told := _told(rest):
        yield _("Không tính trong tổng: {told}.").format(told=told)


def _told(counted: dict[Kind, int]) -> str:
    return "; ".join(f"{kind_word(kind)} {two_digits(n)}" for kind, n in counted.items() if n)


def as_sheets(table: StateTable) -> list[Sheet]:
    """The bodies, and the totals on a sheet of their own."""
    columns = [
        Column(_("Stt"), 6),
        Column(_("Báo cáo, kỳ"), 34),
        Column(_("Cơ quan, đơn vị"), 38),
        Column(_("Hạn gửi"), 12),
        Column(_("Ngày cuối tính đúng hạn"), 13),
        Column(_("Ngày nhận"), 12),
        Column(_("Số văn bản"), 20),
        Column(_("Ngày văn bản"), 12),
        Column(_("Tình trạng"), 34),
        Column(_("Số ngày quá hạn"), 10),
        Column(_("Ghi chú"), 50),
        Column(_("Mã kỳ"), 48),
    ]
    sums = [Column(_("Tình trạng"), 40), Column(_("Số lượng"), 12)]
    return [
        Sheet(_("Tình hình gửi báo cáo"), columns, _sheet_rows(table)),
        Sheet(_("Tổng hợp"), sums, _sum_rows(table)),
    ]


def _sheet_rows(table: StateTable) -> Iterator[list[Cell]]:
    number = 0
    for group in table.groups:
        for line in group.lines:
            number += 1
            yield [
                number,
                group.title,
                line.agency,
                line.last_day,
                line.late_after,
                line.received_on,
                _("theo chế độ mật") if line.secret else line.number,
                line.dated,
                line.status,
                line.days_late or None,
                "; ".join(line.notes) or None,
                line.occurrence,
            ]


def _sum_rows(table: StateTable) -> Iterator[list[Cell]]:
    yield [_("Tính đến"), table.at]
    yield [_("Phải gửi"), table.came + table.missing]
    yield [_("Đã nhận"), table.came]
    yield [_("Chưa nhận"), table.missing]
    for kind, n in table.totals.items():
        if n:
            yield [kind_word(kind), n]
