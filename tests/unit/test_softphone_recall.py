"""Prompts known by heart, told by the sound of their ends."""

from __future__ import annotations

import numpy as np
import pytest

from base.audio import RATE, Samples
from ivr.hearing import Heard
from softphone.recall import KnownPrompts, RecallingEar


def speech(seed: int, length_s: float = 3.0) -> Samples:
    """Tones that rise and fall as the bands of speech do: different for each seed."""
    chance = np.random.default_rng(seed)
    times = np.arange(int(length_s * RATE)) / RATE
    steps = np.arange(0, length_s + 0.15, 0.15)
    wave = np.zeros(len(times))
    for pitch in chance.uniform(250, 3300, 12):
        loudness = np.interp(times, steps, chance.uniform(0, 1, len(steps)))
        wave += loudness**3 * np.sin(2 * np.pi * pitch * times + chance.uniform(0, 6))
    return np.asarray(wave / np.abs(wave).max() * 12000, dtype=np.int16)


def quiet(length_s: float) -> Samples:
    return np.zeros(int(length_s * RATE), dtype=np.int16)


KNOWN = KnownPrompts((f"第{seed}句。", speech(seed)) for seed in range(20))


@pytest.mark.parametrize("seed", [0, 7, 19])
def test_a_known_prompt_is_told_whatever_surrounds_it(seed: int) -> None:
    heard = np.concatenate([quiet(0.37), speech(99), speech(seed), quiet(1.0)])
    assert KNOWN.recall(heard) == f"第{seed}句。"


def test_it_is_told_at_another_level_and_with_a_packet_lost() -> None:
    heard = np.concatenate([(speech(3) * 0.4).astype(np.int16), quiet(0.8)])
    heard[RATE * 2 : RATE * 2 + 160] = 0
    assert KNOWN.recall(heard) == "第3句。"


@pytest.mark.parametrize(
    "heard",
    [quiet(3.0), quiet(0.1), speech(99), np.concatenate([speech(3), speech(98), quiet(0.5)])],
    ids=["silence", "next to nothing", "unknown", "unknown after known"],
)
def test_what_is_not_known_by_heart(heard: Samples) -> None:
    assert KNOWN.recall(heard) is None


async def test_the_recogniser_is_started_once_and_only_when_needed() -> None:
    started = []

    class Recogniser:
        async def hear(self, _pcm: bytes, _expected: tuple[str, ...] = ()) -> Heard:
            return Heard("听写")

    async def start() -> Recogniser:
        started.append(True)
        return Recogniser()

    ear = RecallingEar(KNOWN, start)
    assert (await ear.hear(speech(5).tobytes())).text == "第5句"
    assert not started
    assert (await ear.hear(speech(99).tobytes())).text == "听写"
    await ear.hear(speech(97).tobytes())
    assert len(started) == 1


def test_without_recordings_nothing_is_known() -> None:
    assert KnownPrompts(()).recall(speech(1)) is None


@pytest.mark.parametrize("first", [40, 41])
def test_of_prompts_that_end_alike_the_whole_decides(first: int) -> None:
    ending = speech(42, 1.5)
    known = KnownPrompts((f"第{seed}句。", np.concatenate([speech(seed, 1.5), ending])) for seed in (40, 41))
    heard = np.concatenate([speech(99), speech(first, 1.5), ending, quiet(1.0)])
    assert known.recall(heard) == f"第{first}句。"


def test_pieces_before_a_known_prompt_are_told_in_their_order() -> None:
    pieces = [(str(number), speech(number, 0.4)) for number in range(60, 80)]
    known = KnownPrompts([("再打给您，对吗？", speech(50, 1.5))], pieces)
    sounds = dict(pieces)
    heard = np.concatenate(
        [speech(99), sounds["66"], sounds["61"], sounds["61"], speech(50, 1.5), quiet(0.7)]
    )
    assert known.recall(heard) == "666161再打给您，对吗？"
    assert known.recall(np.concatenate([speech(99), speech(50, 1.5), quiet(0.7)])) == "再打给您，对吗？"
