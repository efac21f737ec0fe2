"""The real register and the naive one side by side: every step is done to both, and then they are compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from notifications import composer, delivery, planner
from notifications.absences import absences_of, note_absence, withdraw_absence
from notifications.channels.base import Letter
from notifications.contacts import ContactRole, add_contact, contacts_of, remove_contact
from notifications.errors import BadContact, ChannelError
from notifications.planner import PlanningContext
from notifications.press import press
from notifications.tables import message, message_notice, notice
from tasks import intake, moves, papers
from tasks.agencies import load_register
from tasks.bodies import register_bodies
from tasks.database import reading, writing
from tasks.errors import RegisterError
from tasks.materialise import recompute
from tasks.model import OWED, Cause, Occurrence
from tasks.office import choose, mark_day
from tasks.papers import Paper
from tasks.tables import occurrence
from tests.properties.oracle import LEAD, UNIT, Line, Naive, NaiveDuty, NaivePlan, Refused, changed, local, morning
from tests.support import plan_text

BODIES = ("so-tai-chinh", "so-noi-vu", "mat-tran", "cap-xa", "gia-dinh", "so-moi")
CONTACTS = (
    ("so-tai-chinh", "agency", "tai-chinh@x.example"),
    ("so-tai-chinh", "agency", "van-thu@x.example"),  # one address for two bodies
    ("so-noi-vu", "agency", "van-thu@x.example"),
    ("mat-tran", "agency", "mat-tran@x.example"),
    ("so-moi", "agency", "so-moi@x.example"),
    (LEAD, "officer", "can-bo@x.example"),
    (LEAD, "stand_in", "lam-thay@x.example"),
    (LEAD, "head", "lanh-dao@x.example"),
    (LEAD, "head", "can-bo@x.example"),  # officer and head are one person
)

DUTIES = """\
  - id: ke-hoach
    title: Kế hoạch triển khai
    section: IV.1
    responsible: [{ONCE}]
    due: {kind: once, on: {ONCE_ON}, boundary: before, quote: "trước ngày 05/5"}
  - id: bao-cao-thang
    title: Báo cáo tháng
    section: IV.2
    responsible: [{MONTHLY}]
    due: {kind: monthly, day: 10, boundary: by, quote: "ngày 10 hằng tháng", from: 2024-04-01, until: 2024-06-30}
  - id: bao-cao-nam
    title: Báo cáo năm
    section: IV.3
    responsible: [so-tai-chinh, mat-tran]
    due: {kind: annual, month: 5, day: 25, boundary: before, quote: "trước ngày 25/5", until: 2024-12-31}
    feeds: tong-hop
  - id: tong-hop
    title: Báo cáo tổng hợp
    section: IV.4
    responsible: [cong-an]
    due: {kind: annual, month: 6, day: 5, boundary: before, quote: "trước ngày 05/6", until: 2024-12-31}
