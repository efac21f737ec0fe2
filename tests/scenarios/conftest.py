"""One world per scenario; nothing may have been sent that the scenario did not expect."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenarios.harness import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    assert made.new() == [], "messages that the scenario did not expect"
    made.close()
