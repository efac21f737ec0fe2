"""dondoc check: many files at once."""

from __future__ import annotations

from pathlib import Path

from plans.checking import check_files
from plans.model import (
    Register,
)
from tests.plans.examples import AGENCIES, PLAN, REGISTER, changed


def write(folder: Path, **texts: str) -> dict[str, Path]:
    paths = {name: folder / f"{name}.yaml" for name in texts}
    for name, text in texts.items():
        paths[name].write_text(text, encoding="utf-8")
    return paths


def test_check_reads_agencies_files_first_whatever_their_order(tmp_path: Path) -> None:
    paths = write(tmp_path, plan=PLAN, agencies=AGENCIES)
    assert check_files([paths["plan"]], register=Register({}))
    assert check_files([paths["plan"], paths["agencies"]], register=Register({})) == []


def test_check_tells_the_problems_of_every_file_in_the_order_given(tmp_path: Path) -> None:
    paths = write(
        tmp_path, b=changed("level: province", "level: x"), a=changed("name: Sở Tài chính", "nam: X", AGENCIES)
    )
    gone = tmp_path / "gone.yaml"
    found = check_files([paths["b"], gone, paths["a"], tmp_path, paths["b"]], register=REGISTER)
    assert [Path(problem.file).name for problem in found] == ["b.yaml", "gone.yaml", "a.yaml", "a.yaml", tmp_path.name]


def test_check_sees_one_id_for_two_bodies_in_two_files(tmp_path: Path) -> None:
    paths = write(tmp_path, a=AGENCIES, b=changed("name: Sở Tài chính", "name: Sở Khác", AGENCIES))
    (problem,) = check_files(list(paths.values()), register=Register({}))
    assert (Path(problem.file).name, problem.line, problem.field) == ("b.yaml", 8, "agencies[1].id")


def test_check_of_broken_yaml_says_so_once(tmp_path: Path) -> None:
    paths = write(tmp_path, x="agencies: [")
    assert len(check_files(list(paths.values()), register=REGISTER)) == 1
