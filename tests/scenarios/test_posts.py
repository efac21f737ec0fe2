"""Posts held from and until: an officer on leave over a deadline, a head who changes, a channel dead for three days."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from notifications import composer, delivery, planner
from notifications.absences import note_absence, withdraw_absence
from notifications.channels.base import Letter
from notifications.contacts import ContactRole, add_contact, change_contact, contacts_of
from notifications.errors import ChannelError, FateUnknown
from notifications.tables import absence, message, replacement
from tasks.database import reading, writing
from tasks.tables import audit_event
from tests.scenarios.harness import LEAD, Recorder, World, at, day, plan_text

O = "ke/bao-cao/alpha/2024"  # noqa: E741 - the occurrence of Alpha


def leave(world: World, since: str, until: str, *, stand_in: str = "stand-in@u.example") -> None:
    with writing(world.engine) as c:
        people = {each.name: each.person for each in contacts_of(c, LEAD)}
        note_absence(
            c, LEAD, person=people["officer@u.example"], stand_in=people[stand_in], since=day(since), until=day(until),
            now=world.now, actor="test",
        )  # fmt: skip


def test_an_officer_on_leave_over_the_deadline_gets_nothing_and_the_stand_in_all(world: World) -> None:
    world.follow(plan_text())
    world.go("02/12/2024").expect("01/11 alpha assigned", "02/12 alpha before-7")
    leave(world, "09/12/2024", "12/12/2024")
    world.go("06/12/2024").expect("06/12 alpha before-1")
    world.go("12/12/2024").expect("09/12 alpha due", "11/12 stand-in check", "12/12 alpha overdue-1")
    # back at the desk: the escalation goes to both, as it always did
    world.go("13/12/2024").expect("13/12 officer lead", "13/12 stand-in lead")
    world.go("17/12/2024").expect("17/12 alpha overdue-2", "17/12 head head-1")


def test_what_waits_for_an_officer_goes_to_the_stand_in_when_the_leave_begins(world: World) -> None:
    world.follow(plan_text())
    world.go("10/12/2024")
    world.new()
    world.channel = Failing(world.channel, {"officer@u.example"})
    world.go("11/12/2024").expect()
    leave(world, "11/12/2024", "12/12/2024")
    world.go("11/12/2024", "08:30").expect()  # taken out of the outbox of the one who is away
    world.go("11/12/2024", "08:40").expect("11/12 stand-in check")
    assert world.ledger(O)["check"] == "composed"
    world.go("12/12/2024").expect("12/12 alpha overdue-1")


def test_who_comes_back_early_is_written_to_again(world: World) -> None:
    world.follow(plan_text())
    world.go("10/12/2024")
    world.new()
    leave(world, "10/12/2024", "20/12/2024")
    with writing(world.engine) as c:
        [held] = c.execute(select(absence.c.id)).scalars()
        withdraw_absence(c, LEAD, held, now=world.now, actor="test")
    world.go("11/12/2024").expect("11/12 officer check")


def test_replies_and_telephone_are_the_stand_ins_during_the_leave(world: World) -> None:
    world.follow(plan_text())
    world.go("06/12/2024")
    leave(world, "09/12/2024", "12/12/2024")
    world.go("09/12/2024")
    letters = {each.address: each for each in world.channel.letters}
    assert letters["alpha@u.example"].reply_to == "stand-in@u.example"
    assert "stand-in@u.example" in letters["alpha@u.example"].text
    world.go("12/12/2024")
    world.new()


def test_a_leave_whose_stand_in_has_gone_loses_nothing(world: World) -> None:
    world.follow(plan_text())
    world.go("10/12/2024")
    world.new()
    leave(world, "10/12/2024", "12/12/2024")
    with writing(world.engine) as c:
        [bob] = [each for each in contacts_of(c, LEAD) if each.role is ContactRole.STAND_IN]
        change_contact(
            c, bob.id, role=bob.role, name=bob.name, address=bob.address, channel=bob.channel, phone=None,
            until=date(2024, 12, 10), now=world.now, actor="test",
        )  # fmt: skip
    world.go("11/12/2024").expect("11/12 officer check")


def test_the_head_changes_on_the_first_of_december(world: World) -> None:
    world.follow(plan_text())
    with writing(world.engine) as c:
        [old] = [each for each in contacts_of(c, LEAD) if each.role is ContactRole.HEAD]
        change_contact(
            c, old.id, role=old.role, name=old.name, address=old.address, channel=old.channel, phone=None,
            until=date(2024, 11, 30), now=world.now, actor="test",
        )  # fmt: skip
        add_contact(
            c, LEAD, role=ContactRole.HEAD, name="Trưởng mới", address="new-head@u.example", since=date(2024, 12, 1),
            now=world.now, actor="test",
        )  # fmt: skip
    world.go("16/12/2024")
    world.new()
    world.go("17/12/2024").expect("17/12 alpha overdue-2", "17/12 new-head head-1")


def test_between_two_heads_the_request_waits_and_nobody_is_passed_over(world: World) -> None:
    world.follow(plan_text())
    with writing(world.engine) as c:
        [old] = [each for each in contacts_of(c, LEAD) if each.role is ContactRole.HEAD]
        change_contact(
            c, old.id, role=old.role, name=old.name, address=old.address, channel=old.channel, phone=None,
            until=date(2024, 11, 30), now=world.now, actor="test",
        )  # fmt: skip
    world.go("17/12/2024")
    assert "head" not in " ".join(world.new())
    assert world.ledger(O)["head-1"] == "no_contact"
    with writing(world.engine) as c:
        add_contact(
            c, LEAD, role=ContactRole.HEAD, name="Trưởng mới", address="new-head@u.example", since=date(2024, 12, 18),
            now=world.now, actor="test",
        )  # fmt: skip
    world.go("17/12/2024", "09:00").expect()
    world.go("18/12/2024").expect("18/12 new-head head-1")


# -- channels --


class Failing(Recorder):
    """Refuses for the time being, or for good, what goes to these addresses; takes the rest."""

    def __init__(self, taken: Recorder, refused: set[str], *, permanent: bool = False) -> None:
        super().__init__(taken.letters)
        self.refused, self.permanent = refused, permanent

    def send(self, letter: Letter) -> None:
        if letter.address in self.refused:
            raise ChannelError("refused", permanent=self.permanent)
        super().send(letter)


class Doubtful(Recorder):
    """Loses the connection after the body of what goes to Alpha."""

    def send(self, letter: Letter) -> None:
        if letter.address == "alpha@u.example":
            raise FateUnknown("lost after the body")
        super().send(letter)


def second_channel(world: World, body: str, address: str) -> None:
    with writing(world.engine) as c:
        [first] = contacts_of(c, body)
        add_contact(
            c, body, role=first.role, name=first.name, address=address, person=first.person, now=world.now,
            actor="test",
        )  # fmt: skip


def test_a_channel_dead_for_three_days_doubles_nothing_and_loses_nothing(world: World) -> None:
    world.follow(plan_text("alpha, beta"))
    second_channel(world, "u.alpha", "alpha-2@u.example")
    world.go("06/12/2024")
    world.new()
    recorder = world.channel
    world.channel = Failing(recorder, {"alpha@u.example", "beta@u.example"})
    # the first day: after four working hours the next channel; who has none waits for the old one
    world.go("09/12/2024").expect()
    world.go("09/12/2024", "11:00").expect()
    world.go("09/12/2024", "11:30").expect("09/12 alpha-2 due")
    world.go("11/12/2024").expect("11/12 officer check")
    # the channel is known to be down: the first refusal is enough
    world.go("12/12/2024").expect("12/12 alpha-2 overdue-1")
    # the channel works again, and is the first one again
    world.channel = recorder
    world.go("13/12/2024").expect("13/12 beta overdue-1", "13/12 officer lead", "13/12 stand-in lead")
    world.go("17/12/2024").expect("17/12 alpha overdue-2", "17/12 beta overdue-2", "17/12 head head-1")
    assert {line for line in world.ledger(O).values() if line in ("queued", "no_contact")} == set()


def test_a_message_refused_for_good_goes_by_the_next_channel_in_the_same_run(world: World) -> None:
    world.follow(plan_text())
    second_channel(world, "u.alpha", "alpha-2@u.example")
    second_channel_of_second(world)
    world.channel = Failing(world.channel, {"alpha@u.example", "alpha-2@u.example"}, permanent=True)
    world.new()
    world.go("02/12/2024").expect("02/12 alpha-3 before-7")
    with reading(world.engine) as c:
        rows = c.execute(select(replacement).order_by(replacement.c.message_id)).all()
        kinds = c.execute(select(audit_event.c.data).where(audit_event.c.kind == "other_channel")).scalars().all()
        statuses = list(c.execute(select(message.c.status).order_by(message.c.id).offset(1)).scalars())
    assert [row.why for row in rows] == ["failed", "failed"]
    assert [row.instead_of for row in rows] == [rows[0].instead_of, rows[0].message_id]
    assert [data["why"] for data in kinds] == ["failed", "failed"]
    assert statuses == ["failed", "failed", "sent"]
    world.go("06/12/2024").expect("06/12 alpha-3 before-1")


def second_channel_of_second(world: World) -> None:
    with writing(world.engine) as c:
        first = contacts_of(c, "u.alpha")[0]
        add_contact(
            c, "u.alpha", role=first.role, name=first.name, address="alpha-3@u.example", person=first.person,
            now=world.now, actor="test",
        )  # fmt: skip


def test_a_replacement_left_over_from_yesterday_goes_into_todays_digest_by_the_first_channel(world: World) -> None:
    world.follow(plan_text())
    second_channel(world, "u.alpha", "alpha-2@u.example")
    world.go("06/12/2024")
    world.new()
    recorder = world.channel
    world.channel = Failing(recorder, {"alpha@u.example", "alpha-2@u.example"})
    world.go("09/12/2024").go("09/12/2024", "11:30").expect()
    world.channel = recorder
    world.go("10/12/2024").expect("10/12 alpha due")
    assert world.ledger(O)["due"] == "composed"


def test_two_people_of_one_body_still_get_one_each(world: World) -> None:
    world.follow(plan_text())
    world.add_contact("u.alpha", ContactRole.AGENCY, "deputy@u.example")
    world.new()
    world.go("02/12/2024").expect("02/12 alpha before-7", "02/12 deputy before-7")


def test_a_digest_whose_fate_is_unknown_is_never_sent_by_another_channel_by_itself(world: World) -> None:
    world.follow(plan_text())
    second_channel(world, "u.alpha", "alpha-2@u.example")
    world.new()
    recorder = world.channel
    world.channel = Doubtful(recorder.letters)
    world.go("02/12/2024").go("02/12/2024", "16:00").expect()
    with reading(world.engine) as c:
        assert c.execute(select(replacement)).all() == []
        assert list(c.execute(select(message.c.status).order_by(message.c.id.desc()).limit(1)).scalars()) == ["unknown"]
    world.channel = recorder


def test_a_telephone_number_as_next_channel_is_told_the_short_text(world: World) -> None:
    world.follow(plan_text())
    with writing(world.engine) as c:
        [first] = contacts_of(c, "u.alpha")
        add_contact(
            c, "u.alpha", role=first.role, name=first.name, channel="sms", address="0912345678", person=first.person,
            now=world.now, actor="test",
        )  # fmt: skip
    world.new()
    world.go("29/11/2024")
    world.channel = Failing(world.channel, {"alpha@u.example"}, permanent=True)
    short = Recorder()
    world.now = at("02/12/2024")
    planner.advance(world.engine, now=world.now)
    composer.compose(world.engine, now=world.now)
    delivery.deliver(world.engine, {"email": world.channel, "sms": short}, now=world.now)
    [letter] = short.letters
    assert letter.address == "0912345678"
    assert len(letter.text) < 300
    assert "<html" not in letter.text
    world.expect("02/12 0912345678 before-7")


def test_a_channel_that_works_again_does_not_bring_what_went_elsewhere(world: World) -> None:
    world.follow(plan_text())
    second_channel(world, "u.alpha", "alpha-2@u.example")
    world.go("06/12/2024")
    world.new()
    recorder = world.channel
    world.channel = Failing(recorder, {"alpha@u.example"})
    world.go("09/12/2024").go("09/12/2024", "11:30").expect("09/12 alpha-2 due")
    world.channel = recorder
    world.go("09/12/2024", "17:00").expect()
