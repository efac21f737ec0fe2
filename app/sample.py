"""The shipped sample: a plan with dates around today and a history made by replaying ``advance``.

It is labelled MẪU everywhere, stays out of every audit, and goes without a trace with ``dondoc remove mau``.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from importlib.resources import files

from sqlalchemy import delete, select, update
from sqlalchemy.engine import Connection

from app.bootstrap import Dondoc
from app.figures.sample import type_figures
from app.letters import beginning, drafting
from notifications import composer, delivery, planner
from notifications.channels.folder import FolderChannel
from notifications.contacts import ContactRole, add_contact
from notifications.tables import (
    absence,
    attempt,
    contact,
    message,
    message_notice,
    message_plan,
    notice,
    replacement,
    reply_link,
)
from plans.calendar import MORNING, local_day, moment
from plans.text import day_text
from tasks import intake, letter_desk, moves, papers
from tasks.agencies import INTAKE
from tasks.database import alone, insert_new, locked, writing
from tasks.errors import PlanUnknown
from tasks.letter_head import SETTING, Letterhead, document_of
from tasks.lifecycle import hold_plans
from tasks.model import OWED, PlanStatus
from tasks.papers import Paper
from tasks.tables import agency, audit_event, occurrence, setting
from tasks.tables import plan as plan_table

SAMPLE = "mau"
ACTOR = "mẫu"
_DAYS_AGO = 60
_AFTERNOON = time(14, 0)
_TOKEN = re.compile(r"@(day|dd|vn|)([+-]\d+)@")

# What came in, as (duty, agency, days after the strict last day or None for never). The rest came on time.
_LATE: dict[tuple[str, str], int | None] = {
    ("ke-hoach-trien-khai", "ubnd-xa-song-trong"): 6,
    ("bao-cao-thang", "so-noi-vu"): 4,
    ("bao-cao-thang", "ubnd-xa-dong-may"): None,
    ("bao-cao-thang", "ubnd-phuong-nui-xanh"): None,
    ("bao-cao-chuyen-de", "ngan-hang"): -6,
}
_RETURNED = {("ke-hoach-trien-khai", "so-tu-phap"), ("bao-cao-chuyen-de", "ngan-hang")}
_CLAIMED = ("bao-cao-thang", "ubnd-phuong-nui-xanh")  # says on the last working day that it has sent the newest one


# Invented; who signs is left open, as in every office that has not said it yet.
_LETTERHEAD = Letterhead(
    parent="Bộ Công an",
    issuer="Công an tỉnh",
    named="Công an tỉnh Mẫu",
    short="CAT",
    unit="PC10",
    place="Mẫu",
    behalf="KT. Giám đốc",
    title="Phó Giám đốc",
    superior="UBND tỉnh Mẫu",
    contact="Phòng PC10, điện thoại 0200 000 000",
)
_URGED = ("bao-cao-thang", "41", 30)  # the letter that urged this duty: its number, and how many days ago


def sample_text(today: date) -> bytes:
    """The sample's file with its dates laid around that day."""
    text = files("plans").joinpath("data/mau.template").read_text(encoding="utf-8")

    def put(match: re.Match[str]) -> str:
        day = today + timedelta(days=int(match[2]))
        match match[1]:
            case "day":
                return str(min(day.day, 28))
            case "dd":
                return f"{min(day.day, 28):02d}"
            case "vn":
                return day_text(day)
            case _:
                return day.isoformat()

    return _TOKEN.sub(put, text).encode()


