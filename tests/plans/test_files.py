"""Plan files: what is read from them, and from disk."""

from __future__ import annotations

import os
import time
import unicodedata
from datetime import date
from pathlib import Path
from typing import NoReturn

import pytest

from plans.errors import PlanError
from plans.files import load_path, read_bytes, read_plan
from plans.model import (
    FREQUENT_LADDER,
    BeforeReading,
    Boundary,
    DataWindow,
    Ladder,
    OnceDate,
    PartialDate,
    Party,
    Reading,
    Recipient,
    Register,
    Relation,
    RuleKind,
    WindowEdge,
    YearDay,
)
from plans.shipped import SHIPPED_PLANS, shipped_register, shipped_text
from tests.plans.examples import ANNUAL, ONCE, PLAN, REGISTER, changed, due, plan_of, problems_of

# --- what is read ---------------------------------------------------------------------------------------------------


def test_a_valid_plan_is_read_whole() -> None:
    plan = plan_of(PLAN)
    assert plan.id == "ke-hoach-thu"
    assert plan.lead == "son-la.cong-an-tinh"
    assert plan.issued == PartialDate(2023, 11, 7)
    first = plan.duty("ke-hoach")
    assert first.rule.on == OnceDate(2023, month=11, day=15)
    assert first.rule.boundary is Boundary.BEFORE
    assert first.recipients == (Recipient("son-la.cong-an-tinh"),)
    assert plan.targets[0].below == 2.1


def test_a_group_is_resolved_to_its_members_and_keeps_its_name() -> None:
    duty = plan_of(PLAN).duty("ke-hoach")
    assert duty.responsible == (
        Party("son-la.so-tai-chinh", Relation.PEER, "III.5"),
        Party("son-la.so-tu-phap", Relation.PEER, "III.6"),
    )
    assert duty.collective == ("Các sở",)


def test_a_body_given_by_id_stands_as_its_group_says() -> None:
    assert plan_of(PLAN).duty("bao-cao").responsible == (Party("son-la.so-tai-chinh", Relation.PEER, "III.5"),)


def test_the_parties_come_before_the_groups() -> None:
    text = changed(
        "relation: requested, ",
        'relation: requested, ground: "III.9"}\n  - {agency: so-tai-chinh, relation: subordinate, ',
    )
    duty = plan_of(text.replace('"III.9"}\ngroups', '"III.1"}\ngroups')).duty("bao-cao")
    assert duty.responsible == (Party("son-la.so-tai-chinh", Relation.SUBORDINATE, "III.1"),)


def test_the_lead_unit_is_self_also_as_a_member_of_a_group() -> None:
    text = changed("so-tu-phap, ground", "cong-an-tinh, ground")
    assert plan_of(text).duty("ke-hoach").responsible[1] == Party("son-la.cong-an-tinh", Relation.SELF, "III.6")


def test_a_mapping_names_relation_and_ground_of_one_duty() -> None:
    text = changed("[so-tai-chinh]", '[{agency: mat-tran, relation: peer, ground: "II.1", inferred: true}]')
    assert plan_of(text).duty("bao-cao").responsible == (Party("son-la.mat-tran", Relation.PEER, "II.1", True),)


def test_cooperating_bodies_leave_out_those_that_owe_the_duty() -> None:
    text = changed("[so-tai-chinh]", "[so-tai-chinh]\n    cooperating: [so-nganh, mat-tran]")
    found = [party.agency for party in plan_of(text).duty("bao-cao").cooperating]
    assert found == ["son-la.so-tu-phap", "son-la.mat-tran"]


def test_the_horizon_of_the_plan_caps_its_recurring_rules() -> None:
    assert plan_of(PLAN).duty("bao-cao").rule.until == date(2026, 12, 31)
    assert plan_of(due(ANNUAL[:-1] + ", until: 2025-12-31}")).duty("bao-cao").rule.until == date(2025, 12, 31)
    assert plan_of(due(ANNUAL[:-1] + ", until: 2030-12-31}")).duty("bao-cao").rule.until == date(2026, 12, 31)
    assert plan_of(PLAN).duty("ke-hoach").rule.until is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2023-11-15", OnceDate(2023, month=11, day=15)),
        ("15/11/2023", OnceDate(2023, month=11, day=15)),
        ("2024-08", OnceDate(2024, month=8)),
        ("08/2024", OnceDate(2024, month=8)),
        ("2024-Q2", OnceDate(2024, quarter=2)),
        ("2024", OnceDate(2024)),
        ("2024-02-29", OnceDate(2024, month=2, day=29)),
    ],
)
def test_a_one_off_date_may_be_a_day_a_month_a_quarter_or_a_year(written: str, expected: OnceDate) -> None:
    assert plan_of(changed("on: 2023-11-15", f"on: {written}")).duty("ke-hoach").rule.on == expected


