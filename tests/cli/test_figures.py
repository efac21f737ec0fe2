"""``dondoc figures``: shown, written for programs, taken in from spreadsheets."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli.output import BOM
from tests.cli.conftest import Terminal
from tests.figures import MARCH, TEXT, of
from tests.support import PLAN

FINANCE, INTERIOR = of("so-tai-chinh"), of("so-noi-vu")
ASKED = (PLAN, "--duty", "bao-cao", "--period", MARCH)
LINES = """\
Cơ quan;Người có nhu cầu;Người được giới thiệu;Tiền cho vay
Sở Tài chính;12;9;234,567
Sở Nội vụ;3;2;
"""


@pytest.fixture
def office(anywhere: Terminal, tmp_path: Path) -> Terminal:
    plan = tmp_path / "kh.yaml"
    plan.write_bytes(TEXT)
    anywhere.at(datetime(2024, 3, 8, 2, 0, tzinfo=UTC))
    anywhere("add", plan)
    anywhere("activate", PLAN, "--from", "2024-02-01")
    return anywhere


def written(folder: Path, text: str = LINES) -> Path:
    path = folder / "so-lieu.csv"
    path.write_text(text, encoding="utf-8-sig")
    return path


def taken_in(office: Terminal, folder: Path, text: str = LINES, *more: str, code: int = 0) -> str:
    return office("figures", "import", written(folder, text), "--plan", *ASKED, *more, code=code).output


def values(office: Terminal) -> dict[str, dict[str, float | None]]:
    return {each["occurrence"]: each["values"] for each in office.json("figures", *ASKED)["agencies"]}


def test_dry_run_says_what_each_line_would_write_and_writes_nothing(office: Terminal, tmp_path: Path) -> None:
    said = taken_in(office, tmp_path, LINES, "--dry-run")
    assert "Báo cáo tháng 03/2024: 2 dòng mới" in said
    assert "Dòng 2, Sở Tài chính: Người có nhu cầu 12 người" in said
    assert values(office)[FINANCE]["nhu-cau"] is None


def test_spreadsheet_is_taken_in_and_shown_with_sums_and_missing_agencies(office: Terminal, tmp_path: Path) -> None:
    assert "Đã ghi số liệu của 2 đơn vị." in taken_in(office, tmp_path)
    assert values(office)[FINANCE] == {
        "nhu-cau": 12, "gioi-thieu": 9, "ty-le": 75, "mo-hinh": None, "tien": 234.567, "hai-long": None,
    }  # fmt: skip
    said = " ".join(office("figures", PLAN).output.split())
    assert "Báo cáo tháng 03/2024" in said
    assert "Thiếu 3 đơn vị" in said
    assert "Người có nhu cầu: 15 người *" in said.replace("\u00a0", " ")


def test_line_that_is_wrong_is_told_and_the_others_are_written(office: Terminal, tmp_path: Path) -> None:
    said = taken_in(office, tmp_path, LINES.replace("Sở Nội vụ;3", "Sở Nội vụ;3,5"), code=1)
    assert "Dòng 3, Sở Nội vụ: Người có nhu cầu: “3,5” không phải là số nguyên" in said
    assert (values(office)[FINANCE]["nhu-cau"], values(office)[INTERIOR]["nhu-cau"]) == (12, None)


def test_figures_that_stand_are_put_right_only_when_asked(office: Terminal, tmp_path: Path) -> None:
    taken_in(office, tmp_path)
    other = LINES.replace(";12;", ";21;")
    assert "thêm --correct" in taken_in(office, tmp_path, other)
    assert values(office)[FINANCE]["nhu-cau"] == 12
    taken_in(office, tmp_path, other, "--correct")
    assert values(office)[FINANCE]["nhu-cau"] == 21


def test_csv_that_was_written_is_taken_in_again_without_saying_where(office: Terminal, tmp_path: Path) -> None:
    taken_in(office, tmp_path)
    text = office("figures", *ASKED, "--format", "csv").stdout
    rows = list(csv.reader(io.StringIO(text.removeprefix(BOM)), delimiter=";"))
    assert rows[0][-1] == "dondoc:kỳ"
    rows[3][1] = "8"  # of the third agency
    held = io.StringIO()
    csv.writer(held, delimiter=";").writerows(rows)
    said = office("figures", "import", written(tmp_path, held.getvalue())).output
    assert "1 dòng mới, 0 dòng sửa số đã có, 2 dòng không đổi, 0 dòng chưa nhập được" in said
    assert values(office)[of("mat-tran")]["nhu-cau"] == 8


def test_what_is_published_hides_small_counts(office: Terminal, tmp_path: Path) -> None:
    taken_in(office, tmp_path)
    text = office("figures", *ASKED, "--publish", "--format", "csv").stdout.removeprefix(BOM)
    rows = {row[0]: row[1:4] for row in csv.reader(io.StringIO(text), delimiter=";")}
    assert rows["Sở Nội vụ"] == ["không công bố"] * 3
    assert rows["Sở Tài chính"] == ["không công bố"] * 3
    assert rows["Tổng cộng"][:2] == ["15", "11"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("figures", "khong-co"), 1, "Không có kế hoạch khong-co"),
        (("figures", PLAN, "--duty", "ke-hoach"), 1, "Nhiệm vụ ke-hoach không có số liệu"),
        (("figures", PLAN, "--period", "2031-01"), 1, "Không có kỳ 2031-01"),
        (("figures", PLAN, "--publish", "--format", "json"), 2, "chỉ có dạng table hoặc csv"),
        (("figures", "import", "khong-co.csv"), 1, "Không có tệp khong-co.csv"),
    ],
)
def test_what_cannot_be_is_said(office: Terminal, arguments: tuple[str, ...], code: int, said: str) -> None:
    assert said in " ".join(office(*arguments, code=code).output.split())


def test_file_that_names_no_occurrence_needs_the_plan(office: Terminal, tmp_path: Path) -> None:
    assert "nêu --plan, --duty và --period" in office("figures", "import", written(tmp_path), code=2).output
