"""What a template gets: a page of plain words, already grouped, ordered and counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from notifications import office_wording, openings, own_texts
from notifications.facts import Item, MonthLine, Sheet, Week, WeekPage
from notifications.office_wording import how_many
from notifications.phrases import (
    Situation,
    bodies,
    days_over,
    deadline,
    last_day_label,
    last_day_text,
    no_file_text,
    office_remarks,
    received,
    remarks,
    situation_of,
    source,
    where_to,
    window,
)
from notifications.wording import is_sample
from plans.model import Relation, RuleKind
from plans.text import _, _n, language, sort_key, two_digits, weekday_text
from tasks.model import OWED, State

_MOST = 100  # bodies of one report in the weekly brief, which grows until things are closed


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled line of an entry."""

    label: str
    value: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that a body owes."""

    number: int
    title: str
    rows: tuple[Row, ...]
    overdue: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Entries in the same situation; ``heading`` is None where one list is enough."""

    heading: str | None
    entries: tuple[Entry, ...]
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class Roster:
    """For the officer and the head: one report and the bodies that owe it."""

    title: str
    count: str
    rows: tuple[Row, ...]
    bodies: tuple[tuple[str, str], ...]  # name and how it stands
    heads: tuple[str, str] | None = None  # of the two columns, where they are others


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a message; a person with several roles gets several."""

    heading: str | None
    greeting: str | None
    paragraphs: tuple[str, ...]
    groups: tuple[Group, ...] = ()
    rosters: tuple[Roster, ...] = ()
    closing: str | None = None
    codes: tuple[tuple[str, str], ...] = ()  # a sentence, and what is to be compared or typed in as it stands


@dataclass(frozen=True, slots=True)
class Page:
    """A whole message without its subject."""

    language: str
    sender: str
    day: str
    sample: bool
    greeting: str
    note: tuple[str, ...]  # the officer's words, line by line
    sections: tuple[Section, ...]
    footer: tuple[str, ...]
    printed: WeekPage | None = None  # the head's weekly page, which has a form of its own


def page_of(sheet: Sheet) -> Page:
    """The page that a sheet makes."""
    return Page(
        language=language(),
        sender=sheet.desk.sender,
        day=weekday_text(sheet.today),
        sample=is_sample(sheet),
        greeting=_greeting(sheet),
        note=tuple(line for line in (sheet.note or "").splitlines() if line.strip()),
        sections=tuple(_sections(sheet)),
        footer=_footer(sheet),
        printed=sheet.page,
    )


def _greeting(sheet: Sheet) -> str:
    """Agencies are addressed by their name, the people of the lead unit also by their own."""
    inside = (
        sheet.kind in ("month", "week", "page")
        or sheet.forward_for
        or sheet.check
        or sheet.lead
        or sheet.review
        or sheet.direction
    )
    if inside or any(item.relation is Relation.SELF for item in sheet.mine):
        unit = sheet.desk.lead_name
        return _("Kính gửi: {name}").format(name=f"{sheet.person} ({unit})" if sheet.person else unit)
    names = list(dict.fromkeys(item.agency_name for item in sheet.mine)) or [sheet.agency_name]
    return _("Kính gửi: {name}").format(name="; ".join(names))


def _footer(sheet: Sheet) -> tuple[str, ...]:
    if sheet.kind == "week":  # the reader is the contact
        return (office_wording.of_week_sender(),)
    if sheet.page:
        return (office_wording.of_page_sender(),)
    desk = sheet.desk
    phone = _("điện thoại {phone}").format(phone=desk.phone) if desk.phone else None
    contact = ", ".join(filter(None, (desk.officer or desk.lead_name, phone, desk.address)))
    lines = [
        _("Thông báo tự động, không thay thế văn bản chính thức."),
        _("Nếu đã gửi, đề nghị cho biết số, ngày văn bản để đối chiếu."),
        _("Liên hệ: {contact}").format(contact=contact),
    ]
    if not _asks_agencies(sheet):  # the officer and the head have sent nothing
        del lines[1]
    return tuple(lines)


def _asks_agencies(sheet: Sheet) -> bool:
    """Whether anything in it is owed by a body other than the lead unit itself."""
    return any(item.relation is not Relation.SELF for item in sheet.mine)


# -- sections --


def _sections(sheet: Sheet) -> Iterable[Section]:
    """In the order of importance; headings only where there is more than one part."""
    if sheet.kind == "month":
        yield _month_section(sheet)
        return
    if sheet.week:
        yield from _week_sections(sheet, sheet.week)
        return
    if sheet.page:
        if sheet.direction:  # what falls due this very morning; the page itself tells of last week
            asked = _roster_section(sheet, sheet.direction, office_wording.of_direction(sheet))
            yield replace(asked, heading=_("Xin ý kiến chỉ đạo hôm nay"))
        return
    parts: list[tuple[str, Section]] = []
    if sheet.direction:
        parts.append(
            (_("Xin ý kiến chỉ đạo"), _roster_section(sheet, sheet.direction, office_wording.of_direction(sheet)))
        )
    if sheet.lead:
        parts.append((_("Danh sách quá hạn"), _roster_section(sheet, sheet.lead, office_wording.of_lead(sheet))))
    if sheet.check:
        heading = _("Chờ kiểm tra trước khi nhắc quá hạn")
        parts.append((heading, _roster_section(sheet, sheet.check, office_wording.of_check(sheet))))
    if sheet.review:
        parts.append((_("Chờ xem"), _roster_section(sheet, sheet.review, office_wording.of_review())))
    forwarded = [item for item in sheet.mine if sheet.forward_for and item.relation is not Relation.SELF]
    for name in dict.fromkeys(item.agency_name for item in forwarded):
        items = tuple(item for item in forwarded if item.agency_name == name)
        greeting = _("Kính gửi: {name}").format(name=name)
        parts.append((_("Đề nghị chuyển tới: {agency}").format(agency=name), _own_section(sheet, items, greeting)))
    own = tuple(item for item in sheet.mine if item not in forwarded)
    if own or not parts:
        heading = _("Việc của đơn vị") if parts else ""
        parts.append((heading, _own_section(sheet, own, None)))
    for heading, section in parts:
        shown = heading if len(parts) > 1 or section.greeting else None
        yield Section(shown, section.greeting, section.paragraphs, section.groups, section.rosters, section.closing)


def _own_section(sheet: Sheet, items: tuple[Item, ...], greeting: str | None) -> Section:
    if not items:
        return Section(None, greeting, (_("Hiện không có việc nào phải gửi."),))
    opening = own_texts.opening(sheet, items) or _usual_opening(sheet, items)
    if sheet.kind in ("digest", "press"):
        groups = tuple(_groups(sheet, items))
    else:
        groups = (Group(None, _entries(sheet, items, start=1)),)
    thanks = all(item.relation is Relation.REQUESTED for item in items)
    closing = _("Trân trọng cảm ơn sự phối hợp của Quý cơ quan.") if thanks else None
    return Section(None, greeting, (opening,), groups, closing=own_texts.closing(sheet, items) or closing)


def _usual_opening(sheet: Sheet, items: tuple[Item, ...]) -> str:
    first, sender = items[0], sheet.desk.sender
    match sheet.kind:
        case "assigned":
            return openings.of_assigned(sheet)
        case "returned":
            return openings.of_returned(first, sender)
        case "extended":
            return openings.of_extended(first, sender)
        case "correction":
            return openings.of_correction(first, sender)
        case _digest_or_press:
            return openings.of_mine(sheet, items)


# -- what a body owes --


def _groups(sheet: Sheet, items: tuple[Item, ...]) -> Iterable[Group]:
    names = (
        _("Quá hạn"),
        _("Chưa nhận"),
        _("Đã đến hạn"),
        _("Đến hạn hôm nay"),
        _("Trong 7 ngày tới"),
        _("Sắp tới"),
        _("Đã báo gửi, chờ đối chiếu"),
    )
    grouped: dict[str, list[Item]] = {name: [] for name in names}
    for item in items:
        grouped[names[_place(item, today=sheet.today)]].append(item)
    start = 1
    for name, members in grouped.items():
        if members:
            members.sort(key=lambda i: (deadline(i), sort_key(i.title), i.occurrence_id))
            yield Group(name, _entries(sheet, tuple(members), start=start), overdue=name == names[0])
            start += len(members)


def _place(item: Item, *, today: date) -> int:
    """Which group; a body that is only requested is not called overdue."""
    asked = item.relation is Relation.REQUESTED
    match situation_of(item, today=today):
        case Situation.OVERDUE:
            return 1 if asked else 0
        case Situation.PASSED:
            return 1 if asked else 2
        case Situation.TODAY:
            return 3
        case Situation.CLAIMED | Situation.SETTLED:
            return 6
        case _ahead:
            return 4 if (deadline(item) - today).days <= 7 else 5


def _entries(sheet: Sheet, items: tuple[Item, ...], *, start: int) -> tuple[Entry, ...]:
    several = len({item.agency_name for item in items}) > 1
    return tuple(_entry(sheet, item, number, several) for number, item in enumerate(items, start))


def _entry(sheet: Sheet, item: Item, number: int, several: bool) -> Entry:
    late = situation_of(item, today=sheet.today) is Situation.OVERDUE and item.relation is not Relation.REQUESTED
    rows = [Row(_("Cơ quan"), item.agency_name)] if several else []
    rows.append(Row(_("Căn cứ"), source(item)))
    # Months ahead, a count of days says nothing: the list of all duties names the dates only.
    assigned = sheet.kind == "assigned"
    rows.append(Row(last_day_label(item), last_day_text(item, today=None if assigned else sheet.today), strong=True))
    if assigned and (often := _how_often(item.kind)):
        rows.append(Row(_("Định kỳ"), often))
    known = [
        (_("Số liệu"), window(item)),
        (_("Nơi nhận"), where_to(item.destinations)),
        (_("Văn bản đã nhận"), received(item) if item.state not in OWED or item.state is State.RETURNED else None),
        (_("Tình trạng"), "; ".join(remarks(item)) or None),
        (_("Lưu ý"), no_file_text() if item.no_file else None),
    ]
    rows += [Row(label, value) for label, value in known if value]
    return Entry(number, _title(sheet, item), tuple(rows), late)


def _title(sheet: Sheet, item: Item) -> str:
    return _("[MẪU] {text}").format(text=item.title) if item.sample and not is_sample(sheet) else item.title


def _how_often(kind: RuleKind) -> str | None:
    words = {
        RuleKind.MONTHLY: _("hằng tháng; ngày trên là hạn của kỳ gần nhất"),
        RuleKind.QUARTERLY: _("hằng quý; ngày trên là hạn của kỳ gần nhất"),
        RuleKind.SEMIANNUAL: _("06 tháng một lần; ngày trên là hạn của kỳ gần nhất"),
        RuleKind.ANNUAL: _("hằng năm; ngày trên là hạn của kỳ gần nhất"),
    }
    return words.get(kind)


# -- lists for the officer and the head --


def _month_section(sheet: Sheet) -> Section:
    reports: dict[tuple[str, str], list[MonthLine]] = {}
    for line in sheet.month_lines:
        reports.setdefault((line.plan_short, line.title), []).append(line)
    rosters = [
        Roster(
            title,
            _("{n} cơ quan").format(n=two_digits(len(lines))),
            (Row(_("Căn cứ"), plan_short),),
            tuple((line.agency_name, line.how) for line in lines),
        )
        for (plan_short, title), lines in reports.items()
    ]
    return Section(None, None, tuple(office_wording.of_month(sheet)), rosters=tuple(rosters))


def _week_sections(sheet: Sheet, week: Week) -> Iterable[Section]:
    yield Section(None, None, tuple(office_wording.of_week(sheet, week)))
    if week.overdue:
        yield replace(_roster_section(sheet, week.overdue, []), heading=_("Quá hạn"))
    if week.due:
        yield Section(_("Đến hạn tuần này"), None, (), rosters=tuple(_agendas(week.due)))
    if week.review:
        yield replace(_roster_section(sheet, week.review, []), heading=_("Chờ xem"))
    if week.unreached:
        standing = tuple((body.agency_name, office_wording.why_unreached(body)) for body in week.unreached)
        roster = Roster(_("Cần bổ sung hoặc sửa địa chỉ"), bodies(len(standing)), (), standing)
        yield Section(_("Chưa liên hệ được"), None, (), rosters=(roster,))
    if week.trail:
        yield Section(_("Sổ kiểm tra"), None, (), codes=tuple(office_wording.of_trail(week, week.trail)))


def _agendas(items: tuple[Item, ...]) -> Iterable[Roster]:
    """One table per plan, one line per report and day: names while they are few, else how many."""
    plans: dict[str, list[Item]] = {}
    for item in items:
        plans.setdefault(item.plan_short, []).append(item)
    for plan_short, mine in plans.items():
        lines: dict[tuple[date, str], list[Item]] = {}
        for item in sorted(mine, key=lambda i: (deadline(i), sort_key(i.title), sort_key(i.agency_name))):
            lines.setdefault((deadline(item), item.title), []).append(item)
        told = tuple((title, office_wording.of_agenda(day, owed)) for (day, title), owed in lines.items())
        count = _("{n} việc").format(n=two_digits(len(mine)))
        yield Roster(plan_short, count, (), told, heads=(_("Nội dung"), _("Hạn gửi, cơ quan chưa gửi")))


def _roster_section(sheet: Sheet, items: tuple[Item, ...], paragraphs: list[str]) -> Section:
    reports: dict[tuple[str, str, bool], list[Item]] = {}
    for item in items:
        reports.setdefault((item.plan_id, item.title, item.relation is Relation.SELF), []).append(item)
    return Section(None, None, tuple(paragraphs), rosters=tuple(_roster(sheet, found) for found in reports.values()))


def _roster(sheet: Sheet, items: list[Item]) -> Roster:
    # An extension or a return moves one body's day; the heading names the day of the others.
    usual = next((i for i in items if not i.extended_by and i.state is not State.RETURNED), items[0])
    notes = [Row(_("Căn cứ"), source(usual)), Row(last_day_label(usual), weekday_text(deadline(usual)), strong=True)]
    if feeds := next((item.feeds for item in items if item.feeds), None):
        notes.append(Row(_("Phục vụ báo cáo của đơn vị"), feeds))
    waiting = all(item.state is State.RECEIVED for item in items)
    if waiting:
        count = _n("{n} văn bản", len(items)).format(n=two_digits(len(items)))
    else:
        count = _("chưa nhận {bodies}").format(bodies=how_many(items, sheet.counts))
    if usual.relation is Relation.SELF:
        count = _("việc của đơn vị")
    items.sort(key=lambda i: (-days_over(i, today=sheet.today), sort_key(i.agency_name)))
    shown = items[:_MOST] if sheet.week else items
    standing = [(item.agency_name, office_remarks(item, today=sheet.today)) for item in shown]
    if more := len(items) - len(standing):
        where = _("xem đủ: dondoc due --plan {plan}").format(plan=usual.plan_id)
        standing.append((_("và {n} cơ quan khác").format(n=more), where))
    return Roster(_title(sheet, usual), count, tuple(notes), tuple(standing))
