"""Cài đặt, lời văn: an office looks at what messages say, writes it in its own words, and goes back."""

from __future__ import annotations

import re

from notifications.text_desk import texts_of
from tasks.database import reading
from tests.support import LEAD
from tests.web.office import Office

AT = f"/cai-dat/don-vi/{LEAD}/loi-van"
ONE = f"{AT}/overdue.peer.opening"
SAID = "Đến {hôm nay} chưa nhận {nội dung} theo {kế hoạch}. Đề nghị Quý cơ quan gửi."


def kept(office: Office) -> dict[str, dict[str, str]]:
    with reading(office.valley.engine) as c:
        return {key: dict(texts) for key, texts in texts_of(c, LEAD).items()}


def test_the_list_names_every_situation_and_says_whose_words_are_used(office: Office) -> None:
    alice = office.browser("alice")
    page = alice.get(AT).text
    for words in ("Nhắc trước hạn", "Nhắc quá hạn", "Gia hạn", "Cơ quan được đề nghị phối hợp", "Lời có sẵn"):
        assert words in page
    assert "Lời riêng" not in page
    alice.get(ONE)
    alice.post(ONE, {"text": SAID, "do": "save"})
    page = alice.get(AT).text
    assert page.count("Lời riêng") == 2  # shown, and read out
    assert SAID in page


def test_a_preview_shows_whole_messages_and_keeps_nothing(office: Office) -> None:
    alice = office.browser("alice")
    alice.get(ONE)
    page = alice.post(ONE, {"text": SAID, "do": "look"}).text
    assert "Đến 15/12/2026 chưa nhận Báo cáo năm 2026 theo KH 05/KH-UBND. Đề nghị Quý cơ quan gửi." in page
    assert page.count('<pre class="letter"') == 2
    assert kept(office) == {}


def test_what_cannot_be_said_is_told_and_what_was_typed_stays(office: Office) -> None:
    alice = office.browser("alice")
    alice.get(ONE)
    for do in ("save", "look"):
        page = alice.post(ONE, {"text": "Yêu cầu gửi ngay.", "do": do}, status=400).text
        assert "Phải có {nội dung}" in page
        assert "không viết “yêu cầu”" in page
        assert "Yêu cầu gửi ngay.</textarea>" in page
    assert kept(office) == {}


def test_the_ready_words_come_back(office: Office) -> None:
    alice = office.browser("alice")
    alice.get(ONE)
    alice.post(ONE, {"text": SAID, "do": "save"})
    assert kept(office) == {"overdue.peer.opening": {"vi": SAID}}
    page = alice.get(ONE).text
    assert "Bỏ lời riêng" in page
    assert "Lời có sẵn</h2>" in page
    alice.post(ONE, {"text": SAID, "do": "ready"})
    assert kept(office) == {}


def test_the_administrator_writes_for_all_and_a_unit_sees_that(office: Office) -> None:
    ada = office.browser("ada")
    ada.get("/cai-dat/chung/loi-van/overdue.peer.opening")
    ada.post("/cai-dat/chung/loi-van/overdue.peer.opening", {"text": SAID, "do": "save"})
    page = office.browser("alice").get(AT).text
    assert "Theo lời chung" in page
    assert SAID in page


def test_a_text_that_does_not_exist_is_not_found(office: Office) -> None:
    alice = office.browser("alice")
    for name in ("nothing", "overdue.peer", "overdue.peer.opening.more", "overdue.friend.opening"):
        alice.get(f"{AT}/{name}", status=404)


def test_script_in_a_text_is_only_shown(office: Office) -> None:
    alice = office.browser("alice")
    alice.get(ONE)
    alice.post(ONE, {"text": "<script>alert(1)</script> {nội dung}", "do": "save"})
    for page in (alice.get(AT).text, alice.get(ONE).text):
        assert not re.search(r"<script>alert", page)
        assert "&lt;script&gt;alert(1)" in page


def test_a_sentence_of_the_letters_is_looked_at_and_kept(office: Office) -> None:
    alice = office.browser("alice")
    page = alice.get(AT).text
    assert "Công văn đôn đốc: câu yêu cầu, đề nghị" in page
    at = f"{AT}/letter.urged.peer"
    alice.get(at)
    said = "Đề nghị Quý cơ quan gửi {nội dung} chậm nhất {ngày gửi}."
    page = alice.post(at, {"text": said, "do": "look"}).text
    assert page.count("Đề nghị Quý cơ quan gửi Báo cáo năm 2026 chậm nhất 20/12/2026.") == 2  # to many, to one alone
    page = alice.post(at, {"text": "Yêu cầu gửi {nội dung} chậm nhất {ngày gửi}.", "do": "save"}, status=400).text
    assert "không viết “yêu cầu”" in page
    alice.post(at, {"text": said, "do": "save"})
    assert kept(office) == {"letter.urged.peer": {"vi": said}}
    alice.get(f"{AT}/letter.urged.self", status=404)
