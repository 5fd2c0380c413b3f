"""A number, day or time said back for the customer's yes, as an appointment is (D6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from ivr import readings
from ivr.flow import enter, unanswered
from ivr.script import Ask
from ivr.state import MOST_MISSES, Move, Phase, State, play, said_back
from ivr.understanding import Choice
from ivr.values import Answer, Line

AGREED, REFUSED = "agreed", "not_agreed"
KEYS = {"1": AGREED, "2": REFUSED}


def agreement(known: Mapping[str, tuple[str, ...]]) -> tuple[Choice, ...]:
    """Yes and no to what was said back."""
    return (
        Choice(AGREED, (*known["yes"], *known["right"], *known["convenient"])),
        Choice(REFUSED, (*known["no"], *known["not_right"], *known["inconvenient"])),
    )


def take(state: State, node: Ask, answer: Answer) -> Move | None:
    """Say the answer back, or file it where nothing is to be said back; None when it cannot be said."""
    if node.confirm is None:
        return file(state, node, answer)
    missed = state.misses + (state.pending is not None)
    if missed >= MOST_MISSES:
        return None
    state = replace(state, pending=answer, misses=missed)
    words = confirmation(state, node)
    return play(state, words, Phase.ASKING) if words else None


def file(state: State, node: Ask, answer: Answer) -> Move:
    """File an answer and go on; a time to call again is an appointment too (D6)."""
    if node.appoints:
        state = replace(state, appointment=datetime.fromisoformat(answer.value))
    return enter(state.filed(answer), node.go or node.otherwise)


def confirmation(state: State, node: Ask) -> tuple[Line, ...]:
    """The answer that waits for a yes, between its words; empty when it cannot be said."""
    pieces = readings.pieces(node, state.pending, state.now) if state.pending else None
    return said_back(state, node, pieces) if pieces else ()


def once_more(state: State, node: Ask, value: str, at_s: float, heard: str = "") -> Move:
    """Neither yes nor no: say it back again; then the question stays unanswered."""
    state = replace(state, misses=state.misses + 1)
    if state.misses >= MOST_MISSES:
        return unanswered(state, value, at_s, heard)
    return play(state, confirmation(state, node), Phase.ASKING)
