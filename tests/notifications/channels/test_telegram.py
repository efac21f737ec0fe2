"""Telegram against a server on this machine that speaks the documented Bot API. The real one was never spoken to."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from notifications.channels import telegram
from notifications.channels.apprise_url import AppriseChannel
from notifications.channels.base import Taken
from notifications.channels.telegram import TelegramChannel, known_bot
from notifications.errors import ChannelError, FateUnknown
from notifications.short_limits import units
from tests.notifications.channels.provider import Provider, Says, letter, nobody, provider

TOKEN = "123456:AAE-Khoa_Bot"
TAKEN = Says({"ok": True, "result": {"message_id": 4711, "date": 1733706000, "chat": {"id": 77, "type": "private"}}})


def _refused(code: int, description: str, **parameters: Any) -> Says:
    document: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    return Says(document | ({"parameters": parameters} if parameters else {}), code)


def _send(there: Provider, *, timeout: float = 10.0, **changes: Any) -> Taken:
    return TelegramChannel(TOKEN, api=there.url, timeout=timeout).send(letter("77", **changes))


def test_a_letter_is_posted_to_the_chat_word_for_word_and_keeps_telegrams_number() -> None:
    with provider(TAKEN) as there:
        taken = _send(there, subject="Nhắc việc: Báo cáo năm", text="Kính gửi Sở Tài chính\n")
    [asked] = there.asked
    assert (asked.method, asked.path) == ("POST", f"/bot{TOKEN}/sendMessage")
    assert asked.headers["Content-Type"] == "application/json"
    assert asked.document == {
        "chat_id": "77",
        "text": "Nhắc việc: Báo cáo năm\n\nKính gửi Sở Tài chính",
        "link_preview_options": {"is_disabled": True},
    }
    assert taken == Taken("Telegram, tin số 4711.")


@pytest.mark.parametrize(
    ("says", "permanent", "ours", "retry_after"),
    [
        (_refused(400, "Bad Request: chat not found"), True, False, None),
        (_refused(403, "Forbidden: bot was blocked by the user"), True, False, None),
        (_refused(429, "Too Many Requests: retry after 34", retry_after=34), False, False, 34.0),
        (_refused(500, "Internal Server Error"), False, False, None),
        (_refused(401, "Unauthorized"), False, True, None),
        (_refused(404, "Not Found"), False, True, None),
        (Says(raw=b"<html>", status=503, headers={"Retry-After": "9"}), False, False, 9.0),
    ],
    ids=["chat unknown", "blocked", "too many", "their fault", "bad token", "no such bot", "busy proxy"],
)
def test_what_a_refusal_means(says: Says, permanent: bool, ours: bool, retry_after: float | None) -> None:
    with provider(says) as there, pytest.raises(ChannelError) as caught:
        _send(there)
    error = caught.value
    assert not isinstance(error, FateUnknown)
    assert (error.permanent, error.ours, error.retry_after) == (permanent, ours, retry_after)


def test_the_reason_is_told_in_telegrams_words() -> None:
    with (
        provider(_refused(403, "Forbidden: bot was blocked by the user")) as there,
        pytest.raises(ChannelError) as caught,
    ):
        _send(there)
    assert str(caught.value) == "Telegram không nhận: Forbidden: bot was blocked by the user (mã 403)."


@pytest.mark.parametrize(
    "says",
    [Says(drops=True), Says(hangs=True), Says(raw=b"<html>", status=502), Says(raw=b"not json")],
    ids=["drops", "hangs", "proxy", "nonsense"],
)
def test_what_cannot_be_told_is_unknown(says: Says) -> None:
    with provider(says) as there, pytest.raises(FateUnknown):
        _send(there, timeout=0.5)
    assert len(there.asked) == 1


def test_nobody_there_is_a_temporary_failure() -> None:
    with pytest.raises(ChannelError) as caught:
        TelegramChannel(TOKEN, api=nobody()).send(letter("77"))
    assert (type(caught.value), caught.value.permanent) == (ChannelError, False)


def test_what_is_too_long_ends_at_a_line_and_says_so() -> None:
    lines = [f"Dòng số {number}: Sở Tài chính chưa gửi báo cáo năm." for number in range(200)]
    with provider(TAKEN) as there:
        taken = _send(there, subject="Danh sách", text="\n".join(lines))
    sent = there.asked[0].document["text"]
    assert telegram.LONGEST - 120 < units(sent) <= telegram.LONGEST
    *kept, note = sent.splitlines()
    assert kept[-1] in lines
    assert note == "(Thông báo dài, phần sau được lược bớt. Hỏi đơn vị gửi để nhận bản đầy đủ.)"
    assert taken.reference == "Telegram, tin số 4711; phần cuối được lược bớt vì quá dài."


def test_one_endless_line_is_cut_as_well() -> None:
    with provider(TAKEN) as there:
        _send(there, subject="", text="𝕏" * 5000)
    assert 1000 < units(there.asked[0].document["text"]) <= telegram.LONGEST


def test_an_apprise_address_of_telegram_goes_the_same_way() -> None:
    with provider(_refused(400, "Bad Request: chat not found")) as there:
        channel = AppriseChannel(timeout=10, telegram_api=there.url)
        with pytest.raises(ChannelError) as caught:
            channel.send(letter("tgram://999:ABC-def/-1001234567"))
    assert caught.value.permanent
    assert (there.asked[0].path, there.asked[0].document["chat_id"]) == ("/bot999:ABC-def/sendMessage", "-1001234567")


@pytest.mark.parametrize("address", ["tgram://999:ABC", "tgram://999:ABC/1/2", "tgram:///77", "tgram://999:ABC/1,2"])
def test_an_apprise_address_without_exactly_one_chat_is_refused(address: str) -> None:
    with pytest.raises(ChannelError, match="mỗi địa chỉ một hội thoại") as caught:
        AppriseChannel(timeout=1, telegram_api=nobody()).send(letter(address))
    assert caught.value.permanent


def test_the_token_is_in_no_log_and_no_reason(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    reasons = []
    for says in (TAKEN, _refused(401, "Unauthorized"), Says(drops=True), Says(raw=b"", status=500)):
        with provider(says) as there:
            try:
                _send(there)
            except ChannelError as error:
                reasons.append(f"{error} {error.__context__}")
    assert len(reasons) == 3
    assert TOKEN not in " ".join(reasons) + caplog.text
    assert TOKEN not in repr(TelegramChannel(TOKEN))


def test_the_doctor_learns_the_bots_name_without_sending() -> None:
    with provider(Says({"ok": True, "result": {"id": 1, "is_bot": True, "username": "DonDocMau_bot"}})) as there:
        assert known_bot(TOKEN, api=there.url) == "@DonDocMau_bot"
    assert [(asked.method, asked.path) for asked in there.asked] == [("GET", f"/bot{TOKEN}/getMe")]


def test_the_doctor_learns_that_the_token_is_wrong() -> None:
    with provider(_refused(401, "Unauthorized")) as there, pytest.raises(ChannelError, match="DONDOC_TELEGRAM_TOKEN"):
        known_bot(TOKEN, api=there.url)
