"""Checking the chain of the trail for the dashboard: within a bound, one at a time, and what came of it is kept.

What is kept is no proof: whoever can alter the register can alter it as well. It says when somebody last looked.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from plans.text import _
from tasks import pulse, seal, seal_check
from tasks.database import reading, writing
from tasks.errors import BadInput, RegisterError
from tasks.seal import Head
from tasks.seal_check import Problem

log = logging.getLogger(__name__)

MOST_ROWS = 100_000  # what a page looks at; a longer trail is for the command line, which takes its time
_PULSE = "chain_checked"
_busy = threading.Lock()


@dataclass(frozen=True, slots=True)
class Checked:
    """The last look. ``whole``: from the first row on; else only the newest ``rows``. ``asked``: a head from a mail,
    ``found`` the place that it belongs to."""

    at: datetime
    by: str
    intact: bool
    whole: bool
    rows: int
    problem: str | None
    place: int | None
    asked: str | None
    found: int | None


def last_checked(connection: Connection) -> Checked | None:
    beat = pulse.last(connection, _PULSE)
    if beat is None:
        return None
    data = beat.data
    return Checked(
        beat.at,
        str(data.get("by", "")),
        bool(data.get("intact")),
        bool(data.get("whole")),
        int(data.get("rows") or 0),
        data.get("problem"),
        data.get("place"),
        data.get("asked"),
        data.get("found"),
    )


def newest(connection: Connection) -> Head | None:
    """The end of the chain as it stands."""
    return seal.head(connection)


def check(engine: Engine, *, asked: str | None = None, most: int = MOST_ROWS, now: datetime, actor: str) -> Checked:
    """Computes the chain anew: all of it, or its newest ``most`` rows where it is longer.

    Raises BadInput while another check is going on, and where a head is to be looked for in a chain that is too long.
    """
    if not _busy.acquire(blocking=False):
        raise BadInput(_("Đang có lượt xác minh khác. Chờ một lát rồi mở lại trang này."))
    try:
        with reading(engine) as connection:
            data = _look(connection, asked, most)
    finally:
        _busy.release()
    return _keep(engine, data, now=now, actor=actor)


def check_whole(engine: Engine, *, asked: str | None = None, now: datetime, actor: str) -> seal_check.Verdict:
    """The whole chain, however long, for the command; the page shows when that was, and what came of it.

    Where nothing can be written (a read-only copy of the register) the look counts all the same.
    """
    with reading(engine) as connection:
        verdict = seal_check.verify(connection, asked=asked)
    data = _said(verdict.fault, verdict.found, asked) | {"whole": True, "rows": verdict.rows}
    try:
        _keep(engine, data, now=now, actor=actor)
    except (DBAPIError, RegisterError):
        log.warning("the look at the chain could not be noted", exc_info=True)
    return verdict


def _keep(engine: Engine, data: dict[str, Any], *, now: datetime, actor: str) -> Checked:
    with writing(engine) as connection:
        pulse.beat(connection, _PULSE, now=now, data={**data, "by": actor})
        kept = last_checked(connection)
    assert kept is not None  # noqa: S101 - written just now
    return kept


def _said(fault: seal_check.Fault | None, found: Head | None, asked: str | None) -> dict[str, Any]:
    return {
        "intact": fault is None and (asked is None or found is not None),
        "problem": fault.problem.value if fault else None,
        "place": fault.place if fault else None,
        "asked": asked,
        "found": found.place if found else None,
    }


def _look(connection: Connection, asked: str | None, most: int) -> dict[str, Any]:
    end = seal.head(connection)
    length = end.place if end else 0
    if length > most:
        if asked:
            said = _("Sổ có {n} dòng, quá dài để tìm mã trên trang này. Dùng: dondoc audit verify --head {head}")
            raise BadInput(said.format(n=length, head=asked))
        fault = seal_check.verify_newest(connection, most)
        found = None
        rows = most
    else:
        verdict = seal_check.verify(connection, asked=asked)
        fault, found, rows = verdict.fault, verdict.found, verdict.rows
    return _said(fault, found, asked) | {"whole": length <= most, "rows": rows}


def problem_text(checked: Checked) -> str:
    """What is wrong at the first bad place."""
    words = {
        Problem.GAP.value: _("thiếu dòng thứ {n} của chuỗi: mã của dòng này đã bị xóa."),
        Problem.ROW_GONE.value: _("dòng thứ {n} của chuỗi đã bị xóa khỏi sổ; chỉ còn mã."),
        Problem.ALTERED.value: _("dòng thứ {n} của chuỗi không khớp mã: đã bị sửa, thay hoặc đổi thứ tự."),
        Problem.NOT_SEALED.value: _("có dòng không thuộc chuỗi: chèn từ ngoài, hoặc mã ở cuối chuỗi đã bị xóa."),
    }
    return words.get(checked.problem or "", "").format(n=checked.place)
