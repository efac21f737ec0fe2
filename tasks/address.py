"""The address of the register's database: which ones are taken, and how one is named to a person.

A password never leaves this module but inside the address itself.
"""

from __future__ import annotations

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from plans.text import _
from tasks.errors import RegisterError

# What administrators write, and what it means here: one driver for PostgreSQL, the one of Python for SQLite.
_SCHEMES = {
    "postgresql+psycopg": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "sqlite": "sqlite",
    "sqlite+pysqlite": "sqlite",
}


class BadDatabaseUrl(RegisterError):
    """DONDOC_DATABASE_URL cannot be used as it is written; nothing was connected to."""

    def __init__(self, why: str) -> None:
        said = _("Địa chỉ cơ sở dữ liệu DONDOC_DATABASE_URL không đúng: {why}. Mẫu: {example}")
        super().__init__(said.format(why=why, example="postgresql://dondoc:***@localhost:5432/dondoc"))


def parse_address(said: str) -> URL:
    """The address with the driver that dondoc uses. Raises BadDatabaseUrl, which never holds the address itself."""
    try:
        address = make_url(said.strip())
    except (ArgumentError, ValueError):
        why = _("không đọc được (ký tự đặc biệt trong mật khẩu phải viết dạng %40, cổng phải là số)")
        raise BadDatabaseUrl(why) from None  # the cause may hold the password
    if address.drivername not in _SCHEMES:
        raise BadDatabaseUrl(_("không dùng được loại “{scheme}”").format(scheme=address.drivername))
    address = address.set(drivername=_SCHEMES[address.drivername])
    if address.get_backend_name() == "postgresql" and not address.database:
        raise BadDatabaseUrl(_("thiếu tên cơ sở dữ liệu ở cuối"))
    return address


def place_of(address: URL) -> str:
    """Which database that is, in words fit for a screen: ``dondoc@10.0.0.5:5432/dondoc``. Never the password."""
    if address.get_backend_name() != "postgresql":
        return address.database or ":memory:"
    folder = address.query.get("host")
    host = address.host or (folder if isinstance(folder, str) else "localhost")
    port = f":{address.port}" if address.port else ""
    who = f"{address.username}@" if address.username else ""
    return f"{who}{host}{port}/{address.database}"
