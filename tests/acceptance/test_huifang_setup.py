"""`scripts/setup` says in one plain line what is missing, and ends non-zero. Nothing is installed here.

Each trial is a copy of the scripts with a PATH of its own, in which one thing is not as it should be.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = (
    "bash",
    "basename",
    "cat",
    "dirname",
    "df",
    "flock",
    "grep",
    "id",
    "mv",
    "rm",
    "sha256sum",
    "tail",
    "uname",
)
GOOD_PYTHON = """#!/bin/bash
case "$*" in
  *sys.exit*) exit 0 ;;
  *print*) echo 3.11 ;;
  *ensurepip*) exit {ensurepip} ;;
  *venv*) /bin/mkdir -p "${{@: -1}}/bin" && /bin/cp "$0" "${{@: -1}}/bin/python" ;;
  *"-m pip"*) echo '{pip}'; exit 1 ;;
esac
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The scripts and locks in a folder with a space in its name; `bin` holds only what they call."""
    place = tmp_path / "a b"
    shutil.copytree(ROOT / "scripts", place / "scripts")
    for name in ("requirements.lock", "requirements-dev.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, place)
    (place / "bin").mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found is not None, tool
        (place / "bin" / tool).symlink_to(found)
    return place


def _put(clone: Path, name: str, text: str) -> None:
    program = clone / "bin" / name
    program.unlink(missing_ok=True)
    program.write_text(text, encoding="utf-8")
    program.chmod(0o755)


def _put_python(clone: Path, *, ensurepip: int = 0, pip: str = "") -> None:
    _put(clone, "python3.11", GOOD_PYTHON.format(ensurepip=ensurepip, pip=pip))


def _refused(clone: Path, *arguments: str, script: str = "setup") -> str:
    """Run it where it must not succeed; gives its only line on stderr."""
    done = subprocess.run(
        [clone / "scripts" / script, *arguments],
        cwd="/",
        env={"PATH": str(clone / "bin"), "HOME": os.environ.get("HOME", "/")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert done.stderr.startswith(f"{script}: ")
    return done.stderr


def test_no_python(clone: Path) -> None:
    _put(clone, "python3", "#!/bin/bash\nexit 1\n")
    assert "Python 3.11 or 3.12 is missing" in _refused(clone)
    assert not (clone / ".venv").exists()


def test_no_venv(clone: Path) -> None:
    _put_python(clone, ensurepip=1)
    assert "apt install python3.11-venv" in _refused(clone)
    assert not (clone / ".venv").exists()


def test_no_disk(clone: Path) -> None:
    _put_python(clone)
    _put(clone, "df", "#!/bin/bash\necho Avail\necho 500000\n")
    assert "only 500 MB free" in _refused(clone)
    assert not (clone / ".venv").exists()


@pytest.mark.parametrize(
    ("pip", "reason"),
    [
        ("NewConnectionError: Failed to establish a new connection", "no network"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "not the one that was locked"),
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        ("ERROR: No matching distribution found for numpy==2", "no ready-made package"),
        ("something else", "pip failed"),
    ],
)
def test_pip_fails(clone: Path, pip: str, reason: str) -> None:
    _put_python(clone, pip=pip)
    line = _refused(clone)
    assert reason in line
    assert f"{clone}/.venv/setup.log" in line
    assert pip in (clone / ".venv" / "setup.log").read_text(encoding="utf-8")


def test_an_unknown_option(clone: Path) -> None:
    assert "--dve" in _refused(clone, "--dve")


def test_the_tests_name_the_packages_they_need(clone: Path) -> None:
    _put(clone, "id", "#!/bin/bash\necho 1000\n")
    _put(clone, "apt-get", "#!/bin/bash\nexit 1\n")
    line = _refused(clone, script="test")
    assert "sip-tester" in line
    assert "baresip" in line


def test_what_is_done_is_skipped(clone: Path) -> None:
    venv = clone / ".venv"
    venv.mkdir()
    fingerprint = subprocess.run(
        f"printf '%s\\n' '{clone}'; cat '{clone}/requirements.lock' '{clone}/pyproject.toml' | sha256sum",
        shell=True,
        capture_output=True,
        check=True,
    )
    (venv / "huifang-requirements.lock").write_bytes(fingerprint.stdout)
    done = subprocess.run([clone / "scripts" / "setup"], capture_output=True, text=True, check=True, cwd="/")
    assert (done.stdout, done.stderr) == ("", "")
