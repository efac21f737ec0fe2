"""The moves of an occurrence. Each is guarded by its state (409) and, with If-Match, by what was seen (412)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Response
from pydantic import Field
from sqlalchemy.engine import Connection

from app.views import api
from people.rights import Right
from tasks import desk, moves, papers
from tasks.agencies import find_agency, load_register
from tasks.errors import AgencyUnknown, ChangedMeanwhile
from web.api.answers import OccurrenceOut
from web.api.bearer import Call, needs
from web.api.fields import Body, Day, OccurrencePath, Short, Text
from web.api.problems import OF_MOVES, Refused

MAY = needs(Right.WORK, "occurrence_id")
router = APIRouter(tags=["moves"], responses=OF_MOVES, dependencies=[MAY])
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


class Moving:
    """What every move is told by its address and headers: which occurrence, who asks, and what was seen of it."""

    def __init__(self, occurrence_id: OccurrencePath, response: Response, seen: Seen = None, call: Call = MAY) -> None:
        self.id = occurrence_id
        self.now = call.now
        self.actor = call.actor
        self._call = call
        self._seen = seen
        self._response = response

    def done(self, work: Callable[[Connection], object]) -> OccurrenceOut:
        """In one transaction, and the occurrence as it stands afterwards. Raises Refused (412) and what ``work``
        raises."""
        with self._call.writing() as connection:
            if self._seen is not None and self._seen.strip() != "*":
                _as_seen(connection, self.id, self._seen)
            work(connection)
            units = self._call.units(Right.WORK)
            rows = api.these_occurrences(connection, units, [self.id], today=self._call.today)
        found = OccurrenceOut.of(rows[0])
        self._response.headers["ETag"] = found.etag
        return found


def _as_seen(connection: Connection, occurrence_id: str, seen: str) -> None:
    try:
        desk.unchanged(connection, occurrence_id, seen.strip().removeprefix("W/").strip('"'))
    except ChangedMeanwhile as changed:
        raise Refused(412, "changed-meanwhile", str(changed)) from changed


Move = Annotated[Moving, Depends()]


@router.post(AT + "/claim", summary="Cơ quan báo đã gửi: the agency says that it has sent it")
def claim(said: Claim, move: Move) -> OccurrenceOut:
    return move.done(
        lambda c: moves.claim(c, move.id, number=said.number, dated=said.dated, now=move.now, actor=move.actor)
    )


@router.post(AT + "/accept", summary="Chấp nhận: the paper is in order")
def accept(move: Move) -> OccurrenceOut:
    return move.done(lambda c: moves.accept(c, move.id, now=move.now, actor=move.actor))


@router.post(AT + "/return", summary="Trả lại: the paper goes back")
def give_back(said: Return, move: Move) -> OccurrenceOut:
    return move.done(
        lambda c: moves.return_(c, move.id, reason=said.reason, by=said.by, now=move.now, actor=move.actor)
    )


@router.post(AT + "/extend", summary="Gia hạn: a later deadline by a document of the issuer")
def extend(said: Extend, move: Move) -> OccurrenceOut:
    return move.done(
        lambda c: moves.extend(c, [move.id], to=said.to, document=said.document, now=move.now, actor=move.actor)
    )


@router.post(AT + "/promise", summary="Ghi hẹn gửi: reminders rest until that day, the deadline does not move")
def promise(said: Promise, move: Move) -> OccurrenceOut:
    return move.done(lambda c: moves.promise(c, move.id, on=said.on, now=move.now, actor=move.actor))


@router.post(AT + "/hold", summary="Tạm dừng: no automatic reminder until that day")
def hold(said: Hold, move: Move) -> OccurrenceOut:
    return move.done(lambda c: moves.hold(c, move.id, until=said.until, now=move.now, actor=move.actor))


@router.post(AT + "/waive", summary="Miễn kỳ này: nothing is owed this time")
def waive(said: Waive, move: Move) -> OccurrenceOut:
    return move.done(lambda c: moves.waive(c, move.id, reason=said.reason, now=move.now, actor=move.actor))


@router.post(AT + "/transfer", summary="Chuyển cơ quan kế thừa: to the successor of the body")
def transfer(said: Transfer, move: Move) -> OccurrenceOut:
    def work(c: Connection) -> None:
        if not said.to:
            raise AgencyUnknown(said.to)
        heir = find_agency(load_register(c), said.to)
        moves.transfer(c, move.id, to=heir, document=said.document or None, now=move.now, actor=move.actor)

    return move.done(work)


@router.post(AT + "/undo", summary="Bỏ ghi nhận: the paper was recorded for the wrong occurrence")
def undo(move: Move) -> OccurrenceOut:
    return move.done(lambda c: papers.undo(c, move.id, now=move.now, actor=move.actor))


@router.post(AT + "/reopen", summary="Mở lại: something closed is owed again")
def reopen(move: Move) -> OccurrenceOut:
    return move.done(lambda c: moves.reopen(c, move.id, now=move.now, actor=move.actor))