@pytest.mark.parametrize(
    ("rule", "kind", "days"),
    [
        ("{kind: monthly, quote: q, boundary: by, day: last}", RuleKind.MONTHLY, (YearDay(-1),)),
        ("{kind: monthly, quote: q, boundary: by, day: 28}", RuleKind.MONTHLY, (YearDay(28),)),
        ("{kind: quarterly, quote: q, boundary: by, month: 3, day: 30}", RuleKind.QUARTERLY, (YearDay(30, 3),)),
        (
            "{kind: semiannual, quote: q, boundary: by, days: [{month: 6, day: 10}, {month: 12, day: 10}]}",
            RuleKind.SEMIANNUAL,
            (YearDay(10, 6), YearDay(10, 12)),
        ),
        ('{kind: annual, quote: "Hằng năm"}', RuleKind.ANNUAL, ()),
    ],
)
def test_recurring_days(rule: str, kind: RuleKind, days: tuple[YearDay, ...]) -> None:
    read = plan_of(due(rule)).duty("bao-cao").rule
    assert (read.kind, read.days) == (kind, days)


def test_weekly_and_listed_days() -> None:
    weekly = plan_of(due("{kind: other, quote: q, boundary: on, weekday: 5}")).duty("bao-cao").rule
    assert weekly.weekday == 5
    listed = plan_of(due("{kind: other, quote: q, boundary: on, dates: [2024-09-01, 01/03/2024]}")).duty("bao-cao").rule
    assert listed.dates == (date(2024, 3, 1), date(2024, 9, 1))


def test_the_data_window_of_a_one_off_and_of_a_recurring_report() -> None:
    once = ONCE[:-1] + ", window: {from: 2022-12-15, to: 2023-11-14}}"
    rule = plan_of(changed(ONCE, once)).duty("ke-hoach").rule
    assert rule.window == DataWindow(date(2022, 12, 15), date(2023, 11, 14))
    window = "{from: {day: 15, months_before: 1}, to: {day: last}}"
    monthly = f"{{kind: monthly, quote: q, boundary: before, day: 16, covers: previous, window: {window}}}"
    rule = plan_of(due(monthly)).duty("bao-cao").rule
    assert rule.window == DataWindow(WindowEdge(15, 1), WindowEdge(-1, 0))
    assert rule.covers_previous


def test_a_ladder_names_only_the_rungs_that_differ() -> None:
    text = changed("until: 2026-12-31", "until: 2026-12-31\nladder: {overdue: [3, 6], check: off}")
    plan = plan_of(text.replace("feeds: tong-hop", "feeds: tong-hop\n    ladder: {before: [], head: , lead: 4}"))
    assert plan.ladder == Ladder(overdue=(3, 6), check=None)
    assert plan.duty("ke-hoach").effective_ladder == Ladder(overdue=(3, 6), check=None)
    assert plan.duty("bao-cao").effective_ladder == Ladder(before=(), overdue=(3, 6), check=None, lead=4, head=())


def test_a_plans_ladder_keeps_frequent_duties_frugal() -> None:
    text = due("{kind: monthly, quote: q, boundary: on, day: 5}").replace("\nparties", "\nladder: {lead: 2}\nparties")
    assert plan_of(text).duty("bao-cao").ladder == Ladder(before=FREQUENT_LADDER.before, due=False, lead=2)


def test_a_plan_without_a_ladder_leaves_it_to_the_office() -> None:
    assert plan_of(PLAN).ladder is None
    assert plan_of(PLAN).duty("bao-cao").ladder is None


def test_a_reading_says_only_what_the_plan_says() -> None:
    text = changed("until: 2026-12-31", "reading: {before: day_before}")
    assert plan_of(text).reading == Reading(before=BeforeReading.DAY_BEFORE)


