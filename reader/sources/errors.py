"""Why a file cannot be read, and what a person can do about it."""

from __future__ import annotations

from enum import StrEnum

from plans.errors import PlansError
from plans.text import N_, _

INSTALL = "sudo apt install tesseract-ocr tesseract-ocr-vie"


class Reason(StrEnum):
    """What is wrong with a file."""

    MISSING = "missing"
    EMPTY = "empty"
    TOO_LARGE = "too large"
    TOO_LONG = "too long"
    BINARY = "binary"
    UNKNOWN = "unknown"
    OLD_WORD = "old word"
    OTHER_FORMAT = "other format"
    LOCKED = "locked"
    MACROS = "macros"
    DAMAGED = "damaged"
    UNPACKS_TOO_LARGE = "unpacks too large"
    TOO_MANY_PAGES = "too many pages"
    TOO_MANY_SCANS = "too many scans"
    TOO_DEEP = "too deep"
    ENTITIES = "entities"
    NO_TEXT = "no text"
    OLD_LETTERS = "old letters"
    ENCODING = "encoding"
    NO_LETTERS = "no letters"
    NO_TESSERACT = "no tesseract"
    NO_VIETNAMESE = "no vietnamese"
    PICTURE = "picture"
    TOO_SLOW = "too slow"
    MEMORY = "memory"
    CRASHED = "crashed"


_TEXTS = {
    Reason.MISSING: N_("Không mở được tệp {name}. Kiểm tra lại đường dẫn và quyền đọc tệp."),
    Reason.EMPTY: N_("Tệp {name} rỗng, không có gì để đọc. Kiểm tra lại tệp gốc."),
    Reason.TOO_LARGE: N_(
        "Tệp {name} quá lớn ({size} MB, tối đa {limit} MB). Tách lấy phần kế hoạch hoặc giảm độ phân giải ảnh quét "
        "rồi đọc lại."
    ),
    Reason.TOO_LONG: N_("Văn bản trong tệp {name} dài quá {limit} ký tự. Tách lấy phần kế hoạch rồi đọc lại."),
    Reason.BINARY: N_(
        "Tệp {name} không phải là văn bản mà là dữ liệu nhị phân. Mở bằng phần mềm đã tạo ra tệp rồi lưu thành .docx, "
        ".pdf hoặc .txt (UTF-8)."
    ),
    Reason.UNKNOWN: N_(
        "Không nhận ra định dạng của tệp {name}. Lưu thành .docx, .pdf, .html, .txt, .md hoặc ảnh .png, .jpg, .tif "
        "rồi đọc lại."
    ),
    Reason.OLD_WORD: N_(
        "Tệp {name} thuộc định dạng Word cũ (.doc), không đọc trực tiếp được. Mở bằng Word hoặc LibreOffice, lưu thành "
        ".docx rồi đọc lại."
    ),
    Reason.OTHER_FORMAT: N_(
        "Tệp {name} thuộc định dạng {kind}, không đọc trực tiếp được. Mở tệp, lưu thành .docx hoặc .pdf rồi đọc lại."
    ),
    Reason.LOCKED: N_("Tệp {name} có mật khẩu. Lưu lại thành tệp không có mật khẩu rồi đọc lại."),
    Reason.MACROS: N_("Tệp {name} chứa macro nên không được đọc. Lưu thành .docx không có macro rồi đọc lại."),
    Reason.DAMAGED: N_(
        "Tệp {name} bị hỏng hoặc không đúng định dạng {kind}. Mở thử tệp; nếu mở được, lưu thành tệp mới rồi đọc lại."
    ),
    Reason.UNPACKS_TOO_LARGE: N_(
        "Tệp {name} giải nén ra quá lớn (tối đa {limit} MB) nên không được đọc. Kiểm tra nguồn gốc của tệp."
    ),
    Reason.TOO_MANY_PAGES: N_("Tệp {name} có {pages} trang, tối đa {limit} trang. Tách lấy phần kế hoạch rồi đọc lại."),
    Reason.TOO_MANY_SCANS: N_(
        "Tệp {name} có {pages} trang ảnh quét, tối đa {limit} trang. Tách lấy phần kế hoạch rồi đọc lại."
    ),
    Reason.TOO_DEEP: N_(
        "Tệp {name} có bảng hoặc danh sách lồng nhau quá sâu (tối đa {limit} cấp). Trình bày lại đơn giản hơn rồi "
        "đọc lại."
    ),
    Reason.ENTITIES: N_(
        "Tệp {name} chứa khai báo XML không an toàn nên không được đọc. Mở bằng Word, lưu lại thành .docx rồi đọc lại."
    ),
    Reason.NO_TEXT: N_("Tệp {name} không có chữ nào đọc được. Kiểm tra lại tệp gốc hoặc quét lại rõ hơn."),
    Reason.OLD_LETTERS: N_(
        "Tệp {name} dùng bảng mã tiếng Việt cũ ({encoding}). Chuyển sang Unicode (ví dụ bằng UniKey), lưu lại ở dạng "
        "UTF-8 rồi đọc lại."
    ),
    Reason.ENCODING: N_(
        "Tệp {name} không ở dạng UTF-8. Mở bằng Notepad hoặc Word, lưu lại với mã hóa UTF-8 rồi đọc lại."
    ),
    Reason.NO_LETTERS: N_(
        "Phông chữ trong tệp PDF {name} không cho biết mã Unicode nên chữ đọc ra không có nghĩa. Xuất lại PDF từ Word, "
        "hoặc cài Tesseract để nhận dạng từ hình ảnh: {command}"
    ),
    Reason.NO_TESSERACT: N_(
        "Tệp {name} có {pages} trang là ảnh, cần Tesseract để nhận dạng chữ nhưng máy này chưa cài. Cài bằng lệnh: "
        "{command}"
    ),
    Reason.NO_VIETNAMESE: N_(
        "Tệp {name} có {pages} trang là ảnh, nhưng Tesseract trên máy này chưa có tiếng Việt. Cài bằng lệnh: {command}"
    ),
    Reason.PICTURE: N_(
        "Không nhận dạng được ảnh trong tệp {name}. Lưu ảnh thành .png hoặc .jpg, mỗi cạnh không quá {limit} điểm ảnh, "
        "rồi đọc lại."
    ),
    Reason.TOO_SLOW: N_(
        "Đọc tệp {name} quá lâu nên đã dừng (tối đa {seconds} giây). Tách lấy phần kế hoạch hoặc lưu thành tệp mới rồi "
        "đọc lại."
    ),
    Reason.MEMORY: N_(
        "Đọc tệp {name} cần quá nhiều bộ nhớ (tối đa {limit} MB) nên đã dừng. Tách lấy phần kế hoạch rồi đọc lại."
    ),
    Reason.CRASHED: N_(
        "Phần mềm đọc định dạng {kind} bị lỗi khi đọc tệp {name}. Lưu thành tệp mới hoặc định dạng khác rồi đọc lại."
    ),
}


class SourceError(PlansError):
    """A file that cannot be read. Its text is a sentence for people, in the language in use when it is asked for."""

    def __init__(self, reason: Reason, name: str, **details: str | int) -> None:
        super().__init__(reason, name)
        self.reason = reason
        self.name = name
        self.details = details

    def __str__(self) -> str:
        return _(_TEXTS[self.reason]).format(name=self.name, **self.details)


class Refused(Exception):
    """The same inside the parsers, which know neither the name of the file nor the language of the reader."""

    def __init__(self, reason: Reason, **details: str | int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.details = details
