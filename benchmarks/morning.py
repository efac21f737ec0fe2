"""A busy morning of a whole province: everything planned, composed and handed over, with the register's writes."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Engine, func, select

from benchmarks import world
from benchmarks.context import Bench, as_a_new_process, timed
from benchmarks.copies import copy_plan
from benchmarks.databases import processor_seconds, register, settle
from benchmarks.figures import Bar, Figure
from benchmarks.mail_server import counting_server
from notifications import composer, delivery, planner
from notifications.channels.mail_url import parse_mail_url
from notifications.channels.smtp import KeptConnection, SmtpChannel
from notifications.tables import message
from tasks.database import reading, writing

TITLE = "A morning of digests, from the ledger to the mail server"
HOW = (
    "Every body of many units has two reports due within a week, a third seven days ahead, and one address. `advance` "
    "and `compose` plan the morning, `deliver` hands it to a mail server on this machine which counts in a process of "
    "its own. Each letter leaves with three short transactions: taken, handed over, its fate written down."
)
_NUMBER = 9000
_MORNING = world.at("2024-06-03 07:30")
_RULES = tuple(world.once(world.day(text)) for text in ("2024-06-05", "2024-06-07", "2024-06-10"))
_EARLIER = ("2023-12-21", "2024-05-28", "2024-05-29", "2024-05-30", "2024-05-31")


def measure(bench: Bench) -> Iterator[Figure]:
    with register(bench.database) as engine:
        _fill(engine, bench.size.units, bench.size.bodies)
        settle(engine)
        bench.say("the evening before stands")
        as_a_new_process()
        before = processor_seconds(engine)
        with timed() as advancing:
            counts = planner.advance(engine, now=_MORNING)
        with timed() as composing:
            made = composer.compose(engine, now=_MORNING)
        worked = advancing.cpu + composing.cpu + processor_seconds(engine) - before
        bench.say(f"{counts.queued:,} rungs in {made:,} digests, {advancing.seconds + composing.seconds:.1f} s")
        if made != bench.size.digests:
            raise RuntimeError(f"{made} digests instead of {bench.size.digests}")
        rate = _deliver(engine, bench)
    together = advancing.seconds + composing.seconds
    yield Figure("planning", f"planning {made:,} digests of three items each", "s", (together,), Bar(30))
    yield Figure("advance", f"of this `advance`, {counts.queued:,} rungs", "s", (advancing.seconds,))
    yield Figure("compose", "of this `compose`", "s", (composing.seconds,))
    yield Figure("cpu", "processor time of both, ours and the database's", "s", (worked,))
    yield Figure("deliver", "`deliver`, with all writes of the register", "letters/s", (rate,))


def _fill(engine: Engine, units: int, bodies: int) -> None:
    """The evening before: everything that was said earlier has left."""
    with writing(engine) as connection:
        text = world.plan_text(_NUMBER, bodies=bodies, rules=_RULES)
        world.bring_in(connection, text, now=world.at("2023-12-21 07:30"))
    for day in _EARLIER:
        planner.advance(engine, now=world.at(f"{day} 07:30"))
    copy_plan(engine, _NUMBER, units - 1)
    world.all_told(engine)
    world.give_addresses(engine, range(_NUMBER, _NUMBER + units), bodies)


def _deliver(engine: Engine, bench: Bench) -> float:
    with counting_server() as server, timed() as watch:
        kept = KeptConnection(parse_mail_url(server.mail_url))
        counts = delivery.deliver(engine, {"email": SmtpChannel(kept.server, connection=kept)}, now=_MORNING)
        kept.close()
        taken = server.taken()
    with reading(engine) as connection:
        sent = select(func.count()).select_from(message).where(message.c.status == "sent")
        written = connection.execute(sent).scalar_one()
    if not counts.sent == written == taken.letters == taken.distinct:
        raise RuntimeError(f"{counts}, written {written}, {taken}")
    bench.say(f"{written:,} letters handed over, {written / watch.seconds:,.0f} a second")
    return written / watch.seconds
