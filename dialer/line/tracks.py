"""Recordings whose worker died: the sound is there, but the WAV header still says 0 bytes.

PJSIP writes the sizes when it closes a file. A kill loses at most the last quarter of a second of sound; in
the first one it leaves a file without a byte.
"""

from __future__ import annotations

import struct
from pathlib import Path

from base.audio import RATE

HEADER_BYTES = 44
"""RIFF, fmt and data headers as PJSIP writes them."""


def header(size: int) -> bytes:
    """The header of 8 kHz mono 16-bit sound of so many bytes."""
    return b"".join(
        (
            struct.pack("<4sI4s", b"RIFF", HEADER_BYTES - 8 + size, b"WAVE"),
            struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, RATE, 2 * RATE, 2, 16),
            struct.pack("<4sI", b"data", size),
        )
    )


def finished(path: Path) -> bool:
    """Whether the file's header tells its true size; a missing file has nothing to finish."""
    try:
        with path.open("rb") as stream:
            head = stream.read(8)
            return int.from_bytes(head[4:8], "little") + 8 == path.stat().st_size
    except FileNotFoundError:
        return True


def finish(path: Path) -> bool:
    """Write the true sizes into the header; true when something was mended.

    A file that never got its header becomes a recording of no length. It is mended in its place: an
    orphaned worker may still be at it. What is no WAV file is left alone.
    """
    if finished(path):
        return False
    with path.open("r+b") as stream:
        head = stream.read(HEADER_BYTES)
        if len(head) < HEADER_BYTES and header(0).startswith(head[:4]):
            stream.seek(0)
            stream.write(header(0))
            return True
        if head[:4] != b"RIFF" or head[36:40] != b"data":
            return False
        size = path.stat().st_size
        stream.seek(4)
        stream.write(struct.pack("<I", size - 8))
        stream.seek(40)
        stream.write(struct.pack("<I", size - HEADER_BYTES))
    return True


def finish_all(folder: Path) -> list[Path]:
    """Mend every recording below a folder, after a crash of the whole machine; the files that were mended."""
    return [path for path in sorted(folder.rglob("*.wav")) if finish(path)]
