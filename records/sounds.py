"""Sound as it is kept: readers open it here, so that how it is kept is known here alone."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO


def open_track(data: Path, recording: str, party: str) -> BinaryIO | None:
    """A call's track, WAV, to be read from any byte.

    Args:
        data: the site's data directory.
        recording: the stem that the ledger keeps; "" where nothing was recorded.
        party: "customer" or "system".

    Returns:
        None where there is none. Whoever opens it closes it.
    """
    return open_file(data, f"{recording}_{party}.wav") if recording else None


def open_file(data: Path, path: str) -> BinaryIO | None:
    """A recording made elsewhere, in the form in which it came. `path`: as the records keep it."""
    file = data / path
    return file.open("rb") if file.is_file() else None
