"""Documents that are being read: a scan takes minutes, and no request waits that long.

Each is read in a thread of this process, one after the other; the parsers run in processes of their own. The files lie
on the disk until they are read (``app.reading.incoming``): after a restart their reading begins anew.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from app import reading as review
from app.bootstrap import Dondoc
from app.filestore import FileStore
from app.reading.incoming import Incoming, Waiting
from plans.errors import PlansError
from plans.text import _
from tasks.errors import BadInput, RegisterError

MOST = 8  # waiting at the same time
TRIES = 3  # a file at which the process has ended so often is given up
_KEPT = 50  # that are done and were not asked for yet

log = logging.getLogger(__name__)

Read = Callable[["Job", bytes], int]


@dataclass
class Job:
    """One file. ``reading_id`` or ``error`` once it is ``done``; ``page`` of ``pages`` while it is being recognised."""

    waiting: Waiting
    reading_id: int | None = None
    error: Exception | None = None
    page: int = 0
    pages: int = 0
    again: bool = False
    """The dashboard was started anew while it waited or was being read."""
    told: bool = False
    """Somebody was shown what became of it."""
    done: threading.Event = field(default_factory=threading.Event)

    @property
    def key(self) -> str:
        return self.waiting.key

    @property
    def lead(self) -> str:
        return self.waiting.lead

    @property
    def name(self) -> str:
        return self.waiting.name

    def progress(self, page: int, pages: int) -> None:
        self.page, self.pages = page, pages


class Jobs:
    """The files that one process reads out of one folder."""

    def __init__(self, folder: Incoming, read: Read) -> None:
        self._folder, self._read = folder, read
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()
        self._one = threading.Semaphore(1)

    def begin(self, put: Callable[[Incoming], Waiting]) -> Job:
        """Keeps a file and has it read. Raises BadInput where too many are waiting, and what ``put`` raises."""
        with self._lock:
            self._forget()
            if sum(not each.done.is_set() for each in self._jobs.values()) >= MOST:
                raise BadInput(_("Đang có {n} văn bản chờ đọc. Đợi đọc xong rồi tải lên tiếp.").format(n=MOST))
            job = Job(put(self._folder))
            self._jobs[job.key] = job
        self._start(job)
        return job

    def resume(self) -> None:
        """Reads what a process before this one has left."""
        self._folder.sweep()
        left = [Job(each, again=True) for each in self._folder.waiting()]
        with self._lock:
            self._jobs.update({job.key: job for job in left})
        for job in left:
            self._start(job)

    def find(self, key: str) -> Job | None:
        with self._lock:
            return self._jobs.get(key)

    def running(self) -> list[Job]:
        """Those that are not done, the oldest first."""
        with self._lock:
            return [job for job in self._jobs.values() if not job.done.is_set()]

    def failed(self) -> list[Job]:
        """Those that could not be read and of which nobody was told yet."""
        with self._lock:
            return [job for job in self._jobs.values() if job.done.is_set() and job.error is not None and not job.told]

    def _forget(self) -> None:
        over = [key for key, job in self._jobs.items() if job.done.is_set()]
        for key in over[: max(0, len(over) - _KEPT)]:
            del self._jobs[key]

    def _start(self, job: Job) -> None:
        threading.Thread(target=self._work, args=(job,), name="reading", daemon=True).start()

    def _work(self, job: Job) -> None:
        try:
            with self._one:
                job.reading_id = self._one_file(job)
        except Exception as error:
            job.error = error
            if not isinstance(error, (RegisterError, PlansError)):
                log.exception("document not read: %s", job.name)
        finally:
            job.done.set()

    def _one_file(self, job: Job) -> int:
        try:
            if job.waiting.tries >= TRIES:
                raise BadInput(_("Hệ thống dừng {n} lần khi đang đọc tệp này nên không đọc nữa.").format(n=TRIES))
            job.waiting = self._folder.begun(job.waiting)
            return self._read(job, self._folder.data(job.key))
        except FileNotFoundError:
            raise BadInput(_("Không còn tệp này. Tải lên lại.")) from None
        finally:
            self._folder.drop(job.key)


def jobs_of(dondoc: Dondoc, clock: Callable[[], datetime]) -> Jobs:
    """Of one installation."""
    home = dondoc.settings.home
    files = FileStore(home)

    def read(job: Job, data: bytes) -> int:
        made = review.upload(
            dondoc.engine, files, data, job.name, lead=job.lead, now=clock(), actor=job.waiting.actor,
            progress=job.progress,
        )  # fmt: skip
        return made.reading_id

    return Jobs(Incoming(home), read)
