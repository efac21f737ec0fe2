"""What the YAML parser saw, said in Vietnamese."""

from __future__ import annotations

from plans.text import N_, _

# Part of the parser's message (libyaml and PyYAML word some differently), what it means, what to do.
_MEANINGS = (
    (
        "mapping values are not allowed",
        N_("dấu hai chấm ở chỗ không được phép"),
        N_("Đặt giá trị có dấu hai chấm trong ngoặc kép, hoặc sửa thụt đầu dòng cho thẳng cột"),
    ),
    (
        "expected key",
        N_("dòng không thẳng cột với các dòng cùng bậc"),
        N_("Thụt các trường cùng bậc bằng nhau, mỗi dòng một “tên trường: giá trị”"),
    ),
    ("expected <block end>", N_("dòng không thẳng cột với các dòng cùng bậc"), N_("Thụt các dòng cùng bậc bằng nhau")),
    (
        "expected '-' indicator",
        N_("danh sách bị ngắt: dòng không thẳng cột hoặc thiếu dấu “-”"),
        N_("Bắt đầu mỗi mục bằng “- ”, thẳng cột với mục trên"),
    ),
    ("unexpected ':'", N_("thiếu dấu cách sau dấu hai chấm"), N_("Viết “tên trường: giá trị”")),
    (
        "could not find expected ':'",
        N_("thiếu dấu hai chấm sau tên trường"),
        N_("Viết “tên trường: giá trị”, sau dấu hai chấm có dấu cách"),
    ),
    ("',' or ']'", N_("danh sách trong ngoặc vuông chưa đóng hoặc thiếu dấu phẩy"), N_("Viết [a, b, c]")),
    ("',' or '}'", N_("ngoặc nhọn chưa đóng hoặc thiếu dấu phẩy"), N_("Viết {tên: giá trị, tên: giá trị}")),
    ("unexpected end of stream", N_("ngoặc kép hoặc nháy đơn chưa đóng"), N_("Thêm dấu đóng cùng loại với dấu mở")),
    ("cannot start any token", N_("giá trị không được bắt đầu bằng ký tự này"), N_("Đặt cả giá trị trong ngoặc kép")),
    ("unknown escape character", N_("dấu \\ trong ngoặc kép có nghĩa riêng"), N_("Viết \\\\ hoặc dùng nháy đơn")),
    ("escape code", N_("mã ký tự sau dấu \\ không đúng"), N_("Gõ thẳng ký tự đó, không dùng mã")),
    (
        "block sequence entries are not allowed",
        N_("dấu “-” ở chỗ không được phép"),
        N_("Xuống dòng trước mục đầu tiên của danh sách"),
    ),
    (
        "sequence entries are not allowed",
        N_("dấu “-” ở chỗ không được phép"),
        N_("Xuống dòng trước mục đầu tiên của danh sách"),
    ),
    ("tag", N_("dấu “!” có nghĩa riêng"), N_("Đặt cả giá trị trong ngoặc kép")),
    ("alphabetic or numeric", N_("dấu “*” và “&” ở đầu giá trị có nghĩa riêng"), N_("Đặt cả giá trị trong ngoặc kép")),
    (
        "document",
        N_("có phần thừa hoặc dòng “%” ở chỗ không được phép"),
        N_("Mỗi tệp chỉ một kế hoạch; bỏ dòng “%”, “---”, “...”"),
    ),
    ("directive", N_("dòng bắt đầu bằng “%” không được phép"), N_("Bỏ dòng này")),
)


def explain(seen: str, line: str) -> tuple[str, str]:
    """Message and hint for a parser's complaint; ``line`` is the line of the file it points at."""
    for part, meaning, advice in _MEANINGS:
        if part in seen:
            message, hint = _(meaning), _(advice)
            break
    else:
        message = _("YAML không đọc được ({seen})").format(seen=seen)
        hint = _("So với mẫu ở plans/FORMAT.md: thụt đầu dòng, dấu hai chấm, dấu ngoặc")
    if line:
        message = _("{message}; thấy “{line}”").format(message=message, line=line)
    return message, hint
