"""Reads what messages say: the items of a person on the day of sending, as plain values; ``sheets`` lays them out."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Connection, Row

from notifications.contacts import ContactRole, contacts_of
from notifications.facts import Desk, Destination, Item
from notifications.planner import PlanningContext
from notifications.posts import Posts, in_post, officers, posts_on
from notifications.tables import contact, message, message_notice
from notifications.tables import notice as ledger
from plans.calendar import end_of, local_day
from plans.model import Duty, Plan, Relation
from plans.text import _, day_text, language
from tasks.model import OWED, Occurrence, PlanStatus, State
from tasks.moves import reason_text
from tasks.naming import occurrence_title
from tasks.status import days_late, status_text
from tasks.tables import occurrence, paper
from tasks.tables import plan as plan_table

AHEAD = timedelta(days=7)  # a digest lists what is due within a week


@dataclass(frozen=True, slots=True)
class Hats:
    """What one address stands for: the bodies it answers for, the lead units it watches or heads."""

    agencies: frozenset[str]
    watches: frozenset[str]
    heads: frozenset[str]


class Gatherer:
    """Reads what messages need; one per transaction, so that plans and bodies are read once."""

    def __init__(self, connection: Connection, *, now: datetime) -> None:
        self.connection = connection
        self.now = now
        self.today = local_day(now)
        self.context = PlanningContext(connection)
        self._occurrences: dict[str, Occurrence] = {}
        self._open: dict[str, list[Occurrence]] = {}
        self._hats: dict[str, Hats] = {}
        self._desks: dict[str, Desk] = {}
        self._answering: dict[str, bool] = {}

    @cached_property
    def posts(self) -> Posts:
        """Who is written to today."""
        return posts_on(self.connection, self.today)

    # -- what is read ahead for a whole batch --

    def prefetch(self, addresses: Collection[str], notices: Iterable[Row[Any]]) -> None:
        """Reads hats, open items and the notices' occurrences of a batch in a few queries."""
        self._load_hats(addresses)
        bodies = {body for address in addresses for body in self._own_bodies(self._hats[address])}
        self._load_open(sorted(bodies))
        told = list(notices)
        self._load_occurrences(sorted({n.occurrence_id for n in told if n.occurrence_id} - set(self._occurrences)))
        plans = {n.plan_id for n in told} | {o.plan_id for body in bodies for o in self._open[body]}
        self.context.look_ahead(plans, bodies | {n.agency_id for n in told} | {n.body for n in told})

    def _load_hats(self, addresses: Collection[str]) -> None:
        found: dict[str, list[Row[Any]]] = {address: [] for address in addresses}
        ordered = sorted(addresses)
        for start in range(0, len(ordered), 500):
            chosen = select(contact).where(contact.c.address.in_(ordered[start : start + 500]), in_post(self.today))
            for row in self.connection.execute(chosen):
                found[row.address].append(row)
        for address, rows in found.items():
            worn = {(r.agency_id, r.role) for r in rows}
            persons = {r.person for r in rows}
            worn |= {(a.agency_id, a.role.value) for a in self.posts.absences if a.stand_in in persons}
            self._hats[address] = Hats(
                frozenset(body for body, role in worn if role == ContactRole.AGENCY),
                frozenset(body for body, role in worn if role in (ContactRole.OFFICER, ContactRole.STAND_IN)),
                frozenset(body for body, role in worn if role == ContactRole.HEAD),
            )

    def _own_bodies(self, hats: Hats) -> frozenset[str]:
        return hats.agencies | hats.watches

    def _load_open(self, bodies: list[str]) -> None:
        missing = [body for body in bodies if body not in self._open]
        self._open |= {body: [] for body in missing}
        for start in range(0, len(missing), 500):
            chosen = (
                select(occurrence)
                .join(plan_table, plan_table.c.id == occurrence.c.plan_id)
                .where(
                    occurrence.c.agency_id.in_(missing[start : start + 500]),
                    occurrence.c.state.in_(OWED),
                    occurrence.c.before_tracking.is_(False),
                    occurrence.c.last_day <= self.today + AHEAD,
                    plan_table.c.status == PlanStatus.ACTIVE,
                )
                .order_by(occurrence.c.last_day, occurrence.c.id)
            )
            for row in self.connection.execute(chosen):
                self._open[row.agency_id].append(Occurrence.from_row(row))

    def _load_occurrences(self, ids: list[str]) -> None:
        for start in range(0, len(ids), 500):
            chosen = select(occurrence).where(occurrence.c.id.in_(ids[start : start + 500]))
            self._occurrences |= {row.id: Occurrence.from_row(row) for row in self.connection.execute(chosen)}

    def occurrence(self, occurrence_id: str) -> Occurrence:
        if occurrence_id not in self._occurrences:
            self._load_occurrences([occurrence_id])
        return self._occurrences[occurrence_id]

    def hats(self, address: str, notices: Collection[Row[Any]]) -> Hats:
        """What that address stands for; read now, with the occurrences of the notices, where nobody read it ahead."""
        if address not in self._hats:
            self.prefetch([address], notices)
        return self._hats[address]

    def own_items(self, hats: Hats, besides: Collection[str]) -> list[Occurrence]:
        """What somebody with these hats owes within a week, and those ids besides, the nearest day first."""
        found = {key: self.occurrence(key) for key in besides}
        for body in hats.agencies:
            found |= {o.id: o for o in self._open.get(body, ())}
        for lead in hats.watches:
            found |= {o.id: o for o in self._open.get(lead, ()) if o.relation is Relation.SELF}
        return sorted(found.values(), key=lambda o: (o.last_day, o.id))

    def owed_in_plan(self, plan_id: str, agency_id: str) -> list[Occurrence]:
        """Of each duty the next occurrence: a monthly list is one line, not thirteen."""
        chosen = (
            select(occurrence)
            .where(
                occurrence.c.plan_id == plan_id,
                occurrence.c.agency_id == agency_id,
                occurrence.c.state.in_(OWED),
                occurrence.c.before_tracking.is_(False),
            )
            .order_by(occurrence.c.last_day, occurrence.c.id)
        )
        first: dict[str, Occurrence] = {}
        for row in self.connection.execute(chosen):
            first.setdefault(row.duty_id, Occurrence.from_row(row))
        return list(first.values())

    # -- parts --

    def item(self, o: Occurrence, rung: str | None) -> Item:
        """One occurrence as a message tells it."""
        plan = self.context.plan(o.plan_id)
        duty = plan.duty(o.duty_id)
        body = self.context.register[o.agency_id]
        last_day = o.ladder_last_day
        calendar = self.context.calendar
        return Item(
            occurrence_id=o.id,
            plan_id=plan.id,
            plan_short=plan.short,
            plan_number=plan.number,
            lead_name=self.context.register[plan.lead].name,
            section=duty.section,
            quote=duty.rule.words,
            boundary=duty.rule.boundary,
            kind=duty.rule.kind,
            title=occurrence_title(duty, o.period),
            product=duty.product,
            agency_name=body.name,
            relation=o.relation,
            due=o.due,
            last_day=last_day,
            late_after=o.late_after,
            days_left=(last_day - self.today).days,
            days_late=days_late(o, today=self.today) or 0,
            overdue=o.state in OWED and self.now >= end_of(o.ladder_late_after),
            last_working_day=last_day > self.today and calendar.on_or_before(last_day) == self.today,
            window_from=o.window_from,
            window_to=o.window_to,
            destinations=self._destinations(duty),
            state=o.state,
            status_text=status_text(o, today=self.today),
            rung=rung,
            resend_by=o.resend_by,
            returned_for=reason_text(o.returned_for) if o.returned_for else None,
            extended_by=o.extended_by,
            claimed=o.claimed if o.state is State.CLAIMED else None,
            promised=o.muted_until if o.muted_why == "promise" else None,
            held_until=o.muted_until if o.muted_why == "hold" else None,
            number=o.number,
            told_off_on=self._told_off_on(o) if rung == "correction" else None,
            received_on=o.received_on,
            needs_successor=body.until is not None and body.until < self.today,
            no_file=duty.no_file,
            feeds=self._feeds(plan, duty, o),
            sample=o.sample,
        )

    def _told_off_on(self, o: Occurrence) -> date | None:
        """The day on which the agency was last told that this was overdue."""
        told = (
            select(func.max(message.c.settled_at))
            .join(message_notice, message_notice.c.message_id == message.c.id)
            .join(ledger, ledger.c.id == message_notice.c.notice_id)
            .where(ledger.c.subject == o.id, ledger.c.rung.like("overdue-%"), message.c.status == "sent")
        )
        settled = self.connection.execute(told).scalar()
        return local_day(settled) if settled else None

    def _destinations(self, duty: Duty) -> tuple[Destination, ...]:
        names = self.context.register
        return tuple(Destination(names[r.agency].name, r.role.value, r.detail) for r in duty.recipients)

    def _feeds(self, plan: Plan, duty: Duty, o: Occurrence) -> str | None:
        if not duty.feeds:
            return None
        title = occurrence_title(plan.duty(duty.feeds), o.period)
        day = self.context.fed_last_day(o, duty.feeds)
        return _("{title}, gửi chậm nhất {day}").format(title=title, day=day_text(day)) if day else title

    def desk(self, lead: str) -> Desk:
        """Whom to call: the lead unit's officer, or whoever stands in today."""
        if lead not in self._desks:
            found = officers(contacts_of(self.connection, lead), lead, self.posts)
            name = self.context.register[lead].name
            office = self.context.office(lead)
            first = found[0] if found else None
            mine = [each.address for each in found if first and each.person == first.person and each.channel == "email"]
            self._desks[lead] = Desk(
                name,
                office.sender or name,
                first.name if first else None,
                first.phone if first else None,
                mine[0] if mine else None,
                {key: text[language()] for key, text in office.texts.items() if language() in text},
            )
        return self._desks[lead]

    def answers(self, address: str) -> bool:
        """Whether somebody who answers as an officer today has the address to which replies go."""
        if address not in self._answering:
            has_it = (contact.c.address == address) & contact.c.active.is_(True)
            bodies = self.connection.execute(select(contact.c.agency_id).where(has_it).distinct()).scalars()
            self._answering[address] = any(self._answers_for(body, address) for body in bodies)
        return self._answering[address]

    def _answers_for(self, body: str, address: str) -> bool:
        known = contacts_of(self.connection, body)
        leads = any(each.role is ContactRole.OFFICER for each in known)
        return leads and any(each.address == address for each in officers(known, body, self.posts))

    def missing(self, plan_id: str, duty_id: str, period: str) -> tuple[int, int]:
        """How many bodies still owe a report, and how many owe it at all."""
        same = select(occurrence.c.state, func.count()).where(
            occurrence.c.plan_id == plan_id,
            occurrence.c.duty_id == duty_id,
            occurrence.c.period == period,
            occurrence.c.state.not_in((State.WAIVED, State.TRANSFERRED, State.CANCELLED)),
            occurrence.c.before_tracking.is_(False),
        )
        found = {row[0]: row[1] for row in self.connection.execute(same.group_by(occurrence.c.state))}
        return sum(found.get(state, 0) for state in OWED), sum(found.values())

    @cached_property
    def _newest_paper(self) -> date | None:
        newest = self.connection.execute(select(func.max(paper.c.received_on))).scalar()
        return newest if isinstance(newest, date) else None

    def entered_to(self) -> date | None:
        """The day of the newest paper: up to there the officer has typed in what came."""
        return self._newest_paper
