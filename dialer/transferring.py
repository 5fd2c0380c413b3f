"""A call is handed over: people are rung one by one while the customer hears music; then the two talk.

The second leg is no attempt and leaves no trace in the ledger's counts (D10). It is kept with the attempt's
events: `person_rung` for each person, `handed_over`, `person_left`, or `not_handed_over`. Joining the two,
and ending one with the other, is the line worker's (`dialer.line.pairs`); here is decided whom to ring.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Protocol

from base.calendar import Calendar
from base.clock import Clock
from base.errors import LineError
from dialer.handing_over import HandoverSettings, Person, choose, eligible
from dialer.inbox import drop
from dialer.line import protocol as line
from dialer.line.handover import Joined, Parted, Refer, Referred
from dialer.line.leg import Leg
from dialer.trunk import NUMBER, Trunk
from ivr.values import AgentLeft, NotTransferred, Transfer, Transferred

WAITS_NO_LONGER = "#"
"""The key by which a customer gives up waiting."""

NOBODY_FREE, NOBODY_TOOK_IT, NOT_WAITED = "nobody_free", "nobody_took_it", "not_waited"

OK, REFUSED = 200, 300

HANDED_OVER = "handed_over"
"""The event that a person took the call."""
MUSIC = "music"
SPARE_S = 10.0
"""Music beyond the longest wait: the last second leg takes a moment to end."""

LAST_WORDS_S, SHORTEST_S = 15.0, 10.0
"""Of a call whose trunk has a limit: kept for the script's end; no talk is planned shorter than this."""

Events = Callable[[asyncio.Task[Any] | None], Awaitable[line.Event | None]]
"""The customer leg's next event; None when the task was done first. Raises at the leg's end."""


class Tell(Protocol):
    """Keeps an event of the attempt."""

    def __call__(self, kind: str, **detail: object) -> None:
        """Of that kind, with these details."""
        ...


@dataclass(frozen=True, slots=True)
class Music:
    """What waiting customers hear: a WAV file and its length."""

    file: str
    seconds: float

    def lasting(self, seconds: float) -> tuple[str, ...]:
        """The file as often as it takes."""
        return (self.file,) * math.ceil(seconds / self.seconds)


class Switchboard:
    """The people who take calls over, and who of them has one. All calls of this node share it."""

    def __init__(
        self, settings: HandoverSettings, calendar: Calendar, trunks: Sequence[Trunk], music: Music
    ) -> None:
        self.settings = settings
        self.music = music.lasting(settings.wait_s + SPARE_S)
        self._calendar = calendar
        self._trunks = {trunk.name: trunk for trunk in trunks}
        self._busy: set[str] = set()
        self._free_since: dict[str, datetime] = {}

    def take(
        self, group: str, now: datetime, avoid: Collection[str], asked: Collection[str]
    ) -> Person | None:
        """The person to ring next, theirs from now on; None when nobody is left.

        Args:
            group: the name of a group.
            now: business time.
            avoid: names of people who must not have this customer's call (A1).
            asked: addresses that were rung for this call already.
        """
        people = eligible(self.settings.groups.get(group, ()), now, self._calendar, avoid)
        candidates = [one for one in people if one.address not in asked]
        chosen = choose(candidates, busy=self._busy, free_since=self._free_since)
        if chosen is not None:
            self._busy.add(chosen.address)
        return chosen

    def give_back(self, person: Person, now: datetime) -> None:
        """The person has no call any more, and goes to the end of the row: also who did not answer."""
        self._busy.discard(person.address)
        self._free_since[person.address] = now

    def order(self, leg: str, person: Person, talk_s: float, headers: dict[str, str]) -> line.Originate:
        """The INVITE for a person."""
        trunk = self._trunks.get(person.trunk)
        return line.Originate(
            leg,
            self.uri(person),
            from_uri=trunk.from_uri if trunk else "",
            headers={**(trunk.headers if trunk else {}), **headers},
            ring_limit_s=self.settings.ring_s,
            talk_limit_s=talk_s,
            trunk=person.trunk,
        )

    def uri(self, person: Person) -> str:
        """Where a person is rung; the settings have been checked for trunks that there are not."""
        return person.uri or self._trunks[person.trunk].uri.replace(NUMBER, person.extension)


class Transfers(Protocol):
    """How a conversation hands its call over."""

    async def look_for(self, wanted: Transfer, events: Events, at_s: float) -> Transferred | NotTransferred:
        """Ring people until one answers."""
        ...

    async def stand_by(self, events: Events) -> AgentLeft:
        """Wait until the person leaves."""
        ...


@dataclass(slots=True)
class Rung:
    """What is kept of ringing one person. `status` is SIP's, 0 where none came."""

    person: str
    group: str
    by: str
    status: int = 0
    reason: str = "the call ended"


@dataclass(frozen=True, slots=True)
class _Talk:
    """Who talks with the customer, since when."""

    person: Person
    second: Leg | None
    since: datetime


@dataclass(frozen=True, slots=True)
class HandedCall:
    """The call that may be handed over.

    Attributes:
        leg: the customer's.
        attempt: its id, told to a person's phone in a header.
        avoid: names of people who must not have it (A1).
        longest_s: what its trunk allows, from the answer; 0 for no limit.
    """

    leg: Leg
    attempt: int
    avoid: frozenset[str] = frozenset()
    longest_s: float = 0.0

    def talk_s(self, at_s: float, talk_s: float) -> float:
        """How long a talk that begins at a second of the call may last, with time for last words."""
        rest_s = self.longest_s - at_s - LAST_WORDS_S
        return min(talk_s, max(rest_s, SHORTEST_S)) if self.longest_s else talk_s


