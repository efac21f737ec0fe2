"""What is noted beside an occurrence: it moves nothing, stands in the trail, and is told in plain words."""

from __future__ import annotations

import ast
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Connection

import tasks
from tasks import desk, history
from tasks.database import reading, writing
from tasks.desk import DirectionKind, RequestKind
from tasks.desk_tables import call_note, direction, request
from tasks.errors import BadInput, ChangedMeanwhile, OccurrenceUnknown
from tasks.lifecycle import Move
from tests.support import ANSWERABLE, PLAN, Valley

OTHER = f"{PLAN}/ke-hoach/so-noi-vu/once"


@pytest.fixture
def followed(valley: Valley) -> Valley:
    valley.follow().advance("2024-02-01 08:10")
    return valley.go("2024-03-11 09:00")


def doing(v: Valley, work: Callable[[Connection], object]) -> object:
    with writing(v.engine) as c:
        return work(c)


def told(v: Valley, kind: str) -> str:
    [event] = v.events(kind, ANSWERABLE)
    assert event.actor in ("alice", "dondoc", "test")
    return history.event_text(event.kind, event.data)


def test_a_call_is_noted_and_moves_nothing(followed: Valley) -> None:
    before = followed.occurrence(ANSWERABLE)
    args = {"spoke_with": " Chị Hoa, văn thư ", "text": "Hẹn chiều gửi.", "now": followed.now, "actor": "alice"}
    doing(followed, lambda c: desk.note_call(c, ANSWERABLE, **args))  # type: ignore[arg-type]
    with reading(followed.engine) as c:
        row = c.execute(select(call_note)).one()
    assert (row.by, row.spoke_with, row.text, row.at) == ("alice", "Chị Hoa, văn thư", "Hẹn chiều gửi.", followed.now)
    assert followed.occurrence(ANSWERABLE) == before
    assert told(followed, "call") == "Ghi cuộc gọi với Chị Hoa, văn thư: Hẹn chiều gửi."


@pytest.mark.parametrize(("who", "text"), [("", "nội dung"), ("ai đó", "  "), ("ai đó", "x" * 2001)])
def test_a_call_without_a_person_or_words_is_refused(followed: Valley, who: str, text: str) -> None:
    with pytest.raises(BadInput):
        doing(
            followed,
            lambda c: desk.note_call(c, ANSWERABLE, spoke_with=who, text=text, now=followed.now, actor="alice"),
        )
    assert followed.events("call") == []


def test_a_request_is_answered_once(followed: Valley) -> None:
    with writing(followed.engine) as c:
        number = desk.ask(
            c,
            ANSWERABLE,
            kind=RequestKind.EXTENSION,
            text="Chờ số liệu của huyện.",
            wanted=date(2024, 3, 20),
            now=followed.now,
            actor="dondoc",
        )
        settled = desk.settle(c, ANSWERABLE, number, answer="Không gia hạn.", now=followed.now, actor="alice")
    assert settled == desk.Settled(ANSWERABLE, RequestKind.EXTENSION, date(2024, 3, 20))
    assert told(followed, "request") == "Cơ quan: Đề nghị gia hạn 20/03/2024: Chờ số liệu của huyện."
    assert told(followed, "request_settled") == "Trả lời đề nghị của cơ quan: Không gia hạn."
    with pytest.raises(BadInput, match="đã được trả lời"):
        doing(
            followed,
            lambda c: desk.settle(c, ANSWERABLE, number, answer="Lần hai", now=followed.now, actor="alice"),
        )
    with reading(followed.engine) as c:
        assert c.execute(select(request.c.answer)).scalar_one() == "Không gia hạn."


def test_a_request_cannot_be_answered_through_another_occurrence(followed: Valley) -> None:
    with writing(followed.engine) as c:
        number = desk.ask(c, ANSWERABLE, kind=RequestKind.OBSTACLE, text="Vướng", now=followed.now, actor="dondoc")
    with pytest.raises(BadInput, match="Không có đề nghị này"):
        doing(followed, lambda c: desk.settle(c, OTHER, number, answer="x", now=followed.now, actor="alice"))


def test_an_extension_needs_a_day_and_an_obstacle_needs_words(followed: Valley) -> None:
    for kind, text in ((RequestKind.EXTENSION, "lý do"), (RequestKind.PROMISE, ""), (RequestKind.OBSTACLE, " ")):
        with pytest.raises(BadInput):
            doing(
                followed,
                lambda c, k=kind, t=text: desk.ask(  # type: ignore[misc]
                    c, ANSWERABLE, kind=k, text=t, now=followed.now, actor="dondoc"
                ),
            )


