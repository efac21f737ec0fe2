from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from dateutil.rrule import rrulestr

from app.duty_board import DutyBoard, RungDay
from app.naming import rung_label
from flows.specs import LONGEST_RULE, DeploymentSpec, follow_spec, moments_of, rule_text
from plans.calendar import ZONE
from tests.flows.fakes import SAMPLE, SON_LA, at

BEFORE_ALL = at(date(2024, 11, 1), "09:00")


def spec_at(now: datetime, duty: DutyBoard = SON_LA) -> DeploymentSpec:
    return follow_spec(duty, label=rung_label, now=now)


def test_each_rung_has_its_exact_days_at_half_past_seven() -> None:
    spec = spec_at(BEFORE_ALL)
    assert {t.slug: [f"{m:%d/%m/%Y %H:%M}" for m in t.moments] for t in spec.timetables} == {
        "before-7": ["02/12/2024 07:30", "02/12/2025 07:30"],
        "due": ["09/12/2024 07:30", "09/12/2025 07:30"],
    }
    assert spec.timetables[0].parameters == {"plan": "son-la-2316-2023", "duty": "bao-cao-nam", "rung": "before-7"}
    assert spec.name == "son-la-2316-2023.bao-cao-nam"
    assert spec.tags == ("dondoc", "kind:annual", "plan:son-la-2316-2023")


def test_every_coming_run_has_a_name_people_can_read() -> None:
    spec = spec_at(BEFORE_ALL)
    expected = "2316/QĐ-UBND · Báo cáo năm 2025 · ngày cuối"
    assert spec.run_names["due", datetime(2025, 12, 9, 7, 30, tzinfo=ZONE)] == expected
    assert len(spec.run_names) == 4


def test_sample_is_marked_in_name_tags_and_runs() -> None:
    spec = spec_at(BEFORE_ALL, SAMPLE)
    assert spec.name == "mau.bao-cao (MẪU)"
    assert "MẪU" in spec.tags
    assert all(name.startswith("MẪU · ") for name in spec.run_names.values())


@pytest.mark.parametrize(
    ("clock", "left"),
    [("07:29", ["02/12/2024", "02/12/2025"]), ("07:30", ["02/12/2025"]), ("07:31", ["02/12/2025"])],
)
def test_a_moment_that_has_come_is_left_out(clock: str, left: list[str]) -> None:
    before = spec_at(at(date(2024, 12, 2), clock)).timetables[0]
    assert [f"{m:%d/%m/%Y}" for m in before.moments] == left


def test_a_passed_day_makes_no_difference() -> None:
    yesterday, today = at(date(2024, 12, 1), "09:00"), at(date(2024, 12, 3), "09:00")
    later = replace(SON_LA, days=tuple(d for d in SON_LA.days if d.day >= date(2024, 12, 3)))
    assert spec_at(yesterday) != spec_at(today, later)
    assert spec_at(yesterday).after(today) == spec_at(today, later)


def test_a_rung_whose_days_are_all_over_has_no_timetable() -> None:
    spec = spec_at(at(date(2025, 12, 5), "09:00"))
    assert [t.slug for t in spec.timetables] == ["due"]


def test_rule_names_exactly_the_moments_and_reads_back() -> None:
    moments = spec_at(BEFORE_ALL).timetables[0].moments
    text = rule_text(moments)
    assert text == "DTSTART:20241202T073000\nRDATE:20241202T073000,20251202T073000"
    assert [m.replace(tzinfo=ZONE) for m in rrulestr(text)] == list(moments)
    assert moments_of(text) == moments


@pytest.mark.parametrize(
    ("rule", "zone"),
    [
        ("FREQ=DAILY", ZONE.key),
        ("DTSTART:20241202T073000\nRRULE:FREQ=DAILY", ZONE.key),
        ("DTSTART:20241202T073000\nRDATE:hôm nay", ZONE.key),
        ("DTSTART:20241202T073000\nRDATE:20241202T073000", "UTC"),
    ],
)
def test_a_rule_of_somebody_else_is_not_taken_for_ours(rule: str, zone: str) -> None:
    assert moments_of(rule, zone) is None


def test_a_rule_never_outgrows_what_prefect_takes() -> None:
    start = date(2024, 11, 2)
    days = tuple(RungDay("before-1", start + timedelta(days=n), "2024") for n in range(700))
    [timetable] = spec_at(BEFORE_ALL, replace(SON_LA, days=days)).timetables
    assert len(rule_text(timetable.moments)) <= LONGEST_RULE
    assert timetable.moments[0].date() == start
    assert len(timetable.moments) > 390


def test_two_periods_of_one_rung_on_one_day_are_one_run() -> None:
    days = tuple(RungDay("check", date(2024, 12, 11), period) for period in ("2023", "2024"))
    spec = spec_at(BEFORE_ALL, replace(SON_LA, days=days))
    assert [len(t.moments) for t in spec.timetables] == [1]
    [name] = spec.run_names.values()
    assert name == "2316/QĐ-UBND · Báo cáo năm 2023, Báo cáo năm 2024 · kiểm tra trước khi nhắc quá hạn"
