"""What an address of each channel looks like."""

from __future__ import annotations

import pytest

from notifications.channels.names import CHANNELS, channel_word, is_secret, is_short, usable_address
from notifications.errors import BadContact


@pytest.mark.parametrize(
    ("channel", "typed", "kept"),
    [
        ("email", " van-thu@so.example ", "van-thu@so.example"),
        ("sms", "0912 345.678", "0912345678"),
        ("sms", "+84 912 345 678", "0912345678"),
        ("zalo", "84912345678", "0912345678"),
        ("telegram", "-1001234567890", "-1001234567890"),
        ("telegram", "@don_doc", "@don_doc"),
        ("url", "json://127.0.0.1/x", "json://127.0.0.1/x"),
        ("relay", "email:van-thu@so.example", "email:van-thu@so.example"),
        ("relay", "sms: +84912345678", "sms:0912345678"),
    ],
)
def test_an_address_is_kept_in_one_form(channel: str, typed: str, kept: str) -> None:
    assert usable_address(channel, typed) == kept


@pytest.mark.parametrize(
    ("channel", "typed", "says"),
    [
        ("email", "van-thu", "ten@co-quan.vn"),
        ("sms", "0212 385 0000", "không phải số di động"),
        ("sms", "09123456789", "không phải số di động"),
        ("zalo", "an@so.example", "không phải số di động"),
        ("telegram", "an", "mã hội thoại Telegram"),
        ("url", "van-thu@so.example", "URL của Apprise"),
        ("relay", "van-thu@so.example", "email:ten@co-quan.vn"),
        ("relay", "url:json://x", "email:ten@co-quan.vn"),
        ("relay", "relay:email:a@b.vn", "email:ten@co-quan.vn"),
        ("relay", "sms:123", "không phải số di động"),
        ("fax", "123", "Không có cách gửi fax"),
    ],
)
def test_what_cannot_be_an_address_is_refused_in_words(channel: str, typed: str, says: str) -> None:
    with pytest.raises(BadContact, match=says):
        usable_address(channel, typed)


def test_every_channel_has_words_of_its_own() -> None:
    assert len({channel_word(name) for name in CHANNELS}) == len(CHANNELS)
    assert [name for name in CHANNELS if is_secret(name)] == ["url"]


@pytest.mark.parametrize(
    ("channel", "address", "short"),
    [
        ("sms", "0912345678", True),
        ("zalo", "0912345678", True),
        ("relay", "sms:0912345678", True),
        ("relay", "email:a@b.vn", False),
        ("email", "a@b.vn", False),
        ("telegram", "77", False),
    ],
)
def test_telephones_get_the_short_text(channel: str, address: str, short: bool) -> None:
    assert is_short(channel, address) is short
