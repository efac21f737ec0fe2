"""Importing addresses: what each line would add or change, said before anything is written; then done in one go.

Lines of one body, role and name are the channels of one person, tried in the order of "Thứ tự", else as they stand.
What the file does not name stays as it is: an import takes nobody away.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.engine import Connection

from app.contact_table import Row, role_word
from app.views.paper_entry import known_bodies
from app.views.scope import Units
from notifications.channels.names import CHANNELS, channel_word, is_secret, usable_address
from notifications.contacts import Contact, ContactRole, add_contact, contacts_of
from notifications.errors import BadContact, NotificationsError
from plans.model import Agency, Register
from plans.text import _, day_text, fold
from tasks import trail
from tasks.agencies import find_agency, load_register
from tasks.errors import BadInput, RegisterError
from tasks.finding import Body, bodies, find
from tasks.tables import plan as plan_table
from tasks.typed import read_day


class Fate(StrEnum):
    """What becomes of a line."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Given:
    """A line that was understood."""

    agency_id: str
    role: ContactRole
    name: str
    phone: str | None
    rank: int
    channel: str
    address: str
    since: date | None
    until: date | None

    @property
    def who(self) -> tuple[str, ContactRole, str]:
        """Lines that agree in this are channels of one person."""
        return self.agency_id, self.role, fold(self.name)

    @property
    def key(self) -> tuple[str, ContactRole, str, str]:
        return self.agency_id, self.role, self.channel, self.address


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the dry run. ``changes``: what would be another, in words; ``why``: what is wrong with it."""

    row: Row
    fate: Fate
    agency: str = ""
    given: Given | None = None
    changes: tuple[str, ...] = ()
    why: str = ""


def check(
    connection: Connection, rows: Sequence[Row], allowed: Mapping[str, Collection[ContactRole]] | None, *, today: date
) -> tuple[Line, ...]:
    """Every line judged, by two queries. ``allowed``: the bodies and roles that may be written (None: all)."""
    register = load_register(connection)
    reader = _Reader(register, bodies(_named(register, allowed)), allowed, today)
    lines = [reader.line(row) for row in rows]
    known = {(c.agency_id, c.role, c.channel, c.address): c for c in contacts_of(connection)}
    seen: dict[tuple[str, ContactRole, str, str], int] = {}
    return tuple(_judged(line, known, seen) for line in _ranked(lines))


def allowed_for(connection: Connection, units: Units) -> dict[str, frozenset[ContactRole]]:
    """What the officers of these units may write: the contacts of the bodies in their plans, and their own posts."""
    mine = {each.id: frozenset({ContactRole.AGENCY}) for each in known_bodies(connection, units)}
    leads = units if units is not None else set(connection.execute(select(plan_table.c.lead)).scalars())
    return mine | {lead: frozenset(ContactRole) for lead in leads}


def _named(register: Register, allowed: Mapping[str, object] | None) -> list[Agency]:
    return [body for body in register.agencies.values() if allowed is None or body.id in allowed]


@dataclass(frozen=True, slots=True)
class _Reader:
    register: Register
    known: tuple[Body, ...]
    allowed: Mapping[str, Collection[ContactRole]] | None
    today: date

    def line(self, row: Row) -> Line:
        try:
            body = self._body(row.agency)
        except RegisterError as error:
            return Line(row, Fate.WRONG, row.agency, why=str(error))
        try:
            return Line(row, Fate.NEW, body.name, self._given(row, body))
        except (RegisterError, NotificationsError) as error:
            return Line(row, Fate.WRONG, body.name, why=str(error))

    def _body(self, typed: str) -> Agency:
        """By id, or as a person would write it. Raises AgencyUnknown, BadInput."""
        if typed in self.register and (self.allowed is None or typed in self.allowed):
            return self.register[typed]
        if self.allowed is None:
            return find_agency(self.register, typed)
        if not typed:
            raise BadInput(_("Thiếu cơ quan."))
        return self.register[find(self.known, typed, strictly=True).id]

    def _given(self, row: Row, body: Agency) -> Given:
        role, channel = _role(row.role), _channel(row.channel, row.address)
        if self.allowed is not None and role not in self.allowed[body.id]:
            said = _("Chỉ đơn vị theo dõi đó mới khai {role} của mình.")
            raise BadInput(said.format(role=role_word(role)))
        if not row.name:
            raise BadContact(_("Thiếu họ tên hoặc bộ phận nhận."))
        since = read_day(row.since, _("Từ ngày"), today=self.today) if row.since else None
        until = read_day(row.until, _("Đến hết ngày"), today=self.today) if row.until else None
        if since is not None and until is not None and until < since:
            raise BadContact(_("Ngày kết thúc {day} trước ngày bắt đầu.").format(day=day_text(until)))
        hidden = is_secret(channel) and row.address.endswith("://…")
        address = row.address if hidden else usable_address(channel, row.address)
        return Given(body.id, role, row.name, row.phone or None, _rank(row.rank), channel, address, since, until)


def _role(typed: str) -> ContactRole:
    if not typed:
        return ContactRole.AGENCY
    words = {fold(word): role for role in ContactRole for word in (role.value, role_word(role))}
    words |= {"dau moi": ContactRole.AGENCY, "dau moi cua co quan": ContactRole.AGENCY, "can bo": ContactRole.OFFICER}
    role = words.get(fold(typed))
    if role is None:
        known = ", ".join(role_word(each) for each in ContactRole)
        raise BadContact(_("Không có vai trò {role}. Các vai trò: {known}.").format(role=typed, known=known))
    return role


def _channel(typed: str, address: str) -> str:
    """As written, else by the look of the address."""
    if not typed:
        return "url" if "://" in address else "email"
    words = {fold(word): channel for channel in CHANNELS for word in (channel, channel_word(channel))}
    words |= {"email": "email", "e mail": "email", "thu": "email", "tin nhan": "sms", "zns": "zalo"}
    channel = words.get(fold(typed))
    if channel is None:
        known = ", ".join(channel_word(each) for each in CHANNELS)
        raise BadContact(_("Không có cách gửi {channel}. Các cách gửi: {known}.").format(channel=typed, known=known))
    return channel


def _rank(typed: str) -> int:
    """0 where none is given. Raises BadInput."""
    if not typed:
        return 0
    if typed.isascii() and typed.isdecimal() and 0 < int(typed[:3]) < 100 and len(typed) < 3:
        return int(typed)
    raise BadInput(_("Thứ tự “{typed}” không phải số từ 1 đến 99.").format(typed=typed))


def _ranked(lines: Sequence[Line]) -> list[Line]:
    """Who gives no order means that of the lines."""
    last: dict[tuple[str, ContactRole, str], int] = {}
    found = []
    for line in lines:
        given = line.given
        if given is not None:
            rank = given.rank or last.get(given.who, 0) + 1
            last[given.who] = max(rank, last.get(given.who, 0))
            line = replace(line, given=replace(given, rank=rank))
        found.append(line)
    return found


def _judged(
    line: Line,
    known: Mapping[tuple[str, ContactRole, str, str], Contact],
    seen: dict[tuple[str, ContactRole, str, str], int],
) -> Line:
    given = line.given
    if given is None:
        return line
    if is_secret(given.channel) and given.address.endswith("://…"):
        return replace(line, fate=Fate.SAME, given=None, why=_("Địa chỉ kín: giữ nguyên."))
    before = seen.setdefault(given.key, line.row.line)
    if before != line.row.line:
        said = _("Trùng với dòng {line}: cùng cơ quan, vai trò, cách gửi và địa chỉ.").format(line=before)
        return replace(line, fate=Fate.WRONG, given=None, why=said)
    was = known.get(given.key)
    if was is None:
        return line
    changes = tuple(_changes(was, given))
    return replace(line, fate=Fate.CHANGED if changes else Fate.SAME, changes=changes)


def _changes(was: Contact, given: Given) -> list[str]:
    pairs = (
        (_("người nhận"), was.name, given.name),
        (_("điện thoại"), was.phone or "", given.phone or ""),
        (_("thứ tự"), str(was.rank), str(given.rank)),
        (_("từ ngày"), _day(was.since), _day(given.since)),
        (_("đến hết ngày"), _day(was.until), _day(given.until)),
    )
    return [
        _("{what}: {was} → {now}").format(what=what, was=old or "–", now=new or "–")
        for what, old, new in pairs
        if old != new
    ]


def _day(day: date | None) -> str:
    return day_text(day) if day else ""


@dataclass(frozen=True, slots=True)
class Imported:
    added: int
    changed: int


def apply(connection: Connection, lines: Sequence[Line], *, now: datetime, actor: str) -> Imported:
    """Writes what the dry run said. Raises BadContact, and then nothing is to be kept."""
    chosen = [line for line in lines if line.fate in (Fate.NEW, Fate.CHANGED)]
    known = contacts_of(connection)
    of_address = {(c.agency_id, c.role, c.channel, c.address): c.person for c in known}
    persons = _persons(known, of_address, lines)
    for line in chosen:
        given = line.given
        if given is None:
            continue
        person = of_address.get(given.key) or persons.get(given.who)
        persons[given.who] = add_contact(
            connection,
            given.agency_id,
            role=given.role,
            name=given.name,
            address=given.address,
            channel=given.channel,
            phone=given.phone,
            person=person,
            rank=given.rank,
            since=given.since,
            until=given.until,
            now=now,
            actor=actor,
        )
    added = sum(line.fate is Fate.NEW for line in chosen)
    data = {"added": added, "changed": len(chosen) - added}
    if chosen:
        trail.write(connection, [trail.Entry("contacts_imported", data=data)], now=now, actor=actor)
    return Imported(added, len(chosen) - added)


def _persons(
    known: Sequence[Contact], of_address: Mapping[tuple[str, ContactRole, str, str], str], lines: Sequence[Line]
) -> dict[tuple[str, ContactRole, str], str]:
    """The mark of everybody whom the file names and the register knows: by an address of theirs, else by the name."""
    found: dict[tuple[str, ContactRole, str], str] = {}
    for line in lines:
        if line.given is not None and line.given.key in of_address:
            found.setdefault(line.given.who, of_address[line.given.key])
    names: dict[tuple[str, ContactRole, str], set[str]] = {}
    for c in known:
        names.setdefault((c.agency_id, c.role, fold(c.name)), set()).add(c.person)
    for who, marks in names.items():
        if len(marks) == 1:  # two of one name stay two
            found.setdefault(who, next(iter(marks)))
    return found