def test_the_head_agrees_without_words_and_directs_with_them(followed: Valley) -> None:
    with writing(followed.engine) as c:
        desk.direct(c, ANSWERABLE, kind=DirectionKind.AGREED, text="", now=followed.now, actor="alice")
        desk.direct(c, ANSWERABLE, kind=DirectionKind.DIRECTION, text="Mời làm việc.", now=followed.now, actor="alice")
    assert told(followed, "agreed") == "Đồng ý gửi"
    assert told(followed, "direction") == "Ý kiến chỉ đạo: Mời làm việc."
    with reading(followed.engine) as c:
        assert [(r.plan_id, r.occurrence_id) for r in c.execute(select(direction))] == [(PLAN, ANSWERABLE)] * 2
    with pytest.raises(BadInput):
        doing(
            followed,
            lambda c: desk.direct(
                c, ANSWERABLE, kind=DirectionKind.DIRECTION, text=" ", now=followed.now, actor="alice"
            ),
        )


def test_nothing_is_noted_beside_what_does_not_exist(followed: Valley) -> None:
    with pytest.raises(OccurrenceUnknown):
        doing(followed, lambda c: desk.note_call(c, "a/b/c/d", spoke_with="x", text="y", now=followed.now, actor="z"))


def test_every_move_makes_an_open_page_old(followed: Valley) -> None:
    """Also those that keep state and revision: a hold, a promise, a corrected paper."""
    seen = [desk.stamp(followed.occurrence(ANSWERABLE))]

    def moved() -> None:
        fresh = desk.stamp(followed.occurrence(ANSWERABLE))
        assert fresh not in seen[-1:]
        with pytest.raises(ChangedMeanwhile):
            doing(followed, lambda c: desk.unchanged(c, ANSWERABLE, seen[-1]))
        doing(followed, lambda c: desk.unchanged(c, ANSWERABLE, fresh))
        seen.append(fresh)

    followed.hold(ANSWERABLE, "2024-03-14")
    moved()
    followed.promise(ANSWERABLE, "2024-03-14")
    moved()
    followed.claim(ANSWERABLE)
    moved()
    followed.record(ANSWERABLE, received="2024-03-11", number="1/BC")
    moved()
    followed.correct(ANSWERABLE, received="2024-03-11", number="2/BC")
    moved()
    followed.give_back(ANSWERABLE)
    moved()


def test_every_move_is_told_in_words(followed: Valley) -> None:
    followed.claim(ANSWERABLE)
    followed.record(ANSWERABLE, received="2024-03-11", number="1/BC", dated="2024-03-10")
    followed.correct(ANSWERABLE, received="2024-03-08", number="2/BC")
    followed.give_back(ANSWERABLE, "2024-03-20")
    followed.extend(ANSWERABLE, to="2024-03-25")
    followed.hold(ANSWERABLE, None)
    followed.promise(ANSWERABLE, "2024-03-22")
    followed.waive(ANSWERABLE)
    followed.reopen(ANSWERABLE)
    followed.transfer(ANSWERABLE, "thung-lung.so-moi")
    lines = [history.event_text(e.kind, e.data) for e in followed.events(occurrence_id=ANSWERABLE)]
    assert lines == [
        "Cơ quan báo đã gửi số 9/BC",
        "Ghi nhận văn bản số 1/BC ngày 10/03/2024, nhận ngày 11/03/2024: đúng hạn",
        "Ghi sai, sửa lại: số 1/BC, nhận 11/03/2024 → số 2/BC, nhận 08/03/2024",
        "Trả lại văn bản: thiếu biểu, thiếu nội dung; gửi lại chậm nhất 20/03/2024",
        "Gia hạn từ 15/03/2024 đến 25/03/2024 theo văn bản số 77/UBND",
        "Nhắc trở lại",
        "Ghi hẹn gửi ngày 22/03/2024 (hạn không đổi)",
        "Đã miễn kỳ này: CV 3",
        "Mở lại: cơ quan phải gửi lại từ đầu",
        "Chuyển cơ quan kế thừa: thung-lung.so-moi",
    ]


def test_a_miss_tells_both_of_its_moments_and_its_withdrawal(followed: Valley) -> None:
    followed.advance("2024-03-20 07:30")  # the last on-time day was Monday the 18th
    assert told(followed, "missed") == "Quá hạn khi hết ngày 18/03/2024 (24:00); ghi nhận lúc 07:30 20/03/2024"
    followed.record(ANSWERABLE, received="2024-03-15", number="1/BC")
    assert told(followed, "miss_withdrawn") == "Rút ghi nhận quá hạn ngày 18/03/2024: có văn bản nhận đúng hạn"


def test_every_kind_of_row_about_an_occurrence_has_words() -> None:
    """``entry(o, "kind", …)`` in the code: a new kind must not stand in the history as a bare English word."""
    root = Path(tasks.__file__).parent.parent
    found = {move.value for move in Move}
    for path in [*root.glob("tasks/*.py"), *root.glob("notifications/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "entry"
            if called and isinstance(node, ast.Call) and isinstance(node.args[1], ast.Constant):
                found.add(str(node.args[1].value))
    assert found >= {"missed", "press", "call"}
    assert found - history.kinds() == set()
