"""``dondoc doctor``: what has stopped or will stop, and what to do about it, in words for whoever is on duty.

Facts are gathered by a thin layer (``register``, ``machine``, ``mail``; Prefect's in ``flows.health``) and judged by
small pure functions (``judge_…``). Every check stands alone: one that crashes or hangs is itself a finding.
"""

from app.doctor.model import Check, Finding, Level, worst
from app.doctor.running import examine

__all__ = ["Check", "Finding", "Level", "examine", "worst"]
