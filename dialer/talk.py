"""What a conversation needs of the rest of the house, and what it leaves."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

from dialer.disposition import Announced
from dialer.line import protocol as line
from ivr.values import Action, Happening, Line, Result, Spoken


class Conversing(Protocol):
    """A script's session (`ivr.session.Session`): frozen, without a clock."""

    def step(self, happening: Happening) -> tuple[Self, tuple[Action, ...]]:
        """The session after something happened, and what to do."""
        ...

    def result(self) -> Result:
        """What the conversation has left so far."""
        ...


class Prompts(Protocol):
    """Where the sound of a line is (`ivr.prompts.PromptStore`)."""

    def find(self, line: Line) -> Path | None:
        """The WAV file, or None."""
        ...

    def seconds(self, line: Line) -> float:
        """Its length."""
        ...


@dataclass(frozen=True, slots=True)
class Talked:
    """What a conversation leaves.

    Attributes:
        ended: the leg's end, where it came first; None when the script came to its end, or we stop.
        stopped: we broke it off.
        heard: a machine or an announcement in a person's place, or the tone of a dead line.
        reactions_s: seconds from the end of the customer's speech to the first packet of the next prompt.
        cut_ins: how often the customer spoke on within half a second after our reply had begun.
    """

    result: Result
    spoken: tuple[Spoken, ...]
    ended: line.Ended | None
    stopped: bool
    notes: tuple[str, ...] = ()
    reactions_s: tuple[float, ...] = ()
    cut_ins: int = 0
    heard: Announced | None = None
