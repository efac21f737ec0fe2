"""What can go wrong in the register. Each message tells a person what is wrong and what to do."""

from __future__ import annotations

from plans.text import _


class RegisterError(Exception):
    """Base of all errors of this package; ``str()`` is fit for a coordinator to read."""


class PlanUnknown(RegisterError):
    def __init__(self, plan_id: str) -> None:
        super().__init__(_("Không có kế hoạch {plan}. Xem danh sách: dondoc plans").format(plan=plan_id))
        self.plan_id = plan_id


class PlanNotActive(RegisterError):
    def __init__(self, plan_id: str) -> None:
        super().__init__(_("Kế hoạch {plan} chưa được theo dõi. Bắt đầu: dondoc activate {plan}").format(plan=plan_id))


class PlanAlreadyActive(RegisterError):
    def __init__(self, plan_id: str) -> None:
        super().__init__(
            _("Kế hoạch {plan} đang được theo dõi rồi. Sửa ngày bắt đầu: dondoc activate {plan} --from NGÀY").format(
                plan=plan_id
            )
        )


class PlanStopped(RegisterError):
    """The plan is not followed any more: papers are still written down, nothing else is done."""

    def __init__(self, plan_id: str, move: str) -> None:
        super().__init__(
            _(
                "Không thể {move}: kế hoạch {plan} đã dừng theo dõi, chỉ ghi nhận, chấp nhận và sửa văn bản. "
                "Theo dõi lại: dondoc activate {plan}"
            ).format(move=move, plan=plan_id)
        )
        self.plan_id = plan_id


class AgencyUnknown(RegisterError):
    def __init__(self, agency_id: str, near: str | None = None) -> None:
        hint = _(" Có phải {near}?").format(near=near) if near else ""
        super().__init__(_("Không có cơ quan {agency} trong danh mục.{hint}").format(agency=agency_id, hint=hint))
        self.agency_id = agency_id


class OccurrenceUnknown(RegisterError):
    def __init__(self, pattern: str) -> None:
        super().__init__(
            _("Không có kỳ nào khớp với {pattern}. Xem mã kỳ: dondoc due --format csv").format(pattern=pattern)
        )


class MoveRefused(RegisterError):
    """The occurrence is not in a state from which this move leads on."""

    def __init__(self, occurrence: str, move: str, status: str) -> None:
        super().__init__(
            _("Không thể {move} với {occurrence}: kỳ này đang ở trạng thái “{status}”.").format(
                move=move, occurrence=occurrence, status=status
            )
        )


class BadInput(RegisterError):
    """A value that a person typed cannot be right."""


class ChangedMeanwhile(RegisterError):
    """Somebody else moved the same occurrence between reading and writing."""

    def __init__(self, occurrence: str) -> None:
        super().__init__(
            _("{occurrence} vừa được người khác thay đổi. Xem lại rồi làm lại.").format(occurrence=occurrence)
        )
