"""The weekly page in words, and on exactly one sheet of A4: what does not fit is counted, never left out in silence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.week.content import CHANGES, DECISIONS, DUE, OVERDUE, PARTS, Content, Edits, LateBody
from letters.errors import NoTypeface
from letters.report import Align, Heading, Report, Table, Text
from letters.report_pdf import as_pdf
from notifications.facts import PageTable, WeekPage
from notifications.lines import shortened
from plans.calendar import local_day, local_time
from plans.text import _, _n, day_text, short_day, two_digits
from tasks.seal import grouped

_CELL = 150  # characters of one cell: a title may be a whole clause
_MOST_ROWS = 60  # no sheet holds more
_WITHOUT_TYPEFACE = 24  # rows where nothing can be set to be measured
_PAGE_OBJECT = re.compile(rb"/Type\s*/Page\b")
_DIGITS = 32  # of the head of the chain: nobody finds a second one with the same 128 bits

Limits = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Looked:
    """Who has looked it over, and when."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Printed:
    """The page in words with its sheet; ``pdf`` is None where the machine has no typeface to set it in."""

    page: WeekPage
    pdf: bytes | None


def printed(content: Content, edits: Edits, looked: Looked | None, *, final: bool) -> Printed:
    """With as many rows as fit one sheet, shared out so that the long parts give way first.

    ``final``: it leaves like this. Before that it says that nobody has looked yet, and not that nobody did.
    """
    lengths = dict(zip(PARTS, map(len, _rows(content, edits)), strict=True))
    most = min(sum(lengths.values()), _MOST_ROWS)
    found = _set(content, edits, looked, shared(lengths, most), final=final)
    if found.pdf is None:
        return _set(content, edits, looked, shared(lengths, _WITHOUT_TYPEFACE), final=final)
    if page_count(found.pdf) == 1:
        return found
    fits, too_many = 0, most
    found = _set(content, edits, looked, shared(lengths, fits), final=final)
    while too_many - fits > 1:
        tried = (fits + too_many) // 2
        longer = _set(content, edits, looked, shared(lengths, tried), final=final)
        if longer.pdf is not None and page_count(longer.pdf) == 1:
            fits, found = tried, longer
        else:
            too_many = tried
    return found


def shared(lengths: Mapping[str, int], rows: int) -> dict[str, int]:
    """How many rows of each part are shown if there is room for so many: one each in turn."""
    given = dict.fromkeys(lengths, 0)
    while rows > 0 and any(given[part] < lengths[part] for part in lengths):
        for part in lengths:
            if rows > 0 and given[part] < lengths[part]:
                given[part] += 1
                rows -= 1
    return given


def page_count(pdf: bytes) -> int:
    """How many pages a file of ``letters.report_pdf`` has."""
    return len(_PAGE_OBJECT.findall(pdf))


def _set(content: Content, edits: Edits, looked: Looked | None, limits: Limits, *, final: bool) -> Printed:
    page = page_of(content, edits, looked, limits, final=final)
    try:
        return Printed(page, as_pdf(report_of(page)))
    except NoTypeface:
        return Printed(page, None)


# -- in words --


def page_of(content: Content, edits: Edits, looked: Looked | None, limits: Limits, *, final: bool) -> WeekPage:
    """The page with so many rows of each part."""
    day = local_day(content.at)
    when = _("{time} ngày {day}").format(time=f"{local_time(content.at):%Hh%M}", day=day_text(day))
    return WeekPage(
        day=day,
        subject=_subject(content, edits, when),
        unit=content.unit,
        title=_("Báo cáo tuần {week}").format(week=f"{day:%V/%G}"),
        subtitle=_("Tình hình theo dõi, đôn đốc đến {when}").format(when=when),
        lines=_lines(content),
        parts=_parts(content, edits, limits),
        looked=_looked(looked, final=final),
        chain=_chain(content, when),
        sample=content.sample,
        plans=content.plans,
    )


def _subject(content: Content, edits: Edits, when: str) -> str:
    f = content.figures
    text = _("Báo cáo tuần đến {when}: quá hạn {overdue}, đến hạn tuần này {due}, chờ xem {review}, cần quyết định {n}")
    return text.format(
        when=when,
        overdue=two_digits(f.overdue),
        due=two_digits(f.due),
        review=two_digits(f.review),
        n=two_digits(f.decisions - len(edits.left_out)),
    )


def _lines(content: Content) -> tuple[str, ...]:
    f = content.figures
    stands = _("Không có việc quá hạn; đến ngày {sunday} có {due} việc đến hạn; {review} văn bản chờ xem.")
    if f.overdue:
        stands = _(
            "Quá hạn {n} việc của {bodies} cơ quan; đến ngày {sunday} có {due} việc đến hạn; {review} văn bản chờ xem."
        )
    told = [
        stands.format(
            n=two_digits(f.overdue),
            bodies=two_digits(f.bodies),
            due=two_digits(f.due),
            sunday=short_day(content.due_to),
            review=two_digits(f.review),
        )
    ]
    if f.claimed:
        said = _n("Ngoài ra {n} việc cơ quan báo đã gửi, đang đối chiếu, không tính vào quá hạn.", f.claimed)
        told.append(said.format(n=two_digits(f.claimed)))
    entered = _("Chưa có văn bản đến nào được nhập.")
    if content.entered_to is not None:
        entered = _("Văn bản đến đã nhập đến ngày {day}.").format(day=day_text(content.entered_to))
    came = _n("Trong tuần ghi nhận {n} việc có văn bản.", f.received).format(n=two_digits(f.received))
    return (*told, f"{came} {entered}")


