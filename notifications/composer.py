"""From ledger rows to messages: one digest per person and morning, one message per event (D8).

Text is rendered on the day of sending. A digest is unique on person, channel and local day; what arises later
that day waits for the next working morning.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy import ColumnElement, bindparam, delete, exists, select, update
from sqlalchemy.engine import Connection, Engine, Row

from notifications.contacts import ContactRole, speaks_to
from notifications.gather import Gatherer
from notifications.planner import anything_due
from notifications.relevance import MUTED, why_not
from notifications.render import render
from notifications.tables import contact, message, message_notice, notice
from plans.calendar import local_day
from tasks.database import insert_new, reading, writing
from tasks.office import working_calendar
from tasks.tables import occurrence

log = logging.getLogger(__name__)

PEOPLE_PER_BATCH = 200
EVENTS = frozenset({"assigned", "returned", "extended", "correction", "press", "month"})


def kind_of(rung: str) -> str:
    """The kind of message that carries a rung: an event has a message of its own, a rung of the ladder a digest."""
    name = "press" if rung.startswith("press-") else rung
    return name if name in EVENTS else "digest"


class Person(NamedTuple):
    """Whoever reads one address on one channel, however many hats he or she wears."""

    channel: str
    address: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A waiting notice and one person it is for."""

    notice_id: int
    person: Person
    name: str
    contact_role: ContactRole


def compose(engine: Engine, *, now: datetime, plan_id: str | None = None) -> int:
    """Makes the messages that are due; returns how many. Nothing outside working hours, and nothing while rows
    still wait for ``advance``. Safe to call from any number of processes. ``plan_id`` limits it to one plan."""
    with reading(engine) as connection:
        if not working_calendar(connection).open_at(now) or anything_due(connection, now=now, plan_id=plan_id):
            return 0
    with writing(engine) as connection:
        _release_stale(connection, now=now)
        _match_contacts(connection)
        pairs = _pairs(connection, notice.c.plan_id == plan_id if plan_id else None)
    made = 0
    for group in _groups(pairs):
        with writing(engine) as connection:
            made += _compose_group(connection, group, now=now)
    return made


def _release_stale(connection: Connection, *, now: datetime) -> None:
    """A digest that nobody took on its own day is not sent a day late beside the new one: its notices go into
    today's digest instead, unless a newer rung of the same occurrence and role is there. The next ``advance`` looks
    at what waits again: it may be closed by then, and nobody may be there to tell."""
    old = (message.c.kind == "digest") & (message.c.status == "queued") & (message.c.local_day < local_day(now))
    ids = [row.id for row in connection.execute(select(message.c.id).where(old))]
    for start in range(0, len(ids), 500):
        chunk = ids[start : start + 500]
        linked = select(message_notice.c.notice_id).where(message_notice.c.message_id.in_(chunk))
        newer = notice.alias("newer")
        overtaken = exists(
            select(newer.c.id).where(
                newer.c.subject == notice.c.subject,
                newer.c.role == notice.c.role,
                newer.c.id > notice.c.id,
                newer.c.status != "skipped",
                newer.c.rung.not_in(EVENTS),
                newer.c.rung.not_like("press-%"),
            )
        ).correlate(notice)
        mine = notice.c.id.in_(linked) & (notice.c.status == "composed")
        connection.execute(update(notice).where(mine, overtaken).values(status="skipped", reason="superseded"))
        connection.execute(update(notice).where(mine, ~overtaken).values(status="queued"))
        waiting = select(notice.c.occurrence_id).where(notice.c.id.in_(linked), notice.c.status == "queued")
        connection.execute(update(occurrence).where(occurrence.c.id.in_(waiting)).values(next_check_at=now))
        connection.execute(delete(message_notice).where(message_notice.c.message_id.in_(chunk)))
        dropped = {"status": "dropped", "next_try_at": None, "detail": "superseded"}
        connection.execute(update(message).where(message.c.id.in_(chunk)).values(dropped))


def _match_contacts(connection: Connection) -> None:
    """A notice nobody can be found for waits as ``no_contact`` until an address is there."""
    reachable = exists(select(contact.c.id).where(speaks_to())).correlate(notice)
    connection.execute(update(notice).where(notice.c.status == "queued", ~reachable).values(status="no_contact"))
    connection.execute(update(notice).where(notice.c.status == "no_contact", reachable).values(status="queued"))


