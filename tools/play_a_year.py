"""Plays a year of an office that follows three plans, with the code that PYTHONPATH leads to: see make_upgrade_fixture.

Uses only use cases that releases keep; ``python -P play_a_year.py FOLDER`` leaves there the register ``dondoc.db`` as
that release wrote it and ``expected.json``: what its lists said at the end, and what it would have sent afterwards.
"""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from app.bootstrap import Dondoc, bootstrap
from app.sample import add_sample
from app.settings import Settings
from notifications import composer, delivery, planner
from notifications.channels.base import Letter
from notifications.contacts import ContactRole, add_contact
from notifications.errors import ChannelError, FateUnknown
from notifications.tables import message
from plans.calendar import MORNING, local_day, moment
from plans.shipped import shipped_register, shipped_text
from tasks import audit, intake, moves, papers
from tasks.agencies import load_register, save_agencies
from tasks.database import reading, writing
from tasks.errors import RegisterError
from tasks.listing import due_rows
from tasks.papers import Paper
from tasks.tables import occurrence, party
from tasks.trail import plain

PLANS = ("son-la-2316-2023", "cua-lo-2023", "bac-giang-2024")
BEGIN, SAMPLE_FROM, END = date(2024, 1, 2), date(2024, 12, 6), date(2024, 12, 16)
AFTERWARDS = timedelta(days=30)
REACHED = 4  # bodies per plan that have an address; the others wait
ACTOR = "can-bo"


class PowerCut(BaseException):
    """Nothing catches it: the sender dies with the message in hand."""


