"""Another time (D6): asked for, moved into the hours of calls, said back for the customer's yes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from ivr import lines
from ivr.script import Appoint
from ivr.state import Move, Phase, State, play
from ivr.times import Clear, parse, rounded
from ivr.times_spoken import spoken
from ivr.values import Line, Unwilling


def begin(state: State, node: Appoint, heard: str, at_s: float) -> Move:
    """Ask for a time; a time that was named already (没空，明天下午三点半再打) is said back at once."""
    state = replace(state, unwilling=Unwilling.NOT_NOW)
    wish = parse(heard, state.clock(at_s))
    proposed = propose(state, node, wish.at) if isinstance(wish, Clear) else None
    return proposed or play(state, (state.line("", node.appoint),), Phase.ASKING)


def propose(state: State, node: Appoint, wish: datetime) -> Move | None:
    """Say back the first time not before the wish at which calling is allowed; None when it can't be said."""
    when = allowed(state, wish)
    words = confirmation(replace(state, proposed=when), node)
    return play(replace(state, proposed=when), words, Phase.ASKING) if words else None


def allowed(state: State, wish: datetime) -> datetime:
    """The wish, moved into the hours of calls, to the quarter hour."""
    return rounded(state.open_windows(wish) if state.open_windows else wish)


def confirmation(state: State, node: Appoint) -> tuple[Line, ...]:
    """The proposed time between its words; empty when it lies beyond what can be said."""
    pieces = spoken(state.proposed, state.now) if state.proposed else None
    return lines.around(state.script, state.values, state.node, node, pieces) if pieces else ()
