"""Thay cơ quan: what the bodies owe, duty by duty, and what handing it over did or would do, in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.engine import Connection

from app.board import plan_name
from app.views.scope import Units
from plans.model import Agency, Plan, Register
from plans.text import sort_key
from tasks.agencies import load_plans, load_register
from tasks.model import Occurrence, PlanStatus
from tasks.naming import occurrence_title
from tasks.status import owes_late_on
from tasks.succession import Handed, Part, owed_by
from tasks.tables import plan as plan_table

LISTED = 1_000  # bodies that the page offers as successors
