"""A run over a real ledger, fake lines and virtual time: what is dialed, filed, retried, stopped (D1-D10)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from base.errors import LineError, ScriptError
from dialer.attempt import Desk, Plan, carry
from dialer.campaign import CampaignRunner
from dialer.line import protocol as line
from dialer.profile import Profile, load
from dialer.recordings import Recordings
from dialer.trunk import Trunk
from dialer.watching import CallEvent, Stage
from dialer.windows import LEAVING_S
from ivr.values import Action, Hangup, Listen, Outcome
from records import campaigns, jobs, ledger, report, schema
from records.database import Database
from records.model import Campaign, CampaignStatus, Claim, FollowUpState
from tests.fakes.clock import VirtualClock
from tests.fakes.database import CountedDatabase
from tests.fakes.line import FakeLeg, FakeLines, no_reply
from tests.fakes.talk import FakeEar, FakePrompts, FakeSession, play
from tests.records_kit import NOW, after, again, person, scalar, started, take, taken

PROFILES = Path(__file__).parents[2] / "config" / "profiles"
DEMO = load(PROFILES / "demo.yaml")
DEFAULT = load(PROFILES / "default.yaml")
SCRIPT = (play("hello"), Listen("hello"))
ANSWERS = ((), (play("bye"), Hangup()))

Far = Callable[["Exchange", FakeLeg], None]
"""What a customer's phone does when it is called."""


def a_trunk(name: str = "demo", **keys: Any) -> Trunk:
    """A trunk to the fake exchange."""
    told = {"uri": f"sip:{{number}}@{name}.example", "caller_id": "95500", "cps": 50, **keys}
    return Trunk.model_validate({"name": name, **told})


