"""Names of a text matched with bodies of a register."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.model import Agency
from plans.shipped import shipped_register
from reader.matching import KnownBody, Match, Matcher, Successor, Why, match, slug, why_text

THEN = date(2024, 3, 1)
LATER = date(2025, 11, 1)


@dataclass(frozen=True)
class Earlier:
    name: str


@dataclass(frozen=True)
class Known:
    id: str
    name: str
    aliases: tuple[str, ...] = ()
    names: tuple[Earlier, ...] = ()
    start: date | None = None
    until: date | None = None
    successor: str | None = None


REGISTER = [
    Known("an-hai.cong-an-tinh", "Công an tỉnh An Hải", ("Công an tỉnh", "CAT")),
    Known("an-hai.so-tai-chinh", "Sở Tài chính"),
    Known("an-hai.so-tu-phap", "Sở Tư pháp"),
    Known("an-hai.so-noi-vu", "Sở Nội vụ"),
    Known("an-hai.so-y-te", "Sở Y tế", names=(Earlier("Ty Y tế"),)),
    Known(
        "an-hai.so-ldtbxh", "Sở Lao động - Thương binh và Xã hội", until=date(2025, 2, 28), successor="an-hai.so-noi-vu"
    ),
    Known("an-hai.so-ttt", "Sở Thông tin và Truyền thông", until=date(2025, 2, 28)),
    Known("an-hai.so-khcn", "Sở Khoa học và Công nghệ"),
    Known("an-hai.ngan-hang", "Ngân hàng Chính sách xã hội chi nhánh tỉnh An Hải"),
    Known("an-hai.ubnd-xa", "UBND xã Bình Minh"),
    Known("an-hai.ubnd-tinh", "UBND tỉnh"),
    Known("bac-hai.cong-an-tinh", "Công an tỉnh Bắc Hải", ("Công an tỉnh",)),
    Known("bac-hai.so-dan-toc", "Sở Dân tộc và Tôn giáo"),
    Known("trung-uong.bo-cong-an", "Bộ Công an"),
]


def found(name: str, *, on: date = THEN, unit: str = "an-hai") -> Match:
    return match(name, REGISTER, on=on, unit=unit)


@pytest.mark.parametrize(
    ("name", "expected", "why"),
    [
        ("Sở Tài chính", "so-tai-chinh", Why.NAME),
        ("SỞ TÀI CHÍNH", "so-tai-chinh", Why.NAME),
        ("So Tai chinh", "so-tai-chinh", Why.NAME),
        ("Công an tỉnh", "cong-an-tinh", Why.ALIAS),
        ("CAT", "cong-an-tinh", Why.ALIAS),
        ("Ty Y tế", "so-y-te", Why.EARLIER),
        ("Sở LĐ-TB&XH", "so-ldtbxh", Why.NAME),
        ("Sở LĐTBXH", "so-ldtbxh", Why.NAME),
        ("so ldtbxh", "so-ldtbxh", Why.NAME),
        ("Sở Lao động, Thương binh và Xã hội", "so-ldtbxh", Why.NAME),
        ("Sở TP", "so-tu-phap", Why.ABBREVIATION),
        ("STC", "so-tai-chinh", Why.ABBREVIATION),
        ("Sở Tài chính tỉnh An Hải", "so-tai-chinh", Why.PLACE),
        ("Công an An Hải", "cong-an-tinh", Why.PLACE),
        ("NHCSXH", "ngan-hang", Why.PLACE),
        ("Ngân hàng CSXH tỉnh An Hải", "ngan-hang", Why.NAME),
        ("Chi hánh Ngân hàng Chính sách xã hội tỉnh", "ngan-hang", Why.PLACE),
        ("Ủy ban nhân dân xã Bình Minh", "ubnd-xa", Why.NAME),
        ("Uỷ ban nhân dân xã Bình Minh", "ubnd-xa", Why.NAME),
        ("Chủ tịch UBND tỉnh", "ubnd-tinh", Why.NAME),
        ("Giám đốc Sở Y tế", "so-y-te", Why.NAME),
        ("Sở Tài chíng", "so-tai-chinh", Why.SLIP),
        ("Sở Khoa học và Công ngệ", "so-khcn", Why.SLIP),
    ],
)
def test_a_body_is_found_however_the_text_calls_it(name: str, expected: str, why: Why) -> None:
    best = found(name).best
    assert best is not None
    assert (best.id, best.why) == (f"an-hai.{expected}", why)


@pytest.mark.parametrize(
    "name",
    [
        "Sở Ngoại vụ",
        "Sở Quy hoạch - Kiến trúc",
        "UBND xã Hòa Bình",
        "UBND huyện",
        "Các sở, ban, ngành",
        "Phòng Tài chính",
    ],
)
def test_another_body_is_not_taken_for_one_that_is_known(name: str) -> None:
    assert found(name).best is None


def test_a_body_of_another_place_is_only_shown_for_choice() -> None:
    result = found("Sở Dân tộc và Tôn giáo")
    assert result.best is None
    assert [(c.id, c.why) for c in result.others] == [("bac-hai.so-dan-toc", Why.OTHER_PLACE)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Công an tỉnh Bắc Hải", "bac-hai.cong-an-tinh"), ("Bộ Công an", "trung-uong.bo-cong-an")],
)
def test_a_body_of_another_unit_is_meant_where_the_name_says_so(name: str, expected: str) -> None:
    best = found(name).best
    assert best is not None
    assert best.id == expected


def test_without_a_unit_two_bodies_of_one_name_are_left_to_a_person() -> None:
    result = found("Công an tỉnh", unit="")
    assert result.ambiguous
    assert result.best is not None
    assert result.best.sure <= 0.5
    assert {result.best.id, result.others[0].id} == {"an-hai.cong-an-tinh", "bac-hai.cong-an-tinh"}


def test_an_unknown_body_gets_a_readable_free_id() -> None:
    assert found("Trung tâm Khuyến nông").proposed == "trung-tam-khuyen-nong"
    assert found("Giám đốc Sở NN&PTNT tỉnh An Hải").proposed == "so-nong-nghiep-va-phat-trien-nong-thon-tinh"
    assert found("UBND xã Hòa Bình").proposed == "ubnd-xa-hoa-binh"


def test_the_place_joins_a_proposed_id_only_where_the_short_one_is_taken() -> None:
    assert match("UBND xã Hòa Bình", [], on=THEN, unit="an-hai").proposed == "ubnd-xa"


@given(st.text(max_size=120))
def test_a_proposed_id_is_always_one_that_the_plan_format_takes(name: str) -> None:
    proposed = slug(name)
    assert 0 < len(proposed) <= 60
    assert set(proposed) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert not proposed.startswith("-")
    assert not proposed.endswith("-")


def test_an_ended_body_stays_the_match_and_its_successors_are_only_proposed() -> None:
    before, after = found("Sở LĐTBXH", on=THEN), found("Sở LĐTBXH", on=LATER)
    assert (before.ended, before.successors) == (False, ())
    assert after.best is not None
    assert (after.best.id, after.ended) == ("an-hai.so-ldtbxh", True)
    assert after.successors[0] == Successor("Sở Nội vụ", "an-hai.so-noi-vu", default=True)


def test_work_that_was_divided_has_several_successors_with_what_each_took_over() -> None:
    heirs = found("Sở LĐTBXH", on=LATER).successors
    assert [heir.id for heir in heirs] == ["an-hai.so-noi-vu", None, "an-hai.so-y-te", None, "an-hai.cong-an-tinh"]
    assert heirs[1].name == "Sở Giáo dục và Đào tạo"
    assert "đào tạo nghề" in heirs[1].duties
    assert [heir.default for heir in heirs] == [True, False, False, False, False]
    assert [heir.sourced for heir in heirs[1:]] == [False, False, False, True]


def test_without_a_suggestion_in_the_register_the_general_one_comes_first() -> None:
    heirs = found("Sở TT&TT", on=LATER).successors
    assert [(heir.name, heir.id, heir.default) for heir in heirs] == [
        ("Sở Khoa học và Công nghệ", "an-hai.so-khcn", True),
        ("Sở Văn hóa, Thể thao và Du lịch", None, False),
    ]


def test_an_ended_body_that_the_register_never_held_is_proposed_with_its_successors() -> None:
    result = found("Sở Kế hoạch và Đầu tư", on=LATER)
    assert (result.best, result.ended, result.proposed) == (None, True, "so-ke-hoach-va-dau-tu")
    assert [heir.id for heir in result.successors] == ["an-hai.so-tai-chinh"]
    assert not found("Sở Kế hoạch và Đầu tư", on=THEN).ended


def test_a_chain_of_ended_bodies_leads_to_the_one_that_lives() -> None:
    chain = [
        Known("a.one", "Phòng Một", until=date(2024, 1, 31), successor="a.two"),
        Known("a.two", "Phòng Hai", until=date(2025, 1, 31), successor="a.three"),
        Known("a.three", "Phòng Ba"),
    ]
    assert [heir.id for heir in match("Phòng Một", chain, on=date(2024, 6, 1), unit="a").successors] == ["a.two"]
    assert [heir.id for heir in match("Phòng Một", chain, on=LATER, unit="a").successors] == ["a.three"]


def test_two_bodies_that_name_each_other_as_successor_do_not_hang() -> None:
    ring = [
        Known("a.one", "Phòng Một", until=date(2024, 1, 31), successor="a.two"),
        Known("a.two", "Phòng Hai", until=date(2024, 1, 31), successor="a.one"),
    ]
    assert [heir.id for heir in match("Phòng Một", ring, on=LATER, unit="a").successors] == ["a.two"]


def _own_names(body: Agency) -> set[str]:
    return {body.name, *body.aliases, *(earlier.name for earlier in body.names)}


@pytest.mark.parametrize("unit", ["ba-dinh", "bac-giang", "cua-lo", "lang-son", "son-la"])
def test_every_shipped_body_is_found_by_each_of_its_names(unit: str) -> None:
    register: list[KnownBody] = list(shipped_register().agencies.values())
    matcher = Matcher(register)
    lost = []
    for body in shipped_register().agencies.values():
        if not body.id.startswith(f"{unit}."):
            continue
        on = body.until or body.start or LATER
        for name in _own_names(body):
            for written in (name, name.upper(), unicodedata.normalize("NFD", name)):
                result = matcher.match(written, on=on, unit=unit)
                if result.best is None or result.best.id != body.id or result.ambiguous:
                    lost.append((body.id, written, result.best))
    assert lost == []


ABBREVIATED = {
    "Sở Lao động - Thương binh và Xã hội": ("Sở LĐTBXH", "Sở LĐ-TB&XH", "SLĐTBXH"),
    "Sở Nông nghiệp và Phát triển nông thôn": ("Sở NN&PTNT", "Sở NNPTNT"),
    "Sở Văn hóa, Thể thao và Du lịch": ("Sở VHTTDL", "Sở VH,TT&DL", "Sở VH-TT&DL"),
    "Sở Tài nguyên và Môi trường": ("Sở TN&MT", "STNMT"),
    "Ngân hàng Chính sách xã hội": ("NHCSXH", "Ngân hàng CSXH", "NH CSXH"),
    "Công an tỉnh": ("CAT", "CA tỉnh"),
    "Công an xã": ("CAX",),
    "Hội Liên hiệp Phụ nữ tỉnh": ("Hội LHPN tỉnh",),
    "Liên đoàn Lao động tỉnh": ("LĐLĐ tỉnh",),
    "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh": ("UBMTTQ tỉnh", "Ủy ban MTTQ Việt Nam tỉnh", "UBMTTQVN tỉnh"),
    "Văn phòng UBND tỉnh": ("VP UBND tỉnh",),
    "Viện kiểm sát nhân dân tỉnh": ("VKSND tỉnh", "Viện KSND tỉnh"),
    "Phòng Cảnh sát thi hành án hình sự và hỗ trợ tư pháp": ("PC10", "Phòng CS THAHS và HTTP"),
}


@pytest.mark.parametrize(("name", "short"), [(name, short) for name, every in ABBREVIATED.items() for short in every])
def test_usual_abbreviations_lead_to_the_full_name(name: str, short: str) -> None:
    known = [Known(f"a.b{number}", full) for number, full in enumerate(ABBREVIATED)]
    best = match(short, known, on=THEN, unit="a").best
    assert best is not None
    assert best.id == f"a.b{list(ABBREVIATED).index(name)}"


@given(st.sampled_from(REGISTER), st.data())
def test_one_slip_in_a_long_name_still_finds_the_body_or_nothing(body: Known, data: st.DataObject) -> None:
    at = data.draw(st.integers(3, len(body.name) - 1))
    written = body.name[:at] + body.name[at + 1 :]
    best = match(written, REGISTER, on=THEN, unit=body.id.split(".")[0]).best
    assert best is None or best.id == body.id or body.name.startswith(("Công an", "UBND"))


def test_every_ground_has_words_for_the_screen() -> None:
    assert len({why_text(why) for why in Why}) == len(Why)
