"""What can be wrong with a letter before it is drawn."""

from __future__ import annotations

from plans.errors import PlansError
from plans.text import _


class LettersError(PlansError):
    """Base of this package's errors."""


class RowTooLong(LettersError):
    """A row of an annex has more cells than the table has heads, or fewer."""

    def __init__(self, row: int, cells: int, heads: int) -> None:
        super().__init__(row, cells, heads)
        self.row, self.cells, self.heads = row, cells, heads

    def __str__(self) -> str:
        said = _("dòng {row} của phụ lục có {cells} ô, bảng có {heads} cột")
        return said.format(row=self.row, cells=self.cells, heads=self.heads)


class NoTypeface(LettersError):
    """No serif typeface with Vietnamese letters: not even the one that is installed with the program."""

    def __str__(self) -> str:
        return _("không tìm thấy phông chữ có chân đủ chữ tiếng Việt để in công văn")
