"""Cài đặt, kênh gửi: what is set up and what is not. Addresses and passwords of servers are never shown."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from app.views.channel_states import channel_states
from people.rights import Right
from web.guard import needs
from web.navigation import settings_tabs
from web.visit import Visit

router = APIRouter()


@router.get("/cai-dat/kenh-gui")
def channels_page(visit: Visit = needs(Right.SETTINGS)) -> Response:
    chosen = visit.dondoc.settings
    with visit.reading() as connection:
        ways = channel_states(connection, chosen)
    return visit.page(
        "settings_channels.html",
        tabs=settings_tabs(visit),
        ways=ways,
        heartbeat=bool(chosen.heartbeat_url.get_secret_value()),
        public=chosen.public_url,
        postgresql=visit.engine.dialect.name == "postgresql",
        backup_elsewhere=bool(chosen.backup_folder),
    )
