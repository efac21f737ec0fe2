"""The findings in words: for a terminal, for programs, and as Markdown for Prefect's dashboard."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from app.clock_guard import moment_text
from app.doctor.model import Finding, Level, worst
from plans.text import _

_ORDER = (Level.BROKEN, Level.NOTICE, Level.OK)


def alarms(findings: Iterable[Finding]) -> list[Finding]:
    """What somebody has to see to, the worst first."""
    found = list(findings)
    return [each for level in _ORDER[:2] for each in found if each.level is level]


def summary(findings: Sequence[Finding]) -> str:
    """One line: how many are broken, how many want attention."""
    numbers = {level: sum(1 for each in findings if each.level is level) for level in _ORDER}
    if worst(findings) is Level.OK:
        return _("Hệ thống tốt: {n} mục khám, không có gì cần xử lý.").format(n=len(findings))
    said = _("Khám hệ thống: {broken} mục hỏng, {notice} mục cần chú ý.")
    return said.format(broken=numbers[Level.BROKEN], notice=numbers[Level.NOTICE])


def document(findings: Sequence[Finding], *, now: datetime) -> dict[str, Any]:
    """For programs."""
    return {"at": now, "level": worst(findings).value, "checks": [each.document() for each in findings]}


def markdown(findings: Sequence[Finding], *, now: datetime) -> str:
    """What is wrong with its remedy, then what is well."""
    title = _("Khám hệ thống")
    lines = [f"## {title} {moment_text(now)}", "", summary(findings), ""]
    for each in alarms(findings):
        lines.append(f"- **{each.level.label}** · {each.title}: {_plain(each.text)}")
        if each.remedy:
            lines.append(f"  - {_plain(each.remedy)}")
    well = [each for each in findings if each.level is Level.OK]
    if well:
        lines += ["", _("Còn lại tốt:"), "", *(f"- {each.title}: {_plain(each.text)}" for each in well)]
    return "\n".join(lines)


def _plain(text: str) -> str:
    """A server's words must not become a heading or a link."""
    return " ".join(text.split()).replace("<", "&lt;").replace("[", "\\[").replace("*", "\\*")
