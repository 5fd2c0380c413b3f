"""The trunks of a run as they stand: calls, pace, health, pauses. Its decisions are `routing` and `breaker`.

The ledger keeps the pauses, so that every node and the next run see them; what is kept here is only what this
process knows: its calls, what OPTIONS said, since when a trunk is judged.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from base.clock import SHANGHAI
from base.log import get_logger
from dialer import breaker, health, routing
from dialer.breaker import Gate
from dialer.desk import Desk
from dialer.disposition import Disposition
from dialer.health import Health, Up
from dialer.pacing import Permit, Wait, admit
from dialer.routing import Choice, Credits, LineState
from dialer.trunk import Trunk
from dialer.watching import CallEvent, Stage
from records import ledger, line_health
from records.model import Claim, LineHealth, TrunkState

_log = get_logger(__name__)

READ_PER_NUMBER = 3
"""Attempts that the breaker reads for each number of its window: some were tried several times."""

REFRESH_S = 0.25
"""How often the pauses are read: a person's take effect within a second."""


@dataclass(slots=True)
class Live:
    """One trunk.

    Attributes:
        alerted: those of its calls that saw a 18x or an answer.
        since: attempts that ended before say nothing any more.
        trips: pauses in a row. barred: calls in a row whose caller id was barred.
        rang: a call saw a 18x since the last pause.
        unjudged: a call that saw none has ended, and nobody has asked the breaker since.
    """

    trunk: Trunk
    state: TrunkState | None = None
    gate: Gate = Gate.CLOSED
    calls: set[int] = field(default_factory=set)
    alerted: set[int] = field(default_factory=set)
    last_invite: datetime | None = None
    health: Health = field(default_factory=Health)
    since: datetime | None = None
    trips: int = 0
    barred: int = 0
    rang: bool = False
    unjudged: bool = False


