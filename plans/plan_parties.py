"""Who stands in a plan: bodies by id, groups with their members, and the relation each has to the lead unit."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from plans.agency_files import global_id
from plans.fields import Fields, as_fields, parse_scalar, suggestion
from plans.model import Agency, Group, Party, Recipient, RecipientRole, Register, Relation
from plans.text import _, fold
from plans.values import Unreadable, identifier
from plans.yaml_nodes import Node, Report, ScalarNode, shown


@dataclass(slots=True)
class Bodies:
    """Everything a duty can refer to, filled in the order of the file: lead, parties, groups."""

    unit: str
    agencies: Mapping[str, Agency]
    report: Report
    lead: str | None = None
    lead_ground: str = ""
    parties: dict[str, Party] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    owing: dict[str, Node] = field(default_factory=dict)  # agency id -> where the plan first names it

    def agency(self, node: Node | None, *, stands: bool = True, or_group: bool = False) -> str | None:
        """The global id written at this node; None where there is no such agency, which is reported.

        ``stands``: the body stands in the plan, so its slug becomes part of occurrence ids. ``or_group``: a group
        could have been written here as well.
        """
        if node is None:
            return None
        groups = self.groups if or_group else ()
        example = _("Ví dụ: so-tai-chinh")
        agency_id = parse_scalar(node, lambda text: self._known(text, groups), example, self.report)
        if agency_id is not None and stands:
            self.owing.setdefault(agency_id, node)
        return agency_id

    def _known(self, text: str, groups: Collection[str]) -> str:
        try:
            agency_id = global_id(text, self.unit)
        except Unreadable as error:
            named = self._named(text)
            raise Unreadable(error.message, _("Viết mã {id}").format(id=named) if named else error.hint) from None
        if agency_id not in self.agencies:
            message = (
                _("không có cơ quan hay khối nào mang mã “{id}”") if groups else _("không có cơ quan mang mã “{id}”")
            )
            raise Unreadable(message.format(id=shown(text)), self._nearest(text, groups))
        return agency_id

    def _named(self, name: str) -> str | None:
        """The id of the body of this unit that bears this name."""
        wanted = fold(name)
        for agency in self.agencies.values():
            if wanted and wanted in {fold(agency.name), *map(fold, agency.aliases)} and self._is_here(agency.id):
                return agency.slug
        return None

    def _nearest(self, text: str, groups: Iterable[str]) -> str:
        otherwise = _("Thêm cơ quan này vào tệp cơ quan, hoặc vào agencies của kế hoạch")
        if "." in text:
            return suggestion(text, self.agencies, otherwise)
        elsewhere = sorted(known for known in self.agencies if known.endswith(f".{text}"))
        here = [known.rsplit(".", 1)[-1] for known in self.agencies if self._is_here(known)]
        if elsewhere:
            otherwise = _("Của đơn vị khác thì viết cả mã đơn vị: {id}").format(id=elsewhere[0])
        return suggestion(text, [*here, *groups], otherwise)

    def _is_here(self, agency_id: str) -> bool:
        return agency_id.startswith(f"{self.unit}.")

    def party(self, fields: Fields, agency_id: str, default: Relation | None = None) -> Party:
        """The body of a mapping with ``agency``, ``relation`` and ``ground``; relation and ground may be derived."""
        known = self.stands_as(agency_id)
        relation = fields.choice("relation", Relation)
        if fields.find("relation") is not None and relation is not None:
            self._check_self(fields, agency_id, relation)
        else:
            relation = self.relation(agency_id, default)
        ground = fields.optional_text("ground") or (known.ground if known else "")
        return Party(agency_id, relation or Relation.PEER, ground)

    def relation(self, agency_id: str, default: Relation | None = None) -> Relation | None:
        """The lead unit is always ``self``; then the plan's parties, the default, the first group it stands in."""
        if agency_id == self.lead:
            return Relation.SELF
        if agency_id in self.parties:
            return self.parties[agency_id].relation
        if default is not None:
            return default
        known = self.stands_as(agency_id)
        return known.relation if known else None

    def stands_as(self, agency_id: str) -> Party | None:
        """The body as the plan names it: as lead unit, one by one, or as a member of a group."""
        if agency_id == self.lead:
            return Party(agency_id, Relation.SELF, self.lead_ground)
        if agency_id in self.parties:
            return self.parties[agency_id]
        members = (member for group in self.groups.values() for member in group.members)
        return next((member for member in members if member.agency == agency_id), None)

    def _check_self(self, fields: Fields, agency_id: str, relation: Relation) -> None:
        if (agency_id == self.lead) == (relation is Relation.SELF) or self.lead is None:
            return
        if agency_id == self.lead:
            message = _("đơn vị theo dõi luôn là self")
            fields.add("relation", message, _("Viết relation: self, hoặc bỏ trường này"))
        else:
            message = _("chỉ đơn vị theo dõi mới là self")
            fields.add("relation", message, _("Viết subordinate, peer hoặc requested"))


