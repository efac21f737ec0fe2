"""Plans that somebody is still writing: texts that may be incomplete, kept until they are brought in or thrown away.

A draft is no plan: nothing reads it but the form. Who saves over somebody else's saving is told so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.engine import Connection

from plans.text import _
from tasks.desk_tables import plan_draft
from tasks.errors import BadInput, RegisterError


class DraftUnknown(RegisterError):
    def __init__(self) -> None:
        super().__init__(_("Không có bản soạn này; có thể đã được ghi vào sổ hoặc xóa."))


@dataclass(frozen=True, slots=True)
class Draft:
    """``plan_id`` and ``base``: the plan that it will change, and that plan's version when it was begun."""

    id: int
    lead: str
    plan_id: str | None
    base: int | None
    title: str
    text: str
    revision: int
    at: datetime
    by: str


def begin(
    connection: Connection,
    text: str,
    *,
    lead: str,
    title: str,
    plan_id: str | None = None,
    base: int | None = None,
    now: datetime,
    actor: str,
) -> int:
    """Keeps a new draft; returns its number."""
    values = {"lead": lead, "plan_id": plan_id, "base": base, "title": title, "text": text, "revision": 1}
    made = plan_draft.insert().values({**values, "at": now, "by": actor}).returning(plan_draft.c.id)
    return int(connection.execute(made).scalar_one())


def load(connection: Connection, draft_id: int) -> Draft:
    """Raises DraftUnknown."""
    row = connection.execute(select(plan_draft).where(plan_draft.c.id == draft_id)).one_or_none()
    if row is None:
        raise DraftUnknown
    return Draft(**row._mapping)


def save(connection: Connection, draft_id: int, text: str, *, title: str, seen: int, now: datetime, actor: str) -> None:
    """Keeps the changed text. Raises DraftUnknown, BadInput where it was saved since the page was opened."""
    values = {"text": text, "title": title, "revision": seen + 1, "at": now, "by": actor}
    mine = (plan_draft.c.id == draft_id) & (plan_draft.c.revision == seen)
    if connection.execute(update(plan_draft).where(mine).values(values)).rowcount != 1:
        found = load(connection, draft_id)
        raise BadInput(_("Bản soạn vừa được {who} lưu. Mở lại trang rồi sửa tiếp.").format(who=found.by))


def discard(connection: Connection, draft_id: int, *, seen: int) -> None:
    """Throws the draft away. Raises DraftUnknown, BadInput where it was saved since the page was opened."""
    mine = (plan_draft.c.id == draft_id) & (plan_draft.c.revision == seen)
    if connection.execute(delete(plan_draft).where(mine)).rowcount != 1:
        found = load(connection, draft_id)
        raise BadInput(_("Bản soạn vừa được {who} lưu. Mở lại trang rồi sửa tiếp.").format(who=found.by))


def release(connection: Connection, plan_id: str) -> None:
    """The plan is gone: what was to change it becomes a new plan's draft."""
    gone = update(plan_draft).where(plan_draft.c.plan_id == plan_id)
    connection.execute(gone.values(plan_id=None, base=None))