def test_bodies_defined_in_the_plan_come_back_with_it() -> None:
    text = changed(
        "parties:",
        "agencies:\n  - {id: hoi-moi, name: Hội Mới}\nparties:\n  - {agency: hoi-moi, relation: peer, ground: I}",
    )
    brought = read_plan(text, file="thu.yaml", register=REGISTER)
    assert [(agency.id, agency.name) for agency in brought.agencies] == [("son-la.hoi-moi", "Hội Mới")]
    later = Register({**REGISTER.agencies, "son-la.hoi-moi": brought.agencies[0]})
    assert read_plan(text, file="thu.yaml", register=later) == brought


def test_a_body_of_another_unit_is_called_by_its_global_id() -> None:
    text = changed("recipients: [cong-an-tinh]", "recipients: [nghe-an.cong-an-tinh]")
    assert plan_of(text).duty("ke-hoach").recipients == (Recipient("nghe-an.cong-an-tinh"),)


def test_text_that_is_not_nfc_is_stored_as_nfc() -> None:
    plan = plan_of(unicodedata.normalize("NFD", PLAN))
    assert plan.title == "Kế hoạch thử"
    assert unicodedata.is_normalized("NFC", plan.title)


def test_names_stand_on_one_line_and_only_notes_have_paragraphs() -> None:
    text = changed("title: Kế hoạch thử", "title: |\n  Kế hoạch\n  thử\nnote: |\n  một\n\n  hai")
    plan = plan_of(text)
    assert (plan.title, plan.note) == ("Kế hoạch thử", "một\n\nhai")


def test_quotes_make_no_difference() -> None:
    text = changed("format: 1", "format: '1'").replace("month: 12, day: 10", 'month: "12", day: "10"')
    assert plan_of(text) == plan_of(PLAN)


def test_a_byte_order_mark_and_windows_lines_are_read() -> None:
    data = b"\xef\xbb\xbf" + PLAN.replace("\n", "\r\n").encode()
    assert read_plan(data, file="thu.yaml", register=REGISTER).plan == plan_of(PLAN)


def test_reading_the_stored_text_again_gives_the_same_plan() -> None:
    for plan_id in SHIPPED_PLANS:
        text = shipped_text(plan_id).decode()
        first = read_plan(text, file="a", register=shipped_register())
        assert read_plan(text.encode(), file="b", register=shipped_register()) == first


def test_a_shipped_plan_of_300_lines_is_read_in_less_than_50_ms() -> None:
    text, register = shipped_text("bac-giang-2024"), shipped_register()
    assert text.count(b"\n") > 300
    best = min(_seconds(text, register) for _ in range(5))
    assert best < 0.05


def _seconds(text: bytes, register: Register) -> float:
    start = time.process_time()
    read_plan(text, file="x", register=register)
    return time.process_time() - start


# --- files on disk --------------------------------------------------------------------------------------------------


def test_a_file_of_50_mb_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "to.yaml"
    with path.open("wb") as opened:
        opened.truncate(50_000_000)
    start = time.process_time()
    with pytest.raises(PlanError) as raised:
        load_path(path, register=REGISTER)
    assert time.process_time() - start < 0.05
    assert "50,0 MB" in str(raised.value)


def test_bytes_over_the_limit_are_refused_too() -> None:
    (problem,) = problems_of(b"#" * 1_000_001)
    assert "1 MB" in problem.message
    assert problems_of(PLAN.encode() + b"#" * (1_000_000 - len(PLAN.encode()))) == ()


def test_a_plan_is_loaded_from_its_path(tmp_path: Path) -> None:
    path = tmp_path / "thu.yaml"
    path.write_text(PLAN, encoding="utf-8")
    assert load_path(path, register=REGISTER).plan == plan_of(PLAN)


def test_missing_files_directories_and_devices_are_problems(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    for path, message in (
        (tmp_path / "x.yaml", "không có tệp này"),
        (tmp_path, "thư mục"),
        (fifo, "không phải là tệp thường"),
        (Path("\0"), "không đọc được"),
        (tmp_path / ("x" * 300), "không đọc được"),
    ):
        with pytest.raises(PlanError, match=message):
            read_bytes(path)


def test_an_unreadable_file_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object) -> NoReturn:
        raise PermissionError  # chmod would not stop root, as whom CI may run

    path = tmp_path / "x.yaml"
    path.write_text(PLAN, encoding="utf-8")
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(PlanError, match="không được phép"):
        read_bytes(path)
