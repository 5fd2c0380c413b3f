"""Another time (D6): asked for, moved into the hours of calls, said back for the customer's yes.

Day and hour may be told apart: who named a day alone is asked for its hour. Who was not understood twice may
choose by key among times at which calling is allowed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from ivr import lines
from ivr.script import Appoint
from ivr.state import Move, Phase, State, play, said_back
from ivr.times import Clear, Vague, named_day, parse, rounded
from ivr.times_spoken import KEYS, OFFERED, offer, spoken
from ivr.values import Line, Unwilling

OFFERED_FROM = 2
"""Failures after which times are offered by key."""
NONE_OF_THEM = "0"
"""The key for none of the offered times."""
DAYS_AHEAD = 7
"""So many days, from tomorrow on, are looked through for times to offer."""
SATURDAY = 5


def begin(state: State, node: Appoint, heard: str, at_s: float) -> Move:
    """Ask for a time; one that was named already (没空，明天下午三点半再打) is said back at once."""
    state = replace(state, unwilling=Unwilling.NOT_NOW)
    now = state.clock(at_s)
    match parse(heard, now):
        case Clear(at=wish) if proposed := propose(state, node, wish):
            return proposed
        case Vague() if (day := named_day(heard, now)) and node.hour is not None:
            return ask_hour(state, node, day)
        case _:
            return play(state, (state.line("", node.appoint),), Phase.ASKING)


def propose(state: State, node: Appoint, wish: datetime) -> Move | None:
    """Say back the first time not before the wish at which calling is allowed; None when it can't be said."""
    state = replace(state, proposed=allowed(state, wish), day=None)
    words = confirmation(state, node)
    return play(state, words, Phase.ASKING) if words else None


def ask_hour(state: State, node: Appoint, day: date) -> Move:
    """The day is known; ask for the hour."""
    state = replace(state, day=day)
    return play(state, asked_again(state, node), Phase.ASKING)


def asked_again(state: State, node: Appoint) -> tuple[Line, ...]:
    """What is said where an answer is still missing: the time once more, the hour, keys, other words."""
    if words := confirmation(state, node):
        return words
    if by_key := _offers(state, node):
        return by_key
    if state.day is not None and node.hour is not None:
        return (state.line("hour", node.hour),)
    return (state.line("again", node.again),)


def allowed(state: State, wish: datetime) -> datetime:
    """The wish, moved into the hours of calls, to the quarter hour."""
    return rounded(state.open_windows(wish) if state.open_windows else wish)


def confirmation(state: State, node: Appoint) -> tuple[Line, ...]:
    """The proposed time between its words; empty when it lies beyond what can be said."""
    pieces = spoken(state.proposed, state.now) if state.proposed else None
    return said_back(state, node, pieces) if pieces else ()


def offered(state: State, node: Appoint) -> Mapping[str, datetime]:
    """The times that may be chosen by key now: those of a day that was named before others."""
    if node.keys is None or state.proposed is not None or state.misses < OFFERED_FROM:
        return {}
    return dict(zip(KEYS, _open(state), strict=False))


def denied(state: State) -> tuple[datetime, ...]:
    """Times not understood now. A spoken no may be misheard: once keys can tell, only theirs counts."""
    return state.denied if state.misses < OFFERED_FROM else state.ruled_out


def _open(state: State) -> Iterator[datetime]:
    """Times that can be said, at which calling is allowed and which were not denied; no weekend unasked."""
    ahead = (state.now.date() + timedelta(days=n) for n in range(1, DAYS_AHEAD + 1))
    workdays = [day for day in ahead if day.weekday() < SATURDAY]
    for day in dict.fromkeys([state.day, *workdays] if state.day else workdays):
        for clock in OFFERED:
            at = _at(day, clock, state.now)
            if (
                at > state.now
                and at not in denied(state)
                and allowed(state, at) == at
                and spoken(at, state.now)
            ):
                yield at


def _at(day: date, clock: time, now: datetime) -> datetime:
    return datetime.combine(day, clock, tzinfo=now.tzinfo)


def _offers(state: State, node: Appoint) -> tuple[Line, ...]:
    """The offered times with their keys; empty where there are none."""
    times = offered(state, node)
    pieces = [piece for key, at in times.items() for piece in offer(at, state.now, key)]
    return lines.around(state.script, state.values, state.node, node, tuple(pieces), "keys") if times else ()
