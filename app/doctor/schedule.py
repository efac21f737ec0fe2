"""Does Prefect really schedule and execute? Judged on facts that ``flows.health`` gathers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.clock_guard import moment_text
from app.doctor.model import Finding, broken, fine, notice
from app.doctor.register import duration
from plans.calendar import WorkingCalendar, local_day, local_time, moment
from plans.text import _

ALIVE = timedelta(minutes=3)  # a worker tells the server every 30 seconds
LATE = timedelta(minutes=15)  # a run that should have started so long ago
_MANY_LATE = 20
_SYNC_TAKES = timedelta(minutes=75)  # every five minutes, but not from 07:20 to 07:50; and a restart may be on
_SETTLED = time(9, 0)  # by then the morning's run has ended
# How far ahead the next run of each fixed flow may be, weekends and nights counted.
HORIZONS = {
    "sweep": timedelta(hours=25),
    "deliver": timedelta(hours=16),
    "sync": timedelta(hours=2),
    "audit": timedelta(days=32),
}
_DAILY = ("sweep", "deliver")
RESTART = "dondoc up"


@dataclass(frozen=True, slots=True)
class FixedFlow:
    """The deployment of a flow for all plans: its coming run, and when its last run ended well."""

    paused: bool
    created: datetime | None = None
    coming: datetime | None = None
    ended: datetime | None = None


@dataclass(frozen=True, slots=True)
class Broke:
    """A run that ended by a fault, not in a state of ours."""

    name: str
    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class PrefectFacts:
    """What Prefect's server says at one moment.

    ``heartbeats``: when each worker last gave a sign of life. ``broke_in_all``: there may be more than are named.
    ``unsynced_since``: when the plans changed, where the deployments do not follow them yet.
    """

    version: str
    fixed: Mapping[str, FixedFlow]
    heartbeats: Sequence[datetime]
    pool_paused: bool = False
    broke: Sequence[Broke] = ()
    broke_in_all: int = 0
    late: int = 0
    late_since: datetime | None = None
    unsynced_since: datetime | None = None
    deployments_differ: bool = False


def judge_answer(facts: PrefectFacts | None, why: str, wanted: str) -> list[Finding]:
    """``why``: what stood in the way, where there is no answer; ``wanted``: the version that is installed here."""
    if facts is None:
        said = _("Prefect không trả lời ({why}). Lịch không chạy; sổ vẫn ghi được bằng lệnh dondoc.")
        return [broken(said.format(why=why), RESTART)]
    if facts.version and facts.version != wanted:
        said = _("Máy chủ Prefect là bản {theirs}, ở đây là {ours}.").format(theirs=facts.version, ours=wanted)
        return [notice(said, _("Dùng cùng một bản ở mọi máy; khởi động lại: dondoc up"))]
    return [fine(_("Prefect trả lời."))]


def judge_schedule(facts: PrefectFacts, *, now: datetime) -> list[Finding]:
    """Whether every fixed flow has a deployment that is on and a coming run."""
    missing = [name for name in HORIZONS if name not in facts.fixed]
    paused = [name for name, flow in facts.fixed.items() if flow.paused]
    idle = [
        name
        for name, flow in facts.fixed.items()
        if not flow.paused and (flow.coming is None or flow.coming - now > HORIZONS[name])
    ]
    found = []
    if missing:
        said = _("Thiếu lịch: {names}.").format(names=", ".join(missing))
        found.append(broken(said, _("Khởi động lại để tạo lại lịch: dondoc up")))
    if paused:
        said = _("Lịch đang bị tắt trên bảng Prefect: {names}.").format(names=", ".join(paused))
        found.append(broken(said, _("Bật lại ở mục Deployments của bảng Prefect.")))
    if idle:
        said = _("Không có lần chạy sắp tới: {names}. Bộ lập lịch của Prefect không làm việc.")
        found.append(broken(said.format(names=", ".join(idle)), RESTART))
    return found or [fine(_("Lịch có đủ, lần chạy sắp tới đã đặt."))]


def judge_past(facts: PrefectFacts, calendar: WorkingCalendar, *, now: datetime) -> list[Finding]:
    """Whether the last working morning's runs took place; one that is still on, and an office of today, are given
    time."""
    day = expected_day(calendar, now)
    morning = moment(day, time(7, 30))
    silent = [
        name
        for name in _DAILY
        if (flow := facts.fixed.get(name)) is not None
        and (flow.created is None or flow.created < morning)
        and (flow.ended is None or flow.ended < morning)
    ]
    if not silent:
        return [fine(_("Ngày làm việc gần nhất đã chạy."))]
    said = _("Ngày làm việc gần nhất ({day}) không có lần chạy nào xong: {names}.")
    text = said.format(day=f"{day:%d/%m/%Y}", names=", ".join(silent))
    return [broken(text, _("Máy có tắt hôm đó không? Rà soát và gửi ngay: dondoc advance, dondoc deliver"))]


def expected_day(calendar: WorkingCalendar, now: datetime) -> date:
    """The last working day whose morning must be over."""
    today = local_day(now)
    return calendar.on_or_before(today if local_time(now).time() >= _SETTLED else today - timedelta(days=1))


def judge_worker(facts: PrefectFacts, *, now: datetime) -> list[Finding]:
    if facts.pool_paused:
        said = _("Nhóm tiến trình (work pool) dondoc đang bị tắt trên bảng Prefect: không lịch nào chạy.")
        return [broken(said, _("Bật lại ở mục Work Pools của bảng Prefect."))]
    if any(now - at <= ALIVE for at in facts.heartbeats):
        return [fine(_("Tiến trình thực hiện đang chạy."))]
    if not facts.heartbeats:
        return [broken(_("Chưa có tiến trình thực hiện nào: không lịch nào chạy."), RESTART)]
    said = _("Tiến trình thực hiện im lặng từ {at}: không lịch nào chạy.")
    return [broken(said.format(at=moment_text(max(facts.heartbeats))), RESTART)]


def judge_runs(facts: PrefectFacts, *, now: datetime) -> Iterable[Finding]:
    """Runs that crashed, and runs that pile up."""
    found = []
    if facts.broke_in_all:
        newest = max(facts.broke, key=lambda run: run.at)
        said = _("{n} lần chạy bị lỗi kỹ thuật trong 24 giờ qua; gần nhất: {name} lúc {at} ({why}).")
        text = said.format(n=facts.broke_in_all, name=newest.name, at=moment_text(newest.at), why=newest.why[:120])
        found.append(notice(text, _("Xem lần chạy đó trên bảng Prefect và nhật ký logs/worker.log.")))
    if facts.late and facts.late_since is not None and now - facts.late_since > LATE:
        said = _("{n} lần chạy bị trễ, lâu nhất {age}.").format(n=facts.late, age=duration(now - facts.late_since))
        remedy = _("Xem tiến trình thực hiện có chạy không; các lần trễ chạy bù không gửi hai lần.")
        found.append(broken(said, remedy) if facts.late >= _MANY_LATE else notice(said, remedy))
    return found or [fine(_("Không có lần chạy lỗi hoặc trễ."))]


def judge_sync(facts: PrefectFacts, *, now: datetime) -> list[Finding]:
    """Whether the deployments are those of the plans."""
    remedy = _("Chạy lịch sync trên bảng Prefect, hoặc khởi động lại: dondoc up")
    if facts.unsynced_since is not None and now - facts.unsynced_since > _SYNC_TAKES:
        said = _("Kế hoạch đổi từ {at} nhưng lịch chạy chưa đổi theo.").format(at=moment_text(facts.unsynced_since))
        return [broken(said, remedy)]
    synced = facts.fixed.get("sync")
    if (
        facts.deployments_differ
        and synced is not None
        and synced.ended is not None
        and now - synced.ended > _SYNC_TAKES
    ):
        return [broken(_("Có lịch chạy bị xóa hoặc thêm trên Prefect."), remedy)]
    return [fine(_("Lịch chạy đúng theo các kế hoạch."))]
