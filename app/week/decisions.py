"""Cần quyết định: what the head was asked about and has not answered, what agencies ask for, what has no owner."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import exists, func, or_, select

from app.week.content import KEPT, PLAINLY, Decision, Report
from notifications.ladder import Role
from notifications.lines import one_line, shortened
from notifications.tables import notice
from plans.calendar import local_day
from plans.text import _, _n, day_text, two_digits
from tasks.desk import RequestKind, request_text
from tasks.desk_tables import direction, request
from tasks.model import OWED
from tasks.tables import agency, occurrence

if TYPE_CHECKING:
    from app.week.gather import Standing

_ASKED = (RequestKind.EXTENSION, RequestKind.OBSTACLE, RequestKind.NOT_RESPONSIBLE)  # a promise asks for nothing
_SAID = 160  # characters of an agency's words
_NO_LONGER = ("closed", "received")  # why a notice was dropped after it had been true


def of(standing: Standing) -> tuple[tuple[Decision, ...], int]:
    """The first ones, the most urgent before the others; and how many there are."""
    found = [*_questions(standing), *_requests(standing), *_orphans(standing)]
    return tuple(found[:KEPT]), len(found)


def _questions(s: Standing) -> list[Decision]:
    """Reports about which the head was asked for direction (rung ``head``), with whoever has not sent."""
    o = occurrence.c
    answered = exists().where(
        direction.c.occurrence_id == notice.c.occurrence_id,
        direction.c.at >= notice.c.queued_at,
        direction.c.at <= s.at,
    )
    asked = notice.c.rung.like("head-%") & (notice.c.role == Role.HEAD.value) & (notice.c.queued_at <= s.at)
    valid = or_(notice.c.status != "skipped", notice.c.reason.in_(_NO_LONGER))
    newest = select(func.max(notice.c.id)).where(asked, valid, notice.c.plan_id.in_(s.plans_of))
    rows = (
        select(o.id, o.plan_id, o.duty_id, o.period, o.agency_id, o.late_after, o.resend_by, notice.c.day)
        .join(notice, notice.c.occurrence_id == o.id)
        .where(notice.c.id.in_(newest.group_by(notice.c.occurrence_id)), ~answered)
    )
    again = {each.id: each for each in s.rewound}
    reports: dict[tuple[str, str, str], list[tuple[int, str]]] = {}
    still = rows.where(s.stored, o.state.in_(PLAINLY), notice.c.revision == o.revision)
    found = [*s.connection.execute(still)]
    if again:
        found += [row for row in s.connection.execute(rows.where(s.mine)) if _owed_then(again.get(row.id))]
    for row in found:
        days = max(0, (s.today - (row.resend_by or row.late_after)).days)
        reports.setdefault((row.plan_id, row.duty_id, row.period), []).append((days, row.agency_id))
    ordered = sorted(reports.items(), key=lambda each: (-max(each[1])[0], each[0]))
    return [_question(s, *key, owing) for key, owing in ordered]


def _owed_then(then: object) -> bool:
    return then is not None and getattr(then, "state", None) in PLAINLY


def _question(s: Standing, plan_id: str, duty_id: str, period: str, owing: list[tuple[int, str]]) -> Decision:
    days = max(owing)[0]
    who = s.who(Counter(agency_id for _days, agency_id in owing))
    text = _("Xin ý kiến chỉ đạo: chưa nhận của {bodies}").format(bodies=who)
    if [agency_id for _days, agency_id in owing] == [s.unit]:
        text = _("Xin ý kiến chỉ đạo: việc của đơn vị")
    if days:
        text += ", " + _n("quá hạn {n} ngày", days).format(n=days)
    return Decision(f"ky:{plan_id}/{duty_id}/{period}", s.title(Report(plan_id, duty_id, period)), text)


def _requests(s: Standing) -> list[Decision]:
    """What agencies asked for and nobody had answered by then, the oldest first."""
    o = occurrence.c
    waiting = or_(request.c.settled_at.is_(None), request.c.settled_at > s.at)
    chosen = (
        select(request, o.plan_id, o.duty_id, o.period, agency.c.name)
        .join(occurrence, o.id == request.c.occurrence_id)
        .join(agency, agency.c.id == o.agency_id)
        .where(s.mine, request.c.at <= s.at, waiting, request.c.kind.in_([each.value for each in _ASKED]))
        .order_by(request.c.at, request.c.id)
    )
    found = []
    for row in s.connection.execute(chosen):
        text = _("{agency}: {asked}").format(agency=row.name, asked=request_text(RequestKind(row.kind)).lower())
        if row.wanted:
            text = _("{text} đến {day}").format(text=text, day=day_text(row.wanted))
        if said := shortened(one_line(row.text), _SAID):
            text += f" (“{said}”)"
        text = _("{text}, chờ trả lời từ {day}").format(text=text, day=day_text(local_day(row.at)))
        found.append(Decision(f"de-nghi:{row.id}", s.title(Report(row.plan_id, row.duty_id, row.period)), text))
    return found


def _orphans(s: Standing) -> list[Decision]:
    """Bodies that have ended and still owe something: somebody has to say who takes it over."""
    o = occurrence.c
    rows = (
        select(o.agency_id, agency.c.name, agency.c.until, func.count().label("number"))
        .join(agency, agency.c.id == o.agency_id)
        .where(s.stored, o.state.in_(OWED), agency.c.until < s.today)
        .group_by(o.agency_id, agency.c.name, agency.c.until)
        .order_by(agency.c.until, o.agency_id)
    )
    text = _("Kết thúc hoạt động ngày {day}, còn {n} việc cần cơ quan kế thừa")
    return [
        Decision(f"ke-thua:{row.agency_id}", row.name, text.format(day=day_text(row.until), n=two_digits(row.number)))
        for row in s.connection.execute(rows)
    ]
