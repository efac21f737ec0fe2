"""Does the mail server let us in, and for how long is its certificate good? The heartbeat's address as well."""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pydantic import SecretStr

from app import heartbeat
from app.doctor.model import Finding, broken, fine, notice
from notifications.channels.mail_url import BadMailUrl, parse_mail_url
from notifications.channels.smtp_connection import SmtpConnection
from notifications.channels.smtp_reach import Deadline
from notifications.channels.smtp_trouble import Trouble
from plans.calendar import local_day
from plans.text import _, day_text

PATIENCE = 8.0  # seconds for the whole dialogue
_SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Reached:
    """What a visit without a letter showed. ``until``: when the server's certificate ends, where there is one."""

    trouble: str | None
    until: datetime | None = None


def look_at_mail(url: SecretStr, *, now: datetime) -> Iterable[Finding]:
    if not url.get_secret_value():
        said = _("Chưa có máy chủ thư: thông báo chỉ được ghi thành tệp trong thư mục outbox, không đến ai.")
        return [notice(said, _("Đặt DONDOC_MAIL_URL (docs/mail.md)."))]
    return judge_mail(visit(url.get_secret_value()), now=now)


def visit(url: str, *, timeout: float = PATIENCE) -> Reached:
    """Connects, starts TLS, logs in, and leaves."""
    try:
        line = SmtpConnection(parse_mail_url(url), Deadline(timeout))
    except (BadMailUrl, Trouble) as problem:
        return Reached(str(problem))
    until = _certificate_until(line.sock)
    line.leave()
    return Reached(None, until)


def _certificate_until(sock: object) -> datetime | None:
    shown = sock.getpeercert() if isinstance(sock, ssl.SSLSocket) else None
    ends = shown.get("notAfter") if shown else None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC) if isinstance(ends, str) else None


def judge_mail(reached: Reached, *, now: datetime) -> list[Finding]:
    if reached.trouble is not None:
        said = _("Máy chủ thư không nhận: {why}").format(why=reached.trouble)
        return [broken(said, _("Hỏi người quản trị thư; kiểm tra DONDOC_MAIL_URL (docs/mail.md)."))]
    if reached.until is not None and reached.until - now < _SOON:
        said = _("Chứng thư số của máy chủ thư hết hạn ngày {day}.").format(day=day_text(local_day(reached.until)))
        return [notice(said, _("Báo người quản trị thư gia hạn chứng thư."))]
    return [fine(_("Máy chủ thư nhận kết nối."))]


def look_at_heartbeat(url: SecretStr) -> Iterable[Finding]:
    """Only its form: asking for it would be a sign of life."""
    if not url.get_secret_value() or heartbeat.usable(url):
        return []
    said = _("DONDOC_HEARTBEAT_URL không phải địa chỉ http:// hoặc https://; người canh bên ngoài không nhận được gì.")
    return [notice(said, _("Sửa địa chỉ (docs/operations.md)."))]
