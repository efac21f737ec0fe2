"""``dondoc doctor``: what is broken, and what mends it. Works while everything else is down."""

from __future__ import annotations

import asyncio
import shutil
import sys
import textwrap
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from importlib import import_module

import click

from app.board import Board
from app.bootstrap import clock
from app.doctor import Finding, Level, worst
from app.doctor.report import alarms, document, summary
from app.doctor.rounds import rounds
from app.doctor.schedule import PrefectFacts
from app.prefect_settings import adopt, base_url
from app.settings import Settings
from app.supervisor import healthy
from cli import output
from cli.commands import command
from cli.params import formats
from plans.text import _, use_language
from tasks.database import make_engine

_WIDTH = 80
_COLOURS = {Level.BROKEN: "red", Level.NOTICE: "yellow", Level.OK: "green"}


@command(
    _(
        "Khám hệ thống: cơ sở dữ liệu, lịch chạy Prefect, máy chủ thư, người nhận, sao lưu, ổ đĩa, ngày giờ. Mỗi mục "
        "hỏng kèm cách sửa; có mục hỏng thì mã thoát là 1."
    ),
    "dondoc doctor",
    "dondoc doctor --format json",
)
@formats("table", "json")
@click.option("--thorough", is_flag=True, help=_("Kiểm tra hết tệp dữ liệu và cả nhật ký; có thể lâu."))
def doctor_command(form: str, thorough: bool) -> None:
    settings, now = Settings(), clock()
    use_language(settings.language)
    adopt(settings)  # before Prefect is imported
    engine = make_engine(settings.url)  # neither made nor upgraded: only looked at
    try:
        ask = partial(ask_prefect, settings, Board(engine), now)
        found = rounds(settings, engine, ask_prefect=ask, now=now, thorough=thorough)
    finally:
        engine.dispose()
    if form == "json":
        output.write_json(document(found, now=now))
    else:
        _write(found)
    if worst(found) is Level.BROKEN:
        raise click.exceptions.Exit(1)


class Silent(Exception):
    """Nobody answers at Prefect's address."""


def ask_prefect(settings: Settings, board: Board, now: datetime, usable: bool) -> PrefectFacts:
    """Asks in a loop of its own. Importing Prefect takes over a second: only where somebody answers."""
    if not healthy(settings):
        raise Silent(base_url(settings))
    health = import_module("flows.health")
    facts = asyncio.run(health.prefect_facts(board if usable else None, now=now, place=settings))
    assert isinstance(facts, PrefectFacts)  # noqa: S101 - imported by name, so mypy does not know
    return facts


def _write(found: Sequence[Finding]) -> None:
    """What is wrong first, each with what mends it; what is well in one line each."""
    for each in [*alarms(found), *(each for each in found if each.level is Level.OK)]:
        label = click.style(f"{each.level.label:<6}", fg=_COLOURS[each.level])
        first, *rest = _lines(f"{each.title}: {each.text}", 7)
        click.echo(f"{label} {first}")
        for line in rest:
            click.echo(f"{'':7}{line}")
        for line in _lines(f"→ {each.remedy}", 7) if each.remedy else ():
            click.echo(f"{'':7}{line}")
    click.echo()
    click.echo(summary(found))


def _lines(text: str, indent: int) -> list[str]:
    size = shutil.get_terminal_size((_WIDTH, 24)).columns if sys.stdout.isatty() else _WIDTH
    return textwrap.wrap(text, max(40, min(size, 120)) - indent, break_long_words=False, break_on_hyphens=False)
