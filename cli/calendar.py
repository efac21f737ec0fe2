"""``dondoc calendar``: which days are worked, and what a change of them moves."""

from __future__ import annotations

from datetime import date, timedelta

import click
from sqlalchemy import select
from sqlalchemy.engine import Connection

from cli import output
from cli.commands import group
from cli.params import DAY, formats
from cli.session import Session, session
from plans.calendar import WorkingCalendar
from plans.text import _, _n, day_text, weekday_text
from tasks.materialise import recompute
from tasks.model import Cause
from tasks.office import mark_day, working_calendar
from tasks.tables import calendar_day, occurrence

_SHOWN = 10


@group(
    _("Lịch ngày làm việc: theo thông báo nghỉ lễ chính thức, đơn vị sửa được từng ngày."),
    "dondoc calendar list 2026",
    "dondoc calendar off 2026-12-31 --name 'Nghỉ theo thông báo của tỉnh'",
)
def calendar_command() -> None:
    """Only holds its subcommands."""


@calendar_command.command(
    "list",
    help=_("Các ngày nghỉ (trừ thứ Bảy, Chủ nhật) và ngày làm bù trong một năm."),
    options_metavar=_("[TÙY-CHỌN]"),
)
@click.argument("year", metavar=_("NĂM"), type=click.IntRange(1946, 2099))
@formats("table", "json")
def list_days_command(year: int, form: str) -> None:
    with session() as opened, opened.reading() as connection:
        calendar = working_calendar(connection)
        changed = {row.day: row for row in connection.execute(select(calendar_day))}
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    special = [d for d in days if d.year == year and calendar.is_working(d) != (d.weekday() < 5)]
    if form == "json":
        output.write_json(
            [
                {"day": d, "working": calendar.is_working(d), "name": _name(calendar, d), "changed": d in changed}
                for d in special
            ]
        )
        return
    rows = [
        (
            weekday_text(d),
            _("làm việc") if calendar.is_working(d) else _("nghỉ"),
            _name(calendar, d),
            _("đơn vị đặt") if d in changed else _("có sẵn"),
        )
        for d in special
    ]
    output.table([_("Ngày"), _("Nghỉ / làm"), _("Lý do"), _("Nguồn")], rows)
    if year not in calendar.official_years:
        output.say()
        output.say(_("Năm {year} chưa có thông báo chính thức: các ngày trên là dự kiến.").format(year=year))


def _name(calendar: WorkingCalendar, day: date) -> str:
    return calendar.why_off(day) or _("làm bù")


@calendar_command.command("off", help=_("Đặt một ngày là ngày nghỉ."), options_metavar=_("[TÙY-CHỌN]"))
@click.argument("day", metavar=_("NGÀY"), type=DAY)
@click.option("--name", required=True, metavar=_("LÝ-DO"), help=_("Lý do nghỉ, ví dụ số văn bản."))
def off_command(day: date, name: str) -> None:
    _mark(day, working=False, name=name)


@calendar_command.command("work", help=_("Đặt một ngày là ngày làm việc."), options_metavar=_("[TÙY-CHỌN]"))
@click.argument("day", metavar=_("NGÀY"), type=DAY)
@click.option("--name", default="", metavar=_("LÝ-DO"), help=_("Lý do, ví dụ làm bù cho ngày nào."))
def work_command(day: date, name: str) -> None:
    _mark(day, working=True, name=name)


@calendar_command.command("reset", help=_("Trở lại lịch có sẵn cho một ngày."), options_metavar=_("[TÙY-CHỌN]"))
@click.argument("day", metavar=_("NGÀY"), type=DAY)
def reset_command(day: date) -> None:
    _mark(day, working=None, name="")


def _mark(day: date, *, working: bool | None, name: str) -> None:
    """Changes the day and computes the deadlines anew, in one transaction."""
    with session() as opened, opened.writing() as connection:
        before = working_calendar(connection).is_working(day)
        mark_day(connection, day, working=working, name=name, now=opened.now, actor=opened.actor)
        after = working_calendar(connection).is_working(day)
        moved = recompute(connection, now=opened.now, cause=Cause.CALENDAR)
        words = {True: _("làm việc"), False: _("nghỉ")}
        said = _("{day}: {before} → {after}.") if before != after else _("{day}: {after}, không đổi.")
        output.say(said.format(day=weekday_text(day), before=words[before], after=words[after]))
        say_recomputed(connection, opened, moved, Cause.CALENDAR)


def say_recomputed(connection: Connection, opened: Session, moved: int, cause: Cause) -> None:
    """How many deadlines moved, and the first of them."""
    output.say(_n("Ngày tính quá hạn thay đổi: {n} kỳ. Lịch nhắc được tính lại.", moved).format(n=moved))
    if moved == 0:
        return
    fresh = (occurrence.c.cause == cause.value) & (occurrence.c.changed_at == opened.now)
    chosen = select(occurrence.c.id, occurrence.c.late_after).where(fresh)
    for row in connection.execute(chosen.order_by(occurrence.c.late_after, occurrence.c.id).limit(_SHOWN)):
        said = _("  {occurrence}: tính quá hạn sau {day}")
        output.say(said.format(occurrence=row.id, day=day_text(row.late_after)))
    if moved > _SHOWN:
        output.say(_("  … và {n} kỳ nữa").format(n=moved - _SHOWN))
