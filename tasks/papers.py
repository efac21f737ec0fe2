"""Papers that came in, the occurrences that they answer, and putting a slip right."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, exists, select, update
from sqlalchemy.engine import Connection, Row

from plans.calendar import local_day
from plans.text import _, day_text
from tasks import figure_desk, lifecycle, trail
from tasks.database import alone, insert_new
from tasks.desk_tables import paper_file
from tasks.errors import BadInput, OccurrenceUnknown
from tasks.lifecycle import Move, entry
from tasks.model import Cause, Occurrence, State
from tasks.status import lateness
from tasks.tables import answer, occurrence, paper
from tasks.tracking import spans_of, tracked
from tasks.typed import number_key


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper (văn bản đến). ``secret``: received under secrecy, only the date is kept (D12)."""

    received_on: date
    number: str | None = None
    dated: date | None = None
    received_by: str | None = None
    secret: bool = False

    def checked(self, *, today: date) -> Paper:
        """Raises BadInput for dates that cannot be."""
        if self.received_on > today:
            raise BadInput(_("Ngày nhận {day} ở tương lai.").format(day=day_text(self.received_on)))
        if self.dated and self.dated > self.received_on:
            raise BadInput(
                _("Ngày văn bản {dated} sau ngày nhận {received}.").format(
                    dated=day_text(self.dated), received=day_text(self.received_on)
                )
            )
        return replace(self, number=None, dated=None) if self.secret else self

    def said(self) -> dict[str, Any]:
        """What the audit trail keeps."""
        return {"number": self.number, "dated": self.dated, "received_on": self.received_on, "secret": self.secret}


def record(
    connection: Connection, ids: list[str], came: Paper, *, review: bool, now: datetime, actor: str
) -> list[Occurrence]:
    """One paper answers any number of occurrences at once; accepted in the same step unless the office reviews.

    Raises BadInput, OccurrenceUnknown, MoveRefused; then nothing is written.
    """
    came = came.checked(today=local_day(now))
    moved = []
    papers: dict[str, int] = {}  # per issuing agency
    lifecycle.lock(connection, ids)
    _hold_papers(connection, ids, came)
    for occurrence_id in ids:
        o = lifecycle.load(connection, occurrence_id)
        lifecycle.allow(connection, o, Move.RECORD, now=now)
        if o.agency_id not in papers:
            papers[o.agency_id] = _paper_of(connection, o, came, now=now, actor=actor)
        moved.append(_answer(connection, o, papers[o.agency_id], came, review=review, now=now, actor=actor))
    return moved


def _paper_of(connection: Connection, o: Occurrence, came: Paper, *, now: datetime, actor: str) -> int:
    """The paper's row; the same number of the same issuer and year is the same paper.

    A returned paper may come again under its old number: that is another arrival, with a row of its own.
    """
    known = _known(connection, o.agency_id, came)
    if known is not None and not _answers(connection, known.id, o.id):
        if known.received_on != came.received_on:
            raise BadInput(
                _("Văn bản số {number} đã được ghi nhận ngày {day}; nếu ghi sai, dùng lệnh correct.").format(
                    number=came.number, day=day_text(known.received_on)
                )
            )
        return int(known.id)
    return _insert(connection, o.agency_id, came, o.sample, now=now, actor=actor)


def _known(connection: Connection, issuer: str, came: Paper) -> Row[Any] | None:
    if not came.number or not came.dated:
        return None
    return twin(connection, issuer, came.number, came.dated.year)


def twin(connection: Connection, issuer: str, number: str, year: int) -> Row[Any] | None:
    """The newest paper of that issuer and year that counts and bears that number, in whatever spelling."""
    of_the_year = select(paper).where(
        paper.c.issuer == issuer,
        paper.c.replaced_by.is_(None),
        paper.c.dated >= date(year, 1, 1),
        paper.c.dated <= date(year, 12, 31),
        exists(select(answer.c.paper_id).where(answer.c.paper_id == paper.c.id, answer.c.verdict != "void")),
    )
    rows = connection.execute(of_the_year.order_by(paper.c.id.desc()))
    return next((row for row in rows if row.number and number_key(row.number) == number_key(number)), None)


def _hold_papers(connection: Connection, ids: list[str], came: Paper) -> None:
    """Of two officers who write the same paper down at once the second one finds the row of the first."""
    if came.number and came.dated and connection.dialect.name == "postgresql":
        issuers = select(occurrence.c.agency_id).where(occurrence.c.id.in_(ids)).distinct()
        for issuer in sorted(connection.execute(issuers).scalars()):
            alone(connection, f"paper:{issuer}:{number_key(came.number)}")


def _answers(connection: Connection, paper_id: int, occurrence_id: str) -> bool:
    live = select(answer.c.paper_id).where(
        answer.c.paper_id == paper_id, answer.c.occurrence_id == occurrence_id, answer.c.verdict != "void"
    )
    return connection.execute(live).first() is not None


