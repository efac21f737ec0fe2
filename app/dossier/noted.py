"""What was written down beside occurrences: papers with their files, calls, requests, what the head said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Table, select
from sqlalchemy.engine import Connection

from app.dossier.mask import Mask, hidden_in
from app.dossier.model import CamePaper, Entry, KeptFile
from app.views.occurrence_notes import verdict_text
from plans.model import Register
from plans.text import _, day_text
from tasks.desk import DirectionKind, RequestKind, direction_text, request_text
from tasks.desk_tables import call_note, claim_file, direction, paper_file, request
from tasks.tables import answer, paper

By = Mapping[str, Sequence[Row[Any]]]


@dataclass(frozen=True, slots=True)
class Noted:
    """Rows by occurrence, as the tables have them."""

    papers: By
    files: Mapping[int, Sequence[KeptFile]]
    claim_files: By
    calls: By
    requests: By
    directions: By

    @property
    def actors(self) -> set[str]:
        """The logins of those who wrote something down."""
        rows = [row for each in (self.calls, self.requests, self.directions) for some in each.values() for row in some]
        found = {row.by for row in rows} | {row.recorded_by for some in self.papers.values() for row in some}
        return found | {row.settled_by for some in self.requests.values() for row in some if row.settled_by}

    @property
    def under_secrecy(self) -> frozenset[str]:
        """The occurrences that got a secret paper."""
        return frozenset(key for key, some in self.papers.items() if any(row.secret for row in some))

    def mask(self, claimed: Collection[str]) -> Mask:
        """What must not be printed because a paper came under secrecy; ``claimed``: numbers that agencies gave for such
        papers."""
        rows = {row.id: row for some in self.papers.values() for row in some}
        names = {key: [file.name for file in files] for key, files in self.files.items()}
        return Mask({*hidden_in(list(rows.values()), names), *claimed})


def noted(connection: Connection, ids: Collection[str]) -> Noted:
    """By six queries."""
    wanted = sorted(ids)
    joined = select(paper, answer.c.occurrence_id, answer.c.verdict, answer.c.reason).join(
        answer, answer.c.paper_id == paper.c.id
    )
    rows = list(connection.execute(joined.where(answer.c.occurrence_id.in_(wanted)).order_by(paper.c.id)))
    return Noted(
        _by_occurrence(rows),
        _files(connection, {row.id for row in rows}),
        _of(connection, claim_file, wanted),
        _of(connection, call_note, wanted),
        _of(connection, request, wanted),
        _of(connection, direction, wanted),
    )


def _of(connection: Connection, table: Table, ids: Sequence[str]) -> By:
    chosen = select(table).where(table.c.occurrence_id.in_(ids)).order_by(table.c.at)
    return _by_occurrence(list(connection.execute(chosen)))


def _by_occurrence(rows: Sequence[Row[Any]]) -> By:
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        found[row.occurrence_id].append(row)
    return found


def _files(connection: Connection, papers: Collection[int]) -> dict[int, list[KeptFile]]:
    chosen = select(paper_file).where(paper_file.c.paper_id.in_(sorted(papers)))
    found: dict[int, list[KeptFile]] = defaultdict(list)
    for row in connection.execute(chosen.order_by(paper_file.c.paper_id, paper_file.c.name, paper_file.c.hash)):
        found[row.paper_id].append(KeptFile(row.hash, row.name))
    return found


# -- as values --


def came_paper(
    row: Row[Any], files: Sequence[KeptFile], names: Mapping[str, str], register: Register, mask: Mask, *, closed: bool
) -> CamePaper:
    """``closed``: the duty's product holds personal data, and no file of it leaves the register (D12)."""
    hidden = row.secret or bool(row.number and mask.touches(row.number))
    replaced = row.replaced_by is not None
    receiver = register.agencies.get(row.received_by or "")
    return CamePaper(
        id=row.id,
        number=None if hidden else row.number,
        dated=None if hidden else row.dated,
        received_on=row.received_on,
        received_by=receiver.name if receiver else "",
        secret=hidden,
        verdict=_("Ghi sai, đã sửa") if replaced else verdict_text(row.verdict, row.reason),
        counts=not replaced and row.verdict != "void",
        recorded_at=row.recorded_at,
        recorded_by=names[row.recorded_by],
        files=() if hidden or closed else tuple(files),
    )


def call_entry(row: Row[Any], names: Mapping[str, str], mask: Mask) -> Entry:
    return Entry(row.at, names[row.by], row.spoke_with, mask(row.text))


def request_entry(row: Row[Any], names: Mapping[str, str], mask: Mask) -> Entry:
    title = request_text(RequestKind(row.kind))
    if row.wanted:
        title = f"{title} {day_text(row.wanted)}"
    settled = ""
    if row.settled_at is not None:
        by = names.get(row.settled_by or "", row.settled_by or "")
        settled = _("{text} ({by}, {day})").format(text=mask(row.answer or ""), by=by, day=day_text(row.settled_at))
    return Entry(row.at, names[row.by], title, mask(row.text), settled)


def direction_entry(row: Row[Any], names: Mapping[str, str], mask: Mask) -> Entry:
    return Entry(row.at, names[row.by], direction_text(DirectionKind(row.kind)), mask(row.text))
