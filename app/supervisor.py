"""What stands behind ``dondoc up``: starts Prefect's server and worker and the dashboard, keeps them alive, stops
them all.

Every process started here leads a process group of its own, so that a Ctrl-C of the terminal reaches only this
process, which then stops the others in order: the worker first (it lets running work end), the server after it.
"""

from __future__ import annotations

import asyncio
import fcntl
import http.client
import os
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from app.children import Child, ChildGaveUp, Command
from app.prefect_settings import (
    Place,
    auth_headers,
    base_url,
    prefect_environment,
    refuse_unsafe,
    server_arguments,
    worker_arguments,
)
from plans.text import _

Say = Callable[[str], None]
_START_SECONDS = 180.0
_DASHBOARD_SECONDS = 60.0
_WORKER_PATIENCE = 20.0  # a running flow takes seconds; what is cut off is made good by the next run
_SERVER_PATIENCE = 10.0


class PortInUse(Exception):
    """Another program listens where ``part`` ("prefect", "dashboard") should."""

    def __init__(self, host: str, port: int, part: str = "prefect") -> None:
        self.host, self.port = host, port
        said = _(
            "Cổng {port} trên {host} đang có chương trình khác dùng. Hãy chọn cổng khác: "
            "dondoc up --{part}-port {other}, hoặc đặt DONDOC_{name}_PORT={other}."
        )
        super().__init__(said.format(host=host, port=port, other=port + 1, part=part, name=part.upper()))


class AlreadyUp(Exception):
    """Another ``dondoc up`` works on this home folder."""

    def __init__(self, home: Path, pid: str) -> None:
        self.home, self.pid = home, pid
        said = _("dondoc đã chạy với thư mục {home} (tiến trình {pid}). Hãy dừng nó trước, hoặc chọn thư mục khác.")
        super().__init__(said.format(home=home, pid=pid or "?"))


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The dashboard as a process of its own: a fault in a page does not stop what is sent."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """Where a browser on this machine reaches it."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104 - compared, not listened on
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


def _served(dashboard: Dashboard, environment: Mapping[str, str]) -> Command:
    chosen = {"DONDOC_DASHBOARD_HOST": dashboard.host, "DONDOC_DASHBOARD_PORT": str(dashboard.port)}
    return Command("dashboard", _("Bảng điều khiển"), ["-m", "web.serve"], {**environment, **chosen})


class ServerNotReady(Exception):
    """Prefect's server ended or stayed silent while starting."""

    def __init__(self, log: Path) -> None:
        self.log = log
        super().__init__(_("Máy chủ Prefect không khởi động được. Xem {log}").format(log=log))


def run(
    settings: Place,
    *,
    prepare: Callable[[], None],
    sync: Callable[[], Awaitable[object]],
    say: Say,
    dashboard: Dashboard | None = None,
) -> None:
    """Keeps dondoc running until Ctrl-C or SIGTERM, and leaves no process behind.

    1. Refuse: an open address without a password, a second ``up`` on this home, a port in use.
    2. Start the server; meanwhile ``prepare`` makes the register ready (in a thread of its own).
    3. Once the server answers, ``sync`` brings plans and deployments together; then the worker and the dashboard start.
    4. Print the addresses and wait; a process that dies is started again.

    Raises UnsafeAddress, AlreadyUp, PortInUse, ServerNotReady, ChildGaveUp, and whatever the two callables raise.
    """
    refuse_unsafe(settings.prefect_host)
    settings.home.mkdir(parents=True, exist_ok=True)
    with only_one(settings.home):
        refuse_taken_port(settings.prefect_host, settings.prefect_port)
        if dashboard is not None:
            refuse_taken_port(dashboard.host, dashboard.port, "dashboard")
        (settings.home / "prefect").mkdir(exist_ok=True)
        asyncio.run(_Supervisor(settings, say, dashboard).run(prepare, sync))


@contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Holds the lock of this home; the system gives it back however the process ends. Raises AlreadyUp."""
    with (home / "up.lock").open("a+", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            raise AlreadyUp(home, lock.read().strip()) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def refuse_taken_port(host: str, port: int, part: str = "prefect") -> None:
    """Raises PortInUse where somebody listens already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise PortInUse(host, port, part) from None


