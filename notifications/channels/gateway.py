"""A provider's HTTP interface as a description: what is posted where, and what the answer means.

The descriptions that ship stand in ``gateways/*.toml``; an office whose contract names another provider writes its own
file in the same form (docs/channels.md). A code that the description does not name leaves the fate unknown: a message
that costs money and cannot be called back is not repeated on a guess.
"""

from __future__ import annotations

import base64
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit
from xml.sax.saxutils import escape

from notifications.channels.base import Taken
from notifications.channels.http_call import TIMEOUT, Answer, Call, call, raise_for_status
from notifications.errors import ChannelError, FateUnknown, NotificationsError
from plans.text import _

SHIPPED = ("esms", "speedsms")
_FORMS = {"json": "application/json", "form": "application/x-www-form-urlencoded", "xml": "text/xml; charset=utf-8"}
_KEYS = {"name", "url", "form", "method", "phone", "basic", "headers", "body", "answer", "checked"}
_ANSWER = {
    "code", "code_pattern", "reference", "reference_pattern", "refused_numbers",
    "taken", "duplicate", "temporary", "permanent", "ours", "stale",
}  # fmt: skip
_PLACE = re.compile(r"\{([a-z_]+)\}")


class BadGateway(NotificationsError):
    """A description that cannot be understood."""


class TokenStale(ChannelError):
    """The provider no longer takes the access token; a new one may help at once."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """Where the code and the provider's number stand in an answer, and what codes mean."""

    taken: frozenset[str]
    duplicate: frozenset[str] = frozenset()  # it has this reference already: it was taken before
    temporary: frozenset[str] = frozenset()
    permanent: frozenset[str] = frozenset()
    ours: frozenset[str] = frozenset()
    stale: frozenset[str] = frozenset()
    code: str = ""  # a path, "data.msg_id"
    code_pattern: re.Pattern[str] | None = None  # for answers that are no JSON
    reference: str = ""
    reference_pattern: re.Pattern[str] | None = None
    refused_numbers: str = ""  # a list that names the recipient although the code says that all is well


@dataclass(frozen=True, slots=True)
class Gateway:
    """One provider. ``phone``: what stands in front of the nine digits of a number."""

    name: str
    url: str
    form: str
    meaning: Meaning
    body: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "POST"
    phone: str = "0"
    basic: tuple[str, str] | None = None

    def deliver(self, values: Mapping[str, Any], *, timeout: float = TIMEOUT) -> Taken:
        """Posts the body with the values put in. Raises ChannelError, FateUnknown, TokenStale."""
        request = self._call(values)
        return self._judge(request, call(request, timeout=timeout))

    def _call(self, values: Mapping[str, Any]) -> Call:
        headers = {"Content-Type": _FORMS[self.form]}
        headers |= {name: str(_filled(value, values)) for name, value in self.headers.items()}
        if self.basic is not None:
            pair = ":".join(str(_filled(part, values)) for part in self.basic)
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        return Call(self.name, self.url, self._payload(values), headers, self.method)

    def _payload(self, values: Mapping[str, Any]) -> bytes:
        if self.form == "xml":
            safe = {name: escape(str(value)) for name, value in values.items()}
            return str(_filled(self.body["text"], safe)).encode()
        filled = _filled(self.body, values)
        return urlencode(filled).encode() if self.form == "form" else json.dumps(filled, ensure_ascii=False).encode()

    def _judge(self, request: Call, answer: Answer) -> Taken:
        meaning, code = self.meaning, self._found(answer, self.meaning.code, self.meaning.code_pattern)
        if code is None:
            raise_for_status(request, answer)
            raise FateUnknown(
                _("{name} trả lời không đọc được. Không rõ tin đã được nhận hay chưa.").format(name=self.name)
            )
        said = _("{name} không nhận tin (mã {code}).").format(name=self.name, code=code[:40])
        if code in meaning.duplicate:
            return Taken(_("{name} đã có tin này từ trước (mã {code}).").format(name=self.name, code=code))
        if code in meaning.taken:
            return self._taken(answer)
        if code in meaning.stale:
            raise TokenStale(said, ours=True)
        if code in meaning.ours:
            raise ChannelError(
                _("{why} Xem lại cài đặt, số dư và mẫu tin với nhà cung cấp.").format(why=said), ours=True
            )
        if code in meaning.permanent:
            raise ChannelError(said, permanent=True)
        if code in meaning.temporary or answer.status == 429:
            raise ChannelError(said, retry_after=answer.retry_after)
        raise FateUnknown(
            _("{name} trả lời mã {code}, không rõ nghĩa. Không rõ tin đã được nhận hay chưa.").format(
                name=self.name, code=code[:40]
            )
        )

    def _taken(self, answer: Answer) -> Taken:
        if _at(answer.document(), self.meaning.refused_numbers):
            raise ChannelError(_("{name} không gửi được tới số này.").format(name=self.name), permanent=True)
        number = self._found(answer, self.meaning.reference, self.meaning.reference_pattern)
        said = _("{name}, tin số {number}.") if number else _("{name} đã nhận.")
        return Taken(said.format(name=self.name, number=(number or "")[:80]))

    def _found(self, answer: Answer, path: str, pattern: re.Pattern[str] | None) -> str | None:
        if pattern is not None:
            found = pattern.search(answer.body.decode("utf-8", "replace"))
            return found[1] if found else None
        value = _at(answer.document(), path)
        return None if value is None or isinstance(value, dict | list) else str(value)


