"""Synthesised speech for prompts and simulated customers: engines behind one protocol."""

from __future__ import annotations

from typing import Protocol

from base.audio import Samples
from base.errors import PromptError


class Synthesiser(Protocol):
    """Turns wording into telephone sound. Safe to call from several threads at once."""

    @property
    def voices(self) -> tuple[str, ...]:
        """Names of the voices."""
        ...

    def speak(self, wording: str, voice: str, speed: float = 1.0) -> Samples:
        """Say the wording: 8 kHz, at the level of all prompts, silent ends trimmed (`ivr.voice.loudness`).

        Args:
            wording: Chinese text with punctuation.
            voice: a voice's name, or `name@speed` with the pace as part of it (`jm_kumo@1.1`).
            speed: 1 is the voice's own pace, 1.2 is a fifth faster; multiplies the pace in `voice`.

        Raises:
            PromptError: unknown voice, or a character that cannot be spoken.
        """
        ...


def split_voice(voice: str) -> tuple[str, float]:
    """Name and pace: `jm_kumo@1.1` gives ("jm_kumo", 1.1), `jm_kumo` gives ("jm_kumo", 1.0).

    Raises:
        PromptError: the pace is no number from 0.5 to 2.
    """
    name, at, pace = voice.partition("@")
    if not at:
        return name, 1.0
    try:
        speed = float(pace)
    except ValueError:
        speed = 0.0
    if not 0.5 <= speed <= 2:
        raise PromptError(f"the pace of a voice is a number from 0.5 to 2, not {pace!r}", where=voice)
    return name, speed
