"""One dialogue with a mail server on smtplib, with a bound on its whole length and the stage of every failure.

smtplib's own time-out is per call, so a server that says one letter every few seconds would hold us for ever; it looks
up names without any bound; and it can log in with ASCII only. Those parts are ours.
"""

from __future__ import annotations

import hmac
import io
import smtplib
import socket
import ssl
from base64 import b64decode, b64encode
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from notifications.channels.mail import Form
from notifications.channels.mail_url import Cover, MailServer
from notifications.channels.smtp_reach import Deadline, own_name, reach
from notifications.channels.smtp_trouble import Stage, Trouble, loss, nonsense, refusal
from plans.text import _

T = TypeVar("T")
_CHUNK = 65_536
_GOODBYE = 2.0  # seconds; nothing depends on the answer to QUIT


class SmtpConnection(smtplib.SMTP):
    """A connection that is ready for letters. Not thread-safe. Every method raises Trouble and nothing else."""

    def __init__(self, server: MailServer, deadline: Deadline) -> None:
        self.server = server
        self.deadline = deadline
        self.half_done = False  # a transaction was refused in the middle and must be taken back first
        sock = reach(server, deadline)
        super().__init__(local_hostname=server.ehlo or own_name(sock))  # without a host it does not connect
        self._host = server.host
        try:
            self._begin(sock)
        except BaseException:
            self.close()
            sock.close()
            raise

    # -- beginning and end --

    def _begin(self, sock: socket.socket) -> None:
        if self.server.cover is Cover.TLS:
            sock = self._covered(sock)
        self._adopt(sock)
        self._expect(Stage.GREETING, 200, self._hear(Stage.GREETING))
        self._introduce()
        if self.server.cover is Cover.STARTTLS:
            self._start_tls()
        if self.server.user:
            self._log_in()

    def _adopt(self, sock: socket.socket) -> None:
        if self.file is not None:
            self.file.close()  # forgets what was said in clear after STARTTLS
        self.sock = sock
        self.file = io.BufferedReader(_TimedReader(sock, self._left))

    def _left(self) -> float:
        return self.deadline.left()

    def _introduce(self) -> None:
        code, answer = self._step(Stage.EHLO, self.ehlo)
        if code >= 500:
            code, answer = self._step(Stage.EHLO, self.helo)
        self._expect(Stage.EHLO, 200, (code, answer))

    def _start_tls(self) -> None:
        if not self.has_extn("starttls"):
            said = _("Máy chủ thư {host} không có STARTTLS. Dùng dondocs:// (TLS) hoặc starttls=no.")
            raise Trouble(Stage.TLS, said.format(host=self.server.address), ours=True)
        self._expect(Stage.TLS, 200, self._say(Stage.TLS, "STARTTLS"))
        assert self.sock is not None  # noqa: S101 - the answer came through it
        self._adopt(self._covered(self.sock))
        self.esmtp_features = {}  # what was promised in clear counts for nothing (RFC 3207, 4.2)
        self._introduce()

    def _covered(self, sock: socket.socket) -> ssl.SSLSocket:
        try:
            context = ssl.create_default_context(cafile=self.server.ca)
        except OSError as error:
            said = _("Không đọc được tệp chứng thư CA {file}.").format(file=self.server.ca)
            raise Trouble(Stage.TLS, said, ours=True) from error
        if not self.server.verify:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        try:
            sock.settimeout(self._left())
            return context.wrap_socket(sock, server_hostname=self.server.host)
        except ssl.SSLCertVerificationError as error:
            said = _("Chứng thư của máy chủ thư {host} không tin được: {why}.")
            reason = said.format(host=self.server.address, why=error.verify_message)
            raise Trouble(Stage.TLS, reason, ours=True) from error
        except TimeoutError as error:
            raise loss(self.server, Stage.TLS, hung_for=self.deadline.seconds) from error
        except (OSError, ValueError) as error:
            said = _("Không lập được kênh mã hóa TLS với máy chủ thư {host}: {why}.")
            why = getattr(error, "reason", None) or type(error).__name__
            raise Trouble(Stage.TLS, said.format(host=self.server.address, why=why)) from error

    def _log_in(self) -> None:
        offered = self.esmtp_features.get("auth", "").upper().split()
        ways = {"PLAIN": self._plain, "LOGIN": self._login, "CRAM-MD5": self._cram_md5}
        if self.server.cover is Cover.NONE:
            ways = dict(reversed(ways.items()))  # the one that does not say the password comes first
        for name, way in ways.items():
            if name in offered:
                self._expect(Stage.AUTH, 200, way())
                return
        said = _("Máy chủ thư {host} không có cách đăng nhập nào dùng được (PLAIN, LOGIN, CRAM-MD5).")
        raise Trouble(Stage.AUTH, said.format(host=self.server.address), ours=True)

    def _plain(self) -> tuple[int, bytes]:
        return self._say(Stage.AUTH, "AUTH PLAIN " + _b64(f"\0{self.server.user}\0{self.server.password}".encode()))

    def _login(self) -> tuple[int, bytes]:
        answer = self._say(Stage.AUTH, "AUTH LOGIN")
        for word in (self.server.user, self.server.password):
            if answer[0] != 334:
                break
            answer = self._say(Stage.AUTH, _b64(word.encode()))
        return answer

    def _cram_md5(self) -> tuple[int, bytes]:
        code, challenge = self._say(Stage.AUTH, "AUTH CRAM-MD5")
        if code != 334:
            return code, challenge
        with suppress(ValueError):
            challenge = b64decode(challenge)
        proof = hmac.new(self.server.password.encode(), challenge, "md5").hexdigest()
        return self._say(Stage.AUTH, _b64(f"{self.server.user} {proof}".encode()))

    def leave(self) -> None:
        """Says goodbye if there is still somebody there."""
        if self.sock is not None:
            self.deadline = Deadline(_GOODBYE)
            with suppress(Trouble):
                self._say(Stage.GREETING, "QUIT")
        self.close()

    # -- a letter --

    def hand_over(self, recipient: str, written: Callable[[Form], bytes], deadline: Deadline) -> None:
        """One transaction with one recipient; returns when the server has taken the letter.

        ``written`` gives its bytes in the form the server can read. Raises Trouble; after one whose stage is RECEIPT
        and which has no code, nobody knows whether the server has the letter.
        """
        self.deadline = deadline
        local = recipient.rpartition("@")[0]
        foreign = not local.isascii()
        if foreign and not self.has_extn("smtputf8"):
            said = _("Máy chủ thư {host} không nhận địa chỉ có dấu: {address}.")
            raise Trouble(Stage.RCPT, said.format(host=self.server.address, address=recipient), code=553)
        form = Form(utf8_headers=foreign, eight_bit=self.has_extn("8bitmime"))
        content = written(form)
        self.command_encoding = "utf-8" if foreign else "ascii"
        self._take_back()
        self._expect(Stage.MAIL, 200, self._say(Stage.MAIL, self._mail_from(form, content)), about=recipient)
        self.half_done = True
        self._expect(Stage.RCPT, 200, self._say(Stage.RCPT, f"RCPT TO:<{recipient}>"), about=recipient)
        self._expect(Stage.DATA, 300, self._say(Stage.DATA, "DATA"), about=recipient)
        self._pour(content)
        self._expect(Stage.RECEIPT, 200, self._hear(Stage.RECEIPT), about=recipient)
        self.half_done = False

    def _take_back(self) -> None:
        if self.half_done and self._say(Stage.MAIL, "RSET")[0] != 250:
            self.close()  # not this letter's fault, so not its refusal either
            raise loss(self.server, Stage.MAIL)
        self.half_done = False

    def _mail_from(self, form: Form, content: bytes) -> str:
        command = f"MAIL FROM:<{self.server.bounce or self.server.sender}>"
        if self.has_extn("size"):
            command += f" SIZE={len(content)}"
        if form.eight_bit:
            command += " BODY=8BITMIME"
        return command + (" SMTPUTF8" if form.utf8_headers else "")

    def _pour(self, content: bytes) -> None:
        """The dot goes out by itself, so that a line that breaks before it leaves no doubt."""
        stuffed = content.replace(b"\r\n.", b"\r\n..")
        self._step(Stage.BODY, lambda: self.send(b"." + stuffed if stuffed.startswith(b".") else stuffed))
        self._step(Stage.RECEIPT, lambda: self.send(b".\r\n"))

    # -- words and answers --

    def send(self, s: Any) -> None:
        """smtplib's own, within the deadline. Raises SMTPServerDisconnected."""
        view = memoryview(s.encode(self.command_encoding) if isinstance(s, str) else s)
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected
        try:
            while view:
                self.sock.settimeout(self._left())
                view = view[self.sock.send(view[:_CHUNK]) :]
        except OSError as error:
            self.close()
            raise smtplib.SMTPServerDisconnected from error

    def _say(self, stage: Stage, command: str) -> tuple[int, bytes]:
        return self._step(stage, lambda: self.docmd(command))

    def _hear(self, stage: Stage) -> tuple[int, bytes]:
        return self._step(stage, self.getreply)

    def _step(self, stage: Stage, act: Callable[[], T]) -> T:
        try:
            return act()
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            hung = self.deadline.over or isinstance(error.__context__, TimeoutError)
            raise loss(self.server, stage, hung_for=self.deadline.seconds if hung else None) from error

    def _expect(self, stage: Stage, hundred: int, reply: tuple[int, bytes], *, about: str = "") -> None:
        code, answer = reply
        if hundred <= code < hundred + 100:
            return
        if code == 421 or not 400 <= code < 600:
            self.close()
        if 400 <= code < 600:
            raise refusal(self.server, stage, code, answer, about=about)
        raise nonsense(self.server, stage, code, answer)


class _TimedReader(io.RawIOBase):
    """Reads from the socket within what is left of the deadline, however little each time."""

    def __init__(self, sock: socket.socket, left: Callable[[], float]) -> None:
        self._sock = sock
        self._left = left

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(self._left())
        return self._sock.recv_into(buffer)


def _b64(words: bytes) -> str:
    return b64encode(words).decode()
