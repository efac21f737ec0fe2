"""What Prefect should hold: the duties on the board and the fixed flows, as deployments. Pure.

Two specs are equal when Prefect need not be told anything. There is no hash to go stale: the existing
deployment is read back into a spec and compared field by field.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from enum import StrEnum
from typing import TYPE_CHECKING

from flows import names
from plans.calendar import MORNING, ZONE
from plans.text import _

if TYPE_CHECKING:
    from app.duty_board import DutyBoard, RungDay

TAG = "dondoc"  # on everything that is ours: what does not carry it is left alone
FOLLOW = "follow"
LONGEST_RULE = 6_500  # characters; Prefect refuses a longer RRULE text
_MOMENT = "%Y%m%dT%H%M%S"


class Collision(StrEnum):
    """What happens to a run that starts while another one of the same deployment is at work."""

    WAIT = "ENQUEUE"
    DROP = "CANCEL_NEW"


@dataclass(frozen=True, slots=True)
class Timetable:
    """One schedule: exact moments, or a cron line."""

    slug: str
    moments: tuple[datetime, ...] = ()
    cron: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    zone: str = ZONE.key

    def after(self, now: datetime) -> Timetable:
        return replace(self, moments=tuple(at for at in self.moments if at > now))


@dataclass(frozen=True, slots=True)
class DeploymentSpec:
    """One deployment. ``run_names`` (rung and moment -> name) is not part of what Prefect stores in it."""

    flow: str
    name: str
    description: str
    tags: tuple[str, ...]
    entrypoint: str
    timetables: tuple[Timetable, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    one_at_a_time: Collision | None = None
    run_names: Mapping[tuple[str, datetime], str] = field(default_factory=dict, compare=False)

    @property
    def key(self) -> tuple[str, str]:
        return self.flow, self.name

    def after(self, now: datetime) -> DeploymentSpec:
        """Without the moments that have passed: they differ every day and mean nothing any more."""
        ahead = (timetable.after(now) for timetable in self.timetables)
        kept = [timetable for timetable in ahead if timetable.moments or timetable.cron]
        return replace(self, timetables=tuple(sorted(kept, key=lambda timetable: timetable.slug)))


def follow_spec(duty: DutyBoard, *, label: Callable[[str], str], now: datetime, at: time = MORNING) -> DeploymentSpec:
    """The deployment of one dated duty: a timetable per rung, a name for every coming run."""
    days: defaultdict[str, defaultdict[date, list[RungDay]]] = defaultdict(lambda: defaultdict(list))
    for rung_day in duty.days:
        days[rung_day.rung][rung_day.day].append(rung_day)
    timetables, run_names = [], {}
    for rung, by_day in days.items():
        moments = _that_fit(datetime.combine(day, at, tzinfo=ZONE) for day in by_day)
        parameters = {"plan": duty.plan_id, "duty": duty.duty_id, "rung": rung}
        timetables.append(Timetable(slug=rung, moments=moments, parameters=parameters))
        for moment in moments:
            periods = dict.fromkeys(rung_day.period for rung_day in by_day[moment.date()])
            work = names.duty_name(duty.title, duty.kind, periods)
            run_names[rung, moment] = names.run_name(duty.plan_name, work, label(rung))
    return DeploymentSpec(
        flow=FOLLOW,
        name=names.deployment_name(duty.plan_id, duty.duty_id, sample=duty.sample),
        description=duty.description,
        tags=_tags(duty),
        entrypoint="flows.follow.follow",
        timetables=tuple(timetables),
        parameters={"plan": duty.plan_id, "duty": duty.duty_id},
        run_names=run_names,
    ).after(now)


def _tags(duty: DutyBoard) -> tuple[str, ...]:
    marks = [names.sample_mark()] if duty.sample else []
    return tuple(sorted({TAG, *duty.tags, *marks}))


def rule_text(moments: Iterable[datetime]) -> str:
    """The RRULE text that names exactly these moments: no recurrence rule knows our calendar (D3)."""
    texts = [f"{moment:{_MOMENT}}" for moment in moments]
    return f"DTSTART:{texts[0]}\nRDATE:{','.join(texts)}"


def moments_of(rule: str, zone: str = ZONE.key) -> tuple[datetime, ...] | None:
    """The moments of a text made by ``rule_text``; None for any other rule or time zone."""
    head, _newline, dates = rule.partition("\nRDATE:")
    if not head.startswith("DTSTART:") or not dates or zone != ZONE.key:
        return None
    try:
        return tuple(datetime.strptime(text, _MOMENT).replace(tzinfo=ZONE) for text in dates.split(","))
    except ValueError:
        return None


def _that_fit(moments: Iterable[datetime]) -> tuple[datetime, ...]:
    """The nearest ones, where there are more than one rule can name; the rest follows as days pass."""
    each = len("20240101T073000,")
    return tuple(sorted(moments)[: LONGEST_RULE // each - 2])


def fixed_specs() -> tuple[DeploymentSpec, ...]:
    """The flows for all plans together. ``prefect.yaml`` says the same for ``prefect deploy`` (a test compares)."""
    return (
        DeploymentSpec(
            flow="sweep",
            name="sweep",
            description=_("Rà soát hằng ngày: cập nhật kỳ hạn, ghi nhận quá hạn, soạn thông báo của mọi kế hoạch."),
            tags=(TAG,),
            entrypoint="flows.sweep.sweep",
            timetables=(Timetable("daily", cron="30 7 * * *"),),
            one_at_a_time=Collision.WAIT,
        ),
        DeploymentSpec(
            flow="deliver",
            name="deliver",
            description=_("Gửi thông báo đang chờ, 10 phút một lần từ 7h30 đến 17h30; ngày nghỉ thì để lại."),
            tags=(TAG,),
            entrypoint="flows.deliver.deliver",
            timetables=(
                Timetable("day", cron="*/10 8-16 * * *"),
                Timetable("evening", cron="0-30/10 17 * * *"),
                Timetable("morning", cron="30-50/10 7 * * *"),
            ),
            one_at_a_time=Collision.DROP,
        ),
        DeploymentSpec(
            flow="audit",
            name="audit",
            description=_("Kiểm tra tháng: việc quá hạn và gửi chậm của tháng trước, vào ngày làm việc đầu tháng."),
            tags=(TAG,),
            entrypoint="flows.audit.audit",
            timetables=(Timetable("first-days", cron="0 8 1-10 * *"),),
        ),
        DeploymentSpec(
            flow="sync",
            name="sync",
            description=_("Đưa kế hoạch vào lịch chạy: 6h30 hằng ngày và trong vòng 5 phút khi có thay đổi."),
            tags=(TAG,),
            entrypoint="flows.sync.sync",
            # Not between 07:20 and 07:50: see flows.sync.
            timetables=(
                Timetable("around-seven", cron="0-15/5,55 7 * * *"),
                Timetable("other-hours", cron="*/5 0-6,8-23 * * *"),
            ),
            one_at_a_time=Collision.DROP,
        ),
        DeploymentSpec(
            flow="backup",
            name="backup",
            description=_("Sao lưu hằng ngày: mỗi ngày một bản, từ 12h15; máy tắt lúc đó thì làm khi bật lại."),
            tags=(TAG,),
            entrypoint="flows.backup.backup",
            # Hourly: a run finds a copy that is there already, or makes the one that was missed.
            timetables=(Timetable("hourly", cron="15 8-17 * * *"),),
            one_at_a_time=Collision.DROP,
        ),
    )
