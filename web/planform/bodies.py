"""Who stands in a plan: bodies taken from the register or from the lines of a spreadsheet, in groups or one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from plans.model import Agency, Register
from plans.plan_text import Document
from plans.text import fold, sort_key
from web.planform.values import list_of, slug, text_of

FOUND = 40  # bodies that a search shows
MOST = 500  # lines of one paste


@dataclass(frozen=True, slots=True)
class Row:
    """A body as it stands in the document. ``key`` says where: ``p:<agency>`` or ``g:<group>:<agency>``."""

    key: str
    agency: str
    name: str
    relation: str
    ground: str
    new: bool  # the register does not know it


@dataclass(frozen=True, slots=True)
class GroupRows:
    """A collective name with its members; ``id`` is "" for the bodies named one by one."""

    id: str
    name: str
    relation: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Where:
    """Where bodies are to be put: into which group ("" for none), with which relation and clause."""

    group: str
    group_name: str  # of a new group
    relation: str
    ground: str


@dataclass(slots=True)
class Added:
    """What became of the pasted lines: names of bodies recognized, of new ones, and of those that stood there."""

    known: list[str] = field(default_factory=list)
    fresh: list[str] = field(default_factory=list)
    double: list[str] = field(default_factory=list)


class Names:
    """The bodies that can be written into a document: of the register, and those that it brings itself."""

    def __init__(self, document: Document, register: Register) -> None:
        self.unit = text_of(document, "unit")
        self._register = register
        self._own = {text_of(entry, "id"): text_of(entry, "name") for entry in list_of(document, "agencies")}
        self._folded: dict[str, list[Agency]] = {}

    def written(self, agency: str) -> str:
        """A global id as this document writes it: short where it is of its own unit."""
        return agency.removeprefix(f"{self.unit}.")

    def known(self, agency: str) -> Agency | None:
        wanted = agency if "." in agency else f"{self.unit}.{agency}"
        return self._register.agencies.get(wanted)

    def name(self, agency: str) -> str:
        known = self.known(agency)
        return known.name if known else self._own.get(agency, agency)

    def find(self, words: str) -> Agency | None:
        """The one body of that name, alias or id; of several the one of this unit."""
        if not self._folded:
            for agency in self._register.agencies.values():
                for name in {fold(agency.name), *map(fold, agency.aliases), fold(agency.slug), fold(agency.id)}:
                    self._folded.setdefault(name, []).append(agency)
        hits = self._folded.get(fold(words), [])
        here = [each for each in hits if each.id.startswith(f"{self.unit}.")]
        if len(here) == 1 or len(hits) == 1:
            return (here or hits)[0]
        return None

    def search(self, words: str) -> list[Agency]:
        """Bodies whose name holds all the words, without diacritics too; of this unit first."""
        wanted = fold(words).split()
        if not wanted:
            return []
        hits = [
            each
            for each in self._register.agencies.values()
            if all(word in fold(" ".join((each.name, *each.aliases, each.id))) for word in wanted)
        ]
        hits.sort(key=lambda each: (not each.id.startswith(f"{self.unit}."), sort_key(each.name)))
        return hits[:FOUND]

    def of_unit(self) -> list[str]:
        """The names of this unit's bodies and of those that the document brings."""
        here = {each.name for each in self._register.agencies.values() if each.id.startswith(f"{self.unit}.")}
        return sorted(here | set(self._own.values()), key=sort_key)


def id_of(document: Document, names: Names, words: str) -> tuple[str, bool]:
    """The id of that body as the document writes it; a body that nobody knows is added to the document.

    Returns the id, and whether it is new.
    """
    own = {fold(text_of(entry, "name")): text_of(entry, "id") for entry in list_of(document, "agencies")}
    found = names.find(words)
    if found is not None:
        return names.written(found.id), False
    if fold(words) in own:
        return own[fold(words)], False
    taken = {text_of(entry, "id") for entry in list_of(document, "agencies")}
    taken |= {text_of(entry, "id") for entry in list_of(document, "groups")}
    taken |= {each.removeprefix(f"{names.unit}.") for each in names._register.agencies}
    fresh = slug(words, taken, "co-quan")
    document["agencies"] = [*list_of(document, "agencies"), {"id": fresh, "name": words}]
    return fresh, True


