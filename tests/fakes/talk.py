"""Ears, prompts and sessions of a test's own wording."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from base.errors import LineError
from ivr.hearing import Heard
from ivr.values import Action, CustomerHungUp, Happening, Line, Outcome, Play, Result


@dataclass
class FakeEar:
    """Hears the bytes as the text they spell; b"dead" kills it. `expected` keeps what it was told."""

    asked: list[bytes] = field(default_factory=list)
    expected: list[tuple[str, ...]] = field(default_factory=list)

    async def hear(self, pcm: bytes, expected: tuple[str, ...] = ()) -> Heard:
        self.asked.append(pcm)
        self.expected.append(expected)
        if pcm == b"dead":
            raise LineError("the recogniser process died")
        return Heard(pcm.decode(), 0.9)


@dataclass(frozen=True)
class FakePrompts:
    """Every line has a file of its key's name and takes a second, but for those without sound."""

    silent: frozenset[str] = frozenset()

    def find(self, line: Line) -> Path | None:
        return None if line.prompt in self.silent else Path(f"/prompts/{line.prompt}.wav")

    def seconds(self, line: Line) -> float:  # noqa: ARG002
        return 1.0


@dataclass(frozen=True)
class FakeSession:
    """Gives its answers one after the other and keeps what happened."""

    answers: tuple[tuple[Action, ...], ...] = ()
    happened: tuple[Happening, ...] = ()
    outcome: Outcome = Outcome.COMPLETED
    report: Callable[[tuple[Happening, ...]], None] = lambda _: None

    def step(self, happening: Happening) -> tuple[Self, tuple[Action, ...]]:
        kept = replace(self, happened=(*self.happened, happening), answers=self.answers[1:])
        if isinstance(happening, CustomerHungUp):
            return replace(kept, outcome=Outcome.HUNG_UP), ()
        return kept, self.answers[0] if self.answers else ()

    def result(self) -> Result:
        self.report(self.happened)
        return Result(self.outcome, owner_confirmed=True)


def play(node: str, *keys: str, barge_in: bool = False, private: bool = False) -> Play:
    """A play of lines worded like their keys."""
    return Play(node, tuple(Line(key, key, private) for key in keys or (node,)), barge_in)
