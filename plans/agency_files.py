"""Agencies files: the bodies of one unit, their names through time, and who may continue their work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from plans.fields import Fields, scalar_text
from plans.model import Agency, Name, Register
from plans.text import _, day_text
from plans.values import Unreadable, calendar_day, identifier
from plans.yaml_nodes import Report, parse_document

FORMAT = 1


def read_agencies(data: str | bytes, *, file: str, register: Register | None = None) -> tuple[Agency, ...]:
    """The bodies of an agencies file. Raises PlanError with every problem.

    A successor of the same unit must stand in the file or in ``register``; one of another unit is taken as written,
    since its file may be read later.
    """
    report = Report(file)
    root = parse_document(data.encode() if isinstance(data, str) else data, report)
    fields = Fields(root, "agencies", report)
    read_format(fields)
    fields.optional_text("place")
    unit = fields.parsed("unit", identifier) or ""
    agencies = agency_list(fields, unit, register or Register({}))
    if not agencies and fields.find("agencies") is not None:
        fields.add("agencies", _("không có cơ quan nào"), _("Thêm ít nhất một mục có id và name"))
    report.finish()
    return agencies


def read_format(fields: Fields) -> None:
    """Checks the number of the format, so that a later one is not misread."""
    fields.parsed("format", _known_format)


def agency_list(fields: Fields, unit: str, register: Register) -> tuple[Agency, ...]:
    """The bodies listed under ``agencies``: of an agencies file, or of a plan that brings its own."""
    found: dict[str, Agency] = {}
    lines: dict[str, int] = {}
    read = [(entry, _agency(entry, unit)) for entry in fields.children("agencies", "agency")]
    for entry, agency in read:
        if not agency.slug:
            continue
        if agency.id in found:
            message = _("mã “{id}” đã dùng ở dòng {line}").format(id=agency.slug, line=lines[agency.id])
            entry.add("id", message, _("Đặt cho mỗi cơ quan một mã riêng"))
        else:
            _check_known(entry, agency, register)
            found[agency.id] = agency
            lines[agency.id] = entry.where("id").line
    for entry, agency in read:
        _check_successor(entry, agency, [*found, *register.agencies])
    return tuple(found.values())


def global_id(text: str, unit: str) -> str:
    """The id with its unit: a short one belongs to ``unit``. Raises Unreadable for what cannot be an id."""
    for part in text.split(".", 1):
        identifier(part)
    return text if "." in text else f"{unit}.{text}"


def in_unit(unit: str) -> Callable[[str], str]:
    """A parser of agency ids for a file of that unit."""
    return lambda text: global_id(text, unit)


def _agency(fields: Fields, unit: str) -> Agency:
    slug = fields.parsed("id", identifier) or ""
    start = fields.parsed("from", calendar_day)
    until = fields.parsed("until", calendar_day)
    check_order(fields, start, until)
    return Agency(
        id=f"{unit}.{slug}",
        name=fields.text("name"),
        aliases=_aliases(fields),
        names=tuple(sorted((_name(old) for old in fields.children("names", "earlier name")), key=_ended)),
        start=start,
        until=until,
        successor=fields.parsed("successor", in_unit(unit)),
        unlisted=fields.flag("unlisted"),
        never_messaged=fields.flag("never_messaged"),
        note=fields.long_text("note"),
    )


def check_order(fields: Fields, start: date | None, until: date | None) -> None:
    """Reports ``from`` after ``until``."""
    if start is not None and until is not None and start > until:
        message = _("ngày bắt đầu {start} sau ngày kết thúc {until}").format(
            start=day_text(start), until=day_text(until)
        )
        fields.add("from", message, _("Viết from không muộn hơn until"))


def _aliases(fields: Fields) -> tuple[str, ...]:
    example = _("Ví dụ: aliases: [Sở TC, STC]")
    found = (scalar_text(item, example, fields.report) for item in fields.items("aliases"))
    return tuple(dict.fromkeys(text for text in found if text))


def _name(fields: Fields) -> Name:
    start = fields.parsed("from", calendar_day)
    until = fields.parsed("until", calendar_day)
    check_order(fields, start, until)
    return Name(fields.text("name"), start, until)


def _ended(name: Name) -> str:
    return str(name.until)


def _check_successor(fields: Fields, agency: Agency, known: Sequence[str]) -> None:
    successor = agency.successor
    if successor is None:
        return
    if successor == agency.id:
        fields.add(
            "successor", _("cơ quan không thể kế thừa chính mình"), _("Viết mã của cơ quan khác, hoặc bỏ dòng này")
        )
    elif successor.startswith(agency.id.rsplit(".", 1)[0] + ".") and successor not in known:
        message = _("không có cơ quan mang mã “{id}”").format(id=successor)
        hint = _("Thêm cơ quan đó vào danh sách agencies, hoặc bỏ dòng này")
        fields.add("successor", message, hint)


def _known_format(text: str) -> int:
    if text != str(FORMAT):
        message = _("không đọc được bản định dạng “{text}”").format(text=text[:20])
        raise Unreadable(message, _("Viết format: {n}").format(n=FORMAT))
    return FORMAT


def _check_known(fields: Fields, agency: Agency, register: Register) -> None:
    """Reports an id that the register knows as another body's."""
    known = register.agencies.get(agency.id)
    if known is not None and agency.name and not _same_body(known, agency):
        message = _("mã “{id}” đã là của {name}").format(id=agency.id, name=known.name)
        fields.add("id", message, _("Đặt mã khác; nếu chính là cơ quan đó thì ghi tên cũ vào names"))


def _same_body(known: Agency, agency: Agency) -> bool:
    """Whether two entries under one id speak of the same body: the one's name is among all names of the other."""
    names = {known.name, *known.aliases, *(old.name for old in known.names)}
    return agency.name in names or known.name in {agency.name, *(old.name for old in agency.names)}
