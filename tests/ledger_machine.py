"""The ledger against a simple model of it, in any order that Hypothesis can think of (D2, D5, D10).

Nodes claim, dial, close and die; leases run out; sleepers wake late and go on as if nothing had happened;
campaigns and trunks are paused, numbers barred. What the far ends see is kept apart from what the ledger
says.
"""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections import Counter
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from base.clock import SHANGHAI
from base.errors import IllegalTransition
from records import campaigns, ledger
from records.database import Database
from records.model import Campaign, CampaignStatus, Caps, Claim, LineLimits, Next
from tests.ledger_books import books, most, states_fit
from tests.records_kit import LEASE_S, NOW, Where, again, ending, opened, over, person, retry_in, started

T = TypeVar("T")

MAX_RUNG = 2
"""Few, so that it is reached soon."""
CAPS = Caps(number_per_day=3, campaign_channels=2, node_channels=2)
LINES = {name: LineLimits(name, channels=2, cps=10, per_hour=3, per_day=4) for name in ("x", "y")}
SESSION_S = 1800.0
"""For so long at most a far leg lives on whose caller is gone."""

NODES, NAMES = st.sampled_from(["one", "two", "three"]), st.sampled_from(["this", "that"])
LINE, PICK = st.sampled_from(sorted(LINES)), st.integers(-9, -1)
DIGIT = st.integers(0, 9)
SECONDS = (1, 3, 31, 40, 61, 1801, 1801, 2400, 2400, 86_400)
HOLDS = (0, 0, 0, 0, 34, 0, 0, 0, 0, 1860)
OFTEN = (*("call",) * 6, *("hang up",) * 3, *("claim",) * 3, "dial", "dial", "wait", "wait")
SELDOM = ("reap", "start again", "renew", "give back", "other line", "final response", "disturb")
DISTURBANCES = ("pause", "pause line", "end", "", "", "", "", "", "", "")
VERB = st.sampled_from(OFTEN + SELDOM)
BARRED = person(3).phone


@dataclass
class Call:
    """A claim as its owner knows it. `gone`: the ledger has ended it behind the owner's back.

    `up_until`: when the far leg is certainly down; None while its caller is there.
    """

    claim: Claim
    node: str
    lease_until: datetime
    invited_at: datetime | None = None
    over: bool = False
    gone: bool = False
    silent: bool = False
    held: bool = False
    up_until: datetime | None = None

    @property
    def open(self) -> bool:
        return not self.over and not self.gone

    @property
    def rang(self) -> bool:
        return self.invited_at is not None and not self.silent

    def up(self, now: datetime) -> bool:
        """Whether a far leg may be up."""
        return self.invited_at is not None and (self.up_until is None or self.up_until > now)


