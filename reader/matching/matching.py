"""Finds the body of a register that a text means; never decides where two fit, never replaces an ended one silently."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Protocol

from plans.text import _
from reader.matching.forms import Form, form, with_place
from reader.matching.succession import Successor, ended

ENOUGH = 0.7  # from here on a body counts as found; below it is only shown for choice
_CLOSE = 0.03  # nearer than that two bodies fit equally well
_UNDECIDED = 0.5
_ELSEWHERE = 0.4
_CENTRAL = (("bo",), ("tong", "cuc"), ("chinh", "phu"), ("thu", "tuong"), ("quoc", "hoi"))
_RUNNERS_UP = 5
_SHOWN = 0.3
_ID_MOST = 60  # plans/FORMAT.md
_LETTERS_PER_SLIP = 12
_SHORTEST_SLIP = 8


class KnownName(Protocol):
    """An earlier name."""

    @property
    def name(self) -> str: ...


class KnownBody(Protocol):
    """A body of the register, as ``plans.model.Agency`` has it. ``id`` is ``<unit>.<slug>``."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def aliases(self) -> Sequence[str]: ...
    @property
    def names(self) -> Sequence[KnownName]: ...
    @property
    def start(self) -> date | None: ...
    @property
    def until(self) -> date | None: ...
    @property
    def successor(self) -> str | None: ...


class Why(StrEnum):
    """On what the likeness rests."""

    NAME = "name"  # its name
    ALIAS = "alias"  # a name under which documents call it
    EARLIER = "earlier"  # a name it bore before
    ABBREVIATION = "abbreviation"
    PLACE = "place"  # the same but for words that say where
    SLIP = "slip"  # the same but for a slip of the pen
    PART = "part"  # only a part of the name
    OTHER_PLACE = "other_place"  # a body of that name, of another place or level


@dataclass(frozen=True, slots=True)
class Candidate:
    """A body that may be meant; ``sure`` from 0 to 1."""

    id: str
    sure: float
    why: Why
    ended: bool = False
    """It did not exist any more on the day in question."""


@dataclass(frozen=True, slots=True)
class Match:
    """What was found for a name. Where the register does not hold it, ``best`` is None and ``proposed`` a free slug."""

    name: str
    best: Candidate | None
    others: tuple[Candidate, ...] = ()
    ambiguous: bool = False
    """Another body fits as well as the best one: a person chooses."""
    proposed: str | None = None
    ended: bool = False
    successors: tuple[Successor, ...] = ()


@dataclass(frozen=True, slots=True)
class _Entry:
    body: KnownBody
    unit: str
    forms: tuple[tuple[Why, Form], ...]


