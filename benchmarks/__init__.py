"""Measurements against the bars of the design, written to docs/performance.md by ``make bench``."""
