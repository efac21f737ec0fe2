"""Biên bản bàn giao: everything that is open in the hands of a lead unit's officer, for the next one.

Plain sections of plain cells: the page and the printed file show the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.engine import Connection

from app import handover_people as people
from app.board import plan_name
from app.handover_parts import MOST, Line, Section, section
from app.views.occurrences import UNDONE, Filters
from app.views.punctuality import last_day, late_after, open_columns
from plans.calendar import local_day
from plans.model import Plan
from plans.text import _, day_text, sort_key
from tasks.agencies import load_plans, load_register
from tasks.desk import RequestKind, request_text
from tasks.desk_tables import request
from tasks.letter_tables import letter
from tasks.model import OWED, PlanStatus, State
from tasks.naming import occurrence_title
from tasks.seal import head
from tasks.status import Status
from tasks.tables import agency, occurrence
from tasks.tables import plan as plan_table

AHEAD = timedelta(days=30)
RECENT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Handover:
    """The state of a unit's work at a moment. ``place`` and ``hash``: the head of the trail then."""

    unit: str
    unit_name: str
    at: datetime
    sections: tuple[Section, ...]
    place: int
    hash: str


def gather(connection: Connection, unit: str, *, now: datetime) -> Handover:
    """By a fixed number of queries. Raises KeyError where there is no such body."""
    today = local_day(now)
    name = load_register(connection)[unit].name
    rows = connection.execute(select(plan_table.c.id, plan_table.c.status).where(plan_table.c.lead == unit)).all()
    plans = load_plans(connection, [row.id for row in rows])
    active = {row.id: plans[row.id] for row in rows if row.status == PlanStatus.ACTIVE}
    desk = _Desk(connection, active, today)
    newest = head(connection)
    sections = (
        desk.plans(),
        desk.overdue(),
        desk.coming(),
        desk.waiting(),
        desk.claimed(),
        desk.requests(),
        desk.returned(),
        desk.held(),
        desk.orphaned(),
        _letters(connection, unit, plans, today),
        people.unreached(connection, unit, now=now),
        people.contacts(connection, unit, today=today),
        people.absences(connection, unit, today=today),
        people.accounts(connection, unit, today=today),
    )
    return Handover(unit, name, now, sections, newest.place if newest else 0, newest.hash if newest else "")


