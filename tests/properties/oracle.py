"""The rules of design.md (D2, D4, D6-D10) computed naively: every occurrence looked at in full at every step.

Nothing of ``notifications`` or of the register's SQL is used here, and no stored moment says where to look: what
the register reaches by looking only at what is due must equal what this reaches by looking at everything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
UNIT = "thung-lung"
LEAD = "cong-an"
OWED = ("open", "claimed", "returned")
EVENT_RUNGS = ("assigned", "returned", "extended", "correction")
BACKOFF = (timedelta(minutes=10), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6))

# Off from March to December 2024 by the official notices, and the Saturday worked for 29/4.
OFF_2024 = {
    date(2024, 4, 18), date(2024, 4, 29), date(2024, 4, 30), date(2024, 5, 1), date(2024, 9, 2), date(2024, 9, 3),
}  # fmt: skip
WORKED_2024 = {date(2024, 5, 4)}


class Refused(Exception):
    """The rules do not allow this move now."""


def local(now: datetime) -> date:
    return now.astimezone(ZONE).date()


def morning(day: date) -> datetime:
    return datetime.combine(day, time(7, 30), tzinfo=ZONE).astimezone(UTC)


def midnight_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(0), tzinfo=ZONE).astimezone(UTC)


class Days:
    """Which days are worked."""

    def __init__(self) -> None:
        self.changed: dict[date, bool] = {}

    def worked(self, day: date) -> bool:
        if day in self.changed:
            return self.changed[day]
        if day.weekday() >= 5:
            return day in WORKED_2024
        return day not in OFF_2024

    def back(self, day: date) -> date:
        return day if self.worked(day) else self.back(day - timedelta(days=1))

    def on(self, day: date) -> date:
        return day if self.worked(day) else self.on(day + timedelta(days=1))

    def plus(self, day: date, count: int) -> date:
        step = timedelta(days=1 if count > 0 else -1)
        left = abs(count)
        while left:
            day += step
            left -= self.worked(day)
        return day

    def open(self, now: datetime) -> bool:
        here = now.astimezone(ZONE)
        return self.worked(here.date()) and time(7) <= here.time() < time(17, 30)


@dataclass(frozen=True)
class NaiveDuty:
    """What the plan's text says of one duty: its due dates by period, and who owes it."""

    slots: tuple[tuple[str, date], ...]
    strict_before: bool  # "trước ngày X"
    bodies: tuple[str, ...]
    frequent: bool = False
    feeds: str | None = None


@dataclass(frozen=True)
class NaivePlan:
    duties: dict[str, NaiveDuty]
    reading: str | None = None
    ended: tuple[tuple[str, date], ...] = ()  # bodies that the file defines with their last day


RELATIONS = {
    "so-tai-chinh": "peer", "so-noi-vu": "subordinate", "mat-tran": "requested", "cap-xa": "subordinate",
    "gia-dinh": "peer", "so-moi": "peer", LEAD: "self",
}  # fmt: skip


@dataclass
class Occ:
    id: str
    duty: str
    agency: str
    relation: str
    due: date
    last_day: date
    late_after: date
    tracked_from: date
    before: bool
    changed_at: datetime
    state: str = "open"
    revision: int = 1
    cause: str = "first"
    announce: str | None = None
    extended: bool = False
    resend_by: date | None = None
    muted_until: date | None = None
    first: date | None = None
    received: date | None = None
    noted_at: datetime | None = None
    days_late: int | None = None
    missed_at: datetime | None = None
    transferred_to: str | None = None
    papers: list[Came] = field(default_factory=list)
    cancelled: tuple[str, str] | None = None  # for what, and the state before

    @property
    def owed(self) -> bool:
        return self.state in OWED

    @property
    def counted_down_to(self) -> date:
        return self.resend_by if self.resend_by and self.owed else self.last_day

    @property
    def counted_from(self) -> date:
        return self.resend_by if self.resend_by and self.owed else self.late_after

    def lateness(self, received: date) -> int:
        first = self.first or received
        late = max(0, (first - self.late_after).days)
        if self.resend_by and self.first and received > self.first:
            late += max(0, (received - self.resend_by).days)
        return late


@dataclass
class Came:
    """A paper for one occurrence."""

    received: date
    verdict: str


