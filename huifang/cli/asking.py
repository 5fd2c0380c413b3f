"""Passwords at the command line: never an argument, which stands in the shell's history."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from stdin instead of asking for it.")
]


def secret(from_stdin: bool, asked: str = "Password", *, twice: bool = False) -> str:
    """The password that somebody types, or the first line of stdin."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    return str(typer.prompt(asked, hide_input=True, confirmation_prompt=twice))
