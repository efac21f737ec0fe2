"""A board, a register and a Prefect server that live in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid4

from app.board import DutyState, LateItem, MonthAudit, PlanHead, PlanRow
from app.duty_board import DutyBoard, RungDay
from app.naming import rung_label
from app.settings import Settings
from app.standstill import Standstill
from app.week.keeping import Kept
from flows.client import ComingRun, Existing
from flows.specs import DeploymentSpec
from notifications.delivery import DeliveryCounts
from notifications.planner import AdvanceCounts
from plans.calendar import WorkingCalendar, moment, shipped_calendar


def at(day: date, clock: str) -> datetime:
    """That time of that day in Vietnam."""
    return moment(day, time.fromisoformat(clock))


SON_LA = DutyBoard(
    plan_id="son-la-2316-2023",
    plan_name="2316/QĐ-UBND",
    duty_id="bao-cao-nam",
    title="Báo cáo năm",
    description="**Báo cáo năm** của 19 cơ quan",
    kind="annual",
    lead_name="Công an tỉnh Sơn La",
    agencies=("Sở Tài chính", "Sở Tư pháp"),
    tags=("plan:son-la-2316-2023", "kind:annual"),
    sample=False,
    days=(
        RungDay("before-7", date(2024, 12, 2), "2024"),
        RungDay("due", date(2024, 12, 9), "2024"),
        RungDay("before-7", date(2025, 12, 2), "2025"),
        RungDay("due", date(2025, 12, 9), "2025"),
    ),
)
SAMPLE = replace(
    SON_LA, plan_id="mau", plan_name="MẪU · 01/KH-UBND", tags=("plan:mau", "MẪU"), sample=True, duty_id="bao-cao"
)


def duty_state(*, total: int = 19, received: int = 16, late: Sequence[LateItem] = ()) -> DutyState:
    return DutyState(
        plan_id=SON_LA.plan_id,
        plan_name=SON_LA.plan_name,
        duty_id=SON_LA.duty_id,
        title="Báo cáo năm 2024",
        total=total,
        received=received,
        open=total - received,
        late=tuple(late),
        period="2024",
    )


def late(agency: str, days: int) -> LateItem:
    return LateItem(agency, days, date(2024, 12, 9), "2024")


@dataclass
class FakeBoard:
    """Answers what a test puts in; counts how often the duties were asked for."""

    duties: list[DutyBoard] = field(default_factory=lambda: [SON_LA])
    changed_at: datetime | None = None
    state: DutyState | None = field(default_factory=duty_state)
    rows: list[PlanRow] = field(default_factory=list)
    audit: MonthAudit = field(default_factory=lambda: MonthAudit(date(2024, 11, 1), (), ()))
    asked: int = 0

    def active_plans(self) -> list[PlanHead]:
        found = {d.plan_id: PlanHead(d.plan_id, d.plan_name, "Kế hoạch", d.lead_name, d.sample) for d in self.duties}
        return list(found.values())

    def dated_duties(self, *, now: datetime) -> list[DutyBoard]:
        self.asked += 1
        return list(self.duties)

    def duty_state(self, plan_id: str, duty_id: str, *, now: datetime) -> DutyState | None:
        return self.state

    def plan_table(self, plan_id: str, *, now: datetime) -> list[PlanRow]:
        return self.rows

    def month_audit(self, *, month: date, now: datetime) -> MonthAudit:
        return replace(self.audit, month=month.replace(day=1))

    def calendar(self) -> WorkingCalendar:
        return shipped_calendar()

    def work_changed_at(self) -> datetime | None:
        return self.changed_at

    @staticmethod
    def rung_label(rung: str) -> str:
        return rung_label(rung)


@dataclass
class FakeDondoc:
    """The use cases, noting in which order they were called."""

    board: FakeBoard = field(default_factory=FakeBoard)
    delivery: DeliveryCounts = field(default_factory=DeliveryCounts)
    calls: list[str] = field(default_factory=list)
    halt: Standstill | None = None
    settings: Settings = field(default_factory=Settings)
    page_broken: bool = False

    def standstill(self, *, now: datetime) -> Standstill | None:
        return self.halt

    def advance(self, *, now: datetime) -> AdvanceCounts:
        self.calls.append("advance")
        return AdvanceCounts(materialised=5, missed=3, queued=2, skipped=1)

    def compose(self, *, now: datetime) -> int:
        self.calls.append("compose")
        return 4

    def tell_month(self, *, month: date, now: datetime) -> int:
        self.calls.append(f"tell_month {month:%Y-%m}")
        return 1

    def week_pages(self, *, now: datetime) -> Kept:
        self.calls.append("week_pages")
        if self.page_broken:
            raise ValueError("no page")
        return Kept()

    def tell_week(self, *, now: datetime) -> int:
        self.calls.append("tell_week")
        return 1

    def deliver(self, *, now: datetime) -> DeliveryCounts:
        self.calls.append("deliver")
        return self.delivery


@dataclass
class FakeServer:
    """Does what Prefect does: a written deployment loses its coming runs; runs are born with two English words."""

    held: dict[UUID, Existing] = field(default_factory=dict)
    runs: dict[UUID, ComingRun] = field(default_factory=dict)
    note: Any = None
    writes: list[str] = field(default_factory=list)

    async def deployments(self) -> list[Existing]:
        return list(self.held.values())

    async def count(self) -> int:
        return len(self.held)

    async def put(self, spec: DeploymentSpec) -> UUID:
        self.writes.append(f"put {spec.name}")
        found = [each.id for each in self.held.values() if each.spec.key == spec.key]
        key = found[0] if found else uuid4()
        self.held[key] = Existing(key, spec, paused=False)
        self._forget(key)
        return key

    async def delete(self, deployment_id: UUID) -> None:
        self.writes.append(f"delete {self.held.pop(deployment_id).spec.name}")
        self._forget(deployment_id)

    async def make_runs(self, deployment_id: UUID, until: datetime) -> None:
        self.writes.append(f"make runs of {self.held[deployment_id].spec.name}")
        there = {(run.rung, run.at) for run in self.runs.values() if run.deployment_id == deployment_id}
        for timetable in self.held[deployment_id].spec.timetables:
            for moment_ in timetable.moments:
                if moment_ <= until and (timetable.slug, moment_) not in there:
                    run = ComingRun(uuid4(), deployment_id, "amber-nightingale", timetable.slug, moment_)
                    self.runs[run.id] = run

    async def coming_runs(self, deployment_ids: Sequence[UUID], now: datetime) -> list[ComingRun]:
        return [run for run in self.runs.values() if run.deployment_id in deployment_ids and run.at > now]

    async def forget_table(self, plan_id: str) -> None:
        self.writes.append(f"forget {plan_id}")

    async def rename(self, run_id: UUID, name: str) -> None:
        self.writes.append(f"rename {name}")
        self.runs[run_id] = replace(self.runs[run_id], name=name)

    async def marker(self) -> Any:
        return self.note

    async def set_marker(self, value: dict[str, Any]) -> None:
        self.writes.append("marker")
        self.note = value

    def _forget(self, deployment_id: UUID) -> None:
        self.runs = {key: run for key, run in self.runs.items() if run.deployment_id != deployment_id}

    def pause(self, name: str) -> None:
        """Somebody pauses a deployment in the dashboard: Prefect drops its coming runs."""
        [key] = [key for key, each in self.held.items() if each.spec.name == name]
        self.held[key] = replace(self.held[key], paused=True)
        self._forget(key)
