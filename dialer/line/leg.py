"""One leg as the parent sees it: commands are sent, events are awaited. Pool and fake serve it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from dialer.line.protocol import Command, Event, Originate, Probed, Registered


class Leg(Protocol):
    """A call at a line worker."""

    @property
    def id(self) -> str:
        """The leg's id, as in every command and event."""
        ...

    def send(self, command: Command) -> None:
        """Give the worker a command; returns at once. A command to a leg that has ended is dropped."""
        ...

    async def next_event(self) -> Event:
        """Wait for the leg's next event. After `Ended` only `SlotFree` follows.

        A worker's death comes as `Ended(by=FAILURE)`, never as an exception; no `SlotFree` follows where
        an INVITE may have left.
        """
        ...

    def originate_beside(self, order: Originate) -> Leg:
        """Send an INVITE for this leg's call, in the same worker (`dialer.line.handover`).

        Raises:
            LineError: the worker has no slot left.
        """
        ...


class Lines(Protocol):
    """All line workers of this node."""

    @property
    def free(self) -> int:
        """How many calls could be originated now."""
        ...

    def originate(self, order: Originate) -> Leg:
        """Send an INVITE over the worker with most room.

        Raises:
            LineError: no worker has room.
        """
        ...

    @property
    def registrations(self) -> Mapping[str, Registered]:
        """What last became of each trunk's registration, by the trunk's name."""
        ...

    async def probe(self, trunk: str) -> Probed:
        """Ask a trunk for a sign of life (OPTIONS) and wait for what becomes of it."""
        ...

    async def close(self) -> None:
        """Hang up every leg, stop every worker; returns when they are gone."""
        ...
