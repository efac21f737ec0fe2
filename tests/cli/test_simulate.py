"""``dondoc simulate`` and its contract."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import PLAN, Terminal

PERIOD = ("--from", "2023-11-07", "--to", "2023-12-31")


def test_the_json_form_keeps_its_contract(run: Terminal) -> None:
    rows = run.json("simulate", PLAN, *PERIOD)
    assert all(list(row) == ["at", "rung", "role", "recipient", "message", "occurrences"] for row in rows)
    assert rows[0]["at"] == "2023-11-07T07:30:00+07:00"
    assert {row["role"] for row in rows} == {"agency", "officer", "head"}
    assert {row["recipient"] for row in rows if row["role"] != "agency"} == {"son-la.cong-an-tinh"}
    days = sorted({row["at"][:10] for row in rows if row["rung"] == "before-7"})
    assert days == ["2023-12-01"]


def test_a_fresh_home_stays_as_it_was(run: Terminal) -> None:
    run("simulate", PLAN, *PERIOD)
    assert run.json("plans") == []


def test_the_table_is_one_line_per_moment_and_report(run: Terminal) -> None:
    lines = run("simulate", PLAN, *PERIOD).output.splitlines()
    assert lines[0] == PLAN
    assert "13/11/2023 07:30  nhắc trước 1 ngày                19 cơ quan       ke-hoach-trien-khai/once" in lines
    assert "16/11/2023 07:30  kiểm tra trước khi nhắc quá hạn  cán bộ theo dõi  ke-hoach-trien-khai/once" in lines
    assert lines[-1].endswith(" thông báo.")
    assert max(map(len, lines)) <= 100


def test_scripted_papers_stop_the_reminders(run: Terminal, tmp_path: Path) -> None:
    papers = tmp_path / "van-ban.csv"
    papers.write_text(
        f"occurrence,received_on,number,date\n{PLAN}/ke-hoach-trien-khai/*/once,13/11/2023,1/KH,10/11/2023\n",
        encoding="utf-8",
    )
    rows = run.json("simulate", PLAN, "--from", "2023-11-07", "--to", "2023-11-30", "--papers", papers)
    assert {row["rung"] for row in rows} == {"assigned", "before-1"}


def test_a_wrong_paper_names_its_line(run: Terminal, tmp_path: Path) -> None:
    papers = tmp_path / "van-ban.csv"
    papers.write_text("occurrence,received_on\na/b/c/2024,31/02/2024\n", encoding="utf-8")
    assert f"{papers}:2: received_on: " in run("simulate", PLAN, *PERIOD, "--papers", papers, code=1).stderr
    missing = tmp_path / "khong-co.csv"
    assert str(missing) in run("simulate", PLAN, *PERIOD, "--papers", missing, code=1).stderr


def test_all_plans_of_the_register(followed: Terminal) -> None:
    rows = followed.json("simulate", "--all", "--from", "2024-12-02", "--to", "2024-12-10")
    assert {each.split("/")[0] for row in rows for each in row["occurrences"]} == {PLAN}


def test_all_of_nothing_is_said(run: Terminal) -> None:
    assert "dondoc add" in run("simulate", "--all", *PERIOD, code=1).stderr
