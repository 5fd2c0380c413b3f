"""Several processes, late sleepers, kill -9: never two calls to one number, never one ring too many (D10)."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest

from base.errors import IllegalTransition
from records import campaigns, ledger, report
from records.model import CampaignStatus, FollowUpState
from tests.records_kit import (
    LEASE_S,
    NOW,
    Where,
    after,
    dialed,
    ending,
    opened,
    over,
    person,
    retry_in,
    started,
    take,
    taken,
)

PEOPLE = 60


def process(where: Where, node: str, mode: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.claiming_process", str(where), node, mode]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


async def start(*processes: subprocess.Popen[str]) -> None:
    """All at once, when all are ready."""
    for one in processes:
        assert one.stdout is not None
        assert await asyncio.to_thread(one.stdout.readline) == "ready\n"
    for one in processes:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()


def overlaps(calls: Sequence[dict[str, Any]], what: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Calls with the same `what` of which one began before the other had ended."""
    ordered = sorted(calls, key=lambda call: (call[what], call["began"]))
    return [(a, b) for a, b in pairwise(ordered) if a[what] == b[what] and b["began"] < a["ended"]]


async def test_two_processes_never_get_the_same(store: Where) -> None:
    """Every two customers share a number, so that the processes are in each other's way all the time."""
    async with opened(store) as db:
        people = [person(n, phone=f"+8613800{n // 2:06d}") for n in range(PEOPLE)]
        campaign = await started(db, people)
        both = [process(store, node, "drain") for node in ("one", "two")]
        await start(*both)
        said = [await asyncio.to_thread(one.communicate, timeout=120) for one in both]
        assert [one.returncode for one in both] == [0, 0]
        invites = [[json.loads(line) for line in out.splitlines()] for out, _ in said]
        assert all(invites), "both had their share"
        calls = [invite for part in invites for invite in part]
        assert Counter(call["follow_up"] for call in calls) == Counter(range(1, PEOPLE + 1))
        assert overlaps(calls, "phone") == []
        assert overlaps(calls, "slot") == []
        assert (await campaigns.progress(db, campaign.id)).dispositions == {"completed": PEOPLE}


async def test_claims_at_once_never_take_one_number_twice(store: Where) -> None:
    """Everybody stands in two campaigns, and each trunk serves both: all claims want the same few numbers."""
    people = [person(n) for n in range(4)]
    async with opened(store) as db:
        both = [await started(db, people, name=name) for name in ("this", "that")]
        wanted = [(campaign, trunk) for trunk in "abcd" for campaign in both]
        claims = await asyncio.gather(*(take(db, campaign, trunk=trunk) for campaign, trunk in wanted))
        phones = [claim.customer.phone for claim in claims if claim]
        assert sorted(phones) == sorted(one.phone for one in people)


async def test_a_pause_waits_for_no_claim_and_no_claim_passes_it(store: Where) -> None:
    """What was claimed before the pause may be there; after it nothing is claimed."""
    async with opened(store) as db:
        campaign = await started(db, [person(n) for n in range(20)])
        pause = campaigns.set_status(db, campaign.id, CampaignStatus.PAUSED, NOW)
        before = [take(db, campaign, trunk=trunk) for trunk in "abcd"]
        await asyncio.gather(*before, pause)
        assert await take(db, campaign) is None


async def test_a_killed_process_is_reconciled(store: Where) -> None:
    async with opened(store) as db:
        campaign = await started(db, [person(n) for n in range(3)])
        victim = process(store, "node-1", "hang")
        await start(victim)
        assert victim.stdout is not None
        invites = [json.loads(await asyncio.to_thread(victim.stdout.readline)) for _ in range(2)]
        assert await asyncio.to_thread(victim.stdout.readline) == "hanging\n"
        victim.kill()
        victim.communicate()
        # Its leases last: for another node nothing is lost yet; it itself knows at its next start.
        assert await ledger.reap(db, NOW, retry_in(10)) == []
        ended = await ledger.reconcile(db, "node-1", after(1), retry_in(10), hold_s=40)
        assert len(ended) == 3
        story = {one.follow_up_id: one for one in (await report.campaign_report(db, campaign.id)).customers}
        for invite in invites:
            (lost,) = story[invite["follow_up"]].attempts
            assert (lost.disposition, lost.rung, lost.valid, lost.ended_by) == (
                *("line_failure", True, False, "failure"),
            )
        assert {one.state for one in story.values()} == {FollowUpState.WAITING}
        # The one that was never dialed is free at once, with n = 1; the others when their hold is over.
        undialed = await taken(db, campaign, after(1))
        assert undialed.n == 1
        assert undialed.follow_up_id not in {invite["follow_up"] for invite in invites}
        assert await take(db, campaign, after(40)) is None
        assert (await taken(db, campaign, after(41))).n == 2


async def test_an_expired_lease_is_reaped_and_its_sleeper_may_not_dial(store: Where) -> None:
    async with opened(store) as db:
        campaign = await started(db, [person(1)])
        asleep = await taken(db, campaign, node="asleep")
        assert await ledger.reap(db, after(LEASE_S - 1), retry_in(0)) == []
        assert await ledger.reap(db, after(LEASE_S), retry_in(0)) == [asleep.attempt_id]
        another = await taken(db, campaign, after(LEASE_S), node="awake")
        assert another.n == 1
        assert not await ledger.permit_invite(db, asleep.attempt_id, after(LEASE_S))
        with pytest.raises(IllegalTransition):
            await ledger.close(db, ending(asleep, over()), after(LEASE_S))
        assert await ledger.permit_invite(db, another.attempt_id, after(LEASE_S))


async def test_a_dialed_call_whose_process_stalled_counts_as_rung(store: Where) -> None:
    async with opened(store) as db:
        campaign = await started(db, [person(1)])
        for n in range(1, 4):
            at = after(10_000 * n)
            claim = await dialed(db, campaign, at, node="asleep")
            assert claim.n == n
            assert await ledger.reap(db, after(10_000 * n + LEASE_S), retry_in(0)) == [claim.attempt_id]
            with pytest.raises(IllegalTransition):
                await ledger.close(db, ending(claim, over()), at)
        assert (await campaigns.progress(db, campaign.id)).dispositions == {"insufficient": 1}


async def test_a_renewed_lease_is_not_reaped(store: Where) -> None:
    async with opened(store) as db:
        campaign = await started(db, [person(1), person(2)])
        kept, lost = await dialed(db, campaign), await dialed(db, campaign)
        await ledger.renew(db, [kept.attempt_id], after(30), LEASE_S)
        assert await ledger.reap(db, after(LEASE_S), retry_in(0)) == [lost.attempt_id]


async def test_reconciling_leaves_other_nodes_alone(store: Where) -> None:
    async with opened(store) as db:
        campaign = await started(db, [person(1), person(2)])
        mine = await dialed(db, campaign, node="mine")
        await dialed(db, campaign, node="theirs")
        assert await ledger.reconcile(db, "mine", NOW, retry_in(0)) == [mine.attempt_id]
