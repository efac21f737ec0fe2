"""What can go wrong with accounts. Each message tells a person what is wrong and what to do."""

from __future__ import annotations

from tasks.errors import RegisterError


class PeopleError(RegisterError):
    """Base of all errors of this package."""


class BadAccount(PeopleError):
    """A login, name, password or post that cannot be."""


class SignInRefused(PeopleError):
    """Wrong login or password, or too many tries: the sentence never says which."""
