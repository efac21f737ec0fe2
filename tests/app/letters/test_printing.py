"""Every kind of letter from the register to a file, opened with other programs: LibreOffice and pdftotext."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import pytest
from docx import Document
from docx.enum.section import WD_SECTION
from docx.shared import Pt

from app.letters import beginning, drafting
from app.letters.choices import Choices
from app.letters.drafting import Known
from app.letters.printing import file_name
from app.letters.printing import printed as bytes_of
from letters.model import Form
from letters.model import Letter as Printed
from tasks.database import writing
from tests.letterhead import give_number, letterhead, printed, stored, urge
from tests.letters.reading import SOFFICE, all_by_libreoffice, in_order, pages, run_of, sizes
from tests.support import ANSWERABLE, PLAN, Valley

PDFTOTEXT = shutil.which("pdftotext")
INTERIOR_OWES = f"{PLAN}/ke-hoach/so-noi-vu/once"


@pytest.fixture
def late(valley: Valley) -> Valley:
    valley.follow().advance("2024-03-25 08:00")
    return letterhead(valley)


@pytest.fixture
def printed_kinds(late: Valley) -> dict[str, Printed]:
    """A numbered letter of each kind: the urging letter is the second of its row."""
    first = urge(late, INTERIOR_OWES, everybody=True)[0]
    give_number(late, first.id, "40")
    known = Known(on=late.now.date(), now=late.now, actor="test")
    with writing(late.engine) as c:
        drafts = {
            "assigning": beginning.begin_assigning(c, PLAN, **known)[1],
            "urging": beginning.begin_urging(c, INTERIOR_OWES, everybody=True, **known)[0],
            "report": beginning.begin_report(c, PLAN, **known),
            "extension": beginning.begin_extension(c, ANSWERABLE, **known),
            "correction": beginning.begin_correction(c, first.id, **known),
        }
        choices = Choices(late.now.date(), said="điều chưa đúng", right="điều đúng")
        drafting.save(c, drafts["correction"].id, choices, revision=1, now=late.now, actor="test")
    for at, draft in enumerate(drafts.values()):
        give_number(late, draft.id, str(41 + at))
    return {kind: printed(late, draft.id) for kind, draft in drafts.items()}


def said_of(letter: Printed) -> list[str]:
    """The text in the order in which it is read; headings are printed in capitals."""
    return [each.text.rstrip(".") for each in letter.body if each.form is Form.TEXT]


def bodies_of(letter: Printed) -> list[str]:
    return [row[1] for annex in letter.annexes for row in annex.table.rows]


def check_order(text: str, letter: Printed) -> None:
    """Boxes of Nghị định 30/2020/NĐ-CP in the order in which they are read, left to right and down."""
    number, said = f"Số: {letter.number}/{letter.symbol}", said_of(letter)
    assert in_order(text, "BỘ CÔNG AN", "CÔNG AN THUNG LŨNG", number, "Kính gửi:", *said, "./.", "Nơi nhận:")
    assert in_order(text, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Kính gửi:")
    assert in_order(text, "Kính gửi:", *letter.addressees, said[0])
    assert in_order(text, said[-1], "- Như trên;", "- Lưu: VT, PC10.")
    assert in_order(text, said[-1], "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Người Ký")
    assert in_order(text, "Nơi nhận:", *(["PHỤ LỤC"] if letter.annexes else []), *bodies_of(letter))
    assert "Thung Lũng, ngày 25 tháng 3 năm 2024" in text
    assert ("BÁO CÁO" in text) is not letter.dispatch


def test_another_program_reads_every_pdf_in_order(printed_kinds: dict[str, Printed], tmp_path: Path) -> None:
    """Poppler's pdftotext where it is there, else PDFium."""
    for kind, letter in printed_kinds.items():
        file = tmp_path / f"{kind}.pdf"
        file.write_bytes(bytes_of(letter, "pdf"))
        check_order(read_by_another(file), letter)
        first, *behind = sizes(file.read_bytes())
        assert (first, len(behind)) == ((210, 297), len(letter.annexes))


def read_by_another(file: Path) -> str:
    if PDFTOTEXT is None:
        return " ".join(pages(file.read_bytes()))
    read = subprocess.run([PDFTOTEXT, "-raw", file, "-"], check=True, capture_output=True).stdout.decode()
    return " ".join(read.split())


def test_every_docx_has_the_margins_and_sizes_of_the_decree(printed_kinds: dict[str, Printed]) -> None:
    for letter in printed_kinds.values():
        document = Document(io.BytesIO(bytes_of(letter, "docx")))
        first, *annexes = document.sections
        margins = (first.left_margin, first.right_margin, first.top_margin, first.bottom_margin)
        assert [round(each.mm) for each in margins if each is not None] == [30, 15, 20, 20]
        assert [section.start_type for section in annexes] == [WD_SECTION.NEW_PAGE] * len(letter.annexes)
        for words, size in (("CÔNG AN THUNG LŨNG", 12), ("Số: ", 13), ("PHÓ GIÁM ĐỐC", 14), ("Nơi nhận:", 12)):
            assert run_of(document, words).font.size == Pt(size)
        assert run_of(document, letter.body[0].text[:40]).font.size == Pt(14)


@pytest.mark.skipif(SOFFICE is None, reason="no LibreOffice")
@pytest.mark.slow
def test_libreoffice_prints_every_kind_in_order(printed_kinds: dict[str, Printed], tmp_path: Path) -> None:
    found = all_by_libreoffice({kind: bytes_of(each, "docx") for kind, each in printed_kinds.items()}, tmp_path)
    for kind, letter in printed_kinds.items():
        shown = pages(found[kind])
        check_order(" ".join(shown), letter)
        assert len(shown) == 1 + len(letter.annexes), "one page, and one for each annex"


@pytest.mark.parametrize("form", ["docx", "pdf"])
def test_a_numbered_letter_gives_the_same_bytes_for_ever(late: Valley, form: str) -> None:
    letter = urge(late, INTERIOR_OWES, everybody=True)[0]
    give_number(late, letter.id, "41")
    before = bytes_of(printed(late, letter.id), form)
    late.go("2024-06-03 08:00").record(INTERIOR_OWES, received="2024-06-01", number="1/BC")
    letterhead(late, issuer="Tên mới", signer="Người mới")
    assert bytes_of(printed(late, letter.id), form) == before


def test_a_file_says_what_it_is(late: Valley) -> None:
    [draft] = urge(late)
    assert file_name(draft, "docx") == f"don-doc-du-thao-{draft.id}.docx"
    give_number(late, draft.id, "41")
    assert file_name(stored(late, draft.id), "pdf") == "don-doc-41-catl-pc10-2024.pdf"
