"""Sentences of the office's own: what its letters say instead of the sentences that dondoc comes with.

Only what is asked or announced may be written anew; grounds, counts, dates and what the plan threatens are dondoc's.
Words in braces are filled when the letter is worded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from letters.facts import Office
from plans.model import Relation
from plans.text import N_, _


class LetterText(StrEnum):
    """Which sentence of a letter."""

    ASSIGNED = "assigned"  # the last sentence of a giao việc
    URGED = "urged"  # what a đôn đốc asks for
    EXTENDED = "extended"
    KEPT = "kept"  # the deadline stays
    CORRECTED = "corrected"  # the last sentence of a đính chính


OFFICE, PRODUCT, DAY, PLAN, DOCUMENT, GROUND, WORDS, SUPERIOR = (
    "đơn vị theo dõi",
    "nội dung",
    "ngày gửi",
    "kế hoạch",
    "văn bản",
    "căn cứ",
    "thời hạn cũ",
    "cấp trên",
)
_FIELDS = {
    LetterText.ASSIGNED: (OFFICE, PLAN),
    LetterText.URGED: (PRODUCT, DAY, OFFICE, PLAN),
    LetterText.EXTENDED: (PRODUCT, DAY, GROUND, OFFICE),
    LetterText.KEPT: (PRODUCT, WORDS, SUPERIOR, OFFICE),
    LetterText.CORRECTED: (DOCUMENT, OFFICE),
}
_NEEDED = {
    LetterText.ASSIGNED: (),
    LetterText.URGED: (PRODUCT, DAY),
    LetterText.EXTENDED: (PRODUCT, DAY),
    LetterText.KEPT: (),
    LetterText.CORRECTED: (DOCUMENT,),
}
_NAMES = {
    LetterText.ASSIGNED: N_("Công văn giao việc: câu kết"),
    LetterText.URGED: N_("Công văn đôn đốc: câu yêu cầu, đề nghị"),
    LetterText.EXTENDED: N_("Công văn gia hạn: câu cho gia hạn"),
    LetterText.KEPT: N_("Công văn gia hạn: câu không gia hạn"),
    LetterText.CORRECTED: N_("Công văn đính chính: câu kết"),
}
RELATIONS = (Relation.SUBORDINATE, Relation.PEER, Relation.REQUESTED)  # no letter goes to the lead unit itself


@dataclass(frozen=True, slots=True)
class LetterKey:
    """Which sentence to whom; as a setting and in addresses ``letter.urged.peer``."""

    text: LetterText
    relation: Relation

    def __str__(self) -> str:
        return f"letter.{self.text}.{self.relation}"

    @staticmethod
    def of(said: str) -> LetterKey:
        """Raises ValueError where there is no such sentence."""
        known = next((key for key in all_keys() if str(key) == said), None)
        if known is None:
            raise ValueError(f"no sentence of the letters: {said}")
        return known

    @property
    def fields(self) -> tuple[str, ...]:
        """What may stand in braces."""
        return _FIELDS[self.text]

    @property
    def needed(self) -> tuple[str, ...]:
        """Each of these has to stand in it."""
        return _NEEDED[self.text]

    @property
    def name(self) -> str:
        return _(_NAMES[self.text])


def all_keys() -> Iterator[LetterKey]:
    for text in LetterText:
        for relation in RELATIONS:
            yield LetterKey(text, relation)


def own(office: Office, text: LetterText, relation: Relation, ready: str, values: Mapping[str, str]) -> str:
    """The office's own sentence with its places filled; ``ready`` where it has none."""
    said = office.texts.get(str(LetterKey(text, relation)))
    return ready if said is None else re.sub(r"\{([^{}]*)\}", lambda found: values[found[1].strip()], said)
