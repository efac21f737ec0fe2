"""``dondoc relay`` and ``dondoc channel`` as typed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.link_key import RELAY, load_key
from notifications.channels.relay import RelayChannel
from notifications.channels.relay_files import Receipt, receipt_paths, write_receipt
from tests.cli.conftest import Terminal
from tests.notifications.channels.provider import letter


@pytest.fixture
def home(dondoc_home: Path) -> Path:
    return dondoc_home


def test_the_key_is_made_once_and_its_place_is_told(run: Terminal, home: Path) -> None:
    assert str(home / RELAY) in run("relay", "key").output.replace("\n", "")
    made = (home / RELAY).read_text()
    run("relay", "key")
    assert (home / RELAY).read_text() == made


def _letter_file(folder: Path, home: Path) -> None:
    RelayChannel(folder, lambda: load_key(home, RELAY)).send(letter("email:van-thu@so.example"))


def test_a_stick_is_sent_and_answered(run: Terminal, home: Path, tmp_path: Path) -> None:
    run("relay", "key")
    stick = tmp_path / "usb"
    _letter_file(stick, home)
    run.at(datetime(2024, 12, 9, 2, 0, tzinfo=UTC))
    result = run("relay", "send", stick)
    assert "đã gửi" in result.output
    assert len(list((home / "outbox").glob("*.eml"))) == 1
    assert len(list(receipt_paths(stick))) == 1
    assert "đã xử lý từ trước" in run("relay", "send", stick).output
    assert len(list((home / "outbox").glob("*.eml"))) == 1


def test_nothing_is_sent_outside_working_hours(run: Terminal, home: Path, tmp_path: Path) -> None:
    run("relay", "key")
    _letter_file(tmp_path / "usb", home)
    run.at(datetime(2024, 12, 8, 2, 0, tzinfo=UTC))  # a Sunday
    assert "Gửi lại được từ 07:30 09/12/2024" in run("relay", "send", tmp_path / "usb", code=1).output
    assert list(receipt_paths(tmp_path / "usb")) == []


def test_a_foreign_file_is_named_and_the_command_fails(run: Terminal, home: Path, tmp_path: Path) -> None:
    stick = tmp_path / "usb"
    stick.mkdir()
    (stick / "thong-bao-xau-1.json").write_text(json.dumps({"said": "{}", "signature": "00"}))
    result = run("relay", "send", stick, code=1)
    assert "thong-bao-xau-1.json" in result.output
    assert "từ chối" in result.output


def test_receipts_are_read_and_those_of_nobody_are_refused(run: Terminal, home: Path, tmp_path: Path) -> None:
    run("relay", "key")
    stick = tmp_path / "usb"
    stick.mkdir()
    assert "Không có biên nhận nào" in run("relay", "receipts", stick).output
    receipt = Receipt("<x@dondoc.invalid>", 1, "sent", "", "2024-12-09T02:00:00+00:00", "digest")
    write_receipt(stick, load_key(home, RELAY), receipt)
    assert "không có thông báo này trong sổ" in " ".join(run("relay", "receipts", stick, code=1).output.split())


def test_a_key_that_is_damaged_is_told_in_words(run: Terminal, home: Path, tmp_path: Path) -> None:
    home.mkdir(exist_ok=True)
    (home / RELAY).write_text("xyz")
    assert "hỏng: chép lại từ máy kia" in run("relay", "key", code=1).output


def test_the_list_says_which_channels_are_set_up(run: Terminal, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_TELEGRAM_TOKEN", "1:Khoa-Bi-Mat")
    output = run("channel", "list").output
    lines = {line.split()[0]: line for line in output.splitlines() if line.strip()}
    assert lines["telegram"].endswith("đã đặt")
    assert lines["sms"].endswith("chưa đặt")
    assert "Khoa-Bi-Mat" not in output


def test_a_test_message_goes_to_ones_own_office_alone(run: Terminal, home: Path) -> None:
    assert "Không có người nhận này trong đơn vị." in run("channel", "test", "77", code=1).output
