"""A watched folder: what has settled is taken once and put away, whatever happens in between."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from base.errors import InputError
from huifang.elsewhere import Taken
from huifang.watched_folder import Settling, watch

A, B = Path("a.wav"), Path("b.wav")


def test_a_file_is_ready_when_it_has_stayed_the_same() -> None:
    settling = Settling(5.0)
    assert settling.settled({A: (10, 1), B: (10, 1)}, 0.0) == []
    assert settling.settled({A: (20, 2), B: (10, 1)}, 4.0) == []
    assert settling.settled({A: (20, 2), B: (10, 1)}, 5.0) == [B]
    assert settling.settled({A: (20, 2)}, 9.0) == [A]
    assert settling.settled({}, 10.0) == []
    assert settling.settled({A: (20, 2)}, 11.0) == []


async def watched(folder: Path, *errors: str) -> list[str]:
    """Watch until the folder is empty; files whose names are in `errors` cannot be used."""
    told: list[str] = []

    async def take(file: Path) -> Taken:
        return Taken(file, error="is broken" if file.name in errors else "")

    def tell(taken: Taken) -> None:
        told.append(taken.file.name)

    await watch(folder, take, tell, settle_s=0, until_empty=True, stop=asyncio.Event())
    return told


async def test_files_are_put_where_people_see_what_became_of_them(tmp_path: Path) -> None:
    for name in ("b.mp3", "a.wav"):
        (tmp_path / name).write_bytes(b"x")
    assert await watched(tmp_path, "b.mp3") == ["a.wav", "b.mp3"]
    assert (tmp_path / "done" / "a.wav").is_file()
    assert (tmp_path / "failed" / "b.mp3").is_file()
    assert (tmp_path / "failed" / "b.mp3.reason.txt").read_text(encoding="utf-8") == "is broken\n"


async def test_what_is_hidden_or_unfinished_is_left_alone(tmp_path: Path) -> None:
    for name in (".hidden.wav", "half.wav.part", "half.tmp"):
        (tmp_path / name).write_bytes(b"x")
    assert await watched(tmp_path) == []
    assert all((tmp_path / name).is_file() for name in (".hidden.wav", "half.wav.part", "half.tmp"))


async def test_a_second_file_of_the_same_name_gets_another(tmp_path: Path) -> None:
    for _ in range(2):
        (tmp_path / "a.wav").write_bytes(b"x")
        assert await watched(tmp_path) == ["a.wav"]
    assert sorted(path.name for path in (tmp_path / "done").iterdir()) == ["a-2.wav", "a.wav"]


async def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be watched"):
        await watched(tmp_path / "nowhere")