class _Supervisor:
    def __init__(self, settings: Place, say: Say, dashboard: Dashboard | None) -> None:
        self._settings, self._say, self._dashboard = settings, say, dashboard
        environment = prefect_environment(settings)
        worker = worker_arguments("dondoc")
        self._server = self._child(Command("server", _("Máy chủ Prefect"), server_arguments(settings), environment))
        self._others = [
            self._child(Command("worker", _("Tiến trình thực hiện"), worker, environment)),
            *([self._child(_served(dashboard, environment))] if dashboard else []),
        ]
        self._stop = asyncio.Event()

    def _child(self, command: Command) -> Child:
        return Child(command, self._settings.home)

    async def run(self, prepare: Callable[[], None], sync: Callable[[], Awaitable[object]]) -> None:
        self._listen_for_signals()
        work = asyncio.create_task(self._work(prepare, sync))
        stop = asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait({work, stop}, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                self._say(_("Đang dừng…"))
        finally:
            await self._end(work, stop)
        self._say(_("Đã dừng."))

    async def _work(self, prepare: Callable[[], None], sync: Callable[[], Awaitable[object]]) -> None:
        """Ends only by an error: a healthy dondoc waits for ever."""
        self._say(_("Đang khởi động máy chủ Prefect…"))
        await self._server.start()
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.to_thread(prepare))
            group.create_task(self._until_ready())
        self._say(_("Đang đưa các kế hoạch vào lịch chạy…"))
        await sync()
        for child in self._others:
            await child.start()
        if self._dashboard is not None:
            await self._until_served(self._dashboard, self._others[-1])
            self._say(_("Bảng điều khiển dondoc: {url}").format(url=self._dashboard.url))
        self._say(_("Bảng theo dõi Prefect: {url}").format(url=base_url(self._settings)))
        self._say(_("Nhật ký: {folder}. Nhấn Ctrl-C để dừng.").format(folder=self._settings.home / "logs"))
        async with asyncio.TaskGroup() as group:
            for child in (self._server, *self._others):
                group.create_task(child.keep_alive(self._say))

    async def _until_ready(self) -> None:
        deadline = asyncio.get_running_loop().time() + _START_SECONDS
        while not await asyncio.to_thread(healthy, self._settings):
            if not self._server.running or asyncio.get_running_loop().time() > deadline:
                raise ServerNotReady(self._server.log)
            await asyncio.sleep(0.2)

    async def _until_served(self, dashboard: Dashboard, child: Child) -> None:
        """An address that is printed should answer. Where it does not in time, all else goes on without it."""
        deadline = asyncio.get_running_loop().time() + _DASHBOARD_SECONDS
        while child.running and asyncio.get_running_loop().time() < deadline:
            if await asyncio.to_thread(_listens, dashboard):
                return
            await asyncio.sleep(0.2)

    def _listen_for_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._on_signal)

    def _on_signal(self) -> None:
        """The first one asks for an orderly end, the second one ends everything at once."""
        if self._stop.is_set():
            for child in (*self._others, self._server):
                child.kill()
        self._stop.set()

    async def _end(self, work: asyncio.Task[None], stop: asyncio.Task[bool]) -> None:
        """Stops every process whatever happened, then raises what ended the work, if it was an error."""
        work.cancel()
        stop.cancel()
        [failure, _stopped] = await asyncio.gather(work, stop, return_exceptions=True)
        await asyncio.gather(*(child.stop(_WORKER_PATIENCE) for child in self._others))
        await self._server.stop(_SERVER_PATIENCE)
        while isinstance(failure, BaseExceptionGroup):
            failure = failure.exceptions[0]
        if isinstance(failure, Exception):
            raise failure


def _listens(dashboard: Dashboard) -> bool:
    at = urlsplit(dashboard.url)
    try:
        with socket.create_connection((at.hostname, dashboard.port), timeout=2):
            return True
    except OSError:
        return False


def healthy(place: Place) -> bool:
    """Whether Prefect's server answers and says that it is well."""
    host = base_url(place).removeprefix("http://").rsplit(":", 1)[0]
    connection = http.client.HTTPConnection(host.strip("[]"), place.prefect_port, timeout=5)
    try:
        connection.request("GET", "/api/health", headers=auth_headers())
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


__all__ = ["AlreadyUp", "ChildGaveUp", "Dashboard", "PortInUse", "ServerNotReady", "run"]
