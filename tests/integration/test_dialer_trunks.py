"""A run on several trunks, over a real ledger, fake lines and virtual time (D5, D10)."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from base.errors import LineError
from dialer.line import protocol as line
from records import campaigns, ledger, line_health, report
from records.database import Database
from records.model import Campaign, LineLimits, PhoneKind
from tests.exchange import Exchange, a_trunk, answers, answers_late, never_answers, refuses
from tests.fakes.database import CountedDatabase
from tests.fakes.line import FakeLeg
from tests.records_kit import after, person, started, take, taken

SHORT = {"pause_s": 2, "longest_pause_s": 4}


def by(exchange: Exchange) -> list[str]:
    """The trunk of each call, in their order."""
    return [leg.order.trunk for leg in exchange.lines.legs if leg.order]


def fails(exchange: Exchange, leg: FakeLeg) -> None:
    leg.give(*exchange.end(leg, line.EndedBy.FAILURE, 0))


def only(name: str, far: Callable[[Exchange, FakeLeg], None]) -> Callable[[Exchange, FakeLeg], None]:
    """One trunk's far end does this, all others answer."""

    def call(exchange: Exchange, leg: FakeLeg) -> None:
        assert leg.order is not None
        (far if leg.order.trunk == name else answers)(exchange, leg)

    return call


async def attempts_of(db: Database, campaign: Campaign) -> list[report.AttemptReport]:
    customers = (await report.campaign_report(db, campaign.id)).customers
    return [attempt for customer in customers for attempt in customer.attempts]


async def test_trunks_share_the_calls_and_say_why(db: CountedDatabase, tmp_path: Path) -> None:
    campaign = await started(db, [person(n) for n in range(8)])
    exchange = Exchange(db, tmp_path, answers, trunks=(a_trunk("one", weight=3), a_trunk("two")))
    await exchange.run()
    assert set(by(exchange)) == {"one", "two"}
    attempt = (await attempts_of(db, campaign))[0]
    [routed] = [one for one in await ledger.events_of(db, attempt.id) if one.kind == "routed"]
    assert routed.detail["trunk"] in {"one", "two"}
    assert str(routed.detail["why"]).startswith("D5: main line")


async def test_a_dead_trunk_is_paused_and_the_other_carries_on(db: CountedDatabase, tmp_path: Path) -> None:
    """No customer loses a ring by it (D2)."""
    campaign = await started(db, [person(n) for n in range(12)])
    trunks = (a_trunk("dead"), a_trunk("live"))
    exchange = Exchange(db, tmp_path, only("dead", fails), trunks=trunks)
    await exchange.run(until_done=True)
    attempts = await attempts_of(db, campaign)
    assert {one.disposition for one in attempts} == {"completed", "line_failure"}
    assert not any(one.rung for one in attempts if one.disposition == "line_failure")
    assert (await campaigns.progress(db, campaign.id)).dispositions == {"completed": 12}
    assert 3 <= by(exchange).count("dead") <= 4 + 3
    state = (await ledger.trunk_states(db))["dead"]
    assert state.paused_until is not None
    assert "transport failed" in state.paused_why


def refused(*, late: bool = False) -> Callable[[line.Originate], FakeLeg]:
    """A line worker that takes the order and sends no INVITE."""

    def call(order: line.Originate) -> FakeLeg:
        leg = FakeLeg(order=order)
        leg.give(line.Refused(leg.id, "Originate", "why", late), *leg.ending(line.EndedBy.FAILURE, 0))
        return leg

    return call


async def test_an_invite_that_is_never_sent_pauses_its_trunk_not_the_customers(
    db: CountedDatabase, tmp_path: Path
) -> None:
    """D2: the trunk's failures show in the ledger although no INVITE has a Call-ID."""
    campaign = await started(db, [person(n) for n in range(5)])
    exchange = Exchange(db, tmp_path, answers)

    def mends_soon(order: line.Originate) -> FakeLeg:
        return (exchange.call if exchange.clock.second >= 30 else refused())(order)

    exchange.lines.make = mends_soon
    await exchange.run()
    assert (await campaigns.progress(db, campaign.id)).dispositions == {"completed": 5}
    failed = [one for one in await attempts_of(db, campaign) if one.disposition == "line_failure"]
    assert 3 <= len(failed) <= 4 + 3
    kinds = [event.kind for event in await ledger.events_of(db, failed[0].id)]
    assert "unsent" in kinds


def no_room(_: line.Originate) -> FakeLeg:
    raise LineError("no line worker has room")


@pytest.mark.parametrize("make", [no_room, refused(late=True)], ids=["no room", "too late"])
async def test_what_is_no_trunks_fault_pauses_none(
    db: CountedDatabase, tmp_path: Path, make: Callable[[line.Originate], FakeLeg]
) -> None:
    campaign = await started(db, [person(1)])
    exchange = Exchange(db, tmp_path, answers)
    exchange.lines.make = make
    await exchange.run()
    assert (await campaigns.progress(db, campaign.id)).dispositions == {"insufficient": 1}
    assert await ledger.tried(db, "demo", 99) == ()


