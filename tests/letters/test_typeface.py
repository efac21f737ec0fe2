from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import reportlab

from letters import typeface
from letters.typeface import Typeface, brought, vietnamese_letters, writes_vietnamese

VERA = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"


def test_vietnamese_has_29_letters_and_five_tones() -> None:
    # 12 vowels with 6 tones each, 17 consonants; small and capital.
    letters = vietnamese_letters()
    assert len(letters) == 2 * (12 * 6 + 17)
    assert set("ơưđậợỹĐẰỬ") <= letters


def test_the_typeface_that_is_brought_along_has_every_letter_in_four_cuts() -> None:
    assert writes_vietnamese(brought())
    assert len(set(brought().cuts)) == 4


def test_a_family_without_a_letter_or_without_a_file_is_not_taken(tmp_path: Path) -> None:
    good = brought()
    assert not writes_vietnamese(Typeface(good.upright, good.bold, good.italic, VERA))
    assert not writes_vietnamese(Typeface(good.upright, good.bold, good.italic, tmp_path / "nothing.ttf"))
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"no font")
    assert not writes_vietnamese(Typeface(good.upright, good.bold, broken, good.bold_italic))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(typeface, "_folders", lambda: [tmp_path])
    typeface.of_the_system.cache_clear()
    yield tmp_path
    typeface.of_the_system.cache_clear()


def install(folder: Path, *names: str) -> None:
    for name, cut in zip(names, brought().cuts, strict=True):
        shutil.copy(cut, folder / name)


def test_a_complete_family_of_the_system_comes_first(folder: Path) -> None:
    install(folder, "Tinos-Regular.ttf", "Tinos-Bold.ttf", "Tinos-Italic.ttf", "Tinos-BoldItalic.ttf")
    assert typeface.chosen().upright == folder / "Tinos-Regular.ttf"
    install(folder, "times.ttf", "timesbd.ttf", "timesi.ttf", "timesbi.ttf")
    typeface.of_the_system.cache_clear()
    assert typeface.chosen().bold_italic == folder / "timesbi.ttf"


def test_without_one_the_typeface_that_is_brought_along_is_taken(folder: Path) -> None:
    install(folder, "Tinos-Regular.ttf", "Tinos-Bold.ttf", "Tinos-Italic.ttf", "Tinos-BoldItalic.ttf")
    shutil.copy(VERA, folder / "Tinos-Bold.ttf")
    assert typeface.of_the_system() is None
    assert typeface.chosen() == brought()