def _insert(connection: Connection, issuer: str, came: Paper, sample: bool, *, now: datetime, actor: str) -> int:
    values = {
        "issuer": issuer,
        "number": came.number,
        "dated": came.dated,
        "received_on": came.received_on,
        "received_by": came.received_by,
        "secret": came.secret,
        "recorded_at": now,
        "recorded_by": actor,
        "sample": sample,
    }
    return int(connection.execute(paper.insert().values(values).returning(paper.c.id)).scalar_one())


def _answer(
    connection: Connection, o: Occurrence, paper_id: int, came: Paper, *, review: bool, now: datetime, actor: str
) -> Occurrence:
    state = State.RECEIVED if review else State.ACCEPTED
    verdict = {"paper_id": paper_id, "occurrence_id": o.id, "verdict": state.value}
    voided = (answer.c.paper_id == paper_id) & (answer.c.occurrence_id == o.id)
    if insert_new(connection, answer, [verdict]) == 0:  # taken back before, and now recorded again
        connection.execute(update(answer).where(voided).values(verdict=state.value, reason=None))
    late = lateness(o, came.received_on)
    values = {
        "received_on": came.received_on,
        "first_received": o.first_received or came.received_on,
        "number": came.number,
        "noted_at": now,
        "days_late": late,
        "muted_until": None,
        "muted_why": None,
        "announce": None,
    }
    if o.missed_at is not None and late == 0:
        values |= withdraw_miss(connection, o, now=now, why="paper")
    if lifecycle.is_stopped(connection, o.plan_id):  # a fact; what fell due after the stop is not counted
        values["before_tracking"] = o.before_tracking or not tracked(spans_of(connection, o.plan_id), o.due)
    return lifecycle.apply(
        connection, o, Move.RECORD, values, state=state, data={**came.said(), "days_late": late}, now=now, actor=actor
    )


def withdraw_miss(connection: Connection, o: Occurrence, *, now: datetime, why: str) -> dict[str, Any]:
    """A later proof of timely receipt, or an extension, takes a recorded miss back; both stay in the trail."""
    noted = {"missed_at": o.missed_at, "noticed_at": o.missed_noticed_at, "why": why}
    trail.write(connection, [entry(o, "miss_withdrawn", noted)], now=now)
    values: dict[str, Any] = {"missed_at": None, "missed_noticed_at": None}
    return values | ({"announce": "correction"} if why == "paper" else {})


def correct(connection: Connection, occurrence_id: str, came: Paper, *, now: datetime, actor: str) -> list[Occurrence]:
    """Puts a wrongly typed paper right for every occurrence that it answers. Both versions are kept.

    A paper is one fact: it is put right everywhere, also for what was waived, handed over or cancelled since; only
    there no verdict follows from it. Raises BadInput where nothing was recorded yet.
    """
    lifecycle.lock(connection, [occurrence_id, *_answered_with(connection, occurrence_id)])
    old = _latest(connection, occurrence_id)
    lifecycle.allow(connection, lifecycle.load(connection, occurrence_id), Move.CORRECT, now=now)
    return replace_paper(connection, old, came, now=now, actor=actor)


def replace_paper(connection: Connection, old: Row[Any], came: Paper, *, now: datetime, actor: str) -> list[Occurrence]:
    """The same for a given row. Its files go with it, except where it was received under secrecy after all."""
    came = came.checked(today=local_day(now))
    if old.number and old.dated:
        alone(connection, f"paper:{old.issuer}:{number_key(old.number)}")
    fresh = _insert(connection, old.issuer, came, old.sample, now=now, actor=actor)
    connection.execute(update(paper).where(paper.c.id == old.id).values(replaced_by=fresh))
    rows = connection.execute(select(answer).where(answer.c.paper_id == old.id, answer.c.verdict != "void")).all()
    lifecycle.lock(connection, [row.occurrence_id for row in rows])
    moved = []
    for row in rows:
        copied = {"paper_id": fresh, "occurrence_id": row.occurrence_id, "verdict": row.verdict, "reason": row.reason}
        connection.execute(answer.insert().values(copied))
        moved.append(_corrected(connection, row.occurrence_id, old, came, now=now, actor=actor))
    connection.execute(update(answer).where(answer.c.paper_id == old.id).values(verdict="void"))
    figure_desk.follow_paper(connection, old.id, fresh)
    if not came.secret:
        files = [dict(row._mapping) for row in connection.execute(_files_of(old.id))]
        insert_new(connection, paper_file, [{**row, "paper_id": fresh} for row in files])
    return moved


def _files_of(paper_id: int) -> Select[Any]:
    return select(paper_file).where(paper_file.c.paper_id == paper_id)


def _answered_with(connection: Connection, occurrence_id: str) -> list[str]:
    """What the papers of an occurrence answer beside it, to be held together with it."""
    mine = select(answer.c.paper_id).where(answer.c.occurrence_id == occurrence_id, answer.c.verdict != "void")
    return list(connection.execute(select(answer.c.occurrence_id).where(answer.c.paper_id.in_(mine))).scalars())


