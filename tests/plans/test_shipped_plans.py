"""The five real plans that ship with the product, against a table typed by hand and the gold annotation."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import yaml

from plans.deadlines import Slot, occurrences_between
from plans.model import Duty, OnceDate, Party, Plan, Relation
from plans.shipped import shipped_plan, shipped_register
from plans.text import fold

PROJECT = Path(__file__).resolve().parents[2]
SHARED = PROJECT.parent / "shared"
GOLD = SHARED / "documents" / "gold"
BODIES = SHARED / "data" / "local-bodies-of-the-five-plans.yaml"

needs_gold = pytest.mark.skipif(not GOLD.is_dir(), reason="the gold annotation (../shared/documents/gold) is not here")
needs_bodies = pytest.mark.skipif(not BODIES.is_file(), reason="the list of local bodies (../shared/data) is not here")
needs_documents = pytest.mark.skipif(not GOLD.is_dir(), reason="the documents (../shared/documents) are not here")

GOLD_OF = {
    "son-la-2316-2023": "son-la-2316-qd-ubnd-2023",
    "cua-lo-2023": "cua-lo-kh-2023",
    "ba-dinh-2025": "ba-dinh-kh-2025",
    "lang-son-211-2023": "lang-son-211-kh-ubnd-2023-ocr",
    "bac-giang-2024": "bac-giang-kh-2024",
}
PLANS = list(GOLD_OF)
OPEN_END = date(2030, 12, 31)

# plan, duty, the first due dates with their strict last days, number of agencies, whether nothing follows
TABLE: list[tuple[str, str, list[tuple[str, str]], int, bool]] = [
    ("son-la-2316-2023", "ke-hoach-trien-khai", [("2023-11-15", "2023-11-14")], 19, True),
    (
        "son-la-2316-2023",
        "bao-cao-6-thang",
        [("2024-06-10", "2024-06-09"), ("2025-06-10", "2025-06-09"), ("2026-06-10", "2026-06-09")],
        19,
        False,
    ),
    (
        "son-la-2316-2023",
        "bao-cao-nam",
        [("2023-12-10", "2023-12-09"), ("2024-12-10", "2024-12-09"), ("2025-12-10", "2025-12-09")],
        19,
        False,
    ),
    (
        "cua-lo-2023",
        "danh-sach-hang-thang",
        [("2023-12-05", "2023-12-05"), ("2024-01-05", "2024-01-05"), ("2024-02-05", "2024-02-05")],
        7,
        False,
    ),
    ("cua-lo-2023", "ke-hoach-trien-khai", [("2023-11-28", "2023-11-27")], 11, True),
    ("cua-lo-2023", "bao-cao-6-thang", [("2024-05-25", "2024-05-24"), ("2025-05-25", "2025-05-24")], 11, False),
    ("cua-lo-2023", "bao-cao-nam", [("2024-11-25", "2024-11-24"), ("2025-11-25", "2025-11-24")], 11, False),
    ("cua-lo-2023", "tong-hop-nam", [("2024-12-05", "2024-12-04"), ("2025-12-05", "2025-12-04")], 1, False),
    (
        "ba-dinh-2025",
        "danh-sach-hang-thang",
        [("2025-12-05", "2025-12-05")]
        + [(f"{year}-{month:02d}-05",) * 2 for year in (2026, 2027) for month in range(1, 13)],
        1,
        True,
    ),
    ("lang-son-211-2023", "ke-hoach-trien-khai", [("2023-11-10", "2023-11-09")], 15, True),
    ("lang-son-211-2023", "pho-bien", [("2023-11-30", "2023-11-30")], 1, True),
    ("lang-son-211-2023", "van-ban-phoi-hop", [("2023-11-30", "2023-11-30")], 2, True),
    (
        "lang-son-211-2023",
        "danh-sach-hang-thang",
        [("2023-12-05", "2023-12-05"), ("2024-01-05", "2024-01-05"), ("2024-02-05", "2024-02-05")],
        1,
        False,
    ),
    ("lang-son-211-2023", "so-ket-1-nam", [("2024-09-30", "2024-09-30")], 1, True),
    ("lang-son-211-2023", "tong-ket-5-nam", [("2028-09-30", "2028-09-30")], 1, True),
    ("bac-giang-2024", "ke-hoach-trien-khai", [("2024-01-31", "2024-01-30")], 19, True),
    (
        "bac-giang-2024",
        "bao-cao-thang",
        [(f"2024-{month:02d}-16", f"2024-{month:02d}-15") for month in range(2, 13)],
        19,
        True,
    ),
    ("bac-giang-2024", "bao-cao-6-thang", [("2024-05-16", "2024-05-15")], 19, True),
    ("bac-giang-2024", "bao-cao-nam", [("2024-11-16", "2024-11-15")], 19, True),
    ("bac-giang-2024", "tap-huan", [("2024-07-31", "2024-07-31")], 1, True),
    ("bac-giang-2024", "ke-hoach-tu-van-nghe", [("2024-06-30", "2024-06-30")], 1, True),
    ("bac-giang-2024", "chi-dao-day-nghe", [("2024-06-30", "2024-06-30")], 1, True),
    ("bac-giang-2024", "van-ban-day-nghe", [("2024-06-30", "2024-06-30")], 1, True),
    ("bac-giang-2024", "ke-hoach-cho-vay", [("2024-06-30", "2024-06-30")], 1, True),
    ("bac-giang-2024", "van-ban-cho-vay", [("2024-06-30", "2024-06-30")], 1, True),
    ("bac-giang-2024", "tham-muu-so-ket", [("2024-11-30", "2024-11-30")], 1, True),
    ("bac-giang-2024", "so-ket-nam", [("2024-11-30", "2024-11-30")], 10, True),
    ("bac-giang-2024", "kinh-phi-tinh", [("2024-12-31", "2024-12-31")], 1, True),
    ("bac-giang-2024", "kinh-phi-huyen", [("2024-12-31", "2024-12-31")], 10, True),
]


def slots(plan: Plan, duty: Duty) -> list[Slot]:
    """Every slot of a duty to the end of 2030; the ends of bodies are not looked at."""
    start = plan.issued.earliest
    return list(occurrences_between(duty.rule, issued=plan.issued, start=start, end=OPEN_END))


def everybody(plan: Plan) -> list[Party]:
    members = [party for group in plan.groups for party in group.members]
    owing = [party for duty in plan.duties for party in (*duty.responsible, *duty.cooperating)]
    return [*plan.parties, *members, *owing]


@pytest.mark.parametrize(("plan_id", "duty_id", "expected", "agencies", "complete"), TABLE)
def test_dated_duty_falls_due_on_the_days_of_the_table(
    plan_id: str, duty_id: str, expected: list[tuple[str, str]], agencies: int, complete: bool
) -> None:
    plan = shipped_plan(plan_id)
    duty = plan.duty(duty_id)
    found = [(slot.due.isoformat(), slot.last_day.isoformat()) for slot in slots(plan, duty)]
    assert found[: len(expected)] == expected
    assert (len(found) == len(expected)) is complete
    assert len({party.agency for party in duty.responsible}) == len(duty.responsible) == agencies


@pytest.mark.parametrize("plan_id", PLANS)
def test_the_table_names_every_dated_duty(plan_id: str) -> None:
    dated = {duty.id for duty in shipped_plan(plan_id).duties if duty.rule.dated}
    assert dated == {duty for plan, duty, *_ in TABLE if plan == plan_id}


def test_monthly_report_of_bac_giang_covers_the_15th_to_the_14th() -> None:
    plan = shipped_plan("bac-giang-2024")
    first, second = islice(slots(plan, plan.duty("bao-cao-thang")), 2)
    assert (first.period, first.window_from, first.window_to) == ("2024-02", date(2024, 1, 15), date(2024, 2, 14))
    assert (second.period, second.window_from, second.window_to) == ("2024-03", date(2024, 2, 15), date(2024, 3, 14))


def test_year_of_bac_giang_runs_from_15_november_to_14_november() -> None:
    plan = shipped_plan("bac-giang-2024")
    (half,) = slots(plan, plan.duty("bao-cao-6-thang"))
    (year,) = slots(plan, plan.duty("bao-cao-nam"))
    assert (half.period, half.window_from, half.window_to) == ("2024-H1", date(2023, 11, 15), date(2024, 5, 14))
    assert (year.period, year.window_from, year.window_to) == ("2024", date(2023, 11, 15), date(2024, 11, 14))


def test_reports_of_cua_lo_feed_the_yearly_summary_of_its_police() -> None:
    plan = shipped_plan("cua-lo-2023")
    assert {duty.id: duty.feeds for duty in plan.duties if duty.feeds} == {
        "bao-cao-6-thang": "tong-hop-nam",
        "bao-cao-nam": "tong-hop-nam",
    }
    (summary,) = plan.duty("tong-hop-nam").responsible
    assert (summary.agency, summary.relation) == ("cua-lo.cong-an-thi-xa", Relation.SELF)


def test_duties_without_a_named_body_fall_to_the_lead_unit_of_lang_son() -> None:
    plan = shipped_plan("lang-son-211-2023")
    inferred = {duty.id: duty.responsible for duty in plan.duties if any(p.inferred for p in duty.responsible)}
    assert set(inferred) == {"pho-bien", "tuyen-truyen", "so-ket-1-nam", "tong-ket-5-nam"}
    assert {p.agency for parties in inferred.values() for p in parties} == {"lang-son.cong-an-tinh"}


def test_lists_with_personal_data_take_no_file() -> None:
    lists = {(plan_id, duty.id) for plan_id in PLANS for duty in shipped_plan(plan_id).duties if duty.no_file}
    assert lists == {
        ("cua-lo-2023", "danh-sach-hang-thang"),
        ("ba-dinh-2025", "danh-sach-hang-thang"),
        ("lang-son-211-2023", "danh-sach-hang-thang"),
    }


def test_commune_police_of_lang_son_is_one_unlisted_subordinate() -> None:
    (party,) = shipped_plan("lang-son-211-2023").duty("danh-sach-hang-thang").responsible
    assert party.relation is Relation.SUBORDINATE
    assert shipped_register()[party.agency].unlisted


def test_persons_and_families_are_never_messaged() -> None:
    plan = shipped_plan("bac-giang-2024")
    silent = {agency.id for agency in shipped_register().agencies.values() if agency.never_messaged}
    owing = [duty.section for duty in plan.duties if any(party.agency in silent for party in duty.responsible)]
    assert owing == ["III.15"] * 3


@pytest.mark.parametrize("plan_id", PLANS)
def test_only_the_lead_unit_stands_as_self(plan_id: str) -> None:
    plan = shipped_plan(plan_id)
    for party in everybody(plan):
        assert (party.relation is Relation.SELF) == (party.agency == plan.lead), party


@pytest.mark.parametrize("plan_id", PLANS)
def test_a_requested_body_owes_nothing_dated_and_its_ground_says_so(plan_id: str) -> None:
    plan = shipped_plan(plan_id)
    requested = [party for party in everybody(plan) if party.relation is Relation.REQUESTED]
    assert all("Đề nghị" in party.ground for party in requested)
    owing = {party.agency for duty in plan.duties for party in duty.responsible}
    assert not owing & {party.agency for party in requested}


@pytest.mark.parametrize("plan_id", PLANS)
def test_every_body_of_a_plan_existed_when_it_was_issued(plan_id: str) -> None:
    plan, register = shipped_plan(plan_id), shipped_register()
    for party in everybody(plan):
        agency = register[party.agency]
        assert party.ground or party.agency == plan.lead
        assert agency.start is None or agency.start <= plan.issued.earliest, agency.id
        assert agency.until is None or agency.until >= plan.issued.earliest, agency.id


def test_a_successor_begins_no_later_than_the_day_after() -> None:
    register = shipped_register()
    for agency in register.agencies.values():
        if agency.successor is None:
            continue
        heir = register[agency.successor]
        assert agency.until is not None, agency.id
        assert heir.until is None or heir.until > agency.until, agency.id
        assert heir.start is None or (heir.start - agency.until).days <= 1, agency.id


def test_old_documents_keep_old_names() -> None:
    register = shipped_register()
    viet_yen, moc_chau = register["bac-giang.ubnd-thi-xa-viet-yen"], register["son-la.ubnd-huyen-moc-chau"]
    assert viet_yen.name_on(date(2024, 1, 31)) == "UBND huyện Việt Yên"
    assert viet_yen.name_on(date(2024, 2, 1)) == "UBND thị xã Việt Yên"
    assert moc_chau.name_on(date(2023, 11, 7)) == "UBND huyện Mộc Châu"
    assert moc_chau.name_on(date(2025, 6, 30)) == "UBND thị xã Mộc Châu"


# --- against the annotation made by hand ---------------------------------------------------------------------------


def gold_of(plan_id: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((GOLD / f"{GOLD_OF[plan_id]}.yaml").read_text(encoding="utf-8"))
    return loaded


def bare(text: str | None) -> str | None:
    """A quotation without the markdown asterisks and white space of the annotation."""
    return None if text is None else re.sub(r"[\s*]+", "", unicodedata.normalize("NFC", text))


def gold_key(duty: dict[str, Any]) -> tuple[str, str | None, str, str | None, str]:
    due = duty["due"]
    if isinstance(due, dict):
        due = (due["day"], due.get("month"))
    kind = "other" if duty["kind"] == "other_recurring" else duty["kind"]
    return duty["section"], bare(duty["quote"]), kind, duty["boundary"], str(due)


def shipped_key(duty: Duty) -> tuple[str, str | None, str, str | None, str]:
    rule = duty.rule
    due: OnceDate | tuple[int, int | None] | None = rule.on
    if rule.days:
        (day,) = rule.days
        due = (day.day, day.month)
    return duty.section, bare(rule.quote), str(rule.kind), rule.boundary and str(rule.boundary), str(due)


@needs_gold
@pytest.mark.parametrize("plan_id", PLANS)
def test_shipped_duties_are_exactly_those_of_the_annotation(plan_id: str) -> None:
    expected = Counter(gold_key(duty) for duty in gold_of(plan_id)["duties"])
    assert Counter(shipped_key(duty) for duty in shipped_plan(plan_id).duties) == expected


@needs_gold
@pytest.mark.parametrize("plan_id", PLANS)
def test_duties_stand_in_the_order_of_the_annotation_with_its_bodies_and_recipients(plan_id: str) -> None:
    plan = shipped_plan(plan_id)
    for gold, duty in zip(gold_of(plan_id)["duties"], plan.duties, strict=True):
        assert gold_key(gold) == shipped_key(duty)
        assert bool(gold["agencies"]) != any(party.inferred for party in duty.responsible)
        assert bool(gold["recipient"]) == bool(duty.recipients)
        assert ("via" in gold) == any(recipient.role == "via" for recipient in duty.recipients)
        for name in gold["agencies"]:
            assert owed_by(name, duty), (duty.id, name)


def owed_by(name: str, duty: Duty) -> bool:
    """Whether the duty's bodies answer to a name of the annotation; levels are called by a shorter name here."""
    if fold(name) in {fold(group) for group in duty.collective}:
        return True
    agencies = [shipped_register()[party.agency] for party in duty.responsible]
    for agency in agencies:
        if fold(name) in {fold(known) for known in (agency.name, *agency.aliases)}:
            return True
        if agency.unlisted and fold(agency.name).split()[:3] == fold(name).split()[:3]:
            return True
    return False


