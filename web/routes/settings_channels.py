"""Cài đặt, kênh gửi: what is set up and what is not. Addresses and passwords of servers are never shown."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from app.views.channel_states import channel_states
from notifications.next_channel import MOST_HOURS, SETTING, hours_to_wait
from people.rights import Right
from plans.text import _
from tasks.office import choose
from web.forms import text
from web.guard import needs
from web.navigation import settings_tabs
from web.visit import Visit

router = APIRouter()


@router.get("/cai-dat/kenh-gui")
def channels_page(visit: Visit = needs(Right.SETTINGS)) -> Response:
    return _page(visit)


@router.post("/cai-dat/kenh-gui/cho")
def wait(visit: Visit = needs(Right.SETTINGS)) -> Response:
    """After how many working hours without delivery the next channel of a person is used."""
    typed = text(visit.form, "gio")
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 3 and 0 < int(typed) <= MOST_HOURS):
        return _page(visit, _("Số giờ làm việc phải từ 1 đến {n}.").format(n=MOST_HOURS))
    with visit.writing() as connection:
        choose(connection, "", SETTING, int(typed), now=visit.now, actor=visit.actor)
    return visit.go("/cai-dat/kenh-gui", _("Đã lưu."))


def _page(visit: Visit, error: str = "") -> Response:
    chosen = visit.dondoc.settings
    with visit.reading() as connection:
        ways, hours = channel_states(connection, chosen), hours_to_wait(connection)
    return visit.page(
        "settings_channels.html",
        status=400 if error else 200,
        error=error,
        hours=hours,
        most_hours=MOST_HOURS,
        tabs=settings_tabs(visit),
        ways=ways,
        heartbeat=bool(chosen.heartbeat_url.get_secret_value()),
        public=chosen.public_url,
        postgresql=visit.engine.dialect.name == "postgresql",
        backup_elsewhere=bool(chosen.backup_folder),
    )
