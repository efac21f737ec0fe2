"""What a person may do with a reading: from one content to the next. Pure; refusals are BadInput in plain words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from plans.text import _
from tasks.errors import BadInput
from tasks.reading_model import (
    FACTS,
    BodyName,
    Content,
    Fact,
    GroupName,
    Item,
    Named,
    Origin,
    Place,
    State,
)
from tasks.stands import refuse_unwritten

LONGEST_REASON = 500
LONGEST_TITLE = 500
_EDITABLE = frozenset(
    ("title", "section", "product", "note", "kind", "rule", "boundary", "time", "agencies", "cooperating",
     "recipients", "via")
)  # fmt: skip
KINDS = ("fact", "item", "body", "group")


def item_of(content: Content, number: int) -> Item:
    """Raises BadInput."""
    try:
        return content.item(number)
    except KeyError:
        raise BadInput(_("Văn bản này không có nhiệm vụ đề xuất số {n}.").format(n=number)) from None


def with_items(content: Content, changed: Iterable[Item]) -> Content:
    """The same with these items in the place of those of the same number."""
    new = {item.id: item for item in changed}
    return replace(content, items=tuple(new.get(item.id, item) for item in content.items))


def accept(content: Content, numbers: Collection[int]) -> Content:
    """These are duties; what was doubtful about them has been looked at."""
    chosen = [item_of(content, number) for number in numbers]
    return with_items(content, [replace(i, state=State.ACCEPTED, looked=True, reason="") for i in chosen])


def ignore(content: Content, numbers: Collection[int], reason: str) -> Content:
    """These are no duties, or none of ours."""
    said = " ".join(reason.split())
    if not said:
        raise BadInput(_("Ghi lý do bỏ qua đề xuất này."))
    if len(said) > LONGEST_REASON:
        raise BadInput(_("Lý do dài quá {n} ký tự.").format(n=LONGEST_REASON))
    chosen = [item_of(content, number) for number in numbers]
    return with_items(content, [replace(i, state=State.IGNORED, reason=said) for i in chosen])


def assign(content: Content, numbers: Collection[int], named: Sequence[Named], *, instead: bool) -> Content:
    """These bodies are responsible for those of these that name nobody; ``instead``: for all, whoever stands there."""
    if not named:
        raise BadInput(_("Ghi tên cơ quan được giao."))
    chosen = [item_of(content, number) for number in numbers]
    changed = [replace(item, agencies=tuple(named)) for item in chosen if instead or not item.agencies]
    for item in changed:
        content = named_too(content, item)
    return with_items(content, changed)


def restore(content: Content, number: int) -> Content:
    """To be decided anew."""
    return with_items(content, [replace(item_of(content, number), state=State.PROPOSED, reason="")])


def edit(content: Content, number: int, changes: Mapping[str, Any], text: str) -> Content:
    """Other values for some fields. A date that the document does not name is refused.

    Raises BadInput, KeyError for a field that cannot be edited.
    """
    if not changes.keys() <= _EDITABLE:
        raise KeyError(sorted(changes.keys() - _EDITABLE))
    was = item_of(content, number)
    item = replace(was, **changes)
    check_item(item, text)
    if "rule" in changes or "time" in changes:
        refuse_unwritten(item, text)
    return with_items(named_too(content, item), [item])


def check_item(item: Item, text: str) -> None:
    """Raises BadInput."""
    if not item.title.strip():
        raise BadInput(_("Nhiệm vụ cần có tên."))
    if len(item.title) > LONGEST_TITLE:
        raise BadInput(_("Tên nhiệm vụ dài quá {n} ký tự.").format(n=LONGEST_TITLE))
    for place in (item.time, item.clause, item.title_place, item.product_place, item.window_place):
        check_place(place, text)
    for named in (*item.agencies, *item.cooperating, *item.recipients, *item.via):
        check_place(named.place, text)


def check_place(place: Place | None, text: str) -> None:
    """Raises BadInput where no words of the document stand there."""
    if place is not None and not (0 <= place.start < place.end <= len(text) and place.of(text).strip()):
        raise BadInput(_("Đoạn được chọn không nằm trong văn bản."))


def named_too(content: Content, item: Item) -> Content:
    """The names of a changed item among the names to be settled."""
    known = {body.name for body in content.bodies} | {group.name for group in content.groups}
    for named in (*item.agencies, *item.cooperating, *item.recipients, *item.via):
        if named.agency is None and named.name not in known:
            known.add(named.name)
            if named.group:
                content = replace(content, groups=(*content.groups, GroupName(named.name)))
            else:
                content = replace(content, bodies=(*content.bodies, BodyName(named.name, None)))
    return content


def split(content: Content, number: int) -> Content:
    """The item and a copy of it, both to be decided anew."""
    was = item_of(content, number)
    first = replace(was, state=State.PROPOSED, reason="", looked=False, origin=Origin.SPLIT)
    second = replace(first, id=next_number(content), came_of=(was.id,))
    at = content.items.index(was)
    return replace(content, items=(*content.items[:at], first, second, *content.items[at + 1 :]))


def merge(content: Content, numbers: Sequence[int]) -> Content:
    """All in the first one, which is decided anew; the others are ignored and can be restored."""
    if len(set(numbers)) < 2:
        raise BadInput(_("Chọn ít nhất hai đề xuất để gộp."))
    first, *others = [item_of(content, number) for number in dict.fromkeys(numbers)]
    together = [first, *others]
    kept = replace(
        first,
        agencies=_union(i.agencies for i in together),
        cooperating=_union(i.cooperating for i in together),
        recipients=_union(i.recipients for i in together),
        via=_union(i.via for i in together),
        product=next((i.product for i in together if i.product), None),
        doubts=tuple(dict.fromkeys(doubt for i in together for doubt in i.doubts)),
        state=State.PROPOSED,
        reason="",
        looked=False,
        origin=Origin.MERGED,
        came_of=tuple(i.id for i in others),
    )
    why = f"Đã gộp vào đề xuất số {first.id}."  # kept, so in the language of the document
    return with_items(content, [kept, *(replace(i, state=State.IGNORED, reason=why) for i in others)])


def _union(lists: Iterable[tuple[Named, ...]]) -> tuple[Named, ...]:
    found: dict[tuple[str, str | None], Named] = {}
    for each in lists:
        for named in each:
            found.setdefault((named.name, named.agency), named)
    return tuple(found.values())


def add(content: Content, item: Item, text: str) -> tuple[Content, int]:
    """A duty that was not proposed, after those that stand before it in the document; and its number."""
    if item.clause is None:
        raise BadInput(_("Chọn đoạn văn bản nêu nhiệm vụ."))
    made = replace(item, id=next_number(content), origin=Origin.ADDED, state=State.PROPOSED)
    check_item(made, text)
    refuse_unwritten(made, text)
    later = [at for at, each in enumerate(content.items) if each.clause and each.clause.start > item.clause.start]
    at = later[0] if later else len(content.items)
    items = (*content.items[:at], made, *content.items[at:])
    return named_too(replace(content, items=items), made), made.id


def next_number(content: Content) -> int:
    return max((item.id for item in content.items), default=0) + 1


def set_fact(content: Content, name: str, value: str, place: Place | None, text: str) -> Content:
    """What a person reads in the head of the document, or on the paper; "" where it says nothing."""
    if name not in FACTS:
        raise KeyError(name)
    check_place(place, text)
    said = " ".join(value.split())
    facts = {**content.facts, name: Fact(said, place, looked=True, typed=True)}
    if not said:
        facts.pop(name)
    content = replace(content, facts=facts)
    if name == "lead" and said and said not in {body.name for body in content.bodies}:
        content = replace(content, bodies=(*content.bodies, BodyName(said, None)))
    return content


def look(content: Content, kind: str, name: str) -> Content:
    """The doubts there have been looked at."""
    match kind:
        case "fact" if name in content.facts:
            return replace(content, facts={**content.facts, name: replace(content.facts[name], looked=True)})
        case "item" if name.isdecimal():
            return with_items(content, [replace(item_of(content, int(name)), looked=True)])
        case "body":
            looked = tuple(replace(b, looked=True) if b.name == name else b for b in content.bodies)
            return replace(content, bodies=looked)
        case "group":
            return replace(
                content, groups=tuple(replace(g, looked=True) if g.name == name else g for g in content.groups)
            )
    raise BadInput(_("Văn bản này không có mục đó."))


def changed_parts(was: Content, now_is: Content) -> frozenset[str]:
    """What a move has changed, added or taken away, by the names of ``Content.touched``."""
    old, new = _parts(was), _parts(now_is)
    return frozenset(part for part in old.keys() | new.keys() if old.get(part) != new.get(part))


def _parts(content: Content) -> dict[str, object]:
    return {
        **{f"item-{item.id}": item for item in content.items},
        **{f"fact-{name}": fact for name, fact in content.facts.items()},
        **{f"body:{body.name}": body for body in content.bodies},
        **{f"group:{group.name}": group for group in content.groups},
    }
