"""The people in a hand-over: whom messages do not reach, who gets them in the unit, who stands in, who may sign in."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.engine import Connection

from app.contact_table import role_word
from app.handover_parts import Line, Section, section
from app.views import contacts_unreached
from app.views.contacts import people_of, post_days
from notifications.absences import absences_of
from notifications.channels.names import channel_word
from notifications.contacts import contacts_of
from notifications.fate import shown_address
from people import accounts as people_accounts
from people.rights import role_name
from plans.text import _, day_text


def unreached(connection: Connection, unit: str, *, now: datetime) -> Section:
    found = contacts_unreached.load(connection, frozenset({unit}), now=now)
    lines = [Line((each.name, _("chưa có địa chỉ"), ""), f"/co-quan/{each.id}") for each in found.without]
    lines += [Line((m.body_name, _("không gửi được"), m.person), f"/thong-bao/{m.message_id}") for m in found.failing]
    lines += [Line((m.body_name, _("chưa rõ đã đến"), m.person), f"/thong-bao/{m.message_id}") for m in found.unknown]
    columns = (_("Cơ quan"), _("Tình trạng"), _("Người nhận"))
    return section(_("Không liên lạc được"), columns, lines, _("Ai cũng liên lạc được."))


def contacts(connection: Connection, unit: str, *, today: date) -> Section:
    """The unit's own officer, stand-in and head, each with the channels in their order."""
    found = people_of(connection, unit, contacts_of(connection, unit), today=today)
    lines = []
    for each in found:
        ways = "; ".join(f"{channel_word(c.channel)}: {shown_address(c.channel, c.address)}" for c in each.channels)
        lines.append(Line((each.name, role_word(each.role), post_days(each), each.phone or "", ways)))
    columns = (_("Người nhận"), _("Vai trò"), _("Thời gian"), _("Điện thoại"), _("Cách gửi"))
    return section(_("Người nhận thông báo của đơn vị"), columns, lines, _("Chưa có ai: báo cáo không đến được ai."))


def absences(connection: Connection, unit: str, *, today: date) -> Section:
    names = {each.person: each.name for each in contacts_of(connection, unit)}
    lines = [
        Line((names.get(a.person, ""), day_text(a.since), day_text(a.until), names.get(a.stand_in, "")))
        for a in absences_of(connection, unit, today=today)
    ]
    columns = (_("Vắng mặt"), _("Từ ngày"), _("Đến hết ngày"), _("Người làm thay"))
    return section(_("Vắng mặt, người làm thay"), columns, lines, _("Không có."))


def accounts(connection: Connection, unit: str, *, today: date) -> Section:
    """Who may sign in for the unit, now or later."""
    lines = []
    for account in people_accounts.all_accounts(connection):
        mine = [p for p in account.posts if p.unit in (unit, None) and (p.until is None or p.until >= today)]
        for post in mine if account.active else ():
            until = day_text(post.until) if post.until else _("không giới hạn")
            lines.append(Line((account.name, account.login, role_name(post.role), day_text(post.since), until)))
    columns = (_("Họ tên"), _("Tên đăng nhập"), _("Vai trò"), _("Từ ngày"), _("Đến hết ngày"))
    return section(_("Tài khoản có quyền với đơn vị"), columns, lines, _("Không có."))
