"""What can be a Vietnamese syllable, without marks."""

from __future__ import annotations

import re
from functools import cache

_RHYME = (
    r"(?:a(?:ch?|m|ng?|nh|o|p|t|u|y|i)?|e(?:ch?|m|ng?|nh|o|p|t|u)?|i(?:a|ch?|e(?:c|m|ng?|p|t|u)|m|nh?|p|t|u)?"
    r"|o(?:a(?:c|ch|i|m|ng?|nh|o|p|t|y)?|c|e(?:n|o|t)?|i|m|ng?|o(?:c|ng)|p|t)?"
    r"|u(?:a|c|e(?:ch|nh|n|t|u)?|i|m|ng?|o(?:c|i|m"
    r"|ng?|t|u)|p|t|u|y(?:ch|e(?:n|t)|nh?|p|t|a|u)?"
    r"|an|ang|at|ay|ac|ai|anh|ach|oi|o)?"
    r"|y(?:e(?:m|ng?|t|u))?)"
)
_SYLLABLE = re.compile(rf"(?:b|ch?|d|gh?|gi|h|kh?|l|m|ngh?|nh|n|ph|p|qu|r|s|th|tr|t|v|x)?{_RHYME}")


@cache
def is_syllable(word: str) -> bool:
    """Whether a folded word can be a Vietnamese syllable."""
    return bool(_SYLLABLE.fullmatch(word))
