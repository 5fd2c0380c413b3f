"""Recordings as a call's recogniser gets them: 8 kHz, mono, whatever they were."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np

from base.audio import RATE, Samples, resample
from base.errors import InputError


def read(path: Path, where: str) -> Samples:
    """A 16-bit WAV file at any rate, its channels mixed.

    Raises:
        InputError: it is none; `where` names the row.
    """
    try:
        with wave.open(str(path), "rb") as stream:
            if stream.getsampwidth() != 2:
                raise InputError(f"{path.name} has {8 * stream.getsampwidth()} bit, not 16", where=where)
            rate, channels = stream.getframerate(), stream.getnchannels()
            frames = np.frombuffer(stream.readframes(stream.getnframes()), dtype="<i2")
    except (wave.Error, EOFError, OSError) as error:
        raise InputError(f"{path.name} is no readable WAV file: {error}", where=where) from error
    whole = frames[: len(frames) // channels * channels].reshape(-1, channels)
    return resample(np.rint(whole.mean(axis=1)).astype(np.int16), rate, RATE)
