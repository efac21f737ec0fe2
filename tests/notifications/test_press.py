"""A message by hand, with preview: it counts as no rung and moves nothing."""

from __future__ import annotations

import pytest

from notifications.press import press, preview
from tasks.errors import BadInput, PlanStopped
from tests.support import ANSWERABLE, FAMILY, FINANCE, PLAN, PLAN_DUTIES, Valley, plan_text

NOTE = "Đề nghị gửi trước 11 giờ.\nPhòng 305."
OWN = """\
  - id: tong-hop
    title: Báo cáo tổng hợp
    section: IV.3
    responsible: [cong-an]
    due: {kind: once, on: 2024-05-31, boundary: by, quote: "ngày 31/5"}
"""


@pytest.fixture
def followed(valley: Valley) -> Valley:
    valley.follow().run("2024-02-01 08:10")
    valley.channel.letters.clear()
    return valley.go("2024-03-01 09:00")


def _press(v: Valley, *ids: str, note: str | None = None) -> int:
    return press(v.engine, ids, note=note, now=v.now, actor="test")


def test_what_is_previewed_is_what_is_sent(followed: Valley) -> None:
    [shown] = preview(followed.engine, [ANSWERABLE], note=NOTE, now=followed.now)
    assert followed.ledger(ANSWERABLE) == [], "a preview writes nothing"
    assert _press(followed, ANSWERABLE, note=NOTE) == 1
    [letter] = followed.run("2024-03-01 09:00")
    assert letter.address == "agency@so-tai-chinh.example"
    assert letter.subject == shown.subject
    for line in NOTE.splitlines():
        assert line in letter.text
        assert line in shown.text


def test_it_goes_out_beside_the_digest_of_the_day_and_moves_no_rung(followed: Valley) -> None:
    followed.run("2024-03-08 07:30")
    before = followed.occurrence(ANSWERABLE)
    _press(followed, ANSWERABLE)
    assert len(followed.run("2024-03-08 10:00")) == 1
    assert followed.told(ANSWERABLE) == {"before-7": "composed", "press-1": "composed"}
    assert followed.occurrence(ANSWERABLE).revision == before.revision


def test_each_press_is_a_message_of_its_own(followed: Valley) -> None:
    for clock in ("09:00", "09:10"):
        followed.go(f"2024-03-01 {clock}")
        _press(followed, ANSWERABLE, note=f"lúc {clock}")
        assert len(followed.run()) == 1
    assert list(followed.told(ANSWERABLE)) == ["press-1", "press-2"]
    texts = [letter.text for letter in followed.channel.letters]
    assert "lúc 09:00" in texts[0]
    assert "lúc 09:10" in texts[1]


def test_pressed_in_the_evening_it_waits_for_the_morning_and_no_rung_drops_it(followed: Valley) -> None:
    followed.go("2024-03-07 20:00")
    _press(followed, ANSWERABLE)
    told = [letter for letter in followed.run("2024-03-08 07:30") if letter.address.startswith("agency@so-tai-chinh")]
    assert len(told) == 2
    assert followed.told(ANSWERABLE) == {"press-1": "composed", "before-7": "composed"}


def test_pressed_and_handed_in_before_the_morning_nothing_is_said(followed: Valley) -> None:
    followed.go("2024-03-06 20:00")
    _press(followed, ANSWERABLE)
    followed.record(ANSWERABLE, received="2024-03-06")
    assert followed.run("2024-03-07 07:30") == []
    assert followed.told(ANSWERABLE) == {"press-1": "skipped:received"}


def test_a_muted_agency_can_still_be_pressed_by_hand(followed: Valley) -> None:
    followed.promise(ANSWERABLE, "2024-03-14")
    _press(followed, ANSWERABLE)
    assert len(followed.run("2024-03-01 09:10")) == 1


def test_what_the_lead_owes_itself_is_pressed_to_its_officer(valley: Valley) -> None:
    valley.follow(text=plan_text(PLAN_DUTIES + OWN)).run("2024-02-01 08:10")
    valley.go("2024-03-01 09:00")
    _press(valley, f"{PLAN}/tong-hop/cong-an/once")
    assert [letter.address for letter in valley.run()] == ["officer@cong-an.example"]


def test_nothing_owed_is_nothing_to_press_for(followed: Valley) -> None:
    followed.waive(ANSWERABLE)
    with pytest.raises(BadInput, match="không cần nhắc"):
        _press(followed, ANSWERABLE)
    with pytest.raises(BadInput, match="không cần nhắc"):
        preview(followed.engine, [ANSWERABLE], note=None, now=followed.now)


def test_ended_bodies_and_families_are_refused(followed: Valley) -> None:
    followed.go("2024-03-18 09:00").end_body(FINANCE, "2024-03-16")
    with pytest.raises(BadInput, match="cơ quan kế thừa"):
        _press(followed, ANSWERABLE)
    with pytest.raises(BadInput, match="không nhận thông báo"):
        _press(followed, f"{PLAN}/ke-hoach/{FAMILY.partition('.')[2]}/once")


def test_what_fell_due_before_tracking_is_not_pressed_for(valley: Valley) -> None:
    valley.follow("2024-03-18 08:00")
    with pytest.raises(BadInput, match="trước ngày bắt đầu theo dõi"):
        _press(valley, ANSWERABLE)
    assert valley.ledger(ANSWERABLE) == []


def test_in_a_stopped_plan_nobody_is_pressed(followed: Valley) -> None:
    followed.stop()
    with pytest.raises(PlanStopped, match="dondoc activate thung-lung"):
        _press(followed, ANSWERABLE)


def test_several_are_pressed_together_or_not_at_all(followed: Valley) -> None:
    other = f"{PLAN}/ke-hoach/so-noi-vu/once"
    followed.waive(other)
    with pytest.raises(BadInput):
        _press(followed, ANSWERABLE, other)
    assert followed.ledger(ANSWERABLE) == []
    assert _press(followed, ANSWERABLE, f"{PLAN}/ke-hoach/mat-tran/once") == 2


def test_the_officer_s_words_stand_in_the_trail(followed: Valley) -> None:
    _press(followed, ANSWERABLE, note=NOTE)
    [event] = followed.events("press", ANSWERABLE)
    assert (event.actor, event.data["note"], event.data["rung"]) == ("test", NOTE, "press-1")
