"""`huifang eval` on a little recorded speech, with the packaged model."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from base.audio import RATE, Samples
from tests.command_line import huifang, succeeds
from tests.speech_kit import DELEGATED, MYSELF, RECORDINGS, SATISFIED, packaged_model, recorded
from transcribe.apart import Apart
from transcribe.call import hear_customer
from transcribe.voice import VoiceDetector
from transcribe.whisper import Whisper

pytestmark = pytest.mark.speech
HEADER = "audio\ttranscript\tflags\tgroups\n"
LEAST_APART = 2
"""Of three turns decoded together, so many must come out as the one word that is theirs alone."""


def table(tmp_path: Path, header: str, *rows: str) -> Path:
    path = tmp_path / "speech.tsv"
    path.write_text(header + "".join(f"{RECORDINGS}/{row}\n" for row in rows), encoding="utf-8")
    return path


def test_a_lead_is_found_and_innocent_answers_are_not(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        HEADER,
        f"delegated.wav\t{DELEGATED}\ttrading_on_behalf profit_sharing\tlead",
        f"myself.wav\t{MYSELF}\t\tordinary",
        f"satisfied.wav\t{SATISFIED}\t\tordinary",
    )
    found = json.loads(succeeds("eval", "speech", path, "--json", "--data", tmp_path))
    assert found["flag_recall"] >= 0.5
    assert found["false_alarms"] == 0
    assert found["cer"] < 0.5
    assert set(found["by_condition"]) == {"lead", "ordinary"}
    assert len(found["thresholds"]) == 64


def test_a_table_without_flags_makes_its_own_keywords(tmp_path: Path) -> None:
    path = table(tmp_path, "file\ttranscript\n", f"delegated.wav\t{DELEGATED}")
    said = succeeds("eval", "speech", path, "--telephone", "--data", tmp_path)
    assert "4 keywords made of the transcripts" in said
    assert "3 syllables" in said


def test_a_bad_row_ends_it_before_anything_is_heard(tmp_path: Path) -> None:
    path = table(tmp_path, HEADER, f"delegated.wav\t{DELEGATED}\tnonsense\t")
    done = huifang("eval", "speech", path, "--data", tmp_path)
    assert done.status == 2
    assert f"{path}:2" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_answers_of_one_group_alone(tmp_path: Path) -> None:
    path = tmp_path / "answers.tsv"
    row = f"{RECORDINGS}/satisfied.wav\tnew_account.satisfied\t"
    path.write_text(
        f"audio\tquestion\texpected\tgroups\n{row}very_satisfied\tclean\n{row}-\tloud\n", encoding="utf-8"
    )
    found = json.loads(succeeds("eval", "answers", path, "--only", "clean", "--json", "--data", tmp_path))
    assert (found["n"], found["right_or_reasked"]) == (1, 1.0)
    done = huifang("eval", "answers", path, "--only", "quiet", "--data", tmp_path)
    assert done.status == 2
    assert len(done.stderr.splitlines()) == 1


def three_turns() -> Samples:
    quiet: Samples = np.zeros(3 * RATE, np.int16)
    turns = [recorded(name) for name in ("satisfied", "myself", "satisfied")]
    return np.concatenate([part for turn in turns for part in (quiet, turn)])


async def test_short_turns_decoded_together_keep_their_own_words() -> None:
    heard = await hear_customer(three_turns(), (), Whisper(packaged_model()), VoiceDetector())
    assert len(heard) == 3
    own = ("满", "自己", "满")
    assert sum(word in one.text for word, one in zip(own, heard, strict=True)) >= LEAST_APART
    assert "自己" not in heard[0].text + heard[2].text


async def test_a_recogniser_in_a_process_of_its_own_hears_the_same() -> None:
    """What is measured is what `huifang worker` does: it decodes short turns together, too."""
    apart = Apart(partial(Whisper, packaged_model(), threads=1))
    try:
        heard = await hear_customer(three_turns(), (), apart, VoiceDetector())
    finally:
        apart.close()
    here = Whisper(packaged_model(), threads=1)
    assert heard == await hear_customer(three_turns(), (), here, VoiceDetector())
