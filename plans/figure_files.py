"""The ``figures`` of a plan file: the counts that agencies report per period, and how they hang together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from plans.fields import Fields, parse_scalar, suggestion
from plans.model import Duty, Figure, FigureKind, Target
from plans.text import _, fold
from plans.values import identifier

AMOUNTS = ("đồng", "triệu đồng")
TIMES = "lượt"  # where the file gives no other word
_PEOPLE = frozenset({"nguoi", "nhan khau"})
_LONGEST_UNIT = 30


def read_figures(fields: Fields, duties: Sequence[Duty], targets: Sequence[Target]) -> tuple[Figure, ...]:
    """The figures of these fields; everything wrong goes to the report."""
    entries = fields.children("figures", "figure")
    figures = tuple(_figure(entry, duties, targets) for entry in entries)
    by_id: dict[str, Figure] = {}
    for entry, figure in zip(entries, figures, strict=True):
        if figure.id in by_id:
            message = _("mã “{id}” đã dùng cho một số liệu ở trên").format(id=figure.id)
            entry.add("id", message, _("Đặt mã riêng cho từng số liệu"))
        elif figure.id:
            by_id[figure.id] = figure
    for entry, figure in zip(entries, figures, strict=True):
        _check_parts(entry, figure, by_id)
    return figures


def _figure(fields: Fields, duties: Sequence[Duty], targets: Sequence[Target]) -> Figure:
    kind = fields.choice("kind", FigureKind)
    figure = Figure(
        id=fields.parsed("id", identifier) or "",
        name=fields.text("name"),
        kind=kind or FigureKind.COUNT,  # stands in where it is wrong, which was reported
        duties=_duties_of(fields, duties),
        unit=_unit(fields, kind) if kind is not None else None,
        target=fields.parsed("target", identifier),
        cumulative=fields.flag("cumulative"),
        numerator=fields.parsed("numerator", identifier),
        denominator=fields.parsed("denominator", identifier),
    )
    if figure.target is not None and kind is not None:
        _check_target(fields, figure, targets)
    return figure


def _duties_of(fields: Fields, duties: Sequence[Duty]) -> tuple[str, ...]:
    known = {duty.id: duty for duty in duties if duty.id}
    example = _("Ví dụ: {key}: [{id}]").format(key="duties", id=next(iter(known), "bao-cao-nam"))
    found: dict[str, None] = {}
    for node in fields.items("duties"):
        it = parse_scalar(node, identifier, example, fields.report)
        if it is None:
            continue
        if it not in known:
            message = _("không có nhiệm vụ “{id}” trong kế hoạch này").format(id=it)
            fields.report.add(node, message, suggestion(it, known, _("Các nhiệm vụ: {options}")))
        elif not known[it].rule.dated:
            message = _("nhiệm vụ “{id}” không có kỳ nào có ngày, nên không ai báo số liệu").format(id=it)
            fields.report.add(node, message, _("Chọn nhiệm vụ có thời hạn"))
        elif it in found:
            fields.report.add(node, _("nhiệm vụ “{id}” ghi hai lần").format(id=it), _("Bỏ một lần"))
        else:
            found[it] = None
    if fields.find("duties") is not None and not fields.items("duties"):
        fields.add("duties", _("số liệu không thuộc báo cáo nào"), example)
    return tuple(found)


def _unit(fields: Fields, kind: FigureKind) -> str | None:
    """The word of the unit, where its kind wants or allows one."""
    given = fields.find("unit") is not None
    match kind:
        case FigureKind.AMOUNT:
            unit = fields.optional_text("unit") or ""
            if unit not in AMOUNTS:
                message = _("số tiền phải ghi rõ đơn vị")
                fields.add("unit", message, _("Viết một trong: {options}").format(options=", ".join(AMOUNTS)))
                return AMOUNTS[0]
            return unit
        case FigureKind.COUNT:
            if not given:
                fields.add("unit", _("thiếu đơn vị tính"), _("Ví dụ: unit: mô hình"))
                return None
            return _word(fields)
        case FigureKind.TIMES:
            return _word(fields) if given else TIMES
        case _people_households_percent:
            if given:
                message = _("loại “{kind}” đã có đơn vị tính").format(kind=kind.value)
                fields.add("unit", message, _("Bỏ dòng unit"))
            return None


def _word(fields: Fields) -> str | None:
    """A word of its own. People, households, money and percentages have kinds of their own: they are kept apart."""
    unit = fields.text("unit")
    hint = _("Dùng kind: {kind}")
    other = {
        FigureKind.PEOPLE: fold(unit) in _PEOPLE,
        FigureKind.HOUSEHOLDS: fold(unit) in ("ho", "ho gia dinh"),
        FigureKind.AMOUNT: fold(unit).endswith("dong") and fold(unit).split()[0] in ("dong", "nghin", "trieu", "ty"),
        FigureKind.PERCENT: "%" in unit,
    }
    for kind, meant in other.items():
        if unit and meant:
            fields.add("unit", _("“{unit}” là một loại riêng").format(unit=unit), hint.format(kind=kind.value))
    if len(unit) > _LONGEST_UNIT or any(char.isdigit() for char in unit):
        fields.add("unit", _("đơn vị tính phải là một từ ngắn"), _("Ví dụ: unit: mô hình"))
    return unit or None


def _check_target(fields: Fields, figure: Figure, targets: Sequence[Target]) -> None:
    known = {target.id: target for target in targets if target.id}
    target = known.get(figure.target or "")
    if target is None:
        message = _("không có chỉ tiêu “{id}” trong kế hoạch này").format(id=figure.target)
        fields.add("target", message, suggestion(figure.target or "", known, _("Các chỉ tiêu: {options}")))
    elif (target.unit == "%") != (figure.kind is FigureKind.PERCENT):
        message = _("chỉ tiêu “{id}” tính bằng {unit}, số liệu này thì không").format(id=target.id, unit=target.unit)
        fields.add("target", message, _("Nối chỉ tiêu “%” với số liệu kind: percent, chỉ tiêu khác với số đếm"))


def _check_parts(fields: Fields, figure: Figure, by_id: Mapping[str, Figure]) -> None:
    """A percentage of two counts of the same kind, which come in the same reports."""
    if figure.numerator is None and figure.denominator is None:
        return
    if figure.kind is not FigureKind.PERCENT:
        key = "numerator" if figure.numerator is not None else "denominator"
        fields.add(key, _("chỉ tỷ lệ mới có tử số, mẫu số"), _("Dùng kind: percent, hoặc bỏ dòng này"))
        return
    for key, other in (("numerator", figure.denominator), ("denominator", figure.numerator)):
        if getattr(figure, key) is None and other is not None:
            fields.add(key, _("tỷ lệ phải có cả tử số và mẫu số"), _("Thêm dòng {key}, hoặc bỏ cả hai").format(key=key))
            return
    parts = [part for key in ("numerator", "denominator") if (part := _part(fields, figure, key, by_id)) is not None]
    if len(parts) == 2:
        for message, hint in _mismatches(figure, parts[0], parts[1]):
            fields.add("denominator", message, hint)


def _part(fields: Fields, figure: Figure, key: str, by_id: Mapping[str, Figure]) -> Figure | None:
    it = str(getattr(figure, key))
    part = by_id.get(it)
    if part is None:
        message = _("không có số liệu “{id}” trong kế hoạch này").format(id=it)
        fields.add(key, message, suggestion(it, by_id, _("Các số liệu: {options}")))
        return None
    if part.kind is FigureKind.PERCENT:
        fields.add(key, _("“{id}” cũng là tỷ lệ").format(id=it), _("Lấy số đếm được làm tử số, mẫu số"))
        return None
    if part.duties and not set(figure.duties) <= set(part.duties):  # none at all was reported already
        missing = ", ".join(each for each in figure.duties if each not in part.duties)
        message = _("“{id}” không có trong báo cáo {duties}").format(id=it, duties=missing)
        fields.add(key, message, _("Thêm các nhiệm vụ đó vào duties của “{id}”").format(id=it))
        return None
    return part


def _mismatches(figure: Figure, numerator: Figure, denominator: Figure) -> Iterator[tuple[str, str]]:
    if numerator.id == denominator.id:
        yield _("tử số và mẫu số là một"), _("Chọn hai số liệu khác nhau")
    elif (numerator.kind, numerator.unit) != (denominator.kind, denominator.unit):
        yield _("tử số và mẫu số khác đơn vị tính"), _("Chọn hai số liệu cùng đơn vị tính")
    elif numerator.cumulative != denominator.cumulative:
        yield _("một số lũy kế, một số theo kỳ"), _("Cho cả hai cùng lũy kế hoặc cùng theo kỳ")
    elif figure.cumulative:
        yield _("tỷ lệ tính được thì theo tử số, mẫu số"), _("Bỏ dòng cumulative của tỷ lệ này")
