"""``simulate`` replays the clock on a scratch copy: nothing leaves, and the live register is only read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from app.simulate import ScriptedPaper, SimulatedRow, read_papers, simulate
from plans.calendar import local_time
from tasks import intake
from tasks.database import reading, writing
from tasks.errors import BadInput, PlanUnknown
from tasks.tables import metadata
from tests.support import ANSWERABLE, PLAN, Valley, at, plan_text

SON_LA = "son-la-2316-2023"
NOW = at("2026-11-20 10:00")


def _counts(engine: Engine) -> dict[str, int]:
    with reading(engine) as c:
        return {t.name: c.execute(select(func.count()).select_from(t)).scalar_one() for t in metadata.sorted_tables}


def _run(engine: Engine, start: str, end: str, *scripted: ScriptedPaper, plan: str = PLAN) -> list[SimulatedRow]:
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    return simulate(engine, [plan], start=first, end=last, scripted=scripted, now=NOW)


def test_if_nobody_does_anything_each_agency_climbs_the_whole_ladder(engine: Engine) -> None:
    rows = _run(engine, "2023-11-07", "2024-01-31", plan=SON_LA)
    mine = [(f"{r.at:%d/%m}", r.rung) for r in rows if r.recipient == "son-la.so-tai-chinh"
            and any("/bao-cao-nam/" in o for o in r.occurrences) and r.rung != "assigned"]  # fmt: skip
    assert mine == [("01/12", "before-7"), ("08/12", "due"), ("13/12", "overdue-1"), ("18/12", "overdue-2")]
    assert {(r.recipient, r.role) for r in rows if r.role != "agency"} == {
        ("son-la.cong-an-tinh", "officer"), ("son-la.cong-an-tinh", "head")
    }  # fmt: skip


def test_moments_are_mornings_on_the_vietnamese_clock(engine: Engine) -> None:
    rows = _run(engine, "2023-11-07", "2023-12-31", plan=SON_LA)
    assert {(r.at.hour, r.at.minute) for r in rows} == {(7, 30)}
    assert all(r.at == local_time(r.at) for r in rows)


def test_the_live_register_is_only_read(valley: Valley, engine: Engine) -> None:
    valley.follow().run("2024-02-01 08:10")
    before = _counts(engine)
    _run(engine, "2024-03-01", "2024-04-30")
    assert _counts(engine) == before
    assert valley.messages()[-1].status == "sent"


def test_a_plan_that_is_followed_goes_on_as_it_stands(valley: Valley, engine: Engine) -> None:
    valley.follow().run("2024-02-01 08:10")
    valley.record(ANSWERABLE, received="2024-02-01")
    valley.run("2024-03-08 07:30")
    rungs = [(r.rung, r.recipient) for r in _run(engine, "2024-03-09", "2024-04-30")]
    assert ("before-7", "thung-lung.so-noi-vu") not in rungs, "told already"
    assert ("due", "thung-lung.so-noi-vu") in rungs
    assert not [rung for rung, recipient in rungs if recipient == "thung-lung.so-tai-chinh"]


def test_a_draft_starts_on_the_later_of_the_first_day_and_the_day_of_issue(valley: Valley, engine: Engine) -> None:
    with writing(engine) as c:
        intake.add_plan(c, plan_text(), file="kh.yaml", now=valley.now, actor="test")
    for start, first in (("2023-12-01", "2024-01-15"), ("2024-02-19", "2024-02-19")):
        rows = _run(engine, start, "2024-04-30")
        assert str(rows[0].at.date()) == first
        assert rows[0].rung == "assigned"


def test_scripted_papers_stop_the_ladder(engine: Engine) -> None:
    paper = ScriptedPaper(f"{SON_LA}/bao-cao-nam/*/2023", date(2023, 12, 5), "9/BC", date(2023, 12, 4))
    rows = _run(engine, "2023-11-07", "2024-01-31", paper, plan=SON_LA)
    yearly = [r.rung for r in rows if r.rung != "assigned" and any("/bao-cao-nam/" in o for o in r.occurrences)]
    assert set(yearly) == {"before-7"}


def test_a_scripted_paper_for_nothing_is_said(engine: Engine) -> None:
    with pytest.raises(BadInput, match="khong-co"):
        _run(engine, "2023-11-07", "2024-01-31", ScriptedPaper("khong-co/*", date(2023, 12, 5)), plan=SON_LA)


def test_twice_the_same_question_gives_the_same_answer(engine: Engine) -> None:
    def asked() -> list[tuple[object, ...]]:
        rows = _run(engine, "2023-11-07", "2024-03-31", plan=SON_LA)
        return [(r.at, r.rung, r.role, r.recipient, r.occurrences) for r in rows]

    assert asked() == asked()


def test_what_cannot_be_replayed_is_refused(engine: Engine) -> None:
    with pytest.raises(PlanUnknown):
        _run(engine, "2024-01-01", "2024-12-31", plan="khong-co")
    with pytest.raises(BadInput, match="trước ngày bắt đầu"):
        _run(engine, "2024-12-31", "2024-01-01", plan=SON_LA)


def test_papers_are_read_from_a_table(tmp_path: Path) -> None:
    path = tmp_path / "papers.csv"
    lines = ("\ufeffoccurrence,received_on,number,date", "a/b/c/d,2024-03-01,9/BC,29/02/2024", "e/*,01/03/2024,,")
    path.write_text("\n".join(lines), "utf-8")
    assert read_papers(path) == [
        ScriptedPaper("a/b/c/d", date(2024, 3, 1), "9/BC", date(2024, 2, 29)), ScriptedPaper("e/*", date(2024, 3, 1))
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "says"),
    [("occurrence,received_on\na/b/c/d,\n", ":2:"), ("occurrence,received_on\n,2024-03-01\n", ":2:"),
     ("occurrence,received_on\na,2024-03-01\nb,31/02/2024\n", ":3: received_on")],
)  # fmt: skip
def test_a_wrong_line_is_named(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "papers.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(BadInput, match=says):
        read_papers(path)


def test_a_table_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="Không đọc được"):
        read_papers(tmp_path / "nothing.csv")
