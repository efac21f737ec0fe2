"""Out of the closed network and back: what is sent, what is said of it, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import select, update

from app.relay.handled import Handled
from app.relay.outbox import tidy
from notifications import deciding
from notifications.channel_tables import relay_carried
from notifications.channels.relay_files import Receipt, message_paths, receipt_paths, write_receipt
from notifications.delivery import DeliveryCounts
from notifications.errors import ChannelError, FateUnknown
from notifications.tables import message
from tasks.database import reading, writing
from tasks.tables import audit_event
from tests.app.relay.conftest import KEY, Border
from tests.support import FINANCE, at


def _whats(handled: list[Handled]) -> list[str]:
    return [each.what for each in handled]


def test_a_letter_is_on_its_way_until_its_receipt_is_read(border: Border) -> None:
    row = border.message
    assert (row.status, row.settled_at, row.next_try_at, row.token) == ("relayed", None, None, None)
    assert row.detail.startswith("Tệp thong-bao-")
    assert border.inside.deliver("2024-03-08 16:00") == DeliveryCounts(), "nothing repeats it by itself"
    border.carry_out()
    assert _whats(border.send()) == ["sent"]
    assert border.message.status == "relayed"
    assert _whats(border.receipts()) == ["sent"]
    row = border.message
    assert (row.status, row.settled_at) == ("sent", at("2024-03-08 09:00"))
    assert border.attempts() == ["relayed", "sent"]


def test_the_machine_outside_sends_the_letter_word_for_word_under_its_message_id(border: Border) -> None:
    border.carry_out()
    border.send()
    [letter] = border.mail.letters
    row = border.message
    assert (letter.address, letter.message_id) == ("van-thu@tai-chinh.example", row.message_id)
    assert (letter.subject, letter.text, letter.html, letter.sender) == (row.subject, row.text, row.html, row.sender)
    assert letter.written == row.created_at.replace(microsecond=0)


def test_a_stick_carried_twice_sends_nothing_twice(border: Border) -> None:
    border.carry_out()
    border.send()
    for path in receipt_paths(border.stick):
        path.unlink()  # lost on the way back
    border.carry_out()
    again = border.send("2024-03-08 10:00")
    assert _whats(again) == ["again"]
    assert len(border.mail.letters) == 1
    assert _whats(border.receipts()) == ["sent"], "the receipt was written again"
    assert border.message.settled_at == at("2024-03-08 10:00")


def test_receipts_read_twice_change_nothing(border: Border) -> None:
    border.carry_out()
    border.send()
    border.receipts()
    before = border.message
    assert _whats(border.receipts("2024-03-11 08:00")) == ["again"]
    assert border.message == before
    assert border.attempts() == ["relayed", "sent"]


def test_the_file_leaves_the_outbox_with_its_receipt_and_not_before(border: Border) -> None:
    border.carry_out()
    border.send()
    assert len(list(message_paths(border.outbox))) == 1
    border.receipts()
    assert list(message_paths(border.outbox)) == []


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (ChannelError("Không có hộp thư này.", permanent=True), "failed", "Không có hộp thư này."),
        (FateUnknown("Mất kết nối."), "unknown", "Mất kết nối."),
        (RuntimeError("slip"), "unknown", "RuntimeError: slip"),
    ],
)
def test_a_receipt_says_what_went_wrong(border: Border, error: Exception, status: str, words: str) -> None:
    border.carry_out()
    border.mail.error = error
    assert _whats(border.send()) == [status]
    assert _whats(border.receipts()) == [status]
    row = border.message
    assert (row.status, row.next_try_at) == (status, None)
    assert row.detail == f"Máy ngoài, 09:00 ngày 08/03/2024: {words}"
    border.mail.error = None
    assert border.inside.deliver("2024-03-08 16:00") == DeliveryCounts(), "the officer decides"
    assert _whats(border.send("2024-03-08 16:00")) == ["again"]
    assert border.mail.letters == []


def test_what_was_not_taken_for_now_is_tried_again_with_the_next_going_through(border: Border) -> None:
    border.carry_out()
    border.mail.error = ChannelError("Máy chủ bận.")
    [waiting] = border.send()
    assert (waiting.what, waiting.detail) == ("waiting", "Máy chủ bận.")
    assert list(receipt_paths(border.stick)) == []
    border.mail.error = None
    assert _whats(border.send("2024-03-08 10:00")) == ["sent"]
    assert len(border.mail.letters) == 1


def test_after_twelve_tries_it_is_given_up(border: Border) -> None:
    border.carry_out()
    border.mail.error = ChannelError("Máy chủ bận.")
    results = [_whats(border.send(f"2024-03-08 {hour:02d}:00"))[0] for hour in range(5, 17)]
    assert results == ["waiting"] * 11 + ["failed"]


def test_a_channel_that_is_not_set_up_outside_waits_and_says_so(border: Border) -> None:
    border.carry_out()
    border.mail_name = "telegram"
    [waiting] = border.send()
    assert (waiting.what, waiting.detail) == ("waiting", "Cách gửi email chưa được thiết lập.")


def test_a_sender_that_died_leaves_the_fate_unknown_and_does_not_send_again(border: Border) -> None:
    class Died(BaseException):
        """The process is gone."""

    border.carry_out()
    border.mail.error = Died()  # type: ignore[assignment]
    with pytest.raises(Died):
        border.send("2024-03-08 09:00")
    border.mail.error = None
    assert border.send("2024-03-08 09:14")[0].detail == "đang được gửi ở một lượt khác"
    assert _whats(border.send("2024-03-08 09:15")) == ["unknown"]
    assert _whats(border.send("2024-03-08 09:20")) == ["again"]
    assert border.mail.letters == []
    assert _whats(border.receipts()) == ["unknown"]


def test_what_speaks_of_a_day_long_gone_is_not_sent(border: Border) -> None:
    border.carry_out()
    assert _whats(border.send("2024-03-12 08:00")) == ["failed"]
    assert border.mail.letters == []
    assert _whats(border.receipts("2024-03-12 09:00")) == ["failed"]
    assert "quá ngày được chuyển" in border.message.detail


def test_it_may_be_sent_to_the_end_of_the_third_day(border: Border) -> None:
    border.carry_out()
    assert _whats(border.send("2024-03-11 17:00")) == ["sent"]


def test_of_two_digests_to_one_address_only_the_newer_is_sent(border: Border) -> None:
    older = border.message.id
    border.inside.advance("2024-03-14 07:30")
    border.inside.compose()
    border.inside.deliver()
    assert border.message.id != older
    border.carry_out()
    assert sorted(_whats(border.send("2024-03-14 09:00"))) == ["sent", "superseded"]
    [letter] = border.mail.letters
    assert letter.message_id == border.message.message_id
    border.receipts("2024-03-14 10:00")
    status = {row.id: (row.status, row.detail) for row in border.inside.messages()}
    assert status[older] == ("dropped", "superseded")
    assert status[border.message.id][0] == "sent"


# -- refused --


def _alter(path: Path) -> None:
    file = json.loads(path.read_text("utf-8"))
    file["said"] = file["said"].replace("van-thu@tai-chinh.example", "ke-khac@xau.example")
    path.write_text(json.dumps(file), "utf-8")


def test_an_altered_message_is_refused_and_named(border: Border) -> None:
    border.carry_out()
    [path] = message_paths(border.stick)
    _alter(path)
    [refused] = border.send()
    assert (refused.file, refused.what) == (path.name, "refused")
    assert "chữ ký không đúng" in refused.detail
    assert border.mail.letters == []
    assert list(receipt_paths(border.stick)) == [], "whoever altered it is told nothing"


def test_messages_of_another_office_are_refused(border: Border) -> None:
    border.carry_out()
    border.key_outside = b"o" * 32
    assert _whats(border.send()) == ["refused"]
    assert border.mail.letters == []


def test_the_same_number_with_other_words_is_refused_though_it_is_signed(border: Border) -> None:
    border.carry_out()
    border.send()
    with writing(border.outside) as c:
        c.execute(update(relay_carried).values(fingerprint="0" * 64))
    [refused] = border.send("2024-03-08 10:00")
    assert (refused.what, "cùng số thông báo nhưng khác nội dung" in refused.detail) == ("refused", True)


def test_an_altered_receipt_and_one_of_another_office_are_refused(border: Border) -> None:
    border.carry_out()
    border.send()
    [path] = receipt_paths(border.stick)
    told = path.read_text("utf-8")
    path.write_text(told.replace('\\"sent\\"', '\\"failed\\"'), "utf-8")
    assert told != path.read_text("utf-8")
    assert _whats(border.receipts()) == ["refused"]
    write_receipt(
        border.stick, b"o" * 32, Receipt(border.message.message_id, 1, "sent", "", "2024-03-08T02:00:00+00:00")
    )
    assert set(_whats(border.receipts())) == {"refused"}
    assert border.message.status == "relayed"


def test_a_receipt_of_a_message_that_nobody_knows_is_refused(border: Border) -> None:
    receipt = Receipt("<nobody@dondoc.invalid>", 1, "sent", "", "2024-03-08T02:00:00+00:00", "digest")
    write_receipt(border.stick, KEY, receipt)
    [refused] = border.receipts()
    assert (refused.what, "không có thông báo này trong sổ" in refused.detail) == ("refused", True)


def test_a_receipt_of_a_trial_is_told_and_changes_nothing(border: Border) -> None:
    write_receipt(border.stick, KEY, Receipt("<t@dondoc.invalid>", 1, "sent", "eSMS", "2024-03-08T02:00:00+00:00"))
    [told] = border.receipts()
    assert (told.what, told.detail) == ("again", "tin thử: eSMS")


# -- old receipts --


def _settle_by_hand(border: Border, *, sent: bool) -> None:
    with writing(border.inside.engine) as c:
        deciding.settle(c, border.message.id, sent=sent, now=at("2024-03-08 15:00"), actor="lan")


def test_an_old_receipt_never_overrides_what_the_officer_found_out(border: Border) -> None:
    border.carry_out()
    border.mail.error = FateUnknown("Mất kết nối.")
    border.send()
    border.receipts()
    _settle_by_hand(border, sent=True)
    assert _whats(border.receipts("2024-03-08 16:00")) == ["again"]
    assert border.message.status == "sent"


def test_an_old_receipt_says_nothing_of_a_later_hand_over(border: Border) -> None:
    border.carry_out()
    border.mail.error = ChannelError("Không có hộp thư này.", permanent=True)
    border.send()
    border.receipts()
    border.mail.error = None
    border.resend("2024-03-08 15:00")
    assert border.message.status == "relayed"
    assert _whats(border.receipts("2024-03-08 15:10")) == ["again"], "the first receipt still lies on the stick"
    assert border.message.status == "relayed"
    border.carry_out()
    assert sorted(_whats(border.send("2024-03-08 15:20"))) == ["again", "sent"]
    assert "sent" in _whats(border.receipts("2024-03-08 15:30"))
    assert border.message.status == "sent"
    assert len(border.mail.letters) == 1
    assert border.attempts() == ["relayed", "failed", "relayed", "sent"]


def test_a_stick_that_was_lost_is_the_officers_to_settle_and_the_late_receipt_changes_nothing(border: Border) -> None:
    border.carry_out()
    border.send()
    _settle_by_hand(border, sent=False)
    assert border.message.status == "failed"
    assert _whats(border.receipts("2024-03-08 16:00")) == ["again"]
    assert border.message.status == "failed"


def test_of_two_hand_overs_of_one_letter_on_a_stick_only_the_later_is_sent(border: Border) -> None:
    _settle_by_hand(border, sent=False)
    border.resend("2024-03-08 15:00")
    border.carry_out()
    assert _whats(border.send("2024-03-08 15:20")) == ["superseded", "sent"]
    assert len(border.mail.letters) == 1
    assert sorted(_whats(border.receipts("2024-03-08 15:30"))) == ["again", "sent"]
    assert border.message.status == "sent"


def test_files_of_settled_letters_and_of_replaced_hand_overs_leave_the_outbox(border: Border) -> None:
    engine, outbox = border.inside.engine, border.outbox
    (outbox / "thong-bao-cua-ai-do-1.json").write_text("{}")
    assert tidy(engine, outbox) == 0
    _settle_by_hand(border, sent=False)
    border.resend("2024-03-08 15:00")
    assert len(list(message_paths(outbox))) == 3
    assert tidy(engine, outbox) == 1
    assert [path.name[-6:] for path in message_paths(outbox)] == ["2.json", "1.json"]
    _settle_by_hand(border, sent=True)
    assert tidy(engine, outbox) == 1
    assert [path.name for path in message_paths(outbox)] == ["thong-bao-cua-ai-do-1.json"]
    assert tidy(engine, outbox.parent / "nowhere") == 0


def test_a_folder_that_cannot_be_written_keeps_no_other_message_from_leaving(
    border: Border, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_path: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "read-only")

    _settle_by_hand(border, sent=True)
    with monkeypatch.context() as patch:  # whatever tidies up after the test may take files away again
        patch.setattr(Path, "unlink", refused)
        assert tidy(border.inside.engine, border.outbox) == 0


def test_a_receipt_settles_a_letter_whose_sender_died_after_it_had_written_the_file(border: Border) -> None:
    border.carry_out()
    border.send()
    with writing(border.inside.engine) as c:
        c.execute(update(message).where(message.c.id == border.message.id).values(status="unknown", detail="?"))
    assert _whats(border.receipts()) == ["sent"]
    assert border.message.status == "sent"


@pytest.mark.parametrize(
    ("outside", "settled"), [("2024-03-01 08:00", "2024-03-08 07:30"), ("2024-03-09 08:00", "2024-03-08 14:00")]
)
def test_a_clock_that_is_wrong_outside_does_not_move_the_moment_out_of_reach(
    border: Border, outside: str, settled: str
) -> None:
    border.carry_out()
    border.send(outside)
    border.receipts()
    assert border.message.settled_at == at(settled)


def test_reading_receipts_stands_in_the_trail_once_and_only_where_something_was_said(border: Border) -> None:
    def rows() -> list[dict[str, int]]:
        with reading(border.inside.engine) as c:
            chosen = select(audit_event.c.data).where(audit_event.c.kind == "relay_receipts")
            return list(c.execute(chosen.order_by(audit_event.c.id)).scalars())

    border.receipts()
    assert rows() == []
    border.carry_out()
    border.send()
    border.receipts()
    border.receipts()
    assert rows() == [{"sent": 1}]


def test_a_short_message_keeps_its_places_across_the_border(border: Border) -> None:
    border.inside.contact(FINANCE, "agency", "sms:0912345678", channel="relay", name="Chị Hoa")
    border.inside.advance("2024-03-14 07:30")
    border.inside.compose()
    border.inside.deliver()
    border.carry_out()
    border.send("2024-03-14 09:00")
    short = [letter for letter in border.mail.letters if letter.address == "0912345678"]
    assert [letter.text for letter in short] == ["Sở Tài chính: 01 việc, hạn gần nhất 15/03.\n"]
    assert short[0].fields["so_viec"] == "01"
