from __future__ import annotations

import unicodedata
from dataclasses import replace

import pypdfium2
import pytest

from letters import typeface
from letters.model import Letter, LetterKind, Signature, Urgency
from letters.pdf import as_pdf
from plans.model import Relation
from tests.letters import hostile, reading
from tests.letters.hostile import plain
from tests.letters.sample import face


def printed(letter: Letter) -> list[str]:
    return reading.pages(as_pdf(letter, face()))


def place(letter: Letter, words: str, page: int = 0) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of the words on the page, in mm from its lower left corner."""
    with pypdfium2.PdfDocument(as_pdf(letter, face())) as document:
        text = document[page].get_textpage()
        found = text.search(words).get_next()
        assert found, words
        boxes = [text.get_charbox(found[0] + at) for at in range(found[1])]
    left, bottom, right, top = zip(*boxes, strict=True)
    return tuple(value / 72 * 25.4 for value in (min(left), min(bottom), max(right), max(top)))


@pytest.mark.parametrize("relation", Relation)
@pytest.mark.parametrize("kind", LetterKind)
def test_every_kind_and_relation_is_printed_in_order_and_can_be_copied_in_nfc(
    kind: LetterKind, relation: Relation
) -> None:
    letter = plain(kind, relation)
    first, *behind = printed(letter)
    assert unicodedata.is_normalized("NFC", first)
    said = [each.text.rstrip(".") for each in letter.body if not each.text.startswith("I")]
    assert reading.in_order(
        first, "BỘ CÔNG AN", "CÔNG AN TỈNH", "CỘNG HÒA", "Độc lập", "Số:", "Kính gửi:", *said, "./."
    )
    assert reading.in_order(first, *said, "Nơi nhận:", "- Lưu: VT, PC10.", "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")
    assert len(behind) == len(letter.annexes)
    assert all(page.startswith("PHỤ LỤC") for page in behind)


def test_the_margins_are_those_of_the_decree() -> None:
    letter = replace(plain(LetterKind.CORRECTION), annexes=())
    left, _bottom, right, _top = place(letter, "Tại Công văn số 41/CAT-PC10")
    assert left == pytest.approx(30 + 12.7, abs=0.5)
    assert right < 195
    assert place(letter, "Nơi nhận:")[0] == pytest.approx(30, abs=0.7)
    assert 297 - place(letter, "BỘ CÔNG AN")[3] == pytest.approx(21.5, abs=1.5)


def test_recipients_and_signature_stand_on_one_level() -> None:
    assert place(plain(), "Nơi nhận:")[3] == pytest.approx(place(plain(), "KT. GIÁM ĐỐC")[3], abs=2.5)


def test_country_motto_and_date_stand_centred_to_the_right_of_the_bodies() -> None:
    for words in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"):
        left, _bottom, right, _top = place(plain(), words)
        assert left > 97
        assert right <= 195.5
        assert (left + right) / 2 == pytest.approx(97 + 98 / 2, abs=1)


def test_long_annexes_run_over_pages_with_repeated_heads_and_their_own_numbers() -> None:
    first, *annex = printed(replace(plain(), annexes=(hostile.rows(60),)))
    assert len(annex) == 2
    assert all("TT Cơ quan, đơn vị Số ngày" in page for page in annex)
    assert annex[1].startswith("2 TT")
    assert annex[0].startswith("PHỤ LỤC DANH SÁCH (Kèm theo Công văn số")
    assert reading.in_order("".join(annex), *(f"Xã số {at}" for at in range(1, 61)))
    assert "Xã số" not in first


def test_pages_behind_the_first_bear_their_number_in_the_top_margin() -> None:
    letter = replace(plain(), body=plain().body * 3, annexes=())
    pages = printed(letter)
    assert len(pages) == 2
    assert not pages[0].startswith("1 ")
    assert pages[1].startswith("2 ")
    left, bottom, right, _top = place(letter, "2", page=1)
    assert (left + right) / 2 == pytest.approx((30 + 195) / 2, abs=0.5)
    assert bottom > 297 - 20


def test_a_wide_annex_lies_on_its_side() -> None:
    assert reading.sizes(as_pdf(plain(LetterKind.ASSIGNING), face())) == [(210, 297), (297, 210)]


def test_nobody_signs_an_otherwise_empty_page() -> None:
    # Whatever the length of the text, the page of the signature holds the end of the body as well.
    paragraph = plain().body[0]
    for count in range(1, 16):
        letter = replace(plain(), body=(paragraph,) * count, annexes=())
        last = printed(letter)[-1]
        assert reading.in_order(last, "31/10/2026./.", "Nơi nhận:")
        assert "Theo mục IV.1" in last


def test_a_stamp_and_a_name_are_printed_where_they_are_known() -> None:
    signed = replace(plain(), urgency=Urgency.FLASH, signature=Signature("Giám đốc", "Nguyễn Văn A"))
    first = printed(signed)[0]
    assert reading.in_order(first, "V/v đôn đốc", "HOẢ TỐC", "Kính gửi:", "GIÁM ĐỐC", "Nguyễn Văn A")
    assert "HOẢ TỐC" not in printed(plain())[0]


def test_the_same_letter_in_the_same_typeface_always_gives_the_same_bytes() -> None:
    assert as_pdf(plain(), face()) == as_pdf(plain(), face())


def test_the_typeface_of_the_machine_is_taken_where_none_is_named() -> None:
    assert as_pdf(plain()) == as_pdf(plain(), typeface.chosen())


@pytest.mark.parametrize("name", hostile.HOSTILE)
def test_hostile_texts_are_printed(name: str) -> None:
    text = " ".join(printed(hostile.HOSTILE[name]()))
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert unicodedata.is_normalized("NFC", text)


def test_long_words_and_long_rows_are_printed_to_their_last_letter() -> None:
    bare = "".join("".join(printed(hostile.long_paragraphs())).split())
    assert bare.count("ữ") == 5000
    assert bare.count("ợ") == 5000


def test_xml_signs_are_printed_as_letters() -> None:
    text = " ".join(printed(hostile.signs()))
    assert "Kế hoạch<b>đậm</b> & <para>&amp;</para> ]]>" in text
    assert "- Hội Nông dân." in text