def _parts(content: Content, edits: Edits, limits: Limits) -> tuple[PageTable, ...]:
    f, rows = content.figures, _rows(content, edits)
    titles = {
        DECISIONS: _("Cần quyết định"),
        OVERDUE: _("Quá hạn theo cơ quan"),
        DUE: _("Đến hạn tuần này"),
        CHANGES: _("Thay đổi trong tuần"),
    }
    heads: dict[str, tuple[str, ...]] = {
        DECISIONS: (_("Nội dung"), _("Tình trạng")),
        OVERDUE: (_("Cơ quan"), _("Số việc"), _("Lâu nhất"), _("Việc chưa nhận")),
        DUE: (_("Hạn gửi"), _("Nội dung"), _("Chưa nhận của")),
        CHANGES: (_("Ngày"), _("Thay đổi")),
    }
    empty = {
        DECISIONS: _("Không có nội dung cần quyết định."),
        OVERDUE: _("Không có cơ quan nào quá hạn."),
        DUE: _("Không có việc nào đến hạn."),
        CHANGES: _("Không có thay đổi."),
    }
    totals = {DECISIONS: f.decisions - len(edits.left_out), OVERDUE: f.bodies, DUE: f.due_lines, CHANGES: f.changes}
    return tuple(
        PageTable(
            key=part,
            title=titles[part],
            note=edits.notes.get(part, ""),
            head=heads[part],
            rows=tuple(tuple(shortened(cell, _CELL) for cell in row) for row in found[: limits[part]]),
            more=_more(part, totals[part] - min(len(found), limits[part]), edits),
            empty=empty[part] if not totals[part] else "",
        )
        for part, found in zip(PARTS, rows, strict=True)
    )


def _more(part: str, hidden: int, edits: Edits) -> str:
    """What stands below a part: how much did not fit and where it is, what the officer left out."""
    where = {
        DECISIONS: _("Kiểm tra › Trang tuần"),
        OVERDUE: _("Kỳ, lọc “Quá hạn”"),
        DUE: _("Lịch"),
        CHANGES: _("Kiểm tra › Ai làm gì, khi nào"),
    }[part]
    told = []
    if hidden > 0:
        text = _n("Và {n} mục nữa, xem trên bảng điều khiển: {where}.", hidden)
        told.append(text.format(n=two_digits(hidden), where=where))
    if part == DECISIONS and edits.left_out:
        text = _n("Cán bộ theo dõi để lại {n} mục, lý do ghi tại Kiểm tra › Trang tuần.", len(edits.left_out))
        told.append(text.format(n=two_digits(len(edits.left_out))))
    return " ".join(told)


def _rows(content: Content, edits: Edits) -> tuple[Sequence[tuple[str, ...]], ...]:
    """The rows of each part in the order of ``PARTS``."""
    return (
        [(each.title, each.text) for each in edits.arranged(content.decisions)],
        [_late(each) for each in content.overdue],
        [(short_day(each.day), each.title, each.who) for each in content.due],
        [(short_day(each.day), each.text) for each in content.changes],
    )


def _late(body: LateBody) -> tuple[str, ...]:
    days = _n("{n} ngày", body.days).format(n=body.days)
    titles = "; ".join(body.titles)
    if more := body.number - len(body.titles):
        titles = _("{titles} và {n} việc khác").format(titles=titles, n=two_digits(more))
    return body.name, two_digits(body.number), days, titles


def _looked(looked: Looked | None, *, final: bool) -> str:
    if looked is None:
        if final:
            return _("Trang này gửi theo số liệu tự động; cán bộ theo dõi chưa xem lại trước khi gửi.")
        return _("Cán bộ theo dõi chưa xem lại trang này.")
    here = local_time(looked.at)
    said = _("Cán bộ theo dõi {name} đã xem lại lúc {time} ngày {day}.")
    return said.format(name=looked.by, time=f"{here:%Hh%M}", day=day_text(here.date()))


def _chain(content: Content, when: str) -> str:
    if not content.head:
        return ""
    said = _("Sổ kiểm tra có {n} dòng. Mã đầu chuỗi lúc {when}: {head}")
    return said.format(n=content.place, when=when, head=grouped(content.head[:_DIGITS]))


# -- on paper --


def report_of(page: WeekPage) -> Report:
    """The sheet as a report to be set."""
    title = _("MẪU · {name}").format(name=page.title) if page.sample else page.title
    blocks: list[Heading | Text | Table] = [Text(line) for line in page.lines]
    for part in page.parts:
        blocks.append(Heading(part.title, level=2))
        if part.note:
            blocks.append(Text(_("Cán bộ theo dõi: {note}").format(note=part.note), italic=True))
        if part.rows:
            widths, align = _WIDTHS[part.key], _ALIGN.get(part.key, ())
            blocks.append(Table(part.head, part.rows, widths, align, note=part.more, small=True))
            continue
        blocks.append(Text(" ".join(filter(None, (part.empty, part.more))), small=True))
    blocks.append(Text(page.looked, small=True, italic=True))
    return Report(title, page.subtitle, head=(page.unit,), blocks=tuple(blocks), footer=page.chain)


_ALIGN: dict[str, tuple[Align, ...]] = {OVERDUE: ("left", "center", "center")}
_WIDTHS: dict[str, tuple[float, ...]] = {
    DECISIONS: (7, 9),
    OVERDUE: (5, 1.4, 1.7, 8),
    DUE: (1.5, 9, 5),
    CHANGES: (1.5, 14),
}
