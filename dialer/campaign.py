"""The run: claim what is due, carry the calls, keep the leases, stop in good order.

Each tick takes as many follow-ups as windows, pace and free lines allow: due appointments of every campaign,
then campaign by campaign in the order of their urgency; `dialer.routes` says by which trunk. Pausing or
cancelling a campaign takes effect with the next tick, for the ledger claims nothing of a campaign that does
not run.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from base.clock import SHANGHAI
from base.errors import InputError, LineError
from base.log import get_logger
from dialer.attempt import carry
from dialer.desk import Desk, Plan
from dialer.disposition import Disposition
from dialer.inbox import drop
from dialer.policy import decide
from dialer.profile import Profile
from dialer.routes import Routes
from dialer.routing import Choice
from dialer.watching import Both
from dialer.windows import may_begin, next_call
from records import campaigns, ledger
from records.model import Campaign, Claim, Lane, Next, PastAttempt, Progress

_log = get_logger(__name__)

TICK_S = 0.25
LEASE_S = 60.0
RENEWALS = 4
"""How often a lease is prolonged in its time."""
LATER = timedelta(days=1)
"""When a follow-up is due again whose campaign's policy cannot be asked."""

NO_ROOM = "nobody is called, for the disk has no room to record"

PlanOf = Callable[[Campaign], Plan]
"""A campaign's policy and script; loaded and checked by whoever puts the parts together."""


