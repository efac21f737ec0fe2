"""The fate of each message: sent, tried again, given up, or unknown and said to be so (D8)."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.engine import Connection

from notifications import delivery, rewriting
from notifications.channels.base import Letter, Taken
from notifications.contacts import contacts_of, remove_contact
from notifications.delivery import DeliveryCounts
from notifications.errors import ChannelError, FateUnknown
from notifications.facts import Rendered, Sheet
from notifications.short_text import render_for
from notifications.tables import attempt, message
from tasks.database import reading, writing
from tests.support import ANSWERABLE, FINANCE, INTERIOR, LEAD, Valley, at

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


def test_a_channel_that_asks_for_patience_gets_it(composed: Valley) -> None:
    composed.channel.error = ChannelError("too many requests", retry_after=3600)
    composed.deliver(MORNING)
    composed.channel.error = None
    assert composed.deliver("2024-03-08 08:29") == DeliveryCounts()
    assert composed.deliver("2024-03-08 08:30") == DeliveryCounts(sent=1)


@pytest.mark.parametrize(("asked", "waited"), [(1.0, timedelta(minutes=10)), (1e12, timedelta(days=1))])
def test_what_a_channel_asks_for_has_bounds(composed: Valley, asked: float, waited: timedelta) -> None:
    composed.channel.error = ChannelError("too many requests", retry_after=asked)
    composed.deliver(MORNING)
    assert composed.messages()[-1].next_try_at == at(MORNING) + waited


def test_what_the_other_side_called_it_is_kept_with_the_attempt(composed: Valley) -> None:
    composed.channel.taken = Taken("Telegram, tin số 7.")
    assert composed.deliver() == DeliveryCounts(sent=1)
    with reading(composed.engine) as c:
        assert c.execute(select(attempt.c.outcome, attempt.c.detail)).all()[-1] == ("sent", "Telegram, tin số 7.")


def test_a_letter_that_is_on_its_way_is_not_sent_and_not_repeated(composed: Valley) -> None:
    composed.channel.taken = Taken("Tệp x.json", on_its_way=True)
    assert composed.deliver() == DeliveryCounts(relayed=1)
    row = composed.messages()[-1]
    assert (row.status, row.settled_at, row.next_try_at, row.token, row.lease_until) == (
        "relayed",
        None,
        None,
        None,
        None,
    )
    assert composed.deliver("2024-03-08 16:00") == DeliveryCounts()
    assert len(composed.channel.letters) == 1


def test_telephones_are_told_the_short_line_and_others_the_whole(valley: Valley) -> None:
    valley.channels = {"email": valley.channel, "sms": valley.channel}
    valley.follow(contacts=False).contact(FINANCE, "agency", "0912345678", channel="sms", name="Chị Hoa")
    valley.contact(INTERIOR, "agency")
    told = {letter.address: letter for letter in valley.run("2024-02-01 08:10")}
    short = told.pop("0912345678")
    assert short.text == "Sở Tài chính: 01 việc mới, hạn gần nhất 15/03.\n"
    assert (short.kind, short.fields["so_viec"], short.fields["han"]) == ("assigned", "01", "15/03/2024")
    [whole] = told.values()
    assert "Kế hoạch triển khai" in whole.text
    assert whole.fields == {}


def test_a_short_line_written_anew_on_a_later_day_is_short_again(valley: Valley) -> None:
    valley.channels = {"sms": valley.channel}
    valley.follow(contacts=False).contact(FINANCE, "agency", "0912345678", channel="sms")
    valley.channel.error = ChannelError("busy")
    valley.run("2024-02-01 08:10")
    valley.channel.error = None
    valley.deliver("2024-02-02 08:10")
    [letter] = valley.channel.letters
    assert letter.text == "Sở Tài chính: 01 việc mới, hạn gần nhất 15/03.\n"
    assert letter.fields["so_viec"] == "01"


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
    why = "Cách gửi email chưa được thiết lập."
    assert delivery.deliver(composed.engine, {}, now=at(MORNING)) == DeliveryCounts(waiting=1, alarm=why)
    assert composed.messages()[-1].detail == why


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


# --- What a sender leaves behind, and time that passes while it sends --------------------------------------------


@pytest.fixture
def seven(valley: Valley) -> Valley:
    """Finance has seven addresses; the announcement waits for each."""
    valley.follow(contacts=False)
    for number in range(7):
        valley.contact(FINANCE, "agency", f"n{number}@x.example")
    valley.advance("2024-02-01 08:10")
    assert valley.compose() == 7
    return valley


class Watch:
    """A clock that goes on by so much with every letter."""

    def __init__(self, valley: Valley, begin: str, each: timedelta) -> None:
        self.valley, self.now, self.each = valley, at(begin), each

    def send(self, letter: Letter) -> None:
        self.valley.channel.send(letter)
        self.now += self.each

    def deliver(self) -> DeliveryCounts:
        return delivery.deliver(self.valley.engine, {"email": self}, now=self.now, moment=lambda: self.now)


def _statuses(v: Valley) -> list[str]:
    return [row.status for row in v.messages()]


def test_a_sender_that_dies_leaves_only_the_letter_in_its_hand_in_doubt(seven: Valley) -> None:
    class DiesWithTheThird:
        def send(self, letter: Letter) -> None:
            if len(seven.channel.letters) == 2:
                raise Died
            seven.channel.send(letter)

    with pytest.raises(Died):
        delivery.deliver(seven.engine, {"email": DiesWithTheThird()}, now=seven.now)
    assert _statuses(seven) == ["sent", "sent", "sending", "queued", "queued", "queued", "queued"]
    assert seven.deliver("2024-02-01 08:25") == DeliveryCounts(), "reserved until the lease runs out"
    assert seven.deliver("2024-02-01 08:26") == DeliveryCounts(sent=4, unknown=1)
    assert seven.deliver("2024-02-01 08:36") == DeliveryCounts(sent=1)
    assert len({letter.message_id for letter in seven.channel.letters}) == len(seven.channel.letters) == 7


def test_a_run_that_takes_longer_than_a_lease_keeps_what_it_has_in_hand(seven: Valley) -> None:
    slow = Watch(seven, "2024-02-01 08:10", timedelta(minutes=14))

    class AndAnotherLooksOn:
        def send(self, letter: Letter) -> None:
            slow.send(letter)
            others = delivery.deliver(seven.engine, {"email": seven.channel}, now=slow.now)
            assert others.unknown == 0

    delivery.deliver(seven.engine, {"email": AndAnotherLooksOn()}, now=slow.now, moment=lambda: slow.now)
    assert _statuses(seven) == ["sent"] * 7
    assert sorted({letter.address for letter in seven.channel.letters}) == [f"n{n}@x.example" for n in range(7)]
    assert len(seven.channel.letters) == 7


def test_what_another_sender_took_over_is_not_sent_a_second_time(seven: Valley) -> None:
    class StandsStill:
        """Hangs for half an hour with its first letter; meanwhile another one sends all the rest."""

        def send(self, letter: Letter) -> None:
            seven.channel.send(letter)
            if len(seven.channel.letters) == 1:
                assert seven.deliver("2024-02-01 08:40") == DeliveryCounts(sent=6, unknown=1)

    delivery.deliver(seven.engine, {"email": StandsStill()}, now=seven.now, moment=lambda: seven.now)
    assert len({letter.address for letter in seven.channel.letters}) == len(seven.channel.letters) == 7


def test_sending_ends_with_the_working_day_and_goes_on_the_next_morning(seven: Valley) -> None:
    slow = Watch(seven, "2024-02-01 17:28", timedelta(minutes=1))
    assert slow.deliver() == DeliveryCounts(sent=2)
    assert _statuses(seven) == ["sent", "sent", *["queued"] * 5]
    assert [row.settled_at for row in seven.messages()][:2] == [at("2024-02-01 17:29"), at("2024-02-01 17:30")]
    assert seven.deliver("2024-02-02 07:30") == DeliveryCounts(sent=5), "given back, not left to the lease"


def test_a_hold_is_heeded_with_the_next_letter(seven: Valley) -> None:
    counts = delivery.deliver(
        seven.engine, seven.channels, now=seven.now, stop=lambda _connection: len(seven.channel.letters) == 3
    )
    assert counts == DeliveryCounts(sent=3)
    assert _statuses(seven) == [*["sent"] * 3, *["queued"] * 4]


def test_any_number_of_dropped_messages_in_a_row_is_passed_over_without_going_deeper(valley: Valley) -> None:
    valley.follow(contacts=False)
    for number in range(4 * delivery.BATCH):
        valley.contact(FINANCE, "agency", f"n{number}@x.example")
    valley.advance("2024-02-01 08:10")
    valley.compose()
    valley.stop()
    depths = []

    def note_depth(_connection: Connection) -> bool:
        depths.append(len(inspect.stack(0)))
        return False

    counts = delivery.deliver(valley.engine, valley.channels, now=valley.now, stop=note_depth)
    assert counts == DeliveryCounts(dropped=4 * delivery.BATCH)
    assert (len(depths), len(set(depths))) == (5, 1)


# --- A fate that was unknown once ---------------------------------------------------------------------------------


def test_a_letter_in_doubt_that_is_refused_for_now_stays_in_doubt_and_keeps_its_words(composed: Valley) -> None:
    composed.channel.error = FateUnknown("connection lost")
    composed.deliver(MORNING)
    words = composed.messages()[-1]
    composed.channel.error = ChannelError("greylisted")
    assert composed.deliver("2024-03-08 07:40") == DeliveryCounts(waiting=1)
    assert _status(composed) == "unknown"
    composed.channel.error = None
    composed.advance("2024-03-11 07:30")
    composed.compose()
    assert composed.deliver() == DeliveryCounts(sent=1)
    [repeated] = composed.channel.letters
    same = (words.message_id, words.subject, words.text)
    assert (repeated.message_id, repeated.subject, repeated.text) == same, "a queued digest would be written anew"


def test_a_letter_in_doubt_that_is_refused_for_good_is_not_called_failed(composed: Valley) -> None:
    composed.channel.error = FateUnknown("connection lost")
    composed.deliver(MORNING)
    composed.channel.error = ChannelError("no such mailbox", permanent=True)
    assert composed.deliver("2024-03-08 07:40") == DeliveryCounts(unknown=1)
    row = composed.messages()[-1]
    assert (row.status, row.detail, row.next_try_at) == ("unknown", "no such mailbox", None)


def test_a_letter_is_repeated_once_however_often_it_was_refused_before(composed: Valley) -> None:
    composed.channel.error = ChannelError("greylisted")
    composed.deliver(MORNING)
    composed.deliver("2024-03-08 07:40")
    composed.channel.error = FateUnknown("connection lost")
    assert composed.deliver("2024-03-08 08:10") == DeliveryCounts(unknown=1)
    composed.channel.error = None
    assert composed.deliver("2024-03-08 08:20") == DeliveryCounts(sent=1)
    assert _outcomes(composed) == ["failed", "failed", "unknown", "sent"]


def test_trouble_of_our_own_is_an_alarm(composed: Valley) -> None:
    composed.channel.error = ChannelError("from= is not ours", ours=True)
    assert composed.deliver() == DeliveryCounts(waiting=1, alarm="from= is not ours")


# --- Addresses that change while a message waits ------------------------------------------------------------------


def _remove(v: Valley, address: str) -> None:
    with writing(v.engine) as c:
        [found] = [each for each in contacts_of(c) if each.address == address]
        remove_contact(c, found.id, now=v.now, actor="test")


def test_a_message_to_an_address_that_was_taken_away_goes_to_the_new_one(composed: Valley) -> None:
    composed.channel.error = ChannelError("greylisted")
    composed.deliver(MORNING)
    composed.channel.error = None
    _remove(composed, "agency@so-tai-chinh.example")
    composed.contact(FINANCE, "agency", "new@x.example")
    assert composed.deliver("2024-03-08 07:40") == DeliveryCounts(dropped=1)
    dropped = composed.messages()[-1]
    assert (dropped.status, dropped.detail) == ("dropped", "contact_removed")
    [letter] = composed.run("2024-03-08 07:50")
    assert (letter.address, letter.subject) == ("new@x.example", dropped.subject)
    assert composed.told(ANSWERABLE) == {"before-7": "composed"}


def test_a_message_to_an_address_that_was_taken_away_waits_where_there_is_no_other(composed: Valley) -> None:
    _remove(composed, "agency@so-tai-chinh.example")
    assert composed.deliver() == DeliveryCounts(dropped=1)
    assert composed.run("2024-03-08 07:40") == []
    assert composed.told(ANSWERABLE) == {"before-7": "no_contact"}
    composed.contact(FINANCE, "agency")
    [letter] = composed.run("2024-03-08 07:50")
    assert letter.address == "agency@so-tai-chinh.example", "the same address, back again on the same day"


def test_what_others_were_told_already_does_not_wait_when_one_address_goes(valley: Valley) -> None:
    valley.follow(contacts=False)
    valley.contact(FINANCE, "agency", "stays@x.example")
    valley.contact(FINANCE, "agency", "goes@x.example")
    valley.advance("2024-02-01 08:10")
    assert valley.compose() == 2
    _remove(valley, "goes@x.example")
    assert valley.deliver() == DeliveryCounts(sent=1, dropped=1)
    assert valley.run("2024-02-01 08:20") == []
    announced = [row.status for row in valley.ledger() if row.rung == "assigned" and row.agency_id == FINANCE]
    assert announced == ["composed"]


def test_a_letter_in_doubt_is_not_repeated_to_an_address_that_was_taken_away(composed: Valley) -> None:
    composed.channel.error = FateUnknown("connection lost")
    composed.deliver(MORNING)
    composed.channel.error = None
    _remove(composed, "agency@so-tai-chinh.example")
    assert composed.deliver("2024-03-08 07:40") == DeliveryCounts()
    assert (_status(composed), composed.messages()[-1].next_try_at) == ("unknown", None)


@dataclass
class Removing:
    """While the first letter leaves, somebody takes an address away; the sender has looked at the others already."""

    valley: Valley
    address: str
    letters: list[Letter] = field(default_factory=list)

    def send(self, letter: Letter) -> None:
        if not self.letters:
            _remove(self.valley, self.address)
        self.letters.append(letter)


def test_an_address_that_is_taken_away_while_a_sender_is_at_work_gets_nothing_more(valley: Valley) -> None:
    valley.follow().advance("2024-02-01 08:10")
    assert valley.compose() == 4
    last = valley.messages()[-1].address
    removing = Removing(valley, last)
    valley.channels = {"email": removing}
    assert valley.deliver() == DeliveryCounts(sent=3, dropped=1)
    assert last not in [letter.address for letter in removing.letters]


def test_replies_never_go_to_an_officer_s_address_that_was_taken_away(valley: Valley) -> None:
    valley.follow().advance("2024-02-01 08:10")
    assert valley.compose() == 4
    old = "officer@cong-an.example"
    assert {row.reply_to for row in valley.messages()} == {old}
    valley.contact(LEAD, "officer", "new@cong-an.example")
    removing = Removing(valley, old)
    valley.channels = {"email": removing}
    assert valley.deliver() == DeliveryCounts(sent=4)
    first, *others = removing.letters
    assert first.reply_to == old, "it had left already"
    assert {letter.reply_to for letter in others} == {"new@cong-an.example"}
    assert old not in " ".join(letter.text for letter in others)


# --- What cannot be written --------------------------------------------------------------------------------------


def test_a_message_that_cannot_be_written_anew_does_not_stop_the_others(
    valley: Valley, monkeypatch: pytest.MonkeyPatch
) -> None:
    valley.follow().advance()
    valley.channel.error = ChannelError("down")
    valley.compose()
    valley.deliver()
    valley.channel.error = None

    def faulty(channel: str, address: str, sheet: Sheet) -> Rendered:
        if sheet.agency_name == "Sở Nội vụ":
            raise ValueError("a template of ours")
        return render_for(channel, address, sheet)

    monkeypatch.setattr(rewriting, "render_for", faulty)
    counts = valley.deliver("2024-02-02 07:30")
    assert (counts.sent, counts.waiting) == (3, 1)
    assert counts.alarm == "Không soạn lại được thông báo: ValueError: a template of ours"
    monkeypatch.undo()
    assert valley.deliver("2024-02-02 16:00").sent == 1
