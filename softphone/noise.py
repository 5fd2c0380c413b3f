"""What surrounds a customer: a street, or others talking, at a level below the voice. Pure, from a seed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from base.audio import RATE, Samples
from ivr.voice.loudness import TARGET_DBFS, band_limited

Wave = NDArray[np.float64]

TALKERS = 6
"""So many voices at once make a babble: none of them is understood."""
STREET_SLOPE = 1.5
"""Power falls with frequency to this power: traffic is mostly low."""
SWELL_S = 4.0
"""Cars come and go in about this time."""


class Background(BaseModel):
    """What is heard beside a persona's voice.

    Attributes:
        kind: a street (coloured noise that swells) or a babble (other voices, mixed).
        snr_db: how far it lies below the voice.
        during: the whole call, or only while the persona speaks (a telephone that mutes its pauses).
        calls: in so many first calls; later ones find the customer in a quiet place. None: in all.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["street", "babble"]
    snr_db: float = Field(ge=-5, le=60)
    during: Literal["call", "speech"] = "call"
    calls: int | None = Field(default=None, ge=1)

    @property
    def name(self) -> str:
        """Short and plain: street-10."""
        return f"{self.kind}-{self.snr_db:g}"


def bed(background: Background, seconds: float, seed: int, voices: Sequence[Samples]) -> Samples:
    """So many seconds of the background alone, at its level; `voices`: sentences to make a babble of."""
    length = int(seconds * RATE)
    chance = np.random.default_rng(seed)
    sound = street(length, chance) if background.kind == "street" else babble(length, chance, voices)
    return at_level(sound, TARGET_DBFS - background.snr_db)


def street(length: int, chance: np.random.Generator) -> Wave:
    """Coloured noise within the telephone's band, which swells and falls by some decibels."""
    spectrum = np.fft.rfft(chance.standard_normal(length))
    spectrum[1:] /= np.arange(1, len(spectrum)) ** (STREET_SLOPE / 2)
    spectrum[0] = 0
    knots = max(2, int(length / RATE / SWELL_S) + 2)
    swell_db = np.interp(np.linspace(0, knots - 1, length), np.arange(knots), chance.uniform(-4, 4, knots))
    return band_limited(np.fft.irfft(spectrum, length), RATE) * 10 ** (swell_db / 20)


def babble(length: int, chance: np.random.Generator, voices: Sequence[Samples]) -> Wave:
    """Several rows of sentences in another order each, added up. Raises ValueError without sentences."""
    if not voices:
        raise ValueError("a babble is made of sentences, and there are none")
    mixed = np.zeros(length)
    for _ in range(TALKERS):
        row: list[Wave] = []
        while sum(map(len, row)) < length:
            row.append(voices[int(chance.integers(len(voices)))] / 32768)
        offset = int(chance.integers(len(row[0])))
        mixed += np.resize(np.concatenate(row)[offset:], length)
    return mixed


def at_level(sound: Wave, dbfs: float) -> Samples:
    """The sound at a mean level in dBFS."""
    rms = float(np.sqrt(np.mean(np.square(sound)))) or 1.0
    return _samples(sound * (10 ** (dbfs / 20) / rms))


def mixed(voice: Samples, background: Samples, start: int) -> Samples:
    """The voice with the background from that sample on, which goes round where it ends."""
    around = np.take(background, np.arange(start, start + len(voice)), mode="wrap")
    return _samples((voice.astype(np.float64) + around) / 32768)


def _samples(sound: Wave) -> Samples:
    return np.clip(np.rint(sound * 32768), -32768, 32767).astype(np.int16)
