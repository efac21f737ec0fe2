"""A real SMTP server (aiosmtpd) that counts what arrived by Message-ID."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import ssl
from collections import Counter
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "doc", "mật-khẩu/của:tôi"


@dataclass
class Taken:
    """One letter as it arrived."""

    sender: str
    recipients: list[str]
    content: bytes
    options: list[str]

    @property
    def mail(self) -> EmailMessage:
        return message_from_bytes(self.content, policy=default)


@dataclass
class MailBox:
    """The handler of the server, and what it saw."""

    taken: list[Taken] = field(default_factory=list)
    sessions: set[int] = field(default_factory=set)
    said: list[str] = field(default_factory=list)  # by which name callers introduced themselves
    offers_nothing: bool = False  # no extension of SMTP at all
    _alive: list[Session] = field(default_factory=list)  # so that no later session gets the same id

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.said.append(hostname)
        return ["250 mx.test"] if self.offers_nothing else responses

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.sessions.add(id(session))
        self._alive.append(session)
        self.taken.append(
            Taken(str(envelope.mail_from), list(envelope.rcpt_tos), envelope.content, list(envelope.mail_options))
        )
        return "250 2.0.0 OK"

    @property
    def by_id(self) -> Counter[str]:
        return Counter(str(each.mail["Message-ID"]) for each in self.taken)


class OnAnyPort(Controller):
    """aiosmtpd's own asks for a port number before it has one."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
        super()._trigger_server()  # type: ignore[no-untyped-call]

    def stop(self, no_assert: bool = False) -> None:
        """Hangs up first: a connection left over (a broken handshake) would be complained of in some later test."""
        asyncio.run_coroutine_threadsafe(self._hang_up(), self.loop).result(20)
        super().stop(no_assert)

    async def _hang_up(self) -> None:
        for transport in list(self.loop._transports.values()):  # type: ignore[attr-defined]
            transport.abort()
        for _turn in range(5):
            await asyncio.sleep(0)


def start(box: MailBox, **options: Any) -> OnAnyPort:
    controller = OnAnyPort(box, hostname="127.0.0.1", port=0, ready_timeout=20, server_hostname="mx.test", **options)
    controller.start()
    return controller


def let_in(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    """The one who knows USER and PASSWORD."""
    known = LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=data == known, handled=False)


@dataclass(frozen=True)
class Certificates:
    """An office's own authority and the certificate of its server on 127.0.0.1."""

    ca: Path
    chain: Path

    def context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.chain)
        return context


def make_certificates(folder: Path) -> Certificates:
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "CA of the test")])
    ca = _builder(ca_name, ca_name, ca_key.public_key()).add_extension(x509.BasicConstraints(True, 0), critical=True)
    ca_usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    signed_ca = ca.add_extension(ca_usage, critical=True).sign(ca_key, hashes.SHA256())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    by = x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key())
    made = _builder(name, ca_name, key.public_key()).add_extension(here, critical=False)
    signed = made.add_extension(by, critical=False).sign(ca_key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "ca.pem").write_bytes(signed_ca.public_bytes(pem))
    (folder / "chain.pem").write_bytes(secret + signed.public_bytes(pem))
    return Certificates(folder / "ca.pem", folder / "chain.pem")


def _builder(name: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )
