"""``prefect deploy --all`` and ``dondoc up`` have to make the same deployments."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import yaml
from prefect import Flow

from app.prefect_settings import WORK_POOL
from flows.specs import Collision, DeploymentSpec, Timetable, fixed_specs

FILE = Path(__file__).parents[2] / "prefect.yaml"


def written(entry: dict[str, Any]) -> DeploymentSpec:
    limit = entry.get("concurrency_limit")
    return DeploymentSpec(
        flow=importlib.import_module(entry["entrypoint"].rsplit(".", 1)[0]).__name__.rsplit(".", 1)[1],
        name=entry["name"],
        description=entry["description"],
        tags=tuple(entry["tags"]),
        entrypoint=entry["entrypoint"],
        timetables=tuple(
            sorted(
                (Timetable(s["slug"], cron=s["cron"], zone=s["timezone"]) for s in entry["schedules"]),
                key=lambda timetable: timetable.slug,
            )
        ),
        one_at_a_time=Collision(limit["collision_strategy"]) if limit else None,
    )


def test_file_and_code_say_the_same() -> None:
    file = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    entries = file["deployments"]
    assert file["pull"] == [], "null would tie the workers to the folder of whoever deployed"
    assert [written(entry) for entry in entries] == list(fixed_specs())
    assert {entry["work_pool"]["name"] for entry in entries} == {WORK_POOL}
    assert {entry["concurrency_limit"]["limit"] for entry in entries if "concurrency_limit" in entry} == {1}


def test_every_entrypoint_is_a_flow_of_that_name() -> None:
    for spec in fixed_specs():
        module, function = spec.entrypoint.rsplit(".", 1)
        found = getattr(importlib.import_module(module), function)
        assert isinstance(found, Flow)
        assert found.name == spec.flow
