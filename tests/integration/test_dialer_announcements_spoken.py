"""Announcements as they are spoken: a packaged voice, A-law, the packaged recogniser, the shipped table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dialer.announcements import Announcements, load
from huifang.settings import Speech
from ivr.voice.kokoro import Kokoro
from tests.soundscapes import over_the_line
from tests.speech_kit import packaged_model
from tests.speechlike import silence
from transcribe.whisper import Whisper

pytestmark = pytest.mark.speech


@pytest.fixture(scope="module")
def table() -> Announcements:
    return load(Path(__file__).parents[2] / "config" / "announcements.yaml")


@pytest.fixture(scope="module")
def recogniser() -> Whisper:
    return Whisper(packaged_model(), threads=1)


@pytest.fixture(scope="module")
def voice() -> Kokoro:
    return Kokoro.open(Speech().directory)


@pytest.mark.parametrize(
    ("wording", "early", "disposition"),
    [
        ("您好，您呼叫的号码是空号，请您核对之后再拨。", True, "unallocated_number"),
        ("您好，您拨打的用户暂时无法接通，请您过一会儿再拨。", False, "unreachable"),
        ("你好，我现在有事，请在听到提示音之后留言。", False, "voicemail"),
        ("喂，你好，我现在在开会，不方便接电话。", False, None),
        ("他手机关机了，你晚上再打吧。", False, None),
    ],
)
def test_what_is_said_is_known(
    table: Announcements,
    recogniser: Whisper,
    voice: Kokoro,
    wording: str,
    early: bool,
    disposition: str | None,
) -> None:
    sound = np.concatenate([silence(0.3), voice.speak(wording, "jf_nezumi"), silence(0.3)])
    text = recogniser.answer(over_the_line(sound[: 6 * 8000], noise=10)).text
    announced = table.recognise(text, early=early)
    assert (announced.disposition if announced else None) == disposition, text
