"""Files that cross the border: complete, signed, and refused when anything about them is wrong."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from notifications.channels.relay import RelayChannel
from notifications.channels.relay_files import (
    BadRelayFile,
    Receipt,
    message_paths,
    read_message,
    read_receipt,
    receipt_paths,
    write_receipt,
)
from notifications.errors import ChannelError
from tests.notifications.channels.provider import letter
from tests.support import at

KEY, OTHER = b"k" * 32, b"o" * 32
RECEIPT = Receipt("<0c6f-1@dondoc.invalid>", 1, "sent", "eSMS, tin số 7.", "2024-12-09T01:30:00+00:00", "digest")


def _written(folder: Path, **changes: object) -> Path:
    taken = RelayChannel(folder, lambda: KEY).send(letter("email:van-thu@so.example", **changes))
    assert taken.on_its_way
    [path] = message_paths(folder)
    assert path.name in str(taken.reference)
    return path


def test_a_letter_becomes_one_file_with_everything_that_sending_needs(tmp_path: Path) -> None:
    out = tmp_path / "chuyen-ra"
    path = _written(out, subject="Nhắc việc", text="Kính gửi\n", html="<p>Kính gửi</p>", reply_to="pc10@mau.example")
    assert path.name == "thong-bao-0c6f2a1e-7d3b-4f55-9a0e-3b1f6f0f6a77-1.json"
    assert [each.name for each in out.iterdir()] == [path.name], "no half written file is left"
    carried = read_message(path, KEY).carried
    assert (carried.channel, carried.address, carried.person) == ("email", "van-thu@so.example", "Văn thư")
    assert (carried.subject, carried.text, carried.html) == ("Nhắc việc", "Kính gửi\n", "<p>Kính gửi</p>")
    assert (carried.sender, carried.reply_to) == ("Công an tỉnh Mẫu (PC10)", "pc10@mau.example")
    assert (carried.attempt, carried.kind, carried.fields["so_viec"]) == (1, "digest", "03")
    assert datetime.fromisoformat(carried.written) == at("2024-12-09 08:00")


def test_it_may_be_sent_to_the_end_of_the_third_day(tmp_path: Path) -> None:
    carried = read_message(_written(tmp_path), KEY).carried
    assert carried.good_until_moment == at("2024-12-13 00:00")


def test_the_same_hand_over_overwrites_and_another_one_is_another_file(tmp_path: Path) -> None:
    channel = RelayChannel(tmp_path, lambda: KEY)
    for attempt in (1, 1, 2):
        channel.send(letter("email:van-thu@so.example", attempt=attempt))
    assert [path.name[-7:] for path in message_paths(tmp_path)] == ["-1.json", "-2.json"]


def test_a_folder_that_cannot_be_written_is_ours_to_put_right(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("x")
    with pytest.raises(ChannelError, match="Không ghi được tệp chuyển ra ngoài") as caught:
        RelayChannel(blocked, lambda: KEY).send(letter("email:van-thu@so.example"))
    assert (caught.value.ours, caught.value.permanent) == (True, False)


def _tampered(path: Path, **changes: object) -> None:
    file = json.loads(path.read_text("utf-8"))
    said = json.loads(file["said"])
    file["said"] = json.dumps({**said, **changes}, ensure_ascii=False)
    path.write_text(json.dumps(file), "utf-8")


def test_an_altered_file_is_refused_and_named(tmp_path: Path) -> None:
    path = _written(tmp_path)
    _tampered(path, address="ke-khac@xau.example")
    with pytest.raises(BadRelayFile, match=rf"{path.name}: chữ ký không đúng"):
        read_message(path, KEY)


def test_a_foreign_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadRelayFile, match="chữ ký không đúng"):
        read_message(_written(tmp_path), OTHER)


def test_a_message_does_not_pass_for_a_receipt_nor_a_receipt_for_a_message(tmp_path: Path) -> None:
    with pytest.raises(BadRelayFile, match="chữ ký không đúng"):
        read_receipt(_written(tmp_path), KEY)
    with pytest.raises(BadRelayFile, match="chữ ký không đúng"):
        read_message(write_receipt(tmp_path, KEY, RECEIPT), KEY)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"said": 1, "signature": "x"}', '{"said": "{}"}', "\ud800"])
def test_what_is_no_such_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "thong-bao-1-1.json"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(BadRelayFile, match="không đọc được"):
        read_message(path, KEY)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "thong-bao-1-1.json"
    path.write_bytes(b" " * ((4 << 20) + 1))
    with pytest.raises(BadRelayFile, match="tệp quá lớn"):
        read_message(path, KEY)


def test_a_receipt_reads_as_it_was_written(tmp_path: Path) -> None:
    path = write_receipt(tmp_path, KEY, RECEIPT)
    assert path.name == "bien-nhan-0c6f-1-1.json"
    assert read_receipt(path, KEY) == RECEIPT


@pytest.mark.parametrize("wrong", [{"told": "eaten"}, {"at": "2024-12-09T08:00:00"}, {"at": "yesterday"}])
def test_a_receipt_that_says_something_else_is_refused(tmp_path: Path, wrong: dict[str, Any]) -> None:
    path = write_receipt(tmp_path, KEY, replace(RECEIPT, **wrong))
    with pytest.raises(BadRelayFile, match="thiếu hoặc thừa mục"):
        read_receipt(path, KEY)


def test_other_files_of_a_stick_are_passed_over(tmp_path: Path) -> None:
    for name in ("ảnh.jpg", "thong-bao-1-1.json.part", "thong-bao.json", "._thong-bao-1-1.json", "bien-nhan-1-1.txt"):
        (tmp_path / name).write_text("x")
    assert [*message_paths(tmp_path), *receipt_paths(tmp_path)] == []
