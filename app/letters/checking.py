"""What a letter may not say, whoever typed it: no criticism that the plan does not threaten, no pressing of a body
that is only requested."""

from __future__ import annotations

from app.letters.choices import Choices
from letters.facts import Facts, Reporting, Urging
from letters.phrases import criticises
from plans.model import Relation
from plans.text import _
from tasks.errors import BadInput

_CRITICISM = "phê bình"
_PRESSING = ("đôn đốc", "yêu cầu")


def check(choices: Choices, facts: Facts, relation: Relation) -> None:
    """Looks at the officer's own words; dondoc's keep to this by themselves. Raises BadInput, naming the word."""
    said = " ".join((choices.abstract, *choices.body, *choices.proposals, choices.reason)).lower()
    if _CRITICISM in said and not _threatened(facts, relation):
        raise BadInput(_("Kế hoạch không nêu phê bình: không ghi vào công văn này."))
    if relation is Relation.REQUESTED:
        for word in _PRESSING:
            if word in said:
                raise BadInput(_("Cơ quan được đề nghị phối hợp: không ghi “{word}”.").format(word=word))


def _threatened(facts: Facts, relation: Relation) -> bool:
    if not isinstance(facts, Urging | Reporting) or relation is Relation.REQUESTED:
        return False
    return facts.consequence is not None and criticises(facts.consequence)
