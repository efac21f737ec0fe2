"""From ledger rows to messages: one digest per person and morning, one message per event (D8).

Text is rendered on the day of sending. A digest is unique on person, channel and local day; what arises later
that day waits for the next working morning.
"""

from __future__ import annotations

import hashlib
import logging
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.engine import Connection, Engine, Row
from sqlalchemy.exc import SQLAlchemyError

from notifications.errors import NotificationsError
from notifications.facts import Rendered, Sheet
from notifications.gather import Gatherer
from notifications.ladder import Role
from notifications.lead_notices import follow_leads
from notifications.planner import anything_due
from notifications.posts import posts_on
from notifications.relevance import MUTED, why_not
from notifications.rewriting import release_stale
from notifications.sheets import digest_sheet, event_sheet, kind_of
from notifications.short_text import render_for
from notifications.speaking import note_plans
from notifications.tables import message, message_notice, notice
from notifications.waiting import (
    Pair,
    Person,
    groups,
    match_contacts,
    pairs_waiting,
    rows_waiting,
    settle,
    skip,
    still_waiting,
)
from notifications.weekly_page import RUNG as PAGE
from plans.calendar import local_day
from plans.text import _
from tasks.database import insert_new, reading, writing
from tasks.office import working_calendar

log = logging.getLogger(__name__)


class ComposeIncomplete(NotificationsError):
    """Some messages could not be written; all others were. ``failed``: the person (or notice) and why."""

    def __init__(self, failed: dict[str, str], made: int) -> None:
        first = "; ".join(f"{name}: {why}" for name, why in list(failed.items())[:3])
        said = _("{n} thông báo không soạn được, các thông báo khác đã soạn xong: {first}")
        super().__init__(said.format(n=len(failed), first=first))
        self.failed = failed
        self.made = made


def compose(engine: Engine, *, now: datetime, plan_id: str | None = None) -> int:
    """Makes the messages that are due; returns how many. Nothing outside working hours, and nothing while rows
    still wait for ``advance``. Safe to call from any number of processes. ``plan_id`` limits it to one plan.

    Raises ComposeIncomplete at the end where single messages could not be written; what they tell of goes on waiting.
    """
    with reading(engine) as connection:
        if not working_calendar(connection).open_at(now) or anything_due(connection, now=now, plan_id=plan_id):
            return 0
    with writing(engine) as connection:
        release_stale(connection, now=now)
    with writing(engine) as connection:
        follow_leads(connection)
        posts = posts_on(connection, local_day(now))
        match_contacts(connection, posts)
        pairs = pairs_waiting(connection, posts, notice.c.plan_id == plan_id if plan_id else None)
    made = 0
    failed: dict[str, str] = {}
    for group in groups(pairs):
        with writing(engine) as connection:
            made += _compose_group(connection, group, failed, now=now)
    if failed:
        raise ComposeIncomplete(failed, made)
    return made


def compose_within(connection: Connection, *, now: datetime) -> None:
    """Composes what waits, at any hour, in the transaction of the caller: for a look at what would be sent, with
    ``tasks.database.trying``."""
    release_stale(connection, now=now)
    follow_leads(connection)
    posts = posts_on(connection, local_day(now))
    match_contacts(connection, posts)
    for group in groups(pairs_waiting(connection, posts)):
        _compose_group(connection, group, {}, now=now)


def _compose_group(connection: Connection, pairs: list[Pair], failed: dict[str, str], *, now: datetime) -> int:
    ids = sorted({pair.notice_id for pair in pairs})
    rows = {row.id: row for row in rows_waiting(connection, ids)}
    gatherer = Gatherer(connection, now=now)
    gatherer.prefetch({pair.person.address for pair in pairs}, rows.values())
    untold = _untold(gatherer, rows, failed)
    skip(connection, {key: why for key, why in untold.items() if why not in (MUTED, _UNREADABLE)})
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
    if linked:
        settle(connection, linked - still_waiting(connection, gatherer.posts, linked))
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
    for group in _letters(mine):
        (pair, first), notices = group[0], [row for _pair, row in group]
        kind = kind_of(first.rung)
        try:
            if kind == "digest":
                key = _key(f"digest:{gatherer.today}:{person.channel}:{person.address}")
                sheet = digest_sheet(gatherer, notices, person.address, pair.name)
            else:
                key = _key(f"{first.rung}:{first.subject}:{first.revision}:{person.channel}:{person.address}")
                sheet = event_sheet(gatherer, first, pair.name, notices[1:])
            yield _Draft(
                kind, key, person, pair.name, sheet, render_for(person.channel, person.address, sheet), notices
            )
        except SQLAlchemyError:
            raise
        except Exception as error:
            _fail(failed, f"{pair.name} ({first.subject})", error)


def _letters(mine: list[tuple[Pair, Row[Any]]]) -> Iterator[list[tuple[Pair, Row[Any]]]]:
    """What stands together in one message: each event alone, the rest in the digest. The head's weekly page carries
    the digest of its morning where that asks for direction only."""
    digest = [each for each in mine if kind_of(each[1].rung) == "digest"]
    carried = digest if all(row.role == Role.HEAD for _pair, row in digest) else []
    for each in mine:
        kind = kind_of(each[1].rung)
        if kind == PAGE and carried:
            yield [each, *carried]
            digest = carried = []
        elif kind != "digest":
            yield [each]
    if digest:
        yield digest


def _key(words: str) -> str:
    """What makes a second message impossible, as long as its column allows: an Apprise address may be long."""
    if len(words) <= _KEY_LETTERS:
        return words
    return f"{words[: _KEY_LETTERS - 65]}#{hashlib.sha256(words.encode()).hexdigest()}"


def _fail(failed: dict[str, str], name: str, error: Exception) -> None:
    log.error("cannot compose for %s", name, exc_info=error)
    failed[name] = f"{type(error).__name__}: {error}"


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
    note_plans(connection, {key: draft.sheet for key, draft in written})
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
        "fields": draft.rendered.fields,
        "status": "queued",
        "created_at": now,
        "next_try_at": now,
        "tries": 0,
        "sample": all(n.sample for n in draft.notices),
    }
