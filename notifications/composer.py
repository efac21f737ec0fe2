"""From ledger rows to messages: one digest per person and morning, one message per event (D8).

Text is rendered on the day of sending. A digest is unique on person, channel and local day; what arises later
that day waits for the next working morning.
"""

from __future__ import annotations

import hashlib
import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy import ColumnElement, String, bindparam, cast, delete, exists, literal, select, update
from sqlalchemy.engine import Connection, Engine, Row
from sqlalchemy.exc import SQLAlchemyError

from notifications.contacts import ContactRole, speaks_to
from notifications.errors import NotificationsError
from notifications.facts import Rendered, Sheet
from notifications.gather import Gatherer
from notifications.planner import anything_due
from notifications.relevance import MUTED, why_not
from notifications.render import render
from notifications.tables import contact, message, message_notice, notice
from plans.calendar import local_day
from plans.text import _
from tasks.database import insert_new, locked, reading, writing
from tasks.office import working_calendar
from tasks.tables import occurrence

log = logging.getLogger(__name__)

PEOPLE_PER_BATCH = 200
MOVED = "contact_removed"  # the address is no longer the one that this is to be told to
EVENTS = frozenset({"assigned", "returned", "extended", "correction", "press", "month", "week"})


def kind_of(rung: str) -> str:
    """The kind of message that carries a rung: an event has a message of its own, a rung of the ladder a digest."""
    name = "press" if rung.startswith("press-") else rung
    return name if name in EVENTS else "digest"


