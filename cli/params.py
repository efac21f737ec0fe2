"""What people type: days, moments, formats, and patterns of occurrences."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any, TypeVar

import click

from plans.calendar import MORNING, ZONE, moment
from plans.text import _
from plans.values import Unreadable, calendar_day

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

_SPLIT = re.compile(r"[T ]+")


class DayType(click.ParamType[date]):
    """2024-12-09 or 09/12/2024."""

    name = "day"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        return _("NGÀY")

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return calendar_day(value.strip())
        except Unreadable as error:
            self.fail(f"{error.message}. {error.hint}.", param, ctx)


class MomentType(click.ParamType[datetime]):
    """2024-12-09T07:30, "09/12/2024 07:30", with an offset or on the Vietnamese clock; a bare day means 07:30."""

    name = "moment"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        return _("THỜI-ĐIỂM")

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        day_text, *rest = _SPLIT.split(value.strip(), maxsplit=1)
        try:
            day = calendar_day(day_text)
            if not rest:
                return moment(day, MORNING)
            at = datetime.fromisoformat(f"{day.isoformat()}T{rest[0]}")
        except Unreadable as error:
            self.fail(f"{error.message}. {error.hint}.", param, ctx)
        except ValueError:
            said = _("không hiểu giờ “{text}”. Viết như 2024-12-09T07:30 hoặc “09/12/2024 07:30”.")
            self.fail(said.format(text=rest[0][:30]), param, ctx)
        return (at if at.tzinfo else at.replace(tzinfo=ZONE)).astimezone(UTC)


DAY = DayType()
MOMENT = MomentType()


def formats(*choices: str) -> Callable[[Decorated], Decorated]:
    """``--format``; the first one is the default."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(choices),
        default=choices[0],
        show_default=True,
        help=_("Dạng kết quả."),
    )


def occurrences(command: Decorated) -> Decorated:
    """The occurrences a move is for: ids, or patterns with ``*``."""
    return click.argument("patterns", metavar=_("KỲ…"), nargs=-1, required=True)(command)


def plan_option(command: Decorated) -> Decorated:
    return click.option("--plan", "plan_id", metavar=_("KẾ-HOẠCH"), help=_("Chỉ một kế hoạch."))(command)


def agency_option(command: Decorated) -> Decorated:
    return click.option("--agency", metavar=_("CƠ-QUAN"), help=_("Chỉ một cơ quan: mã, tên hoặc tên viết tắt."))(
        command
    )


def period_options(command: Decorated) -> Decorated:
    """``--from`` and ``--to``: days, both included."""
    ending = click.option("--to", "end", type=DAY, help=_("Đến hết ngày này."))
    return click.option("--from", "start", type=DAY, help=_("Từ ngày này."))(ending(command))


def in_order(start: date | None, end: date | None) -> None:
    """Refuses a period that ends before it begins."""
    if start is not None and end is not None and end < start:
        raise click.UsageError(_("--to trước --from: khoảng thời gian không có ngày nào."))


def joined(words: Sequence[str], most: int = 5) -> str:
    """The first few, and how many more."""
    shown = ", ".join(words[:most])
    return shown if len(words) <= most else _("{shown} và {n} nữa").format(shown=shown, n=len(words) - most)
