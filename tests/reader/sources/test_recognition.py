"""Scans and pictures through the real Tesseract. Every test of this file needs it, with Vietnamese."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image, ImageDraw
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from plans.text import fold
from reader.sources import Limits, Reason, SourceError, read_bytes
from tests.reader.sources.making import FONT, Draw, both, lines, pdf, picture_of, ruled, saved, scanned
from tools import tesseract

WORDS = (
    "KẾ HOẠCH",
    "1. Công an tỉnh chủ trì, phối hợp với các sở, ban, ngành",
    "báo cáo kết quả thực hiện trước ngày 15/12/2024.",
    "2. Sở Tư pháp tổ chức tuyên truyền trong quý II.",
)
EXPECTED = "1 cong an tinh chu tri phoi hop voi cac so ban nganh bao cao ket qua thuc hien truoc ngay 15 12 2024"


@pytest.fixture(autouse=True, scope="module")
def recognition() -> None:
    if not tesseract.is_there():
        pytest.skip(tesseract.ADVICE)


def page() -> bytes:
    return pdf(lines(*WORDS))


def test_a_scanned_pdf_is_recognised_page_by_page() -> None:
    told: list[tuple[int, int]] = []
    document = read_bytes(
        scanned(pdf(lines(*WORDS), lines("Trang hai của kế hoạch"))),
        "quét.pdf",
        progress=lambda done, pages: told.append((done, pages)),
    )
    assert document.ocr
    assert EXPECTED in fold(document.text)
    assert "trước ngày 15/12/2024" in document.text
    assert fold(document.text[document.pages[1] :]) == "trang hai cua ke hoach"
    assert told == [(1, 2), (2, 2), (0, 2), (1, 2), (2, 2)]


@pytest.mark.parametrize(("kind", "name"), [("PNG", "a.png"), ("JPEG", "a.jpg"), ("TIFF", "a.tif")])
def test_a_picture_of_a_page_is_recognised(kind: str, name: str) -> None:
    document = read_bytes(saved(picture_of(page()), kind), name)
    assert document.ocr
    assert document.pages == (0,)
    assert EXPECTED in fold(document.text)


def test_every_page_of_a_tiff_is_read() -> None:
    second = picture_of(pdf(lines("Trang hai của kế hoạch")))
    data = saved(picture_of(page()), "TIFF", save_all=True, append_images=[second])
    document = read_bytes(data, "a.tif")
    assert fold(document.text[document.pages[1] :]) == "trang hai cua ke hoach"


def test_a_small_picture_is_enlarged_and_a_photograph_set_upright() -> None:
    small = picture_of(page(), scale=110 / 72).crop((0, 0, 909, 400))
    assert EXPECTED in fold(read_bytes(saved(small, "PNG"), "a.png").text)
    turned = picture_of(page()).transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6
    assert EXPECTED in fold(read_bytes(saved(turned, "JPEG", exif=exif), "a.jpg").text)


def test_a_transparent_picture_is_read_on_white() -> None:
    grey = picture_of(page())
    clear = Image.new("RGBA", grey.size, (0, 0, 0, 0))
    clear.putalpha(grey.point(lambda value: 255 - value))
    assert EXPECTED in fold(read_bytes(saved(clear, "PNG"), "a.png").text)


def _picture(image: Image.Image) -> Draw:
    def draw(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(BytesIO(saved(image, "PNG"))), 0, 0, *A4)

    return draw


def test_a_scan_among_pages_of_text_is_recognised_in_its_place() -> None:
    document = read_bytes(pdf(lines("Trang một."), _picture(picture_of(page())), lines("Trang ba.")), "a.pdf")
    assert document.ocr
    assert document.text.startswith("Trang một.\n")
    assert document.text.endswith("Trang ba.\n")
    assert EXPECTED in fold(document.text[document.pages[1] : document.pages[2]])


def _hidden(*texts: str) -> Draw:
    def draw(canvas: Canvas) -> None:
        text = canvas.beginText(85, 760)
        text.setFont(FONT, 13)
        text.setTextRenderMode(3)
        for line in texts:
            text.textLine(line)
        canvas.drawText(text)

    return draw


def test_the_hidden_text_under_a_scan_is_taken_as_recognised() -> None:
    document = read_bytes(pdf(both(_picture(picture_of(page())), _hidden(*WORDS[1:]))), "a.pdf")
    assert document.ocr
    assert document.text == "\n".join(WORDS[1:]) + "\n"


def test_hidden_text_that_lost_its_tones_is_recognised_anew() -> None:
    plain = "1. Cong an tinh chu tri, phoi hop voi cac so, ban, nganh bao cao ket qua thuc hien truoc ngay 15/12"
    document = read_bytes(pdf(both(_picture(picture_of(page())), _hidden(plain))), "a.pdf")
    assert "phối hợp với các sở" in document.text


def test_fonts_that_do_not_tell_their_letters_are_read_from_the_picture() -> None:
    document = read_bytes(page().replace(b"/ToUnicode", b"/NoUnicode"), "a.pdf")
    assert document.ocr
    assert EXPECTED in fold(document.text)


def test_a_scanned_table_has_its_cells_and_the_head_its_columns() -> None:
    head = both(
        lines("ỦY BAN NHÂN DÂN", "TỈNH SƠN LA", left=70, top=790),
        lines("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", left=270, top=790),
    )
    rows = [["Số", "Nội dung", "Thời gian"], ["Một", "Báo cáo kết quả\nthực hiện", "Trước ngày 15/12"]]
    document = read_bytes(scanned(pdf(both(head, lines("KẾ HOẠCH", left=260, top=740), ruled(rows)))), "a.pdf")
    assert fold(document.text).startswith("uy ban nhan dan tinh son la cong hoa xa hoi chu nghia viet nam doc lap")
    assert [(c.row, c.column, fold(c.span.of(document.text))) for c in document.cells] == [
        (0, 0, "so"), (0, 1, "noi dung"), (0, 2, "thoi gian"),
        (1, 0, "mot"), (1, 1, "bao cao ket qua thuc hien"), (1, 2, "truoc ngay 15 12"),
    ]  # fmt: skip


def test_more_scans_than_allowed_are_refused() -> None:
    with pytest.raises(SourceError) as error:
        read_bytes(scanned(pdf(lines("a"), lines("b"))), "a.pdf", limits=Limits(recognised_pages=1))
    assert str(error.value) == "Tệp a.pdf có 2 trang ảnh quét, tối đa 1 trang. Tách lấy phần kế hoạch rồi đọc lại."


def test_an_empty_picture_has_no_text() -> None:
    with pytest.raises(SourceError) as error:
        read_bytes(saved(Image.new("L", (1200, 1600), 255), "PNG"), "a.png")
    assert error.value.reason is Reason.NO_TEXT


def test_a_picture_that_takes_too_long_is_given_up() -> None:
    noise = Image.effect_noise((2400, 3400), 90)
    ImageDraw.Draw(noise).text((100, 100), "x")
    with pytest.raises(SourceError) as error:
        read_bytes(saved(noise, "PNG"), "a.png", limits=Limits(page_seconds=0.2))
    assert error.value.reason is Reason.TOO_SLOW
