"""The tokens of a provider whose refresh token works once: kept in the register, renewed by one sender at a time.

The claim is taken in one transaction and the new pair written in another, with the question to the provider between
them: no network call stands inside a transaction (D11). Whoever comes meanwhile is told to come back in a minute.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection, Engine, Row

from notifications.channel_tables import channel_token
from notifications.errors import ChannelError
from plans.text import _
from tasks.database import alone, writing

CLAIM = timedelta(minutes=3)  # longer than a refresh can take
REST = timedelta(minutes=30)  # after a refusal, until the provider is asked again
EARLY = timedelta(minutes=5)  # an access token is not used in its last minutes
_BUSY = 60.0  # seconds


@dataclass(frozen=True, slots=True)
class Pair:
    """What a refresh brings."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    lasts: timedelta  # of the access token


class TokenRefused(ChannelError):
    """The provider will not renew: the refresh token was used, has run out or was withdrawn."""


class Tokens(Protocol):
    def access(self) -> str:
        """An access token that should work. Raises ChannelError."""

    def spoiled(self, access: str) -> None:
        """The provider did not take it: the next asking brings another one."""


class KeptTokens:
    """``renew`` asks the provider: refresh token -> new pair; raises TokenRefused, ChannelError, FateUnknown.
    ``seed``: the refresh token of the settings, from which the chain begins anew whenever it is another one."""

    def __init__(
        self,
        engine: Engine,
        channel: str,
        seed: str,
        renew: Callable[[str], Pair],
        clock: Callable[[], datetime],
    ) -> None:
        self._engine, self._channel, self._seed = engine, channel, seed
        self._renew, self._clock = renew, clock

    def access(self) -> str:
        now = self._clock()
        with writing(self._engine) as connection:
            row = self._row(connection)
            if row.access and row.expires_at is not None and row.expires_at - EARLY > now:
                return str(row.access)
            claim = self._claim(connection, row, now)
        return self._renewed(claim, row.refresh, now)

    def spoiled(self, access: str) -> None:
        with writing(self._engine) as connection:
            self._change(connection, channel_token.c.access == access, expires_at=None)

    def _row(self, connection: Connection) -> Row[Any]:
        """The row of this channel, made or begun anew from the settings where they hold another token."""
        alone(connection, f"token:{self._channel}")  # the first row is made by one
        mine = select(channel_token).where(channel_token.c.channel == self._channel)
        seed = hashlib.sha256(self._seed.encode()).hexdigest()
        row = connection.execute(mine).one_or_none()
        fresh = {
            "seed": seed,
            "access": "",
            "refresh": self._seed,
            "expires_at": None,
            "refreshed_at": None,
            "claim": None,
            "claimed_until": None,
            "trouble": None,
        }
        if row is None:
            connection.execute(insert(channel_token).values(channel=self._channel, **fresh))
        elif row.seed != seed:
            self._change(connection, channel_token.c.seed != seed, **fresh)
        else:
            return row
        return connection.execute(mine).one()

    def _claim(self, connection: Connection, row: Row[Any], now: datetime) -> str:
        if row.claimed_until is not None and now < row.claimed_until <= now + REST:
            if row.trouble:
                raise TokenRefused(row.trouble, ours=True)
            raise ChannelError(_("Mã truy cập đang được làm mới; thử lại sau ít phút."), retry_after=_BUSY)
        claim = str(uuid4())
        self._change(connection, None, claim=claim, claimed_until=now + CLAIM, trouble=None)
        return claim

    def _renewed(self, claim: str, refresh: str, now: datetime) -> str:
        mine = channel_token.c.claim == claim
        try:
            pair = self._renew(refresh)
        except TokenRefused as error:
            with writing(self._engine) as connection:
                self._change(connection, mine, claim=None, claimed_until=now + REST, trouble=str(error))
            raise
        except ChannelError as error:
            with writing(self._engine) as connection:
                self._change(connection, mine, claim=None, claimed_until=None)
            # Whatever became of the token, the message itself was not spoken of.
            raise ChannelError(_("Chưa làm mới được mã truy cập: {why}").format(why=error)) from error
        with writing(self._engine) as connection:
            self._change(
                connection,
                mine,
                access=pair.access,
                refresh=pair.refresh,
                expires_at=now + pair.lasts,
                refreshed_at=now,
                claim=None,
                claimed_until=None,
            )
        return pair.access

    def _change(self, connection: Connection, where: Any, **values: Any) -> None:
        mine = channel_token.c.channel == self._channel
        connection.execute(update(channel_token).where(mine if where is None else mine & where).values(values))
