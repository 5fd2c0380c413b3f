"""Telephone audio: 8 kHz, mono, signed 16-bit, as numpy arrays of shape (samples,) and dtype int16."""

from __future__ import annotations

import wave
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from base.files import write_atomically

RATE = 8000
"""Sample rate of every prompt, recording and utterance, in Hz."""

Samples = NDArray[np.int16]


def read_wav(path: Path) -> Samples:
    """Read an 8 kHz mono 16-bit WAV file.

    Raises:
        ValueError: the file is no WAV of that shape.
    """
    try:
        with wave.open(str(path), "rb") as stream:
            shape = (stream.getframerate(), stream.getnchannels(), stream.getsampwidth())
            if shape != (RATE, 1, 2):
                raise ValueError(
                    f"{path}: {shape[0]} Hz, {shape[1]} channels, {8 * shape[2]} bit; not 8000 Hz mono 16 bit"
                )
            return np.frombuffer(stream.readframes(stream.getnframes()), dtype="<i2").astype(np.int16)
    except (wave.Error, EOFError) as error:
        raise ValueError(f"{path}: no readable WAV file: {error}") from error


def wav_bytes(samples: Samples, rate: int = RATE) -> bytes:
    """The samples as a WAV file in memory."""
    target = BytesIO()
    with wave.open(target, "wb") as stream:
        stream.setnchannels(1)
        stream.setsampwidth(2)
        stream.setframerate(rate)
        stream.writeframes(samples.astype("<i2").tobytes())
    return target.getvalue()


def write_wav(path: Path, samples: Samples) -> None:
    """Write an 8 kHz mono 16-bit WAV file, whole or not at all."""
    write_atomically(path, wav_bytes(samples))


def seconds(samples: Samples, rate: int = RATE) -> float:
    """Length in seconds."""
    return len(samples) / rate


def level_dbfs(samples: Samples) -> float:
    """Root mean square level in dBFS (full-scale square wave = 0); silence gives -120."""
    if len(samples) == 0:
        return -120.0
    rms = float(np.sqrt(np.mean(np.square(samples.astype(np.float64) / 32768))))
    return max(-120.0, 20 * float(np.log10(max(rms, 1e-6))))