@dataclass(frozen=True, slots=True)
class _Desk:
    """What is open in the followed plans of a unit."""

    connection: Connection
    active: dict[str, Plan]
    today: date

    def plans(self) -> Section:
        o = occurrence.c
        nearest = func.min(last_day()).filter(o.state.in_(OWED))
        chosen = select(o.plan_id, *open_columns(self.today), nearest).where(self._mine()).group_by(o.plan_id)
        numbers = {row[0]: row for row in self.connection.execute(chosen)}
        lines = []
        for plan in sorted(self.active.values(), key=lambda each: sort_key(plan_name(each))):
            found = numbers.get(plan.id)
            told = (str(found[1]), str(found[2]), _day(found[3])) if found else ("0", "0", "")
            lines.append(Line((plan_name(plan), plan.number or "", *told), f"/ke-hoach/{plan.id}"))
        columns = (_("Kế hoạch"), _("Số"), _("Kỳ chưa xong"), _("Quá hạn"), _("Hạn gần nhất"))
        return section(_("Kế hoạch đang theo dõi"), columns, lines, _("Không theo dõi kế hoạch nào."))

    def overdue(self) -> Section:
        late = occurrence.c.state.in_(OWED) & (late_after() < self.today)
        lines = self._by_report(late, Status.OVERDUE)
        return section(_("Quá hạn, chưa nhận"), self._report_columns(), lines, _("Không có kỳ nào quá hạn."))

    def coming(self) -> Section:
        soon = (late_after() >= self.today) & (last_day() <= self.today + AHEAD)
        lines = self._by_report(occurrence.c.state.in_(OWED) & soon, None)
        title = _("Đến hạn từ nay đến {day}").format(day=day_text(self.today + AHEAD))
        return section(title, self._report_columns(), lines, _("Không có kỳ nào đến hạn."))

    @staticmethod
    def _report_columns() -> tuple[str, ...]:
        return (_("Gửi chậm nhất"), _("Kế hoạch"), _("Nhiệm vụ, kỳ"), _("Số cơ quan"))

    def _by_report(self, which: ColumnElement[bool], status: Status | None) -> list[Line]:
        """A report that many bodies owe by one day is one line."""
        o, day = occurrence.c, last_day()
        keys = (o.plan_id, o.duty_id, o.period, day)
        chosen = select(*keys, func.count()).where(self._mine(), which).group_by(*keys).order_by(day, o.plan_id)
        lines = []
        for plan_id, duty_id, period, last, number in self.connection.execute(chosen):
            plan = self.active[plan_id]
            asked = Filters(plan=plan_id, duty=duty_id, status=status or UNDONE)
            cells = (_day(last), plan_name(plan), _title(plan, duty_id, period), str(number))
            lines.append(Line(cells, f"/ky?{asked.query()}"))
        return lines

    def waiting(self) -> Section:
        lines = [
            Line((*self._what(row), row.number or "", _day(row.received_on)), _path(row))
            for row in self._rows(occurrence.c.state == State.RECEIVED.value, occurrence.c.received_on)
        ]
        columns = (*self._what_columns(), _("Số văn bản"), _("Nhận ngày"))
        return section(_("Văn bản đã nhận, chờ xem"), columns, lines, _("Không có văn bản nào chờ xem."))

    def claimed(self) -> Section:
        lines = [
            Line((*self._what(row), row.claimed or ""), _path(row))
            for row in self._rows(occurrence.c.state == State.CLAIMED.value, occurrence.c.last_day)
        ]
        columns = (*self._what_columns(), _("Cơ quan báo"))
        return section(_("Cơ quan báo đã gửi, chờ đối chiếu"), columns, lines, _("Không có."))

    def requests(self) -> Section:
        asked = (request.c.kind, request.c.wanted, request.c.text.label("said"), request.c.at.label("asked_at"))
        chosen = self._select(*asked).join(request, request.c.occurrence_id == occurrence.c.id)
        rows = self.connection.execute(chosen.where(request.c.settled_at.is_(None)).order_by(request.c.id))
        lines = []
        for row in rows:
            kind = request_text(RequestKind(row.kind))
            wanted = f"{kind} {_day(row.wanted)}" if row.wanted else kind
            lines.append(Line((*self._what(row), wanted, row.said, _day(local_day(row.asked_at))), _path(row)))
        columns = (*self._what_columns(), _("Đề nghị"), _("Nội dung"), _("Ngày"))
        return section(_("Đề nghị của cơ quan chờ trả lời"), columns, lines, _("Không có."))

    def returned(self) -> Section:
        lines = [
            Line((*self._what(row), _day(row.resend_by)), _path(row))
            for row in self._rows(occurrence.c.state == State.RETURNED.value, occurrence.c.resend_by)
        ]
        columns = (*self._what_columns(), _("Gửi lại chậm nhất"))
        return section(_("Trả lại, chờ gửi lại"), columns, lines, _("Không có."))

    def held(self) -> Section:
        why = {"hold": _("tạm dừng nhắc"), "promise": _("hẹn gửi"), "claim": _("báo đã gửi")}
        muted = occurrence.c.state.in_(OWED) & (occurrence.c.muted_until >= self.today)
        lines = [
            Line((*self._what(row), why.get(row.muted_why or "", ""), _day(row.muted_until)), _path(row))
            for row in self._rows(and_(muted, occurrence.c.muted_why != "claim"), occurrence.c.muted_until)
        ]
        columns = (*self._what_columns(), _("Lý do"), _("Đến hết ngày"))
        return section(_("Đang tạm dừng nhắc, đã hẹn ngày gửi"), columns, lines, _("Không có."))

    def orphaned(self) -> Section:
        ended = and_(occurrence.c.state.in_(OWED), agency.c.until < self.today)
        chosen = self._rows(ended, occurrence.c.last_day)
        lines = [Line((*self._what(row), _day(row.ended_on)), _path(row)) for row in chosen]
        columns = (*self._what_columns(), _("Cơ quan kết thúc ngày"))
        return section(_("Cần cơ quan kế thừa"), columns, lines, _("Không có."))

    # -- parts --

    def _mine(self) -> ColumnElement[bool]:
        return and_(occurrence.c.plan_id.in_(sorted(self.active)), occurrence.c.before_tracking.is_(False))

    def _select(self, *columns: Any) -> Select[Any]:
        names = (agency.c.name.label("agency_name"), agency.c.until.label("ended_on"))
        joined = select(occurrence, *names, *columns).join(agency, agency.c.id == occurrence.c.agency_id)
        return joined.where(self._mine())

    def _rows(self, which: ColumnElement[bool], order: Any) -> list[Row[Any]]:
        chosen = self._select().where(which).order_by(order, occurrence.c.id).limit(MOST + 1)
        return list(self.connection.execute(chosen))

    def _what(self, row: Row[Any]) -> tuple[str, str, str]:
        plan = self.active[row.plan_id]
        return row.agency_name, plan_name(plan), _title(plan, row.duty_id, row.period)

    @staticmethod
    def _what_columns() -> tuple[str, str, str]:
        return _("Cơ quan"), _("Kế hoạch"), _("Nhiệm vụ, kỳ")


def _letters(connection: Connection, unit: str, plans: dict[str, Plan], today: date) -> Section:
    """Drafts, and what was numbered in the last three months."""
    recent = (letter.c.state == "numbered") & (letter.c.dated >= today - RECENT)
    mine = (letter.c.lead == unit) & or_(letter.c.state == "draft", recent)
    chosen = select(letter).where(mine).order_by(letter.c.state, letter.c.dated.desc(), letter.c.id.desc())
    lines = []
    for row in connection.execute(chosen.limit(MOST + 1)):
        number = f"{row.number}/{row.symbol}" if row.number else _("dự thảo")
        plan = plan_name(plans[row.plan_id]) if row.plan_id in plans else row.plan_id
        words = str(row.content.get("abstract") or "") if isinstance(row.content, dict) else ""
        lines.append(Line((number, _day(row.dated), words, plan), f"/cong-van/{row.id}"))
    columns = (_("Số"), _("Ngày"), _("Trích yếu"), _("Kế hoạch"))
    return section(_("Công văn: dự thảo và đã ban hành trong 90 ngày"), columns, lines, _("Không có."))


def _title(plan: Plan, duty_id: str, period: str) -> str:
    duty = next((each for each in plan.duties if each.id == duty_id), None)
    return occurrence_title(duty, period) if duty else duty_id


def _path(row: Row[Any]) -> str:
    return f"/ky/{row.id}"


def _day(day: date | None) -> str:
    return day_text(day) if day else ""
