"""A node under test: `huifang run` in a process group of its own, to be killed, stopped and started again."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

LOG = "run.log"
ENDING_S = 60.0
"""So long an orderly stop may take: 64*T1 for what rings, and a little."""
ORPHANS_S = 15.0
"""So long a worker may outlive its parent on a machine that is busy; it hangs up at once."""


@dataclass
class Node:
    """One node; `caller` is the number it shows, by which the far end knows it.

    Attributes:
        orphans: workers that a killed parent left behind, and that must end by themselves.
    """

    name: str
    data: Path
    caller: str
    orphans: set[int] = field(default_factory=set)
    starts: int = 0
    _process: asyncio.subprocess.Process | None = None

    @property
    def alive(self) -> bool:
        """Whether its parent process runs."""
        return self._process is not None and self._process.returncode is None

    @property
    def status(self) -> int | None:
        """How it ended; None while it runs or where it never did."""
        return self._process.returncode if self._process is not None else None

    async def start(self) -> None:
        """Start it. It ends with this process: its stdin is a pipe of ours."""
        with (self.data / LOG).open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "huifang", "run", "--data", str(self.data)),
                *("--json", "--until-stdin-closes"),
                stdin=asyncio.subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env=_environment(self.data),
            )
        self.starts += 1

    async def kill_parent(self) -> None:
        """Kill -9 the parent alone; its workers have to notice."""
        self.orphans |= self.workers()
        await self._kill(lambda pid: os.kill(pid, signal.SIGKILL))

    async def kill_group(self) -> None:
        """Kill -9 the parent and all its workers at once."""
        await self._kill(lambda pid: os.killpg(pid, signal.SIGKILL))

    def kill_worker(self, choice: float) -> bool:
        """Kill -9 one of its workers (`choice`: 0 to 1); False where there is none to kill."""
        workers = sorted(self.workers())
        if not workers:
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(workers[int(choice * len(workers))], signal.SIGKILL)
        return True

    async def nap(self, seconds: float, choice: float) -> None:
        """Stop its parent or one of its workers for a while, as a machine does that swaps; the others go on.

        Args:
            choice: 0 to 1: the lower half is the parent, the upper half its workers.
        """
        assert self._process is not None
        workers = sorted(self.workers())
        pid = self._process.pid
        if workers and choice >= 0.5:
            pid = workers[int((2 * choice - 1) * len(workers))]
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
            try:
                await asyncio.sleep(seconds)
            finally:
                os.kill(pid, signal.SIGCONT)

    async def stop(self) -> None:
        """Ask it to end in good order, and wait; kill it when it doesn't."""
        if not self.alive:
            return
        assert self._process is not None
        self._process.send_signal(signal.SIGINT)  # SIGTERM would wait for its calls
        try:
            async with asyncio.timeout(ENDING_S):
                await self._process.wait()
        except TimeoutError:
            await self.kill_group()

    async def lingering(self) -> set[int]:
        """The workers that did not end although their parent was killed."""
        left = self.orphans
        for _ in range(int(ORPHANS_S / 0.1)):
            left = {pid for pid in left if _is_worker(pid)}
            if not left:
                break
            await asyncio.sleep(0.1)
        self.orphans = set()
        return left

    def workers(self) -> set[int]:
        """Its line workers' process ids."""
        if not self.alive:
            return set()
        assert self._process is not None
        return {pid for pid in _children(self._process.pid) if _is_worker(pid)}

    async def _kill(self, how: _How) -> None:
        if self._process is None or self._process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            how(self._process.pid)
        await self._process.wait()


def _environment(data: Path) -> dict[str, str]:
    """Ours, with a place for compiled modules: a node that starts often must not compile them each time."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(data.parent / "compiled")}


_How = Callable[[int], None]


def _children(parent: int) -> set[int]:
    """The direct children of a process (proc(5): the fourth field of `stat`, behind the name in brackets)."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == parent:
                found.add(int(stat.parent.name))
    return found


def _is_worker(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return b"dialer.line.worker" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False
