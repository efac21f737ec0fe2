"""The addresses of the dashboard, one module per page."""

from __future__ import annotations

from web.routes import (
    morning,
    occurrence,
    occurrence_moves,
    occurrence_notes,
    occurrences,
    overview,
    paper,
    paper_import,
    papers,
    plan_draft_duties,
    plan_draft_parts,
    plan_drafts,
    plan_following,
    plans,
    search,
    signing_in,
)

ROUTERS = (
    signing_in.router,
    overview.router,
    morning.router,
    search.router,
    occurrences.router,
    occurrence_moves.router,
    occurrence_notes.router,
    occurrence.router,
    papers.router,
    paper_import.router,
    paper.router,
    plan_drafts.router,
    plan_draft_parts.router,
    plan_draft_duties.router,
    plan_following.router,
    plans.router,
)
