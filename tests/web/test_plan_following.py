"""Starting with a preview, another start day, stopping with a reason, starting again, taking a draft out."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tasks import intake
from tasks.database import reading, writing
from tasks.tables import occurrence, plan
from tests.support import ANSWERABLE, PLAN, plan_text
from tests.web.office import Office

PAGE = f"/ke-hoach/{PLAN}"
DRAFT = "/ke-hoach/nhap"


@pytest.fixture
def drafted(office: Office) -> Office:
    text = plan_text().replace(b"plan: thung-lung", b"plan: nhap").replace(b"05/KH-UBND", b"06/KH-UBND")
    with writing(office.valley.engine) as c:
        intake.add_plan(c, text, file="kh.yaml", now=office.valley.now, actor="alice")
    return office


def status(office: Office, plan_id: str) -> str | None:
    with reading(office.valley.engine) as c:
        return c.execute(select(plan.c.status).where(plan.c.id == plan_id)).scalar_one_or_none()


def test_a_draft_is_started_after_looking_at_every_message(drafted: Office) -> None:
    alice = drafted.browser("alice")

    page = alice.get(f"{DRAFT}/bat-dau?tu=11/03/2024").text

    assert "Theo dõi từ 11/03/2024: 5 kỳ." in page
    assert "Thông báo nhiệm vụ, thời hạn theo KH 06/KH-UBND" in page
    assert "Chờ kiểm tra trước khi nhắc quá hạn" in page
    assert "Kính gửi" in page
    assert ".invalid" not in page
    assert status(drafted, "nhap") == "draft"
    assert not drafted.valley.channel.letters

    done = alice.post(f"{DRAFT}/bat-dau", {"tu": "11/03/2024", "tinh-trang": "draft", "phien-ban": "1"}).text

    assert "Theo dõi từ 11/03/2024: 5 kỳ." in done
    assert status(drafted, "nhap") == "active"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("31/02/2024", "không phải ngày dạng dd/mm/yyyy"),
        ("01/01/2024", "trước ngày ban hành"),
        ("", "không phải ngày"),
    ],
)
def test_a_wrong_start_day_is_said_and_kept(drafted: Office, typed: str, said: str) -> None:
    alice = drafted.browser("alice")

    page = alice.post(f"{DRAFT}/bat-dau", {"tu": typed, "tinh-trang": "draft", "phien-ban": "1"}, status=400).text

    assert said in page
    assert f'value="{typed}"' in page
    assert status(drafted, "nhap") == "draft"
    if typed:
        assert said in alice.get(f"{DRAFT}/bat-dau?tu={typed}", status=400).text


def test_a_plan_that_changed_since_it_was_looked_at_is_not_started(drafted: Office) -> None:
    page = drafted.browser("alice").post(
        f"{DRAFT}/bat-dau", {"tu": "11/03/2024", "tinh-trang": "draft", "phien-ban": "7"}, status=400
    )

    assert "vừa được người khác thay đổi" in page.text
    assert status(drafted, "nhap") == "draft"


def test_the_start_day_is_put_right_after_seeing_what_it_changes(office: Office) -> None:
    alice = office.browser("alice")

    page = alice.get(f"{PAGE}/bat-dau?tu=17/03/2024").text
    assert "Ngày bắt đầu theo dõi: 01/02/2024 thành 17/03/2024." in page
    assert "5 kỳ thành “trước khi theo dõi”" in page
    assert not office.valley.occurrence(ANSWERABLE).before_tracking

    alice.post(f"{PAGE}/bat-dau", {"tu": "17/03/2024", "tinh-trang": "active", "phien-ban": "1"})
    assert office.valley.occurrence(ANSWERABLE).before_tracking


def test_the_same_start_day_again_is_refused(office: Office) -> None:
    page = office.browser("alice").get(f"{PAGE}/bat-dau?tu=01/02/2024", status=400)

    assert "từ đúng ngày này rồi" in page.text


def test_a_plan_is_stopped_with_a_reason_and_followed_again(office: Office) -> None:
    alice = office.browser("alice")
    assert "5 kỳ chưa xong được khép lại" in alice.get(f"{PAGE}/dung").text
    assert "Ghi lý do" in alice.post(f"{PAGE}/dung", {"ly-do": " "}, status=400).text
    too_long = alice.post(f"{PAGE}/dung", {"ly-do": "x" * 501}, status=400).text
    assert "dài quá 500 ký tự" in too_long
    assert status(office, PLAN) == "active"

    page = alice.post(f"{PAGE}/dung", {"ly-do": "Hết hiệu lực theo 9/QĐ"}).text

    assert "Đã dừng theo dõi, khép 5 kỳ" in page
    assert "Dừng theo dõi, khép 5 kỳ: Hết hiệu lực theo 9/QĐ" in page
    assert office.valley.events("stopped")[0].data["reason"] == "Hết hiệu lực theo 9/QĐ"
    assert "không được theo dõi" in alice.post(f"{PAGE}/dung", {"ly-do": "nữa"}, status=400).text

    again = alice.get(f"{PAGE}/bat-dau?tu=11/03/2024").text
    assert "mở lại 5 kỳ đã khép khi dừng" in again
    alice.post(f"{PAGE}/bat-dau", {"tu": "11/03/2024", "tinh-trang": "stopped", "phien-ban": "1"})
    assert status(office, PLAN) == "active"


def test_a_preview_leaves_no_trace(office: Office) -> None:
    alice = office.browser("alice")
    alice.post(f"{PAGE}/dung", {"ly-do": "thử"})
    before = len(office.valley.events())

    alice.get(f"{PAGE}/bat-dau?tu=11/03/2024&so-ngay=90")

    assert len(office.valley.events()) == before
    assert status(office, PLAN) == "stopped"


def test_a_draft_is_deleted_and_a_followed_plan_is_not(drafted: Office) -> None:
    alice = drafted.browser("alice")
    alice.post("/ke-hoach/nhap/sua")

    assert "Xóa hẳn bản nháp" in alice.get(f"{DRAFT}/xoa").text
    alice.post(f"{DRAFT}/xoa")
    refused = alice.post(f"{PAGE}/xoa", status=400).text

    assert status(drafted, "nhap") is None
    assert "không xóa, chỉ dừng theo dõi" in refused
    assert status(drafted, PLAN) == "active"
    with reading(drafted.valley.engine) as c:
        assert c.execute(select(occurrence.c.id).where(occurrence.c.plan_id == PLAN)).first()
    assert "Kế hoạch mới" in alice.get("/ke-hoach/soan/1").text
