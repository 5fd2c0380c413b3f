"""What listeners are still to be told, on both engines: nothing is lost, nothing is made twice."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from base.errors import InputError
from records import deliveries, listeners
from records.database import Database
from records.deliveries import GIVEN_UP, LEASE
from records.listeners import Happening
from tests.case_kit import FLAG, flagged
from tests.records_kit import NOW, Where, after, opened, person, started

HOOK = "https://risk.test/hook"


async def _listening(db: Database, *events: Happening, branch: str = "") -> None:
    await listeners.add(db, HOOK, "secret", events, branch, "1001", NOW)


async def test_a_severe_flag_and_a_finished_call_are_found_once(store: Where) -> None:
    async with opened(store) as db:
        await _listening(db)
        call = await flagged(db, await started(db, [person(1)]), replace(FLAG, severity="high"))
        assert await deliveries.find(db, after(1)) == 2
        assert await deliveries.find(db, after(2)) == 0
        found = await deliveries.due(db, after(2))
        assert {(one.event, one.object_id) for one in found} == {
            (Happening.CALL_FINISHED, call),
            (Happening.SEVERE_FLAG, call),
        }


async def test_a_flag_that_is_not_severe_is_nobodys_alarm(store: Where) -> None:
    async with opened(store) as db:
        await _listening(db, Happening.SEVERE_FLAG)
        await flagged(db, await started(db, [person(1)]), replace(FLAG, severity="low"))
        assert await deliveries.find(db, after(1)) == 0


async def test_a_branch_is_told_of_its_own(store: Where) -> None:
    async with opened(store) as db:
        await _listening(db, Happening.CALL_FINISHED, branch="别处营业部")
        await flagged(db, await started(db, [person(1)]))
        assert await deliveries.find(db, after(1)) == 0


async def test_what_was_before_a_listener_is_not_told(store: Where) -> None:
    async with opened(store) as db:
        await flagged(db, await started(db, [person(1)]))
        await listeners.add(db, HOOK, "secret", (), "", "1001", after(60))
        assert await deliveries.find(db, after(61)) == 0


async def test_nobody_else_gets_what_is_being_sent_until_it_is_given_up_on(store: Where) -> None:
    async with opened(store) as db:
        await _listening(db, Happening.CALL_FINISHED)
        await flagged(db, await started(db, [person(1)]))
        await deliveries.find(db, after(1))
        both = await asyncio.gather(deliveries.due(db, after(1)), deliveries.due(db, after(1)))
        assert sum(map(len, both)) == 1
        crashed = after(1) + LEASE
        assert len(await deliveries.due(db, crashed)) == 1


async def test_what_fails_is_tried_later_and_given_up_after_days(store: Where) -> None:
    async with opened(store) as db:
        await _listening(db, Happening.CALL_FINISHED)
        await flagged(db, await started(db, [person(1)]))
        await deliveries.find(db, after(1))
        (one,) = await deliveries.due(db, after(1))
        await deliveries.failed(db, one, "HTTP 500", after(1))
        assert await deliveries.due(db, after(5)) == []
        (again,) = await deliveries.due(db, after(6))
        assert again.tries == 1
        await deliveries.failed(db, again, "HTTP 500", NOW + GIVEN_UP + timedelta(seconds=1))
        assert await deliveries.due(db, NOW + 3 * GIVEN_UP) == []
        (standing,) = (await deliveries.standing(db)).values()
        assert standing == (0, 0, "HTTP 500")


async def test_what_arrived_is_over(store: Where) -> None:
    async with opened(store) as db:
        await _listening(db, Happening.CALL_FINISHED)
        await flagged(db, await started(db, [person(1)]))
        await deliveries.find(db, after(1))
        (one,) = await deliveries.due(db, after(1))
        await deliveries.arrived(db, one, "HTTP 200", after(2))
        assert await deliveries.due(db, NOW + 3 * GIVEN_UP) == []
        assert list((await deliveries.standing(db)).values()) == [(0, 1, "HTTP 200")]


async def test_facts_name_nobody(store: Where) -> None:
    """Neither name nor number nor a word that was said leaves by an event (A2)."""
    async with opened(store) as db:
        await _listening(db, Happening.CALL_FINISHED)
        call = await flagged(db, await started(db, [person(1)]))
        await deliveries.find(db, after(1))
        (one,) = await deliveries.due(db, after(1))
        facts = await deliveries.facts(db, one)
        assert facts["call"] == call
        assert set(facts) == {
            *("call", "customer", "n", "campaign", "kind", "disposition", "ended_at", "rang_s", "talked_s")
        }
        assert isinstance(facts["customer"], int)


async def test_a_stopped_listener_gets_nothing_and_may_come_back(store: Where) -> None:
    async with opened(store) as db:
        await _listening(db, Happening.CALL_FINISHED)
        with pytest.raises(InputError, match="already"):
            await _listening(db)
        await flagged(db, await started(db, [person(1)]))
        await deliveries.find(db, after(1))
        await listeners.stop(db, HOOK, "1001", after(2))
        assert await deliveries.due(db, after(3)) == []
        with pytest.raises(InputError, match="not told"):
            await listeners.stop(db, HOOK, "1001", after(2))
        await listeners.add(db, HOOK, "new", (), "", "1001", after(4))
        assert [one.secret for one in await listeners.everything(db)] == ["new"]
