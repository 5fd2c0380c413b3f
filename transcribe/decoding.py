"""Sound files of any kind to telephone audio: `python -m transcribe.decoding FILE`, a process of its own.

FFmpeg, through PyAV, reads WAV, MP3, Opus, AMR and whatever else it knows. It parses what strangers wrote:
if a file kills it, or makes it swallow memory, only this process ends. What it prints is a line of JSON (how
many channels, or the error) and the channels' samples, interleaved, 8 kHz, signed 16 bit, little endian.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import av
import numpy as np
from av.error import FFmpegError

from base.audio import RATE, Samples
from base.errors import InputError

LONGEST_S = 12 * 3600
"""Seconds of sound in one file."""
PATIENCE_S = 600.0
"""A file that takes longer to read is no recording."""
MEMORY = 2 * 2**30
"""Bytes of address space for the process."""


def decode(path: Path) -> tuple[Samples, ...]:
    """The channels of a sound file, one or two, at 8 kHz.

    Raises:
        InputError: no file, no sound in it, more than two channels, or too long.
    """
    command = [sys.executable, "-m", "transcribe.decoding", str(path.absolute())]
    try:
        done = subprocess.run(command, capture_output=True, timeout=PATIENCE_S, check=False)
    except subprocess.TimeoutExpired as error:
        raise InputError("cannot be read in time", where=str(path)) from error
    head, _, pcm = done.stdout.partition(b"\n")
    told: dict[str, Any] = (
        json.loads(head) if head else {"error": f"cannot be read: the decoder died ({done.returncode})"}
    )
    if "error" in told:
        raise InputError(told["error"], where=str(path))
    sound = np.frombuffer(pcm[: len(pcm) // 4 * 4], "<i2").astype(np.int16)
    return tuple(np.ascontiguousarray(sound[n :: told["channels"]]) for n in range(told["channels"]))


def main(path: Path, answer: BinaryIO) -> None:
    """Read one file and say what is in it."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        channels, parts = _read(path)
    except InputError as error:
        told: dict[str, object] = {"error": error.what}
    except (FFmpegError, OSError, ValueError, MemoryError) as error:
        why = getattr(error, "strerror", None) or str(error) or type(error).__name__
        told = {"error": f"cannot be read as sound: {why}"}
    else:
        told = {"channels": channels}
    answer.write(json.dumps(told).encode() + b"\n")
    if "channels" in told:
        answer.writelines(parts)
    answer.flush()


def _read(path: Path) -> tuple[int, list[bytes]]:
    """How many channels, and their samples. Raises InputError."""
    with av.open(str(path)) as container:
        if not container.streams.audio:
            raise InputError("holds no sound")
        channels = container.streams.audio[0].channels
        if channels > 2:
            raise InputError(f"has {channels} channels; one or two can be told apart")
        parts = list(_frames(container, "mono" if channels == 1 else "stereo"))
    if not any(parts):
        raise InputError("holds no sound")
    return channels, parts


def _frames(container: av.container.InputContainer, layout: str) -> Iterator[bytes]:
    """Interleaved samples of the first track, so many that nobody fills the memory."""
    telephone = av.AudioResampler(format="s16", layout=layout, rate=RATE)
    seconds = 0.0
    for frame in (*container.decode(audio=0), None):
        if frame is not None:
            seconds += frame.samples / frame.sample_rate
        if seconds > LONGEST_S:
            raise InputError(f"is longer than {LONGEST_S // 3600} hours")
        for part in telephone.resample(frame):
            yield part.to_ndarray().astype("<i2").tobytes()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.stdout.buffer)
