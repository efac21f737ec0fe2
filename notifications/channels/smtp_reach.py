"""Getting a connected socket to a mail server within a bound that holds for everything together."""

from __future__ import annotations

import socket
import time
from queue import Empty, Queue
from threading import Thread
from typing import Any

from notifications.channels.mail_url import MailServer
from notifications.channels.smtp_trouble import Stage, Trouble, loss
from plans.text import _


class Deadline:
    """The time a whole message may take, however many steps it has."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds for the next step. Raises TimeoutError when there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    @property
    def over(self) -> bool:
        return time.monotonic() >= self._end


def reach(server: MailServer, deadline: Deadline) -> socket.socket:
    """A connected socket, trying every address of the name within the deadline."""
    found = _look_up(server, deadline)
    why: OSError = OSError()
    for tried, (family, kind, protocol, _name, address) in enumerate(found):
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(deadline.left() / (len(found) - tried))
            sock.connect(address)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # the final dot must not wait for an answer
        except OSError as error:
            sock.close()
            why = error
        except BaseException:
            sock.close()
            raise
        else:
            return sock
    if isinstance(why, TimeoutError):
        raise loss(server, Stage.CONNECT, hung_for=deadline.seconds) from why
    said = _("Không kết nối được máy chủ thư {host}: {why}.")
    reason = _("máy chủ không mở cổng này") if isinstance(why, ConnectionRefusedError) else why.strerror or str(why)
    raise Trouble(Stage.CONNECT, said.format(host=server.address, why=reason)) from why


def _look_up(server: MailServer, deadline: Deadline) -> list[tuple[Any, ...]]:
    """In a thread, because nothing else bounds the time a name look-up takes."""
    answers: Queue[list[tuple[Any, ...]] | Exception] = Queue()

    def ask() -> None:
        try:
            answers.put(list(socket.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM)))
        except Exception as error:  # raised again where it is waited for
            answers.put(error)

    Thread(target=ask, daemon=True, name="mail-server-look-up").start()
    try:
        found = answers.get(timeout=deadline.left())
    except (Empty, TimeoutError) as error:
        raise loss(server, Stage.CONNECT, hung_for=deadline.seconds) from error
    if isinstance(found, OSError | UnicodeError):
        said = _("Không tìm thấy máy chủ thư {host} (DNS).").format(host=server.host)
        raise Trouble(Stage.CONNECT, said) from found
    if isinstance(found, Exception):
        raise found
    return found


def own_name(sock: socket.socket) -> str:
    """Our name for EHLO where none is given: the address, since looking up a name may hang (RFC 5321, 4.1.3)."""
    address = str(sock.getsockname()[0]).partition("%")[0]
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"