class Post:
    """Takes most letters. One address does not exist, one server is often down, one line breaks off."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.cut_after: int | None = None

    def send(self, letter: Letter) -> None:
        if self.cut_after is not None:
            self.cut_after -= 1
            if self.cut_after < 0:
                raise PowerCut
            if self.cut_after == 0:
                raise ChannelError("451 try later")
        drawn = self._chance.random()
        if letter.address.startswith("khong-co") or drawn < 0.02:
            raise ChannelError("550 no such user", permanent=True)
        if drawn < 0.07:
            raise ChannelError("451 try later")
        if drawn < 0.10:
            raise FateUnknown("connection lost after the body")


class Quiet:
    """Takes every letter."""

    def send(self, letter: Letter) -> None:
        """Nothing is sent anywhere."""


def main(folder: Path) -> None:
    chance = random.Random(2316)  # noqa: S311 - the same year whenever it is played
    settings = Settings(home=folder)
    post = Post(chance)
    dondoc = bootstrap(settings)
    dondoc.channels = {"email": post, "url": post}
    _begin(dondoc)
    for day in _days(BEGIN, END - timedelta(days=1)):
        if day == SAMPLE_FROM:
            add_sample(dondoc, now=moment(day, MORNING))
        _morning(dondoc, day)
        _afternoon(dondoc, day, chance)
    _last_morning(dondoc, post)
    now = moment(END, MORNING)
    expected = {"at": now.isoformat(), **_said(dondoc, now)}
    dondoc.close()
    _vacuum(folder / "dondoc.db")
    expected["afterwards"] = _afterwards(folder)
    (folder / "expected.json").write_text(json.dumps(expected, ensure_ascii=False), encoding="utf-8")


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)


def _begin(dondoc: Dondoc) -> None:
    """Three plans are followed; some bodies of each, and every officer and head, have an address."""
    now = moment(BEGIN, MORNING)
    with writing(dondoc.engine) as connection:
        save_agencies(connection, shipped_register().agencies.values())
        for plan_id in PLANS:
            lead = intake.add_plan(
                connection, shipped_text(plan_id), file=f"{plan_id}.yaml", now=now, actor=ACTOR
            ).plan.lead
            intake.activate(connection, plan_id, start=BEGIN, now=now, actor=ACTOR)
            for role in (ContactRole.OFFICER, ContactRole.HEAD):
                _contact(connection, lead, role, role.value, now)
            chosen = select(party.c.agency_id).where(party.c.plan_id == plan_id, party.c.agency_id != lead)
            bodies = [row.agency_id for row in connection.execute(chosen.order_by(party.c.agency_id))]
            for number, body in enumerate(bodies[:REACHED]):
                _contact(connection, body, ContactRole.AGENCY, "khong-co" if number == 3 else "van-thu", now)


def _contact(connection: Connection, body: str, role: ContactRole, box: str, now: datetime) -> None:
    address = f"{box}@{body.replace('.', '-')}.example"
    add_contact(connection, body, role=role, name=f"Văn thư {body}", address=address, now=now, actor=ACTOR)


def _morning(dondoc: Dondoc, day: date) -> None:
    now = moment(day, MORNING)
    planner.advance(dondoc.engine, now=now)
    composer.compose(dondoc.engine, now=now)
    for hours in (0, 1):
        delivery.deliver(dondoc.engine, dondoc.channels, now=now + timedelta(hours=hours))


def _last_morning(dondoc: Dondoc, post: Post) -> None:
    """The power goes in the middle of it: some messages are sent, one is put off, the others are in hand."""
    now = moment(END, MORNING)
    planner.advance(dondoc.engine, now=now)
    composer.compose(dondoc.engine, now=now)
    post.cut_after = 3
    try:
        delivery.deliver(dondoc.engine, dondoc.channels, now=now)
    except PowerCut:
        return
    raise SystemExit("the last morning has to end in the middle of sending: choose another day")


def _afternoon(dondoc: Dondoc, day: date, chance: random.Random) -> None:
    """What came in, and what the officer did about the rest."""
    now = moment(day, MORNING) + timedelta(hours=7)
    near = select(occurrence.c.id, occurrence.c.last_day, occurrence.c.state).where(
        occurrence.c.state.in_(("open", "claimed", "received", "returned")),
        occurrence.c.sample.is_(False),
        occurrence.c.before_tracking.is_(False),
        occurrence.c.last_day.between(day - timedelta(days=20), day + timedelta(days=4)),
    )
    with reading(dondoc.engine) as connection:
        rows = connection.execute(near.order_by(occurrence.c.id)).all()
    for row in rows:
        if chance.random() < 0.12:
            _do(dondoc, row.id, row.state, row.last_day, day, now, chance)


def _do(dondoc: Dondoc, key: str, state: str, last_day: date, day: date, now: datetime, chance: random.Random) -> None:
    drawn = chance.random()
    number = f"{chance.randrange(1, 900)}/BC"
    said: dict[str, Any] = {"now": now, "actor": ACTOR}
    try:
        with writing(dondoc.engine) as connection:
            if state == "received":
                moves.accept(connection, key, **said)
            elif drawn < 0.55:
                came = Paper(received_on=day - timedelta(days=chance.randrange(3)), number=number, dated=day)
                papers.record(connection, [key], came, review=drawn < 0.15, **said)
                if drawn > 0.50:
                    moves.return_(connection, key, reason="incomplete", by=None, **said)
                elif drawn > 0.47:
                    papers.correct(connection, key, Paper(received_on=day, number=number), **said)
            elif drawn < 0.65:
                moves.claim(connection, key, number=number, dated=day, **said)
            elif drawn < 0.75:
                moves.extend(connection, [key], to=max(last_day, day) + timedelta(days=9), document="77/UBND", **said)
            elif drawn < 0.82:
                moves.promise(connection, key, on=day + timedelta(days=5), **said)
            elif drawn < 0.88:
                moves.hold(connection, key, until=day + timedelta(days=4), **said)
            elif drawn < 0.93:
                moves.waive(connection, key, reason="CV 3", **said)
            else:
                register = load_register(connection)
                unit = key.partition("/")[0]
                heir = next(body for name, body in sorted(register.agencies.items()) if name.split(".")[0] in unit)
                moves.transfer(connection, key, to=heir, document="12/QĐ", **said)
    except RegisterError:
        return  # a move that the table of moves refuses: such a day it was


def _said(dondoc: Dondoc, now: datetime) -> dict[str, Any]:
    """What the lists say to people, in JSON's own types."""
    with reading(dondoc.engine) as connection:
        due = [asdict(row) for row in due_rows(connection, now=now)]
        found = audit.report(connection, now=now, include_sample=True)
    board = {head.id: dondoc.board.plan_table(head.id, now=now) for head in dondoc.board.active_plans()}
    listed = {
        "due": due,
        "missed": [asdict(line) for line in found.missed],
        "rates": [asdict(line) for line in found.rates],
        "board": {plan_id: [asdict(row) for row in rows] for plan_id, rows in board.items()},
    }
    said: dict[str, Any] = plain(listed)
    return said


def _vacuum(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.execute("VACUUM")
    connection.close()


def _afterwards(folder: Path) -> list[list[str]]:
    """What this release would send in the next thirty days if nobody did anything, on a copy."""
    later = folder / "later"
    later.mkdir()
    shutil.copyfile(folder / "dondoc.db", later / "dondoc.db")
    dondoc = bootstrap(Settings(home=later))
    dondoc.channels = {"email": Quiet(), "url": Quiet()}
    with reading(dondoc.engine) as connection:
        before = {row.id for row in connection.execute(select(message.c.id).where(message.c.status == "sent"))}
    for day in _days(END, END + AFTERWARDS):
        _morning(dondoc, day)
    with reading(dondoc.engine) as connection:
        rows = connection.execute(select(message).where(message.c.status == "sent").order_by(message.c.id)).all()
    dondoc.close()
    return [
        [local_day(row.settled_at).isoformat(), row.kind, row.address, row.key, row.subject]
        for row in rows
        if row.id not in before
    ]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
