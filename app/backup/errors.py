"""What can go wrong with a backup. Each message says what is wrong, where, and how to go on."""

from __future__ import annotations

from pathlib import Path

from plans.text import _
from tasks.errors import RegisterError


class BackupError(RegisterError):
    """Base of the errors of this package."""


class BackupExists(BackupError):
    """A file is never overwritten."""

    def __init__(self, path: Path) -> None:
        super().__init__(_("Đã có tệp {file}; bản sao lưu không ghi đè. Hãy chọn tên khác.").format(file=path))
        self.path = path


class NotABackup(BackupError):
    """Some other file."""

    def __init__(self, path: Path) -> None:
        super().__init__(_("{file} không phải là bản sao lưu của dondoc.").format(file=path))


class BackupDamaged(BackupError):
    """Cut, changed or never complete; ``place`` says where it shows."""

    def __init__(self, path: Path, place: str) -> None:
        said = _("Bản sao lưu {file} bị hỏng: {place}. Chưa khôi phục gì; hãy dùng một bản sao lưu khác.")
        super().__init__(said.format(file=path, place=place))
        self.place = place


class BackupTooNew(BackupError):
    """Made by a dondoc that this one knows nothing of."""

    def __init__(self, path: Path, made_by: str) -> None:
        said = _(
            "Bản sao lưu {file} do dondoc {version} tạo ra, mới hơn bản đang dùng. Hãy cập nhật dondoc rồi làm lại."
        )
        super().__init__(said.format(file=path, version=made_by))


class NotEmpty(BackupError):
    """There is a register already; nothing is overwritten."""

    def __init__(self, table: str, rows_in: str) -> None:
        said = _(
            "Cơ sở dữ liệu đích đã có dữ liệu ({table}); chỉ khôi phục vào nơi còn trống. Hãy đổi tên tệp {file} "
            "(hoặc tạo cơ sở dữ liệu PostgreSQL mới và đặt DONDOC_DATABASE_URL), rồi chạy lại dondoc restore."
        )
        super().__init__(said.format(table=table, file=rows_in))
        self.table = table


class NoRoom(BackupError):
    """The disk cannot take what the file holds."""

    def __init__(self, needed: int, free: int) -> None:
        said = _("Cần khoảng {needed} MB để khôi phục, ổ đĩa chỉ còn {free} MB. Chưa khôi phục gì.")
        super().__init__(said.format(needed=-(-needed // 1_000_000), free=free // 1_000_000))
