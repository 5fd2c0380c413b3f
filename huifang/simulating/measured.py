"""From a site's own calls to the rates of a simulation; what they are too few to say stays assumed. Pure."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from statistics import fmean, median, pstdev

from base.errors import InputError
from dialer.disposition import Disposition
from dialer.simulation.rates import DEAD, OF_LINES, OF_RINGING, OF_TALKS, Length, Rates
from records.taken import TakenCall

LEAST = 200
"""Calls from which on there is something to measure."""
LEAST_OF_HOUR = 50
LEAST_OF_WORD = 20
_SHORTEST_S, _LONGEST_S, _WIDEST = 1.0, 3600.0, 2.0
"""What the table of rates takes."""


def measured(calls: Sequence[TakenCall], assumed: Rates) -> Rates:
    """The rates that these calls show: by hour, how they ended, how long they took.

    Not measured: customers who are harder to reach than others, days off, calls at agreed times, who never
    wants a call again.

    Raises:
        InputError: there are too few calls.
    """
    if len(calls) < LEAST:
        what, remedy = f"{len(calls)} calls are too few to measure", f"call {LEAST} customers first"
        raise InputError(what, where="--rates ledger", remedy=remedy)
    words = [(call, Disposition(call.disposition)) for call in calls]
    alive = [(call, word) for call, word in words if word not in DEAD and word not in OF_LINES]
    lengths = {**assumed.talk_s, **_talks(alive)}
    talks = _shares(Counter(word for _, word in alive), OF_TALKS & lengths.keys(), 1)
    picked_up = [call.rang_s for call, word in alive if word in OF_TALKS and call.rang_s > 0]
    return assumed.model_copy(
        update={
            "says": _says(calls),
            "answered": _by_hour(alive) or assumed.answered,
            "dead": _dead(words),
            "lines": _shares(Counter(word for _, word in words), OF_LINES, len(words)),
            "unanswered": _shares(Counter(word for _, word in alive), OF_RINGING, 1) or assumed.unanswered,
            "talks": talks or assumed.talks,
            "picks_up_s": _length(picked_up) or assumed.picks_up_s,
            "talk_s": lengths,
        }
    )


_Worded = Sequence[tuple[TakenCall, Disposition]]


def _says(calls: Sequence[TakenCall]) -> str:
    first, last = (one.at.date() for one in (calls[0], calls[-1]))
    return f"实测：{_day(first)}至{_day(last)}的{len(calls)}次拨打"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _by_hour(alive: _Worded) -> dict[int, float]:
    """Of the hours with enough calls."""
    every = Counter(call.at.hour for call, _ in alive)
    heard = Counter(call.at.hour for call, word in alive if word in OF_TALKS)
    return {hour: heard[hour] / many for hour, many in sorted(every.items()) if many >= LEAST_OF_HOUR}


def _dead(words: _Worded) -> dict[Disposition, float]:
    """Of numbers, by the word of their last call."""
    last = {call.number: word for call, word in words}
    return _shares(Counter(last.values()), DEAD, len(last))


def _shares(
    counts: Mapping[Disposition, int], of: Iterable[Disposition], whole: int
) -> dict[Disposition, float]:
    return {word: counts[word] / whole for word in sorted(of) if counts.get(word)}


def _talks(alive: _Worded) -> dict[Disposition, Length]:
    seconds: dict[Disposition, list[float]] = defaultdict(list)
    for call, word in alive:
        if call.talked_s > 0 and word in OF_TALKS | {Disposition.VOICEMAIL, Disposition.ASSISTANT}:
            seconds[word].append(call.talked_s)
    lengths = {word: _length(these) for word, these in seconds.items()}
    return {word: length for word, length in lengths.items() if length is not None}


def _length(seconds: Sequence[float]) -> Length | None:
    """Median and spread, of enough calls."""
    if len(seconds) < LEAST_OF_WORD:
        return None
    logs = [math.log(max(one, _SHORTEST_S)) for one in seconds]
    middle = min(max(median(seconds), _SHORTEST_S), _LONGEST_S)
    return Length(median=round(middle, 1), spread=round(min(pstdev(logs, fmean(logs)), _WIDEST), 3))
