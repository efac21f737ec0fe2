"""Commands with their explanation and examples, in the words of this program.

Apart from ``params``: a command that takes no days need not wait for the calendar.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from plans.text import _


def command(help: str, *examples: str) -> Callable[[Callable[..., Any]], click.Command]:
    """A command with its explanation and examples; its name is the function's without ``_command``."""
    return click.command(help=help, epilog=example(*examples), options_metavar=_("[TÙY-CHỌN]"))


def group(help: str, *examples: str, alone: bool = False) -> Callable[[Callable[..., Any]], click.Group]:
    """A group of commands; ``alone``: it does something by itself as well."""
    return click.group(
        help=help,
        epilog=example(*examples),
        options_metavar=_("[TÙY-CHỌN]"),
        subcommand_metavar=_("LỆNH …"),
        invoke_without_command=alone,
    )


def example(*lines: str) -> str:
    """The examples at the end of a command's help, one per line, not re-wrapped."""
    return "\n".join(["\b", _("Ví dụ:"), *(f"  {line}" for line in lines)])
