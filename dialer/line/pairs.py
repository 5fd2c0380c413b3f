"""Legs made beside another: joined to it when they are answered, ended with it, in the worker's own time."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dialer.line.handover import Joined, Parted
from dialer.line.outcome import ended_by, status_of
from dialer.line.protocol import EndedBy, Event
from dialer.line.worker_leg import WorkerLeg

LAST_WORDS_S = 60.0
"""So much longer than the person the customer may stay on the line: the script has its last words."""


class Pairs:
    """Looks after the pairs among a worker's legs."""

    def __init__(self, legs: Mapping[str, WorkerLeg], emit: Callable[[Event], None]) -> None:
        self._legs = legs
        self._emit = emit
        self._joined: dict[str, bool] = {}

    def require(self, host: str) -> None:
        """See to it that a leg is there, for another to be made beside it.

        Raises:
            LookupError: there is none, or it has ended.
        """
        if not self._up(host):
            raise LookupError("no leg to be beside, or it has ended")

    def add(self, name: str) -> None:
        """A leg beside another has been made."""
        self._joined[name] = False

    def refused(self, host: str, name: str, why: str) -> None:
        """No leg could be made."""
        if self._up(host):
            self._emit(Parted(host, name, 0, why, EndedBy.FAILURE, self._legs[host].second))

    def tick(self) -> None:
        """Join what was answered, end what has lost its host, tell a host that the other one has gone."""
        for name, joined in list(self._joined.items()):
            leg = self._legs[name]
            if not self._up(leg.host):
                leg.hang_up(EndedBy.US)
                del self._joined[name]
            elif not leg.live:
                if joined:
                    self._legs[leg.host].may_last(LAST_WORDS_S)
                self._part(self._legs[leg.host], leg)
                del self._joined[name]
            elif leg.answered and not joined:
                self._join(self._legs[leg.host], leg)
                self._joined[name] = True

    def _join(self, host: WorkerLeg, leg: WorkerLeg) -> None:
        host.stop_play()
        host.may_last(leg.limits.talk_s + LAST_WORDS_S)
        host.media.join(leg.media)
        self._emit(Joined(host.id, leg.id, host.second))

    def _part(self, host: WorkerLeg, leg: WorkerLeg) -> None:
        status, reason = status_of(leg.ladder)
        by = ended_by(leg.ladder, leg.intent)
        self._emit(Parted(host.id, leg.id, status, reason, by, host.second))

    def _up(self, name: str) -> bool:
        leg = self._legs.get(name)
        return leg is not None and leg.live
