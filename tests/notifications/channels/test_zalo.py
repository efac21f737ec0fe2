"""Zalo ZNS as its documents describe it, on this machine. The real one was never spoken to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from notifications.channels.base import Taken
from notifications.channels.gateway import load_gateway
from notifications.channels.tokens import Pair, TokenRefused
from notifications.channels.zalo import (
    PLACES,
    BadTemplate,
    Renewal,
    ZaloApp,
    ZaloChannel,
    template_places,
)
from notifications.errors import ChannelError, FateUnknown
from tests.notifications.channels.provider import Provider, Says, letter, nobody, provider

TAKEN = Says(
    {"error": 0, "message": "Success", "data": {"msg_id": "a4d0243feb163bd3af1b", "sent_time": "1733706000000"}}
)
APP = ZaloApp("42", "bi-mat-ung-dung", template="7895417")


@dataclass
class InHand:
    """Tokens for one test."""

    left: list[str] = field(default_factory=lambda: ["ma-1", "ma-2"])
    gone: list[str] = field(default_factory=list)

    def access(self) -> str:
        return self.left[0]

    def spoiled(self, access: str) -> None:
        self.gone.append(access)
        self.left.remove(access)


def _refused(code: int) -> Says:
    return Says({"error": code, "message": "…"})


def _send(there: Provider, tokens: InHand | None = None, places: str = "", **changes: Any) -> Taken:
    gateway = load_gateway("zalo_zns", places=PLACES, url=there.url + "/message/template")
    channel = ZaloChannel(gateway, APP, tokens or InHand(), template_places(places), timeout=0.7)
    return channel.send(letter("0912345678", **changes))


def test_a_message_is_the_template_with_its_four_places_and_our_reference() -> None:
    with provider(TAKEN) as there:
        taken = _send(there)
    [asked] = there.asked
    headers = {name.lower(): value for name, value in asked.headers.items()}
    assert (asked.method, asked.path, headers["access_token"]) == ("POST", "/message/template", "ma-1")
    assert asked.document == {
        "phone": "84912345678",
        "template_id": "7895417",
        "template_data": {
            "co_quan": "Sở Tài chính",
            "so_viec": "03",
            "han": "16/12/2024",
            "dien_thoai": "0212 385 0000",
        },
        "tracking_id": "0c6f2a1e-7d3b-4f55-9a0e-3b1f6f0f6a77",
    }
    assert taken == Taken("Zalo ZNS, tin số a4d0243feb163bd3af1b.")


def test_the_places_of_the_template_may_have_other_names() -> None:
    with provider(TAKEN) as there:
        _send(there, places="co_quan=customer_name, noi_dung = thong_bao")
    assert there.asked[0].document["template_data"] == {
        "customer_name": "Sở Tài chính",
        "thong_bao": "03 việc, hạn gần nhất 16/12",
    }


@pytest.mark.parametrize("said", ["co_quan", "co_quan=", "ten=co_quan", "co_quan=a;so_viec=b"[:8]])
def test_places_that_cannot_be_understood_are_refused(said: str) -> None:
    with pytest.raises(BadTemplate, match="DONDOC_ZALO_FIELDS"):
        template_places(said)


@pytest.mark.parametrize(
    ("says", "permanent", "ours"),
    [
        (_refused(-108), True, False),
        (_refused(-114), True, False),
        (_refused(-118), True, False),
        (_refused(-100), False, False),
        (_refused(-115), False, True),
        (_refused(-109), False, True),
        (Says(raw=b"", status=503), False, False),
    ],
)
def test_what_the_documented_codes_mean(says: Says, permanent: bool, ours: bool) -> None:
    with provider(says) as there, pytest.raises(ChannelError) as caught:
        _send(there)
    assert not isinstance(caught.value, FateUnknown)
    assert (caught.value.permanent, caught.value.ours) == (permanent, ours)


@pytest.mark.parametrize("says", [_refused(-9999), Says(drops=True), Says(hangs=True), Says(raw=b"", status=502)])
def test_what_cannot_be_told_is_unknown_and_asked_once(says: Says) -> None:
    with provider(says) as there, pytest.raises(FateUnknown):
        _send(there)
    assert len(there.asked) == 1


def test_a_token_that_is_not_taken_any_more_is_replaced_once() -> None:
    tokens = InHand()
    with provider(_refused(-124), TAKEN) as there:
        _send(there, tokens)
    assert tokens.gone == ["ma-1"]
    assert [{k.lower(): v for k, v in asked.headers.items()}["access_token"] for asked in there.asked] == [
        "ma-1",
        "ma-2",
    ]


def test_a_fresh_token_that_is_not_taken_either_is_ours_to_put_right() -> None:
    with provider(_refused(-124)) as there, pytest.raises(ChannelError) as caught:
        _send(there)
    assert (caught.value.ours, len(there.asked)) == (True, 2)


def test_a_letter_that_was_not_composed_for_a_template_is_refused() -> None:
    with provider(TAKEN) as there, pytest.raises(ChannelError) as caught:
        _send(there, fields={})
    assert caught.value.permanent
    assert there.asked == []


# -- renewing --


def _renew(there: Provider) -> Pair:
    return Renewal(ZaloApp("42", "bi-mat-ung-dung", oauth=there.url + "/v4/oa/access_token"), 0.7)("lam-moi-1")


def test_a_renewal_asks_as_documented_and_reads_both_tokens() -> None:
    answer = Says({"access_token": "ma-moi", "refresh_token": "lam-moi-2", "expires_in": "90000"})
    with provider(answer) as there:
        pair = _renew(there)
    [asked] = there.asked
    headers = {name.lower(): value for name, value in asked.headers.items()}
    assert (asked.method, asked.path) == ("POST", "/v4/oa/access_token")
    assert (headers["secret_key"], headers["content-type"]) == ("bi-mat-ung-dung", "application/x-www-form-urlencoded")
    assert asked.form == {"refresh_token": "lam-moi-1", "app_id": "42", "grant_type": "refresh_token"}
    assert pair == Pair("ma-moi", "lam-moi-2", timedelta(hours=25))


@pytest.mark.parametrize("lasts", [None, "soon", -5, "99999999999"])
def test_a_token_whose_time_is_not_told_is_trusted_for_an_hour(lasts: object) -> None:
    with provider(Says({"access_token": "a", "refresh_token": "b", "expires_in": lasts})) as there:
        assert _renew(there).lasts == timedelta(hours=1)


@pytest.mark.parametrize(
    "answer",
    [
        {"error": -14014, "error_name": "Invalid refresh token"},
        {"access_token": "a"},
        {"access_token": "", "refresh_token": ""},
    ],
)
def test_a_refusal_says_what_has_to_be_done(answer: dict[str, Any]) -> None:
    with provider(Says(answer)) as there, pytest.raises(TokenRefused, match="ủy quyền lại ứng dụng") as caught:
        _renew(there)
    assert caught.value.ours
    assert "lam-moi-1" not in str(caught.value)
    assert "bi-mat" not in f"{caught.value} {APP!r}"


def test_a_line_lost_while_renewing_is_no_refusal() -> None:
    with provider(Says(drops=True)) as there, pytest.raises(FateUnknown):
        _renew(there)
    with pytest.raises(ChannelError) as caught:
        Renewal(ZaloApp("42", "x", oauth=nobody()))("lam-moi-1")
    assert not isinstance(caught.value, TokenRefused)
