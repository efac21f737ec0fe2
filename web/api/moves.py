"""The moves of an occurrence. Each is guarded by its state (409) and, with If-Match, by what was seen (412)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Header, Response
from pydantic import Field
from sqlalchemy.engine import Connection

from app.views import api
from people.rights import Right
from plans.text import _, day_text
from tasks import desk, moves, papers
from tasks.agencies import find_agency, load_register
from tasks.errors import AgencyUnknown, BadInput, ChangedMeanwhile
from web.api.answers import OccurrenceOut
from web.api.bearer import Call, needs
from web.api.fields import Body, Day, OccurrencePath, Short, Text
from web.api.problems import OF_MOVES, Refused

router = APIRouter(tags=["moves"], responses=OF_MOVES)
AT = "/occurrences/{occurrence_id:path}"
Seen = Annotated[str | None, Header(alias="If-Match", max_length=100, description="The ETag of the occurrence.")]


class Claim(Body):
    number: Short | None = None
    dated: Day | None = None


class Return(Body):
    reason: Text = Field(
        description="period, incomplete, recipient, signature, unreadable, personal_data, or free text"
    )
    by: Day | None = Field(default=None, description="To be sent again by; default: three working days from today.")


class Extend(Body):
    to: Day
    document: Text = Field(description="The document of the issuer of the plan.")


class Promise(Body):
    on: Day


class Hold(Body):
    until: Day | None = Field(description="null: reminders go on.")


class Waive(Body):
    reason: Text


class Transfer(Body):
    to: Text = Field(description="The successor: its id, or a name that one body bears.")
    document: Text | None = None


@router.post(AT + "/claim", summary="Cơ quan báo đã gửi: the agency says that it has sent it")
def claim(
    occurrence_id: OccurrencePath,
    said: Claim,
    response: Response,
    seen: Seen = None,
    call: Call = needs(Right.WORK, "occurrence_id"),
) -> OccurrenceOut:
    def work(c: Connection) -> None:
        moves.claim(c, occurrence_id, number=said.number, dated=said.dated, now=call.now, actor=call.actor)

    return _move(call, occurrence_id, seen, response, work)


@router.post(AT + "/accept", summary="Chấp nhận: the paper is in order")
def accept(
    occurrence_id: OccurrencePath,
    response: Response,
    seen: Seen = None,
    call: Call = needs(Right.WORK, "occurrence_id"),
) -> OccurrenceOut:
    def work(c: Connection) -> None:
        moves.accept(c, occurrence_id, now=call.now, actor=call.actor)

    return _move(call, occurrence_id, seen, response, work)


@router.post(AT + "/return", summary="Trả lại: the paper goes back")
def give_back(
    occurrence_id: OccurrencePath,
    said: Return,
    response: Response,
    seen: Seen = None,
    call: Call = needs(Right.WORK, "occurrence_id"),
) -> OccurrenceOut:
    def work(c: Connection) -> None:
        moves.return_(c, occurrence_id, reason=said.reason, by=said.by, now=call.now, actor=call.actor)

    return _move(call, occurrence_id, seen, response, work)


@router.post(AT + "/extend", summary="Gia hạn: a later deadline by a document of the issuer")
def extend(
    occurrence_id: OccurrencePath,
    said: Extend,
    response: Response,
    seen: Seen = None,
    call: Call = needs(Right.WORK, "occurrence_id"),
) -> OccurrenceOut:
    def work(c: Connection) -> None:
        moves.extend(c, [occurrence_id], to=said.to, document=said.document, now=call.now, actor=call.actor)

    return _move(call, occurrence_id, seen, response, work)


@router.post(AT + "/promise", summary="Ghi hẹn gửi: reminders rest until that day, the deadline does not move")
def promise(
    occurrence_id: OccurrencePath,
    said: Promise,
    response: Response,
    seen: Seen = None,
    call: Call = needs(Right.WORK, "occurrence_id"),
) -> OccurrenceOut:
    def work(c: Connection) -> None:
        moves.promise(c, occurrence_id, on=said.on, now=call.now, actor=call.actor)

    return _move(call, occurrence_id, seen, response, work)


@router.post(AT + "/hold", summary="Tạm dừng: no automatic reminder until that day")
def hold(
    occurrence_id: OccurrencePath,
    said: Hold,
    response: Response,
    seen: Seen = None,
    call: Call = needs(Right.WORK, "occurrence_id"),
) -> OccurrenceOut:
    def work(c: Connection) -> None:
        _not_past(said.until, call.today)
        moves.hold(c, occurrence_id, until=said.until, now=call.now, actor=call.actor)

    return _move(call, occurrence_id, seen, response, work)


@router.post(AT + "/waive", summary="Miễn kỳ này: nothing is owed this time")
def waive(
    occurrence_id: OccurrencePath,
    said: Waive,
    response: Response,
    seen: Seen = None,
    call: Call = needs(Right.WORK, "occurrence_id"),
) -> OccurrenceOut:
    def work(c: Connection) -> None:
        moves.waive(c, occurrence_id, reason=said.reason, now=call.now, actor=call.actor)

    return _move(call, occurrence_id, seen, response, work)


@router.post(AT + "/transfer", summary="Chuyển cơ quan kế thừa: to the successor of the body")
def transfer(
    occurrence_id: OccurrencePath,
    said: Transfer,
    response: Response,
    seen: Seen = None,
    call: Call = needs(Right.WORK, "occurrence_id"),
) -> OccurrenceOut:
    def work(c: Connection) -> None:
        if not said.to:
            raise AgencyUnknown(said.to)
        heir = find_agency(load_register(c), said.to)
        moves.transfer(c, occurrence_id, to=heir, document=said.document or None, now=call.now, actor=call.actor)

    return _move(call, occurrence_id, seen, response, work)


@router.post(AT + "/undo", summary="Bỏ ghi nhận: the paper was recorded for the wrong occurrence")
def undo(
    occurrence_id: OccurrencePath,
    response: Response,
    seen: Seen = None,
    call: Call = needs(Right.WORK, "occurrence_id"),
) -> OccurrenceOut:
    def work(c: Connection) -> None:
        papers.undo(c, occurrence_id, now=call.now, actor=call.actor)

    return _move(call, occurrence_id, seen, response, work)


@router.post(AT + "/reopen", summary="Mở lại: something closed is owed again")
def reopen(
    occurrence_id: OccurrencePath,
    response: Response,
    seen: Seen = None,
    call: Call = needs(Right.WORK, "occurrence_id"),
) -> OccurrenceOut:
    def work(c: Connection) -> None:
        moves.reopen(c, occurrence_id, now=call.now, actor=call.actor)

    return _move(call, occurrence_id, seen, response, work)


def _move(
    call: Call, occurrence_id: str, seen: str | None, response: Response, work: Callable[[Connection], None]
) -> OccurrenceOut:
    """In one transaction, and the occurrence as it stands afterwards. Raises Refused (412) and what ``work`` raises."""
    with call.writing() as connection:
        if seen is not None and seen.strip() != "*":
            _as_seen(connection, occurrence_id, seen)
        work(connection)
        rows = api.these_occurrences(connection, call.units(Right.WORK), [occurrence_id], today=call.today)
    found = OccurrenceOut.of(rows[0])
    response.headers["ETag"] = found.etag
    return found


def _as_seen(connection: Connection, occurrence_id: str, seen: str) -> None:
    try:
        desk.unchanged(connection, occurrence_id, seen.strip().removeprefix("W/").strip('"'))
    except ChangedMeanwhile as changed:
        raise Refused(412, "changed-meanwhile", str(changed)) from changed


def _not_past(day: date | None, today: date) -> None:
    if day is not None and day < today:
        raise BadInput(_("Ngày tạm dừng {day} đã qua.").format(day=day_text(day)))
