"""A rehearsal by typing: what somebody types becomes what a customer does, and what became of it is told.

Pure: text in, values out. Nobody takes a call over there.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from huifang.scripts.walking import NOBODY, came_through
from ivr.hearing import Heard
from ivr.script import Ask
from ivr.session import Session
from ivr.values import (
    Action,
    CustomerHungUp,
    Happening,
    Hold,
    Line,
    Listen,
    NotTransferred,
    Play,
    PlayEnded,
    Pressed,
    Said,
    Silence,
    Transfer,
)

HANG_UP = "hangup"
KEY_MARK = "#"
"""May stand before keys."""
KEYS = "0123456789*#"
TURN_S = 2.0
"""A prompt, an answer, a silence: each moves the made-up clock by as much."""


@dataclass(frozen=True, slots=True)
class Step:
    """What the system says next, and what was made of what the customer did before."""

    said: tuple[Line, ...] = ()
    understood: tuple[str, ...] = ()


@dataclass
class Rehearsed:
    """A conversation that is typed. `nodes`: all that it came to."""

    session: Session
    actions: tuple[Action, ...]
    at_s: float = 0.0
    nodes: set[str] = field(default_factory=set)

    def go_on(self) -> Step:
        """Say what there is to say, up to the next question or the end."""
        said: list[Line] = []
        while self.actions and not self.session.over:
            match self.actions[-1]:
                case Play(lines=lines):
                    said += lines
                    self._happens(PlayEnded(self.at_s))
                case Hold():
                    self._happens(Silence(self.at_s))
                case Transfer():
                    self._happens(NotTransferred(self.at_s, NOBODY[0]))
                case _:
                    break
        return Step(tuple(said))

    def answer(self, typed: str) -> Step:
        """The customer does what was typed: words, `12` or `#12` for keys, nothing for silence, `hangup`."""
        before = self.session
        for happening in happenings(typed, self.at_s):
            if self.session.over or not isinstance(self.actions[-1], Listen):
                break
            self._happens(happening)
        return Step((), told(before, self.session))

    def _happens(self, happening: Happening) -> None:
        self.at_s += TURN_S
        before = self.session
        self.session, following = before.step(happening)
        self.nodes |= came_through(before, self.session)
        self.actions = following or self.actions


def happenings(typed: str, at_s: float) -> tuple[Happening, ...]:
    """What a line of typing stands for."""
    text = typed.strip()
    if not text:
        return (Silence(at_s),)
    if text.lower() == HANG_UP:
        return (CustomerHungUp(at_s),)
    if all(key in KEYS for key in text):
        keys = text.removeprefix(KEY_MARK) or KEY_MARK
        return tuple(Pressed(key, at_s) for key in keys)
    return (Said(Heard(text, 1.0), at_s, at_s + 1.0),)


def told(before: Session, after: Session) -> tuple[str, ...]:
    """What was made of it: an answer and how surely, a note, where it led; or that nothing was."""
    known = {answer.question: answer for answer in before.state.answers}
    lines = [
        f"{one.question} = {one.value or '(recorded)'} {one.label} ({one.score:.2f})".replace("  ", " ")
        for one in after.state.answers
        if known.get(one.question) != one
    ]
    lines += [f"note: {note}" for note in after.state.notes if note not in before.state.notes]
    if after.state.unwilling not in (None, before.state.unwilling):
        lines.append(f"unwilling: {after.state.unwilling}")
    if after.state.owner is not before.state.owner:
        lines.append(
            "the owner is confirmed" if after.state.owner else "the owner is no longer confirmed (A2)"
        )
    if after.state.appointment != before.state.appointment:
        lines.append(f"appointment: {after.state.appointment:%Y-%m-%d %H:%M}")
    if after.node != before.node:
        lines.append(f"{before.node} → {after.node}")
    return tuple(lines) or (_nothing(before, after),)


def _nothing(before: Session, after: Session) -> str:
    if after.over:
        return "hung up"
    if after.state.silences > before.state.silences:
        return "silence"
    if after.state.pending not in (None, before.state.pending):
        return f"understood as {after.state.pending.label}: said back, to be confirmed"
    if after.state.proposed not in (None, before.state.proposed):
        return f"understood as {after.state.proposed:%Y-%m-%d %H:%M}: said back, to be confirmed"
    if after.state.asides > before.state.asides:
        return "a question of the customer's own: answered, then asked again"
    asked = isinstance(before.state.at, Ask)
    return "not understood: asked again" if asked else "no time agreed on yet"
