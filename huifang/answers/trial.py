"""What a conversation makes of words at one question: accepted as something, or asked again. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from ivr.asking import choices
from ivr.hearing import Heard
from ivr.meaning import understand_heard
from ivr.script import Script
from ivr.session import Session
from ivr.state import OPEN, Phase, State
from ivr.understanding import Understood
from ivr.values import Listen, PlayEnded, Said

SPOKEN_S = 1.0
"""Any second will do: nothing here depends on when something was said."""


def accepted(script: Script, node: str, heard: Heard, now: datetime) -> str:
    """The value that is filed or said back, or the way out that is taken; "" when it is asked again.

    The session stands at the question, asked for the first time, the owner confirmed where he must be.
    """
    session, _ = _listening(script, node, now)
    values = session.state.values
    after = session.step(Said(heard, 0.0, SPOKEN_S))[0].state
    filed = next((answer.value for answer in after.answers if answer.question == node), "")
    if filed and filed not in OPEN:
        return filed
    if after.pending is not None and after.node == node:
        return after.pending.value
    if after.proposed is not None and after.node == node:
        return after.proposed.isoformat()
    if after.node != node or after.asides:
        return _way(script, node, values, heard)
    return ""


def expected(script: Script, node: str, now: datetime) -> tuple[str, ...]:
    """What the session expects to hear there."""
    _, action = _listening(script, node, now)
    return action.expected


def _listening(script: Script, node: str, now: datetime) -> tuple[Session, Listen]:
    values = {name: slot.example for name, slot in script.slots.items()}
    public = script.nodes[node].public
    state = State(script, values, now, False, False, None, node, Phase.ASKING, owner=not public)
    session, (action,) = Session(state).step(PlayEnded(0.0))
    assert isinstance(action, Listen)
    return session, action


def _way(script: Script, node: str, values: Mapping[str, str], heard: Heard) -> str:
    """Which wish or counter-question it was."""
    meant = understand_heard(heard, choices(script, node, values))
    return meant.choice.name if isinstance(meant, Understood) else "not_now"
