"""One reading on the desk: opened from the register with its document, and what the pages ask of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app import reading as review
from app.views.reading import Line, lines, marks_of
from plans.calendar import WorkingCalendar
from plans.model import Reading as DateReading
from plans.model import Register
from plans.text import _
from tasks import reading_store
from tasks.office import office_of, working_calendar
from tasks.reading_model import Content, Fact, Item, Origin, State
from tasks.reading_store import Reading, Source
from web.errors import NotFound
from web.planform import due
from web.planform.due import Preview
from web.planform.problems import form_problem
from web.readings_who import Who
from web.visit import Visit

AT = "/ke-hoach/doc-van-ban"
ONE = AT + "/{reading_id:int}"
ITEM = ONE + "/viec/{number:int}"
NEAR = 4  # proposals on either side


@dataclass
class Desk:
    """What the pages of one reading show."""

    visit: Visit
    reading: Reading
    source: Source
    register: Register
    calendar: WorkingCalendar
    dates: DateReading
    same_plan: review.Open | None = None
    """Another plan bears the id already."""

    @property
    def base(self) -> str:
        return f"{AT}/{self.reading.id}"

    @property
    def content(self) -> Content:
        return self.reading.content

    @property
    def title(self) -> str:
        """How the document is called: its title, else its number, else the name of the file."""
        facts = self.content.facts
        return next((facts[name].value for name in ("title", "number") if name in facts), self.source.name)

    @property
    def closed(self) -> bool:
        """A plan was made of it: it can only be looked at."""
        return self.reading.plan_id is not None

    @cached_property
    def opens(self) -> list[review.Open]:
        """What has to be settled before there can be a plan."""
        if self.closed:
            return []
        found = review.unresolved(self.content, self.source.text, lead=self.reading.lead)
        return [self.same_plan, *found] if self.same_plan is not None else found

    @cached_property
    def wanting(self) -> Mapping[str, list[str]]:
        """The same by the part of the page where it is settled."""
        found: dict[str, list[str]] = {}
        for each in self.opens:
            found.setdefault(each.where, []).append(each.sentence)
        return found

    @property
    def wanting_on(self) -> dict[str, int]:
        """How much there is to be settled on each page."""
        found = dict.fromkeys(("nhiem-vu", "co-quan", "van-ban"), 0)
        for each in self.opens:
            found[page_of(each.where)] += 1
        return found

    @cached_property
    def attention(self) -> frozenset[str]:
        """The names that want a look, or will when all that is proposed is taken: "body-2", "group-0"."""
        return review.attention(self.content)

    def link(self, where: str) -> str:
        """Where that part can be put right."""
        page = page_of(where)
        return f"{self.base}{'' if page == 'nhiem-vu' else '/' + page}#{where}"

    @cached_property
    def counts(self) -> dict[str, int]:
        return {state.value: sum(item.state is state for item in self.content.items) for state in State}

    @cached_property
    def clear(self) -> list[int]:
        """Proposals about which nothing is doubtful."""
        named = [item for item in self.undecided if item.agencies]
        return [item.id for item in named if not self.doubts_of(item) and not self.wrong_due(item)]

    @cached_property
    def undecided(self) -> list[Item]:
        return [item for item in self.content.items if item.state is State.PROPOSED]

    @cached_property
    def parts(self) -> dict[str, int]:
        """Parts of the document with several proposals, and how many: what may be ticked at once."""
        found: dict[str, list[int]] = {}
        for item in self.content.items:
            labels = item.section.split(".") if item.section else []
            for depth in range(1, len(labels) + 1):
                found.setdefault(".".join(labels[:depth]), []).append(item.id)
        several = {label: numbers for label, numbers in found.items() if len(numbers) > 1}
        narrower = {tuple(numbers): label for label, numbers in several.items()}  # the longest label of the same ones
        return {label: len(numbers) for label, numbers in several.items() if narrower[tuple(numbers)] == label}

    def touched_since(self, revision: int, number: int) -> list[Item] | None:
        """Other proposals that somebody has changed since then: their cards are stale. None where more than cards is:
        proposals that came or went, facts, bodies."""
        if not 1 <= revision <= self.reading.revision:
            return None
        touched = {part for part, touch in self.content.touched.items() if touch.revision > revision}
        touched.discard(f"item-{number}")
        stale = [item for item in self.content.items if f"item-{item.id}" in touched and item.origin is Origin.READ]
        return stale if len(stale) == len(touched) else None

    def near(self, item: Item) -> list[Item]:
        """The undecided proposals before and after it: what may be put together with it."""
        numbers = [each.id for each in self.undecided]
        at = numbers.index(item.id) if item.id in numbers else 0
        return [each for each in self.undecided[max(0, at - NEAR) : at + NEAR + 1] if each.id != item.id]

    @property
    def undecided_places(self) -> frozenset[str]:
        return frozenset(f"item-{item.id}" for item in self.undecided)

    def doubts_of(self, item: Item) -> list[str]:
        """What makes it doubtful, as long as nobody has looked."""
        if item.looked or item.state is not State.PROPOSED:
            return []
        return [*review.item_doubts(item), *self._due(item).doubts]

    def fact_doubts(self, name: str, fact: Fact) -> list[str]:
        return review.fact_doubts(name, fact)

    def wrong_due(self, item: Item) -> list[str]:
        """What is wrong with its deadline."""
        return self.preview(self.due(item))[1]

    # -- the document

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        return lines(self.source.text, list(marks_of(self.content)), self.source.pages)

    @cached_property
    def states(self) -> dict[str, str]:
        """What was said to each item, for the colour of its marks."""
        return {f"item-{item.id}": item.state.value for item in self.content.items}

    def saying(self, words: str) -> Item | None:
        """The item whose time expression begins with these words; a plan file may have cut them."""
        wanted = " ".join(words.split()).removesuffix("…").strip()
        if not wanted:
            return None
        timed = ((item, item.time.of(self.source.text)) for item in self.content.items if item.time)
        return next((item for item, said in timed if " ".join(said.replace("*", "").split()).startswith(wanted)), None)

    @cached_property
    def who(self) -> Who:
        """Whom the names of the document stand for."""
        unit = self.content.facts.get("unit")
        return Who(self.content, self.register, unit.value if unit else self.reading.lead.rpartition(".")[0])

    # -- deadlines

    def due(self, item: Item) -> dict[str, Any]:
        """The ``due`` of a plan file, as texts."""
        return dict(as_texts(self._due(item).fields))

    def due_note(self, item: Item) -> str:
        """How a day was reckoned that the document does not name."""
        return self._due(item).note

    def _due(self, item: Item) -> review.Due:
        if item.id not in self._dues:
            self._dues[item.id] = review.due_of(item, self.content, self.source.text)
        return self._dues[item.id]

    @cached_property
    def _dues(self) -> dict[int, review.Due]:
        return {}

    def preview(self, picked: Mapping[str, Any]) -> tuple[Preview, list[str]]:
        """The next dates of a deadline, and what is wrong with it in the words of the form."""
        key = repr(sorted(picked.items()))
        if key not in self._previews:
            found = due.preview(
                self._head, dict(picked), reading=self.dates, calendar=self.calendar, today=self.visit.today
            )
            said = [form_problem(problem, {}) for problem in found.problems]
            wrong = [f"{each.message}. {each.hint}".strip() for each in said]
            if wrong and "issued" not in self._head:
                wrong = [_("Chưa có ngày ban hành: ghi ở bước 1 thì mới tính được thời hạn này.")]
            self._previews[key] = found, wrong
        return self._previews[key]

    @cached_property
    def _previews(self) -> dict[str, tuple[Preview, list[str]]]:
        return {}

    @cached_property
    def _head(self) -> dict[str, str]:
        facts = self.content.facts
        return {to: facts[name].value for name, to in (("signed", "issued"), ("horizon", "until")) if name in facts}


def as_texts(value: Any) -> Any:
    """Numbers of a plan file as the form holds them."""
    if isinstance(value, Mapping):
        return {key: as_texts(each) for key, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [as_texts(each) for each in value]
    return "" if value is None else str(value)


def page_of(where: str) -> str:
    """The page on which that part stands."""
    return {"fact": "van-ban", "body": "co-quan", "group": "co-quan"}.get(where.split("-")[0], "nhiem-vu")


def open_desk(visit: Visit, reading_id: int) -> Desk:
    """Raises ReadingUnknown."""
    with visit.reading() as connection:
        found = reading_store.load(connection, reading_id)
        source = reading_store.source(connection, found.document_id)
        register = review.known_bodies(connection)
        dates = office_of(connection, found.lead).reading
        calendar = working_calendar(connection)
        same = review.same_plan(connection, found.content) if found.plan_id is None else None
    return Desk(visit, found, source, register, calendar, dates, same)


def item_of(desk: Desk, number: int) -> Item:
    """Raises NotFound."""
    try:
        return desk.content.item(number)
    except KeyError:
        raise NotFound from None
