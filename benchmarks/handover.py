"""Handing letters to a mail server: our channel, bare smtplib, and a fresh Apprise object for each."""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Iterator, Sequence

import apprise

from benchmarks.context import Bench, timed
from benchmarks.figures import Bar, Figure
from benchmarks.mail_server import Server, counting_server
from notifications.channels.base import Letter
from notifications.channels.mail import Form, envelope
from notifications.channels.mail_url import parse_mail_url
from notifications.channels.smtp import KeptConnection, SmtpChannel

TITLE = "Handing letters to a mail server on this machine"
HOW = (
    "The same letters (6 kB of text and HTML) three ways, in turns within one run: through our channel; through bare "
    "smtplib on one kept connection, writing each letter with the same code; through a fresh Apprise object per "
    "letter, as Apprise's own e-mail service needs it. No register takes part. The server counts in its own process."
)
DATABASES = False
_MAILBOX = "doc@bench.example"
_TO = "van-thu@co-quan.example"
_LINE = "Đề nghị gửi Báo cáo năm 2024 chậm nhất thứ Hai 09/12/2024, tính đến hết ngày làm việc."


def letters(count: int, mark: str) -> list[Letter]:
    """As a digest of some items looks: two forms of the same text."""
    text = "\n".join([_LINE] * 25)
    html = "<html><body>" + f"<p>{_LINE}</p>" * 25 + "</body></html>"
    subject = "Nhắc thời hạn: đề nghị gửi Báo cáo năm 2024 chậm nhất thứ Hai 09/12/2024"
    return [
        Letter(f"<{mark}-{n}@bench.example>", "Công an tỉnh (PC10)", _MAILBOX, "Văn thư", _TO, subject, text, html)
        for n in range(count)
    ]


def measure(bench: Bench) -> Iterator[Figure]:
    ways: dict[str, tuple[Callable[[Server, Sequence[Letter]], None], int]] = {
        "ours": (_ours, bench.size.letters),
        "bare": (_bare, bench.size.letters),
        "apprise": (_apprise, bench.size.apprise),
    }
    rates: dict[str, list[float]] = {name: [] for name in ways}
    with counting_server() as server:
        for turn in range(bench.size.rounds):
            for name, (way, count) in ways.items():
                before = server.taken().letters
                batch = letters(count, f"{name}-{turn}")
                with timed() as watch:
                    way(server, batch)
                if server.taken().letters - before != count:
                    raise RuntimeError(f"{name}: the server has not taken {count} letters")
                rates[name].append(count / watch.seconds)
            bench.say(", ".join(f"{name} {values[-1]:,.0f}/s" for name, values in rates.items()))
    ours, bare, other = (tuple(rates[name]) for name in ways)
    yield Figure("ours", "our channel", "letters/s", ours)
    yield Figure("bare", "bare smtplib, one connection", "letters/s", bare)
    yield Figure("apprise", "a fresh Apprise object per letter", "letters/s", other)
    yield Figure(
        "against_apprise", "our channel against Apprise", "times", _ratios(ours, other), Bar(10, at_least=True)
    )
    yield Figure("against_bare", "our channel against smtplib", "times", _ratios(ours, bare), Bar(0.5, at_least=True))


def _ratios(ours: tuple[float, ...], others: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(a / b for a, b in zip(ours, others, strict=True))


def _ours(server: Server, batch: Sequence[Letter]) -> None:
    kept = KeptConnection(parse_mail_url(server.mail_url))
    channel = SmtpChannel(kept.server, connection=kept)
    for letter in batch:
        channel.send(letter)
    kept.close()


def _bare(server: Server, batch: Sequence[Letter]) -> None:
    form = Form(utf8_headers=False, eight_bit=True)
    with smtplib.SMTP("127.0.0.1", server.port, local_hostname="bench") as line:
        for letter in batch:
            content = envelope(letter, mailbox=_MAILBOX, form=form)
            line.sendmail(_MAILBOX, [letter.address], content, mail_options=["BODY=8BITMIME"])


def _apprise(server: Server, batch: Sequence[Letter]) -> None:
    url = f"mailto://127.0.0.1:{server.port}/?from={_MAILBOX}&to={_TO}&mode=insecure&smtp=127.0.0.1"
    for letter in batch:
        service = apprise.Apprise()
        service.add(url)
        if service.notify(title=letter.subject, body=letter.html, body_format=apprise.NotifyFormat.HTML) is not True:
            raise RuntimeError("Apprise did not hand the letter over")
