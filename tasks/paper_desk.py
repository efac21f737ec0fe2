"""The officer's desk for papers: one row of the grid recorded, its files, and what was recorded wrongly put right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.engine import Connection, Row

from plans.text import _, day_text
from tasks import lifecycle, papers, trail
from tasks.agencies import load_plan, load_plans
from tasks.database import alone, insert_new
from tasks.desk_tables import paper_file, stored_file
from tasks.errors import BadInput, RegisterError
from tasks.held_files import drop_unheld
from tasks.model import Occurrence
from tasks.office import office_of
from tasks.papers import Paper
from tasks.tables import agency, answer, paper

FILES_OF_ONE = 20  # files that one paper may have


class AlreadyRecorded(BadInput):
    """A paper of that issuer, number and year stands in the register: ``paper_id``, received ``received_on``."""

    def __init__(
        self, number: str, issuer: str, paper_id: int, received_on: date, occurrences: tuple[str, ...]
    ) -> None:
        said = _("{issuer} đã có văn bản số {number} cùng năm trong sổ, nhận ngày {day}.")
        super().__init__(said.format(number=number, issuer=issuer, day=day_text(received_on)))
        self.paper_id = paper_id
        self.received_on = received_on
        self.occurrences = occurrences


class PaperUnknown(RegisterError):
    def __init__(self, paper_id: int) -> None:
        super().__init__(_("Không có văn bản này trong sổ."))
        self.paper_id = paper_id


@dataclass(frozen=True, slots=True)
class Content:
    """A file whose bytes are kept: by what hash, of which kind, how big, and how it was called."""

    hash: str
    kind: str
    size: int
    name: str


@dataclass(frozen=True, slots=True)
class Entered:
    """What was recorded: the paper and what it answers."""

    paper_id: int
    occurrences: tuple[Occurrence, ...]


def enter(
    connection: Connection,
    issuer: str,
    ids: Iterable[str],
    came: Paper,
    *,
    add: bool = False,
    content: Content | None = None,
    now: datetime,
    actor: str,
) -> Entered:
    """One row: records the paper for all its duties, accepts it unless the lead unit reviews, keeps its file.

    ``add``: the officer has seen that the paper is recorded already and adds these duties to it. Raises BadInput,
    AlreadyRecorded, MoveRefused, OccurrenceUnknown; then nothing is written.
    """
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        raise BadInput(_("Chưa chọn việc mà văn bản này trả lời."))
    lifecycle.lock(connection, wanted)
    found = [lifecycle.load(connection, each) for each in wanted]
    if any(o.agency_id != issuer for o in found):
        raise BadInput(_("Việc đã chọn không phải của cơ quan ban hành văn bản. Chọn lại cơ quan."))
    if not came.secret:
        came = _again(connection, issuer, found, came, add=add)
    moved: list[Occurrence] = []
    for review, group in _by_review(connection, found).items():
        moved += papers.record(connection, group, came, review=review, now=now, actor=actor)
    paper_id = newest(connection, moved[0].id)
    if content is not None:
        attach(connection, paper_id, content, now=now, actor=actor)
    return Entered(paper_id, tuple(moved))


def newest(connection: Connection, occurrence_id: str) -> int:
    """The paper that was recorded last for an occurrence. Raises BadInput where there is none."""
    rows = [row for row in papers.papers_of(connection, occurrence_id) if row.verdict != "void"]
    if not rows:
        raise BadInput(_("{occurrence} chưa có văn bản nào để sửa.").format(occurrence=occurrence_id))
    return int(rows[-1].id)


def _again(connection: Connection, issuer: str, found: list[Occurrence], came: Paper, *, add: bool) -> Paper:
    """A number that is known is asked about, unless the paper comes again after it was returned."""
    if not came.number or not came.dated:
        raise BadInput(_("Thiếu số hoặc ngày văn bản. Văn bản mật: đánh dấu “Mật”."))
    known = papers.twin(connection, issuer, came.number, came.dated.year)
    if known is None:
        return came
    answered = set(connection.execute(_live(known.id)).scalars())
    if all(o.id in answered for o in found):
        return came  # returned before, and now it is here again under its old number
    if not add:
        raise AlreadyRecorded(came.number, _name(connection, issuer), known.id, known.received_on, tuple(answered))
    return Paper(known.received_on, known.number, known.dated, known.received_by)


def _live(paper_id: int) -> Any:
    return (
        select(answer.c.occurrence_id)
        .where(answer.c.paper_id == paper_id, answer.c.verdict != "void")
        .order_by(answer.c.occurrence_id)
    )


def _name(connection: Connection, issuer: str) -> str:
    return str(connection.execute(select(agency.c.name).where(agency.c.id == issuer)).scalar_one())


def _by_review(connection: Connection, found: list[Occurrence]) -> dict[bool, list[str]]:
    leads = {plan.id: plan.lead for plan in load_plans(connection, {o.plan_id for o in found}).values()}
    reviews = {lead: office_of(connection, lead).review for lead in set(leads.values())}
    groups: dict[bool, list[str]] = defaultdict(list)
    for o in found:
        groups[reviews[leads[o.plan_id]]].append(o.id)
    return groups


def correct_paper(connection: Connection, paper_id: int, came: Paper, *, now: datetime, actor: str) -> Entered:
    """ "Ghi sai, sửa lại" for one paper, everywhere it counts. Raises PaperUnknown, BadInput, MoveRefused."""
    row = _paper(connection, paper_id)
    ids = list(connection.execute(_live(paper_id)).scalars())
    if row.replaced_by is not None or not ids:
        raise BadInput(_("Bản ghi này đã được sửa hoặc đã bỏ. Mở bản mới nhất để sửa."))
    lifecycle.lock(connection, ids)
    if any(newest(connection, each) != paper_id for each in ids):
        raise BadInput(_("Kỳ này đã có văn bản mới hơn; chỉ sửa được văn bản mới nhất."))
    if came.number and came.dated and not came.secret:
        other = papers.twin(connection, row.issuer, came.number, came.dated.year)
        if other is not None and other.id != paper_id:
            raise AlreadyRecorded(came.number, _name(connection, row.issuer), other.id, other.received_on, tuple(ids))
    moved = papers.replace_paper(connection, row, came, now=now, actor=actor)
    return Entered(newest(connection, moved[0].id), tuple(moved))


def attach(connection: Connection, paper_id: int, content: Content, *, now: datetime, actor: str) -> None:
    """Notes that a file belongs to a paper; its bytes are kept by the caller.

    Raises BadInput for papers under secrecy and for duties whose product holds personal data (D12).
    """
    row, answered = _paper(connection, paper_id), _answered(connection, paper_id)
    if row.secret:
        raise BadInput(_("Văn bản theo chế độ mật không lưu tệp."))
    refuse_personal(connection, answered)
    alone(connection, f"file:{content.hash}")
    held = list(connection.execute(select(paper_file.c.hash).where(paper_file.c.paper_id == paper_id)).scalars())
    if content.hash in held:
        return
    if len(held) >= FILES_OF_ONE:
        raise BadInput(_("Mỗi văn bản lưu tối đa {n} tệp.").format(n=FILES_OF_ONE))
    kept = {"hash": content.hash, "kind": content.kind, "size": content.size, "at": now}
    insert_new(connection, stored_file, [kept])
    named = {"paper_id": paper_id, "hash": content.hash, "name": content.name, "by": actor}
    connection.execute(paper_file.insert().values(named))
    _note(connection, "file", row, answered, {"name": content.name, "sha256": content.hash}, now=now, actor=actor)


def refuse_personal(connection: Connection, answered: Iterable[Occurrence]) -> None:
    """Raises BadInput where a duty's product is a list of persons: it is never uploaded (D12)."""
    for o in answered:
        duty = next((each for each in load_plan(connection, o.plan_id).duties if each.id == o.duty_id), None)
        if duty is not None and duty.no_file:
            said = _("“{duty}” có danh sách cá nhân: chỉ ghi số, ngày, không lưu tệp vào hệ thống này.")
            raise BadInput(said.format(duty=duty.title))


