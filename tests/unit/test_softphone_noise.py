"""Backgrounds: at their level below the voice, the same for the same seed, mixed without overflow."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from base.audio import RATE, level_dbfs, read_wav, seconds, write_wav
from ivr.voice.loudness import TARGET_DBFS
from softphone.backgrounds import Backgrounds
from softphone.noise import Background, bed, mixed
from softphone.persona import Persona
from tests.speechlike import speech

VOICES = [speech(1.0, pitch=pitch) for pitch in (110.0, 150.0, 210.0)]


@pytest.mark.parametrize("kind", ["street", "babble"])
@pytest.mark.parametrize("snr_db", [10.0, 5.0])
def test_a_background_lies_so_far_below_the_voice(kind: Literal["street", "babble"], snr_db: float) -> None:
    sound = bed(Background(kind=kind, snr_db=snr_db), 5.0, 1, VOICES)
    assert seconds(sound) == 5.0
    assert level_dbfs(sound) == pytest.approx(TARGET_DBFS - snr_db, abs=0.1)


def test_the_same_seed_sounds_the_same_and_another_does_not() -> None:
    street = Background(kind="street", snr_db=5)
    one, same, other = (bed(street, 1.0, seed, VOICES) for seed in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_a_street_is_within_the_telephones_band_and_mostly_low() -> None:
    spectrum = np.abs(np.fft.rfft(bed(Background(kind="street", snr_db=5), 4.0, 1, ()).astype(float))) ** 2
    hertz = np.fft.rfftfreq(4 * RATE, 1 / RATE)
    low = spectrum[(hertz > 300) & (hertz < 1000)].mean()
    assert low > 3 * spectrum[(hertz > 2000) & (hertz < 3000)].mean()
    assert low > 100 * spectrum[hertz < 50].mean()


def test_a_babble_without_sentences_is_refused() -> None:
    with pytest.raises(ValueError, match="there are none"):
        bed(Background(kind="babble", snr_db=5), 1.0, 1, ())


def test_mixing_goes_round_and_never_overflows() -> None:
    loud = np.full(10, 32000, np.int16)
    around = np.array([0, 1000, -1000], np.int16)
    assert mixed(loud, around, 1).tolist()[:4] == [32767, 31000, 32000, 32767]


def test_a_sentence_amid_its_background_keeps_its_length_and_is_made_once(tmp_path: Path) -> None:
    sentence = tmp_path / "sentence.wav"
    write_wav(sentence, VOICES[0])
    places = Backgrounds(tmp_path / "mixed", [sentence])
    crowd = Background(kind="babble", snr_db=5)
    path = places.around(crowd, sentence)
    made = path.stat().st_mtime_ns
    assert len(read_wav(path)) == len(VOICES[0])
    assert not np.array_equal(read_wav(path), VOICES[0])
    assert places.around(crowd, sentence) == path
    assert path.stat().st_mtime_ns == made
    assert places.alone(crowd) != places.alone(Background(kind="street", snr_db=5))


def test_noise_of_the_first_calls_is_gone_later() -> None:
    loud = Background(kind="street", snr_db=10, calls=1)
    always = loud.model_copy(update={"calls": None})
    one = Persona(id="a", name="张三", about="", number="13800010001", voice="espeak", noise=loud)
    assert [one.noise_in(call) for call in range(2)] == [loud, None]
    assert one.model_copy(update={"noise": always}).noise_in(5) == always
