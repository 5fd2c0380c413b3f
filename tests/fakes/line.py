"""Legs without SIP: events are given by the test, commands are kept for it to look at."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from base.errors import LineError
from dialer.line.protocol import (
    Answered,
    Command,
    Ended,
    EndedBy,
    Event,
    Incoming,
    Originate,
    Probed,
    Provisional,
    Registered,
    SlotFree,
)

Reply = Callable[["FakeLeg", Command], Iterable[Event]]
"""What a far end does when a command reaches it: the events that follow at once."""


def no_reply(leg: FakeLeg, command: Command) -> Iterable[Event]:
    """Answer nothing: the test gives every event itself."""
    return ()


@dataclass
class FakeLeg:
    """A leg whose far end is the test. `commands` holds what was sent, `second` is the recording clock.

    `make_second` builds the legs beside it; without it the worker has no slot for any.
    """

    order: Originate | None = None
    incoming: Incoming | None = None
    reply: Reply = no_reply
    commands: list[Command] = field(default_factory=list)
    second: float = 0.0
    over: bool = False
    make_second: Callable[[Originate], FakeLeg] | None = None
    _events: asyncio.Queue[Event] = field(default_factory=asyncio.Queue)

    @property
    def id(self) -> str:
        """The leg's id."""
        named = self.order or self.incoming
        return named.leg if named else "leg-1"

    def tick(self, seconds: float) -> float:
        """Move the recording clock on, and tell it."""
        self.second += seconds
        return self.second

    def send(self, command: Command) -> None:
        """Keep the command and queue what the far end makes of it."""
        if self.over:
            return
        self.commands.append(command)
        self.give(*self.reply(self, command))

    def originate_beside(self, order: Originate) -> FakeLeg:
        """Make a second leg.

        Raises:
            LineError: nobody has said how.
        """
        if self.make_second is None:
            raise LineError("no slot")
        return self.make_second(replace(order, beside=self.id))

    def give(self, *events: Event) -> None:
        """Queue events for `next_event`."""
        for event in events:
            self.over = self.over or isinstance(event, Ended)
            self._events.put_nowait(event)

    async def next_event(self) -> Event:
        """The next given event; waits for one as the real leg does."""
        return await self._events.get()

    def sent(self, kind: type[Command]) -> list[Command]:
        """The commands of one type, oldest first."""
        return [command for command in self.commands if isinstance(command, kind)]

    def ending(
        self, by: EndedBy, status: int = 200, *, late_answer: bool = False, at: float = 0.0
    ) -> tuple[Event, ...]:
        """An `Ended` and its `SlotFree`."""
        ended = Ended(
            leg=self.id, status=status, reason="", q850=0, by=by, late_answer=late_answer,
            invited_at=0.0, ringing_at=None, answered_at=None, ended_at=at,
        )  # fmt: skip
        return ended, SlotFree(self.id, at)

    def answer(self, at: float = 0.0) -> None:
        """Ring and answer at machine time `at`."""
        self.give(Provisional(self.id, 180, False, True, at), Answered(self.id, at))


@dataclass
class FakeLines:
    """Line workers without processes. `make` builds the leg of each order; `legs` keeps them.

    `options`: the status with which a trunk answers OPTIONS, 0 for none.
    """

    channels: int = 4
    make: Callable[[Originate], FakeLeg] = FakeLeg
    legs: list[FakeLeg] = field(default_factory=list)
    closed: bool = False
    registrations: dict[str, Registered] = field(default_factory=dict)
    options: Callable[[str], int] = lambda _: 200
    probes: list[str] = field(default_factory=list)
    _calls: asyncio.Queue[FakeLeg] = field(default_factory=asyncio.Queue)

    @property
    def free(self) -> int:
        """Channels without a live leg."""
        return self.channels - sum(not leg.over for leg in self.legs)

    def originate(self, order: Originate) -> FakeLeg:
        """Make the order's leg.

        Raises:
            LineError: every channel has a live leg, or the lines are closed.
        """
        if self.closed or self.free < 1:
            raise LineError("no line worker has room")
        leg = self.make(order)
        self.legs.append(leg)
        return leg

    def ring(self, incoming: Incoming, reply: Reply = no_reply) -> FakeLeg:
        """Let a call come in; `next_incoming` gives it."""
        leg = FakeLeg(incoming=incoming, reply=reply)
        self.legs.append(leg)
        self._calls.put_nowait(leg)
        return leg

    async def probe(self, trunk: str) -> Probed:
        """What `options` says that the trunk answers."""
        self.probes.append(trunk)
        return Probed(trunk, self.options(trunk), 0.01, 0.0)

    async def next_incoming(self) -> FakeLeg:
        """The next call that came in."""
        return await self._calls.get()

    async def close(self) -> None:
        """End every live leg as hung up by us."""
        self.closed = True
        for leg in self.legs:
            if not leg.over:
                leg.give(*leg.ending(EndedBy.US))
