"""PostgreSQL with everybody at work at once: nothing twice, nothing lost, and whoever comes second is told why.

Planners, senders and officers are processes of their own on a real server, the letters go to a real mail server.
"""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from sqlalchemy import Engine, func, select, update

from app.database import migrate
from notifications import composer, delivery, planner
from notifications.channels.mail_url import parse_mail_url
from notifications.channels.smtp import SmtpChannel
from notifications.contacts import ContactRole, add_contact
from notifications.tables import attempt, message, message_notice
from tasks.database import make_engine, reading, writing
from tasks.seal_check import verify
from tests.baddays.crowd import Crowd, Task
from tests.baddays.test_kills import truth_of
from tests.notifications.channels import letters
from tests.notifications.channels.mailbox import MailBox, OnAnyPort
from tests.support import LEAD, PLAN, PLAN_DUTIES, PLAN_TEXT, Recorder, Valley, at

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from tests.postgresql import Databases

BODIES = 160  # with two duties each; each gets one digest
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
