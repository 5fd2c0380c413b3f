"""Files encrypted at rest, readable from any byte on (AES-256-GCM in chunks, after the STREAM construction).

    "HFSEAL1\\n", chunk size (4 bytes)
    two slots of 48 bytes: id of a site's key (8), data key wrapped by it (40)
    chunks, each of that size but for the last, with a tag of 16 bytes

Each file has a data key of its own, wrapped by RFC 3394; rotating a site's key wraps it anew in the other
slot and leaves the sound alone: at every moment one slot is whole. A chunk's number is its nonce (no data key
serves two files); authenticated with it are the file's name, the number, and whether it is the last: chunks
cannot be swapped or cut off, nor files exchanged for one another.
"""

from __future__ import annotations

import io
import os
import secrets
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from base.errors import InputError
from base.files import atomically
from base.keys import ID_SIZE, SIZE, Key, Keys

MAGIC = b"HFSEAL1\n"
CHUNK = 64 * 1024

_TAG = 16
_SLOT = struct.Struct(f">{ID_SIZE}s{SIZE + 8}s")
_START = struct.Struct(">8sI")
_HEADER = _START.size + 2 * _SLOT.size
_EMPTY = bytes(_SLOT.size)


@dataclass(frozen=True, slots=True)
class _Header:
    chunk: int
    slots: tuple[bytes, bytes]


def is_sealed(file: Path) -> bool:
    """Whether a file is encrypted; OSError where it cannot be read."""
    with file.open("rb") as stream:
        return _begins_sealed(stream)


def seal_in_place(file: Path, key: Key) -> bool:
    """Put the encrypted file in the plain one's place; False where it is encrypted already."""
    with file.open("rb") as stream:
        if _begins_sealed(stream):
            return False
        seal(stream, file, key)
    return True


def seal(source: BinaryIO, target: Path, key: Key, chunk: int = CHUNK) -> None:
    """Write what `source` holds, encrypted, to `target`: what lies there stays until that is whole."""
    atomically(target, lambda stream: _seal(source, stream, key, target.name, chunk))


def opened(file: Path, keys: Keys) -> BinaryIO:
    """A file to be read from any byte on, as it was before it was encrypted, if it is.

    Looked at through one handle: meanwhile the encrypted file may take the plain one's place.

    Raises:
        InputError: its key is missing; or it was changed or cut off, as far as its last chunk tells. Reading
            raises the same for the chunk that was changed.
        OSError: it cannot be read.
    """
    stream = file.open("rb")
    try:
        if _begins_sealed(stream):
            return cast(BinaryIO, io.BufferedReader(_Sealed(stream, file, keys), CHUNK))
        return stream
    except BaseException:
        stream.close()
        raise


def size_of(file: Path) -> int:
    """Bytes of a file as it was before it was encrypted, if it is."""
    with file.open("rb") as stream:
        size = os.fstat(stream.fileno()).st_size
        return _plain_size(file, size, _header(stream, file).chunk) if _begins_sealed(stream) else size


def key_of(file: Path) -> str:
    """The id of the site's key that a file's data key is wrapped by."""
    with file.open("rb") as stream:
        filled = [slot for slot in _header(stream, file).slots if slot != _EMPTY]
    return _SLOT.unpack(filled[-1])[0].hex() if filled else ""


def rewrap(file: Path, keys: Keys, newest: Key) -> bool:
    """Wrap a file's data key by the newest key alone; False where it is so already.

    Raises:
        InputError: none of its keys is there.
        OSError: it cannot be read or written.
    """
    with file.open("r+b") as stream:
        slots = _header(stream, file).slots
        whole, data_key = _opened(slots, file, keys)
        ours = next((n for n, slot in enumerate(slots) if _is_by(newest, slot)), None)
        if ours is not None and slots[ours ^ 1] == _EMPTY:
            return False
        if ours is None:
            ours = whole ^ 1
            _write_slot(stream, ours, _wrapped(data_key, newest))
        _write_slot(stream, ours ^ 1, _EMPTY)
    return True


