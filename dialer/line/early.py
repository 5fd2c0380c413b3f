"""What is heard before the answer: tones, and speech in pieces short enough to be recognised at once.

Announcements repeat themselves, in Chinese and in English, and end with the call: a piece ends at a short
pause or after six seconds. What is a tone or music is no speech.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from dialer.line.endpointing import FRAME_S, Endpointer, Finding, Spoke
from dialer.line.protocol import EARLY, Event, Tone, Utterance
from dialer.line.spectra import BLOCK
from dialer.line.tones import ToneEar
from dialer.line.vad import Vad

PAUSE_S, LONGEST_S = 0.5, 6.0
SHORTEST_S = 0.6
"""A shorter piece at the end of the media is no announcement."""
DOUBTFUL_S, WAITS_S = 1.6, 1.0
"""Music is known after a second: a piece shorter than this waits for so long, whether it becomes music."""
NEVER_S = 1e9


class Heard(Protocol):
    """What has heard the frames (`dialer.line.tap.Tap`)."""

    def drain(self) -> Iterator[tuple[float, bytes]]:
        """Take those that have come, with their times."""
        ...


class EarlyEar:
    """Listens from the first early media; second 0 is `zero`, machine time."""

    def __init__(self, leg: str, zero: float) -> None:
        self._leg = leg
        self._zero = zero
        self._at_s = 0.0
        self._frames: list[bytes] = []
        self._tones = ToneEar()
        self._ends = self._endpointer()
        self._doubtful: Spoke | None = None

    def frames(self, tap: Heard, vad: Vad) -> Iterator[Event]:
        """Work through what the tap has heard."""
        for _, frame in tap.drain():
            self._frames.append(frame)
            for found in self._tones.feed(frame):
                yield Tone(self._leg, found.kind, self._zero + found.at_s)
            if len(self._frames) == BLOCK:
                yield from self._block(vad)

    def _block(self, vad: Vad) -> Iterator[Event]:
        """Look for speech in ten frames, unless their sound is none: most of what rings is a tone."""
        frames, self._frames = self._frames, []
        for frame in frames:
            speech = not self._tones.speechless and vad.speech(frame)
            yield from self._heard(self._ends.feed(frame, speech=speech, at_s=self._at_s, playing=False))
            self._at_s += FRAME_S
        if self._doubtful is not None and self._at_s > self._doubtful.end_s + WAITS_S:
            yield from self._cleared()

    def rest(self) -> Iterator[Event]:
        """What was being said when the media ended."""
        yield from self._cleared()
        spoke = self._ends.cut_off(self._at_s)
        if spoke is not None and spoke.end_s - spoke.start_s >= SHORTEST_S:
            yield from self._speech(spoke)

    def _heard(self, findings: tuple[Finding, ...]) -> Iterator[Event]:
        for finding in findings:
            if isinstance(finding, Spoke):
                self._ends = self._endpointer()
                yield from self._cleared()
                if finding.end_s - finding.start_s < DOUBTFUL_S:
                    self._doubtful = finding
                else:
                    yield from self._speech(finding)

    def _cleared(self) -> Iterator[Event]:
        spoke, self._doubtful = self._doubtful, None
        if spoke is not None:
            yield from self._speech(spoke)

    def _speech(self, spoke: Spoke) -> Iterator[Event]:
        if not self._tones.covers(spoke.start_s, spoke.end_s):
            yield Utterance(self._leg, EARLY, spoke.start_s, spoke.end_s, spoke.pcm)

    def _endpointer(self) -> Endpointer:
        return Endpointer(patience_s=PAUSE_S, no_input_s=NEVER_S, longest_s=LONGEST_S, since_s=self._at_s)
