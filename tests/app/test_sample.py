"""The sample: something late, due and done within a minute, labelled, uncounted, and gone without a trace."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from app.bootstrap import Dondoc
from app.sample import SAMPLE, add_sample, remove_plan, sample_text
from app.settings import Settings
from notifications import composer, planner
from notifications.channels.folder import FolderChannel
from notifications.tables import message, notice
from plans.calendar import local_day, local_time
from plans.files import read_plan
from plans.model import Register
from tasks import desk
from tasks.audit import report
from tasks.database import reading, writing
from tasks.desk import DirectionKind, RequestKind
from tasks.desk_tables import paper_file, stored_file
from tasks.errors import PlanUnknown
from tasks.listing import DueRow, due_rows
from tasks.status import Status
from tasks.tables import answer, metadata
from tests.support import ANSWERABLE, PLAN, Valley, at

NOW = at("2026-11-20 10:00")
UNTOUCHED = {"alembic_version"}


@pytest.fixture
def dondoc(engine: Engine, dondoc_home: Path) -> Dondoc:
    settings = Settings(home=dondoc_home)
    return Dondoc(settings, engine, {"email": FolderChannel(settings.outbox_folder)})


@pytest.fixture
def sampled(dondoc: Dondoc) -> Dondoc:
    add_sample(dondoc, now=NOW)
    return dondoc


def _counts(engine: Engine) -> dict[str, int]:
    with reading(engine) as c:
        tables = metadata.sorted_tables
        return {t.name: c.execute(select(func.count()).select_from(t)).scalar_one() for t in tables}


def _due(dondoc: Dondoc) -> list[DueRow]:
    with reading(dondoc.engine) as c:
        return due_rows(c, now=NOW, plan_id=SAMPLE)


@pytest.mark.parametrize(
    "today",
    [date(2024, 2, 29), date(2025, 1, 1), date(2026, 3, 31), date(2026, 12, 31), date(2027, 2, 8), date(2028, 1, 31)],
)
def test_its_file_can_be_read_on_any_day(today: date) -> None:
    plan = read_plan(sample_text(today), file="mau", register=Register({})).plan
    assert plan.sample
    assert b"@" not in sample_text(today)


def test_a_newcomer_sees_late_due_and_done_things(sampled: Dondoc) -> None:
    found = Counter(row.status for row in _due(sampled))
    for status in (Status.ON_TIME, Status.LATE, Status.OVERDUE, Status.DUE_SOON, Status.OPEN):
        assert found[status] > 0, status
    assert any("gửi lại" in row.status_text for row in _due(sampled)), "one was returned and came again"


def test_its_history_was_made_by_the_same_rules_as_everything(sampled: Dondoc) -> None:
    with reading(sampled.engine) as c:
        rungs = {row.rung for row in c.execute(select(notice.c.rung).where(notice.c.status == "composed"))}
        sent = list(c.execute(select(message)))
    assert {"assigned", "before-7", "due", "check", "overdue-1", "lead", "returned"} <= rungs
    for row in sent:
        assert row.created_at <= NOW
        here = local_time(row.created_at)
        assert here.weekday() < 6
        assert 7 <= here.hour < 18


def test_it_is_labelled_in_every_message_and_on_every_line(sampled: Dondoc) -> None:
    assert all(row.sample for row in _due(sampled))
    with reading(sampled.engine) as c:
        subjects = [row.subject for row in c.execute(select(message.c.subject, message.c.sample))]
    assert subjects
    assert all("MẪU" in subject for subject in subjects)


def test_it_stays_out_of_every_audit(sampled: Dondoc) -> None:
    with reading(sampled.engine) as c:
        assert report(c, now=NOW).rates == ()
        assert report(c, now=NOW, plan_id=SAMPLE).missed == ()
        assert report(c, now=NOW, plan_id=SAMPLE, include_sample=True).missed != ()
    assert sampled.board.month_audit(month=date(2026, 10, 1), now=NOW).missed == ()


def test_it_goes_without_a_trace(dondoc: Dondoc) -> None:
    before = _counts(dondoc.engine)
    add_sample(dondoc, now=NOW)
    assert _counts(dondoc.engine) != before
    for morning in (at("2026-11-27 07:30"), at("2026-11-30 07:30")):  # the digests of Friday are left over and dropped
        planner.advance(dondoc.engine, now=morning)
        composer.compose(dondoc.engine, now=morning)
    assert remove_plan(dondoc, SAMPLE, now=at("2026-11-30 08:00"), actor="test") == "deleted"
    assert _counts(dondoc.engine) == before
    assert list(dondoc.settings.outbox_folder.glob("*.eml")) == [], "its letters go with it"


def test_what_was_noted_on_the_desk_goes_with_it(dondoc: Dondoc) -> None:
    before = _counts(dondoc.engine)
    add_sample(dondoc, now=NOW)
    with writing(dondoc.engine) as c:
        row = c.execute(select(answer).limit(1)).one()
        it = row.occurrence_id
        desk.note_call(c, it, spoke_with="Văn thư", text="Sẽ gửi chiều nay.", now=NOW, actor="test")
        number = desk.ask(c, it, kind=RequestKind.OBSTACLE, text="Thiếu số liệu.", now=NOW, actor="test")
        desk.settle(c, it, number, answer="Đã trao đổi.", now=NOW, actor="test")
        desk.direct(c, it, kind=DirectionKind.AGREED, text="", now=NOW, actor="test")
        content = {"hash": "0" * 64, "kind": "pdf", "size": 1, "at": NOW}
        c.execute(stored_file.insert().values(content))
        c.execute(paper_file.insert().values(paper_id=row.paper_id, hash="0" * 64, name="bc.pdf", by="test"))
    assert remove_plan(dondoc, SAMPLE, now=NOW, actor="test") == "deleted"
    assert _counts(dondoc.engine) == before


def test_a_content_that_a_real_paper_holds_too_stays(dondoc: Dondoc) -> None:
    real = Valley(dondoc.engine).follow("2026-11-19 08:00", start="2024-02-01")
    real.record(ANSWERABLE, received="2026-11-19", number="1/BC")
    add_sample(dondoc, now=NOW)
    with writing(dondoc.engine) as c:
        theirs = c.execute(select(answer).where(answer.c.occurrence_id == ANSWERABLE)).one()
        mine = c.execute(select(answer).where(answer.c.occurrence_id.like("mau/%")).limit(1)).one()
        c.execute(stored_file.insert().values(hash="0" * 64, kind="pdf", size=1, at=NOW))
        for row in (theirs, mine):
            c.execute(paper_file.insert().values(paper_id=row.paper_id, hash="0" * 64, name="bc.pdf", by="test"))
    remove_plan(dondoc, SAMPLE, now=NOW, actor="test")
    with reading(dondoc.engine) as c:
        assert [row.paper_id for row in c.execute(select(paper_file))] == [theirs.paper_id]
        assert len(c.execute(select(stored_file)).all()) == 1


def test_it_can_come_again_after_it_was_removed(sampled: Dondoc) -> None:
    first = Counter(row.status for row in _due(sampled))
    remove_plan(sampled, SAMPLE, now=NOW, actor="test")
    add_sample(sampled, now=NOW)
    assert Counter(row.status for row in _due(sampled)) == first


def test_it_touches_nothing_of_a_real_plan(dondoc: Dondoc) -> None:
    real = Valley(dondoc.engine)
    real.follow("2026-11-19 08:00", start="2024-02-01").advance("2026-11-20 07:30")
    before = {row.id: (row.status, row.queued_at) for row in real.ledger()}
    add_sample(dondoc, now=NOW)
    planner.advance(dondoc.engine, now=NOW, plan_id=SAMPLE)
    composer.compose(dondoc.engine, now=NOW, plan_id=SAMPLE)
    after = {row.id: (row.status, row.queued_at) for row in real.ledger()}
    assert {key: after[key] for key in before} == before
    remove_plan(dondoc, SAMPLE, now=NOW, actor="test")
    assert {row.id for row in real.ledger()} == set(before)
    assert all(row.plan == PLAN for row in _all(dondoc, NOW))


def _all(dondoc: Dondoc, now: datetime) -> list[DueRow]:
    with reading(dondoc.engine) as c:
        return due_rows(c, now=now)


def test_a_real_plan_is_stopped_and_keeps_its_history(dondoc: Dondoc) -> None:
    real = Valley(dondoc.engine).follow()
    real.run("2024-02-01 08:10")
    assert remove_plan(dondoc, PLAN, now=real.now, actor="test") == "stopped"
    assert len(real.ids()) == 5
    assert len(real.ledger()) == 4
    assert real.events("stopped")


def test_an_unknown_plan_cannot_be_removed(dondoc: Dondoc) -> None:
    with pytest.raises(PlanUnknown):
        remove_plan(dondoc, "khong-co", now=NOW, actor="test")


def test_its_days_lie_around_today(sampled: Dondoc) -> None:
    dues = [row.due for row in _due(sampled)]
    assert min(dues) < local_day(NOW) < max(dues)
