"""Answers at an `appoint` node: a wished time, then a yes or no to what was said back (D6, S3)."""

from __future__ import annotations

from dataclasses import replace

from ivr import proposing, readings
from ivr.asking import MOST_ASIDES, PATIENCE_S, lists, other_wish, universal
from ivr.confirming import AGREED, KEYS, agreement
from ivr.flow import enter, unanswered
from ivr.keying import ends_nothing
from ivr.meaning import understand_heard
from ivr.script import Appoint
from ivr.state import MOST_MISSES, NO_ANSWER, NOT_UNDERSTOOD, Move, Phase, State, play
from ivr.times import Clear, Vague, parse
from ivr.understanding import Choice, Understood, expected
from ivr.values import Line, Listen, Pressed, Said, Silence


def listen(state: State) -> Move:
    """Wait for a time, or for a yes."""
    patience_s = PATIENCE_S["closed" if state.proposed else "date_time"]
    times = () if state.proposed else readings.phrases("date_time")
    order = Listen(state.node, patience_s, expected=(*expected(_choices(state)), *times))
    return replace(state, phase=Phase.LISTENING), (order,)


def heard(state: State, node: Appoint, happening: Said) -> Move:
    """Something was said: a time, an answer to the time said back, or another wish."""
    text, at_s = happening.heard.text, happening.end_s
    wish = parse(text, state.clock(at_s))
    if (move := _wished(state, node, wish)) is not None:
        return move
    meant = understand_heard(happening.heard, _choices(state))
    if not isinstance(meant, Understood):
        at = readings.likeliest_time(happening.heard, state.clock(at_s))
        move = _wished(state, node, Clear(at)) if at else None
        return move or _missed(state, node, NOT_UNDERSTOOD, at_s)
    if not meant.choice.own:
        return other_wish(state, meant.choice.name, happening, _once_more(state, node))
    return _settled(state, node, meant.choice.name, at_s)


def pressed(state: State, node: Appoint, happening: Pressed) -> Move:
    """A key: 1 agrees to what was said back, 2 does not."""
    if ends_nothing(state, node, happening.key) and state.asides < MOST_ASIDES:
        return listen(state.put_aside())
    settled = KEYS.get(happening.key) if state.proposed else None
    return (
        _settled(state, node, settled, happening.at_s)
        if settled
        else _missed(state, node, NOT_UNDERSTOOD, happening.at_s)
    )


def silent(state: State, node: Appoint, happening: Silence) -> Move:
    """Nothing came."""
    return _missed(state, node, NO_ANSWER, happening.at_s)


def _wished(state: State, node: Appoint, wish: Clear | Vague | None) -> Move | None:
    """Say a wished time back; None when there is none, or it is the one that waits for its yes."""
    if isinstance(wish, Clear):
        when = wish.at
    elif isinstance(wish, Vague) and wish.guess is not None and state.misses and not state.proposed:
        when = wish.guess
    else:
        return None
    if state.proposed in (when, proposing.allowed(state, when)) or state.misses >= MOST_MISSES:
        return None
    again = replace(state, misses=state.misses + 1) if state.proposed else state
    return proposing.propose(again, node, when)


def _choices(state: State) -> tuple[Choice, ...]:
    """At an appointment 没空 is no news; yes and no count only for a time that was said back."""
    others = tuple(choice for choice in universal(state.script, state.values) if choice.name != "not_now")
    if not state.proposed:
        return others
    return (*agreement(lists(state.script)), *others)


def _settled(state: State, node: Appoint, meant: str, at_s: float) -> Move:
    if meant == AGREED:
        return enter(replace(state, appointment=state.proposed), node.go)
    return _missed(replace(state, proposed=None), node, NOT_UNDERSTOOD, at_s)


def _missed(state: State, node: Appoint, value: str, at_s: float) -> Move:
    """Say the time back once more, or ask for one once more; then leave it to a person."""
    state = replace(state, misses=state.misses + 1)
    if state.misses >= MOST_MISSES:
        return unanswered(state, value, at_s)
    return play(state, _once_more(state, node), Phase.ASKING)


def _once_more(state: State, node: Appoint) -> tuple[Line, ...]:
    return proposing.confirmation(state, node) or (state.line("again", node.again),)