class Transferring:
    """Hands one call over, at the node that wants it.

    Args:
        board: the people.
        call: the customer's.
        clock: business time.
        tell: keeps events of the attempt.
    """

    def __init__(self, board: Switchboard, call: HandedCall, clock: Clock, tell: Tell) -> None:
        self._board = board
        self._call = call
        self._leg = call.leg
        self._clock = clock
        self._tell = tell
        self._legs = 0
        self._gives_up = False
        self._at_s = 0.0
        self._talk: _Talk | None = None

    async def look_for(self, wanted: Transfer, events: Events, at_s: float) -> Transferred | NotTransferred:
        """Ring people one by one, with music for the customer, until one has taken the call."""
        self._at_s, self._gives_up = at_s, False
        self._leg.send(line.Play(self._leg.id, MUSIC, self._board.music))
        began, asked = self._clock.now(), set[str]()
        while not self._gives_up and (person := self._next(wanted.to, asked)):
            asked.add(person.address)
            if await self._ring(person, wanted, events):
                waited_s = round((self._clock.now() - began).total_seconds(), 1)
                self._tell(HANDED_OVER, person=person.name, group=wanted.to, waited_s=waited_s)
                return Transferred(self._at_s)
        self._leg.send(line.StopPlay(self._leg.id))
        why = NOT_WAITED if self._gives_up else NOBODY_TOOK_IT if asked else NOBODY_FREE
        self._tell("not_handed_over", group=wanted.to, why=why)
        return NotTransferred(self._at_s, why)

    async def stand_by(self, events: Events) -> AgentLeft:
        """Let the two talk; tells how long they did, whoever ends it."""
        assert self._talk is not None
        talk, by = self._talk, "the customer's leg"
        if talk.second is None:
            self._leg.send(line.Hangup(self._leg.id))
        try:
            while True:
                event = await events(None)
                if isinstance(event, Parted) and talk.second is not None and event.other == talk.second.id:
                    by = event.by.value
                    return AgentLeft(event.at_s)
        finally:
            now = self._clock.now()
            talked_s = round((now - talk.since).total_seconds(), 1)
            self._tell("person_left", person=talk.person.name, talked_s=talked_s, ended_by=by)
            self._board.give_back(talk.person, now)

    def _next(self, group: str, asked: Collection[str]) -> Person | None:
        if len(asked) >= self._board.settings.persons:
            return None
        return self._board.take(group, self._clock.now(), self._call.avoid, asked)

    async def _ring(self, person: Person, wanted: Transfer, events: Events) -> bool:
        """Ring one person; whether they took it. What became of it is told even where the customer left."""
        rung = Rung(person.name, wanted.to, "REFER" if person.refer else "INVITE")
        began, taken = self._clock.now(), False
        try:
            taken = await (self._refer if person.refer else self._call_up)(person, wanted, events, rung)
            if self._gives_up:
                rung.reason = "the customer did not wait"
            return taken
        finally:
            now = self._clock.now()
            self._tell("person_rung", **asdict(rung), rang_s=round((now - began).total_seconds(), 1))
            if not taken:
                self._board.give_back(person, now)

    async def _call_up(self, person: Person, wanted: Transfer, events: Events, rung: Rung) -> bool:
        """A second leg; the line worker joins it when it is answered."""
        self._legs += 1
        headers = {"X-Huifang-Attempt": str(self._call.attempt), "X-Huifang-Reason": wanted.note}
        settings = self._board.settings
        talk_s = self._call.talk_s(self._at_s + settings.ring_s, settings.talk_s)
        order = self._board.order(f"{self._leg.id}-p{self._legs}", person, talk_s, headers)
        try:
            second = self._leg.originate_beside(order)
        except LineError as error:
            rung.reason = str(error)
            return False
        try:
            while not self._waits_no_longer(event := await events(None)):
                if isinstance(event, Joined) and event.other == second.id:
                    rung.status, rung.reason = OK, "taken over"
                    self._talk = _Talk(person, second, self._clock.now())
                    self._at_s = event.at_s
                    return True
                if isinstance(event, Parted) and event.other == second.id:
                    rung.status, rung.reason = event.status, event.reason or event.by.value
                    self._at_s = event.at_s
                    return False
        finally:
            if rung.status != OK:
                second.send(line.Hangup(second.id))
        return False

    async def _refer(self, person: Person, _: Transfer, events: Events, rung: Rung) -> bool:
        """The far end calls them itself, and only where they record (R1). A REFER cannot be taken back."""
        self._leg.send(Refer(self._leg.id, self._board.uri(person)))
        limit = asyncio.create_task(self._clock.sleep(self._board.settings.ring_s))
        try:
            while not self._waits_no_longer(event := await events(limit)):
                if event is None or (isinstance(event, line.Refused) and event.command == "Refer"):
                    rung.reason = event.why if event else "no word of it in time"
                    return False
                if isinstance(event, Referred):
                    rung.status, rung.reason, self._at_s = event.status, event.reason, event.at_s
                    if event.final and event.status < REFUSED:
                        self._talk = _Talk(person, None, self._clock.now())
                        return True
                    if event.final:
                        return False
        finally:
            await drop(limit)
        return False

    def _waits_no_longer(self, event: line.Event | None) -> bool:
        if isinstance(event, line.Key) and event.key == WAITS_NO_LONGER:
            self._at_s, self._gives_up = event.at_s, True
        return self._gives_up
