"""Messages to look at while a text is written: invented, one report of an invented plan, in each situation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from notifications.facts import Desk, Destination, Item, Sheet
from notifications.own_texts import TextKey, TextKind
from plans.model import Boundary, Relation, RuleKind
from plans.text import _
from tasks.model import OWED, State

_DUE = date(2026, 12, 10)
_LAST = date(2026, 12, 9)
# Days from the last day on which the message is written.
_WRITTEN = {
    TextKind.ASSIGNED: -30,
    TextKind.REMINDER: -7,
    TextKind.LAST_WORKING_DAY: -1,
    TextKind.TODAY: 0,
    TextKind.PASSED: 1,
    TextKind.OVERDUE: 6,
    TextKind.RETURNED: 3,
    TextKind.EXTENDED: -2,
    TextKind.CORRECTION: 7,
}
_EVENTS = (TextKind.ASSIGNED, TextKind.RETURNED, TextKind.EXTENDED, TextKind.CORRECTION)


def examples(key: TextKey, text: str | None = None, desk: Desk | None = None) -> Iterator[Sheet]:
    """The messages in which the text is said: about one thing, about three, and without what may be unknown.

    ``text`` None: with the texts of ``desk``, or the ready ones.
    """
    today = _LAST + timedelta(days=_WRITTEN[key.kind])
    base = desk or Desk(_("Công an tỉnh Mẫu"), _("Công an tỉnh Mẫu (PC10)"), _("Cán bộ theo dõi"), "0200 000 0000")
    said = base if text is None else replace(base, texts={**base.texts, str(key): text})
    first = _item(key, today)
    kind = key.kind.value if key.kind in _EVENTS else "digest"
    name = first.agency_name
    for items in ((first,), (first, _second(first), _third(first)), (_bare(first),)):
        yield Sheet(kind, today, _("Văn thư"), name, key.relation, said, mine=items)


def _item(key: TextKey, today: date) -> Item:
    names = {
        Relation.SUBORDINATE: _("Công an xã Mẫu"),
        Relation.PEER: _("Sở Mẫu"),
        Relation.REQUESTED: _("Ủy ban MTTQ Việt Nam tỉnh Mẫu"),
        Relation.SELF: _("Công an tỉnh Mẫu"),
    }
    known = Item(
        occurrence_id="vi-du/bao-cao-nam/so-mau/2026",
        plan_id="vi-du",
        plan_short=_("KH 05/KH-UBND"),
        plan_number="05/KH-UBND",
        lead_name=_("Công an tỉnh Mẫu"),
        section="IV.1",
        quote=_("trước ngày 10/12"),
        boundary=Boundary.BEFORE,
        kind=RuleKind.ANNUAL,
        title=_("Báo cáo năm 2026"),
        product=_("Báo cáo năm"),
        agency_name=names[key.relation],
        relation=key.relation,
        due=_DUE,
        last_day=_LAST,
        late_after=_DUE,
        days_left=(_LAST - today).days,
        days_late=max(0, (today - _DUE).days),
        overdue=today > _DUE,
        last_working_day=key.kind is TextKind.LAST_WORKING_DAY,
        window_from=None,
        window_to=None,
        destinations=(Destination(_("Công an tỉnh Mẫu"), "main"),),
        state=State.OPEN,
        status_text="",
        rung=key.kind.value,
    )
    return _changed(key.kind, known, today)


def _changed(kind: TextKind, item: Item, today: date) -> Item:
    match kind:
        case TextKind.RETURNED:
            return replace(
                item,
                state=State.RETURNED,
                resend_by=today + timedelta(days=5),
                returned_for=_("thiếu số liệu"),
                number="15/BC-SM",
                received_on=_LAST,
                overdue=False,
            )
        case TextKind.EXTENDED:
            return replace(item, extended_by="123/UBND-NC", last_day=_LAST + timedelta(days=10))
        case TextKind.CORRECTION:
            return replace(
                item,
                state=State.ACCEPTED,
                number="15/BC-SM",
                received_on=_LAST,
                told_off_on=today - timedelta(days=1),
                overdue=False,
            )
        case _:
            return item


def _second(item: Item) -> Item:
    return replace(item, occurrence_id="vi-du/ke-hoach/so-mau/once", title=_("Kế hoạch thực hiện"), kind=RuleKind.ONCE)


def _third(item: Item) -> Item:
    return replace(item, occurrence_id="vi-du/tap-huan/so-mau/once", title=_("Tập huấn cán bộ"), product=None)


def _bare(item: Item) -> Item:
    """Without what may be unknown."""
    owed = item.state in OWED
    return replace(item, number=None, received_on=item.received_on if owed else None, returned_for=None, quote=None)
