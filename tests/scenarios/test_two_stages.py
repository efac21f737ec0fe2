"""The two-stage clock of Cửa Lò through the whole of 2024: agencies by 25/11, the police's own report by 05/12.

Everybody is punctual but two: a ward whose yearly report comes on 28/11, and a division that never sends one.
"""

from __future__ import annotations

from datetime import date

from app.database import migrate
from app.simulate import ScriptedPaper, SimulatedRow, simulate
from plans.shipped import shipped_plan
from tasks.database import make_engine
from tests.scenarios.harness import at, day

PLAN = "cua-lo-2023"
LATE, NEVER = "ubnd-phuong-nghi-thu", "phong-van-hoa"
YEARLY = "bao-cao-nam"


def papers() -> list[ScriptedPaper]:
    """One per occurrence of 2024, received the day before its last day; of the late one three days after."""
    duties = {duty.id: duty for duty in shipped_plan(PLAN).duties}

    def of(duty: str, period: str, received: date) -> list[ScriptedPaper]:
        bodies = [party.agency.partition(".")[2] for party in duties[duty].responsible]
        return [ScriptedPaper(f"{PLAN}/{duty}/{body}/{period}", received) for body in bodies]

    made = of("ke-hoach-trien-khai", "once", day("24/11/2023"))
    made += of("danh-sach-hang-thang", "2023-12", day("04/12/2023"))
    for month in range(1, 13):
        received = date(2024, month, 2) if month != 2 else day("01/02/2024")
        made += of("danh-sach-hang-thang", f"2024-{month:02d}", received)
    made += of("bao-cao-6-thang", "2024-H1", day("20/05/2024"))
    made += [each for each in of(YEARLY, "2024", day("20/11/2024")) if each.occurrence.split("/")[2] != NEVER]
    made += of("tong-hop-nam", "2024", day("04/12/2024"))
    return [
        ScriptedPaper(each.occurrence, day("28/11/2024")) if f"/{YEARLY}/{LATE}/" in each.occurrence else each
        for each in made
    ]


def told(rows: list[SimulatedRow], duty: str) -> list[str]:
    """``27/11 phong-van-hoa overdue-1``, in order; of the officer and the head how many it names."""
    lines = []
    for row in rows:
        mine = [each for each in row.occurrences if f"/{duty}/" in each]
        if mine and row.rung != "assigned":
            who = row.recipient.partition(".")[2] if row.role == "agency" else f"{row.role} ({len(mine)})"
            lines.append(f"{row.at:%d/%m} {who} {row.rung}")
    return lines


def test_agencies_by_the_25th_and_the_police_by_the_5th(tmp_path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'register.db'}", durable=False)
    migrate(engine)
    rows = simulate(
        engine, [PLAN], start=day("22/11/2023"), end=day("31/12/2024"), scripted=papers(), now=at("21/11/2026")
    )
    engine.dispose()
    bodies = len(next(duty for duty in shipped_plan(PLAN).duties if duty.id == YEARLY).responsible)

    yearly = told(rows, YEARLY)
    assert sum(line.startswith("15/11") for line in yearly) == bodies  # seven days ahead, all
    after = [line for line in yearly if not line.startswith("15/11")]
    assert after == [
        f"22/11 {NEVER} due",
        f"22/11 {LATE} due",
        "26/11 officer (2) check",
        f"27/11 {NEVER} overdue-1",
        f"27/11 {LATE} overdue-1",
        "28/11 officer (2) lead",
        "29/11 head (1) head-1",  # three working days before the police's own last day, not five after the agencies'
        f"02/12 {NEVER} overdue-2",
        "09/12 head (1) head-2",
    ]
    assert told(rows, "tong-hop-nam") == [
        "27/11 officer (1) before-7",
        "03/12 officer (1) before-1",
        "04/12 officer (1) due",
    ]
