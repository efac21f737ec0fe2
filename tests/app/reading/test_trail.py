"""What the trail says, in plain words, about a document that was read and decided on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select

from app.filestore import FileStore
from app.reading import add_selected, choose_body, set_group_members, upload
from app.views import trail_readings
from app.views.trail_words import Group, kinds_of, row_text
from tasks import readings
from tasks.agencies import save_agencies
from tasks.database import reading as looking
from tasks.database import writing
from tasks.reading_store import load
from tasks.tables import audit_event
from tests.app.reading.papers import BODIES, LEAD, PAPER, UNIT
from tests.support import at

NOW = at("2023-10-05 09:00")


def test_every_move_is_told(engine: Engine, tmp_path: Path) -> None:
    with writing(engine) as c:
        save_agencies(c, BODIES)
    upload(engine, FileStore(tmp_path), PAPER.encode(), "kh.txt", lead=LEAD, now=NOW, actor="alice")
    with writing(engine) as c:

        def how() -> dict[str, Any]:
            return {"seen": load(c, 1).revision, "now": NOW, "actor": "alice"}

        readings.accept(c, 1, [1, 2], **how())
        readings.ignore(c, 1, [1], "việc của năm trước", **how())
        readings.restore(c, 1, 1, **how())
        readings.edit(c, 1, 1, {"title": "Tổng hợp", "note": "cả năm"}, **how())
        readings.split(c, 1, 2, **how())
        readings.merge(c, 1, [1, 2], **how())
        start = PAPER.index("tham mưu khen thưởng")
        add_selected(c, 1, start, start + 20, **how())
        readings.look(c, 1, "item", "1", **how())
        readings.set_fact(c, 1, "number", "06/KH-UBND", **how())
        readings.look(c, 1, "fact", "title", **how())
        choose_body(c, 1, "Sở Tài chính", f"{UNIT}.so-noi-vu", **how())
        choose_body(c, 1, "Sở Thử nghiệm", f"{UNIT}.so-moi", new=True, **how())
        readings.look(c, 1, "body", "Sở Nội vụ", **how())
        set_group_members(c, 1, "UBND các huyện, thành phố", [f"{UNIT}.ubnd-huyen-bac"], **how())
        readings.look(c, 1, "group", "UBND các huyện, thành phố", **how())
        one = [f"{UNIT}.ubnd-huyen-bac"]
        set_group_members(c, 1, "UBND các huyện, thành phố", one, relation="requested", **how())
        readings.drop_name(c, 1, "body", "Sở Nội vụ", **how())
        readings.drop_name(c, 1, "group", "UBND các huyện, thành phố", **how())
        readings.discard(c, 1, **how())
    with looking(engine) as c:
        rows = c.execute(select(audit_event).order_by(audit_event.c.id)).all()
    assert [row_text(row.kind, row.data) for row in rows] == [
        "Đọc văn bản kh.txt: 4 nhiệm vụ đề xuất",
        "kh.txt: đưa đề xuất số 1, 2 vào kế hoạch",
        "kh.txt: bỏ qua đề xuất số 1, lý do: việc của năm trước",
        "kh.txt: xem xét lại đề xuất số 1",
        "kh.txt: sửa đề xuất số 1: tên nhiệm vụ, ghi chú",
        "kh.txt: tách đề xuất số 2, 5",
        "kh.txt: gộp các đề xuất số 1, 2",
        "kh.txt: thêm nhiệm vụ số 6",
        "kh.txt: đã xem lại đề xuất số 1",
        "kh.txt: sửa số, ký hiệu từ “05/KH-UBND” thành “06/KH-UBND”",
        "kh.txt: đã xem lại trích yếu",
        f"kh.txt: “Sở Tài chính” là cơ quan {UNIT}.so-noi-vu",
        f"kh.txt: “Sở Thử nghiệm” là cơ quan mới {UNIT}.so-moi",
        "kh.txt: đã xem lại “Sở Nội vụ”",
        "kh.txt: tên chung “UBND các huyện, thành phố” gồm 1 cơ quan",
        "kh.txt: đã xem lại “UBND các huyện, thành phố”",
        "kh.txt: tên chung “UBND các huyện, thành phố” gồm 1 cơ quan; quan hệ: đề nghị phối hợp",
        "kh.txt: “Sở Nội vụ” không phải cơ quan, bỏ khỏi 1 nhiệm vụ",
        "kh.txt: “UBND các huyện, thành phố” không phải cơ quan, bỏ khỏi 1 nhiệm vụ",
        "Xóa văn bản kh.txt cùng phần rà soát",
    ]
    assert row_text("reading_plan", {"plan": "an-son", "name": "kh.txt"}) == "Lập kế hoạch an-son từ văn bản kh.txt"


def test_the_rows_can_be_asked_for_with_those_of_plans() -> None:
    assert set(trail_readings.KINDS) <= set(kinds_of(Group.PLANS))
