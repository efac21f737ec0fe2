"""The column "Ghi chú" of the state table: extensions with their documents, pauses, claims, returns, by the trail."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from plans.model import Agency, Register
from plans.text import _, day_text
from tasks.lifecycle import Move
from tasks.model import OWED, Occurrence, State
from tasks.moves import reason_text
from tasks.tables import audit_event

KINDS = (
    Move.EXTEND, Move.PROMISE, Move.HOLD, Move.CLAIM, Move.RECORD, Move.RETURN, Move.WAIVE, Move.TRANSFER,
    Move.TAKE_BACK, Move.REOPEN, Move.CANCEL, "request", "request_settled",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Extension:
    """A later day by a document of the issuer."""

    to: date | None
    document: str


@dataclass(slots=True)
class Said:
    """What the trail says of one occurrence up to a moment."""

    extensions: list[Extension] = field(default_factory=list)
    muted_until: date | None = None
    muted_why: str | None = None
    claimed: str | None = None
    returned_for: str | None = None
    resend_by: date | None = None
    waived_for: str = ""
    successor: str = ""
    handed_by: str = ""
    cancelled_for: str | None = None
    asked: dict[int, date | None] = field(default_factory=dict)  # open requests for more time


def said_by(connection: Connection, ids: Collection[str], *, at: datetime) -> dict[str, Said]:
    """Of each, what had been written down by that moment. One query."""
    chosen = select(audit_event.c.occurrence_id, audit_event.c.kind, audit_event.c.data).where(
        audit_event.c.occurrence_id.in_(sorted(ids)), audit_event.c.kind.in_(KINDS), audit_event.c.at <= at
    )
    found: dict[str, Said] = defaultdict(Said)
    for row in connection.execute(chosen.order_by(audit_event.c.id)):
        _hear(found[row.occurrence_id], row.kind, row.data)
    return dict(found)


def _hear(said: Said, kind: str, data: Mapping[str, Any]) -> None:
    match kind:
        case Move.EXTEND:
            said.extensions.append(Extension(_day((data.get("is") or {}).get("last_day")), str(data["document"])))
            said.muted_until = said.muted_why = None
        case Move.PROMISE:
            said.muted_until, said.muted_why = _day(data.get("on")), "promise"
        case Move.HOLD:
            said.muted_until = _day(data.get("until"))
            said.muted_why = "hold" if said.muted_until else None
        case Move.CLAIM:
            said.claimed = _document(data)
        case Move.RECORD:
            said.muted_until = said.muted_why = None
        case Move.RETURN:
            said.returned_for, said.resend_by = str(data.get("reason", "")), _day(data.get("resend_by"))
        case Move.WAIVE:
            said.waived_for = str(data.get("reason") or "")
        case Move.TRANSFER:
            said.successor, said.handed_by = str(data.get("to") or ""), str(data.get("document") or "")
        case Move.TAKE_BACK | Move.REOPEN:
            said.extensions, said.returned_for, said.resend_by = [], None, None
            said.muted_until = said.muted_why = said.claimed = None
        case Move.CANCEL:
            said.cancelled_for = data.get("why")
        case "request" if data.get("kind") == "extension":
            said.asked[int(data["request"])] = _day(data.get("wanted"))
        case "request_settled":
            said.asked.pop(int(data["request"]), None)


def notes_of(o: Occurrence, said: Said, register: Register, ended: Agency | None, *, secret: bool) -> Iterator[str]:
    """The remarks that the status does not say. ``ended``: the body, where it needs a successor."""
    if ended is not None and ended.until is not None:
        yield _("Kết thúc hoạt động ngày {day}").format(day=day_text(ended.until))
    for each in said.extensions:
        yield _("Gia hạn đến {day} (VB số {document})").format(
            day=day_text(each.to) if each.to else "–", document=each.document
        )
    if secret:
        yield _("Nhận theo chế độ mật")
    if o.state in OWED:
        yield from _waiting(o, said)
    if o.state is State.WAIVED and said.waived_for:
        yield said.waived_for
    if o.state is State.TRANSFERRED and said.successor:
        name = register[said.successor].name if said.successor in register.agencies else said.successor
        document = f" ({said.handed_by})" if said.handed_by else ""
        yield _("Kế thừa: {name}").format(name=name) + document


def _waiting(o: Occurrence, said: Said) -> Iterator[str]:
    """What is between the office and a body that still owes."""
    if said.returned_for and o.resend_by:
        yield _("Trả lại: {reason}; gửi lại chậm nhất {day}").format(
            reason=reason_text(said.returned_for), day=day_text(o.resend_by)
        )
    if o.state is State.CLAIMED and said.claimed:
        yield _("Cơ quan báo đã gửi: {document}").format(document=said.claimed)
    if o.muted_until and o.muted_why == "promise":
        yield _("Hẹn gửi ngày {day} (hạn không đổi)").format(day=day_text(o.muted_until))
    elif o.muted_until and o.muted_why == "hold":
        yield _("Tạm dừng nhắc đến hết ngày {day}").format(day=day_text(o.muted_until))
    for wanted in said.asked.values():
        day = day_text(wanted) if wanted else "–"
        yield _("Đề nghị gia hạn đến {day}, chưa trả lời").format(day=day)


def _document(data: Mapping[str, Any]) -> str:
    number, dated = str(data.get("number") or _("không rõ số")), _day(data.get("dated"))
    return _("{number}, ngày {day}").format(number=number, day=day_text(dated)) if dated else number


def _day(value: object) -> date | None:
    return date.fromisoformat(str(value)) if value else None
