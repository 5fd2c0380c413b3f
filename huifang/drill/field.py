"""The drill at work: nodes, far end, database and one business clock; how a round goes."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from base.clock import SHANGHAI, ShiftedClock
from base.errors import HuifangError
from dialer.inbox import drop
from huifang.drill import stage
from huifang.drill.nodes import LOG, Node
from huifang.drill.plan import CLOSES, GAP_S, Blow, Phase, Round, Strike, begins
from records import evidence
from records.database import Database
from softphone.far_call import FarCall, Moment
from softphone.far_end import FarEnd

PATIENCE_S = 10.0
"""So long a strike waits for its moment."""
LEAST_PATIENCE_S = 0.2
UP_S = 90.0
"""A node whose line workers are not up by then never will be."""
WARM_S = 1.5
"""So long line workers take to get ready."""
BEHIND_S = 3.0
"""So long a round goes on after its window has closed."""
LOOK_S = 0.5
"""How often is looked whether there are customers to call."""
QUIET_S = 3.0
"""Nobody to call and nobody on the line for so long: what is left waits for its number."""


class Moments:
    """What the far end's calls go through, to be waited for by the caller's number."""

    def __init__(self) -> None:
        self._events: defaultdict[tuple[str, Moment], asyncio.Event] = defaultdict(asyncio.Event)
        self.calls: Counter[str] = Counter()

    def on(self, call: FarCall, moment: Moment) -> None:
        """Something happened to a call."""
        self.calls[call.caller] += moment is Moment.INVITED
        self._events[call.caller, moment].set()

    async def next(self, caller: str, moment: Moment, patience_s: float) -> None:
        """Wait until it happens to one of this caller's calls, or for so long."""
        event = self._events[caller, moment]
        event.clear()
        try:
            async with asyncio.timeout(patience_s):
                await event.wait()
        except TimeoutError:
            return


