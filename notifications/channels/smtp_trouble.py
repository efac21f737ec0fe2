"""Where a dialogue with a mail server went wrong, in words for a coordinator, and what that means for the letter."""

from __future__ import annotations

import re
from base64 import b64encode
from enum import IntEnum

from notifications.channels.mail_url import MailServer
from notifications.errors import ChannelError, FateUnknown
from plans.text import _

# "Log in first", "TLS first", "not with these words": the installation is set up wrongly, the letter is well.
_OF_THE_SETTINGS = frozenset({530, 534, 535, 538})
_TOO_BIG = 552  # the one refusal of MAIL that is about the letter: its announced size (RFC 1870)
_ABOUT_THE_SENDER = re.compile(  # RFC 3463; then the words of Postfix and Exchange
    r"\b5\.1\.[78]\b|sender address rejected|unable to relay|relay(ing)? (access )?(denied|not (permitted|allowed))",
    re.IGNORECASE,
)
_SOME_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"']+@[^\s<>()\[\],;:\"']+")
_LONGEST = 300


class Stage(IntEnum):
    """The steps of a dialogue, in their order."""

    CONNECT = 0
    GREETING = 1
    EHLO = 2
    TLS = 3
    AUTH = 4
    MAIL = 5
    RCPT = 6
    DATA = 7
    BODY = 8
    RECEIPT = 9  # from the final dot on the server may have the letter

    @property
    def words(self) -> str:
        return {
            Stage.CONNECT: _("kết nối"),
            Stage.GREETING: _("lời chào"),
            Stage.EHLO: _("giới thiệu (EHLO)"),
            Stage.TLS: _("mã hóa đường truyền (TLS)"),
            Stage.AUTH: _("đăng nhập (AUTH)"),
            Stage.MAIL: _("người gửi (MAIL)"),
            Stage.RCPT: _("người nhận (RCPT)"),
            Stage.DATA: _("bắt đầu gửi nội dung (DATA)"),
            Stage.BODY: _("gửi nội dung"),
            Stage.RECEIPT: _("xác nhận đã nhận"),
        }[self]


class Trouble(Exception):
    """The dialogue could not go on.

    ``code`` is the server's answer, None where there was none; ``hung`` that time ran out; ``of_server`` that
    another letter would fare no better now; ``ours`` that it was not the letter or its recipient that was refused but
    this office, its log-in or its sender's address.
    """

    def __init__(
        self, stage: Stage, reason: str, *, code: int | None = None, hung: bool = False, ours: bool = False
    ) -> None:
        super().__init__(reason)
        self.stage = stage
        self.code = code
        self.hung = hung
        self.ours = ours

    @property
    def of_server(self) -> bool:
        return self.hung or self.stage <= Stage.AUTH

    def for_others(self, server: MailServer) -> str:
        """The reason as it concerns a letter that was not tried."""
        if self.stage is Stage.RECEIPT:
            return _("Máy chủ thư {host} vừa không trả lời, chưa gửi tiếp.").format(host=server.address)
        return str(self)

    @property
    def line_was_stale(self) -> bool:
        """On a kept connection this means: the server had closed it in the meantime. Nothing was handed over yet."""
        return self.stage < Stage.DATA and not self.hung and self.code in (None, 421)

    def outcome(self) -> ChannelError:
        """D8: temporary, permanent or unknown."""
        if self.stage is Stage.RECEIPT and self.code is None:
            return FateUnknown(str(self))
        refused = self.code is not None and 500 <= self.code < 600 and self.stage >= Stage.MAIL
        return ChannelError(str(self), permanent=refused and not self.ours, ours=self.ours)


def refusal(server: MailServer, stage: Stage, code: int, answer: bytes, *, about: str = "") -> Trouble:
    """The server said no."""
    said = _("Máy chủ thư {host} từ chối ở bước {step}: {answer}")
    text = spoken(code, answer, server, about)
    ours = _is_ours(stage, code, text)
    if stage is Stage.AUTH:
        said = _("Máy chủ thư {host} không cho đăng nhập bằng tài khoản đã khai, kiểm tra DONDOC_MAIL_URL: {answer}")
    elif ours and code not in _OF_THE_SETTINGS:
        said = _("Máy chủ thư {host} không cho gửi từ {sender}, kiểm tra from= trong DONDOC_MAIL_URL: {answer}")
    sender = server.bounce or server.sender
    reason = said.format(host=server.address, step=stage.words, sender=sender, answer=text)
    return Trouble(stage, reason, code=code, ours=ours)


def _is_ours(stage: Stage, code: int, answer: str) -> bool:
    """Whether every letter of this office would be refused alike. A sender that a server does not like is refused at
    MAIL, or by Postfix's default only at RCPT."""
    if stage is Stage.AUTH or code in _OF_THE_SETTINGS:
        return True
    if stage is Stage.MAIL:
        return code >= 500 and code != _TOO_BIG
    return stage is Stage.RCPT and code >= 500 and bool(_ABOUT_THE_SENDER.search(_SOME_ADDRESS.sub("", answer)))


def loss(server: MailServer, stage: Stage, *, hung_for: float | None = None) -> Trouble:
    """The line broke, or nothing came in time."""
    host, step = server.address, stage.words
    if hung_for is None:
        said = _("Mất kết nối với máy chủ thư {host} ở bước {step}.").format(host=host, step=step)
    else:
        said = _("Máy chủ thư {host} không trả lời xong trong {seconds} giây, dừng ở bước {step}.").format(
            host=host, step=step, seconds=f"{hung_for:g}"
        )
    if stage is Stage.RECEIPT:
        said += " " + _unclear()
    return Trouble(stage, said, hung=hung_for is not None)


def nonsense(server: MailServer, stage: Stage, code: int, answer: bytes) -> Trouble:
    """An answer that is neither yes nor no. It has no ``code``: nothing may be concluded from it."""
    said = _("Máy chủ thư {host} trả lời không hiểu được ở bước {step}: {answer}")
    text = said.format(host=server.address, step=stage.words, answer=spoken(code, answer, server))
    return Trouble(stage, f"{text}. {_unclear()}" if stage is Stage.RECEIPT else text)


def spoken(code: int, answer: bytes, server: MailServer, about: str = "") -> str:
    """The server's own words: one line, without secrets and without addresses of others than ``about``."""
    text = answer.decode("utf-8", "replace")
    for secret in _secrets(server):
        text = text.replace(secret, "***")
    known = {about.lower(), server.sender.lower(), server.bounce.lower()}
    text = _SOME_ADDRESS.sub(lambda found: found[0] if found[0].lower() in known else "…@…", text)
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return f"{code} {text}"[:_LONGEST].strip()


def _unclear() -> str:
    return _("Không rõ thư đã được nhận hay chưa.")


def _secrets(server: MailServer) -> list[str]:
    """The password as it may come back: bare or as it was said in the dialogue."""
    if not server.password:
        return []
    whole = b64encode(f"\0{server.user}\0{server.password}".encode()).decode()
    return [whole, b64encode(server.password.encode()).decode(), server.password]
