"""Outside: the files of a folder are sent by real channels, each once, and for each a receipt is written beside it.

The ledger (``relay_carried``) is what keeps a stick that is carried twice from sending twice: a letter is written down
as being sent before the channel is asked, and what was asked once is asked again only where the channel said that it
has not taken it, and not for good. A newer digest to the same address replaces an older one that was never sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, select, update
from sqlalchemy.engine import Connection

from app.relay.handled import Handled, told_text
from notifications.channel_tables import relay_carried
from notifications.channels.base import Channel, Letter
from notifications.channels.relay_files import (
    BadRelayFile,
    Carried,
    Found,
    Receipt,
    Told,
    message_paths,
    moment_text,
    read_message,
    write_receipt,
)
from notifications.errors import ChannelError
from notifications.fates import GIVE_UP_AFTER, Outcome, outcome_of, outcome_of_taking
from plans.text import _
from tasks.database import alone, writing

_DIED_AFTER = timedelta(minutes=15)  # no channel takes that long: whoever was sending is gone
_WAITING, _SENDING = "waiting", "sending"
_FINAL = frozenset(Told)


def send_folder(
    engine: Engine,
    channels: Mapping[str, Channel],
    folder: Path,
    key: bytes,
    *,
    moment: Callable[[], datetime],
) -> list[Handled]:
    """Sends what lies in the folder and writes the receipts there. ``moment``: the time as the run goes on.

    Raises OSError: the folder cannot be read or written; what was sent until then stands in the ledger.
    """
    found, handled = _read_all(folder, key)
    newest = _newest_digests(each.carried for each in found)
    latest: dict[str, int] = {}
    for each in found:  # the officer had it handed over again: what lies beside it is an old copy
        latest[each.carried.message_id] = max(each.carried.attempt, latest.get(each.carried.message_id, 0))
    run = _Run(engine, channels, folder, key, moment)
    for each in found:
        old = each.carried.attempt < latest[each.carried.message_id]
        if each.carried.kind == "digest":
            old = old or newest[_address(each.carried)] != _identity(each.carried)
        handled.append(run.handle(each, superseded=old))
    return sorted(handled, key=lambda each: each.file)


def _read_all(folder: Path, key: bytes) -> tuple[list[Found], list[Handled]]:
    found, refused = [], []
    for path in message_paths(folder):
        try:
            found.append(read_message(path, key))
        except BadRelayFile as error:
            refused.append(Handled(path.name, "refused", str(error)))
    return found, refused


def _newest_digests(every: Iterable[Carried]) -> dict[tuple[str, str], tuple[str, int]]:
    newest: dict[tuple[str, str], Carried] = {}
    for carried in every:
        known = newest.get(_address(carried))
        if carried.kind == "digest" and (known is None or _age(known) < _age(carried)):
            newest[_address(carried)] = carried
    return {address: _identity(carried) for address, carried in newest.items()}


def _address(carried: Carried) -> tuple[str, str]:
    return carried.channel, carried.address


def _identity(carried: Carried) -> tuple[str, int]:
    return carried.message_id, carried.attempt


def _age(carried: Carried) -> tuple[str, str, int]:
    return carried.good_until, carried.written, carried.attempt


class _Run:
    """One going through a folder."""

    def __init__(
        self, engine: Engine, channels: Mapping[str, Channel], folder: Path, key: bytes, moment: Callable[[], datetime]
    ) -> None:
        self.engine, self.channels, self.folder, self.key, self.moment = engine, channels, folder, key, moment

    def handle(self, found: Found, *, superseded: bool) -> Handled:
        name, carried, now = found.path.name, found.carried, self.moment()
        with writing(self.engine) as connection:
            known = _take(connection, found, now=now)
        if isinstance(known, Handled):
            if known.what in _FINAL:
                self._receipt(carried, known.what, known.detail, now)
            return known
        if isinstance(known, _Before):  # its receipt may have been lost on the way
            self._receipt(carried, known.what, known.detail, now)
            return Handled(name, "again", _("đã xử lý từ trước: {what}").format(what=told_text(known.what)))
        if superseded:
            return self._settle(found, Told.SUPERSEDED, _("đã có thông báo mới hơn tới cùng địa chỉ"))
        if now >= carried.good_until_moment:
            return self._settle(found, Told.FAILED, _("quá ngày được chuyển; nội dung nói về ngày đã qua"))
        outcome = self._hand_over(carried)
        if outcome.name == "failed" and not outcome.permanent and known < GIVE_UP_AFTER:
            return self._settle(found, _WAITING, outcome.detail or "")
        return self._settle(found, outcome.name, outcome.detail or "")

    def _hand_over(self, carried: Carried) -> Outcome:
        channel = self.channels.get(carried.channel)
        try:
            if channel is None:
                said = _("Cách gửi {channel} chưa được thiết lập.").format(channel=carried.channel)
                raise ChannelError(said, ours=True)
            return outcome_of_taking(channel.send(_letter(carried)))
        except Exception as error:  # of a fault in a channel nobody knows how far it came
            return outcome_of(error)

    def _settle(self, found: Found, what: str, detail: str) -> Handled:
        """Written down first, then the receipt: one that gets lost is written again the next time."""
        now = self.moment()
        with writing(self.engine) as connection:
            _write(connection, found.carried, status=what, at=now, detail=detail)
        if what != _WAITING:
            self._receipt(found.carried, what, detail, now)
        return Handled(found.path.name, what, detail)

    def _receipt(self, carried: Carried, what: str, detail: str, now: datetime) -> None:
        at = moment_text(now)
        receipt = Receipt(carried.message_id, carried.attempt, what, detail, at, carried.kind)
        write_receipt(self.folder, self.key, receipt)


@dataclass(frozen=True, slots=True)
class _Before:
    """What became of a letter the last time."""

    what: str
    detail: str


def _take(connection: Connection, found: Found, *, now: datetime) -> Handled | _Before | int:
    """Takes a letter in hand and returns the how-manieth try this is; what there is to say where it is not to be."""
    carried, name = found.carried, found.path.name
    alone(connection, f"relay:{carried.message_id}")
    mine = (relay_carried.c.message_id == carried.message_id) & (relay_carried.c.attempt == carried.attempt)
    row = connection.execute(select(relay_carried).where(mine)).one_or_none()
    if row is None:
        values = {"message_id": carried.message_id, "attempt": carried.attempt, "fingerprint": found.fingerprint}
        connection.execute(relay_carried.insert().values(**values, status=_SENDING, tries=1, at=now))
        return 1
    if row.fingerprint != found.fingerprint:
        return Handled(name, "refused", _("{file}: cùng số thông báo nhưng khác nội dung").format(file=name))
    if row.status in _FINAL:
        return _Before(row.status, row.detail or "")
    if row.status == _SENDING and now - _DIED_AFTER < row.at <= now:
        return Handled(name, "again", _("đang được gửi ở một lượt khác"))
    if row.status == _SENDING:
        why = _("Tiến trình gửi bị ngắt giữa chừng. Không rõ thư đã được nhận hay chưa.")
        _write(connection, carried, status=Told.UNKNOWN, at=now, detail=why)
        return Handled(name, Told.UNKNOWN, why)
    _write(connection, carried, status=_SENDING, at=now, tries=row.tries + 1)
    return int(row.tries) + 1


def _write(connection: Connection, carried: Carried, **values: object) -> None:
    mine = (relay_carried.c.message_id == carried.message_id) & (relay_carried.c.attempt == carried.attempt)
    connection.execute(update(relay_carried).where(mine).values(**values))


def _letter(carried: Carried) -> Letter:
    written = datetime.fromisoformat(carried.written) if carried.written else None
    letter = Letter(
        carried.message_id, carried.sender, carried.reply_to, carried.person, carried.address,
        carried.subject, carried.text, carried.html, written,
    )  # fmt: skip
    return replace(letter, kind=carried.kind, fields=carried.fields, attempt=carried.attempt)
