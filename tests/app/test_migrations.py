"""The migrations build what the models say, once, whoever starts first."""

from __future__ import annotations

import multiprocessing
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect

from app.database import migrate, newest_revision
from app.schema import metadata
from tasks.database import make_engine, reading, writing
from tests.postgresql import Databases
from tests.support import DATABASES, connected


def _version(engine: Engine) -> str | None:
    with reading(engine) as c:
        return MigrationContext.configure(c).get_current_revision()


def test_migrations_build_what_the_models_say(engine: Engine) -> None:
    with reading(engine) as c:
        context = MigrationContext.configure(c, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_every_index_of_the_models_is_there_with_its_columns_and_condition(
    engine: Engine, without_tables: Callable[[str], str]
) -> None:
    """Alembic does not compare the conditions of partial indexes, and ``advance`` lives by them."""
    modelled = make_engine(without_tables(engine.dialect.name))
    metadata.create_all(modelled)
    wanted, found = _indexes(modelled), _indexes(engine)
    modelled.dispose()
    assert {index.name for table in metadata.tables.values() for index in table.indexes} <= set(wanted)
    assert {name: found.get(name) for name in wanted} == wanted


def _indexes(engine: Engine) -> dict[str, Any]:
    if engine.dialect.name == "postgresql":
        with reading(engine) as c:
            defined = c.exec_driver_sql("SELECT indexname, indexdef FROM pg_indexes")
            # a column of another collation has its conditions written down again, with the casts elsewhere
            return {row[0]: re.sub(r"::(character varying|text)|[()]|\[\]", "", row[1]) for row in defined}
    return {
        str(index["name"]): (index["column_names"], str(index.get("dialect_options", {}).get("sqlite_where")))
        for name in metadata.tables
        for index in inspect(engine).get_indexes(name)
    }


def test_the_second_time_nothing_is_done(engine: Engine) -> None:
    before = _version(engine)
    assert before == newest_revision()
    tables = _everything(engine)
    migrate(engine)
    assert _everything(engine) == tables


def _everything(engine: Engine) -> object:
    words = {
        "sqlite": "SELECT name, sql FROM sqlite_master ORDER BY name",
        "postgresql": "SELECT oid, relname, relfilenode FROM pg_class ORDER BY oid",
    }
    with reading(engine) as c:
        return c.exec_driver_sql(words[engine.dialect.name]).all()


def test_on_postgresql_no_order_depends_on_the_locale_of_the_server(postgresql: Databases) -> None:
    words = (
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' "
        "AND data_type IN ('text', 'character varying') AND collation_name IS DISTINCT FROM 'C' "
        "AND table_name <> 'alembic_version'"
    )
    with connected(postgresql) as made, reading(made) as c:
        assert c.exec_driver_sql(words).all() == []


@pytest.fixture
def without_tables(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """The address of a database of that kind without a table."""
    with ExitStack() as ends:

        def make(kind: str) -> str:
            if kind == "sqlite":
                return f"sqlite:///{tmp_path / 'fresh.db'}"
            databases: Databases = request.getfixturevalue("postgresql")
            return ends.enter_context(databases.copied())

        yield make


@pytest.fixture(params=DATABASES)
def fresh(request: pytest.FixtureRequest, without_tables: Callable[[str], str]) -> str:
    """The same, on each database that dondoc supports."""
    return without_tables(request.param)


def test_a_migration_that_fails_leaves_no_half_a_register(fresh: str) -> None:
    made = make_engine(fresh, durable=False)
    with writing(made) as c:
        c.exec_driver_sql("CREATE TABLE setting (something INTEGER)")  # in the way of the migration
    with pytest.raises(Exception, match="already exists"):
        migrate(made)
    assert inspect(made).get_table_names() == ["setting"]
    made.dispose()


def _start(url: str, gate: object) -> None:
    engine = make_engine(url, durable=False)
    gate.wait()  # type: ignore[attr-defined]
    migrate(engine)
    engine.dispose()


def test_two_processes_that_start_together_build_it_once(fresh: str) -> None:
    context = multiprocessing.get_context("spawn")
    gate = context.Barrier(2)
    started = [context.Process(target=_start, args=(fresh, gate)) for _number in range(2)]
    for process in started:
        process.start()
    for process in started:
        process.join(300)
    assert [process.exitcode for process in started] == [0, 0]
    made = make_engine(fresh)
    assert _version(made) == newest_revision()
    made.dispose()
