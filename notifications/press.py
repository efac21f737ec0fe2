"""``press``: a message by hand, with preview (D7). It counts as no rung and moves nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import distinct, func, select
from sqlalchemy.engine import Connection, Engine

from notifications.facts import Rendered, Sheet
from notifications.gather import Gatherer
from notifications.ladder import Role, owner_role
from notifications.planner import PlanningContext
from notifications.render import render
from notifications.sheets import press_sheet
from notifications.tables import notice
from plans.calendar import local_day
from plans.text import _
from tasks import lifecycle, trail
from tasks.database import reading, writing
from tasks.errors import BadInput, PlanStopped
from tasks.model import OWED, Occurrence


def preview(engine: Engine, ids: Sequence[str], *, note: str | None, now: datetime) -> list[Rendered]:
    """The messages that ``press`` would send, one per occurrence. Raises BadInput, OccurrenceUnknown."""
    with reading(engine) as connection:
        return [render(sheet) for sheet in _sheets(connection, ids, note, now)]


def press(engine: Engine, ids: Sequence[str], *, note: str | None, now: datetime, actor: str) -> int:
    """Queues one message per occurrence, to go out at once in working hours; returns how many.

    The officer's words are kept with the audit row, where composing finds them again.
    """
    with writing(engine) as connection:
        lifecycle.lock(connection, ids)
        context = PlanningContext(connection)
        found = [_pressable(context, each, now) for each in ids]
        for o in found:
            _queue(connection, context, o, note, now, actor)
    return len(found)


def press_one(context: PlanningContext, occurrence_id: str, *, note: str | None, now: datetime, actor: str) -> None:
    """Queues one message in the transaction of the caller, who presses many. Raises BadInput, OccurrenceUnknown."""
    lifecycle.lock(context.connection, [occurrence_id])
    o = _pressable(context, occurrence_id, now)
    _queue(context.connection, context, o, note, now, actor)


def pressed(connection: Connection, ids: Sequence[str]) -> dict[str, int]:
    """How often each was pressed so far: a form that was sent twice is known by it."""
    mine = notice.c.subject.in_(list(ids)) & notice.c.rung.like("press-%")
    counted = select(notice.c.subject, func.count(distinct(notice.c.rung)).label("times")).where(mine)
    found = {row.subject: row.times for row in connection.execute(counted.group_by(notice.c.subject))}
    return {each: found.get(each, 0) for each in ids}


def _queue(
    connection: Connection, context: PlanningContext, o: Occurrence, note: str | None, now: datetime, actor: str
) -> None:
    pressed = (notice.c.subject == o.id) & notice.c.rung.like("press-%")
    role = owner_role(o)
    number = 1 + connection.execute(select(func.count()).select_from(notice).where(pressed)).scalar_one()
    rung = f"press-{number}"
    connection.execute(
        notice.insert().values(
            subject=o.id,
            revision=o.revision,
            rung=rung,
            role=role.value,
            day=local_day(now),
            plan_id=o.plan_id,
            occurrence_id=o.id,
            body=context.body_of(o)[role],
            agency_id=o.agency_id,
            status="queued",
            queued_at=now,
            sample=o.sample,
        )
    )
    trail.write(connection, [lifecycle.entry(o, "press", {"rung": rung, "note": note})], now=now, actor=actor)


def _pressable(context: PlanningContext, occurrence_id: str, now: datetime) -> Occurrence:
    o = lifecycle.load(context.connection, occurrence_id)
    if lifecycle.is_stopped(context.connection, o.plan_id):
        raise PlanStopped(o.plan_id, _("gửi nhắc"))
    if o.before_tracking and o.state in OWED:
        said = _("{occurrence} đến hạn trước ngày bắt đầu theo dõi, không nhắc. Sửa ngày bắt đầu: {command}")
        raise BadInput(said.format(occurrence=o.id, command=f"dondoc activate {o.plan_id} --from …"))
    if o.state not in OWED:
        raise BadInput(_("{occurrence} không còn chờ văn bản nào, không cần nhắc.").format(occurrence=o.id))
    why = context.unreachable(o, now=now).get(Role.AGENCY)
    if why == "agency_ended":
        raise BadInput(_("Cơ quan của {occurrence} đã kết thúc; cần chuyển cơ quan kế thừa.").format(occurrence=o.id))
    if why is not None:
        raise BadInput(_("{occurrence}: cơ quan này không nhận thông báo.").format(occurrence=o.id))
    return o


def _sheets(connection: Connection, ids: Sequence[str], note: str | None, now: datetime) -> Iterator[Sheet]:
    gatherer = Gatherer(connection, now=now)
    for each in ids:
        o = _pressable(gatherer.context, each, now)
        yield press_sheet(gatherer, o, gatherer.context.register[o.agency_id].name, note)
