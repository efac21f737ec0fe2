"""Whether Prefect schedules, asked beside the pages: judged from what its server answers, or does not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from pathlib import Path
from threading import Thread
from typing import Any

from app.doctor.schedule import HORIZONS, FixedFlow, PrefectFacts
from app.scheduling import Watch, ask_server

NOW = datetime(2024, 3, 11, 1, 0, tzinfo=UTC)


@dataclass
class Place:
    home: Path
    prefect_port: int
    prefect_host: str = "127.0.0.1"


@contextmanager
def server(answers: dict[str, Any]) -> Iterator[int]:
    """Answers each path with the given document; 404 for others, 500 where it is an error."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            found = answers.get(self.path)
            self.send_response(404 if found is None else 500 if isinstance(found, Exception) else 200)
            body = b"" if found is None or isinstance(found, Exception) else json.dumps(found).encode()
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = answer  # noqa: N815 - the names are the library's

        def log_message(self, *_said: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = Thread(target=http.serve_forever, daemon=True)
        thread.start()
        yield http.server_address[1]
        http.shutdown()
        thread.join()


def healthy() -> dict[str, Any]:
    deployments = [{"id": name, "name": name, "paused": False, "schedules": [{"active": True}]} for name in HORIZONS]
    return {
        "/api/deployments/filter": deployments,
        "/api/flow_runs/filter": [{"expected_start_time": "2024-03-11T02:00:00Z"}],
        "/api/work_pools/dondoc": {"is_paused": False},
        "/api/work_pools/dondoc/workers/filter": [{"last_heartbeat_time": "2024-03-11T00:59:30+00:00"}],
        "/api/admin/version": version("prefect"),
    }


def said(answers: dict[str, Any]) -> list[str]:
    with server(answers) as port:
        watch = Watch(lambda now: ask_server(Place(Path(), port), now))
        watch.refresh(NOW)
        return [finding.text for finding in watch.known]


def test_a_server_that_schedules_is_nothing_to_speak_of() -> None:
    assert said(healthy()) == []


def test_what_is_wrong_is_said() -> None:
    paused = healthy()
    paused["/api/deployments/filter"][0]["paused"] = True
    assert any("đang bị tắt" in text for text in said(paused))
    assert any(
        "Bộ lập lịch của Prefect không làm việc" in text for text in said(healthy() | {"/api/flow_runs/filter": []})
    )
    assert any("Thiếu lịch" in text for text in said(healthy() | {"/api/deployments/filter": []}))
    silent = healthy() | {"/api/work_pools/dondoc/workers/filter": [{"last_heartbeat_time": "2024-03-10T00:00:00Z"}]}
    assert any("im lặng từ" in text for text in said(silent))


def test_a_server_that_does_not_answer_is_said_too() -> None:
    assert any("Prefect không trả lời" in text for text in said({"/api/deployments/filter": OSError()}))
    watch = Watch(lambda now: ask_server(Place(Path(), 1), now))
    watch.refresh(NOW)
    assert [finding.text.partition(" (")[0] for finding in watch.known] == ["Prefect không trả lời"]
    assert "dondoc up" in watch.known[0].remedy


def test_looking_asks_at_most_once_a_minute_and_never_waits() -> None:
    asked: list[datetime] = []

    def ask(now: datetime) -> PrefectFacts:
        asked.append(now)
        return PrefectFacts(version("prefect"), dict.fromkeys(HORIZONS, FixedFlow(False)), [now])

    watch = Watch(ask)
    for seconds in (0, 1, 59, 61, 62):
        watch.look(now=NOW + timedelta(seconds=seconds))
        watch.wait()
    assert asked == [NOW, NOW + timedelta(seconds=61)]
    assert "Bộ lập lịch" in watch.look(now=NOW + timedelta(seconds=63))[0].text
