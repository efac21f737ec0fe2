"""``dondoc read``: a document in, a draft out, nothing changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from cli.main import dondoc
from tests.reader.documents import HEAD

BODY = """1. Sở Y tế
- Soạn tài liệu (xong trước tháng 12/2023).
2. Các sở, ngành tỉnh gửi báo cáo về Công an tỉnh trước ngày 15/11/2023; định kỳ hằng tháng báo cáo trước ngày 16.
3. Tổ chức tập huấn (tháng 11/2023).
4. Giao Công an tỉnh theo dõi, đôn đốc thực hiện Kế hoạch này.
"""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "ke-hoach.txt"
    path.write_text(HEAD + BODY, encoding="utf-8")
    return path


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(dondoc, ["read", *arguments], prog_name="dondoc")
    return done.exit_code, done.output


def test_the_json_form_gives_facts_duties_and_places(plan: Path) -> None:
    code, said = run("--format", "json", str(plan))
    draft = json.loads(said)
    text = plan.read_text(encoding="utf-8")
    assert code == 0
    assert (draft["number"], draft["signed"], draft["level"]) == ("05/KH-UBND", "2023-10-02", "province")
    assert draft["lead_unit"] == "Công an tỉnh"
    assert [(d["kind"], d["due"], d["boundary"], d["agencies"]) for d in draft["duties"]] == [
        ("once", "2023-12", "before", ["Sở Y tế"]),
        ("once", "2023-11-15", "before", ["Các sở, ngành tỉnh"]),
        ("monthly", {"day": 16}, "before", ["Các sở, ngành tỉnh"]),
        ("once", "2023-11", "within", []),
    ]
    assert all(text[d["start"] : d["end"]] == d["quote"] for d in draft["duties"])


def test_the_yaml_form_is_a_plan_file_with_doubts_as_comments(plan: Path) -> None:
    code, said = run(str(plan))
    drafted = yaml.safe_load(said)
    assert code == 0
    assert "# Câu không nêu cơ quan: cần phân công." in said
    assert drafted["format"] == 1
    assert drafted["number"] == "05/KH-UBND"
    assert [duty["due"] for duty in drafted["duties"]][:2] == [
        {"kind": "once", "quote": "xong trước tháng 12/2023", "boundary": "before", "on": "2023-12"},
        {"kind": "once", "quote": "trước ngày 15/11/2023", "boundary": "before", "on": "2023-11-15"},
    ]


def test_a_file_that_is_not_there_gets_one_sentence(tmp_path: Path) -> None:
    code, said = run(str(tmp_path / "khong-co.docx"))
    assert code == 1
    assert "khong-co.docx" in said
    assert "Traceback" not in said