def rows_of(document: Document, names: Names) -> tuple[GroupRows, ...]:
    """The groups with their members, then the bodies named one by one."""
    groups = []
    for group in list_of(document, "groups"):
        name, rows = text_of(group, "id"), list_of(group, "members")
        members = tuple(_row(f"g:{name}:", entry, names) for entry in rows if isinstance(entry, dict))
        groups.append(GroupRows(name, text_of(group, "name"), text_of(group, "relation"), members))
    parties = tuple(_row("p:", entry, names) for entry in list_of(document, "parties") if isinstance(entry, dict))
    return (*groups, GroupRows("", "", "", parties))


def _row(prefix: str, entry: Document, names: Names) -> Row:
    agency = text_of(entry, "agency")
    return Row(
        prefix + agency,
        agency,
        names.name(agency),
        text_of(entry, "relation"),
        text_of(entry, "ground"),
        names.known(agency) is None,
    )


def add_bodies(document: Document, names: Names, lines: Iterable[tuple[str, str]], where: Where) -> Added:
    """Puts bodies (name or id, clause) where they belong. Changes the document."""
    added = Added()
    members = _members(document, where)
    standing = {text_of(entry, "agency") for entry in members}
    for words, ground in lines:
        agency, fresh = id_of(document, names, words)
        if agency in standing:
            added.double.append(words)
            continue
        standing.add(agency)
        entry = {"agency": agency}
        if not where.group and not where.group_name:
            entry["relation"] = where.relation
        entry["ground"] = ground or where.ground
        members.append(entry)
        (added.fresh if fresh else added.known).append(words)
    return added


def _members(document: Document, where: Where) -> list[Any]:
    """The list that the bodies go into, made where it is not there yet."""
    if where.group_name:
        taken = {text_of(entry, "id") for entry in (*list_of(document, "groups"), *list_of(document, "agencies"))}
        made: Document = {"id": slug(f"khoi {where.group_name}", taken, "khoi"), "name": where.group_name}
        made |= {"relation": where.relation, "members": []}
        document["groups"] = [*list_of(document, "groups"), made]
        return list_of(made, "members")
    for group in list_of(document, "groups"):
        if where.group and text_of(group, "id") == where.group:
            group.setdefault("members", [])
            return list_of(group, "members")
    document["parties"] = list_of(document, "parties")
    return list_of(document, "parties")


def change_bodies(document: Document, typed: Mapping[str, tuple[str, str]], gone: set[str]) -> None:
    """Gives bodies another relation or clause, and takes those away that are ``gone``. Changes the document."""
    for group in list_of(document, "groups"):
        prefix = f"g:{text_of(group, 'id')}:"
        group["members"] = _changed(prefix, list_of(group, "members"), typed, gone)
    document["groups"] = [group for group in list_of(document, "groups") if list_of(group, "members")]
    document["parties"] = _changed("p:", list_of(document, "parties"), typed, gone)
    for key in ("groups", "parties"):
        if not document[key]:
            del document[key]
    forget_unused(document)


def _changed(prefix: str, rows: list[Any], typed: Mapping[str, tuple[str, str]], gone: set[str]) -> list[Any]:
    kept = []
    for entry in rows:
        key = prefix + text_of(entry, "agency")
        if key in gone:
            continue
        relation, ground = typed.get(key, (text_of(entry, "relation"), text_of(entry, "ground")))
        changed = {name: value for name, value in entry.items() if name not in ("relation", "ground")}
        if relation:
            changed["relation"] = relation
        kept.append({**changed, "ground": ground})
    return kept


def forget_unused(document: Document) -> None:
    """Takes away the bodies that the document brings along and does not name any more."""
    named = set(_texts({key: value for key, value in document.items() if key != "agencies"}))
    kept = [
        entry
        for entry in list_of(document, "agencies")
        if text_of(entry, "id") in named or f"{text_of(document, 'unit')}.{text_of(entry, 'id')}" in named
    ]
    if kept:
        document["agencies"] = kept
    else:
        document.pop("agencies", None)


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, str):
        yield value


def pasted_lines(pasted: str) -> list[tuple[str, str]]:
    """The lines of a spreadsheet: the name, and the clause where there is a second column. Numbering is left out."""
    found = []
    for line in pasted.splitlines():
        cells = [" ".join(cell.split()) for cell in line.split("\t")]
        if len(cells) > 1 and cells[0].rstrip(".").isdecimal():
            cells = cells[1:]
        if cells[0]:
            found.append((cells[0], cells[1] if len(cells) > 1 else ""))
    return found
