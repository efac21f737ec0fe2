"""What the doctor says of the channels beside e-mail."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from app.channels import other_channels
from app.doctor import Level
from app.doctor.channels import judge_missing, judge_receipts, look_at_channels, look_at_providers
from app.settings import Settings
from notifications.channel_tables import channel_token
from notifications.channels.gateway import BadGateway
from notifications.channels.relay import RelayChannel
from notifications.channels.zalo import BadTemplate
from tasks.database import reading, writing
from tests.notifications.channels.provider import Says, nobody, provider
from tests.support import FINANCE, Valley, at

NOW = at("2024-12-09 10:00")  # a Monday


def _settings(tmp_path: Path, **said: Any) -> Settings:
    return Settings(home=tmp_path, **said)


def _look(valley: Valley, settings: Settings, now: str = "2024-12-09 10:00") -> list[tuple[Level, str]]:
    with reading(valley.engine) as c:
        return [(each.level, each.text) for each in look_at_channels(c, settings, now=at(now))]


def test_an_office_with_e_mail_alone_has_nothing_to_look_at(valley: Valley, tmp_path: Path) -> None:
    [(level, _text)] = _look(valley.follow(), _settings(tmp_path))
    assert level is Level.OK


def test_addresses_of_a_channel_that_is_not_set_up_are_broken(valley: Valley, tmp_path: Path) -> None:
    valley.follow().contact(FINANCE, "agency", "0912345678", channel="sms")
    assert _look(valley, _settings(tmp_path)) == [
        (Level.BROKEN, "1 địa chỉ nhận qua Tin nhắn SMS, nhưng cách gửi này chưa được đặt.")
    ]
    assert _look(valley, _settings(tmp_path, sms_gateway="esms"))[0][0] is Level.OK


def test_every_channel_that_can_be_set_up_is_asked_for(tmp_path: Path) -> None:
    counts = {"email": 9, "url": 9, "sms": 1, "zalo": 1, "telegram": 1, "relay": 1}
    assert len(judge_missing(counts, _settings(tmp_path))) == 4


def _token(valley: Valley, **values: Any) -> None:
    row = {"channel": "zalo", "seed": "x", "access": "a", "refresh": "r", **values}
    with writing(valley.engine) as c:
        c.execute(channel_token.insert().values(row))


@pytest.mark.parametrize(
    ("values", "level", "words"),
    [
        ({"refreshed_at": at("2024-12-09 08:00")}, Level.OK, "không có gì"),
        ({"refreshed_at": at("2024-09-24 09:00")}, Level.NOTICE, "hết hạn ngày 23/12/2024 nếu không gửi"),
        ({"refreshed_at": at("2024-09-10 09:00")}, Level.BROKEN, "đã hết hạn ngày 09/12/2024"),
        ({"refreshed_at": at("2024-12-01 08:00"), "trouble": "Zalo không làm mới"}, Level.BROKEN, "Zalo không làm mới"),
        ({"refreshed_at": None, "trouble": "Zalo không làm mới"}, Level.BROKEN, "Zalo không làm mới"),
        ({"refreshed_at": None}, Level.NOTICE, "chưa được dùng lần nào"),
    ],
)
def test_the_token_of_zalo(valley: Valley, tmp_path: Path, values: dict[str, Any], level: Level, words: str) -> None:
    _token(valley, **values)
    [(found, text)] = _look(valley, _settings(tmp_path, zalo_app_id="42"))
    assert found is level
    assert words in text
    assert _look(valley, _settings(tmp_path))[0][0] is Level.OK, "who does not use Zalo is not bothered"


def test_receipts_are_waited_for_three_working_days() -> None:
    assert judge_receipts(0, 0) == []
    assert [each.level for each in judge_receipts(0, 4)] == [Level.OK]
    [late] = judge_receipts(2, 4)
    assert (late.level, late.text) == (
        Level.NOTICE,
        "2 thông báo đã chuyển ra ngoài quá 3 ngày làm việc, chưa có biên nhận.",
    )


@pytest.mark.parametrize(("now", "level"), [("2024-02-06 10:00", Level.OK), ("2024-02-07 10:00", Level.NOTICE)])
def test_working_days_alone_are_counted(valley: Valley, tmp_path: Path, now: str, level: Level) -> None:
    from notifications.tables import message

    valley.follow().run("2024-02-01 08:10")  # a Thursday
    with writing(valley.engine) as c:
        c.execute(update(message).values(status="relayed"))
    assert _look(valley, _settings(tmp_path, relay_folder="x"), now)[0][0] is level


# -- asking providers --


def test_telegram_is_asked_who_the_bot_is(tmp_path: Path) -> None:
    with provider(Says({"ok": True, "result": {"username": "Mau_bot"}})) as there:
        [found] = look_at_providers(_settings(tmp_path, telegram_token="1:A", telegram_url=there.url))
    assert (found.level, found.text) == (Level.OK, "Telegram nhận bot @Mau_bot.")


def test_a_token_that_telegram_does_not_know_is_broken(tmp_path: Path) -> None:
    with provider(Says({"ok": False, "error_code": 401, "description": "Unauthorized"}, 401)) as there:
        [found] = look_at_providers(_settings(tmp_path, telegram_token="1:Khoa", telegram_url=there.url))
    assert found.level is Level.BROKEN
    assert "Khoa" not in found.text
    [found] = look_at_providers(_settings(tmp_path, telegram_token="1:Khoa", telegram_url=nobody()))
    assert found.level is Level.BROKEN


def test_a_relay_folder_that_is_a_file_is_broken(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("")
    assert [each.level for each in look_at_providers(_settings(tmp_path, relay_folder=str(tmp_path / "x")))] == [
        Level.BROKEN
    ]
    assert [each.level for each in look_at_providers(_settings(tmp_path, relay_folder=str(tmp_path / "y")))] == [
        Level.OK
    ]


# -- building them --


def test_a_channel_is_there_when_it_is_set_up(valley: Valley, tmp_path: Path) -> None:
    def names(**said: Any) -> set[str]:
        return set(other_channels(_settings(tmp_path, **said), valley.engine, clock=lambda: NOW))

    assert names() == {"url"}
    full = names(
        sms_gateway="esms", telegram_token="1:A", zalo_app_id="42", zalo_refresh_token="r", relay_folder=str(tmp_path)
    )
    assert full == {"url", "sms", "telegram", "zalo", "relay"}


def test_the_relays_key_is_made_at_the_first_letter_and_is_its_owners_alone(valley: Valley, tmp_path: Path) -> None:
    from tests.notifications.channels.provider import letter

    made = other_channels(_settings(tmp_path, relay_folder=str(tmp_path / "ra")), valley.engine, clock=lambda: NOW)
    assert not (tmp_path / "relay.key").exists()
    relay = made["relay"]
    assert isinstance(relay, RelayChannel)
    relay.send(letter("email:van-thu@so.example"))
    assert (tmp_path / "relay.key").stat().st_mode & 0o777 == 0o600
    assert not (tmp_path / "link.key").exists()


def test_settings_that_cannot_be_followed_stop_the_start_in_words(valley: Valley, tmp_path: Path) -> None:
    with pytest.raises(BadGateway, match="Có sẵn: esms, speedsms"):
        other_channels(_settings(tmp_path, sms_gateway="nobody"), valley.engine, clock=lambda: NOW)
    with pytest.raises(BadTemplate):
        other_channels(_settings(tmp_path, zalo_app_id="1", zalo_fields="x"), valley.engine, clock=lambda: NOW)
