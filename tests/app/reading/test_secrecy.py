"""What bears a mark of secrecy is refused; what only speaks of it is not."""

from __future__ import annotations

import unicodedata

import pytest

from app.reading.secrecy import SecretDocument, refuse_secret

HEAD = "CÔNG AN TỈNH AN SƠN\nPHÒNG THỬ NGHIỆM\n{mark}\nSố: 05/KH\n\nKẾ HOẠCH\nNội dung.\n"


@pytest.mark.parametrize(
    "mark",
    ["MẬT", "TỐI MẬT", "TUYỆT MẬT", "  **MẬT** ", "[MẬT]", "Mật", "Độ mật: Mật", "Mức độ mật: TỐI MẬT", "MAT",
     "TOI MAT",
     "| MẬT |", "A\tMẬT\tB", unicodedata.normalize("NFD", "TUYỆT MẬT"), "TUYỆT  MẬT"],
)  # fmt: skip
def test_a_mark_in_the_head_is_refused(mark: str) -> None:
    with pytest.raises(SecretDocument, match="độ mật"):
        refuse_secret(HEAD.format(mark=mark))


@pytest.mark.parametrize("words", ["Bảo mật", "BÍ MẬT", "mat", "MẶT", "Giữ bí mật tuyệt đối.", "CÔNG TÁC BẢO MẬT", ""])
def test_words_about_secrecy_are_not_a_mark(words: str) -> None:
    refuse_secret(HEAD.format(mark=words))


def test_only_the_head_counts() -> None:
    refuse_secret(HEAD.format(mark="") + "Dòng nội dung.\n" * 400 + "MẬT\n")
