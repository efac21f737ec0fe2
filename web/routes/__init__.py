"""The addresses of the dashboard, one module per page."""

from __future__ import annotations

from web.routes import occurrence, occurrence_moves, occurrence_notes, occurrences, overview, signing_in

ROUTERS = (
    signing_in.router,
    overview.router,
    occurrences.router,
    occurrence_moves.router,
    occurrence_notes.router,
    occurrence.router,
)
