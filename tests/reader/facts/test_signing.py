"""The day of signing: as far as it is printed, never one of a cited act."""

from __future__ import annotations

import pytest

from reader.draft import Doubt
from tests.reader.facts.papers import BODY, HEAD, facts, head, value


@pytest.mark.parametrize(
    ("printed", "signed"),
    [
        ("Sơn La, ngày 07 tháng 11 năm 2023", "2023-11-07"),
        ("Sơn La, ngày 7 tháng 3 năm 2023", "2023-03-07"),
        ("Sơn La,ngày 07tháng 11năm 2023", "2023-11-07"),
        ("Sơn La, ngày 1 7 tháng 1 1 năm 2 0 2 3", "2023-11-17"),
        ("Sơn La, ngày\n07 tháng 11\nnăm 2023", "2023-11-07"),
        ("Sơn La, ngày 07/11/2023", "2023-11-07"),
        ("Sơn La, 07/11/2023", "2023-11-07"),
        ("*Sơn La, ngày 07 tháng 11 năm 2023*", "2023-11-07"),
        ("TP. Sơn La, ngày 07 tháng 11 năm 2023", "2023-11-07"),
        ("SƠN LA, NGÀY 07 THÁNG 11 NĂM 2023", "2023-11-07"),
        ("Son La, ngay 07 thang 11 nam 2023", "2023-11-07"),
        ("Ngày 07 tháng 11 năm 2023", "2023-11-07"),
    ],
)
def test_day_of_signing_is_read_in_every_usual_form(printed: str, signed: str) -> None:
    found = facts(head(date=printed) + BODY).signed
    assert value(found) == signed
    assert found is not None
    assert not found.doubts


@pytest.mark.parametrize(
    ("printed", "signed"),
    [
        ("Sơn La, ngày      tháng 11  năm 2025", "2025-11"),
        ("Sơn La, ngày ... tháng 11 năm 2025", "2025-11"),
        ("Sơn La, ngày ……/11/2025 tháng 11 năm 2025", "2025-11"),
        ("Sơn La, ngày tháng 01 năm 2024", "2024-01"),
        ("Sơn La, ngày    tháng    năm 2024", "2024"),
        ("Sơn La, ngày .… tháng … năm 2024", "2024"),
        ("Son La, ngay 0/ thang 7/ nam 2023", "2023"),
        ("Son La, ngay £5 thang 4 nam 2023", "2023-04"),
        ("Sơn La, ngày 31 tháng 02 năm 2023", "2023-02"),
        ("Sơn La, ngày 12 tháng 1A năm 2023", "2023"),
    ],
)
def test_what_is_blank_or_unreadable_is_left_out_and_said(printed: str, signed: str) -> None:
    found = facts(head(date=printed) + BODY).signed
    assert value(found) == signed
    assert found is not None
    assert Doubt.UNREADABLE in found.doubts


@pytest.mark.parametrize("printed", ["Sơn La, ngày    tháng    năm", "Sơn La, ngày ... tháng ... năm 20...", ""])
def test_without_a_year_nothing_is_known(printed: str) -> None:
    cited = "Căn cứ Quyết định số 55/QĐ-UBND ngày 01 tháng 02 năm 2024 của UBND tỉnh;\n"
    assert facts(head(date=printed) + cited + BODY).signed is None


def test_date_under_the_text_counts_where_the_head_has_none() -> None:
    text = HEAD.replace("Sơn La, ngày 05 tháng 3 năm 2024\n", "") + BODY
    assert (
        value(facts(text + "\nSơn La, ngày 09 tháng 4 năm 2024\nTM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\n").signed)
        == "2024-04-09"
    )


def test_date_of_the_act_that_the_abstract_cites_is_not_the_day_of_signing() -> None:
    title = "Thực hiện Quyết định số 55/QĐ-TTg ngày 17 tháng 8 năm 2023 của Thủ tướng Chính phủ"
    assert value(facts(head(title=title) + BODY).signed) == "2024-03-05"
    assert facts(head(date="", title=title) + BODY).signed is None


def test_date_of_the_cited_plan_of_a_province_is_not_the_day_of_signing() -> None:
    cited = "Thực hiện Kế hoạch số 860/KH-UBND của UBND tỉnh Nghệ An, ngày 14/11/2023, UBND huyện ban hành kế hoạch:\n"
    assert facts(head(date="") + cited + BODY).signed is None


def test_date_behind_the_own_number_counts() -> None:
    text = head(number="Số: 01/KH-TT, ngày 12 tháng 8 năm 2026", date="")
    assert value(facts(text + BODY).signed) == "2026-08-12"


def test_stamp_of_an_electronic_signature_is_the_last_resort() -> None:
    stamp = "Ký bởi: Ủy ban nhân dân tỉnh\nThời gian ký: 08.03.2024 15:30:22 +07:00\n"
    assert value(facts(stamp + HEAD + BODY).signed) == "2024-03-05"
    found = facts(stamp + head(date="") + BODY).signed
    assert found is not None
    assert found.value == "2024-03-08"
    assert found.sure < 1


def test_register_stamp_of_the_receiver_is_not_the_day_of_signing() -> None:
    text = "Quyết định\n28/4/2024\n\n" + HEAD + BODY
    assert value(facts(text).signed) == "2024-03-05"


def test_place_of_the_date_is_the_date() -> None:
    found = facts(HEAD + BODY).signed
    assert found is not None
    assert found.span.of(HEAD) == "ngày 05 tháng 3 năm 2024"
