"""The keys by which recordings are encrypted: a file of their own, which lies where the recordings do not.

A key a line, the newest last: the day it was made, its id, 32 bytes in base64. The id is the beginning of the
key's SHA-256, so that a line that was damaged is noticed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import secrets
import stat
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from base.errors import InputError
from base.files import write_atomically

SIZE = 32
"""Bytes of a key: AES-256."""
ID_SIZE = 8

_HEAD = "# huifang: without these keys no recording can be heard. Keep a copy in another safe place.\n"
_LINE = re.compile(r"(\d{4}-\d{2}-\d{2}) ([0-9a-f]{16}) ([A-Za-z0-9+/]{43}=)")


@dataclass(frozen=True, slots=True)
class Key:
    """A site's key. Its secret is shown by no message and no repr."""

    made_on: date
    secret: bytes = field(repr=False)

    @property
    def id(self) -> str:
        """16 hexadecimal digits."""
        return hashlib.sha256(self.secret).hexdigest()[: 2 * ID_SIZE]


class Keys:
    """A file of keys, read when one is asked for, and anew when it was changed; None: no encryption."""

    def __init__(self, file: Path | None) -> None:
        self.file = file
        self._known: tuple[Key, ...] = ()
        self._changed_ns = -1

    def newest(self) -> Key | None:
        """By which is encrypted; None: by none.

        Raises:
            InputError: the file cannot be used.
        """
        return None if self.file is None else self._all(self.file)[-1]

    def of(self, id_: str) -> Key:
        """The key of an id.

        Raises:
            InputError: it is not there, or the file cannot be used.
        """
        known = () if self.file is None else self._all(self.file)
        found = next((key for key in known if key.id == id_), None)
        if found is None:
            where, remedy = str(self.file or "custody.key_file"), "name the file that holds it"
            raise InputError(
                f"the key {id_} of an encrypted recording is missing", where=where, remedy=remedy
            )
        return found

    def _all(self, file: Path) -> tuple[Key, ...]:
        changed_ns = file.stat().st_mtime_ns if file.is_file() else -1
        if changed_ns != self._changed_ns or changed_ns < 0:
            self._known, self._changed_ns = read(file), changed_ns
        return self._known


NO_KEYS = Keys(None)


def read(file: Path) -> tuple[Key, ...]:
    """All keys, the newest last; at least one.

    Raises:
        InputError: it is missing, may be read by others, or is no file of keys.
    """
    try:
        mode, text = file.stat().st_mode, file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        remedy = "huifang keys new makes one; recordings that are encrypted need their own"
        raise InputError("the file of keys cannot be read", where=str(file), remedy=remedy) from error
    if stat.S_IMODE(mode) & 0o077:
        raise InputError("may be read by others", where=str(file), remedy=f"chmod 600 {file}")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    found = tuple(_parsed(file, line) for line in lines)
    if not found:
        raise InputError("holds no key", where=str(file), remedy="huifang keys new makes one")
    return found


def add(file: Path, today: date) -> Key:
    """Make a key and write it behind those that are there.

    Raises:
        InputError: what is there is no file of keys.
        OSError: it cannot be written.
    """
    made = Key(today, secrets.token_bytes(SIZE))
    _write(file, (*(read(file) if file.exists() else ()), made))
    return made


def forget(file: Path, id_: str) -> None:
    """Take an old key out; what is encrypted by it can never be heard again.

    Raises:
        InputError: there is none of that id, or it is the newest.
    """
    known = read(file)
    if id_ not in {key.id for key in known[:-1]}:
        why = "is the newest key: rotate first" if id_ == known[-1].id else "is no key of this file"
        raise InputError(why, where=id_, remedy="huifang keys list shows them")
    _write(file, tuple(key for key in known if key.id != id_))


def _write(file: Path, keys: tuple[Key, ...]) -> None:
    """A new file is its owner's alone."""
    lines = (f"{key.made_on} {key.id} {base64.b64encode(key.secret).decode()}\n" for key in keys)
    write_atomically(file, (_HEAD + "".join(lines)).encode())


def _parsed(file: Path, line: str) -> Key:
    found = _LINE.fullmatch(line)
    try:
        key = Key(date.fromisoformat(found[1]), base64.b64decode(found[3])) if found else None
    except (ValueError, binascii.Error):
        key = None
    if found is None or key is None or key.id != found[2]:
        raise InputError("holds a line that is no key", where=str(file), remedy="take a copy that is whole")
    return key
