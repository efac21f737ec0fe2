"""The addresses of the dashboard, one module per page."""

from __future__ import annotations

from web.routes import overview, signing_in

ROUTERS = (signing_in.router, overview.router)
