"""One worker process as its parent sees it: started, spoken to, killed when it hangs."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from base.errors import LineError
from base.log import get_logger
from dialer.line.pool_leg import PoolLeg
from dialer.line.protocol import (
    Command,
    Ended,
    EndedBy,
    Event,
    Incoming,
    Originate,
    Probe,
    Probed,
    Ready,
    Refused,
    Registered,
    Shutdown,
    SlotFree,
)
from dialer.line.settings import WorkerSettings
from dialer.line.wire import Channel

ROOT = Path(__file__).resolve().parents[2]
"""Where the packages lie: the worker must import them whatever its working directory is."""

CLOSE_S = 6.0
WAKE = b"\r\n"
SOON_S, SOON = 0.6, 5
"""PJSIP keeps a call's two sockets for half a second after its end, and aborts at its 65th: of calls that are
refused at once a worker begins so many a slot in that time, no more."""
ONE_THREAD = {"OMP_THREAD_LIMIT": "1", "OPENBLAS_NUM_THREADS": "1"}
"""The detector's library would give 0.1 ms of work to four spinning threads: ten times the processor time."""

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Hooks:
    """What a worker tells its pool."""

    ring: Callable[[PoolLeg], None]
    died: Callable[[WorkerProcess], None]
    registered: Callable[[Registered], None]


class WorkerProcess:
    """One worker process as its parent sees it."""

    def __init__(
        self,
        settings: WorkerSettings,
        process: asyncio.subprocess.Process,
        channel: Channel,
        hooks: Hooks,
    ) -> None:
        self.settings = settings
        self.process = process
        self.ready: asyncio.Future[Ready] = asyncio.get_running_loop().create_future()
        self.legs: dict[str, PoolLeg] = {}
        self.heard_at = time.monotonic()
        self._probes: dict[str, asyncio.Future[Probed]] = {}
        self._channel = channel
        self._hooks = hooks
        self._wake = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._wake.setblocking(False)
        self._address: tuple[str, int] | None = None
        self._no_start = self._said = ""
        self._begun: deque[float] = deque()
        asyncio.get_running_loop().add_reader(channel.fileno(), self._read)

    @classmethod
    async def spawn(cls, settings: WorkerSettings, hooks: Hooks, stderr: int | None) -> WorkerProcess:
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
        return cls(settings, process, channel, hooks)

    @property
    def up(self) -> bool:
        """The endpoint is up and the process alive."""
        return self._address is not None and not self._channel.closed

    def room(self) -> int:
        """Customers it could call now: of its slots some are kept for legs beside others."""
        if not self.up:
            return 0
        beside = sum(leg.beside for leg in self.legs.values())
        return min(self._free() - max(0, self.settings.kept - beside), self._may_begin())

    def _may_begin(self) -> int:
        while self._begun and self._begun[0] < time.monotonic() - SOON_S:
            self._begun.popleft()
        return SOON * self.settings.slots - len(self._begun)

    def _free(self) -> int:
        return self.ready.result().slots - len(self.legs)

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
        leg = self.legs[order.leg] = PoolLeg(order.leg, self.send, self._beside, beside=bool(order.beside))
        self._begun.append(time.monotonic())
        leg.send(order)
        return leg

    def _beside(self, order: Originate) -> PoolLeg:
        if not self.up or self._free() < 1:
            raise LineError("the line worker has no slot for a second leg")
        return self.originate(order)

    def probe(self, trunk: str) -> asyncio.Future[Probed]:
        """Ask a trunk's far end for a sign of life; whoever asks meanwhile gets the same answer."""
        asked = self._probes.get(trunk)
        if asked is None:
            asked = self._probes[trunk] = asyncio.get_running_loop().create_future()
            self.send(Probe(trunk))
        return asked

    def _read(self) -> None:
        self.heard_at = time.monotonic()
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
            leg = self.legs[event.leg] = PoolLeg(event.leg, self.send, self._beside, event)
            self._hooks.ring(leg)
        elif isinstance(event, Registered):
            self._hooks.registered(event)
        elif isinstance(event, Probed):
            self._probes.pop(event.trunk).set_result(event)  # each was asked once, and is answered once
        elif isinstance(event, Refused) and event.command == "WorkerSettings":
            self._no_start = event.why
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
        if isinstance(event, Ended):
            self._say_why(event)
        if isinstance(event, SlotFree):
            del self.legs[name]

    def _say_why(self, ended: Ended) -> None:
        """Why a call never reached the far end (a certificate, a closed port); each reason once in a row."""
        if ended.by is EndedBy.FAILURE and ended.status == 0 and ended.reason != self._said:
            self._said = ended.reason
            log.warning("a call could not be carried", why=ended.reason)

    def _gone(self) -> None:
        self._close()
        if not self.ready.done():
            # Whoever waits for it hears of it: nobody else has to.
            why = self._no_start or "it ended"
            self.ready.set_exception(LineError(f"a line worker did not get ready: {why}"))
            return
        for trunk, asked in self._probes.items():
            asked.set_result(Probed(trunk, 0, 0.0, time.time()))
        self._probes.clear()
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

    def kill(self) -> None:
        """Kill a worker that hangs; it is then seen to like any that died."""
        if self.process.returncode is None:
            log.error("line worker hangs, killed", pid=self.process.pid)
            self.process.kill()

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
