"""One Chromium for the tests of this folder, and a served office of its own for each of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect, sync_playwright

from tests.browser.place import PATIENCE, Place, district_text, opened
from tests.support import blank_sqlite
from tests.web.conftest import make_hashes_quick, quick_hashes
from tests.web.office import furnished_copy
from tools import browser

__all__ = ["blank_sqlite", "quick_hashes"]
Seeded = tuple[Path, dict[str, int]]


# Of the package, not of the session: the loop of Playwright must not run under the tests of other folders.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Chromium]:
    program = browser.find()
    if program is None:
        pytest.skip(browser.ADVICE)
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=browser.ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="package")
def seeded(blank_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Seeded:
    """The register of the stories: followed since 01/02/2024, seen on Monday 11/03/2024; and the accounts."""
    path = tmp_path_factory.mktemp("browser") / "seeded.db"
    with pytest.MonkeyPatch.context() as patch:
        make_hashes_quick(patch)
        return path, furnished_copy(blank_sqlite, path, text=district_text())


@pytest.fixture
def place(
    chromium: Chromium, seeded: tuple[Path, dict[str, int]], tmp_path: Path, dondoc_home: Path
) -> Iterator[Place]:
    """The office on Monday 11/03/2024, 08:00. Nothing may have gone wrong in its windows."""
    register, ids = seeded
    with opened(register, tmp_path / "register.db", ids, dondoc_home, chromium) as made:
        yield made
        wrong = made.wrong
    assert wrong == []