def detach(connection: Connection, paper_id: int, file_hash: str, *, now: datetime, actor: str) -> bool:
    """Takes a file from a paper and all earlier versions of it; True where nothing else holds its bytes any more.

    Raises BadInput where the paper has no such file.
    """
    row, answered = _paper(connection, paper_id), _answered(connection, paper_id)
    alone(connection, f"file:{file_hash}")
    versions = [paper_id, *_earlier(connection, paper_id)]
    mine = paper_file.c.paper_id.in_(versions) & (paper_file.c.hash == file_hash)
    name = connection.execute(select(paper_file.c.name).where(mine).limit(1)).scalar_one_or_none()
    if name is None:
        raise BadInput(_("Văn bản này không có tệp đó."))
    connection.execute(delete(paper_file).where(mine))
    _note(connection, "file_removed", row, answered, {"name": name, "sha256": file_hash}, now=now, actor=actor)
    return drop_unheld(connection, file_hash)


def _earlier(connection: Connection, paper_id: int) -> list[int]:
    """The wrongly typed versions before this one."""
    found: list[int] = []
    layer = [paper_id]
    while layer:
        layer = list(connection.execute(select(paper.c.id).where(paper.c.replaced_by.in_(layer))).scalars())
        found += layer
    return found


def _paper(connection: Connection, paper_id: int) -> Row[Any]:
    row = connection.execute(select(paper).where(paper.c.id == paper_id)).one_or_none()
    if row is None:
        raise PaperUnknown(paper_id)
    return row


def _answered(connection: Connection, paper_id: int) -> list[Occurrence]:
    return [lifecycle.load(connection, each) for each in connection.execute(_live(paper_id)).scalars().all()]


def _note(
    connection: Connection,
    kind: str,
    row: Row[Any],
    answered: list[Occurrence],
    data: dict[str, Any],
    *,
    now: datetime,
    actor: str,
) -> None:
    said = {"paper": row.id, "number": row.number, "dated": row.dated, **data}
    entries = [lifecycle.entry(o, kind, said) for o in answered]
    entries = entries or [trail.Entry(kind, agency_id=row.issuer, data=said, sample=row.sample)]
    trail.write(connection, entries, now=now, actor=actor)
