"""From an uploaded document to a plan: reading it, proposing, deciding, making the plan file of what was decided."""

from app.reading.deciding import (
    add_selected,
    choose_body,
    document_of,
    member_choices,
    selected,
    set_group_members,
)
from app.reading.doubts import fact_doubts, item_doubts
from app.reading.due import Due, due_of
from app.reading.planning import NotReady, make_plan, plan_of, same_plan
from app.reading.secrecy import SecretDocument
from app.reading.unresolved import Open, attention, fact_label, unresolved
from app.reading.uploading import Uploaded, known_bodies, upload

__all__ = [
    "Due",
    "NotReady",
    "Open",
    "SecretDocument",
    "Uploaded",
    "add_selected",
    "attention",
    "choose_body",
    "document_of",
    "due_of",
    "fact_doubts",
    "fact_label",
    "item_doubts",
    "known_bodies",
    "make_plan",
    "member_choices",
    "plan_of",
    "same_plan",
    "selected",
    "set_group_members",
    "unresolved",
    "upload",
]
