"""A registry's lines taken over: all that is right in one transaction, what is refused named with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from tasks import paper_desk
from tasks.database import writing
from tasks.errors import RegisterError
from tasks.papers import Paper


@dataclass(frozen=True, slots=True)
class Given:
    """One line: which paper of whom answers what."""

    line: int
    issuer: str
    occurrences: tuple[str, ...]
    came: Paper


@dataclass(frozen=True, slots=True)
class Refusal:
    line: int
    why: str


@dataclass(frozen=True, slots=True)
class TakenOver:
    """Numbers of the lines that were recorded, and those that were not."""

    done: tuple[int, ...]
    refused: tuple[Refusal, ...]


def take_over(engine: Engine, given: Iterable[Given], *, now: datetime, actor: str) -> TakenOver:
    """A savepoint per line: a refusal leaves nothing of that line, a power cut nothing of any."""
    done: list[int] = []
    refused: list[Refusal] = []
    with writing(engine) as connection:
        for each in given:
            try:
                with connection.begin_nested():
                    paper_desk.enter(connection, each.issuer, each.occurrences, each.came, now=now, actor=actor)
            except RegisterError as error:
                refused.append(Refusal(each.line, str(error)))
            else:
                done.append(each.line)
    return TakenOver(tuple(done), tuple(refused))
