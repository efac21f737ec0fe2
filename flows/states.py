"""The end states a coordinator reads on a run. Business names only: a technical failure keeps Prefect's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect.states import Completed, Failed

from plans.text import _, _n

if TYPE_CHECKING:
    from prefect.client.schemas.objects import State

    from app.board import DutyState, LateItem
    from app.standstill import Standstill

_NAMED_IN_FULL = 20


def duty_end(state: DutyState | None) -> State[Any]:
    """On time, within its time, all in but some late, or overdue with the agencies that are late."""
    if state is None:
        return Completed(name=_("Không còn theo dõi"), message=_("Kế hoạch hoặc nhiệm vụ đã ngừng theo dõi."))
    if state.late:
        return Failed(name=_("Quá hạn"), message=late_text(state))
    received = _("{n}/{total} cơ quan đã gửi").format(n=state.received, total=state.total)
    if state.open:
        return Completed(name=_("Đang trong hạn"), message=received)
    if state.received_late:
        late = _("{received}, trong đó {n} gửi chậm").format(received=received, n=state.received_late)
        return Completed(name=_("Nhận đủ, có gửi chậm"), message=late)
    return Completed(name=_("Đúng hạn"), message=received)


def halted(found: Standstill, summary: str = "") -> State[Any]:
    """A person has to confirm first. Failed, so that it is seen: nothing leaves until then."""
    return Failed(name=found.name, message=f"{found.text} {summary}".strip())


def late_text(state: DutyState) -> str:
    """``3/19 cơ quan chưa gửi: Sở Tài chính (quá hạn 2 ngày), …``; a body late twice counts once."""
    longest: dict[str, LateItem] = {}
    for item in sorted(state.late, key=lambda item: -item.days_late):
        longest.setdefault(item.agency, item)
    shown = [_late_agency(item) for item in list(longest.values())[:_NAMED_IN_FULL]]
    if more := len(longest) - len(shown):
        shown.append(_("và {n} cơ quan khác").format(n=more))
    text = _("{n}/{total} cơ quan chưa gửi: {agencies}")
    return text.format(n=len(longest), total=state.total, agencies=", ".join(shown))


def _late_agency(item: LateItem) -> str:
    return _n("{agency} (quá hạn {n} ngày)", item.days_late).format(agency=item.agency, n=item.days_late)
