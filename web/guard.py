"""Who may come in: every route names the right that it needs, and of whom.

``needs(Right.WORK, "occurrence_id")`` lets in a person who may work for the lead unit of that occurrence's plan. A test
walks every route and demands that it names its right here or stands among the open ones.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

from fastapi import Depends, Request
from sqlalchemy import select
from sqlalchemy.engine import Connection
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from app.views.bodies import leads_of
from notifications.tables import message_notice, notice
from people import sessions
from people.rights import Right
from people.sessions import Session
from plans.calendar import local_day
from tasks import agency_side, database
from tasks.desk_tables import plan_draft
from tasks.letter_tables import letter
from tasks.reading_tables import document, reading
from tasks.tables import answer, occurrence, plan
from web import csrf
from web.errors import FirstPassword, NotAllowed, NotFound, NotSignedIn
from web.visit import Office, Visit

COOKIE = "dondoc"
CHANGES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class Needs:
    """A dependency of a route: the visit of somebody who holds that right.

    ``of``: the path parameter that names a thing of some lead unit (see ``UNITS``). Where the person has no right for
    that unit, the thing does not exist.
    """

    def __init__(self, right: Right, of: str | None = None) -> None:
        if of is not None and of not in UNITS:
            raise ValueError(f"no way to find the unit of {of}")
        self.right = right
        self.of = of

    async def __call__(self, request: Request) -> AsyncIterator[Visit]:
        """A form is read only from somebody who is signed in: it may bring a large file. It is closed in any case."""
        session = await run_in_threadpool(session_of, request)
        if session is None:
            raise NotSignedIn
        form = await request.form() if request.method in CHANGES else FormData()
        try:
            yield await run_in_threadpool(self.admit, request, session, form)
        finally:
            await form.close()

    def admit(self, request: Request, session: Session, form: FormData) -> Visit:
        """Raises FirstPassword, Forged, NotAllowed, NotFound."""
        if request.method in CHANGES:
            csrf.check(request, form, session.csrf)
        if session.holder.must_change and self.right is not Right.ACCOUNT:
            raise FirstPassword
        if not session.holder.may(self.right):
            raise NotAllowed
        if self.of is not None:
            self._check_unit(request, session, request.path_params[self.of])
        return Visit(request, session, form)

    def _check_unit(self, request: Request, session: Session, value: str) -> None:
        office: Office = request.app.state.office
        with database.reading(office.dondoc.engine) as connection:
            units = UNITS[self.of or ""](connection, value)
        if not any(session.holder.may(self.right, unit) for unit in units):
            raise NotFound


def needs(right: Right, of: str | None = None) -> Any:
    """``visit: Visit = needs(Right.SEE, "plan_id")`` in the parameters of a route."""
    return Depends(Needs(right, of))


class Open:
    """A dependency of the few routes that anybody may call."""

    async def __call__(self, request: Request) -> AsyncIterator[Visit]:
        await run_in_threadpool(self.check, request)
        form = await request.form() if request.method in CHANGES else FormData()
        try:
            if request.method in CHANGES:
                csrf.check_signed_out(request, form)
            yield Visit(request, None, form)
        finally:
            await form.close()

    def check(self, request: Request) -> None:
        """Before the form is read. Raises NotFound."""


def open_to_all() -> Any:
    return Depends(Open())


class ByLink(Open):
    """A dependency of the routes behind the link of a message: its holder, whoever that is.

    The link is looked at before the form is read: nobody else has this server take a file in.
    """

    def check(self, request: Request) -> None:
        office: Office = request.app.state.office
        with database.reading(office.dondoc.engine) as connection:
            token = request.path_params["link"]
            office.dondoc.links.read(connection, token, today=local_day(office.clock()))


def by_link() -> Any:
    return Depends(ByLink())


def session_of(request: Request) -> Session | None:
    """Who asks, by the cookie. Being seen is written down every few minutes only."""
    held = request.cookies.get(COOKIE)
    if not held:
        return None
    office: Office = request.app.state.office
    now = office.clock()
    with database.reading(office.dondoc.engine) as connection:
        session = sessions.current(connection, held, now=now)
    if session is not None and session.stale:
        with database.writing(office.dondoc.engine) as connection:
            sessions.touch(connection, session.token, now=now)
    return session


def _lead_of_plan(connection: Connection, plan_id: str) -> list[str]:
    return list(connection.execute(select(plan.c.lead).where(plan.c.id == plan_id)).scalars())


def _lead_of_occurrence(connection: Connection, occurrence_id: str) -> list[str]:
    chosen = select(plan.c.lead).join(occurrence, occurrence.c.plan_id == plan.c.id)
    return list(connection.execute(chosen.where(occurrence.c.id == occurrence_id)).scalars())


def _leads_of_body(connection: Connection, agency_id: str) -> list[str]:
    return sorted(leads_of(connection, agency_id))


def _leads_of_message(connection: Connection, message_id: str) -> list[str]:
    if not message_id.isascii() or not message_id.isdecimal() or len(message_id) > 9:
        return []
    chosen = (
        select(plan.c.lead)
        .join(notice, notice.c.plan_id == plan.c.id)
        .join(message_notice, message_notice.c.notice_id == notice.c.id)
        .where(message_notice.c.message_id == int(message_id))
        .distinct()
    )
    return list(connection.execute(chosen).scalars())


def _leads_of_paper(connection: Connection, paper_id: str) -> list[str]:
    if not paper_id.isascii() or not paper_id.isdecimal() or len(paper_id) > 9:
        return []
    answered = select(answer.c.occurrence_id).where(answer.c.paper_id == int(paper_id))
    chosen = select(plan.c.lead).join(occurrence, occurrence.c.plan_id == plan.c.id)
    return list(connection.execute(chosen.where(occurrence.c.id.in_(answered)).distinct()).scalars())


def _lead_of_draft(connection: Connection, draft_id: object) -> list[str]:
    """Of a plan that is still being written."""
    typed = str(draft_id)
    if not typed.isascii() or not typed.isdecimal() or len(typed) > 9:
        return []
    return list(connection.execute(select(plan_draft.c.lead).where(plan_draft.c.id == int(typed))).scalars())


def _lead_of_reading(connection: Connection, reading_id: object) -> list[str]:
    """Of a document that is being reviewed."""
    typed = str(reading_id)
    if not typed.isascii() or not typed.isdecimal() or len(typed) > 9:
        return []
    chosen = select(document.c.lead).join(reading, reading.c.document_id == document.c.id)
    return list(connection.execute(chosen.where(reading.c.id == int(typed))).scalars())


def _lead_of_letter(connection: Connection, letter_id: object) -> list[str]:
    """Of the plan that it is about: who follows the plan up now has its letters."""
    typed = str(letter_id)
    if not typed.isascii() or not typed.isdecimal() or len(typed) > 9:
        return []
    chosen = select(plan.c.lead).join(letter, letter.c.plan_id == plan.c.id)
    return list(connection.execute(chosen.where(letter.c.id == int(typed))).scalars())


def _body_of_occurrence(connection: Connection, occurrence_id: str) -> list[str]:
    """Who owes it: where the lead unit lets agencies answer, its people may."""
    chosen = select(occurrence.c.agency_id, plan.c.lead).join(plan, plan.c.id == occurrence.c.plan_id)
    row = connection.execute(chosen.where(occurrence.c.id == occurrence_id)).one_or_none()
    return [row.agency_id] if row is not None and agency_side.answering(connection, [row.lead]) else []


def _the_unit_itself(_connection: Connection, unit: str) -> list[str]:
    return [unit]


# How the unit of a path parameter is found. A route with one of these parameters must name it: a test holds that.
UNITS: dict[str, Callable[[Connection, str], list[str]]] = {
    "plan_id": _lead_of_plan,
    "occurrence_id": _lead_of_occurrence,
    "agency_id": _leads_of_body,
    "message_id": _leads_of_message,
    "paper_id": _leads_of_paper,
    "unit": _the_unit_itself,
    "draft_id": _lead_of_draft,
    "reading_id": _lead_of_reading,
    "letter_id": _lead_of_letter,
    "own_id": _body_of_occurrence,
}
