"""One line for whatever goes wrong: what is wrong and what to do. Tracebacks go to the log, never to the screen."""

from __future__ import annotations

import errno
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import click

from cli.postgresql_errors import explain as explain_postgresql
from notifications.errors import NotificationsError
from plans.errors import PlanError, PlansError
from plans.text import _, _n
from tasks.errors import RegisterError

INTERRUPTED = 130  # what shells report for a program ended by Ctrl-C
_LOG_BYTES = 5_000_000
_OURS = frozenset({"plans", "reader", "letters", "tasks", "people", "notifications", "app", "flows", "web", "cli"})

log = logging.getLogger(__name__)


class Failure(click.ClickException):
    """Shown as one line on stderr; exit code 1."""


class Unforeseen(Failure):
    """Its sentence says itself that it is an error."""

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.message, file=file, err=file is None)


def failure(error: Exception) -> Failure:
    """The error in words for a coordinator. What nobody foresaw is written to the log with its traceback."""
    for explain in (_ours, _settings, _database, _system):
        if text := explain(error):
            return Failure(text)
    log.error("unexpected error in: dondoc %s", " ".join(sys.argv[1:2]), exc_info=error)
    name = type(error).__name__
    said = _("Lỗi không lường trước ({name}), chi tiết ghi ở {log}")
    return Unforeseen(said.format(name=name, log=log_path()))


def _ours(error: Exception) -> str | None:
    if isinstance(error, PlanError):
        wrong = len(error.problems)
        return "\n".join([_n("tệp kế hoạch có {n} chỗ cần sửa:", wrong).format(n=wrong), str(error)])
    return str(error) if isinstance(error, RegisterError | NotificationsError | PlansError) else None


def _settings(error: Exception) -> str | None:
    if "pydantic" not in sys.modules:
        return None
    from tomllib import TOMLDecodeError

    from pydantic import ValidationError

    if isinstance(error, TOMLDecodeError):
        return _("Tệp cấu hình dondoc.toml viết chưa đúng: {error}").format(error=error)

    if not isinstance(error, ValidationError) or error.title != "Settings":
        return None
    names = ", ".join(sorted({str(each["loc"][0]) for each in error.errors() if each["loc"]}))
    return _("Giá trị cấu hình không dùng được: {names}. Xem các biến môi trường DONDOC_… và tệp dondoc.toml.").format(
        names=names
    )


def _database(error: Exception) -> str | None:
    if "sqlalchemy" not in sys.modules:
        return None
    from alembic.util.exc import CommandError
    from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

    if isinstance(error, CommandError):
        return _("Cơ sở dữ liệu do một bản dondoc khác tạo ra, bản này không đọc được. Hãy dùng bản mới hơn.")
    if isinstance(error, ArgumentError | NoSuchModuleError):
        return _("Địa chỉ cơ sở dữ liệu DONDOC_DATABASE_URL không đúng.")
    if not isinstance(error, DBAPIError):
        return None
    of_server = explain_postgresql(error.orig, database_place()) if error.orig is not None else None
    return of_server or _of_driver(str(error.orig).lower(), error)


def _of_driver(said: str, error: Exception) -> str | None:
    """What SQLite says, by the words it uses."""
    known = {
        "locked": _("Cơ sở dữ liệu đang bận vì chương trình khác đang ghi. Hãy thử lại sau ít phút."),
        "not a database": _(
            "Tệp cơ sở dữ liệu không phải của dondoc hoặc đã hỏng: {file}. Hãy đổi tên tệp này, rồi khôi phục từ bản "
            "sao lưu: dondoc restore TỆP"
        ),
        "malformed": _(
            "Tệp cơ sở dữ liệu đã hỏng: {file}. Hãy đổi tên tệp này, rồi khôi phục từ bản sao lưu: dondoc restore TỆP"
        ),
        "unable to open": _("Không mở được cơ sở dữ liệu: {file}. Kiểm tra thư mục và quyền truy cập."),
        "readonly": _("Không được phép ghi vào cơ sở dữ liệu: {file}."),
        "is full": _("Ổ đĩa đã đầy, chưa ghi được gì. Hãy giải phóng dung lượng rồi làm lại."),
        "disk i/o": _("Ổ đĩa lỗi khi đọc hoặc ghi cơ sở dữ liệu: {file}."),
    }
    for words, text in known.items():
        if words in said:
            return text.format(file=home() / "dondoc.db")
    if type(error).__name__ == "OperationalError":
        return _("Không kết nối được cơ sở dữ liệu. Kiểm tra DONDOC_DATABASE_URL và máy chủ cơ sở dữ liệu.")
    return None


def _system(error: Exception) -> str | None:
    if not isinstance(error, OSError) or error.errno is None:
        return None
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return _("Ổ đĩa đã đầy, chưa ghi được gì. Hãy giải phóng dung lượng rồi làm lại.")
        case errno.EACCES | errno.EPERM | errno.EROFS:
            text = _("Không được phép đọc hoặc ghi: {file}")
        case errno.ENOENT:
            text = _("Không tìm thấy: {file}")
        case errno.EISDIR | errno.ENOTDIR | errno.EEXIST:
            text = _("Đường dẫn không dùng được, thư mục và tệp lẫn lộn: {file}")
        case _other:
            text = _("Không đọc hoặc ghi được {file}: {why}")
    return text.format(file=error.filename or "?", why=error.strerror)


def home() -> Path:
    """The folder of this installation, also where the settings themselves cannot be read."""
    import os

    from app.settings import Settings, default_home

    with suppress(Exception):  # the point is to name a folder even then
        return Settings().home
    return Path(os.environ.get("DONDOC_HOME") or default_home())


def database_place() -> str:
    """Which database the settings speak of, without the password."""
    from app.settings import Settings
    from tasks.address import parse_address, place_of

    with suppress(Exception):  # the error being told of must not be hidden by another
        return place_of(parse_address(Settings().url))
    return "DONDOC_DATABASE_URL"


def log_path() -> Path:
    return home() / "logs" / "dondoc.log"


class _HomeLog(logging.Handler):
    """Opens the log in the home folder at its first line; a log that cannot be written stops nothing."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.addFilter(lambda record: record.levelno >= logging.WARNING or record.name.partition(".")[0] in _OURS)
        self._file: logging.Handler | None = None

    def emit(self, record: logging.LogRecord) -> None:
        try:
            if self._file is None:
                path = log_path()
                path.parent.mkdir(parents=True, exist_ok=True)
                self._file = _quiet_file(path)
            self._file.emit(record)
        except OSError:
            return

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
        super().close()


def _quiet_file(path: Path) -> logging.Handler:
    """Says nothing on the screen where the disk is full."""
    from logging.handlers import RotatingFileHandler  # most commands log nothing, and it takes a hundredth of a second

    class QuietFile(RotatingFileHandler):
        def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name is logging's
            return

    made = QuietFile(path, maxBytes=_LOG_BYTES, backupCount=2, encoding="utf-8", delay=True)
    made.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    return made


@contextmanager
def logged_to_file() -> Iterator[None]:
    """Sends log lines to the home folder's log, and none to the terminal."""
    root, handler = logging.getLogger(), _HomeLog()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        handler.close()
