"""The run: claim what is due, carry the calls, keep the leases, stop in good order.

Each tick takes as many follow-ups as windows, pace and free lines allow, campaign by campaign in the order of
their urgency. Pausing or cancelling a campaign takes effect with the next tick, for the ledger claims nothing
of a campaign that does not run.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from base.clock import SHANGHAI
from base.log import get_logger
from dialer.attempt import Desk, Plan, carry
from dialer.disposition import Disposition
from dialer.inbox import drop
from dialer.pacing import Permit, Wait, admit
from dialer.policy import decide
from dialer.profile import Profile
from dialer.windows import may_begin, next_open
from records import campaigns, ledger
from records.model import Campaign, CampaignStatus, Claim, LineLimits, Next, PastAttempt, Progress

_log = get_logger(__name__)

TICK_S = 0.25
LEASE_S = 60.0
RENEWALS = 4
"""How often a lease is prolonged in its time."""

PlanOf = Callable[[Campaign], Plan]
"""A campaign's policy and script; loaded and checked by whoever puts the parts together."""


class CampaignRunner:
    """Runs every running campaign on this node."""

    def __init__(self, desk: Desk, plan_of: PlanOf, lease_s: float = LEASE_S) -> None:
        self._desk = desk
        self._plan_of = plan_of
        self._lease_s = lease_s
        self._plans: dict[int, Plan] = {}
        self._calls: dict[int, asyncio.Task[Disposition | None]] = {}
        self._last_invite: datetime | None = None
        self._changed = True

    async def run(self, until_done: bool, stop: asyncio.Event) -> None:
        """Call until `stop`, or until nothing is left to do today.

        Args:
            until_done: return when every follow-up is closed or waits for a later day.
            stop: hang up, file what is under way, and return.

        Raises:
            StoreError: the database refused. Calls under way are hung up and filed first where that goes.
        """
        await self._reconcile()
        keeper = asyncio.create_task(self._keep_leases())
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                running = await campaigns.running(self._desk.db)
                pause_s = await self._dial(running)
                await self._finish(running)
                if until_done and not self._calls and await self._is_done():
                    return
                await self._tick(pause_s, keeper, stopping)
        finally:
            await self._hang_up_all()
            await drop(keeper, stopping)

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

    async def _dial(self, running: Sequence[Campaign]) -> float:
        """Begin calls until nothing is due, no line is free or the pace says wait; gives seconds to wait."""
        for campaign in running:
            while True:
                admission = self._admission()
                if isinstance(admission, Wait):
                    return self._seconds_to(admission.until)
                claim = await self._claim(campaign)
                if claim is None:
                    break
                self._last_invite = self._now()
                call = carry(claim, self._desk, self._plan(campaign))
                self._calls[claim.attempt_id] = asyncio.create_task(call)

        return TICK_S

    def _admission(self) -> Permit | Wait:
        if self._desk.lines.free < 1:
            return Wait(None)
        pace, active = self._desk.trunks[0].pace, len(self._calls)
        return admit(pace, self._now(), active=active, last_invite=self._last_invite)

    def _seconds_to(self, until: datetime | None) -> float:
        if until is None:
            return TICK_S
        return min(TICK_S, max(0.001, (until - self._now()).total_seconds()))

    async def _claim(self, campaign: Campaign) -> Claim | None:
        """The campaign's next due follow-up; outside the windows only agreed times count (D3, D6)."""
        profile, now, trunk = self._plan(campaign).profile, self._now(), self._desk.trunks[0]
        if not may_begin(profile, now, agreed=True):
            return None
        return await ledger.claim(
            self._desk.db,
            campaign,
            line=LineLimits(trunk.name, trunk.channels, trunk.cps),
            max_rung=profile.attempts,
            node=self._desk.node,
            now=now,
            lease_s=self._lease_s,
            appointments_only=not may_begin(profile, now, agreed=False),
        )

    async def _tick(self, pause_s: float, *others: asyncio.Task[object]) -> None:
        """Wait a moment, less when a call ends; a call's or the keeper's error ends the run."""
        pause = asyncio.create_task(self._desk.clock.sleep(pause_s))
        await asyncio.wait({pause, *others, *self._calls.values()}, return_when=asyncio.FIRST_COMPLETED)
        await drop(pause)
        for attempt_id, call in list(self._calls.items()):
            if call.done():
                del self._calls[attempt_id]
                self._changed = True
                call.result()
        for other in others:
            if other.done():
                other.result()

    async def _keep_leases(self) -> None:
        """Prolong our leases; close what others' dead processes left."""
        while True:
            await self._desk.clock.sleep(self._lease_s / RENEWALS)
            if self._calls:
                await ledger.renew(self._desk.db, list(self._calls), self._now(), self._lease_s)
            await ledger.reap(self._desk.db, self._now(), self._decide)

    async def _hang_up_all(self) -> None:
        calls = list(self._calls.values())
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
            progress = await campaigns.progress(self._desk.db, campaign.id)
            if progress.closed == progress.total:
                await campaigns.set_status(self._desk.db, campaign.id, CampaignStatus.FINISHED, self._now())

    async def _is_done(self) -> bool:
        for campaign in await campaigns.running(self._desk.db):
            progress = await campaigns.progress(self._desk.db, campaign.id)
            if not rests(self._plan(campaign).profile, progress, self._now()):
                return False
        return True

    def _plan(self, campaign: Campaign) -> Plan:
        if campaign.id not in self._plans:
            self._plans[campaign.id] = self._plan_of(campaign)
        return self._plans[campaign.id]

    def _decide(self, campaign: Campaign, history: tuple[PastAttempt, ...]) -> Next:
        return decide(self._plan(campaign).profile, history, self._now())

    def _now(self) -> datetime:
        return self._desk.clock.now()


def rests(profile: Profile, progress: Progress, now: datetime) -> bool:
    """Whether nothing more can be done today: all closed, or due when no window is open any more."""
    if progress.calling or progress.next_due is None:
        return not progress.calling
    return next_open(profile, max(progress.next_due, now)).date() > now.date()
