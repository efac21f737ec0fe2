"""Nếu không ai làm gì: the next ninety days replayed on a copy, beside the pages; what was computed is kept while the
register stays as it is.

A replay takes seconds, so it runs in a thread of its own, one at a time; a page only asks how far it is.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select
from sqlalchemy.engine import Connection

from app.simulate import SimulatedRow, simulate
from app.views.scope import Units, of_units
from notifications.tables import notice
from plans.calendar import local_day
from plans.text import _
from tasks.errors import BadInput
from tasks.model import OWED, PlanStatus
from tasks.tables import audit_event, occurrence
from tasks.tables import plan as plan_table

log = logging.getLogger(__name__)

DAYS = 90
MOST_OPEN = 3_000  # occurrences that fall due in that time: about a minute of computing
_KEPT = 8
# What changes no deadline and no message: somebody signs in, notes a call, tries the channel.
_BESIDE = ("signed_in", "password_changed", "password_reset", "account_created", "post_given", "post_ended", "call",
           "file", "file_removed", "channel_tested")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Key:
    """Of what: these plans from this day on, in the register as it stands (its newest rows)."""

    plans: tuple[str, ...]
    start: date
    trail: int
    ledger: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """``rows`` is None while it is being computed, ``failed`` says that it could not be."""

    key: Key
    asked_at: datetime
    rows: tuple[SimulatedRow, ...] | None = None
    failed: bool = False

    @property
    def end(self) -> date:
        return self.key.start + timedelta(days=DAYS)


class Forecasts:
    """The replays of one register."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[Key, Forecast] = OrderedDict()
        self.running: threading.Thread | None = None

    def find(self, key: Key) -> Forecast | None:
        with self._lock:
            return self._kept.get(key)

    def start(self, engine: Engine, key: Key, *, now: datetime) -> None:
        """Begins to compute, unless it is there or under way. Raises BadInput while another one is computed."""
        with self._lock:
            known = self._kept.get(key)
            if known is not None and not known.failed:
                return
            if self.running is not None and self.running.is_alive():
                raise BadInput(_("Đang có lượt tính khác. Chờ vài phút rồi thử lại."))
            self._keep(Forecast(key, now))
            self.running = threading.Thread(target=self._compute, args=(engine, key, now), daemon=True)
            self.running.start()

    def _compute(self, engine: Engine, key: Key, now: datetime) -> None:
        end = key.start + timedelta(days=DAYS)
        try:
            rows = simulate(engine, key.plans, start=key.start, end=end, now=now)
            found = Forecast(key, now, tuple(rows))
        except Exception:  # nobody waits for this thread; the page says that it failed
            log.exception("cannot be replayed plans=%s", ",".join(key.plans))
            found = Forecast(key, now, failed=True)
        with self._lock:
            self._keep(found)

    def _keep(self, found: Forecast) -> None:
        self._kept[found.key] = found
        self._kept.move_to_end(found.key)
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)


_OF: WeakKeyDictionary[Engine, Forecasts] = WeakKeyDictionary()
_making = threading.Lock()


def forecasts(engine: Engine) -> Forecasts:
    """The replays of that register, as long as the process lives."""
    with _making:
        return _OF.setdefault(engine, Forecasts())


def followed(connection: Connection, units: Units) -> list[tuple[str, str]]:
    """The plans that these units follow: id and short name. The sample comes last."""
    chosen = select(plan_table.c.id, plan_table.c.short).where(of_units(units))
    active = chosen.where(plan_table.c.status == PlanStatus.ACTIVE.value)
    return [(r.id, r.short) for r in connection.execute(active.order_by(plan_table.c.sample, plan_table.c.short))]


def key_of(connection: Connection, plans: Sequence[str], *, now: datetime) -> Key:
    told = select(audit_event.c.id).where(audit_event.c.kind.not_in(_BESIDE)).order_by(audit_event.c.id.desc()).limit(1)
    ledger = connection.execute(select(func.max(notice.c.id))).scalar_one()
    trail = connection.execute(told).scalar_one_or_none()
    return Key(tuple(sorted(plans)), local_day(now), trail or 0, ledger or 0)


def check_size(connection: Connection, key: Key) -> None:
    """Raises BadInput where a replay would take too long."""
    due = (occurrence.c.last_day <= key.start + timedelta(days=DAYS)) & occurrence.c.state.in_(OWED)
    counted = (
        select(func.count())
        .select_from(occurrence)
        .where(occurrence.c.plan_id.in_(key.plans), due, occurrence.c.before_tracking.is_(False))
    )
    found = connection.execute(counted).scalar_one()
    if found > MOST_OPEN:
        said = _("{n} kỳ trong 90 ngày tới, nhiều hơn {most}: chọn ít kế hoạch hơn, hoặc dùng lệnh dondoc simulate.")
        raise BadInput(said.format(n=found, most=MOST_OPEN))
