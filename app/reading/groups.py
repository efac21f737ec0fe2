"""Who stands behind a collective name ("các sở, ngành", "UBND các huyện"): proposals with their ground. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from plans.model import Agency
from plans.text import fold, sort_key
from tasks.reading_model import GroupName, Member

_DISTRICTS = ("thanh pho", "thi xa", "huyen", "quan")
_COMMUNES = ("phuong", "xa", "thi tran", "dac khu")
_TWO_LEVELS = date(2025, 7, 1)  # Luật 72/2025/QH15: no districts from this day on
_DISTRICT_WORDS = re.compile(r"\b(?:huyen|thixa|(?<!co )quan)\b")
_COMMUNE_WORDS = re.compile(r"\b(?:xa|(?<!dia )phuong|thi tran|dac khu)\b")
_POLICE = re.compile(r"\bcong an\b")
_COMMITTEES = re.compile(
    r"\b(?:ubnd|uy ban nhan dan|dia phuong|chinh quyen)\b|^cac (?:huyen|xa|phuong|thi xa|thanh pho)\b"
)
_DEPARTMENTS = re.compile(r"\b(?:so|(?<!dia )ban|nganh|phong|co quan|don vi)\b")
_CALLED = {"ubnd": re.compile(r"^(?:ubnd|uy ban nhan dan) "), "police": re.compile(r"^cong an ")}


@dataclass(frozen=True, slots=True)
class Headed:
    """A body that has a heading of its own in the document, or is named in one with others."""

    agency: str
    name: str
    label: str
    requested: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """What the document is: its day (who existed then), the level of its issuer, its lead unit, the bodies of the unit.

    ``collective``: labels of headings by the folded collective name that stands in them.
    """

    on: date
    level: str
    lead: str
    bodies: Sequence[Agency]
    headed: Sequence[Headed] = ()
    collective: tuple[tuple[str, str], ...] = ()


def propose(name: str, section: str, setting: Setting) -> GroupName:
    """The bodies that a collective name means, each with the clause that counts it in."""
    said = fold(name)
    found: dict[str, Member] = {}
    police = bool(_POLICE.search(said))
    if police:
        members = _below("police", said, _label(said, setting) or section, setting)
    else:
        members = [*_departments(said, setting, section), *_committees(said, section, setting)]
    for member in members:
        found.setdefault(member.agency, member)
    below_lead = police and any(b.id == setting.lead and fold(b.name).startswith("cong an") for b in setting.bodies)
    return GroupName(name, tuple(found.values()), "subordinate" if below_lead else "peer")


def _departments(said: str, setting: Setting, section: str) -> Iterator[Member]:
    """Those with a heading of their own: not the lead unit, not who is only asked, no authority of a lower level."""
    if not _DEPARTMENTS.search(_COMMITTEES.sub(" ", said)):
        return
    for headed in setting.headed:
        if headed.agency == setting.lead or headed.requested or _CALLED["ubnd"].match(fold(headed.name)):
            continue
        yield Member(headed.agency, headed.name, _ground(headed.label, section))


def _committees(said: str, section: str, setting: Setting) -> Sequence[Member]:
    if not _COMMITTEES.search(said):
        return []
    return _below("ubnd", said, _label(said, setting) or section, setting, section)


def _below(kind: str, said: str, label: str, setting: Setting, section: str = "") -> list[Member]:
    """Bodies of that kind of the levels that the name says, else of the level below the issuer."""
    levels = _levels(said, setting)
    found = [
        body
        for body in setting.bodies
        if body.id != setting.lead
        and existed(body, setting.on)
        and _of_level(kind, fold(body.name_on(setting.on)), levels)
    ]
    ground = _ground(label, section)
    return [
        Member(b.id, b.name_on(setting.on), ground)
        for b in sorted(found, key=lambda b: sort_key(b.name_on(setting.on)))
    ]


def _levels(said: str, setting: Setting) -> tuple[str, ...]:
    """Of the bodies below: those that the name says ("các huyện, thành phố"), else the next below the issuer."""
    words = said.replace("thi xa", "thixa")
    communes = bool(_COMMUNE_WORDS.search(words))
    districts = bool(_DISTRICT_WORDS.search(words)) or (
        setting.level == "province" and "thanh pho" in words and not communes
    )
    if not communes and not districts:
        districts = setting.level == "province" and setting.on < _TWO_LEVELS
        communes = not districts
    return (*(_DISTRICTS if districts else ()), *(_COMMUNES if communes else ()))


def _of_level(kind: str, name: str, levels: Iterable[str]) -> bool:
    head = _CALLED[kind].match(name)
    return (
        head is not None
        and any(name[head.end() :].startswith(f"{level} ") for level in levels)
        and not ("cap xa" in name or "cap huyen" in name)
    )


def existed(body: Agency, on: date) -> bool:
    """Whether it was there on that day, as far as is known."""
    return (body.start is None or body.start <= on) and (body.until is None or on <= body.until)


def _label(said: str, setting: Setting) -> str:
    """The heading that bears the collective name, or one very like it."""
    words = set(said.split())
    best = max(setting.collective, key=lambda each: len(words & set(each[0].split())), default=None)
    if best is None or len(words & set(best[0].split())) < min(2, len(words)):
        return ""
    return best[1] if _POLICE.search(said) is None or "cong an" in best[0] else ""


def _ground(label: str, section: str) -> str:
    return "; ".join(dict.fromkeys(part for part in (label, section) if part)) or "…"
