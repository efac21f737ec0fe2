"""The tables behind a letter: what is owed by when, and who is late."""

from __future__ import annotations

from collections.abc import Iterable

from letters.facts import Late, Owed
from letters.model import Annex, Head, Table
from plans.text import _, day_text, two_digits


def duties(owed: tuple[Owed, ...]) -> Annex:
    """Nhiệm vụ và thời hạn. The bodies have a column where one letter goes to several."""
    shared = any(each.bodies for each in owed)
    heads = [Head(_("TT"), 11, centred=True), Head(_("Nhiệm vụ, sản phẩm"), 54)]
    heads += [Head(_("Cơ quan, đơn vị"), 45)] if shared else []
    heads += [Head(_("Mục"), 15, centred=True), Head(_("Thời hạn theo kế hoạch"), 38)]
    heads += [Head(_("Gửi chậm nhất"), 31, centred=True), Head(_("Mốc số liệu"), 31), Head(_("Nơi nhận"), 37)]
    rows = []
    for at, each in enumerate(owed, start=1):
        bodies = ["; ".join(each.bodies)] if shared else []
        when = day_text(each.last_day) if each.last_day else "-"
        rows.append((two_digits(at), each.product, *bodies, each.clause, each.words, when, period(each), each.to))
    return Annex(_("NHIỆM VỤ VÀ THỜI HẠN"), Table(tuple(heads), tuple(rows)))


def late_agencies(late: Iterable[Late]) -> Annex:
    """Danh sách cơ quan chưa gửi, in the order handed over. Notes have a column where there is one."""
    late = tuple(late)
    noted = any(each.note for each in late)
    heads = (
        Head(_("TT"), 10, centred=True),
        Head(_("Cơ quan, đơn vị"), 44),
        Head(_("Văn bản chưa nhận"), 37),
        Head(_("Gửi chậm nhất"), 27, centred=True),
        Head(_("Số ngày quá hạn"), 19, centred=True),
        *((Head(_("Ghi chú"), 28),) if noted else ()),
    )
    rows = tuple(
        (two_digits(at), each.name, each.product, day_text(each.last_day), two_digits(each.days))
        + ((each.note,) if noted else ())
        for at, each in enumerate(late, start=1)
    )
    return Annex(_("DANH SÁCH CƠ QUAN, ĐƠN VỊ CHƯA GỬI VĂN BẢN"), Table(heads, rows))


def period(owed: Owed) -> str:
    """``15/10/2026 - 14/11/2026``, or nothing where the plan names no window."""
    return " - ".join(map(day_text, owed.period)) if owed.period else ""
