"""The customers of a simulated run: who picks up, when, for how long, and what they say. Pure.

What a follow-up meets in its n-th call is drawn beforehand, so that two runs with other channels or another
policy meet the same customers with the same luck, and differ by what was changed alone.
"""

from __future__ import annotations

import math
from bisect import bisect
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from statistics import NormalDist

import numpy as np

from base.calendar import DayKind
from base.clock import SHANGHAI
from dialer.disposition import OF_ATTEMPT, Announced, Disposition, classify
from dialer.line.protocol import Ended, EndedBy
from dialer.profile import Profile
from dialer.simulation.model import Owed
from dialer.simulation.rates import OF_TALKS, Length, Rates

_TRIES = 8
"""Calls of a follow-up that are drawn apart; later ones are moved from these."""
_DRAWS = 7
_GOLDEN = 0.6180339887498949

_WISHED_DAYS = (0.30, 0.75, 0.90, 1.0)
"""Cumulated: today, tomorrow, in two days, in three."""
_LEAST_AHEAD = timedelta(minutes=15)
_CUT_AT = 0.8
"""A carrier that cuts does so after this part of the ring limit (D1)."""


@dataclass(frozen=True, slots=True)
class Taken:
    """How a call was taken. `seconds`: from the INVITE to its end."""

    disposition: Disposition
    rung: bool
    valid: bool
    answered: bool
    seconds: float
    wish: datetime | None = None
    never: bool = False


