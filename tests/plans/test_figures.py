"""The figures of a plan file: read, every slip told with its field, written again, and not demanded of old plans."""

from __future__ import annotations

import pytest

from plans.model import FigureKind
from plans.plan_text import document_of, plan_text
from tests.plans.examples import PLAN, changed, plan_of, problems_of

FIGURES = """\
figures:
  - {id: co, name: Người có nhu cầu, kind: people, duties: [bao-cao, ke-hoach]}
  - {id: duoc, name: Người được giúp, kind: people, duties: [bao-cao]}
  - {id: ty-le, name: Tỷ lệ, kind: percent, duties: [bao-cao], target: tai-pham, numerator: duoc, denominator: co}
  - {id: buoi, name: Buổi, kind: times, unit: buổi, duties: [bao-cao]}
  - {id: luot, name: Lượt, kind: times, duties: [bao-cao]}
  - {id: tien, name: Tiền, kind: amount, unit: triệu đồng, duties: [bao-cao], cumulative: true}
"""
TEXT = changed("duties:\n", f"{FIGURES}duties:\n", PLAN)


def test_figures_are_read_with_all_that_they_say() -> None:
    plan = plan_of(TEXT)
    assert [figure.id for figure in plan.figures] == ["co", "duoc", "ty-le", "buoi", "luot", "tien"]
    share = plan.figures[2]
    assert (share.kind, share.target, share.numerator, share.denominator) == (
        FigureKind.PERCENT, "tai-pham", "duoc", "co",
    )  # fmt: skip
    assert share.computed
    assert [figure.unit for figure in plan.figures] == [None, None, None, "buổi", "lượt", "triệu đồng"]
    assert [figure.cumulative for figure in plan.figures] == [False] * 5 + [True]


def test_each_duty_has_the_figures_of_its_reports() -> None:
    plan = plan_of(TEXT)
    assert [figure.id for figure in plan.figures_of("ke-hoach")] == ["co"]
    assert [figure.id for figure in plan.figures_of("bao-cao")] == ["co", "duoc", "ty-le", "buoi", "luot", "tien"]
    assert plan.figures_of("tong-hop") == ()


def test_plan_without_figures_is_what_it_was() -> None:
    assert plan_of(PLAN).figures == ()


def test_plan_written_again_has_the_same_figures() -> None:
    written = plan_text(document_of(TEXT, file="thu.yaml"))
    assert plan_of(written) == plan_of(TEXT)


@pytest.mark.parametrize(
    ("old", "new", "field", "said", "hint"),
    [
        ("name: Buổi, ", "", "figures[3].name", "thiếu trường", "Ví dụ"),
        ("kind: times, unit: buổi", "kind: lan", "figures[3].kind", "không có giá trị", "people"),
        ("unit: buổi", "unit: người", "figures[3].unit", "là một loại riêng", "kind: people"),
        ("unit: buổi", "unit: triệu đồng", "figures[3].unit", "là một loại riêng", "kind: amount"),
        ("unit: buổi", 'unit: "%"', "figures[3].unit", "là một loại riêng", "kind: percent"),
        ("unit: buổi", "unit: 12 buổi", "figures[3].unit", "một từ ngắn", "mô hình"),
        ("kind: times, unit: buổi", "kind: count", "figures[3].unit", "thiếu đơn vị tính", "mô hình"),
        ("unit: triệu đồng", "unit: tỷ", "figures[5].unit", "ghi rõ đơn vị", "đồng, triệu đồng"),
        ("kind: times, duties", "kind: people, unit: người, duties", "figures[4].unit", "đã có đơn vị", "Bỏ dòng unit"),
        ("duties: [bao-cao, ke-hoach]", "duties: [bao-ca]", "figures[0].duties[0]", "không có nhiệm vụ", "bao-cao"),
        ("duties: [bao-cao, ke-hoach]", "duties: [tong-hop]", "figures[0].duties[0]", "không có kỳ nào", "thời hạn"),
        ("duties: [bao-cao, ke-hoach]", "duties: [bao-cao, bao-cao]", "figures[0].duties[1]", "hai lần", "Bỏ một"),
        ("duties: [bao-cao, ke-hoach]", "duties: []", "figures[0].duties", "không thuộc báo cáo nào", "Ví dụ"),
        ("{id: buoi,", "{id: co,", "figures[3].id", "đã dùng", "mã riêng"),
        ("target: tai-pham", "target: tai-fam", "figures[2].target", "không có chỉ tiêu", "tai-pham"),
        ("unit: buổi, ", "unit: buổi, target: tai-pham, ", "figures[3].target", "tính bằng %", "kind: percent"),
        ("denominator: co", "denominator: khac", "figures[2].denominator", "không có số liệu", "Các số liệu"),
        (", denominator: co", "", "figures[2].denominator", "cả tử số và mẫu số", "Thêm dòng denominator"),
        ("numerator: duoc, ", "numerator: co, ", "figures[2].denominator", "là một", "khác nhau"),
        ("numerator: duoc, ", "numerator: buoi, ", "figures[2].denominator", "khác đơn vị tính", "cùng đơn vị"),
        ("numerator: duoc, ", "numerator: ty-le, ", "figures[2].numerator", "cũng là tỷ lệ", "đếm được"),
        ("unit: buổi, ", "unit: buổi, numerator: co, ", "figures[3].numerator", "chỉ tỷ lệ", "kind: percent"),
        ("target: tai-pham, ", "cumulative: true, ", "figures[2].denominator", "theo tử số, mẫu số", "cumulative"),
        ("kind: people, duties: [bao-cao]}", "kind: people, duties: [bao-cao], cumulative: true}",
         "figures[2].denominator", "một số lũy kế", "cùng lũy kế"),
        ("kind: people, duties: [bao-cao]}", "kind: people, duties: [ke-hoach]}",
         "figures[2].numerator", "không có trong báo cáo bao-cao", "duties của “duoc”"),
    ],
)  # fmt: skip
def test_slip_is_told_with_its_field_and_what_to_write(old: str, new: str, field: str, said: str, hint: str) -> None:
    found = problems_of(changed(old, new, TEXT))
    assert [problem.field for problem in found] == [field]
    assert found[0].line > 0
    assert said in found[0].message
    assert hint in found[0].hint


def test_all_slips_are_told_at_once() -> None:
    text = changed("unit: buổi", "unit: hộ", changed("target: tai-pham", "target: x", TEXT))
    assert [problem.field for problem in problems_of(text)] == ["figures[2].target", "figures[3].unit"]
