"""PostgreSQL with everybody at work at once: nothing twice, nothing lost, and whoever comes second is told why.

Planners, senders and officers are processes of their own on a real server, the letters go to a real mail server.
"""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from sqlalchemy import Engine, func, select, update

from app.database import migrate
from notifications import composer, delivery, planner
from notifications.channels.mail_url import parse_mail_url
from notifications.channels.smtp import SmtpChannel
from notifications.contacts import ContactRole, add_contact
from notifications.tables import attempt, message, message_notice, notice
from tasks import intake, materialise, moves, papers
from tasks.agencies import load_register
from tasks.database import make_engine, reading, writing
from tasks.errors import MoveRefused, RegisterError
from tasks.model import State
from tasks.papers import Paper
from tasks.seal import verify
from tasks.tables import answer, audit_event, duty, occurrence, paper
from tasks.tables import plan as plan_table
from tests.baddays.at_once import Other, gate, until_one_waits
from tests.baddays.crowd import Crowd, Task
from tests.baddays.test_kills import truth_of
from tests.notifications.channels import letters, mailbox
from tests.notifications.channels.mailbox import MailBox, OnAnyPort
from tests.support import ANSWERABLE, FINANCE, INTERIOR, LEAD, PLAN, PLAN_DUTIES, PLAN_TEXT, Recorder, Valley, at
from tests.support import plan_text as valley_text

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from tests.postgresql import Databases

BODIES = 200  # with two duties each; each gets one digest
ANNOUNCED, MORNING = "2024-02-01 08:10", "2024-03-20 07:30"
NOW = at(MORNING)
PATIENCE = 240  # seconds until something counts as stuck
CROWD = [Task("planner", NOW.isoformat(), f"planner {n}") for n in range(2)] + [
    Task("sender", NOW.isoformat(), f"sender {n}") for n in range(4)
]


# --- A register with many bodies on the eve of a morning, and a mail server that counts ----------------------------


def _big_plan() -> bytes:
    names = [f"don-vi-{n:03d}" for n in range(BODIES)]
    bodies = "".join(f"  - {{id: {name}, name: Đơn vị {name[-3:]}}}\n" for name in names)
    stands = "".join(f"  - {{agency: {name}, relation: peer, ground: III}}\n" for name in names)
    head, parties, _duties = PLAN_TEXT.partition("parties:\n")
    duties = PLAN_DUTIES.replace("so-tai-chinh, so-noi-vu, mat-tran, cap-xa, gia-dinh", ", ".join(names))
    second = duties.replace("id: ke-hoach", "id: bao-cao").replace("Kế hoạch triển khai", "Báo cáo rà soát")
    return (head + bodies + parties + stands + "duties:\n" + duties + second).encode()


def prepare(url: str) -> None:
    """Everything is followed and was announced; then nobody looked for weeks."""
    engine = make_engine(url)
    migrate(engine)
    valley = Valley(engine).follow(text=_big_plan(), contacts=False)
    with writing(engine) as c:
        for n in range(BODIES):
            _reach(c, f"{PLAN}.don-vi-{n:03d}", ContactRole.AGENCY)
        for role in (ContactRole.OFFICER, ContactRole.STAND_IN, ContactRole.HEAD):
            _reach(c, LEAD, role)
    valley.advance(ANNOUNCED)
    assert valley.compose() == BODIES
    with writing(engine) as c:  # handing them over is not what is tried here
        c.execute(update(message).values(status="sent", next_try_at=None, settled_at=at(ANNOUNCED)))
    engine.dispose()


def _reach(c: Connection, body: str, role: ContactRole) -> None:
    address = f"{role.value.replace('_', '-')}@{body.partition('.')[2]}.example"
    add_contact(c, body, role=role, name=f"Văn thư {body}", address=address, now=at(ANNOUNCED), actor="test")


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    engine = make_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


@pytest.fixture(scope="module")
def crowd() -> Iterator[Crowd]:
    made = Crowd()
    yield made
    made.close()


@pytest.fixture(scope="module")
def eve(postgresql: Databases) -> str:
    """The database to be copied: the register on the eve of the morning."""
    name = postgresql.new()
    prepare(postgresql.server.url(name))
    return name


