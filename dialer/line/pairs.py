"""Legs that were made beside another: joined to it, and ended with it, in the worker's own time."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dialer.line.handover import Join, Joined, Parted
from dialer.line.protocol import EndedBy, Event
from dialer.line.worker_leg import WorkerLeg


class Pairs:
    """Looks after the pairs among a worker's legs."""

    def __init__(self, legs: Mapping[str, WorkerLeg], emit: Callable[[Event], None]) -> None:
        self._legs = legs
        self._emit = emit
        self._joined: dict[str, str] = {}

    def require(self, host: str) -> None:
        """See to it that a leg is there, for another to be made beside it.

        Raises:
            LookupError: there is none, or it has ended.
        """
        if not self._up(host):
            raise LookupError("no leg to be beside, or it has ended")

    def join(self, order: Join) -> None:
        """Let both hear each other.

        Raises:
            LookupError: one of them has ended.
            ValueError: they do not belong together, or one is not answered yet.
        """
        self.require(order.leg)
        self.require(order.other)
        leg, other = self._legs[order.leg], self._legs[order.other]
        if other.host != order.leg:
            raise ValueError("the other leg was not made beside this one")
        if not (leg.answered and other.answered):
            raise ValueError("not answered yet")
        leg.stop_play()
        leg.last_until(order.talk_limit_s)
        leg.media.join(other.media)
        self._joined[order.leg] = order.other
        self._emit(Joined(order.leg, order.other, leg.second))

    def tick(self) -> None:
        """End what has lost the leg that it was made for; tell a leg that the other has gone."""
        for leg in self._legs.values():
            if leg.host and leg.live and not self._up(leg.host):
                leg.hang_up(EndedBy.US)
        for name, other in list(self._joined.items()):
            if self._up(name) and self._up(other):
                continue
            del self._joined[name]
            if self._up(name):
                self._emit(Parted(name, other, self._legs[name].second))

    def _up(self, name: str) -> bool:
        leg = self._legs.get(name)
        return leg is not None and leg.live
