"""Two years later an inspection asks "why was Phòng Alpha named on 19/12/2024?". Nothing but the hồ sơ is at hand.

The report was due before 10/12/2024. Alpha was told, reminded, called and twice written to; the second letter of 19/12
says what became of it. The paper came on 20/12, long before the hồ sơ is printed.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from app.dossier import gather
from app.dossier.model import Dossier
from app.letters import beginning, drafting
from notifications.tables import message
from plans.calendar import local_day
from tasks import desk
from tasks.database import reading, writing
from tasks.letter_head import choose_letterhead
from tasks.seal_check import verify
from tests.app.dossier.looking import rows, text_of, unpacked
from tests.letterhead import HEAD
from tests.letters.reading import in_order
from tests.scenarios.harness import LEAD, World, day, plan_text

REPORT = "ke/bao-cao/alpha/2024"


@pytest.fixture
def inspected(world: World) -> World:
    """Up to 15/01/2025."""
    world.follow(plan_text("alpha, beta")).go("13/12/2024", "09:20")
    with writing(world.engine) as c:
        choose_letterhead(c, LEAD, HEAD, now=world.now, actor="officer")
        who, said = "anh Nam, văn phòng", "hứa gửi trong tuần"
        desk.note_call(c, REPORT, spoke_with=who, text=said, now=world.now, actor="officer")
    _urge(world, "41")
    world.record("ke/bao-cao/beta/2024", "13/12/2024", "8/BC")
    world.go("19/12/2024", "15:00")
    _urge(world, "57")
    world.go("20/12/2024", "10:00")
    world.record(REPORT, "20/12/2024", "31/BC-ALPHA")
    world.go("15/01/2025", "08:00")
    world.new()  # what was sent is looked at in the hồ sơ
    return world


def _urge(world: World, number: str) -> None:
    now, today = world.now, local_day(world.now)
    with writing(world.engine) as c:
        [draft] = beginning.begin_urging(c, REPORT, everybody=False, on=today, now=now, actor="officer")
        drafting.give_number(c, draft.id, given=number, dated=today, now=now, actor="officer")


def _dossier(world: World) -> Dossier:
    with reading(world.engine) as c:
        return gather.of_occurrence(c, REPORT, now=world.now)


def test_why_the_agency_was_named_is_answered_from_the_dossier_alone(inspected: World) -> None:
    text = text_of(_dossier(inspected))
    # what was ordered, by which words, and why of this body
    assert in_order(text, "01/KH-UBND: Kế hoạch thử", "UBND huyện U, 07/11/2023", "Báo cáo năm (mục IV.1)")
    assert in_order(text, "“trước ngày 10/12”", "cơ quan phối hợp, được phân công trong kế hoạch (III.1)")
    # why the deadline was that day, and from when on it was missed
    assert in_order(text, "Hạn trong kế hoạch", "thứ Ba 10/12/2024", "Gửi chậm nhất", "thứ Hai 09/12/2024")
    assert in_order(text, "Văn bản nhận trong ngày 10/12 vẫn tính đúng hạn (cách đọc chung của đơn vị")
    assert in_order(text, "Quá hạn khi hết ngày 10/12/2024 (24:00); ghi nhận lúc 07:30 11/12/2024")
    # what had been done before, in order, and how it stood each time
    assert in_order(
        text, "4. Diễn biến", "07:30 02/12/2024", "(nhắc trước 7 ngày)", "Sắp đến hạn (còn 7 ngày)", "07:30 06/12/2024",
        "07:30 09/12/2024", "(ngày cuối)", "Đến hạn hôm nay", "07:30 12/12/2024", "(nhắc quá hạn lần 1)",
        "Quá hạn 2 ngày, chưa nhận", "Ghi cuộc gọi với anh Nam, văn phòng", "07:30 17/12/2024", "(nhắc quá hạn lần 2)",
        "Quá hạn 7 ngày, chưa nhận", "19/12/2024", "Công văn đôn đốc (lần 2) số 57/CATL-PC10",
        "Quá hạn 9 ngày, chưa nhận", "Ghi nhận văn bản số 31/BC-ALPHA",
    )  # fmt: skip
    # what the letter of that day said, and the one before it
    assert in_order(text, "6. Công văn, trang tuần của lãnh đạo", "Công văn đôn đốc số 41/CATL-PC10 ngày 13/12/2024")
    assert in_order(text, "Công văn đôn đốc (lần 2) số 57/CATL-PC10 ngày 19/12/2024", "Phòng Alpha", "(lần 2)")
    # that the paper came afterwards, and that it was late all the same
    assert in_order(text, "7. Văn bản đến", "31/BC-ALPHA", "20/12/2024", "Chấp nhận")
    assert in_order(text, "Tình trạng khi in", "Hoàn thành quá hạn 10 ngày")
    # the words that were sent
    assert in_order(text, "Phụ lục 1. Nguyên văn thông báo", "Hôm nay 09/12 đến hạn", "Kính gửi: Phòng Alpha")


def test_the_dossier_can_be_checked_against_the_sealed_trail(inspected: World) -> None:
    dossier = _dossier(inspected)
    assert dossier.head is not None
    with reading(inspected.engine) as c:
        verdict = verify(c, asked=dossier.head.hash)
    assert verdict.intact
    text = "".join(text_of(dossier).split())
    events = dossier.cases[0].events
    assert {"missed", "call", "record"} <= {event.kind for event in events}
    for event in events:
        assert event.hash is not None
        assert event.hash in text
        assert str(event.place) in text


def test_the_machine_readable_trail_proves_itself(inspected: World, tmp_path: Path) -> None:
    content = unpacked(_dossier(inspected), tmp_path)
    told = rows(content)  # checks every hash
    assert [row["row"]["kind"] for row in told].count("letter_numbered") == 2
    assert sum(name.startswith("cong-van/") for name in content) == 2
    with reading(inspected.engine) as c:
        sent = c.execute(message.select()).all()
    assert sum(name.startswith("thong-bao/") for name in content) < len(sent), "Beta's messages are not in it"
    assert day("19/12/2024").isoformat() in content["nhat-ky.jsonl"].decode()
