"""The six answers of an agency: each reads its form and calls one use case; the same by link and by account."""

from __future__ import annotations

from plans.text import _
from tasks import agency_side
from tasks.acknowledge import Way
from tasks.agency_side import Sent
from tasks.desk import RequestKind
from tasks.errors import BadInput
from web.errors import NotFound
from web.forms import lines, needed_day, short
from web.routes.papers import uploaded
from web.visit import Visit


def typed_of(visit: Visit) -> dict[str, str]:
    """What was typed, to be shown again."""
    return {key: value for key, value in visit.form.items() if isinstance(value, str)}


CLAIM = "bao-da-gui"
UNDERSTOOD = "da-nam"
_KINDS = {
    "se-gui": RequestKind.PROMISE,
    "de-nghi-gia-han": RequestKind.EXTENSION,
    "vuong-mac": RequestKind.OBSTACLE,
    "khong-thuoc": RequestKind.NOT_RESPONSIBLE,
}
_DATED = (RequestKind.PROMISE, RequestKind.EXTENSION)


def write_down(visit: Visit, occurrence_id: str, answer: str, *, actor: str) -> str:
    """Does what the form says; returns what is said of it.

    Whoever calls has made sure that the occurrence is this agency's. Raises NotFound for an answer that there is not,
    RegisterError for what is refused.
    """
    if answer == CLAIM:
        return _claim(visit, occurrence_id, actor)
    if answer == UNDERSTOOD:
        return _understood(visit, occurrence_id, actor)
    kind = _KINDS.get(answer)
    if kind is None:
        raise NotFound
    wanted = needed_day(visit.form, "wanted", _("ngày")) if kind in _DATED else None
    with visit.writing() as connection:
        agency_side.say(
            connection,
            occurrence_id,
            kind=kind,
            text=lines(visit.form, "text"),
            wanted=wanted,
            now=visit.now,
            actor=actor,
        )
    return _("Đã chuyển đến cán bộ theo dõi. Thời hạn không đổi cho đến khi có trả lời.")


def _understood(visit: Visit, occurrence_id: str, actor: str) -> str:
    """Of all that the plan orders of the body, not of the one thing that stands on the page."""
    way = Way.LINK if visit.session is None else Way.ACCOUNT
    with visit.writing() as connection:
        agency_side.understood(connection, occurrence_id, way=way, now=visit.now, actor=actor)
    return _("Đã ghi: cơ quan đã nắm nhiệm vụ, thời hạn. Việc này không thay văn bản phải gửi.")


def _claim(visit: Visit, occurrence_id: str, actor: str) -> str:
    number = short(visit.form, "number", _("Số văn bản"), most=60)
    if not number:
        raise BadInput(_("Thiếu số văn bản."))
    dated = needed_day(visit.form, "dated", _("ngày văn bản"))
    with uploaded(visit) as staged, visit.writing() as connection:
        sent = Sent(number, dated, staged.content if staged else None)
        agency_side.claim(connection, occurrence_id, sent, now=visit.now, actor=actor)
        if staged:
            staged.keep()
    return _("Đã ghi: cơ quan báo đã gửi. Cán bộ theo dõi sẽ đối chiếu khi nhận được văn bản.")
