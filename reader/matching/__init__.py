"""A body as a text names it -> bodies of a register."""

from reader.matching.matching import Candidate, KnownBody, KnownName, Match, Matcher, Why, match, slug, why_text
from reader.matching.succession import Successor

__all__ = ["Candidate", "KnownBody", "KnownName", "Match", "Matcher", "Successor", "Why", "match", "slug", "why_text"]
