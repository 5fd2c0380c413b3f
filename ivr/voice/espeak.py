"""espeak-ng as a synthesiser for quick tests: robotic, but ten times faster than the packaged voices.

Its own reading of hanzi is poor, so it is given pinyin (language `cmn-latn-pinyin`). The Debian package
`espeak-ng` must be installed; nothing else needs it.
"""

from __future__ import annotations

import shutil
import subprocess
import unicodedata
import wave
from dataclasses import dataclass
from io import BytesIO

import numpy as np

from base.audio import RATE, Samples
from base.errors import ModelError, PromptError
from ivr.voice import split_voice
from ivr.voice.loudness import to_telephone
from ivr.voice.numbers import spelled
from ivr.voice.phonemes import HANZI, spoken_words

VOICES = ("espeak", "espeak_f")
_LANGUAGE = {"espeak": "cmn-latn-pinyin", "espeak_f": "cmn-latn-pinyin+f2"}
_WORDS_A_MINUTE = 200
_LONGEST_S = 60


@dataclass(frozen=True, slots=True)
class Espeak:
    """A `Synthesiser` that runs the program `espeak-ng` for each wording."""

    program: str

    @classmethod
    def find(cls) -> Espeak:
        """The installed program.

        Raises:
            ModelError: it is not installed.
        """
        program = shutil.which("espeak-ng")
        if program is None:
            raise ModelError("the program espeak-ng is not installed", remedy="apt-get install espeak-ng")
        return cls(program)

    @property
    def voices(self) -> tuple[str, ...]:
        """Names of the voices."""
        return VOICES

    def speak(self, wording: str, voice: str, speed: float = 1.0) -> Samples:
        """Say the wording as 8 kHz samples, levelled and trimmed.

        Raises:
            PromptError: unknown voice, or a character without a reading.
            ModelError: the program failed.
        """
        name, pace = split_voice(voice)
        if name not in _LANGUAGE:
            raise PromptError(f"there is no voice {name!r}", remedy="one of " + ", ".join(VOICES))
        rate = str(round(_WORDS_A_MINUTE * pace * speed))
        command = [self.program, "--stdout", "-v", _LANGUAGE[name], "-s", rate, "--stdin"]
        try:
            made = subprocess.run(
                command, input=pinyin(wording).encode(), capture_output=True, check=True, timeout=_LONGEST_S
            )
        except (subprocess.SubprocessError, OSError) as error:
            raise ModelError(f"espeak-ng failed: {error}") from error
        return _telephone(made.stdout)


def pinyin(wording: str) -> str:
    """The wording as pinyin with tone digits; other characters stay as they are."""
    text = spelled(unicodedata.normalize("NFKC", wording))
    return HANZI.sub(lambda run: " ".join(s for _, own in spoken_words(run[0]) for s in own) + " ", text)


def _telephone(data: bytes) -> Samples:
    """The program's WAV, whose header knows no length on a pipe, as telephone samples."""
    with wave.open(BytesIO(data), "rb") as stream:
        rate = stream.getframerate()
    sound = np.frombuffer(data[44 : 44 + (len(data) - 44) // 2 * 2], "<i2") / 32768
    wanted = np.arange(0, len(sound), rate / (2 * RATE))
    return to_telephone(np.interp(wanted, np.arange(len(sound)), sound), 2 * RATE)
