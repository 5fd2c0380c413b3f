"""Where the sound of a line is found, and that nothing but what was recorded is played (S1)."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from base.audio import Samples, read_wav, write_wav
from base.errors import PromptError
from base.files import sha256_file
from ivr.prompts import Manifest, PromptStore, Recording, check, read_manifest, write_manifest
from ivr.render import render, ship
from ivr.values import Line
from ivr.voice import split_voice

VOICE = "jm_kumo"
HELLO = Line("hello", "您好，请问您是张伟本人吗？")
BYE = Line("bye", "感谢您的配合，再见。")


@dataclass
class Whistle:
    """A synthesiser whose sound is as long as the wording, at the level of prompts."""

    spoken: list[str] = field(default_factory=list)
    asked: set[tuple[str, float]] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)
    voices: tuple[str, ...] = (VOICE,)

    def speak(self, wording: str, voice: str, speed: float = 1.0) -> Samples:
        if "€" in wording:
            raise PromptError("the character '€' cannot be spoken", where=wording)
        with self.lock:
            self.spoken.append(wording)
            self.asked.add((voice, speed))
        wave = np.sin(2 * np.pi * 800 * np.arange(800 * len(wording)) / 8000)
        return np.asarray(wave * 32768 * 0.1414, np.int16)


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path, Path]:
    site, shipped, cache = tmp_path / "site", tmp_path / "shipped", tmp_path / "cache"
    for folder in (site, shipped, cache):
        folder.mkdir()
    return site, shipped, cache


def store_of(places: tuple[Path, Path, Path], voice: str = VOICE) -> PromptStore:
    return PromptStore(*places, voice)


def record(folder: Path, line: Line, voice: str, file: str = "one.wav", *, sha256: str | None = None) -> Path:
    write_wav(folder / file, Whistle().speak(line.wording, voice))
    digest = sha256_file(folder / file) if sha256 is None else sha256
    row = Recording(key=line.prompt, wording=line.wording, file=file, voice=voice, sha256=digest)
    write_manifest(folder, Manifest(prompts=(*read_manifest(folder).prompts, row)))
    return folder / file


def test_nothing_there_is_missing_once_for_each_wording(places: tuple[Path, Path, Path]) -> None:
    same = Line("other_key", HELLO.wording)
    assert store_of(places).missing([HELLO, BYE, HELLO, same]) == [HELLO, BYE]
    assert store_of(places).find(HELLO) is None


def test_the_sites_recording_goes_before_the_shipped_one(places: tuple[Path, Path, Path]) -> None:
    shipped = record(places[1], HELLO, VOICE)
    assert store_of(places).find(HELLO) == shipped
    own = record(places[0], HELLO, "our speaker")
    assert store_of(places).find(HELLO) == own


def test_a_recording_of_other_words_is_never_played(places: tuple[Path, Path, Path]) -> None:
    record(places[0], HELLO, "our speaker")
    assert store_of(places).find(Line(HELLO.prompt, HELLO.wording + "啊")) is None


def test_shipped_recordings_of_another_voice_are_left_alone(places: tuple[Path, Path, Path]) -> None:
    record(places[1], HELLO, VOICE)
    assert store_of(places, "jf_alpha").find(HELLO) is None


def test_an_altered_recording_is_refused_by_name(places: tuple[Path, Path, Path]) -> None:
    path = record(places[1], HELLO, VOICE)
    write_wav(path, np.zeros(800, np.int16))
    with pytest.raises(PromptError, match=r"manifest\.json: hello: the recording one\.wav was altered"):
        store_of(places).find(HELLO)
    assert [problem.prompt for problem in check(store_of(places), [HELLO])] == ["hello"]


def test_a_row_without_its_file_is_refused_by_name(places: tuple[Path, Path, Path]) -> None:
    record(places[0], HELLO, VOICE).unlink()
    with pytest.raises(PromptError, match=r"one\.wav is missing"):
        store_of(places).find(HELLO)


def test_rows_written_by_hand_need_no_hash(places: tuple[Path, Path, Path]) -> None:
    path = record(places[0], HELLO, "our speaker", sha256="")
    assert store_of(places).find(HELLO) == path


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('{"prompts": [{"key": "a", "wording": "b", "file": "c", "colour": 1}]}', r"prompts\.0\.colour"),
        ('{"prompts": [{"key": "a", "file": "c"}]}', r"prompts\.0\.wording"),
        ("{", "JSON"),
    ],
)
def test_a_bad_manifest_is_one_line_with_its_place(
    places: tuple[Path, Path, Path], text: str, complaint: str
) -> None:
    (places[0] / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(PromptError, match=complaint) as caught:
        store_of(places)
    assert str(places[0] / "manifest.json") in str(caught.value)


def test_rendering_makes_what_is_missing_and_only_that(places: tuple[Path, Path, Path]) -> None:
    record(places[1], BYE, VOICE)
    store, whistle, seen = store_of(places), Whistle(), list[tuple[int, int]]()
    assert render([HELLO, BYE, HELLO], store, whistle, lambda done, of: seen.append((done, of))) == 1
    assert whistle.spoken == [HELLO.wording]
    assert seen == [(1, 1)]
    assert store.missing([HELLO, BYE]) == []
    assert store.seconds(HELLO) == pytest.approx(0.1 * len(HELLO.wording))
    assert render([HELLO, BYE], store, whistle) == 0


def test_a_pause_follows_statements_and_none_follows_questions(places: tuple[Path, Path, Path]) -> None:
    store = store_of(places)
    render([HELLO, BYE], store, Whistle())
    assert store.seconds(HELLO) == pytest.approx(0.1 * len(HELLO.wording))
    assert store.seconds(BYE) == pytest.approx(0.1 * len(BYE.wording) + 0.3)


def test_what_was_rendered_stays_when_a_wording_cannot_be_spoken(places: tuple[Path, Path, Path]) -> None:
    store = store_of(places)
    with pytest.raises(PromptError, match="五€"):
        render([HELLO, Line("price", "五€")], store, Whistle(), jobs=1)
    assert store.missing([HELLO]) == []


def test_pace_and_voice_are_part_of_what_is_cached(places: tuple[Path, Path, Path]) -> None:
    whistle = Whistle()
    render([HELLO], store_of(places, "jm_kumo@1.1"), whistle)
    assert whistle.asked == {("jm_kumo@1.1", 1.0)}
    assert store_of(places, "jm_kumo@1.1").missing([HELLO]) == []
    assert store_of(places, "jm_kumo").missing([HELLO]) == [HELLO]


def test_seconds_of_a_line_without_sound_is_an_error(places: tuple[Path, Path, Path]) -> None:
    with pytest.raises(PromptError, match="hello has no sound"):
        store_of(places).seconds(HELLO)


def shipped_files(folder: Path) -> Sequence[str]:
    return sorted(path.name for path in folder.glob("*.wav"))


def test_shipping_keeps_what_is_whole_and_removes_what_is_no_longer_said(
    places: tuple[Path, Path, Path],
) -> None:
    folder, whistle = places[1], Whistle()
    assert ship([HELLO, BYE], folder, VOICE, whistle) == 2
    assert ship([HELLO, BYE], folder, VOICE, whistle) == 0
    changed = Line("bye", "再见。")
    assert ship([HELLO, changed], folder, VOICE, whistle) == 1
    rows = read_manifest(folder).prompts
    assert {row.wording for row in rows} == {HELLO.wording, changed.wording}
    assert shipped_files(folder) == sorted(row.file for row in rows)
    assert all(row.seconds == pytest.approx(len(read_wav(folder / row.file)) / 8000) for row in rows)
    assert store_of(places).missing([HELLO, changed]) == []


def test_shipping_goes_on_where_it_stopped(places: tuple[Path, Path, Path]) -> None:
    with pytest.raises(PromptError, match="五€"):
        ship([HELLO, Line("price", "五€")], places[1], VOICE, Whistle(), jobs=1)
    assert [row.wording for row in read_manifest(places[1]).prompts] == [HELLO.wording]
    assert ship([HELLO, BYE], places[1], VOICE, Whistle()) == 1


def test_shipping_renders_an_altered_recording_again(places: tuple[Path, Path, Path]) -> None:
    ship([HELLO], places[1], VOICE, Whistle())
    write_wav(places[1] / shipped_files(places[1])[0], np.zeros(80, np.int16))
    assert ship([HELLO], places[1], VOICE, Whistle()) == 1
    assert check(store_of(places), [HELLO]) == []


def test_check_names_missing_and_badly_levelled_recordings(places: tuple[Path, Path, Path]) -> None:
    path = record(places[0], BYE, "our speaker", sha256="")
    write_wav(path, read_wav(path) // 10)
    found = {problem.prompt: problem.what for problem in check(store_of(places), [HELLO, BYE])}
    assert found["hello"] == "there is no recording of this wording"
    assert found["bye"].startswith("its level is -40")


def test_check_names_a_file_of_another_shape(places: tuple[Path, Path, Path]) -> None:
    (record(places[0], BYE, "our speaker", sha256="")).write_bytes(b"ID3 no wave")
    assert check(store_of(places), [BYE])[0].what.startswith("unreadable")


def test_a_voice_may_carry_its_pace() -> None:
    assert split_voice("jm_kumo@1.1") == ("jm_kumo", 1.1)
    assert split_voice("jm_kumo") == ("jm_kumo", 1.0)
    with pytest.raises(PromptError, match="jm_kumo@fast"):
        split_voice("jm_kumo@fast")
