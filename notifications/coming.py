"""What will be told of one occurrence if nobody does anything, to whom, and what stands against it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from notifications.contacts import ContactRole
from notifications.fate import reason_word
from notifications.ladder import Role, Rung, Told, merged_days
from notifications.planner import PlanningContext
from plans.calendar import end_of
from plans.text import _, short_day
from tasks.model import Occurrence

_POST_OF = {Role.AGENCY: ContactRole.AGENCY, Role.OFFICER: ContactRole.OFFICER, Role.HEAD: ContactRole.HEAD}


def rungs_ahead(
    context: PlanningContext, o: Occurrence, ledger: Iterable[Told], *, now: datetime
) -> Iterator[tuple[Rung, str | None]]:
    """The rungs that are still to speak, with what stands against each, in words (None: nothing).

    Whether anybody can be reached is another question: ``post_for``.
    """
    known = {(told.rung, told.role) for told in ledger if told.revision == o.revision}
    unreachable = context.unreachable(o, now=now)
    for rung in merged_days(context.rungs(o), after=o.tracked_from):
        if rung.at > now and (rung.name, rung.role) not in known:
            yield rung, _against(o, rung, unreachable.get(rung.role))


def post_for(context: PlanningContext, o: Occurrence, role: Role) -> tuple[str, ContactRole]:
    """The body and the hat that a role means: a level without an address is reached through the lead's officer."""
    body = context.body_of(o)[role]
    through_officer = role is Role.AGENCY and body != o.agency_id
    return body, ContactRole.OFFICER if through_officer else _POST_OF[role]


def _against(o: Occurrence, rung: Rung, unreachable: str | None) -> str | None:
    if unreachable is not None:
        return reason_word(unreachable)
    if rung.role is Role.AGENCY and o.muted_until is not None and rung.at < end_of(o.muted_until):
        return _("tạm dừng nhắc đến {day}").format(day=short_day(o.muted_until))
    return None
