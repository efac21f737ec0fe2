"""What each role may do: the one place where it is decided.

A right is held for a unit. A coordinator of one lead unit has no right over the plans of another; an administrator
has no right over papers. A person may hold several posts; what any of them allows is allowed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from plans.text import N_, _


class Role(StrEnum):
    """The hats of the dashboard."""

    COORDINATOR = "coordinator"  # cán bộ theo dõi and the stand-in of a lead unit
    HEAD = "head"  # lãnh đạo of a lead unit
    AUDITOR = "auditor"  # of one lead unit, or of all
    ADMINISTRATOR = "administrator"  # users and settings of the installation
    AGENCY = "agency"  # the contact of a body that owes


class Right(StrEnum):
    """What can be done. Every address of the dashboard names the one that it needs."""

    SEE = "see"  # plans, occurrences, papers, messages of a lead unit
    WORK = "work"  # record papers, all moves, press, hold, call notes
    PLAN = "plan"  # bring in, change, start, stop plans
    BODIES = "bodies"  # contacts of agencies, successors
    DIRECT = "direct"  # "Đồng ý gửi", "Ý kiến chỉ đạo"
    EXPORT = "export"  # lists and audit as files
    AUDIT = "audit"  # the trail: who did what
    UNIT_SETTINGS = "unit_settings"  # ladder, reading of deadlines, review
    SETTINGS = "settings"  # calendar, channels
    USERS = "users"
    ANSWER = "answer"  # what an agency says about its own duties
    ACCOUNT = "account"  # one's own password, name and sessions


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.COORDINATOR: frozenset(
        {
            Right.SEE,
            Right.WORK,
            Right.PLAN,
            Right.BODIES,
            Right.EXPORT,
            Right.AUDIT,
            Right.UNIT_SETTINGS,
            Right.ACCOUNT,
        }
    ),
    Role.HEAD: frozenset({Right.SEE, Right.DIRECT, Right.EXPORT, Right.AUDIT, Right.ACCOUNT}),
    Role.AUDITOR: frozenset({Right.SEE, Right.EXPORT, Right.AUDIT, Right.ACCOUNT}),
    Role.ADMINISTRATOR: frozenset({Right.USERS, Right.SETTINGS, Right.ACCOUNT}),
    Role.AGENCY: frozenset({Right.ANSWER, Right.ACCOUNT}),
}

_NAMES = {
    Role.COORDINATOR: N_("Cán bộ theo dõi"),
    Role.HEAD: N_("Lãnh đạo đơn vị"),
    Role.AUDITOR: N_("Người kiểm tra"),
    Role.ADMINISTRATOR: N_("Quản trị"),
    Role.AGENCY: N_("Cơ quan thực hiện"),
}

UNIT_NEEDED = frozenset({Role.COORDINATOR, Role.HEAD, Role.AGENCY})


def role_name(role: Role) -> str:
    """The role in words."""
    return _(_NAMES[role])


@dataclass(frozen=True, slots=True)
class Post:
    """A role held for a unit (None: for the whole installation), both days included."""

    role: Role
    unit: str | None
    since: date
    until: date | None = None
    id: int | None = None

    def held_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Holder:
    """A person with the posts held today. ``may`` and ``units`` are all that the dashboard asks."""

    account_id: int
    login: str
    name: str
    posts: tuple[Post, ...]
    must_change: bool = False

    def may(self, right: Right, unit: str | None = None) -> bool:
        """Whether that is allowed for that unit; None asks whether it is allowed for any unit at all."""
        return any(right in RIGHTS[post.role] and _covers(post, unit) for post in self.posts)

    def units(self, right: Right) -> frozenset[str] | None:
        """The units for which the right is held; None stands for all of them."""
        held = [post.unit for post in self.posts if right in RIGHTS[post.role]]
        return None if None in held else frozenset(unit for unit in held if unit is not None)

    @property
    def titles(self) -> tuple[str, ...]:
        """The roles in words, each once."""
        return tuple(dict.fromkeys(role_name(post.role) for post in self.posts))


def _covers(post: Post, unit: str | None) -> bool:
    return unit is None or post.unit is None or post.unit == unit


def held_today(posts: Iterable[Post], today: date) -> tuple[Post, ...]:
    return tuple(post for post in posts if post.held_on(today))
