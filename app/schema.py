"""Every table of dondoc, in one metadata: each package keeps its own, and this module has read them all."""

from __future__ import annotations

from notifications import channel_tables as _channels
from notifications import tables as _notifications
from people import tables as _people
from tasks import acknowledge_tables as _acknowledgements
from tasks import closing_tables as _closings
from tasks import desk_tables as _desk
from tasks import figure_tables as _figures
from tasks import letter_tables as _letters
from tasks import reading_tables as _readings
from tasks import week_tables as _weeks
from tasks.tables import metadata

__all__ = ["metadata"]

# named, so that the imports are not taken for unused ones
PARTS = (_notifications, _people, _desk, _readings, _closings, _weeks, _acknowledgements, _letters, _figures, _channels)
