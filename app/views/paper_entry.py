"""What the grid for papers needs: who may have written, which duties a paper may answer, whether it is known."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection, Row

from app.board import plan_name
from app.views.scope import Units, occurrences_of, of_units
from plans.model import Plan
from plans.text import fold
from tasks import papers
from tasks.agencies import load_plans, load_register
from tasks.database import BATCH
from tasks.finding import Body, bodies
from tasks.model import OWED, Occurrence, State
from tasks.naming import occurrence_title
from tasks.status import Status, status_of, status_text
from tasks.tables import answer, occurrence, party
from tasks.tables import plan as plan_table
from tasks.typed import number_key

SHOWN = 8  # duties beside a row; the others fold away
MOST = 60  # of one body; nobody looks through more
_AHEAD = timedelta(days=400)
_SOON = 31  # days: what is due later is hardly answered yet
_WHOLE = 10  # more than any other sign


@dataclass(frozen=True, slots=True)
class Candidate:
    """An occurrence that a paper of this body may answer."""

    id: str
    agency_id: str
    title: str
    plan_name: str
    last_day: date
    status: str
    status_text: str
    claimed: str | None
    no_file: bool
    counts: bool  # False: fell due before the plan was followed
    returned: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """``ticked``: the one that is meant, as far as agency and days tell."""

    candidate: Candidate
    ticked: bool


@dataclass(frozen=True, slots=True)
class Twin:
    """A paper that bears the same number: which, received when, for what."""

    paper_id: int
    number: str
    received_on: date
    answers: tuple[str, ...]


def known_bodies(connection: Connection, units: Units) -> tuple[Body, ...]:
    """Every body that owes something in the plans of these units, in Vietnamese order."""
    mine = select(plan_table.c.id).where(of_units(units))
    parties = select(party.c.agency_id).where(party.c.plan_id.in_(mine))
    owing = select(occurrence.c.agency_id).where(occurrence.c.state.in_(OWED), occurrence.c.plan_id.in_(mine))
    ids = set(connection.execute(parties.union(owing)).scalars())
    register = load_register(connection)
    return bodies(register[each] for each in ids)


def all_of(connection: Connection, units: Units, ids: Iterable[str]) -> bool:
    """Whether these occurrences exist and all belong to the units."""
    wanted = set(ids)
    mine = select(occurrence.c.id).where(occurrence.c.id.in_(sorted(wanted)), occurrences_of(units))
    return set(connection.execute(mine).scalars()) == wanted


def candidates(
    connection: Connection, units: Units, agency_ids: Iterable[str], *, today: date
) -> dict[str, tuple[Candidate, ...]]:
    """What these bodies still owe to the units, in the order of the last days."""
    wanted = sorted(set(agency_ids))
    rows: list[Row[Any]] = []
    mine = select(plan_table.c.id).where(of_units(units))
    for start in range(0, len(wanted), BATCH):
        chosen = select(occurrence).where(
            occurrence.c.agency_id.in_(wanted[start : start + BATCH]),
            occurrence.c.state.in_(OWED),
            occurrence.c.last_day <= today + _AHEAD,
            occurrence.c.plan_id.in_(mine),
        )
        rows += connection.execute(chosen.order_by(occurrence.c.last_day, occurrence.c.id)).all()
    plans = load_plans(connection, {row.plan_id for row in rows})
    found: dict[str, list[Candidate]] = defaultdict(list)
    for row in rows:
        found[row.agency_id].append(_candidate(Occurrence.from_row(row), plans[row.plan_id], today))
    return {each: tuple(found[each]) for each in wanted}


def _candidate(o: Occurrence, plan: Plan, today: date) -> Candidate:
    duty = next((each for each in plan.duties if each.id == o.duty_id), None)
    status = status_of(o, today=today)
    return Candidate(
        o.id,
        o.agency_id,
        occurrence_title(duty, o.period) if duty else o.duty_id,
        plan_name(plan),
        o.ladder_last_day,
        status.value,
        status_text(o, today=today),
        o.claimed,
        bool(duty and duty.no_file),
        status is not Status.BEFORE_TRACKING,
        o.state is State.RETURNED,
    )


def propose(found: Sequence[Candidate], *, received: date, number: str = "", subject: str = "") -> tuple[Proposal, ...]:
    """The likeliest first, and ticked where nothing else is as likely.

    By what the agency claimed, by the words of the subject, then by how near the last day is.
    """
    ranked = sorted((_unlikely(each, received, number, subject), n, each) for n, each in enumerate(found))[:MOST]
    dated = bool(_years(set(fold(subject).split())))
    likely = [rank for rank, _n, each in ranked if _plausible(each, rank, received, dated)]
    clear = bool(likely) and (len(ranked) == 1 or ranked[0][0] < ranked[1][0]) and likely[0] == ranked[0][0]
    return tuple(Proposal(each, clear and n == 0) for n, (_rank, _order, each) in enumerate(ranked))


Rank = tuple[int, int, int]


def _unlikely(each: Candidate, received: date, number: str, subject: str) -> Rank:
    """Less is likelier: what contradicts what was said, whether it counts at all, how far the last day is."""
    distance = (each.last_day - received).days
    claimed = bool(each.claimed and number and number_key(number) in number_key(each.claimed))
    said = -100 if claimed else -_words_alike(each.title, subject)
    return said, int(not each.counts), -distance if distance < 0 else 2 * distance - int(each.returned)


def _plausible(each: Candidate, rank: Rank, received: date, dated: bool) -> bool:
    """``dated``: the subject names a period, so a duty of which it does not speak is not meant."""
    if rank[0] <= -_WHOLE:
        return True
    return not dated and rank[0] <= 0 and each.counts and (each.last_day - received).days <= _SOON


def _words_alike(title: str, subject: str) -> int:
    """How many words they share where the whole title with its period stands in the subject; 1: most of the title;
    0: nothing is said; -1: another period is named."""
    words, said = fold(title).split(), set(fold(subject).split())
    numbers = {_plain(word) for word in words if _is_number(word)}
    told = {_plain(word) for word in said if _is_number(word)}
    if not _years(told):  # "báo cáo tháng 2": the year goes without saying
        numbers -= _years(numbers)
    if not numbers <= told:
        return -1 if _years(told) else 0
    meant = [word for word in words if not _is_number(word)]
    shared = sum(word in said for word in meant)
    if shared == len(meant):
        return _WHOLE + shared + len(numbers)
    return 1 if 2 * shared > len(meant) else 0


def _is_number(word: str) -> bool:
    return bool(re.fullmatch(r"\d+|i{1,3}|iv", word))


def _plain(word: str) -> str:
    return word.lstrip("0") or word


def _years(words: set[str]) -> set[str]:
    return {word for word in words if re.fullmatch(r"(19|20)\d\d", word)}


def twin(connection: Connection, units: Units, issuer: str, number: str, year: int) -> Twin | None:
    """The paper of that issuer, number and year, with what it answers in these units."""
    row = papers.twin(connection, issuer, number, year) if number else None
    return _twin(connection, units, row) if row is not None else None


def _twin(connection: Connection, units: Units, row: Row[Any]) -> Twin:
    titles = titles_of(connection, units, [row.id])
    return Twin(row.id, row.number, row.received_on, tuple(titles.get(row.id, ())))


def titles_of(connection: Connection, units: Units, paper_ids: Iterable[int]) -> Mapping[int, list[str]]:
    """What each of these papers answers, by its title."""
    joined = answer.join(occurrence, occurrence.c.id == answer.c.occurrence_id).join(
        plan_table, plan_table.c.id == occurrence.c.plan_id
    )
    rows = connection.execute(
        select(answer.c.paper_id, occurrence.c.plan_id, occurrence.c.duty_id, occurrence.c.period)
        .select_from(joined)
        .where(answer.c.paper_id.in_(sorted(set(paper_ids))), answer.c.verdict != "void", of_units(units))
        .order_by(answer.c.occurrence_id)
    ).all()
    plans = load_plans(connection, {row.plan_id for row in rows})
    found: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        duty = next((each for each in plans[row.plan_id].duties if each.id == row.duty_id), None)
        found[row.paper_id].append(occurrence_title(duty, row.period) if duty else row.duty_id)
    return found
