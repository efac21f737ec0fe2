"""Prefect's server and worker as processes of their own, for whoever supervises them otherwise (systemd).

Where ``dondoc up`` keeps them as children, here the calling process becomes the one that is asked for, with the same
environment: docs/deploy.md.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from typing import NoReturn

from app.prefect_settings import Place, base_url, prefect_environment, refuse_unsafe, server_arguments, worker_arguments
from app.supervisor import healthy, refuse_taken_port
from plans.text import _

PATIENCE = 180.0  # seconds; after a power cut the machine of the server may come up later
_PAUSE = 0.5


class ServerSilent(Exception):
    """No Prefect server answers at the address of the settings."""

    def __init__(self, url: str) -> None:
        self.url = url
        said = _(
            "Máy chủ Prefect không trả lời tại {url}. Hãy chạy dondoc server, và xem DONDOC_PREFECT_HOST, "
            "DONDOC_PREFECT_PORT ở máy này."
        )
        super().__init__(said.format(url=url))


def become_server(place: Place) -> NoReturn:
    """Raises UnsafeAddress, PortInUse."""
    refuse_unsafe(place.prefect_host)
    refuse_taken_port(place.prefect_host, place.prefect_port)
    _become(place, server_arguments(place))


def become_worker(place: Place, name: str) -> NoReturn:
    _become(place, worker_arguments(name))


def await_server(place: Place, patience: float = PATIENCE) -> None:
    """Returns once Prefect's server answers. Raises ServerSilent."""
    deadline = time.monotonic() + patience
    while not healthy(place):
        if time.monotonic() > deadline:
            raise ServerSilent(base_url(place))
        time.sleep(_PAUSE)


def _become(place: Place, arguments: Sequence[str]) -> NoReturn:
    (place.home / "prefect").mkdir(parents=True, exist_ok=True)
    os.chdir(place.home)
    os.execve(sys.executable, [sys.executable, *arguments], prefect_environment(place))  # noqa: S606 - no shell wanted