def _pairs(connection: Connection, only: ColumnElement[bool] | None = None) -> list[Pair]:
    """Waiting notices with the persons who have not got them yet."""
    got = exists(
        select(message_notice.c.notice_id)
        .join(message, message.c.id == message_notice.c.message_id)
        .where(
            message_notice.c.notice_id == notice.c.id,
            message.c.channel == contact.c.channel,
            message.c.address == contact.c.address,
        )
    ).correlate(notice, contact)
    chosen = (
        select(notice.c.id, contact.c.channel, contact.c.address, contact.c.name, contact.c.role)
        .select_from(notice.join(contact, speaks_to()))
        .where(notice.c.status == "queued", ~got)
        .order_by(notice.c.id, contact.c.id)
    )
    if only is not None:
        chosen = chosen.where(only)
    return [
        Pair(row.id, Person(row.channel, row.address), row.name, ContactRole(row.role))
        for row in connection.execute(chosen)
    ]


def _groups(pairs: list[Pair]) -> Iterator[list[Pair]]:
    """Splits into batches so that persons who share a notice, and all notices of a person, stay together."""
    root: dict[object, object] = {}

    def find(node: object) -> object:
        while root.setdefault(node, node) != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    for pair in pairs:
        root[find(pair.person)] = find(pair.notice_id)
    clusters: dict[object, list[Pair]] = defaultdict(list)
    for pair in pairs:
        clusters[find(pair.person)].append(pair)
    batch: list[Pair] = []
    people = 0
    for cluster in clusters.values():
        batch += cluster
        people += len({pair.person for pair in cluster})
        if people >= PEOPLE_PER_BATCH:
            yield batch
            batch, people = [], 0
    if batch:
        yield batch


def _compose_group(connection: Connection, pairs: list[Pair], *, now: datetime) -> int:
    ids = sorted({pair.notice_id for pair in pairs})
    rows = {row.id: row for row in _waiting(connection, ids)}
    gatherer = Gatherer(connection, now=now)
    gatherer.prefetch({pair.person.address for pair in pairs}, rows.values())
    untold = {key: why for key, row in rows.items() if (why := why_not(gatherer, row))}
    _skip(connection, {key: why for key, why in untold.items() if why != MUTED})
    today = local_day(now)
    by_person: dict[Person, list[Pair]] = defaultdict(list)
    for pair in pairs:
        if pair.notice_id in rows and pair.notice_id not in untold:
            by_person[pair.person].append(pair)
    made = 0
    linked: set[int] = set()
    for person, mine in by_person.items():
        digest = [pair for pair in mine if kind_of(rows[pair.notice_id].rung) == "digest"]
        for pair in mine:
            row = rows[pair.notice_id]
            kind = kind_of(row.rung)
            if kind != "digest":
                key = f"{row.rung}:{row.subject}:{row.revision}:{person.channel}:{person.address}"
                sheet = gatherer.event_sheet(row, pair.name)
                made += _store(connection, key, kind, person, pair.name, sheet, [row], now)
                linked.add(row.id)
        if digest:
            key = f"digest:{today}:{person.channel}:{person.address}"
            notices = [rows[pair.notice_id] for pair in digest]
            sheet = gatherer.digest_sheet(notices, person.address, digest[0].name)
            if _store(connection, key, "digest", person, digest[0].name, sheet, notices, now):
                made += 1
                linked |= {row.id for row in notices}
    waiting = {pair.notice_id for pair in _pairs(connection, notice.c.id.in_(sorted(linked)))} if linked else set()
    _settle(connection, linked - waiting)
    return made


def _waiting(connection: Connection, ids: list[int]) -> Iterator[Row[Any]]:
    for start in range(0, len(ids), 500):
        chunk = ids[start : start + 500]
        chosen = select(notice).where(notice.c.id.in_(chunk), notice.c.status == "queued").order_by(notice.c.id)
        yield from connection.execute(chosen)


