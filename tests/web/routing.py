"""Every address that the application answers, read from the application itself, with something real in its path."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlalchemy import insert, select, update
from starlette.routing import Mount

from app.filestore import FileStore
from app.letters import beginning
from app.letters.drafting import Known
from app.reading import upload
from app.week.keeping import keep_pages
from notifications.reply_links import ReplyLink
from notifications.tables import contact, message, reply_link
from people import api_tokens
from people.tables import account, post, token
from tasks import intake
from tasks.database import reading, writing
from tasks.desk_tables import plan_draft
from tasks.office import choose
from tasks.reading_tables import reading as kept_reading
from tasks.tables import paper, plan
from tests.letterhead import letterhead
from tests.support import ANSWERABLE, FINANCE, LEAD, PLAN
from tests.web.a_document import NAME, TEXT
from tests.web.office import Office

FIGURES = "figures:\n  - {id: so-nguoi, name: Số người, kind: people, duties: [ke-hoach]}\n"
_PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")


@dataclass(frozen=True, slots=True)
class Address:
    """One method of one path, as the application has it: ``GET /ky/{occurrence_id:path}``."""

    method: str
    path: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def parameters(self) -> list[str]:
        return _PARAMETER.findall(self.path)

    def filled(self, values: dict[str, Any]) -> str:
        return _PARAMETER.sub(lambda found: str(values.get(found[1], "1")), self.path)


def addresses(app: FastAPI) -> list[Address]:
    """All of them, in the order in which the application tries them."""
    found = [Address(method, path) for path, methods in _routes(app.routes, "") for method in sorted(methods)]
    return [each for each in found if each.method != "HEAD"]


def mounts(app: FastAPI) -> list[str]:
    return sorted(route.path for route in app.routes if isinstance(route, Mount) and not _within(route))


def _routes(routes: Iterable[Any], prefix: str) -> Iterator[tuple[str, set[str]]]:
    for route in routes:
        if isinstance(route, APIRoute) or getattr(route, "methods", None):
            yield prefix + route.path, set(route.methods)
        elif isinstance(route, Mount):
            yield from _routes(_within(route), prefix + route.path)
        elif hasattr(route, "original_router"):
            yield from _routes(route.original_router.routes, prefix + route.include_context.prefix)
        else:
            raise AssertionError(f"a kind of route that nobody looks at: {route}")


def _within(mount: Mount) -> list[Any]:
    return list(getattr(mount.app, "routes", None) or [])


def furnish(office: Office) -> dict[str, Any]:
    """A message, a paper, a draft, a link, a token … of the valley; the value of each path parameter."""
    valley = office.valley
    with writing(valley.engine) as c:
        choose(c, LEAD, "agency_side", True, now=valley.now, actor="test")
        intake.add_plan(c, (_source(c) + FIGURES).encode(), file="kh.yaml", now=valley.now, actor="test")
    valley.run("2024-03-14 07:30")
    valley.record(f"{PLAN}/ke-hoach/so-noi-vu/once", received="2024-03-13", number="7/BC")
    with writing(valley.engine) as c:
        chosen = select(message.c.id).where(message.c.address == "agency@so-tai-chinh.example")
        message_id = c.execute(chosen.order_by(message.c.id.desc())).scalars().first()
        until = valley.now.date() + timedelta(days=30)
        link = {"message_id": message_id, "agency_id": FINANCE, "until": until, "revoked_at": None}
        link_id = c.execute(insert(reply_link).values(link).returning(reply_link.c.id)).scalar_one()
        draft = {"lead": LEAD, "title": "Kế hoạch đang soạn", "text": _source(c), "revision": 1, "plan_id": None}
        made = insert(plan_draft).values({**draft, "base": None, "at": valley.now, "by": "alice"})
        draft_id = c.execute(made.returning(plan_draft.c.id)).scalar_one()
        api_tokens.create(
            c, office.ids["alice"], name="x", read_only=True, expires_on=None, now=valley.now, actor="alice"
        )
        token_id = c.execute(select(token.c.id).order_by(token.c.id.desc())).scalars().first()
    reading_id = read_documents(office)
    letter_id = a_letter(office)
    keep_pages(valley.engine, _files(office), sending=False, now=valley.now)
    with reading(valley.engine) as c:
        found = office.app.state.office.dondoc.links
        row = c.execute(select(reply_link).where(reply_link.c.id == link_id)).one()
        signed = found.token(ReplyLink(row.id, row.message_id, row.agency_id, row.until, row.revoked_at))
        return {
            "plan_id": PLAN,
            "occurrence_id": ANSWERABLE,
            "own_id": ANSWERABLE,
            "agency_id": FINANCE,
            "message_id": message_id,
            "paper_id": c.execute(select(paper.c.id)).scalars().first(),
            "draft_id": draft_id,
            "letter_id": letter_id,
            "form": "docx",
            "reading_id": reading_id,
            "unit": LEAD,
            "week": "202410",
            "month": "202402",
            "year": "2024",
            "account_id": c.execute(select(account.c.id).where(account.c.login == "otto")).scalar_one(),
            "post_id": c.execute(select(post.c.id)).scalars().first(),
            "contact_id": c.execute(select(contact.c.id).where(contact.c.agency_id == FINANCE)).scalars().first(),
            "token_id": token_id,
            "feed_id": token_id,
            "link": signed,
            "answer": "vuong-mac",
            "what": "chap-nhan",
            "place": "0",
            "version": "1",
            "file_hash": "a" * 64,
            "held": "x" * 43,
            "text_key": "overdue.peer.opening",
        }


def _files(office: Office) -> FileStore:
    return FileStore(office.app.state.office.dondoc.settings.home)


def a_letter(office: Office) -> int:
    """A draft about the valley's plan."""
    valley = letterhead(office.valley)
    known = Known(on=valley.now.date(), now=valley.now, actor="test")
    with writing(valley.engine) as c:
        return beginning.begin_assigning(c, PLAN, **known)[0].id


def read_documents(office: Office) -> int:
    """One that is being reviewed, and one that the valley's plan was made of. Returns the reading of the first."""
    files, now = FileStore(office.app.state.office.dondoc.settings.home), office.valley.now
    first, second = (
        upload(office.valley.engine, files, text.encode(), NAME, lead=LEAD, now=now, actor="alice").reading_id
        for text in (TEXT, f"{TEXT}\nBản thứ hai.\n")
    )
    with writing(office.valley.engine) as c:
        c.execute(update(kept_reading).where(kept_reading.c.id == second).values(plan_id=PLAN))
    return first


def _source(connection: Any) -> str:
    return str(connection.execute(select(plan.c.source).where(plan.c.id == PLAN)).scalar_one())
