"""The run: claim what is due, carry the calls, keep the leases, stop in good order.

Each tick takes as many follow-ups as windows, pace and free lines allow, campaign by campaign in the order of
their urgency. Pausing or cancelling a campaign takes effect with the next tick, for the ledger claims nothing
of a campaign that does not run.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from base.log import get_logger
from dialer.attempt import Desk, Plan, carry
from dialer.inbox import drop
from dialer.pacing import Permit, admit
from dialer.policy import decide
from dialer.windows import is_legal, is_open
from records import campaigns, ledger
from records.model import Campaign, CampaignStatus, Claim, Next, PastAttempt, Progress

_log = get_logger(__name__)

TICK_S = 0.25
LEASE_S = 60.0
RENEW_S = 15.0

PlanOf = Callable[[Campaign], Plan]
"""A campaign's policy and script; loaded and checked by whoever puts the parts together."""


class CampaignRunner:
    """Runs every running campaign on this node."""

    def __init__(self, desk: Desk, plan_of: PlanOf) -> None:
        self._desk = desk
        self._plan_of = plan_of
        self._plans: dict[int, Plan] = {}
        self._calls: dict[int, asyncio.Task[None]] = {}
        self._last_invite: datetime | None = None

    async def run(self, until_done: bool, stop: asyncio.Event) -> None:
        """Call until `stop`, or until nothing is left to do today.

        Args:
            until_done: return when every follow-up is closed or waits for a later day.
            stop: hang up, file what is under way, and return.

        Raises:
            StoreError: the database refused. Calls under way are hung up and filed first where that goes.
        """
        await ledger.reconcile(self._desk.db, self._desk.node, self._now(), self._decide)
        keeper = asyncio.create_task(self._keep_leases())
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                running = await campaigns.running(self._desk.db)
                await self._dial(running)
                await self._finish(running)
                if until_done and not self._calls and await self._is_done():
                    return
                await self._tick(keeper, stopping)
        finally:
            await self._hang_up_all()
            await drop(keeper, stopping)

    async def _dial(self, running: Sequence[Campaign]) -> None:
        """Begin calls until nothing is due, or no line is free, or the pace says wait."""
        for campaign in running:
            while self._may_dial():
                claim = await self._claim(campaign)
                if claim is None:
                    break
                self._last_invite = self._now()
                call = carry(claim, self._desk, self._plan(campaign))
                self._calls[claim.attempt_id] = asyncio.create_task(call)

    def _may_dial(self) -> bool:
        active = len(self._calls)
        admission = admit(self._desk.trunk.pace, self._now(), active=active, last_invite=self._last_invite)
        return isinstance(admission, Permit) and self._desk.lines.free > 0

    async def _claim(self, campaign: Campaign) -> Claim | None:
        """The campaign's next due follow-up; outside the windows only agreed times count (D3, D6)."""
        profile, now, trunk = self._plan(campaign).profile, self._now(), self._desk.trunk
        if not is_legal(profile, now):
            return None
        return await ledger.claim(
            self._desk.db,
            campaign,
            trunk=trunk.name,
            channels=trunk.channels,
            cps=trunk.cps,
            max_rung=profile.attempts,
            node=self._desk.node,
            now=now,
            lease_s=LEASE_S,
            appointments_only=not is_open(profile, now),
        )

    async def _tick(self, *others: asyncio.Task[object]) -> None:
        """Wait a moment, less when a call ends; a call's or the keeper's error ends the run."""
        pause = asyncio.create_task(self._desk.clock.sleep(TICK_S))
        await asyncio.wait({pause, *others, *self._calls.values()}, return_when=asyncio.FIRST_COMPLETED)
        await drop(pause)
        for attempt_id, call in list(self._calls.items()):
            if call.done():
                del self._calls[attempt_id]
                call.result()
        for other in others:
            if other.done():
                other.result()

    async def _keep_leases(self) -> None:
        """Prolong our leases; close what others' dead processes left."""
        while True:
            await self._desk.clock.sleep(RENEW_S)
            if self._calls:
                await ledger.renew(self._desk.db, list(self._calls), self._now(), LEASE_S)
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
        """Close campaigns whose follow-ups are all closed."""
        for campaign in running:
            progress = await campaigns.progress(self._desk.db, campaign.id)
            if progress.closed == progress.total:
                await campaigns.set_status(self._desk.db, campaign.id, CampaignStatus.FINISHED, self._now())

    async def _is_done(self) -> bool:
        running = await campaigns.running(self._desk.db)
        found = [await campaigns.progress(self._desk.db, campaign.id) for campaign in running]
        return all(rests(progress, self._now()) for progress in found)

    def _plan(self, campaign: Campaign) -> Plan:
        if campaign.id not in self._plans:
            self._plans[campaign.id] = self._plan_of(campaign)
        return self._plans[campaign.id]

    def _decide(self, campaign: Campaign, history: tuple[PastAttempt, ...]) -> Next:
        return decide(self._plan(campaign).profile, history, self._now())

    def _now(self) -> datetime:
        return self._desk.clock.now()


def rests(progress: Progress, now: datetime) -> bool:
    """Whether nothing of the campaign is to be done today: all closed, or due on a later day."""
    if progress.calling:
        return False
    return progress.next_due is None or progress.next_due.date() > now.date()
