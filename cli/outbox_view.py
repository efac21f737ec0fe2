"""What was and will be sent, and why not: a read model of the command line."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.engine import Connection

from notifications.coming import post_for, rungs_ahead
from notifications.contacts import Contact, ContactRole, contacts_of
from notifications.errors import NotificationsError
from notifications.fate import message_status, reason_word, shown_address
from notifications.ladder import Role, Rung, Told
from notifications.planner import PlanningContext, ledger_of
from notifications.posts import holds
from notifications.tables import attempt, message, message_notice, notice
from plans.calendar import MORNING, local_day, moment
from plans.text import _
from tasks.agencies import load_plan
from tasks.database import BATCH
from tasks.model import OWED, Occurrence, OccurrenceId, PlanStatus
from tasks.tables import occurrence, party
from tasks.tables import plan as plan_table

_LOOK_AHEAD = timedelta(days=366)  # no ladder reminds earlier than that


class MessageUnknown(NotificationsError):
    """No message bears that number."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message, whatever became of it."""

    id: int
    kind: str
    person: str
    address: str
    channel: str
    sender: str
    subject: str
    status: str
    created_at: datetime
    settled_at: datetime | None
    detail: str | None
    sample: bool
    text: str = ""
    attempts: tuple[tuple[datetime, str, str | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Untold:
    """Notices of one day, rung and report that wait or were not sent, with the reason in words."""

    day: date
    rung: str
    role: str
    report: str
    reason: str
    why: str
    agencies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coming:
    """A rung that will fall due if nobody does anything; ``why_not``: what stands against its being sent."""

    day: date
    rung: str
    role: str
    report: str
    why_not: str | None
    agencies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outbox:
    messages: tuple[Sent, ...]
    waiting: tuple[Untold, ...]
    skipped: tuple[Untold, ...]
    coming: tuple[Coming, ...]

    def document(self) -> dict[str, Any]:
        """For programs; the texts of messages are left out."""
        messages = [{k: v for k, v in asdict(m).items() if k not in ("text", "attempts")} for m in self.messages]
        return {
            "messages": messages,
            "waiting": [asdict(u) for u in self.waiting],
            "skipped": [asdict(u) for u in self.skipped],
            "coming": [asdict(c) for c in self.coming],
        }


def outbox(connection: Connection, *, start: date, end: date, plan_id: str | None, now: datetime) -> Outbox:
    """Messages and skipped notices since ``start``, everything that waits, and coming rungs up to ``end``.

    Raises PlanUnknown.
    """
    if plan_id is not None:
        load_plan(connection, plan_id)
    context = PlanningContext(connection)
    return Outbox(
        messages=tuple(_sent(row) for row in _messages(connection, start, plan_id)),
        waiting=tuple(_untold(context, _notices(connection, ("queued", "no_contact"), None, plan_id))),
        skipped=tuple(_untold(context, _notices(connection, ("skipped",), start, plan_id))),
        coming=tuple(_coming(context, end, plan_id, now)),
    )


def message_of(connection: Connection, message_id: int) -> Sent:
    """One message with its text and attempts. Raises MessageUnknown."""
    row = connection.execute(select(message).where(message.c.id == message_id)).one_or_none()
    if row is None:
        raise MessageUnknown(_("Không có thông báo số {id}. Xem: dondoc outbox").format(id=message_id))
    tries = connection.execute(select(attempt).where(attempt.c.message_id == message_id).order_by(attempt.c.id)).all()
    return _sent(row, text=row.text, attempts=tuple((t.at, message_status(t.outcome), t.detail) for t in tries))


def _sent(row: Row[Any], *, text: str = "", attempts: tuple[tuple[datetime, str, str | None], ...] = ()) -> Sent:
    names = ("id", "kind", "person", "address", "channel", "sender", "subject", "status", "created_at", "settled_at",
             "detail", "sample")  # fmt: skip
    values = {name: getattr(row, name) for name in names} | {"address": shown_address(row.channel, row.address)}
    return Sent(**values, text=text, attempts=attempts)


def _messages(connection: Connection, start: date, plan_id: str | None) -> list[Row[Any]]:
    chosen = select(message).where(message.c.created_at >= moment(start, MORNING) - timedelta(hours=8))
    if plan_id is not None:
        mine = select(message_notice.c.message_id).join(notice).where(notice.c.plan_id == plan_id)
        chosen = chosen.where(message.c.id.in_(mine))
    return list(connection.execute(chosen.order_by(message.c.id)))


def _notices(
    connection: Connection, statuses: Collection[str], start: date | None, plan_id: str | None
) -> list[Row[Any]]:
    chosen = select(notice).where(notice.c.status.in_(statuses)).order_by(notice.c.day, notice.c.id)
    if start is not None:
        chosen = chosen.where(notice.c.day >= start)
    if plan_id is not None:
        chosen = chosen.where(notice.c.plan_id == plan_id)
    return list(connection.execute(chosen))


def _untold(context: PlanningContext, rows: list[Row[Any]]) -> Iterator[Untold]:
    grouped: dict[tuple[date, str, str, str, str], list[str]] = {}
    for row in rows:
        reason = row.reason or row.status
        report = _report(row.occurrence_id) if row.occurrence_id else row.plan_id
        grouped.setdefault((row.day, row.rung, row.role, report, reason), []).append(
            context.register[row.agency_id].name
        )
    for (day, rung, role, report, reason), agencies in grouped.items():
        yield Untold(day, rung, role, report, reason, reason_word(reason), tuple(agencies))


def _report(occurrence_id: str) -> str:
    parts = OccurrenceId.parse(occurrence_id)
    return f"{parts.plan}/{parts.duty}/{parts.period}"


def _coming(context: PlanningContext, end: date, plan_id: str | None, now: datetime) -> list[Coming]:
    """The rungs that ``advance`` will find between now and ``end``, and the first messages of new plans."""
    holders: dict[tuple[str, ContactRole], list[Contact]] = {}
    for each in contacts_of(context.connection):
        holders.setdefault((each.agency_id, each.role), []).append(each)
    grouped: dict[tuple[date, str, str, str, str | None], list[str]] = {}
    for o, rung, reason in _rungs(context, end, plan_id, now):
        reached = any(holds(each, rung.day) for each in holders.get(post_for(context, o, rung.role), ()))
        if reason is None and not reached:
            reason = reason_word("no_contact")
        key = (rung.day, rung.name, rung.role.value, _report(o.id), reason)
        grouped.setdefault(key, []).append(context.register[o.agency_id].name)
    for row in _parties(context, plan_id):
        day = local_day(context.calendar.next_opening(max(row.next_check_at, now)))
        if day <= end:
            key = (day, "assigned", Role.AGENCY.value, row.plan_id, None)
            grouped.setdefault(key, []).append(context.register[row.agency_id].name)
    lines = [Coming(*key, tuple(agencies)) for key, agencies in grouped.items()]
    return sorted(lines, key=lambda line: (line.day, line.report, line.role, line.rung))


def _rungs(
    context: PlanningContext, end: date, plan_id: str | None, now: datetime
) -> Iterator[tuple[Occurrence, Rung, str | None]]:
    chosen = (
        select(occurrence)
        .join(plan_table, plan_table.c.id == occurrence.c.plan_id)
        .where(
            plan_table.c.status == PlanStatus.ACTIVE.value,
            occurrence.c.state.in_(OWED),
            occurrence.c.before_tracking.is_(False),
            occurrence.c.last_day <= end + _LOOK_AHEAD,
        )
    )
    if plan_id is not None:
        chosen = chosen.where(occurrence.c.plan_id == plan_id)
    found = [Occurrence.from_row(row) for row in context.connection.execute(chosen).all()]
    ledger = _ledger(context, [o.id for o in found])
    for o in found:
        for rung, against in rungs_ahead(context, o, ledger.get(o.id, ()), now=now):
            if rung.day <= end:
                yield o, rung, against


def _ledger(context: PlanningContext, ids: list[str]) -> dict[str, list[Told]]:
    found: dict[str, list[Told]] = {}
    for start in range(0, len(ids), BATCH):
        found |= ledger_of(context.connection, ids[start : start + BATCH])
    return found


def _parties(context: PlanningContext, plan_id: str | None) -> list[Row[Any]]:
    chosen = (
        select(party)
        .join(plan_table, plan_table.c.id == party.c.plan_id)
        .where(party.c.next_check_at.is_not(None), plan_table.c.status == PlanStatus.ACTIVE.value)
    )
    if plan_id is not None:
        chosen = chosen.where(party.c.plan_id == plan_id)
    return list(context.connection.execute(chosen.order_by(party.c.plan_id, party.c.agency_id)))