class ComposeIncomplete(NotificationsError):
    """Some messages could not be written; all others were. ``failed``: the person (or notice) and why."""

    def __init__(self, failed: dict[str, str], made: int) -> None:
        first = "; ".join(f"{name}: {why}" for name, why in list(failed.items())[:3])
        said = _("{n} thông báo không soạn được, các thông báo khác đã soạn xong: {first}")
        super().__init__(said.format(n=len(failed), first=first))
        self.failed = failed
        self.made = made


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
    still wait for ``advance``. Safe to call from any number of processes. ``plan_id`` limits it to one plan.

    Raises ComposeIncomplete at the end where single messages could not be written; what they tell of goes on waiting.
    """
    with reading(engine) as connection:
        if not working_calendar(connection).open_at(now) or anything_due(connection, now=now, plan_id=plan_id):
            return 0
    with writing(engine) as connection:
        _release_stale(connection, now=now)
    with writing(engine) as connection:
        _match_contacts(connection)
        pairs = _pairs(connection, notice.c.plan_id == plan_id if plan_id else None)
    made = 0
    failed: dict[str, str] = {}
    for group in _groups(pairs):
        with writing(engine) as connection:
            made += _compose_group(connection, group, failed, now=now)
    if failed:
        raise ComposeIncomplete(failed, made)
    return made


def compose_within(connection: Connection, *, now: datetime) -> None:
    """Composes what waits, at any hour, in the transaction of the caller: for a look at what would be sent, with
    ``tasks.database.trying``."""
    _release_stale(connection, now=now)
    _match_contacts(connection)
    for group in _groups(_pairs(connection)):
        _compose_group(connection, group, {}, now=now)


def _release_stale(connection: Connection, *, now: datetime) -> None:
    """A digest that nobody took on its own day is not sent a day late beside the new one: its notices go into
    today's digest instead, unless a newer rung of the same occurrence and role is there. The next ``advance`` looks
    at what waits again: it may be closed by then, and nobody may be there to tell.

    So with a digest of a day that is still to come, composed under a clock since put back: that day is free again.
    """
    old = (message.c.kind == "digest") & (message.c.status == "queued") & (message.c.local_day != local_day(now))
    left_over = select(message.c.id).where(old).order_by(message.c.id)
    ids = [row.id for row in connection.execute(locked(left_over, connection))]
    told = select(message_notice.c.notice_id).join(message).where(old)
    subjects = select(notice.c.occurrence_id).where(notice.c.id.in_(told))
    theirs = select(occurrence.c.id).where(occurrence.c.id.in_(subjects)).order_by(occurrence.c.id)
    if ids:
        connection.execute(locked(theirs, connection)).all()
        hold_notices(connection, notice.c.id.in_(told))
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
        ahead = message.c.id.in_(chunk) & (message.c.local_day > local_day(now))
        free_key = literal("dropped:").concat(cast(message.c.id, String))
        connection.execute(update(message).where(ahead).values(key=free_key))


def hold_notices(connection: Connection, which: ColumnElement[bool]) -> None:
    """What becomes of these notices is decided here and now, to the end of the transaction (PostgreSQL)."""
    if connection.dialect.name == "postgresql":
        connection.execute(locked(select(notice.c.id).where(which).order_by(notice.c.id), connection)).all()


def _match_contacts(connection: Connection) -> None:
    """A notice nobody can be found for waits as ``no_contact`` until an address is there."""
    reachable = exists(select(contact.c.id).where(speaks_to())).correlate(notice)
    lost = (notice.c.status == "queued") & ~reachable
    found = (notice.c.status == "no_contact") & reachable
    hold_notices(connection, lost | found)
    connection.execute(update(notice).where(lost).values(status="no_contact"))
    connection.execute(update(notice).where(found).values(status="queued"))


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


def _compose_group(connection: Connection, pairs: list[Pair], failed: dict[str, str], *, now: datetime) -> int:
    ids = sorted({pair.notice_id for pair in pairs})
    rows = {row.id: row for row in _waiting(connection, ids)}
    gatherer = Gatherer(connection, now=now)
    gatherer.prefetch({pair.person.address for pair in pairs}, rows.values())
    untold = _untold(gatherer, rows, failed)
    _skip(connection, {key: why for key, why in untold.items() if why not in (MUTED, _UNREADABLE)})
    today = local_day(now)
    by_person: dict[Person, list[Pair]] = defaultdict(list)
    for pair in pairs:
        if pair.notice_id in rows and pair.notice_id not in untold:
            by_person[pair.person].append(pair)
    drafts = [
        draft
        for person, mine in by_person.items()
        for draft in _drafts(gatherer, person, [(pair, rows[pair.notice_id]) for pair in mine], failed)
    ]
    stored = _store(connection, drafts, today, now)
    linked = {row.id for draft in stored for row in draft.notices}
    waiting = {pair.notice_id for pair in _pairs(connection, notice.c.id.in_(sorted(linked)))} if linked else set()
    _settle(connection, linked - waiting)
    return len(stored)


_UNREADABLE = "unreadable"
_KEY_LETTERS = 400  # of the column


def _untold(gatherer: Gatherer, rows: dict[int, Row[Any]], failed: dict[str, str]) -> dict[int, str]:
    """Which notices are not to be told now, and why; one that cannot be looked at waits, and the others go on."""
    untold = {}
    for key, row in rows.items():
        try:
            why = why_not(gatherer, row)
        except SQLAlchemyError:
            raise
        except Exception as error:
            why = _UNREADABLE
            _fail(failed, row.subject, error)
        if why:
            untold[key] = why
    return untold


@dataclass(frozen=True, slots=True)
class _Draft:
    """A message that is written and not yet stored."""

    kind: str
    key: str
    person: Person
    name: str
    sheet: Sheet
    rendered: Rendered
    notices: list[Row[Any]]


def _drafts(
    gatherer: Gatherer, person: Person, mine: list[tuple[Pair, Row[Any]]], failed: dict[str, str]
) -> Iterator[_Draft]:
    """What one person is told; a message that cannot be written does not stop the others."""
    digest = [(pair, row) for pair, row in mine if kind_of(row.rung) == "digest"]
    for group in [[each] for each in mine if kind_of(each[1].rung) != "digest"] + ([digest] if digest else []):
        (pair, first), notices = group[0], [row for _pair, row in group]
        kind = kind_of(first.rung)
        try:
            if kind == "digest":
                key = _key(f"digest:{gatherer.today}:{person.channel}:{person.address}")
                sheet = gatherer.digest_sheet(notices, person.address, pair.name)
            else:
                key = _key(f"{first.rung}:{first.subject}:{first.revision}:{person.channel}:{person.address}")
                sheet = gatherer.event_sheet(first, pair.name)
            yield _Draft(kind, key, person, pair.name, sheet, render(sheet), notices)
        except SQLAlchemyError:
            raise
        except Exception as error:
            _fail(failed, f"{pair.name} ({first.subject})", error)


def _key(words: str) -> str:
    """What makes a second message impossible, as long as its column allows: an Apprise address may be long."""
    if len(words) <= _KEY_LETTERS:
        return words
    return f"{words[: _KEY_LETTERS - 65]}#{hashlib.sha256(words.encode()).hexdigest()}"


def _fail(failed: dict[str, str], name: str, error: Exception) -> None:
    log.error("cannot compose for %s", name, exc_info=error)
    failed[name] = f"{type(error).__name__}: {error}"


def _waiting(connection: Connection, ids: list[int]) -> Iterator[Row[Any]]:
    for start in range(0, len(ids), 500):
        chunk = ids[start : start + 500]
        chosen = select(notice).where(notice.c.id.in_(chunk), notice.c.status == "queued").order_by(notice.c.id)
        yield from connection.execute(locked(chosen, connection))  # what another process composes is not queued then


def _store(connection: Connection, drafts: list[_Draft], today: date, now: datetime) -> list[_Draft]:
    """Writes the messages and their links, except those whose key is there already; returns what was written.

    In the order of their keys: of two processes with some in common the second one waits for the first.
    """
    drafts = sorted(drafts, key=lambda draft: draft.key)
    rows = [_row(draft, today, now) for draft in drafts]
    insert_new(connection, message, rows)
    ids = _ids(connection, [draft.key for draft in drafts])  # by Message-ID: another process may have been first
    written = [
        (ids[row["message_id"]], draft) for row, draft in zip(rows, drafts, strict=True) if row["message_id"] in ids
    ]
    links = [{"message_id": key, "notice_id": n.id} for key, draft in written for n in draft.notices]
    insert_new(connection, message_notice, links)
    for key, draft in written:
        log.info("composed message=%s kind=%s notices=%d", key, draft.kind, len(draft.notices))
    return [draft for _key, draft in written]


def _ids(connection: Connection, keys: list[str]) -> dict[str, int]:
    """Message-ID -> id of the messages with these keys."""
    found: dict[str, int] = {}
    for start in range(0, len(keys), 500):
        chosen = select(message.c.message_id, message.c.id).where(message.c.key.in_(keys[start : start + 500]))
        found |= {row.message_id: row.id for row in connection.execute(chosen)}
    return found


def _row(draft: _Draft, today: date, now: datetime) -> dict[str, Any]:
    return {
        "kind": draft.kind,
        "key": draft.key,
        "channel": draft.person.channel,
        "address": draft.person.address,
        "person": draft.name,
        "sender": draft.sheet.desk.sender,
        "reply_to": draft.sheet.desk.address,
        "message_id": f"<{uuid4()}@dondoc.invalid>",
        "local_day": today,
        "subject": draft.rendered.subject,
        "text": draft.rendered.text,
        "html": draft.rendered.html,
        "status": "queued",
        "created_at": now,
        "next_try_at": now,
        "tries": 0,
        "sample": all(n.sample for n in draft.notices),
    }


def _skip(connection: Connection, reasons: dict[int, str]) -> None:
    if reasons:
        skipped = update(notice).where(notice.c.id == bindparam("notice_id"), notice.c.status != "skipped")
        values = [{"notice_id": key, "why": why} for key, why in reasons.items()]
        connection.execute(skipped.values(status="skipped", reason=bindparam("why")), values)


def _settle(connection: Connection, ids: set[int]) -> None:
    if ids:
        done = update(notice).where(notice.c.id == bindparam("notice_id")).values(status="composed", reason=None)
        connection.execute(done, [{"notice_id": key} for key in sorted(ids)])


def rerender(gatherer: Gatherer, row: Row[Any]) -> str | None:
    """Writes a waiting message anew on a later day, where part of it is not to be told any more, or where the officer
    whom it names has another address.

    Returns why there is nothing left to send (``closed``, ``contact_removed``), None where there is. What is muted
    waits again, and so does what was for an address that has been taken away: it goes to the new one. What is closed
    or revised is skipped, unless somebody else was told of it.
    """
    connection = gatherer.connection
    notices = _linked(connection, row)
    untold = {n.id: why for n in notices if (why := why_not(gatherer, n) or (None if n.reached else MOVED))}
    live = [n for n in notices if n.id not in untold]
    _take_back(connection, row.id, untold)
    if not live:
        if MOVED not in untold.values():
            return "closed"
        # its key stays free, in case the address comes back
        connection.execute(update(message).where(message.c.id == row.id).values(key=f"dropped:{row.id}"))
        return MOVED
    today = gatherer.today
    answered = row.reply_to is None or gatherer.answers(row.reply_to)
    if not untold and row.local_day == today and answered:
        return None
    if row.kind in EVENTS:
        sheet = gatherer.event_sheet(live[0], row.person)
    else:
        sheet = gatherer.digest_sheet(live, row.address, row.person)
    rendered = render(sheet)
    values = {"subject": rendered.subject, "text": rendered.text, "html": rendered.html, "local_day": today}
    values["reply_to"] = sheet.desk.address
    connection.execute(update(message).where(message.c.id == row.id).values(values))
    return None


def worth_repeating(gatherer: Gatherer, row: Row[Any]) -> bool:
    """Whether all that a message of unknown fate tells of is still true and for that address: it is repeated word for
    word or not at all."""
    return all(n.reached and not why_not(gatherer, n) for n in _linked(gatherer.connection, row))


def _linked(connection: Connection, row: Row[Any]) -> Sequence[Row[Any]]:
    """The notices that a message tells of; ``reached``: whether they are still for its address."""
    mine = (contact.c.channel == row.channel) & (contact.c.address == row.address)
    reached = exists(select(contact.c.id).where(speaks_to(), mine)).correlate(notice).label("reached")
    linked = select(notice, reached).join(message_notice, message_notice.c.notice_id == notice.c.id)
    return connection.execute(linked.where(message_notice.c.message_id == row.id).order_by(notice.c.id)).all()


def _take_back(connection: Connection, message_id: int, untold: dict[int, str]) -> None:
    """Unties notices from a message that is not going to tell of them."""
    if not untold:
        return
    mine = message_notice.c.notice_id.in_(sorted(untold))
    connection.execute(delete(message_notice).where(message_notice.c.message_id == message_id, mine))
    others = select(message_notice.c.notice_id).where(mine)
    kept = {found.notice_id for found in connection.execute(others)}
    gone = {key: why for key, why in untold.items() if key not in kept}
    _skip(connection, {key: why for key, why in gone.items() if why not in (MUTED, MOVED)})
    _wait_again(connection, [key for key, why in untold.items() if why in (MUTED, MOVED)])
    # Somebody else was told, and nobody is left who was not.
    moved = sorted(key for key, why in untold.items() if why == MOVED and key in kept)
    waiting = {pair.notice_id for pair in _pairs(connection, notice.c.id.in_(moved))} if moved else set()
    _settle(connection, set(moved) - waiting)


def _wait_again(connection: Connection, ids: list[int]) -> None:
    if ids:
        untaken = (notice.c.id == bindparam("notice_id")) & (notice.c.status != "skipped")
        waits = update(notice).where(untaken).values(status="queued", reason=None)
        connection.execute(waits, [{"notice_id": key} for key in ids])
