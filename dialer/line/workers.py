"""The parent's side: starts line workers, watches them, replaces the dead, and hands out legs.

A worker's death costs its own calls: they end as `Ended(by=FAILURE)` with the times that were known, the
worker is started again on its port, the others go on.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType

from base.errors import LineError
from base.log import get_logger
from dialer.line.pool_leg import PoolLeg
from dialer.line.protocol import (
    Command,
    Event,
    Incoming,
    Originate,
    Ready,
    Refused,
    Shutdown,
    SlotFree,
)
from dialer.line.settings import SipSettings, WorkerSettings
from dialer.line.wire import Channel

ROOT = Path(__file__).resolve().parents[2]
"""Where the packages lie: the worker must import them whatever its working directory is."""

START_S = 20.0
CLOSE_S = 6.0
AGAIN_S, LONGEST_AGAIN_S = 0.5, 60.0
"""Pause before a dead worker is replaced, doubled with each death in a row up to a minute."""

WAKE = b"\r\n"
ONE_THREAD = {"OMP_THREAD_LIMIT": "1", "OPENBLAS_NUM_THREADS": "1"}
"""The detector's library would spread 0.1 ms of work over four threads that spin: ten times the processor time."""

RTP_BLOCK = 100

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Hooks:
    """What a worker tells its pool."""

    ring: Callable[[PoolLeg], None]
    died: Callable[[Worker], None]


