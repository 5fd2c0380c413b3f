"""The parent's side: starts line workers, watches them, replaces the dead, and hands out legs.

A worker's death costs its own calls: they end as `Ended(by=FAILURE)` with the times that were known, the
worker is started again on its port, the others go on. A worker that hangs is killed.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Sequence
from dataclasses import replace
from types import TracebackType

from base.errors import LineError
from base.log import get_logger
from dialer.line.layout import layout, needs_desk
from dialer.line.pool_leg import PoolLeg
from dialer.line.protocol import Originate, Probed, Registered
from dialer.line.settings import SipSettings, TrunkAccount, WorkerSettings
from dialer.line.worker_process import Hooks, WorkerProcess

START_S = 20.0
STARTING = 4
"""So many start at once: each takes half a second of a core, and START_S is its own."""

AGAIN_S, LONGEST_AGAIN_S = 0.5, 60.0
"""Pause before a dead worker is replaced, doubled with each death in a row up to a minute."""

HANGS_S = 15.0
"""A worker that gives no sign of life for so long is killed. Name servers that do not answer take 10 s."""

LOOK_S = 0.1

log = get_logger(__name__)


class WorkerPool:
    """All line workers of this node; implements `Lines`. Also an async context manager that closes itself."""

    def __init__(self, settings: list[WorkerSettings], stderr: int | None, hangs_s: float = HANGS_S) -> None:
        self._settings = settings
        self._stderr = stderr
        self._hangs_s = hangs_s
        self._workers: list[WorkerProcess | None] = [None] * len(settings)
        self._deaths = [0] * len(settings)
        self._up_since = [0.0] * len(settings)
        self._ringing: asyncio.Queue[PoolLeg] = asyncio.Queue()
        self._registrations: dict[str, Registered] = {}
        self._starting = asyncio.Semaphore(STARTING)
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = self._draining = False

    @classmethod
    async def start(
        cls,
        *,
        workers: int = 1,
        calls_per_worker: int = 4,
        host: str = "127.0.0.1",
        port: int = 0,
        sip: SipSettings | None = None,
        trunks: Sequence[TrunkAccount] = (),
        desk: bool = False,
        kept: int = 0,
        stderr: int | None = None,
        hangs_s: float = HANGS_S,
    ) -> WorkerPool:
        """Start workers and wait until they are up.

        Args:
            workers, calls_per_worker: processes that send calls out; calls of each (the packaged PJSIP: 4).
            host, port: address to bind; SIP port of the first worker, the next follow, 0: any that is free.
            sip, trunks: what all endpoints share; the accounts that calls go out by.
            desk: one process more, at the first port, registers and takes calls; not counted in `free`.
                Trunks that register or take calls bring it by themselves.
            kept: slots of each worker that no call of its own is originated by, only legs beside others.
            stderr: file descriptor for what workers have to say; None is this process's own.
            hangs_s: a worker that is silent for so long is killed and replaced.

        Raises:
            LineError: a worker could not start.
        """
        settings = layout(
            workers=workers,
            calls_per_worker=calls_per_worker,
            host=host,
            port=port,
            sip=sip or SipSettings(),
            trunks=trunks,
            desk=desk or needs_desk(trunks),
            kept=kept,
        )
        return await cls(settings, stderr, hangs_s)._begun()

    async def _begun(self) -> WorkerPool:
        """Itself, with all workers up."""
        try:
            # All are waited for: one that came up after the pool was closed would stay.
            starting = (self._spawn(n) for n in range(len(self._settings)))
            for outcome in await asyncio.gather(*starting, return_exceptions=True):
                if outcome is not None:
                    raise outcome
        except BaseException:
            await self.close()
            raise
        self._keep(asyncio.create_task(self._watch()))
        return self

    async def __aenter__(self) -> WorkerPool:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    @property
    def free(self) -> int:
        """How many calls could be originated now; none while draining."""
        return 0 if self._draining else sum(worker.room() for worker in self._senders())

    @property
    def ports(self) -> tuple[int, ...]:
        """SIP ports of the workers that are up, the desk's first."""
        return tuple(worker.ready.result().port for worker in self._up())

    @property
    def pids(self) -> tuple[int, ...]:
        """Process ids of the workers that are up, the desk's first."""
        return tuple(worker.process.pid for worker in self._up())

    @property
    def exit_statuses(self) -> tuple[int | None, ...]:
        """Exit status of each worker that has ended, None of a running one; 0 is right, negative a signal."""
        return tuple(worker.process.returncode for worker in self._workers if worker is not None)

    @property
    def registrations(self) -> dict[str, Registered]:
        """The latest word about each trunk's registration."""
        return dict(self._registrations)

    def _up(self) -> list[WorkerProcess]:
        return [worker for worker in self._workers if worker is not None and worker.up]

    def _senders(self) -> list[WorkerProcess]:
        return [worker for worker in self._up() if not worker.settings.desk]

    def originate(self, order: Originate) -> PoolLeg:
        """Send an INVITE over the worker with most room.

        Raises:
            LineError: no worker has room.
        """
        roomiest = max(self._senders(), key=WorkerProcess.room, default=None)
        if roomiest is None or roomiest.room() < 1 or self._closing:
            raise LineError("no line worker has room")
        return roomiest.originate(order)

    async def probe(self, trunk: str) -> Probed:
        """Ask a trunk's far end for a sign of life, by OPTIONS from the desk, else from the first worker.

        `status` 0: none came within 32 s (64*T1), the connection failed, or no worker is up.

        Raises:
            LineError: no such trunk.
        """
        if not any(trunk == known.name for known in self._settings[0].trunks):
            raise LineError(f"no trunk is called {trunk}")
        first = next(iter(self._up()), None)
        if first is None:
            return Probed(trunk, 0, 0.0, time.time())
        return await asyncio.shield(first.probe(trunk))

    async def next_incoming(self) -> PoolLeg:
        """Wait for the next call that comes in; its `incoming` says whose."""
        return await self._ringing.get()

    async def drain(self, limit_s: float) -> int:
        """Take no new calls (`free` is 0) and let those that are up go on; how many are after `limit_s`.

        A call that was claimed before may still go out: whoever claims looks at `free` first.
        """
        self._draining = True
        until = time.monotonic() + limit_s
        while (left := self.talking) and time.monotonic() < until:  # noqa: ASYNC110 (legs tell their owners)
            await asyncio.sleep(LOOK_S)
        return left

    @property
    def talking(self) -> int:
        """Calls that are up or under way, incoming ones as well."""
        return sum(not leg.ended for worker in self._up() for leg in worker.legs.values())

    async def close(self) -> None:
        """Hang up every leg, stop every worker; returns when they are gone."""
        self._closing = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(worker.stop() for worker in self._workers if worker is not None))

    async def _spawn(self, n: int) -> None:
        hooks = Hooks(
            ring=self._ringing.put_nowait,
            died=lambda worker: self._died(n, worker),
            registered=self._registered,
        )
        async with self._starting:
            worker = self._workers[n] = await WorkerProcess.spawn(self._settings[n], hooks, self._stderr)
            try:
                async with asyncio.timeout(START_S):
                    ready = await worker.ready
            except TimeoutError:
                self._workers[n] = None
                await worker.give_up()
                raise LineError("a line worker did not get ready") from None
        self._up_since[n] = time.monotonic()
        # A replacement must be found where its predecessor was.
        self._settings[n] = replace(self._settings[n], port=ready.port)

    def _registered(self, event: Registered) -> None:
        before = self._registrations.get(event.trunk)
        self._registrations[event.trunk] = event
        if before is not None and (before.status, before.reason) == (event.status, event.reason):
            return
        tell = log.info if event.status in (0, 200) else log.warning
        tell("registration", trunk=event.trunk, status=event.status, reason=event.reason)

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # --- the dead and the hanging

    async def _watch(self) -> None:
        """Kill workers that give no sign of life; their death is then seen to like any other."""
        looked = time.monotonic()
        while True:
            await asyncio.sleep(min(1.0, self._hangs_s / 5))
            now = time.monotonic()
            # Who was away ourselves (a stopped process, a busy machine) has not heard what lies there.
            away, looked = now - looked > self._hangs_s / 2, now
            for worker in self._up():
                if away:
                    worker.heard_at = now
                elif now - worker.heard_at > self._hangs_s:
                    worker.kill()

    def _died(self, n: int, worker: WorkerProcess) -> None:
        if self._closing or worker is not self._workers[n]:
            return
        if time.monotonic() - self._up_since[n] > LONGEST_AGAIN_S:
            self._deaths[n] = 0
        log.error("line worker died", pid=worker.process.pid)
        self._keep(asyncio.create_task(self._replace(n)))

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