def add_sample(dondoc: Dondoc, *, now: datetime) -> None:
    """Brings the sample in and plays sixty days of it, messages included."""
    today = local_day(now)
    begin = today - timedelta(days=_DAYS_AGO)
    start = moment(begin, MORNING)
    with writing(dondoc.engine) as connection:
        brought = intake.add_plan(connection, sample_text(today), file="mau.yaml", now=start, actor=ACTOR)
        bodies = connection.execute(select(agency).where(agency.c.id.like("mau.%"))).all()
        for body in bodies:
            roles = (ContactRole.OFFICER, ContactRole.HEAD) if body.id == brought.plan.lead else (ContactRole.AGENCY,)
            for role in roles:
                name = {ContactRole.OFFICER: "Cán bộ theo dõi (mẫu)", ContactRole.HEAD: "Lãnh đạo đơn vị (mẫu)"}.get(
                    role, f"Văn thư {body.name}"
                )
                address = f"{role.value.replace('_', '-')}.{body.id.partition('.')[2]}@vi-du.example"
                add_contact(
                    connection,
                    body.id,
                    role=role,
                    name=name,
                    address=address,
                    phone="0200 000 000",
                    now=start,
                    actor=ACTOR,
                    sample=True,
                )
        head = {"scope": brought.plan.lead, "name": SETTING, "value": document_of(_LETTERHEAD)}
        insert_new(connection, setting, [head])
        intake.activate(connection, SAMPLE, start=begin, now=start, actor=ACTOR)
    _play(dondoc, begin, today, now)
    _claim(dondoc, today, now)


def _play(dondoc: Dondoc, begin: date, today: date, now: datetime) -> None:
    day = begin
    while day <= today:
        morning = moment(day, MORNING)
        if morning <= now:
            planner.advance(dondoc.engine, now=morning, plan_id=SAMPLE)
            composer.compose(dondoc.engine, now=morning, plan_id=SAMPLE)
            delivery.deliver(dondoc.engine, dondoc.channels, now=morning, sample_only=True)
        if day < today:
            _record_day(dondoc, day, moment(day, _AFTERNOON))
            if day == today - timedelta(days=_URGED[2]):
                _urge(dondoc, day, moment(day, _AFTERNOON))
        day += timedelta(days=1)


def _record_day(dondoc: Dondoc, day: date, at: datetime) -> None:
    with writing(dondoc.engine) as connection:
        owed = select(occurrence).where(
            occurrence.c.plan_id == SAMPLE, occurrence.c.state.in_(OWED), occurrence.c.before_tracking.is_(False)
        )
        for row in connection.execute(owed).all():
            slug = row.agency_id.partition(".")[2]
            late = _LATE.get((row.duty_id, slug), -3 if row.duty_id != "tong-hop" else None)
            if row.resend_by is not None:
                arrives = row.resend_by
            elif late is None:
                continue
            else:
                arrives = row.last_day + timedelta(days=late)
            if arrives <= day and (row.duty_id != "bao-cao-chuyen-de" or (row.duty_id, slug) in _LATE):
                number = f"{day.timetuple().tm_yday}/BC"
                came = Paper(received_on=day, number=number, dated=day)
                papers.record(connection, [row.id], came, review=False, now=at, actor=ACTOR)
                type_figures(connection, row, now=at, actor=ACTOR)
                if (row.duty_id, slug) in _RETURNED and row.resend_by is None:
                    moves.return_(connection, row.id, reason="incomplete", by=None, now=at, actor=ACTOR)


def _urge(dondoc: Dondoc, day: date, at: datetime) -> None:
    """The registry numbered one urging letter, and it was sent on the same day."""
    duty, given, _ago = _URGED
    with writing(dondoc.engine) as connection:
        late = (
            select(occurrence.c.id)
            .where(
                occurrence.c.plan_id == SAMPLE,
                occurrence.c.duty_id == duty,
                occurrence.c.state.in_(OWED),
                occurrence.c.before_tracking.is_(False),
                occurrence.c.late_after < day,
            )
            .order_by(occurrence.c.id)
        )
        found = connection.execute(late.limit(1)).scalar_one_or_none()
        if found is None:
            return
        [letter] = beginning.begin_urging(connection, found, everybody=True, on=day, now=at, actor=ACTOR)
        drafting.give_number(connection, letter.id, given=given, dated=day, now=at, actor=ACTOR)
        letter_desk.mark_sent(connection, letter.id, on=day, now=at, actor=ACTOR)


