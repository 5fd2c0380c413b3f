"""The command line in a subprocess."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def huifang(
    *arguments: str | Path, cwd: Path = ROOT, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `huifang` with these arguments to its end; stdout and stderr are captured."""
    command = [sys.executable, "-m", "huifang", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **(env or {})}
    return subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def succeeds(*arguments: str | Path) -> str:
    """Run a command that must end well; gives its stdout."""
    done = huifang(*arguments)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def as_json(*arguments: str | Path) -> Any:
    """Run a command with --json; gives what it says."""
    return json.loads(succeeds(*arguments, "--json"))


def complaint(*arguments: str | Path, status: int = 2) -> str:
    """Run a command that must be refused in one line on stderr; gives the line."""
    done = huifang(*arguments)
    lines = done.stderr.splitlines()
    assert done.returncode == status, done
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("huifang: ")
    assert done.stdout == ""
    return lines[0]
