"""``simulate``: "nếu không ai làm gì". Replays the clock on a scratch copy; the live register is only read."""

from __future__ import annotations

import csv
import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Engine, Table, func, select, update
from sqlalchemy.engine import Connection

from app.database import migrate
from notifications import composer, delivery, planner
from notifications.channels.base import Letter
from notifications.channels.names import CHANNELS
from notifications.contacts import ContactRole
from notifications.tables import contact, message, message_notice, notice, waits_as
from plans.calendar import MORNING, local_day, local_time, moment
from plans.errors import PlansError
from plans.files import read_plan
from plans.model import Plan
from plans.shipped import SHIPPED_PLANS, shipped_register, shipped_text
from plans.text import _
from plans.values import calendar_day as read_day
from tasks import intake, papers
from tasks.agencies import load_plan, load_register, save_agencies
from tasks.database import make_engine, reading, writing
from tasks.errors import BadInput, PlanUnknown
from tasks.model import PlanStatus
from tasks.office import working_calendar
from tasks.papers import Paper
from tasks.tables import agency, answer, audit_event, calendar_day, duty, occurrence, paper, party, setting
from tasks.tables import plan as plan_table

NOON = time(12, 0)  # when scripted papers are recorded
ACTOR = "simulate"
_INVENTED = ".invalid"  # how the addresses end that a replay makes up
_INVENTED_ADDRESS = re.compile(r"\S+@\S+\.invalid")


@dataclass(frozen=True, slots=True)
class ScriptedPaper:
    """A paper that is to come in during the replay."""

    occurrence: str
    received_on: date
    number: str | None = None
    dated: date | None = None


@dataclass(frozen=True, slots=True)
class SimulatedRow:
    """One rung of one recipient in one message. ``recipient`` is an agency id; for officer and head the lead unit's."""

    at: datetime
    rung: str
    role: str
    recipient: str
    message: str
    occurrences: tuple[str, ...]


def simulate(
    engine: Engine,
    plan_ids: Sequence[str],
    *,
    start: date,
    end: date,
    scripted: Sequence[ScriptedPaper] = (),
    now: datetime,
) -> list[SimulatedRow]:
    """What would be sent from ``start`` to ``end`` if nobody did anything but hand in the scripted papers.

    A plan not followed on ``start`` is started at 07:30 of the later of ``start`` and its day of issue; one that
    is followed goes on as it stands. Bodies without an address are given one, so that everything shows.
    Raises PlanUnknown, BadInput.
    """
    if end < start:
        raise BadInput(_("Ngày kết thúc trước ngày bắt đầu."))
    with _scratch() as copy, _quiet():
        begins = {each: _carry_over(engine, copy, each, start) for each in plan_ids}
        _give_addresses(copy)
        _replay(copy, begins, start, end, sorted(scripted, key=lambda p: p.received_on))
        return list(_rows(copy, start, end))


@dataclass(frozen=True, slots=True)
class Told:
    """One message of a preview, worded as on its day. ``recipient`` is the body; of officer and head the lead unit."""

    at: datetime
    role: str
    recipient: str
    subject: str
    text: str


def messages(engine: Engine, plan_id: str, *, start: date, end: date, now: datetime) -> list[Told]:
    """Every message up to ``end`` if a draft, or a plan that was stopped, were followed from ``start`` on by somebody
    who decides it now. Raises PlanUnknown, BadInput, PlanAlreadyActive.
    """
    with _scratch() as copy, _quiet():
        with reading(engine) as live, writing(copy) as scratch:
            for table in (agency, setting, calendar_day):
                _copy(live, scratch, table)
            _copy(live, scratch, contact)
            _copy_plan(live, scratch, plan_id)
            _copy(live, scratch, audit_event, audit_event.c.plan_id == plan_id)
        _give_addresses(copy)
        with writing(copy) as scratch:
            names = select(agency.c.name).where(agency.c.id == contact.c.agency_id).scalar_subquery()
            given = contact.c.address.like(f"%{_INVENTED}")
            scratch.execute(update(contact).where(given).values(name=names))
            intake.activate(scratch, plan_id, start=start, now=now, actor=ACTOR)
            opening = working_calendar(scratch).next_opening
        day, at = local_day(now), now
        while day <= end:
            planner.advance(copy, now=at)
            composer.compose(copy, now=at)
            delivery.deliver(copy, dict.fromkeys(CHANNELS, _Taken()), now=at)
            day = _next_day(copy, day, {}, ())
            at = moment(min(day, end), MORNING)
        chosen = select(message.c.id, message.c.created_at, message.c.subject, message.c.text, notice)
        joined = chosen.join(message_notice, message_notice.c.message_id == message.c.id)
        joined = joined.join(notice, notice.c.id == message_notice.c.notice_id).where(message.c.created_at >= now)
        with reading(copy) as scratch:
            rows = scratch.execute(joined.order_by(message.c.created_at, message.c.id)).all()
            named = {row.id: row.name for row in scratch.execute(select(agency.c.id, agency.c.name))}
    found = {row[0]: row for row in reversed(rows)}  # one line per message, whatever it is about
    return [
        Told(
            local_time(opening(row.created_at)),
            row.role,
            named[row.agency_id if row.role == "agency" else row.body],
            row.subject,
            _INVENTED_ADDRESS.sub(_("(chưa có địa chỉ)"), row.text),
        )
        for row in reversed(found.values())
    ]


