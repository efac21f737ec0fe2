"""One duty: what is typed in its form, as it stands in the document, and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from plans.plan_text import Document
from web.planform import ladder
from web.planform.bodies import Names, forget_unused, id_of
from web.planform.due import due_document
from web.planform.values import Typed, list_of, put, put_pair, slug, text_of

TEXTS = ("title", "section", "action", "product", "feeds", "note")
PAIR = ("consequence_section", "consequence_quote")
NAMES = (*TEXTS, *PAIR, "no_file", *ladder.NAMES)


@dataclass(frozen=True, slots=True)
class Option:
    """Somebody who can be called on: a group or a body."""

    key: str
    name: str
    hint: str
    group: bool = False


@dataclass(frozen=True, slots=True)
class RecipientRow:
    name: str
    role: str
    detail: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who is called on in the form: keys of options, and rows of recipients."""

    responsible: Sequence[str]
    cooperating: Sequence[str]
    recipients: list[RecipientRow]


def duty_values(duty: Document) -> dict[str, str]:
    """What the form shows of the plain fields."""
    values = {name: text_of(duty, name) for name in TEXTS}
    values |= {name: text_of(duty, "consequence", name.removeprefix("consequence_")) for name in PAIR}
    values |= ladder.ladder_values(duty)
    values["no_file"] = "1" if text_of(duty, "no_file") in ("true", "True", "TRUE", "yes", "Yes") else ""
    return values


def called(duty: Document, key: str) -> list[str]:
    """Who is called on, as keys of options."""
    return [each if isinstance(each, str) else text_of(each, "agency") for each in list_of(duty, key)]


def recipients_of(duty: Document, names: Names) -> list[RecipientRow]:
    """The rows of recipients, by name."""
    rows = []
    for each in list_of(duty, "recipients"):
        agency = each if isinstance(each, str) else text_of(each, "agency")
        rows.append(RecipientRow(names.name(agency), text_of(each, "role") or "main", text_of(each, "detail")))
    return rows


def options(document: Document, names: Names, duty: Document) -> list[Option]:
    """The plan's groups, the lead unit, the bodies named one by one, members of groups, others of this duty."""
    found: dict[str, Option] = {}
    for group in list_of(document, "groups"):
        key, members = text_of(group, "id"), [text_of(each, "agency") for each in list_of(group, "members")]
        found[key] = Option(key, text_of(group, "name"), str(len(members)), group=True)
    lead = text_of(document, "lead", "agency")
    bodies = [(lead, "lead")] if lead else []
    bodies += [(text_of(each, "agency"), "") for each in list_of(document, "parties")]
    for group in list_of(document, "groups"):
        bodies += [(text_of(each, "agency"), text_of(group, "name")) for each in list_of(group, "members")]
    bodies += [(each, "") for key in ("responsible", "cooperating") for each in called(duty, key)]
    for key, hint in bodies:
        found.setdefault(key, Option(key, names.name(key), hint))
    return list(found.values())


def with_duty(
    document: Document, names: Names, place: int | None, typed: Typed, chosen: Chosen
) -> tuple[Document, int]:
    """The document with that duty as typed (None: a new one at the end), and where it stands."""
    changed = dict(document)
    duties = list(list_of(document, "duties"))
    if place is None:
        place = len(duties)
        duties.append({})
    old = duties[place]
    duty = dict(old)
    for name in TEXTS:
        put(duty, name, typed.get(name, ""))
    put(duty, "no_file", "true" if typed.get("no_file") else "")
    put_pair(duty, "consequence", {name.removeprefix("consequence_"): typed.get(name, "") for name in PAIR})
    ladder.put_ladder(duty, typed)
    if "id" not in duty:
        taken = {text_of(each, "id") for each in duties}
        duty["id"] = slug(typed.get("title", ""), taken, f"viec-{place + 1}")
    for key, wanted in (("responsible", chosen.responsible), ("cooperating", chosen.cooperating)):
        _put_list(duty, key, _kept(list_of(old, key), wanted))
    _put_list(duty, "recipients", [_recipient(changed, names, row, old) for row in chosen.recipients if row.name])
    due = due_document(typed)
    duty.pop("due", None)
    if due:
        duty["due"] = due
    duties[place] = duty
    changed["duties"] = duties
    forget_unused(changed)
    return changed, place


def _put_list(duty: Document, key: str, items: list[Any]) -> None:
    if items:
        duty[key] = items
    else:
        duty.pop(key, None)


def _kept(old: list[Any], wanted: Sequence[str]) -> list[Any]:
    """What stood there keeps its place and its own clause; what is new comes after it."""
    standing = {each if isinstance(each, str) else text_of(each, "agency"): each for each in old}
    kept = [each for key, each in standing.items() if key in wanted]
    return kept + [key for key in dict.fromkeys(wanted) if key not in standing]


def _recipient(document: Document, names: Names, row: RecipientRow, old: Document) -> Any:
    agency, _fresh = id_of(document, names, row.name)
    entry: Document = {"agency": agency, "role": row.role or "main"}
    put(entry, "detail", row.detail)
    bare = agency in list_of(old, "recipients") and entry == {"agency": agency, "role": "main"}
    plain = {"agency": agency} in list_of(old, "recipients") and entry == {"agency": agency, "role": "main"}
    return agency if bare else {"agency": agency} if plain else entry


def without_duty(document: Document, place: int) -> Document:
    """The document without that duty."""
    kept = [duty for at, duty in enumerate(list_of(document, "duties")) if at != place]
    changed = {**document, "duties": kept}
    forget_unused(changed)
    return changed


def moved_duty(document: Document, place: int, by: int) -> Document:
    """The document with that duty further up or down."""
    duties = list(list_of(document, "duties"))
    to = place + by
    if 0 <= to < len(duties):
        duties[place], duties[to] = duties[to], duties[place]
    return {**document, "duties": duties}
