"""Agencies files."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from plans.agency_files import read_agencies
from plans.errors import PlanError
from plans.files import read_plan
from plans.model import (
    Agency,
    Name,
    Register,
)
from tests.plans.examples import AGENCIES, REGISTER, changed


def test_an_agencies_file_is_read_whole() -> None:
    text = changed(
        "    name: Sở Tài chính\n",
        "    name: Sở Tài chính\n    unlisted: true\n    names:\n"
        "      - {name: B, from: 2000-01-01, until: 2003-12-31}\n      - {name: A, until: 1999-12-31}\n",
        AGENCIES,
    )
    agencies = {agency.slug: agency for agency in read_agencies(text, file="a.yaml")}
    assert agencies["cong-an-tinh"].aliases == ("Công an tỉnh",)
    assert agencies["so-tu-phap"].until == date(2025, 2, 28)
    assert agencies["so-tu-phap"].successor == "son-la.so-tai-chinh"
    finance = agencies["so-tai-chinh"]
    assert finance.id == "son-la.so-tai-chinh"
    assert finance.names == (Name("A", None, date(1999, 12, 31)), Name("B", date(2000, 1, 1), date(2003, 12, 31)))
    assert finance.unlisted
    assert not finance.never_messaged


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("unit: son-la", "unit: Sơn La", "unit"),
        ("id: so-tai-chinh", "id: so.tai.chinh", "agencies[1].id"),
        ("id: so-tai-chinh", "id: cong-an-tinh", "agencies[1].id"),
        ("    name: Sở Tài chính\n", "", "agencies[1].name"),
        ("successor: so-tai-chinh", "successor: so-noi-vu", "agencies[2].successor"),
        ("until: 2025-02-28", "until: 2025-02-29", "agencies[2].until"),
        ("aliases: [Công an tỉnh]", "aliases: CAT", "agencies[0].aliases"),
        ("aliases: [Công an tỉnh]", "alias: [CAT]", "agencies[0].alias"),
        ("aliases: [Công an tỉnh]", "names: [{name: X}]", "agencies[0].names[0].until"),
        ("place: Tỉnh Sơn La", "place: [x]", "place"),
    ],
)
def test_problems_of_agencies_files(old: str, new: str, field: str) -> None:
    with pytest.raises(PlanError) as raised:
        read_agencies(changed(old, new, AGENCIES), file="a.yaml")
    assert field in {problem.field for problem in raised.value.problems}


def test_an_agencies_file_without_agencies_is_a_problem() -> None:
    with pytest.raises(PlanError, match="không có cơ quan nào"):
        read_agencies("format: 1\nunit: a\nagencies: []\n", file="a.yaml")


def test_a_body_that_was_renamed_in_the_register_is_still_itself() -> None:
    text = changed("parties:", "agencies: [{id: so-tu-phap, name: Sở Tư pháp cũ}]\nparties:")
    known = REGISTER["son-la.so-tu-phap"]
    renamed = Register({**REGISTER.agencies, known.id: replaced(known)})
    assert read_plan(text, file="x", register=renamed).agencies[0].name == "Sở Tư pháp cũ"


def replaced(known: Agency) -> Agency:
    return replace(known, name="Sở Tư pháp mới", names=(Name("Sở Tư pháp cũ", until=date(2025, 2, 28)),))
