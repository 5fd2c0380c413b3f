"""Encrypted files: read from any byte on; whatever was done to one is noticed; keys change under them."""

from __future__ import annotations

import io
import os
import stat
from datetime import date
from pathlib import Path

import pytest

from base import keys, sealed
from base.errors import InputError
from base.keys import Keys

DAY = date(2026, 3, 4)
CHUNK = 16
HEADER = 108
STEP = CHUNK + 16


@pytest.fixture
def ring(tmp_path: Path) -> Keys:
    keys.add(tmp_path / "keys", DAY)
    return Keys(tmp_path / "keys")


def put(file: Path, plain: bytes, ring: Keys) -> Path:
    newest = ring.newest()
    assert newest is not None
    sealed.seal(io.BytesIO(plain), file, newest, CHUNK)
    return file


def content(file: Path, ring: Keys) -> bytes:
    with sealed.opened(file, ring) as stream:
        return stream.read()


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 5 * CHUNK + 3])
def test_what_is_sealed_is_read_again_and_cannot_be_seen(tmp_path: Path, ring: Keys, size: int) -> None:
    plain = bytes(range(100, 100 + size)) if size < 100 else os.urandom(size)
    file = put(tmp_path / "a.wav", plain, ring)
    assert sealed.is_sealed(file)
    assert content(file, ring) == plain
    assert sealed.size_of(file) == size
    assert size < 4 or plain[:4] not in file.read_bytes()


def test_any_range_is_read_by_its_own_chunks(tmp_path: Path, ring: Keys) -> None:
    plain = os.urandom(5 * CHUNK + 3)
    file = put(tmp_path / "a.wav", plain, ring)
    with sealed.opened(file, ring) as stream:
        for start in range(0, len(plain) + 2, 7):
            for length in (1, CHUNK, 3 * CHUNK):
                assert stream.seek(start) == start
                assert stream.read(length) == plain[start : start + length]
        assert stream.seek(-4, os.SEEK_END) == len(plain) - 4
        assert stream.read() == plain[-4:]


def harmed(data: bytes, how: str) -> bytes:
    first, second = data[HEADER : HEADER + STEP], data[HEADER + STEP : HEADER + 2 * STEP]
    return {
        "a bit": data[: HEADER + 3] + bytes([data[HEADER + 3] ^ 1]) + data[HEADER + 4 :],
        "cut between chunks": data[: HEADER + 2 * STEP],
        "cut in a chunk": data[:-1],
        "nothing left": data[:HEADER],
        "half a header": data[:40],
        "swapped": data[:HEADER] + second + first + data[HEADER + 2 * STEP :],
        "one twice": data[:HEADER] + first + first + data[HEADER + 2 * STEP :],
        "longer": data + b"x",
        "another chunk size": data[:8] + (8).to_bytes(4, "big") + data[12:],
        "no chunk size": data[:8] + bytes(4) + data[12:],
        "another data key": data[:20] + bytes(40) + data[60:],
    }[how]


@pytest.mark.parametrize(
    "how",
    [
        *("a bit", "cut between chunks", "cut in a chunk", "nothing left", "half a header", "swapped"),
        *("one twice", "longer", "another chunk size", "no chunk size", "another data key"),
    ],
)
def test_whatever_was_done_to_it_is_noticed(tmp_path: Path, ring: Keys, how: str) -> None:
    file = put(tmp_path / "a.wav", os.urandom(4 * CHUNK + 5), ring)
    file.write_bytes(harmed(file.read_bytes(), how))
    with pytest.raises(InputError, match=r"changed or cut off|missing"):
        content(file, ring)


def test_a_recording_cannot_stand_in_for_another(tmp_path: Path, ring: Keys) -> None:
    file = put(tmp_path / "a.wav", b"his words", ring)
    other = file.rename(tmp_path / "b.wav")
    with pytest.raises(InputError, match="changed"):
        content(other, ring)


