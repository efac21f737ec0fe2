"""What the register itself says: does the work go on, is anything stuck, is the calendar there, is it copied."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Table, func, select
from sqlalchemy.engine import Connection

from app import clock_guard
from app.clock_guard import Jump, moment_text
from app.doctor.model import Finding, broken, fine, notice
from app.standstill import Standstill
from notifications.tables import message
from plans.calendar import WorkingCalendar, local_day
from plans.text import _, day_text
from tasks import hold, pulse
from tasks.office import working_calendar
from tasks.tables import audit_event, calendar_day, duty, occurrence, party

OVERDUE = timedelta(days=1)  # a row that should have been looked at so long ago: nobody looks
BACKUP_AGE = timedelta(days=3)
BACKUP = "backup"  # the pulse of app.backup
_ASK_FROM_MONTH = 11  # the notice of next year's days off comes in autumn


def look_at_hold(connection: Connection) -> Iterable[Finding]:
    standing = hold.held(connection)
    if standing is None:
        return [fine(_("Không tạm dừng."))]
    found = Standstill(standing, None)
    return [broken(found.reason, found.remedy)]


def look_at_clock(connection: Connection, *, now: datetime) -> Iterable[Finding]:
    return [judge_clock(clock_guard.jump(connection, now=now), clock_guard.behind(connection, now=now), now=now)]


def judge_clock(jump: Jump | None, behind: timedelta, *, now: datetime) -> Finding:
    if jump is not None:
        said = _("{what} Chưa rà soát, chưa soạn, chưa gửi gì.").format(what=jump.text)
        return broken(said, Standstill(None, jump).remedy)
    if behind:
        said = _("Đồng hồ máy ({now}) chậm {n} so với lần làm việc gần nhất; không có gì bị gửi hai lần.")
        text = said.format(now=moment_text(now), n=duration(behind))
        return notice(text, _("Kiểm tra ngày giờ của máy; nếu giờ hiện tại đúng: dondoc resume"))
    return fine(_("Đồng hồ máy: {now}.").format(now=moment_text(now)))


def duration(span: timedelta) -> str:
    """``3 ngày``, ``5 giờ``, ``12 phút``."""
    if span >= timedelta(days=2):
        return _("{n} ngày").format(n=span.days)
    if span >= timedelta(hours=2):
        return _("{n} giờ").format(n=span // timedelta(hours=1))
    return _("{n} phút").format(n=max(1, span // timedelta(minutes=1)))


def look_at_planner(connection: Connection, *, now: datetime) -> Iterable[Finding]:
    """Rows that wait to be looked at since yesterday: the sweep does not run, or cannot look at them."""
    waiting = 0
    for table in (duty, occurrence, party):
        waiting += _count(connection, table, table.c.next_check_at < now - OVERDUE)
    if clock_guard.jump(connection, now=now) is not None or not waiting:
        return [fine(_("Sổ được rà soát đều."))]
    said = _("{n} dòng của sổ chờ rà soát quá một ngày: lịch rà soát hằng ngày không chạy hoặc bị lỗi.")
    return [broken(said.format(n=waiting), _("Xem dondoc up có chạy không; rà soát ngay: dondoc advance"))]


def look_at_outbox(connection: Connection, *, now: datetime) -> Iterable[Finding]:
    """Messages that wait too long, that need a decision, or that were refused."""
    oldest = connection.execute(
        select(func.min(message.c.next_try_at)).where(message.c.status == "queued", message.c.next_try_at <= now)
    ).scalar()
    unknown = _count(connection, message, (message.c.status == "unknown") & message.c.next_try_at.is_(None))
    refused = (message.c.status == "failed") & (message.c.settled_at >= now - timedelta(days=1))
    failed = connection.execute(
        select(message.c.channel, func.count()).where(refused).group_by(message.c.channel).order_by(message.c.channel)
    ).all()
    stuck = oldest is not None and _missed_a_day(working_calendar(connection), oldest, now)
    return judge_outbox(oldest if stuck else None, unknown, [(row[0], row[1]) for row in failed])


def _missed_a_day(calendar: WorkingCalendar, since: datetime, now: datetime) -> bool:
    """A whole working day has gone by."""
    return calendar.add(local_day(since), 1) < local_day(now)


def judge_outbox(stuck_since: datetime | None, unknown: int, failed: Sequence[tuple[str, int]]) -> list[Finding]:
    found = []
    if stuck_since is not None:
        said = _("Có thông báo chờ gửi từ {since}, quá một ngày làm việc.").format(since=moment_text(stuck_since))
        found.append(broken(said, _("Xem dondoc up và máy chủ thư; gửi ngay: dondoc deliver")))
    for channel, number in failed:
        said = _("{n} thông báo qua kênh {channel} không gửi được trong 24 giờ qua.")
        found.append(notice(said.format(n=number, channel=channel), _("Xem lý do, sửa địa chỉ: dondoc outbox")))
    if unknown:
        said = _("{n} thông báo chưa rõ đã đến hay chưa, đang chờ người quyết định.").format(n=unknown)
        found.append(notice(said, _("Hỏi người nhận; xem dondoc outbox")))
    return found or [fine(_("Không có thông báo nào mắc lại."))]


def look_at_calendar(connection: Connection, *, now: datetime) -> Iterable[Finding]:
    day = calendar_day.c.day
    today = local_day(now)
    own = {year for year in (today.year, today.year + 1) if _count(connection, calendar_day, _within(day, year))}
    return [judge_calendar(working_calendar(connection).official_years | own, today)]


def _within(day: ColumnElement[date], year: int) -> ColumnElement[bool]:
    return day.between(date(year, 1, 1), date(year, 12, 31))


def judge_calendar(known: frozenset[int], today: date) -> Finding:
    """``known``: years with an official notice, or with days that the office itself has entered."""
    wanted = [today.year] + ([today.year + 1] if today.month >= _ASK_FROM_MONTH else [])
    missing = [str(year) for year in wanted if year not in known]
    if not missing:
        return fine(_("Lịch nghỉ lễ, Tết đã có."))
    said = _("Lịch nghỉ năm {years} mới là dự kiến: chưa nhập thông báo nghỉ lễ, Tết và hoán đổi.")
    return notice(said.format(years=", ".join(missing)), _("Nhập theo thông báo của Bộ Nội vụ: dondoc calendar --help"))


def look_at_backup(connection: Connection, *, now: datetime) -> Iterable[Finding]:
    made = pulse.last(connection, BACKUP)
    began = connection.execute(select(func.min(audit_event.c.at)).where(audit_event.c.sample.is_(False))).scalar()
    return [judge_backup(made.at if made else None, began, now=now)]


def judge_backup(made: datetime | None, began: datetime | None, *, now: datetime) -> Finding:
    """``began``: when the register got its first row; one of yesterday needs no backup yet."""
    remedy = _("Sao lưu ngay: dondoc backup TỆP; xem vì sao bản sao lưu hằng ngày không chạy")
    if made is not None and now - made <= BACKUP_AGE:
        return fine(_("Sao lưu gần nhất: {at}.").format(at=moment_text(made)))
    if made is not None:
        said = _("Bản sao lưu gần nhất đã {n} ngày ({day}).")
        return broken(said.format(n=(now - made).days, day=day_text(local_day(made))), remedy)
    if began is None or now - began <= BACKUP_AGE:
        return fine(_("Chưa có bản sao lưu; sổ còn mới."))
    return broken(_("Chưa từng sao lưu."), remedy)


def _count(connection: Connection, table: Table, which: ColumnElement[bool]) -> int:
    return int(connection.execute(select(func.count()).select_from(table).where(which)).scalar_one())
