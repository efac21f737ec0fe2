"""The migrations build what the models say, once, whoever starts first."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect

from app.database import migrate, newest_revision
from app.schema import metadata
from tasks.database import make_engine, reading, writing


def _version(engine: Engine) -> str | None:
    with reading(engine) as c:
        return MigrationContext.configure(c).get_current_revision()


def test_migrations_build_what_the_models_say(engine: Engine) -> None:
    with reading(engine) as c:
        context = MigrationContext.configure(c, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_every_index_of_the_models_is_there_with_its_columns_and_condition(engine: Engine) -> None:
    """Alembic does not compare the conditions of partial indexes, and ``advance`` lives by them."""
    found = {index["name"]: index for name in metadata.tables for index in inspect(engine).get_indexes(name)}
    wanted = {index.name: index for table in metadata.tables.values() for index in table.indexes}
    assert set(wanted) <= set(found)
    dialect = engine.dialect.name
    for name, index in wanted.items():
        assert found[name]["column_names"] == [column.name for column in index.columns], name
        condition = index.dialect_options[dialect]["where"]
        real = found[name].get("dialect_options", {}).get(f"{dialect}_where")
        assert (str(real) if real is not None else None) == (str(condition) if condition is not None else None), name


def test_the_second_time_nothing_is_done(engine: Engine) -> None:
    before = _version(engine)
    assert before == newest_revision()
    with reading(engine) as c:
        master = c.exec_driver_sql("SELECT name, sql FROM sqlite_master ORDER BY name").all()
    migrate(engine)
    with reading(engine) as c:
        assert c.exec_driver_sql("SELECT name, sql FROM sqlite_master ORDER BY name").all() == master


def test_a_migration_that_fails_leaves_no_half_a_register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = make_engine(f"sqlite:///{tmp_path / 'fresh.db'}", durable=False)
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


def test_two_processes_that_start_together_build_it_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'fresh.db'}"
    context = multiprocessing.get_context("spawn")
    gate = context.Barrier(2)
    started = [context.Process(target=_start, args=(url, gate)) for _number in range(2)]
    for process in started:
        process.start()
    for process in started:
        process.join(60)
    assert [process.exitcode for process in started] == [0, 0]
    made = make_engine(url)
    assert _version(made) == newest_revision()
    made.dispose()
