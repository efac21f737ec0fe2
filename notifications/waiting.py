"""Notices that wait to be told, the persons they are for, and what becomes of a notice in the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Set
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, exists, select, update
from sqlalchemy.engine import Connection, Row

from notifications.contacts import ContactRole
from notifications.posts import Posts, speaks_to
from notifications.tables import contact, message, message_notice, notice, replacement, waits_as
from tasks.database import locked

PEOPLE_PER_BATCH = 200


class Person(NamedTuple):
    """Whoever reads one address on one channel, however many hats he or she wears."""

    channel: str
    address: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A waiting notice and one person it is for."""

    notice_id: int
    plan_id: str
    person: Person
    name: str
    contact_role: ContactRole


def hold_notices(connection: Connection, which: ColumnElement[bool]) -> None:
    """What becomes of these notices is decided here and now, to the end of the transaction (PostgreSQL)."""
    if connection.dialect.name == "postgresql":
        connection.execute(locked(select(notice.c.id).where(which).order_by(notice.c.id), connection)).all()


def match_contacts(connection: Connection, posts: Posts) -> None:
    """A notice nobody can be found for waits as ``no_contact`` until an address is there."""
    reachable = exists(select(contact.c.id).where(speaks_to(posts)).correlate(notice))
    lost = waits_as("queued") & ~reachable
    found = waits_as("no_contact") & reachable
    hold_notices(connection, lost | found)
    connection.execute(update(notice).where(lost).values(status="no_contact"))
    connection.execute(update(notice).where(found).values(status="queued"))


def pairs_waiting(connection: Connection, posts: Posts, only: ColumnElement[bool] | None = None) -> list[Pair]:
    """Waiting notices with the persons who have not got them yet, by whichever of their channels. A message for which
    another one stands counts for nothing: that other one does."""
    channel = contact.alias("channel")
    his = and_(channel.c.channel == message.c.channel, channel.c.address == message.c.address)
    replaced = exists(select(replacement.c.message_id).where(replacement.c.instead_of == message.c.id))
    got = exists(
        select(message_notice.c.notice_id)
        .join(message, message.c.id == message_notice.c.message_id)
        .join(channel, his)
        .where(
            message_notice.c.notice_id == notice.c.id,
            channel.c.person == contact.c.person,
            channel.c.active.is_(True),
            ~replaced,
        )
        .correlate(notice, contact)
    )
    chosen = (
        select(notice.c.id, notice.c.plan_id, contact.c.channel, contact.c.address, contact.c.name, contact.c.role)
        .select_from(notice.join(contact, speaks_to(posts)))
        .where(waits_as("queued"), ~got)
        .order_by(notice.c.id, contact.c.id)
    )
    if only is not None:
        chosen = chosen.where(only)
    return [
        Pair(row.id, row.plan_id, Person(row.channel, row.address), row.name, ContactRole(row.role))
        for row in connection.execute(chosen)
    ]


def still_waiting(connection: Connection, posts: Posts, ids: Set[int]) -> set[int]:
    """Which of these notices somebody has not got yet."""
    return {pair.notice_id for pair in pairs_waiting(connection, posts, notice.c.id.in_(sorted(ids)))}


def groups(pairs: list[Pair]) -> Iterator[list[Pair]]:
    """Splits into batches so that persons who share a notice, and all notices of a person, stay together.

    Plan by plan: what a batch has to read of plans and bodies is then read for few batches and not for each of them.
    """
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
    for cluster in sorted(clusters.values(), key=lambda cluster: cluster[0].plan_id):
        batch += cluster
        people += len({pair.person for pair in cluster})
        if people >= PEOPLE_PER_BATCH:
            yield batch
            batch, people = [], 0
    if batch:
        yield batch


def rows_waiting(connection: Connection, ids: list[int]) -> Iterator[Row[Any]]:
    for start in range(0, len(ids), 500):
        chunk = ids[start : start + 500]
        chosen = select(notice).where(notice.c.id.in_(chunk), notice.c.status == "queued").order_by(notice.c.id)
        yield from connection.execute(locked(chosen, connection))  # what another process composes is not queued then


def skip(connection: Connection, reasons: dict[int, str]) -> None:
    if reasons:
        skipped = update(notice).where(notice.c.id == bindparam("notice_id"), notice.c.status != "skipped")
        values = [{"notice_id": key, "why": why} for key, why in reasons.items()]
        connection.execute(skipped.values(status="skipped", reason=bindparam("why")), values)


def settle(connection: Connection, ids: set[int]) -> None:
    ordered = sorted(ids)
    for start in range(0, len(ordered), 500):
        these = notice.c.id.in_(ordered[start : start + 500])
        hold_notices(connection, these)  # in their order, which an update of several would not keep
        connection.execute(update(notice).where(these).values(status="composed", reason=None))


def wait_again(connection: Connection, ids: list[int]) -> None:
    if ids:
        untaken = (notice.c.id == bindparam("notice_id")) & (notice.c.status != "skipped")
        waits = update(notice).where(untaken).values(status="queued", reason=None)
        connection.execute(waits, [{"notice_id": key} for key in ids])
