"""Thin Prefect flows over the use cases."""

import os

# Before anything here imports Prefect: nothing is sent home, wherever the flows run (D13).
os.environ.setdefault("DO_NOT_TRACK", "1")
