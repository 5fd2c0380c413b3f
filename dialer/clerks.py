"""Calls by click: the clerk's telephone rings first, then the customer's; both are joined and recorded (R1).

The clerk's leg takes the place that the customer's has in other calls, so the tracks change places: what the
clerk says goes on the system's track, what the clerk hears, the customer, on the customer's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from base.errors import HuifangError
from base.log import get_logger
from dialer.desk import Desk
from dialer.handing_over import Phone
from dialer.inbox import Inbox, Signal
from dialer.line import protocol as line
from dialer.line.handover import Joined, Parted
from dialer.line.leg import Leg
from dialer.profile import Profile
from dialer.recordings import CUSTOMER, SYSTEM, track
from dialer.trunk import NUMBER
from dialer.windows import may_begin
from records import person_calls
from records.person_calls import Over, Taken

_log = get_logger(__name__)

LOOK_S = 0.5
CLERK_RINGS_S = 30.0
SPARE_S = 60.0
HANGS_UP_S = 5.0
"""As long as the end of a leg is waited for."""

_BY_STATUS = {486: "busy", 600: "busy", 404: "unallocated_number", 410: "unallocated_number", 603: "rejected"}
_NO_ANSWER = frozenset({0, 408, 480, 487})

TALKED, CLERK_AWAY = "talked", "clerk_away"


@dataclass(frozen=True, slots=True)
class Clerks:
    """What calls by click need. `phones`: of clerks, by staff number."""

    desk: Desk
    phones: Mapping[str, Phone]
    profile: Profile

    @property
    def longest_s(self) -> float:
        """As long as a call may last from its taking on."""
        return CLERK_RINGS_S + self.profile.setup_s + self.profile.ring_s + self.profile.talk_s + SPARE_S

    def uri(self, person: Phone) -> str:
        """Where a clerk is rung; the settings have been checked for trunks that there are not."""
        return person.uri or self.desk.trunk(person.trunk).uri.replace(NUMBER, person.extension)


class ClerkDesk:
    """Takes calls by click up until its task is cancelled; use `run` once."""

    def __init__(self, clerks: Clerks) -> None:
        self._clerks = clerks
        self._calls: set[asyncio.Task[None]] = set()
        self._stop = asyncio.Event()

    async def run(self) -> None:
        """Look for calls. Cancelled, it hangs up what is under way and files it first."""
        desk = self._clerks.desk
        try:
            while True:
                if taken := await self._take():
                    task = asyncio.create_task(self._carry(*taken))
                    self._calls.add(task)
                    task.add_done_callback(self._calls.discard)
                await desk.clock.sleep(LOOK_S)
        finally:
            self._stop.set()
            await asyncio.gather(*self._calls)

    async def _take(self) -> tuple[Taken, str] | None:
        """The next call, with where it is recorded; none outside legal hours, nor without room to record."""
        clerks, desk = self._clerks, self._clerks.desk
        now = desk.clock.now()
        if not may_begin(clerks.profile, now, agreed=True) or not desk.recordings.have_room():
            return None
        if not await person_calls.wanted(desk.db, clerks.phones, now):
            return None
        stem = desk.recordings.stem(now, desk.extension)
        limits = [trunk.limits for trunk in desk.trunks]
        taken = await person_calls.take(
            desk.db, clerks.phones, limits, desk.node, stem, now, clerks.longest_s
        )
        return None if taken is None else (taken, stem)

    async def _carry(self, taken: Taken, stem: str) -> None:
        """One call's trouble is not the next one's: it is told, and the call ended."""
        call = _Call(self._clerks, taken, stem, self._stop)
        try:
            async with asyncio.timeout(self._clerks.longest_s):
                over = await call.run()
        except (HuifangError, TimeoutError) as error:
            _log.error("a clerk's call could not be made", attempt=taken.attempt_id, error=repr(error))
            over = Over("line_failure", "line_failure", self._clerks.desk.clock.now())
        finally:
            await call.close()
        await person_calls.end(self._clerks.desk.db, taken, over)
        await self._clerks.desk.recordings.put_away(stem)


class _Call:
    """One call by click, from the clerk's ringing to its end."""

    def __init__(self, clerks: Clerks, taken: Taken, stem: str, stop: asyncio.Event) -> None:
        self._clerks, self._taken, self._stem, self._stop = clerks, taken, stem, stop
        self._leg: Leg | None = None
        self._inbox: Inbox | None = None
        self._answered_at: datetime | None = None

    async def run(self) -> Over:
        """Ring the clerk, then the customer; talk until one hangs up."""
        desk = self._clerks.desk
        self._leg = desk.lines.originate(self._to_clerk())
        self._inbox = Inbox(self._leg, self._stop)
        if not await self._clerk_answers(self._inbox):
            return Over("line_failure", CLERK_AWAY, desk.clock.now())
        await person_calls.tell(desk.db, self._taken.id, "customer")
        second = self._leg.originate_beside(self._to_customer())
        parted = await self._talk(self._inbox, second)
        now = desk.clock.now()
        if self._answered_at is not None:
            return Over("handed_over", TALKED, now, self._answered_at, sip_status=200, sip_reason="OK")
        status, reason = (parted.status, parted.reason) if parted else (0, "")
        disposition = _BY_STATUS.get(status) or ("no_answer" if status in _NO_ANSWER else "unreachable")
        held = None if parted and status else now + timedelta(seconds=32)
        return Over(disposition, disposition, now, sip_status=status, sip_reason=reason, hold_until=held)

    async def close(self) -> None:
        """Hang up, and wait for nothing any more."""
        if self._leg is not None:
            self._leg.send(line.Hangup(self._leg.id))
        if self._inbox is not None:
            await self._ended(self._inbox)
            await self._inbox.close()

    async def _ended(self, inbox: Inbox) -> None:
        try:
            async with asyncio.timeout(HANGS_UP_S):
                while not isinstance(await inbox.next(), line.Ended):
                    pass
        except TimeoutError:
            _log.warning("a clerk's leg does not end", attempt=self._taken.attempt_id)

    async def _clerk_answers(self, inbox: Inbox) -> bool:
        while True:
            match await inbox.next():
                case line.Answered():
                    return True
                case line.Ended() | line.Refused() | Signal.STOP:
                    return False
                case _:
                    continue

    async def _talk(self, inbox: Inbox, second: Leg) -> Parted | None:
        """Until the customer's leg is over; None where the clerk's ended, or we stop."""
        desk = self._clerks.desk
        while True:
            match await inbox.next():
                case Joined(other=other) if other == second.id:
                    self._answered_at = desk.clock.now()
                    await person_calls.tell(desk.db, self._taken.id, "talking")
                case Parted(other=other) as parted if other == second.id:
                    return parted
                case line.Ended() | Signal.STOP:
                    return None
                case _:
                    continue

    def _to_clerk(self) -> line.Originate:
        clerks = self._clerks
        person = clerks.phones[self._taken.by]
        trunk = clerks.desk.trunk(person.trunk) if person.trunk else None
        return line.Originate(
            self._id,
            clerks.uri(person),
            from_uri=trunk.from_uri if trunk else "",
            headers={**(trunk.headers if trunk else {}), "X-Huifang-Attempt": str(self._taken.attempt_id)},
            ring_limit_s=CLERK_RINGS_S,
            talk_limit_s=clerks.longest_s,
            trunk=person.trunk,
            record_system=str(track(clerks.desk.recordings.data, self._stem, CUSTOMER)),
            record_customer=str(track(clerks.desk.recordings.data, self._stem, SYSTEM)),
        )

    def _to_customer(self) -> line.Originate:
        clerks, customer = self._clerks, self._taken.customer
        trunk, profile = clerks.desk.trunk(self._taken.trunk), clerks.profile
        dialed = trunk.dial(customer.phone, customer.extension, 0, clerks.desk.home)
        return line.Originate(
            f"{self._id}-c",
            trunk.request_uri(dialed),
            from_uri=trunk.from_uri,
            headers=trunk.headers,
            ring_limit_s=profile.setup_s + profile.ring_s,
            setup_limit_s=profile.setup_s,
            talk_limit_s=min(profile.talk_s, trunk.longest_s or profile.talk_s),
            trunk=trunk.name,
        )

    @property
    def _id(self) -> str:
        return f"k{self._taken.attempt_id}"