@contextmanager
def _quiet() -> Iterator[None]:
    """Nothing is sent in a replay, so no log line may say so."""
    logger = logging.getLogger("notifications")
    before = logger.level
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(before)


class _Taken:
    """A channel that takes everything and passes nothing on."""

    def send(self, letter: Letter) -> None:
        """Nothing leaves a replay."""


@contextmanager
def _scratch() -> Iterator[Engine]:
    with TemporaryDirectory(prefix="dondoc-") as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'scratch.db'}", durable=False)
        migrate(engine)
        try:
            yield engine
        finally:
            engine.dispose()


def _carry_over(engine: Engine, copy: Engine, plan_id: str, start: date) -> date | None:
    """Copies a plan into the scratch register; returns the day on which to start it, None where it is running."""
    with reading(engine) as live, writing(copy) as scratch:
        _copy(live, scratch, agency)
        _copy(live, scratch, setting)
        _copy(live, scratch, calendar_day)
        head = live.execute(select(plan_table).where(plan_table.c.id == plan_id)).one_or_none()
        if head is None:
            return _from_shipped(scratch, plan_id, start)
        if head.status == PlanStatus.ACTIVE and head.active_from <= start:
            _copy_plan(live, scratch, plan_id)
            return None
        _copy(live, scratch, plan_table, plan_table.c.id == plan_id)
        draft = {"status": PlanStatus.DRAFT.value, "active_from": None, "activated_at": None}
        scratch.execute(update(plan_table).where(plan_table.c.id == plan_id).values(draft))
        return _first_day(load_plan(scratch, plan_id), start)


def _from_shipped(scratch: Connection, plan_id: str, start: date) -> date:
    if plan_id not in SHIPPED_PLANS:
        raise PlanUnknown(plan_id)
    register = shipped_register()
    text = shipped_text(plan_id)
    plan = read_plan(text, file=plan_id, register=register).plan
    known = load_register(scratch)
    save_agencies(scratch, [a for a in register.agencies.values() if a.id not in known])
    intake.add_plan(scratch, text, file=plan_id, now=moment(start, MORNING), actor=ACTOR)
    return _first_day(plan, start)


def _first_day(plan: Plan, start: date) -> date:
    return max(start, plan.issued.earliest)


def _copy(live: Connection, scratch: Connection, table: Table, where: Any = None) -> None:
    chosen = select(table) if where is None else select(table).where(where)
    rows = [dict(row._mapping) for row in live.execute(chosen)]
    present = {tuple(row) for row in scratch.execute(select(*table.primary_key.columns))}
    key = [column.name for column in table.primary_key.columns]
    fresh = [row for row in rows if tuple(row[name] for name in key) not in present]
    if fresh:
        scratch.execute(table.insert(), fresh)


def _copy_plan(live: Connection, scratch: Connection, plan_id: str) -> None:
    _copy(live, scratch, plan_table, plan_table.c.id == plan_id)
    for table in (duty, party, occurrence):
        _copy(live, scratch, table, table.c.plan_id == plan_id)
    mine = select(occurrence.c.id).where(occurrence.c.plan_id == plan_id)
    answers = select(answer.c.paper_id).where(answer.c.occurrence_id.in_(mine))
    _copy(live, scratch, paper, paper.c.id.in_(answers) & paper.c.replaced_by.is_(None))
    known = select(paper.c.id).where(paper.c.replaced_by.is_(None))
    _copy(live, scratch, answer, answer.c.occurrence_id.in_(mine) & answer.c.paper_id.in_(known))
    _copy(live, scratch, notice, notice.c.plan_id == plan_id)


def _give_addresses(copy: Engine) -> None:
    with writing(copy) as scratch:
        leads = {row.lead for row in scratch.execute(select(plan_table.c.lead))}
        bodies = {row.agency_id for row in scratch.execute(select(party.c.agency_id))} | leads
        bodies |= {
            p.agency
            for row in scratch.execute(select(plan_table.c.id))
            for d in load_plan(scratch, row.id).duties
            for p in d.responsible
        }
        rows = [(body, ContactRole.AGENCY) for body in sorted(bodies - leads)]
        rows += [(lead, role) for lead in sorted(leads) for role in (ContactRole.OFFICER, ContactRole.HEAD)]
        there = scratch.execute(select(contact.c.agency_id, contact.c.role).where(contact.c.active.is_(True)))
        known = {(row.agency_id, row.role) for row in there}
        rows = [(body, role) for body, role in rows if (body, role.value) not in known]
        if not rows:
            return
        scratch.execute(
            contact.insert(),
            [
                {
                    "agency_id": body,
                    "role": role.value,
                    "name": body,
                    "phone": None,
                    "channel": "email",
                    "address": f"{role}@{body}{_INVENTED}",
                    "active": True,
                }
                for body, role in rows
            ],
        )