class Matcher:
    """A register, prepared for many names."""

    def __init__(self, known: Sequence[KnownBody]) -> None:
        self._entries = tuple(_entry(body) for body in known)
        self._by_id = {body.id: body for body in known}
        self._by_core: dict[tuple[str, ...], list[_Entry]] = {}
        for entry in self._entries:
            for core in {found.core for _ground, found in entry.forms}:
                self._by_core.setdefault(core, []).append(entry)

    def match(self, name: str, *, on: date, unit: str = "") -> Match:
        """The body meant by ``name`` in a document of that day.

        Of ``unit`` (the prefix of ids), where it is given: bodies of other units are then only meant where the name
        says so ("Công an tỉnh Nghệ An"), or where there is one for the whole country ("Bộ Công an").
        """
        wanted = with_place(form(name), unit)
        ranked = self._ranked(wanted, on=on, unit=unit)
        best = ranked[0] if ranked and ranked[0].sure >= ENOUGH else None
        others = tuple(ranked[1 if best else 0 :][:_RUNNERS_UP])
        if best is None:
            gone = ended(wanted, on=on)
            heirs = self._located(gone.heirs, on=on, unit=unit) if gone else ()
            return Match(name, None, others, False, self._free_slug(name, unit), gone is not None, heirs)
        ambiguous = any(best.sure - c.sure < _CLOSE and c.ended == best.ended for c in others)
        if ambiguous:
            best = replace(best, sure=min(best.sure, _UNDECIDED))
        heirs = self._heirs(self._by_id[best.id], wanted, on=on) if best.ended else ()
        return Match(name, best, others, ambiguous, None, best.ended, heirs)

    def _ranked(self, wanted: Form, *, on: date, unit: str) -> list[Candidate]:
        """Bodies of the same core first; only where none of them is meant, all are looked at for slips and parts."""
        found = _candidates(self._by_core.get(wanted.core, ()), wanted, on, unit)
        if not any(c.sure >= ENOUGH for c in found):
            found = _candidates(self._entries, wanted, on, unit)
        found.sort(key=lambda c: (-c.sure, c.ended, unit != "" and _unit(c.id) != unit, c.id))
        return found

    def _heirs(self, body: KnownBody, wanted: Form, *, on: date) -> tuple[Successor, ...]:
        """The register's own suggestion first, then what is known about bodies of that kind."""
        named = self._living(body, on=on)
        own = (Successor(named.name, named.id, default=True),) if named else ()
        gone = ended(wanted, on=on) or ended(with_place(form(body.name), _unit(body.id)), on=on)
        more = self._located(gone.heirs, on=on, unit=_unit(body.id)) if gone else ()
        kept = [replace(heir, default=heir.default and not own) for heir in more if not own or heir.id != own[0].id]
        return (*own, *kept)

    def _living(self, body: KnownBody, *, on: date) -> KnownBody | None:
        """The register's suggestion; where that has ended as well, the next one."""
        named, seen = body, {body.id}
        while named.successor in self._by_id and named.successor not in seen:
            named = self._by_id[named.successor]
            seen.add(named.id)
            if named.until is None or named.until >= on:
                break
        return named if named is not body else None

    def _located(self, heirs: Sequence[Successor], *, on: date, unit: str) -> tuple[Successor, ...]:
        """The same suggestions with the ids of bodies that the register holds."""
        placed = []
        for heir in heirs:
            ranked = self._ranked(with_place(form(heir.name), unit), on=on, unit=unit)
            fits = [c for c in ranked if c.sure >= ENOUGH and not c.ended]
            placed.append(replace(heir, id=fits[0].id if fits and (unit or len(fits) == 1) else None))
        return tuple(placed)

    def _free_slug(self, name: str, unit: str) -> str:
        taken = {id.rsplit(".", 1)[-1] for id in self._by_id if not unit or _unit(id) == unit}
        base, place = slug(name), form(name).place
        if base in taken and place:
            base = _id(f"{base} {place}")
        found, count = base, 1
        while found in taken:
            count += 1
            found = f"{base[: _ID_MOST - 3].rstrip('-')}-{count}"
        return found


def match(name: str, known: Sequence[KnownBody], *, on: date, unit: str = "") -> Match:
    """The body of the register that ``name`` means in a document of that day; see ``Matcher`` for many names."""
    return Matcher(known).match(name, on=on, unit=unit)


def why_text(why: Why) -> str:
    """On what the likeness rests, as a screen says it."""
    return {
        Why.NAME: _("Trùng tên"),
        Why.ALIAS: _("Trùng tên gọi khác"),
        Why.EARLIER: _("Trùng tên cũ"),
        Why.ABBREVIATION: _("Tên viết tắt"),
        Why.PLACE: _("Trùng tên, khác phần ghi địa danh"),
        Why.SLIP: _("Gần trùng, có thể do lỗi đánh máy"),
        Why.PART: _("Chỉ trùng một phần tên"),
        Why.OTHER_PLACE: _("Cùng tên nhưng khác nơi hoặc khác cấp"),
    }[why]


def slug(name: str) -> str:
    """The short id for a new body: abbreviations spelt out, without title and place, as plans/FORMAT.md asks."""
    words = form(name).spelt
    for long, short in (("uy ban nhan dan", "ubnd"), ("hoi dong nhan dan", "hdnd")):
        words = words.replace(long, short)
    return _id(words) or "co-quan"


def _id(words: str) -> str:
    found = "-".join(re.findall(r"[a-z0-9]+", words))
    return found if len(found) <= _ID_MOST else found[: _ID_MOST + 1].rsplit("-", 1)[0][:_ID_MOST]


def _entry(body: KnownBody) -> _Entry:
    unit = _unit(body.id)
    named = [
        (Why.NAME, body.name),
        *((Why.ALIAS, a) for a in body.aliases),
        *((Why.EARLIER, n.name) for n in body.names),
    ]
    return _Entry(body, unit, tuple((why, with_place(form(name), unit)) for why, name in named))


