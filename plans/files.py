"""Plan files: YAML -> Plan, or one PlanError that lists every problem with line, field and what to write instead.

The format is documented field by field in ``plans/FORMAT.md``. The register keeps the text of a file and reads it
again, so reading gives the same Plan every time.
"""

from __future__ import annotations

import stat
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NoReturn

from plans.agency_files import agency_list, read_agencies, read_format
from plans.errors import PlanError, Problem
from plans.fields import Fields
from plans.figure_files import read_figures
from plans.ladder_files import LadderPart, duty_ladder, read_ladder
from plans.model import (
    Agency,
    BeforeReading,
    Consequence,
    Duty,
    Level,
    PartialDate,
    Plan,
    Reading,
    Recurrence,
    Register,
    RuleKind,
    Target,
    WeekendReading,
)
from plans.plan_parties import (
    Bodies,
    check_slugs,
    read_cooperating,
    read_groups,
    read_parties,
    read_recipients,
    read_responsible,
    register_with,
)
from plans.rule_files import read_rule
from plans.text import _
from plans.values import calendar_day, decimal, identifier, partial_date
from plans.yaml_nodes import MAX_BYTES, Report, parse_document, too_large

__all__ = ["PlanError", "PlanFile", "Problem", "load_path", "read_agencies", "read_bytes", "read_plan"]

_NOWHERE = Register({})
_CONTINUOUS = Recurrence(RuleKind.CONTINUOUS)


@dataclass(frozen=True, slots=True)
class PlanFile:
    """What a plan file holds: the plan, and the bodies it defines itself (all of them, known before or not)."""

    plan: Plan
    agencies: tuple[Agency, ...] = ()


def read_plan(data: bytes | str, *, file: str, register: Register) -> PlanFile:
    """The plan in this YAML text. Raises PlanError with every problem.

    Bodies defined in the file extend ``register``; where both know an id, the register's entry holds.
    """
    report = Report(file)
    root = parse_document(data.encode() if isinstance(data, str) else data, report)
    fields = Fields(root, "plan", report)
    read_format(fields)
    unit = fields.parsed("unit", identifier) or ""
    own = agency_list(fields, unit, register)
    bodies = Bodies(unit, register_with(register, own).agencies, report)
    plan = _plan(fields, bodies)
    check_slugs(bodies)
    report.finish()
    return PlanFile(plan, own)


def read_bytes(path: Path) -> bytes:
    """The bytes of an ordinary file of at most 1 MB. Raises PlanError; a larger file is refused before it is read."""
    name = str(path)
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            _refuse(name, _("là thư mục, không phải tệp"), _("Viết tên từng tệp .yaml trong thư mục"))
        if not stat.S_ISREG(status.st_mode):
            _refuse(name, _("không phải là tệp thường"), _("Lưu nội dung vào một tệp .yaml"))
        if status.st_size > MAX_BYTES:
            raise PlanError([too_large(name, status.st_size)])
        with path.open("rb") as opened:
            return opened.read(MAX_BYTES + 1)
    except FileNotFoundError:
        _refuse(name, _("không có tệp này"), _("Kiểm tra tên tệp và thư mục"))
    except PermissionError:
        _refuse(name, _("không được phép đọc tệp này"), _("Cấp quyền đọc cho người dùng đang chạy dondoc"))
    except (OSError, ValueError) as error:
        _refuse(name, _("không đọc được tệp ({error})").format(error=error), _("Kiểm tra tên tệp và ổ đĩa"))


def load_path(path: Path, *, register: Register = _NOWHERE) -> PlanFile:
    """The plan file at that path. Raises PlanError."""
    return read_plan(read_bytes(path), file=str(path), register=register)


def _refuse(file: str, message: str, hint: str) -> NoReturn:
    raise PlanError([Problem(file, 0, 0, "", message, hint)]) from None


def _plan(fields: Fields, bodies: Bodies) -> Plan:
    issued = fields.parsed("issued", partial_date)
    until = fields.parsed("until", calendar_day)
    if until is not None and issued is not None and until < issued.earliest:
        fields.add("until", _("kế hoạch kết thúc trước khi được ban hành"), _("Kiểm tra năm của until và issued"))
    lead, section, quote = _lead(fields, bodies)
    read_parties(fields, bodies)
    read_groups(fields, bodies)
    ladder = read_ladder(fields)
    duties = _duties(fields, bodies, _Order(issued, until, ladder))
    targets = _targets(fields)
    level = fields.choice("level", Level)
    return Plan(
        id=fields.parsed("plan", identifier) or "",
        title=fields.text("title"),
        short=fields.text("short"),
        issuer=fields.text("issuer"),
        issued=issued or PartialDate(2000),  # stands in where it is missing, which was reported
        level=level or Level.PROVINCE,
        lead=lead,
        lead_section=section,
        lead_quote=quote,
        duties=duties,
        parties=tuple(bodies.parties.values()),
        groups=tuple(bodies.groups.values()),
        targets=targets,
        figures=read_figures(fields, duties, targets),
        number=fields.optional_text("number") or None,
        implements=fields.optional_text("implements") or None,
        parent=fields.optional_text("parent") or None,
        until=until,
        reading=_reading(fields),
        ladder=ladder.whole() if ladder else None,
        consequence=_consequence(fields),
        sample=fields.flag("sample"),
        note=fields.long_text("note"),
    )


