"""The hồ sơ as a zip: the PDF, the papers' files, the messages, the letters, the trail for a machine, all sums."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from app.dossier import chain
from app.dossier.bundle import Bundle, folder_name, safe_name
from app.dossier.mail_file import mail_file
from app.dossier.model import Case, Dossier, KeptFile
from app.dossier.printing import as_report
from app.dossier.timeline import letter_text
from app.filestore import FileStore
from app.letters.printing import file_name
from letters.pdf import as_pdf as letter_pdf
from letters.report_pdf import as_pdf
from plans.text import _

PDF, TRAIL, README = "ho-so-theo-doi.pdf", "nhat-ky.jsonl", "DOC-TRUOC.txt"


def as_zip(dossier: Dossier, files: FileStore) -> IO[bytes]:
    """The same hồ sơ gives the same bytes, as long as the files are the same. The caller closes it."""
    with Bundle(made_at=dossier.at) as bundle:
        bundle.add(PDF, as_pdf(as_report(dossier)))
        missing = [
            line for number, case in enumerate(dossier.cases, 1) for line in _papers(bundle, files, number, case)
        ]
        for sent in sorted(dossier.messages.values(), key=lambda each: each.id):
            name, data = mail_file(sent)
            bundle.add(f"thong-bao/{name}", data)
        for numbered in dossier.letters.values():
            if numbered.cut:
                missing.append(
                    _("{letter}: nêu văn bản theo chế độ mật, không kèm tệp").format(
                        letter=letter_text(numbered.letter)
                    )
                )
            elif numbered.content is not None:
                bundle.add(f"cong-van/{file_name(numbered.letter, 'pdf')}", letter_pdf(numbered.content))
        events = [event for case in dossier.cases for event in case.events]
        bundle.add(TRAIL, chain.lines([*events, *dossier.body_events]))
        bundle.add(README, _readme(dossier, missing).encode())
        return bundle.close()


def _papers(bundle: Bundle, files: FileStore, number: int, case: Case) -> Iterator[str]:
    """Writes the files of one occurrence; yields a line for each whose bytes are not there or not what they were."""
    folder = f"van-ban/{folder_name(number, case.title)}"
    for kept in dict.fromkeys([*(file for paper in case.papers for file in paper.files), *case.claim_files]):
        yield from _file(bundle, files, folder, kept)


def _file(bundle: Bundle, files: FileStore, folder: str, kept: KeptFile) -> Iterator[str]:
    name = bundle.copy(f"{folder}/{safe_name(kept.name)}", files.path(kept.hash))
    if name is None:
        yield _("{name}: tệp không còn trong kho lưu, cần khôi phục từ bản sao lưu (SHA-256 {hash})").format(
            name=kept.name, hash=kept.hash
        )
    elif bundle.sum_of(name) != kept.hash:
        yield _("{name}: tệp trong kho lưu không còn đúng như khi nhận (SHA-256 khi nhận {hash})").format(
            name=name, hash=kept.hash
        )


def _readme(dossier: Dossier, missing: list[str]) -> str:
    said = [
        _("HỒ SƠ THEO DÕI: {subject}").format(subject=dossier.subject),
        "",
        _("{file}: toàn bộ hồ sơ để đọc và in.").format(file=PDF),
        _("van-ban/: tệp của các văn bản đã nhận. Văn bản theo chế độ mật chỉ có ngày nhận, không có tệp."),
        _("thong-bao/: từng thông báo đã soạn, không có liên kết trả lời. cong-van/: công văn đã có số."),
        _("{file}: từng dòng của sổ kiểm tra, dạng JSON, kèm thứ tự và mã trong chuỗi.").format(file=TRAIL),
        "",
        _("Kiểm tra tệp: sha256sum -c MANIFEST-SHA256.txt"),
        _("Kiểm tra một dòng: SHA-256 của “previous” (64 chữ số) và nguyên văn sau “row” phải bằng “hash”."),
        _("Kiểm tra cả sổ: dondoc audit verify --head {head}").format(head=dossier.head.hash if dossier.head else "–"),
    ]
    if missing:
        said += ["", _("Không có trong hồ sơ, hoặc đã bị đổi:"), *(f"- {line}" for line in missing)]
    return "\r\n".join(said) + "\r\n"
