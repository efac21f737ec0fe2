"""The mail server as one URL, in the manner of Apprise (docs/mail.md).

    dondoc://user:password@host:587/?from=…     STARTTLS (starttls=no for none)
    dondocs://user:password@host:465/?from=…    TLS from the first byte

Apprise allows only letters and digits before ``://``, so the usual ``x+smtps`` is not to be had.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from notifications.channels.mail import is_address
from notifications.errors import NotificationsError
from plans.text import _

PLAIN_SCHEMA, TLS_SCHEMA = "dondoc", "dondocs"
SLOWEST = 2  # a batch of 20 letters must fit into a sender's lease of 15 minutes
_KNOWN = ("from", "name", "bounce", "starttls", "verify", "ca", "ehlo", "pace")
_YES, _NO = ("yes", "true", "1"), ("no", "false", "0")


class BadMailUrl(NotificationsError):
    """DONDOC_MAIL_URL cannot be understood. Never names the URL itself, which holds a password."""


class Cover(StrEnum):
    """How the line is kept from being read."""

    TLS = "tls"  # from the first byte
    STARTTLS = "starttls"  # demanded: a server without it is not spoken to
    NONE = "none"


@dataclass(frozen=True, slots=True)
class MailServer:
    """One server and how to speak to it; equal ones share a connection."""

    host: str
    port: int
    cover: Cover
    sender: str  # the mailbox in From
    name: str = ""  # shown where a letter names no sender
    bounce: str = ""  # envelope sender, where undeliverable mail comes back; ``sender`` if empty
    user: str = ""
    password: str = field(default="", repr=False)
    verify: bool = True
    ca: Path | None = None
    ehlo: str = ""
    pace: int = 0  # messages a minute, 0 unlimited

    @property
    def address(self) -> str:
        """For people and logs."""
        return f"{self.host}:{self.port}"


def parse_mail_url(url: str, *, strict: bool = True) -> MailServer:
    """Raises BadMailUrl. ``strict`` refuses unknown settings, which Apprise's own must pass by."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:  # its text may hold a piece of the password, so it is not chained
        raise BadMailUrl(_("Địa chỉ máy chủ thư: tên máy hoặc cổng không đúng.")) from None
    if parts.scheme not in (PLAIN_SCHEMA, TLS_SCHEMA) or not parts.hostname:
        said = _("Địa chỉ máy chủ thư phải có dạng dondoc://… (STARTTLS) hoặc dondocs://… (TLS), rồi tên máy chủ.")
        raise BadMailUrl(said)
    told = _settings(parts.query, strict)
    cover = _cover(parts.scheme, told)
    user = unquote(parts.username or "")
    password = unquote(parts.password or "")
    if re.search(r"[\x00-\x1f\x7f]", user + password):
        raise BadMailUrl(_("Địa chỉ máy chủ thư: tên đăng nhập hoặc mật khẩu có ký tự điều khiển."))
    if password and not user:
        raise BadMailUrl(_("Địa chỉ máy chủ thư: có mật khẩu nhưng thiếu tên đăng nhập."))
    return MailServer(
        host=parts.hostname,
        port=port or {Cover.TLS: 465, Cover.STARTTLS: 587, Cover.NONE: 25}[cover],
        cover=cover,
        sender=_mailbox("from", told.get("from", user)),
        name=" ".join(told.get("name", "").split()),
        bounce=_mailbox("bounce", told["bounce"]) if told.get("bounce") else "",
        user=user,
        password=password,
        verify=_yes(told, "verify", default=True),
        ca=Path(told["ca"]) if told.get("ca") else None,
        ehlo=_ehlo(told.get("ehlo", "")),
        pace=_pace(told.get("pace", "0")),
    )


def mail_url(server: MailServer, *, hide: bool = True) -> str:
    """The URL again; the password as ``***`` unless it is for a machine."""
    told = {
        "from": server.sender,
        "name": server.name,
        "bounce": server.bounce,
        "starttls": "no" if server.cover is Cover.NONE else "",
        "verify": "" if server.verify else "no",
        "ca": str(server.ca or ""),
        "ehlo": server.ehlo,
        "pace": str(server.pace or ""),
    }
    secret = "***" if hide else quote(server.password, safe="")
    login = quote(server.user, safe="") + (f":{secret}" if server.password else "") + "@" if server.user else ""
    schema = TLS_SCHEMA if server.cover is Cover.TLS else PLAIN_SCHEMA
    host = f"[{server.host}]" if ":" in server.host else server.host
    query = urlencode({key: value for key, value in told.items() if value}, quote_via=quote)
    return f"{schema}://{login}{host}:{server.port}/?{query}"


def _settings(query: str, strict: bool) -> dict[str, str]:
    told = dict(parse_qsl(query, keep_blank_values=True))
    unknown = sorted(told.keys() - set(_KNOWN))
    if strict and unknown:
        said = _("Địa chỉ máy chủ thư: không có thiết lập {unknown}. Có thể dùng: {known}.")
        raise BadMailUrl(said.format(unknown=", ".join(unknown), known=", ".join(_KNOWN)))
    return told


def _cover(schema: str, told: Mapping[str, str]) -> Cover:
    if schema == TLS_SCHEMA:
        if "starttls" in told:
            raise BadMailUrl(_("Địa chỉ máy chủ thư: dondocs:// đã là TLS, không dùng cùng starttls."))
        return Cover.TLS
    return Cover.STARTTLS if _yes(told, "starttls", default=True) else Cover.NONE


def _yes(told: Mapping[str, str], name: str, *, default: bool) -> bool:
    said = told.get(name, "").lower()
    if not said:
        return default
    if said not in _YES + _NO:
        raise BadMailUrl(_("Địa chỉ máy chủ thư: {name} chỉ nhận yes hoặc no.").format(name=name))
    return said in _YES


def _mailbox(name: str, address: str) -> str:
    if not is_address(address) or not address.isascii():
        said = _("Địa chỉ máy chủ thư: {name} phải là địa chỉ thư điện tử, ví dụ {name}=doc@tinh.gov.vn.")
        raise BadMailUrl(said.format(name=name))
    return address


def _ehlo(name: str) -> str:
    if name and not re.fullmatch(r"[0-9A-Za-z.:\[\]-]{1,255}", name):
        raise BadMailUrl(_("Địa chỉ máy chủ thư: ehlo phải là tên máy, ví dụ ehlo=may1.tinh.gov.vn."))
    return name


def _pace(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text) or 0 < int(text) < SLOWEST:
        said = _("Địa chỉ máy chủ thư: pace là số thư mỗi phút, từ {least} trở lên; 0 là không giới hạn.")
        raise BadMailUrl(said.format(least=SLOWEST))
    return int(text)