@dataclass(frozen=True, slots=True)
class _Order:
    """What the head of the plan means for each of its duties."""

    issued: PartialDate | None
    until: date | None
    ladder: LadderPart | None


def _lead(fields: Fields, bodies: Bodies) -> tuple[str, str, str]:
    lead = fields.child("lead", "lead")
    if lead is None:
        return "", "", ""
    agency_id = bodies.agency(lead.find("agency"))
    section, quote = lead.text("section"), lead.text("quote")
    bodies.lead = agency_id
    bodies.lead_ground = f"{section}: {quote}"
    return agency_id or "", section, quote


def _reading(fields: Fields) -> Reading:
    reading = fields.child("reading", "reading")
    if reading is None:
        return Reading()
    return Reading(reading.choice("before", BeforeReading), reading.choice("weekend", WeekendReading))


def _consequence(fields: Fields) -> Consequence | None:
    consequence = fields.child("consequence", "consequence")
    return None if consequence is None else Consequence(consequence.text("section"), consequence.text("quote"))


def _targets(fields: Fields) -> tuple[Target, ...]:
    entries = fields.children("targets", "target")
    targets = [_target(entry) for entry in entries]
    _check_unique(entries)
    return tuple(targets)


def _target(fields: Fields) -> Target:
    bounds = {key: fields.parsed(key, decimal) for key in ("at_least", "at_most", "below")}
    given = [key for key in bounds if fields.find(key) is not None]
    if len(given) != 1:
        message = _("chỉ tiêu không có mức") if not given else _("chỉ tiêu có {n} mức").format(n=len(given))
        hint = _("Viết đúng một trong: at_least (từ … trở lên), at_most (không quá …), below (dưới …)")
        fields.add(given[1] if given else "at_least", message, hint)
    return Target(
        id=fields.parsed("id", identifier) or "",
        section=fields.text("section"),
        text=fields.text("text"),
        unit=fields.text("unit"),
        at_least=bounds["at_least"],
        at_most=bounds["at_most"],
        below=bounds["below"],
    )


def _duties(fields: Fields, bodies: Bodies, order: _Order) -> tuple[Duty, ...]:
    entries = fields.children("duties", "duty")
    duties = tuple(_duty(entry, bodies, order) for entry in entries)
    if fields.find("duties") is not None and not fields.items("duties"):
        fields.add("duties", _("kế hoạch không có nhiệm vụ nào"), _("Thêm ít nhất một nhiệm vụ"))
    _check_unique(entries)
    for entry, duty in zip(entries, duties, strict=True):
        _check_feeds(entry, duty, duties, bodies.lead)
    return duties


def _duty(fields: Fields, bodies: Bodies, order: _Order) -> Duty:
    due = fields.child("due", "due")
    rule = read_rule(due, issued=order.issued, plan_until=order.until) if due else _CONTINUOUS
    responsible, collective = read_responsible(fields, bodies)
    ladder = read_ladder(fields)
    return Duty(
        id=fields.parsed("id", identifier) or "",
        title=fields.text("title"),
        section=fields.text("section"),
        action=fields.optional_text("action") or None,
        rule=rule,
        responsible=responsible,
        cooperating=read_cooperating(fields, bodies, responsible),
        product=fields.optional_text("product") or None,
        recipients=read_recipients(fields, bodies),
        feeds=fields.parsed("feeds", identifier),
        no_file=fields.flag("no_file"),
        ladder=duty_ladder(order.ladder, ladder, rule),
        consequence=_consequence(fields),
        collective=collective,
        note=fields.long_text("note"),
    )


def _check_unique(entries: list[Fields]) -> None:
    """Reports ids used twice in one list."""
    lines: dict[str, int] = {}
    for entry in entries:
        text = entry.parsed("id", identifier)
        if text is None:
            continue
        if text in lines:
            message = _("mã “{id}” đã dùng ở dòng {line}").format(id=text, line=lines[text])
            entry.add("id", message, _("Đặt mã riêng cho từng mục"))
        lines.setdefault(text, entry.where("id").line)


def _check_feeds(fields: Fields, duty: Duty, duties: tuple[Duty, ...], lead: str | None) -> None:
    if duty.feeds is None:
        return
    fed = next((other for other in duties if other.id == duty.feeds), None)
    if fed is None:
        own = [d.id for d in duties if d.id and lead in {party.agency for party in d.responsible}]
        message = _("không có nhiệm vụ “{id}” trong kế hoạch này").format(id=duty.feeds)
        hint = _("Nhiệm vụ của đơn vị theo dõi: {options}").format(options=", ".join(own) or "—")
        fields.add("feeds", message, hint)
    elif fed is duty:
        fields.add("feeds", _("nhiệm vụ không thể gộp vào chính nó"), _("Viết mã báo cáo tổng hợp của đơn vị theo dõi"))
    elif lead is not None and fed.responsible and lead not in {party.agency for party in fed.responsible}:
        message = _("“{id}” không phải việc của đơn vị theo dõi").format(id=duty.feeds)
        fields.add("feeds", message, _("Chỉ ghi báo cáo mà chính đơn vị theo dõi phải làm, hoặc bỏ dòng này"))
