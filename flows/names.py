"""What runs and deployments are called, so that a coordinator can read the Prefect dashboard."""

from __future__ import annotations

from collections.abc import Iterable

from plans.model import Duty, Recurrence, RuleKind
from plans.text import _
from tasks.naming import occurrence_title

SEPARATOR = " · "
_LONGEST = 110  # titles are whole clauses at times; a name has to fit a line


def sample_mark() -> str:
    """The word that stands on everything invented."""
    return _("MẪU")


def duty_name(title: str, kind: str, periods: Iterable[str]) -> str:
    """``Báo cáo năm`` of ``2024`` -> ``Báo cáo năm 2024``, as messages call it; several periods are listed."""
    duty = Duty(id="", title=title, section="", rule=Recurrence(kind=RuleKind(kind)), responsible=())
    return ", ".join(occurrence_title(duty, period) for period in periods)


def run_name(plan_name: str, work: str, reason: str) -> str:
    """``2316/QĐ-UBND · Báo cáo năm 2024 · nhắc trước 7 ngày``."""
    return SEPARATOR.join([plan_name, _shortened(work), reason])


def table_key(plan_id: str) -> str:
    """Under which a plan's table of agencies stands among Prefect's artifacts."""
    return f"plan-{plan_id}"


def fixed_name(flow: str) -> str | None:
    """What a run of a flow for all plans is called, before it starts as afterwards; None for any other flow."""
    known = {
        "sweep": _("Rà soát hằng ngày"),
        "deliver": _("Gửi thông báo"),
        "audit": _("Kiểm tra tháng"),
        "sync": _("Đưa kế hoạch vào lịch chạy"),
        "backup": _("Sao lưu hằng ngày"),
    }
    return known.get(flow)


def readable(name: str) -> bool:
    """Whether a run has been given a name already; Prefect's own are two English words."""
    return SEPARATOR in name


def deployment_name(plan_id: str, duty_id: str, *, sample: bool) -> str:
    """``son-la-2316-2023.bao-cao-nam``."""
    name = f"{plan_id}.{duty_id}"
    return f"{name} ({sample_mark()})" if sample else name


def _shortened(work: str) -> str:
    if len(work) <= _LONGEST:
        return work
    return work[:_LONGEST].rsplit(" ", 1)[0].rstrip(" ,;") + "…"
