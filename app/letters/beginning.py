"""Where letters begin: at a plan, at an occurrence, at a letter that was wrong."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.engine import Connection

from app.letters.choices import Choices
from app.letters.drafting import begin, typed_choices
from app.letters.gathering import Gatherer, NothingOwed, NothingToAssign
from plans.model import Relation
from plans.text import _
from tasks import lifecycle
from tasks.errors import BadInput
from tasks.letter_desk import Subject
from tasks.letter_model import Letter as StoredLetter
from tasks.letter_model import LetterKind
from tasks.letter_store import load_letter


def begin_assigning(
    connection: Connection, plan_id: str, *, agency_id: str | None = None, on: date, now: datetime, actor: str
) -> list[StoredLetter]:
    """Giao việc: one draft for each relation; each body that is only requested gets its own."""
    plan = Gatherer(connection, plan_id).plan
    bodies = {body.agency: body.relation for duty in plan.duties for body in duty.responsible}
    wanted = {each: relation for each, relation in bodies.items() if agency_id in (None, each)}
    subjects = _by_relation(plan_id, wanted, alone=agency_id is not None)
    begun = [begin(connection, subject, Choices(on), now=now, actor=actor) for subject in subjects]
    if not begun:
        raise NothingToAssign
    return begun


def begin_assigning_to(
    connection: Connection, occurrence_id: str, *, on: date, now: datetime, actor: str
) -> list[StoredLetter]:
    """Giao việc to the body of an occurrence alone. Raises OccurrenceUnknown, NothingToAssign."""
    o = lifecycle.load(connection, occurrence_id)
    return begin_assigning(connection, o.plan_id, agency_id=o.agency_id, on=on, now=now, actor=actor)


def _by_relation(plan_id: str, bodies: dict[str, Relation], *, alone: bool) -> list[Subject]:
    kind, found = LetterKind.ASSIGNING, []
    for relation in (Relation.SUBORDINATE, Relation.PEER, Relation.REQUESTED):
        mine = [each for each, its in bodies.items() if its is relation]
        if relation is Relation.REQUESTED or alone:
            found += [Subject(plan_id, kind, relation, agency_id=each) for each in mine]
        elif mine:
            found.append(Subject(plan_id, kind, relation))
    return found


def begin_urging(
    connection: Connection, occurrence_id: str, *, everybody: bool, on: date, now: datetime, actor: str
) -> list[StoredLetter]:
    """Đôn đốc: one body, or all that are late with the same report; each that is only requested gets its own letter.

    Raises OccurrenceUnknown, NothingOwed, LetterheadMissing.
    """
    o = lifecycle.load(connection, occurrence_id)
    gatherer = Gatherer(connection, o.plan_id)
    late = [body for body in gatherer.bodies(o.duty_id, o.period, on) if body.late]
    if not everybody:
        late = [body for body in late if body.o.id == o.id]
    else:
        late = [body for body in late if not body.why_not]
    begun = []
    for relation in (Relation.SUBORDINATE, Relation.PEER, Relation.REQUESTED):
        ids = [body.o.id for body in late if body.o.relation is relation]
        groups = [[each] for each in ids] if relation is Relation.REQUESTED else [ids] if ids else []
        subject = Subject(o.plan_id, LetterKind.URGING, relation, o.duty_id, o.period)
        begun += [begin(connection, subject, Choices(on), chosen=group, now=now, actor=actor) for group in groups]
    if not begun:
        raise NothingOwed
    return begun


def begin_report(connection: Connection, plan_id: str, *, on: date, now: datetime, actor: str) -> StoredLetter:
    """Báo cáo: how far the plan has come, to the superior of the office."""
    subject = Subject(plan_id, LetterKind.REPORT, Relation.PEER)
    return begin(connection, subject, Choices(on), now=now, actor=actor)


def begin_extension(connection: Connection, occurrence_id: str, *, on: date, now: datetime, actor: str) -> StoredLetter:
    """Gia hạn: the answer to a body, by what the register holds. Raises OccurrenceUnknown, BadInput."""
    o = lifecycle.load(connection, occurrence_id)
    if o.relation is Relation.SELF:
        raise BadInput(_("Việc do đơn vị tự thực hiện: không soạn công văn gửi chính mình."))
    subject = Subject(o.plan_id, LetterKind.EXTENSION, o.relation, o.duty_id, o.period, o.agency_id)
    return begin(connection, subject, Choices(on), chosen=[o.id], now=now, actor=actor)


def begin_correction(connection: Connection, wrong_id: int, *, on: date, now: datetime, actor: str) -> StoredLetter:
    """Đính chính of a letter that has a number, to those to whom it went. Raises LetterUnknown, BadInput."""
    wrong = load_letter(connection, wrong_id)
    if not wrong.number:
        raise BadInput(_("Công văn này chưa có số: sửa dự thảo, không cần đính chính."))
    copies = typed_choices(connection, wrong_id).copies
    subject = Subject(wrong.plan_id, LetterKind.CORRECTION, wrong.relation, corrects=wrong.id)
    return begin(connection, subject, Choices(on, copies=copies), now=now, actor=actor)
