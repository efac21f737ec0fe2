"""Who stands behind a collective name: bodies with a heading of their own, authorities of the level, police below."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.reading.groups import Headed, Setting, propose
from tests.app.reading.papers import BODIES, DISTRICTS, LEAD, UNIT

HEADED = (
    Headed(LEAD, "Công an tỉnh An Sơn", "II.1"),
    Headed(f"{UNIT}.so-tai-chinh", "Sở Tài chính", "II.2"),
    Headed(f"{UNIT}.so-noi-vu", "Sở Nội vụ", "II.3"),
    Headed(f"{UNIT}.mttq", "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh", "II.5", requested=True),
    Headed(f"{UNIT}.ubnd-huyen-bac", "UBND huyện Bắc", "II.7"),
)
SETTING = Setting(date(2023, 10, 2), "province", LEAD, BODIES, HEADED, (("ubnd cac huyen thanh pho", "II.6"),))
DEPARTMENTS = [f"{UNIT}.so-tai-chinh", f"{UNIT}.so-noi-vu"]
COMMUNES = [f"{UNIT}.ubnd-xa-tay"]


def members(name: str, setting: Setting = SETTING) -> list[str]:
    return [member.agency for member in propose(name, "III.1", setting).members]


@pytest.mark.parametrize("name", ["Các sở, ban, ngành tỉnh", "các sở, ngành", "các cơ quan, đơn vị", "Các phòng, ban"])
def test_departments_are_those_with_a_heading_of_their_own(name: str) -> None:
    assert members(name) == DEPARTMENTS, "not the lead unit, not who is asked, no authority of a lower level"


@pytest.mark.parametrize("name", ["UBND các huyện, thành phố", "Ủy ban nhân dân các huyện, thị xã, thành phố"])
def test_authorities_of_the_districts_are_those_of_the_day_of_issue(name: str) -> None:
    assert members(name) == DISTRICTS
    after = replace(SETTING, on=date(2025, 8, 1))
    assert members(name, after) == [], "there are none any more"


@pytest.mark.parametrize("name", ["UBND các xã, phường, thị trấn", "UBND cấp xã", "UBND các phường"])
def test_authorities_of_the_communes(name: str) -> None:
    assert members(name) == COMMUNES
    later = replace(SETTING, on=date(2025, 8, 1))
    assert members(name, later) == [f"{UNIT}.ubnd-phuong-dong", f"{UNIT}.ubnd-xa-tay"]


def test_localities_are_the_next_level_below_the_issuer() -> None:
    assert members("các địa phương") == DISTRICTS
    assert members("các địa phương", replace(SETTING, level="district")) == COMMUNES
    assert members("các địa phương", replace(SETTING, on=date(2025, 8, 1)))[0] == f"{UNIT}.ubnd-phuong-dong"


def test_bodies_and_localities_are_both() -> None:
    assert members("Các cơ quan, đơn vị, địa phương") == [*DEPARTMENTS, *DISTRICTS]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Công an các xã, phường", ["cong-an-phuong-dong", "cong-an-xa-tay"]),
        ("Công an các huyện, thành phố", ["cong-an-huyen-bac"]),
    ],
)
def test_police_of_a_level_stand_below_the_police_that_leads(name: str, found: list[str]) -> None:
    group = propose(name, "III.1", SETTING)
    assert [member.agency for member in group.members] == [f"{UNIT}.{each}" for each in found]
    assert group.relation == "subordinate"
    other = propose(name, "III.1", replace(SETTING, lead=f"{UNIT}.so-noi-vu"))
    assert other.relation == "peer"


def test_each_member_has_the_clause_that_counts_it_in() -> None:
    assert [m.ground for m in propose("Các sở, ngành tỉnh", "III.1", SETTING).members] == ["II.2; III.1", "II.3; III.1"]
    assert {m.ground for m in propose("UBND các huyện, thành phố", "III.1", SETTING).members} == {"II.6; III.1"}
    assert {m.ground for m in propose("UBND các huyện, thành phố", "II.6", SETTING).members} == {"II.6"}


@pytest.mark.parametrize("name", ["các tổ chức, cá nhân", "các đoàn thể", "các trường học"])
def test_a_name_of_others_is_left_to_a_person(name: str) -> None:
    assert members(name) == []


def test_the_name_of_the_day_of_issue_is_shown() -> None:
    [first, *_others] = propose("UBND các huyện, thành phố", "III.1", SETTING).members
    assert (first.agency, first.name, first.chosen) == (f"{UNIT}.ubnd-huyen-bac", "UBND huyện Bắc", True)
