"""What was written down beside an occurrence: papers with their files, calls, requests, directions, the trail."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection, Row

from people.tables import account
from plans.text import _
from tasks import papers
from tasks.desk import DirectionKind, RequestKind, direction_text, request_text
from tasks.desk_tables import call_note, claim_file, direction, paper_file, request, stored_file
from tasks.history import event_text
from tasks.model import Occurrence
from tasks.moves import reason_text
from tasks.tables import audit_event
from tasks.trail import SYSTEM

NEWEST = 200  # rows of the trail on one page; nothing has more but by a mistake


@dataclass(frozen=True, slots=True)
class FileLine:
    hash: str
    name: str


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A paper and what it counts for here. ``replaced``: a slip that was put right; ``counts``: neither that nor
    taken back."""

    id: int
    number: str | None
    dated: date | None
    received_on: date
    received_by: str | None
    secret: bool
    verdict: str
    replaced: bool
    counts: bool
    recorded_at: datetime
    recorded_by: str
    files: tuple[FileLine, ...]


@dataclass(frozen=True, slots=True)
class CallLine:
    at: datetime
    by: str
    spoke_with: str
    text: str


@dataclass(frozen=True, slots=True)
class RequestLine:
    id: int
    kind: str
    title: str
    wanted: date | None
    text: str
    at: datetime
    by: str
    settled_at: datetime | None
    settled_by: str
    answer: str | None


@dataclass(frozen=True, slots=True)
class DirectionLine:
    title: str
    text: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class EventLine:
    at: datetime
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class Notes:
    papers: tuple[PaperLine, ...]
    calls: tuple[CallLine, ...]
    requests: tuple[RequestLine, ...]
    directions: tuple[DirectionLine, ...]
    sent_along: tuple[FileLine, ...]  # files that the agency sent with its claim
    events: tuple[EventLine, ...]  # newest first

    @property
    def open_requests(self) -> tuple[RequestLine, ...]:
        return tuple(line for line in self.requests if line.settled_at is None)


def load(connection: Connection, o: Occurrence) -> Notes:
    came = papers.papers_of(connection, o.id)
    calls = _rows(connection, call_note, o.id)
    asked = _rows(connection, request, o.id)
    directed = _rows(connection, direction, o.id)
    trail = list(
        connection.execute(
            select(audit_event)
            .where(audit_event.c.occurrence_id == o.id)
            .order_by(audit_event.c.id.desc())
            .limit(NEWEST)
        )
    )
    actors = {row.by for row in (*calls, *asked, *directed)} | {row.actor for row in trail}
    actors |= {row.recorded_by for row in came} | {row.settled_by for row in asked if row.settled_by}
    name = names_of(connection, actors)
    files = _files(connection, [row.id for row in came])
    return Notes(
        papers=tuple(_paper(row, name[row.recorded_by], files[row.id]) for row in came),
        calls=tuple(CallLine(row.at, name[row.by], row.spoke_with, row.text) for row in calls),
        requests=tuple(_request(row, name) for row in asked),
        directions=tuple(
            DirectionLine(direction_text(DirectionKind(row.kind)), row.text, row.at, name[row.by]) for row in directed
        ),
        sent_along=tuple(FileLine(row.hash, row.name) for row in _claim_files(connection, o.id)),
        events=tuple(EventLine(row.at, name[row.actor], event_text(row.kind, row.data)) for row in trail),
    )


def _claim_files(connection: Connection, occurrence_id: str) -> list[Row[Any]]:
    mine = claim_file.c.occurrence_id == occurrence_id
    return list(connection.execute(select(claim_file).where(mine).order_by(claim_file.c.at, claim_file.c.hash)))


def claim_file_of(connection: Connection, occurrence_id: str, file_hash: str) -> tuple[str, str] | None:
    """Name and kind of a file that the agency sent along for this occurrence."""
    chosen = (
        select(claim_file.c.name, stored_file.c.kind)
        .join(stored_file, stored_file.c.hash == claim_file.c.hash)
        .where(claim_file.c.occurrence_id == occurrence_id, claim_file.c.hash == file_hash)
    )
    row = connection.execute(chosen).one_or_none()
    return (row.name, row.kind) if row else None


def names_of(connection: Connection, actors: Iterable[str]) -> dict[str, str]:
    """What people are called who stand in the trail by their login; who has no account stands for himself."""
    wanted = sorted(set(actors))
    known = connection.execute(select(account.c.login, account.c.name).where(account.c.login.in_(wanted)))
    called = {row.login: row.name for row in known}
    return {actor: _("hệ thống") if actor == SYSTEM else called.get(actor, actor) for actor in wanted}


def verdict_text(verdict: str, reason: str | None) -> str:
    """What became of a paper here."""
    if verdict == "returned" and reason:
        return _("Trả lại: {reason}").format(reason=reason_text(reason))
    words = {
        "received": _("Đã nhận, chờ xem"),
        "accepted": _("Chấp nhận"),
        "returned": _("Trả lại"),
        "void": _("Không tính cho kỳ này"),
    }
    return words.get(verdict, verdict)


def _rows(connection: Connection, table: Any, occurrence_id: str) -> list[Row[Any]]:
    chosen = select(table).where(table.c.occurrence_id == occurrence_id).order_by(table.c.id)
    return list(connection.execute(chosen))


def _files(connection: Connection, ids: list[int]) -> dict[int, tuple[FileLine, ...]]:
    found: dict[int, list[FileLine]] = defaultdict(list)
    for row in connection.execute(
        select(paper_file).where(paper_file.c.paper_id.in_(ids)).order_by(paper_file.c.name, paper_file.c.hash)
    ):
        found[row.paper_id].append(FileLine(row.hash, row.name))
    return {each: tuple(found[each]) for each in ids}


def _paper(row: Row[Any], by: str, files: tuple[FileLine, ...]) -> PaperLine:
    replaced = row.replaced_by is not None
    verdict = _("Ghi sai, đã sửa") if replaced else verdict_text(row.verdict, row.reason)
    counts = row.verdict != "void"
    return PaperLine(
        row.id,
        row.number,
        row.dated,
        row.received_on,
        row.received_by,
        row.secret,
        verdict,
        replaced,
        counts,
        row.recorded_at,
        by,
        files,
    )


def _request(row: Row[Any], name: dict[str, str]) -> RequestLine:
    return RequestLine(
        row.id,
        row.kind,
        request_text(RequestKind(row.kind)),
        row.wanted,
        row.text,
        row.at,
        name[row.by],
        row.settled_at,
        name[row.settled_by] if row.settled_by else "",
        row.answer,
    )
