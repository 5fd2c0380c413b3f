"""One leg as the pool of workers hands it out; it remembers what is owed when its worker dies."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from dialer.line.outcome import failed
from dialer.line.protocol import (
    Answered,
    Command,
    Ended,
    Event,
    Incoming,
    Invited,
    Originate,
    Provisional,
    Refused,
    Respond,
    SlotFree,
)
from dialer.line.tracks import finish


class PoolLeg:
    """A leg of a worker. `incoming` says who calls; it is None for a leg we originated.

    `beside`: it was originated for the call of another.
    """

    def __init__(
        self,
        name: str,
        send: Callable[[Command], None],
        originate: Callable[[Originate], PoolLeg],
        incoming: Incoming | None = None,
        *,
        beside: bool = False,
    ) -> None:
        self.incoming = incoming
        self.beside = beside
        self.ended = False
        self.tracks: tuple[str, ...] = ()
        self._name = name
        self._send = send
        self._originate = originate
        self._events: asyncio.Queue[Event] = asyncio.Queue()
        self._invited_at: float | None = None
        self._ringing_at: float | None = None
        self._answered_at: float | None = None

    @property
    def id(self) -> str:
        """The leg's id."""
        return self._name

    def send(self, command: Command) -> None:
        """Give the worker a command; dropped when the leg has ended."""
        if self.ended:
            return
        if isinstance(command, Originate | Respond):
            self.tracks = (command.record_system, command.record_customer)
        if isinstance(command, Originate):
            self.tracks = (*self.tracks, command.record_early)
            self._invited_at = time.time()  # from here on it may leave at any moment
        self._send(command)

    def originate_beside(self, order: Originate) -> PoolLeg:
        """Send an INVITE for this leg's call, in the same worker; it ends with this leg.

        Raises:
            LineError: the worker has no slot left.
        """
        return self._originate(replace(order, beside=self.id))

    async def next_event(self) -> Event:
        """Wait for the leg's next event; after `Ended` only `SlotFree` follows, or nothing (see `fail`)."""
        return await self._events.get()

    def take(self, event: Event) -> None:
        """Queue an event (the worker's side calls this)."""
        if self.ended and not isinstance(event, SlotFree):
            return
        self._remember(event)
        self.ended = self.ended or isinstance(event, Ended)
        self._events.put_nowait(event)

    def _remember(self, event: Event) -> None:
        """How far the call came: nobody else knows when the worker is gone."""
        match event:
            case Invited():
                self._invited_at = event.at
            case Provisional() if event.rings:
                self._ringing_at = event.at
            case Answered():
                self._answered_at = event.at
            case Refused() if event.command == "Originate":
                self._invited_at = None

    def fail(self, why: str) -> None:
        """End the leg because its worker is gone, and finish the recordings that it left.

        No `SlotFree` follows where an INVITE may have left: the far end may ring or talk on (D10).
        """
        for track in filter(None, self.tracks):
            finish(Path(track))
        now = time.time()
        ended = failed(self.id, why, now)
        self.take(
            replace(
                ended,
                invited_at=self._invited_at,
                ringing_at=self._ringing_at,
                answered_at=self._answered_at,
            )
        )
        if self._invited_at is None:
            self.take(SlotFree(self.id, now))
