"""One draft on the desk: opened from the register, checked, and kept again."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from starlette.datastructures import FormData

from plans.leads import led_by
from plans.model import Plan, Register
from plans.plan_parties import register_with
from plans.plan_text import Document, document_of, plan_text
from plans.shipped import shipped_register
from plans.text import _
from plans.yaml_nodes import MAX_BYTES
from tasks import plan_drafts
from tasks.agencies import load_register
from tasks.errors import BadInput
from tasks.leads import lead_changes
from tasks.plan_drafts import Draft
from web.forms import text
from web.planform.bodies import Names
from web.planform.problems import Checked, check
from web.planform.values import text_of
from web.visit import Visit

STEPS = ("van-ban", "co-quan", "nhiem-vu", "chi-tieu", "xem-lai")


@dataclass
class Work:
    """``document`` is what the form shows and changes; a draft that nobody changed keeps its text, comments and all."""

    draft: Draft
    document: Document
    register: Register
    former: frozenset[str] = frozenset()  # lead units that have handed the plan over: its text goes on naming them

    @property
    def names(self) -> Names:
        return Names(self.document, self.register)

    @cached_property
    def checked(self) -> Checked:
        return check(self.draft.text, self.document, self.register)

    @property
    def plan(self) -> Plan | None:
        """As it is or will be followed: by the unit whose draft it is."""
        named = self.checked.plan
        return led_by(named, self.draft.lead) if named is not None and named.lead in self.former else named

    @property
    def all_bodies(self) -> Register:
        """The register with the bodies that the draft brings along."""
        return register_with(self.register, self.checked.bodies)

    @property
    def wrong(self) -> dict[str, int]:
        """How many problems stand on each page of the form."""
        found = dict.fromkeys(STEPS, 0)
        for problem in self.checked.problems:
            found[problem.path.split("/")[0]] += 1
        return found


def open_work(visit: Visit, draft_id: int) -> Work:
    """Raises DraftUnknown."""
    with visit.reading() as connection:
        draft = plan_drafts.load(connection, draft_id)
        known = load_register(connection)
        led = lead_changes(connection, [draft.plan_id]).get(draft.plan_id, []) if draft.plan_id else []
    former = frozenset(each.was for each in led if each.applied_at is not None)
    document = document_of(draft.text, file="")
    return Work(draft, document, register_with(known, shipped_register().agencies.values()), former)


def keep(visit: Visit, work: Work, document: Document) -> None:
    """Keeps the changed document. Raises BadInput where it is too long, or somebody else has saved meanwhile."""
    written = plan_text(document)
    if len(written.encode()) > MAX_BYTES:
        raise BadInput(_("Bản soạn dài quá 1 MB."))
    with visit.writing() as connection:
        plan_drafts.save(
            connection,
            work.draft.id,
            written,
            title=title_of(document),
            seen=seen(visit.form),
            now=visit.now,
            actor=visit.actor,
        )


def seen(form: FormData) -> int:
    """The revision that the page has shown."""
    typed = text(form, "lan")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 9 else -1


def title_of(document: Document) -> str:
    """How a draft is called in lists."""
    return (text_of(document, "number") or text_of(document, "short") or text_of(document, "title"))[:200]
