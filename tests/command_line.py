"""The command line, run in this process: quick, and as true as a subprocess but for signals and start-up."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huifang.cli.app import main


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended and what it said."""

    status: int
    stdout: str
    stderr: str


def huifang(*arguments: str | Path) -> Ran:
    """Run `huifang` with these arguments to its end."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = main([str(argument) for argument in arguments])
    return Ran(status, out.getvalue(), err.getvalue())


def succeeds(*arguments: str | Path) -> str:
    """Run a command that must end well; gives its stdout."""
    done = huifang(*arguments)
    assert done.status == 0, done
    assert done.stderr == ""
    return done.stdout


def as_json(*arguments: str | Path) -> Any:
    """Run a command with --json; gives what it says."""
    return json.loads(succeeds(*arguments, "--json"))


def complaint(*arguments: str | Path, status: int = 2) -> str:
    """Run a command that must be refused in one line on stderr; gives the line."""
    done = huifang(*arguments)
    lines = done.stderr.splitlines()
    assert done.status == status, done
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("huifang: ")
    assert done.stdout == ""
    return lines[0]
