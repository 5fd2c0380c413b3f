"""Sound by ranges; seconds that a player says were heard."""

from __future__ import annotations

import pytest

from base.errors import InputError
from qa.players import stretches
from qa.ranges import part
from records.listening import MOST_STRETCHES, Stretch, covers, merged


@pytest.mark.parametrize(
    ("asked", "span"),
    [
        ("", (0, 100)),
        ("bytes=0-", (0, 100)),
        ("bytes=10-19", (10, 20)),
        ("bytes=90-500", (90, 100)),
        ("bytes=-5", (95, 100)),
        ("bytes=-500", (0, 100)),
        ("bytes=100-", None),
        ("bytes=20-10", None),
        ("bytes=-0", None),
        ("bytes=1-2,5-6", (0, 100)),
        ("bytes=-", (0, 100)),
        ("pages=1-2", (0, 100)),
    ],
)
def test_a_range_is_a_part_of_the_sound(asked: str, span: tuple[int, int] | None) -> None:
    assert part(asked, 100) == span


def test_stretches_are_merged_over_small_gaps() -> None:
    assert merged([(7, 9), (1, 2), (2.3, 4), (1.5, 1.8)]) == [(1, 4), (7, 9)]
    assert merged([]) == []


@pytest.mark.parametrize(
    ("heard", "wanted", "is_covered"),
    [
        ([(1.0, 4.0)], (1.5, 3.0), True),
        ([(1.0, 4.0)], (0.6, 4.4), True),
        ([(1.0, 4.0)], (3.0, 6.0), False),
        ([(1.0, 2.0), (2.4, 4.0)], (1.0, 4.0), True),
        ([(1.0, 2.0), (3.0, 4.0)], (1.0, 4.0), False),
        ([], (1.0, 4.0), False),
    ],
)
def test_a_stretch_was_heard_when_all_of_it_was(
    heard: list[Stretch], wanted: Stretch, is_covered: bool
) -> None:
    assert covers(heard, wanted) is is_covered


def test_what_a_player_tells_is_read() -> None:
    assert stretches("2.0-5.5,7.25-9", 9.0) == [(2.0, 5.5), (7.25, 9.0)]
    assert stretches("", 9.0) == []


@pytest.mark.parametrize("written", ["5-2", "-1-2", "1", "a-b", "1-nan", "0-20", "nan-2", "inf-inf"])
def test_what_cannot_have_been_heard_is_refused(written: str) -> None:
    with pytest.raises(InputError, match="no stretch"):
        stretches(written, 9.0)


def test_no_player_tells_that_much_at_once() -> None:
    with pytest.raises(InputError, match="too many"):
        stretches(",".join(["1-2"] * (MOST_STRETCHES + 1)), 9.0)
