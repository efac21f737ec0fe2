"""All checks of an installation, in the order in which somebody on duty wants to read them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.engine import Connection

from app.doctor import channels, database, machine, mail, people, register, schedule
from app.doctor.model import Check, Finding, Level, worst
from app.doctor.running import examine
from app.doctor.schedule import PrefectFacts
from app.settings import Settings
from plans.text import _
from tasks.database import reading
from tasks.office import working_calendar

HOURS = 3600.0  # what --thorough may take
AskPrefect = Callable[[bool], PrefectFacts]  # told whether the register can be asked as well


def rounds(
    settings: Settings, engine: Engine, *, ask_prefect: AskPrefect, now: datetime, thorough: bool = False
) -> list[Finding]:
    """Examines everything. ``ask_prefect`` raises what stands in the way, in words.

    Where the database cannot be used, what lies in it is not asked for; Prefect, disk and mail are.
    """
    first = examine([Check("database", _("Cơ sở dữ liệu"), partial(database.look_at_database, engine))])
    usable = worst(first) is not Level.BROKEN
    of_register = _of_register(settings, engine, now, thorough) if usable else []
    checks = [*of_register, *_of_machine(settings, engine, now, usable)]
    prefect = _Prefect(ask_prefect, engine if usable else None, now)
    return first + examine([*checks, Check("prefect", "Prefect", prefect.look, seconds=20.0)])


def _of_register(settings: Settings, engine: Engine, now: datetime, thorough: bool) -> list[Check]:
    def ask(look: Callable[[Connection], Iterable[Finding]]) -> Callable[[], Iterable[Finding]]:
        def asked() -> Iterable[Finding]:
            with reading(engine) as connection:
                return list(look(connection))

        return asked

    long = HOURS if thorough else 15.0
    return [
        Check("hold", _("Tạm dừng gửi"), ask(register.look_at_hold)),
        Check("clock", _("Ngày giờ"), ask(partial(register.look_at_clock, now=now))),
        Check("planner", _("Rà soát"), ask(partial(register.look_at_planner, now=now))),
        Check("outbox", _("Thông báo"), ask(partial(register.look_at_outbox, now=now))),
        Check("channels", _("Kênh gửi"), ask(partial(channels.look_at_channels, settings=settings, now=now))),
        Check("people", _("Người nhận"), ask(partial(people.look_at_people, now=now))),
        Check("calendar", _("Lịch làm việc"), ask(partial(register.look_at_calendar, now=now))),
        Check("backup", _("Sao lưu"), ask(partial(register.look_at_backup, now=now))),
        Check("file", _("Tệp dữ liệu"), partial(database.look_at_integrity, engine, thorough=thorough), long),
        Check("trail", _("Nhật ký"), partial(database.look_at_trail, engine, thorough=thorough), long),
    ]


def _of_machine(settings: Settings, engine: Engine, now: datetime, usable: bool) -> list[Check]:
    folders: list[Path] = [settings.home, settings.backups]
    server_clock = partial(machine.look_at_server_clock, engine, clock=now)
    return [
        Check("disk", _("Ổ đĩa"), partial(machine.look_at_disk, folders)),
        Check("zone", _("Múi giờ"), machine.look_at_zone),
        *([Check("server-clock", _("Đồng hồ máy chủ"), server_clock)] if usable else []),
        Check("versions", _("Thư viện"), machine.look_at_versions),
        Check("mail", _("Máy chủ thư"), partial(mail.look_at_mail, settings.mail_url, now=now), 15.0),
        Check("providers", _("Nhà cung cấp"), partial(channels.look_at_providers, settings), 15.0),
        Check("heartbeat", _("Báo ra ngoài"), partial(mail.look_at_heartbeat, settings.heartbeat_url)),
    ]


class _Prefect:
    """One question to the server, several answers."""

    def __init__(self, ask: AskPrefect, engine: Engine | None, now: datetime) -> None:
        self._ask, self._engine, self._now = ask, engine, now

    def look(self) -> list[Finding]:
        try:
            facts = self._ask(self._engine is not None)
        except Exception as error:
            why = " ".join(str(error).split())[:160] or type(error).__name__
            return schedule.judge_answer(None, why, version("prefect"))
        now = self._now
        found = [
            *schedule.judge_answer(facts, "", version("prefect")),
            *schedule.judge_worker(facts, now=now),
            *schedule.judge_schedule(facts, now=now),
            *schedule.judge_runs(facts, now=now),
            *schedule.judge_sync(facts, now=now),
        ]
        if self._engine is not None:
            with reading(self._engine) as connection:
                calendar = working_calendar(connection)
            found += schedule.judge_past(facts, calendar, now=now)
        return found
