"""What is heard before the answer: tones, and speech in pieces short enough to be recognised at once.

Announcements repeat themselves, in Chinese and in English, and end with the call: a piece ends at a short
pause or after six seconds. What is a tone or music is no speech.
"""

from __future__ import annotations

from collections.abc import Iterator

from dialer.line.endpointing import FRAME_S, Endpointer, Finding, Spoke
from dialer.line.protocol import EARLY, Event, Tone, Utterance
from dialer.line.tap import Tap
from dialer.line.tones import ToneEar
from dialer.line.vad import Vad

PAUSE_S, LONGEST_S = 0.5, 6.0
SHORTEST_S = 0.6
"""A shorter piece at the end of the media is no announcement."""
NEVER_S = 1e9


class EarlyEar:
    """Listens from the first early media; second 0 is `zero`, machine time."""

    def __init__(self, leg: str, zero: float) -> None:
        self._leg = leg
        self._zero = zero
        self._at_s = 0.0
        self._tones = ToneEar()
        self._ends = self._endpointer()

    def frames(self, tap: Tap, vad: Vad) -> Iterator[Event]:
        """Work through what the tap has heard."""
        for _, frame in tap.drain():
            for found in self._tones.feed(frame):
                yield Tone(self._leg, found.kind, self._zero + found.at_s)
            speech = vad.speech(frame)
            yield from self._heard(self._ends.feed(frame, speech=speech, at_s=self._at_s, playing=False))
            self._at_s += FRAME_S

    def rest(self) -> Iterator[Event]:
        """What was being said when the media ended."""
        spoke = self._ends.cut_off(self._at_s)
        if spoke is not None and spoke.end_s - spoke.start_s >= SHORTEST_S:
            yield from self._heard((spoke,))

    def _heard(self, findings: tuple[Finding, ...]) -> Iterator[Event]:
        for finding in findings:
            if isinstance(finding, Spoke):
                self._ends = self._endpointer()
                if not self._tones.covers(finding.start_s, finding.end_s):
                    yield Utterance(self._leg, EARLY, finding.start_s, finding.end_s, finding.pcm)

    def _endpointer(self) -> Endpointer:
        return Endpointer(patience_s=PAUSE_S, no_input_s=NEVER_S, longest_s=LONGEST_S, since_s=self._at_s)
