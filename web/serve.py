"""Serves the dashboard: ``python -m web.serve``. ``dondoc up`` starts it; on a server it is a unit of its own."""

from __future__ import annotations

import gc
from functools import partial

import uvicorn

from app.bootstrap import bootstrap
from app.scheduling import Watch, ask_server
from app.settings import Settings
from web.app import create_app


def spare_pauses() -> None:
    """Has the collector look less often, and never again at what stands already: plans that were read make hundreds
    of thousands of objects, and every twentieth page waited for a look at all of them (319 ms became 136)."""
    gc.set_threshold(10_000, 10, 10)
    gc.collect()
    gc.freeze()


def main() -> None:
    """Runs until it is stopped. Behind a proxy that speaks HTTPS, ``DONDOC_PUBLIC_URL`` begins with ``https://``."""
    settings = Settings()
    dondoc = bootstrap(settings)
    try:
        watch = Watch(partial(ask_server, settings))
        app = create_app(
            dondoc,
            secure=settings.public_url.startswith("https://"),
            scheduling=lambda now: watch.look(now=now),
        )
        app.state.readings.resume()  # documents that were being read when it stopped
        spare_pauses()
        uvicorn.run(
            app,
            host=settings.dashboard_host,
            port=settings.dashboard_port,
            log_level="warning",
            server_header=False,
            proxy_headers=False,
        )
    finally:
        dondoc.close()


if __name__ == "__main__":
    main()
