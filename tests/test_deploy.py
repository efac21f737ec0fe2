"""The systemd units in deploy/ start commands that exist, with settings that are explained."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from configparser import ConfigParser
from pathlib import Path

import click
import pytest
from prefect.settings import get_current_settings

from app.prefect_settings import AUTH, RUNS_AT_ONCE
from app.settings import Settings
from benchmarks import country
from cli.main import dondoc
from flows.specs import fixed_specs

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
EXAMPLE = DEPLOY / "dondoc.env.example"
PROGRAM = "/opt/dondoc/bin/dondoc"
_SETTING = re.compile(r"^#?([A-Z][A-Z_]+)=(.*)$", re.MULTILINE)


def section(unit: Path, name: str) -> dict[str, str]:
    parser = ConfigParser(interpolation=None, delimiters=("=",), comment_prefixes=("#",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(unit, encoding="utf-8")
    return dict(parser[name])


def test_the_units_are_those_of_the_guide() -> None:
    guide = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    assert [unit.name for unit in UNITS] == ["dondoc-server.service", "dondoc-worker@.service", "dondoc.service"]
    assert all(f"`{unit.name}`" in guide for unit in UNITS)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_starts_a_command_that_there_is(unit: Path) -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    program, name, *arguments = shlex.split(section(unit, "Service")["ExecStart"])
    assert program == PROGRAM
    assert Path(program).name in scripts
    command = dondoc.get_command(click.Context(dondoc), name)
    assert command is not None
    command.make_context(name, list(arguments))  # raises for an option that it does not know


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_runs_as_nobody_in_particular_with_settings_from_one_explained_file(unit: Path) -> None:
    service = section(unit, "Service")
    assert service["User"] == "dondoc"
    assert service["EnvironmentFile"] == "/etc/dondoc/dondoc.env"
    assert service["EnvironmentFile"] in EXAMPLE.read_text(encoding="utf-8")
    assert service["EnvironmentFile"] in (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    assert service["ReadWritePaths"] == service["WorkingDirectory"] == dict(settings())["DONDOC_HOME"]
    for hardening in ("NoNewPrivileges", "ProtectHome", "PrivateTmp", "PrivateDevices"):
        assert service[hardening] == "yes"
    assert service["Restart"] == "always"
    assert "Environment" not in service


# --- The figures of the guide ----------------------------------------------------------------------------------


def test_the_guide_holds_the_table_that_the_computation_prints() -> None:
    assert country.table() in (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")


def test_the_computation_counts_the_runs_that_are_scheduled() -> None:
    every_day = [t.cron for spec in fixed_specs() if spec.flow != "audit" for t in spec.timetables if t.cron]
    assert sum(map(starts_a_day, every_day)) == country.FIXED_RUNS
    assert country.RUNS_AT_ONCE == RUNS_AT_ONCE


def starts_a_day(cron: str) -> int:
    minute, hour, *rest = cron.split()
    assert rest == ["*", "*", "*"]
    return len(taken(minute, 60)) * len(taken(hour, 24))


def taken(field: str, end: int) -> set[int]:
    """The values that one field of a cron line stands for."""
    found: set[int] = set()
    for part in field.split(","):
        span, _slash, step = part.partition("/")
        first, _dash, last = ("0", "-", str(end - 1)) if span == "*" else span.partition("-")
        found |= set(range(int(first), int(last or first) + 1, int(step or 1)))
    return found


# --- The settings ------------------------------------------------------------------------------------------------


def settings() -> list[tuple[str, str]]:
    return _SETTING.findall(EXAMPLE.read_text(encoding="utf-8"))


def test_every_line_of_the_example_is_a_setting_that_exists_and_none_is_a_secret() -> None:
    known = {f"DONDOC_{name.upper()}" for name in Settings.model_fields} | {AUTH}
    of_prefect = get_current_settings().to_environment_variables(exclude_unset=False)
    for name, value in settings():
        assert name in known or name in of_prefect, name
        login = re.search(r"//[^/@]*:([^@]*)@", value) or re.fullmatch(r"\w+:(\w+)", value)
        assert login is None or login[1] == "PASSWORD", name
    missing = {"DONDOC_DATABASE_URL", "DONDOC_MAIL_URL", "DONDOC_BACKUP_FOLDER", "DONDOC_HEARTBEAT_URL", AUTH}
    assert missing <= {name for name, _value in settings()}


@pytest.mark.skipif(sys.platform != "linux", reason="systemd is Linux's")
def test_systemd_itself_accepts_the_units(tmp_path: Path) -> None:
    """Where systemd is installed; what it says of a unit is its own grammar, read by nobody else."""
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        assert all(section(unit, "Install") == {"WantedBy": "multi-user.target"} for unit in UNITS)
        return
    for unit in UNITS:
        here = unit.read_text(encoding="utf-8").replace(PROGRAM, sys.executable)
        (tmp_path / unit.name).write_text(here, encoding="utf-8")
    paths = [str(tmp_path / unit.name) for unit in UNITS]
    done = subprocess.run(
        [analyze, "verify", "--man=no", *paths], capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
