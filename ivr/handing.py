"""A call is handed to a person: what follows the words of a `hand_over` that names a group (S14, S18).

From those words on the outcome is `handed_over`, whoever ends the call: the customer asked for a person, and
a note for one stays. It is taken back where nobody takes the call, and the script goes on.
"""

from __future__ import annotations

from dataclasses import replace

from ivr.flow import enter
from ivr.script import HandOver
from ivr.state import Move, Phase, State, hang_up
from ivr.values import NotTransferred, StandBy

NOT_WAITED = "not_waited"


def found(state: State) -> Move:
    """A person has taken the call."""
    return replace(state, phase=Phase.STANDING_BY), (StandBy(state.node),)


def not_found(state: State, happening: NotTransferred) -> Move:
    """Nobody has: the script's own way for it."""
    node = state.at
    assert isinstance(node, HandOver)
    assert node.nobody is not None
    state = replace(state.noted(happening.why), outcome=None)
    return enter(state, node.nobody, at_s=happening.at_s)


def left(state: State) -> Move:
    """The person hung up: last words, where the script has some."""
    node = state.at
    assert isinstance(node, HandOver)
    return enter(state, node.last_words) if node.last_words else hang_up(state)


def not_waited(state: State) -> State:
    """The customer went while a person was looked for."""
    return state.noted(NOT_WAITED)
