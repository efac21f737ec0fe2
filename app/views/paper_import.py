"""The dry run of a registry's rows: what each would record, and why not where it would not. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.engine import Connection

from app.paper_table import Row
from app.views import paper_entry
from app.views.paper_entry import Candidate, Proposal, Twin
from app.views.scope import Units
from plans.text import _, day_text
from tasks.database import BATCH
from tasks.errors import BadInput
from tasks.finding import Body, find
from tasks.papers import Paper
from tasks.tables import answer, paper
from tasks.typed import excel_day, number_key, read_day

SHOWN = 6  # duties offered per line


class Fate(StrEnum):
    """What becomes of a line."""

    READY = "ready"  # a duty is proposed
    CHOOSE = "choose"  # a person has to say which duty
    KNOWN = "known"  # recorded already: nothing to do
    WRONG = "wrong"  # not understood, or cannot be


@dataclass(frozen=True, slots=True)
class Line:
    """``why``: what is wrong, or what is to be chosen."""

    row: Row
    fate: Fate
    why: str = ""
    body: Body | None = None
    came: Paper | None = None
    proposals: tuple[Proposal, ...] = ()


Key = tuple[str, str, int]


def check(connection: Connection, units: Units, rows: Sequence[Row], *, today: date) -> tuple[Line, ...]:
    """Every line judged, by a fixed number of queries."""
    known = paper_entry.known_bodies(connection, units)
    read = [_read(row, known, today) for row in rows]
    issuers = {line.body.id for line in read if line.body}
    owed = paper_entry.candidates(connection, units, issuers, today=today)
    twins = _twins(connection, units, [line for line in read if line.body and line.came])
    seen: dict[Key, int] = {}
    return tuple(_judged(line, owed, twins, seen) for line in read)


def _read(row: Row, known: Sequence[Body], today: date) -> Line:
    try:
        body = find(known, row.issuer, strictly=True)
        received = _day(row.received, _("Ngày đến"), today)
        if not row.number:
            raise BadInput(_("Thiếu số văn bản."))
        if len(row.number) > 60:
            raise BadInput(_("{label}: dài quá {n} ký tự.").format(label=_("Số văn bản"), n=60))
        if not row.dated:
            raise BadInput(_("Thiếu ngày văn bản."))
        came = Paper(received, row.number, _day(row.dated, _("Ngày văn bản"), today)).checked(today=today)
    except BadInput as bad:
        return Line(row, Fate.WRONG, str(bad))
    return Line(row, Fate.CHOOSE, "", body, came)


def _day(typed: str, label: str, today: date) -> date:
    """Also Excel's number of a day, and a day with an hour behind it."""
    if not typed:
        raise BadInput(_("Thiếu {label}.").format(label=label[:1].lower() + label[1:]))
    first = typed.split()[0] if ":" in typed else typed
    if first.isdecimal() and len(first) == 5 and (found := excel_day(int(first))):
        return found
    return read_day(first, label, today=today)


def _key(line: Line) -> Key | None:
    if line.body is None or line.came is None or not line.came.number or not line.came.dated:
        return None
    return line.body.id, number_key(line.came.number), line.came.dated.year


def _twins(connection: Connection, units: Units, lines: Sequence[Line]) -> Mapping[Key, Twin]:
    """What stands in the register already under the issuers, numbers and years of these lines."""
    issuers = sorted({line.body.id for line in lines if line.body})
    days = [line.came.dated for line in lines if line.came and line.came.dated]
    found: dict[Key, Twin] = {}
    for start in range(0, len(issuers), BATCH):
        chosen = select(paper).where(
            paper.c.issuer.in_(issuers[start : start + BATCH]),
            paper.c.replaced_by.is_(None),
            paper.c.dated >= date(min(days).year, 1, 1),
            paper.c.dated <= date(max(days).year, 12, 31),
            paper.c.id.in_(select(answer.c.paper_id).where(answer.c.verdict != "void")),
        )
        for row in connection.execute(chosen.order_by(paper.c.id)):
            if row.number:
                key = (row.issuer, number_key(row.number), row.dated.year)
                found[key] = Twin(row.id, row.number, row.received_on, ())
    titles = paper_entry.titles_of(connection, units, [twin.paper_id for twin in found.values()])
    return {
        key: Twin(twin.paper_id, twin.number, twin.received_on, tuple(titles.get(twin.paper_id, ())))
        for key, twin in found.items()
    }


def _judged(
    line: Line, owed: Mapping[str, tuple[Candidate, ...]], twins: Mapping[Key, Twin], seen: dict[Key, int]
) -> Line:
    key = _key(line)
    if key is None or line.body is None or line.came is None:
        return line
    first = seen.setdefault(key, line.row.line)
    if first != line.row.line:
        return _with(line, Fate.WRONG, _("Trùng số với dòng {n}.").format(n=first))
    found = owed.get(line.body.id, ())
    if key in twins and not any(each.returned for each in found):
        twin = twins[key]
        said = _("Đã có trong sổ, nhận ngày {day}.").format(day=day_text(twin.received_on))
        return _with(line, Fate.KNOWN, said)
    if not found:
        return _with(line, Fate.WRONG, _("Cơ quan này không có việc nào đang chờ văn bản."))
    number, subject = line.row.number, line.row.subject
    offered = paper_entry.propose(found, received=line.came.received_on, number=number, subject=subject)[:SHOWN]
    if any(each.ticked for each in offered):
        return _with(line, Fate.READY, "", offered)
    return _with(line, Fate.CHOOSE, _("Chưa rõ trả lời việc nào: chọn ở bên cạnh."), offered)


def _with(line: Line, fate: Fate, why: str, proposals: tuple[Proposal, ...] = ()) -> Line:
    return Line(line.row, fate, why, line.body, line.came, proposals)
