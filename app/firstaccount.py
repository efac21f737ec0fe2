"""The first account: without it nobody could sign in to make another."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app.bootstrap import Dondoc
from app.firststart import ACTOR
from people import accounts
from people.rights import Role
from plans.text import _
from tasks.database import alone, writing
from tasks.tables import plan as plan_table

LOGIN = "admin"


def first_account(dondoc: Dondoc, *, now: datetime, works: bool = False) -> list[str]:
    """Makes the administrator where there is no account at all, and says the one-time password: it stands nowhere else.

    ``works``: the register holds nothing yet but what dondoc itself brought in, so the same person also becomes the
    officer of those lead units and finds something to see. Posts are given and ended under Cài đặt.
    """
    with writing(dondoc.engine) as connection:
        alone(connection, "first account")
        if accounts.count(connection):
            return []
        account_id, password = accounts.create(connection, login=LOGIN, name=_("Quản trị viên"), now=now, actor=ACTOR)
        accounts.give_post(connection, account_id, Role.ADMINISTRATOR, None, now=now, actor=ACTOR)
        leads = connection.execute(select(plan_table.c.lead).distinct().order_by(plan_table.c.lead)).scalars().all()
        for lead in leads if works else ():
            accounts.give_post(connection, account_id, Role.COORDINATOR, lead, now=now, actor=ACTOR)
    said = _("Tài khoản đầu tiên: {login}, mật khẩu dùng một lần: {password}").format(login=LOGIN, password=password)
    return [said, _("Mật khẩu chỉ hiện lần này; đăng nhập rồi đổi ngay. Nếu mất: dondoc user reset admin")]