@needs_gold
@pytest.mark.parametrize("plan_id", PLANS)
def test_head_of_the_plan_is_that_of_the_annotation(plan_id: str) -> None:
    gold, plan = gold_of(plan_id), shipped_plan(plan_id)
    lead = shipped_register()[plan.lead]
    assert plan.number == gold["number"]
    assert str(plan.issued) == str(gold["signed"])
    assert plan.level == gold["level"]
    assert plan.issuer == gold["issuer"]
    assert plan.until == gold.get("horizon")
    assert gold["lead_unit"]["name"] in (lead.name, *lead.aliases)
    assert (bare(plan.lead_quote) or "") in (bare(gold["lead_unit"]["quote"]) or "")
    assert (plan.parent or "").split(" ")[0] == gold.get("parent", "")


@needs_gold
@pytest.mark.parametrize("plan_id", PLANS)
def test_targets_are_those_of_the_annotation(plan_id: str) -> None:
    gold = gold_of(plan_id).get("targets", [])
    expected = [(t["section"], t.get("at_least"), t.get("at_most"), t.get("below"), t["unit"]) for t in gold]
    found = [(t.section, t.at_least, t.at_most, t.below, t.unit) for t in shipped_plan(plan_id).targets]
    assert found == expected


# --- against the list of local bodies ------------------------------------------------------------------------------


