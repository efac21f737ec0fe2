"""The fate of each message: sent, tried again, given up, or unknown and said to be so (D8)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from notifications import delivery
from notifications.channels.base import Letter
from notifications.delivery import DeliveryCounts
from notifications.errors import ChannelError, FateUnknown
from notifications.tables import attempt, message
from tasks.database import reading, writing
from tests.support import ANSWERABLE, FINANCE, Valley, at

MORNING = "2024-03-08 07:30"


@pytest.fixture
def composed(valley: Valley) -> Valley:
    """Finance alone can be reached, and its reminder of 8 March is composed."""
    valley.follow(contacts=False).contact(FINANCE, "agency")
    valley.run("2024-02-01 08:10")
    valley.advance(MORNING)
    assert valley.compose() == 1
    valley.channel.letters.clear()
    return valley


def _status(v: Valley) -> str:
    return str(v.messages()[-1].status)


def _outcomes(v: Valley) -> list[str]:
    with reading(v.engine) as c:
        chosen = select(attempt.c.outcome).where(attempt.c.message_id == v.messages()[-1].id).order_by(attempt.c.id)
        return list(c.execute(chosen).scalars())


def test_a_message_is_sent_only_when_its_channel_said_so(composed: Valley) -> None:
    assert composed.deliver() == DeliveryCounts(sent=1)
    row = composed.messages()[-1]
    assert (row.status, row.tries, row.token, row.lease_until, row.settled_at) == ("sent", 1, None, None, at(MORNING))
    assert _outcomes(composed) == ["sent"]
    assert composed.deliver("2024-03-08 09:00") == DeliveryCounts()


@pytest.mark.parametrize("moment", ["2024-03-08 06:59", "2024-03-08 17:30", "2024-03-09 09:00"])
def test_nothing_leaves_outside_working_hours(composed: Valley, moment: str) -> None:
    assert composed.deliver(moment) == DeliveryCounts()
    assert _status(composed) == "queued"


def test_a_temporary_failure_is_tried_again_with_growing_pauses(composed: Valley) -> None:
    composed.channel.error = ChannelError("greylisted")
    assert composed.deliver(MORNING) == DeliveryCounts(waiting=1)
    assert composed.deliver("2024-03-08 07:39") == DeliveryCounts()
    assert composed.deliver("2024-03-08 07:40") == DeliveryCounts(waiting=1)
    assert composed.deliver("2024-03-08 08:09") == DeliveryCounts()
    composed.channel.error = None
    assert composed.deliver("2024-03-08 08:10") == DeliveryCounts(sent=1)
    assert _outcomes(composed) == ["failed", "failed", "sent"]


def test_a_permanent_failure_is_not_tried_again(composed: Valley) -> None:
    composed.channel.error = ChannelError("no such mailbox", permanent=True)
    assert composed.deliver() == DeliveryCounts(failed=1)
    composed.channel.error = None
    assert composed.deliver("2024-03-08 16:00") == DeliveryCounts()
    row = composed.messages()[-1]
    assert (row.status, row.detail) == ("failed", "no such mailbox")


def test_after_twelve_attempts_it_is_given_up(composed: Valley) -> None:
    with writing(composed.engine) as c:
        c.execute(update(message).values(tries=delivery.GIVE_UP_AFTER - 1))
    composed.channel.error = ChannelError("greylisted")
    assert composed.deliver() == DeliveryCounts(failed=1)


def test_a_connection_lost_after_the_body_leaves_the_fate_unknown_and_the_letter_is_repeated_once(
    composed: Valley,
) -> None:
    composed.channel.error = FateUnknown("connection lost")
    assert composed.deliver() == DeliveryCounts(unknown=1)
    composed.channel.error = None
    assert composed.deliver("2024-03-08 07:39") == DeliveryCounts()
    assert composed.deliver("2024-03-08 07:40") == DeliveryCounts(sent=1)
    [letter] = composed.channel.letters
    assert letter.message_id == composed.messages()[-1].message_id


def test_a_fate_unknown_twice_is_left_to_the_officer(composed: Valley) -> None:
    composed.channel.error = FateUnknown("connection lost")
    composed.deliver(MORNING)
    composed.deliver("2024-03-08 07:40")
    composed.channel.error = None
    assert composed.deliver("2024-03-08 16:00") == DeliveryCounts()
    assert (_status(composed), _outcomes(composed)) == ("unknown", ["unknown", "unknown"])


def test_other_channels_are_never_resent_by_themselves(valley: Valley) -> None:
    valley.follow(contacts=False).contact(FINANCE, "agency", "json://127.0.0.1/x", channel="url")
    valley.channel.error = FateUnknown("no answer")
    valley.run("2024-02-01 08:10")
    valley.channel.error = None
    assert valley.deliver("2024-02-01 16:00") == DeliveryCounts()
    assert _status(valley) == "unknown"


class Died(BaseException):
    """The process is gone; no handler of ours runs."""


def test_a_sender_that_died_with_the_letter_in_hand_leaves_it_unknown_after_its_lease(composed: Valley) -> None:
    class Killed:
        def send(self, letter: Letter) -> None:
            raise Died

    with pytest.raises(Died):
        delivery.deliver(composed.engine, {"email": Killed()}, now=at(MORNING))
    assert _status(composed) == "sending"
    assert composed.deliver("2024-03-08 07:45") == DeliveryCounts(), "the lease still runs"
    assert composed.deliver("2024-03-08 07:46").unknown == 1
    before = composed.messages()[-1].message_id
    assert composed.deliver("2024-03-08 07:56") == DeliveryCounts(sent=1)
    assert [letter.message_id for letter in composed.channel.letters] == [before]
    assert _outcomes(composed) == ["unknown", "sent"]


def test_only_the_holder_of_the_token_writes_the_outcome(composed: Valley) -> None:
    class Slow:
        """Answers after its lease ran out and another sender took over."""

        def send(self, letter: Letter) -> None:
            later = at(MORNING) + delivery.LEASE + timedelta(minutes=1)
            delivery.deliver(composed.engine, {"email": composed.channel}, now=later)
            again = later + delivery.BACKOFF[0]
            delivery.deliver(composed.engine, {"email": composed.channel}, now=again)
            raise ChannelError("too late", permanent=True)

    counts = delivery.deliver(composed.engine, {"email": Slow()}, now=at(MORNING))
    assert counts == DeliveryCounts()
    assert (_status(composed), _outcomes(composed)) == ("sent", ["unknown", "sent"])


def test_a_letter_of_unknown_fate_is_not_repeated_once_the_duty_is_done(composed: Valley) -> None:
    composed.channel.error = FateUnknown("connection lost")
    composed.deliver()
    composed.channel.error = None
    composed.record(ANSWERABLE, received="2024-03-08")
    assert composed.run("2024-03-08 07:50") == []
    assert _status(composed) == "unknown"


def test_a_message_about_something_done_meanwhile_is_dropped(composed: Valley) -> None:
    composed.record(ANSWERABLE, received="2024-03-08")
    assert composed.deliver("2024-03-08 07:40") == DeliveryCounts(dropped=1)
    assert (_status(composed), composed.channel.letters) == ("dropped", [])
    assert composed.told(ANSWERABLE) == {"before-7": "skipped:closed"}


def test_a_fault_in_a_channel_does_not_stop_the_others(valley: Valley) -> None:
    class Faulty:
        def send(self, letter: Letter) -> None:
            if "tai-chinh" in letter.address:
                raise ValueError("a fault of ours")
            valley.channel.send(letter)

    valley.follow().advance()
    valley.compose()
    counts = delivery.deliver(valley.engine, {"email": Faulty()}, now=valley.now)
    assert (counts.sent, counts.unknown) == (3, 1)
    assert "ValueError: a fault of ours" in [row.detail for row in valley.messages()]


def test_a_channel_that_is_not_set_up_is_a_temporary_failure(composed: Valley) -> None:
    assert delivery.deliver(composed.engine, {}, now=at(MORNING)) == DeliveryCounts(waiting=1)
    assert composed.messages()[-1].detail == "channel email is not set up"


def test_no_transaction_is_open_while_a_letter_leaves(composed: Valley) -> None:
    class Writes:
        def send(self, letter: Letter) -> None:
            composed.promise(ANSWERABLE, "2024-03-20")  # would wait thirty seconds for the writer and fail

    assert delivery.deliver(composed.engine, {"email": Writes()}, now=at(MORNING)) == DeliveryCounts(sent=1)


def test_more_messages_than_one_claim_takes_all_leave(valley: Valley) -> None:
    valley.follow(contacts=False)
    for number in range(2 * delivery.BATCH + 3):
        valley.contact(FINANCE, "agency", f"n{number}@x.example")
    assert len(valley.run("2024-02-01 08:10")) == 2 * delivery.BATCH + 3
