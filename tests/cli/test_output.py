"""Tables, JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime

import pytest

from cli import output
from tasks.status import Status


def test_columns_are_aligned_and_numbers_stand_right(capsys: pytest.CaptureFixture[str]) -> None:
    output.table(["Cơ quan", "Số"], [("Sở Tư pháp", 7), ("Ủy ban", 112)], right=(1,))
    assert capsys.readouterr().out.splitlines() == [
        "Cơ quan      Số",
        "----------  ---",
        "Sở Tư pháp    7",
        "Ủy ban      112",
    ]


def test_a_wide_table_fits_and_loses_no_word(capsys: pytest.CaptureFixture[str]) -> None:
    words = " ".join(f"từ{n}" for n in range(60))
    output.table(["A", "B", "C"], [("x" * 40, words, words)])
    printed = capsys.readouterr().out
    assert max(map(len, printed.splitlines())) <= output.WIDTH
    assert printed.count("từ59") == 2
    assert "x" * 40 in printed


def test_an_id_stays_whole_even_where_it_is_too_long(capsys: pytest.CaptureFixture[str]) -> None:
    output.table(["Mã"], [("a/" * 80,)])
    assert "a/" * 80 in capsys.readouterr().out


def test_colour_never_reaches_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    output.table(["Tình trạng"], [(output.status_cell("Quá hạn 3 ngày, chưa nhận", Status.OVERDUE),)])
    assert "\x1b" not in capsys.readouterr().out


def test_json_keeps_diacritics_and_puts_moments_on_the_vietnamese_clock(capsys: pytest.CaptureFixture[str]) -> None:
    output.write_json([{"at": datetime(2024, 12, 9, 0, 30, tzinfo=UTC), "day": date(2024, 12, 9), "name": "Sở"}])
    printed = capsys.readouterr().out
    assert '"Sở"' in printed
    assert json.loads(printed) == [{"at": "2024-12-09T07:30:00+07:00", "day": "2024-12-09", "name": "Sở"}]


@pytest.mark.parametrize("cell", ["=1+1", "+84", "-2", "@x", "\tx", "\rx"])
def test_a_cell_that_a_spreadsheet_would_run_is_guarded(capsys: pytest.CaptureFixture[str], cell: str) -> None:
    output.write_csv(["name"], [[cell]])
    assert _rows(capsys)[1] == [f"'{cell}"]


def test_csv_has_a_byte_order_mark_and_plain_values(capsys: pytest.CaptureFixture[str]) -> None:
    output.write_csv(["a", "b", "c", "d"], [[date(2024, 1, 2), None, -3, True]])
    printed = capsys.readouterr().out
    assert printed.startswith(output.BOM)
    assert list(csv.reader(io.StringIO(printed.removeprefix(output.BOM))))[1] == ["2024-01-02", "", "-3", "True"]


def _rows(capsys: pytest.CaptureFixture[str]) -> list[list[str]]:
    return list(csv.reader(io.StringIO(capsys.readouterr().out.removeprefix(output.BOM), newline="")))


def test_what_was_done_is_printed_once_it_is_written_down(capsys: pytest.CaptureFixture[str]) -> None:
    with output.after_commit():
        output.say("một kỳ")
        assert capsys.readouterr().out == ""
    assert capsys.readouterr().out == "một kỳ\n"


def test_what_was_taken_back_is_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    def refused() -> None:
        with output.after_commit():
            output.say("một kỳ")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        refused()
    assert capsys.readouterr().out == ""