class Worker:
    """One worker process as its parent sees it."""

    def __init__(self, process: asyncio.subprocess.Process, channel: Channel, hooks: _Hooks) -> None:
        self.process = process
        self.ready: asyncio.Future[Ready] = asyncio.get_running_loop().create_future()
        self.legs: dict[str, PoolLeg] = {}
        self._channel = channel
        self._hooks = hooks
        self._wake = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._wake.setblocking(False)
        self._address: tuple[str, int] | None = None
        asyncio.get_running_loop().add_reader(channel.fileno(), self._read)

    @classmethod
    async def spawn(cls, settings: WorkerSettings, hooks: _Hooks, stderr: int | None) -> Worker:
        """Start a process; `ready` is set when its endpoint is up.

        Raises:
            LineError: the process cannot be started.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        with theirs:
            try:
                process = await asyncio.create_subprocess_exec(
                    sys.executable, "-m", "dialer.line.worker", str(theirs.fileno()),
                    pass_fds=(theirs.fileno(),),
                    stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=stderr,
                    env={**os.environ, **ONE_THREAD, "PYTHONPATH": os.pathsep.join(paths)},
                )  # fmt: skip
            except OSError as error:
                ours.close()
                raise LineError(f"cannot start a line worker: {error}") from error
        channel = Channel(ours)
        channel.send(settings)
        return cls(process, channel, hooks)

    @property
    def up(self) -> bool:
        """The endpoint is up and the process alive."""
        return self._address is not None and not self._channel.closed

    def room(self) -> int:
        """Calls it could take now."""
        return self.ready.result().slots - len(self.legs) if self.up else 0

    def send(self, command: Command) -> None:
        """Send a command and wake the worker."""
        if self._channel.closed:
            return
        self._channel.send(command)
        if not self._channel.flush():
            asyncio.get_running_loop().add_writer(self._channel.fileno(), self._flush)
        if self._address is not None:
            self._nudge(self._address)

    def _nudge(self, address: tuple[str, int]) -> None:
        try:
            self._wake.sendto(WAKE, address)
        except OSError:
            # Full, or forbidden by a firewall: the worker looks at its socket every 50 ms anyway.
            return

    def _flush(self) -> None:
        if self._channel.flush():
            asyncio.get_running_loop().remove_writer(self._channel.fileno())

    def originate(self, order: Originate) -> PoolLeg:
        """Open a leg and send its INVITE."""
        leg = PoolLeg(order.leg, self.send)
        self.legs[order.leg] = leg
        leg.send(order)
        return leg

    def _read(self) -> None:
        for event in self._channel.receive():
            self._take(event)
        if self._channel.closed:
            self._gone()

    def _take(self, event: object) -> None:
        if isinstance(event, Ready):
            host = "127.0.0.1" if event.host == "0.0.0.0" else event.host
            self._address = (host, event.port)
            if not self.ready.done():  # whoever waited may have been cancelled
                self.ready.set_result(event)
        elif isinstance(event, Incoming):
            leg = self.legs[event.leg] = PoolLeg(event.leg, self.send, event)
            self._hooks.ring(leg)
        elif isinstance(event, Event):
            self._give(event)

    def _give(self, event: Event) -> None:
        name = getattr(event, "leg", "")
        leg = self.legs.get(name)
        if leg is None:
            return
        leg.take(event)
        if isinstance(event, Refused):
            log.info("line command refused", leg=event.leg, command=event.command, why=event.why)
        if isinstance(event, SlotFree):
            del self.legs[name]

    def _gone(self) -> None:
        self._close()
        if not self.ready.done():
            # Whoever waits for it hears of it: nobody else has to.
            self.ready.set_exception(LineError("a line worker ended before it was ready"))
            return
        for leg in list(self.legs.values()):
            leg.fail("line worker died")
        self.legs.clear()
        self._hooks.died(self)

    def _close(self) -> None:
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._channel.fileno())
        loop.remove_writer(self._channel.fileno())
        self._channel.close()
        self._wake.close()

    async def give_up(self) -> None:
        """Kill a worker that does not get ready, and hear nothing more of it."""
        self._close()
        self.process.kill()
        await self.process.wait()

    async def stop(self) -> None:
        """Ask it to end, wait, and kill it when it does not."""
        self.send(Shutdown())
        try:
            async with asyncio.timeout(CLOSE_S):
                await self.process.wait()
        except TimeoutError:
            log.error("line worker killed", pid=self.process.pid)
            self.process.kill()
            await self.process.wait()
        if self.process.returncode:
            log.error("line worker ended badly", pid=self.process.pid, status=self.process.returncode)


class WorkerPool:
    """All line workers of this node; implements `Lines`. Also an async context manager that closes itself."""

    def __init__(self, settings: list[WorkerSettings], stderr: int | None) -> None:
        self._settings = settings
        self._stderr = stderr
        self._workers: list[Worker | None] = [None] * len(settings)
        self._deaths = [0] * len(settings)
        self._up_since = [0.0] * len(settings)
        self._ringing: asyncio.Queue[PoolLeg] = asyncio.Queue()
        self._replacing: set[asyncio.Task[None]] = set()
        self._closing = False

    @classmethod
    async def start(
        cls,
        *,
        workers: int = 1,
        calls_per_worker: int = 4,
        host: str = "127.0.0.1",
        port: int = 0,
        sip: SipSettings | None = None,
        stderr: int | None = None,
    ) -> WorkerPool:
        """Start workers and wait until they are up.

        Args:
            workers: how many processes.
            calls_per_worker: calls each may carry (the packaged PJSIP build: 4).
            host: address to bind.
            port: SIP port of the first worker, consecutive for the others; 0 lets the system choose.
            sip: what all endpoints share.
            stderr: file descriptor for what workers have to say; None is this process's own.

        Raises:
            LineError: a worker could not start.
        """
        shared = sip or SipSettings()
        settings = [
            WorkerSettings(
                host, port + n if port else 0, calls_per_worker, shared.rtp_first + RTP_BLOCK * n, shared
            )
            for n in range(workers)
        ]
        pool = cls(settings, stderr)
        try:
            # All are waited for: one that came up after the pool was closed would stay.
            starting = (pool._spawn(n) for n in range(workers))
            for outcome in await asyncio.gather(*starting, return_exceptions=True):
                if outcome is not None:
                    raise outcome
        except BaseException:
            await pool.close()
            raise
        return pool

    async def __aenter__(self) -> WorkerPool:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    @property
    def free(self) -> int:
        """How many calls could be originated now."""
        return sum(worker.room() for worker in self._up())

    @property
    def ports(self) -> tuple[int, ...]:
        """SIP ports of the workers that are up."""
        return tuple(worker.ready.result().port for worker in self._up())

    @property
    def pids(self) -> tuple[int, ...]:
        """Process ids of the workers that are up."""
        return tuple(worker.process.pid for worker in self._up())

    @property
    def exit_statuses(self) -> tuple[int | None, ...]:
        """Exit status of each worker that has ended, None of a running one; 0 is right, negative a signal."""
        return tuple(worker.process.returncode for worker in self._workers if worker is not None)

    def _up(self) -> list[Worker]:
        return [worker for worker in self._workers if worker is not None and worker.up]

    def originate(self, order: Originate) -> PoolLeg:
        """Send an INVITE over the worker with most room.

        Raises:
            LineError: no worker has room.
        """
        roomiest = max(self._up(), key=Worker.room, default=None)
        if roomiest is None or roomiest.room() < 1 or self._closing:
            raise LineError("no line worker has room")
        return roomiest.originate(order)

    async def next_incoming(self) -> PoolLeg:
        """Wait for the next call that comes in; its `incoming` says whose."""
        return await self._ringing.get()

    async def close(self) -> None:
        """Hang up every leg, stop every worker; returns when they are gone."""
        self._closing = True
        for task in self._replacing:
            task.cancel()
        await asyncio.gather(*self._replacing, return_exceptions=True)
        await asyncio.gather(*(worker.stop() for worker in self._workers if worker is not None))

    async def _spawn(self, n: int) -> None:
        hooks = _Hooks(ring=self._ringing.put_nowait, died=lambda worker: self._died(n, worker))
        worker = self._workers[n] = await Worker.spawn(self._settings[n], hooks, self._stderr)
        try:
            async with asyncio.timeout(START_S):
                ready = await worker.ready
        except TimeoutError:
            self._workers[n] = None
            await worker.give_up()
            raise LineError("a line worker did not get ready") from None
        self._up_since[n] = time.monotonic()
        # A replacement must be found where its predecessor was.
        self._settings[n] = _at_port(self._settings[n], ready.port)

    def _died(self, n: int, worker: Worker) -> None:
        if self._closing or worker is not self._workers[n]:
            return
        if time.monotonic() - self._up_since[n] > LONGEST_AGAIN_S:
            self._deaths[n] = 0
        log.error("line worker died", pid=worker.process.pid)
        task = asyncio.create_task(self._replace(n))
        self._replacing.add(task)
        task.add_done_callback(self._replacing.discard)

    async def _replace(self, n: int) -> None:
        for _ in itertools.count():
            await asyncio.sleep(min(LONGEST_AGAIN_S, AGAIN_S * 2 ** self._deaths[n]))
            self._deaths[n] += 1
            try:
                await self._spawn(n)
            except LineError as error:
                log.error("line worker could not be replaced", why=str(error))
            else:
                return


def _at_port(settings: WorkerSettings, port: int) -> WorkerSettings:
    return replace(settings, port=port)
