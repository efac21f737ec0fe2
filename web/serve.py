"""Serves the dashboard: ``python -m web.serve``. ``dondoc up`` starts it; on a server it is a unit of its own."""

from __future__ import annotations

from functools import partial

import uvicorn

from app.bootstrap import bootstrap
from app.scheduling import Watch, ask_server
from app.settings import Settings
from web.app import create_app


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
