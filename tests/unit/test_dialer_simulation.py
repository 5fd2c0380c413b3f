"""Weeks of calling in virtual time: windows, policy and pacing together, thousands of follow-ups (D2-D10)."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from base import calendar_files
from base.clock import SHANGHAI
from dialer.disposition import Disposition as D
from dialer.pacing import Pace, Permit, admit
from dialer.policy import decide
from dialer.profile import Profile, load
from dialer.windows import Slot, is_legal, is_open, next_legal, next_open, slot_of
from records.model import Next, PastAttempt

SHIPPED = Path(__file__).parents[2] / "config"
CALENDAR = calendar_files.load(SHIPPED / calendar_files.MARKET_FILE, None)
DEFAULT = load(SHIPPED / "profiles" / "default.yaml", calendar=CALENDAR)

OUTCOMES = {
    # weight, rung, valid
    D.COMPLETED: (20, True, True),
    D.NO_ANSWER: (30, True, True),
    D.BUSY: (10, True, True),
    D.REJECTED: (8, True, True),
    D.POWERED_OFF: (6, True, True),
    D.CARRIER_CUT: (6, True, False),
    D.SILENT: (2, True, True),
    D.RESCHEDULED: (5, True, True),
    D.NETWORK_BUSY: (3, True, False),
    D.LINE_FAILURE: (4, False, False),
    D.MISDIALLED: (3, False, False),
    D.CALLER_BARRED: (1, False, False),
    D.UNALLOCATED_NUMBER: (2, False, False),
}


@dataclass
class Case:
    """One follow-up. `step`: when it is due."""

    id: int
    rank: int
    deadline: datetime
    step: Next
    history: tuple[PastAttempt, ...] = ()
    agreed: list[bool] = field(default_factory=list)
    """Of each attempt, whether it was an appointment."""


@dataclass
class Firm:
    """A dialer of one line, driven by a heap of moments instead of a clock."""

    profile: Profile
    pace: Pace
    chance: Random
    cases: list[Case]
    begun: list[datetime] = field(default_factory=list)
    most: int = 0
    idle_while_due: int = 0

    def run(self, start: datetime) -> None:
        """Until every follow-up is closed."""
        waiting = [(due, case.id) for case in self.cases if (due := case.step.due_at)]
        heapq.heapify(waiting)
        ends: list[tuple[datetime, int]] = []
        ready: list[tuple[int, datetime, datetime, int]] = []
        now = start
        while waiting or ready or ends:
            while ends and ends[0][0] <= now:
                self._end(self.cases[heapq.heappop(ends)[1]], now, waiting)
            while waiting and waiting[0][0] <= now:
                due, number = heapq.heappop(waiting)
                case = self.cases[number]
                heapq.heappush(ready, (0 if case.step.appointment else case.rank, case.deadline, due, number))
            later = list(self._dial(now, ready, ends))
            later += [ends[0][0]] if ends else []
            later += [waiting[0][0]] if waiting else []
            if not later:
                return
            now = min(moment for moment in later if moment > now)

    def _dial(
        self,
        now: datetime,
        ready: list[tuple[int, datetime, datetime, int]],
        ends: list[tuple[datetime, int]],
    ) -> Iterator[datetime]:
        """Begin what may begin; gives when more may."""
        while ready:
            agreed = ready[0][0] == 0
            if not (is_legal(self.profile, now) if agreed else is_open(self.profile, now)):
                yield next_legal(self.profile, now) if agreed else next_open(self.profile, now)
                return
            last = self.begun[-1] if self.begun else None
            answer = admit(self.pace, now, active=len(ends), last_invite=last)
            if not isinstance(answer, Permit):
                self.idle_while_due += answer.until is None and len(ends) < self.pace.channels
                yield from [answer.until] if answer.until else []
                return
            case = self.cases[heapq.heappop(ready)[3]]
            case.agreed.append(case.step.appointment)
            self.begun.append(now)
            length = timedelta(seconds=self.chance.uniform(2.0, 90.0))
            heapq.heappush(ends, (now + length, case.id))
            case.history = (
                *case.history,
                PastAttempt(len(case.history) + 1, now, None, "line_failure", True, False),
            )
            self.most = max(self.most, len(ends))

    def _end(self, case: Case, now: datetime, waiting: list[tuple[datetime, int]]) -> None:
        word = self.chance.choices(list(OUTCOMES), [weight for weight, _, _ in OUTCOMES.values()])[0]
        _, rung, valid = OUTCOMES[word]
        n, begun = len(case.history), case.history[-1].invited_at
        case.history = (*case.history[:-1], PastAttempt(n, begun, now, word, rung, valid))
        wish = now + timedelta(hours=self.chance.uniform(0.1, 60.0)) if word is D.RESCHEDULED else None
        case.step = decide(
            self.profile, case.history, now, appointment=wish, deadline=case.deadline, spread=case.id
        )
        if case.step.due_at is not None:
            heapq.heappush(waiting, (case.step.due_at, case.id))


START = datetime(2026, 2, 9, 9, tzinfo=SHANGHAI)
"""A Monday; the made-up Saturday and the spring festival follow."""


def firm(seed: int, size: int, pace: Pace) -> Firm:
    chance = Random(seed)
    cases = [
        Case(
            n,
            chance.choice((1, 2, 2, 2)),
            START + timedelta(days=chance.randint(1, 40)),
            Next(START, False, "", ""),
        )
        for n in range(size)
    ]
    return Firm(DEFAULT, pace, chance, cases)


@pytest.mark.parametrize(("seed", "size", "pace"), [(1, 1500, Pace(12, 3.0)), (2, 1500, Pace(60, 7.0))])
def test_weeks_of_calling_keep_every_rule(seed: int, size: int, pace: Pace) -> None:
    played = firm(seed, size, pace)
    played.run(START)
    for case in played.cases:
        assert case.step.due_at is None
        assert sum(one.rung for one in case.history) <= DEFAULT.attempts
        assert sum(not one.rung for one in case.history) <= DEFAULT.unrung_attempts
        assert _outside(case) == []
        assert [slot for slot, count in _rung_slots(case).items() if count > 1] == []
    assert len(played.begun) > 2 * size
    assert (played.most, played.idle_while_due) == (pace.channels, 0)
    assert all(
        later - earlier >= pace.gap for earlier, later in zip(played.begun, played.begun[1:], strict=False)
    )


def test_the_urgent_go_first() -> None:
    """P4: abnormal first, then by deadline."""
    played = firm(3, 800, Pace(5, 2.0))
    played.run(START)
    first = sorted((case.history[0].invited_at or START, case.rank, case.deadline) for case in played.cases)
    assert [(rank, deadline) for _, rank, deadline in first] == sorted(
        (case.rank, case.deadline) for case in played.cases
    )


def _outside(case: Case) -> list[PastAttempt]:
    """Attempts that began when none may."""
    return [
        one
        for one, agreed in zip(case.history, case.agreed, strict=True)
        if one.invited_at is None
        or not (is_legal(DEFAULT, one.invited_at) if agreed else is_open(DEFAULT, one.invited_at))
    ]


def _rung_slots(case: Case) -> Counter[Slot | None]:
    """How often the phone rang in each part of a day, agreed times apart."""
    return Counter(
        slot_of(DEFAULT, one.invited_at)
        for one, agreed in zip(case.history, case.agreed, strict=True)
        if one.rung and not agreed and one.invited_at
    )
