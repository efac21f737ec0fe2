"""Files of papers: what is taken, what is refused and why, how they are handed out, taken out and kept."""

from __future__ import annotations

import hashlib
import html
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app import filestore
from app.backup.dump import back_up
from app.backup.load import restore
from tasks.database import reading, writing
from tasks.desk_tables import paper_file, stored_file
from tasks.tables import plan as plan_table
from tests.support import ANSWERABLE, opened
from tests.web.office import Browser, Office
from tests.web.test_occurrence import SCRIPT
from tests.web.test_papers import AT, ROW, papers_of, send

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer <<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
HASH = hashlib.sha256(PDF).hexdigest()


def zipped(*names: str, body: bytes = b"<x/>", **extra: Any) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, body)
    return held.getvalue()


DOCX = zipped("[Content_Types].xml", "word/document.xml")
XLSX = zipped("[Content_Types].xml", "xl/workbook.xml")


@pytest.fixture
def alice(office: Office) -> Browser:
    return office.browser("alice")


def upload(browser: Browser, data: bytes, name: str = "bc.pdf", *, status: int = 200, to: str = "1") -> str:
    answer = browser.post(f"{AT}/{to}/tep", files={"tep": (name, data)}, status=status)
    return html.unescape(answer.text)


def kept(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "files").rglob("*") if path.is_file())


def files_of(office: Office) -> list[Any]:
    with reading(office.valley.engine) as c:
        return list(c.execute(select(paper_file, stored_file.c.kind, stored_file.c.size).join(stored_file)))


def test_a_file_comes_with_the_row_and_goes_out_as_an_attachment(
    office: Office, alice: Browser, dondoc_home: Path
) -> None:
    alice.get(AT)
    alice.post(AT, ROW, files={"tep": ("Báo cáo.PDF", PDF)})
    [row] = files_of(office)
    assert (row.hash, row.name, row.kind, row.size, row.by) == (HASH, "Báo cáo.pdf", "pdf", len(PDF), "alice")
    assert kept(dondoc_home) == [HASH]
    assert "Báo cáo.pdf" in html.unescape(alice.get(f"{AT}/1").text)
    answer = alice.get(f"/tep/1/{HASH}")
    assert answer.content == PDF
    assert answer.headers["content-disposition"].startswith("attachment; filename*=utf-8''B%C3%A1o")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("data", "name", "kind", "called"),
    [
        (DOCX, "a.docx", "docx", "a.docx"),
        (XLSX, "a.xlsx", "xlsx", "a.xlsx"),
        (PNG, "a.png", "png", "a.png"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0" + b"\0" * 40 + b"\xff\xd9", "x.jpeg", "jpeg", "x.jpeg"),
        (PDF, "../../etc/passwd", "pdf", "passwd.pdf"),
        (PDF, "..\\..\\win.ini", "pdf", "win.ini.pdf"),
        (PDF, "virus.exe", "pdf", "virus.exe.pdf"),
        (PDF, "...", "pdf", "tep.pdf"),
        (PDF, "n" * 300 + ".pdf", "pdf", "n" * 120 + ".pdf"),
    ],
)
def test_what_is_taken_is_known_by_its_content(
    office: Office, alice: Browser, dondoc_home: Path, data: bytes, name: str, kind: str, called: str
) -> None:
    send(alice)
    upload(alice, data, name)
    [row] = files_of(office)
    assert row.kind == kind
    assert row.name == called
    assert kept(dondoc_home) == [row.hash]
    assert alice.get(f"/tep/1/{row.hash}").content == data


