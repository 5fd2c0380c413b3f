"""What an ear is to a conversation: sound in, words out. The engines behind it live in `transcribe/`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Likely:
    """How well a phrase fits the sound.

    Attributes:
        phrase: as it stood among the expected ones, or the denial of one.
        score: nats by which it is likelier for this sound than for silence: what the sound says for it.
    """

    phrase: str
    score: float


@dataclass(frozen=True, slots=True)
class Heard:
    """What a recogniser made of one utterance.

    Attributes:
        text: simplified Chinese without punctuation; "" when there was no speech, or none to believe.
        confidence: 0 to 1, the mean token probability.
        others: other texts that the same decoding held possible, best first; one may stand there twice.
        likely: expected phrases that were tried on the sound, best first, and denials of the best one where
            a text denies; () from a recogniser that cannot.
    """

    text: str
    confidence: float = 1.0
    others: tuple[str, ...] = ()
    likely: tuple[Likely, ...] = ()


_HESITATIONS = (
    "让我想想",
    "我想想",
    "我想一下",
    "想一下",
    "怎么说呢",
    "那个",
    "这个",
    "就是",
    *"嗯恩呃额啊哦唔",
)


def hesitates(text: str) -> bool:
    """Whether somebody only gained time: 嗯, 那个. Nothing at all is no hesitation."""
    rest = text
    for filler in _HESITATIONS:
        rest = rest.replace(filler, "")
    return bool(text) and not rest


class Deaf:
    """Hears nothing: for tests and drills of the lines, which need no speech. Satisfies `Ear`."""

    async def hear(self, pcm: bytes, expected: tuple[str, ...] = ()) -> Heard:  # noqa: ARG002
        """No words, whatever was said."""
        return Heard("", 0.0)


class Ear(Protocol):
    """A recogniser for live answers: one decoding, no second try while the customer waits."""

    async def hear(self, pcm: bytes, expected: tuple[str, ...] = ()) -> Heard:
        """Recognise one utterance: 8 kHz mono signed 16-bit little endian.

        `expected`: phrases that may be said here, the likelier kinds first. They hint at nothing: a
        recogniser may tell how well they fit the sound, or hold itself to them, or leave them.

        Raises:
            LineError: the recogniser process died and could not be started again.
        """
        ...