@dataclass
class Line:
    """A line of the ledger."""

    subject: str
    revision: int
    rung: str
    role: str
    day: date
    agency: str
    body: str
    occ: str | None
    status: str = "queued"
    reason: str | None = None

    @property
    def key(self) -> tuple[str, int, str, str]:
        return self.subject, self.revision, self.rung, self.role

    @property
    def pending(self) -> bool:
        return self.status in ("queued", "no_contact")

    @property
    def by_hand(self) -> bool:
        return self.rung.startswith("press-")

    @property
    def event(self) -> bool:
        return self.rung in EVENT_RUNGS or self.by_hand


@dataclass
class Mail:
    kind: str
    address: str
    day: date
    lines: list[Line]
    next_try: datetime | None
    status: str = "queued"
    tries: int = 0
    void: bool = False  # its address was taken away before it was sent: it may be written again


@dataclass(frozen=True)
class Leave:
    """Each of the two is a contact and how often it had been taken up."""

    away: tuple[tuple[str, str, str], int]
    stand_in: tuple[tuple[str, str, str], int]
    since: date
    until: date


@dataclass
class Rung:
    name: str
    role: str
    day: date
    place: int


class Naive:
    """The whole register as lists."""

    def __init__(self, plan: NaivePlan) -> None:
        self.plan = plan
        self.days = Days()
        self.office_reading = "named_day"
        self.occs: dict[str, Occ] = {}
        self.parties: dict[str, tuple[str, int, datetime | None]] = {}  # relation, revision, when to be told
        self.ledger: list[Line] = []
        self.mails: list[Mail] = []
        self.contacts: list[tuple[str, str, str]] = []  # body, role, address
        self.marks: dict[tuple[str, str, str], int] = {}  # how often each was taken up: who comes back is another one
        self.leaves: list[Leave] = []  # of the officer, whom the stand-in is written to instead of
        self.today = date.min
        self.until: dict[str, date] = {}
        self.active_from: date | None = None
        self.active = False
        self.stretches: list[tuple[date, date | None]] = []  # in which the plan was followed

    # -- plan --

    def late_after(self, due: date, last_day: date) -> date:
        named = (self.plan.reading or self.office_reading) == "named_day"
        return self.days.on(due if named else last_day)

    def ordered(self, now: datetime, tracked_from: date) -> tuple[dict[str, Occ], dict[str, Occ]]:
        """What the text orders: of bodies that exist on the day, and of bodies that will have ended by then."""
        found: dict[str, Occ] = {}
        orphaned: dict[str, Occ] = {}
        for duty_id, duty in self.plan.duties.items():
            for body in duty.bodies:
                for period, due in duty.slots:
                    last = due - timedelta(days=1) if duty.strict_before else due
                    occ = Occ(
                        f"{UNIT}/{duty_id}/{body}/{period}", duty_id, body, RELATIONS[body], due, last,
                        self.late_after(due, last), tracked_from, due < tracked_from, now,
                    )  # fmt: skip
                    ended = body in self.until and due > self.until[body]
                    (orphaned if ended else found)[occ.id] = occ
        return found, orphaned

    def counts(self, day: date) -> bool:
        return any(start <= day and (end is None or day < end) for start, end in self.stretches)

    def told_from(self, start: date, now: datetime) -> datetime:
        return max(now, morning(start)) if start > local(now) else now

    def activate(self, now: datetime, start: date) -> None:
        """Starts for the first time, starts again after a stop, or puts the start right."""
        if self.active:
            return self.start_corrected(now, start)
        if self.stretches:
            return self.restart(now, start)
        self.active, self.active_from = True, start
        self.stretches.append((start, None))
        self.until = dict(self.plan.ended)
        self.occs = self.ordered(now, start)[0]
        for duty in self.plan.duties.values():
            for body in duty.bodies:
                self.parties.setdefault(body, (RELATIONS[body], 1, self.told_from(start, now)))
        return None

    def restart(self, now: datetime, start: date) -> None:
        begun, stopped = self.stretches[-1]
        uncounted = {o.id for o in self.occs.values() if not self.counts(o.due)}
        self.active, self.active_from = True, start
        self.stretches.append((start, None))
        silent = max(start, local(now))
        for o in self.occs.values():
            if o.state == "cancelled" and o.cancelled and o.cancelled[0] == "stop":
                o.state = o.cancelled[1]
                o.tracked_from = max(o.tracked_from, silent)
        for key, new in self.ordered(now, start)[0].items():
            self.occs.setdefault(key, new)
        self._recount(uncounted, silent, silent, now)
        self.ends_settled(now)
        for body, (relation, revision, when) in list(self.parties.items()):
            if when is not None:
                self.parties[body] = relation, revision, self.told_from(start, now)
            elif stopped is not None and (stopped < start or stopped <= begun):
                self.parties[body] = relation, revision + 1, self.told_from(start, now)

    def start_corrected(self, now: datetime, start: date) -> None:
        if start == self.active_from:
            raise Refused
        uncounted = {o.id for o in self.occs.values() if not self.counts(o.due)}
        self.active_from = start
        self.stretches[-1] = start, None
        changed = self._recount(uncounted, start, max(start, local(now)), now)
        concerned = {o.agency for o in changed if o.owed}
        for body, (relation, revision, when) in list(self.parties.items()):
            if when is not None:
                self.parties[body] = relation, revision, self.told_from(start, now)
            elif body in concerned or start > local(now):
                self.parties[body] = relation, revision + 1, self.told_from(start, now)

    def _recount(self, uncounted: set[str], start: date, silent: date, now: datetime) -> list[Occ]:
        """Sets anew what counts; returns what begins to."""
        begun = []
        for o in self.occs.values():
            if not self.counts(o.due):
                if not o.before:
                    o.before, o.missed_at = True, None
            elif o.before and o.id in uncounted:
                o.before, o.tracked_from = False, silent
                self._new_revision(o, "start", now)
                begun.append(o)
            elif not o.before and o.owed:
                if o.tracked_from > silent:
                    o.tracked_from = silent
                    self._new_revision(o, "start", now)
                o.tracked_from = max(o.tracked_from, start)
        return begun

    def announce_again(self, body: str, now: datetime) -> None:
        relation, revision, _when = self.parties.get(body, (RELATIONS[body], 0, None))
        self.parties[body] = relation, revision + 1, now

    def end_body(self, body: str, until: date | None, now: datetime) -> None:
        self.until.pop(body, None)
        if until is not None:
            self.until[body] = until
        if self.active:
            self.ends_settled(now, body)

    def ends_settled(self, now: datetime, only: str | None = None) -> None:
        """What falls due after a body's end is not asked for; what an end had closed wrongly is, if still ahead."""
        assert self.active_from is not None
        wanted, orphaned = self.ordered(now, max(local(now), self.active_from))
        concerned = []
        for key, new in wanted.items():
            o = self.occs.get(key)
            if only is not None and new.agency != only:
                continue
            if o is None:
                self.occs[key] = new
            elif o.state == "cancelled" and o.cancelled and o.cancelled[0] == "end" and not new.before:
                o.state = o.cancelled[1]
                o.tracked_from = max(o.tracked_from, local(now))
            else:
                continue
            if not new.before:
                concerned.append(new.agency)
        for key in orphaned:
            o = self.occs.get(key)
            if o is not None and o.owed and not o.before and only in (None, o.agency):
                self._cancel(o, "end")
        for body in dict.fromkeys(concerned):
            self.announce_again(body, now)

    @staticmethod
    def _cancel(o: Occ, why: str) -> None:
        o.cancelled, o.state = (why, o.state), "cancelled"

    def revise(self, plan: NaivePlan, now: datetime) -> None:
        if not self.active or self.active_from is None:
            raise Refused
        self.plan = plan
        self.until |= dict(plan.ended)  # a file that says nothing of an end takes none back
        wanted, orphaned = self.ordered(now, max(local(now), self.active_from))
        everything = {**orphaned, **wanted}
        from_whom = {o.transferred_to: o for o in self.occs.values() if o.transferred_to}
        concerned = []
        moved: dict[str, Occ] = {}  # which deadline is another one now, by the new text
        for o in list(self.occs.values()):
            new = wanted.get(o.id)
            if o.state == "cancelled" and new and not new.before:
                self._reopen(o, now)
                concerned.append(o.agency)
            if not o.owed or o.before:
                continue
            if o.id in from_whom and o.duty in plan.duties:
                first, extended = o, o.extended
                while first.id in from_whom:
                    first = from_whom[first.id]
                    extended = extended or first.extended
                new = everything.get(first.id) or everything.get(o.id)
                if new is None or extended or (new.due, new.last_day) == (first.due, first.last_day):
                    continue
            elif new is None:
                self._cancel(o, "end" if o.id in orphaned else "text")
                continue
            if not o.extended and not o.resend_by and (new.due, new.last_day) != (o.due, o.last_day):
                moved[o.id] = new
        for o in from_whom.values():
            new = everything.get(o.id)
            stands = new is None or o.id in from_whom or o.extended
            if new is not None and not stands and (new.due, new.last_day) != (o.due, o.last_day):
                moved[o.id] = new
        for key, new in moved.items():
            o = self.occs[key]
            o.due, o.last_day, o.late_after = new.due, new.last_day, new.late_after
            if o.owed:
                self._new_revision(o, "plan", now)
                concerned.append(o.agency)
        for key, new in wanted.items():
            if key not in self.occs:
                self.occs[key] = new
                if not new.before:
                    concerned.append(new.agency)
        self.recompute("reading", now)
        for body in dict.fromkeys(concerned):
            self.announce_again(body, now)

    def stop(self, now: datetime) -> None:
        if not self.active:
            raise Refused
        self.active = False
        self.stretches[-1] = self.stretches[-1][0], local(now)
        self.parties = {body: (relation, revision, None) for body, (relation, revision, _) in self.parties.items()}
        for o in self.occs.values():
            if o.owed and not o.before:
                self._cancel(o, "stop")

    def recompute(self, cause: str, now: datetime) -> None:
        if not self.active:
            return
        for o in self.occs.values():
            if o.owed and not o.before and not o.extended and not o.resend_by:
                late_after = self.late_after(o.due, o.last_day)
                if late_after != o.late_after:
                    o.late_after = late_after
                    self._new_revision(o, cause, now)

    @staticmethod
    def _new_revision(o: Occ, cause: str, now: datetime) -> None:
        o.revision += 1
        o.cause, o.changed_at, o.announce = cause, now, None

    # -- moves --

    def _from(self, occ_id: str, *states: str, fact: bool = False) -> Occ:
        """``fact``: also in a plan that is not followed any more."""
        o = self.occs[occ_id]
        if o.state not in states or not (self.active or fact):
            raise Refused
        return o

    def record(self, occ_id: str, received: date, review: bool, now: datetime) -> None:
        o = self.occs[occ_id]
        closed_by_stop = o.state == "cancelled" and o.cancelled is not None and o.cancelled[0] == "stop"
        if not o.owed and not (closed_by_stop and not self.active):
            raise Refused
        if not self.active and not self.counts(o.due):
            o.before = True
        o.days_late = o.lateness(received)
        o.state = "received" if review else "accepted"
        o.received, o.first = received, o.first or received
        o.papers.append(Came(received, o.state))
        o.noted_at, o.muted_until, o.announce = now, None, None
        if o.missed_at and o.days_late == 0:
            o.missed_at, o.announce = None, "correction"

    def claim(self, occ_id: str, now: datetime) -> None:
        o = self._from(occ_id, "open", "returned")
        o.state, o.muted_until = "claimed", self.days.plus(local(now), 3)

    def accept(self, occ_id: str, now: datetime) -> None:
        o = self._from(occ_id, "received", fact=True)
        o.state = o.papers[-1].verdict = "accepted"

    def give_back(self, occ_id: str, by: date | None, now: datetime) -> None:
        o = self._from(occ_id, "received", "accepted")
        o.resend_by = by or self.days.plus(local(now), 3)
        o.state = o.papers[-1].verdict = "returned"
        o.days_late = None
        self._new_revision(o, "returned", now)
        o.announce = "returned"

    def extend(self, occ_id: str, to: date, now: datetime) -> None:
        o = self._from(occ_id, *OWED)
        if to <= o.counted_down_to:
            raise Refused
        if o.resend_by:
            o.resend_by = to
        o.due = o.last_day = to
        o.late_after, o.extended, o.muted_until = self.days.on(to), True, None
        self._new_revision(o, "extended", now)
        o.announce = "extended"
        if o.missed_at and now < midnight_after(o.late_after):
            o.missed_at = None

    def mute(self, occ_id: str, until: date | None, now: datetime) -> None:
        self._from(occ_id, *OWED).muted_until = until

    def waive(self, occ_id: str, now: datetime) -> None:
        self._from(occ_id, *OWED).state = "waived"

    def transfer(self, occ_id: str, body: str, now: datetime) -> None:
        o = self.occs[occ_id]
        ended = o.state == "cancelled" and o.cancelled is not None and o.cancelled[0] == "end"
        if not self.active or not (o.owed or ended):
            raise Refused
        fresh_id = f"{UNIT}/{o.duty}/{body}/{occ_id.rsplit('/', 1)[1]}"
        if fresh_id in self.occs or (body in self.until and self.until[body] < local(now)):
            raise Refused
        relation = "peer" if o.relation == "self" else o.relation
        fresh = Occ(
            fresh_id, o.duty, body, relation, o.due, o.last_day, o.late_after, local(now), False, now,
            extended=o.extended,
        )  # fmt: skip
        if local(now) > o.late_after:  # nobody is blamed for what another let pass
            fresh.due = fresh.last_day = fresh.late_after = max(self.days.plus(local(now), 5), o.resend_by or o.due)
            fresh.extended = False
        self.occs[fresh_id] = fresh
        if body not in self.parties:
            self.parties[body] = relation, 0, None
        self.announce_again(body, now)
        o.state, o.transferred_to, o.muted_until = "transferred", fresh_id, None

    def correct(self, occ_id: str, received: date, now: datetime) -> None:
        o = self.occs[occ_id]
        if not o.papers:
            raise Refused
        if len(o.papers) == 1:
            o.first = received
        o.papers[-1].received = o.received = received
        late = o.lateness(received)
        if o.state in ("received", "accepted", "returned"):
            o.days_late = late
        if o.missed_at and late == 0:
            o.missed_at = None
            if o.state in ("received", "accepted"):
                o.announce = "correction"

    def undo(self, occ_id: str, now: datetime) -> None:
        o = self._from(occ_id, "received", "accepted", "returned", fact=True)
        o.papers.pop()
        if o.papers and o.resend_by:
            o.state, o.received = "returned", o.papers[-1].received
        else:
            o.state, o.received, o.first, o.resend_by = "open", None, None, None
        o.days_late = o.noted_at = None
        self._new_revision(o, "corrected", now)
        if not self.active and not o.before:
            self._cancel(o, "stop")

    def reopen(self, occ_id: str, now: datetime) -> None:
        self._reopen(self._from(occ_id, "accepted", "waived", "cancelled"), now)

    def _reopen(self, o: Occ, now: datetime) -> None:
        o.state, o.papers = "open", []
        o.received = o.first = o.resend_by = o.noted_at = o.days_late = None
        self._new_revision(o, "reopened", now)

    def press(self, occ_id: str, now: datetime) -> None:
        o = self._from(occ_id, *OWED)
        if o.before or self.unreachable(o, "agency", now):
            raise Refused
        number = 1 + sum(line.subject == o.id and line.by_hand for line in self.ledger)
        self._write(o, f"press-{number}", self.owner(o), local(now), None)

    # -- what should be true at a moment --

    def rungs(self, o: Occ) -> list[Rung]:
        duty = self.plan.duties.get(o.duty)
        if duty is None:
            return []
        down_to, late, plus = o.counted_down_to, o.counted_from, self.days.plus
        first = self.owner(o)
        rungs = [
            (f"before-{n}", first, self.days.back(down_to - timedelta(days=n)))
            for n in ((1,) if duty.frequent else (7, 1))
        ]
        if not duty.frequent:
            rungs.append(("due", first, self.days.back(down_to)))
        if o.relation != "self":
            rungs += [
                ("check", "officer", plus(late, 1)), ("overdue-1", "agency", plus(late, 2)),
                ("overdue-2", "agency", plus(late, 5)), ("lead", "officer", plus(late, 3)),
            ]  # fmt: skip
        if o.relation != "requested":
            head = plus(late, 5)
            fed = sorted(
                f.last_day
                for f in self.occs.values()
                if f.duty == duty.feeds and f.state != "cancelled" and f.last_day >= o.last_day
            )
            if fed:
                told_off = next((day for name, _role, day in rungs if name == "overdue-1"), head)
                head = max(min(head, plus(fed[0], -3)), told_off)
            rungs += [("head-1", "head", head), ("head-2", "head", plus(late, 10))]
        return [Rung(name, role, day, place) for place, (name, role, day) in enumerate(rungs)]

    @staticmethod
    def owner(o: Occ) -> str:
        return "officer" if o.relation == "self" else "agency"

    def unreachable(self, o: Occ, role: str, now: datetime) -> str | None:
        if role != "agency":
            return None
        if o.agency == "gia-dinh":
            return "never_messaged"
        return "agency_ended" if o.agency in self.until and self.until[o.agency] < local(now) else None

    def advance(self, now: datetime) -> None:
        for o in self.occs.values():
            if not o.before:
                self._miss(o, now)
            if self.active and not o.before:
                (self._remind if o.owed else self._close)(o, now)
                continue
            for line in self._lines(o):
                if line.pending:
                    self._drop(line, "before_activation" if self.active else "closed")
        for body, (relation, revision, when) in self.parties.items():
            if when is not None and when <= now:
                self.parties[body] = relation, revision, None
                self._assign(body, relation, revision, now)

    def missed(self, o: Occ, now: datetime) -> datetime | None:
        """24:00 of the day that was let pass: the first receipt's, else the resend's."""
        if o.state in ("waived", "transferred", "cancelled"):
            return None
        if o.first and o.first > o.late_after:
            return midnight_after(o.late_after)
        if o.owed:
            end = midnight_after(o.counted_from)
            return end if now >= end else None
        return midnight_after(o.resend_by) if o.resend_by and o.received and o.received > o.resend_by else None

    def _miss(self, o: Occ, now: datetime) -> None:
        moment = self.missed(o, now)
        if moment or o.owed:
            o.missed_at = moment

    def _lines(self, o: Occ) -> list[Line]:
        return [line for line in self.ledger if line.subject == o.id]

    def _write(self, o: Occ, rung: str, role: str, day: date, skipped: str | None) -> None:
        body = LEAD if role != "agency" or o.agency == "cap-xa" else o.agency
        line = Line(o.id, o.revision, rung, role, day, o.agency, body, o.id)
        if skipped:
            line.status, line.reason = "skipped", skipped
        self.ledger.append(line)

    @staticmethod
    def _drop(line: Line, why: str) -> None:
        line.status, line.reason = "skipped", why

    def _close(self, o: Occ, now: datetime) -> None:
        why = "received" if o.state in ("received", "accepted") else "closed"
        for line in self._lines(o):
            waits_rightly = line.rung == "correction" or (line.rung == "review" and o.state == "received")
            if line.pending and not waits_rightly:
                self._drop(line, why)
        lines = self._lines(o)
        known = {line.rung for line in lines if line.revision == o.revision}
        scolded = any(line.rung.startswith("overdue") and line.status == "composed" for line in lines)
        if o.announce == "correction" and "correction" not in known and scolded:
            self._write(o, "correction", self.owner(o), local(now), self.unreachable(o, self.owner(o), now))
        if o.state == "received" and o.noted_at and "review" not in known:
            day = self.days.plus(local(o.noted_at), 3)
            if morning(day) <= now:
                self._write(o, "review", "officer", day, None)

    def _remind(self, o: Occ, now: datetime) -> None:
        lines = self._lines(o)
        known = {(line.rung, line.role) for line in lines if line.revision == o.revision}
        if o.announce and (o.announce, self.owner(o)) not in known:
            self._write(o, o.announce, self.owner(o), local(now), self.unreachable(o, self.owner(o), now))
        told_before = {
            (line.rung, line.role)
            for line in lines
            if line.revision < o.revision and not line.pending and line.reason != "revised"
        }
        for line in lines:
            if line.pending and line.revision < o.revision and not line.by_hand:
                self._drop(line, "revised")
        silent = {(rung.name, rung.role) for rung in self.rungs(o) if rung.day <= o.tracked_from}
        for line in lines:
            if line.pending and not line.event and (line.rung, line.role) in silent:
                self._drop(line, "before_activation")
            elif line.pending and line.rung.startswith(("before", "due")) and local(now) > o.counted_from:
                self._drop(line, "superseded")
        muted = o.muted_until is not None and now < morning(self.days.plus(o.muted_until, 1))
        due: list[Rung] = []
        for rung in self.rungs(o):
            if (rung.name, rung.role) in known:
                continue
            passed = morning(rung.day) <= o.changed_at
            told = o.cause in ("extended", "returned", "plan") or (rung.name, rung.role) in told_before
            if rung.day <= o.tracked_from:
                self._write(o, rung.name, rung.role, rung.day, "before_activation")
            elif o.revision > 1 and passed and told:
                self._write(o, rung.name, rung.role, rung.day, "before_revision")
            elif morning(rung.day) <= now and not (muted and rung.role == "agency"):
                if rung.name.startswith(("before", "due")) and local(now) > o.counted_from:
                    self._write(o, rung.name, rung.role, rung.day, "superseded")
                else:
                    due.append(rung)
        for role in ("agency", "officer", "head"):
            mine = sorted((r for r in due if r.role == role), key=lambda r: (r.day, self._rank(r)))
            if not mine:
                continue
            nearest = mine.pop()
            for line in lines:
                if line.pending and line.role == role and line.revision == o.revision and not line.event:
                    self._drop(line, "superseded")
            for rung in mine:
                self._write(o, rung.name, role, rung.day, "same_day" if rung.day == nearest.day else "superseded")
            self._write(o, nearest.name, role, nearest.day, self.unreachable(o, role, now))

    @staticmethod
    def _rank(rung: Rung) -> int:
        """The order of the table in D7, by which of two on one day the nearer one is told."""
        order = ("before-7", "before-1", "due", "check", "overdue-1", "lead", "overdue-2", "head-1", "head-2")
        return order.index(rung.name)

    def _assign(self, body: str, relation: str, revision: int, now: datetime) -> None:
        ended = body in self.until and self.until[body] < local(now)
        if not self.active or body == "gia-dinh" or ended or not self.owes(body):
            return
        role = "officer" if relation == "self" else "agency"
        to = LEAD if body == "cap-xa" else body
        subject = f"plan:{UNIT}:{UNIT}.{body}"
        self.ledger.append(Line(subject, revision, "assigned", role, local(now), body, to, None))

    def owes(self, body: str) -> bool:
        return any(o.agency == body and o.owed and not o.before for o in self.occs.values())

    # -- messages --

    def add_contact(self, contact: tuple[str, str, str]) -> None:
        if contact not in self.contacts:
            self.contacts.append(contact)
            self.marks[contact] = self.marks.get(contact, 0) + 1

    def leave(self, officer: tuple[str, str, str], stand_in: tuple[str, str, str], since: date, until: date) -> None:
        if officer not in self.contacts or stand_in not in self.contacts:
            raise Refused
        away, instead = (officer, self.marks[officer]), (stand_in, self.marks[stand_in])
        both = {away, instead}
        if any(each.away in both and each.since <= until and each.until >= since for each in self.leaves):
            raise Refused
        self.leaves.append(Leave(away, instead, since, until))

    def people(self, line: Line) -> set[str]:
        now = [each for each in self.leaves if each.since <= self.today <= each.until and self._there(each.stand_in)]
        away = {each.away for each in now}
        instead = {each.stand_in for each in now}

        def wanted(contact: tuple[str, str, str]) -> bool:
            body, role, _address = contact
            if body != line.body or (contact, self.marks[contact]) in away:
                return False
            for_officer = line.role == "officer" or (line.role == "agency" and line.body != line.agency)
            if for_officer:
                copied = role == "stand_in" and line.role == "officer" and line.rung == "lead"
                return role == "officer" or copied or (contact, self.marks[contact]) in instead
            return role == line.role

        return {contact[2] for contact in self.contacts if wanted(contact)}

    def _there(self, who: tuple[tuple[str, str, str], int]) -> bool:
        contact, mark = who
        return contact in self.contacts and self.marks[contact] == mark

    def got(self, line: Line) -> set[str]:
        return {mail.address for mail in self.mails if line in mail.lines}

    def why_not(self, line: Line, now: datetime) -> str | None:
        today = local(now)
        if not self.active:
            return "closed"
        if line.role == "agency" and any(b in self.until and self.until[b] < today for b in (line.agency, line.body)):
            return "agency_ended"
        if line.occ is None:
            if any(other.subject == line.subject and other.revision > line.revision for other in self.ledger):
                return "superseded"
            return None if today >= (self.active_from or today) and self.owes(line.agency) else "closed"
        o = self.occs[line.occ]
        if o.before:
            return "before_activation"
        if o.duty not in self.plan.duties:
            return "closed"
        if line.rung == "correction":
            return None if o.announce == "correction" else "closed"
        if line.rung == "review":
            return None if o.state == "received" else "closed"
        if not o.owed:
            return "closed"
        if line.by_hand:
            return None
        counted_on = o.cause in ("calendar", "reading", "start") and any(
            other.key == (line.subject, o.revision, line.rung, line.role) and other.reason == "before_revision"
            for other in self.ledger
        )
        if line.revision != o.revision and not counted_on:
            return "revised"
        if line.event:
            return None
        if line.day <= o.tracked_from:
            return "before_activation"
        if line.rung.startswith(("before", "due")) and today > o.counted_from:
            return "superseded"
        muted = o.muted_until is not None and today <= o.muted_until
        return "muted" if muted and line.role == "agency" else None

    def compose(self, now: datetime) -> None:
        today = self.today = local(now)
        if not self.days.open(now):
            return
        for mail in self.mails:
            if mail.kind == "digest" and mail.status == "queued" and mail.day < today:
                self._release(mail)
        for line in self.ledger:
            if line.pending:
                line.status = "queued" if self.people(line) else "no_contact"
        for line in self.ledger:
            why = self.why_not(line, now) if line.status == "queued" and self.people(line) - self.got(line) else None
            if why and why != "muted":
                self._drop(line, why)
        todo = [
            (line, person)
            for line in self.ledger
            if line.status == "queued" and not self.why_not(line, now)
            for person in sorted(self.people(line) - self.got(line))
        ]
        for line, person in todo:
            if line.event:
                kind = "press" if line.by_hand else line.rung
                self.mails.append(Mail(kind, person, today, [line], now))
        had_today = {
            mail.address for mail in self.mails if mail.kind == "digest" and mail.day == today and not mail.void
        }
        for person in {p for _line, p in todo} - had_today:
            lines = [line for line, p in todo if p == person and not line.event]
            if lines:
                self.mails.append(Mail("digest", person, today, lines, now))
        for line, _person in todo:
            if self.got(line) and not self.people(line) - self.got(line):
                line.status, line.reason = "composed", None

    def _release(self, mail: Mail) -> None:
        mail.status, mail.next_try = "dropped", None
        lines, mail.lines = mail.lines, []
        for line in lines:
            if line.status != "composed":
                continue
            later = self.ledger[self.ledger.index(line) + 1 :]
            newer = any(
                n.subject == line.subject and n.role == line.role and n.status != "skipped" and not n.event
                for n in later
            )
            if newer:
                self._drop(line, "superseded")
            else:
                line.status = "queued"

    def deliver(self, now: datetime, *, fails: bool) -> Iterator[Mail]:
        """Yields what is sent."""
        self.today = local(now)
        if not self.days.open(now):
            return
        ready = [
            mail
            for mail in self.mails
            if mail.status == "queued"
            and mail.next_try
            and mail.next_try <= now
            and not (mail.kind == "digest" and mail.day < local(now))
        ]
        for mail in sorted(ready, key=lambda m: (m.next_try or now, self.mails.index(m))):
            moved = self._untie(mail, now)
            if not mail.lines:
                mail.status, mail.next_try, mail.void = "dropped", None, moved
                continue
            mail.tries += 1
            if fails:
                mail.next_try = now + BACKOFF[min(mail.tries, len(BACKOFF)) - 1]
            else:
                mail.status, mail.next_try = "sent", None
                yield mail

    def _untie(self, mail: Mail, now: datetime) -> bool:
        """Takes out what is not to be told; whether any of it is to be told to another address now."""
        moved = False
        for line in list(mail.lines):
            why = self.why_not(line, now) or (None if mail.address in self.people(line) else "moved")
            if why is None:
                continue
            moved = moved or why == "moved"
            mail.lines.remove(line)
            if line.status == "skipped":
                continue
            if why in ("muted", "moved"):
                told_all = why == "moved" and self.got(line) and not self.people(line) - self.got(line)
                line.status, line.reason = "composed" if told_all else "queued", None
            elif not self.got(line):
                self._drop(line, why)
        return moved


def changed(plan: NaivePlan, duty: str, **values: object) -> NaivePlan:
    """The plan with one duty told otherwise."""
    return replace(plan, duties={**plan.duties, duty: replace(plan.duties[duty], **values)})  # type: ignore[arg-type]
