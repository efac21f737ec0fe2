"""The token that works once: renewed by one sender, kept, and begun anew from the settings."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from notifications.channel_tables import channel_token
from notifications.channels.tokens import CLAIM, REST, KeptTokens, Pair, TokenRefused
from notifications.errors import ChannelError, FateUnknown
from tasks.database import reading
from tests.support import at, blank_sqlite, engine, registers

__all__ = ["blank_sqlite", "engine", "registers"]

NOW = at("2024-12-09 08:00")


@dataclass
class Provider:
    """Renews a token once: whoever comes with a used one is refused."""

    good: str = "lam-moi-0"
    asked: list[str] = field(default_factory=list)
    error: BaseException | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)
    wait: threading.Event | None = None

    def __call__(self, refresh: str) -> Pair:
        with self.lock:
            self.asked.append(refresh)
            if self.error is not None:
                raise self.error
            if refresh != self.good:
                raise TokenRefused("used", ours=True)
            number = len(self.asked)
            self.good = f"lam-moi-{number}"
        if self.wait is not None:
            self.wait.wait(10)
        return Pair(f"ma-{number}", self.good, timedelta(hours=25))


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


def _tokens(engine: Engine, provider: Provider, clock: Clock, seed: str = "lam-moi-0") -> KeptTokens:
    return KeptTokens(engine, "zalo", seed, provider, clock)


def _row(engine: Engine) -> Any:
    with reading(engine) as c:
        return c.execute(select(channel_token)).one()


def test_the_token_of_the_settings_is_used_once_and_the_pair_is_kept(engine: Engine) -> None:
    provider, clock = Provider(), Clock()
    tokens = _tokens(engine, provider, clock)
    assert tokens.access() == "ma-1"
    clock.now = NOW + timedelta(hours=24)
    assert _tokens(engine, provider, clock).access() == "ma-1", "another process finds what the first one kept"
    assert provider.asked == ["lam-moi-0"]


def test_it_is_renewed_before_it_runs_out_with_the_token_of_last_time(engine: Engine) -> None:
    provider, clock = Provider(), Clock()
    tokens = _tokens(engine, provider, clock)
    tokens.access()
    clock.now = NOW + timedelta(hours=24, minutes=54)
    assert tokens.access() == "ma-1"
    clock.now = NOW + timedelta(hours=24, minutes=56)
    assert tokens.access() == "ma-2"
    assert provider.asked == ["lam-moi-0", "lam-moi-1"]
    assert _row(engine).refreshed_at == clock.now


def test_two_senders_do_not_both_use_the_token(engine: Engine) -> None:
    provider, clock = Provider(wait=threading.Event()), Clock()
    first: list[str] = []
    sender = threading.Thread(target=lambda: first.append(_tokens(engine, provider, clock).access()))
    sender.start()
    try:
        while not provider.asked:
            threading.Event().wait(0.01)
        with pytest.raises(ChannelError, match="đang được làm mới") as caught:
            _tokens(engine, provider, clock).access()
    finally:
        assert provider.wait is not None
        provider.wait.set()
        sender.join()
    assert (caught.value.permanent, caught.value.ours, caught.value.retry_after) == (False, False, 60.0)
    assert (provider.asked, first) == (["lam-moi-0"], ["ma-1"])
    assert _tokens(engine, provider, clock).access() == "ma-1"


def test_a_sender_that_died_with_the_claim_does_not_block_the_others_for_ever(engine: Engine) -> None:
    provider, clock = Provider(error=KeyboardError()), Clock()
    with pytest.raises(KeyboardError):
        _tokens(engine, provider, clock).access()
    provider.error = None
    clock.now = NOW + CLAIM - timedelta(seconds=1)
    with pytest.raises(ChannelError, match="đang được làm mới"):
        _tokens(engine, provider, clock).access()
    clock.now = NOW + CLAIM
    assert _tokens(engine, provider, clock).access() == "ma-2"


class KeyboardError(BaseException):
    """The process is gone; no handler of ours runs."""


def test_a_spoiled_token_is_renewed_and_one_spoiled_twice_only_once(engine: Engine) -> None:
    provider, clock = Provider(), Clock()
    tokens = _tokens(engine, provider, clock)
    used = tokens.access()
    tokens.spoiled(used)
    assert tokens.access() == "ma-2"
    tokens.spoiled(used)  # another sender had the old one in hand
    assert tokens.access() == "ma-2"
    assert len(provider.asked) == 2


def test_a_refusal_is_told_for_half_an_hour_without_asking_again(engine: Engine) -> None:
    provider, clock = Provider(good="another"), Clock()
    tokens = _tokens(engine, provider, clock)
    for _time in range(3):
        with pytest.raises(TokenRefused, match="used") as caught:
            tokens.access()
        assert caught.value.ours
    assert provider.asked == ["lam-moi-0"]
    clock.now = NOW + REST
    with pytest.raises(TokenRefused):
        tokens.access()
    assert len(provider.asked) == 2


def test_a_new_token_in_the_settings_begins_the_chain_anew_at_once(engine: Engine) -> None:
    provider, clock = Provider(good="uy-quyen-lai"), Clock()
    with pytest.raises(TokenRefused):
        _tokens(engine, provider, clock).access()
    assert _tokens(engine, provider, clock, seed="uy-quyen-lai").access() == "ma-2"
    assert _row(engine).trouble is None


@pytest.mark.parametrize("error", [ChannelError("nobody there"), FateUnknown("line lost")])
def test_a_question_that_went_astray_leaves_the_message_unsent_and_may_be_asked_again(
    engine: Engine, error: ChannelError
) -> None:
    provider, clock = Provider(error=error), Clock()
    with pytest.raises(ChannelError, match="Chưa làm mới được mã truy cập") as caught:
        _tokens(engine, provider, clock).access()
    assert type(caught.value) is ChannelError, "the message was not spoken of, so its fate is known"
    provider.error = None
    assert _tokens(engine, provider, clock).access() == "ma-2"


def test_no_token_stands_in_a_representation() -> None:
    assert "ma-1" not in repr(Pair("ma-1", "lam-moi-1", timedelta(1)))
