"""How a lead unit's plans stood at a moment: what the head's weekly page shows.

At an earlier moment (``late``: the machine was off at 16:00 of Friday) what happened since is taken back by the trail.
Everything is asked by a fixed number of queries, and only the first lines of each part are read in full.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.engine import Connection

from app.naming import plan_name
from app.week import changes, decisions
from app.week.content import KEPT, PLAINLY, Content, DueLine, Figures, LateBody, Report
from notifications import weekly_page
from notifications.weekly import days_of, number_of
from plans.calendar import local_day
from plans.model import Plan
from plans.text import _, sort_key, two_digits
from tasks import as_of
from tasks.agencies import load_plans
from tasks.model import Occurrence, State
from tasks.naming import occurrence_title
from tasks.office import working_calendar
from tasks.tables import agency, answer, audit_event, audit_seal, occurrence, paper
from tasks.tables import plan as plan_table

_TITLES = 3  # of one body that are kept


def content_at(connection: Connection, unit: str, *, at: datetime, late: bool = False) -> Content:
    """What the page of that unit shows at ``at``. A unit that follows nothing but the sample gets a page of the
    sample, which says so."""
    return Standing(connection, unit, at=at, late=late).content()


def names_its_own(connection: Connection, unit: str) -> bool:
    """Whether that unit follows, or followed, a plan that is not the sample."""
    real = select(plan_table.c.id).where(plan_table.c.lead == unit, plan_table.c.sample.is_(False))
    return connection.execute(real.where(plan_table.c.activated_at.is_not(None)).limit(1)).first() is not None


class Standing:
    """The occurrences of one lead unit at one moment."""

    def __init__(self, connection: Connection, unit: str, *, at: datetime, late: bool) -> None:
        self.connection, self.unit, self.at = connection, unit, at
        self.today = local_day(at)
        self.sample = not names_its_own(connection, unit)
        self.plans_of = select(plan_table.c.id).where(
            plan_table.c.lead == unit, plan_table.c.sample.is_(self.sample), plan_table.c.activated_at.is_not(None)
        )
        self.mine = occurrence.c.plan_id.in_(self.plans_of) & occurrence.c.before_tracking.is_(False)
        self.rewound = as_of.changed(connection, self.mine, at=at) if late else []
        unchanged = occurrence.c.id.not_in(as_of.changed_since(at)) & as_of.there_at(at)
        self.stored = self.mine & unchanged if late else self.mine

    @cached_property
    def plans(self) -> dict[str, Plan]:
        return load_plans(self.connection, self.connection.execute(self.plans_of).scalars().all())

    @cached_property
    def names(self) -> dict[str, str]:
        """Of the bodies that owe something under these plans."""
        owing = select(occurrence.c.agency_id).where(self.mine)
        chosen = select(agency.c.id, agency.c.name).where(agency.c.id.in_(owing))
        return {row.id: row.name for row in self.connection.execute(chosen)}

    def content(self) -> Content:
        calendar = working_calendar(self.connection)
        week = number_of(self.today)
        since = weekly_page.before(calendar, week)
        due_to = days_of(week)[1] + timedelta(days=7)
        counted, late = self._late()
        lines, due, due_lines = self._due(due_to)
        asked, asked_in_all = decisions.of(self)
        told, told_in_all = changes.of(self, since)
        place, head = self._chain()
        figures = Figures(
            overdue=sum(number for number, _day in counted.values()),
            bodies=len(counted),
            claimed=self._number(occurrence.c.state == State.CLAIMED, lambda o: o.state is State.CLAIMED),
            due=due,
            review=self._number(occurrence.c.state == State.RECEIVED, lambda o: o.state is State.RECEIVED),
            received=self._received(since),
            decisions=asked_in_all,
            due_lines=due_lines,
            changes=told_in_all,
        )
        return Content(
            unit=self._name(), at=self.at, since=since, due_to=due_to, figures=figures, decisions=asked, overdue=late,
            due=lines, changes=told, entered_to=self._entered_to(), place=place, head=head, sample=self.sample,
            plans=tuple(sorted(self.plans)),
        )  # fmt: skip

    def title(self, report: Report) -> str:
        """``Báo cáo năm 2024 (2316/QĐ-UBND)``; the plan is not named where there is one only."""
        plan = self.plans.get(report.plan_id)
        duty = next((each for each in plan.duties if each.id == report.duty_id), None) if plan else None
        title = occurrence_title(duty, report.period) if duty else report.duty_id
        return f"{title} ({plan_name(plan)})" if plan and len(self.plans) > 1 else title

    # -- what is late, by bodies --

    def _late(self) -> tuple[dict[str, tuple[int, date]], tuple[LateBody, ...]]:
        """How much of each body is late and since when, and the first bodies with what it is."""
        o = occurrence.c
        day = func.coalesce(o.resend_by, o.late_after)
        which = self.stored & o.state.in_(PLAINLY) & (day < self.today)
        found: dict[str, tuple[int, date]] = {}
        rows = select(o.agency_id, func.count().label("number"), func.min(day).label("oldest")).where(which)
        for row in self.connection.execute(rows.group_by(o.agency_id)):
            found[row.agency_id] = (int(row.number), row.oldest)
        again = [each for each in self.rewound if each.state in PLAINLY and _ends(each) < self.today]
        for each in again:
            number, oldest = found.get(each.agency_id, (0, date.max))
            found[each.agency_id] = (number + 1, min(oldest, _ends(each)))
        first = sorted(found, key=lambda it: (-found[it][0], found[it][1], sort_key(self.names.get(it, it))))[:KEPT]
        titles = self._titles(which, again, first)
        return found, tuple(
            LateBody(it, self.names.get(it, it), found[it][0], (self.today - found[it][1]).days, titles[it])
            for it in first
        )

    def _titles(
        self, which: ColumnElement[bool], again: Iterable[Occurrence], bodies: list[str]
    ) -> dict[str, tuple[str, ...]]:
        """Of these bodies the reports that are late for longest."""
        o = occurrence.c
        day = func.coalesce(o.resend_by, o.late_after)
        ranked = func.row_number().over(partition_by=o.agency_id, order_by=(day, o.id)).label("rank")
        rows = select(o.agency_id, o.plan_id, o.duty_id, o.period, day.label("day"), ranked)
        chosen = rows.where(which, o.agency_id.in_(bodies)).subquery()
        found: dict[str, list[tuple[date, Report]]] = defaultdict(list)
        for row in self.connection.execute(select(chosen).where(chosen.c.rank <= _TITLES)):
            found[row.agency_id].append((row.day, Report(row.plan_id, row.duty_id, row.period)))
        for each in again:
            found[each.agency_id].append((_ends(each), Report(each.plan_id, each.duty_id, each.period)))
        told = {it: [self.title(report) for _day, report in sorted(found[it], key=_by_day)] for it in bodies}
        return {it: tuple(dict.fromkeys(titles))[:_TITLES] for it, titles in told.items()}

    # -- what falls due --

    def _due(self, last: date) -> tuple[tuple[DueLine, ...], int, int]:
        """What is not late yet and falls due up to that day: the first lines, how many things, how many lines."""
        o = occurrence.c
        day, ends = func.coalesce(o.resend_by, o.last_day), func.coalesce(o.resend_by, o.late_after)
        which = self.stored & o.state.in_(PLAINLY) & (ends >= self.today) & (day <= last)
        grouped = select(
            day.label("day"), o.plan_id, o.duty_id, o.period, func.count().label("number"),
            func.min(o.agency_id).label("one"), func.max(o.agency_id).label("other"),
        ).where(which)  # fmt: skip
        found: dict[tuple[date, Report], Counter[str]] = defaultdict(Counter)
        for row in self.connection.execute(grouped.group_by(day, o.plan_id, o.duty_id, o.period)):
            owing = found[row.day, Report(row.plan_id, row.duty_id, row.period)]
            owing.update({row.one, row.other})
            owing[""] = row.number - len({row.one, row.other})  # those without a name here
        for each in self.rewound:
            if each.state in PLAINLY and _ends(each) >= self.today and each.ladder_last_day <= last:
                found[each.ladder_last_day, Report(each.plan_id, each.duty_id, each.period)][each.agency_id] += 1
        lines = sorted(((at, self.title(report), self.who(owing)) for (at, report), owing in found.items()), key=_line)
        total = sum(sum(owing.values()) for owing in found.values())
        return tuple(DueLine(*line) for line in lines[:KEPT]), total, len(lines)

    def who(self, owing: Counter[str]) -> str:
        """``Sở Nội vụ, Sở Tài chính``, or how many bodies; what the unit owes itself is its own."""
        number = sum(owing.values())
        named = [it for it in owing if it and owing[it]]
        if number > 2 or number != len(named):
            return _("{n} cơ quan").format(n=two_digits(number))
        if named == [self.unit]:
            return _("việc của đơn vị")
        return ", ".join(sorted((self.names.get(it, it) for it in named), key=sort_key))

    # -- the rest --

    def _number(self, stored: ColumnElement[bool], again: Any) -> int:
        counted = select(func.count()).select_from(occurrence).where(self.stored, stored)
        return int(self.connection.execute(counted).scalar_one()) + sum(1 for each in self.rewound if again(each))

    def _received(self, since: datetime) -> int:
        """Occurrences for which a paper was recorded in the week."""
        e = audit_event.c
        counted = select(func.count(e.occurrence_id.distinct())).where(
            e.plan_id.in_(self.plans_of), e.kind == "record", e.at > since, e.at <= self.at
        )
        return int(self.connection.execute(counted).scalar_one())

    def _entered_to(self) -> date | None:
        """The day of the newest paper that answers these plans, as far as it had been typed in by then."""
        answered = select(answer.c.paper_id).where(
            answer.c.verdict != "void",
            answer.c.occurrence_id.in_(select(occurrence.c.id).where(occurrence.c.plan_id.in_(self.plans_of))),
        )
        newest = select(func.max(paper.c.received_on)).where(paper.c.id.in_(answered), paper.c.recorded_at <= self.at)
        found = self.connection.execute(newest).scalar()
        return found if isinstance(found, date) else None

    def _chain(self) -> tuple[int, str]:
        joined = select(audit_seal.c.place, audit_seal.c.hash).join(
            audit_event, audit_event.c.id == audit_seal.c.event_id
        )
        newest = joined.where(audit_event.c.at <= self.at).order_by(audit_seal.c.place.desc()).limit(1)
        row = self.connection.execute(newest).one_or_none()
        return (row.place, row.hash) if row else (0, "")

    def _name(self) -> str:
        return str(self.connection.execute(select(agency.c.name).where(agency.c.id == self.unit)).scalar_one())


def _ends(o: Occurrence) -> date:
    return o.ladder_late_after


def _by_day(each: tuple[date, Report]) -> tuple[date, str, str, str]:
    day, report = each
    return day, report.plan_id, report.duty_id, report.period


def _line(line: tuple[date, str, str]) -> tuple[Any, ...]:
    return line[0], sort_key(line[1]), line[2]
