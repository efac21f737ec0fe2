"""Bringing the database to the newest version."""

from __future__ import annotations

from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, func, select
from sqlalchemy.engine import Connection

from plans.text import _
from tasks.database import BUSY_MS, reading, writing
from tasks.errors import RegisterError

_MIGRATING = 0x6D696772  # the number of PostgreSQL's advisory lock; "migr"


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("app").joinpath("migrations")))
    config.attributes["connection"] = connection
    return config


class SchemaUnknown(RegisterError):
    """The database was made or upgraded by a release that this one knows nothing of; nothing is touched."""

    def __init__(self, revision: str) -> None:
        said = _(
            "Cơ sở dữ liệu do một bản dondoc mới hơn tạo ra (phiên bản dữ liệu {revision}), bản này không đọc được. "
            "Hãy cập nhật dondoc, hoặc khôi phục bản sao lưu làm trước khi nâng cấp."
        )
        super().__init__(said.format(revision=revision))
        self.revision = revision


def migrate(engine: Engine) -> None:
    """Creates the tables or brings them up to date, in one transaction; does nothing where they are current.

    Raises SchemaUnknown where the database is newer than this release.
    """
    with reading(engine) as connection:
        revision = current_revision(connection)
    if revision == newest_revision():
        return
    if revision is not None and revision not in known_revisions():
        raise SchemaUnknown(revision)
    with writing(engine) as connection:
        _one_at_a_time(connection)
        upgrade(connection)  # which asks anew what there is: another process may have been first


def _one_at_a_time(connection: Connection) -> None:
    """Processes that start together wait for the first, as long as it takes; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL lock_timeout = '1h'")
        connection.execute(select(func.pg_advisory_xact_lock(_MIGRATING)))
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {BUSY_MS}")


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Brings the tables to that revision within the transaction of the caller."""
    command.upgrade(_config(connection), revision)


def current_revision(connection: Connection) -> str | None:
    """The revision of this database; None where it has no tables yet."""
    return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str | None:
    """The revision that this release needs."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def known_revisions() -> frozenset[str]:
    """All revisions that this release can start from."""
    return frozenset(each.revision for each in ScriptDirectory.from_config(_config()).walk_revisions())
