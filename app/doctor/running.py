"""Runs the checks side by side, each within its own time, none able to stop another."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from queue import Empty, Queue
from threading import Thread

from app.doctor.model import Check, Finding, broken
from plans.text import _

log = logging.getLogger(__name__)


def examine(checks: Sequence[Check]) -> list[Finding]:
    """The findings in the order of the checks. Threads of checks that hang are left behind; they hold up nobody."""
    begun = time.monotonic()
    running = [(check, _begin(check)) for check in checks]
    return [
        replace(finding, check=check.name, title=check.title)
        for check, answers in running
        for finding in _findings(check, answers, begun)
    ]


def _begin(check: Check) -> Queue[list[Finding] | Exception]:
    answers: Queue[list[Finding] | Exception] = Queue()

    def work() -> None:
        try:
            answers.put(list(check.look()))
        except Exception as error:
            log.exception("doctor: check %s failed", check.name)
            answers.put(error)

    Thread(target=work, daemon=True, name=f"doctor-{check.name}").start()
    return answers


def _findings(check: Check, answers: Queue[list[Finding] | Exception], begun: float) -> list[Finding]:
    try:
        found = answers.get(timeout=max(0.01, check.seconds - (time.monotonic() - begun)))
    except Empty:
        said = _("Không khám được: không có trả lời trong {n} giây.")
        return [
            broken(said.format(n=f"{check.seconds:g}"), _("Khám lại sau ít phút; vẫn vậy thì xem máy chủ liên quan."))
        ]
    if isinstance(found, Exception):
        said = _("Không khám được ({why}).")
        why = " ".join(f"{type(found).__name__}: {found}".split())[:200]
        return [broken(said.format(why=why), _("Chi tiết ở tệp nhật ký dondoc.log."))]
    return found