class CampaignRunner:
    """Runs every running campaign on this node."""

    def __init__(self, desk: Desk, plan_of: PlanOf, lease_s: float = LEASE_S) -> None:
        self._routes = Routes(desk)
        self._desk = replace(desk, observer=Both(desk.observer, self._routes))
        self._plan_of = plan_of
        self._lease_s = lease_s
        self._plans: dict[int, Plan] = {}
        self._unusable: dict[int, InputError] = {}
        self._calls: dict[int, tuple[Claim, asyncio.Task[Disposition | None]]] = {}
        self._lanes: Sequence[Lane] = ()
        self._looked_at: datetime | None = None
        self._changed = True
        self._records = True

    async def run(self, until_done: bool, stop: asyncio.Event) -> None:
        """Call until `stop`, or until nothing is left to do today.

        Args:
            until_done: return when every follow-up is closed or waits for a later day.
            stop: hang up, file what is under way, and return.

        Raises:
            LineError: the disk has no room for recordings and nobody is on the line, with `until_done`.
            InputError: a campaign's script or policy cannot be used; the others were called first.
            StoreError: the database refused. Calls under way are hung up and filed first where that goes.
        """
        await self._reconcile()
        keeper = asyncio.create_task(self._keep_leases())
        watcher = asyncio.create_task(self._routes.watch())
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                await self._look()
                await self._dial(self._lanes)
                if until_done and not self._calls and not self._records:
                    raise LineError(f"{NO_ROOM} in {self._desk.recordings.data}")
                if until_done and not self._calls and await self._is_done():
                    for error in self._unusable.values():
                        raise error
                    return
                await self._tick(keeper, watcher, stopping)
        finally:
            await self._hang_up_all()
            await drop(keeper, watcher, stopping)

    async def _reconcile(self) -> None:
        """Close what a dead process of ours left, and say so: these numbers are not called for a while."""
        ended = await ledger.reconcile(self._desk.db, self._desk.node, self._now(), self._decide)
        calls, until = await ledger.resting(self._desk.db, ended)
        if calls and until is not None:
            _log.warning(
                "calls of a process that died were closed, their numbers rest",
                calls=calls,
                until=f"{until.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
            )

    async def _look(self) -> None:
        """See lanes and trunks anew: at most once a tick, however many calls end meanwhile.

        A claim sees for itself whether its campaign still runs and its trunk is not paused.
        """
        now = self._now()
        fresh = self._looked_at is not None and abs(now - self._looked_at) < timedelta(seconds=TICK_S)
        if self._calls and fresh:
            return
        self._looked_at = now
        lanes = await campaigns.lanes(self._desk.db, now)
        self._look_for_room()
        self._lanes = [one for one in lanes if self._records and self._is_usable(one.campaign)]
        await self._routes.refresh(now)
        await self._finish([lane.campaign for lane in lanes if not lane.appointments])

    def _look_for_room(self) -> None:
        before, self._records = self._records, self._desk.recordings.have_room()
        if before and not self._records:
            _log.error(NO_ROOM, place=str(self._desk.recordings.data))

    async def _dial(self, lanes: Sequence[Lane]) -> None:
        """Begin calls until nothing is due, no line is free or the pace says wait."""
        for lane in lanes:
            while await self._begin(lane):
                pass

    async def _begin(self, lane: Lane) -> bool:
        """Begin the lane's next call by the first trunk that may carry it; gives whether one began.

        Outside the windows only what was agreed with the customer is called (D3, D6).
        """
        if not may_begin(self._plan(lane.campaign).profile, self._now(), agreed=lane.appointments):
            return False
        for choice in self._routes.choices(self._now()):
            claim = await self._claim(lane, choice.trunk)
            if claim is not None:
                await self._start(claim, choice)
                return True
        return False

    async def _claim(self, lane: Lane, trunk: str) -> Claim | None:
        """The lane's next due follow-up."""
        profile, now = self._plan(lane.campaign).profile, self._now()
        return await ledger.claim(
            self._desk.db,
            lane.campaign,
            line=self._desk.trunk(trunk).limits,
            caps=replace(
                self._desk.caps,
                number_per_day=profile.per_number_day,
                campaign_channels=profile.campaign_channels,
            ),
            max_rung=profile.attempts,
            node=self._desk.node,
            now=now,
            lease_s=self._lease_s,
            appointments_only=lane.appointments,
            probe=self._routes.probes(trunk),
        )

    async def _start(self, claim: Claim, choice: Choice) -> None:
        """Send the call on its way, by another line where the customer does not pick up this one (D5)."""
        now, why = self._now(), choice.why
        other = self._routes.other_line(claim, now)
        if other is not None:
            slot = await ledger.change_line(self._desk.db, claim.attempt_id, other[0].limits, now)
            if slot is not None:
                claim, why = replace(claim, trunk=other[0].name, slot=slot), other[1]
        self._routes.begun(claim, choice, now)
        call = carry(claim, self._desk, self._plan(claim.campaign), why)
        self._calls[claim.attempt_id] = claim, asyncio.create_task(call)

    async def _tick(self, *others: asyncio.Task[object]) -> None:
        """Wait a moment, less when a call ends; a call's or the keeper's error ends the run."""
        pause = asyncio.create_task(self._desk.clock.sleep(self._pause_s()))
        tasks = {task for _, task in self._calls.values()}
        await asyncio.wait({pause, *others, *tasks}, return_when=asyncio.FIRST_COMPLETED)
        await drop(pause)
        for claim, task in list(self._calls.values()):
            if task.done():
                del self._calls[claim.attempt_id]
                self._changed = True
                self._routes.ended(claim, task.result())
        for other in others:
            if other.done():
                other.result()

    def _pause_s(self) -> float:
        until = self._routes.wait_until(self._now())
        if until is None:
            return TICK_S
        return min(TICK_S, max(0.001, (until - self._now()).total_seconds()))

    async def _keep_leases(self) -> None:
        """Prolong our leases; close what others' dead processes left."""
        while True:
            await self._desk.clock.sleep(self._lease_s / RENEWALS)
            if self._calls:
                await ledger.renew(self._desk.db, list(self._calls), self._now(), self._lease_s)
            await ledger.reap(self._desk.db, self._now(), self._decide)

    async def _hang_up_all(self) -> None:
        calls = [task for _, task in self._calls.values()]
        for call in calls:
            call.cancel()
        for outcome in await asyncio.gather(*calls, return_exceptions=True):
            if isinstance(outcome, Exception):
                _log.error("a call could not be filed", error=repr(outcome))
        self._calls.clear()

    async def _finish(self, running: Sequence[Campaign]) -> None:
        """Close campaigns whose follow-ups are all closed; looked at when a call has ended since."""
        if not self._changed:
            return
        self._changed = False
        for campaign in running:
            await campaigns.finish(self._desk.db, campaign.id, self._now())

    async def _is_done(self) -> bool:
        return await self._all_rest() or await self._routes.rest(self._now())

    async def _all_rest(self) -> bool:
        for campaign in await campaigns.running(self._desk.db):
            if not self._is_usable(campaign):
                continue
            progress = await campaigns.progress(self._desk.db, campaign.id)
            if not rests(self._plan(campaign).profile, progress, self._now()):
                return False
        return True

    def _plan(self, campaign: Campaign) -> Plan:
        if campaign.id not in self._plans:
            self._plans[campaign.id] = self._plan_of(campaign)
        return self._plans[campaign.id]

    def _is_usable(self, campaign: Campaign) -> bool:
        """Whether its script and policy can be used; one whose cannot stands in nobody else's way."""
        if campaign.id in self._unusable:
            return False
        try:
            self._plan(campaign)
        except InputError as error:
            self._unusable[campaign.id] = error
            _log.error("a campaign is not called in this run", campaign=campaign.name, why=str(error))
        return campaign.id not in self._unusable

    def _decide(self, campaign: Campaign, history: tuple[PastAttempt, ...]) -> Next:
        now = self._now()
        if not self._is_usable(campaign):
            return Next(now + LATER, False, history[-1].disposition, "D10: its policy cannot be used here")
        return decide(self._plan(campaign).profile, history, now, deadline=campaign.deadline)

    def _now(self) -> datetime:
        return self._desk.clock.now()


def rests(profile: Profile, progress: Progress, now: datetime) -> bool:
    """Whether nothing more can be done today: all closed, or due when no call may begin any more."""
    if progress.calling or progress.next_due is None:
        return not progress.calling
    return next_call(profile, now, progress.next_due, progress.next_agreed).date() > now.date()