def bodies() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(BODIES.read_text(encoding="utf-8"))
    return loaded


def members(plan: Plan, group_name: str) -> set[str]:
    (group,) = (group for group in plan.groups if fold(group.name) == fold(group_name))
    return {party.agency for party in group.members}


def answers_to(agency_id: str, name: str) -> bool:
    agency = shipped_register()[agency_id]
    known = (agency.name, *agency.aliases, *(old.name for old in agency.names))
    return fold(name) in {fold(k) for k in known}


def assert_same_bodies(agency_ids: set[str], names: list[str]) -> None:
    assert len(agency_ids) == len(names)
    for name in names:
        assert sum(answers_to(agency_id, name) for agency_id in agency_ids) == 1, name


@needs_bodies
@pytest.mark.parametrize("plan_id", ["son-la-2316-2023", "bac-giang-2024", "lang-son-211-2023", "cua-lo-2023"])
def test_districts_and_wards_are_those_of_the_day_of_issue(plan_id: str) -> None:
    plan, listed = shipped_plan(plan_id), bodies()[plan_id]
    name = "UBND các phường" if plan_id == "cua-lo-2023" else "UBND các huyện, thành phố"
    found = members(plan, name)
    assert_same_bodies(found, [f"UBND {place}" for place in listed["members"]])
    for agency_id in found:
        until = shipped_register()[agency_id].until
        assert until == listed["until"] or agency_id == "bac-giang.ubnd-huyen-yen-dung"


