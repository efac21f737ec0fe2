"""A small world with a frozen clock and a recording channel that fails on any message nobody expected.

Alpha and Beta owe reports, the Front is only asked, the communes have no address of their own, Công an huyện is
the lead unit with an officer, a stand-in and a head, and a stranger belongs to another unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.engine import Connection, Row

from notifications import composer, delivery, planner
from notifications.channels.base import Letter
from notifications.contacts import ContactRole, add_contact
from notifications.tables import message, message_notice, notice
from plans.calendar import local_time, moment
from tasks import intake, lifecycle, moves, papers
from tasks.agencies import load_register
from tasks.database import reading, writing
from tasks.model import Occurrence
from tasks.papers import Paper

LEAD = "u.cong-an-huyen"
OFFICER, STAND_IN, HEAD = "officer@u.example", "stand-in@u.example", "head@u.example"

PLAN = """\
format: 1
plan: ke
title: Kế hoạch thử
short: KH 01/KH-UBND
number: 01/KH-UBND
issued: 2023-11-07
issuer: UBND huyện U
level: district
unit: u
lead: {agency: cong-an-huyen, section: IV.2, quote: "theo dõi, đôn đốc"}
agencies:
  - {id: cong-an-huyen, name: Công an huyện U}
  - {id: alpha, name: Phòng Alpha}
  - {id: beta, name: Phòng Beta}
  - {id: mat-tran, name: Ủy ban MTTQ Việt Nam huyện U}
  - {id: cap-xa, name: Công an cấp xã, unlisted: true}
  - {id: gamma, name: Phòng Gamma}
  - {id: nguoi-dan, name: Gia đình, never_messaged: true}
  - {id: stranger, name: Phòng không liên quan}
parties:
  - {agency: alpha, relation: peer, ground: III.1}
  - {agency: beta, relation: subordinate, ground: III.2}
  - {agency: mat-tran, relation: requested, ground: "III.3: Đề nghị"}
  - {agency: cap-xa, relation: subordinate, ground: III.4}
  - {agency: gamma, relation: peer, ground: III.5}
  - {agency: nguoi-dan, relation: peer, ground: III.6}
duties:
DUTIES
"""

REPORT = """\
  - id: bao-cao
    title: Báo cáo năm
    section: IV.1
    responsible: [RESPONSIBLE]
    due:
      {kind: annual, month: 12, day: 10, boundary: before, quote: "trước ngày 10/12", from: 2024-01-01,
       until: 2024-12-31}
    recipients: [{agency: cong-an-huyen}]