def _bomb() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("word/document.xml", b"\0" * (40 << 20))
    return held.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Tệp rỗng"),
        (b"hello", "nội dung khác"),
        (b"<html><script>alert(1)</script></html>", "nội dung khác"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "nội dung khác"),
        (b"MZ" + b"\0" * 200, "nội dung khác"),
        (b"PK\x03\x04 no zip at all", "bị hỏng"),
        (zipped("anything.txt"), "nội dung khác"),
        (DOCX[:-30], "bị hỏng"),
        (zipped("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "macro"),
        (zipped("[Content_Types].xml", "word/document.xml", "../evil.xml"), "bị hỏng"),
        (zipped("[Content_Types].xml", "xl/workbook.xml", *(f"m{n}" for n in range(2_100))), "quá lớn"),
        (_bomb(), "quá lớn"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_refused_says_why(office: Office, alice: Browser, dondoc_home: Path, data: bytes, said: str) -> None:
    send(alice)
    assert said in upload(alice, data, "bc.docx", status=400)
    assert files_of(office) == []
    assert kept(dondoc_home) == []


def test_a_refused_file_leaves_no_paper(office: Office, alice: Browser, dondoc_home: Path) -> None:
    alice.get(AT)
    page = html.unescape(alice.post(AT, ROW, files={"tep": ("a.pdf", b"no")}, status=400).text)
    assert "Chỉ nhận tệp PDF" in page
    assert 'value="12/BC-STC"' in page
    assert papers_of(office) == []


def test_too_large_a_file_is_refused(
    office: Office, alice: Browser, dondoc_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(alice)
    monkeypatch.setattr(filestore, "MOST_BYTES", 1 << 20)
    assert "Tệp lớn hơn 1 MB" in upload(alice, PDF + b"\0" * (1 << 20), status=400)
    assert kept(dondoc_home) == []


def test_a_request_beyond_all_measure_is_cut_off(office: Office, alice: Browser) -> None:
    send(alice)
    assert "quá lớn" in upload(alice, PDF + b"\0" * (27 << 20), status=413)
    assert files_of(office) == []


def test_nobody_uploads_who_is_not_signed_in(office: Office) -> None:
    answer = office.browser().client.post(f"{AT}/1/tep", files={"tep": ("a.pdf", PDF)})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/dang-nhap")


def test_the_same_content_is_kept_once_and_goes_with_the_last(
    office: Office, alice: Browser, dondoc_home: Path
) -> None:
    send(alice)
    send(alice, co_quan="Sở Nội vụ", viec="thung-lung/ke-hoach/so-noi-vu/once")
    upload(alice, PDF)
    upload(alice, PDF, "khac.pdf", to="2")
    upload(alice, PDF, "lan nua.pdf", to="2")
    assert kept(dondoc_home) == [HASH]
    assert len(files_of(office)) == 2
    alice.post(f"{AT}/1/go-tep", {"tep": HASH})
    assert kept(dondoc_home) == [HASH]
    alice.get(f"/tep/1/{HASH}", status=404)
    alice.post(f"{AT}/2/go-tep", {"tep": HASH})
    assert kept(dondoc_home) == []
    assert "không có tệp đó" in html.unescape(alice.post(f"{AT}/2/go-tep", {"tep": HASH}, status=400).text)
    told = [row.kind for row in office.valley.events(None, ANSWERABLE)]
    assert told[-2:] == ["file", "file_removed"]


def test_files_go_with_a_correction_but_not_into_secrecy(office: Office, alice: Browser, dondoc_home: Path) -> None:
    send(alice)
    upload(alice, PDF)
    alice.post(f"{AT}/1/sua-lai", {"so": "13/BC", "ngay": "08/03/2024", "den": "11/03/2024"})
    assert alice.get(f"/tep/2/{HASH}").content == PDF
    alice.post(f"{AT}/2/sua-lai", {"mat": "1", "den": "11/03/2024"})
    alice.get(f"/tep/3/{HASH}", status=404)
    assert "chế độ mật không lưu tệp" in upload(alice, PDF, status=400, to="3")


def test_a_list_of_persons_is_never_uploaded(office: Office, alice: Browser, dondoc_home: Path) -> None:
    send(alice)
    with writing(office.valley.engine) as c:
        source = c.execute(select(plan_table.c.source)).scalar_one()
        changed = source.replace("    section: IV.1\n", "    section: IV.1\n    no_file: true\n", 1)
        assert changed != source
        c.execute(plan_table.update().values(source=changed, digest="n" * 64))
    assert "danh sách cá nhân" in upload(alice, PDF, status=400)
    assert kept(dondoc_home) == []
    assert "Có dữ liệu cá nhân" in html.unescape(alice.get(f"{AT}/1").text)


def test_others_get_no_file(office: Office, alice: Browser) -> None:
    send(alice)
    upload(alice, PDF)
    assert office.browser("otto").get(f"/tep/1/{HASH}").content == PDF
    sam = office.browser("sam")
    sam.get(f"/tep/1/{HASH}", status=404)
    sam.post(f"{AT}/1/tep", files={"tep": ("a.pdf", PDF)}, status=404)
    office.browser("otto").post(f"{AT}/1/tep", files={"tep": ("a.pdf", PDF)}, status=403)
    office.browser().get(f"/tep/1/{HASH}")  # ends at the door
    for wrong in ("0" * 64, HASH.upper(), "..", "%2e%2e%2fdondoc.db", "x", "1%2F..%2F" + HASH):
        alice.get(f"/tep/1/{wrong}", status=404)
    alice.get(f"/tep/2/{HASH}", status=404)


def test_bytes_that_are_gone_are_not_found(office: Office, alice: Browser, dondoc_home: Path) -> None:
    send(alice)
    upload(alice, PDF)
    (dondoc_home / "files" / HASH[:2] / HASH).unlink()
    alice.get(f"/tep/1/{HASH}", status=404)
    alice.post(f"{AT}/1/go-tep", {"tep": HASH})
    assert files_of(office) == []


def test_a_name_that_is_script_stays_text(office: Office, alice: Browser) -> None:
    send(alice)
    upload(alice, PDF)
    with writing(office.valley.engine) as c:
        c.execute(paper_file.update().values(name=SCRIPT))
    assert SCRIPT not in alice.get(f"{AT}/1").text
    assert "&lt;script&gt;" in alice.last


def test_files_are_part_of_a_backup(
    office: Office, alice: Browser, dondoc_home: Path, tmp_path: Path, blank_sqlite: Path
) -> None:
    send(alice)
    upload(alice, PDF)
    (dondoc_home / "files" / "half.part").write_bytes(b"only just coming in")
    made = back_up(office.valley.engine, tmp_path / "copy.zip", home=dondoc_home, now=office.valley.now)
    assert set(made.manifest.files) == {f"files/{HASH[:2]}/{HASH}"}
    new_home = tmp_path / "new"
    new_home.mkdir()
    with opened(blank_sqlite, new_home / "dondoc.db") as engine:
        restore(engine, made.path, home=new_home, now=office.valley.now, actor="test")
        assert (new_home / "files" / HASH[:2] / HASH).read_bytes() == PDF
        with reading(engine) as c:
            assert c.execute(select(stored_file.c.hash)).scalar_one() == HASH
