"""Whom the names of a reading stand for, as a person says it: moves like those of ``tasks.reading_moves``. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from plans.text import _
from tasks.errors import BadInput
from tasks.reading_model import Content, GroupName, Item, Member, Named

ADDED_BY_HAND = "người rà soát thêm"  # stands in the plan as a ground, so in the language of the document
LONGEST_NAME = 400
GROUP_RELATIONS = ("peer", "subordinate", "requested")
_AGENCY_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)+")


def set_group_members(
    content: Content, name: str, chosen: Collection[str], known: Mapping[str, str], relation: str | None = None
) -> Content:
    """Who stands behind a collective name, and how they stand to the lead unit. ``known``: names of bodies by id."""
    group = next((g for g in content.groups if g.name == name), None)
    if group is None:
        raise BadInput(_("Văn bản này không có tên chung “{name}”.").format(name=name))
    there = {member.agency for member in group.members}
    strangers = [agency for agency in chosen if agency not in there and agency not in known]
    if strangers:
        raise BadInput(_("Không có cơ quan {agency} trong danh mục.").format(agency=strangers[0]))
    members = [replace(member, chosen=member.agency in chosen) for member in group.members]
    members += [Member(a, known[a], ADDED_BY_HAND, True) for a in dict.fromkeys(chosen) if a not in there]
    if relation is not None and relation not in GROUP_RELATIONS:
        raise BadInput(_("Chọn quan hệ của khối với đơn vị theo dõi."))
    changed = replace(group, members=tuple(members), relation=relation or group.relation, looked=True)
    return replace(content, groups=tuple(changed if g.name == name else g for g in content.groups))


def drop_name(content: Content, name: str) -> Content:
    """The name stands for no body of the plan: no duty names it any more."""
    if name not in {body.name for body in content.bodies} | {group.name for group in content.groups}:
        raise BadInput(_("Văn bản này không nêu cơ quan “{name}”.").format(name=name))
    return replace(content, items=tuple(_without(item, name) for item in content.items))


def _without(item: Item, name: str) -> Item:
    def kept(named: Iterable[Named]) -> tuple[Named, ...]:
        return tuple(each for each in named if each.name != name or each.agency)

    return replace(
        item,
        agencies=kept(item.agencies),
        cooperating=kept(item.cooperating),
        recipients=kept(item.recipients),
        via=kept(item.via),
    )


def choose_body(
    content: Content, name: str, agency: str, *, new: bool, known: Collection[str], called: str = ""
) -> Content:
    """The body that a name stands for. ``new``: one that the register does not hold and that comes in with the plan,
    ``called`` so."""
    body = next((b for b in content.bodies if b.name == name), None)
    if body is None:
        raise BadInput(_("Văn bản này không nêu cơ quan “{name}”.").format(name=name))
    if not _AGENCY_ID.fullmatch(agency):
        raise BadInput(_("Mã cơ quan “{agency}” không đúng: viết dạng son-la.so-tai-chinh.").format(agency=agency[:80]))
    if new and agency in known:
        raise BadInput(_("Mã {agency} đã có trong danh mục; chọn cơ quan đó hoặc đặt mã khác.").format(agency=agency))
    if not new and agency not in known:
        raise BadInput(_("Không có cơ quan {agency} trong danh mục.").format(agency=agency))
    written = " ".join(called.split()) if new else ""
    if len(written) > LONGEST_NAME:
        raise BadInput(_("Tên cơ quan dài quá {n} ký tự.").format(n=LONGEST_NAME))
    written = "" if written == name else written
    changed = replace(body, agency=agency, is_new=new, ambiguous=False, looked=True, called=written)
    bodies = tuple(changed if b.name == name else b for b in content.bodies)
    still = any(b.agency == body.agency for b in bodies)  # under another name of the document
    if body.agency is None or still:
        return replace(content, bodies=bodies)
    return replace(content, bodies=bodies, groups=tuple(_instead(g, body.agency, agency, name) for g in content.groups))


def _instead(group: GroupName, was: str, agency: str, name: str) -> GroupName:
    """The group with that member under its new id, once."""
    there = {member.agency for member in group.members}
    if was not in there:
        return group
    if agency in there:
        return replace(group, members=tuple(member for member in group.members if member.agency != was))
    members = tuple(replace(m, agency=agency, name=name) if m.agency == was else m for m in group.members)
    return replace(group, members=members)
