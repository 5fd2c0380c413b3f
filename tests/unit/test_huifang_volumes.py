"""What goes onto which volume: everything once, in order, and never more than fits (R4)."""

from __future__ import annotations

import csv
import io
import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.errors import InputError
from huifang.custody import archive, discs, volumes
from huifang.custody.volumes import BLOCK, Item
from records.sounds import Sounds

SIZE = 2_000_000


def item(n: int, *sizes: int, said: str = "") -> Item:
    entry = {
        **dict.fromkeys(volumes.COLUMNS, ""),
        "id": n,
        "customer": "张伟",
        "files": [f"recordings/20260304-150000_{n}-{track}.wav" for track in range(len(sizes))],
        "said": [{"party": "customer", "start_s": 1.0, "text": said}],
    }
    return Item(entry, sizes)


@pytest.mark.parametrize(
    ("text", "size"),
    [("4.7G", 4_700_000_000), ("700m", 700_000_000), ("BD25", 25 * 10**9), ("123", 123), ("1.5 kb", 0)],
)
def test_a_size_is_read(text: str, size: int) -> None:
    if size:
        assert volumes.size_of(text) == size
    else:
        with pytest.raises(ValueError, match="no size"):
            volumes.size_of(text)


@given(st.lists(st.tuples(st.integers(0, 900_000), st.integers(0, 900_000)), max_size=20))
def test_all_items_are_packed_once_in_order_and_no_volume_overflows(pairs: list[tuple[int, int]]) -> None:
    items = [item(n, *sizes) for n, sizes in enumerate(pairs)]
    planned = list(volumes.packed(items, SIZE))
    assert [one for volume in planned for one in volume] == items
    assert all(volumes_size(volume) <= SIZE for volume in planned)
    assert all(
        sum(one.cost for one in volume) + following[0].cost > volumes.room(SIZE)
        for volume, following in pairwise(planned)
    )


def volumes_size(volume: list[Item]) -> int:
    """What a disc really holds of it: whole blocks of sound, and the three indices."""
    entries = [{**one.entry, "sha256": ["f" * 64] * len(one.sizes)} for one in volume]
    sums = sum(64 + 3 + len(name) for one in volume for name in one.entry["files"])
    indices = 2 * len(volumes.as_json(entries).encode()) + len(volumes.as_csv(entries).encode()) + sums
    sound = sum(-(-size // BLOCK) * BLOCK for one in volume for size in one.sizes)
    return sound + indices


def test_what_does_not_fit_into_any_volume_is_refused() -> None:
    with pytest.raises(ValueError, match="20260304-150000_1-0"):
        list(volumes.packed([item(1, SIZE)], SIZE))


def test_a_spreadsheet_runs_nothing_of_the_index() -> None:
    entry = {**item(1, 5).entry, "customer": "=1+1", "sha256": ["a", "b"]}
    text = volumes.as_csv([entry])
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[0] == list(volumes.COLUMNS.values())
    assert rows[1][4] == "'=1+1"
    assert rows[1][-1] == "a b"
    assert json.loads(volumes.as_json([entry])) == [entry]


@pytest.mark.parametrize(
    "place", ["../evil.wav", "/etc/evil.wav", "config/settings.yaml", "recordings/../../x"]
)
def test_a_disc_cannot_write_elsewhere(tmp_path: Path, place: str) -> None:
    volume = tmp_path / "volume"
    volume.mkdir()
    (volume / "a.wav").write_bytes(b"x")
    (volume / archive.SUMS).write_text(f"{'0' * 64}  a.wav\n")
    (volume / archive.INDEX).write_text(json.dumps([{"files": ["a.wav"], "places": [place]}]))
    with pytest.raises(InputError, match="outside"):
        discs.restore(volume, Sounds(tmp_path / "data"), lambda _done, _of: None)
    assert not (tmp_path / "data").exists()
