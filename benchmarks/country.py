"""How much an office, a province and the whole country come to in a year and in the worst hour. Pure arithmetic.

    python -m benchmarks.country

prints the tables of docs/deploy.md (a test holds the page to them). Assumptions are the constants with a capital
letter; what is measured names its source. Where something had to be guessed, it is guessed so that more comes out.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass

# --- The country, by law (resolutions of 2025) ---------------------------------------------------------------------

PROVINCES = 34
COMMUNES = 3_321

# --- What is assumed of a province ---------------------------------------------------------------------------------

DEPARTMENTS = 20  # sở, ban, ngành that owe something under a plan; Sơn La's plan of 2023 names 19
PLANS = 30  # that one provincial lead unit follows at a time
LEAD_PEOPLE = 3  # officer, stand-in, head
WORKING_DAYS = 250  # of a year
LATE = 0.15  # of all occurrences get the first reminder after the deadline,
VERY_LATE = 0.05  # and of these so many the second
LETTER_KB = 6  # an e-mail as it leaves: text and HTML of a digest with three items
MAIL_PACE = 60  # letters a minute that a cautious office mail server accepts from one sender


@dataclass(frozen=True, slots=True)
class Kind:
    """Duties of one kind in one plan: how many, periods a year, reminders before the deadline, days on which a run
    of Prefect looks (the whole ladder), and whether the communes owe it, too."""

    duties: int
    periods: int
    reminders: int
    looks: int
    communes: bool


# One plan of 15 duties. A monthly duty has one reminder (docs/architecture.md), the others up to three.
KINDS = (
    Kind(1, 12, 1, 7, communes=False),
    Kind(1, 4, 3, 9, communes=False),
    Kind(1, 4, 3, 9, communes=True),
    Kind(2, 1, 3, 9, communes=False),  # half-yearly: the second half is the yearly report's
    Kind(2, 1, 3, 9, communes=False),
    Kind(2, 1, 3, 9, communes=True),  # yearly
    Kind(4, 1, 3, 9, communes=False),
    Kind(2, 1, 3, 9, communes=True),  # with one day
)
YEARLY = 4  # duties of a plan due in the same week of December: its worst morning

# --- What was measured (dates and machines: docs/performance.md, docs/decisions/0005) -------------------------------

# The register of release 0.1.0 after a year of a small office (tests/fixtures/0001), per occurrence.
NOTICES = 3_041 / 718
EVENTS = 1_091 / 718
REGISTER_KB = 9_023 / 718  # with texts of messages kept for ever and all indexes
RUN_SECONDS = 2.7  # of processor time for one run of Prefect (docs/decisions/0005)
RUN_KB = 10  # of Prefect's database for one ended run with its states, steps and logs,
EVENTS_KB = 250  # and for its events, which Prefect keeps for a week (homes of a first day, rounded up)
EVENT_DAYS = 7
FIXED_RUNS = 61 + 281 + 10 + 1  # a day: deliver, sync, backup, sweep
AUDIT_RUNS = 120  # a year
KEPT_DAYS = 400  # that Prefect keeps ended runs (app/prefect_settings.py)
LETTERS_A_SECOND = 25  # with all writes of the register on PostgreSQL: the drill of docs/deploy.md, a very busy machine
RUNS_AT_ONCE = 4  # of one worker (app/prefect_settings.py)
CORES = 2  # of the machine of a worker


@dataclass(frozen=True, slots=True)
class Office:
    """What follows plans in one register."""

    name: str
    plans: int
    departments: int
    communes: int
    lead_units: int = 1

    @property
    def bodies(self) -> int:
        return self.departments + self.communes


PC = Office("one office PC", 5, DEPARTMENTS, 10)
PROVINCE = Office("one province", PLANS, DEPARTMENTS, math.ceil(COMMUNES / PROVINCES))
COUNTRY = Office("34 provinces", PLANS * PROVINCES, DEPARTMENTS * PROVINCES, COMMUNES, PROVINCES)
OFFICES = (PC, PROVINCE, COUNTRY)


def _owing(office: Office, kind: Kind) -> float:
    """Bodies that owe a duty of that kind: of the plan's own province."""
    return (office.departments + kind.communes * office.communes) / office.lead_units


def occurrences(office: Office) -> float:
    return office.plans * sum(kind.duties * kind.periods * _owing(office, kind) for kind in KINDS)