def test_who_reads_while_it_is_sealed_reads_on_what_there_was(tmp_path: Path, ring: Keys) -> None:
    file = tmp_path / "a.wav"
    file.write_bytes(b"plain words")
    newest = ring.newest()
    assert newest is not None
    with sealed.opened(file, ring) as before:
        assert before.read(5) == b"plain"
        assert sealed.seal_in_place(file, newest)
        assert before.read() == b" words"
    sealed_once = file.read_bytes()
    assert not sealed.seal_in_place(file, newest)
    assert file.read_bytes() == sealed_once
    assert content(file, ring) == b"plain words"
    assert sealed.size_of(file) == 11


def test_what_cannot_be_sealed_whole_leaves_what_was_there(tmp_path: Path, ring: Keys) -> None:
    class Breaking(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            found = super().read(size)
            if not found:
                raise OSError("the disk is gone")
            return found

    file = tmp_path / "a.wav"
    file.write_bytes(b"plain")
    newest = ring.newest()
    assert newest is not None
    with pytest.raises(OSError, match="the disk is gone"):
        sealed.seal(Breaking(b"plain"), file, newest)
    assert file.read_bytes() == b"plain"
    assert {one.name for one in tmp_path.iterdir()} == {"a.wav", "keys"}


def test_a_new_key_opens_it_alone_and_the_sound_is_not_written_anew(tmp_path: Path, ring: Keys) -> None:
    file = put(tmp_path / "a.wav", b"words" * 9, ring)
    before, old = file.read_bytes(), ring.newest()
    assert old is not None
    new = keys.add(tmp_path / "keys", DAY)
    assert sealed.rewrap(file, ring, new)
    assert not sealed.rewrap(file, ring, new)
    assert file.read_bytes()[HEADER:] == before[HEADER:]
    assert sealed.key_of(file) == new.id
    keys.forget(tmp_path / "keys", old.id)
    assert content(file, Keys(tmp_path / "keys")) == b"words" * 9
    file.write_bytes(before)
    with pytest.raises(InputError, match=f"key {old.id} of an encrypted recording is missing"):
        content(file, ring)


@pytest.mark.parametrize("torn", [0, 20])
def test_a_rotation_that_was_broken_off_goes_on(tmp_path: Path, ring: Keys, torn: int) -> None:
    """`torn` bytes of the new slot are not what they should be when the machine stops."""
    file = put(tmp_path / "a.wav", b"words", ring)
    old = file.read_bytes()[12:60]
    new = keys.add(tmp_path / "keys", DAY)
    sealed.rewrap(file, ring, new)
    data = bytearray(file.read_bytes())
    data[12:60] = old
    data[108 - torn : 108] = bytes(torn)
    file.write_bytes(bytes(data))
    assert content(file, ring) == b"words"
    assert sealed.rewrap(file, ring, new)
    assert sealed.key_of(file) == new.id
    assert content(file, ring) == b"words"


def test_a_key_shows_itself_nowhere_and_its_file_is_its_owners(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    made = keys.add(file, DAY)
    assert made.secret.hex() not in repr(made)
    assert repr(made.secret) not in repr(made)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.chmod(0o640)
    with pytest.raises(InputError, match="may be read by others"):
        keys.read(file)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "holds no key"),
        ("# nothing\n", "holds no key"),
        ("2026-03-04 0123456789abcdef " + "A" * 43 + "=\n", "no key"),
        ("2026-13-04 66687aadf862bd77 " + "A" * 43 + "=\n", "no key"),
        ("secret\n", "no key"),
    ],
)
def test_a_file_of_keys_that_was_damaged_is_told_by_its_name_alone(
    tmp_path: Path, text: str, says: str
) -> None:
    file = tmp_path / "keys"
    file.touch(0o600)
    file.write_text(text)
    with pytest.raises(InputError, match=says) as told:
        Keys(file).newest()
    assert "AAAA" not in str(told.value)


def test_the_newest_key_cannot_be_forgotten(tmp_path: Path, ring: Keys) -> None:
    newest = ring.newest()
    assert newest is not None
    with pytest.raises(InputError, match="rotate first"):
        keys.forget(tmp_path / "keys", newest.id)
    with pytest.raises(InputError, match="no key of this file"):
        keys.forget(tmp_path / "keys", "0" * 16)
    with pytest.raises(InputError, match="cannot be read"):
        Keys(tmp_path / "elsewhere").newest()
    assert Keys(None).newest() is None
