"""The channels beside e-mail that the settings describe; one that is not set up is not there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Engine

from app.link_key import RELAY as RELAY_KEY
from app.link_key import load_key
from app.settings import Settings
from notifications.channels import sms, zalo
from notifications.channels.apprise_url import AppriseChannel
from notifications.channels.base import Channel
from notifications.channels.gateway import load_gateway
from notifications.channels.names import RELAY, SMS, TELEGRAM, URL, ZALO
from notifications.channels.relay import RelayChannel
from notifications.channels.sms import SmsAccount, SmsChannel
from notifications.channels.telegram import API, TelegramChannel
from notifications.channels.tokens import KeptTokens
from notifications.channels.zalo import OAUTH, Renewal, ZaloApp, ZaloChannel, template_places


def other_channels(settings: Settings, engine: Engine, *, clock: Callable[[], datetime]) -> dict[str, Channel]:
    """By name. Raises BadGateway, BadTemplate."""
    made: dict[str, Channel] = {URL: AppriseChannel(telegram_api=settings.telegram_url or API)}
    if token := settings.telegram_token.get_secret_value():
        made[TELEGRAM] = TelegramChannel(token, api=settings.telegram_url or API)
    if settings.sms_gateway:
        made[SMS] = _sms(settings)
    if settings.zalo_app_id:
        made[ZALO] = _zalo(settings, engine, clock)
    if settings.relay_folder:
        key = partial(load_key, settings.home, RELAY_KEY)
        made[RELAY] = RelayChannel(relay_folder(settings), key, days=settings.relay_days)
    return made


def relay_folder(settings: Settings) -> Path:
    """Where messages lie that are to be carried out."""
    return Path(settings.relay_folder).expanduser()


def _sms(settings: Settings) -> Channel:
    gateway = load_gateway(settings.sms_gateway, places=sms.PLACES, url=settings.sms_url)
    account = SmsAccount(
        settings.sms_brand,
        settings.sms_key.get_secret_value(),
        settings.sms_secret.get_secret_value(),
        settings.sms_diacritics,
    )
    return SmsChannel(gateway, account)


def _zalo(settings: Settings, engine: Engine, clock: Callable[[], datetime]) -> Channel:
    gateway = load_gateway("zalo_zns", places=zalo.PLACES, url=settings.zalo_url)
    app = ZaloApp(
        settings.zalo_app_id,
        settings.zalo_app_secret.get_secret_value(),
        settings.zalo_template,
        settings.zalo_oauth_url or OAUTH,
    )
    tokens = KeptTokens(engine, ZALO, settings.zalo_refresh_token.get_secret_value(), Renewal(app), clock)
    return ZaloChannel(gateway, app, tokens, template_places(settings.zalo_fields))
