"""What became of a notice or a message, in words for commands and pages."""

from __future__ import annotations

from plans.text import _


def reason_word(reason: str) -> str:
    """Why a notice goes no further."""
    words = {
        "before_activation": _("trước khi theo dõi"),
        "before_revision": _("trước khi đổi hạn"),
        "same_day": _("cùng ngày đã có nhắc gần hạn hơn"),
        "superseded": _("đã có nhắc mới hơn"),
        "revised": _("hạn đã đổi"),
        "received": _("đã nhận văn bản"),
        "closed": _("việc đã khép"),
        "no_contact": _("chưa có địa chỉ"),
        "agency_ended": _("cơ quan đã kết thúc hoạt động"),
        "never_messaged": _("cơ quan không nhận thông báo"),
        "queued": _("chờ soạn"),
    }
    return words.get(reason, reason)


def message_status(status: str) -> str:
    """How a message stands, or how one attempt went."""
    words = {
        "queued": _("chờ gửi"),
        "sending": _("đang gửi"),
        "sent": _("đã gửi"),
        "relayed": _("đã chuyển ra, chờ biên nhận"),
        "failed": _("không gửi được"),
        "unknown": _("chưa rõ đã đến hay chưa"),
        "dropped": _("thôi gửi, việc đã khép"),
    }
    return words.get(status, status)


def why_dropped(detail: str | None) -> str:
    """A dropped message, with the reason."""
    words = {
        "superseded": _("thôi gửi, đã có thông báo mới hơn"),
        "contact_removed": _("thôi gửi, địa chỉ không còn dùng"),
        "other_channel": _("thôi gửi, đã gửi qua cách khác"),
    }
    return words.get(detail or "", message_status("dropped"))


def shown_address(channel: str, address: str) -> str:
    """An address as it may stand on a screen: the URL of a service is a secret and only its kind is shown."""
    return f"{address.partition('://')[0]}://…" if channel == "url" else address
