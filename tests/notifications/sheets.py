"""Sheets for the tests of messages: one report of Sơn La's plan, moved to any day and relation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from notifications.facts import Desk, Destination, Item, PlanCount, Sheet
from plans.model import Boundary, Relation, RuleKind
from tasks.model import OWED, State

DESK = Desk(
    "Công an tỉnh Sơn La", "Công an tỉnh Sơn La (PC10)", "Lò Văn Mẫn", "0212 385 0000", "pc10@congan-sonla.example"
)
BODIES = {
    Relation.SUBORDINATE: "Công an xã Chiềng Xôm",
    Relation.PEER: "Sở Tư pháp",
    Relation.REQUESTED: "Ủy ban MTTQ Việt Nam tỉnh",
    Relation.SELF: "Công an tỉnh Sơn La",
}
REPORT = Item(
    occurrence_id="son-la-2316-2023/bao-cao-nam/so-tu-phap/2024",
    plan_id="son-la-2316-2023",
    plan_short="KH kèm QĐ 2316/QĐ-UBND",
    plan_number="2316/QĐ-UBND",
    lead_name="Công an tỉnh Sơn La",
    section="IV.1",
    quote="01 năm trước ngày 10/12",
    boundary=Boundary.BEFORE,
    kind=RuleKind.ANNUAL,
    title="Báo cáo năm 2024",
    product="Báo cáo kết quả thực hiện 01 năm",
    agency_name="Sở Tư pháp",
    relation=Relation.PEER,
    due=date(2024, 12, 10),
    last_day=date(2024, 12, 9),
    late_after=date(2024, 12, 10),
    days_left=7,
    days_late=0,
    overdue=False,
    last_working_day=False,
    window_from=None,
    window_to=None,
    destinations=(Destination("Công an tỉnh Sơn La", "main"),),
    state=State.OPEN,
    status_text="Sắp đến hạn (còn 7 ngày)",
    rung="before-7",
)


def item(today: date, relation: Relation = Relation.PEER, **changes: Any) -> Item:
    """The report as it stands on that day; what follows from the dates is computed as the register does."""
    changed = replace(REPORT, relation=relation, agency_name=BODIES[relation])
    changed = replace(changed, **changes)
    derived: dict[str, Any] = {
        "days_left": (changed.last_day - today).days,
        "days_late": max(0, (today - changed.late_after).days),
        "overdue": changed.state in OWED and today > changed.late_after,
    }
    return replace(changed, **{name: value for name, value in derived.items() if name not in changes})


def sheet(today: date, *mine: Item, kind: str = "digest", **changes: Any) -> Sheet:
    """A message to the body of the first item."""
    relation = mine[0].relation if mine else Relation.PEER
    agency = mine[0].agency_name if mine else BODIES[relation]
    base = Sheet(kind, today, "Văn thư", agency, relation, DESK, mine=mine)
    return replace(base, **changes)


def office_sheet(today: date, **changes: Any) -> Sheet:
    """A digest to a person of the lead unit, with the counts of the report."""
    counts = (PlanCount("KH kèm QĐ 2316/QĐ-UBND", "Báo cáo năm 2024", 7, 30),)
    base = Sheet("digest", today, "Trần Văn Bình", "Công an tỉnh Sơn La", Relation.PEER, DESK, counts=counts)
    return replace(base, **changes)
