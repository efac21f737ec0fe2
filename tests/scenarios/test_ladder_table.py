"""The ladder worked by hand (design, section 6), line by line, on the shipped plans with the official calendar."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache

import pytest

from app.database import migrate
from app.simulate import ScriptedPaper, SimulatedRow, simulate
from plans.shipped import shipped_plan
from tasks.database import make_engine
from tests.scenarios.harness import at, day


@pytest.fixture(scope="module")
def replay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """Each plan played once from its day of issue, nobody doing anything."""
    engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('replay') / 'register.db'}")
    migrate(engine)

    @cache
    def rows(plan: str, start: date, end: date) -> tuple[SimulatedRow, ...]:
        return tuple(simulate(engine, [plan], start=start, end=end, now=at("21/11/2026")))

    yield rows
    engine.dispose()


# occurrence | first day, last day of the replay | rung: day
LADDER = [
    (
        "son-la-2316-2023/bao-cao-nam/so-tai-chinh/2024",
        "07/11/2023",
        "31/12/2024",
        {
            "before-7": "02/12/2024",
            "before-1": "06/12/2024",
            "due": "09/12/2024",
            "check": "11/12/2024",
            "overdue-1": "12/12/2024",
            "lead": "13/12/2024",
            "overdue-2": "17/12/2024",
            "head-1": "17/12/2024",
            "head-2": "24/12/2024",
        },
    ),
    (
        "son-la-2316-2023/bao-cao-nam/so-tai-chinh/2023",
        "07/11/2023",
        "31/12/2024",
        {
            "before-7": "01/12/2023",
            "due": "08/12/2023",
            "check": "12/12/2023",
            "overdue-1": "13/12/2023",
            "lead": "14/12/2023",
            "overdue-2": "18/12/2023",
            "head-1": "18/12/2023",
            "head-2": "25/12/2023",
        },
    ),
    (
        "son-la-2316-2023/bao-cao-6-thang/so-tai-chinh/2024-H1",
        "07/11/2023",
        "31/12/2024",
        {
            "before-7": "31/05/2024",
            "due": "07/06/2024",
            "check": "11/06/2024",
            "overdue-1": "12/06/2024",
            "lead": "13/06/2024",
            "overdue-2": "17/06/2024",
            "head-1": "17/06/2024",
            "head-2": "24/06/2024",
        },
    ),
    (
        "son-la-2316-2023/ke-hoach-trien-khai/so-tai-chinh/once",
        "07/11/2023",
        "31/12/2024",
        {
            "assigned": "07/11/2023",
            "before-1": "13/11/2023",
            "due": "14/11/2023",
            "check": "16/11/2023",
            "overdue-1": "17/11/2023",
            "lead": "20/11/2023",
            "overdue-2": "22/11/2023",
            "head-1": "22/11/2023",
            "head-2": "29/11/2023",
        },
    ),
    (
        "cua-lo-2023/ke-hoach-trien-khai/phong-tai-chinh/once",
        "22/11/2023",
        "31/12/2024",
        {
            "assigned": "22/11/2023",
            "before-1": "24/11/2023",
            "due": "27/11/2023",
            "check": "29/11/2023",
            "overdue-1": "30/11/2023",
            "lead": "01/12/2023",
            "overdue-2": "05/12/2023",
            "head-1": "05/12/2023",
            "head-2": "12/12/2023",
        },
    ),
    (
        "cua-lo-2023/bao-cao-nam/phong-tai-chinh/2024",
        "22/11/2023",
        "31/12/2024",
        {
            "before-7": "15/11/2024",
            "due": "22/11/2024",
            "check": "26/11/2024",
            "overdue-1": "27/11/2024",
            "lead": "28/11/2024",
            "overdue-2": "02/12/2024",
            "head-1": "29/11/2024",
            "head-2": "09/12/2024",
        },
    ),
    (
        "cua-lo-2023/danh-sach-hang-thang/cong-an-phuong-nghi-thu/2024-05",
        "22/11/2023",
        "31/12/2024",
        {
            "before-1": "04/05/2024",
            "check": "07/05/2024",
            "overdue-1": "08/05/2024",
            "lead": "09/05/2024",
            "overdue-2": "13/05/2024",
            "head-1": "13/05/2024",
            "head-2": "20/05/2024",
        },
    ),
    (
        "bac-giang-2024/bao-cao-thang/so-tu-phap/2024-02",
        "15/01/2024",
        "31/12/2024",
        {
            "before-1": "07/02/2024",
            "check": "19/02/2024",
            "overdue-1": "20/02/2024",
            "lead": "21/02/2024",
            "overdue-2": "23/02/2024",
            "head-1": "23/02/2024",
            "head-2": "01/03/2024",
        },
    ),
    (
        "bac-giang-2024/bao-cao-thang/so-tu-phap/2024-03",
        "15/01/2024",
        "31/12/2024",
        {
            "before-1": "14/03/2024",
            "check": "19/03/2024",
            "overdue-1": "20/03/2024",
            "lead": "21/03/2024",
            "overdue-2": "25/03/2024",
            "head-1": "25/03/2024",
            "head-2": "01/04/2024",
        },
    ),
    (
        "bac-giang-2024/bao-cao-nam/so-tu-phap/2024",
        "15/01/2024",
        "31/12/2024",
        {
            "before-7": "08/11/2024",
            "before-1": "14/11/2024",
            "due": "15/11/2024",
            "check": "19/11/2024",
            "overdue-1": "20/11/2024",
            "lead": "21/11/2024",
            "overdue-2": "25/11/2024",
            "head-1": "25/11/2024",
            "head-2": "02/12/2024",
        },
    ),
    (
        "bac-giang-2024/so-ket-nam/ubnd-huyen-tan-yen/once",
        "15/01/2024",
        "31/12/2024",
        {
            "before-7": "22/11/2024",
            "due": "29/11/2024",
            "check": "03/12/2024",
            "overdue-1": "04/12/2024",
            "lead": "05/12/2024",
            "overdue-2": "09/12/2024",
            "head-1": "09/12/2024",
            "head-2": "16/12/2024",
        },
    ),
]


@pytest.mark.parametrize(("occurrence", "first", "last", "wanted"), LADDER, ids=[row[0] for row in LADDER])
def test_the_ladder_speaks_on_exactly_these_mornings(replay, occurrence, first, last, wanted) -> None:
    rows = replay(occurrence.split("/")[0], day(first), day(last))
    got = {
        row.rung: f"{row.at:%d/%m/%Y}"
        for row in rows
        if occurrence in row.occurrences and (row.rung != "assigned" or "assigned" in wanted)
    }
    assert got == wanted
    assert {f"{row.at:%H:%M}" for row in rows} == {"07:30"}


def test_each_rung_speaks_to_its_role(replay) -> None:
    rows = replay("son-la-2316-2023", day("07/11/2023"), day("31/12/2024"))
    assert {(row.rung, row.role) for row in rows} == {
        ("assigned", "agency"),
        ("before-7", "agency"),
        ("before-1", "agency"),
        ("due", "agency"),
        ("overdue-1", "agency"),
        ("overdue-2", "agency"),
        ("check", "officer"),
        ("lead", "officer"),
        ("head-1", "head"),
        ("head-2", "head"),
    }
    assert {row.recipient for row in rows if row.role != "agency"} == {"son-la.cong-an-tinh"}
    assert len({row.recipient for row in rows if row.role == "agency"}) == 19


def test_a_punctual_department_in_bac_giang_gets_at_most_twenty_messages_in_the_year(tmp_path) -> None:
    """Every paper of Sở Tư pháp comes in on its strict last day, after all its reminders."""

    engine = make_engine(f"sqlite:///{tmp_path / 'register.db'}")
    migrate(engine)
    first = simulate(engine, ["bac-giang-2024"], start=day("15/01/2024"), end=day("31/12/2024"), now=at("21/11/2026"))
    mine = sorted({o for row in first for o in row.occurrences if "/so-tu-phap/" in o})
    assert len(mine) == 14, "a plan, eleven months, a half-year and a year"
    last_days = {"once": "30/01/2024", "2024-H1": "15/05/2024", "2024": "15/11/2024"}
    plan = shipped_plan("bac-giang-2024")
    assert plan.duty("bao-cao-thang").rule.days[0].day == 16
    papers = [
        ScriptedPaper(o, day(last_days.get(period) or f"15/{period[-2:]}/2024"))
        for o in mine
        for period in [o.rsplit("/", 1)[1]]
    ]
    rows = simulate(
        engine,
        ["bac-giang-2024"],
        start=day("15/01/2024"),
        end=day("31/12/2024"),
        scripted=papers,
        now=at("21/11/2026"),
    )
    messages = {row.message for row in rows if row.recipient == "bac-giang.so-tu-phap"}
    assert {row.rung for row in rows if row.recipient == "bac-giang.so-tu-phap"} == {
        "assigned",
        "before-7",
        "before-1",
        "due",
    }
    assert len(messages) <= 20