class LedgerMachine(RuleBasedStateMachine):
    """Two campaigns over the same people, some of whom share a number; three nodes; two lines."""

    def __init__(self) -> None:
        super().__init__()
        self._loop = asyncio.Runner()
        self._opening = opened(self.new())
        self.db: Database = self.run(self._opening.__aenter__())
        self.now = NOW
        self.calls: list[Call] = []
        self.ended: dict[int, str] = {}
        self.status: dict[str, CampaignStatus] = {}
        self.campaigns: dict[str, Campaign] = {}
        self.paused: dict[str, datetime] = {}
        self.barred: set[str] = set()

    @staticmethod
    @abstractmethod
    def new() -> Where:
        """Where a new database is, or may be made."""

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._loop.run(work)

    def teardown(self) -> None:
        self.run(self._opening.__aexit__(None, None, None))
        self._loop.close()

    @initialize(steps=st.lists(st.tuples(VERB, NODES, NAMES, LINE, PICK, DIGIT), min_size=60, max_size=90))
    def begin(self, steps: list[tuple[str, str, str, str, int, int]]) -> None:
        """Single rules seldom lead far from an empty ledger: so many of them in a row."""
        people = [person(n, phone=person(max(n, 1)).phone) for n in range(5)]
        for name in ("this", "that"):
            self.campaigns[name] = self.run(started(self.db, people, name=name))
            self.status[name] = CampaignStatus.RUNNING
        for verb, node, name, line, pick, digit in steps:
            self._step(verb, node, name, line, pick, digit)
            self.the_books_are_right()
            self.nobody_rings_too_often()

    # --- time and other people's doing

    @precondition(lambda self: self.calls)
    @rule(seconds=st.sampled_from(SECONDS))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @precondition(lambda self: len(self.calls) > 2)
    @rule(name=NAMES, line=LINE, what=st.sampled_from(DISTURBANCES))
    def disturb(self, name: str, line: str, what: str) -> None:
        match what:
            case "pause":
                self._move(name, CampaignStatus.PAUSED)
            case "pause line":
                self.paused[line] = self.now + timedelta(seconds=30)
                self.run(ledger.pause_trunk(self.db, line, self.paused[line], "why"))
            case "end" if len(self.calls) > 7:
                self._move(name, CampaignStatus.CANCELLED)
                self.run(ledger.do_not_call(self.db, BARRED, "asked", self.now))
                self.barred.add(BARRED)
            case _:
                self._move(name, CampaignStatus.RUNNING)
                self.paused.pop(line, None)
                self.run(ledger.resume_trunk(self.db, line))

    def _move(self, name: str, to: CampaignStatus) -> None:
        with suppress(IllegalTransition):
            self.run(campaigns.set_status(self.db, self.campaigns[name].id, to, self.now, "why"))
            self.status[name] = to

    # --- a node's life

    def _step(self, verb: str, node: str, name: str, line: str, pick: int, digit: int) -> None:
        match verb:
            case "call":
                if self._take(node, name, line, probe=digit == 0, agreed=digit == 1):
                    self.dial(-1)
            case "claim":
                self._take(node, name, line)
            case "dial":
                self.dial(pick)
            case "hang up":
                self.hang_up(pick, silent=digit == 0, hold_s=HOLDS[digit], step=digit)
            case "wait":
                self.wait(SECONDS[digit])
            case "reap":
                self.reap()
            case "start again":
                self.start_again(node)
            case "renew":
                self.renew(node)
            case "give back":
                self.think_better_of_it(pick)
            case "other line":
                self.by_another_line(pick, line)
            case "final response":
                self.hear_the_final_response(pick)
            case "disturb":
                self.disturb(name, line, DISTURBANCES[digit])

    @rule(node=NODES, name=NAMES, line=LINE, probe=st.booleans(), agreed=st.booleans())
    def claim(self, node: str, name: str, line: str, probe: bool, agreed: bool) -> None:
        self._take(node, name, line, probe=probe, agreed=agreed)

    def _take(self, node: str, name: str, line: str, *, probe: bool = False, agreed: bool = False) -> bool:
        taken = self.run(self._claim(node, name, line, probe, agreed))
        if taken is None:
            return False
        assert self.status[name] is CampaignStatus.RUNNING
        assert probe or not self._is_paused(line)
        assert not probe or not [call for call in self._open() if call.claim.trunk == line]
        assert taken.appointment is not None or not agreed
        assert taken.customer.phone not in self.barred
        assert not [call for call in self.calls if call.open and _phone(call) == taken.customer.phone]
        self.calls.append(Call(taken, node, self.now + timedelta(seconds=LEASE_S)))
        return True

    async def _claim(self, node: str, name: str, line: str, probe: bool, agreed: bool) -> Claim | None:
        return await ledger.claim(
            self.db,
            self.campaigns[name],
            line=LINES[line],
            caps=CAPS,
            max_rung=MAX_RUNG,
            node=node,
            now=self.now,
            lease_s=LEASE_S,
            appointments_only=agreed,
            probe=probe,
        )

    @precondition(lambda self: self._some(_believed))
    @rule(pick=PICK, line=LINE)
    def by_another_line(self, pick: int, line: str) -> None:
        call = self._one(pick, _believed)
        if call is None or call.claim.trunk == line:
            return
        slot = self.run(ledger.change_line(self.db, call.claim.attempt_id, LINES[line], self.now))
        if slot is not None:
            assert call.open
            assert call.invited_at is None
            assert not self._is_paused(line)
            call.claim = replace(call.claim, trunk=line, slot=slot)

    @precondition(lambda self: self._some(_believed))
    @rule(pick=PICK)
    def dial(self, pick: int) -> None:
        """Also by a sleeper that wakes late, and twice."""
        call = self._one(pick, _believed)
        if call is None:
            return
        lasts = call.lease_until > self.now + timedelta(seconds=ledger.PERMIT_MARGIN_S)
        runs = self.status[call.claim.campaign.name] is CampaignStatus.RUNNING
        allowed = call.open and call.invited_at is None and lasts and runs and _phone(call) not in self.barred
        assert self.run(ledger.permit_invite(self.db, call.claim.attempt_id, self.now)) == allowed
        if allowed:
            self._nobody_is_called_too_much(call)
            call.invited_at = self.now

    @precondition(lambda self: self._some(_dialed))
    @rule(pick=PICK, silent=st.booleans(), hold_s=st.sampled_from(HOLDS), step=DIGIT)
    def hang_up(self, pick: int, silent: bool, hold_s: int, step: int) -> None:
        call = self._one(pick, _dialed)
        if call is None:
            return
        hold = self.now + timedelta(seconds=hold_s) if hold_s else None
        closing = replace(
            ending(call.claim, self._next(step), at=self.now), rung=not silent, valid=False, hold_until=hold
        )
        if self._may(call, ledger.close(self.db, closing, self.now)):
            self.ended[call.claim.attempt_id] = closing.disposition
            call.silent, call.held, call.up_until = silent, hold is not None, hold or self.now
        call.over = True

    @precondition(lambda self: self._some(_believed))
    @rule(pick=PICK)
    def think_better_of_it(self, pick: int) -> None:
        """What was dialed cannot be given back."""
        call = self._one(pick, _believed)
        if call is None:
            return
        back = ledger.give_back(self.db, call.claim.attempt_id, self.now)
        call.over = self._may(call, back, only_if=call.invited_at is None) or call.gone

    @precondition(lambda self: self._some(_held))
    @rule(pick=PICK)
    def hear_the_final_response(self, pick: int) -> None:
        call = self._one(pick, _held)
        if call is not None:
            self.run(ledger.release(self.db, call.claim.attempt_id, self.now))
            call.up_until = min(call.up_until or self.now, self.now)

    @precondition(lambda self: self._open())
    @rule(node=NODES)
    def renew(self, node: str) -> None:
        """By a node that believes that all its calls are still its own."""
        mine = [call for call in self.calls if call.node == node and not call.over]
        ids = [call.claim.attempt_id for call in mine]
        self.run(ledger.renew(self.db, ids, self.now, LEASE_S))
        for call in mine:
            if call.open:
                call.lease_until = self.now + timedelta(seconds=LEASE_S)

    @precondition(lambda self: self._some(self._late))
    @rule()
    def reap(self) -> None:
        self._lost(self.run(ledger.reap(self.db, self.now, retry_in(30))), "")

    @precondition(lambda self: self._open())
    @rule(node=NODES)
    def start_again(self, node: str) -> None:
        """After kill -9; what its predecessor had in flight may still arrive."""
        self._lost(self.run(ledger.reconcile(self.db, node, self.now, retry_in(30))), node)

    # --- what must hold

    @invariant()
    def the_books_are_right(self) -> None:
        attempts, follow_ups = self.run(self.db.read(books))
        open_rows = [row for row in attempts if row.ended_at is None]
        assert {row.id for row in open_rows} == {call.claim.attempt_id for call in self._open()}
        assert most(open_rows, "phone") <= 1
        assert most(open_rows, "trunk", "slot") <= 1
        assert all(row.slot < LINES[row.trunk].channels for row in open_rows)
        assert most(open_rows, "node") <= (CAPS.node_channels or 0)
        assert most(open_rows, "campaign_id") <= (CAPS.campaign_channels or 0)
        kept = {row.id: row.disposition for row in attempts}
        assert all(kept[attempt] == disposition for attempt, disposition in self.ended.items())
        assert {call.claim.attempt_id for call in self.calls if call.invited_at} <= set(kept)
        states_fit(follow_ups, {row.follow_up_id for row in open_rows})

    @invariant()
    def nobody_rings_too_often(self) -> None:
        rings = Counter(call.claim.follow_up_id for call in self.calls if call.rang)
        assert max(rings.values(), default=0) <= MAX_RUNG

    def _nobody_is_called_too_much(self, call: Call) -> None:
        """At the moment when its INVITE leaves."""
        phone, line = _phone(call), LINES[call.claim.trunk]
        assert not [one for one in self.calls if one.up(self.now) and _phone(one) == phone]
        calls = [one for one in self.calls if one.claim.trunk == line.name and one.invited_at]
        hour = [one for one in calls if one.invited_at and one.invited_at > self.now - timedelta(hours=1)]
        assert len(hour) < (line.per_hour or 0)
        assert len([one for one in calls if self._today(one)]) < (line.per_day or 0)
        rings = [one for one in self.calls if one.rang and self._today(one) and _phone(one) == phone]
        assert len(rings) < (CAPS.number_per_day or 0) or call.claim.appointment is not None

    # --- small things

    def _today(self, call: Call) -> bool:
        return call.invited_at is not None and _day(call.invited_at) == _day(self.now)

    def _is_paused(self, line: str) -> bool:
        return self.paused.get(line, self.now) > self.now

    def _open(self) -> list[Call]:
        return [call for call in self.calls if call.open]

    def _late(self, call: Call) -> bool:
        return call.open and call.lease_until <= self.now

    def _some(self, which: Callable[[Call], bool]) -> bool:
        return any(map(which, self.calls))

    def _one(self, pick: int, which: Callable[[Call], bool]) -> Call | None:
        found = [call for call in self.calls if which(call)]
        return found[pick % len(found)] if found else None

    def _may(self, call: Call, doing: Coroutine[Any, Any, None], *, only_if: bool = True) -> bool:
        """Do it; it is refused exactly where the ledger has ended the attempt, or `only_if` is False."""
        allowed = call.open and only_if
        try:
            self.run(doing)
        except IllegalTransition:
            assert not allowed
            return False
        assert allowed
        return True

    def _next(self, step: int) -> Next:
        soon = self.now + timedelta(seconds=30)
        steps = {0: over(), 1: again(soon), 2: again(soon, appointment=True)}
        return steps.get(step, again(self.now))

    def _lost(self, ids: list[int], node: str) -> None:
        lost = [call for call in self._open() if call.node == node or self._late(call)]
        assert set(ids) == {call.claim.attempt_id for call in lost}
        for call in lost:
            call.gone = True
            if call.invited_at is not None:
                self.ended[call.claim.attempt_id] = "line_failure"
                call.up_until = self.now + timedelta(seconds=SESSION_S)


def _believed(call: Call) -> bool:
    """Its owner takes it for open, be it gone or not."""
    return not call.over


def _dialed(call: Call) -> bool:
    return not call.over and call.invited_at is not None


def _held(call: Call) -> bool:
    return call.held and not call.gone


def _phone(call: Call) -> str:
    return call.claim.customer.phone


def _day(moment: datetime) -> object:
    return moment.astimezone(SHANGHAI).date()
