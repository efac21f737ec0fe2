"""Checking files before they are brought in: every problem of every file, agencies files first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from plans.agency_files import read_agencies
from plans.errors import PlanError, Problem
from plans.files import read_bytes, read_plan
from plans.model import Register
from plans.plan_parties import register_with
from plans.yaml_nodes import is_agencies_file


def check_files(paths: Sequence[Path], *, register: Register) -> list[Problem]:
    """The problems of all these files, in the order in which the files were given.

    1. Reads every file; one that is missing, a directory or too large is a problem like any other.
    2. Reads the agencies files among them: they extend ``register``, whatever their place in the list.
    3. Reads the plans against that register.
    """
    problems: dict[Path, tuple[Problem, ...]] = {}
    contents: dict[Path, bytes] = {}
    for path in dict.fromkeys(paths):
        try:
            contents[path] = read_bytes(path)
        except PlanError as error:
            problems[path] = error.problems
    agencies_files = [path for path, data in contents.items() if is_agencies_file(data)]
    for path in agencies_files:
        try:
            register = register_with(register, read_agencies(contents[path], file=str(path), register=register))
        except PlanError as error:
            problems[path] = error.problems
    for path in [path for path in contents if path not in agencies_files]:
        try:
            read_plan(contents[path], file=str(path), register=register)
        except PlanError as error:
            problems[path] = error.problems
    return [problem for path in dict.fromkeys(paths) for problem in problems.get(path, ())]
