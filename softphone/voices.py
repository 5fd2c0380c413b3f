"""What personas say, as WAV files rendered ahead: speech synthesis is too slow for a waiting caller."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from base.audio import write_wav
from ivr.voice import Synthesiser
from softphone.persona import Cast


@dataclass(frozen=True, slots=True, order=True)
class Sentence:
    """Words in a voice."""

    voice: str
    wording: str


def sentences_of(cast: Cast) -> tuple[Sentence, ...]:
    """Everything the personas of a cast may say, each once."""
    said = (Sentence(one.voice, wording) for one in cast.personas for wording in cast.sentences(one))
    return tuple(dict.fromkeys(said))


@dataclass(frozen=True, slots=True)
class ReplyFiles:
    """A folder of rendered sentences: `<voice>/<hash of the wording>.wav`, 8 kHz mono 16 bit."""

    folder: Path

    def path(self, sentence: Sentence) -> Path:
        """Where the sentence is, or will be."""
        name = hashlib.sha256(sentence.wording.encode()).hexdigest()[:16]
        return self.folder / sentence.voice / f"{name}.wav"

    def missing(self, sentences: Iterable[Sentence]) -> list[Sentence]:
        """The sentences that are not rendered yet."""
        return [sentence for sentence in sentences if not self.path(sentence).is_file()]

    def render(
        self,
        sentences: Iterable[Sentence],
        synthesiser: Synthesiser,
        progress: Callable[[int, int], None] = lambda _done, _all: None,
    ) -> int:
        """Render what is missing, each file whole or not at all; returns how many. `progress(done, all)`."""
        missing = self.missing(sentences)
        for done, sentence in enumerate(missing, start=1):
            write_wav(self.path(sentence), synthesiser.speak(sentence.wording, sentence.voice))
            progress(done, len(missing))
        return len(missing)