def read_parties(fields: Fields, bodies: Bodies) -> None:
    """The bodies named one by one, put into ``bodies``."""
    for entry in fields.children("parties", "party"):
        agency_id = bodies.agency(entry.find("agency"))
        if agency_id is None:
            continue
        if agency_id in bodies.parties:
            message = _("cơ quan “{id}” đã có trong parties").format(id=agency_id)
            entry.add("agency", message, _("Giữ một dòng cho mỗi cơ quan"))
            continue
        entry.text("ground")
        bodies.parties[agency_id] = bodies.party(entry, agency_id)


def read_groups(fields: Fields, bodies: Bodies) -> None:
    """The groups with their members, put into ``bodies``."""
    for entry in fields.children("groups", "group"):
        group = _group(entry, bodies)
        if not group.id:
            continue
        if group.id in bodies.groups:
            message = _("khối “{id}” đã có").format(id=group.id)
            entry.add("id", message, _("Đặt cho mỗi khối một mã riêng"))
        elif global_id(group.id, bodies.unit) in bodies.agencies:
            message = _("mã khối “{id}” trùng mã một cơ quan").format(id=group.id)
            entry.add("id", message, _("Đặt mã khác cho khối, ví dụ khoi-{id}").format(id=group.id))
        else:
            bodies.groups[group.id] = group


def _group(entry: Fields, bodies: Bodies) -> Group:
    default = entry.choice("relation", Relation)
    if default is Relation.SELF:
        entry.add("relation", _("khối không thể là self"), _("Viết subordinate, peer hoặc requested"))
    found: dict[str, Party] = {}
    for member in entry.children("members", "member"):
        agency_id = bodies.agency(member.find("agency"))
        if agency_id is None:
            continue
        if agency_id in found:
            message = _("cơ quan “{id}” đã có trong khối").format(id=agency_id)
            member.add("agency", message, _("Giữ một dòng cho mỗi cơ quan"))
            continue
        member.text("ground")
        if entry.find("relation") is None and member.find("relation") is None and bodies.relation(agency_id) is None:
            report_no_relation(member, agency_id)
        found[agency_id] = bodies.party(member, agency_id, default)
    members = entry.find("members")
    if members is not None and not entry.items("members"):
        entry.add(
            "members", _("khối không có cơ quan nào"), _("Ghi từng cơ quan: {agency: so-tai-chinh, ground: III.5}")
        )
    return Group(entry.parsed("id", identifier) or "", entry.text("name"), tuple(found.values()))


def report_no_relation(fields: Fields, agency_id: str) -> None:
    message = _("chưa rõ quan hệ của “{id}” với đơn vị theo dõi").format(id=agency_id)
    hint = _("Thêm relation: subordinate, peer hoặc requested, hoặc ghi cơ quan này trong parties")
    fields.add("relation", message, hint)


@dataclass(slots=True)
class _Called:
    """The bodies a duty calls on, each once, with the groups through which it called them."""

    parties: dict[str, Party] = field(default_factory=dict)
    groups: list[str] = field(default_factory=list)


def read_responsible(fields: Fields, bodies: Bodies) -> tuple[tuple[Party, ...], tuple[str, ...]]:
    """The bodies that owe a duty, and the names of the groups through which the plan calls them.

    A body called twice is reported: which ground holds is for a person to say.
    """
    called = _Called()
    for item in fields.items("responsible"):
        for party in _bodies_of(item, bodies, called):
            if party.agency in called.parties:
                message = _("cơ quan “{id}” có hai lần trong responsible").format(id=party.agency)
                hint = _("Bỏ cơ quan khỏi danh sách nếu đã thuộc khối; nếu thuộc hai khối thì ghi riêng từng cơ quan")
                bodies.report.add(item, message, hint)
            else:
                called.parties[party.agency] = party
    if not fields.items("responsible") and fields.find("responsible") is not None:
        fields.add("responsible", _("nhiệm vụ không có cơ quan chủ trì"), _("Ví dụ: responsible: [so-tai-chinh]"))
    return tuple(called.parties.values()), tuple(called.groups)


