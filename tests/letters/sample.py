"""Facts of the sample plan MẪU, as the pages will hand them over: one letter of every kind."""

from __future__ import annotations

from datetime import date

from letters.facts import (
    Assigning,
    Correcting,
    Document,
    Extending,
    Facts,
    Late,
    Office,
    Owed,
    Reporting,
    State,
    Urging,
)
from letters.model import Authority, Behalf, LetterKind, Signature
from letters.typeface import Typeface, brought
from plans.model import Consequence, Relation

PLAN = Document(
    "Kế hoạch",
    "00/KH-UBND",
    date(2026, 9, 20),
    "Ủy ban nhân dân tỉnh Mẫu",
    "về hỗ trợ người trở về cộng đồng",
)
OFFICE = Office(
    issuer="Công an tỉnh",
    named="Công an tỉnh Mẫu",
    short="CAT",
    unit="PC10",
    place="Mẫu",
    signature=Signature("Phó Giám đốc", None, (Behalf(Authority.DEPUTY, "Giám đốc"),)),
    superior="UBND tỉnh Mẫu",
    contact="Phòng PC10, Công an tỉnh Mẫu, điện thoại 0000 000 000",
    parent="Bộ Công an",
)
MONTHLY = Owed(
    product="Báo cáo tháng 10/2026",
    clause="IV.1",
    words="trước ngày 09 hằng tháng",
    last_day=date(2026, 11, 8),
    period=(date(2026, 10, 1), date(2026, 10, 31)),
    to="Công an tỉnh Mẫu",
)
LOANS = Owed(
    "Báo cáo chuyên đề về cho vay vốn", "IV.2", "chậm nhất ngày 24/11/2026", date(2026, 11, 24), to="Công an tỉnh"
)
FINAL = Owed("Báo cáo tổng kết kế hoạch", "IV.4", "trước ngày 05/01/2027", date(2027, 1, 4), to="Công an tỉnh")
SPREADING = Owed("Tuyên truyền, phổ biến chính sách", "III.2", "thường xuyên")
LATE = (
    Late("Sở Nội vụ tỉnh Mẫu", MONTHLY.product, date(2026, 11, 8), 13),
    Late("UBND xã Đồng Mây", MONTHLY.product, date(2026, 11, 8), 13),
    Late("UBND phường Núi Xanh", MONTHLY.product, date(2026, 11, 8), 13, note="Báo đã gửi, chờ đối chiếu"),
)
STATE = State(date(2026, 11, 21), owing=7, received=4, late=LATE)
FIRST_URGING = Document("Công văn", "41/CAT-PC10", date(2026, 11, 13))
CRITICISM = Consequence("V.2", "cơ quan, địa phương gửi báo cáo chậm từ 02 kỳ trở lên bị phê bình")

FACTS: dict[LetterKind, Facts] = {
    LetterKind.ASSIGNING: Assigning(PLAN, "IV.2", (MONTHLY, LOANS, FINAL, SPREADING)),
    LetterKind.URGING: Urging(PLAN, MONTHLY, STATE, 2, date(2026, 11, 27), (FIRST_URGING,)),
    LetterKind.REPORT: Reporting(PLAN, date(2026, 11, 21), ((MONTHLY, STATE),), date(2026, 11, 27), (FIRST_URGING,)),
    LetterKind.EXTENSION: Extending(
        PLAN,
        LOANS,
        until=date(2026, 12, 4),
        asked=Document("Công văn", "77/STC-NS", date(2026, 11, 18), "Sở Tài chính tỉnh Mẫu"),
        by=Document("Công văn", "900/UBND-NC", date(2026, 11, 20), "UBND tỉnh Mẫu"),
    ),
    LetterKind.CORRECTION: Correcting(
        FIRST_URGING,
        said="chưa nhận Báo cáo tháng 10/2026 của Sở Tư pháp tỉnh Mẫu",
        right="Sở Tư pháp tỉnh Mẫu đã gửi Báo cáo số 12/BC-STP ngày 06/11/2026, đúng thời hạn",
    ),
}
ADDRESSEES = {
    Relation.SUBORDINATE: ("Công an xã Đồng Mây", "Công an phường Núi Xanh"),
    Relation.PEER: ("Sở Nội vụ tỉnh Mẫu", "UBND xã Đồng Mây", "UBND phường Núi Xanh"),
    Relation.REQUESTED: ("Ủy ban MTTQ Việt Nam tỉnh Mẫu",),
    Relation.SELF: ("Phòng PC10",),
}
COPIES = ("UBND tỉnh (để báo cáo)",)


def face() -> Typeface:
    """The same on every machine."""
    return brought()