def _corrected(
    connection: Connection, occurrence_id: str, old: Row[Any], came: Paper, *, now: datetime, actor: str
) -> Occurrence:
    o = lifecycle.load(connection, occurrence_id)
    first = came.received_on if _is_first(connection, occurrence_id, old.id) else o.first_received
    late = lateness(replace(o, first_received=first), came.received_on)
    values: dict[str, Any] = {"received_on": came.received_on, "first_received": first, "number": came.number}
    if o.state in _JUDGED:
        values["days_late"] = late
    if o.missed_at is not None and late == 0:
        values |= withdraw_miss(connection, o, now=now, why="paper")
        if o.state not in (State.RECEIVED, State.ACCEPTED):  # what was announced then holds, something is owed still
            del values["announce"]
    data = {
        "was": {"number": old.number, "received_on": old.received_on, "days_late": o.days_late},
        "is": {**came.said(), "days_late": values.get("days_late")},
    }
    return lifecycle.apply(connection, o, Move.CORRECT, values, data=data, now=now, actor=actor)


_JUDGED = frozenset({State.RECEIVED, State.ACCEPTED, State.RETURNED})


def _is_first(connection: Connection, occurrence_id: str, paper_id: int) -> bool:
    """Whether nothing that counts came in for this occurrence before that paper."""
    earlier = select(answer.c.paper_id).where(
        answer.c.occurrence_id == occurrence_id, answer.c.verdict != "void", answer.c.paper_id < paper_id
    )
    return connection.execute(earlier).first() is None


def undo(connection: Connection, occurrence_id: str, *, now: datetime, actor: str) -> Occurrence:
    """A paper recorded for the wrong occurrence: the answer is void and the occurrence owed again (in a plan that is
    not followed any more it is closed again)."""
    old = _latest(connection, occurrence_id)
    o = lifecycle.load(connection, occurrence_id)
    mine = (answer.c.paper_id == old.id) & (answer.c.occurrence_id == o.id)
    connection.execute(update(answer).where(mine).values(verdict="void"))
    before = connection.execute(
        select(paper)
        .join(answer, answer.c.paper_id == paper.c.id)
        .where(answer.c.occurrence_id == o.id, answer.c.verdict == "returned")
        .order_by(paper.c.id.desc())
    ).first()
    resent = before is not None and o.resend_by is not None
    values = {
        "received_on": before.received_on if before else None,
        "first_received": o.first_received if resent else None,
        "number": before.number if before else None,
        "resend_by": o.resend_by if resent else None,
        "returned_for": o.returned_for if resent else None,
        "days_late": None,
        "noted_at": None,
        "announce": None,
        "revision": o.revision + 1,
        "cause": Cause.CORRECTED.value,
        "changed_at": now,
    }
    state = State.RETURNED if resent else State.OPEN
    data = {"was": {"number": old.number, "received_on": old.received_on}, "is": None}
    undone = lifecycle.apply(connection, o, Move.UNDO, values, state=state, data=data, now=now, actor=actor)
    figure_desk.take_back(connection, undone, old.id, now=now, actor=actor)
    if undone.before_tracking or not lifecycle.is_stopped(connection, o.plan_id):
        return undone
    return lifecycle.cancel(connection, undone, lifecycle.PLAN_STOPPED, now=now, actor=actor)


def _latest(connection: Connection, occurrence_id: str) -> Row[Any]:
    lifecycle.load(connection, occurrence_id)
    row = connection.execute(
        select(paper)
        .join(answer, answer.c.paper_id == paper.c.id)
        .where(answer.c.occurrence_id == occurrence_id, answer.c.verdict != "void")
        .order_by(paper.c.id.desc())
    ).first()
    if row is None:
        raise BadInput(_("{occurrence} chưa có văn bản nào để sửa.").format(occurrence=occurrence_id))
    return row


def papers_of(connection: Connection, occurrence_id: str) -> list[Row[Any]]:
    """All papers of an occurrence with their verdicts, void ones too, oldest first."""
    joined = select(paper, answer.c.verdict, answer.c.reason).join(answer, answer.c.paper_id == paper.c.id)
    return list(connection.execute(joined.where(answer.c.occurrence_id == occurrence_id).order_by(paper.c.id)))


def mark_latest(connection: Connection, occurrence_id: str, verdict: str, reason: str | None) -> None:
    """Sets the verdict of the newest live answer."""
    row = _latest(connection, occurrence_id)
    mine = (answer.c.paper_id == row.id) & (answer.c.occurrence_id == occurrence_id)
    connection.execute(update(answer).where(mine).values(verdict=verdict, reason=reason))


def matching(connection: Connection, pattern: str) -> list[str]:
    """Occurrence ids for a pattern with ``*``; an id without ``*`` stands for itself. None of them is held: whoever
    moves them takes them together. Raises OccurrenceUnknown."""
    if "*" not in pattern:
        if not connection.execute(select(exists().where(occurrence.c.id == pattern))).scalar_one():
            raise OccurrenceUnknown(pattern)
        return [pattern]
    like = pattern.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_").replace("*", "%")
    found = select(occurrence.c.id).where(occurrence.c.id.ilike(like, escape="\\")).order_by(occurrence.c.id)
    return [row.id for row in connection.execute(found)]
