"""A closed month on paper, for the signatures of the officer and the head."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from app.closing.figures import Event, Line, Month, Tally
from app.closing.words import COUNTED, LATE, MISSING
from letters.report import Align, Block, Facts, Heading, Report, Table, Text
from plans.calendar import local_day, local_time
from plans.text import _, _n, day_text, sort_key
from tasks.seal import grouped

_ROWS = 150  # of one table, where there are many
_NUMBERS: tuple[Align, ...] = ("left", "center", "center", "center", "center", "center", "center", "center")


def report_of(month: Month, *, closed_by: str, signers: tuple[str, str] = ("", ""), preview: bool = False) -> Report:
    """The whole month. ``preview``: nothing was closed, and the paper says so."""
    title = _("CHỐT SỔ THEO DÕI THÁNG {month}").format(month=f"{month.first:%m/%Y}")
    if month.sample:
        title = _("MẪU · {name}").format(name=title)
    here = local_time(month.at)
    when = _("{time} ngày {day}").format(time=f"{here:%Hh%M}", day=day_text(here.date()))
    said = _("Bản xem trước lúc {when}, chưa chốt") if preview else _("Chốt lúc {when}")
    blocks: list[Block] = [Facts(tuple(_facts(month, when, closed_by)))]
    for heading, part in _parts(month):
        blocks += [Heading(heading, level=2), *part]
    footer = _("{said}; sổ kiểm tra {n} dòng, mã đầu chuỗi {head}") if month.head else "{said}"
    return Report(
        title,
        said.format(when=when),
        head=(month.unit_name,),
        blocks=tuple(blocks),
        footer=footer.format(said=said.format(when=when), n=month.place, head=month.head[:16]),
        signatures=() if preview else ((_("Cán bộ theo dõi"), signers[0]), (_("Lãnh đạo đơn vị"), signers[1])),
    )


def _facts(month: Month, when: str, closed_by: str) -> Iterator[tuple[str, str]]:
    last = (month.first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    span = _("hạn theo kế hoạch từ {first} đến {last}").format(first=day_text(month.first), last=day_text(last))
    total = month.total
    yield _("Phạm vi"), span
    yield _("Đến hạn"), _n("{n} kỳ", total.due).format(n=total.due)
    stood = _("đúng hạn {on_time}, gửi chậm {late}, chưa nhận {missing}, còn trong hạn {open}")
    yield (
        _("Kết quả"),
        stood.format(on_time=total.on_time, late=total.late, missing=total.missing, open=total.open),
    )
    yield _("Người chốt"), closed_by
    yield _("Sổ kiểm tra"), _("{n} dòng lúc chốt").format(n=month.place)
    yield _("Mã đầu chuỗi"), grouped(month.head) if month.head else "–"


def _parts(month: Month) -> Iterator[tuple[str, list[Block]]]:
    yield _("1. Kết quả theo kế hoạch, cơ quan"), _by_body(month)
    yield _("2. Chưa nhận, gửi chậm"), _late(month)
    yield _("3. Gia hạn, miễn, chuyển cơ quan kế thừa trong tháng"), _events(month.moved)
    yield _("4. Đã nhắc, đôn đốc trong tháng"), _pressed(month)
    yield _("5. Sửa sổ trong tháng"), _events(month.put_right)


def _by_body(month: Month) -> list[Block]:
    rows: list[tuple[str, ...]] = []
    bold: set[int] = set()
    for plan_id in sorted(month.plans, key=lambda it: sort_key(month.plans[it])):
        mine = [
            (month.names.get(body, body), tally) for (plan, body), tally in month.tallies.items() if plan == plan_id
        ]
        if not mine:
            continue
        rows.append((month.plans[plan_id],))
        whole = Tally()
        for name, tally in sorted(mine, key=lambda each: sort_key(each[0])):
            rows.append((name, *_numbers(tally)))
            whole.add(tally)
        bold.add(len(rows))
        rows.append((_("Cộng"), *_numbers(whole)))
    if not rows:
        return [Text(_("Không có kỳ nào đến hạn."))]
    head = (
        _("Cơ quan"), _("Đến hạn"), _("Đúng hạn"), _("Gửi chậm"), _("Chưa nhận"), _("Còn hạn"), _("Gia hạn"),
        _("Chuyển"),
    )  # fmt: skip
    widths = (7, *(1.7,) * 7)
    note = _("Gia hạn, chuyển: số kỳ được gia hạn, chuyển cơ quan kế thừa trong tháng, đến hạn tháng nào cũng tính.")
    return _tables(head, rows, widths, _NUMBERS, note=note, bold=frozenset(bold))


def _numbers(tally: Tally) -> tuple[str, ...]:
    numbers = (tally.due, tally.on_time, tally.late, tally.missing, tally.open, tally.extended, tally.transferred)
    return tuple(str(n) if n else "–" for n in numbers)


def _late(month: Month) -> list[Block]:
    lines = [line for line in month.lines if line.standing in (MISSING, LATE)]
    others = [line for line in month.lines if line.standing not in COUNTED]
    if not lines:
        found: list[Block] = [Text(_("Không có."))]
    else:
        lines.sort(key=lambda line: (month.plans.get(line.plan_id, ""), line.due, line.title, sort_key(line.agency)))
        head = (_("Nhiệm vụ, kỳ"), _("Cơ quan"), _("Hạn"), _("Kết quả"))
        rows = [(line.title, line.agency, day_text(line.due), _result(line)) for line in lines]
        found = _tables(head, rows, (6, 5, 2.6, 5))
    if others:
        said = _n("{n} kỳ không tính: được miễn, đã chuyển, đã dừng.", len(others))
        found.append(Text(said.format(n=len(others)), small=True))
    return found


def _result(line: Line) -> str:
    if line.standing == MISSING:
        return _n("chưa nhận, quá hạn {n} ngày", line.days).format(n=line.days)
    told = _n("nhận ngày {day}, chậm {n} ngày", line.days)
    return told.format(day=day_text(line.received_on) if line.received_on else "–", n=line.days)


def _events(events: tuple[Event, ...]) -> list[Block]:
    if not events:
        return [Text(_("Không có."))]
    head = (_("Ngày"), _("Nhiệm vụ, kỳ; cơ quan"), _("Nội dung"), _("Người làm"))
    rows = [
        (day_text(local_day(each.at)), "; ".join(filter(None, (each.title, each.agency))), each.text, each.by)
        for each in events
    ]
    return _tables(head, rows, (2.4, 6, 7, 2.8))


def _pressed(month: Month) -> list[Block]:
    if not month.pressed:
        return [Text(_("Không có."))]
    head = (_("Cơ quan"), _("Nhắc quá hạn"), _("Gửi nhắc ngay"), _("Cuộc gọi"), _("Công văn đôn đốc"))
    rows = [
        (each.agency, *(str(n) if n else "–" for n in (each.reminders, each.by_hand, each.calls, each.letters)))
        for each in month.pressed
    ]
    note = _("Chỉ tính thông báo đã gửi được và công văn đã có số.")
    return _tables(head, rows, (7, 2.2, 2.2, 2.2, 2.4), _NUMBERS[:5], note=note)


def _tables(
    head: tuple[str, ...],
    rows: Sequence[tuple[str, ...]],
    widths: tuple[float, ...],
    align: tuple[Align, ...] = (),
    *,
    note: str = "",
    bold: frozenset[int] = frozenset(),
) -> list[Block]:
    """One table, or several one below the other: setting one of thousands of rows takes a time that grows with the
    square of them."""
    cuts = [0] if len(rows) <= 2 * _ROWS else list(range(0, len(rows), _ROWS))
    blocks: list[Block] = []
    for start, end in zip(cuts, [*cuts[1:], len(rows)], strict=True):
        mine = frozenset(at - start for at in bold if start <= at < end)
        below = note if end == len(rows) else ""
        blocks.append(Table(head, tuple(rows[start:end]), widths, align, below, mine, small=True))
    return blocks
