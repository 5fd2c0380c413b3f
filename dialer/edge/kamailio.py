"""Kamailio itself: its files written, checked, and the command that runs it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from base.errors import InputError, LineError
from base.files import write_atomically

PROGRAM = "kamailio"
PLACES = (os.environ.get("PATH", os.defpath), "/usr/local/sbin", "/usr/sbin")
"""Where it is looked for: people's PATH seldom names the system's own programs."""

MAIN = "kamailio.cfg"
MEMORY_MB, PROCESS_MEMORY_MB = 64, 8
CHECK_LIMIT_S = 30
_COMPLAINT = re.compile(r"(?:CRITICAL|ERROR): (?:<?\w+>? )?(?:\[[^\]]*\]: )?(?:\w+\(\): )?(?P<what>.+)")


def write(folder: Path, routing: str, files: Mapping[str, str]) -> None:
    """Write the configuration; its files hold passwords, and only their owner can read them.

    Args:
        folder: made where it is missing.
        routing: text of the main file.
        files: what it includes (`config.edge_files`).

    Raises:
        InputError: it cannot be written.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, text in {**files, MAIN: routing}.items():
            write_atomically(folder / name, text.encode())
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", where=str(folder)) from error


def program() -> str | None:
    """Kamailio's path, None where it is not installed."""
    return shutil.which(PROGRAM, path=os.pathsep.join(PLACES))


def check(folder: Path) -> None:
    """Have Kamailio read the configuration.

    Raises:
        InputError: Kamailio is missing, or does not take it.
        LineError: it does not come to an end.
    """
    try:
        done = subprocess.run(
            [_needed(), "-c", "-E", "-f", str(folder / MAIN)],
            capture_output=True, text=True, errors="replace", timeout=CHECK_LIMIT_S, cwd=folder, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise LineError("Kamailio does not end its check") from error
    if done.returncode:
        raise InputError(complaint(done.stdout + done.stderr), where=str(folder / MAIN))


def _needed() -> str:
    found = program()
    if found is None:
        remedy = "apt-get install kamailio kamailio-tls-modules"
        raise InputError("Kamailio is not installed", where=PROGRAM, remedy=remedy)
    return found


def complaint(output: str) -> str:
    """The most telling line of what Kamailio prints: where the mistake is, else the first error."""
    found = [match["what"].strip() for match in _COMPLAINT.finditer(output)]
    placed = (one for one in found if " line " in one)
    return next(placed, found[0] if found else "Kamailio does not take it")


def command(folder: Path) -> tuple[str, ...]:
    """Runs it in the foreground, its log on stderr.

    Raises:
        InputError: Kamailio is missing.
    """
    return (
        *(_needed(), "-DD", "-E", "-f", str(folder / MAIN), "-Y", str(folder)),
        *("-m", str(MEMORY_MB), "-M", str(PROCESS_MEMORY_MB), "-P", str(folder / "kamailio.pid")),
    )
