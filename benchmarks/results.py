"""What one run of a benchmark found, kept as a file: single ones can be measured again, the page is made of all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.figures import Bar, Figure

FOLDER = Path(__file__).with_name("results")


@dataclass(frozen=True, slots=True)
class Result:
    """``database`` is empty where none takes part. ``machine``: name -> value; ``seconds``: all of it, with filling."""

    name: str
    database: str
    size: str
    seconds: float
    machine: dict[str, str]
    figures: tuple[Figure, ...]

    @property
    def file(self) -> str:
        return f"{self.name}-{self.database.lower()}.json" if self.database else f"{self.name}.json"


def text_of(result: Result) -> str:
    return json.dumps(asdict(result), ensure_ascii=False, indent=1) + "\n"


def result_of(text: str) -> Result:
    found = json.loads(text)
    return Result(**{**found, "figures": tuple(map(_figure, found["figures"]))})


def _figure(found: dict[str, Any]) -> Figure:
    bar = Bar(**found["bar"]) if found["bar"] else None
    return Figure(**{**found, "bar": bar, "values": tuple(found["values"])})


def keep(result: Result, folder: Path = FOLDER) -> None:
    folder.mkdir(exist_ok=True)
    (folder / result.file).write_text(text_of(result), encoding="utf-8")


def kept(folder: Path = FOLDER) -> Iterator[Result]:
    """All of them, by the names of their files."""
    for path in sorted(folder.glob("*.json")):
        yield result_of(path.read_text(encoding="utf-8"))
