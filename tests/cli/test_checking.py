"""``dondoc check``."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from plans.shipped import SHIPPED_PLANS
from tests.cli.conftest import PlanWriter, Terminal

DATA = Path(str(files("plans").joinpath("data")))


def test_the_shipped_plans_are_without_problems(run: Terminal, dondoc_home: Path) -> None:
    result = run("check", *[DATA / f"{plan}.yaml" for plan in SHIPPED_PLANS])
    assert result.output == "5 tệp, không có lỗi.\n"
    assert not dondoc_home.exists()


def test_every_problem_is_told_with_file_line_field_and_remedy(run: Terminal, write_plan: PlanWriter) -> None:
    bad = write_plan()
    text = (
        bad.read_text("utf-8").replace("responsible: [so-a]", "responsible: [so-b]").replace("month: 12", "month: 13")
    )
    bad.write_text(text, "utf-8")
    good = write_plan("tot.yaml")
    lines = run("check", bad, good, code=1).stdout.splitlines()
    assert lines[-1] == "2 lỗi trong 1/2 tệp."
    assert all(line.startswith(f"{bad}:") and " — " in line for line in lines[:-1])
    assert ": duties[0].responsible[0]: " in lines[0]
    assert ": duties[0].due.month: " in lines[1]


def test_agencies_given_along_are_known_to_the_plans_whatever_the_order(
    run: Terminal, tmp_path: Path, write_plan: PlanWriter
) -> None:
    plan = write_plan()
    head, _colon, rest = plan.read_text("utf-8").partition("agencies:")
    bodies, parties, duties = rest.partition("parties:")
    plan.write_text(head + parties + duties, "utf-8")
    agencies = tmp_path / "co-quan.yaml"
    agencies.write_text(f"format: 1\nunit: thu\nagencies:{bodies}", "utf-8")
    assert "so-a" in run("check", plan, code=1).stdout
    run("check", plan, agencies)


def test_bodies_of_the_register_are_known(followed: Terminal, tmp_path: Path, write_plan: PlanWriter) -> None:
    agencies = tmp_path / "co-quan.yaml"
    agencies.write_text("format: 1\nunit: thu\nagencies:\n  - {id: so-moi, name: Sở Mới}\n", "utf-8")
    plan = write_plan()
    text = plan.read_text("utf-8").replace("agency: so-a", "agency: so-moi").replace("[so-a]", "[so-moi]")
    plan.write_text(text, "utf-8")
    followed("check", plan, code=1)
    assert "đã nạp 1 cơ quan" in followed("add", agencies).output
    followed("check", plan)


def test_what_cannot_be_read_is_a_problem_like_any_other(run: Terminal, tmp_path: Path) -> None:
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("title: Kế hoạch".encode("utf-16"))
    broken = tmp_path / "broken.yaml"
    broken.write_text("a: [1,\nb: }", "utf-8")
    result = run("check", latin, broken, tmp_path, tmp_path / "khong-co.yaml", code=1)
    assert "4/4 tệp" in result.stdout


def test_no_file_is_wrong_use(run: Terminal) -> None:
    run("check", code=2)
