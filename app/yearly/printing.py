"""The yearly record of a body on paper and as a workbook."""

from __future__ import annotations

from typing import IO

from app.sheet_files import Cell, Column, Sheet, as_xlsx
from app.yearly.record import Entry, Record
from letters.report import Align, Block, Facts, Heading, Report, Table, Text
from plans.calendar import local_time
from plans.text import _, _n, day_text

_ALIGN: tuple[Align, ...] = ("center",)


def report_of(record: Record) -> Report:
    """Landscape: the reasons stand beside the dates."""
    title = _("PHIẾU THEO DÕI NĂM {year}").format(year=record.year)
    if record.sample:
        title = _("MẪU · {name}").format(name=title)
    here = local_time(record.at)
    when = _("{time} ngày {day}").format(time=f"{here:%Hh%M}", day=day_text(here.date()))
    blocks: list[Block] = [Facts(tuple(_facts(record)))]
    blocks.append(Heading(_("1. Kết quả từng việc"), level=2))
    blocks.append(_table(record.counted) if record.counted else Text(_("Không có việc nào đến hạn.")))
    if record.apart or record.before:
        blocks.append(Heading(_("2. Việc không tính"), level=2))
        if record.apart:
            blocks.append(_table(record.apart))
        if record.before:
            said = _n("{n} việc đến hạn trước khi bắt đầu theo dõi, không tính.", record.before)
            blocks.append(Text(said.format(n=record.before)))
    blocks.append(Text(_rules(), small=True))
    return Report(
        title,
        _("{agency}, số liệu đến {when}").format(agency=record.name, when=when),
        head=record.leads[:1],
        blocks=tuple(blocks),
        footer=_("{agency} · năm {year} · in lúc {when}").format(agency=record.name, year=record.year, when=when),
        landscape=True,
        signatures=((_("Cán bộ theo dõi"), ""), (_("Lãnh đạo đơn vị"), "")),
    )


def _facts(record: Record) -> list[tuple[str, str]]:
    found = record.punctuality
    told = [
        (_("Cơ quan"), record.name),
        (_("Đơn vị theo dõi"), "; ".join(record.leads) or "–"),
        (_("Đã đến hạn"), _n("{n} việc", found.due).format(n=found.due)),
    ]
    if found.percent is not None:
        percent = f"{found.percent:g}".replace(".", ",")
        said = _("đúng hạn {on_time} ({percent}%), gửi chậm {late}, chưa nhận {missing}")
        numbers = {"on_time": found.on_time, "late": found.late, "missing": found.missing}
        told.append((_("Kết quả"), said.format(percent=percent, **numbers)))
    return told


def _table(entries: tuple[Entry, ...]) -> Table:
    head = (
        _("TT"), _("Nhiệm vụ, kỳ"), _("Hạn"), _("Đúng hạn đến hết"), _("Ngày nhận, số văn bản"), _("Kết quả"),
        _("Giải thích"),
    )  # fmt: skip
    rows = tuple(
        (
            str(at), f"{each.title}\n{each.plan}", day_text(each.due), day_text(each.late_after), _came(each),
            each.result, "\n".join(each.why),
        )
        for at, each in enumerate(entries, 1)
    )  # fmt: skip
    return Table(head, rows, (1, 5, 2.4, 2.4, 3, 3, 9), _ALIGN, small=True)


def _came(each: Entry) -> str:
    if each.received_on is None:
        return "–"
    return "\n".join(filter(None, (day_text(each.received_on), each.number)))


def _rules() -> str:
    return _(
        "Số ngày chậm tính từ ngày cuối tính đúng hạn đến ngày nhận, theo ngày lịch. Không tính: ngày văn bản ở đơn vị "
        "theo dõi chờ xem, ngày nghỉ theo lịch làm việc, thời gian được gia hạn bằng văn bản, ghi nhầm đã sửa."
    )


def workbook_of(record: Record) -> IO[bytes]:
    """The same as a workbook, one line for each occurrence; the caller closes it."""
    columns = [
        Column(_("Kế hoạch"), 22),
        Column(_("Nhiệm vụ, kỳ"), 40),
        Column(_("Hạn"), 12),
        Column(_("Đúng hạn đến hết"), 13),
        Column(_("Ngày nhận"), 12),
        Column(_("Số văn bản"), 18),
        Column(_("Kết quả"), 24),
        Column(_("Số ngày quá hạn"), 11),
        Column(_("Có tính"), 9),
        Column(_("Giải thích"), 80),
        Column(_("Mã kỳ"), 44),
    ]
    rows = [
        *(_row(each, counts=True) for each in record.counted),
        *(_row(each, counts=False) for each in record.apart),
    ]
    return as_xlsx([Sheet(_("Phiếu năm {year}").format(year=record.year), columns, rows)])


def _row(each: Entry, *, counts: bool) -> list[Cell]:
    return [
        each.plan,
        each.title,
        each.due,
        each.late_after,
        each.received_on,
        each.number,
        each.result,
        each.days if counts else None,
        _("có") if counts else _("không"),
        " ".join(each.why),
        each.id,
    ]