@pytest.fixture(scope="module")
def truth(postgresql: Databases, eve: str) -> Any:
    """What one planner leaves behind when nothing disturbs it. Sending changes nothing of that."""
    with postgresql.copied(eve) as url, opened(url) as engine:
        planner.advance(engine, now=NOW)
        assert composer.compose(engine, now=NOW) == BODIES + 1
        return truth_of(engine)


@pytest.fixture
def box() -> MailBox:
    return MailBox()


@pytest.fixture
def server(box: MailBox) -> Iterator[OnAnyPort]:
    made = mailbox.start(box)
    try:
        yield made
    finally:
        made.stop()


def settled(server: OnAnyPort) -> None:
    """What the mail server has taken is also counted."""

    async def turns() -> None:
        for _turn in range(20):
            await asyncio.sleep(0)

    asyncio.run_coroutine_threadsafe(turns(), server.loop).result(60)


def check_morning(engine: Engine, box: MailBox, truth: Any) -> None:
    """Everything is as one undisturbed planner and sender would have left it, and arrived exactly once."""
    found = truth_of(engine)
    for name in ("ledger", "messages", "trail", "occurrences"):
        assert getattr(found, name) == getattr(truth, name), name
    with reading(engine) as c:
        made = list(c.execute(select(message).where(message.c.created_at >= NOW)))
        twice = select(message_notice.c.notice_id, message.c.address).join(message)
        twice = twice.group_by(message_notice.c.notice_id, message.c.address).having(func.count() > 1)
        assert c.execute(twice).all() == []
        assert verify(c).intact
    assert {row.status for row in made} == {"sent"}
    assert Counter(box.by_id) == Counter({row.message_id: 1 for row in made})
    to = {row.message_id: row.address for row in made}
    for taken in box.taken:
        assert taken.recipients == [to[str(taken.mail["Message-ID"])]]


# --- A morning ----------------------------------------------------------------------------------------------------


def test_two_planners_and_four_senders_at_once_tell_everything_exactly_once(
    postgresql: Databases, eve: str, truth: Any, crowd: Crowd, box: MailBox, server: OnAnyPort
) -> None:
    with postgresql.copied(eve) as url:
        told = crowd.run(url, letters.url(server.port), CROWD)
        settled(server)
        with opened(url) as engine:
            check_morning(engine, box, truth)
            with reading(engine) as c:
                outcomes = Counter(c.execute(select(attempt.c.outcome).where(attempt.c.at >= NOW)).scalars())
    assert outcomes == {"sent": len(box.taken)}
    assert sum(each.sent for each in told) == sum(each.composed for each in told) == len(box.taken)
    assert sum(each.missed for each in told) == 2 * BODIES
    assert [each.away for each in told] == [0] * 6


def _when(box: MailBox, count: int) -> None:
    """Returns when so many letters have arrived."""
    pause = threading.Event()
    for _round in range(PATIENCE * 50):
        if len(box.taken) >= count:
            return
        pause.wait(0.02)
    raise AssertionError(f"only {len(box.taken)} letters")


def _rest_of_the_day(engine: Engine, server: OnAnyPort) -> None:
    """The leases of runs that were cut off have run out, and what was in doubt is repeated."""
    channel = SmtpChannel(parse_mail_url(letters.url(server.port)))
    for minutes in (16, 32):
        planner.advance(engine, now=NOW + timedelta(minutes=minutes))
        composer.compose(engine, now=NOW + timedelta(minutes=minutes))
        delivery.deliver(engine, {"email": channel}, now=NOW + timedelta(minutes=minutes))
    channel.close()


def _cut(databases: psycopg.Connection) -> int:
    cut = "SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'dondoc'"
    row = databases.execute(cut).fetchone()
    assert row is not None
    return int(row[0])


