"""A recogniser's process may die, complain or hang: it costs the sound that did it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from base.audio import Samples
from base.errors import EngineError, ModelError
from tests.fakes.engine import BAD, DEADLY, ENDLESS, Fragile
from transcribe.apart import Apart

GOOD = np.full(800, 100, np.int16)


def sound(kind: int) -> Samples:
    return np.full(800, kind, np.int16)


@pytest.fixture
def apart() -> Iterator[Apart]:
    engine = Apart(Fragile)
    yield engine
    engine.close()


def test_what_it_is_and_hears(apart: Apart) -> None:
    assert (apart.name, apart.model_sha256, apart.capabilities.scores) == ("fragile", "f" * 64, False)
    assert apart.transcribe(GOOD).text == "好"


def test_it_comes_up_again_after_a_deadly_sound(apart: Apart) -> None:
    before = apart.pid
    with pytest.raises(EngineError, match="77"):
        apart.transcribe(sound(DEADLY))
    assert apart.transcribe(GOOD).text == "好"
    assert apart.pid != before


def test_what_a_decoder_says_is_told_and_the_process_goes_on(apart: Apart) -> None:
    before = apart.pid
    with pytest.raises(EngineError, match="ValueError: no such frame"):
        apart.answer(sound(BAD))
    assert apart.answer(GOOD).text == "好"
    assert apart.pid == before


def test_a_sound_without_end_is_given_up() -> None:
    apart = Apart(Fragile, answer_s=0.2)
    try:
        with pytest.raises(EngineError, match="said nothing"):
            apart.transcribe(sound(ENDLESS))
    finally:
        apart.close()


def test_it_is_not_started_again_once_closed(apart: Apart) -> None:
    apart.close()
    with pytest.raises(EngineError, match="closed"):
        apart.transcribe(GOOD)


def no_model() -> Fragile:
    raise ModelError("is missing", where="model.bin", remedy="install it")


def dead() -> Fragile:
    raise SystemExit(3)


def test_a_model_that_cannot_be_loaded_is_named() -> None:
    with pytest.raises(ModelError, match=r"model.bin: is missing \(install it\)"):
        Apart(no_model)
    with pytest.raises(EngineError, match="does not start"):
        Apart(dead)