class Routes:
    """The trunks of this node; also an observer of the calls, for the first 18x of a probe call."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lives = {trunk.name: Live(trunk) for trunk in desk.trunks}
        self._credits: Credits = {}
        self._last_invite: datetime | None = None
        self._refresh_at = desk.clock.now()

    # --- which trunk

    def choices(self, now: datetime) -> tuple[Choice, ...]:
        """The trunks that may carry a call now, the first to be tried first."""
        if self._desk.lines.free < 1 or isinstance(self._node_admits(now), Wait):
            return ()
        return routing.choices(self._states(now), self._credits)

    def wait_until(self, now: datetime) -> datetime | None:
        """When a pace allows the next call; None when something else must happen first."""
        waits = [self._node_admits(now), *(_admits(live, now) for live in self._lives.values())]
        times = [one.until for one in waits if isinstance(one, Wait) and one.until is not None]
        return min(times, default=None)

    def other_line(self, claim: Claim, now: datetime) -> tuple[Trunk, str] | None:
        """The fall-back line for a customer who does not pick up the main number (D5), with the reason."""
        found = routing.other_line(self._states(now), claim.past, claim.trunk)
        return (self._lives[found[0]].trunk, found[1]) if found else None

    async def rest(self, now: datetime) -> bool:
        """Whether nothing more can be called today: every trunk needs a person or its day's calls are made.

        A fall-back line counts only while every main one has failed: it takes no calls before (D5).
        """
        mains = [live for live in self._lives.values() if live.trunk.role == "main"]
        asked = mains if any(not self._failed(live) for live in mains) else list(self._lives.values())
        capped = [
            live.trunk.name for live in asked if await ledger.used_up(self._desk.db, live.trunk.limits, now)
        ]
        waiting = [live for live in asked if live.state is not None and live.state.needs_a_person]
        if {*capped, *(live.trunk.name for live in waiting)} != {live.trunk.name for live in asked}:
            return False
        if capped:
            _log.warning(
                "nobody more is called today: the lines have begun their calls per day", trunks=capped
            )
        return True

    def probes(self, trunk: str) -> bool:
        """Whether a call by it is a probe: the trunk was paused and has to prove itself."""
        return self._lives[trunk].gate is Gate.HALF_OPEN

    # --- what happens

    def begun(self, claim: Claim, choice: Choice, now: datetime) -> None:
        """A call begins on the trunk of its claim."""
        self._credits = choice.credits
        live = self._lives[claim.trunk]
        live.calls.add(claim.attempt_id)
        live.last_invite = self._last_invite = now

    def on(self, event: CallEvent) -> None:
        """Note the first 18x or answer of a trunk's calls."""
        if event.stage in (Stage.RINGING, Stage.TALKING):
            for live in self._lives.values():
                if event.attempt_id in live.calls:
                    live.alerted.add(event.attempt_id)
                    live.rang = True

    def ended(self, claim: Claim, disposition: Disposition | None) -> None:
        """A call is over; None: it was given back and says nothing."""
        live = self._lives[claim.trunk]
        alerted = claim.attempt_id in live.alerted
        live.calls.discard(claim.attempt_id)
        live.alerted.discard(claim.attempt_id)
        if disposition is None:
            return
        live.unjudged = live.unjudged or not alerted
        live.barred = live.barred + 1 if disposition is Disposition.CALLER_BARRED else 0

    async def refresh(self, now: datetime) -> None:
        """Read the pauses, end those that a probe call has ended, and judge trunks that have given cause."""
        if now < self._refresh_at and not any(map(_presses, self._lives.values())):
            return
        self._refresh_at = now + timedelta(seconds=REFRESH_S)
        states = await ledger.trunk_states(self._desk.db)
        for live in self._lives.values():
            before = live.gate
            _see(live, states.get(live.trunk.name), now)
            if live.gate is Gate.OPEN and before is not Gate.OPEN:
                _tell(live)  # a person, another node, or an earlier run
            if live.gate is Gate.HALF_OPEN and live.rang:
                await self._resume(live, now)
            elif live.unjudged and live.gate is not Gate.OPEN:
                await self._judge(live, now)

    async def watch(self) -> None:
        """Ask the trunks for a sign of life, for ever."""
        async with asyncio.TaskGroup() as group:
            for live in self._lives.values():
                if live.trunk.health.options_s:
                    group.create_task(self._ask(live))
            await asyncio.Event().wait()

    # --- small things

    def _states(self, now: datetime) -> list[LineState]:
        return [self._state(live, now) for live in self._lives.values()]

    def _state(self, live: Live, now: datetime) -> LineState:
        trunk = live.trunk
        return LineState(
            trunk.name,
            trunk.role,
            trunk.weight,
            failed=self._failed(live),
            busy=_busy(live, now),
            unanswered=trunk.unanswered,
        )

    def _failed(self, live: Live) -> str:
        if live.gate is Gate.OPEN and live.state is not None:
            return f"is paused: {live.state.paused_why}"
        if live.health.up is Up.DOWN:
            return "does not answer OPTIONS"
        registrar = live.trunk.registrar if live.trunk.mode == "direct" else ""  # else the edge's affair
        known = health.is_registered(registrar, self._registered(live.trunk.name))
        return "" if known else "is not registered"

    def _found(self, live: Live, now: datetime) -> LineHealth:
        """What people are shown of it."""
        name, known = live.trunk.name, live.health
        status = self._registered(name)
        return LineHealth(self._desk.node, name, known.up.value, known.status, known.took_s, status, now)

    def _registered(self, name: str) -> int | None:
        registered = self._desk.lines.registrations.get(name)
        return registered.status if registered is not None else None

    def _node_admits(self, now: datetime) -> Permit | Wait:
        active = sum(len(live.calls) for live in self._lives.values())
        return admit(self._desk.pace, now, active=active, last_invite=self._last_invite)

    async def _judge(self, live: Live, now: datetime) -> None:
        live.unjudged = False
        rules = live.trunk.breaker
        if rules.barred and live.barred >= rules.barred:
            live.barred = 0
            await self._pause(live, None, "its caller id is barred", now)
            return
        tried = await ledger.tried(self._desk.db, live.trunk.name, rules.window * READ_PER_NUMBER)
        fresh = [one for one in tried if live.since is None or one.ended_at >= live.since]
        why = breaker.fault(fresh, rules.rules)
        if live.gate is Gate.HALF_OPEN and not live.calls:
            why = why or "the probe call neither rang nor was answered"
        if why:
            until = now + timedelta(seconds=breaker.pause_s(rules.rules, live.trips))
            live.trips += 1
            await self._pause(live, until, why, now)

    async def _pause(self, live: Live, until: datetime | None, why: str, now: datetime) -> None:
        name = live.trunk.name
        await ledger.pause_trunk(self._desk.db, name, until, why)
        _see(live, (await ledger.trunk_states(self._desk.db))[name], now)
        _tell(live)

    async def _resume(self, live: Live, now: datetime) -> None:
        await ledger.resume_trunk(self._desk.db, live.trunk.name)
        _see(live, None, now)
        _log.warning("the trunk carries calls again", trunk=live.trunk.name)

    async def _ask(self, live: Live) -> None:
        trunk, rules = live.trunk, live.trunk.health.rules
        while True:
            await self._desk.clock.sleep(trunk.health.options_s)
            probed = await self._desk.lines.probe(trunk.name)
            before, now = live.health.up, self._desk.clock.now()
            live.health = health.probed(live.health, probed.status, probed.took_s, now, rules)
            await line_health.keep(self._desk.db, self._found(live, now))
            if live.health.up is not before and Up.UNKNOWN is not before:
                _log.warning(
                    "a trunk's health has changed",
                    trunk=trunk.name,
                    up=live.health.up.value,
                    status=probed.status,
                )


def _see(live: Live, state: TrunkState | None, now: datetime) -> None:
    """Take what the ledger says; a trunk that is closed again is judged from now on."""
    gate = breaker.gate(state, now)
    if gate is Gate.CLOSED and (live.gate is not Gate.CLOSED or live.since is None):
        live.since, live.trips, live.unjudged = now, 0, False
    if gate is Gate.OPEN:  # calls that end meanwhile began before the pause: they say nothing of its end
        live.rang = live.unjudged = False
    live.state, live.gate = state, gate


def _presses(live: Live) -> bool:
    """Whether its last calls ask for a decision now."""
    return live.unjudged or (live.gate is Gate.HALF_OPEN and live.rang)


def _tell(live: Live) -> None:
    """Say once that a trunk is paused."""
    if live.state is not None and live.state.paused_until is not None:
        for_good = live.state.needs_a_person
        until = "a person resumes it" if for_good else _clock(live.state.paused_until)
        _log.warning("the trunk is paused", trunk=live.trunk.name, why=live.state.paused_why, until=until)


def _admits(live: Live, now: datetime) -> Permit | Wait:
    return admit(live.trunk.pace, now, active=len(live.calls), last_invite=live.last_invite)


def _busy(live: Live, now: datetime) -> str:
    if live.gate is Gate.HALF_OPEN and live.calls:
        return "waits for its probe call"
    admission = _admits(live, now)
    if isinstance(admission, Wait):
        return "is full" if admission.until is None else "waits for its pace"
    return ""


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