def mails(office: Office) -> float:
    """E-mails a year. A person gets at most one digest a morning, however many rungs fell due on it; rungs are taken
    as spread evenly over the working days, which makes the most mornings."""
    late = LATE * (1 + VERY_LATE)
    plans = office.plans / office.lead_units

    def rungs(communes: bool) -> float:
        kinds = (kind for kind in KINDS if kind.communes or not communes)
        return plans * sum(kind.duties * kind.periods * (kind.reminders + late) for kind in kinds)

    of_bodies = office.departments * mornings(rungs(False)) + office.communes * mornings(rungs(True))
    return of_bodies + office.lead_units * LEAD_PEOPLE * WORKING_DAYS


def mornings(rungs: float) -> float:
    """On how many working days of a year so many rungs, spread by chance, leave at least one."""
    return WORKING_DAYS * (1 - math.exp(-rungs / WORKING_DAYS))


def duty_runs(office: Office) -> float:
    """Runs of `follow` in a year."""
    return office.plans * sum(kind.duties * kind.periods * kind.looks for kind in KINDS)


def runs(office: Office) -> float:
    return float(duty_runs(office) + (FIXED_RUNS * 365 + AUDIT_RUNS) * office.lead_units)


def prefect_gb(office: Office) -> float:
    a_day = runs(office) / 365
    return a_day * (KEPT_DAYS * RUN_KB + EVENT_DAYS * EVENTS_KB) / 1e6


def rows(office: Office) -> float:
    """Of the register in a year: occurrences, notices, messages with their attempts, the trail and its seals."""
    return occurrences(office) * (1 + NOTICES + 2 * EVENTS) + 2 * mails(office)


def worst_mails(office: Office) -> int:
    """Everybody gets a digest on the same morning: the week before the yearly reports."""
    return office.bodies + LEAD_PEOPLE * office.lead_units


def worst_runs(office: Office) -> int:
    """Of 07:30 on that morning: one for every yearly duty, and the fixed ones."""
    return office.plans * YEARLY + 2 * office.lead_units


def minutes_of_runs(office: Office, cores: int = CORES) -> float:
    return worst_runs(office) * RUN_SECONDS / cores / 60


Row = tuple[str, ...]


def loads() -> list[Row]:
    """A year and its worst hour, one column for each size."""

    def line(title: str, *values: float) -> Row:
        return title, *map(amount, values)

    return [
        line("plans followed", *(office.plans for office in OFFICES)),
        line("bodies that owe something", *(office.bodies for office in OFFICES)),
        line("occurrences a year", *map(occurrences, OFFICES)),
        line("rows of the register a year", *map(rows, OFFICES)),
        line("register after a year, GB", *(occurrences(office) * REGISTER_KB / 1e6 for office in OFFICES)),
        line("e-mails a year", *map(mails, OFFICES)),
        line("runs of Prefect a year", *map(runs, OFFICES)),
        line("runs that Prefect keeps", *(runs(office) * KEPT_DAYS / 365 for office in OFFICES)),
        line("Prefect's database, GB", *map(prefect_gb, OFFICES)),
        line("processor hours of runs a day", *(runs(office) / 365 * RUN_SECONDS / 3600 for office in OFFICES)),
        line("e-mails of the worst morning", *map(worst_mails, OFFICES)),
        line("… their size, MB", *(worst_mails(office) * LETTER_KB / 1e3 for office in OFFICES)),
        line("… handed over one after the other, minutes", *(_handed(office) for office in OFFICES)),
        line("… at a pace of 60 a minute, minutes", *(worst_mails(office) / MAIL_PACE for office in OFFICES)),
        line("runs of Prefect at 07:30 of that morning", *map(worst_runs, OFFICES)),
        line("… on two cores, minutes", *map(minutes_of_runs, OFFICES)),
    ]


def _handed(office: Office) -> float:
    return worst_mails(office) / LETTERS_A_SECOND / 60


def amount(value: float) -> str:
    """Two significant digits, thousands apart, for such figures know no more; what was counted as it is."""
    if isinstance(value, int):
        return f"{value:,}"
    digits = 1 - math.floor(math.log10(abs(value)))
    rounded = round(value, digits)
    return f"{rounded:,.0f}" if digits <= 0 else f"{rounded:.{digits}f}".rstrip("0").rstrip(".")


def table() -> str:
    head: list[Row] = [("", *(office.name for office in OFFICES)), ("---", *("---:" for _office in OFFICES))]
    return "".join(f"| {' | '.join(row)} |\n".replace("|  |", "| |") for row in [*head, *loads()])


if __name__ == "__main__":
    sys.stdout.write(table())