class _Sealed(io.RawIOBase):
    """What is encrypted, a chunk at a time."""

    def __init__(self, stream: BinaryIO, file: Path, keys: Keys) -> None:
        header = _header(stream, file)
        self._stream, self._file, self._chunk = stream, file, header.chunk
        self._cipher = AESGCM(_opened(header.slots, file, keys)[1])
        self._size = _plain_size(file, os.fstat(stream.fileno()).st_size, header.chunk)
        self._last = max(0, self._size - 1) // header.chunk
        self._at, self._n, self._plain = 0, -1, b""
        self._load(self._last)

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """To a byte of what is encrypted."""
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def tell(self) -> int:
        """The byte that is read next."""
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Up to the end of a chunk."""
        if self._at >= self._size:
            return 0
        self._load(self._at // self._chunk)
        start = self._at % self._chunk
        some = self._plain[start : start + len(buffer)]
        buffer[: len(some)] = some
        self._at += len(some)
        return len(some)

    def close(self) -> None:
        """The file, too."""
        self._stream.close()
        super().close()

    def _load(self, n: int) -> None:
        if n == self._n:
            return
        self._stream.seek(_HEADER + n * (self._chunk + _TAG))
        data = self._stream.read(self._chunk + _TAG)
        try:
            said = _said(self._file.name, self._chunk, n, last=n == self._last)
            self._plain = self._cipher.decrypt(_nonce(n), data, said)
        except (InvalidTag, ValueError) as error:
            raise _damaged(self._file) from error
        self._n = n


def _seal(source: BinaryIO, target: BinaryIO, key: Key, name: str, chunk: int) -> None:
    data_key = secrets.token_bytes(SIZE)
    cipher = AESGCM(data_key)
    target.write(_START.pack(MAGIC, chunk) + _wrapped(data_key, key) + _EMPTY)
    plain, n = source.read(chunk), 0
    while True:
        after = source.read(chunk)
        target.write(cipher.encrypt(_nonce(n), plain, _said(name, chunk, n, last=not after)))
        if not after:
            return
        plain, n = after, n + 1


def _begins_sealed(stream: BinaryIO) -> bool:
    """Whether it is an encrypted one; it stands at its beginning afterwards."""
    begins = stream.read(len(MAGIC)) == MAGIC
    stream.seek(0)
    return begins


def _header(stream: BinaryIO, file: Path) -> _Header:
    stream.seek(0)
    data = stream.read(_HEADER)
    if len(data) < _HEADER or data[: len(MAGIC)] != MAGIC:
        raise _damaged(file)
    _, chunk = _START.unpack(data[: _START.size])
    if not chunk:
        raise _damaged(file)
    slots = data[_START.size :]
    return _Header(chunk, (slots[: _SLOT.size], slots[_SLOT.size :]))


def _opened(slots: tuple[bytes, bytes], file: Path, keys: Keys) -> tuple[int, bytes]:
    """The first slot that a key of ours opens, and the data key in it."""
    missing: InputError | None = None
    for n, slot in enumerate(slots):
        id_, wrapped = _SLOT.unpack(slot)
        if slot == _EMPTY:
            continue
        try:
            return n, aes_key_unwrap(keys.of(id_.hex()).secret, wrapped)
        except InputError as error:
            missing = error
        except InvalidUnwrap:
            continue
    raise missing or _damaged(file)


def _is_by(key: Key, slot: bytes) -> bool:
    """Whether the key opens it: one that was written half does not count."""
    try:
        return bool(aes_key_unwrap(key.secret, _SLOT.unpack(slot)[1]))
    except InvalidUnwrap:
        return False


def _wrapped(data_key: bytes, key: Key) -> bytes:
    return _SLOT.pack(bytes.fromhex(key.id), aes_key_wrap(key.secret, data_key))


def _write_slot(stream: BinaryIO, n: int, slot: bytes) -> None:
    stream.seek(_START.size + n * _SLOT.size)
    stream.write(slot)
    stream.flush()
    os.fsync(stream.fileno())


def _plain_size(file: Path, size: int, chunk: int) -> int:
    body = size - _HEADER
    chunks = -(-body // (chunk + _TAG))
    if body < chunks * _TAG or chunks < 1:
        raise _damaged(file)
    return body - chunks * _TAG


def _nonce(n: int) -> bytes:
    return n.to_bytes(12, "big")


def _said(name: str, chunk: int, n: int, *, last: bool) -> bytes:
    """What is authenticated with a chunk."""
    return MAGIC + struct.pack(">IQ?", chunk, n, last) + name.encode()


def _damaged(file: Path) -> InputError:
    remedy = "restore it from a disc (huifang archive restore) or a backup"
    return InputError("was changed or cut off since it was encrypted", where=str(file), remedy=remedy)