def _at(document: Any, path: str) -> Any:
    for name in path.split(".") if path else ():
        document = document.get(name) if isinstance(document, dict) else None
    return document if path else None


def _filled(part: Any, values: Mapping[str, Any]) -> Any:
    """The part with its places filled; one that is nothing but a place becomes the value itself, of its own type."""
    if isinstance(part, Mapping):
        return {name: _filled(value, values) for name, value in part.items()}
    if isinstance(part, list):
        return [_filled(value, values) for value in part]
    if not isinstance(part, str):
        return part
    whole = _PLACE.fullmatch(part)
    return values[whole[1]] if whole else _PLACE.sub(lambda found: str(values[found[1]]), part)


# -- reading a description --


def load_gateway(which: str, *, places: frozenset[str], url: str = "") -> Gateway:
    """A description that ships, by its name, or a file of the office's own. ``places``: what may be filled in;
    ``url``: another address for the same interface. Raises BadGateway."""
    try:
        shipped = files("notifications.channels").joinpath("gateways", f"{which}.toml")
        plain = which.isidentifier() and shipped.is_file()
        text = shipped.read_text("utf-8") if plain else Path(which).expanduser().read_text("utf-8")
        return _gateway(tomllib.loads(text), places, url)
    except (OSError, UnicodeDecodeError) as error:
        known = ", ".join(SHIPPED)
        said = _("Không đọc được mô tả nhà cung cấp {which}. Có sẵn: {known}; hoặc ghi đường dẫn tệp .toml.")
        raise BadGateway(said.format(which=which, known=known)) from error
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, re.error) as error:
        why = str(error) or type(error).__name__
        raise BadGateway(_("Mô tả nhà cung cấp {which} sai: {why}").format(which=which, why=why)) from error


def _gateway(said: dict[str, Any], places: frozenset[str], url: str) -> Gateway:
    if strange := sorted(set(said) - _KEYS) + sorted(set(said["answer"]) - _ANSWER):
        raise ValueError(_("không có mục {names}").format(names=", ".join(strange)))
    form, target = said.get("form", "json"), url or said["url"]
    if form not in _FORMS or urlsplit(target).scheme not in ("http", "https"):
        raise ValueError(_("form phải là json, form hoặc xml; url phải là http:// hoặc https://"))
    basic = said.get("basic")
    headers, body = said.get("headers", {}), said.get("body", {})
    unknown = {name for name in _PLACE.findall(json.dumps([basic, headers, body])) if name not in places}
    if unknown:
        raise ValueError(_("không có giá trị {names}").format(names=", ".join(sorted(unknown))))
    meaning = _meaning(said["answer"])
    return Gateway(
        str(said["name"]), str(target), form, meaning, body, headers,
        said.get("method", "POST"), str(said.get("phone", "0")), tuple(basic) if basic else None,
    )  # fmt: skip


def _meaning(said: dict[str, Any]) -> Meaning:
    def codes(name: str) -> frozenset[str]:
        return frozenset(map(str, said.get(name, ())))

    def pattern(name: str) -> re.Pattern[str] | None:
        return re.compile(said[name]) if name in said else None

    if not said.get("taken") or not (said.get("code") or said.get("code_pattern")):
        raise ValueError(_("answer cần taken và code hoặc code_pattern"))
    return Meaning(
        codes("taken"), codes("duplicate"), codes("temporary"), codes("permanent"), codes("ours"), codes("stale"),
        str(said.get("code", "")), pattern("code_pattern"), str(said.get("reference", "")),
        pattern("reference_pattern"), str(said.get("refused_numbers", "")),
    )  # fmt: skip
