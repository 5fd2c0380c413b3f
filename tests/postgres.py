"""A PostgreSQL of the tests' own: one cluster a session, made when first asked for, one database a test."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import mkdtemp

import psycopg

USER = "huifang"
TEMPLATE = "huifang_template"
START_S = 60.0

# A power cut in the middle of the tests may lose them.
_QUICK = ("fsync=off", "full_page_writes=off", "shared_buffers=32MB", "autovacuum=off", "listen_addresses=")

ROOMY = ("shared_buffers=512MB", "maintenance_work_mem=256MB", "listen_addresses=")
"""As a server is set up that keeps a year of transcripts."""

MISSING = "PostgreSQL is missing (Debian: apt-get install postgresql; scripts/test does it)"


class Cluster:
    """A running server that listens on a socket in its own directory."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._number = count(1)

    def url(self, name: str) -> str:
        return f"postgresql://{USER}@/{name}?host={self._place}"

    def new(self, template: str = "template1") -> str:
        """The name of a new database, copied from another one."""
        name = f"test_{next(self._number)}"
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY wal_log')
        return name

    def rename(self, name: str, to: str) -> None:
        self.execute(f'ALTER DATABASE "{name}" RENAME TO "{to}"')

    def drop(self, name: str) -> None:
        self.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def execute(self, statement: str, database: str = "postgres") -> None:
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(statement.encode())

    def answers(self) -> bool:
        try:
            self.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True


def binaries() -> Path | None:
    """Where the newest server's programs lie (Debian keeps them off PATH); None if there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


@contextmanager
def running(programs: Path, settings: Sequence[str] = _QUICK) -> Iterator[Cluster]:
    """A new cluster, stopped and removed at the end; it stops by itself if this process is killed."""
    place = Path(mkdtemp(prefix="huifang-pg-"))
    as_user = ["setpriv", "--pdeathsig", "INT"]
    if os.geteuid() == 0:  # the server refuses to run as root
        shutil.chown(place, "postgres", "postgres")
        as_user += ["--reuid", "postgres", "--regid", "postgres", "--clear-groups"]
    data = place / "data"
    options = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    made: list[str | Path] = [programs / "initdb", "-D", data, "-U", USER, *options]
    try:
        subprocess.run([*as_user, *made], check=True, capture_output=True, cwd=place)
        with _server([*as_user, programs / "postgres", "-D", data, "-k", place], place, settings) as cluster:
            yield cluster
    finally:
        shutil.rmtree(place)


@contextmanager
def _server(command: list[str | Path], place: Path, settings: Sequence[str]) -> Iterator[Cluster]:
    options = [part for setting in settings for part in ("-c", setting)]
    with (place / "log").open("wb") as log:
        server = subprocess.Popen([*command, *options], stdout=log, stderr=log, cwd=place)
        try:
            cluster = Cluster(place)
            _wait(server, cluster, place / "log")
            yield cluster
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=START_S)


def _wait(server: subprocess.Popen[bytes], cluster: Cluster, log: Path) -> None:
    until = time.monotonic() + START_S
    while not cluster.answers():
        if server.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"PostgreSQL did not start: {log.read_text()}")
        time.sleep(0.05)
