"""One world per scenario and database; nothing may have been sent that the scenario did not expect."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tests.scenarios.harness import World
from tests.support import blank_sqlite, engine, registers

__all__ = ["blank_sqlite", "engine", "registers"]


@pytest.fixture
def world(engine: Engine) -> Iterator[World]:
    made = World(engine)
    yield made
    assert made.new() == [], "messages that the scenario did not expect"
