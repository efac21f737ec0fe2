"""The files that cross the border of a closed network: what they say, and the signature that they bear.

A file is JSON with two texts: ``said``, itself JSON, and ``signature``, its HMAC-SHA256 under a key that the machine
inside and the machine outside share (``relay.key``). Messages and receipts are signed under different keys made from
it, so that neither passes for the other. Exactly the bytes of ``said`` are signed, so nothing depends on how JSON is
written. The signature proves where a file comes from; it hides nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from notifications.errors import NotificationsError
from plans.text import _

LARGEST = 4 << 20  # bytes of one file
_FORMS = {"message": "dondoc-relay-1", "receipt": "dondoc-relay-receipt-1"}
_MESSAGE_NAME = re.compile(r"thong-bao-[0-9A-Za-z-]+\.json")
_RECEIPT_NAME = re.compile(r"bien-nhan-[0-9A-Za-z-]+\.json")


class BadRelayFile(NotificationsError):
    """A file that is not followed; ``str()`` names it and says why."""


class Told(StrEnum):
    """What a receipt says became of a message."""

    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SUPERSEDED = "superseded"  # a newer digest to the same address lay beside it


@dataclass(frozen=True, slots=True)
class Carried:
    """One message on its way out. ``attempt``: the how-manieth hand-over of it inside; ``good_until``: not sent after
    that moment, because it speaks of "today"."""

    message_id: str
    attempt: int
    kind: str
    channel: str
    address: str
    person: str
    sender: str
    reply_to: str | None
    subject: str
    text: str
    html: str
    fields: dict[str, str] = field(default_factory=dict)
    written: str = ""  # ISO, UTC
    good_until: str = ""

    @property
    def good_until_moment(self) -> datetime:
        return datetime.fromisoformat(self.good_until)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one message outside. ``at``: ISO, UTC."""

    message_id: str
    attempt: int
    told: str
    detail: str
    at: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A file that was read: what it says, and the fingerprint of exactly that."""

    path: Path
    carried: Carried
    fingerprint: str


# -- writing --


def write_message(folder: Path, key: bytes, carried: Carried) -> Path:
    """Complete before it has its name. Raises OSError."""
    return _write(
        folder / f"thong-bao-{_stem(carried.message_id, carried.attempt)}.json", key, "message", asdict(carried)
    )


def write_receipt(folder: Path, key: bytes, receipt: Receipt) -> Path:
    """Raises OSError."""
    return _write(
        folder / f"bien-nhan-{_stem(receipt.message_id, receipt.attempt)}.json", key, "receipt", asdict(receipt)
    )


def message_file(folder: Path, message_id: str, attempt: int) -> Path:
    """Where the file of that message lies while it waits to be carried out."""
    return folder / f"thong-bao-{_stem(message_id, attempt)}.json"


def stem_of(message_id: str) -> str:
    """A Message-ID as part of a file's name."""
    return re.sub(r"[^0-9A-Za-z-]", "", message_id.partition("@")[0])


def _stem(message_id: str, attempt: int) -> str:
    return f"{stem_of(message_id)}-{attempt}"


def _write(path: Path, key: bytes, what: str, said: dict[str, Any]) -> Path:
    text = json.dumps({"form": _FORMS[what], **said}, ensure_ascii=False, sort_keys=True)
    file = {"said": text, "signature": _signature(key, what, text)}
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_suffix(".part")
    with scratch.open("w", encoding="utf-8") as out:
        json.dump(file, out, ensure_ascii=False, indent=1)
        out.write("\n")
        out.flush()
        os.fsync(out.fileno())
    scratch.replace(path)
    return path


# -- reading --


def message_paths(folder: Path) -> Iterator[Path]:
    """The message files of a folder, in a fixed order."""
    return (path for path in sorted(folder.iterdir()) if _MESSAGE_NAME.fullmatch(path.name))


def receipt_paths(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.iterdir()) if _RECEIPT_NAME.fullmatch(path.name))


def read_message(path: Path, key: bytes) -> Found:
    """Raises BadRelayFile: altered, foreign, or not of this form."""
    text, said = _read(path, key, "message")
    try:
        carried = Carried(**said)
        _checked(carried)
    except (TypeError, ValueError) as error:
        raise _bad(path, _("thiếu hoặc thừa mục")) from error
    return Found(path, carried, hashlib.sha256(text.encode()).hexdigest())


def read_receipt(path: Path, key: bytes) -> Receipt:
    """Raises BadRelayFile."""
    _text, said = _read(path, key, "receipt")
    try:
        receipt = Receipt(**said)
        Told(receipt.told)
        _aware(receipt.at)
    except (TypeError, ValueError) as error:
        raise _bad(path, _("thiếu hoặc thừa mục")) from error
    return receipt


def _checked(carried: Carried) -> None:
    """It was signed by our own, so only what another release may have written differently is asked."""
    _aware(carried.good_until)
    if carried.written:
        _aware(carried.written)


def _aware(text: str) -> None:
    if datetime.fromisoformat(text).tzinfo is None:
        raise ValueError(text)


def _read(path: Path, key: bytes, what: str) -> tuple[str, dict[str, Any]]:
    try:
        if path.stat().st_size > LARGEST:
            raise _bad(path, _("tệp quá lớn"))
        file = json.loads(path.read_text("utf-8"))
        text, signature = file["said"], file["signature"]
        genuine = hmac.compare_digest(signature.encode(), _signature(key, what, text).encode())
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _bad(path, _("không đọc được")) from error
    if not genuine:
        raise _bad(path, _("chữ ký không đúng: tệp bị sửa, hoặc của nơi khác"))
    said = json.loads(text)
    if said.pop("form", None) != _FORMS[what]:
        raise _bad(path, _("không phải loại tệp này"))
    return text, said


def _bad(path: Path, why: str) -> BadRelayFile:
    return BadRelayFile(f"{path.name}: {why}")


def _signature(key: bytes, what: str, text: str) -> str:
    own = hmac.new(key, _FORMS[what].encode(), hashlib.sha256).digest()
    return hmac.new(own, text.encode(), hashlib.sha256).hexdigest()


def moment_text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
