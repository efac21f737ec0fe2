"""Bringing the database to the newest version."""

from __future__ import annotations

from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlalchemy.engine import Connection

from tasks.database import reading, writing


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("app").joinpath("migrations")))
    config.attributes["connection"] = connection
    return config


def migrate(engine: Engine) -> None:
    """Creates the tables or brings them up to date, in one transaction; does nothing where they are current."""
    with reading(engine) as connection:
        if MigrationContext.configure(connection).get_current_revision() == newest_revision():
            return
    with writing(engine) as connection:
        command.upgrade(_config(connection), "head")


def newest_revision() -> str | None:
    """The revision that this release needs."""
    return ScriptDirectory.from_config(_config()).get_current_head()
