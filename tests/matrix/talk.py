"""The shortest script: a question, the answer by key or voice, asked again once, goodbye."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from base.audio import read_wav, seconds, write_wav
from ivr.values import (
    Action,
    CustomerHungUp,
    Hangup,
    Happening,
    Hold,
    Line,
    Listen,
    Outcome,
    Play,
    PlayEnded,
    Pressed,
    Result,
    Said,
)
from tests.speechlike import tone

EXPLAIN, EXPLANATION = "9", "explanation"
"""A key, and what it plays: longer than a call may last."""


@dataclass(frozen=True)
class Question:
    """A session: silence twice is `silent`; an answer is `completed`, even where goodbye isn't heard out."""

    asked: int = 0
    outcome: Outcome | None = None

    def step(self, happening: Happening) -> tuple[Self, tuple[Action, ...]]:
        if isinstance(happening, CustomerHungUp):
            return replace(self, outcome=self.outcome or Outcome.HUNG_UP), ()
        if isinstance(happening, PlayEnded):
            return self, () if self.outcome is None else (Hold(0.1), Hangup())
        if isinstance(happening, Pressed) and happening.key == EXPLAIN:
            return self, (say(EXPLANATION), LISTENING)
        if isinstance(happening, Pressed | Said):
            return replace(self, outcome=Outcome.COMPLETED), (say("bye"),)
        if self.outcome is not None or self.asked == 1:
            return replace(self, outcome=self.outcome or Outcome.SILENT), (Hangup(),)
        return replace(self, asked=1), (say("again"), LISTENING)

    def result(self) -> Result:
        return Result(self.outcome or Outcome.HUNG_UP, owner_confirmed=False)


def say(key: str) -> Play:
    return Play(key, (Line(key, key),), False)


LISTENING = Listen("ask", no_input_s=2.0, longest_s=30.0)
OPENING: tuple[Action, ...] = (say("ask"), LISTENING)


@dataclass(frozen=True)
class Tones:
    """Every prompt is a tone of 0.6 s, but for the explanation."""

    folder: Path

    def find(self, line: Line) -> Path:
        path = self.folder / f"{line.prompt}.wav"
        if not path.exists():
            write_wav(path, tone(500, 15.0 if line.prompt == EXPLANATION else 0.6))
        return path

    def seconds(self, line: Line) -> float:
        return seconds(read_wav(self.find(line)))
