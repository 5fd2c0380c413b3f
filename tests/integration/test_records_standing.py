"""What waits for what, how much of a line is used, and which calls a campaign has."""

from __future__ import annotations

from dataclasses import replace

from records import ledger, standing
from records.calls import calls_of
from records.model import Caps
from records.standing import Waits
from tests.records_kit import (
    NOW,
    Where,
    after,
    again,
    dialed,
    ending,
    opened,
    person,
    started,
    take,
    taken,
)


async def test_each_that_waits_has_its_reason(store: Where) -> None:
    async with opened(store) as db:
        shared = person(0, name="another")
        campaign = await started(db, [*(person(n) for n in range(6)), shared])
        held, later, agreed, enough = [await dialed(db, campaign) for _ in range(4)]
        await ledger.close(db, ending(later, again(after(3600))), NOW)
        await ledger.close(db, ending(agreed, again(after(900), appointment=True)), NOW)
        await ledger.close(db, ending(enough, again(NOW)), NOW)
        claims = [await take(db, campaign, after(1), caps=Caps(number_per_day=1)) for _ in range(3)]
        assert [claim is not None for claim in claims] == [True, True, False]
        assert claims[0] is not None
        await ledger.give_back(db, claims[0].attempt_id, after(1))
        await ledger.close(db, replace(ending(held, again(NOW)), hold_until=after(600)), NOW)
        # Put off: `enough`, and the other customer of the number that is held.
        found = await standing.waits(db, campaign.id, after(2))
        assert found == Waits(due=1, resting=1, held_until=after(600), put_off=2, later=2, appointments=1)


async def test_a_campaigns_calls_are_listed_with_what_came_next(store: Where) -> None:
    async with opened(store) as db:
        campaign = await started(db, [person(1)])
        first = await dialed(db, campaign)
        await ledger.close(db, ending(first, again(NOW)), NOW)
        second = await taken(db, campaign)
        listed = await calls_of(db, campaign.id)
        assert [(one.id, one.n, one.disposition, one.rule) for one in listed] == [
            (first.attempt_id, 1, "no_answer", "D2: try again"),
            (second.attempt_id, 2, "", ""),
        ]
