"""What the phones of one file share: who lives there, what they know, and the sound of what they say."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from ivr.hearing import Ear
from ivr.script import Script
from softphone.backgrounds import Backgrounds
from softphone.noise import Background
from softphone.persona import Cast, Persona
from softphone.vocabulary import questions_of
from softphone.voices import ReplyFiles, Sentence

BEDS = 8
"""So often the background is repeated behind the last words: longer than anybody asks without a pause."""


def human_pause() -> float:
    """Seconds between the end of a question and its answer."""
    return random.uniform(0.3, 0.6)


@dataclass(frozen=True, slots=True)
class Household:
    """What all phones of a file share: who lives there, an ear, the spoken replies, two sources of time.

    Attributes:
        script: whose prompts are questions, too, where the file names one.
        backgrounds: for personas amid noise.
        calls: how many calls each number has answered.
    """

    cast: Cast
    ear: Ear
    replies: ReplyFiles
    now: Callable[[], float] = time.time
    pause_s: Callable[[], float] = human_pause
    script: Script | None = None
    backgrounds: Backgrounds | None = None
    calls: Counter[str] = field(default_factory=Counter)

    def persona(self, number: str) -> Persona | None:
        """Whose number that is."""
        return next((one for one in self.cast.personas if one.number == number), None)

    def questions(self, persona: Persona) -> dict[str, tuple[str, ...]]:
        """What the persona understands: the file's questions, and those of the script."""
        own = self.cast.questions_to(persona)
        return {**questions_of(self.script, spoken_of(persona)), **own} if self.script else own

    def files(self, persona: Persona, noise: Background | None, wording: str) -> tuple[Path, ...]:
        """A sentence as the persona's phone sends it amid that noise, and what is heard behind it."""
        path = self.replies.path(Sentence(persona.voice, wording))
        if noise is None:
            return (path,)
        assert self.backgrounds is not None, "a persona amid noise needs backgrounds"
        return (self.backgrounds.around(noise, path), *self.behind(noise))

    def behind(self, noise: Background | None) -> tuple[Path, ...]:
        """What is heard while the persona says nothing; nothing for most."""
        if noise is None or noise.during == "speech":
            return ()
        assert self.backgrounds is not None, "a persona amid noise needs backgrounds"
        return (self.backgrounds.alone(noise),) * BEDS


def spoken_of(persona: Persona) -> dict[str, str]:
    """What a script may say of the persona."""
    return {**persona.slots, "name": persona.name}