def _replay(
    copy: Engine, begins: dict[str, date | None], start: date, end: date, scripted: Sequence[ScriptedPaper]
) -> None:
    waiting = {plan_id: day for plan_id, day in begins.items() if day is not None}
    todo = list(scripted)
    day = start
    while day <= end:
        now = moment(day, MORNING)
        for plan_id in [key for key, first in waiting.items() if first <= day]:
            with writing(copy) as scratch:
                intake.activate(scratch, plan_id, now=now, actor=ACTOR)
            del waiting[plan_id]
        planner.advance(copy, now=now)
        composer.compose(copy, now=now)
        delivery.deliver(copy, {"email": _Taken()}, now=now)
        noon = moment(day, NOON)
        while todo and todo[0].received_on <= day:
            _record(copy, todo.pop(0), noon)
        day = _next_day(copy, day, waiting, todo)


def _next_day(copy: Engine, day: date, waiting: dict[str, date], todo: Sequence[ScriptedPaper]) -> date:
    """The next day on which anything can happen: nothing does on the others."""
    tomorrow = day + timedelta(days=1)
    with reading(copy) as scratch:
        if scratch.execute(select(notice.c.id).where(waits_as("queued")).limit(1)).first():
            return tomorrow
        stamps = [
            scratch.execute(select(func.min(table.c.next_check_at))).scalar() for table in (occurrence, party, duty)
        ]
    days = [local_day(stamp) for stamp in stamps if stamp is not None]
    days += list(waiting.values()) + [p.received_on for p in todo[:1]]
    return max(tomorrow, min(days, default=date.max))


def _record(copy: Engine, scripted: ScriptedPaper, now: datetime) -> None:
    came = Paper(scripted.received_on, scripted.number, scripted.dated)
    with writing(copy) as scratch:
        ids = papers.matching(scratch, scripted.occurrence)
        if not ids:
            raise BadInput(_("Không có kỳ nào khớp với {pattern}.").format(pattern=scripted.occurrence))
        papers.record(scratch, ids, came, review=False, now=now, actor=ACTOR)


def _rows(copy: Engine, start: date, end: date) -> Iterator[SimulatedRow]:
    """Messages of the replay, one row per moment, rung and recipient."""
    joined = (
        select(message.c.id, message.c.created_at, message.c.kind, notice)
        .join(message_notice, message_notice.c.message_id == message.c.id)
        .join(notice, notice.c.id == message_notice.c.notice_id)
        .order_by(message.c.created_at, message.c.id, notice.c.id)
    )
    grouped: dict[tuple[datetime, str, str, str, str], list[str]] = {}
    with reading(copy) as scratch:
        for row in scratch.execute(joined):
            if not start <= local_day(row.created_at) <= end:
                continue
            recipient = row.agency_id if row.role == "agency" else row.body
            key = (row.created_at, row.rung, row.role, recipient, f"{row.kind}-{row[0]}")
            grouped.setdefault(key, []).extend([row.occurrence_id] if row.occurrence_id else _assigned(scratch, row))
    for (at, rung, role, recipient, name), occurrences in grouped.items():
        yield SimulatedRow(local_time(at), rung, role, recipient, name, tuple(occurrences))


def _assigned(scratch: Connection, row: Any) -> list[str]:
    owes = select(occurrence.c.id).where(
        occurrence.c.plan_id == row.plan_id,
        occurrence.c.agency_id == row.agency_id,
        occurrence.c.before_tracking.is_(False),
    )
    return [found.id for found in scratch.execute(owes.order_by(occurrence.c.due, occurrence.c.id))]


def read_papers(path: Path) -> list[ScriptedPaper]:
    """Papers from a CSV file with the columns occurrence, received_on and, if wanted, number and date.

    Raises BadInput naming the line and column.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(_("Không đọc được {path}: {error}").format(path=path, error=error)) from error
    return [_scripted(row, line, path) for line, row in enumerate(rows, 2)]


def _scripted(row: dict[str, Any], line: int, path: Path) -> ScriptedPaper:
    def day(name: str) -> date | None:
        text = (row.get(name) or "").strip()
        if not text:
            return None
        try:
            return read_day(text)
        except PlansError as error:
            raise BadInput(f"{path}:{line}: {name}: {error}") from error

    received = day("received_on")
    if not (row.get("occurrence") or "").strip() or received is None:
        raise BadInput(_("{path}:{line}: thiếu occurrence hoặc received_on.").format(path=path, line=line))
    return ScriptedPaper(row["occurrence"].strip(), received, (row.get("number") or "").strip() or None, day("date"))
