"""Is Prefect scheduling and executing? Asked beside the pages of the dashboard, which never wait for the answer.

The doctor asks the same in more depth through Prefect's own client (``flows.health``); here a few plain questions to
its server are enough, and the judges are the doctor's.
"""

from __future__ import annotations

import http.client
import json
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from threading import Lock, Thread
from typing import Any
from urllib.parse import urlsplit

from app.doctor import schedule
from app.doctor.model import Finding, Level
from app.doctor.schedule import HORIZONS, FixedFlow, PrefectFacts
from app.prefect_settings import WORK_POOL, Place, auth_headers, base_url
from plans.text import _, language, use_language

log = logging.getLogger(__name__)

_SECONDS = 5.0  # for one question
_FRESH = timedelta(minutes=1)  # so long an answer is good
_TAG = "dondoc"


class Watch:
    """Keeps the newest answer. ``look`` returns at once; where the answer is old, somebody else goes and asks."""

    def __init__(self, ask: Callable[[datetime], PrefectFacts]) -> None:
        self._ask = ask
        self._lock = Lock()
        self._asked: datetime | None = None
        self._asking: Thread | None = None
        self.known: list[Finding] = []  # what was wrong when it was last asked

    def look(self, *, now: datetime) -> list[Finding]:
        """What is wrong with the scheduling as far as it is known; nothing where all is well."""
        with self._lock:
            due = self._asked is None or now - self._asked > _FRESH
            if due:
                self._asked = now
        if due:
            self._asking = Thread(target=self.refresh, args=(now, language()), daemon=True, name="scheduling")
            self._asking.start()
        return self.known

    def wait(self) -> None:
        """Until the question that is under way is answered."""
        if self._asking is not None:
            self._asking.join()

    def refresh(self, now: datetime, spoken: str = "vi") -> None:
        """Asks and judges; a server that does not answer is a finding too."""
        use_language(spoken)
        try:
            facts: PrefectFacts | None = self._ask(now)
            why = ""
        except (OSError, ValueError, KeyError, TypeError, http.client.HTTPException) as error:
            log.info("prefect did not answer: %s", error)
            facts, why = None, _why(error)
        self.known = [each for each in judge(facts, why, now=now) if each.level is Level.BROKEN]


def _why(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return _("quá {n} giây").format(n=f"{_SECONDS:g}")
    return _("không kết nối được") if isinstance(error, ConnectionError) else type(error).__name__


def judge(facts: PrefectFacts | None, why: str, *, now: datetime) -> list[Finding]:
    """The doctor's judgement of the little that was asked."""
    found = schedule.judge_answer(facts, why, version("prefect"))
    if facts is not None:
        found += schedule.judge_worker(facts, now=now) + schedule.judge_schedule(facts, now=now)
    return found


def ask_server(place: Place, now: datetime) -> PrefectFacts:
    """Raises OSError, HTTPException, ValueError and the like where the server does not answer as it should."""
    server = _Server(place)
    wanted = {"deployments": {"name": {"any_": list(HORIZONS)}, "tags": {"all_": [_TAG]}}}
    fixed = {each["name"]: _flow(server, each, now) for each in server.ask("POST", "/deployments/filter", wanted)}
    pool = server.ask("GET", f"/work_pools/{WORK_POOL}") or {}
    workers = server.ask("POST", f"/work_pools/{WORK_POOL}/workers/filter", {}) or []
    beats = [_moment(each["last_heartbeat_time"]) for each in workers if each.get("last_heartbeat_time")]
    return PrefectFacts(
        version=str(server.ask("GET", "/admin/version")), fixed=fixed, heartbeats=beats,
        pool_paused=bool(pool.get("is_paused")),
    )  # fmt: skip


def _flow(server: _Server, found: Mapping[str, Any], now: datetime) -> FixedFlow:
    runs = {
        "deployment_id": {"any_": [found["id"]]},
        "state": {"type": {"any_": ["SCHEDULED"]}},
        "expected_start_time": {"after_": now.isoformat()},
    }
    asked = {"flow_runs": runs, "sort": "EXPECTED_START_TIME_ASC", "limit": 1}
    coming = server.ask("POST", "/flow_runs/filter", asked)
    paused = bool(found["paused"]) or not all(each["active"] for each in found["schedules"])
    return FixedFlow(paused, coming=_moment(coming[0]["expected_start_time"]) if coming else None)


class _Server:
    """Plain questions to Prefect's API."""

    def __init__(self, place: Place) -> None:
        self._at = urlsplit(base_url(place))

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """The answer; None where there is no such thing. Raises OSError, HTTPException, ValueError."""
        connection = http.client.HTTPConnection(self._at.hostname or "", self._at.port, timeout=_SECONDS)
        try:
            sent = None if body is None else json.dumps(body)
            headers = {**auth_headers(), "Content-Type": "application/json"}
            connection.request(method, f"/api{path}", sent, headers)
            answer = connection.getresponse()
            if answer.status == http.client.NOT_FOUND:
                return None
            if answer.status != http.client.OK:
                raise OSError(f"HTTP {answer.status}")
            return json.loads(answer.read())
        finally:
            connection.close()


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