"""

BASE = NaivePlan(
    {
        "ke-hoach": NaiveDuty(
            (("once", date(2024, 5, 5)),), True, ("so-tai-chinh", "so-noi-vu", "mat-tran", "cap-xa", "gia-dinh")
        ),
        "bao-cao-thang": NaiveDuty(
            tuple((f"2024-{m:02d}", date(2024, m, 10)) for m in (4, 5, 6)), False, ("so-tai-chinh", "so-noi-vu"), True
        ),
        "bao-cao-nam": NaiveDuty((("2024", date(2024, 5, 25)),), True, ("so-tai-chinh", "mat-tran"), feeds="tong-hop"),
        "tong-hop": NaiveDuty((("2024", date(2024, 6, 5)),), True, (LEAD,)),
    }
)
ONCE = "so-tai-chinh, so-noi-vu, mat-tran, cap-xa, gia-dinh"


def _text(once: str = ONCE, on: str = "2024-05-05", monthly: str = "so-tai-chinh, so-noi-vu", tail: str = "") -> bytes:
    duties = DUTIES.replace("{ONCE}", once).replace("{ONCE_ON}", on).replace("{MONTHLY}", monthly)
    return plan_text(duties) + tail.encode()


# The file as it may be brought in again, with what a person reads in it.
VERSIONS: tuple[tuple[bytes, NaivePlan], ...] = (
    (_text(), BASE),
    (_text(on="2024-05-14"), changed(BASE, "ke-hoach", slots=(("once", date(2024, 5, 14)),))),
    (_text(monthly="so-tai-chinh"), changed(BASE, "bao-cao-thang", bodies=("so-tai-chinh",))),
    (_text(once=f"{ONCE}, so-moi"), changed(BASE, "ke-hoach", bodies=(*BASE.duties["ke-hoach"].bodies, "so-moi"))),
    (_text(tail="reading: {before: day_before}\n"), replace(BASE, reading="day_before")),
    (
        _text().partition(b"  - id: tong-hop")[0].replace(b"    feeds: tong-hop\n", b""),
        NaivePlan({**{k: v for k, v in BASE.duties.items() if k != "tong-hop"},
                   "bao-cao-nam": replace(BASE.duties["bao-cao-nam"], feeds=None)}),
    ),
    (
        _text().replace("name: Sở Nội vụ}".encode(), "name: Sở Nội vụ, until: 2024-05-20}".encode()),
        replace(BASE, ended=(("so-noi-vu", date(2024, 5, 20)),)),
    ),
)  # fmt: skip


@dataclass
class Post:
    """A channel that notes when each letter left, or is out of order."""

    sent: list[tuple[datetime, Letter]]
    now: datetime | None = None
    broken: bool = False

    def send(self, letter: Letter) -> None:
        if self.broken:
            raise ChannelError("out of order")
        assert self.now is not None
        self.sent.append((self.now, letter))


def agency(body: str) -> str:
    return f"{UNIT}.{body}"


class World:
    """``now`` moves by the steps; every step is done to the register and to the naive computation."""

    def __init__(self, engine: Any, *, start: datetime, active_from: date, version: int, contacts: int) -> None:
        self.engine = engine
        self.now = start
        self.post = Post([])
        self.text, plan = VERSIONS[version]
        self.naive = Naive(plan)
        with writing(engine) as c:
            intake.add_plan(c, self.text, file="kh.yaml", now=start, actor="test")
            intake.activate(c, UNIT, start=active_from, now=start, actor="test")
        self.naive.activate(start, active_from)
        for number in range(len(CONTACTS)):
            if contacts >> number & 1:
                self.contact_added(number)

    # -- what time does --

    def advance(self) -> None:
        planner.advance(self.engine, now=self.now)
        self.naive.advance(self.now)

    def run(self, *, broken: bool = False) -> None:
        self.advance()
        composer.compose(self.engine, now=self.now)
        self.naive.compose(self.now)
        self.deliver(broken=broken)

    def deliver(self, *, broken: bool = False) -> None:
        self.post.now, self.post.broken = self.now, broken
        before = len(self.post.sent)
        delivery.deliver(self.engine, {"email": self.post}, now=self.now)
        expected = [mail.address for mail in self.naive.deliver(self.now, fails=broken)]
        sent = [letter for _at, letter in self.post.sent[before:]]
        assert sorted(letter.address for letter in sent) == sorted(expected)
        assert not sent or self.naive.days.open(self.now), "nothing leaves outside working hours"
        self._nothing_closed(sent)

    def _nothing_closed(self, sent: list[Letter]) -> None:
        """Nobody gets a rung of something that is not owed any more at the moment of sending."""
        told = (
            select(notice.c.rung, notice.c.revision, occurrence.c.state)
            .join(message_notice, message_notice.c.notice_id == notice.c.id)
            .join(message, message.c.id == message_notice.c.message_id)
            .join(occurrence, occurrence.c.id == notice.c.occurrence_id)
            .where(message.c.message_id.in_([letter.message_id for letter in sent]))
        )
        with reading(self.engine) as c:
            for row in c.execute(told):
                right = {"review": {"received"}, "correction": {"received", "accepted"}}.get(row.rung, OWED)
                assert row.state in right, row

    # -- what people do --

    def _both(self, real: Callable[[Any], object], naive: Callable[[], object]) -> None:
        """Both make the move or both refuse it."""
        refused = False
        try:
            with writing(self.engine) as c:
                real(c)
        except RegisterError:
            refused = True
        self._either(refused, naive)

    @staticmethod
    def _either(refused: bool, naive: Callable[[], object]) -> None:
        try:
            naive()
        except Refused:
            assert refused, "the register made a move that the rules refuse"
        else:
            assert not refused, "the register refused a move that the rules allow"

    def _pick(self, number: int) -> str:
        ids = sorted(self.naive.occs)
        return ids[number % len(ids)]

    @property
    def today(self) -> date:
        return local(self.now)

    def _day(self, number: int) -> date:
        return self.today + timedelta(days=number)

    def record(self, a: int, b: int) -> None:
        occ, received, review = self._pick(a), self._day(-(b % 12)), b % 3 == 0
        self._both(
            lambda c: papers.record(c, [occ], Paper(received), review=review, now=self.now, actor="test"),
            lambda: self.naive.record(occ, received, review, self.now),
        )

    def claim(self, a: int, b: int) -> None:
        occ = self._pick(a)
        self._both(
            lambda c: moves.claim(c, occ, number=None, dated=None, now=self.now, actor="test"),
            lambda: self.naive.claim(occ, self.now),
        )

    def accept(self, a: int, b: int) -> None:
        occ = self._pick(a)
        self._both(lambda c: moves.accept(c, occ, now=self.now, actor="test"), lambda: self.naive.accept(occ, self.now))

    def give_back(self, a: int, b: int) -> None:
        occ, by = self._pick(a), self._day(b % 7) if b % 2 else None
        self._both(
            lambda c: moves.return_(c, occ, reason="incomplete", by=by, now=self.now, actor="test"),
            lambda: self.naive.give_back(occ, by, self.now),
        )

    def extend(self, a: int, b: int) -> None:
        occ = self._pick(a)
        to = self.naive.occs[occ].counted_down_to + timedelta(days=b % 20 - 2)
        self._both(
            lambda c: moves.extend(c, [occ], to=to, document="77/UBND", now=self.now, actor="test"),
            lambda: self.naive.extend(occ, to, self.now),
        )

    def promise(self, a: int, b: int) -> None:
        occ, on = self._pick(a), self._day(b % 8)
        self._both(
            lambda c: moves.promise(c, occ, on=on, now=self.now, actor="test"),
            lambda: self.naive.mute(occ, on, self.now),
        )

    def hold(self, a: int, b: int) -> None:
        occ, until = self._pick(a), self._day(b % 10) if b % 5 else None
        self._both(
            lambda c: moves.hold(c, occ, until=until, now=self.now, actor="test"),
            lambda: self.naive.mute(occ, until, self.now),
        )

    def waive(self, a: int, b: int) -> None:
        occ = self._pick(a)
        self._both(
            lambda c: moves.waive(c, occ, reason="CV 3", now=self.now, actor="test"),
            lambda: self.naive.waive(occ, self.now),
        )

    def transfer(self, a: int, b: int) -> None:
        occ, body = self._pick(a), ("so-moi", "so-noi-vu")[b % 2]
        self._both(
            lambda c: moves.transfer(
                c, occ, to=load_register(c)[agency(body)], document=None, now=self.now, actor="test"
            ),
            lambda: self.naive.transfer(occ, body, self.now),
        )

    def correct(self, a: int, b: int) -> None:
        occ, received = self._pick(a), self._day(-(b % 12))
        self._both(
            lambda c: papers.correct(c, occ, Paper(received), now=self.now, actor="test"),
            lambda: self.naive.correct(occ, received, self.now),
        )

    def undo(self, a: int, b: int) -> None:
        occ = self._pick(a)
        self._both(lambda c: papers.undo(c, occ, now=self.now, actor="test"), lambda: self.naive.undo(occ, self.now))

    def reopen(self, a: int, b: int) -> None:
        occ = self._pick(a)
        self._both(lambda c: moves.reopen(c, occ, now=self.now, actor="test"), lambda: self.naive.reopen(occ, self.now))

    def press(self, a: int, b: int) -> None:
        occ = self._pick(a)
        refused = False
        try:
            press(self.engine, [occ], note=None, now=self.now, actor="test")
        except RegisterError:
            refused = True
        self._either(refused, lambda: self.naive.press(occ, self.now))

    def calendar(self, a: int, b: int) -> None:
        day, working = self._day(b % 12 - 2), (True, False, None)[a % 3]

        def real(c: Any) -> None:
            mark_day(c, day, working=working, name="ngày thử", now=self.now, actor="test")
            recompute(c, now=self.now, cause=Cause.CALENDAR)

        def naive() -> None:
            self.naive.days.changed.pop(day, None)
            if working is not None:
                self.naive.days.changed[day] = working
            self.naive.recompute("calendar", self.now)

        self._both(real, naive)

    def reading(self, a: int, b: int) -> None:
        chosen = ("named_day", "day_before")[a % 2]

        def real(c: Any) -> None:
            choose(c, agency(LEAD), "before", chosen, now=self.now, actor="test")
            recompute(c, now=self.now, cause=Cause.READING, lead=agency(LEAD))

        def naive() -> None:
            self.naive.office_reading = chosen
            self.naive.recompute("reading", self.now)

        self._both(real, naive)

    def revise(self, a: int, b: int) -> None:
        text, plan = VERSIONS[b % len(VERSIONS)]
        if text == self.text:
            return
        self._both(
            lambda c: intake.add_plan(c, text, file="kh.yaml", now=self.now, actor="test"),
            lambda: self.naive.revise(plan, self.now),
        )
        if self.naive.active:
            self.text = text

    def end_body(self, a: int, b: int) -> None:
        body, until = BODIES[a % 3], self._day(b % 15 - 3) if b % 4 else None
        with writing(self.engine) as c:
            register_bodies(c, [replace(load_register(c)[agency(body)], until=until)], now=self.now, actor="test")
        self.naive.end_body(body, until, self.now)

    def activate(self, a: int, b: int) -> None:
        """Starts again after a stop, or corrects the start: some days before or after today."""
        start = max(self._day(b % 40 - 30), date(2024, 1, 15))
        self._both(
            lambda c: intake.activate(c, UNIT, start=start, now=self.now, actor="test"),
            lambda: self.naive.activate(self.now, start),
        )

    def contact_added(self, number: int, b: int = 0) -> None:
        body, role, address = CONTACTS[number % len(CONTACTS)]
        with writing(self.engine) as c:
            add_contact(c, agency(body), role=ContactRole(role), name="Văn thư", address=address, channel="email",
                        now=self.now, actor="test")  # fmt: skip
        self.naive.add_contact((body, role, address))

    def leave(self, a: int, b: int) -> None:
        """The officer is away for some days from today on, or from a later day; the stand-in is written to."""
        since = self._day(b % 7)
        until = since + timedelta(days=a % 9)
        officer, stand_in = CONTACTS[5], CONTACTS[6]
        try:
            with writing(self.engine) as c:
                known = {(each.role.value, each.address): each.person for each in contacts_of(c, agency(LEAD))}
                person, instead = (known.get(each[1:], "") for each in (officer, stand_in))
                note_absence(c, agency(LEAD), person=person, stand_in=instead, since=since, until=until, now=self.now,
                             actor="test")  # fmt: skip
            refused = False
        except BadContact:
            refused = True
        self._either(refused, lambda: self.naive.leave(officer, stand_in, since, until))

    def come_back(self, a: int, b: int) -> None:
        """What is left of the leaves is withdrawn."""
        with writing(self.engine) as c:
            for each in absences_of(c, agency(LEAD), today=local(self.now)):
                withdraw_absence(c, agency(LEAD), each.id, now=self.now, actor="test")
        self.naive.leaves = [each for each in self.naive.leaves if each.until < local(self.now)]

    def contact_removed(self, number: int, b: int) -> None:
        body, role, address = CONTACTS[number % len(CONTACTS)]
        with writing(self.engine) as c:
            for known in contacts_of(c, agency(body)):
                if (known.role, known.address) == (role, address):
                    remove_contact(c, known.id, now=self.now, actor="test")
        if (body, role, address) in self.naive.contacts:
            self.naive.contacts.remove((body, role, address))

    def stop(self) -> None:
        self._both(lambda c: intake.stop(c, UNIT, now=self.now, actor="test"), lambda: self.naive.stop(self.now))

    # -- are they the same? --

    def compare(self) -> None:
        with reading(self.engine) as c:
            rows = [Occurrence.from_row(row) for row in c.execute(select(occurrence))]
            assert {o.id: _seen(o) for o in rows} == {o.id: _expected(o) for o in self.naive.occs.values()}
            ledger = {
                (row.subject, row.revision, row.rung, row.role): (row.day, row.status, row.reason)
                for row in c.execute(select(notice))
            }
            links = select(
                message_notice.c.message_id, notice.c.subject, notice.c.revision, notice.c.rung, notice.c.role
            )
            tied: dict[int, list[Any]] = {}
            for row in c.execute(links.join(notice, notice.c.id == message_notice.c.notice_id)):
                tied.setdefault(row.message_id, []).append(tuple(row[1:]))
            posted = sorted(
                (row.kind, row.address, row.status, sorted(tied.get(row.id, []))) for row in c.execute(select(message))
            )
            self._compare_future(
                PlanningContext(c), [o for o in rows if o.state in OWED and not o.before_tracking], ledger
            )
        assert ledger == {line.key: (line.day, line.status, line.reason) for line in self.naive.ledger}
        assert posted == sorted(
            (mail.kind, mail.address, mail.status, sorted(line.key for line in mail.lines)) for mail in self.naive.mails
        )

    def _compare_future(self, context: PlanningContext, owed: list[Occurrence], ledger: dict[Any, Any]) -> None:
        """The rungs still to come are the same, and the register will look in time for the first of them."""
        for o in owed:
            known = {(key[2], key[3]) for key in ledger if key[0] == o.id and key[1] == o.revision}
            real = {(r.name, r.role, r.day) for r in context.rungs(o) if (r.name, r.role) not in known}
            naive = {
                (r.name, r.role, r.day)
                for r in self.naive.rungs(self.naive.occs[o.id])
                if (r.name, r.role) not in known
            }
            assert real == naive, o.id
            coming = [morning(day) for _name, _role, day in naive if morning(day) > self.now]
            if coming:
                assert o.next_check_at is not None, o.id
                assert o.next_check_at.astimezone(UTC) <= min(coming), o.id

    def one_digest_a_day(self) -> None:
        """At most one digest per person and local day; no letter twice."""
        with reading(self.engine) as c:
            kinds = dict(c.execute(select(message.c.message_id, message.c.kind)).tuples().all())
        digests = [(local(at), letter.address) for at, letter in self.post.sent if kinds[letter.message_id] == "digest"]
        assert len(digests) == len(set(digests))
        names = [letter.message_id for _at, letter in self.post.sent]
        assert len(names) == len(set(names))

    def pending(self) -> list[Line]:
        return [line for line in self.naive.ledger if line.pending]


def _seen(o: Occurrence) -> tuple[Any, ...]:
    return (
        o.state.value, o.due, o.last_day, o.late_after, o.revision, o.cause.value, o.announce, o.resend_by,
        o.muted_until, o.first_received, o.received_on, o.days_late, o.missed_at, o.before_tracking, o.transferred_to,
    )  # fmt: skip


def _expected(o: Any) -> tuple[Any, ...]:
    return (
        o.state, o.due, o.last_day, o.late_after, o.revision, o.cause, o.announce, o.resend_by,
        o.muted_until, o.first, o.received, o.days_late, o.missed_at, o.before, o.transferred_to,
    )  # fmt: skip
