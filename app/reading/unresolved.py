"""What still has to be looked at before a plan can be made: nothing doubtful is followed unseen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.reading.doubts import fact_doubts, item_doubts
from app.reading.due import due_of, issued_of
from app.reading.standing import Parties, accepted
from plans.text import _
from tasks.reading_model import MUST, BodyName, Content, Item, State


@dataclass(frozen=True, slots=True)
class Open:
    """``what`` it concerns, ``where`` on the page ("item-3", "fact-signed", "body-2", "group-0"), a sentence."""

    what: str
    where: str
    sentence: str


def fact_label(name: str) -> str:
    """What the screen calls a fact."""
    return {
        "title": _("Trích yếu"), "short": _("Tên gọi tắt"), "plan": _("Mã kế hoạch"), "number": _("Số, ký hiệu"),
        "signed": _("Ngày ban hành"), "issuer": _("Cơ quan ban hành"), "level": _("Cấp ban hành"),
        "implements": _("Thực hiện văn bản"), "parent": _("Kế hoạch cấp trên"), "unit": _("Mã đơn vị"),
        "lead": _("Đơn vị theo dõi, đôn đốc"), "lead_section": _("Mục giao theo dõi, đôn đốc"),
        "horizon": _("Thực hiện đến hết ngày"),
    }[name]  # fmt: skip


def unresolved(content: Content, text: str, *, lead: str | None = None) -> list[Open]:
    """Everything that blocks the start, in the order of the page. Pure.

    ``lead``: the unit that the document belongs to (agency id); nobody makes a plan that another unit is to follow up.
    """
    other = _other_lead(content, lead) if lead is not None else ()
    return [*_facts(content), *other, *_items(content, text), *_bodies(content), *_groups(content)]


def _other_lead(content: Content, lead: str) -> Iterator[Open]:
    found = Parties(content).lead
    if found is not None and found != lead:
        said = _(
            "Đơn vị theo dõi là {found}, không phải đơn vị đọc văn bản này ({unit}): chọn lại hoặc nhập tên đơn vị."
        )
        yield Open(fact_label("lead"), "fact-lead", said.format(found=found, unit=lead))


def _facts(content: Content) -> Iterator[Open]:
    for name in MUST:
        if name not in content.facts:
            said = _("Chưa có {what}: văn bản không nêu hoặc không đọc được.").format(what=fact_label(name).lower())
            yield Open(fact_label(name), f"fact-{name}", said)
    for name, fact in content.facts.items():
        if fact.doubts and not fact.looked:
            yield Open(fact_label(name), f"fact-{name}", " ".join(fact_doubts(name, fact)))
    issued, horizon = issued_of(content.facts), content.facts.get("horizon")
    if issued is not None and horizon is not None and horizon.value < str(issued):
        yield Open(fact_label("horizon"), "fact-horizon", _("Ngày này trước ngày ban hành."))
    if "signed" in content.facts and issued is None:
        yield Open(fact_label("signed"), "fact-signed", _("Ngày ban hành ghi dạng 2023-11-07, 2023-11 hoặc 2023."))


def _items(content: Content, text: str) -> Iterator[Open]:
    if not any(item.state is State.ACCEPTED for item in content.items):
        yield Open(_("Nhiệm vụ"), "items", _("Chưa đưa nhiệm vụ nào vào kế hoạch."))
    for item in content.items:
        where = f"item-{item.id}"
        if item.state is State.PROPOSED:
            yield Open(item.title, where, _("Chưa quyết định: đưa vào kế hoạch hay bỏ qua."))
        elif item.state is State.ACCEPTED:
            if not item.agencies:
                yield Open(item.title, where, _("Cần phân công: chưa có cơ quan thực hiện."))
            for doubt in _doubts(item, content, text):
                yield Open(item.title, where, doubt)


def _doubts(item: Item, content: Content, text: str) -> Iterator[str]:
    due = due_of(item, content, text)
    if due.problem:
        yield due.problem
    if not item.looked:
        yield from item_doubts(item)
        yield from due.doubts


def attention(content: Content) -> frozenset[str]:
    """The names that want a look, or will when all that is proposed is taken: their places on the page."""
    taken = tuple(replace(i, state=State.ACCEPTED) if i.state is State.PROPOSED else i for i in content.items)
    whole = replace(content, items=taken)
    return frozenset(each.where for each in (*_bodies(whole), *_groups(whole)))


def _bodies(content: Content) -> Iterator[Open]:
    used = used_names(content)
    for at, body in enumerate(content.bodies):
        if body.name in used and (said := _about(body)):
            yield Open(body.name, f"body-{at}", said)


def _about(body: BodyName) -> str:
    if body.agency is None:
        return _("Chưa chọn cơ quan trong danh mục cho tên này.")
    if body.looked:
        return ""
    if body.ambiguous:
        return _("Nhiều cơ quan trong danh mục cùng khớp với tên này: chọn một.")
    if body.is_new:
        return _("Danh mục chưa có cơ quan này: chọn cơ quan đã có hoặc xác nhận thêm mới.")
    if body.ended:
        return _("Cơ quan này đã kết thúc hoạt động trước ngày ban hành: xem cơ quan kế thừa.")
    return ""


def _groups(content: Content) -> Iterator[Open]:
    parties = Parties(content)
    everyone = (named for item in accepted(content) for named in item.agencies)
    used = {group.name for named in everyone if (group := parties.group(named)) is not None}
    for at, group in enumerate(content.groups):
        if group.name not in used:
            continue
        if not group.chosen:
            yield Open(group.name, f"group-{at}", _("Tên chung này chưa có cơ quan nào được chọn."))
        elif not group.looked:
            yield Open(group.name, f"group-{at}", _("Xem lại danh sách cơ quan đề xuất cho tên chung này."))


def used_names(content: Content) -> frozenset[str]:
    """The names of single bodies that the plan will name, those behind its collective names too."""
    named = {n.name for i in accepted(content) for n in (*i.agencies, *i.cooperating, *i.recipients, *i.via)}
    lead, parties = content.facts.get("lead"), Parties(content)
    members = {
        member.agency
        for item in accepted(content)
        for n in (*item.agencies, *item.cooperating)
        if (group := parties.group(n)) is not None
        for member in group.chosen
    }
    behind = {b.name for b in content.bodies if b.is_new and b.agency in members}
    return frozenset(named | ({lead.value} if lead else set()) | behind)