async def test_a_pause_grows_until_a_probe_call_rings(
    db: CountedDatabase, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    campaign = await started(db, [person(n) for n in range(4)])

    def comes_back(exchange: Exchange, leg: FakeLeg) -> None:
        begun.append(exchange.clock.second)
        (answers if len(begun) >= 5 else fails)(exchange, leg)

    begun: list[float] = []
    exchange = Exchange(db, tmp_path, comes_back, trunks=(a_trunk(breaker=SHORT, channels=1),))
    await exchange.run()
    told = capsys.readouterr().out
    assert told.count("the trunk is paused") == 2
    assert told.count("carries calls again") == 1
    assert begun[3] - begun[2] >= 2
    assert begun[4] - begun[3] >= 4
    assert (await campaigns.progress(db, campaign.id)).dispositions == {"completed": 4}
    assert (await ledger.trunk_states(db))["demo"].paused_until is None


async def test_calls_that_end_during_a_pause_say_nothing_of_its_end(
    db: CountedDatabase, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """They began before it: the pause ends with a probe call, it is not prolonged without one."""
    campaign = await started(db, [person(n) for n in range(5)])

    def one_lasts(exchange: Exchange, leg: FakeLeg) -> None:
        begun.append(exchange.clock.second)
        if len(begun) == 1:
            exchange.later.append(asyncio.create_task(is_busy(exchange, leg)))
        else:
            (answers if len(begun) > 4 else fails)(exchange, leg)

    async def is_busy(exchange: Exchange, leg: FakeLeg) -> None:
        await exchange.clock.sleep(1.5)
        leg.give(*exchange.end(leg, line.EndedBy.THEM, 486))

    begun: list[float] = []
    await Exchange(db, tmp_path, one_lasts, trunks=(a_trunk(breaker=SHORT, cps=4),)).run()
    assert capsys.readouterr().out.count("the trunk is paused") == 1
    assert 2 <= begun[4] - begun[3] < 4
    assert (await campaigns.progress(db, campaign.id)).dispositions == {"completed": 5}


async def test_numbers_that_never_ring_pause_the_trunk_refusals_after_ringing_do_not(
    db: CountedDatabase, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await started(db, [person(n) for n in range(7)])

    def rings_and_refuses(exchange: Exchange, leg: FakeLeg) -> None:
        leg.give(line.Provisional(leg.id, 180, False, True, exchange.clock.second))
        leg.give(*exchange.end(leg, line.EndedBy.THEM, 503, rang=30.0))

    trunk = a_trunk(breaker={"window": 5, **SHORT})
    await Exchange(db, tmp_path, rings_and_refuses, trunks=(trunk,)).run()
    assert "paused" not in capsys.readouterr().out
    await started(db, [person(n) for n in range(20, 27)], name="silent")
    exchange = Exchange(db, tmp_path, refuses(404), trunks=(trunk,), start=after(7200))
    await exchange.run()
    assert "numbers neither rang nor answered" in capsys.readouterr().out


async def test_a_barred_caller_id_waits_for_a_person(db: CountedDatabase, tmp_path: Path) -> None:
    campaign = await started(db, [person(1), person(2)])
    exchange = Exchange(db, tmp_path, refuses(403), trunks=(a_trunk(channels=1),))
    await exchange.run(until_done=True)
    assert len(exchange.lines.legs) == 1
    [attempt] = await attempts_of(db, campaign)
    assert (attempt.disposition, attempt.rung) == ("caller_barred", False)
    assert "barred" in (await ledger.trunk_states(db))["demo"].paused_why
    await ledger.resume_trunk(db, "demo")
    later = Exchange(db, tmp_path, answers, trunks=(a_trunk(),), start=after(7200))
    await later.run()
    assert (await campaigns.progress(db, campaign.id)).dispositions == {"completed": 2}


async def test_a_misdialled_number_is_dialed_in_the_other_form(db: CountedDatabase, tmp_path: Path) -> None:
    campaign = await started(db, [person(1)])

    def wants_a_zero(exchange: Exchange, leg: FakeLeg) -> None:
        assert leg.order is not None
        (answers if leg.order.uri.startswith("sip:01") else refuses(484))(exchange, leg)

    exchange = Exchange(db, tmp_path, wants_a_zero)
    await exchange.run()
    uris = [leg.order.uri for leg in exchange.lines.legs if leg.order]
    assert uris == ["sip:13800000001@demo.example", "sip:013800000001@demo.example"]
    first, second = await attempts_of(db, campaign)
    assert (first.disposition, first.rung) == ("misdialled", False)
    assert second.disposition == "completed"


async def test_who_does_not_pick_up_is_called_by_the_fall_back_line(
    db: CountedDatabase, tmp_path: Path
) -> None:
    campaign = await started(db, [person(1)])
    spare = a_trunk("spare", role="fallback", unanswered=2, caller_id="02161234567")
    exchange = Exchange(db, tmp_path, never_answers, trunks=(a_trunk("main"), spare))
    await exchange.run()
    assert by(exchange) == ["main", "main", "spare"]
    shown = exchange.lines.legs[-1].order
    assert shown is not None
    assert shown.from_uri == "sip:02161234567@spare.example"
    last = (await attempts_of(db, campaign))[-1]
    [routed] = [one for one in await ledger.events_of(db, last.id) if one.kind == "routed"]
    assert "2 attempts were not answered" in str(routed.detail["why"])


async def test_caps_of_a_line_send_the_rest_to_the_next(db: CountedDatabase, tmp_path: Path) -> None:
    await started(db, [person(n) for n in range(6)])
    trunks = (a_trunk("capped", weight=9, per_hour=2), a_trunk("open"))
    exchange = Exchange(db, tmp_path, answers, trunks=trunks)
    await exchange.run()
    assert Counter(by(exchange)) == {"capped": 2, "open": 4}


async def test_a_run_ends_when_every_line_has_made_its_days_calls(
    db: CountedDatabase, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    campaign = await started(db, [person(n) for n in range(6)])
    trunks = (a_trunk("one", per_day=2), a_trunk("two", per_day=1), a_trunk("spare", role="fallback"))
    exchange = Exchange(db, tmp_path, answers, trunks=trunks)
    await exchange.run()
    assert Counter(by(exchange)) == {"one": 2, "two": 1}
    assert capsys.readouterr().out.count("nobody more is called today") == 1
    assert (await campaigns.progress(db, campaign.id)).dispositions == {"completed": 3}


async def test_a_trunk_that_stops_answering_options_is_not_used(db: CountedDatabase, tmp_path: Path) -> None:
    await started(db, [person(n) for n in range(20)])
    health = {"options_s": 1, "down_after": 2}
    trunks = tuple(a_trunk(name, health=health, channels=1, cps=2) for name in ("gone", "here"))
    exchange = Exchange(db, tmp_path, answers_late, trunks=trunks)
    exchange.lines.options = lambda name: 0 if name == "gone" and exchange.clock.second > 3 else 200
    await exchange.run()
    taken_by = by(exchange)
    assert "gone" in taken_by[:4]
    assert "gone" not in taken_by[10:]
    assert len(taken_by) == 20


async def test_a_trunk_that_registers_is_used_once_it_is_registered(
    db: CountedDatabase, tmp_path: Path
) -> None:
    await started(db, [person(1)])
    exchange = Exchange(db, tmp_path, answers, trunks=(a_trunk(registrar="sip:reg.example"),))
    running = asyncio.create_task(exchange.run())
    await exchange.clock.sleep(3)
    assert exchange.lines.legs == []
    exchange.lines.registrations["demo"] = line.Registered("demo", 200, "OK", 0.0)
    await running
    assert len(exchange.lines.legs) == 1


async def test_a_line_is_changed_only_before_the_permit_and_where_there_is_room(db: CountedDatabase) -> None:
    campaign = await started(db, [person(n) for n in range(3)])
    spare, full = LineLimits("spare", 1, 100.0), LineLimits("full", 1, 100.0)
    first, second = await taken(db, campaign), await taken(db, campaign, after(1))
    assert await ledger.change_line(db, first.attempt_id, spare, after(1)) == 0
    assert await ledger.change_line(db, second.attempt_id, spare, after(2)) is None, "no channel is free"
    await ledger.pause_trunk(db, "full", None, "a person must look")
    assert await ledger.change_line(db, second.attempt_id, full, after(2)) is None, "it is paused"
    await ledger.resume_trunk(db, "full")
    assert await ledger.permit_invite(db, second.attempt_id, after(2))
    assert await ledger.change_line(db, second.attempt_id, full, after(3)) is None, "it was permitted"
    assert await take(db, campaign, after(3), trunk="demo") is not None, "the channel of the first is free"


async def test_an_extension_is_pressed_after_the_answer(db: CountedDatabase, tmp_path: Path) -> None:
    desk = replace(person(1), phone="+862161234567", phone_kind=PhoneKind.LANDLINE, extension="8012")
    campaign = await started(db, [desk])
    exchange = Exchange(db, tmp_path, answers)
    await exchange.run()
    [leg] = exchange.lines.legs
    kinds = [type(command) for command in leg.commands]
    assert kinds[:2] == [line.SendKeys, line.Play]
    assert leg.sent(line.SendKeys) == [line.SendKeys(leg.id, "8012")]
    assert leg.order is not None
    assert leg.order.uri == "sip:02161234567@demo.example"
    assert (await campaigns.progress(db, campaign.id)).dispositions == {"completed": 1}


async def test_health_is_kept_for_people_to_see(db: CountedDatabase, tmp_path: Path) -> None:
    await started(db, [person(n) for n in range(8)])
    trunk = a_trunk(health={"options_s": 1}, channels=1)
    await Exchange(db, tmp_path, answers_late, trunks=(trunk,)).run()
    [found] = await line_health.of_all(db)
    assert (found.node, found.trunk, found.up, found.status) == ("node-1", "demo", "up", 200)
    assert found.registered is None
    assert await line_health.calls_under_way(db) == {}
