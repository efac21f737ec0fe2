"""What a first start does: the five shipped plans and the sample, so that there is something to see."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.engine import Connection

from app.bootstrap import Dondoc
from app.sample import SAMPLE, add_sample, remove_plan
from plans.shipped import SHIPPED_PLANS, shipped_register, shipped_text
from plans.text import _, _n
from tasks import intake
from tasks.agencies import save_agencies
from tasks.database import reading, writing
from tasks.tables import plan as plan_table
from tasks.tables import setting

ACTOR = "dondoc"
_MARK = {"scope": "", "name": "first_start"}


def first_start(dondoc: Dondoc, *, now: datetime, sample: bool = True) -> list[str]:
    """Brings in and starts the shipped plans, once in the life of an installation; says what was done.

    Interrupted half way, it goes on where it stopped. A plan that somebody removed later does not come back.
    """
    with reading(dondoc.engine) as connection:
        if finished_at(connection) is not None:
            return []
        present = {row.id for row in connection.execute(select(plan_table.c.id))}
    said = []
    if sample:
        if SAMPLE in present:  # its history was cut short: play it anew
            remove_plan(dondoc, SAMPLE, now=now, actor=ACTOR)
        add_sample(dondoc, now=now)
        said.append(_("Đã nạp kế hoạch MẪU (bỏ đi bằng: dondoc remove mau)"))
    for plan_id in SHIPPED_PLANS:
        if plan_id not in present:
            said.append(_bring_in(dondoc, plan_id, now))
    with writing(dondoc.engine) as connection:
        connection.execute(setting.insert().values(**_MARK, value=now.isoformat()))
    return said


def finished_at(connection: Connection) -> datetime | None:
    """When all was brought in; None where that is still to come, or the register began otherwise."""
    done = select(setting.c.value).where(setting.c.scope == "", setting.c.name == _MARK["name"])
    found = connection.execute(done).scalar_one_or_none()
    return None if found is None else datetime.fromisoformat(found)


def _bring_in(dondoc: Dondoc, plan_id: str, now: datetime) -> str:
    """One plan in one transaction: brought in and started, or not there at all."""
    with writing(dondoc.engine) as connection:
        save_agencies(connection, shipped_register().agencies.values())
        brought = intake.add_plan(connection, shipped_text(plan_id), file=plan_id, now=now, actor=ACTOR)
        made = intake.activate(connection, plan_id, now=now, actor=ACTOR).made
    return _n("Đã nạp và bắt đầu theo dõi {plan}: {n} kỳ ({short})", made).format(
        plan=plan_id, n=made, short=brought.plan.short
    )