def test_connections_that_are_cut_in_the_middle_of_a_morning_double_and_lose_nothing(
    postgresql: Databases, eve: str, truth: Any, crowd: Crowd, box: MailBox, server: OnAnyPort
) -> None:
    with postgresql.copied(eve) as url, postgresql.server.admin() as admin:
        crowd.begin(url, letters.url(server.port), CROWD)
        cut = 0
        for count in (1, BODIES // 4, BODIES // 2):
            _when(box, count)
            cut += _cut(admin)
        told = crowd.end()
        assert cut > 0
        assert sum(each.away for each in told) > 0, "nobody noticed"
        with opened(url) as engine:
            _rest_of_the_day(engine, server)
            settled(server)
            check_morning(engine, box, truth)


def test_a_database_server_that_is_restarted_in_the_middle_of_a_morning(
    postgresql: Databases, eve: str, truth: Any, crowd: Crowd, box: MailBox, server: OnAnyPort
) -> None:
    """Senders that have a letter in hand wait until they can write down what became of it."""
    with postgresql.copied(eve) as url:
        crowd.begin(url, letters.url(server.port), CROWD)
        _when(box, BODIES // 4)
        postgresql.restart()
        told = crowd.end()
        assert sum(each.away for each in told) > 0, "nobody noticed"
        with opened(url) as engine:
            _rest_of_the_day(engine, server)
            settled(server)
            check_morning(engine, box, truth)


def test_a_sender_waits_for_its_database_to_write_down_what_it_alone_knows(
    postgresql: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection is cut while the letter is on its way: it was taken, and that is written down."""

    class Cutting(Recorder):
        def send(self, letter: Any) -> None:
            super().send(letter)
            with postgresql.server.admin() as admin:
                assert _cut(admin) > 0

    monkeypatch.setattr(delivery, "UNTIL_BACK", (0.01,) * 8)
    with postgresql.empty() as url, opened(url) as engine:
        valley = Valley(engine).follow()
        valley.advance("2024-02-01 08:10")
        made = valley.compose()
        channel = Cutting()
        counts = delivery.deliver(engine, {"email": channel}, now=valley.now)
        assert counts.sent == len(channel.letters) == made
        assert {row.status for row in valley.messages(message.c.status)} == {"sent"}


def test_a_database_that_stays_away_leaves_one_letter_in_doubt_and_says_so(
    postgresql: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Gone(Recorder):
        def send(self, letter: Any) -> None:
            super().send(letter)
            with postgresql.server.admin() as admin:
                admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
                assert _cut(admin) > 0

    monkeypatch.setattr(delivery, "UNTIL_BACK", (0.01,) * 3)
    with postgresql.copied() as url, opened(url) as engine:
        name = engine.url.database
        migrate(engine)
        valley = Valley(engine).follow()
        valley.advance("2024-02-01 08:10")
        valley.compose()
        with pytest.raises(Exception, match="not currently accepting connections"):
            delivery.deliver(engine, {"email": Gone()}, now=valley.now)
        with postgresql.server.admin() as admin:
            admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        valley.deliver("2024-02-01 08:30")
        assert sorted(row.status for row in valley.messages()) == ["sent", "sent", "sent", "unknown"]


# --- Two officers -------------------------------------------------------------------------------------------------


@pytest.fixture
def shared(postgresql: Databases) -> Iterator[Valley]:
    """The valley on a server, followed, with one digest sent."""
    with postgresql.empty() as url, opened(url) as engine:
        valley = Valley(engine).follow()
        valley.run(ANNOUNCED)
        valley.now = NOW
        yield valley


Act = Callable[["Connection", str], Any]
KNOWN: dict[str, Any] = {"now": NOW, "actor": "B"}
CAME = Paper(date(2024, 3, 15), "12/BC", date(2024, 3, 14))


def _record(c: Connection, which: str) -> Any:
    return papers.record(c, [which], CAME, review=False, **KNOWN)


def _review(c: Connection, which: str) -> Any:
    return papers.record(c, [which], CAME, review=True, **KNOWN)


# What has happened before, and what two officers then do at once.
ACTS: dict[str, tuple[Act | None, Act]] = {
    "record": (None, _record),
    "claim": (None, lambda c, which: moves.claim(c, which, number="9", dated=None, **KNOWN)),
    "accept": (_review, lambda c, which: moves.accept(c, which, **KNOWN)),
    "return": (_record, lambda c, which: moves.return_(c, which, reason="incomplete", by=None, **KNOWN)),
    "extend": (None, lambda c, which: moves.extend(c, [which], to=date(2024, 4, 1), document="7/UB", **KNOWN)),
    "waive": (None, lambda c, which: moves.waive(c, which, reason="CV 3", **KNOWN)),
    "undo": (_record, lambda c, which: papers.undo(c, which, **KNOWN)),
    "reopen": (_record, lambda c, which: moves.reopen(c, which, **KNOWN)),
    "transfer": (
        None,
        lambda c, which: moves.transfer(c, which, to=load_register(c)[INTERIOR[:-6] + "moi"], document=None, **KNOWN),
    ),
}


@pytest.mark.parametrize("name", ACTS)
def test_of_two_officers_who_make_the_same_move_at_once_one_wins_and_the_other_is_told(
    shared: Valley, name: str
) -> None:
    before, act = ACTS[name]
    engine = shared.engine
    if before:
        with writing(engine) as c:
            before(c, ANSWERABLE)
    told = len(shared.events())

    def second() -> Any:
        with writing(engine) as c:
            return act(c, ANSWERABLE)

    with writing(engine) as c:
        act(c, ANSWERABLE)
        other = Other(second)
        until_one_waits(engine, other)
        assert not other.done.is_set(), "the second one did not wait for the first"
    with pytest.raises(RegisterError) as refused:
        other.result()
    assert ANSWERABLE in str(refused.value)  # and then what is in the way, in words
    once = shared.events()[told:]
    assert [event.kind for event in once if event.kind == name] == [name]
    with reading(engine) as c:
        assert verify(c).intact


def test_one_paper_of_two_officers_for_two_duties_is_one_paper(shared: Valley) -> None:
    """Who comes second finds the row of the first, in whichever plan."""
    engine = shared.engine
    _bring_in(engine, "ke-hoach-hai")
    second_id = ANSWERABLE.replace(PLAN, "ke-hoach-hai", 1)

    def second() -> Any:
        with writing(engine) as c:
            return _record(c, second_id)

    with writing(engine) as c:
        _record(c, ANSWERABLE)
        other = Other(second)
        until_one_waits(engine, other)
    assert [o.state for o in other.result()] == [State.ACCEPTED]
    with reading(engine) as c:
        assert c.execute(select(func.count()).select_from(paper)).scalar_one() == 1


def _second_plan(name: str, *, until: str | None = None) -> bytes:
    text = valley_text().decode().replace(f"plan: {PLAN}\n", f"plan: {name}\n")
    ended = f", until: {until}" if until else ""
    return text.replace("name: Sở Tài chính}", f"name: Sở Tài chính{ended}}}").encode()


def _bring_in(engine: Engine, name: str) -> None:
    with writing(engine) as c:
        intake.add_plan(c, _second_plan(name), file="kh.yaml", now=at(ANNOUNCED), actor="A")
        intake.activate(c, name, now=at(ANNOUNCED), actor="A")


def test_two_officers_who_put_one_paper_right_from_two_plans_wait_for_each_other_in_one_order(shared: Valley) -> None:
    """Each begins with the plan in which the other one ends."""
    engine = shared.engine
    _bring_in(engine, "an-dau")  # comes before thung-lung
    ids = [ANSWERABLE, ANSWERABLE.replace(PLAN, "an-dau", 1)]
    with writing(engine) as c:
        papers.record(c, ids, CAME, review=False, **KNOWN)

    def correct(which: str, number: str) -> Any:
        with writing(engine) as c:
            came = Paper(date(2024, 3, 14), number, date(2024, 3, 14))
            return papers.correct(c, which, came, now=NOW, actor=number)

    with gate(engine, "INSERT INTO paper") as held:
        first = Other(lambda: correct(ids[0], "13/BC"))
        assert held.reached.wait(PATIENCE)
        second = Other(lambda: correct(ids[1], "14/BC"))
        until_one_waits(engine, second)
        held.open()
        assert len(first.result()) == len(second.result()) == 2
    for each in ids:
        assert shared.occurrence(each).number == "14/BC"
    with reading(engine) as c:
        live = select(answer.c.paper_id).where(answer.c.verdict != "void").distinct()
        assert len(c.execute(live).all()) == 1
        assert verify(c).intact


# --- Plans --------------------------------------------------------------------------------------------------------


def test_two_officers_who_bring_in_the_same_plan_at_once_bring_it_in_once(postgresql: Databases) -> None:
    with postgresql.empty() as url, opened(url) as engine:

        def bring() -> str:
            with writing(engine) as c:
                return intake.add_plan(c, valley_text(), file="kh.yaml", now=NOW, actor="B").outcome

        with writing(engine) as c:
            assert intake.add_plan(c, valley_text(), file="kh.yaml", now=NOW, actor="A").outcome == "added"
            other = Other(bring)
            until_one_waits(engine, other)
        assert other.result() == "unchanged"
        with reading(engine) as c:
            assert c.execute(select(func.count()).select_from(plan_table)).scalar_one() == 1
            assert [row.actor for row in c.execute(select(audit_event))] == ["A"]
            assert verify(c).intact


def test_two_officers_who_start_the_same_plan_at_once_start_it_once(postgresql: Databases) -> None:
    with postgresql.empty() as url, opened(url) as engine:
        with writing(engine) as c:
            intake.add_plan(c, valley_text(), file="kh.yaml", now=NOW, actor="A")

        def start() -> Any:
            with writing(engine) as c:
                return intake.activate(c, PLAN, now=NOW, actor="B")

        with writing(engine) as c:
            intake.activate(c, PLAN, now=NOW, actor="A")
            other = Other(start)
            until_one_waits(engine, other)
        with pytest.raises(RegisterError, match=PLAN):
            other.result()


def test_a_plan_that_ends_a_body_and_a_paper_for_both_plans_at_once(shared: Valley) -> None:
    """The plan that is brought in changes another one as well; the paper answers duties of both."""
    engine = shared.engine
    _bring_in(engine, "an-dau")

    def bring() -> str:
        with writing(engine) as c:
            text = _second_plan(PLAN, until="2024-03-10")
            return intake.add_plan(c, text, file="kh.yaml", now=NOW, actor="A").outcome

    def record() -> Any:
        with writing(engine) as c:
            ids = [ANSWERABLE.replace("so-tai-chinh", "so-noi-vu"), ANSWERABLE.replace(PLAN, "an-dau", 1)]
            return papers.record(c, ids, CAME, review=False, **KNOWN)

    with gate(engine, "UPDATE plan SET") as held:
        first = Other(bring)
        assert held.reached.wait(PATIENCE)
        second = Other(record)
        until_one_waits(engine, second)
        held.open()
        assert first.result() == "revised"
        with pytest.raises(MoveRefused, match="an-dau/ke-hoach/so-tai-chinh"):  # it has ended by then
            second.result()
    with reading(engine) as c:
        assert verify(c).intact


def test_an_officer_who_stops_a_plan_while_its_occurrences_are_made(shared: Valley) -> None:
    """On the first of January the planner makes a year's occurrences, and somebody works with the plan."""
    engine = shared.engine
    with writing(engine) as c:
        c.execute(duty.update().values(next_check_at=NOW))
        c.execute(occurrence.delete().where(occurrence.c.agency_id == INTERIOR))

    def make() -> int:
        with writing(engine) as c:
            return materialise.materialise_due(c, now=NOW).occurrences

    def stop() -> int:
        with writing(engine) as c:
            return intake.stop(c, PLAN, now=NOW, actor="B")

    with gate(engine, "INSERT INTO occurrence") as held:
        planning = Other(make)
        assert held.reached.wait(PATIENCE)
        stopping = Other(stop)
        until_one_waits(engine, stopping)
        held.open()
        assert planning.result() == 1
        assert stopping.result() == 5  # also what was just made
    assert {shared.occurrence(each).state for each in shared.ids()} == {State.CANCELLED}


# --- Senders ------------------------------------------------------------------------------------------------------


def test_two_senders_who_find_out_at_once_that_there_is_nothing_to_tell(
    shared: Valley, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One reminder for two people, closed before it was sent: each sender has the letter of one of them."""
    engine = shared.engine
    monkeypatch.setattr(delivery, "BATCH", 1)
    shared.contact(FINANCE, "agency", "hai@so-tai-chinh.example")
    shared.advance(MORNING)
    shared.compose()
    shared.record(ANSWERABLE, received="2024-03-20", number="1/BC")
    mine = [row for row in shared.ledger(ANSWERABLE) if row.status == "composed" and row.role == "agency"]
    assert mine
    with gate(engine, "DELETE FROM message_notice") as held:
        first = Other(lambda: delivery.deliver(engine, {"email": Recorder()}, now=NOW))
        assert held.reached.wait(PATIENCE)
        second = Other(lambda: delivery.deliver(engine, {"email": Recorder()}, now=NOW))
        until_one_waits(engine, second)
        held.open()
        first.result()
        second.result()
    told = {row.rung: (row.status, row.reason) for row in shared.ledger(ANSWERABLE)}
    assert {told[row.rung] for row in mine} == {("skipped", "closed")}
    with reading(engine) as c:
        orphans = select(notice.c.id).where(notice.c.status == "composed")
        linked = select(message_notice.c.notice_id).where(message_notice.c.notice_id == notice.c.id)
        assert c.execute(orphans.where(~linked.exists())).all() == []
