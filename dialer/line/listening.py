"""One listening of a leg: frames from its tap through the detector and the endpointer to events.

Tones and music are told beside it, and are no speech.
"""

from __future__ import annotations

from collections.abc import Iterator

from dialer.line.echo import EchoGuard
from dialer.line.endpointing import FRAME_S, Began, Endpointer, Finding, Nothing, Paused, Spoke
from dialer.line.protocol import Event, Listen, NoInput, Preview, SpeechBegan, Tone, Utterance
from dialer.line.tap import QUIET, Tap
from dialer.line.tones import ToneEar
from dialer.line.vad import GatedVad, Vad

STALLED_S = 0.5
"""Without frames for so long (no media), silence is assumed, so that every listening ends."""


class Ear:
    """A tap with its detector. Both are costly to make and kept for the next leg."""

    def __init__(self, tap: Tap) -> None:
        self.tap = tap
        self.vad = GatedVad()


class Listening:
    """Follows one `Listen`; `done` when its `Utterance` or `NoInput` was given.

    Args:
        order: the command.
        zero: machine time of recording second 0.
        now: machine time.
        tones: what tells tones and music; its seconds are the recording's.
        echo: what knows our own prompt.
    """

    def __init__(self, order: Listen, *, zero: float, now: float, tones: ToneEar, echo: EchoGuard) -> None:
        self._echo = echo
        self.order = order
        self._tones = tones
        self._zero = zero
        self._at_s = now - zero
        self._began = False
        self._ends = self._endpointer()

    @property
    def done(self) -> bool:
        """The listening has ended."""
        return self._ends.done

    @property
    def lingering(self) -> bool:
        """Somebody spoke, and would be followed if they spoke on."""
        return self._ends.lingering

    def frames(self, tap: Tap, vad: Vad, *, playing: bool, now: float) -> Iterator[Event]:
        """Work through what the tap has heard; what is our own prompt's echo is no speech."""
        for arrived, frame in tap.drain():
            at_s = self._start(arrived)
            ours = self._echo.ours(frame, at_s)
            yield from self._feed(frame, vad.speech(frame) and not ours, at_s, playing)
        while now - self._zero - self._at_s > STALLED_S:
            yield from self._feed(QUIET, False, self._at_s, playing)

    def rest(self) -> Iterator[Event]:
        """What was being said when the call ended: an announcement ends with it."""
        spoke = self._ends.cut_off(self._at_s)
        if spoke is not None:
            yield self._event(spoke)

    def _start(self, arrived: float) -> float:
        """Frames are a gapless track: the first sets the second, a later one only after a break."""
        measured = arrived - self._zero - FRAME_S
        if not self._began or measured - self._at_s > STALLED_S / 2:
            self._began = True
            return measured
        return self._at_s

    def _feed(self, frame: bytes, speech: bool, at_s: float, playing: bool) -> Iterator[Event]:
        self._at_s = at_s + FRAME_S
        for found in self._tones.feed(frame):
            yield Tone(self.order.leg, found.kind, self._zero + found.at_s)
        for finding in self._ends.feed(frame, speech=speech, at_s=at_s, playing=playing):
            if isinstance(finding, Spoke) and self._tones.covers(finding.start_s, finding.end_s):
                self._ends = self._endpointer()
            else:
                yield self._event(finding)

    def _endpointer(self) -> Endpointer:
        order = self.order
        return Endpointer(
            patience_s=order.patience_s,
            no_input_s=order.no_input_s,
            longest_s=order.longest_s,
            since_s=self._at_s,
            preview_s=order.preview_s,
            barge_in=order.barge_in,
            lingers=order.lingers,
        )

    def _event(self, finding: Finding) -> Event:
        leg, listen = self.order.leg, self.order.listen
        if isinstance(finding, Began):
            return SpeechBegan(leg, listen, finding.at_s)
        if isinstance(finding, Nothing):
            return NoInput(leg, listen, finding.at_s)
        kind, spoke = (Preview, finding.so_far) if isinstance(finding, Paused) else (Utterance, finding)
        pcm = self._echo.clean(spoke.pcm, spoke.start_s)
        return kind(leg, listen, spoke.start_s, spoke.end_s, pcm, spoke.quiet_s)
