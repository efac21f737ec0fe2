"""Letters that nobody writes and somebody pastes."""

from __future__ import annotations

from dataclasses import replace

from letters.facts import Document, Urging
from letters.model import Annex, Head, Letter, LetterKind, Paragraph, Signature, Table
from letters.wording import letter
from plans.model import Relation
from tests.letters.sample import ADDRESSEES, COPIES, FACTS, OFFICE

LONG_NAME = "Ban Chỉ đạo phòng, chống tội phạm, tệ nạn xã hội và xây dựng phong trào toàn dân bảo vệ an ninh Tổ quốc "
SIGNS = "<b>đậm</b> & <para>&amp;</para> ]]> \"'\x00\x07\x1b[31m\ud83d\ufffe\u202e"
NFD = "Ho\u0302\u0323i No\u0302ng da\u0302n"


def plain(kind: LetterKind = LetterKind.URGING, relation: Relation = Relation.PEER) -> Letter:
    to = () if kind is LetterKind.REPORT else ADDRESSEES[relation]
    return letter(FACTS[kind], OFFICE, relation, addressees=to, copies=COPIES)


def rows(count: int) -> Annex:
    heads = (Head("TT", 10, centred=True), Head("Cơ quan, đơn vị", 100), Head("Số ngày", 40, centred=True))
    return Annex("DANH SÁCH", Table(heads, tuple((str(at), f"Xã số {at}", "13") for at in range(1, count + 1))))


def long_names() -> Letter:
    return replace(
        plain(),
        issuer=LONG_NAME + "tỉnh Mẫu",
        parent=LONG_NAME,
        addressees=(LONG_NAME * 2, "Sở" * 120, "UBND xã Đồng Mây"),
        recipients=("Như trên", LONG_NAME * 2, "Lưu: VT, PC10"),
        signature=Signature("Phó Trưởng ban Thường trực " + LONG_NAME, "Nguyễn Văn " + "A" * 60),
    )


def signs() -> Letter:
    facts = FACTS[LetterKind.URGING]
    assert isinstance(facts, Urging)
    facts = replace(facts, plan=Document("Kế hoạch" + SIGNS, "1<2&3/KH-UBND", None, NFD), earlier=())
    return letter(facts, OFFICE, Relation.PEER, addressees=(SIGNS, NFD), copies=(SIGNS,), number="7\x00")


def long_paragraphs() -> Letter:
    words = "Nội dung dài. " * 360
    return replace(
        plain(),
        abstract=words,
        body=(Paragraph(words), Paragraph("ữ" * 5000), Paragraph(words)),
        annexes=(Annex(words, Table((Head("TT", 10), Head("Nội dung", 60)), (("01", words), ("02", "ợ" * 5000)))),),
    )


def nothing() -> Letter:
    return replace(
        plain(), issuer="", symbol="", place="", abstract="", body=(), addressees=(), recipients=(), parent="",
        signature=Signature(""), annexes=(Annex("", Table((Head("", 10),), ())),),
    )  # fmt: skip


HOSTILE = {"long-names": long_names, "signs": signs, "long-paragraphs": long_paragraphs, "nothing": nothing}
