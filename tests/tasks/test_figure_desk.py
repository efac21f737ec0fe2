"""Figures of an occurrence: every version kept, gone with a paper that was recorded wrongly, nothing told anew."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from tasks import figure_desk, intake, papers
from tasks.database import reading, writing
from tasks.errors import BadInput, OccurrenceUnknown
from tasks.figure_tables import figure_value
from tasks.history import event_text
from tasks.papers import Paper
from tasks.tables import audit_event, party
from tests.figures import HEAD, REPORTS, TEXT, of, put
from tests.support import FRONT, PLAN_DUTIES, Valley, plan_text

FINANCE = of("so-tai-chinh")


@pytest.fixture
def following(valley: Valley) -> Valley:
    return valley.follow("2024-02-01 08:00", text=TEXT).go("2024-03-08 09:00")


def standing(valley: Valley, occurrence_id: str = FINANCE) -> dict[str, Decimal | None]:
    with reading(valley.engine) as c:
        return {it: row.value for it, row in figure_desk.standing(c, occurrence_id).items()}


def told(valley: Valley, kind: str = "figures_corrected") -> list[str]:
    with reading(valley.engine) as c:
        rows = c.execute(select(audit_event).where(audit_event.c.kind == kind).order_by(audit_event.c.id))
        return [event_text(row.kind, row.data) for row in rows]


def test_figures_are_written_down_exactly(following: Valley) -> None:
    assert put(following, FINANCE, {"nhu-cau": 12, "tien": "1234.567", "mo-hinh": 0}) == figure_desk.Typed(3, 0)
    assert standing(following) == {"nhu-cau": Decimal(12), "tien": Decimal("1234.567"), "mo-hinh": Decimal(0)}
    assert told(following, "figures") == [
        "Nhập số liệu: Người có nhu cầu 12 người; Tiền cho vay 1.234,567 triệu đồng; Mô hình đã lập 0 mô hình"
    ]


def test_slip_is_put_right_and_both_versions_are_kept(following: Valley) -> None:
    put(following, FINANCE, {"nhu-cau": 12, "mo-hinh": 3})
    following.go("2024-03-11 09:00")
    assert put(following, FINANCE, {"nhu-cau": 21, "mo-hinh": 3}) == figure_desk.Typed(0, 1)
    assert standing(following) == {"nhu-cau": Decimal(21), "mo-hinh": Decimal(3)}
    with reading(following.engine) as c:
        rows = [row for row in figure_desk.versions(c, FINANCE) if row.figure_id == "nhu-cau"]
    assert [(row.value, row.replaced_at) for row in rows] == [(Decimal(12), following.now), (Decimal(21), None)]
    assert told(following) == ["Ghi sai số liệu, sửa lại: Người có nhu cầu 12 người → 21 người"]


def test_figure_may_be_taken_back(following: Valley) -> None:
    put(following, FINANCE, {"nhu-cau": 12})
    put(following, FINANCE, {"nhu-cau": None})
    assert standing(following) == {"nhu-cau": None}
    assert told(following) == ["Ghi sai số liệu, sửa lại: Người có nhu cầu 12 người → chưa có"]


def test_same_figures_again_write_nothing(following: Valley) -> None:
    put(following, FINANCE, {"nhu-cau": 12})
    assert not put(following, FINANCE, {"nhu-cau": "12.0", "tien": None})
    with reading(following.engine) as c:
        assert c.execute(select(func.count()).select_from(figure_value)).scalar_one() == 1


@pytest.mark.parametrize("it", ["ty-le", "khac"])
def test_computed_and_unknown_figures_are_refused(following: Valley, it: str) -> None:
    with pytest.raises(BadInput, match=f"không yêu cầu số liệu “{it}”"):
        put(following, FINANCE, {it: 50})


def test_unknown_occurrence_is_refused(following: Valley) -> None:
    with pytest.raises(OccurrenceUnknown):
        put(following, of("so-la"), {"nhu-cau": 1})


def test_what_was_handed_over_takes_no_figures_any_more(following: Valley) -> None:
    following.transfer(FINANCE, FRONT.replace("mat-tran", "so-moi"))
    with pytest.raises(BadInput, match="đã chuyển"):
        put(following, FINANCE, {"nhu-cau": 1})


def test_secret_paper_brings_no_figures(following: Valley) -> None:
    with writing(following.engine) as c:
        came = Paper(following.now.date(), secret=True)
        papers.record(c, [FINANCE], came, review=False, now=following.now, actor="test")
    with pytest.raises(BadInput, match="chế độ mật"):
        put(following, FINANCE, {"nhu-cau": 1})


def test_figures_go_with_a_paper_that_was_recorded_for_the_wrong_occurrence(following: Valley) -> None:
    put(following, FINANCE, {"mo-hinh": 2})  # typed before any paper came
    following.record(FINANCE, received="2024-03-08", number="5/BC", dated="2024-03-07")
    put(following, FINANCE, {"nhu-cau": 12})
    following.undo(FINANCE)
    assert standing(following) == {"mo-hinh": Decimal(2), "nhu-cau": None}
    assert told(following) == ["Bỏ số liệu cùng văn bản ghi nhầm kỳ: Người có nhu cầu 12 người → chưa có"]


def test_figures_follow_a_paper_that_was_put_right(following: Valley) -> None:
    following.record(FINANCE, received="2024-03-08", number="5/BC", dated="2024-03-07")
    put(following, FINANCE, {"nhu-cau": 12})
    following.correct(FINANCE, received="2024-03-07", number="6/BC")
    assert standing(following) == {"nhu-cau": Decimal(12)}
    following.undo(FINANCE)
    assert standing(following) == {"nhu-cau": None}


def test_only_one_version_of_a_figure_may_stand(following: Valley) -> None:
    put(following, FINANCE, {"nhu-cau": 12})
    twice = {"occurrence_id": FINANCE, "figure_id": "nhu-cau", "value": Decimal(1), "at": following.now, "by": "x"}
    with pytest.raises(IntegrityError), writing(following.engine) as c:
        c.execute(figure_value.insert().values(twice))


def test_more_places_than_are_kept_never_reach_the_table(following: Valley) -> None:
    with pytest.raises(Exception, match="more than 3 decimals"):
        put(following, FINANCE, {"tien": "0.0001"})


def test_change_of_figures_alone_tells_nobody_anew(following: Valley) -> None:
    following.run("2024-03-08 10:00")
    with reading(following.engine) as c:
        before = c.execute(select(party).order_by(party.c.agency_id)).all()
    fewer = HEAD.replace("name: Mô hình đã lập", "name: Mô hình mới lập").replace(", cumulative: true", "")
    with writing(following.engine) as c:
        text = plan_text(PLAN_DUTIES + REPORTS, head=fewer)
        brought = intake.add_plan(c, text, file="kh.yaml", now=following.now, actor="test")
    assert (brought.outcome, brought.made, brought.moved, brought.cancelled) == ("revised", 0, 0, 0)
    with reading(following.engine) as c:
        assert c.execute(select(party).order_by(party.c.agency_id)).all() == before
    assert following.run("2024-03-08 10:10") == []


def test_figure_that_the_plan_drops_keeps_what_was_reported(following: Valley) -> None:
    put(following, FINANCE, {"mo-hinh": 2, "nhu-cau": 5})
    less = "\n".join(row for row in HEAD.splitlines() if "id: mo-hinh, name" not in row) + "\n"
    with writing(following.engine) as c:
        text = plan_text(PLAN_DUTIES + REPORTS, head=less)
        intake.add_plan(c, text, file="kh.yaml", now=following.now, actor="test")
    assert standing(following) == {"mo-hinh": Decimal(2), "nhu-cau": Decimal(5)}
