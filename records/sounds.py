"""Sound as it is kept: readers open it here, so that how it is kept is known here alone.

Where a site has a key, recordings are encrypted as soon as their call is over (`base.sealed`): the encrypted
file takes the plain one's place and name in one step, so that a crash leaves the one or the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from base import sealed
from base.errors import InputError
from base.files import atomically, copy_atomically
from base.keys import NO_KEYS, Keys


@dataclass(frozen=True, slots=True)
class Sounds:
    """A site's recordings. `data`: the data directory, to which all their paths are relative."""

    data: Path
    keys: Keys = NO_KEYS

    def check(self) -> None:
        """Look before the first call whether recordings can be encrypted as the settings say.

        Raises:
            InputError: the file of keys cannot be used, or lies where the recordings do.
        """
        self.keys.newest()
        if self.keys.file is not None and self.keys.file.resolve().is_relative_to(self.data.resolve()):
            remedy = "keep it elsewhere: whoever copies this directory must not have the keys"
            raise InputError("lies in the data directory", where=str(self.keys.file), remedy=remedy)

    def opened(self, file: Path) -> BinaryIO:
        """A recording as it was made, to be read from any byte. Whoever opens it closes it.

        Raises:
            InputError: it is encrypted, and its key is missing or it was changed.
            OSError: it cannot be read.
        """
        return sealed.opened(file, self.keys)

    def size(self, file: Path) -> int:
        """Bytes of the recording as it was made."""
        return sealed.size_of(file)

    def keep(self, source: Path, path: str) -> None:
        """Copy a file in, encrypted where the site has a key. `path`: where it will lie."""
        newest = self.keys.newest()
        if newest is None:
            copy_atomically(source, self.data / path)
            return
        with source.open("rb") as stream:
            sealed.seal(stream, self.data / path, newest)

    def write(self, content: bytes, path: str) -> None:
        """Keep bytes, encrypted where the site has a key. `path`: where they will lie."""
        newest = self.keys.newest()
        if newest is None:
            atomically(self.data / path, lambda stream: stream.write(content))
            return
        sealed.seal(BytesIO(content), self.data / path, newest)

    def seal(self, file: Path) -> bool:
        """Encrypt a recording that is finished; False where it is so already, or the site has no key."""
        newest = self.keys.newest()
        return newest is not None and sealed.seal_in_place(file, newest)


def open_track(sounds: Sounds, recording: str, party: str) -> BinaryIO | None:
    """A call's track, WAV, to be read from any byte.

    Args:
        sounds: the site's.
        recording: the stem that the ledger keeps; "" where nothing was recorded.
        party: "customer" or "system".

    Returns:
        None where there is none. Whoever opens it closes it.
    """
    return open_file(sounds, f"{recording}_{party}.wav") if recording else None


def open_file(sounds: Sounds, path: str) -> BinaryIO | None:
    """A recording made elsewhere, in the form in which it came. `path`: as the records keep it."""
    file = sounds.data / path
    return sounds.opened(file) if file.is_file() else None
