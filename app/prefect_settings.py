"""The environment of the Prefect server and worker that ``dondoc up`` starts, and the address they share.

Everything lives under the home folder, listens on this machine only and sends nothing home (D3, D13). What the
administrator sets as ``PREFECT_SERVER_…`` or ``PREFECT_WORKER_…`` stays; what would lead the processes to
another server or another profile is overwritten.
"""

from __future__ import annotations

import base64
import ipaddress
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from plans.text import _

AUTH = "PREFECT_SERVER_API_AUTH_STRING"
WORK_POOL = "dondoc"
RUNS_AT_ONCE = 4  # of one worker. The pool itself has no limit: see flows.client.Prefect.ensure_pool
_OVERWRITTEN = ("PREFECT_PROFILE", "PREFECT_API_KEY", "PREFECT_PROFILES_PATH", "PREFECT_LOGGING_SETTINGS_PATH")
_DAY = 24 * 3600
_ANYWHERE = ("0.0.0.0", "::")  # noqa: S104 - recognised, never listened on by itself


class Place(Protocol):
    """What is needed of the settings: where dondoc lives and where Prefect listens."""

    @property
    def home(self) -> Path: ...
    @property
    def prefect_host(self) -> str: ...
    @property
    def prefect_port(self) -> int: ...


class UnsafeAddress(Exception):
    """Prefect is told to listen beyond this machine, without a password: whoever reaches it can run programs."""

    def __init__(self, host: str) -> None:
        self.host = host
        super().__init__(
            _(
                "Không khởi động: địa chỉ {host} mở ra ngoài máy này, ai truy cập được cũng chạy được chương trình. "
                "Hãy đặt mật khẩu trong biến môi trường {auth} hoặc dùng địa chỉ 127.0.0.1."
            ).format(host=host, auth=AUTH)
        )


def refuse_unsafe(host: str, environment: Mapping[str, str] | None = None) -> None:
    """Raises UnsafeAddress for an address other than loopback where no password is set."""
    environment = os.environ if environment is None else environment
    if not _loopback(host) and not environment.get(AUTH):
        raise UnsafeAddress(host)


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False  # a name may point anywhere


def base_url(place: Place) -> str:
    """Where people and processes on this machine reach Prefect."""
    host = "127.0.0.1" if place.prefect_host in _ANYWHERE else place.prefect_host
    return f"http://[{host}]:{place.prefect_port}" if ":" in host else f"http://{host}:{place.prefect_port}"


def api_url(place: Place) -> str:
    return f"{base_url(place)}/api"


def auth_headers(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """The Authorization header where a password is set, else nothing."""
    password = (os.environ if environment is None else environment).get(AUTH)
    if not password:
        return {}
    return {"Authorization": f"Basic {base64.b64encode(password.encode()).decode()}"}


def prefect_environment(place: Place, inherited: Mapping[str, str] | None = None) -> dict[str, str]:
    """The whole environment of the server, the worker and, through it, of every run."""
    inherited = dict(os.environ if inherited is None else inherited)
    kept = {name: value for name, value in inherited.items() if name not in _OVERWRITTEN}
    return {**_defaults(place), **kept, **_forced(place, kept)}


def adopt(place: Place) -> None:
    """Makes this very process a client of that server. To be called before Prefect is first imported.

    Otherwise Prefect would read, and partly write, the profile of whoever is logged in.
    """
    os.environ.update(prefect_environment(place))


def server_arguments(place: Place) -> list[str]:
    """What starts Prefect's server, after the Python interpreter."""
    listening = ["--host", place.prefect_host, "--port", str(place.prefect_port)]
    return ["-m", "prefect", "server", "start", *listening]


def worker_arguments(name: str) -> list[str]:
    """What starts a worker of that name, after the Python interpreter."""
    limit = ["--limit", str(RUNS_AT_ONCE)]
    return ["-m", "prefect", "worker", "start", "--pool", WORK_POOL, "--type", "process", "--name", name, *limit]


def _defaults(place: Place) -> dict[str, str]:
    """What an administrator may set otherwise."""
    database = place.home / "prefect" / "prefect.db"
    return {
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{database}",
        "PREFECT_SERVER_UI_API_URL": api_url(place),
        # Coming runs reach to the end of next year (`sync` asks for them; the scheduler keeps the same horizon).
        "PREFECT_SERVER_SERVICES_SCHEDULER_MAX_SCHEDULED_TIME": "P740D",
        # In memory the lease of a killed run would be lost with the server and its slot taken for ever.
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
        # Ended runs are kept for over a year, then cleared: `deliver` and `sync` alone make 350 a day.
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(400 * _DAY),
        "PREFECT_WORKER_QUERY_SECONDS": "5",
        "PREFECT_LOGGING_COLORS": "false",
        "PREFECT_CLI_COLORS": "false",
    }


def _forced(place: Place, kept: Mapping[str, str]) -> dict[str, str]:
    """What must hold, whatever the shell says."""
    forced = {
        "DONDOC_HOME": str(place.home),
        "DONDOC_PREFECT_HOST": place.prefect_host,
        "DONDOC_PREFECT_PORT": str(place.prefect_port),
        "PREFECT_HOME": str(place.home / "prefect"),
        "PREFECT_PROFILES_PATH": str(place.home / "prefect" / "profiles.toml"),
        "PREFECT_API_URL": api_url(place),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "DO_NOT_TRACK": "1",
        # Runs are started as "python": it has to be the one that dondoc is installed in.
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), kept.get("PATH", os.defpath)]),
        # The folder a process stands in must not hide our packages ("plans", "tasks").
        "PYTHONSAFEPATH": "1",
        "PYTHONUNBUFFERED": "1",
        # An office proxy cannot reach this machine's own address.
        **{name: _without_proxy(kept.get(name, "")) for name in ("NO_PROXY", "no_proxy")},
    }
    if AUTH in kept:
        forced["PREFECT_API_AUTH_STRING"] = kept[AUTH]
    return forced


def _without_proxy(listed: str) -> str:
    names = [name for name in listed.split(",") if name]
    return ",".join(names + [name for name in ("127.0.0.1", "localhost", "::1") if name not in names])