@needs_bodies
def test_every_ward_of_cua_lo_has_its_police() -> None:
    found = members(shipped_plan("cua-lo-2023"), "Công an các phường")
    assert_same_bodies(found, [f"Công an {ward}" for ward in bodies()["cua-lo-2023"]["members"]])


@needs_bodies
@pytest.mark.parametrize(
    ("plan_id", "group"),
    [
        ("son-la-2316-2023", "Các sở, ngành tỉnh"),
        ("cua-lo-2023", "Các phòng, ban, ngành"),
        ("lang-son-211-2023", "các sở, ban, ngành liên quan"),
        ("bac-giang-2024", "Các cơ quan, đơn vị, địa phương"),
    ],
)
def test_groups_hold_the_bodies_named_in_part_three(plan_id: str, group: str) -> None:
    plan = shipped_plan(plan_id)
    found = members(plan, group)
    if plan_id == "bac-giang-2024":  # here "địa phương" means the districts as well
        found -= members(plan, "UBND các huyện, thành phố")
    assert_same_bodies(found, bodies()["groups"][plan_id][group])


@needs_bodies
@pytest.mark.parametrize("plan_id", PLANS)
def test_requested_bodies_are_those_of_the_list(plan_id: str) -> None:
    found = {p.agency for p in shipped_plan(plan_id).parties if p.relation is Relation.REQUESTED}
    named = [name for line in bodies()["groups"][plan_id]["requested"] for name in line.split(" và ")]
    assert_same_bodies(found, named)


@needs_bodies
def test_offices_of_ba_dinh_all_stand_in_its_plan() -> None:
    plan = shipped_plan("ba-dinh-2025")
    listed = {party.agency for party in everybody(plan) if not shipped_register()[party.agency].unlisted}
    found = {agency_id for agency_id in listed if agency_id != "ba-dinh.uy-ban-mttq-viet-nam-xa"}
    assert_same_bodies(found, bodies()["groups"]["ba-dinh-2025"]["bodies"])


# --- what may not be carried over ----------------------------------------------------------------------------------


@needs_documents
def test_no_file_carries_fourteen_words_in_a_row_of_a_document() -> None:
    there = {run for path in SHARED.glob("documents/*.txt") for run in runs_of(path)}
    shipped = [*PROJECT.glob("plans/data/*.yaml"), *PROJECT.glob("plans/data/agencies/*.yaml")]
    assert there
    assert len(shipped) >= 2 * len(PLANS)
    for path in shipped:
        assert not there & set(runs_of(path)), path.name


def runs_of(path: Path, length: int = 14) -> list[tuple[str, ...]]:
    words = re.findall(r"\w+", path.read_text(encoding="utf-8").lower())
    return [tuple(words[i : i + length]) for i in range(len(words) - length + 1)]
