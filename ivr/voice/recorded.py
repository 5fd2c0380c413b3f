"""Recordings of people, in whatever form a studio hands them over, as telephone prompts.

PyAV reads them: WAV, FLAC, MP3, M4A, Ogg at any rate, mono or stereo.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from av.error import FFmpegError
from numpy.typing import NDArray

from base.audio import RATE, Samples, resample
from base.errors import PromptError
from ivr.voice.loudness import active_level_dbfs, to_telephone

LONGEST_S = 60.0
SILENT_DBFS = -60.0
FULL = 0.985
"""At this share of full scale a sample may have been cut off."""
CLIPPED_RUN = 4
"""So many such samples in a row are no peak of a voice, but a clipped one; so many places are too many."""
CLIPPED_PLACES = 3

SYLLABLE_S = (0.08, 1.2)
"""Least and most seconds of a syllable (shipped prompts: 0.17 to 0.51); beyond, other words are spoken."""

_Wave = NDArray[np.float32]
_SYLLABLE = re.compile(r"\w")


def read(path: Path) -> Samples:
    """The recording at 8 kHz in the telephone band, levelled and trimmed as every prompt is.

    Raises:
        PromptError: no file that holds sound, longer than `LONGEST_S`, silent, or clipped.
    """
    channels, rate = _decoded(path)
    if clipped(channels):
        raise PromptError("is clipped", where=str(path), remedy="record it again, more quietly")
    mono = np.asarray(np.clip(channels.mean(axis=0), -1, 1) * 32767, np.int16)
    wave = resample(mono, rate, 2 * RATE) / 32768
    if active_level_dbfs(wave, 2 * RATE) <= SILENT_DBFS:
        raise PromptError("is silent", where=str(path), remedy="record it again")
    return to_telephone(wave, 2 * RATE)


def suits(sound: Samples, wording: str, path: Path) -> None:
    """Refuse a recording that is too short or too long to be these words (S1).

    Raises:
        PromptError: it is; `path` is named.
    """
    seconds, syllables = len(sound) / RATE, len(_SYLLABLE.findall(wording))
    least, most = (bound * syllables for bound in SYLLABLE_S)
    if not least <= seconds <= most:
        what = "short" if seconds < least else "long"
        raise PromptError(
            f"takes {seconds:.1f} s, too {what} for {wording!r}",
            where=str(path),
            remedy="is it the recording of this sentence?",
        )


def clipped(channels: _Wave) -> bool:
    """Whether peaks were cut off: runs of samples at full scale, in several places."""
    cut = np.abs(channels) >= FULL
    runs = np.lib.stride_tricks.sliding_window_view(cut, CLIPPED_RUN, axis=1).all(axis=2)
    begun = runs & ~np.pad(runs, ((0, 0), (1, 0)))[:, :-1]
    return bool((begun.sum(axis=1) >= CLIPPED_PLACES).any())


def _decoded(path: Path) -> tuple[_Wave, int]:
    """Sound between -1 and 1, one row for each channel, and its rate in Hz."""
    try:
        with av.open(str(path)) as container:
            if not container.streams.audio:
                raise PromptError("holds no sound", where=str(path))
            parts = list(_frames(container, path))
            rate = container.streams.audio[0].rate
    except (FFmpegError, OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise PromptError(f"cannot be read as sound: {why}", where=str(path)) from error
    if not parts or not rate:
        raise PromptError("holds no sound", where=str(path))
    return np.concatenate(parts, axis=1), rate


def _frames(container: av.container.InputContainer, path: Path) -> Iterator[_Wave]:
    """Planar float frames of the first track, so many that nobody fills the memory."""
    planar = av.AudioResampler(format="fltp")
    seconds = 0.0
    for frame in container.decode(audio=0):
        seconds += frame.samples / frame.sample_rate
        if seconds > LONGEST_S:
            raise PromptError(f"is longer than {LONGEST_S:.0f} s", where=str(path), remedy="cut it")
        for part in planar.resample(frame):
            yield np.asarray(part.to_ndarray(), np.float32)