def read_cooperating(fields: Fields, bodies: Bodies, responsible: Iterable[Party]) -> tuple[Party, ...]:
    """The co-operating bodies, each once, without those that owe the duty."""
    called = _Called()
    owing = {party.agency for party in responsible}
    for item in fields.items("cooperating"):
        for party in _bodies_of(item, bodies, called):
            if party.agency not in owing:
                called.parties.setdefault(party.agency, party)
    return tuple(called.parties.values())


def _bodies_of(item: Node, bodies: Bodies, called: _Called) -> list[Party]:
    """What one item of the list calls: the members of a group, or one body."""
    if isinstance(item, ScalarNode) and item.text.strip() in bodies.groups:
        group = bodies.groups[item.text.strip()]
        called.groups.append(group.name)
        return list(group.members)
    if isinstance(item, ScalarNode):
        return _by_id(item, bodies)
    fields = as_fields(item, "responsible", bodies.report, _("Ví dụ: {agency: cong-an-tinh, ground: II.1}"))
    agency_id = bodies.agency(fields.find("agency")) if fields else None
    if fields is None or agency_id is None:
        return []
    if fields.find("relation") is None and bodies.relation(agency_id) is None:
        report_no_relation(fields, agency_id)
    party = bodies.party(fields, agency_id)
    if not party.ground:
        fields.add("ground", _("thiếu căn cứ"), _("Ví dụ: ground: III.5"))
    return [Party(party.agency, party.relation, party.ground, fields.flag("inferred"))]


def _by_id(item: ScalarNode, bodies: Bodies) -> list[Party]:
    agency_id = bodies.agency(item, or_group=True)
    if agency_id is None:
        return []
    known = bodies.stands_as(agency_id)
    if known is None:
        message = _("cơ quan “{id}” không có trong parties hay khối nào, nên chưa rõ quan hệ").format(id=agency_id)
        hint = _("Ghi trong parties, hoặc viết {{agency: {id}, relation: peer, ground: III.5}}").format(
            id=item.text.strip()
        )
        bodies.report.add(item, message, hint)
        return []
    return [Party(agency_id, known.relation, known.ground)]


def read_recipients(fields: Fields, bodies: Bodies) -> tuple[Recipient, ...]:
    """Where the product goes: ids alone are main recipients."""
    found: list[Recipient] = []
    for item in fields.items("recipients"):
        if isinstance(item, ScalarNode):
            agency_id = bodies.agency(item, stands=False)
            recipient = Recipient(agency_id) if agency_id else None
        else:
            recipient = _recipient(item, bodies)
        if recipient in found and recipient is not None:
            message = _("nơi nhận “{id}” có hai lần").format(id=recipient.agency)
            bodies.report.add(item, message, _("Xóa một dòng"))
        elif recipient is not None:
            found.append(recipient)
    return tuple(found)


def _recipient(item: Node, bodies: Bodies) -> Recipient | None:
    fields = as_fields(item, "recipient", bodies.report, _("Ví dụ: {agency: ubnd-tinh, role: main}"))
    if fields is None:
        return None
    agency_id = bodies.agency(fields.find("agency"), stands=False)
    role = fields.choice("role", RecipientRole) or RecipientRole.MAIN
    detail = fields.optional_text("detail") or None
    return Recipient(agency_id, role, detail) if agency_id else None


def check_slugs(bodies: Bodies) -> None:
    """Two bodies of different units under one slug: occurrence ids carry the slug alone."""
    first: dict[str, str] = {}
    for agency_id, node in bodies.owing.items():
        slug = agency_id.rsplit(".", 1)[-1]
        other = first.setdefault(slug, agency_id)
        if other != agency_id:
            message = _("“{id}” và “{other}” trùng mã “{slug}” trong một kế hoạch")
            hint = _("Đặt cho một trong hai cơ quan mã khác, ví dụ {slug}-{unit}")
            bodies.report.add(
                node,
                message.format(id=agency_id, other=other, slug=slug),
                hint.format(slug=slug, unit=agency_id.split(".", 1)[0]),
            )


def register_with(register: Register, agencies: Iterable[Agency]) -> Register:
    """The register and the bodies a file brings along; what the register knows already stays as it is there."""
    return Register({**{agency.id: agency for agency in agencies}, **register.agencies})
