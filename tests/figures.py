"""The valley with a monthly report that brings figures, for the tests of figures."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from plans.model import Figure, FigureKind
from tasks import figure_desk
from tasks.database import writing
from tests.support import PLAN, PLAN_DUTIES, Valley, plan_text

HEAD = """\
targets:
  - {id: viec-lam, section: II.1, text: Được giới thiệu việc làm, unit: "%", at_least: 80}
  - {id: mo-hinh, section: II.2, text: Mô hình, unit: mô hình, at_least: 10}
figures:
  - {id: nhu-cau, name: Người có nhu cầu, kind: people, duties: [bao-cao]}
  - {id: gioi-thieu, name: Người được giới thiệu, kind: people, duties: [bao-cao]}
  - id: ty-le
    name: Tỷ lệ giới thiệu
    kind: percent
    duties: [bao-cao]
    target: viec-lam
    numerator: gioi-thieu
    denominator: nhu-cau
  - {id: mo-hinh, name: Mô hình đã lập, kind: count, unit: mô hình, duties: [bao-cao], target: mo-hinh}
  - {id: tien, name: Tiền cho vay, kind: amount, unit: triệu đồng, duties: [bao-cao], cumulative: true}
  - {id: hai-long, name: Tỷ lệ hài lòng, kind: percent, duties: [bao-cao]}
"""
REPORTS = """\
  - id: bao-cao
    title: Báo cáo tháng
    section: IV.1
    responsible: [so-tai-chinh, so-noi-vu, mat-tran]
    due: {kind: monthly, day: 10, boundary: before, quote: "trước ngày 10 hằng tháng", from: 2024-02-01}
    recipients: [{agency: cong-an}]
"""
TEXT = plan_text(PLAN_DUTIES + REPORTS, head=HEAD)
FEBRUARY, MARCH = "2024-02", "2024-03"


def of(slug: str, period: str = MARCH) -> str:
    """The occurrence of that body's report."""
    return f"{PLAN}/bao-cao/{slug}/{period}"


def put(valley: Valley, occurrence_id: str, values: Mapping[str, object]) -> figure_desk.Typed:
    exact = {it: None if value is None else Decimal(str(value)) for it, value in values.items()}
    with writing(valley.engine) as c:
        return figure_desk.put(c, occurrence_id, exact, now=valley.now, actor="test")


def figure(kind: str, unit: str | None = None, *, it: str = "x", **more: str) -> Figure:
    return Figure(it, it.upper(), FigureKind(kind), ("bao-cao",), unit=unit, **more)  # type: ignore[arg-type]
