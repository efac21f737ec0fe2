"""Passwords: argon2id by argon2-cffi with its defaults (RFC 9106, low-memory profile)."""

from __future__ import annotations

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from people.errors import BadAccount
from plans.text import _

SHORTEST = 10
LONGEST = 200  # characters; hashing a book would keep the server busy
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else when read out
_hasher = PasswordHasher()


def hashed(password: str) -> str:
    """The stored form. Raises BadAccount where the password is too short or too long."""
    if len(password) < SHORTEST:
        raise BadAccount(_("Mật khẩu phải có ít nhất {n} ký tự.").format(n=SHORTEST))
    if len(password) > LONGEST:
        raise BadAccount(_("Mật khẩu dài quá {n} ký tự.").format(n=LONGEST))
    return _hasher.hash(password)


def matches(stored: str, password: str) -> bool:
    try:
        return len(password) <= LONGEST and _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def outdated(stored: str) -> bool:
    """Made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(stored)


def one_time() -> str:
    """A first password, easy to read out: "k7mw-92xr-hcq4"; 59 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _n in range(4)) for _group in range(3))
