"""SMS gateways as their documents describe them, on this machine. The real ones were never spoken to."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

from notifications.channels.base import Taken
from notifications.channels.gateway import BadGateway, load_gateway
from notifications.channels.plain_letters import plain
from notifications.channels.sms import PLACES, SmsAccount, SmsChannel
from notifications.errors import ChannelError, FateUnknown
from tests.notifications.channels.provider import Provider, Says, letter, nobody, provider

ACCOUNT = SmsAccount("CATINHMAU", "khoa-1", "mat-2")
REFERENCE = "0c6f2a1e-7d3b-4f55-9a0e-3b1f6f0f6a77"
ESMS_TAKEN = Says({"CodeResult": "100", "CountRegenerate": 0, "SMSID": "d533459ee42b2b95"})
SPEED_TAKEN = Says({"status": "success", "code": "00", "data": {"tranId": 123456, "totalSMS": 1, "invalidPhone": []}})


def _send(which: str, there: Provider, account: SmsAccount = ACCOUNT, **changes: Any) -> Taken:
    channel = SmsChannel(load_gateway(which, places=PLACES, url=there.url + "/gui"), account, timeout=0.7)
    return channel.send(letter("0912 345 678", **changes))


def test_esms_is_asked_as_its_document_says_and_its_number_is_kept() -> None:
    with provider(ESMS_TAKEN) as there:
        taken = _send("esms", there)
    [asked] = there.asked
    assert (asked.method, asked.path, asked.headers["Content-Type"]) == ("POST", "/gui", "application/json")
    assert asked.document == {
        "ApiKey": "khoa-1",
        "SecretKey": "mat-2",
        "Brandname": "CATINHMAU",
        "Phone": "0912345678",
        "Content": "So Tai chinh: 03 viec, han gan nhat 16/12. DT 0212 385 0000",
        "SmsType": "2",
        "IsUnicode": "0",
        "RequestId": REFERENCE,
    }
    assert taken == Taken("eSMS, tin số d533459ee42b2b95. Gửi không dấu.")


def test_with_diacritics_the_letters_stay_and_the_provider_is_told() -> None:
    with provider(ESMS_TAKEN) as there:
        _send("esms", there, SmsAccount("CATINHMAU", "khoa-1", "mat-2", diacritics=True))
    document = there.asked[0].document
    assert document["Content"] == "Sở Tài chính: 03 việc, hạn gần nhất 16/12. ĐT 0212 385 0000"
    assert document["IsUnicode"] == "1"


def test_speedsms_is_asked_as_its_document_says() -> None:
    with provider(SPEED_TAKEN) as there:
        taken = _send("speedsms", there)
    [asked] = there.asked
    assert asked.headers["Authorization"] == "Basic " + base64.b64encode(b"khoa-1:x").decode()
    assert asked.document["to"] == ["84912345678"]
    assert (asked.document["sms_type"], asked.document["sender"]) == (3, "CATINHMAU")
    assert taken.reference == "SpeedSMS, tin số 123456. Gửi không dấu."


def _esms(code: str) -> Says:
    return Says({"CodeResult": code, "ErrorMessage": "…"})


def _speed(code: str) -> Says:
    return Says({"status": "error", "code": code, "message": "…"})


@pytest.mark.parametrize(
    ("which", "says", "permanent", "ours"),
    [
        ("esms", _esms("99"), True, False),
        ("esms", _esms("108"), True, False),
        ("esms", _esms("101"), False, True),
        ("esms", _esms("103"), False, True),
        ("esms", _esms("146"), False, True),
        ("speedsms", _speed("105"), True, False),
        ("speedsms", _speed("300"), False, True),
        ("speedsms", _speed("007"), False, True),
        ("speedsms", _speed("500"), False, False),
        (
            "speedsms",
            Says({**SPEED_TAKEN.document, "data": {"tranId": 1, "invalidPhone": ["84912345678"]}}),
            True,
            False,
        ),
        ("esms", Says(raw=b"busy", status=503), False, False),
        ("esms", Says(raw=b"who are you", status=401), False, True),
        ("speedsms", Says({"name": "Too Many Requests", "code": 0, "status": 429}, 429), False, False),
    ],
)
def test_what_the_documented_codes_mean(which: str, says: Says, permanent: bool, ours: bool) -> None:
    with provider(says) as there, pytest.raises(ChannelError) as caught:
        _send(which, there)
    assert not isinstance(caught.value, FateUnknown)
    assert (caught.value.permanent, caught.value.ours) == (permanent, ours)


def test_a_reference_that_is_known_there_was_taken_before_and_costs_no_second_message() -> None:
    with provider(_esms("124")) as there:
        assert _send("esms", there) == Taken("eSMS đã có tin này từ trước (mã 124). Gửi không dấu.")


@pytest.mark.parametrize(
    "says",
    [_esms("9999"), Says(drops=True), Says(hangs=True), Says(raw=b"oops", status=500), Says(raw=b"oops"), Says({})],
    ids=["code nobody knows", "drops", "hangs", "server error", "nonsense", "no code"],
)
def test_what_cannot_be_told_is_unknown_and_asked_once(says: Says) -> None:
    with provider(says) as there, pytest.raises(FateUnknown):
        _send("esms", there)
    assert len(there.asked) == 1


def test_nobody_there_is_a_temporary_failure() -> None:
    channel = SmsChannel(load_gateway("esms", places=PLACES, url=nobody()), ACCOUNT)
    with pytest.raises(ChannelError) as caught:
        channel.send(letter("0912345678"))
    assert (type(caught.value), caught.value.permanent) == (ChannelError, False)


@pytest.mark.parametrize("address", ["0212 385 0000", "091234567", "van-thu@so.example", ""])
def test_a_number_that_is_no_mobile_number_is_refused_before_anybody_is_asked(address: str) -> None:
    with provider(ESMS_TAKEN) as there, pytest.raises(ChannelError) as caught:
        SmsChannel(load_gateway("esms", places=PLACES, url=there.url), ACCOUNT).send(letter(address))
    assert caught.value.permanent
    assert there.asked == []


@pytest.mark.parametrize(("diacritics", "length"), [(False, 161), (True, 71)])
def test_more_than_one_segment_is_never_sent(diacritics: bool, length: int) -> None:
    account = SmsAccount("X", "k", diacritics=diacritics)
    with provider(ESMS_TAKEN) as there, pytest.raises(ChannelError, match="dài hơn một bản tin") as caught:
        _send("esms", there, account, text="a" * length)
    assert caught.value.permanent
    assert there.asked == []


def test_keys_are_in_no_reason_and_no_representation() -> None:
    with provider(_esms("101")) as there, pytest.raises(ChannelError) as caught:
        _send("esms", there)
    assert "khoa-1" not in f"{caught.value} {ACCOUNT!r}"
    assert "mat-2" not in f"{caught.value} {ACCOUNT!r}"


def test_letters_without_diacritics_are_those_of_every_telephone() -> None:
    assert plain("Đề nghị gửi – “Ủy ban”… [MẪU] ₫") == 'De nghi gui - "Uy ban"... (MAU) ?'


# -- a description of the office's own --

SOAP = """\
name = "Nhà mạng"
url = "https://sms.nha-mang.example/ws"
form = "xml"
phone = "84"
[headers]
SOAPAction = "send"
[body]
text = "<E><user>{key}</user><pass>{secret}</pass><to>{phone}</to><msg>{text}</msg><id>{reference}</id></E>"
[answer]
code_pattern = "<result>(-?[0-9]+)</result>"
reference_pattern = "<id>([^<]+)</id>"
taken = [1]
permanent = [-3]
"""


def test_a_provider_with_xml_is_described_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "nha-mang.toml"
    file.write_text(SOAP, "utf-8")
    account = SmsAccount("X", "a&b", "<mat>")
    with provider(Says(raw=b"<r><result>1</result><id>77</id></r>")) as there:
        assert _send(str(file), there, account).reference == "Nhà mạng, tin số 77. Gửi không dấu."
    [asked] = there.asked
    assert asked.body.decode().startswith("<E><user>a&amp;b</user><pass>&lt;mat&gt;</pass><to>84912345678</to>")
    assert asked.headers["SOAPAction"] == "send"
    with provider(Says(raw=b"<result>-3</result>")) as there, pytest.raises(ChannelError) as caught:
        _send(str(file), there, account)
    assert caught.value.permanent


def test_a_form_is_posted_as_a_form(tmp_path: Path) -> None:
    file = tmp_path / "f.toml"
    file.write_text(
        'name="F"\nurl="https://f.example"\nform="form"\n[body]\nto="{phone}"\nmsg="{text}"\n'
        '[answer]\ncode="status"\ntaken=["ok"]\n', "utf-8",
    )  # fmt: skip
    with provider(Says({"status": "ok"})) as there:
        assert _send(str(file), there).reference == "F đã nhận. Gửi không dấu."
    assert there.asked[0].form == {
        "to": "0912345678",
        "msg": "So Tai chinh: 03 viec, han gan nhat 16/12. DT 0212 385 0000",
    }


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("nonsense", "sai"),
        (SOAP.replace("{text}", "{noi_dung}"), "không có giá trị noi_dung"),
        (SOAP.replace('form = "xml"', 'form = "yaml"'), "form phải là"),
        (SOAP.replace("https://", "ftp://"), "url phải là"),
        (SOAP.replace("taken = [1]\n", ""), "taken"),
        (SOAP.replace("permanent", "final"), "không có mục final"),
        (SOAP.replace("<result>(", "<result>(("), "sai"),
    ],
)
def test_a_description_that_cannot_be_followed_is_refused_in_words(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "x.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(BadGateway, match=says):
        load_gateway(str(file), places=PLACES)


def test_a_name_that_is_neither_shipped_nor_a_file_names_those_that_are() -> None:
    with pytest.raises(BadGateway, match="Có sẵn: esms, speedsms"):
        load_gateway("vnpt", places=PLACES)