def _store(
    connection: Connection,
    key: str,
    kind: str,
    person: Person,
    name: str,
    sheet: Any,
    notices: list[Row[Any]],
    now: datetime,
) -> int:
    """Writes the message and its links unless its key is there already; returns how many were written."""
    rendered = render(sheet)
    domain = "dondoc.invalid"
    row = {
        "kind": kind,
        "key": key,
        "channel": person.channel,
        "address": person.address,
        "person": name,
        "sender": sheet.desk.sender,
        "reply_to": sheet.desk.address,
        "message_id": f"<{uuid4()}@{domain}>",
        "local_day": local_day(now),
        "subject": rendered.subject,
        "text": rendered.text,
        "html": rendered.html,
        "status": "queued",
        "created_at": now,
        "next_try_at": now,
        "tries": 0,
        "sample": all(n.sample for n in notices),
    }
    if insert_new(connection, message, [row]) == 0:
        return 0
    new_id = connection.execute(select(message.c.id).where(message.c.key == key)).scalar_one()
    insert_new(connection, message_notice, [{"message_id": new_id, "notice_id": n.id} for n in notices])
    log.info("composed message=%s kind=%s notices=%d", new_id, kind, len(notices))
    return 1


def _skip(connection: Connection, reasons: dict[int, str]) -> None:
    if reasons:
        skipped = update(notice).where(notice.c.id == bindparam("notice_id"), notice.c.status != "skipped")
        values = [{"notice_id": key, "why": why} for key, why in reasons.items()]
        connection.execute(skipped.values(status="skipped", reason=bindparam("why")), values)


def _settle(connection: Connection, ids: set[int]) -> None:
    if ids:
        done = update(notice).where(notice.c.id == bindparam("notice_id")).values(status="composed", reason=None)
        connection.execute(done, [{"notice_id": key} for key in sorted(ids)])


def rerender(gatherer: Gatherer, row: Row[Any]) -> bool:
    """Writes a waiting message anew on a later day, or where part of it is not to be told any more.

    Returns whether there is still something to send. What is muted waits again; what is closed or revised is
    skipped, unless somebody else was told of it.
    """
    connection = gatherer.connection
    linked = select(notice).join(message_notice, message_notice.c.notice_id == notice.c.id)
    notices = connection.execute(linked.where(message_notice.c.message_id == row.id).order_by(notice.c.id)).all()
    untold = {n.id: why for n in notices if (why := why_not(gatherer, n))}
    live = [n for n in notices if n.id not in untold]
    _take_back(connection, row.id, untold)
    if not live:
        return False
    today = gatherer.today
    if not untold and row.local_day == today:
        return True
    if row.kind in EVENTS:
        sheet = gatherer.event_sheet(live[0], row.person)
    else:
        sheet = gatherer.digest_sheet(live, row.address, row.person)
    rendered = render(sheet)
    values = {"subject": rendered.subject, "text": rendered.text, "html": rendered.html, "local_day": today}
    connection.execute(update(message).where(message.c.id == row.id).values(values))
    return True


def worth_repeating(gatherer: Gatherer, row: Row[Any]) -> bool:
    """Whether all that a message of unknown fate tells of is still true: it is repeated word for word or not at all."""
    linked = select(notice).join(message_notice, message_notice.c.notice_id == notice.c.id)
    notices = gatherer.connection.execute(linked.where(message_notice.c.message_id == row.id)).all()
    return not any(why_not(gatherer, n) for n in notices)


def _take_back(connection: Connection, message_id: int, untold: dict[int, str]) -> None:
    """Unties notices from a message that is not going to tell of them."""
    if not untold:
        return
    mine = message_notice.c.notice_id.in_(sorted(untold))
    connection.execute(delete(message_notice).where(message_notice.c.message_id == message_id, mine))
    others = select(message_notice.c.notice_id).where(mine)
    kept = {found.notice_id for found in connection.execute(others)}
    gone = {key: why for key, why in untold.items() if key not in kept}
    _skip(connection, {key: why for key, why in gone.items() if why != MUTED})
    untaken = (notice.c.id == bindparam("notice_id")) & (notice.c.status != "skipped")
    waits = update(notice).where(untaken).values(status="queued", reason=None)
    if muted := [{"notice_id": key} for key, why in untold.items() if why == MUTED]:
        connection.execute(waits, muted)