@dataclass
class Field:
    """Everything that a drill works with.

    Attributes:
        clock: business time of all: this process's, the far end's, the nodes'.
        blows: what was struck so far.
        lingering: workers that outlived their killed parent.
        ended: how often a node ended by itself.
    """

    setting: stage.Setting
    nodes: Sequence[Node]
    far: FarEnd
    db: Database
    clock: ShiftedClock
    waves: stage.Waves
    moments: Moments
    blows: Counter[Blow] = field(default_factory=Counter)
    lingering: int = 0
    ended: int = 0
    _struck: dict[str, Blow | None] = field(default_factory=dict)
    _called: dict[str, int] = field(default_factory=dict)
    _start_s: float = 5.0

    @property
    def kills(self) -> int:
        """How many kill -9 so far."""
        return self.blows.total() - self.blows[Blow.SLEEP]

    async def fight(self, one: Round, tell: Callable[[], None]) -> None:
        """Play a round: in the end every node is dead. `tell` is called now and then."""
        self._move_on(one)
        closes = self.clock.now().replace(minute=CLOSES, second=0, microsecond=0)
        crosses = one.phase is Phase.CLOSING
        suffering = [
            asyncio.create_task(self._suffer(node, strikes, closes, crosses))
            for node, strikes in zip(self.nodes, one.strikes, strict=True)
        ]
        busy = asyncio.create_task(self._keep_busy(tell))
        try:
            await asyncio.wait(suffering, return_when=asyncio.FIRST_EXCEPTION)
            for task in (busy, *suffering):
                if task.done():
                    task.result()
        finally:
            await drop(busy, *suffering)
        for node in self.nodes:
            self.lingering += len(await node.lingering())

    async def carry(self, seconds: float) -> evidence.Load:
        """Carry the campaigns on without kills for at most so many seconds; the nodes stop in good order."""
        until = time.monotonic() + seconds
        calm = Round(Phase.OPEN, 0.0, ())
        while True:
            self._move_on(calm)
            left = await self._open()
            await asyncio.gather(*(self._start(node) for node in self.nodes))
            await self._reconciled(left)
            await self._quiet(until)
            await asyncio.gather(*map(self._stop, self.nodes))
            load = await evidence.load(self.db, self.clock.now())
            if load.closed == load.total or time.monotonic() >= until:
                return load

    # --- time

    def _move_on(self, to: Round) -> None:
        """Set everybody's clock to a later round; no node runs."""
        not_before = self.clock.now() + timedelta(seconds=GAP_S)
        business = begins(to, not_before, self._start_s)
        machine = datetime.now(tz=SHANGHAI)
        self.clock.offset = business - machine
        self.far.expire()
        for node in self.nodes:
            stage.configure(self.setting, node, business, machine)

    # --- customers

    async def _keep_busy(self, tell: Callable[[], None]) -> None:
        """See to it that there always are customers who can be called."""
        while True:
            tell()
            load = await evidence.load(self.db, self.clock.now())
            if load.free < 2 * self.setting.channels:
                await self.add_wave()
            await asyncio.sleep(LOOK_S)

    async def add_wave(self) -> None:
        """More customers."""
        site = stage.site_of(self.nodes[0], self.db, self.clock)
        await self.waves.add(site, [node.data for node in self.nodes])

    async def _open(self) -> set[int]:
        """The attempts that are open."""
        return {one.id for one in await evidence.attempts(self.db) if one.ended_at is None}

    async def _reconciled(self, left: set[int]) -> None:
        """Wait until the nodes have closed what their dead processes left; the judge tells if they don't."""
        until = time.monotonic() + UP_S
        while left & await self._open() and time.monotonic() < until:  # noqa: ASYNC110
            await asyncio.sleep(LOOK_S)

    async def _quiet(self, until: float) -> None:
        """Wait until nobody can be called any more for now, or until machine time `until`."""
        quiet_since = time.monotonic()
        while time.monotonic() < min(until, quiet_since + QUIET_S):
            load = await evidence.load(self.db, self.clock.now())
            if load.free or load.calling:
                quiet_since = time.monotonic()
            await asyncio.sleep(LOOK_S)

    # --- nodes

    async def _start(self, node: Node) -> None:
        """Start a node and wait for its line workers.

        Raises:
            HuifangError: it does not come up.
        """
        began = time.monotonic()
        await self._begin(node)
        until = began + UP_S
        while node.alive and not node.workers() and time.monotonic() < until:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        if not node.workers():
            raise _ended(node)
        self._start_s = time.monotonic() - began + WARM_S

    async def _begin(self, node: Node) -> None:
        """Start a dead node, and count it if nobody had killed it."""
        last = self._struck.get(node.name, Blow.GROUP)
        fresh = self.moments.calls[node.caller] == self._called.get(node.name)
        # One that loses a worker while it starts says so and ends: as it should.
        self.ended += last not in (Blow.PARENT, Blow.GROUP) and not (last is Blow.WORKER and fresh)
        self._struck[node.name] = None
        self._called[node.name] = self.moments.calls[node.caller]
        await node.start()

    async def _stop(self, node: Node) -> None:
        """End a node in good order; where it has ended by itself, that is counted."""
        self.ended += not node.alive
        self._struck[node.name] = Blow.PARENT
        await node.stop()

    async def _suffer(self, node: Node, strikes: Sequence[Strike], closes: datetime, crosses: bool) -> None:
        """Give a node its strikes; where the round crosses the closing, the last one comes after it."""
        for strike in strikes:
            if node.alive:
                await self._await_moment(node, strike, closes)
            elif strike.after is None:
                await self._begin(node)
                await asyncio.sleep(strike.delay_s)
            else:
                await self._start(node)
                await self._await_moment(node, strike, closes)
            if crosses and strike is strikes[-1]:
                await asyncio.sleep(BEHIND_S + max(0.0, (closes - self.clock.now()).total_seconds()))
            await self._strike(node, strike)

    async def _await_moment(self, node: Node, strike: Strike, closes: datetime) -> None:
        left_s = (closes - self.clock.now()).total_seconds()
        patience_s = min(PATIENCE_S, max(LEAST_PATIENCE_S, left_s))
        if strike.after is not None:
            await self.moments.next(node.caller, strike.after, patience_s)
        await asyncio.sleep(strike.delay_s)

    async def _strike(self, node: Node, strike: Strike) -> None:
        if not node.alive:
            await self._start(node)
        blow = self._struck[node.name] = strike.blow
        match blow:
            case Blow.PARENT:
                await node.kill_parent()
            case Blow.GROUP:
                await node.kill_group()
            case Blow.SLEEP:
                await node.nap(strike.nap_s, strike.choice)
            case Blow.WORKER:
                await self._kill_worker(node, strike.choice)
        self.blows[blow] += 1

    async def _kill_worker(self, node: Node, choice: float) -> None:
        """Kill one as soon as there is one: they are replaced after a pause that grows with their deaths."""
        until = time.monotonic() + UP_S
        while not node.kill_worker(choice):
            if time.monotonic() > until:
                raise _ended(node)
            if not node.alive:
                await self._start(node)
            await asyncio.sleep(0.1)


def _ended(node: Node) -> HuifangError:
    return HuifangError(f"{node.name} does not run (status {node.status}): see {node.data / LOG}")
