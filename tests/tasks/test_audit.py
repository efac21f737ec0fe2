"""The report of missed and late duties, and the on-time rate of each agency."""

from __future__ import annotations

from datetime import date

from tasks.audit import Rate, Report, report
from tasks.database import reading
from tasks.status import Status
from tests.support import ANSWERABLE, PLAN, Valley, at

INTERIOR_OCC = f"{PLAN}/ke-hoach/so-noi-vu/once"
FRONT_OCC = f"{PLAN}/ke-hoach/mat-tran/once"
COMMUNES_OCC = f"{PLAN}/ke-hoach/cap-xa/once"
FAMILY_OCC = f"{PLAN}/ke-hoach/gia-dinh/once"


def _report(v: Valley, moment: str, **options: object) -> Report:
    with reading(v.engine) as c:
        return report(c, now=at(moment), **options)  # type: ignore[arg-type]


def test_nothing_counts_before_its_day_has_passed(valley: Valley) -> None:
    valley.follow()
    assert _report(valley, "2024-03-18 23:59") == Report((), ())
    assert len(_report(valley, "2024-03-19 00:00").missed) == 5


def test_each_kind_of_ending_is_counted_once(valley: Valley) -> None:
    valley.follow().go("2024-03-25 09:00")
    valley.record(ANSWERABLE, received="2024-03-18")  # on time: the Monday after a Saturday deadline
    valley.record(INTERIOR_OCC, received="2024-03-20")  # two days late
    valley.waive(FRONT_OCC)
    found = _report(valley, "2024-03-25 10:00")
    assert [(m.occurrence, m.status, m.days_late, m.received_on) for m in found.missed] == [
        (COMMUNES_OCC, Status.OVERDUE, 7, None),
        (FAMILY_OCC, Status.OVERDUE, 7, None),
        (INTERIOR_OCC, Status.LATE, 2, date(2024, 3, 20)),
    ]
    assert {m.missed_at for m in found.missed} == {at("2024-03-19 00:00")}
    assert found.rates == (
        Rate(0, 0, 1, agency="thung-lung.cap-xa", agency_name="Công an cấp xã"),
        Rate(0, 0, 1, agency="thung-lung.gia-dinh", agency_name="Gia đình"),
        Rate(0, 1, 0, agency="thung-lung.so-noi-vu", agency_name="Sở Nội vụ"),
        Rate(1, 0, 0, agency="thung-lung.so-tai-chinh", agency_name="Sở Tài chính"),
    )
    assert [rate.percent for rate in found.rates] == [0.0, 0.0, 0.0, 100.0]


def test_a_return_not_resent_in_time_was_missed_on_the_resend_day(valley: Valley) -> None:
    valley.follow().go("2024-03-14 09:00").record(ANSWERABLE, received="2024-03-14")
    valley.give_back(ANSWERABLE, by="2024-03-22")
    assert ANSWERABLE not in [m.occurrence for m in _report(valley, "2024-03-22 12:00").missed]
    found = {m.occurrence: m for m in _report(valley, "2024-03-25 12:00").missed}
    assert (found[ANSWERABLE].missed_at, found[ANSWERABLE].days_late) == (at("2024-03-23 00:00"), 3)


def test_what_fell_due_before_tracking_is_never_counted(valley: Valley) -> None:
    valley.follow("2024-04-01 08:00")
    valley.advance("2024-04-10 08:00")
    assert _report(valley, "2024-04-10 09:00") == Report((), ())


def test_the_report_keeps_to_its_days_and_its_plan(valley: Valley) -> None:
    valley.follow()
    late = "2024-04-10 09:00"
    assert len(_report(valley, late, start=date(2024, 3, 16), end=date(2024, 3, 16)).missed) == 5
    assert _report(valley, late, start=date(2024, 3, 17)).missed == ()
    assert _report(valley, late, end=date(2024, 3, 15)).missed == ()
    assert _report(valley, late, plan_id="another").missed == ()


def test_it_says_when_the_miss_was_noticed_and_is_the_same_if_nobody_noticed(valley: Valley) -> None:
    valley.follow()
    before = _report(valley, "2024-03-25 09:00")
    valley.advance("2024-03-25 07:30")
    after = _report(valley, "2024-03-25 09:00")
    assert {m.noticed_at for m in before.missed} == {None}
    assert {m.noticed_at for m in after.missed} == {at("2024-03-25 07:30")}
    assert [(m.occurrence, m.missed_at) for m in before.missed] == [(m.occurrence, m.missed_at) for m in after.missed]
    assert before.rates == after.rates