"""


def plan_text(responsible: str = "alpha", *, duties: str | None = None, extra: str = "") -> str:
    """The small plan; by default Alpha owes a yearly report before 10/12/2024."""
    body = duties if duties is not None else REPORT.replace("RESPONSIBLE", responsible)
    return PLAN.replace("DUTIES\n", body) + extra


def at(day: str, clock: str = "07:30") -> datetime:
    """``at("09/12/2024")`` is that morning in Vietnam."""
    number, month, year = map(int, day.split("/"))
    return moment(date(year, month, number), time.fromisoformat(clock))


def day(text: str) -> date:
    number, month, year = map(int, text.split("/"))
    return date(year, month, number)


@dataclass
class Recorder:
    """Takes every letter; a scenario says which ones it expected."""

    letters: list[Letter] = field(default_factory=list)

    def send(self, letter: Letter) -> None:
        self.letters.append(letter)


class World:
    """Real store, frozen clock. ``sent`` are lines such as ``09/12 alpha due`` or ``13/12 officer lead``."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.channel = Recorder()
        self.now = at("01/01/2024")
        self._seen: set[int] = set()

    # -- setting up --

    def follow(self, text: str, *, on: str = "01/11/2024", clock: str = "07:30", contacts: bool = True) -> World:
        """Brings the plan in and starts it at that moment, with an address for everybody."""
        self.now = at(on, clock)
        with writing(self.engine) as c:
            plan = intake.add_plan(c, text.encode(), file="ke.yaml", now=self.now, actor="test").plan
            if contacts:
                for body in load_register(c).agencies:
                    if body != LEAD and not body.endswith("cap-xa"):
                        self._contact(c, body, ContactRole.AGENCY, f"{body.partition('.')[2]}@u.example")
                self._contact(c, LEAD, ContactRole.OFFICER, OFFICER)
                self._contact(c, LEAD, ContactRole.STAND_IN, STAND_IN)
                self._contact(c, LEAD, ContactRole.HEAD, HEAD)
            intake.activate(c, plan.id, now=self.now, actor="test")
        self.tick()
        return self

    def _contact(self, c: Connection, body: str, role: ContactRole, address: str) -> None:
        add_contact(c, body, role=role, name=address, address=address, now=self.now, actor="test")

    def add_contact(self, body: str, role: ContactRole, address: str) -> None:
        with writing(self.engine) as c:
            self._contact(c, body, role, address)

    def change_plan(self, text: str) -> intake.Brought:
        with writing(self.engine) as c:
            return intake.add_plan(c, text.encode(), file="ke.yaml", now=self.now, actor="test")

    # -- the clock --

    def tick(self) -> None:
        """What the sweep does."""
        planner.advance(self.engine, now=self.now)
        composer.compose(self.engine, now=self.now)
        delivery.deliver(self.engine, {"email": self.channel}, now=self.now)

    def go(self, to: str, clock: str = "07:30") -> World:
        """Every morning at 07:30 up to that one, then on to that moment."""
        end = at(to, clock)
        morning = local_time(self.now).date() + timedelta(days=1)
        while moment(morning, time(7, 30)) <= end:
            self.now = moment(morning, time(7, 30))
            self.tick()
            morning += timedelta(days=1)
        self.now = end
        self.tick()
        return self

    def jump(self, to: str, clock: str = "07:30") -> World:
        """Switched off until that moment."""
        self.now = at(to, clock)
        self.tick()
        return self

    # -- moves --

    def record(self, o: str, received: str, number: str = "12/BC", *, review: bool = False) -> Occurrence:
        came = Paper(day(received), number, day(received))
        with writing(self.engine) as c:
            return papers.record(c, [o], came, review=review, now=self.now, actor="officer")[0]

    def move(self, name: str, o: str, **values: object) -> Occurrence:
        with writing(self.engine) as c:
            return getattr(moves, name)(c, o, **values, now=self.now, actor="officer")  # type: ignore[no-any-return]

    def extend(self, ids: Sequence[str], to: str, document: str = "99/UBND-NC") -> None:
        with writing(self.engine) as c:
            moves.extend(c, list(ids), to=day(to), document=document, now=self.now, actor="officer")

    def occurrence(self, o: str) -> Occurrence:
        with reading(self.engine) as c:
            return lifecycle.load(c, o)

    # -- what was sent --

    def new(self) -> list[str]:
        """The messages since the last call: ``dd/mm who rung+rung``."""
        joined = (
            select(message, notice.c.rung)
            .join(message_notice, message_notice.c.message_id == message.c.id)
            .join(notice, notice.c.id == message_notice.c.notice_id)
            .where(message.c.status == "sent")
            .order_by(message.c.id, notice.c.id)
        )
        with reading(self.engine) as c:
            rows = [row for row in c.execute(joined) if row.id not in self._seen]
        lines: dict[int, tuple[Row[tuple[object, ...]], list[str]]] = {}
        for row in rows:
            lines.setdefault(row.id, (row, []))[1].append(row.rung)
        self._seen |= set(lines)
        return [
            f"{local_time(row.settled_at):%d/%m} {row.address.partition('@')[0]} {'+'.join(dict.fromkeys(rungs))}"
            for row, rungs in lines.values()
        ]

    def expect(self, *wanted: str) -> None:
        """Fails on a message that is missing, and on any that nobody expected."""
        got = self.new()
        assert sorted(got) == sorted(wanted), f"\ngot:    {sorted(got)}\nwanted: {sorted(wanted)}"

    def ledger(self, o: str) -> dict[str, str]:
        """What became of each rung: ``{"before-7": "composed", "before-1": "same_day"}``."""
        with reading(self.engine) as c:
            rows = c.execute(select(notice).where(notice.c.subject == o).order_by(notice.c.revision, notice.c.id)).all()
        return {row.rung: row.reason or row.status for row in rows}