class FarEnd:
    """Everybody who may be called in a run."""

    def __init__(self, profile: Profile, rates: Rates, owed: Sequence[Owed], seed: int) -> None:
        self._profile = profile
        self._rates = rates
        self._numbers = _traits(rates, dict.fromkeys(one.number for one in owed), seed)
        self._luck = np.random.default_rng((seed, 2)).random((len(owed), _TRIES, _DRAWS), np.float32)
        self._hours = _by_hour(rates)
        self._of_lines = sum(rates.lines.values())
        self._lines = _Lot(rates.lines)
        self._unanswered = _Lot(rates.unanswered)
        self._talks = _Lot(rates.talks)
        self._days: dict[date, float] = {}

    def take(self, owed: Owed, n: int, at: datetime, *, agreed: bool) -> Taken:
        """The follow-up's n-th call, from 1, which begins at `at`."""
        luck = self._drawn(owed.id, n)
        dead, factor = self._numbers[owed.number]
        if luck[0] < self._of_lines:
            return self._unheard(self._lines.pick(luck[0] / self._of_lines), luck)
        if dead is not None:
            return self._unheard(dead, luck)
        if luck[1] >= self._answers(at, factor, agreed):
            return self._unheard(self._unanswered.pick(luck[2]), luck)
        return self._talk(self._talks.pick(luck[2]), at, luck)

    def _drawn(self, id_: int, n: int) -> list[float]:
        again, place = divmod(n - 1, _TRIES)
        drawn: list[float] = self._luck[id_, place].tolist()
        return drawn if not again else [(one + again * _GOLDEN) % 1.0 for one in drawn]

    def _answers(self, at: datetime, factor: float, agreed: bool) -> float:
        if agreed:
            return self._rates.agreed
        return self._hours[at.hour] * factor * self._of_day(at.date())

    def _of_day(self, day: date) -> float:
        if day not in self._days:
            off = DayKind.OFF in self._profile.calendar.day_of(day).kinds
            self._days[day] = self._rates.off_days if off else 1.0
        return self._days[day]

    def _unheard(self, word: Disposition, luck: list[float]) -> Taken:
        """No person picks up: the phone rings to its limit, or something ends it before."""
        seconds = _drawn_s(self._rates.setup_s, luck[4])
        if word is Disposition.NO_ANSWER:
            seconds += self._profile.ring_s
        elif word is Disposition.CARRIER_CUT:
            seconds += self._profile.ring_s * _CUT_AT
        elif word in self._rates.talk_s:
            seconds += _drawn_s(self._rates.picks_up_s, luck[3]) + _drawn_s(self._rates.talk_s[word], luck[5])
        rung, valid = _VERDICTS[word]
        return Taken(word, rung, valid, False, seconds)

    def _talk(self, word: Disposition, at: datetime, luck: list[float]) -> Taken:
        rings = min(_drawn_s(self._rates.picks_up_s, luck[3]), self._profile.ring_s)
        talks = _drawn_s(self._rates.talk_s[word], luck[5]) + self._profile.closing_hold_s
        seconds = _drawn_s(self._rates.setup_s, luck[4]) + rings + min(talks, self._profile.talk_s)
        wish = self._wish(word, at + timedelta(seconds=seconds), luck[6])
        never = word is Disposition.REFUSED and luck[6] < self._rates.never
        return Taken(word, True, True, True, seconds, wish, never)

    def _wish(self, word: Disposition, over: datetime, luck: float) -> datetime | None:
        """Another time within legal hours, at a quarter of an hour (D6), or when the owner is in (A2)."""
        share = {Disposition.RESCHEDULED: 1.0, Disposition.WRONG_PARTY: self._rates.owner_later}.get(word, 0)
        if luck >= share:
            return None
        days = bisect(_WISHED_DAYS, luck / share)
        day = over.astimezone(SHANGHAI).date() + timedelta(days=days)
        wish = datetime.combine(day, self._at_quarter(luck * 97 % 1.0), tzinfo=SHANGHAI)
        return wish if wish >= over + _LEAST_AHEAD else wish + timedelta(days=1)

    def _at_quarter(self, within: float) -> time:
        legal = self._profile.legal
        first, last = (one.hour * 4 + -(-one.minute // 15) for one in (legal.start, legal.end))
        hour, quarter = divmod(first + int(within * (last - first)), 4)
        return time(hour, quarter * 15)


class _Lot:
    """Words by their weights."""

    def __init__(self, weights: Mapping[Disposition, float]) -> None:
        whole = sum(weights.values()) or 1.0
        self._words = tuple(weights)
        self._until = tuple(accumulate(weight / whole for weight in weights.values()))

    def pick(self, luck: float) -> Disposition:
        return self._words[min(bisect(self._until, luck), len(self._words) - 1)]


_NORMAL = tuple(NormalDist().inv_cdf((n + 0.5) / 1000) for n in range(1000))


def _drawn_s(length: Length, luck: float) -> float:
    """A log-normal length; the outermost thousandths are cut off."""
    return length.median * math.exp(length.spread * _NORMAL[min(int(luck * 1000), 999)])


def _by_hour(rates: Rates) -> tuple[float, ...]:
    """For each of the 24 hours; what hard ones pick up less, the others pick up more."""
    hard = rates.hard_to_reach
    mean = 1.0 - hard.share + hard.share * hard.factor
    nearest = (min(rates.answered, key=lambda named: (abs(named - hour), named)) for hour in range(24))
    return tuple(rates.answered[named] / (mean or 1.0) for named in nearest)


def _traits(rates: Rates, numbers: Iterable[str], seed: int) -> dict[str, tuple[Disposition | None, float]]:
    """Of each number: the word of a dead one, and how much less often it is picked up."""
    every = tuple(numbers)
    drawn = np.random.default_rng((seed, 1)).random((len(every), 2)).tolist()
    until = tuple(accumulate(rates.dead.values()))
    words = (*rates.dead, None)
    hard = rates.hard_to_reach
    return {
        number: (words[bisect(until, dead)], hard.factor if other < hard.share else 1.0)
        for number, (dead, other) in zip(every, drawn, strict=True)
    }


def _verdict(word: Disposition) -> tuple[bool, bool]:
    """Whether the phone rang and the attempt was valid (D1, D2), as the dialer judges such an end."""
    if word in OF_TALKS:
        return True, True
    ended = Ended("", 0, "", 0, EndedBy.THEM, False, 0.0, None, None, 1.0)
    found = classify(ended, None, ring_s=30.0, heard=Announced(word, "", 1.0))
    return found.rung, found.valid


_VERDICTS = {word: _verdict(word) for word in OF_ATTEMPT}
