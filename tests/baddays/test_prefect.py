"""Worker dead while Prefect lives, Prefect dead while the worker lives, Prefect's database gone.

One story in one test, since every start takes its time: a real server and worker, each a process of its own, three
bodies that are reminded on three mornings, and a mail server that counts. The register's clock stands in June 2024 (the
runs are handed ``now``); what the doctor is asked about Prefect happens by the real one.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch
from uuid import UUID

import pytest
from prefect.client.schemas.objects import FlowRun, StateType

from app.bootstrap import clock
from app.database import migrate
from flows.client import Prefect
from flows.specs import DeploymentSpec
from plans.calendar import local_day
from tasks.database import make_engine, writing
from tests.baddays.province import MORNING, Machine, Province, fill
from tests.cli.conftest import Terminal
from tests.flows.test_real_prefect import processes_of
from tests.flows.world import bring_in
from tests.notifications.channels import letters, mailbox
from tests.notifications.channels.mailbox import MailBox
from tests.support import at

BODIES = 3
BEFORE_1, DUE = at("2024-06-07 07:30"), at("2024-06-10 07:30")  # the mornings after MORNING on which rungs fall
ROUND = timedelta(minutes=10)  # from one ``deliver`` to the next
MEANWHILE = timedelta(minutes=20)  # so long nobody has looked when the doctor is called
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="finds the processes of a machine in /proc"),
]


@dataclass
class Office:
    """A Prefect server and a worker on one register, and somebody at the keyboard."""

    province: Province
    box: MailBox
    terminal: Terminal

    @property
    def worker(self) -> Machine:
        return self.province.machines["worker"]

    def start_server(self) -> None:
        self.province.start("server", "server")

    def start_worker(self) -> Held:
        """Returns what Prefect holds then. After that nothing runs but what this test asks for: coming runs go."""
        self.province.start("worker", "worker", "--name", "worker")
        self.province.until("a worker at work", self.province.alive)
        held = self.province.asked(what_prefect_holds)
        self.province.pause_schedules()
        return held

    def die(self, name: str) -> None:
        machine = self.province.machines[name]
        machine.power_cut()
        machine.process.wait()

    def played(self, flow: str, now: datetime) -> FlowRun:
        """A run of that flow that came to its end; one that met another and stepped back is asked for again."""
        while True:
            ended = self.ended(self.province.run(flow, now))
            assert ended.state is not None
            if ended.state.type is not StateType.CANCELLED:
                assert ended.state.type is StateType.COMPLETED, ended.state
                return ended

    def ended(self, run: UUID) -> FlowRun:
        return self.province.until("end of a run", lambda: self.province.ended(run))

    def by_hand(self, *command: str, now: datetime) -> str:
        """A command as the officer types it at that moment."""
        with patch.dict(os.environ, self.settings()):
            self.terminal.at(now)
            return self.terminal(*command).output

    def doctor(self, *, later: timedelta = timedelta(0)) -> dict[str, str]:
        """What is broken, by check, asked so much later; it ends with 1."""
        with patch.dict(os.environ, self.settings()), patch("cli.doctor.clock", lambda: clock() + later):
            result = self.terminal("doctor", "--format", "json", code=1)
        said: dict[str, str] = {}
        for each in json.loads(result.stdout)["checks"]:
            if each["level"] == "broken":
                said[each["check"]] = f"{said.get(each['check'], '')} {each['text']} → {each['remedy']}".strip()
        return said

    def settings(self) -> dict[str, str]:
        home = str(self.province.folder / "keyboard")
        return {**self.province.shared, "DONDOC_HOME": home, "DONDOC_PREFECT_PORT": str(self.province.port)}

    def each_has(self, letters_each: int) -> None:
        """So many letters to everybody, none of them twice."""
        arrived = Counter(str(taken.recipients) for taken in self.box.taken)
        assert arrived == dict.fromkeys(arrived, letters_each)
        assert len(arrived) == (BODIES if letters_each else 0)
        assert set(self.box.by_id.values()) <= {1}, "a letter came twice"


@dataclass
class Held:
    """The deployments as they were meant, and the coming runs of the duties with their names."""

    specs: dict[str, DeploymentSpec]
    coming: list[tuple[str, datetime]]

    def after(self, now: datetime) -> Held:
        specs = {name: spec.after(now) for name, spec in self.specs.items()}
        return Held(specs, [(name, moment) for name, moment in self.coming if moment > now])


async def what_prefect_holds(server: Prefect) -> Held:
    found = await server.deployments()
    dated = [each.id for each in found if each.spec.flow == "follow"]
    coming = await server.coming_runs(dated, clock())
    specs = {f"{each.spec.flow}/{each.spec.name}": each.spec for each in found}
    return Held(specs, sorted((run.name, run.at) for run in coming))


@contextmanager
def office_in(folder: Path, terminal: Terminal) -> Iterator[Office]:
    register = f"sqlite:///{folder / 'register.db'}"
    engine = make_engine(register)
    migrate(engine)
    fill(engine, BODIES)
    with writing(engine) as connection:  # so that there are coming runs as well
        bring_in(connection, "ke", day=local_day(clock()), now=clock())
    engine.dispose()
    box = MailBox()
    server = mailbox.start(box)
    shared = {"DONDOC_DATABASE_URL": register, "DONDOC_MAIL_URL": letters.url(server.port)}
    office = Office(Province(folder, shared), box, terminal)
    try:
        office.start_server()
        yield office
    finally:
        office.province.close()
        server.stop()


def test_worker_and_prefect_die_and_prefect_forgets_and_nothing_is_lost_or_doubled(
    tmp_path: Path, run: Terminal
) -> None:
    with office_in(tmp_path, run) as office:
        held = office.start_worker()
        worker_is_dead_while_prefect_lives(office)
        prefect_is_dead_while_the_worker_lives(office)
        prefects_database_is_deleted(office, held)


def worker_is_dead_while_prefect_lives(office: Office) -> None:
    """The runs of the morning pile up; once a worker is there again they catch up."""
    office.die("worker")
    assert processes_of(office.worker.home) == []
    waiting = [office.province.run(flow, MORNING) for flow in ("sweep", "deliver")]
    found = office.doctor(later=MEANWHILE)
    assert "Tiến trình thực hiện im lặng từ" in found["prefect"]
    assert "dondoc up" in found["prefect"]
    assert office.box.taken == []
    office.start_worker()
    for each in waiting:
        office.ended(each)
    office.played("deliver", MORNING + ROUND)
    office.each_has(1)
    assert "im lặng" not in office.doctor().get("prefect", "")


def prefect_is_dead_while_the_worker_lives(office: Office) -> None:
    """The two steps by hand do the morning; when Prefect is back, its runs find nothing to do."""
    office.die("server")
    assert office.worker.process.poll() is None
    found = office.doctor()
    assert "Prefect không trả lời" in found["prefect"]
    assert "sổ vẫn ghi được bằng lệnh dondoc" in found["prefect"]
    assert f"Đã soạn {BODIES} thông báo" in office.by_hand("advance", now=BEFORE_1)
    assert f"Đã gửi {BODIES}" in office.by_hand("deliver", now=BEFORE_1)
    office.each_has(2)
    office.start_server()
    office.province.until("the server", office.province.alive)
    assert office.worker.process.poll() is None, "it waited for the server"
    for flow, moment in (("sweep", BEFORE_1), ("deliver", BEFORE_1 + ROUND)):
        office.played(flow, moment)
    office.each_has(2)
    assert "Prefect không trả lời" not in office.doctor().get("prefect", "")


def prefects_database_is_deleted(office: Office, held: Held) -> None:
    """``sync`` makes every deployment and every coming run anew; what was sent stays sent."""
    assert {"follow/kh-1.bao-cao", "follow/ke.bao-cao-sau", "sweep/sweep", "deliver/deliver"} <= set(held.specs)
    assert held.coming
    office.worker.shut_down()
    office.province.machines["server"].shut_down()
    prefect = office.province.machines["server"].home / "prefect"
    gone = list(prefect.glob("prefect.db*"))
    assert gone
    for file in gone:
        file.unlink()
    office.start_server()
    office.province.until("the server", lambda: answers(office.province))
    found = office.doctor()
    assert "Thiếu lịch: sweep, deliver" in found["prefect"]
    assert "Chưa có tiến trình thực hiện nào" in found["prefect"]
    anew = office.start_worker()
    now = clock()
    assert anew.after(now) == held.after(now)
    office.played("deliver", BEFORE_1 + 2 * ROUND)
    office.each_has(2)
    office.played("deliver", DUE)
    office.each_has(3)


def answers(province: Province) -> bool:
    try:
        return province.asked(lambda server: server.count()) == 0
    except Exception:  # it is still starting
        return False
