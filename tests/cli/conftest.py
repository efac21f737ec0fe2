"""Runs commands in this process, at a moment of the test's choosing, on a home of the test's own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from cli.main import dondoc
from tests.support import DATABASES

if TYPE_CHECKING:
    from tests.postgresql import Databases

PLAN = "son-la-2316-2023"
YEARLY = f"{PLAN}/bao-cao-nam/so-tai-chinh/2024"
MONDAY = datetime(2024, 12, 2, 1, 0, tzinfo=UTC)  # thứ Hai 02/12/2024, 08:00 in Vietnam


class Terminal:
    """``dondoc …`` as typed. Every run proves that no traceback reaches the terminal."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch
        self.at(MONDAY)

    def at(self, now: datetime) -> None:
        """Sets the clock."""
        self._patch.setattr("cli.session.clock", lambda: now)

    def __call__(self, *arguments: object, code: int = 0) -> Result:
        result = CliRunner().invoke(dondoc, [str(each) for each in arguments], prog_name="dondoc")
        assert result.exit_code == code, result.output
        assert "Traceback" not in result.output
        return result

    def json(self, *arguments: object) -> Any:
        return json.loads(self(*arguments, "--format", "json").stdout)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A fresh home: nothing was ever started."""
    return Terminal(monkeypatch)


def prepare(home: Path, url: str = "") -> None:
    """Sơn La's plan is followed from its day of issue."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DONDOC_HOME", str(home))
        if url:
            patch.setenv("DONDOC_DATABASE_URL", url)
        terminal = Terminal(patch)
        terminal.at(datetime(2023, 11, 7, 1, 0, tzinfo=UTC))
        terminal("activate", PLAN)
        terminal("contact", "add", "son-la.so-tai-chinh", "--name", "Văn thư", "--address", "vanthu@stc.example.vn")
        terminal(
            "contact",
            "add",
            "son-la.cong-an-tinh",
            "--role",
            "officer",
            "--name",
            "Cán bộ",
            "--address",
            "canbo@cat.example.vn",
        )
        terminal(
            "contact",
            "add",
            "son-la.cong-an-tinh",
            "--role",
            "head",
            "--name",
            "Lãnh đạo",
            "--address",
            "lanhdao@cat.example.vn",
        )


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prepared home with its SQLite database; made once, copied for each test."""
    home = tmp_path_factory.mktemp("prepared") / "home"
    prepare(home)
    return home


@pytest.fixture(params=DATABASES)
def anywhere(request: pytest.FixtureRequest, run: Terminal, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """A fresh home, on each database that dondoc supports."""
    if request.param == "sqlite":
        yield run
        return
    databases: Databases = request.getfixturevalue("postgresql")
    with databases.empty() as url:
        monkeypatch.setenv("DONDOC_DATABASE_URL", url)
        yield run


@pytest.fixture(params=DATABASES)
def followed(
    request: pytest.FixtureRequest, run: Terminal, dondoc_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Terminal]:
    """Monday 02/12/2024 on the prepared home, on each database that dondoc supports."""
    if request.param == "sqlite":
        shutil.copytree(request.getfixturevalue("prepared"), dondoc_home)
        yield run
        return
    databases: Databases = request.getfixturevalue("postgresql")
    with databases.filled("prepared", lambda url: prepare(tmp_path / "prepared", url)) as url:
        monkeypatch.setenv("DONDOC_DATABASE_URL", url.replace("postgresql+psycopg://", "postgresql://"))
        yield run


PlanWriter = Callable[..., Path]


@pytest.fixture
def write_plan(tmp_path: Path) -> PlanWriter:
    """Writes a small plan with its own two bodies; ``duties`` replaces its one duty."""

    def write(name: str = "nho.yaml", duties: str = _DUTY, plan: str = "nho") -> Path:
        path = tmp_path / name
        path.write_text(_PLAN.format(plan=plan, duties=duties), encoding="utf-8")
        return path

    return write


_DUTY = """\
  - id: bao-cao-nam
    title: Báo cáo năm
    section: "2"
    responsible: [so-a]
    due: {kind: annual, quote: "trước ngày 15/12", boundary: before, month: 12, day: 15}
"""
_PLAN = """\
format: 1
plan: {plan}
title: Kế hoạch nhỏ
short: KH nhỏ
number: 1/KH-UBND
issued: 2024-01-05
issuer: UBND tỉnh Thử
level: province
unit: thu
lead: {{agency: cong-an-tinh, section: "3", quote: "Giao Công an tỉnh đôn đốc"}}
agencies:
  - {{id: cong-an-tinh, name: Công an tỉnh Thử}}
  - {{id: so-a, name: Sở A}}
parties:
  - {{agency: so-a, relation: peer, ground: "2"}}
duties:
{duties}"""
