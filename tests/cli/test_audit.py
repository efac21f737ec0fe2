"""``dondoc audit`` and its contract."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

from cli.output import BOM
from tests.cli.conftest import PLAN, YEARLY, Terminal

YEAR = ("--from", "2024-12-01", "--to", "2024-12-31")
LAW = f"{PLAN}/bao-cao-nam/so-tu-phap/2024"


def late_december(terminal: Terminal) -> Terminal:
    terminal("record", f"{PLAN}/bao-cao-nam/*/2024", "--number", "1", "--received", "2024-12-02")
    terminal.at(datetime(2024, 12, 20, 1, 0, tzinfo=UTC))
    terminal("correct", LAW, "--received", "2024-12-13")
    terminal("correct", YEARLY, "--undo")
    return terminal


def test_the_json_form_keeps_its_contract(followed: Terminal) -> None:
    found = late_december(followed).json("audit", *YEAR)
    assert set(found) == {"missed", "rates", "as_of"}
    assert found["as_of"] == "2024-12-20T08:00:00+07:00"
    lines = {line["occurrence"]: line for line in found["missed"]}
    assert set(lines) == {LAW, YEARLY}
    assert (lines[LAW]["days_late"], lines[LAW]["received_on"], lines[LAW]["status"]) == (3, "2024-12-13", "late")
    assert (lines[YEARLY]["days_late"], lines[YEARLY]["status"]) == (10, "overdue")
    assert lines[YEARLY]["missed_at"] == "2024-12-11T00:00:00+07:00"
    rates = {line["agency"]: (line["due"], line["on_time"], line["late"], line["missing"]) for line in found["rates"]}
    assert rates["son-la.so-tu-phap"] == (1, 0, 1, 0)
    assert rates["son-la.so-tai-chinh"] == (1, 0, 0, 1)
    assert rates["son-la.ubnd-huyen-bac-yen"] == (1, 1, 0, 0)


def test_the_table_says_it_in_words_and_fits(followed: Terminal) -> None:
    said = late_december(followed)("audit", *YEAR).output
    assert said.startswith("Tính đến 08:00 ngày 20/12/2024.")
    assert "nhận 13/12/2024, chậm 3 ngày" in said
    assert "quá hạn 10 ngày, chưa nhận" in said
    assert "100,0%" in said
    assert max(map(len, said.splitlines())) <= 100


def test_csv_of_missed_and_of_rates(followed: Terminal) -> None:
    late_december(followed)
    missed = followed("audit", *YEAR, "--format", "csv").stdout
    assert {row["occurrence"] for row in csv.DictReader(io.StringIO(missed.removeprefix(BOM)))} == {LAW, YEARLY}
    rates = list(
        csv.DictReader(io.StringIO(followed("audit", *YEAR, "--format", "csv", "--rates").stdout.removeprefix(BOM)))
    )
    assert len(rates) == 19
    assert {row["rate"] for row in rates} == {"100.0", "0.0"}


def test_nothing_missed_is_said(followed: Terminal) -> None:
    assert "Không có việc quá hạn" in followed("audit", "--from", "2025-01-01").output


def test_as_of_an_earlier_moment_it_says_what_was_known_then(followed: Terminal) -> None:
    late_december(followed)
    then = followed.json("audit", *YEAR, "--as-of", "2024-12-15T08:00")
    assert then["as_of"] == "2024-12-15T08:00:00+07:00"
    assert then["missed"] == [], "the slips were put right on the 20th"
    assert {line["on_time"] for line in then["rates"]} == {1}
    assert (
        followed.json("audit", *YEAR, "--as-of", "2024-12-20T08:00")["missed"]
        == followed.json("audit", *YEAR)["missed"]
    )
    assert "còn ở tương lai" in followed("audit", "--as-of", "2025-01-01", code=1).stderr
    assert followed("audit", *YEAR, "--as-of", "15/12/2024 16:00").output.startswith("Tính đến 16:00 ngày 15/12/2024.")
