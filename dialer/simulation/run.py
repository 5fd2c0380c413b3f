"""The virtual clock: a dialer of one trunk that moves from event to event instead of waiting.

Whether a call may begin, whose turn it is and what follows it are decided by the code that decides it in a
real run: `windows.may_begin`, `pacing.admit`, `records.turns`, `policy.decide`. What the ledger holds besides
is held here as well: one live call to a number, the day's cap of a number over all its follow-ups, the list
of numbers that are never called (D2, D10). A run is a function of what it is given.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from base.clock import SHANGHAI
from dialer.pacing import Pace, Permit, admit
from dialer.policy import decide
from dialer.profile import Profile
from dialer.simulation.far_end import FarEnd, Taken
from dialer.simulation.model import DO_NOT_CALL, Call, FollowUp, Owed, Trace
from dialer.windows import may_begin, next_legal, next_open
from records.model import Next, PastAttempt
from records.turns import Turn, turn_of

Progress = Callable[[datetime], None]
"""Told the virtual time now and then."""


def run(
    profile: Profile,
    pace: Pace,
    owed: Sequence[Owed],
    far_end: FarEnd,
    *,
    start: datetime,
    end: datetime,
    barred: Iterable[str] = (),
    progress: Progress | None = None,
) -> Trace:
    """Call all that is owed from `start` on; what is on the line at `end` is finished.

    Args:
        owed: with ids 0, 1, 2, …
        barred: numbers that are never called.
    """
    dialer = _Dialer(profile, pace, owed, far_end, set(barred))
    dialer.run(start, end, progress)
    return Trace(start, end, tuple(dialer.follow_ups), tuple(dialer.calls))


class _Dialer:
    def __init__(
        self, profile: Profile, pace: Pace, owed: Sequence[Owed], far_end: FarEnd, barred: set[str]
    ) -> None:
        self._profile = profile
        self._pace = pace
        self._far_end = far_end
        self._barred = barred
        self.follow_ups = [FollowUp(one, Next(one.from_, False, "", "")) for one in owed]
        self.calls: list[Call] = []
        self._waiting = [(one.from_, one.id) for one in owed]
        heapq.heapify(self._waiting)
        self._ready: list[Turn] = []
        self._live: list[tuple[datetime, int, Call]] = []
        self._last_invite: datetime | None = None
        self._in_use: dict[str, list[Turn]] = {}
        """Of numbers on the line: the turns that wait for their end."""
        self._of_campaign: Counter[int] = Counter()
        self._beyond: defaultdict[int, list[Turn]] = defaultdict(list)
        """Of campaigns that have all their channels in use: the turns that wait for one."""
        self._rings: Counter[str] = Counter()
        self._today: date | None = None

    def run(self, start: datetime, end: datetime, progress: Progress | None) -> None:
        now = start
        while now < end:
            if now.date() != self._today:
                self._today = now.date()
                self._rings.clear()
                if progress is not None:
                    progress(now)
            self._finish(now)
            self._wake(now)
            later = self._dial(now)
            times = [heap[0][0] for heap in (self._live, self._waiting) if heap]
            if later is not None:
                times.append(later)
            if not times:
                return
            now = min(times)
        self._finish(None)

    def _finish(self, now: datetime | None) -> None:
        """End the calls that are over by now, or all of them."""
        while self._live and (now is None or self._live[0][0] <= now):
            _, _, call = heapq.heappop(self._live)
            self._end(self.follow_ups[call.follow_up_id], call)

    def _end(self, one: FollowUp, call: Call) -> None:
        owed = one.owed
        past = PastAttempt(len(one.history) + 1, call.at, call.until, call.disposition, call.rung, call.valid)
        one.history = (*one.history, past)
        self._rings[call.number] += call.rung
        self._free(owed)
        if call.never:
            self._barred.add(call.number)
        step = decide(
            self._profile,
            one.history,
            call.until,
            appointment=call.wish,
            deadline=owed.deadline,
            spread=owed.id,
        )
        self._follow(one, step, call.until)

    def _free(self, owed: Owed) -> None:
        for turn in self._in_use.pop(owed.number):
            heapq.heappush(self._ready, turn)
        campaign = owed.place.campaign_id
        self._of_campaign[campaign] -= 1
        if self._beyond[campaign]:
            heapq.heappush(self._ready, heapq.heappop(self._beyond[campaign]))

    def _follow(self, one: FollowUp, step: Next, now: datetime) -> None:
        one.step = step
        if step.due_at is None:
            one.closed_at = now
        else:
            heapq.heappush(self._waiting, (step.due_at, one.owed.id))

    def _wake(self, now: datetime) -> None:
        """Follow-ups that are due by now take their turns."""
        while self._waiting and self._waiting[0][0] <= now:
            due_at, id_ = heapq.heappop(self._waiting)
            one = self.follow_ups[id_]
            turn = turn_of(one.owed.place, due_at, appointment=one.step.appointment)
            heapq.heappush(self._ready, turn)

    def _dial(self, now: datetime) -> datetime | None:
        """Begin what may begin; when more may, None when something must end or become due first."""
        while self._ready:
            turn = self._ready[0]
            one = self.follow_ups[turn[-1]]
            if one.owed.number in self._barred:
                heapq.heappop(self._ready)
                self._follow(one, Next(None, False, DO_NOT_CALL, "D10: never to be called"), now)
                continue
            agreed = one.step.appointment
            if not may_begin(self._profile, now, agreed=agreed):
                return self._opens(now, agreed)
            answer = admit(self._pace, now, active=len(self._live), last_invite=self._last_invite)
            if not isinstance(answer, Permit):
                return answer.until
            heapq.heappop(self._ready)
            if not self._is_put_aside(one, turn, now):
                self._begin(one, now)
        return None

    def _opens(self, now: datetime, agreed: bool) -> datetime:
        """The next opening after now; an opening that closes at once lets a call begin only after it."""
        opens = next_legal if agreed else next_open
        found = opens(self._profile, now)
        return found if found > now else opens(self._profile, now + timedelta(minutes=1))

    def _is_put_aside(self, one: FollowUp, turn: Turn, now: datetime) -> bool:
        """Whether it lets others pass: its number is in use or rang enough today, its campaign is full."""
        number, campaign, most = one.owed.number, one.owed.place.campaign_id, self._profile.campaign_channels
        if number in self._in_use:
            self._in_use[number].append(turn)
        elif not one.step.appointment and self._rings[number] >= self._profile.per_number_day:
            self._follow(one, replace(one.step, due_at=_tomorrow(now)), now)
        elif most is not None and self._of_campaign[campaign] >= most:
            heapq.heappush(self._beyond[campaign], turn)
        else:
            return False
        return True

    def _begin(self, one: FollowUp, now: datetime) -> None:
        owed = one.owed
        taken = self._far_end.take(owed, len(one.history) + 1, now, agreed=one.step.appointment)
        call = _call(owed, taken, now, one.step.due_at if one.step.appointment else None)
        self._last_invite = now
        self._in_use[owed.number] = []
        self._of_campaign[owed.place.campaign_id] += 1
        self.calls.append(call)
        heapq.heappush(self._live, (call.until, len(self.calls), call))


def _call(owed: Owed, taken: Taken, now: datetime, agreed: datetime | None) -> Call:
    return Call(
        follow_up_id=owed.id,
        number=owed.number,
        at=now,
        until=now + timedelta(seconds=taken.seconds),
        disposition=taken.disposition,
        rung=taken.rung,
        valid=taken.valid,
        answered=taken.answered,
        agreed=agreed,
        wish=taken.wish,
        never=taken.never,
    )


def _tomorrow(now: datetime) -> datetime:
    return datetime.combine(now.date() + timedelta(days=1), time(), tzinfo=SHANGHAI)
