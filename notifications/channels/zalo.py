"""Zalo OA: one ZNS template of the office, filled with a count, a day and a telephone number.

The access token lasts about a day; it is renewed with a refresh token that works once and brings the next one
(oauth.zaloapp.com, ``tokens``). A template is approved by Zalo beforehand; which of its places takes which value
stands in the settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlencode

from notifications.channels.base import Letter, Taken
from notifications.channels.gateway import Gateway, TokenStale
from notifications.channels.http_call import TIMEOUT, Call, call, raise_for_status
from notifications.channels.sms import receiver, reference
from notifications.channels.tokens import Pair, TokenRefused, Tokens
from notifications.errors import ChannelError, NotificationsError
from plans.text import _

OAUTH = "https://oauth.zaloapp.com/v4/oa/access_token"
REFRESH_LASTS = timedelta(days=90)  # three months, by Zalo's word
PLACES = frozenset({"phone", "template", "fields", "reference", "token"})
VALUES = ("co_quan", "so_viec", "han", "noi_dung", "dien_thoai")
_USUAL = timedelta(hours=1)  # an answer that does not say how long the token lasts is trusted for no longer


class BadTemplate(NotificationsError):
    """The places of the ZNS template are not written as they should be."""


@dataclass(frozen=True, slots=True)
class ZaloApp:
    """The application that the office registered with Zalo."""

    id: str
    secret: str = field(repr=False)
    template: str = ""
    oauth: str = OAUTH


def template_places(said: str) -> dict[str, str]:
    """``co_quan=ten_don_vi, so_viec=so``: our value -> place of the template. Empty: the places have our names.

    Raises BadTemplate.
    """
    places = {}
    for part in filter(None, (part.strip() for part in said.split(","))):
        value, equals, place = (piece.strip() for piece in part.partition("="))
        if value not in VALUES or not equals or not place:
            wrong = _("DONDOC_ZALO_FIELDS: không hiểu “{part}”. Viết dạng co_quan=ten, các giá trị: {values}.")
            raise BadTemplate(wrong.format(part=part, values=", ".join(VALUES)))
        places[value] = place
    return places or {value: value for value in VALUES if value != "noi_dung"}


class ZaloChannel:
    """The letter's address is the mobile number of a Zalo account."""

    def __init__(
        self,
        gateway: Gateway,
        app: ZaloApp,
        tokens: Tokens,
        places: Mapping[str, str],
        *,
        timeout: float = TIMEOUT,
    ) -> None:
        self._gateway, self._app, self._tokens = gateway, app, tokens
        self._places, self._timeout = places, timeout

    def send(self, letter: Letter) -> Taken:
        """Raises ChannelError, FateUnknown. A token that is not taken any more is renewed once."""
        if not letter.fields:
            raise ChannelError(_("Thông báo này chưa được soạn cho Zalo; soạn lại rồi gửi."), permanent=True)
        values = {
            "phone": receiver(letter.address, self._gateway),
            "template": self._app.template,
            "fields": {place: letter.fields.get(value, "") for value, place in self._places.items()},
            "reference": reference(letter),
        }
        token = self._tokens.access()
        try:
            return self._gateway.deliver({**values, "token": token}, timeout=self._timeout)
        except TokenStale:
            self._tokens.spoiled(token)
            return self._gateway.deliver({**values, "token": self._tokens.access()}, timeout=self._timeout)


@dataclass(frozen=True, slots=True)
class Renewal:
    """Asks Zalo for a new pair of tokens."""

    app: ZaloApp
    timeout: float = TIMEOUT

    def __call__(self, refresh: str) -> Pair:
        """Raises TokenRefused, ChannelError, FateUnknown."""
        form = {"refresh_token": refresh, "app_id": self.app.id, "grant_type": "refresh_token"}
        headers = {"Content-Type": "application/x-www-form-urlencoded", "secret_key": self.app.secret}
        request = Call("Zalo", self.app.oauth, urlencode(form).encode(), headers)
        answer = call(request, timeout=self.timeout)
        said = answer.document()
        if not isinstance(said, dict) or answer.status >= 500:
            raise_for_status(request, answer)
            raise ChannelError(_("Zalo trả lời không đọc được khi làm mới mã truy cập."))
        access, fresh = said.get("access_token"), said.get("refresh_token")
        if not isinstance(access, str) or not isinstance(fresh, str) or not access or not fresh:
            why = _(
                "Zalo không làm mới mã truy cập (mã {code}): ủy quyền lại ứng dụng, đặt DONDOC_ZALO_REFRESH_TOKEN mới."
            )
            raise TokenRefused(why.format(code=str(said.get("error", answer.status))[:20]), ours=True)
        return Pair(access, fresh, _lasts(said.get("expires_in")))


def _lasts(said: object) -> timedelta:
    """Zalo writes the seconds as a text."""
    text = str(said)
    return timedelta(seconds=int(text)) if text.isdecimal() and len(text) < 9 else _USUAL
