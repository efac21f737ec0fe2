"""What PostgreSQL says, in one line: what is wrong, where, and what to do.

A server speaks the language of its own settings, so states (SQLSTATE) are looked at first; where there is none,
before a connection stands, the English words are, and words that nobody knows are passed on as they came.
"""

from __future__ import annotations

import re

from plans.text import _

_BUSY = ("55P03", "40P01", "40001")


def explain(error: BaseException, place: str) -> str | None:
    """In words for a coordinator; None where PostgreSQL was not asked or the error is one of ours.

    ``error`` is the driver's own, ``place`` names the database (``tasks.address.place_of``).
    """
    if not type(error).__module__.startswith("psycopg"):
        return None
    state = getattr(error, "sqlstate", None)
    said = str(error)
    if state == "0A000" and "recovery" in said:  # a standby server
        state = "25006"
    text = _of_state(state) if state else _of_words(said)
    if text is None and (state is None or state.startswith("08")):
        text = _("Không kết nối được cơ sở dữ liệu {place}: {said}. Kiểm tra DONDOC_DATABASE_URL và máy chủ.")
    return text.format(place=place, said=_bare(said)) if text else None


def _of_state(state: str) -> str | None:
    if state in _BUSY:
        return _("Cơ sở dữ liệu {place} đang bận vì chương trình khác đang ghi. Hãy thử lại sau ít phút.")
    if state == "42501":
        return _(
            "Tài khoản không đủ quyền trên cơ sở dữ liệu {place}. Người quản trị máy chủ cần chạy: "
            "ALTER DATABASE … OWNER TO …"
        )
    if state == "25006":
        return _("Cơ sở dữ liệu {place} đang ở chế độ chỉ đọc. Hỏi người quản trị máy chủ.")
    if state == "53300":
        return _("Máy chủ cơ sở dữ liệu {place} đã hết số kết nối cho phép. Hãy thử lại sau ít phút.")
    if state.startswith("53"):
        return _("Máy chủ cơ sở dữ liệu {place} hết ổ đĩa hoặc bộ nhớ, chưa ghi được gì. Báo người quản trị máy chủ.")
    if state.startswith("57P"):
        return _("Máy chủ cơ sở dữ liệu {place} đang dừng hoặc khởi động lại. Hãy thử lại sau ít phút.")
    return None


def _of_words(said: str) -> str | None:
    known = {
        "password authentication failed|no password supplied": _(
            "Sai tài khoản hoặc mật khẩu khi kết nối {place}. Kiểm tra DONDOC_DATABASE_URL."
        ),
        'role "[^"]*" does not exist': _(
            "Máy chủ cơ sở dữ liệu không có tài khoản này: {place}. Tạo tài khoản hoặc sửa DONDOC_DATABASE_URL."
        ),
        'database "[^"]*" does not exist': _(
            "Chưa có cơ sở dữ liệu {place}. Người quản trị máy chủ cần tạo: CREATE DATABASE … OWNER …"
        ),
        "no pg_hba.conf entry|does not support SSL": _(
            "Máy chủ không nhận kết nối {place} từ máy này: {said}. Hỏi người quản trị máy chủ."
        ),
        "starting up|shutting down|terminating connection|server closed|connection is closed|is lost": _(
            "Máy chủ cơ sở dữ liệu {place} đang dừng hoặc khởi động lại. Hãy thử lại sau ít phút."
        ),
        "too many clients|too many connections|connection slots": _(
            "Máy chủ cơ sở dữ liệu {place} đã hết số kết nối cho phép. Hãy thử lại sau ít phút."
        ),
        "invalid connection option|invalid .*value": _(
            "Địa chỉ cơ sở dữ liệu DONDOC_DATABASE_URL không đúng: {said}. Sửa phần sau dấu “?” của địa chỉ."
        ),
    }
    return next((text for words, text in known.items() if re.search(words, said)), None)


def _bare(said: str) -> str:
    """The driver's first line, without what it repeats of the address."""
    line = said.strip().splitlines()[0] if said.strip() else ""
    return re.sub(r"^connection (failed|is bad): (connection to server .* failed: )?", "", line)
