"""/papers: what came in (văn bản đến), recorded for any occurrences at once, and put right."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from app.views import api
from people.rights import Right
from tasks import paper_desk
from tasks.paper_desk import Entered
from tasks.papers import Paper
from web.api.answers import Listing, OccurrenceOut, PaperOut, Recorded
from web.api.bearer import Call, needs
from web.api.fields import Body, Day, Limit, OccurrenceRef, Offset, PaperPath, Short, SinceDay, UntilDay, Word
from web.api.problems import OF_MOVES, Refused, unknown

router = APIRouter(tags=["papers"])


class PaperFields(Body):
    """``secret``: received under secrecy; number and date are not kept."""

    received_on: Day
    number: Short | None = None
    dated: Day | None = None
    secret: bool = False

    def paper(self) -> Paper:
        return Paper(self.received_on, self.number or None, self.dated, secret=self.secret)


class PaperIn(PaperFields):
    occurrences: Annotated[list[OccurrenceRef], Field(min_length=1, max_length=100)]
    add: bool = Field(
        default=False, description="The paper is known to be recorded already: it answers these occurrences too."
    )


@router.get("/papers", summary="Papers (văn bản đến), the last recorded first")
def papers(
    plan: Word = None,
    issuer: Word = None,
    since: SinceDay = None,
    until: UntilDay = None,
    limit: Limit = 50,
    offset: Offset = 0,
    call: Call = needs(Right.SEE),
) -> Listing[PaperOut]:
    """The days are those on which they were received."""
    with call.reading() as connection:
        found = api.papers(
            connection,
            call.units(Right.SEE),
            plan_id=plan,
            issuer=issuer,
            start=since,
            end=until,
            limit=limit,
            offset=offset,
        )
    items = [PaperOut.of(row) for row in found.items]
    return Listing[PaperOut](items=items, total=found.total, limit=limit, offset=offset)


@router.post("/papers", status_code=201, summary="Ghi nhận văn bản: records one paper", responses=OF_MOVES)
def record(said: PaperIn, response: Response, call: Call = needs(Right.WORK)) -> Recorded:
    """Accepted in the same step unless the lead unit looks at papers first.

    Sent twice it is recorded once: the second is answered with 409 `already-recorded` and the number of the first.
    """
    units = call.units(Right.WORK)
    with call.writing() as connection:
        known = api.these_occurrences(connection, units, said.occurrences, today=call.today)
        if len(known) != len(set(said.occurrences)):
            raise unknown()
        issuers = {row.o.agency_id for row in known}
        if len(issuers) != 1:
            raise Refused(422, "bad-input", "One paper has one issuer: occurrences of one agency only.")
        done = paper_desk.enter(
            connection,
            issuers.pop(),
            said.occurrences,
            said.paper(),
            add=said.add,
            now=call.now,
            actor=call.actor,
        )
    response.headers["Location"] = f"/api/v1/papers/{done.paper_id}"
    return _recorded(call, done)


@router.get("/papers/{paper_id}", summary="One paper and what it answers")
def paper(paper_id: PaperPath, call: Call = needs(Right.SEE, "paper_id")) -> PaperOut:
    with call.reading() as connection:
        row = api.paper_of(connection, call.units(Right.SEE), paper_id)
    if row is None:
        raise unknown()
    return PaperOut.of(row)


@router.post("/papers/{paper_id}/correct", summary="Ghi sai, sửa lại: puts a paper right", responses=OF_MOVES)
def correct(paper_id: PaperPath, said: PaperFields, call: Call = needs(Right.WORK, "paper_id")) -> Recorded:
    """Everywhere it counts; both versions are kept."""
    with call.writing() as connection:
        done = paper_desk.correct_paper(connection, paper_id, said.paper(), now=call.now, actor=call.actor)
    return _recorded(call, done)


def _recorded(call: Call, done: Entered) -> Recorded:
    units = call.units(Right.WORK)
    with call.reading() as connection:
        row = api.paper_of(connection, units, done.paper_id)
        moved = api.these_occurrences(connection, units, [o.id for o in done.occurrences], today=call.today)
    if row is None:
        raise unknown()
    return Recorded(paper=PaperOut.of(row), occurrences=[OccurrenceOut.of(each) for each in moved])
