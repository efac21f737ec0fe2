"""What was told of these occurrences, to whom, by which channel, and what became of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, or_, select
from sqlalchemy.engine import Connection

from app.dossier.mask import Mask
from app.dossier.model import Attempt, Sent, Told, Untold
from app.naming import rung_label
from app.views.messages import kind_text
from app.views.occurrence_messages import role_text, shared_subject
from notifications.fate import message_status, reason_word, shown_address, why_dropped
from notifications.planner import party_subject
from notifications.speaking import speaks_of_others
from notifications.tables import attempt, message, message_notice, notice, replacement
from tasks.model import Occurrence

_WAITING = frozenset({"skipped", "queued", "no_contact"})


@dataclass(frozen=True, slots=True)
class Messages:
    """By occurrence what was told and not told; the messages themselves, each once."""

    told: dict[str, tuple[Told, ...]]
    untold: dict[str, tuple[Untold, ...]]
    sent: dict[int, Sent]


def messages_of(connection: Connection, found: Sequence[Occurrence], leads: Collection[str], mask: Mask) -> Messages:
    """By four queries. ``leads``: the units whose hồ sơ this is; a message that speaks of others' plans as well is
    named without its text."""
    rows = _notices(connection, found)
    subjects: dict[str, list[str]] = defaultdict(list)
    for o in found:
        subjects[o.id].append(o.id)
        subjects[party_subject(o.plan_id, o.agency_id)].append(o.id)
    told: dict[str, list[Told]] = defaultdict(list)
    untold: dict[str, dict[int, Untold]] = defaultdict(dict)
    for row in rows:
        for it in subjects[row.subject]:
            if row.message_id is not None:
                told[it].append(Told(row.day, rung_label(row.rung), role_text(row.role), row.message_id))
            elif row.status in _WAITING:
                why = reason_word(row.reason or row.status)
                untold[it][row.id] = Untold(row.day, rung_label(row.rung), role_text(row.role), why)
    ids = {row.message_id for row in rows if row.message_id is not None}
    return Messages(
        {key: tuple(each) for key, each in told.items()},
        {key: tuple(each.values()) for key, each in untold.items()},
        _sent(connection, ids, leads, mask),
    )


def _notices(connection: Connection, found: Sequence[Occurrence]) -> list[Row[Any]]:
    """The notices of these occurrences, and the ``assigned`` ones of their bodies, with the messages they went by."""
    ids = sorted({o.id for o in found})
    assigned = sorted({party_subject(o.plan_id, o.agency_id) for o in found})
    chosen = (
        select(notice, message_notice.c.message_id)
        .outerjoin(message_notice, message_notice.c.notice_id == notice.c.id)
        .where(or_(notice.c.subject.in_(ids), notice.c.subject.in_(assigned)))
        .order_by(notice.c.day, notice.c.id, message_notice.c.message_id)
    )
    return list(connection.execute(chosen))


def _sent(connection: Connection, ids: Collection[int], leads: Collection[str], mask: Mask) -> dict[int, Sent]:
    wanted = sorted(ids)
    tries: dict[int, list[Attempt]] = defaultdict(list)
    for row in connection.execute(
        select(attempt).where(attempt.c.message_id.in_(wanted)).order_by(attempt.c.at, attempt.c.id)
    ):
        tries[row.message_id].append(Attempt(row.at, message_status(row.outcome), mask(row.detail or "")))
    shared = speaks_of_others(leads).label("shared")
    chosen = (
        select(message, shared, replacement.c.instead_of)
        .outerjoin(replacement, replacement.c.message_id == message.c.id)
        .where(message.c.id.in_(wanted))
        .order_by(message.c.id)
    )
    return {row.id: _one(row, tuple(tries[row.id]), mask) for row in connection.execute(chosen)}


def _one(row: Row[Any], tries: tuple[Attempt, ...], mask: Mask) -> Sent:
    fate = why_dropped(row.detail) if row.status == "dropped" else message_status(row.status)
    return Sent(
        id=row.id,
        kind=kind_text(row.kind),
        channel=row.channel,
        person=row.person,
        address=mask(shown_address(row.channel, row.address)),
        sender=row.sender,
        subject=shared_subject(row.local_day) if row.shared else mask(row.subject),
        text="" if row.shared else mask(row.text),
        message_id=row.message_id,
        created_at=row.created_at,
        settled_at=row.settled_at,
        status=row.status,
        fate=fate,
        attempts=tries,
        shared=bool(row.shared),
        instead_of=row.instead_of,
    )