def _candidates(entries: Sequence[_Entry], wanted: Form, on: date, unit: str) -> list[Candidate]:
    return [c for entry in entries if (c := _candidate(entry, wanted, on, unit)) is not None]


def _candidate(entry: _Entry, wanted: Form, on: date, unit: str) -> Candidate | None:
    best = max((_likeness(why, known, wanted, entry.unit) for why, known in entry.forms), key=lambda found: found[0])
    if best[0] < _SHOWN:
        return None
    if unit and entry.unit != unit and best[0] >= ENOUGH and not _reaches(entry, wanted):
        best = (_ELSEWHERE, Why.OTHER_PLACE)
    gone = entry.body.until is not None and entry.body.until < on
    return Candidate(entry.body.id, best[0], best[1], gone)


def _reaches(entry: _Entry, wanted: Form) -> bool:
    """Whether a body of another unit is meant: its place is named, or it is one for the whole country."""
    home = entry.unit.replace("-", " ")
    named = wanted.place != "" and any(wanted.place in (known.place, home) for _ground, known in entry.forms)
    return named or wanted.core[:1] in _CENTRAL or wanted.core[:2] in _CENTRAL


def _likeness(why: Why, known: Form, wanted: Form, unit: str) -> tuple[float, Why]:
    """How alike, and on what it rests."""
    exact = 0.98 if why is Why.EARLIER else 1.0
    if known.whole == wanted.whole:
        return exact, why
    place = _places(known, wanted, unit)
    sure, ground = next(_grounds(why, known, wanted), (0.0, why))
    if place == 0.0:
        return (_ELSEWHERE, Why.OTHER_PLACE) if sure >= ENOUGH else (0.0, ground)
    if place < 1.0 and ground in (Why.NAME, Why.ALIAS, Why.EARLIER):
        ground = Why.PLACE
    return round(sure * place, 3), ground


def _grounds(why: Why, known: Form, wanted: Form) -> Iterator[tuple[float, Why]]:
    if known.core == wanted.core:
        yield (0.96 if why is Why.EARLIER else 0.98), why
    if _shortened(known, wanted):
        yield 0.9, Why.ABBREVIATION
    if _slipped(" ".join(known.core), " ".join(wanted.core)):
        yield 0.8, Why.SLIP
    short, long = sorted((known.core, wanted.core), key=len)
    if len(short) > 1 and long[: len(short)] == short:
        yield 0.55, Why.PART


def _places(known: Form, wanted: Form, unit: str) -> float:
    """1 the same, less where one of them does not say, 0 where they differ."""
    home = unit.replace("-", " ")
    one, other = known.place or home, wanted.place or home
    if one != other and known.place and wanted.place:
        return 0.0
    if wanted.place and not known.place and wanted.place != home and home:
        return 0.0
    if known.level != wanted.level and known.level and wanted.level:
        return 0.0
    silent = (known.level != wanted.level) + (known.place != wanted.place)
    return (1.0, 0.97, 0.92)[silent]


def _shortened(full: Form, short: Form) -> bool:
    """ "Sở TP", "STP", "CAT": the initials of the whole, or of all but the head word."""
    if len(short.core) == 1 and len(full.core) > 1:
        level = full.level.split()[0][0] if full.level else ""
        return short.core[0] in (full.initials, full.initials + level)
    if len(short.core) == 2 and len(full.core) > 2 and short.core[0] == full.core[0]:
        return short.core[1] == full.initials[1:]
    return False


def _slipped(one: str, other: str) -> bool:
    """Whether a letter or two were written wrong, left out, doubled or changed about."""
    most = max(len(one), len(other)) // _LETTERS_PER_SLIP or (min(len(one), len(other)) >= _SHORTEST_SLIP)
    return abs(len(one) - len(other)) <= most and 0 < _distance(one, other, int(most)) <= most


def _distance(one: str, other: str, most: int) -> int:
    """Changes from one to the other, counted up to ``most`` + 1 (optimal string alignment)."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        now = [i]
        for j, b in enumerate(other, 1):
            cost = min(last[j] + 1, now[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                cost = min(cost, before[j - 2] + 1)
            now.append(cost)
        if min(now) > most:
            return most + 1
        before, last = last, now
    return last[-1]


def _unit(id: str) -> str:
    return id.rsplit(".", 1)[0] if "." in id else ""
