"""Texts without a head that tell of an act: its number, day and issuer are those of the orders they repeat."""

from __future__ import annotations

import pytest

from tests.reader.facts.papers import BODY, HEAD, facts, value


@pytest.mark.parametrize(
    ("text", "number", "signed", "issuer"),
    [
        (
            "Theo đó, các xã diệt chuột trước ngày 15 hằng tháng.\nCác đơn vị tải Công văn số 319/VKS-VP tại đây.\n",
            "319/VKS-VP", None, None,
        ),
        (
            "Diệt chuột\n\nNgày 24/5/2017, UBND tỉnh Sơn La ban hành Công văn số 1536/UBND-TH về diệt chuột.\n",
            "1536/UBND-TH", "2017-05-24", "Ủy ban nhân dân tỉnh Sơn La",
        ),
        (
            "UBND thành phố Đà Nẵng vừa có Văn bản số 1086/UBND-KT ngày 23/2/2021 gửi các phường về diệt chuột.\n",
            "1086/UBND-KT", "2021-02-23", "Ủy ban nhân dân thành phố Đà Nẵng",
        ),
        (
            "Ngày 6-6-2019, Ban Tuyên giáo Tỉnh ủy đã ban hành Kế hoạch số 65-KH/BTGTU về cuộc thi.\n",
            "65-KH/BTGTU", "2019-06-06", "Ban Tuyên giáo Tỉnh ủy",
        ),
        (
            "UBND tỉnh có ý kiến như sau:\nGiao Sở Y tế diệt chuột trước ngày 10/12/2023./.\n"
            "(Theo Công văn số 6202/UBND-KT, ngày 23/11/2023)\n",
            "6202/UBND-KT", "2023-11-23", "Ủy ban nhân dân tỉnh",
        ),
        (
            "Hỏi về diệt chuột\nTheo khoản 2 Điều 9 Thông tư 06/2019/TT-BTP thì thời hạn được quy định như sau:\n"
            "- Chậm nhất ngày 15.\n",
            "06/2019/TT-BTP", None, None,
        ),
    ],
    ids=["download", "report", "has", "party", "source", "answer"],
)  # fmt: skip
def test_report_gives_number_day_and_issuer_of_its_act(
    text: str, number: str, signed: str | None, issuer: str | None
) -> None:
    found = facts(text)
    assert (value(found.number), value(found.signed), value(found.issuer)) == (number, signed, issuer)
    assert found.number is not None
    assert found.number.sure < 1


@pytest.mark.parametrize(
    "text",
    [
        "Để học hè, Nhà trường đã có công văn số 215/ĐHV-ĐT về đăng ký học.\nI. ĐĂNG KÝ\n1. Sinh viên nộp đơn.\n",
        "Thực hiện công văn số 2572/SGDĐT-VP ngày 22/9/2021 của Sở Giáo dục và Đào tạo, đề nghị các trường báo cáo.\n",
        HEAD.replace("Số: 145/KH-UBND", "Số:     /KH-UBND")
        + "Ngày 02/02/2024, UBND tỉnh ban hành Quyết định số 12/QĐ-UBND về cây xanh.\n" + BODY,
        "Sở Y tế họp bàn việc diệt chuột. " * 20
        + "Ngày 31/3/2021, Bộ Y tế đã có Công văn số 718/BYT-KH về diệt chuột.\n",
    ],
    ids=["school", "carried out", "head of its own", "late"],
)  # fmt: skip
def test_act_that_is_only_mentioned_is_not_told_of(text: str) -> None:
    assert facts(text).number is None