def _claim(dondoc: Dondoc, today: date, now: datetime) -> None:
    duty, slug = _CLAIMED
    with writing(dondoc.engine) as connection:
        newest = (
            select(occurrence.c.id)
            .where(
                occurrence.c.plan_id == SAMPLE,
                occurrence.c.duty_id == duty,
                occurrence.c.agency_id == f"mau.{slug}",
                occurrence.c.last_day < today,
            )
            .order_by(occurrence.c.last_day.desc())
        )
        found = connection.execute(newest.limit(1)).scalar_one_or_none()
        if found is not None:
            moves.claim(connection, found, number="58/BC-UBND", dated=today, now=now, actor=ACTOR)


def _hold(connection: Connection, plan_id: str, messages: list[int]) -> None:
    """After whoever is looking at one of these just now."""
    letters = select(message.c.id).where(message.c.id.in_(messages)).order_by(message.c.id)
    owed = select(occurrence.c.id).where(occurrence.c.plan_id == plan_id).order_by(occurrence.c.id)
    for each in (letters, owed):
        connection.execute(locked(each, connection)).all()


def remove_plan(dondoc: Dondoc, plan_id: str, *, now: datetime, actor: str) -> str:
    """Takes a plan out: ``deleted`` (a draft, or the sample with its history) or ``stopped`` (a followed plan,
    whose history stays). Raises PlanUnknown, PlanNotActive."""
    with writing(dondoc.engine) as connection:
        alone(connection, INTAKE)  # nobody starts to follow it meanwhile
        hold_plans(connection, connection.execute(select(plan_table.c.id)).scalars(), duties=True)
        head = connection.execute(select(plan_table).where(plan_table.c.id == plan_id)).one_or_none()
        if head is None:
            raise PlanUnknown(plan_id)
        if head.status != PlanStatus.DRAFT and not head.sample:
            intake.stop(connection, plan_id, now=now, actor=actor)
            return "stopped"
        mine = select(notice.c.id).where(notice.c.plan_id == plan_id)
        sent = select(message_notice.c.message_id).where(message_notice.c.notice_id.in_(mine))
        messages = [row.message_id for row in connection.execute(sent.distinct())]
        letters: list[str] = []
        if head.sample:  # a dropped message tells of nothing any more, so no notice leads to it
            rows = connection.execute(
                select(message.c.id, message.c.message_id).where(message.c.sample.is_(True))
            ).all()
            messages, letters = [row.id for row in rows], [row.message_id for row in rows]
        _hold(connection, plan_id, messages)
        connection.execute(delete(message_notice).where(message_notice.c.notice_id.in_(mine)))
        for start in range(0, len(messages), 500):
            chunk = messages[start : start + 500]
            connection.execute(delete(attempt).where(attempt.c.message_id.in_(chunk)))
            stood = replacement.c.message_id.in_(chunk) | replacement.c.instead_of.in_(chunk)
            connection.execute(delete(replacement).where(stood))
            connection.execute(delete(reply_link).where(reply_link.c.message_id.in_(chunk)))
            connection.execute(delete(message_plan).where(message_plan.c.message_id.in_(chunk)))
            connection.execute(delete(message).where(message.c.id.in_(chunk)))
        connection.execute(delete(message_plan).where(message_plan.c.plan_id == plan_id))
        connection.execute(delete(notice).where(notice.c.plan_id == plan_id))
        intake.delete_plan(connection, plan_id)
        connection.execute(update(plan_table).values(changed_at=now))  # or nobody would take its schedule down
        if head.sample:
            known = (audit_event.c.agency_id.like("mau.%")) & audit_event.c.sample.is_(True)
            connection.execute(delete(audit_event).where(known))
            for of_people in (contact, absence):
                connection.execute(delete(of_people).where(of_people.c.agency_id.like("mau.%")))
            connection.execute(delete(setting).where(setting.c.scope.like("mau.%")))
            connection.execute(delete(agency).where(agency.c.id.like("mau.%")))
    for letter in letters:
        FolderChannel(dondoc.settings.outbox_folder).forget(letter)
    return "deleted"
