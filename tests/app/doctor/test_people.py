"""Who cannot be reached: broken where a plan is in use, only worth a word where nobody has put it to use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.engine import Connection

from app.bootstrap import Dondoc
from app.doctor import Finding, Level
from app.doctor.people import look_at_people, on_trial
from app.firststart import first_start
from app.settings import Settings
from notifications.contacts import ContactRole, add_contact
from plans.shipped import SHIPPED_PLANS
from tasks import intake, papers
from tasks.database import reading, writing
from tasks.papers import Paper
from tests.support import Valley, at

NOW = at("2026-11-20 10:00")
LATER = at("2026-11-20 11:00")
SON_LA = "son-la-2316-2023"


@pytest.fixture
def fresh(engine: Engine, tmp_path: Path) -> Engine:
    """What ``make run`` leaves behind at its first start: five plans are followed and nobody has entered anything."""
    first_start(Dondoc(Settings(home=tmp_path), engine, {}), now=NOW, sample=False)
    return engine


def found_in(engine: Engine) -> list[Finding]:
    with reading(engine) as c:
        return list(look_at_people(c, now=LATER))


def test_a_first_start_lacks_nothing_that_would_be_its_fault(fresh: Engine) -> None:
    """Two of the lead units have been dissolved since their plans were issued, and none has an officer yet."""
    [found] = found_in(fresh)
    assert found.level is Level.NOTICE
    assert all(plan in found.text for plan in SHIPPED_PLANS)
    assert "dondoc remove" in found.remedy


def officer(c: Connection) -> None:
    _contact(c, "son-la.cong-an-tinh", ContactRole.HEAD)  # the head alone: an officer is still missing


def agency(c: Connection) -> None:
    _contact(c, "son-la.so-tai-chinh", ContactRole.AGENCY)


def _contact(c: Connection, body: str, role: ContactRole) -> None:
    add_contact(c, body, role=role, name="Văn thư", address="vt@x.example", now=LATER, actor="mai")


def paper(c: Connection) -> None:
    occurrence = f"{SON_LA}/bao-cao-nam/so-tai-chinh/2026"
    papers.record(c, [occurrence], Paper(date(2026, 11, 20), "9/BC"), review=False, now=LATER, actor="mai")


def by_hand(c: Connection) -> None:
    intake.stop(c, SON_LA, now=LATER, actor="mai")
    intake.activate(c, SON_LA, now=LATER, actor="mai")


@pytest.mark.parametrize("use", [officer, agency, paper, by_hand])
def test_a_plan_that_somebody_puts_to_use_needs_an_officer(use: Callable[[Connection], None], fresh: Engine) -> None:
    with writing(fresh) as c:
        use(c)
        assert on_trial(c) == sorted(set(SHIPPED_PLANS) - {SON_LA})
    broken, *_rest = found_in(fresh)
    assert broken.level is Level.BROKEN
    assert "Chưa có địa chỉ cán bộ theo dõi của: Công an tỉnh Sơn La." in broken.text


def test_a_plan_in_use_whose_lead_unit_has_ended_is_broken(fresh: Engine) -> None:
    with writing(fresh) as c:
        _contact(c, "cua-lo.cong-an-thi-xa", ContactRole.OFFICER)
    broken, *rest = found_in(fresh)
    assert broken.level is Level.BROKEN
    assert "đã kết thúc hoạt động: Công an thị xã Cửa Lò." in broken.text
    assert {each.level for each in rest} == {Level.NOTICE}


def test_a_plan_brought_in_by_hand_is_in_use_from_the_start(valley: Valley) -> None:
    valley.follow(contacts=False)
    with reading(valley.engine) as c:
        assert on_trial(c) == []
    assert Level.BROKEN in {each.level for each in found_in(valley.engine)}
