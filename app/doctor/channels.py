"""The channels beside e-mail: is Zalo's token good, does Telegram know the bot, do receipts come back?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.engine import Connection, Row

from app.channels import relay_folder
from app.doctor.model import Finding, broken, fine, notice
from app.settings import Settings
from notifications.channel_tables import channel_token
from notifications.channels.names import ZALO, channel_word
from notifications.channels.telegram import API, known_bot
from notifications.channels.zalo import REFRESH_LASTS
from notifications.errors import ChannelError
from notifications.tables import contact, message
from plans.calendar import local_day
from plans.text import _, _n, day_text
from tasks.office import working_calendar

PATIENCE = 8.0  # seconds for a question to a provider
RECEIPTS_WITHIN = 3  # working days
_SOON = timedelta(days=14)


def look_at_channels(connection: Connection, settings: Settings, *, now: datetime) -> Iterable[Finding]:
    """What the register knows: addresses of channels that are not set up, Zalo's token, receipts that are overdue."""
    used = select(contact.c.channel, func.count()).where(contact.c.active.is_(True)).group_by(contact.c.channel)
    counts = {row[0]: row[1] for row in connection.execute(used)}
    token = connection.execute(select(channel_token).where(channel_token.c.channel == ZALO)).one_or_none()
    relayed = connection.execute(select(message.c.local_day).where(message.c.status == "relayed")).scalars().all()
    calendar = working_calendar(connection)
    late = sum(calendar.add(day, RECEIPTS_WITHIN) < local_day(now) for day in relayed)
    found = [
        *judge_missing(counts, settings),
        *(judge_token(token, now=now) if settings.zalo_app_id else ()),
        *judge_receipts(late, len(relayed)),
    ]
    return found or [fine(_("Các kênh gửi khác thư điện tử: không có gì phải xem."))]


def judge_missing(counts: dict[str, int], settings: Settings) -> list[Finding]:
    """Addresses that nothing can be sent to."""
    there = {
        "sms": settings.sms_gateway,
        "zalo": settings.zalo_app_id,
        "telegram": settings.telegram_token.get_secret_value(),
        "relay": settings.relay_folder,
    }
    found = []
    for name in (each for each, is_set in there.items() if counts.get(each) and not is_set):
        said = _n("{n} địa chỉ nhận qua {channel}, nhưng cách gửi này chưa được đặt.", counts[name])
        said = said.format(n=counts[name], channel=channel_word(name))
        found.append(broken(said, _("Đặt theo docs/channels.md, hoặc đổi địa chỉ.")))
    return found


def judge_token(row: Row[tuple[object, ...]] | None, *, now: datetime) -> list[Finding]:
    """A refresh token lasts three months and works once."""
    again = _("Ủy quyền lại ứng dụng ở Zalo, đặt DONDOC_ZALO_REFRESH_TOKEN mới (docs/channels.md).")
    if row is None or row.refreshed_at is None:
        if row is not None and row.trouble:
            return [broken(str(row.trouble), again)]
        return [notice(_("Mã Zalo chưa được dùng lần nào."), _("Gửi thử: dondoc channel test"))]
    ends = row.refreshed_at + REFRESH_LASTS
    if row.trouble:
        return [broken(str(row.trouble), again)]
    if ends <= now:
        return [broken(_("Mã làm mới của Zalo đã hết hạn ngày {day}.").format(day=day_text(local_day(ends))), again)]
    if ends - now < _SOON:
        said = _("Mã làm mới của Zalo hết hạn ngày {day} nếu không gửi tin nào trước đó.")
        return [notice(said.format(day=day_text(local_day(ends))), _("Gửi thử: dondoc channel test"))]
    return []


def judge_receipts(late: int, waiting: int) -> list[Finding]:
    if late:
        said = _n("{n} thông báo đã chuyển ra ngoài quá {days} ngày làm việc, chưa có biên nhận.", late)
        remedy = _("Mang biên nhận về rồi đọc: dondoc relay receipts THƯ-MỤC")
        return [notice(said.format(n=late, days=RECEIPTS_WITHIN), remedy)]
    if waiting:
        return [fine(_n("{n} thông báo đã chuyển ra, chờ biên nhận.", waiting).format(n=waiting))]
    return []


def look_at_providers(settings: Settings) -> Iterable[Finding]:
    """What can be asked without sending anything."""
    found = []
    if token := settings.telegram_token.get_secret_value():
        try:
            name = known_bot(token, api=settings.telegram_url or API, timeout=PATIENCE)
            found.append(fine(_("Telegram nhận bot {name}.").format(name=name)))
        except ChannelError as error:
            found.append(broken(str(error), _("Xem DONDOC_TELEGRAM_TOKEN và đường ra Internet (docs/channels.md).")))
    if settings.relay_folder:
        found.append(_judge_folder(settings))
    return found or [fine(_("Không có kênh nào phải hỏi thử."))]


def _judge_folder(settings: Settings) -> Finding:
    folder = relay_folder(settings)
    if folder.is_dir() or not folder.exists():
        return fine(_("Thư mục chuyển ra ngoài: {folder}").format(folder=folder))
    return broken(_("{folder} không phải thư mục.").format(folder=folder), _("Sửa DONDOC_RELAY_FOLDER."))
