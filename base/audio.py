"""Telephone audio: 8 kHz, mono, signed 16-bit, as numpy arrays of shape (samples,) and dtype int16."""

from __future__ import annotations

import math
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from base.files import write_atomically

RATE = 8000
"""Sample rate of every prompt, recording and utterance, in Hz."""

Samples = NDArray[np.int16]

_GUARD = 256
"""Zeros behind a sound that is resampled."""


def read_wav(path: Path | BinaryIO) -> Samples:
    """Read an 8 kHz mono 16-bit WAV file, or one that is open.

    Raises:
        ValueError: the file is no WAV of that shape.
    """
    with _telephone_wav(path) as stream:
        return np.frombuffer(stream.readframes(stream.getnframes()), dtype="<i2").astype(np.int16)


def wav_seconds(path: Path) -> float:
    """Length of an 8 kHz mono 16-bit WAV file in seconds, as its header tells.

    Raises:
        ValueError: the file is no WAV of that shape.
    """
    with _telephone_wav(path) as stream:
        return stream.getnframes() / RATE


@contextmanager
def _telephone_wav(path: Path | BinaryIO) -> Iterator[wave.Wave_read]:
    try:
        with wave.open(str(path) if isinstance(path, Path) else path, "rb") as stream:
            shape = (stream.getframerate(), stream.getnchannels(), stream.getsampwidth())
            if shape != (RATE, 1, 2):
                raise ValueError(
                    f"{path}: {shape[0]} Hz, {shape[1]} channels, {8 * shape[2]} bit; not 8000 Hz mono 16 bit"
                )
            yield stream
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


def mu_law(wave: NDArray[np.float64]) -> Samples:
    """Sound between -1 and 1, there and back through G.711 µ-law (ITU-T, continuous form, 8 bits)."""
    x = np.clip(wave, -1, 1)
    coded = np.sign(x) * np.log1p(255 * np.abs(x)) / np.log(256)
    steps = np.round(coded * 127) / 127
    back = np.sign(steps) * (256 ** np.abs(steps) - 1) / 255
    return np.asarray(np.round(back * 32767), np.int16)


def resample(samples: Samples, from_rate: int, to_rate: int) -> Samples:
    """The same sound at another rate (Hz), band-limited: its spectrum is cut or extended, nothing folds back.

    The length is rounded to the nearest sample. Zeros behind the sound keep its ends from wrapping around.
    """
    if from_rate == to_rate or len(samples) == 0:
        return samples
    common = math.gcd(from_rate, to_rate)
    block, to_block = from_rate // common, to_rate // common
    blocks = 1 << math.ceil(math.log2((len(samples) + _GUARD) / block))
    spectrum = np.fft.rfft(samples.astype(np.float32), blocks * block)
    wanted = np.zeros(blocks * to_block // 2 + 1, dtype=spectrum.dtype)
    kept = min(len(spectrum), len(wanted))
    wanted[:kept] = spectrum[:kept]
    sound = np.fft.irfft(wanted, blocks * to_block) * (to_rate / from_rate)
    length = round(len(samples) * to_rate / from_rate)
    return np.clip(np.rint(sound[:length]), -32768, 32767).astype(np.int16)
