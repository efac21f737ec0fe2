"""The figures of a plan in the form that writes it: typed as rows, kept as they were, problems said of the row."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from sqlalchemy import select

from app.views.plan_differences import differences
from plans.files import read_plan
from plans.model import FigureKind, Plan, Register
from plans.plan_text import document_of, plan_text
from tasks.database import reading, writing
from tasks.desk_tables import plan_draft
from tests.figures import HEAD, TEXT
from tests.support import LEAD
from tests.web.office import Browser, Office
from web.planform import figures
from web.planform.figures import FigureRow


def plan_of(text: str | bytes) -> Plan:
    return read_plan(text, file="kh.yaml", register=Register({})).plan


@pytest.fixture
def draft_id(office: Office) -> int:
    with writing(office.valley.engine) as c:
        values = {"lead": LEAD, "title": "x", "text": TEXT.decode(), "revision": 1, "plan_id": None, "base": None}
        made = plan_draft.insert().values({**values, "at": office.valley.now, "by": "alice"})
        return int(c.execute(made.returning(plan_draft.c.id)).scalar_one())


@pytest.fixture
def alice(office: Office) -> Browser:
    return office.browser("alice")


def kept(office: Office, draft_id: int) -> str:
    with reading(office.valley.engine) as c:
        return str(c.execute(select(plan_draft.c.text).where(plan_draft.c.id == draft_id)).scalar_one())


def form_of(page: str) -> dict[str, list[str]]:
    """What a browser would send of the form as it stands."""
    body = page[page.index("/chi-tieu") :]
    found: dict[str, list[str]] = {}
    pattern = r'<input[^>]*? name="([^"]+)"[^>]*?>|<select[^>]*? name="([^"]+)"[^>]*>(.*?)</select>'
    for each in re.finditer(pattern, body, re.S):
        if each[1]:
            value = re.search(r' value="([^"]*)"', each[0])
            found.setdefault(each[1], []).append(html.unescape(value[1]) if value else "")
        else:
            options = re.findall(r'<option value="([^"]*)"( selected)?', each[3])
            chosen = [value for value, selected in options if selected] or [options[0][0]]
            found.setdefault(each[2], []).append(html.unescape(chosen[0]))
    return found


def opened(browser: Browser, draft_id: int) -> dict[str, Any]:
    return dict(form_of(browser.get(f"/ke-hoach/soan/{draft_id}/chi-tieu").text))


def test_form_that_nobody_changed_keeps_every_figure(office: Office, alice: Browser, draft_id: int) -> None:
    alice.post(f"/ke-hoach/soan/{draft_id}/chi-tieu", opened(alice, draft_id))
    assert plan_of(kept(office, draft_id)) == plan_of(TEXT)


def test_figure_is_added_changed_and_taken_out(office: Office, alice: Browser, draft_id: int) -> None:
    form = opened(alice, draft_id)
    names = form["f-name"]
    names[names.index("Mô hình đã lập")] = "Mô hình mới lập"
    names[names.index("Tỷ lệ hài lòng")] = ""
    new = len(names) - 3  # the first of the blank rows
    for key, value in (("name", "Buổi tuyên truyền"), ("kind", "times"), ("unit", "buổi"), ("duties", "bao-cao")):
        form[f"f-{key}"][new] = value
    alice.post(f"/ke-hoach/soan/{draft_id}/chi-tieu", form)
    plan = plan_of(kept(office, draft_id))
    assert [figure.id for figure in plan.figures] == [
        "nhu-cau", "gioi-thieu", "ty-le", "mo-hinh", "tien", "buoi-tuyen-truyen",
    ]  # fmt: skip
    assert plan.figures[3].name == "Mô hình mới lập"
    added = plan.figures[-1]
    assert (added.kind, added.unit, added.duties) == (FigureKind.TIMES, "buổi", ("bao-cao",))


def test_problem_of_a_figure_is_said_of_its_row_in_words_of_the_form(alice: Browser, draft_id: int) -> None:
    form = opened(alice, draft_id)
    row = form["f-name"].index("Tỷ lệ giới thiệu")
    form["f-denominator"][row] = ""
    form["f-duties"][0] = ""
    alice.post(f"/ke-hoach/soan/{draft_id}/chi-tieu", form)
    page = html.unescape(alice.get(f"/ke-hoach/soan/{draft_id}/chi-tieu").text)
    assert "số liệu 3 “Tỷ lệ giới thiệu”, mẫu số: tỷ lệ phải có cả tử số và mẫu số" in page
    assert "Chọn cả tử số và mẫu số, hoặc để trống cả hai" in page
    assert "số liệu 1 “Người có nhu cầu”" in page
    assert "2 chỗ cần sửa" in page


def test_several_duties_of_a_figure_stay_together() -> None:
    text = TEXT.decode().replace("kind: people, duties: [bao-cao]}", "kind: people, duties: [bao-cao, ke-hoach]}", 1)
    document = document_of(text, file="kh.yaml")
    [first, *_others] = figures.figure_rows(document)
    assert first.duties == "bao-cao, ke-hoach"
    assert ("bao-cao, ke-hoach", "Báo cáo tháng; Kế hoạch triển khai") in figures.duty_choices(document, first)
    again = figures.with_figures(document, figures.figure_rows(document))
    assert plan_of(plan_text(again)) == plan_of(text)


def test_unit_that_a_kind_does_not_want_is_left_out() -> None:
    row = FigureRow("", "Người", "people", "người", "bao-cao", "", "", "", "")
    [entry] = figures.with_figures({}, [row])["figures"]
    assert entry == {"id": "nguoi", "name": "Người", "kind": "people", "duties": ["bao-cao"]}


def test_what_changes_in_the_figures_is_shown_before_it_is_saved() -> None:
    other = HEAD.replace("Mô hình đã lập", "Mô hình mới").replace(", cumulative: true", "")
    old, new = plan_of(TEXT), plan_of(TEXT.decode().replace(HEAD, other))
    bodies = read_plan(TEXT, file="kh.yaml", register=Register({})).agencies
    found = differences(old, new, Register({body.id: body for body in bodies})).others
    assert [(each.kind, each.what) for each in found] == [("changed", "Số liệu"), ("changed", "Số liệu")]
    assert "Mô hình mới (mô hình)" in found[0].now
    assert found[1].was.startswith("Tiền cho vay (triệu đồng), lũy kế")
