"""Is the register there, at this release's version, whole, and its trail unaltered?"""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from app.database import current_revision, known_revisions, newest_revision
from app.doctor.model import Finding, broken, fine
from plans.text import _
from tasks import seal, seal_check
from tasks.database import reading

NEWEST_ROWS = 2_000  # of the trail; the whole of it with --thorough
_PATIENCE = 5.0  # seconds for the integrity check; a big register is looked at as far as that goes


def look_at_database(engine: Engine) -> Iterable[Finding]:
    """Whether it answers and is at this release's version. Never creates a file that is not there."""
    file = engine.url.database if engine.dialect.name == "sqlite" else None
    if file and not Path(file).is_file():
        return [broken(_("Chưa có cơ sở dữ liệu."), "dondoc up")]
    try:
        with reading(engine) as connection:
            revision = current_revision(connection)
    except DBAPIError as error:
        said = _("Không mở được cơ sở dữ liệu: {why}.").format(why=_first_line(error))
        return [broken(said, _("Xem ổ đĩa, quyền truy cập hoặc máy chủ cơ sở dữ liệu (DONDOC_DATABASE_URL)."))]
    return [judge_revision(revision, newest_revision(), known_revisions())]


def judge_revision(revision: str | None, wanted: str | None, known: Iterable[str]) -> Finding:
    if revision == wanted:
        return fine(_("Mở được, đúng phiên bản ({revision}).").format(revision=revision))
    if revision is None:
        return broken(_("Cơ sở dữ liệu còn trống, chưa có bảng nào."), "dondoc up")
    if revision in known:
        said = _("Dữ liệu ở phiên bản cũ {revision}, bản dondoc này cần {wanted}.")
        return broken(said.format(revision=revision, wanted=wanted), _("Chạy lại dondoc up để tự nâng cấp."))
    said = _("Dữ liệu do bản dondoc mới hơn tạo ra (phiên bản {revision}).")
    return broken(said.format(revision=revision), _("Cài lại bản dondoc mới hơn."))


def _first_line(error: DBAPIError) -> str:
    """The driver's own words, without the statement or the address."""
    return (str(error.orig).splitlines() or [type(error).__name__])[0][:160]


def look_at_integrity(engine: Engine, *, thorough: bool) -> Iterable[Finding]:
    """SQLite's own look at its file. PostgreSQL looks after itself."""
    if engine.dialect.name != "sqlite":
        return []
    end = time.monotonic() + _PATIENCE
    with reading(engine) as connection:
        raw = connection.connection.driver_connection
        assert raw is not None  # noqa: S101 - a connection that is open
        if not thorough:
            raw.set_progress_handler(lambda: time.monotonic() > end, 100_000)
        try:
            asked = "PRAGMA integrity_check(5)" if thorough else "PRAGMA quick_check(5)"
            said = [row[0] for row in connection.execute(text(asked))]
        except DBAPIError as error:
            if "interrupted" in str(error.orig):
                return [fine(_("Sổ lớn, mới kiểm tra một phần tệp dữ liệu; kiểm tra hết: dondoc doctor --thorough"))]
            said = [_first_line(error)]
        finally:
            raw.set_progress_handler(None, 0)
    if said == ["ok"]:
        return [fine(_("Tệp dữ liệu nguyên vẹn."))]
    told = _("Tệp dữ liệu hỏng: {why}.").format(why="; ".join(said)[:200])
    return [broken(told, _("Dừng dondoc, giữ nguyên tệp hỏng, khôi phục bản sao lưu gần nhất: dondoc restore TỆP"))]


def look_at_trail(engine: Engine, *, thorough: bool) -> Iterable[Finding]:
    """Whether the chain of the trail is unaltered: its newest rows, or all of it."""
    with reading(engine) as connection:
        if thorough:
            verdict = seal_check.verify(connection)
            fault, rows = verdict.fault, verdict.rows
        else:
            fault = seal_check.verify_newest(connection, NEWEST_ROWS)
            head = seal.head(connection)
            rows = min(head.place if head else 0, NEWEST_ROWS)
    if fault is not None:
        said = _("Nhật ký không còn nguyên vẹn (từ dòng {place}).").format(place=fault.place or "?")
        return [broken(said, _("Không sửa gì; xem dondoc audit verify và đối chiếu với bản sao lưu."))]
    if not thorough:
        return [fine(_("{n} dòng nhật ký mới nhất nguyên vẹn.").format(n=rows))]
    return [fine(_("Cả {n} dòng nhật ký nguyên vẹn.").format(n=rows))]