@dataclass
class Exchange:
    """A node with its lines, a clock and customers whose phones do what the test says."""

    db: CountedDatabase
    data: Path
    far: Far
    profile: Profile = DEMO
    outcome: Outcome = Outcome.COMPLETED
    start: datetime = NOW
    views: list[CallEvent] = field(default_factory=list)
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    channels: int = 4
    trunks: tuple[Trunk, ...] = ()
    later: list[asyncio.Task[None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lines = FakeLines(channels=self.channels, make=self.call)
        self.clock = VirtualClock(self.start, self.db.busy)

    def on(self, event: CallEvent) -> None:
        self.views.append(event)

    def call(self, order: line.Originate) -> FakeLeg:
        leg = FakeLeg(order=order, reply=self.talk)
        leg.give(line.Invited(leg.id, f"{leg.id}@far", self.clock.second))
        self.far(self, leg)
        return leg

    def talk(self, leg: FakeLeg, command: line.Command) -> Iterable[line.Event]:
        """An obliging customer: hears prompts out, says yes."""
        if isinstance(command, line.Play):
            return (line.Played(leg.id, command.play, leg.second, leg.tick(1.0), True),)
        if isinstance(command, line.Listen):
            start = leg.tick(0.3)
            return (line.Utterance(leg.id, command.listen, start, leg.tick(0.5), "是".encode()),)
        if isinstance(command, line.Hangup):
            return self.end(leg, line.EndedBy.US, 200 if leg.second else 487, answered=leg.second > 0)
        return ()

    def end(
        self,
        leg: FakeLeg,
        by: line.EndedBy,
        status: int,
        *,
        rang: float | None = None,
        answered: bool = False,
    ) -> tuple[line.Event, ...]:
        now = self.clock.second
        ringing = now if rang is not None or answered else None
        end = now + (rang or 0.0) + leg.second
        picked = now if answered else None
        ended = line.Ended(
            leg.id, status, "", 0, by, False, now, ringing, picked, end, ladder=("0.000 > INVITE",)
        )
        return ended, line.SlotFree(leg.id, end)

    def desk(self) -> Desk:
        return Desk(
            db=self.db,
            lines=self.lines,
            trunks=self.trunks or (a_trunk(channels=self.channels),),
            ear=FakeEar(),
            prompts=FakePrompts(),
            clock=self.clock,
            recordings=Recordings(self.data),
            observer=self,
            extension="8001",
            node="node-1",
        )

    def plan(self) -> Plan:
        session = FakeSession(ANSWERS, outcome=self.outcome)
        return Plan(self.profile, lambda _claim, _now: (session, SCRIPT))

    async def run(self, *, until_done: bool = True) -> None:
        await CampaignRunner(self.desk(), lambda _: self.plan()).run(until_done, self.stop)


def answers(exchange: Exchange, leg: FakeLeg) -> None:
    leg.answer(exchange.clock.second)


def answers_late(exchange: Exchange, leg: FakeLeg) -> None:
    """After two seconds, so that others are called meanwhile."""

    async def pick_up() -> None:
        await exchange.clock.sleep(2.0)
        leg.answer(exchange.clock.second)

    exchange.later.append(asyncio.create_task(pick_up()))


def never_answers(exchange: Exchange, leg: FakeLeg) -> None:
    ringing = line.Provisional(leg.id, 180, False, True, exchange.clock.second)
    leg.give(ringing, *exchange.end(leg, line.EndedBy.RING_LIMIT, 487, rang=30.0))


def refuses(status: int) -> Far:
    return lambda exchange, leg: leg.give(*exchange.end(leg, line.EndedBy.THEM, status))


def rings_on(exchange: Exchange, leg: FakeLeg) -> None:
    leg.give(line.Provisional(leg.id, 180, False, True, exchange.clock.second))


def hangs(exchange: Exchange, leg: FakeLeg) -> None:
    """Rings, and then its line worker says nothing more."""
    rings_on(exchange, leg)
    leg.reply = no_reply


def loses_its_worker(exchange: Exchange, leg: FakeLeg) -> None:
    """Rings, and then its line worker is gone: no slot is freed, for the far end rings on."""
    rings_on(exchange, leg)
    ended, _ = exchange.end(leg, line.EndedBy.FAILURE, 0, rang=1.0)
    leg.give(ended)


def stalls(exchange: Exchange, leg: FakeLeg) -> None:
    """Answers and then neither speaks nor lets a prompt end."""
    leg.reply = lambda one, command: (
        exchange.end(one, line.EndedBy.US, 200, answered=True) if isinstance(command, line.Hangup) else ()
    )
    leg.answer(exchange.clock.second)


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[CountedDatabase]:
    database = await CountedDatabase.open(tmp_path / "huifang.db")
    yield database
    await database.close()


async def story(db: Database, campaign: Campaign) -> report.CustomerReport:
    """What became of the campaign's only customer."""
    return (await report.campaign_report(db, campaign.id)).customers[0]


async def test_an_answered_call_is_filed_whole(db: CountedDatabase, tmp_path: Path) -> None:
    campaign = await started(db, [person(1)])
    exchange = Exchange(db, tmp_path, answers)
    await exchange.run()
    customer = await story(db, campaign)
    assert (customer.state, customer.disposition) == (FollowUpState.CLOSED, "completed")
    [attempt] = customer.attempts
    assert (attempt.n, attempt.rung, attempt.valid, attempt.sip_status) == (1, True, True, 200)
    assert attempt.talked_s == pytest.approx(2.8)
    assert [(one.prompt, one.start_s) for one in attempt.spoken] == [("hello", 0.0), ("bye", 1.8)]
    assert attempt.recording == "recordings/2026-03-04/20260304-150000_8001"
    assert (await campaigns.get(db, campaign.name)).status is CampaignStatus.FINISHED
    kinds = [event.kind for event in await ledger.events_of(db, attempt.id)]
    assert kinds[:4] == ["routed", "permitted", "invited", "rang"]
    assert kinds[-1] == "classified"


async def test_the_order_says_what_policy_and_trunk_want(db: CountedDatabase, tmp_path: Path) -> None:
    await started(db, [person(1)])
    exchange = Exchange(db, tmp_path, never_answers)
    await exchange.run()
    orders = [leg.order for leg in exchange.lines.legs if leg.order]
    assert len(orders) == 3
    assert {order.uri for order in orders} == {"sip:13800000001@demo.example"}
    assert {order.from_uri for order in orders} == {"sip:95500@demo.example"}
    assert {order.ring_limit_s for order in orders} == {30.0}
    assert len({order.record_customer for order in orders}) == 3


async def test_no_answer_is_tried_three_times_then_exhausted(db: CountedDatabase, tmp_path: Path) -> None:
    """D2, D10."""
    campaign = await started(db, [person(1)])
    exchange = Exchange(db, tmp_path, never_answers)
    await exchange.run()
    customer = await story(db, campaign)
    assert customer.disposition == "exhausted"
    assert [one.disposition for one in customer.attempts] == ["no_answer"] * 3
    assert all(one.valid and one.rang_s == pytest.approx(30.0) for one in customer.attempts)
    starts = [one.started_at for one in customer.attempts if one.started_at]
    assert all((later - sooner).total_seconds() >= 4 for sooner, later in pairwise(starts))
    assert exchange.views[-1].outcome == "exhausted"


@pytest.mark.parametrize(
    ("far", "outcome", "tries"),
    [(refuses(486), "exhausted", 3), (refuses(603), "exhausted", 3), (refuses(404), "unallocated_number", 1)],
    ids=["busy", "rejected", "empty number"],
)
async def test_refusals(db: CountedDatabase, tmp_path: Path, far: Far, outcome: str, tries: int) -> None:
    campaign = await started(db, [person(1)])
    exchange = Exchange(db, tmp_path, far)
    await exchange.run()
    customer = await story(db, campaign)
    assert (customer.disposition, len(customer.attempts)) == (outcome, tries)


async def test_the_next_attempt_keeps_the_deadline(db: CountedDatabase, tmp_path: Path) -> None:
    """An hour apart would be too late: a quarter of an hour, in the next part of the day."""
    campaign = await started(db, [person(1)], deadline=NOW.replace(hour=16, minute=30))
    begins = NOW.replace(hour=15, minute=50)
    exchange = Exchange(db, tmp_path, never_answers, profile=DEFAULT, start=begins)
    running = asyncio.create_task(exchange.run(until_done=False))
    await until(lambda: any(view.stage is Stage.ENDED for view in exchange.views))
    exchange.stop.set()
    await running
    due_at = (await story(db, campaign)).due_at
    assert due_at is not None
    assert NOW.replace(hour=16, minute=5) <= due_at < NOW.replace(hour=16, minute=10)


async def test_a_carrier_that_cuts_leaves_the_follow_up_insufficient(
    db: CountedDatabase, tmp_path: Path
) -> None:
    """D1, D2."""
    campaign = await started(db, [person(1)])

    def cuts(exchange: Exchange, leg: FakeLeg) -> None:
        leg.give(*exchange.end(leg, line.EndedBy.THEM, 480, rang=12.0))

    await Exchange(db, tmp_path, cuts).run()
    customer = await story(db, campaign)
    assert customer.disposition == "insufficient"
    assert {one.disposition for one in customer.attempts} == {"carrier_cut"}


async def test_no_more_calls_at_once_than_channels(db: CountedDatabase, tmp_path: Path) -> None:
    await started(db, [person(n) for n in range(7)])
    exchange = Exchange(db, tmp_path, answers_late, channels=2)
    await exchange.run()
    live = most = 0
    for view in exchange.views:
        live += {Stage.CLAIMED: 1, Stage.ENDED: -1}.get(view.stage, 0)
        most = max(most, live)
    assert most == 2
    assert len(exchange.lines.legs) == 7


async def test_a_stop_hangs_up_what_rings_and_a_later_run_goes_on(
    db: CountedDatabase, tmp_path: Path
) -> None:
    campaign = await started(db, [person(1)])
    exchange = Exchange(db, tmp_path, rings_on)
    running = asyncio.create_task(exchange.run())
    await until(lambda: any(view.stage is Stage.RINGING for view in exchange.views))
    exchange.stop.set()
    await running
    stopped = await story(db, campaign)
    assert [(one.disposition, one.rung, one.valid) for one in stopped.attempts] == [
        ("line_failure", True, False)
    ]
    assert stopped.state is FollowUpState.WAITING
    later = Exchange(db, tmp_path, answers, start=exchange.clock.now())
    await later.run()
    assert (await story(db, campaign)).disposition == "completed"


async def test_a_stop_breaks_a_talk_off_and_keeps_what_was_said(db: CountedDatabase, tmp_path: Path) -> None:
    campaign = await started(db, [person(1)])
    exchange = Exchange(db, tmp_path, stalls)
    running = asyncio.create_task(exchange.run())
    await until(lambda: any(view.saying for view in exchange.views))
    exchange.stop.set()
    await running
    [attempt] = (await story(db, campaign)).attempts
    assert (attempt.disposition, attempt.rung, attempt.valid) == ("line_failure", True, False)
    assert attempt.recording


async def test_a_cancelled_run_files_its_calls_too(db: CountedDatabase, tmp_path: Path) -> None:
    campaign = await started(db, [person(1)])
    exchange = Exchange(db, tmp_path, rings_on)
    running = asyncio.create_task(exchange.run())
    await until(lambda: any(view.stage is Stage.RINGING for view in exchange.views))
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    [attempt] = (await story(db, campaign)).attempts
    assert attempt.disposition == "line_failure"


async def test_a_line_that_never_reports_the_end_is_filed_and_its_number_held(
    db: CountedDatabase, tmp_path: Path
) -> None:
    campaign = await started(db, [person(1)])

    def deaf(exchange: Exchange, leg: FakeLeg) -> None:
        leg.reply = lambda _leg, _command: ()
        rings_on(exchange, leg)

    exchange = Exchange(db, tmp_path, deaf)
    running = asyncio.create_task(exchange.run())
    await until(lambda: any(view.stage is Stage.RINGING for view in exchange.views))
    exchange.stop.set()
    await running
    [attempt] = (await story(db, campaign)).attempts
    assert (attempt.disposition, attempt.rung) == ("line_failure", True)
    assert await scalar(db, sa.select(schema.attempt.c.hold_until)) is not None


async def test_no_line_leaves_nothing_rung(db: CountedDatabase, tmp_path: Path) -> None:
    campaign = await started(db, [person(1)])
    exchange = Exchange(db, tmp_path, answers)
    refused: list[line.Originate] = []

    def full(order: line.Originate) -> FakeLeg:
        if not refused:
            refused.append(order)
            raise LineError("no line worker has room")
        return exchange.call(order)

    exchange.lines.make = full
    await exchange.run()
    customer = await story(db, campaign)
    assert [(one.disposition, one.rung) for one in customer.attempts] == [
        ("line_failure", False),
        ("completed", True),
    ]


async def test_outside_the_windows_nothing_is_dialed(db: CountedDatabase, tmp_path: Path) -> None:
    """D3, D10: 19:00 is outside 15:00-18:00; the run ends, for nothing can be done today."""
    campaign = await started(db, [person(1)])
    exchange = Exchange(db, tmp_path, answers, profile=DEFAULT, start=NOW.replace(hour=19))
    await exchange.run()
    assert exchange.lines.legs == []
    assert (await story(db, campaign)).state is FollowUpState.WAITING


async def test_a_paused_campaign_rests_and_a_resumed_one_goes_on(db: CountedDatabase, tmp_path: Path) -> None:
    campaign = await started(db, [person(1)])
    await campaigns.set_status(db, campaign.id, CampaignStatus.PAUSED, NOW)
    exchange = Exchange(db, tmp_path, answers)
    await exchange.run()
    assert exchange.lines.legs == []
    await campaigns.set_status(db, campaign.id, CampaignStatus.RUNNING, NOW)
    await exchange.run()
    assert len(exchange.lines.legs) == 1


async def test_what_a_dead_process_left_is_reconciled_at_the_start(
    db: CountedDatabase, tmp_path: Path
) -> None:
    campaign = await started(db, [person(1)])
    await taken(db, campaign)
    exchange = Exchange(db, tmp_path, answers)
    await exchange.run()
    [attempt] = (await story(db, campaign)).attempts
    assert (attempt.n, attempt.disposition) == (1, "completed")


async def test_dialed_calls_of_a_dead_process_are_told_and_due_when_their_numbers_are_free(
    db: CountedDatabase, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """D10; and what they have recorded is kept (R1)."""
    campaign = await started(db, [person(1)])
    claim = await taken(db, campaign)
    assert await ledger.permit_invite(db, claim.attempt_id, NOW, recording="recordings/1")
    exchange = Exchange(db, tmp_path, answers)
    exchange.stop.set()
    await exchange.run()
    assert "their numbers rest" in capsys.readouterr().out
    [attempt] = (await story(db, campaign)).attempts
    assert (attempt.disposition, attempt.recording) == ("line_failure", "recordings/1")
    assert (await campaigns.progress(db, campaign.id)).next_due == await rests_until(db)
    assert await jobs.pending(db) == 1


async def test_the_stem_is_kept_before_the_call_is_dialed(db: CountedDatabase, tmp_path: Path) -> None:
    """R2: a crash during the call loses no recording."""
    await started(db, [person(1)])
    exchange = Exchange(db, tmp_path, rings_on)
    running = asyncio.create_task(exchange.run())
    await until(lambda: bool(exchange.lines.legs))
    stem = await scalar(db, sa.select(schema.attempt.c.recording))
    exchange.stop.set()
    await running
    order = exchange.lines.legs[0].order
    assert order is not None
    assert order.record_customer == f"{tmp_path}/{stem}_customer.wav"


async def until(true: Callable[[], bool]) -> None:
    """Let the others work until it is so."""
    async with asyncio.timeout(20):
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.002)


async def test_a_process_that_slept_past_its_lease_does_not_dial(db: CountedDatabase, tmp_path: Path) -> None:
    """D10: the claim was reaped meanwhile; the permit is refused and nothing is lost."""
    campaign = await started(db, [person(1)])
    claim = await taken(db, campaign)
    exchange = Exchange(db, tmp_path, answers, start=after(3600))
    await ledger.reap(db, after(3600), lambda _c, _h: again(after(3600)))
    await carry(claim, exchange.desk(), exchange.plan())
    assert exchange.lines.legs == []
    assert exchange.views[-1].stage is Stage.ENDED
    assert (await story(db, campaign)).attempts == ()


async def test_a_process_that_slept_past_the_window_does_not_dial(
    db: CountedDatabase, tmp_path: Path
) -> None:
    """D3, D10: claimed in time, awake again when the windows are closed: the claim is given back."""
    campaign = await started(db, [person(1)])
    claim = await taken(db, campaign)
    exchange = Exchange(db, tmp_path, answers, profile=DEFAULT, start=NOW.replace(hour=18))
    await carry(claim, exchange.desk(), exchange.plan())
    assert exchange.lines.legs == []
    assert (await story(db, campaign)).attempts == ()


async def test_nothing_begins_in_the_last_moments_of_a_window(db: CountedDatabase, tmp_path: Path) -> None:
    """D10: an INVITE takes a moment to leave, and must not leave after the window has closed."""
    await started(db, [person(1)])
    closing = NOW.replace(hour=17, minute=59, second=58, microsecond=1)
    exchange = Exchange(db, tmp_path, answers, profile=DEFAULT, start=closing)
    await exchange.run()
    assert exchange.lines.legs == []


async def test_an_order_to_dial_is_good_for_a_moment_only(db: CountedDatabase, tmp_path: Path) -> None:
    """D10: a process that sleeps between permit and INVITE must not dial when it wakes up."""
    campaign = await started(db, [person(1)])
    exchange = Exchange(db, tmp_path, answers)
    await carry(await taken(db, campaign), exchange.desk(), exchange.plan())
    [leg] = exchange.lines.legs
    assert leg.order is not None
    assert leg.order.not_after == LEAVING_S


async def test_a_call_that_was_closed_for_us_is_not_filed_twice(db: CountedDatabase, tmp_path: Path) -> None:
    campaign = await started(db, [person(1)])
    claim = await taken(db, campaign)
    exchange = Exchange(db, tmp_path, rings_on)
    calling = asyncio.create_task(carry(claim, exchange.desk(), exchange.plan()))
    await until(lambda: bool(exchange.lines.legs))
    await ledger.reap(db, after(3600), lambda _c, _h: again(after(3600)))
    leg = exchange.lines.legs[0]
    leg.give(*exchange.end(leg, line.EndedBy.THEM, 486))
    await calling
    assert [one.disposition for one in (await story(db, campaign)).attempts] == ["line_failure"]


async def test_a_call_whose_line_worker_hangs_is_broken_off_and_its_number_held(
    db: CountedDatabase, tmp_path: Path
) -> None:
    """The worker keeps the call's limits; where it hangs, nobody would ever end the call."""
    campaign = await started(db, [person(1)])
    exchange = Exchange(db, tmp_path, hangs)
    await carry(await taken(db, campaign), exchange.desk(), exchange.plan())
    [leg] = exchange.lines.legs
    assert len(leg.sent(line.Hangup)) == 1
    [attempt] = (await story(db, campaign)).attempts
    assert (attempt.disposition, attempt.rung, attempt.valid) == ("line_failure", True, False)
    assert await rests_until(db) >= attempt_end(attempt) + timedelta(seconds=ledger.HOLD_S)


async def test_a_script_that_lacks_words_for_a_customer_rings_nobody(
    db: CountedDatabase, tmp_path: Path
) -> None:
    campaign = await started(db, [person(1)])

    def lacking(_claim: Claim, _now: datetime) -> tuple[FakeSession, tuple[Action, ...]]:
        raise ScriptError("no text for {manager}", where="new_account")

    exchange = Exchange(db, tmp_path, answers)
    runner = CampaignRunner(exchange.desk(), lambda _: Plan(DEMO, lacking))
    with pytest.raises(ScriptError, match="manager"):
        await runner.run(True, exchange.stop)
    assert exchange.lines.legs == []
    assert (await story(db, campaign)).attempts == ()


async def rests_until(db: Database) -> datetime:
    """Until when the number of the only attempt is held."""
    until: datetime | None = await scalar(db, sa.select(schema.attempt.c.hold_until))
    assert until is not None
    return until


def attempt_end(attempt: report.AttemptReport) -> datetime:
    assert attempt.ended_at is not None
    return attempt.ended_at


async def test_a_call_whose_line_worker_died_counts_as_rung_and_its_number_rests(
    db: CountedDatabase, tmp_path: Path
) -> None:
    """D2, D10: nobody has told the far end that the call is over, so its number is not dialed meanwhile."""
    campaign = await started(db, [person(1)])
    exchange = Exchange(db, tmp_path, loses_its_worker)
    await carry(await taken(db, campaign), exchange.desk(), exchange.plan())
    [attempt] = (await story(db, campaign)).attempts
    assert (attempt.disposition, attempt.rung, attempt.valid) == ("line_failure", True, False)
    held = await rests_until(db)
    assert held >= attempt_end(attempt) + timedelta(seconds=ledger.HOLD_S)
    assert await take(db, campaign, held - timedelta(seconds=1)) is None
    assert await take(db, campaign, held + timedelta(seconds=1)) is not None
