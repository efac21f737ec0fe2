"""Can everybody be reached who has to be, and is there somebody to tell of what is late?

A shipped plan that the first start began to follow is on trial until somebody puts it to use: what it lacks is no
fault of an installation, and no script should be alarmed by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.engine import Connection

from app import firststart
from app.doctor.model import Finding, broken, fine, notice
from notifications.contacts import ContactRole
from notifications.posts import in_post
from notifications.tables import contact
from notifications.tables import notice as ledger
from plans.calendar import local_day
from plans.model import Agency
from plans.text import _, sort_key
from tasks.agencies import load_register
from tasks.model import OWED, PlanStatus
from tasks.tables import answer, audit_event, occurrence, party
from tasks.tables import plan as plan_table

_NAMED = 3
_FOLLOWED = (plan_table.c.status == PlanStatus.ACTIVE.value) & plan_table.c.sample.is_(False)
_STARTS = ("activated", "restarted", "start_corrected")


def look_at_people(connection: Connection, *, now: datetime) -> Iterable[Finding]:
    """Lead units without an officer or ended, bodies without an address. The sample does not count."""
    register = load_register(connection)
    today = local_day(now)
    trial = on_trial(connection)
    in_use = _FOLLOWED & plan_table.c.id.not_in(trial)
    leads = [register[row.lead] for row in connection.execute(select(plan_table.c.lead).where(in_use).distinct())]
    without_officer = [body for body in leads if not _has(connection, body.id, ContactRole.OFFICER, today)]
    owing = [register[key] for key in _owing_without_address(connection, in_use, today)]
    silent = [body for body in owing if not (body.unlisted or body.never_messaged or _ended(body, today))]
    lost = (ledger.c.status == "no_contact") & ledger.c.sample.is_(False) & ledger.c.plan_id.not_in(trial)
    waiting = connection.execute(select(func.count()).select_from(ledger).where(lost)).scalar_one()
    return judge_people([b for b in leads if _ended(b, today)], without_officer, silent, waiting, trial)


def on_trial(connection: Connection) -> list[str]:
    """The plans that only the first start began to follow: nobody has given an address of their lead unit or of a
    body that owes something, recorded a paper, or started them by hand."""
    finished = firststart.finished_at(connection)
    if finished is None:
        return []
    started = audit_event.c.kind.in_(_STARTS) & (audit_event.c.plan_id == plan_table.c.id)
    by_hand = started & or_(audit_event.c.actor != firststart.ACTOR, audit_event.c.at > finished)
    owing = select(party.c.agency_id).where(party.c.plan_id == plan_table.c.id).correlate(plan_table)
    known = or_(contact.c.agency_id == plan_table.c.lead, contact.c.agency_id.in_(owing))
    came = select(answer.c.paper_id).join(occurrence, occurrence.c.id == answer.c.occurrence_id)
    chosen = select(plan_table.c.id).where(
        _FOLLOWED,
        ~exists(select(audit_event.c.id).where(by_hand)),
        ~exists(select(contact.c.id).where(known)),
        ~exists(came.where(occurrence.c.plan_id == plan_table.c.id)),
    )
    return list(connection.execute(chosen.order_by(plan_table.c.id)).scalars())


def _ended(body: Agency, today: date) -> bool:
    return body.until is not None and body.until < today


def _has(connection: Connection, agency_id: str, role: ContactRole, today: date) -> bool:
    mine = (contact.c.agency_id == agency_id) & (contact.c.role == role.value) & in_post(today)
    return connection.execute(select(contact.c.id).where(mine).limit(1)).first() is not None


def _owing_without_address(connection: Connection, in_use: ColumnElement[bool], today: date) -> list[str]:
    reachable = exists().where(
        contact.c.agency_id == party.c.agency_id, contact.c.role == ContactRole.AGENCY.value, in_post(today)
    )
    owes = exists().where(
        occurrence.c.agency_id == party.c.agency_id,
        occurrence.c.state.in_(OWED),
        occurrence.c.before_tracking.is_(False),
    )
    chosen = (
        select(party.c.agency_id)
        .join(plan_table, plan_table.c.id == party.c.plan_id)
        .where(in_use, party.c.relation != "self", ~reachable, owes)
    )
    return [row.agency_id for row in connection.execute(chosen.distinct())]


def judge_people(
    ended: Sequence[Agency],
    without_officer: Sequence[Agency],
    silent: Sequence[Agency],
    waiting: int,
    trial: Sequence[str] = (),
) -> list[Finding]:
    """``waiting``: notices that nobody can be found for. ``trial``: plans that nobody has put to use."""
    found = []
    if ended:
        said = _("Đơn vị theo dõi đã kết thúc hoạt động: {names}.").format(names=_names(ended))
        found.append(broken(said, _("Giao đơn vị khác theo dõi: dondoc lead KẾ-HOẠCH --to … --document …")))
    if without_officer:
        said = _("Chưa có địa chỉ cán bộ theo dõi của: {names}. Báo cáo quá hạn không đến được ai.")
        remedy = _("dondoc contact add ĐƠN-VỊ --role officer --name … --address …")
        found.append(broken(said.format(names=_names(without_officer)), remedy))
    if silent or waiting:
        said = _("Chưa có địa chỉ của {n} cơ quan ({names}); {waiting} nhắc việc đang chờ vì không có người nhận.")
        text = said.format(n=len(silent), names=_names(silent) or "-", waiting=waiting)
        found.append(notice(text, _("dondoc contact add CƠ-QUAN --name … --address …")))
    if trial:
        said = _("{n} kế hoạch có sẵn chưa dùng thật ({names}): chưa khai địa chỉ nào, chưa ghi văn bản nào.")
        remedy = _("Dùng thật: dondoc contact add ĐƠN-VỊ --role officer …; không dùng: dondoc remove KẾ-HOẠCH")
        found.append(notice(said.format(n=len(trial), names=", ".join(trial)), remedy))
    return found or [fine(_("Ai cũng có địa chỉ."))]


def _names(bodies: Sequence[Agency]) -> str:
    names = sorted((body.name for body in bodies), key=sort_key)
    shown = ", ".join(names[:_NAMED])
    return shown if len(names) <= _NAMED else _("{names} và {n} nữa").format(names=shown, n=len(names) - _NAMED)
