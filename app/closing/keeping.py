"""Closing a month, and what has changed since: the closed figures stay as they are, the difference is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine, Row, select
from sqlalchemy.engine import Connection

from app.closing.figures import Line, Month, lines_of, month_number, month_of
from app.closing.printing import report_of
from app.closing.words import standing_text
from app.file_kinds import PDF
from app.filestore import FileStore
from app.views.occurrence_notes import names_of
from app.views.trail_words import row_text
from letters.report_pdf import as_pdf
from plans.calendar import local_day
from plans.deadlines import last_of_month
from plans.text import _, day_text
from tasks import closings
from tasks.closings import CannotClose
from tasks.database import BATCH, reading, writing
from tasks.lifecycle import Move
from tasks.tables import audit_event

_TELLING = (*Move, "revised", "miss_withdrawn")


def close(
    engine: Engine, files: FileStore, unit: str, first: date, *, signers: tuple[str, str], now: datetime, actor: str
) -> str:
    """Closes a month of that lead unit; returns the SHA-256 of the print. Raises CannotClose, AlreadyClosed.

    ``signers``: the names below officer and head; "" leaves room for a hand-written one.
    """
    with reading(engine) as connection:
        month = closable(connection, unit, first, now=now)
        name = names_of(connection, [actor])[actor]
    pdf = as_pdf(report_of(month, closed_by=name, signers=signers))
    with files.staged_document(pdf, "chot-so.pdf", PDF) as staged, writing(engine) as connection:
        closings.keep(
            connection,
            unit,
            month_number(first),
            content=document_of(month),
            chain=(month.place, month.head),
            file=(staged.content.hash, staged.content.size),
            now=now,
            actor=actor,
        )
        staged.keep()
    return staged.content.hash


def closable(connection: Connection, unit: str, first: date, *, now: datetime) -> Month:
    """The month as it would be closed now. Raises CannotClose, AlreadyClosed."""
    row = closings.find(connection, unit, month_number(first))
    if row is not None:
        raise closings.AlreadyClosed(row.month, row.closed_at)
    last = last_of_month(first.year, first.month)
    if local_day(now) <= last:
        said = _("Tháng {month} chưa hết: chốt được sau ngày {day}.")
        raise CannotClose(said.format(month=f"{first:%m/%Y}", day=day_text(last)))
    month = month_of(connection, unit, first, now=now)
    if month.sample:
        raise CannotClose(_("Đơn vị này chỉ theo dõi kế hoạch MẪU, không có sổ để chốt."))
    if not month.lines:
        raise CannotClose(_("Tháng {month} không có kỳ nào đến hạn từ khi theo dõi.").format(month=f"{first:%m/%Y}"))
    return month


def document_of(month: Month) -> dict[str, Any]:
    """What is kept: every occurrence with how it stood, and the sums."""
    total = month.total
    numbers = ("due", "on_time", "late", "missing", "open", "extended", "transferred")
    return {
        "lines": [[*map(_plain, _facts(line)), line.days] for line in month.lines],
        "total": {name: getattr(total, name) for name in numbers},
        "unit": month.unit_name,
    }


def _facts(line: Line) -> tuple[Any, ...]:
    """What must not change after the closing."""
    return line.id, line.standing, line.due, line.received_on, line.number


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


# -- what has changed since --


@dataclass(frozen=True, slots=True)
class Difference:
    """One occurrence that stands otherwise than when the month was closed; ``at`` and ``by``: the newest row of its
    trail since then, in words, where there is one."""

    occurrence: str
    title: str
    agency: str
    was: str
    now: str
    at: datetime | None = None
    by: str = ""
    what: str = ""


def differences(connection: Connection, row: Row[Any], *, now: datetime) -> list[Difference]:
    """Every occurrence that is not what was closed: come in late, put right, moved to another month, new."""
    first = closings.first_day(row.month)
    was = {each[0]: each for each in row.content["lines"]}
    present = {line.id: line for line in lines_of(connection, row.unit, first, now=now)}
    gone = tuple(sorted(set(was) - set(present)))
    for start in range(0, len(gone), BATCH):
        chunk = lines_of(connection, row.unit, first, now=now, also=gone[start : start + BATCH])
        present |= {line.id: line for line in chunk}
    changed = [line for line in present.values() if list(map(_plain, _facts(line))) != was.get(line.id, [])[:5]]
    told = _told_since(connection, [line.id for line in changed], row.closed_at)
    found = [_difference(line, was.get(line.id), told.get(line.id)) for line in changed]
    found += [
        Difference(it, it, "", _stood(was[it]), _("không còn trong sổ theo dõi")) for it in gone if it not in present
    ]
    return sorted(found, key=lambda each: (each.title, each.agency, each.occurrence))


def _difference(line: Line, was: list[Any] | None, told: tuple[datetime, str, str] | None) -> Difference:
    before = _stood(was) if was else _("chưa thuộc tháng này")
    stands = standing_text(line.standing, line.days, line.received_on, line.number)
    if was and was[2] != line.due.isoformat():
        stands = _("hạn {day}; {standing}").format(day=day_text(line.due), standing=stands)
    return Difference(line.id, line.title, line.agency, before, stands, *(told or ()))


def _stood(was: list[Any]) -> str:
    _id, standing, _due, received, number, days = was
    return standing_text(standing, days, date.fromisoformat(received) if received else None, number)


def _told_since(connection: Connection, ids: list[str], since: datetime) -> dict[str, tuple[datetime, str, str]]:
    """Of each the newest row of its trail after that moment."""
    found: dict[str, Row[Any]] = {}
    for rows in _newer(connection, ids, since):
        found |= {row.occurrence_id: row for row in rows}
    people = names_of(connection, {row.actor for row in found.values()})
    return {it: (row.at, people[row.actor], row_text(row.kind, row.data)) for it, row in found.items()}


def _newer(connection: Connection, ids: list[str], since: datetime) -> Iterator[list[Row[Any]]]:
    e = audit_event.c
    for start in range(0, len(ids), BATCH):
        chosen = select(audit_event).where(
            e.occurrence_id.in_(ids[start : start + BATCH]),
            e.at > since,
            e.kind.in_([str(kind) for kind in _TELLING]),
        )
        yield list(connection.execute(chosen.order_by(e.id)))
