"""01/7/2025: one body gets another name, one is merged into a third, and one report of the merged one is owed."""

from __future__ import annotations

from datetime import date

from tasks import succession
from tasks.agencies import load_register
from tasks.bodies import Rename, rename_body
from tasks.database import reading, writing
from tasks.model import State
from tasks.succession import Order, Part
from tests.scenarios.harness import World, plan_text

DUTIES = """\
  - id: so-ket
    title: Báo cáo sơ kết
    section: IV.1
    responsible: [alpha, beta]
    due: {kind: once, on: 2025-06-25, boundary: by, quote: "chậm nhất ngày 25/6/2025"}
    recipients: [{agency: cong-an-huyen}]
"""
OWED, HANDED = "ke/so-ket/beta/once", "ke/so-ket/gamma/once"


def test_the_renamed_body_goes_on_and_the_heir_of_the_merged_one_owes_its_report(world: World) -> None:
    world.follow(plan_text(duties=DUTIES), on="02/06/2025")
    world.record("ke/so-ket/alpha/once", "02/06/2025")
    world.go("30/06/2025")
    assert world.occurrence(OWED).state is State.OPEN
    assert {line.split()[1] for line in world.new() if line.split()[2] != "assigned"} == {"beta", "officer", "stand-in"}

    world.now = world.now.replace(month=7, day=1)
    with writing(world.engine) as c:
        rename = Rename("Phòng Alpha và Đô thị", date(2025, 7, 1), "12/NQ-HĐND")
        rename_body(c, "u.alpha", rename, None, now=world.now, actor="officer")
        order = Order(("u.beta",), {Part("u.beta", "ke", "so-ket"): "u.gamma"}, "12/NQ-HĐND", date(2025, 6, 30))
        handed = succession.hand_over(c, order, None, now=world.now, actor="officer")
    assert [step.now.id for step in handed.steps] == [HANDED]

    assert world.occurrence(OWED).state is State.TRANSFERRED
    assert world.occurrence(HANDED).state is State.OPEN
    assert world.occurrence(HANDED).days_late is None, "the heir is not late for what the other one left"
    world.go("07/07/2025")
    told = world.new()
    assert any(line.split()[1] == "gamma" for line in told)
    assert not any(line.split()[1] in ("alpha", "beta") for line in told)
    with reading(world.engine) as c:
        register = load_register(c)
    assert register["u.alpha"].name_on(date(2025, 6, 30)) == "Phòng Alpha"
    assert register["u.alpha"].name_on(date(2025, 7, 1)) == "Phòng Alpha và Đô thị"
    assert register["u.beta"].until == date(2025, 6, 30)

    world.record(HANDED, "07/07/2025", "3/BC")
    assert world.occurrence(HANDED).state is State.ACCEPTED
    assert world.occurrence("ke/so-ket/alpha/once").state is State.ACCEPTED
