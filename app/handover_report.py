"""The hand-over as a printed page, with the places for signatures."""

from __future__ import annotations

from app.handover import Handover
from letters.report import Block, Heading, Report, Table, Text
from plans.calendar import local_day, local_time
from plans.text import _, day_text


def report_of(found: Handover, *, gives: str, takes: str) -> Report:
    """``gives`` and ``takes``: the officers who hand over and take over; "" to be written by hand."""
    blocks: list[Block] = []
    for number, section in enumerate(found.sections, 1):
        blocks.append(Heading(f"{number}. {section.title}", level=2))
        if not section.lines:
            blocks.append(Text(section.none, italic=True))
            continue
        note = _("và {n} dòng khác, xem trên phần mềm").format(n=section.more) if section.more else ""
        blocks.append(Table(section.columns, tuple(line.cells for line in section.lines), note=note, small=True))
    when = _("{time} ngày {day}").format(time=f"{local_time(found.at):%H:%M}", day=day_text(local_day(found.at)))
    footer = _("In lúc {when}; sổ kiểm tra {n} dòng, mã đầu chuỗi {hash}")
    return Report(
        _("BIÊN BẢN BÀN GIAO"),
        _("Công việc theo dõi, đôn đốc; số liệu lúc {when}").format(when=when),
        head=(found.unit_name,),
        blocks=tuple(blocks),
        footer=footer.format(when=when, n=found.place, hash=found.hash[:16] or "–"),
        landscape=True,
        signatures=((_("Người bàn giao"), gives), (_("Người nhận bàn giao"), takes), (_("Lãnh đạo đơn vị"), "")),
    )
