"""Documents that are being read: a scan takes minutes, and no request waits that long.

Each is read in a thread of this process, one after the other; the parsers run in processes of their own. What is being
read is known to this process alone: after a restart the file has to be chosen again.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from plans.text import _
from tasks.errors import BadInput

MOST = 8  # waiting at the same time; each holds its file in memory
_KEPT = 50  # that are done and were not asked for yet

Read = Callable[["Job"], int]


@dataclass
class Job:
    """One file. ``reading_id`` or ``error`` once it is ``done``; ``page`` of ``pages`` while it is being recognised."""

    key: str
    lead: str
    name: str
    reading_id: int | None = None
    error: Exception | None = None
    page: int = 0
    pages: int = 0
    done: threading.Event = field(default_factory=threading.Event)

    def progress(self, page: int, pages: int) -> None:
        self.page, self.pages = page, pages


class Jobs:
    """The files that one process reads."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()
        self._one = threading.Semaphore(1)

    def begin(self, lead: str, name: str, read: Read) -> Job:
        """Raises BadInput where too many are waiting."""
        job = Job(secrets.token_urlsafe(32), lead, name)
        with self._lock:
            self._forget()
            if sum(not each.done.is_set() for each in self._jobs.values()) >= MOST:
                raise BadInput(_("Đang có {n} văn bản chờ đọc. Đợi đọc xong rồi tải lên tiếp.").format(n=MOST))
            self._jobs[job.key] = job
        threading.Thread(target=self._work, args=(job, read), name="reading", daemon=True).start()
        return job

    def find(self, key: str) -> Job | None:
        with self._lock:
            return self._jobs.get(key)

    def running(self) -> list[Job]:
        """Those that are not done, the oldest first."""
        with self._lock:
            return [job for job in self._jobs.values() if not job.done.is_set()]

    def _forget(self) -> None:
        over = [key for key, job in self._jobs.items() if job.done.is_set()]
        for key in over[: max(0, len(over) - _KEPT)]:
            del self._jobs[key]

    def _work(self, job: Job, read: Read) -> None:
        try:
            with self._one:
                job.reading_id = read(job)
        except Exception as error:
            job.error = error
        finally:
            job.done.set()
